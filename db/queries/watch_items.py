"""Watch lists (预警清单): what the rules look at, which items are open, the lists as screens show them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from core.domain.scope import Scope
from core.domain.start_rules import StartRules
from core.domain.start_terms import WatchList, WatchMeasure
from core.domain.supervision_terms import Severity, SubjectKind
from core.domain.terms import AssignmentRole
from core.domain.watch_lists import OpenItem, WatchFacts, WatchHit, codes_of, hits_from_json
from db.models.figures import project_state
from db.models.milestone import Milestone
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Assignment, Project
from db.models.start import WatchItem
from db.models.supervision import ProcessFact
from db.queries.offenders import list_offenders
from db.queries.scoping import project_scope

_state = project_state.c
_MOST = 1_000_000
_CHUNK = 5000


def load_watch_facts(
    connection: Connection, scope: Scope, today: date, year: int, rules: StartRules
) -> list[WatchFacts]:
    """
    Return what the rules look at, of every listed and unfinished project in *scope* that may be on a list.

    A handful of set-based reads over the roll-ups, whatever the number of projects.
    """
    lag = rules.threshold(WatchMeasure.LAG_PP)
    nodes = _late_nodes(connection, today)
    offenders = list_offenders(connection, scope, year, SubjectKind.PROJECT, at_least=1, limit=_MOST)
    rounds = {row.subject_id: (row.severe, row.streak) for row in offenders}
    findings = _findings(connection, today)
    since = _listed_since(connection)
    found = [
        WatchFacts(
            project_id=row.project_id,
            is_unstarted=bool(row.unstarted),
            start_planned_on=row.start_planned_on,
            gap_milli_pp=row.gap_milli_pp,
        )
        for row in connection.execute(_judged(scope, today))
        if row.unstarted
        or (lag is not None and row.gap_milli_pp is not None and row.gap_milli_pp <= -lag * 1000)
        or row.project_id in nodes
        or row.project_id in rounds
        or row.project_id in findings
        or row.project_id in since
    ]
    return [_with(facts, nodes, rounds, findings, since, today) for facts in found]


def _with(
    facts: WatchFacts,
    nodes: dict[int, tuple[date, str]],
    rounds: dict[int, tuple[int, int]],
    findings: dict[int, int],
    since: dict[int, date],
    today: date,
) -> WatchFacts:
    key = facts.project_id
    node = nodes.get(key)
    severe, run = rounds.get(key, (0, 0))
    return replace(
        facts,
        node_days=(today - node[0]).days if node else 0,
        node_name=node[1] if node else "",
        severe_rounds=severe,
        flagged_run=run,
        serious_findings=findings.get(key, 0),
        listed_since=since.get(key),
    )


def _judged(scope: Scope, today: date) -> Select[Any]:
    return (
        select(_state.project_id, _state.unstarted, _state.gap_milli_pp, Project.start_planned_on)
        .join(Project, Project.id == _state.project_id)
        .where(
            project_scope(scope, _state.county_id, _state.headquarters_id, _state.unit_id),
            _state.projects > 0,
            or_(Project.completed_on.is_(None), Project.completed_on > today),
            or_(Project.commissioned_on.is_(None), Project.commissioned_on > today),
        )
    )


def _late_nodes(connection: Connection, today: date) -> dict[int, tuple[date, str]]:
    """Return project → planned day and name of the key node that is overdue longest."""
    node = Milestone
    query = (
        select(node.project_id, node.planned_on, node.name)
        .where(node.is_key.is_(True), node.planned_on < today, or_(node.actual_on.is_(None), node.actual_on > today))
        .order_by(node.planned_on.desc(), node.id.desc())
    )
    return {row.project_id: (row.planned_on, row.name) for row in connection.execute(query)}


def _findings(connection: Connection, today: date) -> dict[int, int]:
    fact = ProcessFact
    query = (
        select(fact.project_id, func.count())
        .where(
            fact.project_id.is_not(None),
            fact.severity == Severity.SERIOUS.value,
            fact.happened_on <= today,
            or_(fact.mended_on.is_(None), fact.mended_on > today),
        )
        .group_by(fact.project_id)
    )
    return {int(key): count for key, count in connection.execute(query) if key is not None}


def _listed_since(connection: Connection) -> dict[int, date]:
    query = (
        select(WatchItem.project_id, func.min(WatchItem.entered_on))
        .where(WatchItem.left_on.is_(None), WatchItem.kind != WatchList.NEGATIVE.value)
        .group_by(WatchItem.project_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open item with the version it has now."""

    item: OpenItem
    version: int


