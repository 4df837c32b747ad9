"""What falls due (到期): for the wall a board of figures, for the desk the rows behind each of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.todo import CASE_STEPS, MATTER_STEPS, SOON_DAYS, Todo, TodoGroup, TodoKind, matter_path
from core.services.todos.reading import asked_of
from db.queries import deadlines as queries
from db.queries.deadlines import NO_TEAM, DeadlineRow, DeadlineSum, DueFilter
from db.queries.figures import BoardRows
from db.session import current_store, read

PAGE_SIZE = 50
LIST_LIMIT = 36
KINDS = (TodoKind.MILESTONE, TodoKind.MATTER, TodoKind.RECTIFICATION)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How many things are overdue, due today, due within the near week (today included)."""

    overdue: int
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class TeamDue:
    """What one headquarters lets slip, by kind; *key_id* is ``NO_TEAM`` for what belongs to none."""

    key_id: int
    name: str
    overdue: Mapping[TodoKind, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.overdue.values())


@dataclass(frozen=True, slots=True)
class DueBoard:
    """
    What falls due, as the wall shows it on *on*.

    Attributes:
        kinds: Counts of nodes, matters and rectifications.
        days: How many fall due today and on each of the following seven days.
        reports_missing: Monthly reports past their deadline; counted apart, they are no rows with a day each.
        report_month: Month whose reports fall due within the week, with the day; None = none does.
        soon: What falls due first, today included; *late*: what is overdue for the longest time.
    """

    on: date
    kinds: Mapping[TodoKind, DueCounts]
    days: tuple[tuple[date, int], ...]
    teams: tuple[TeamDue, ...]
    soon: tuple[Todo, ...]
    late: tuple[Todo, ...]
    reports_missing: int
    report_month: tuple[str, date] | None

    @property
    def total(self) -> DueCounts:
        """All kinds together."""
        found = self.kinds.values()
        return DueCounts(
            sum(one.overdue for one in found), sum(one.today for one in found), sum(one.week for one in found)
        )


@dataclass(frozen=True, slots=True)
class DuePage:
    """One page of what falls due, the longest overdue first."""

    items: tuple[Todo, ...]
    total: int
    number: int
    today: date


def find(actor: Actor, wanted: DueFilter, page: int = 1) -> DuePage:
    """
    Return one page of what falls due in the actor's scope, whoever owes it.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    today, number = current_store().today(), max(1, page)
    with read() as connection:
        rows = queries.list_due(
            connection, actor.scope, wanted, today, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
        total = queries.count_due(connection, actor.scope, wanted, today)
    return DuePage(tuple(map(todo_of, rows)), total, number, today)


def teams(actor: Actor) -> dict[int, str]:
    """Return headquarters → short name, for narrowing."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return queries.team_names(connection)


def read_board(connection: Connection, scope: Scope, today: date, board: BoardRows) -> DueBoard:
    """Return the board of *scope*; the caller has asked for the permission to look at the wall."""
    found = queries.sums(connection, scope, today)
    late, near = DueFilter(group=TodoGroup.OVERDUE), DueFilter(group=TodoGroup.WEEK)
    asked = asked_of(scope, None, today=today)
    by_day = Counter[date]()
    for one in found:
        if one.on is not None:
            by_day[one.on] += one.count
    week = (today + timedelta(days=step) for step in range(SOON_DAYS + 1))
    return DueBoard(
        on=today,
        kinds={kind: _counts(found, kind, today) for kind in KINDS},
        days=tuple((day, by_day[day]) for day in week),
        teams=_teams(found, queries.team_names(connection)),
        soon=tuple(map(todo_of, queries.list_due(connection, scope, near, today, limit=LIST_LIMIT))),
        late=tuple(map(todo_of, queries.list_due(connection, scope, late, today, limit=LIST_LIMIT))),
        reports_missing=board.city["reports_missing"],
        report_month=_collecting(asked.collecting, asked.collecting_due_on),
    )


def todo_of(row: DeadlineRow) -> Todo:
    """Return a row in words, with the address where it is dealt with."""
    if row.kind is TodoKind.MILESTONE:
        step, entity, link = "登记完成", "milestone", f"/milestones?node={row.id}"
    elif row.kind is TodoKind.MATTER:
        step, entity, link = MATTER_STEPS[row.status], "matter", matter_path(row.tag, row.id)
    else:
        step, entity, link = CASE_STEPS[row.status], "rectification", f"/rectification?case={row.id}"
    return Todo(row.kind, entity, row.id, row.title, step, row.place, row.owner, row.due_on, link)


def _collecting(month: Month | None, due_on: date | None) -> tuple[str, date] | None:
    return (month.label, due_on) if month is not None and due_on is not None else None


def _counts(found: Iterable[DeadlineSum], kind: TodoKind, today: date) -> DueCounts:
    own = [one for one in found if one.kind is kind]
    return DueCounts(
        sum(one.count for one in own if one.on is None),
        sum(one.count for one in own if one.on == today),
        sum(one.count for one in own if one.on is not None),
    )


def _teams(found: Iterable[DeadlineSum], names: Mapping[int, str]) -> tuple[TeamDue, ...]:
    """Return who lets something slip, the most first; what belongs to nobody stands last."""
    late: dict[int, dict[TodoKind, int]] = {}
    for one in found:
        if one.on is None:
            own = late.setdefault(one.headquarters_id, dict.fromkeys(KINDS, 0))
            own[one.kind] += one.count
    rows = (TeamDue(key, names.get(key, "未归口指挥部"), own) for key, own in late.items())
    return tuple(sorted(rows, key=lambda row: (row.key_id == NO_TEAM, -row.total, row.key_id)))
