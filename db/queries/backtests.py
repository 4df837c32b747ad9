"""Reads of the back-test beside facts: flags of published rounds, what units said, names of projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from core.domain.flag_hits import RuleHit, hits_from_json
from core.domain.period import Month
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.models.money import InvestmentReport
from db.models.project import Project
from db.models.supervision import FlagDecision, SupervisionRound
from db.queries.facts_statements import COUNTED_STATUSES


@dataclass(frozen=True, slots=True)
class PublishedRound:
    """A published round: the last month of its period and the day its facts stand at."""

    id: int
    month: Month
    cut_off_on: date


@dataclass(frozen=True, slots=True)
class PublishedFlag:
    """The flag of a project in a published round."""

    computed: FlagLevel
    level: FlagLevel
    hits: tuple[RuleHit, ...]


@dataclass(frozen=True, slots=True)
class SelfReport:
    """What a unit said of its difficulties in one month's report, and when it sent it in."""

    difficulty: str
    submitted_at: datetime | None


def first_report_month(connection: Connection) -> Month | None:
    """Return the first month of which any counted report is kept."""
    query = select(InvestmentReport.year, InvestmentReport.month).where(InvestmentReport.status.in_(COUNTED_STATUSES))
    row = connection.execute(query.order_by(InvestmentReport.year, InvestmentReport.month).limit(1)).first()
    return None if row is None else Month(*row)


def published_rounds(connection: Connection, first: Month, last: Month) -> dict[Month, PublishedRound]:
    """Return the published round of each month that ends one; the latest where several end in a month."""
    table = SupervisionRound
    query = (
        select(table.id, table.last_month, table.cut_off_on)
        .where(
            table.status == RoundStatus.PUBLISHED.value,
            table.last_month >= str(first),
            table.last_month <= str(last),
        )
        .order_by(table.cut_off_on, table.id)
    )
    rows = (PublishedRound(key, Month.parse(month), day) for key, month, day in connection.execute(query))
    return {row.month: row for row in rows}


def published_flags(connection: Connection, round_id: int, first_id: int, last_id: int) -> dict[int, PublishedFlag]:
    """Return the frozen project flags of a round for first_id ≤ id ≤ last_id, by project."""
    table = FlagDecision
    query = select(table.subject_id, table.computed_level, table.level, table.hits).where(
        table.round_id == round_id,
        table.subject_kind == SubjectKind.PROJECT.value,
        table.subject_id.between(first_id, last_id),
    )
    return {
        key: PublishedFlag(FlagLevel(computed), FlagLevel(level), hits_from_json(hits))
        for key, computed, level, hits in connection.execute(query)
    }


def self_reports(
    connection: Connection, first_id: int, last_id: int, first: Month, last: Month
) -> dict[tuple[int, Month], SelfReport]:
    """Return what the counted reports of *first*..*last* say, by project and month."""
    table = InvestmentReport
    query = select(table.project_id, table.year, table.month, table.difficulty, table.submitted_at).where(
        table.project_id.between(first_id, last_id),
        table.year.between(first.year, last.year),
        table.status.in_(COUNTED_STATUSES),
    )
    return {
        (key, month): SelfReport(difficulty, submitted_at)
        for key, year, number, difficulty, submitted_at in connection.execute(query)
        if first <= (month := Month(year, number)) <= last
    }


def project_names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of the projects with *ids*."""
    query = select(Project.id, Project.name).where(Project.id.in_(ids))
    return {row.id: row.name for row in connection.execute(query)}