def open_items(connection: Connection, scope: Scope) -> list[OpenRow]:
    """Return the open items of projects inside *scope*."""
    query = (
        select(
            WatchItem.id, WatchItem.project_id, WatchItem.kind, WatchItem.entered_on, WatchItem.hits, WatchItem.version
        )
        .join(Project, Project.id == WatchItem.project_id)
        .where(WatchItem.left_on.is_(None), _of_project(scope))
        .order_by(WatchItem.id)
    )
    return [
        OpenRow(OpenItem(row[0], row[1], WatchList(row[2]), row[3], codes_of(hits_from_json(row[4]))), row[5])
        for row in connection.execute(query)
    ]


def owners_of(
    connection: Connection, project_ids: Iterable[int], today: date
) -> dict[int, tuple[int | None, int | None]]:
    """Return project → responsible unit and responsible person on *today*: who owns a new item."""
    found: dict[int, tuple[int | None, int | None]] = {}
    ids = sorted(set(project_ids))
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(Project.id, Project.responsible_unit_id, func.min(Assignment.person_id))
            .join(
                Assignment,
                and_(
                    Assignment.project_id == Project.id,
                    Assignment.role == AssignmentRole.RESPONSIBLE_PERSON.value,
                    or_(Assignment.from_on.is_(None), Assignment.from_on <= today),
                    or_(Assignment.to_on.is_(None), Assignment.to_on > today),
                ),
                isouter=True,
            )
            .where(Project.id.in_(ids[start : start + _CHUNK]))
            .group_by(Project.id, Project.responsible_unit_id)
        )
        found |= {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    return found


@dataclass(frozen=True, slots=True)
class WatchFilter:
    """
    Which items to list; None and empty mean no narrowing.

    Attributes:
        is_open: Only those on the list now (True) or only those that left (False).
        overdue_on: Only open ones whose deadline had passed by that day.
        owner_person_id: Only what this person owns.
    """

    kind: WatchList | None = None
    county_id: int | None = None
    headquarters_id: int | None = None
    text: str = ""
    is_open: bool | None = True
    overdue_on: date | None = None
    project_id: int | None = None
    owner_person_id: int | None = None


@dataclass(frozen=True, slots=True)
class WatchRow:
    """An item as lists show it; *hits* are the grounds it stands (or last stood) on."""

    id: int
    version: int
    kind: WatchList
    project_id: int
    project_code: str
    project_name: str
    county_name: str
    headquarters_name: str
    entered_on: date
    entered_reason: str
    hits: tuple[WatchHit, ...]
    owner_unit_id: int | None
    owner_unit_name: str
    owner_person_id: int | None
    owner_person_name: str
    due_on: date
    measures: str
    left_on: date | None
    left_reason: str
    start_planned_on: date | None
    gap_milli_pp: int | None

    def is_overdue(self, today: date) -> bool:
        """Whether the deadline has passed while the project is still on the list."""
        return self.left_on is None and self.due_on < today


@dataclass(frozen=True, slots=True)
class WatchCounts:
    """Items of one list: open now, of these overdue and without measures; entered and left this year."""

    kind: WatchList
    open: int
    overdue: int
    unanswered: int
    entered: int
    left: int


def list_items(
    connection: Connection, scope: Scope, wanted: WatchFilter, limit: int, offset: int = 0
) -> list[WatchRow]:
    """Return the items that match, the earliest deadline first, those that left last."""
    query = (
        select(
            WatchItem.id,
            WatchItem.version,
            WatchItem.kind,
            WatchItem.project_id,
            Project.code.label("project_code"),
            Project.name.label("project_name"),
            County.name.label("county_name"),
            func.coalesce(Headquarters.name, "").label("headquarters_name"),
            WatchItem.entered_on,
            WatchItem.entered_reason,
            WatchItem.hits,
            WatchItem.owner_unit_id,
            func.coalesce(Unit.name, "").label("owner_unit_name"),
            WatchItem.owner_person_id,
            func.coalesce(Person.name, "").label("owner_person_name"),
            WatchItem.due_on,
            WatchItem.measures,
            WatchItem.left_on,
            WatchItem.left_reason,
            Project.start_planned_on,
            _state.gap_milli_pp,
        )
        .join(Project, Project.id == WatchItem.project_id)
        .join(County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .join(Unit, Unit.id == WatchItem.owner_unit_id, isouter=True)
        .join(Person, Person.id == WatchItem.owner_person_id, isouter=True)
        .join(project_state, _state.project_id == Project.id, isouter=True)
        .where(*_narrow(scope, wanted))
        .order_by(WatchItem.left_on.is_not(None), WatchItem.due_on, WatchItem.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        WatchRow(**{**row, "kind": WatchList(row["kind"]), "hits": hits_from_json(row["hits"])})
        for row in connection.execute(query).mappings()
    ]


def count_items(connection: Connection, scope: Scope, wanted: WatchFilter) -> int:
    """Return how many items match."""
    query = select(func.count()).select_from(WatchItem).join(Project, Project.id == WatchItem.project_id)
    return int(connection.execute(query.where(*_narrow(scope, wanted))).scalar_one())


def count_lists(connection: Connection, scope: Scope, today: date) -> dict[WatchList, WatchCounts]:
    """Return the counts of every list."""
    item, new_year = WatchItem, date(today.year, 1, 1)
    is_open = item.left_on.is_(None)

    def count(*tests: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(*tests), 1), else_=0))

    query = (
        select(
            item.kind,
            count(is_open),
            count(is_open, item.due_on < today),
            count(is_open, item.measures == ""),
            count(item.entered_on >= new_year),
            count(item.left_on >= new_year),
        )
        .join(Project, Project.id == item.project_id)
        .where(_visible(scope))
        .group_by(item.kind)
    )
    found = {WatchList(row[0]): WatchCounts(WatchList(row[0]), *map(int, row[1:])) for row in connection.execute(query)}
    return {kind: found.get(kind, WatchCounts(kind, 0, 0, 0, 0, 0)) for kind in WatchList}


def item_projects(connection: Connection, scope: Scope, item_ids: Iterable[int]) -> set[int]:
    """Return those of *item_ids* whose project lies inside *scope*: what may be written."""
    query = (
        select(WatchItem.id)
        .join(Project, Project.id == WatchItem.project_id)
        .where(WatchItem.id.in_(sorted(set(item_ids))), _of_project(scope))
    )
    return set(connection.execute(query).scalars())


def list_people(connection: Connection) -> list[tuple[int, str, str]]:
    """Return every person who may own an item: key, name, title."""
    query = select(Person.id, Person.name, Person.title).order_by(Person.name, Person.id)
    return [(row[0], row[1], row[2] or "") for row in connection.execute(query)]


def _of_project(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)


def _visible(scope: Scope) -> ColumnElement[bool]:
    """Inside the scope by the project, or owned by one of its units."""
    if scope.everything or not scope.unit_ids:
        return _of_project(scope)
    return or_(_of_project(scope), WatchItem.owner_unit_id.in_(sorted(scope.unit_ids)))


def _narrow(scope: Scope, wanted: WatchFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = [_visible(scope)]
    for column, key in (
        (WatchItem.kind, wanted.kind.value if wanted.kind else None),
        (Project.county_id, wanted.county_id),
        (Project.headquarters_id, wanted.headquarters_id),
        (WatchItem.project_id, wanted.project_id),
        (WatchItem.owner_person_id, wanted.owner_person_id),
    ):
        if key is not None:
            tests.append(column == key)
    if wanted.is_open is not None:
        tests.append(WatchItem.left_on.is_(None) if wanted.is_open else WatchItem.left_on.is_not(None))
    if wanted.overdue_on is not None:
        tests.append(and_(WatchItem.left_on.is_(None), WatchItem.due_on < wanted.overdue_on))
    if wanted.text:
        tests.append(or_(*(part.icontains(wanted.text, autoescape=True) for part in (Project.name, Project.code))))
    return tests
