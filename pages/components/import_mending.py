"""Set-aside rows, mended in place: the bad cells in one list, or every cell of one row."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.services import imports
from core.services.imports import Mend, Preview, QuarantineView
from pages.components import state
from pages.components.page import Frame, plain
from pages.components.state import Key

_MOST = 200
_NEW = "改为"
# Together as wide as the card at 1440 pixels: the grid then keeps them as they are.
COLUMN_WIDTHS = {"位置": 70, "名称": 200, "列": 160, "文件中": 120, _NEW: 160, "问题与改法": 440}
_HELP = "只改系统中的读数，不改您的文件；改完后整批重新检查。"


def draw(frame: Frame, shown: Preview) -> Preview | None:
    """Draw what is to be mended; return the new preview after a save."""
    rows = [row for row in shown.quarantined if row.cells]
    if not shown.quarantined:
        st.caption("没有未导入的行。")
        return None
    if not rows:
        st.caption("这类文件不能在这里修改。请按问题说明修改原文件后重新上传。")
        return None
    _tell_portion(shown)
    bad = [(row, cell) for row in rows[:_MOST] for cell in row.cells if cell.message]
    mends = _bad_cells(shown.batch_id, bad) + _whole_row(shown.batch_id, rows)
    label = "保存修改并重新检查"
    if st.button(label, type="primary", key=state.variant(Key.IMPORT_MENDS, "save"), help=_HELP):
        if not mends:
            st.warning(f"还没有修改。请在“{_NEW}”一列中填写。")
            return None
        return imports.mend(frame.actor, shown.batch_id, mends)
    return None


def _tell_portion(shown: Preview) -> None:
    count = len(shown.quarantined)
    if count > _MOST:
        st.caption(f"共 {count:,} 行未导入，先列出前 {_MOST} 行；改好一批后显示其余的行。")


def _bad_cells(batch_id: int, bad: Sequence[tuple[QuarantineView, Any]]) -> list[Mend]:
    if not bad:
        return []
    frame = pd.DataFrame(
        [(row.place, row.name, cell.label, cell.text, "", cell.message) for row, cell in bad],
        columns=list(COLUMN_WIDTHS),
    )
    key = state.variant(Key.IMPORT_MENDS, batch_id, len(bad))
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        on_change="ignore",
        height=420 if len(bad) > 10 else "content",
        disabled=[name for name in COLUMN_WIDTHS if name != _NEW],
        column_config={name: st.column_config.Column(width=width) for name, width in COLUMN_WIDTHS.items()},
    )
    return [
        Mend(bad[number][0].sheet, bad[number][0].row, bad[number][1].column, value)
        for number, value in _edits(key).items()
    ]


def _whole_row(batch_id: int, rows: Sequence[QuarantineView]) -> list[Mend]:
    """Draw every cell of a chosen row, for what no single cell is to blame."""
    with st.expander("修改整行"):
        chosen = st.selectbox(
            "行",
            rows[:_MOST],
            index=None,
            placeholder="选择一行",
            format_func=lambda row: f"{row.place} {row.name}",
            key=state.variant(Key.IMPORT_ROW, batch_id),
        )
        if chosen is None:
            return []
        if chosen.message:
            st.warning(plain(chosen.message))
        frame = pd.DataFrame(
            [(cell.label, cell.text, "", cell.message) for cell in chosen.cells],
            columns=["列", "文件中", _NEW, "问题与改法"],
        )
        key = state.variant(Key.IMPORT_ROW_CELLS, batch_id, chosen.sheet, chosen.row)
        st.data_editor(
            frame,
            key=key,
            hide_index=True,
            num_rows="fixed",
            on_change="ignore",
            disabled=["列", "文件中", "问题与改法"],
            column_config={
                name: st.column_config.Column(width=width)
                for name, width in (COLUMN_WIDTHS | {"列": 220, "文件中": 280}).items()
            },
        )
        return [
            Mend(chosen.sheet, chosen.row, chosen.cells[number].column, value) for number, value in _edits(key).items()
        ]


def _edits(key: str) -> dict[int, str]:
    """Return position → what was typed; a cell that was opened and left says nothing."""
    edited: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    return {int(number): str(cells[_NEW]) for number, cells in edited.items() if cells.get(_NEW) is not None}
