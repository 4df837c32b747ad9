"""Matters inside a scope: list, overdue and due-soon, what each count of the rates counts, what has lapsed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, and_, case, func, or_, select, true, union
from sqlalchemy.orm import aliased

from core.domain.matters.state import OFFICE_STATES, UNIT_STATES, MatterState
from core.domain.matters.words import Difficulty, MatterCount, MatterLevel, Outcome, Owing, RateGroup, Satisfaction
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus
from db.models.land import Parcel
from db.models.matter import Matter, MatterSupport
from db.models.organisation import County, Unit
from db.models.project import Project
from db.queries.scoping import project_scope


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """
    What to list; empty and None mean no narrowing.

    Attributes:
        owing: Only what that side has to take the next step of; the office also owes what asks for an extension.
        lead_unit_ids: Only what these units lead.
        overdue_on: Only what is overdue on that day.
        due_by: Only what is due up to that day, inclusive, and not overdue on ``overdue_on`` when both are given.
        is_open: Only open (True) or only ended (False) matters.
        asks_extension: Only what waits for the decision over an extension.
        counted: Only what this count of the rates counts on ``counted_on``; merged ones are left out.
        group: Only this group of the rates; its key None = without unit, county or category.
        raised: First and last day on which it was raised; *ended*: likewise closed out or merged.
        text: Part of title, code or enterprise.
    """

    kinds: tuple[MatterKind, ...] = ()
    statuses: tuple[MatterStatus, ...] = ()
    owing: Owing | None = None
    levels: tuple[MatterLevel, ...] = ()
    county_id: int | None = None
    lead_unit_ids: tuple[int, ...] = ()
    project_id: int | None = None
    headquarters_id: int | None = None
    category: str = ""
    overdue_on: date | None = None
    due_from: date | None = None
    due_by: date | None = None
    is_open: bool | None = None
    asks_extension: bool = False
    counted: MatterCount | None = None
    counted_on: date | None = None
    group: tuple[RateGroup, int | str | None] | None = None
    raised: tuple[date, date] | None = None
    ended: tuple[date, date] | None = None
    text: str = ""

    @property
    def needs_project(self) -> bool:
        """Whether it asks for the county, which a matter may have from its project, or for the headquarters."""
        asks_county = self.county_id is not None or (self.group is not None and self.group[0] is RateGroup.COUNTY)
        return asks_county or self.headquarters_id is not None

    @property
    def is_only_open(self) -> bool:
        """Whether it keeps open matters only."""
        asked = self.is_open or self.owing or self.overdue_on or self.due_by or self.asks_extension
        return self.is_open is not False and bool(asked)


EVERY_MATTER = MatterFilter()


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter with the names behind its keys; ``state`` is what the state machine knows of it."""

    id: int
    version: int
    code: str
    title: str
    description: str
    category: str
    source: str
    enterprise: str
    raised_by: str
    raised_on: date
    project_id: int | None
    project_name: str
    county_id: int | None
    county_name: str
    headquarters_id: int | None
    lead_unit_id: int | None
    unit_name: str
    supporting_units: str
    responsible_leader: str
    progress: str
    answer: str
    outcome_word: str
    satisfaction_word: str
    policy_id: int | None
    parcel_id: int | None
    parcel_name: str
    remark: str
    state: MatterState


