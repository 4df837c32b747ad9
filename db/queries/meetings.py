"""Meetings inside a scope: list with how far their decisions have come, one meeting, its items, decisions and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select, true

from core.domain.matters.state import MatterState
from core.domain.matters.words import MatterLevel
from core.domain.meetings import ItemState, ItemSubject, MeetingKind, MeetingStatus
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus
from db.models.access import User
from db.models.matter import Matter
from db.models.meeting import Meeting, MeetingDecision, MeetingItem, MeetingNote
from db.models.organisation import County, Headquarters, Unit
from db.models.project import Project
from db.queries.matters import OPEN, next_due_on

_CLOSED = Meeting.status == MeetingStatus.CLOSED.value
# As ``decision_due_on`` has it.
_due_on = case(
    (Matter.status == MatterStatus.REPLIED.value, next_due_on), else_=func.coalesce(Matter.due_on, next_due_on)
)
_MEETING: tuple[Any, ...] = (
    Meeting.id, Meeting.version, Meeting.code, Meeting.title, Meeting.kind, Meeting.held_on, Meeting.starts_at,
    Meeting.place, Meeting.chair, Meeting.participants, Meeting.county_id, Meeting.headquarters_id,
    func.coalesce(County.name, Headquarters.name, "").label("body_name"),
    Meeting.status, Meeting.previous_meeting_id, Meeting.closed_at, Meeting.closed_by, Meeting.minutes,
    Meeting.minutes_sha256,
)  # fmt: skip
_ITEM: tuple[Any, ...] = (
    MeetingItem.id, MeetingItem.version, MeetingItem.meeting_id, MeetingItem.sequence, MeetingItem.topic,
    MeetingItem.subject, MeetingItem.subject_id, MeetingItem.project_id, MeetingItem.title, MeetingItem.reason,
    MeetingItem.discussion, MeetingItem.state,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting; *body_name* is the county or headquarters it belongs to, empty for the city's."""

    id: int
    version: int
    code: str
    title: str
    kind: MeetingKind
    held_on: date
    starts_at: str
    place: str
    chair: str
    participants: str
    county_id: int | None
    headquarters_id: int | None
    body_name: str
    status: MeetingStatus
    previous_meeting_id: int | None
    closed_at: datetime | None
    closed_by: str
    minutes: str
    minutes_sha256: str

    @property
    def scope(self) -> Scope:
        """Which rows the meeting speaks of: those of its county or headquarters, or of the whole city."""
        if self.county_id is not None:
            return Scope(county_ids=frozenset({self.county_id}))
        if self.headquarters_id is not None:
            return Scope(headquarters_ids=frozenset({self.headquarters_id}))
        return Scope.all()


@dataclass(frozen=True, slots=True)
class MeetingCounts:
    """How many items were discussed, and how far the decisions have come."""

    items: int = 0
    discussed: int = 0
    decisions: int = 0
    done: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of an agenda."""

    id: int
    version: int
    meeting_id: int
    sequence: int
    topic: str
    subject: ItemSubject
    subject_id: int | None
    project_id: int | None
    title: str
    reason: str
    discussion: str
    state: ItemState


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """
    One decision with its meeting and the matter that carries it.

    Attributes:
        matter: State of that matter; None before the meeting was closed.
    """

    id: int
    version: int
    item_id: int
    item_sequence: int
    item_title: str
    project_id: int | None
    project_name: str
    meeting_id: int
    meeting_code: str
    meeting_title: str
    held_on: date
    text: str
    owner_unit_id: int | None
    unit_name: str
    owner: str
    due_on: date | None
    is_noted: bool
    matter_id: int | None
    matter_code: str
    matter_kind: MatterKind | None
    matter: MatterState | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A correction or addition after the meeting."""

    id: int
    text: str
    noted_at: datetime
    noted_by: str


def meeting_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the clause that keeps the meetings *scope* may see; the city's are for those who see everything."""
    if scope.everything:
        return true()
    counties = [Meeting.county_id == key for key in sorted(scope.county_ids)]
    teams = [Meeting.headquarters_id == key for key in sorted(scope.headquarters_ids)]
    return or_(false(), *counties, *teams)


def list_meetings(
    connection: Connection, scope: Scope, *, is_closed: bool, limit: int, offset: int = 0
) -> list[MeetingRow]:
    """Return a page of the meetings to come (the next first) or of those that were held (the latest first)."""
    order = (Meeting.held_on.desc(), Meeting.id.desc()) if is_closed else (Meeting.held_on, Meeting.id)
    query = _selected(scope).where(_CLOSED if is_closed else ~_CLOSED).order_by(*order).limit(limit).offset(offset)
    return [_row(row) for row in connection.execute(query).mappings()]


def count_meetings(connection: Connection, scope: Scope, *, is_closed: bool) -> int:
    """Return how many meetings are to come or were held."""
    query = select(func.count()).select_from(Meeting).where(meeting_scope(scope), _CLOSED if is_closed else ~_CLOSED)
    return int(connection.execute(query).scalar_one())


