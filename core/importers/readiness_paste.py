"""Days of completion copied from a spreadsheet and pasted as text: projects × procedures; nothing is judged here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.start_terms import ProcedureKind
from core.importers.cells.dates import parse_fuzzy_date
from core.importers.cells.refused import Refused
from core.importers.report_paste import normal_name, split_records

MAX_LINES = 1000
NOT_NEEDED = frozenset({"不涉及", "不需要", "无需", "/", "—", "-"})
_PROJECT = ("项目名称", "项目代码", "项目编号", "项目", "名称", "代码")
_ALIASES = {
    ProcedureKind.APPROVAL: ("立项", "可研", "备案", "核准", "审批"),
    ProcedureKind.LAND: ("用地", "土地", "用地批复"),
    ProcedureKind.PLANNING: ("规划", "规划许可", "工程规划许可"),
    ProcedureKind.ENVIRONMENT: ("环评", "环境影响评价"),
    ProcedureKind.ENERGY: ("能评", "节能审查"),
    ProcedureKind.PERMIT: ("施工许可", "施工许可证"),
    ProcedureKind.FUNDS: ("资金", "资金落实"),
    ProcedureKind.RELOCATION: ("征拆", "征地拆迁", "征迁"),
}


@dataclass(frozen=True, slots=True)
class PastedReadiness:
    """
    One pasted line.

    Attributes:
        number: Line of the paste from 1.
        project: What names the project.
        days: Procedure → day it was done, None = not needed; blank cells are left out.
        refused: Cells that are neither, as written.
    """

    number: int
    project: str
    days: Mapping[ProcedureKind, date | None]
    refused: tuple[str, ...] = ()


def read_readiness(text: str, year: int) -> list[PastedReadiness]:
    """
    Return the lines of *text* under its header, which names the project and the procedures.

    Args:
        year: Of days that are written without one.

    Without a header the order is: project, then the procedures in theirs.
    """
    records = [(number, cells) for number, cells in enumerate(split_records(text), start=1) if any(cells)]
    if not records:
        return []
    columns = _header(records[0][1])
    if columns is not None:
        records = records[1:]
    columns = columns or {None: 0, **{kind: place for place, kind in enumerate(ProcedureKind, start=1)}}
    return [_line(number, cells, columns, year) for number, cells in records[:MAX_LINES]]


def _header(cells: Sequence[str]) -> dict[ProcedureKind | None, int] | None:
    found: dict[ProcedureKind | None, int] = {}
    for place, cell in enumerate(cells):
        word = normal_name(cell)
        if word in _PROJECT:
            found.setdefault(None, place)
        for kind, aliases in _ALIASES.items():
            if word == kind.label or word in aliases or word.removesuffix("办结日期") in (kind.label, *aliases):
                found.setdefault(kind, place)
    return found if None in found and len(found) > 1 else None


def _line(number: int, cells: Sequence[str], columns: Mapping[ProcedureKind | None, int], year: int) -> PastedReadiness:
    days: dict[ProcedureKind, date | None] = {}
    refused = []
    for kind, place in columns.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if kind is None or not cell:
            continue
        if normal_name(cell) in NOT_NEEDED:
            days[kind] = None
            continue
        day = _day(cell, year)
        if day is None:
            refused.append(f"{kind.label}“{cell[:20]}”")
        else:
            days[kind] = day
    place = columns[None]
    return PastedReadiness(number, cells[place].strip() if place < len(cells) else "", days, tuple(refused))


def _day(cell: str, year: int) -> date | None:
    """Return the day a cell names; None when it is none, or only a month."""
    try:
        found = parse_fuzzy_date(cell, year)
    except Refused:
        return None
    if found is None or found.month is None or found.day is None:
        return None
    return found.earliest