next_due_on = func.coalesce(Matter.step_due_on, Matter.due_on)
OPEN = and_(Matter.closed_on.is_(None), Matter.status.not_in((MatterStatus.CLOSED_OUT, MatterStatus.MERGED)))
owner_county_id = func.coalesce(Matter.county_id, Project.county_id)
GROUP_KEYS: Mapping[RateGroup, Any] = {
    RateGroup.UNIT: Matter.lead_unit_id,
    RateGroup.COUNTY: owner_county_id,
    RateGroup.CATEGORY: func.nullif(Matter.category, ""),
}
_STATE = (
    Matter.kind, Matter.status, Matter.level, Matter.difficulty, Matter.amount_yuan, Matter.due_on,
    Matter.first_due_on, Matter.step_due_on, Matter.assigned_on, Matter.signed_on, Matter.first_report_due_on,
    Matter.first_reported_on, Matter.result_due_on, Matter.replied_on, Matter.answer_workdays, Matter.resolved_on,
    Matter.closed_on, Matter.press_on, Matter.pressed_times, Matter.extension_to, Matter.extended_times,
    Matter.redo_times, Matter.is_escalated, Matter.conditions, Matter.merged_into_id,
)  # fmt: skip
_COLUMNS: tuple[Any, ...] = (
    Matter.id, Matter.version, Matter.code, Matter.title, Matter.description, Matter.category, Matter.source,
    Matter.enterprise, Matter.raised_by, Matter.raised_on, Matter.project_id,
    func.coalesce(Project.name, "").label("project_name"),
    owner_county_id.label("county_id"),
    func.coalesce(County.name, "").label("county_name"),
    Project.headquarters_id,
    Matter.lead_unit_id,
    func.coalesce(Unit.name, "").label("unit_name"),
    Matter.supporting_units, Matter.responsible_leader, Matter.progress, Matter.answer,
    Matter.outcome.label("outcome_word"), Matter.satisfaction.label("satisfaction_word"),
    Matter.policy_id, Matter.parcel_id,
    func.coalesce(Parcel.name, "").label("parcel_name"),
    Matter.remark,
    *_STATE,
)  # fmt: skip


def list_matters(
    connection: Connection, scope: Scope, wanted: MatterFilter, *, limit: int, offset: int = 0
) -> list[MatterRow]:
    """Return a page of matters: open ones by the deadline of their step, then the ended ones, latest first."""
    query = _selected(scope, wanted).where(*narrow(wanted)).order_by(*_order(wanted)).limit(limit).offset(offset)
    return [_row(row) for row in connection.execute(query).mappings()]


def count_matters(connection: Connection, scope: Scope, wanted: MatterFilter, today: date) -> tuple[int, int]:
    """Return how many matters match, and how many of them are overdue on *today*."""
    late = func.coalesce(func.sum(case((and_(OPEN, next_due_on < today), 1), else_=0)), 0)
    total, overdue = connection.execute(matters_of(scope, wanted, func.count(), late)).one()
    return int(total), int(overdue)


def matters_of(scope: Scope, wanted: MatterFilter, *columns: Any, by_county: bool = False) -> Select[Any]:
    """
    Return a SELECT of *columns* over the matters of *wanted* inside *scope*.

    Args:
        by_county: Whether *columns* use ``owner_county_id``; projects are joined only where somebody asks them.
    """
    query = select(*columns).select_from(Matter)
    if by_county or wanted.needs_project or not scope.everything:
        query = query.join(Project, _PROJECT, isouter=True)
    return query.where(_inside(scope, wanted), *narrow(wanted))


def find_matter(connection: Connection, scope: Scope, matter_id: int) -> MatterRow | None:
    """Return one matter inside *scope*."""
    row = connection.execute(_selected(scope).where(Matter.id == matter_id)).mappings().first()
    return _row(row) if row else None


def find_by_code(connection: Connection, scope: Scope, code: str) -> MatterRow | None:
    """Return the matter called *code* inside *scope*."""
    row = connection.execute(_selected(scope).where(Matter.code == code)).mappings().first()
    return _row(row) if row else None


def find_matters(connection: Connection, scope: Scope, matter_ids: Sequence[int]) -> list[MatterRow]:
    """Return the matters of *matter_ids* inside *scope*, by id."""
    query = _selected(scope).where(Matter.id.in_(matter_ids)).order_by(Matter.id)
    return [_row(row) for row in connection.execute(query).mappings()]


def lapsed(connection: Connection, today: date, limit: int) -> list[MatterRow]:
    """Return matters of every scope whose lapsed deadline has not been pressed yet."""
    query = _selected(Scope.all()).where(_has_lapsed(today)).order_by(Matter.press_on, Matter.id).limit(limit)
    return [_row(row) for row in connection.execute(query).mappings()]


