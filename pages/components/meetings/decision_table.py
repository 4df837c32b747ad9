"""议定事项 as a table with how far each has come; a chosen row opens the matter that carries it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.meetings import DecisionState
from core.services.meetings import Decision
from pages.components import state
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.matters import matter_words
from pages.components.matters.address import matter_address
from pages.components.meetings import words
from pages.components.state import Key

_COLUMNS = ["议题", "议定事项", "责任单位", "责任人", "完成时限", "落实情况", "剩余", "事项"]


def draw(decisions: Sequence[Decision], name: str, empty: str) -> None:
    """Draw *decisions*; *empty* is said when there are none."""
    if not decisions:
        st.info(empty)
        return
    st.dataframe(
        pd.DataFrame([_cells(one) for one in decisions], columns=_COLUMNS),
        hide_index=True,
        width="stretch",
        height=table_height(len(decisions)),
        row_height=ROW_PIXELS,
        column_config={
            "议题": st.column_config.TextColumn(width=200),
            "议定事项": st.column_config.TextColumn(width=320),
            "事项": st.column_config.LinkColumn(width=130, display_text=r"#(.+)$"),
        },
        key=state.variant(Key.MEETING_DECISIONS, name),
    )


def _cells(one: Decision) -> tuple[str, ...]:
    row = one.row
    link = ""
    if row.matter_id is not None and row.matter_kind is not None:
        link = f"{matter_address(row.matter_kind, row.matter_id)}#{row.matter_code}"
    return (
        row.item_title,
        row.text,
        row.unit_name or "未定",
        row.owner,
        str(row.due_on or ""),
        words.state(one),
        "" if one.state is DecisionState.OVERDUE else matter_words.left_words(one.left),
        link,
    )
