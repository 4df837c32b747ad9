"""How every verb moves a matter: scope, side, version, the machine's next state, one event, audit."""

from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied, Problem
from core.domain.matters.state import Clock, MatterState
from core.domain.matters.words import MatterAction, MatterLevel
from core.domain.permissions import Actor
from core.services.matters.rules import clock_at
from db.models.matter import Matter, MatterEvent
from db.queries import matters as queries
from db.queries.matters import MatterRow
from db.transaction import WriteTransaction

MAX_TITLE = 200
MAX_NOTE = 1000
MAX_TEXT = 4000
MAX_DOCUMENT = 200
# The store keeps these two as ledgers write them.
_SPOKEN = frozenset({"outcome", "satisfaction"})


def clock_of(tx: WriteTransaction) -> Clock:
    """Return the clock of a step that is taken in *tx*."""
    return clock_at(tx.connection, tx.as_of.on)


def load(tx: WriteTransaction, matter_id: int, expected_version: int, attempted: dict[str, object]) -> MatterRow:
    """
    Return the matter as it stands; a newer version is a conflict before anything is judged.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody took a step meanwhile.
    """
    row = queries.find_matter(tx.connection, tx.actor.scope, matter_id)
    if row is None:
        raise NotFound
    if row.version != expected_version:
        stored = {name: getattr(row, name, None) for name in attempted}
        raise Conflict({"status": row.state.status.label, **stored}, attempted)
    return row


def is_lead(actor: Actor, row: MatterRow) -> bool:
    """Return whether *actor* stands for the lead unit: of it, or of the county or headquarters it is worked in."""
    scope = actor.scope
    return (
        scope.everything
        or row.lead_unit_id in scope.unit_ids
        or row.county_id in scope.county_ids
        or row.headquarters_id in scope.headquarters_ids
    )


def is_table(actor: Actor, row: MatterRow) -> bool:
    """Return whether the matter lies on *actor*'s table: a county's office handles the county's level only."""
    scope = actor.scope
    if scope.everything or row.headquarters_id in scope.headquarters_ids:
        return True
    return row.state.level is MatterLevel.COUNTY and row.county_id in scope.county_ids


def require_lead(actor: Actor, row: MatterRow) -> None:
    """
    Stop unless *actor* stands for the lead unit.

    Raises:
        PermissionDenied: The matter is seen, but led by others.
    """
    if not is_lead(actor, row):
        name = row.unit_name or "承办单位"
        raise PermissionDenied(f"该事项由{name}主办，您可以查看，不能代为办理。")


def require_table(actor: Actor, row: MatterRow) -> None:
    """
    Stop unless the matter lies on *actor*'s table.

    Raises:
        PermissionDenied: It was escalated above the county, or belongs to others.
    """
    if not is_table(actor, row):
        raise PermissionDenied(f"该事项在{row.state.level.label}层面办理，请由相应层级研判交办。")


def move(tx: WriteTransaction, row: MatterRow, following: MatterState, *, headline: str = "", **columns: Any) -> int:
    """Store the next state of a matter and return its new version; what the machine left alone is not written."""
    before, after = asdict(row.state), asdict(following)
    changes = {name: stored(name, value) for name, value in after.items() if value != before[name]}
    return tx.update(Matter, row.id, {**columns, **changes}, expected_version=row.version, headline=headline)


def stored(name: str, value: Any) -> Any:
    """Return the value of a field of the state as its column keeps it."""
    if name in _SPOKEN:
        return value.label if value is not None else ""
    return value.value if isinstance(value, Enum) else value


def note(
    tx: WriteTransaction,
    matter_id: int,
    kind: MatterAction,
    *,
    text: str = "",
    document_no: str = "",
    old_due_on: date | None = None,
    new_due_on: date | None = None,
) -> int:
    """Append an event to a matter and return its id; a longer text stands whole in the matter or the audit."""
    clean = text.strip()
    values = {
        "matter_id": matter_id,
        "kind": kind.value,
        "happened_at": tx.at,
        "actor": tx.actor.login,
        "note": clean if len(clean) <= MAX_NOTE else f"{clean[: MAX_NOTE - 1]}…",
        "document_no": document_no.strip(),
        "old_due_on": old_due_on,
        "new_due_on": new_due_on,
    }
    return int(tx.insert(MatterEvent, values))


def step(
    tx: WriteTransaction,
    row: MatterRow,
    following: MatterState,
    kind: MatterAction,
    text: str,
    *,
    headline: str = "",
    document_no: str = "",
    **columns: Any,
) -> int:
    """Store the next state with its event, and return the matter's new version."""
    version = move(tx, row, following, headline=headline, **columns)
    old, new = row.state.next_due_on, following.next_due_on
    note(tx, row.id, kind, text=text, document_no=document_no, old_due_on=old, new_due_on=new)
    return version


def required(field: str, text: str, message: str, *, longest: int = MAX_NOTE) -> list[Problem]:
    """Return what is wrong with a text that must be given."""
    return bounded(field, text, longest=longest) if text.strip() else [Problem(field, "missing", message)]


def bounded(field: str, text: str, *, longest: int = MAX_NOTE) -> list[Problem]:
    """Return what is wrong with the length of a text."""
    return [Problem(field, "too_long", f"文字超过 {longest} 个字，请精简。")] if len(text.strip()) > longest else []


def refuse(problems: list[Problem]) -> None:
    """Raise all *problems* at once, if there are any."""
    if problems:
        raise Invalid(problems)


def short(title: str, length: int = 40) -> str:
    """Return *title* as a headline holds it."""
    return title if len(title) <= length else f"{title[: length - 1]}…"