def has_lapsed(connection: Connection, today: date) -> bool:
    """Return whether a sweep has anything to do."""
    return connection.execute(select(Matter.id).where(_has_lapsed(today)).limit(1)).first() is not None


def highest_number(connection: Connection, prefix: str) -> int:
    """Return the highest running number among the codes that begin with *prefix*; 0 when there is none."""
    codes = connection.execute(select(Matter.code).where(Matter.code.startswith(prefix, autoescape=True))).scalars()
    tails = (code[len(prefix) :] for code in codes)
    return max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0)


def matter_scope(scope: Scope, *, only_open: bool = False) -> ColumnElement[bool]:
    """
    Return the clause that keeps the matters *scope* may see; the statement joins ``Project`` outer.

    A matter belongs to its county (or its project's), its project's headquarters and responsible unit, its lead unit
    and its supporting units.

    Args:
        only_open: The statement keeps open matters only, so that those of a unit need not be looked for elsewhere.
    """
    if scope.everything or not scope.unit_ids:
        return project_scope(scope, owner_county_id, Project.headquarters_id, Matter.lead_unit_id)
    tests: list[ColumnElement[bool]] = [Matter.id.in_(_of_units(sorted(scope.unit_ids), only_open=only_open))]
    if scope.county_ids or scope.headquarters_ids:
        bound = replace(scope, unit_ids=frozenset())
        tests.append(project_scope(bound, owner_county_id, Project.headquarters_id, Matter.lead_unit_id))
    return or_(*tests)


def _of_units(unit_ids: list[int], *, only_open: bool) -> CompoundSelect[Any]:
    """Return the ids of the matters of units as a union of what each index finds; one OR would read every matter."""
    led, owned, project = aliased(Matter), aliased(Matter), aliased(Project)
    own = select(led.id).where(led.lead_unit_id.in_(unit_ids))
    of_project = select(owned.id).join(project, project.id == owned.project_id)
    of_project = of_project.where(project.responsible_unit_id.in_(unit_ids))
    if only_open:
        own, of_project = own.where(led.closed_on.is_(None)), of_project.where(owned.closed_on.is_(None))
    return union(own, of_project, select(MatterSupport.matter_id).where(MatterSupport.unit_id.in_(unit_ids)))


def counted(count: MatterCount, today: date) -> ColumnElement[bool]:
    """Return the clause that keeps what *count* counts on *today*; merged matters are never counted."""
    is_due = and_(Matter.due_on.is_not(None), or_(Matter.due_on < today, Matter.replied_on.is_not(None)))
    tests: dict[MatterCount, ColumnElement[bool]] = {
        MatterCount.MATTERS: true(),
        MatterCount.OPEN: OPEN,
        MatterCount.OVERDUE: and_(OPEN, next_due_on < today),
        MatterCount.ESCALATED: and_(OPEN, Matter.is_escalated),
        MatterCount.REPLY_DUE: is_due,
        MatterCount.REPLIED_IN_TIME: and_(is_due, Matter.replied_on <= Matter.due_on),
        MatterCount.FINISHED: or_(
            Matter.resolved_on.is_not(None),
            Matter.closed_on.is_not(None),
            Matter.status.in_((MatterStatus.RESOLVED, MatterStatus.CLOSED_OUT)),
        ),
        MatterCount.VISITED: Matter.satisfaction != "",
        MatterCount.CONTENT: Matter.satisfaction.in_((Satisfaction.SATISFIED.label, Satisfaction.FAIRLY.label)),
        MatterCount.ANSWERED: Matter.answer_workdays.is_not(None),
    }
    return tests[count]


