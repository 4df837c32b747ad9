"""The file and what it is: uploader, kind, way of matching, and the blank template of the kind."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.services import imports
from core.services.imports import Answers
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEYS = {"auto": "自动", "code": "只按编号", "name_county": "只按名称和县区"}
_ALL = "台账、清单、地块、进度计划"
_HELP = (
    "表格：xlsx、xls、xlsb、et、ods、docx、csv、txt；"
    "地块：勘测定界 txt、Shapefile（zip）、GeoJSON、KML、GeoPackage、DXF；"
    "进度计划：MS Project 的 xml、Primavera 的 xer 和 xml。"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that is to be checked."""

    kind: str
    name: str
    data: bytes
    answers: Answers


def draw(frame: Frame) -> Asked | None:
    """Draw the form; return what is to be checked once somebody asks for it."""
    kinds = dict(imports.list_kinds(frame.actor))
    left, right, last = st.columns([3, 1, 1], vertical_alignment="bottom")
    # A new round gives a fresh uploader after a file was confirmed or dropped.
    file = left.file_uploader(
        f"文件（{_ALL if len(kinds) > 1 else next(iter(kinds.values()))}，不超过 30 MB）",
        type=imports.FILE_TYPES,
        key=state.variant(Key.IMPORT_FILE, state.get(Key.IMPORT_ROUND, 0)),
        help=_HELP,
    )
    proposed = _proposed(frame, file) if file is not None else next(iter(kinds))
    kind = right.selectbox(
        "内容",
        tuple(kinds),
        index=tuple(kinds).index(proposed),
        format_func=kinds.__getitem__,
        key=state.variant(Key.IMPORT_KIND, file.file_id if file is not None else ""),
        help="按表头自动判断，可以改选。",
    )
    match_by = last.selectbox(
        "对应方式",
        tuple(_KEYS),
        format_func=_KEYS.__getitem__,
        key=Key.IMPORT_KEY,
        help="文件中的行按什么与系统中的记录对应：自动为先编号、代码，再同一县区的名称。",
    )
    with st.container(horizontal=True):
        is_asked = st.button("检查文件", type="primary", icon=":material/fact_check:")
        _template(frame, kind, kinds[kind])
    if not is_asked:
        return None
    if file is None:
        st.warning("请先选择文件。")
        return None
    return Asked(kind, file.name, file.getvalue(), Answers(key=match_by))


def _proposed(frame: Frame, file: Any) -> str:
    """Return the kind that the file looks like; found once for each uploaded file."""
    known: tuple[str, str] | None = state.get(Key.IMPORT_PROPOSED)
    if known is None or known[0] != file.file_id:
        known = file.file_id, imports.propose_kind(frame.actor, file.name, file.getvalue())
        state.put(Key.IMPORT_PROPOSED, known)
    return known[1]


def _template(frame: Frame, kind: str, label: str) -> None:
    """Offer an empty table of the kind; it is made when it is asked for."""
    if imports.has_template(kind):
        st.download_button(
            "下载空白模板",
            frame.later(lambda: imports.template(frame.actor, kind).content),
            file_name=f"{label}_空白模板.xlsx",
            mime=_XLSX,
            icon=":material/download:",
            on_click="ignore",
            key=state.variant(Key.IMPORT_TEMPLATE, kind),
        )
