"""The user's own workbook back, with what is wrong marked in it."""

from dataclasses import dataclass
from pathlib import PurePath

from core.domain.permissions import Actor
from core.exporters.marked_workbook import Mark, mark_workbook
from core.importers.problems import Severity, UnreadableFile
from core.importers.sheet import Sheet, column_letter
from core.importers.table import read_sheets
from core.services.imports.files import load_file
from core.services.imports.history import weight_of
from db.queries import imports as queries
from db.session import read

WEIGHTS = {Severity.REFUSE: "未导入", Severity.WARN: "请核对", Severity.NOTE: "说明"}
_MENDED = "已修改"


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A workbook to download."""

    name: str
    content: bytes


def marked_workbook(actor: Actor, batch_id: int) -> MarkedFile:
    """
    Return the file of a batch as xlsx: bad cells coloured and commented, mended ones with their new text.

    Raises:
        PermissionDenied: The actor may not import this kind.
        NotFound: No such batch.
        Invalid: No file was kept.
    """
    file, _ = load_file(actor, batch_id, is_open=False)
    with read() as connection:
        problems = queries.load_problems(connection, batch_id)
        mends = queries.load_mends(connection, batch_id)
    order = list(WEIGHTS)
    ranked = sorted(problems, key=lambda one: order.index(weight_of(one.code)))
    marks = [Mark(one.sheet, one.row, one.column, WEIGHTS[weight_of(one.code)], one.message) for one in ranked]
    marks += [
        Mark(one.sheet, one.row, column_letter(one.column), _MENDED, f"在系统中改为“{one.value}”（{one.mended_by}）")
        for one in mends
    ]
    name = f"{PurePath(file.name).stem}（标注）.xlsx"
    return MarkedFile(name, mark_workbook(file.data, _sheets(file.data, file.name), marks))


def _sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a table; a land file or a schedule has none, then the problems are only listed."""
    try:
        return read_sheets(data, name)
    except UnreadableFile:
        return ()
