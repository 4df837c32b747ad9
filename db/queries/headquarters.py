"""Headquarters inside a scope: charter, members, set-up steps, schedules and sent reports; no query in a loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, true

from core.domain.headquarters import Post, StepDates
from core.domain.headquarters_reports import ReportCycle, ReportPeriod
from core.domain.scope import Scope
from db.models.access import User
from db.models.headquarters import HeadquartersMember, HeadquartersReport, HeadquartersSchedule, HeadquartersStep
from db.models.organisation import Headquarters, Person
from db.models.project import Project
from db.queries.scoping import project_scope


@dataclass(frozen=True, slots=True)
class HeadquartersRow:
    """One headquarters with its charter; *commander* is the person the directory names, empty when nobody."""

    id: int
    version: int
    code: str
    name: str
    short_name: str
    parent_id: int | None
    commander: str
    mission: str
    goals: str
    area: str
    office_address: str
    founded_on: date | None
    set_up_due_on: date | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who serves in a headquarters; both days are inclusive, None = open."""

    id: int
    version: int
    headquarters_id: int
    person_id: int | None
    name: str
    post: Post
    origin: str
    phone: str
    from_on: date | None
    to_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the set-up; *post* is empty when a person ticks it off."""

    id: int
    version: int
    headquarters_id: int
    code: str
    name: str
    post: str
    due_on: date
    done_on: date | None
    note: str

    @property
    def dates(self) -> StepDates:
        return StepDates(self.due_on, self.done_on)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """How often a headquarters reports; the report is due *workdays* after its period."""

    id: int
    version: int
    headquarters_id: int
    cycle: ReportCycle
    workdays: int
    since_on: date
    is_active: bool


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that was sent."""

    id: int
    headquarters_id: int
    cycle: ReportCycle
    first_on: date
    last_on: date
    due_on: date
    sent_on: date
    document_no: str
    outlook: str
    sender: str

    @property
    def label(self) -> str:
        """Return period and kind in words."""
        return f"{ReportPeriod(self.cycle, self.first_on, self.last_on).label}{self.cycle.label}"

    @property
    def is_late(self) -> bool:
        """Whether it was sent after its deadline."""
        return self.sent_on > self.due_on


def headquarters_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the clause that keeps the headquarters *scope* may see: its own, and those of projects it sees."""
    if scope.everything:
        return true()
    inside = project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    own = Headquarters.id.in_(sorted(scope.headquarters_ids))
    return or_(own, exists().where(Project.headquarters_id == Headquarters.id, inside))


def list_headquarters(connection: Connection, scope: Scope) -> list[HeadquartersRow]:
    """Return the headquarters inside *scope* in their order."""
    return _headquarters(connection, headquarters_scope(scope))


def find_headquarters(connection: Connection, scope: Scope, headquarters_id: int) -> HeadquartersRow | None:
    """Return one headquarters inside *scope*."""
    inside = headquarters_scope(scope)
    return next(iter(_headquarters(connection, inside & (Headquarters.id == headquarters_id))), None)


def _headquarters(connection: Connection, wanted: ColumnElement[bool]) -> list[HeadquartersRow]:
    own = Headquarters
    query = (
        select(
            own.id, own.version, own.code, own.name, own.short_name, own.parent_id,
            func.coalesce(Person.name, "").label("commander"),
            own.mission, own.goals, own.area, own.office_address, own.founded_on, own.set_up_due_on,
        )
        .join(Person, Person.id == own.commander_id, isouter=True)
        .where(wanted)
        .order_by(own.sort_order, own.id)
    )  # fmt: skip
    return [HeadquartersRow(**row) for row in connection.execute(query).mappings()]


def list_members(connection: Connection, ids: Sequence[int]) -> list[MemberRow]:
    """Return the members of the headquarters of *ids*, whose scope the caller has checked: by post, then by time."""
    own = HeadquartersMember
    query = (
        select(
            own.id, own.version, own.headquarters_id, own.person_id, own.name, own.post, own.origin, own.phone,
            own.from_on, own.to_on, own.note,
        )
        .where(own.headquarters_id.in_(ids))
        .order_by(own.headquarters_id, own.id)
    )  # fmt: skip
    ranks = {post: number for number, post in enumerate(Post)}
    rows = [MemberRow(**{**row, "post": Post(row["post"])}) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row.headquarters_id, ranks[row.post], row.id))


def list_steps(connection: Connection, ids: Sequence[int]) -> list[StepRow]:
    """Return the set-up steps of the headquarters of *ids*, whose scope the caller has checked, in their order."""
    own = HeadquartersStep
    query = (
        select(
            own.id, own.version, own.headquarters_id, own.code, own.name, own.post, own.due_on, own.done_on, own.note
        )
        .where(own.headquarters_id.in_(ids))
        .order_by(own.headquarters_id, own.sequence, own.id)
    )
    return [StepRow(**row) for row in connection.execute(query).mappings()]


def list_schedules(connection: Connection, ids: Sequence[int]) -> list[ScheduleRow]:
    """Return the schedules of reports of the headquarters of *ids*, whose scope the caller has checked."""
    own = HeadquartersSchedule
    query = (
        select(own.id, own.version, own.headquarters_id, own.cycle, own.workdays, own.since_on, own.is_active)
        .where(own.headquarters_id.in_(ids))
        .order_by(own.headquarters_id, own.id)
    )
    return [ScheduleRow(**{**row, "cycle": ReportCycle(row["cycle"])}) for row in connection.execute(query).mappings()]


def list_reports(connection: Connection, ids: Sequence[int], since_on: date) -> list[ReportRow]:
    """Return what the headquarters of *ids* sent for periods from *since_on* on, latest first; scope as above."""
    own = HeadquartersReport
    query = (
        select(
            own.id, own.headquarters_id, own.cycle, own.first_on, own.last_on, own.due_on, own.sent_on,
            own.document_no, own.outlook, func.coalesce(User.name, own.sent_by).label("sender"),
        )
        .join(User, User.login == own.sent_by, isouter=True)
        .where(own.headquarters_id.in_(ids), own.first_on >= since_on)
        .order_by(own.first_on.desc(), own.id.desc())
    )  # fmt: skip
    return [ReportRow(**{**row, "cycle": ReportCycle(row["cycle"])}) for row in connection.execute(query).mappings()]


def persons_called(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Return name → the one person of the directory who bears it; a name that nobody or several bear is left out."""
    query = select(Person.name, func.min(Person.id)).where(Person.name.in_(names)).group_by(Person.name)
    return {row[0]: int(row[1]) for row in connection.execute(query.having(func.count() == 1))}


def is_name_taken(connection: Connection, name: str) -> bool:
    """Return whether a headquarters is called *name*."""
    return connection.execute(select(Headquarters.id).where(Headquarters.name == name).limit(1)).first() is not None


def next_place(connection: Connection) -> tuple[str, int]:
    """Return a free code and the last place in the order for a new headquarters."""
    last_id, last_order = connection.execute(
        select(func.coalesce(func.max(Headquarters.id), 0), func.coalesce(func.max(Headquarters.sort_order), 0))
    ).one()
    taken = set(connection.execute(select(Headquarters.code).where(Headquarters.code.startswith("ZB-"))).scalars())
    number = int(last_id) + 1
    while f"ZB-{number:03d}" in taken:
        number += 1
    return f"ZB-{number:03d}", int(last_order) + 1
