"""What falls due in a scope, whoever owes it: open nodes, matters and rectifications up to the end of the near week."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, select, union_all

from core.domain.scope import Scope
from core.domain.terms import Stage
from core.domain.todo import TodoGroup, TodoKind, soon
from db.models.matter import Matter
from db.models.milestone import Milestone
from db.models.organisation import County, Headquarters, Unit
from db.models.project import Project
from db.models.supervision import Rectification
from db.queries.matters import OPEN, matter_scope, next_due_on, owner_county_id
from db.queries.scoping import project_scope

_LEFT = (Stage.WITHDRAWN.value, Stage.TERMINATED.value, Stage.MERGED.value)
NO_TEAM = 0
GROUPS = (TodoGroup.OVERDUE, TodoGroup.TODAY, TodoGroup.WEEK)


@dataclass(frozen=True, slots=True)
class DueFilter:
    """
    Which deadlines; None = all.

    Attributes:
        on: Only this day.
        headquarters_id: Only of this headquarters; ``NO_TEAM`` = of none.
    """

    kind: TodoKind | None = None
    group: TodoGroup | None = None
    on: date | None = None
    headquarters_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One thing that falls due, with the names behind its keys; *status* and *tag* as in ``TodoRow``."""

    kind: TodoKind
    id: int
    title: str
    place: str
    owner: str
    due_on: date
    status: str
    tag: str


@dataclass(frozen=True, slots=True)
class DeadlineSum:
    """How many things of a kind and headquarters fall due on a day; *on* is None for all that are overdue."""

    kind: TodoKind
    headquarters_id: int
    on: date | None
    count: int


@dataclass(frozen=True, slots=True)
class _Arm:
    """One kind: its rows inside a scope, and the columns that lists show of them."""

    kind: TodoKind
    key: Any
    due_on: Any
    headquarters: Any
    inside: Callable[[Scope], Select[Any]]
    shown: Callable[[Select[Any]], Select[Any]]


def sums(connection: Connection, scope: Scope, today: date) -> tuple[DeadlineSum, ...]:
    """Return everything due up to the end of the near week by kind, headquarters and day, in one statement."""
    parts = []
    for arm in _ARMS:
        day = case((arm.due_on >= today, arm.due_on))
        columns = [
            literal(arm.kind.value).label("kind"),
            func.coalesce(arm.headquarters, NO_TEAM).label("due_team"),
            day.label("due_day"),
            func.count().label("number"),
        ]
        query = arm.inside(scope).where(arm.due_on <= soon(today)).with_only_columns(*columns)
        # By name: PostgreSQL takes the day in the list and the day in GROUP BY for two parameters.
        parts.append(query.group_by("due_team", "due_day"))
    rows = connection.execute(union_all(*parts))
    return tuple(DeadlineSum(TodoKind(row[0]), int(row[1]), row[2], int(row[3])) for row in rows)


def list_due(
    connection: Connection, scope: Scope, wanted: DueFilter, today: date, *, limit: int, offset: int = 0
) -> tuple[DeadlineRow, ...]:
    """Return a page of what falls due, the longest overdue first; each kind gives no more than the page needs."""
    parts = []
    for arm in _ARMS:
        if wanted.kind in (None, arm.kind):
            query = arm.shown(_narrowed(arm, scope, wanted, today)).order_by(arm.due_on, arm.key)
            parts.append(select(query.limit(limit + offset).subquery()))
    found = union_all(*parts).subquery()
    ordered = select(found).order_by(found.c.due_on, found.c.kind, found.c.id).limit(limit).offset(offset)
    return tuple(DeadlineRow(TodoKind(row[0]), *row[1:]) for row in connection.execute(ordered))


def count_due(connection: Connection, scope: Scope, wanted: DueFilter, today: date) -> int:
    """Return how many rows ``list_due`` has on all its pages."""
    parts = [
        _narrowed(arm, scope, wanted, today).with_only_columns(func.count().label("number"))
        for arm in _ARMS
        if wanted.kind in (None, arm.kind)
    ]
    return int(connection.execute(select(func.sum(union_all(*parts).subquery().c.number))).scalar_one())


