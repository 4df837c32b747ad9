"""Readiness of projects (开工条件): the matrix, one project's procedures, saving them one by one or pasted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.domain.errors import Conflict, Invalid, NotFound
from core.domain.permissions import Actor, Permission, require
from core.domain.procedure_checks import ProcedureDraft, check_procedure
from core.domain.readiness import Readiness
from core.domain.start_rules import StartRules
from core.domain.start_terms import ProcedureKind
from core.services.starts.rules import rules_in_force
from db.models.project import Project
from db.models.start import Procedure
from db.queries import starts as queries
from db.queries.starts import ReadinessDue, StartFilter, StartRow
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction, rows_for_update

MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class ReadinessRow:
    """A project with how ready it is."""

    row: StartRow
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class ReadinessTable:
    """The projects that match, the rules they are judged by, and the day."""

    rows: tuple[ReadinessRow, ...]
    rules: StartRules
    today: date

    @property
    def is_cut(self) -> bool:
        """Whether there are more than a table holds."""
        return len(self.rows) == MOST_ROWS


@dataclass(frozen=True, slots=True)
class ProcedureEdit:
    """A procedure as typed; *expected_version* is that of the stored row, None = there was none."""

    draft: ProcedureDraft
    expected_version: int | None


def matrix(actor: Actor, wanted: StartFilter) -> ReadinessTable:
    """Return the projects that match with their readiness, the earliest planned start first."""
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        rules = rules_in_force(connection)
        rows = queries.list_starts(connection, actor.scope, wanted, today.year, MOST_ROWS)
    return ReadinessTable(tuple(ReadinessRow(row, row.readiness(today, rules.readiness)) for row in rows), rules, today)


def readiness_of(actor: Actor, project_id: int) -> ReadinessRow:
    """
    Return one project with how ready it is.

    Raises:
        NotFound: Outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        rules = rules_in_force(connection)
        row = queries.find_start(connection, actor.scope, project_id, today.year)
    if row is None:
        raise NotFound
    return ReadinessRow(row, row.readiness(today, rules.readiness))


def warnings(actor: Actor) -> tuple[ReadinessDue, ...]:
    """Return what the starts of the actor's projects wait for now, the earliest deadline first."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        rules = rules_in_force(connection)
        return tuple(queries.readiness_due(connection, actor.scope, current_store().today(), rules.readiness))


def save_procedures(actor: Actor, project_id: int, edits: Sequence[ProcedureEdit]) -> int:
    """
    Save the procedures of one project as typed, all or none, and return how many changed.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody else changed or filled in one of them; nothing was written.
        Invalid: All refused values at once.
    """
    return save_many(actor, {project_id: edits})


def save_many(actor: Actor, edits: Mapping[int, Sequence[ProcedureEdit]]) -> int:
    """Like ``save_procedures``, for several projects (project → its edits) in one transaction."""
    require(actor, Permission.EDIT_PROJECT)
    today = current_store().today()
    problems = [p for own in edits.values() for edit in own for p in check_procedure(edit.draft, today)]
    if problems:
        raise Invalid(problems)
    with transaction(actor) as tx:
        rows_for_update(tx.connection, Project.metadata.tables["project"], list(edits))
        wanted = StartFilter(has_started=None, project_ids=tuple(edits))
        rows = queries.list_starts(tx.connection, actor.scope, wanted, today.year, len(edits))
        if {row.project_id for row in rows} != set(edits):
            raise NotFound
        return sum(_save(tx, row, edits[row.project_id]) for row in rows)


def _save(tx: WriteTransaction, row: StartRow, edits: Sequence[ProcedureEdit]) -> int:
    stored = {one.facts.kind: one for one in row.procedures}
    changed = 0
    for edit in edits:
        values = _values(edit.draft)
        known = stored.get(edit.draft.kind)
        if known is None:
            if edit.expected_version is not None:
                raise NotFound
            tx.insert(Procedure, {"project_id": row.project_id, "kind": edit.draft.kind.value, **values})
            changed += 1
            continue
        if edit.expected_version is None:
            raise Conflict({"document_no": known.document_no, "done_on": known.facts.done_on}, values)
        changed += tx.update(Procedure, known.id, values, expected_version=edit.expected_version) > known.version
    return changed


def _values(draft: ProcedureDraft) -> dict[str, Any]:
    values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(draft).items()}
    values.pop("kind")
    return values


def paste_edits(
    table: ReadinessTable, dates: Mapping[int, Mapping[ProcedureKind, date | None]]
) -> dict[int, list[ProcedureEdit]]:
    """
    Return what pasted days of completion change: project → procedure → day, None = not needed (不涉及).

    A cell that says what is stored already changes nothing; everything else of a stored procedure stays.
    """
    found: dict[int, list[ProcedureEdit]] = {}
    for one in table.rows:
        stored = {procedure.facts.kind: procedure for procedure in one.row.procedures}
        for kind, day in dates.get(one.row.project_id, {}).items():
            known = stored.get(kind)
            before = draft_of(kind, known)
            after = ProcedureDraft(kind, applies=False) if day is None else before.done(day)
            if known is None or after != before:
                version = known.version if known else None
                found.setdefault(one.row.project_id, []).append(ProcedureEdit(after, version))
    return found


def draft_of(kind: ProcedureKind, stored: queries.ProcedureRow | None) -> ProcedureDraft:
    """Return a stored procedure as a form shows it; an empty one when there is none."""
    if stored is None:
        return ProcedureDraft(kind)
    facts = stored.facts
    return ProcedureDraft(
        kind,
        facts.applies,
        stored.document_no,
        facts.planned_on,
        facts.done_on,
        stored.unit_id,
        stored.blocker,
        facts.owed_papers,
        facts.owed_due_on,
        facts.supplied_on,
    )