def narrow(wanted: MatterFilter) -> list[ColumnElement[bool]]:
    """Return the clauses of a filter."""
    tests: list[ColumnElement[bool]] = []
    for column, words in (
        (Matter.kind, wanted.kinds),
        (Matter.status, wanted.statuses),
        (Matter.level, wanted.levels),
        (Matter.lead_unit_id, wanted.lead_unit_ids),
    ):
        if words:
            tests.append(column == words[0] if len(words) == 1 else column.in_(words))
    for key_column, key in (
        (owner_county_id, wanted.county_id),
        (Matter.project_id, wanted.project_id),
        (Project.headquarters_id, wanted.headquarters_id),
    ):
        if key is not None:
            tests.append(key_column == key)
    if wanted.category:
        tests.append(Matter.category == wanted.category)
    if wanted.counted is not None and wanted.counted_on is not None:
        tests += [counted(wanted.counted, wanted.counted_on), Matter.status != MatterStatus.MERGED]
    if wanted.group is not None:
        column, member = GROUP_KEYS[wanted.group[0]], wanted.group[1]
        tests.append(column.is_(None) if member is None else column == member)
    tests += [
        column.between(*days)
        for column, days in ((Matter.raised_on, wanted.raised), (Matter.closed_on, wanted.ended))
        if days is not None
    ]
    if wanted.text:
        found = (column.icontains(wanted.text, autoescape=True) for column in _SEARCHED)
        tests.append(or_(*found))
    return tests + _timed(wanted)


_SEARCHED = (Matter.title, Matter.code, Matter.enterprise)
_PROJECT = Project.id == Matter.project_id


def _timed(wanted: MatterFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.is_open is False:
        tests.append(
            or_(Matter.closed_on.is_not(None), Matter.status.in_((MatterStatus.CLOSED_OUT, MatterStatus.MERGED)))
        )
    elif wanted.is_only_open:
        tests.append(OPEN)
    if wanted.owing is Owing.UNIT:
        tests.append(Matter.status.in_(UNIT_STATES))
    elif wanted.owing is Owing.OFFICE:
        tests.append(or_(Matter.status.in_(OFFICE_STATES), Matter.extension_to.is_not(None)))
    if wanted.asks_extension:
        tests.append(Matter.extension_to.is_not(None))
    if wanted.overdue_on is not None:
        tests.append(next_due_on < wanted.overdue_on)
    if wanted.due_from is not None:
        tests.append(next_due_on >= wanted.due_from)
    if wanted.due_by is not None:
        tests.append(next_due_on <= wanted.due_by)
    return tests


def _order(wanted: MatterFilter) -> tuple[Any, ...]:
    """Only open ones: the order of the index; NULL deadlines (imported without one) come last by either database."""
    if wanted.overdue_on or wanted.due_by:
        return next_due_on, Matter.id
    if wanted.is_open or wanted.owing:
        return next_due_on.asc().nulls_last(), Matter.id
    ended = case((OPEN, 0), else_=1)
    return ended, case((OPEN, next_due_on)).is_(None), case((OPEN, next_due_on)), Matter.closed_on.desc(), Matter.id


def _has_lapsed(today: date) -> ColumnElement[bool]:
    return and_(Matter.press_on < today, Matter.extension_to.is_(None))


def _inside(scope: Scope, wanted: MatterFilter) -> ColumnElement[bool]:
    """Return the clause of the scope, as far as the filter does not keep to it anyway."""
    if wanted.lead_unit_ids and scope.unit_ids.issuperset(wanted.lead_unit_ids):
        return true()
    return matter_scope(scope, only_open=wanted.is_only_open)


def _selected(scope: Scope, wanted: MatterFilter = EVERY_MATTER) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(Matter)
        .join(Project, _PROJECT, isouter=True)
        .join(County, County.id == owner_county_id, isouter=True)
        .join(Unit, Unit.id == Matter.lead_unit_id, isouter=True)
        .join(Parcel, Parcel.id == Matter.parcel_id, isouter=True)
        .where(_inside(scope, wanted))
    )


def _row(row: Any) -> MatterRow:
    values = dict(row)
    state = {column.key: values.pop(column.key) for column in _STATE}
    state |= {
        "kind": MatterKind(state["kind"]),
        "status": MatterStatus(state["status"]),
        "level": MatterLevel(state["level"]),
        "difficulty": Difficulty(state["difficulty"]),
        "outcome": Outcome.of_word(values["outcome_word"]),
        "satisfaction": Satisfaction.of_word(values["satisfaction_word"]),
    }
    return MatterRow(**values, state=MatterState(**state))
