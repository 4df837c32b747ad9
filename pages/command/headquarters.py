"""分指挥部: the board, one headquarters with fronts, chain, set-up and reports, the matrix with the counties."""

from fractions import Fraction

import streamlit as st

from core.domain.permissions import Permission
from core.domain.schedule import gap_wording
from core.domain.units import NOTHING, format_pct, format_yi
from core.services.headquarters import Headquarters
from pages.components import markup, state
from pages.components.headquarters import (
    board_box,
    chain_box,
    charter_box,
    found_box,
    front_box,
    matrix_box,
    reads,
    report_box,
    rules_box,
    words,
)
from pages.components.page import Frame, page, plain
from pages.components.project_filters import carried
from pages.components.state import Key

BOARD, MATRIX, RULES = "指挥部", "县区交叉表", "组建清单"
FRONTS, CHAIN, SETUP, REPORTS = "战况", "项目链条", "章程与组建", "报告"
_TABS = {"fronts": FRONTS, "chain": CHAIN, "setup": SETUP, "reports": REPORTS}
_BOXES = {FRONTS: front_box.draw, CHAIN: chain_box.draw, SETUP: charter_box.draw, REPORTS: report_box.draw}


def _chosen() -> int | None:
    asked = carried("id")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None


def _draw_overview(frame: Frame) -> None:
    offered = [BOARD, MATRIX, *([RULES] if frame.actor.can(Permission.MANAGE_RULES) else [])]
    with st.container(horizontal=True, vertical_alignment="center"):
        seen = st.segmented_control(
            "视图", offered, default=BOARD, required=True, label_visibility="collapsed", key=Key.HQ_VIEW.value
        )
        st.space("stretch")
        found_box.button(frame)
    if seen == MATRIX:
        matrix_box.draw(frame)
    elif seen == RULES:
        rules_box.draw(frame)
    else:
        board_box.draw(frame)
    found_box.show(frame)


def _back() -> None:
    for name in ("id", "tab"):
        if name in st.query_params:
            del st.query_params[name]


def _draw_head(one: Headquarters) -> None:
    card, progress = one.card, one.card.line.progress
    gap: Fraction | None = progress.gap_pp
    ending = f" · {card.ending} 人即将期满" if card.ending else ""
    markup.show(
        "headquarters/head.html",
        id=card.row.id,
        commander=card.commander or NOTHING,
        people=f"在岗 {card.members} 人{ending}",
        projects=f"{card.line.projects:,}",
        done=format_yi(progress.done_yuan),
        plan=format_yi(progress.plan_yuan),
        completion=format_pct(progress.done_ratio),
        gap=gap_wording(gap) if progress.plan_yuan else "",
        is_behind=gap is not None and gap < 0,
        overdue_nodes=card.line.milestones_overdue,
        problems=card.problems.total,
        problems_overdue=card.problems.overdue,
        set_up=words.set_up(card.set_up),
        set_up_late=bool(card.set_up.overdue),
        flags_title="督查旗色" if one.is_of_record else "实时旗色",
        flags_by=one.flags_by,
        flags=words.flag_counts(card.line.levels, card.row.id, is_of_record=one.is_of_record)[:3],
    )


def _draw_one(frame: Frame, headquarters_id: int) -> None:
    one = reads.one(frame, headquarters_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("全部指挥部", icon=":material/arrow_back:", type="tertiary", on_click=_back)
        st.subheader(plain(one.card.row.name), anchor=False, width="content")
    _draw_head(one)
    asked = _TABS.get(carried("tab"), FRONTS)
    seen = st.segmented_control(
        "内容", list(_BOXES), default=asked, required=True, label_visibility="collapsed",
        key=state.variant(Key.HQ_TAB, headquarters_id),
    )  # fmt: skip
    st.query_params["tab"] = next(code for code, label in _TABS.items() if label == seen)
    _BOXES[seen](frame, one)


with page("分指挥部", Permission.VIEW_PROJECTS) as frame:
    markup.show("project/style.html")
    chosen = _chosen()
    if chosen is None:
        _draw_overview(frame)
    else:
        _draw_one(frame, chosen)
