"""One list (清单): filters, table with clocks, overdue and due soon, rates; raising and batch assignment beside it."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.domain.matters.machine import ASSIGNABLE
from core.domain.matters.words import CATEGORIES
from core.domain.permissions import Permission
from core.domain.terms import MatterKind
from core.services import matters
from core.services.matters import MatterCard, MatterFilter, MatterPage, RateGroup
from pages.components import address, state
from pages.components.matters import assign_box, matter_box, matter_words, raise_box
from pages.components.page import Frame, page
from pages.components.state import Key
from pages.components.supervision import reads

LIST, MINE, OVERDUE, SOON, RATES = "全部", "待我办理", "逾期", "七日内到期", "统计"
_OPEN = {"未办完": True, "已办完": False, "全部": None}
_COLUMNS = ["编号", "事项", "项目或企业", "县区", "层级", "主办单位", "状态", "办理期限", "剩余", "办理情况"]


def draw(title: str, kinds: tuple[MatterKind, ...]) -> None:
    """Draw the screen of *kinds*; the first is the one that is raised by default."""
    with page(title, Permission.VIEW_PROJECTS) as frame:
        asked = address.take_id("matter")
        if asked is not None:
            matter_box.open_(asked)
        with st.container(horizontal=True, vertical_alignment="center"):
            seen = st.segmented_control(
                "视图",
                [LIST, MINE, OVERDUE, SOON, RATES],
                default=LIST,
                required=True,
                label_visibility="collapsed",
                key=state.variant(Key.MATTER_VIEW, kinds[0].value),
            )
            st.space("stretch")
            if frame.actor.can(Permission.RAISE_MATTER):
                st.button("登记事项", type="primary", on_click=raise_box.open_)
        wanted = _ask_filter(frame, kinds, is_list=seen == LIST)
        if seen == RATES:
            _draw_rates(frame, wanted, kinds)
        else:
            _draw_list(frame, wanted, kinds[0], seen or LIST)
        # One panel at a time: the one that was asked for last.
        if not raise_box.show(frame, kinds) and not assign_box.show(frame):
            matter_box.show(frame)


def _ask_filter(frame: Frame, kinds: tuple[MatterKind, ...], *, is_list: bool) -> MatterFilter:
    name = kinds[0].value
    text, kind, county, category, ended = st.columns([3, 1.5, 2, 2, 1.5], vertical_alignment="center")
    typed = text.text_input(
        "查找",
        placeholder="事项、编号或企业",
        label_visibility="collapsed",
        max_chars=100,
        key=state.variant(Key.MATTER_FILTER, name, "text"),
    )
    chosen_kind = None
    if len(kinds) > 1:
        chosen_kind = kind.selectbox(
            "事项类型",
            [None, *kinds],
            format_func=lambda item: item.label if item else "全部类型",
            label_visibility="collapsed",
        )
    names = dict(reads.choices(frame).counties)
    county_id = county.selectbox(
        "县区", [None, *names], format_func=lambda key: names[key] if key else "全部县区", label_visibility="collapsed"
    )
    group = category.selectbox(
        "类别", ["", *CATEGORIES], format_func=lambda word: word or "全部类别", label_visibility="collapsed"
    )
    is_open = _OPEN[ended.selectbox("办理", list(_OPEN), label_visibility="collapsed")] if is_list else None
    return MatterFilter(
        kinds=(chosen_kind,) if chosen_kind else kinds,
        county_id=county_id,
        category=group,
        is_open=is_open,
        text=typed.strip(),
    )


def _draw_list(frame: Frame, wanted: MatterFilter, kind: MatterKind, seen: str) -> None:
    if seen == MINE:
        wanted = matters.mine(frame.actor, wanted)
    narrow = {OVERDUE: matters.overdue, SOON: matters.due_soon}.get(seen)
    place = state.variant(Key.MATTER_PAGE, kind.value, seen)
    number = int(st.session_state.get(place, 1))
    found = narrow(frame.actor, wanted, page=number) if narrow else matters.find(frame.actor, wanted, number)
    if not found.cards and number == 1:
        st.info("没有符合条件的事项。" if seen == LIST else f"“{seen}”中没有事项。")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        late = f"，其中逾期 {found.overdue} 项" if found.overdue else ""
        st.caption(f"共 {found.total} 项{late}；点选一行查看办理，选多行可批量交办。")
        st.space("stretch")
        _draw_export(frame, kind, wanted)
        pages = max(1, -(-found.total // matters.PAGE_SIZE))
        if pages > 1:
            st.number_input(f"页（共 {pages}）", 1, pages, key=place, width=140)
    _draw_table(frame, found, kind, seen)


def _draw_table(frame: Frame, found: MatterPage, kind: MatterKind, seen: str) -> None:
    table = pd.DataFrame([_cells(card) for card in found.cards], columns=_COLUMNS)
    picked = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=min(620, 38 + 35 * len(table)),
        column_config={"事项": st.column_config.TextColumn(width="large")},
        on_select="rerun",
        selection_mode="multi-row",
        key=state.variant(Key.MATTER_TABLE, kind.value, seen, found.number),
    )
    chosen = [found.cards[place].row for place in picked["selection"]["rows"] if place < len(found.cards)]
    if not chosen:
        return
    with st.container(horizontal=True):
        if len(chosen) == 1:
            st.button("查看办理", type="primary", on_click=matter_box.open_, args=(chosen[0].id,))
        ready = [row for row in chosen if row.state.is_open and row.state.status in ASSIGNABLE]
        if ready and frame.actor.can(Permission.ASSIGN_MATTER):
            versions = {row.id: row.version for row in ready}
            st.button(f"交办选中的 {len(ready)} 项", on_click=assign_box.open_, args=(versions,))


def _cells(card: MatterCard) -> tuple[str, ...]:
    row = card.row
    return (
        row.code,
        row.title,
        matter_words.subject(row),
        row.county_name or "市级",
        row.state.level.label,
        matter_words.owner(row),
        row.state.status.label,
        str(row.state.due_on or ""),
        matter_words.left_words(card.left),
        matter_words.pressed(row.state) or row.outcome_word,
    )


def _draw_export(frame: Frame, kind: MatterKind, wanted: MatterFilter) -> None:
    if frame.actor.can(Permission.EXPORT):
        st.download_button(
            "导出 Excel",
            frame.later(lambda: matters.export_list(frame.actor, kind, wanted, wanted.text).content),
            file_name=f"{kind.label}清单_{frame.version.on:%Y%m%d}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            key=state.variant(Key.MATTER_EXPORT, kind.value),
        )


def _draw_rates(frame: Frame, wanted: MatterFilter, kinds: tuple[MatterKind, ...]) -> None:
    group = st.segmented_control("分组", list(RateGroup), format_func=lambda item: item.label, default=RateGroup.UNIT)
    total = matters.rates(frame.actor, wanted)
    rows = [*total, *(matters.rates(frame.actor, wanted, group) if group else ())]
    if not total[0].sums.matters:
        st.info("还没有事项，无从统计。")
        return
    told = [
        (
            one.sums.group,
            one.sums.matters,
            one.sums.open,
            one.sums.overdue,
            matter_words.pct(one.replied_in_time_pct),
            matter_words.pct(one.finished_pct),
            matter_words.pct(one.content_pct),
            matter_words.days(one.mean_workdays),
        )
        for one in rows
    ]
    columns = [
        group.label if group else "范围", "事项", "未办完", "逾期", "按期回复率", "办结率", "满意度", "平均办理工作日",
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(told, columns=columns), hide_index=True, width="stretch")
    st.caption(
        "按期回复率＝期限内回复÷应回复；办结率＝办结÷全部（合并的不计）；满意度＝满意和基本满意÷已回访；平均自交办日起算。"
    )
    if MatterKind.POLICY in kinds:
        found = matters.policy_rates(frame.actor, replace(wanted, kinds=(MatterKind.POLICY,)))
        first, second = st.columns(2)
        first.metric("送达率", matter_words.pct(found.delivered_pct), help="已送达÷应送达，两数齐全的政策合计相除")
        second.metric("兑现率", matter_words.pct(found.honoured_pct), help="已兑现÷审核通过，两数齐全的政策合计相除")
