"""Pasted days of completion, matched with the projects of the matrix and shown before anything is taken over."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.permissions import Actor, Permission, require
from core.domain.start_terms import ProcedureKind
from core.importers.readiness_paste import PastedReadiness, read_readiness
from core.importers.report_paste import normal_name
from core.services.starts.preparing import ProcedureEdit, ReadinessTable, paste_edits


@dataclass(frozen=True, slots=True)
class PasteLine:
    """One pasted line: the project it means (None = not found), what would change, what stands against it."""

    number: int
    written: str
    project_id: int | None
    project_name: str
    changes: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pasted:
    """A paste as it would be taken over: its lines, and the edits by project."""

    lines: tuple[PasteLine, ...]
    edits: dict[int, list[ProcedureEdit]]


def match_paste(actor: Actor, table: ReadinessTable, text: str) -> Pasted:
    """Return what pasted *text* says of the projects of *table*, by code or full name; nothing is stored."""
    require(actor, Permission.EDIT_PROJECT)
    by_name: dict[str, set[int]] = {}
    names = {one.row.project_id: one.row.name for one in table.rows}
    for one in table.rows:
        for written in (one.row.code, one.row.name):
            by_name.setdefault(normal_name(written), set()).add(one.row.project_id)
    matched: dict[int, PastedReadiness] = {}
    lines = []
    for row in read_readiness(text, table.today.year):
        ids = by_name.get(normal_name(row.project), set())
        problems = [*_whose(row, ids), *(f"{cell}不是具体日期，未采用" for cell in row.refused)]
        key = next(iter(ids)) if len(ids) == 1 else None
        if key is not None and key in matched:
            problems.append(f"与第 {matched[key].number} 行是同一个项目，本行未采用")
            key = None
        if key is not None:
            matched[key] = row
        lines.append((row, key, problems))
    edits = paste_edits(table, {key: row.days for key, row in matched.items()})
    told = [
        PasteLine(
            row.number,
            row.project,
            key,
            names.get(key, "") if key is not None else "",
            _changes(edits.get(key, ()) if key is not None else ()),
            tuple(problems),
        )
        for row, key, problems in lines
    ]
    return Pasted(tuple(told), edits)


def _whose(row: PastedReadiness, ids: set[int]) -> list[str]:
    if not row.project:
        return ["没有项目名称"]
    if not ids:
        return ["没有找到该项目，请核对名称或放宽筛选"]
    return [f"对应 {len(ids)} 个项目，请改用项目代码"] if len(ids) > 1 else []


def _changes(edits: Sequence[ProcedureEdit]) -> tuple[str, ...]:
    return tuple(_told(edit.draft.kind, str(edit.draft.done_on) if edit.draft.applies else "不涉及") for edit in edits)


def _told(kind: ProcedureKind, value: str) -> str:
    return f"{kind.label} {value}"
