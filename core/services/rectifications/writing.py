"""How every verb moves a case: scope, version, the machine's next state, one event, audit."""

from dataclasses import asdict
from datetime import date
from typing import Any

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.rectification import Case
from core.domain.supervision_terms import RectificationAction
from db.models.supervision import Rectification, RectificationEvent
from db.queries import rectifications as queries
from db.queries.rectifications import CaseRow
from db.transaction import WriteTransaction

MAX_NOTE = 1000
MAX_TEXT = 4000
MAX_DOCUMENT = 200


def load(tx: WriteTransaction, case_id: int, expected_version: int, attempted: dict[str, object]) -> CaseRow:
    """
    Return the case as it stands; a newer version is a conflict before anything is judged.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody took a step meanwhile.
    """
    row = queries.find_case(tx.connection, tx.actor.scope, case_id)
    if row is None:
        raise NotFound
    if row.version != expected_version:
        stored = {name: getattr(row, name, None) for name in attempted}
        raise Conflict({"step": row.case.step.label, **stored}, attempted)
    return row


def move(tx: WriteTransaction, row: CaseRow, following: Case, *, headline: str = "", **columns: Any) -> int:
    """Store the next state of a case and return its new version."""
    changes = {**columns, **asdict(following)}
    changes["step"], changes["level"] = following.step.value, following.level.value
    return tx.update(Rectification, row.id, changes, expected_version=row.version, headline=headline)


def note(
    tx: WriteTransaction,
    row: CaseRow,
    kind: RectificationAction,
    *,
    text: str = "",
    document_no: str = "",
    new_due_on: date | None = None,
) -> int:
    """Append an event to a case and return its id."""
    values = {
        "rectification_id": row.id,
        "kind": kind.value,
        "happened_at": tx.at,
        "actor": tx.actor.login,
        "note": text,
        "document_no": document_no,
        "old_due_on": row.case.due_on,
        "new_due_on": new_due_on,
    }
    return int(tx.insert(RectificationEvent, values))


def required(field: str, text: str, message: str, *, longest: int = MAX_NOTE) -> list[Problem]:
    """Return what is wrong with a text that must be given."""
    if not text.strip():
        return [Problem(field, "missing", message)]
    return bounded(field, text, longest=longest)


def bounded(field: str, text: str, *, longest: int = MAX_NOTE) -> list[Problem]:
    """Return what is wrong with the length of a text."""
    return [Problem(field, "too_long", f"文字超过 {longest} 个字，请精简。")] if len(text.strip()) > longest else []


def refuse(problems: list[Problem]) -> None:
    """Raise all *problems* at once, if there are any."""
    if problems:
        raise Invalid(problems)
