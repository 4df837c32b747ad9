"""Tables of every kind built in code, read alone or run through an import; rows of the store as plain values."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from core.domain.permissions import Actor
from core.domain.terms import Role
from core.importers.options import ReadOptions
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.parse import parse_table
from core.importers.tables.spec import ParsedTable
from core.services import imports
from db.models.system import AuditEvent
from tests.factories import make_actor
from tests.unit.importers.ledgers import xlsx

OFFICE = make_actor(Role.SUPERVISOR)
OPTIONS = ReadOptions(year=2026, counties=frozenset({"兰山区", "罗庄区", "沂水县"}))
Rows = Sequence[Sequence[object]]


def read_table(kind: str, rows: Rows, options: ReadOptions = OPTIONS, **how: Any) -> ParsedTable:
    """Return what the importer of *kind* makes of *rows* in a workbook."""
    return parse_table(TABLE_KINDS[kind], xlsx(rows, **how), "表.xlsx", options)


def places(found: Any, code: str) -> list[tuple[int, str]]:
    """Return (row, column) of each problem with *code*."""
    return [(problem.row, problem.column) for problem in found.problems if problem.code == code]


def codes(found: Any) -> list[str]:
    return sorted({problem.code for problem in found.problems})


def look(kind: str, rows: Rows, actor: Actor = OFFICE, **answers: Any) -> imports.Preview:
    """Return the preview of *rows*; nothing is kept."""
    return imports.import_now(actor, kind, "表.xlsx", xlsx(rows), imports.Answers(**answers), dry_run=True)


def bring(kind: str, rows: Rows, actor: Actor = OFFICE, **answers: Any) -> tuple[imports.Preview, imports.Result]:
    """Preview and apply *rows*."""
    shown = imports.preview(actor, kind, "表.xlsx", xlsx(rows), imports.Answers(**answers))
    return shown, imports.apply(actor, shown.batch_id)


def counts(result: imports.Result) -> tuple[int, int, int, int]:
    """Return inserted, changed, unchanged, quarantined."""
    return result.inserted, result.changed, result.unchanged, result.quarantined


def stored(store: Any, model: Any, *order: Any) -> list[dict[str, Any]]:
    """Return every row of *model* as plain values, by id."""
    table = model.__table__
    with store.read() as connection:
        statement = select(table).order_by(*(order or (table.c.id,)))
        return [dict(row) for row in connection.execute(statement).mappings()]


def audited(store: Any, entity: str, action: str) -> list[AuditEvent]:
    """Return the audit rows of *entity* and *action* in order."""
    with store.read() as connection:
        statement = select(AuditEvent.__table__).where(AuditEvent.entity == entity, AuditEvent.action == action)
        return list(connection.execute(statement.order_by(AuditEvent.seq)))