def find_meeting(
    connection: Connection, scope: Scope, meeting_id: int, *, hold: bool = False, alone: bool = False
) -> MeetingRow | None:
    """
    Return one meeting inside *scope*.

    Args:
        hold: Keep it from being closed by others until the transaction ends; several may do so at once.
        alone: Wait for all of these and keep everybody else out: for who changes the meeting itself.
    """
    query = _selected(scope).where(Meeting.id == meeting_id)
    if hold or alone:
        query = query.with_for_update(read=not alone, of=Meeting)
    row = connection.execute(query).mappings().first()
    return _row(row) if row else None


def find_previous(
    connection: Connection, county_id: int | None, headquarters_id: int | None, before: date, but: int = 0
) -> MeetingRow | None:
    """Return the latest closed meeting of the same body up to *before*, inclusive; *but* is left out."""
    query = _selected(Scope.all()).where(_CLOSED, _of_body(county_id, headquarters_id), Meeting.id != but)
    query = query.where(Meeting.held_on <= before).order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return _row(row) if row else None


def counts_of(connection: Connection, meeting_ids: Sequence[int], today: date) -> dict[int, MeetingCounts]:
    """Return the counts of meetings; the caller has checked the scope."""
    item, decision = MeetingItem, MeetingDecision
    discussed = func.sum(case((item.state == ItemState.DONE.value, 1), else_=0))
    items = select(item.meeting_id, func.count().label("items"), discussed.label("discussed"))
    items = items.where(item.meeting_id.in_(meeting_ids), item.state != ItemState.REMOVED.value)
    found = {
        row.meeting_id: MeetingCounts(int(row.items), int(row.discussed))
        for row in connection.execute(items.group_by(item.meeting_id))
    }
    done = and_(Matter.id.is_not(None), or_(~OPEN, Matter.status == MatterStatus.RESOLVED.value))
    late = and_(OPEN, Matter.status != MatterStatus.RESOLVED.value, _due_on < today)
    query = (
        select(
            item.meeting_id,
            func.count().label("decisions"),
            func.sum(case((done, 1), else_=0)).label("done"),
            func.sum(case((late, 1), else_=0)).label("overdue"),
        )
        .select_from(decision)
        .join(item, item.id == decision.item_id)
        .join(Matter, Matter.id == decision.matter_id, isouter=True)
        .where(item.meeting_id.in_(meeting_ids), decision.is_withdrawn.is_(False))
        .group_by(item.meeting_id)
    )
    for row in connection.execute(query):
        known = found.get(row.meeting_id, MeetingCounts())
        found[row.meeting_id] = MeetingCounts(
            known.items, known.discussed, int(row.decisions), int(row.done), int(row.overdue)
        )
    return found


def list_items(connection: Connection, meeting_id: int, *, removed_too: bool = False) -> list[ItemRow]:
    """Return the agenda in order, what was taken off only when asked for; the caller has checked the scope."""
    query = _items().where(MeetingItem.meeting_id == meeting_id).order_by(MeetingItem.sequence, MeetingItem.id)
    if not removed_too:
        query = query.where(MeetingItem.state != ItemState.REMOVED.value)
    return [_item(row) for row in connection.execute(query).mappings()]


def find_item(connection: Connection, item_id: int) -> ItemRow | None:
    """Return one item; the caller checks the scope of its meeting."""
    row = connection.execute(_items().where(MeetingItem.id == item_id)).mappings().first()
    return _item(row) if row else None


def list_decisions(connection: Connection, meeting_id: int) -> list[DecisionRow]:
    """Return the decisions of a meeting in the order of its agenda; the caller has checked the scope."""
    return _decisions(connection, MeetingItem.meeting_id == meeting_id, MeetingItem.sequence, MeetingDecision.id)


def find_decision(connection: Connection, decision_id: int) -> DecisionRow | None:
    """Return one decision; the caller checks the scope of its meeting."""
    found = _decisions(connection, MeetingDecision.id == decision_id, MeetingDecision.id)
    return found[0] if found else None


def open_decisions(
    connection: Connection, county_id: int | None, headquarters_id: int | None, before: date, limit: int
) -> list[DecisionRow]:
    """Return what closed meetings of a body decided up to *before* and is not done yet, the nearest deadline first."""
    running = and_(OPEN, Matter.id.is_not(None), Matter.status != MatterStatus.RESOLVED.value)
    wanted = and_(_CLOSED, _of_body(county_id, headquarters_id), Meeting.held_on <= before, running)
    return _decisions(connection, wanted, _due_on.is_(None), _due_on, MeetingDecision.id, limit=limit)


def last_decisions(
    connection: Connection, scope: Scope, project_id: int, but_meeting: int, limit: int
) -> list[DecisionRow]:
    """Return what closed meetings that *scope* may see decided about a project, the latest first."""
    wanted = and_(_CLOSED, meeting_scope(scope), MeetingItem.project_id == project_id, Meeting.id != but_meeting)
    return _decisions(connection, wanted, Meeting.held_on.desc(), MeetingDecision.id, limit=limit)


