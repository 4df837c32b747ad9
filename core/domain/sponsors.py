"""
Sponsor leaders (包保领导): who owes a visit, and what the projects of a leader add up to.

A project may have several leaders and a leader many projects, so figures of leaders overlap: never add them up.
Basis: docs/metrics.md#sponsors; at least one visit per project and month (每月调研不少于一次).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.period import Month
from core.domain.schedule import progress_gap_pp
from core.domain.terms import FlagLevel, Stage

VISIT_SOURCE = "领导调研"
MOST_VISITS = 31
_FINISHED = (Stage.COMPLETED, Stage.COMMISSIONED, Stage.FULL_CAPACITY)
_SEPARATORS = re.compile(r"[、，,;；/\s（）()]+")


@dataclass(frozen=True, slots=True)
class VisitRules:
    """
    How often a leader goes to see a project; data, kept in versions.

    Attributes:
        per_month: Visits owed per project and calendar month, 1..31.
        stages: Stages in which visits are owed; projects in others are exempt.
    """

    per_month: int = 1
    stages: tuple[Stage, ...] = (Stage.PREPARATION, Stage.CONSTRUCTION, Stage.SUSPENDED)


DEFAULT_VISITS = VisitRules()


def rules_to_dict(rules: VisitRules) -> dict[str, Any]:
    """Return *rules* as plain values, to be stored."""
    return {"per_month": rules.per_month, "stages": [stage.value for stage in rules.stages]}


def parse_rules(body: Mapping[str, Any]) -> VisitRules:
    """
    Return the rules that *body* spells.

    Raises:
        Invalid: A number of visits that cannot be, or no stage at all.
    """
    number, stages = body.get("per_month"), tuple(Stage(value) for value in body.get("stages", ()))
    problems = []
    if not isinstance(number, int) or not 1 <= number <= MOST_VISITS:
        problems.append(Problem("per_month", "out_of_range", f"每月调研次数应为 1 到 {MOST_VISITS}。"))
    if not stages:
        problems.append(Problem("stages", "missing", "请至少选择一个需要调研的阶段。"))
    if problems:
        raise Invalid(problems)
    return VisitRules(int(str(number)), stages)


@dataclass(frozen=True, slots=True)
class SponsorLink:
    """
    One leader standing for one project, with what the project stands at.

    Attributes:
        from_on: First day; None = since ever. *to_on*: first day on which it is over; None = still in force.
        plan_yuan: Annual plan; *due_yuan* what is due of it by 序时, *done_yuan* what is done; 0 when not in the list.
    """

    person_id: int
    project_id: int
    from_on: date | None
    to_on: date | None
    stage: Stage
    started_on: date | None
    completed_on: date | None
    flag: FlagLevel
    plan_yuan: int = 0
    due_yuan: int = 0
    done_yuan: int = 0

    def is_in_force(self, day: date) -> bool:
        """Whether the leader stands for the project on *day*."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)

    def stage_on(self, day: date) -> Stage:
        """Return the stage on *day*, as far as the dates of start and completion tell."""
        if self.started_on is not None and day < self.started_on:
            return Stage.PREPARATION
        if self.completed_on is not None and day < self.completed_on and self.stage in _FINISHED:
            return Stage.CONSTRUCTION
        return self.stage


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a project (领导调研); *participants* as written, leaders among them by name."""

    project_id: int
    on: date
    participants: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A problem that a leader took up on a visit; *raised_by* is his name."""

    raised_by: str
    project_id: int | None
    is_solved: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class MonthVisits:
    """Visits of a month: owed by rule (*due*), made on different days (*done*), and still missing (*owed*)."""

    month: Month
    due: int
    done: int
    owed: int


@dataclass(frozen=True, slots=True)
class LeaderFigures:
    """
    What a leader's projects and visits add up to.

    Attributes:
        projects: In force today.
        months: January to this month; the last one is not over yet.
        last_visits: Project → day of his latest visit.
    """

    projects: int
    months: tuple[MonthVisits, ...]
    last_visits: Mapping[int, date] = field(default_factory=dict)
    promised: int = 0
    solved: int = 0
    overdue: int = 0
    plan_yuan: int = 0
    due_yuan: int = 0
    done_yuan: int = 0
    severe: int = 0
    warn: int = 0

    @property
    def now(self) -> MonthVisits:
        """Return the visits of this month."""
        return self.months[-1]

    @property
    def last_visit_on(self) -> date | None:
        """Return the day of the latest visit to any of his projects."""
        return max(self.last_visits.values(), default=None)

    @property
    def gap_pp(self) -> Fraction | None:
        """Return Σ done less Σ due over Σ plan (平均序时差), 百分点; None without a plan: never a mean of rates."""
        if self.plan_yuan <= 0:
            return None
        return progress_gap_pp(self.done_yuan, self.plan_yuan, Fraction(self.due_yuan, self.plan_yuan))


