"""The reserve (项目储备) by maturity, its conversion into starts, and who is not in the statistics library yet."""

from dataclasses import dataclass, replace
from datetime import date

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.reserve_pool import Conversion, NextGrade, convert, grade, next_grade
from core.domain.start_rules import StartRules
from core.domain.start_terms import EntryStatus, Maturity
from core.domain.statistics_entry import Entry, entry_of
from core.services import figures
from core.services.starts.preparing import ReadinessRow, matrix
from core.services.starts.rules import rules_in_force
from db.queries import starts as queries
from db.queries.starts import EntryRow, StartFilter, StartGroup
from db.session import current_store, read

MOST_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A reserve project with its grade and what the next one asks for."""

    project: ReadinessRow
    grade: Maturity
    next: NextGrade | None


@dataclass(frozen=True, slots=True)
class GradeSum:
    """Projects of a grade and their total investment, 元."""

    grade: Maturity
    projects: int
    investment_yuan: int


@dataclass(frozen=True, slots=True)
class Pool:
    """The reserve: its projects, best prepared first, and the sums by grade."""

    rows: tuple[PoolRow, ...]
    grades: tuple[GradeSum, ...]
    rules: StartRules


def pool(actor: Actor, wanted: StartFilter) -> Pool:
    """Return the reserve projects (谋划、储备、前期 and not started) that match, by maturity."""
    table = matrix(actor, replace(wanted, group=StartGroup.POOL, has_started=False))
    rules = table.rules.grades
    rows = [PoolRow(one, grade(one.readiness, rules), next_grade(one.readiness, rules)) for one in table.rows]
    rows.sort(key=lambda one: (one.grade, -(one.project.readiness.share or 0)))
    sums = []
    for level in Maturity:
        own = [one.project.row.total_investment_yuan for one in rows if one.grade is level]
        sums.append(GradeSum(level, len(own), sum(own)))
    return Pool(tuple(rows), tuple(sums), table.rules)


def conversion(actor: Actor, first_on: date, last_on: date) -> Conversion:
    """
    Return 储备转化 of the listed projects over a period, both days inclusive.

    From 1 January to today it agrees with the measures behind the shipped rates (docs/metrics.md#rates).

    Raises:
        Invalid: The period ends before it begins.
    """
    require(actor, Permission.VIEW_PROJECTS)
    if first_on > last_on:
        raise Invalid([Problem("last_on", "order", "统计期的结束日期早于开始日期，请核对。")])
    figures.version()
    last_on = min(last_on, current_store().today())
    with read() as connection:
        return convert(queries.reserve_dates(connection, actor.scope, last_on), first_on, last_on)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A project with where it stands on its way into the statistics library."""

    row: EntryRow
    entry: Entry


@dataclass(frozen=True, slots=True)
class Entries:
    """The listed projects that have begun: who is in, who is late, and how many of each."""

    lines: tuple[EntryLine, ...]
    counts: dict[EntryStatus, int]
    rules: StartRules
    today: date


_URGENCY = (
    EntryStatus.SEVERE,
    EntryStatus.LATE,
    EntryStatus.UNDATED,
    EntryStatus.WAITING,
    EntryStatus.ENTERED_LATE,
    EntryStatus.ENTERED,
    EntryStatus.TOO_SMALL,
    EntryStatus.NOT_STARTED,
)


def entries(actor: Actor, county_id: int | None = None, text: str = "") -> Entries:
    """Return the projects that have begun with their clocks, the most late first."""
    require(actor, Permission.VIEW_PROJECTS)
    figures.version()
    today = current_store().today()
    with read() as connection:
        rules = rules_in_force(connection)
        rows = queries.list_entries(connection, actor.scope, county_id, text, MOST_ENTRIES)
    lines = [
        EntryLine(
            row,
            entry_of(
                row.total_investment_yuan,
                row.started_on,
                row.entered_on,
                today,
                has_started=row.has_started,
                rules=rules.entry,
            ),
        )
        for row in rows
    ]
    lines.sort(key=lambda line: (_URGENCY.index(line.entry.status), line.entry.due_on or date.max, line.row.project_id))
    counts = {status: sum(line.entry.status is status for line in lines) for status in EntryStatus}
    return Entries(tuple(lines), counts, rules, today)