def team_names(connection: Connection) -> dict[int, str]:
    """Return headquarters → short name."""
    short = func.coalesce(func.nullif(Headquarters.short_name, ""), Headquarters.name)
    return {row[0]: row[1] for row in connection.execute(select(Headquarters.id, short))}


def _narrowed(arm: _Arm, scope: Scope, wanted: DueFilter, today: date) -> Select[Any]:
    query = arm.inside(scope).where(*_of_day(arm.due_on, wanted, today))
    if wanted.headquarters_id == NO_TEAM:
        return query.where(arm.headquarters.is_(None))
    return query if wanted.headquarters_id is None else query.where(arm.headquarters == wanted.headquarters_id)


def _of_day(due_on: Any, wanted: DueFilter, today: date) -> list[ColumnElement[bool]]:
    """The near week holds today, as on the other screens of the desk."""
    if wanted.on is not None:
        return [due_on == wanted.on]
    return {
        TodoGroup.OVERDUE: [due_on < today],
        TodoGroup.TODAY: [due_on == today],
        TodoGroup.WEEK: [due_on >= today, due_on <= soon(today)],
    }.get(wanted.group or TodoGroup.UNDATED, [due_on <= soon(today)])


def _nodes(scope: Scope) -> Select[Any]:
    return (
        select(Milestone.id)
        .join(Project, Project.id == Milestone.project_id)
        .where(
            Milestone.actual_on.is_(None),
            Project.stage.not_in(_LEFT),
            project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id),
        )
    )


def _matters(scope: Scope) -> Select[Any]:
    return (
        select(Matter.id).join(Project, Project.id == Matter.project_id, isouter=True).where(OPEN, matter_scope(scope))
    )


def _cases(scope: Scope) -> Select[Any]:
    own = Rectification
    return select(own.id).where(
        own.due_on.is_not(None), project_scope(scope, own.county_id, own.headquarters_id, own.unit_id)
    )


def _columns(kind: TodoKind, key: Any, due_on: Any, **named: Any) -> list[Any]:
    values = {"kind": literal(kind.value), "id": key, **named, "due_on": due_on}
    order = ("kind", "id", "title", "place", "owner", "due_on", "status", "tag")
    return [(values[name] if hasattr(values[name], "label") else literal(values[name])).label(name) for name in order]


def _owner(query: Select[Any], county_id: Any, unit_id: Any) -> Select[Any]:
    return query.join(County, County.id == county_id, isouter=True).join(Unit, Unit.id == unit_id, isouter=True)


_OWNER = func.coalesce(Unit.name, County.name, "")


def _show_nodes(query: Select[Any]) -> Select[Any]:
    columns = _columns(
        TodoKind.MILESTONE, Milestone.id, Milestone.planned_on, title=Milestone.name, place=Project.name, owner=_OWNER,
        status="", tag="",
    )  # fmt: skip
    return _owner(query, Project.county_id, Project.responsible_unit_id).with_only_columns(*columns)


def _show_matters(query: Select[Any]) -> Select[Any]:
    place = func.coalesce(Project.name, func.nullif(Matter.enterprise, ""), County.name, "")
    columns = _columns(
        TodoKind.MATTER, Matter.id, next_due_on, title=Matter.title, place=place, owner=_OWNER,
        status=Matter.status, tag=Matter.kind,
    )  # fmt: skip
    return _owner(query, owner_county_id, Matter.lead_unit_id).with_only_columns(*columns)


def _show_cases(query: Select[Any]) -> Select[Any]:
    own = Rectification
    columns = _columns(
        TodoKind.RECTIFICATION, own.id, own.due_on, title=own.subject_name, place=own.code, owner=_OWNER,
        status=own.step, tag=own.level,
    )  # fmt: skip
    return _owner(query, own.county_id, own.unit_id).with_only_columns(*columns)


_ARMS = (
    _Arm(TodoKind.MILESTONE, Milestone.id, Milestone.planned_on, Project.headquarters_id, _nodes, _show_nodes),
    _Arm(TodoKind.MATTER, Matter.id, next_due_on, Project.headquarters_id, _matters, _show_matters),
    _Arm(
        TodoKind.RECTIFICATION,
        Rectification.id,
        Rectification.due_on,
        Rectification.headquarters_id,
        _cases,
        _show_cases,
    ),
)