def took_part(participants: str, name: str, others: Iterable[str] = ()) -> bool:
    """
    Return whether *name* stands among *participants*, with or without a title (``程立诚``, ``副市长程立诚``).

    Args:
        others: Names of the project's other leaders: of 王守 and 王守正 the longer one is meant.
    """
    longer = [other for other in others if len(other) > len(name) and name in other]
    return any(
        (word.startswith(name) or word.endswith(name)) and not any(other in word for other in longer)
        for word in _SEPARATORS.split(participants)
        if name
    )


def is_visit_due(rules: VisitRules, link: SponsorLink, month: Month, today: date) -> bool:
    """Return whether visits are owed in *month*: in force all through it, stage not exempt."""
    last = min(month.last_day, today)
    return link.is_in_force(month.first_day) and link.is_in_force(last) and link.stage_on(last) in rules.stages


def credited(
    names: Mapping[int, str], links: Iterable[SponsorLink], visits: Iterable[Visit]
) -> dict[tuple[int, int], set[date]]:
    """Return the days on which each leader saw each of his projects, by (person, project); a day counts once."""
    by_project: dict[int, list[SponsorLink]] = defaultdict(list)
    for link in links:
        by_project[link.project_id].append(link)
    days: dict[tuple[int, int], set[date]] = defaultdict(set)
    for visit in visits:
        own = by_project.get(visit.project_id, ())
        known = [names[link.person_id] for link in own]
        for link in own:
            if link.is_in_force(visit.on) and took_part(visit.participants, names[link.person_id], known):
                days[link.person_id, visit.project_id].add(visit.on)
    return days


def projects_owed(
    rules: VisitRules,
    names: Mapping[int, str],
    links: Sequence[SponsorLink],
    visits: Iterable[Visit],
    today: date,
) -> dict[int, int]:
    """
    Return for how many projects each leader still owes a visit this month; who owes none is left out.

    Args:
        links: All leaders of the projects in question: a visit is credited among them by name.
        visits: Of this month at least.
    """
    month, days = Month.of(today), credited(names, links, visits)
    due = {(link.person_id, link.project_id) for link in links if is_visit_due(rules, link, month, today)}
    made = {key: sum(Month.of(day) == month for day in days.get(key, ())) for key in due}
    return dict(Counter(person for (person, _), number in sorted(made.items()) if number < rules.per_month))


def leader_figures(
    rules: VisitRules,
    names: Mapping[int, str],
    links: Sequence[SponsorLink],
    visits: Iterable[Visit],
    promises: Iterable[Promise],
    today: date,
) -> dict[int, LeaderFigures]:
    """
    Return the figures of every leader in *names*, by person.

    Args:
        links: Assignments in force at some time of the year.
        visits: Of the year at least; earlier ones only count as the last visit.
    """
    days = credited(names, links, visits)
    own: dict[int, list[SponsorLink]] = defaultdict(list)
    for link in links:
        own[link.person_id].append(link)
    taken_up: dict[str, list[Promise]] = defaultdict(list)
    for promise in promises:
        taken_up[promise.raised_by].append(promise)
    return {person: _figures(rules, person, own[person], days, taken_up[name], today) for person, name in names.items()}


def _figures(
    rules: VisitRules,
    person: int,
    links: Sequence[SponsorLink],
    days: Mapping[tuple[int, int], set[date]],
    promises: Sequence[Promise],
    today: date,
) -> LeaderFigures:
    projects = {link.project_id for link in links}
    seen = {key: days.get((person, key), set()) for key in projects}
    present = {link.project_id: link for link in links if link.is_in_force(today)}
    kept = [promise for promise in promises if promise.project_id in projects]
    return LeaderFigures(
        projects=len(present),
        months=tuple(_month(rules, links, seen, Month(today.year, n), today) for n in range(1, today.month + 1)),
        last_visits={key: max(found) for key, found in seen.items() if found},
        promised=len(kept),
        solved=sum(promise.is_solved for promise in kept),
        overdue=sum(promise.is_overdue for promise in kept),
        plan_yuan=sum(link.plan_yuan for link in present.values()),
        due_yuan=sum(link.due_yuan for link in present.values()),
        done_yuan=sum(link.done_yuan for link in present.values()),
        severe=sum(link.flag is FlagLevel.SEVERE for link in present.values()),
        warn=sum(link.flag is FlagLevel.WARN for link in present.values()),
    )


def _month(
    rules: VisitRules, links: Sequence[SponsorLink], seen: Mapping[int, set[date]], month: Month, today: date
) -> MonthVisits:
    made = {key: sum(Month.of(day) == month for day in found) for key, found in seen.items()}
    due = {link.project_id for link in links if is_visit_due(rules, link, month, today)}
    owed = sum(max(0, rules.per_month - made[key]) for key in due)
    return MonthVisits(month, rules.per_month * len(due), sum(made.values()), owed)
