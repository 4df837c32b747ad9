"""The table of a list of matters: clocks, reports owed, choosing one or several, pages, the workbook."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.matters.machine import ASSIGNABLE
from core.domain.permissions import Permission
from core.domain.terms import MatterKind, MatterStatus
from core.services import matters
from core.services.matters import MatterCard, MatterFilter, MatterPage
from pages.components import state
from pages.components.layout import PAGES_WIDTH, ROW_PIXELS, table_height
from pages.components.matters import assign_box, matter_box, matter_words
from pages.components.page import Frame
from pages.components.state import Key

Reader = Callable[[int], MatterPage]
_COLUMNS = [
    "编号", "事项", "剩余", "状态", "主办单位", "办理期限", "一事两报告", "县区", "层级", "项目或企业", "办理情况",
]  # fmt: skip
_TITLE_WIDTH = 330


def draw(frame: Frame, title: str, kind: MatterKind, wanted: MatterFilter, words: str, read: Reader) -> None:
    """
    Draw one page of *read*, its foot and what may be done with the chosen rows.

    Another filter is another question: it begins at its first page with nothing chosen.

    Args:
        wanted: The whole filter of what *read* gives, for the workbook.
        words: The same in words.
    """
    question = (kind.value, hash(wanted))
    place = state.variant(Key.MATTER_PAGE, *question)
    number = int(st.session_state.get(place, 1))
    found = read(number)
    if not found.cards and number == 1:
        st.info("没有符合条件的事项。请放宽筛选条件，或换一个视图。")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        late = f"，其中逾期 {found.overdue} 项" if found.overdue else ""
        st.caption(f"共 {found.total} 项{late}；点选一行查看办理，选多行可批量交办。")
        # Beside the count: buttons that came above the table would move its rows from under the pointer.
        acts = st.container(horizontal=True, width="content")
        st.space("stretch")
        if frame.actor.can(Permission.EXPORT):
            st.download_button(
                "导出 Excel",
                frame.later(lambda: matters.export_list(frame.actor, title, wanted, words).content),
                file_name=f"{title}_{frame.version.on:%Y%m%d}.xlsx",
                icon=":material/download:",
                on_click="ignore",
                key=state.variant(Key.MATTER_EXPORT, *question),
            )
    _draw_table(frame, found, acts, state.variant(Key.MATTER_TABLE, *question, number))
    pages = -(-found.total // matters.PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key=place, width=PAGES_WIDTH)


def _draw_table(frame: Frame, found: MatterPage, acts: DeltaGenerator, key: str) -> None:
    table = pd.DataFrame([_cells(card, found) for card in found.cards], columns=_COLUMNS)
    picked = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=table_height(len(table)),
        row_height=ROW_PIXELS,
        column_config={
            "事项": st.column_config.TextColumn(width=_TITLE_WIDTH),
            "项目或企业": st.column_config.TextColumn(width="medium"),
        },
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
    )
    chosen = [found.cards[place].row for place in picked["selection"]["rows"] if place < len(found.cards)]
    if not chosen:
        return
    with acts:
        if len(chosen) == 1:
            st.button("查看办理", type="primary", on_click=matter_box.open_, args=(chosen[0].id,))
        ready = [row for row in chosen if row.state.is_open and row.state.status in _READY]
        if ready and frame.actor.can(Permission.ASSIGN_MATTER):
            st.button(f"交办选中的 {len(ready)} 项", on_click=assign_box.open_, args=(ready,))
        if len(chosen) > len(ready) and len(chosen) > 1:
            st.caption(f"另 {len(chosen) - len(ready)} 项已在办理或已办完，不能交办。")


_READY = (MatterStatus.REGISTERED, *ASSIGNABLE)


def _cells(card: MatterCard, found: MatterPage) -> tuple[str, ...]:
    row = card.row
    return (
        row.code,
        row.title,
        matter_words.left_words(card.left),
        row.state.status.label,
        matter_words.owner(row),
        str(row.state.due_on or ""),
        matter_words.report_owed(row.state, found.today),
        row.county_name or "市级",
        row.state.level.label,
        matter_words.subject(row),
        matter_words.pressed(row.state) or row.outcome_word,
    )
