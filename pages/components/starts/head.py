"""Filters and downloads that the parts of the screen share."""

from collections.abc import Callable

import streamlit as st

from core.domain.permissions import Permission
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key
from pages.components.supervision import reads as names

MAX_TEXT = 100


def ask_text_and_county(
    part: str, frame: Frame, widths: list[float]
) -> tuple[str, int | None, list[st.delta_generator.DeltaGenerator]]:
    """Draw search and county, and return them with the columns that are left."""
    text, county, *others = st.columns(widths, vertical_alignment="center")
    typed = text.text_input(
        "查找",
        placeholder="项目名称或代码",
        label_visibility="collapsed",
        max_chars=MAX_TEXT,
        key=state.variant(Key.START_FILTER, part, "text"),
    )
    counties = dict(names.choices(frame).counties)
    chosen = county.selectbox(
        "县区",
        [None, *counties],
        format_func=lambda key: counties[key] if key else "全部县区",
        label_visibility="collapsed",
        key=state.variant(Key.START_FILTER, part, "county"),
    )
    return typed.strip(), chosen, others


def draw_download(frame: Frame, part: str, make: Callable[[], bytes], title: str) -> None:
    """Draw the download of a workbook for who may export."""
    if frame.actor.can(Permission.EXPORT):
        st.download_button(
            "导出 Excel",
            frame.later(make),
            file_name=f"{title}_{frame.version.on:%Y%m%d}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            key=state.variant(Key.START_EXPORT, part),
        )


def project_address(project_id: int) -> str:
    """Return the address of a project's page."""
    return f"/project?id={project_id}"
