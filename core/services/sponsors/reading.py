"""What may be read of sponsor leaders: all of them with their figures, one with projects, visits and promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.domain.errors import NotFound
from core.domain.matters.state import time_left
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.sponsor_changes import Changes, changes_since
from core.domain.sponsors import (
    LeaderFigures,
    SponsorLink,
    Visit,
    VisitRules,
    credited,
    is_visit_due,
    leader_figures,
)
from core.services import figures
from core.services.matters import MatterCard
from core.services.matters.rules import clock_at
from core.services.sponsors.rules import rules_in_force
from db.queries import matters as matter_queries
from db.queries import process_facts, projects
from db.queries import sponsor_facts as fact_queries
from db.queries import sponsors as queries
from db.queries.process_facts import ProcessRow
from db.queries.projects import LedgerRow
from db.queries.sponsors import AssignmentRow, PersonRow
from db.session import current_store, read

VISITS_SHOWN = 60
PROMISES_SHOWN = 100
PEOPLE_OFFERED = 50
ASSIGNMENTS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """A leader with what his projects and visits add up to, inside the reader's scope."""

    person: PersonRow
    figures: LeaderFigures


@dataclass(frozen=True, slots=True)
class SponsoredRow:
    """
    One project of a leader.

    Attributes:
        last_visit_on: His latest visit; None = never.
        owed: Visits he still owes it this month.
        problems: Open problems; *overdue* of them.
        changes: What changed since the last visit; None when he never went.
    """

    row: LedgerRow
    from_on: date | None
    last_visit_on: date | None
    visits: int
    owed: int
    problems: int
    overdue: int
    changes: Changes | None

    def days_since(self, today: date) -> int | None:
        """Return the days since his last visit."""
        return None if self.last_visit_on is None else (today - self.last_visit_on).days


@dataclass(frozen=True, slots=True)
class LeaderView:
    """One leader: his figures, projects (owed visits and the worst first), visits, promises with their clocks."""

    person: PersonRow
    figures: LeaderFigures
    rules: VisitRules
    rows: tuple[SponsoredRow, ...]
    visits: tuple[ProcessRow, ...]
    promises: tuple[MatterCard, ...]
    today: date


def leaders(actor: Actor) -> tuple[LeaderRow, ...]:
    """
    Return every leader who stands for a project inside the actor's scope, who owes most visits first.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    figures.version()
    today = current_store().today()
    with read() as connection:
        links = queries.list_links(connection, actor.scope, _first_day(today))
        people = queries.find_people(connection, sorted({link.person_id for link in links}))
        found = _figures(connection, actor.scope, people, links, None, today)
    rows = [LeaderRow(people[key], own) for key, own in found.items() if own.projects]
    return tuple(
        sorted(rows, key=lambda row: (-row.figures.now.owed, -row.figures.severe, -row.figures.projects, row.person.id))
    )


def own_person(actor: Actor) -> int | None:
    """Return the person that the actor's account is linked to; None for others."""
    require(actor, Permission.VIEW_PROJECTS)
    if actor.user_id is None:
        return None
    with read() as connection:
        return queries.person_of_user(connection, actor.user_id)


def leader(actor: Actor, person_id: int) -> LeaderView:
    """
    Return one leader's page.

    Raises:
        NotFound: No such person, or nobody who ever stood for a project inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    version = figures.version()
    today = current_store().today()
    with read() as connection:
        links = queries.list_links(connection, actor.scope, date.min, [person_id])
        people = queries.find_people(connection, [person_id])
        if person_id not in people or not links:
            raise NotFound("没有找到该包保领导，或其包保的项目不在您的管理范围内。请从“全部领导”中选择。")
        keys = sorted({link.project_id for link in links})
        visits = queries.list_visits(connection, actor.scope, None, keys)
        found = _figures(connection, actor.scope, people, links, visits, today)[person_id]
        return LeaderView(
            person=people[person_id],
            figures=found,
            rules=rules_in_force(connection),
            rows=_rows(connection, actor.scope, links, people, visits, version.month.year, today),
            visits=process_facts.list_visits(connection, actor.scope, keys, people[person_id].name, VISITS_SHOWN),
            promises=_promises(connection, actor.scope, people[person_id].name, keys, today),
            today=today,
        )


def assignments(actor: Actor, person_id: int) -> tuple[AssignmentRow, ...]:
    """Return what a person stands or stood for, those in force first."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(queries.list_assignments(connection, actor.scope, person_id, ASSIGNMENTS_SHOWN))


def people(actor: Actor, text: str) -> tuple[PersonRow, ...]:
    """Return the first ``PEOPLE_OFFERED`` people whose name holds *text*."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(queries.search_people(connection, text.strip()[:64], PEOPLE_OFFERED))


def _first_day(today: date) -> date:
    return date(today.year, 1, 1)


def _figures(
    connection: Connection,
    scope: Scope,
    people: Mapping[int, PersonRow],
    links: Sequence[SponsorLink],
    visits: Sequence[Visit] | None,
    today: date,
) -> dict[int, LeaderFigures]:
    names = {key: person.name for key, person in people.items()}
    if visits is None:
        visits = queries.list_visits(connection, scope, date(today.year - 1, 1, 1))
    promises = queries.list_promises(connection, scope, today, list(names.values()) if len(names) == 1 else None)
    return leader_figures(rules_in_force(connection), names, links, visits, promises, today)


def _rows(
    connection: Connection,
    scope: Scope,
    links: Sequence[SponsorLink],
    people: Mapping[int, PersonRow],
    visits: Sequence[Visit],
    year: int,
    today: date,
) -> tuple[SponsoredRow, ...]:
    present = {link.project_id: link for link in links if link.is_in_force(today)}
    days = credited({key: person.name for key, person in people.items()}, links, visits)
    last = {project: max(found) for (_, project), found in days.items()}
    since = min(last.values(), default=today)
    facts = fact_queries.load_dated_facts(connection, list(present), since, current_store().settings.zone)
    problems = queries.count_problems(connection, list(present), today)
    rules, month = rules_in_force(connection), Month.of(today)
    rows = []
    for row in projects.load_rows(connection, scope, list(present), year):
        link, went = present[row.id], days.get((present[row.id].person_id, row.id), set())
        made = sum(Month.of(day) == month for day in went)
        is_due = is_visit_due(rules, link, month, today)
        before = last.get(row.id)
        open_, overdue = problems.get(row.id, (0, 0))
        rows.append(
            SponsoredRow(
                row=row,
                from_on=link.from_on,
                last_visit_on=before,
                visits=made,
                owed=max(0, rules.per_month - made) if is_due else 0,
                problems=open_,
                overdue=overdue,
                changes=changes_since(facts[row.id], before, today) if before else None,
            )
        )
    return tuple(sorted(rows, key=lambda one: (-one.owed, _gap(one.row), one.row.name)))


def _gap(row: LedgerRow) -> int:
    return row.gap_milli_pp if row.gap_milli_pp is not None else 10**9


def _promises(
    connection: Connection, scope: Scope, name: str, project_ids: Sequence[int], today: date
) -> tuple[MatterCard, ...]:
    ids = queries.list_promise_ids(connection, scope, name, project_ids, PROMISES_SHOWN)
    rows = {row.id: row for row in matter_queries.find_matters(connection, scope, ids)}
    clock = clock_at(connection, today)
    return tuple(MatterCard(rows[key], time_left(rows[key].state, today, clock.calendar)) for key in ids)
