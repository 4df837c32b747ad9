"""整改销号: every yellow and red flag until it is closed out, as a board or a table; 奖惩 beside it."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING
from core.services import rectifications, rounds
from core.services.rectifications import CaseCard, CaseFilter
from pages.components import address, markup, state, theme
from pages.components.layout import PAGES_WIDTH, ROW_PIXELS, table_height
from pages.components.page import Frame, notify, page, plain, telling
from pages.components.state import Key
from pages.components.supervision import case_box, case_words, ladder_box, merit_box, reads, words

BOARD, TABLE, OFFENDERS, MERITS, LADDER = "看板", "表格", "屡亮黄红旗", "奖惩", "时限规则"
_CARDS = 8
_KINDS = tuple(SubjectKind)


def _ask_filter(frame: Frame) -> CaseFilter:
    text, county, level, own, late = st.columns([3, 2, 2, 1, 1], vertical_alignment="center")
    wanted = CaseFilter(text=text.text_input("查找", placeholder="名称或编号", label_visibility="collapsed").strip())
    keys = dict(reads.choices(frame).counties)
    chosen = county.selectbox(
        "县区", [None, *keys], format_func=lambda key: keys[key] if key else "全部县区", label_visibility="collapsed"
    )
    mark = level.selectbox(
        "旗色",
        [None, FlagLevel.SEVERE, FlagLevel.WARN],
        format_func=lambda item: words.text(item) if item else "全部旗色",
        label_visibility="collapsed",
    )
    wanted = replace(wanted, county_id=chosen, levels=(mark,) if mark else ())
    if own.checkbox("待我办理"):
        wanted = rectifications.mine(frame.actor, wanted)
    if late.checkbox("只看逾期"):
        wanted = replace(wanted, overdue_on=rectifications.today())
    return wanted


def _open(case_id: int) -> None:
    state.put(Key.CASE_OPEN, case_id)


def _draw_card(card: CaseCard) -> None:
    row = card.row
    # The keys of the round's cards, so that both boards look alike.
    with st.container(border=True, key=state.variant(Key.ROUND_CARD, "case", row.id)):
        st.button(
            plain(row.name),
            key=state.variant(Key.ROUND_OPEN, "case", row.id),
            type="tertiary",
            width="stretch",
            on_click=_open,
            args=(row.id,),
        )
        markup.show(
            "supervision/case.html",
            reasons="；".join(row.reasons) or "—",
            who=case_words.where(card),
            mark=theme.flag_mark(row.case.level),
            left=case_words.left_words(card.left),
            late=card.left is not None and card.left.days < 0,
            raised=case_words.raised_words(card),
        )


def _draw_board(frame: Frame, wanted: CaseFilter) -> None:
    found = rectifications.board(frame.actor, wanted)
    sums = found.rates.sums
    closed, in_time = _pct(found.rates.closed_pct), _pct(found.rates.in_time_pct)
    st.caption(
        f"共 {sums.cases} 件，已销号 {sums.closed} 件，销号率 {closed}，按期整改率 {in_time}，逾期 {sums.overdue} 件"
    )
    for part, column in zip(found.columns, st.columns(len(found.columns), gap="small"), strict=True):
        with column:
            late = f"，逾期 {part.overdue}" if part.overdue else ""
            st.markdown(f"**{part.step.label} {part.cases}**{late}")
            if not part.cards:
                st.caption("没有")
            for card in part.cards[:_CARDS]:
                _draw_card(card)
            if part.cases > _CARDS:
                st.caption(f"先列出 {_CARDS} 件，其余见表格。")


def _pct(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{value:.1f}%"


def _draw_table(frame: Frame, wanted: CaseFilter) -> None:
    number = int(state.get(Key.CASE_PAGE) or 1)
    found = rectifications.cases(frame.actor, wanted, number)
    if not found.cards and number > 1:  # narrowed since: the page that was looked at is gone
        state.take(Key.CASE_PAGE)
        found = rectifications.cases(frame.actor, wanted)
    if not found.cards:
        st.info("没有符合条件的整改事项。")
        return
    rows = [
        (
            card.row.code,
            words.text(card.row.case.level),
            card.row.name,
            case_words.where(card),
            card.row.case.step.label,
            str(card.row.case.due_on or ""),
            case_words.left_words(card.left),
            case_words.raised_words(card),
            "；".join(card.row.reasons),
        )
        for card in found.cards
    ]
    columns = ["编号", "旗色", "对象", "责任", "环节", "期限", "剩余", "升级", "亮旗依据"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"共 {found.total} 件；点选一行查看和办理，点选多行可一并下发、下载。")
        pages = -(-found.total // rectifications.PAGE_SIZE)
        if pages > 1:
            st.pagination(pages, key=Key.CASE_PAGE.value, width=PAGES_WIDTH)
    picked = st.dataframe(
        pd.DataFrame(rows, columns=columns),
        hide_index=True,
        width="stretch",
        height=table_height(len(rows)),
        row_height=ROW_PIXELS,
        on_select="rerun",
        selection_mode="multi-row",
        key=state.variant(Key.CASE_TABLE, found.number),
    )
    chosen = [found.cards[place].row for place in picked["selection"]["rows"]]
    if not chosen:
        return
    with st.container(horizontal=True):
        if len(chosen) == 1:
            st.button("查看办理", type="primary", on_click=_open, args=(chosen[0].id,))
        ids = [row.id for row in chosen]
        waiting = [row.id for row in chosen if row.case.step is Step.NOTICE]
        if waiting and frame.actor.can(Permission.MANAGE_ROUNDS) and st.button(f"下发 {len(waiting)} 份督办单"):
            with telling():
                rectifications.issue_notices(frame.actor, waiting)
                notify(f"已下发 {len(waiting)} 份督办单。")
                st.rerun()
        is_one = len(ids) == 1
        st.download_button(
            "下载督办单（Word）" if is_one else f"下载 {len(ids)} 份督办单（zip）",
            data=lambda: rectifications.notices(frame.actor, ids),
            file_name=f"{chosen[0].code}.docx" if is_one else "督办单.zip",
            mime=case_box.WORD_TYPE if is_one else "application/zip",
        )


def _draw_offenders(frame: Frame) -> None:
    kinds = st.segmented_control(
        "对象",
        _KINDS,
        default=_KINDS[0],
        required=True,
        label_visibility="collapsed",
        format_func=lambda kind: kind.label,
        key=Key.CASE_OFFENDERS.value,
    )
    rows = rectifications.serial_offenders(frame.actor, rectifications.today().year, kinds)
    if not rows:
        st.info("本年没有两轮以上亮黄旗、红旗的对象。")
        return
    told = [(row.name, row.county_name, row.unit_name, row.severe, row.warn, row.streak) for row in rows]
    columns = ["对象", "县区", "责任单位", "本年红旗（轮）", "本年黄旗（轮）", "目前连续（轮）"]
    st.dataframe(pd.DataFrame(told, columns=columns), hide_index=True, width="stretch")


def _draw_opening(frame: Frame) -> None:
    """Offer to open the cases of the latest published round that have none."""
    latest = rounds.latest_published(frame.actor)
    if latest is None or not frame.actor.can(Permission.MANAGE_ROUNDS):
        return
    if st.button("为最近一轮立项", help=f"为{latest.title}的每个黄旗、红旗建立整改事项；已有的不重复"):
        with telling():
            count = rectifications.open_for_round(frame.actor, latest.id)
            notify(f"新立项 {count} 件。" if count else "最近一轮的黄旗、红旗都已立项。")
            st.rerun()


with page("整改销号", Permission.VIEW_PROJECTS) as frame:
    markup.show("supervision/style.html")
    asked = address.take_id("case")
    if asked is not None:
        _open(asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        seen = st.segmented_control(
            "视图",
            [BOARD, TABLE, OFFENDERS, MERITS, LADDER],
            default=BOARD,
            required=True,
            label_visibility="collapsed",
            key=Key.CASE_VIEW.value,
        )
        st.space("stretch")
        _draw_opening(frame)
    if seen == MERITS:
        merit_box.draw(frame, rectifications.today().year)
    elif seen == LADDER:
        ladder_box.draw(frame)
    elif seen == OFFENDERS:
        _draw_offenders(frame)
    elif rectifications.rates(frame.actor).sums.cases == 0:
        st.info("还没有整改事项。督查结果发布后，为黄旗、红旗立项并下发督办单，整改在这里办理到销号。")
    else:
        wanted = _ask_filter(frame)
        if seen == TABLE:
            _draw_table(frame, wanted)
        else:
            _draw_board(frame, wanted)
    case_box.show(frame)