def list_notes(connection: Connection, meeting_id: int) -> list[NoteRow]:
    """Return what was noted after the meeting, oldest first; the caller has checked the scope."""
    query = (
        select(
            MeetingNote.id,
            MeetingNote.text,
            MeetingNote.noted_at,
            func.coalesce(User.name, MeetingNote.noted_by).label("noted_by"),
        )
        .join(User, User.login == MeetingNote.noted_by, isouter=True)
        .where(MeetingNote.meeting_id == meeting_id)
        .order_by(MeetingNote.id)
    )
    return [NoteRow(**row) for row in connection.execute(query).mappings()]


def list_bodies(connection: Connection) -> list[tuple[str, int | None, int | None]]:
    """Return (name, county id, headquarters id) of everybody who may hold meetings, in the order of the lists."""
    counties = connection.execute(select(County.name, County.id).order_by(County.sort_order, County.id))
    found: list[tuple[str, int | None, int | None]] = [(name, key, None) for name, key in counties]
    teams = connection.execute(select(Headquarters.name, Headquarters.id).order_by(Headquarters.sort_order))
    return found + [(name, None, key) for name, key in teams]


def responsible_unit(connection: Connection, project_id: int) -> int | None:
    """Return the responsible unit of a project; the caller has checked the scope."""
    return connection.execute(select(Project.responsible_unit_id).where(Project.id == project_id)).scalar()


def highest_number(connection: Connection, prefix: str) -> int:
    """Return the highest running number among the codes that begin with *prefix*; 0 when there is none."""
    codes = connection.execute(select(Meeting.code).where(Meeting.code.startswith(prefix, autoescape=True))).scalars()
    return max((int(code[len(prefix) :]) for code in codes), default=0)


def _of_body(county_id: int | None, headquarters_id: int | None) -> ColumnElement[bool]:
    return and_(
        Meeting.county_id.is_(None) if county_id is None else Meeting.county_id == county_id,
        Meeting.headquarters_id.is_(None) if headquarters_id is None else Meeting.headquarters_id == headquarters_id,
    )


def _selected(scope: Scope) -> Select[Any]:
    return (
        select(*_MEETING)
        .select_from(Meeting)
        .join(County, County.id == Meeting.county_id, isouter=True)
        .join(Headquarters, Headquarters.id == Meeting.headquarters_id, isouter=True)
        .where(meeting_scope(scope))
    )


def _row(row: Any) -> MeetingRow:
    return MeetingRow(**{**row, "kind": MeetingKind(row["kind"]), "status": MeetingStatus(row["status"])})


def _items() -> Select[Any]:
    return select(*_ITEM).select_from(MeetingItem)


def _item(row: Any) -> ItemRow:
    return ItemRow(**{**row, "subject": ItemSubject(row["subject"]), "state": ItemState(row["state"])})


def _decisions(
    connection: Connection, wanted: ColumnElement[bool], *order: Any, limit: int | None = None
) -> list[DecisionRow]:
    own = MeetingDecision
    query = (
        select(
            own.id, own.version, own.item_id,
            MeetingItem.sequence.label("item_sequence"), MeetingItem.title.label("item_title"), MeetingItem.project_id,
            func.coalesce(Project.name, "").label("project_name"),
            MeetingItem.meeting_id, Meeting.code.label("meeting_code"), Meeting.title.label("meeting_title"),
            Meeting.held_on, own.text, own.owner_unit_id, func.coalesce(Unit.name, "").label("unit_name"), own.owner,
            own.due_on, own.is_noted, own.matter_id, func.coalesce(Matter.code, "").label("matter_code"),
            Matter.kind.label("matter_kind"),
            Matter.status.label("matter_status"), Matter.level.label("matter_level"),
            Matter.due_on.label("matter_due_on"), Matter.step_due_on, Matter.closed_on,
        )
        .join(MeetingItem, MeetingItem.id == own.item_id)
        .join(Meeting, Meeting.id == MeetingItem.meeting_id)
        .join(Project, Project.id == MeetingItem.project_id, isouter=True)
        .join(Unit, Unit.id == own.owner_unit_id, isouter=True)
        .join(Matter, Matter.id == own.matter_id, isouter=True)
        .where(wanted, own.is_withdrawn.is_(False))
        .order_by(*order)
        .limit(limit)
    )  # fmt: skip
    return [_decision(dict(row)) for row in connection.execute(query).mappings()]


def _decision(values: dict[str, Any]) -> DecisionRow:
    status, level = values.pop("matter_status"), values.pop("matter_level")
    due_on, step_due_on, closed_on = (values.pop(name) for name in ("matter_due_on", "step_due_on", "closed_on"))
    if status is None:
        return DecisionRow(**{**values, "matter_kind": None}, matter=None)
    kind = MatterKind(values.pop("matter_kind"))
    state = MatterState(
        kind,
        MatterStatus(status),
        MatterLevel(level),
        due_on=due_on,
        step_due_on=step_due_on,
        closed_on=closed_on,
    )
    return DecisionRow(**values, matter_kind=kind, matter=state)
