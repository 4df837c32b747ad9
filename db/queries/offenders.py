"""Who is flagged again and again (屡次亮旗), from the frozen flags of the year's published rounds."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from core.domain.scope import Scope
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.models.organisation import County, Unit
from db.models.supervision import FlagDecision, SupervisionRound
from db.queries.scoping import project_scope


@dataclass(frozen=True, slots=True)
class OffenderRow:
    """
    One subject that was yellow or red at least twice in the year.

    Attributes:
        severe: Rounds of the year at SEVERE; warn likewise.
        streak: Rounds in a row at WARN or worse, up to the latest published round; 0 = not any more.
    """

    kind: SubjectKind
    subject_id: int
    name: str
    county_name: str
    unit_name: str
    severe: int
    warn: int
    streak: int


def list_offenders(
    connection: Connection, scope: Scope, year: int, kind: SubjectKind, *, at_least: int, limit: int
) -> list[OffenderRow]:
    """Return subjects with *at_least* yellow or red rounds in *year*, the most in a row first."""
    this = FlagDecision
    severe = func.sum(case((this.level == FlagLevel.SEVERE.value, 1), else_=0))
    warn = func.sum(case((this.level == FlagLevel.WARN.value, 1), else_=0))
    published = SupervisionRound.status == RoundStatus.PUBLISHED.value
    counted = (
        select(this.subject_id, severe.label("severe"), warn.label("warn"))
        .join(SupervisionRound, SupervisionRound.id == this.round_id)
        .where(
            published,
            SupervisionRound.year == year,
            this.subject_kind == kind.value,
            project_scope(scope, this.county_id, this.headquarters_id, this.unit_id),
        )
        .group_by(this.subject_id)
        .having(severe + warn >= at_least)
        .subquery()
    )
    latest = (
        select(SupervisionRound.id)
        .where(published, SupervisionRound.year == year)
        .order_by(SupervisionRound.number.desc(), SupervisionRound.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    # Names and owners as in the latest flag of the year.
    last_flag = (
        select(func.max(this.id))
        .join(SupervisionRound, SupervisionRound.id == this.round_id)
        .where(
            published,
            SupervisionRound.year == year,
            this.subject_kind == kind.value,
            this.subject_id == counted.c.subject_id,
        )
        .scalar_subquery()
    )
    streak = case((this.round_id == latest, this.streak), else_=0)
    query = (
        select(
            counted.c.subject_id,
            this.subject_name,
            func.coalesce(County.name, ""),
            func.coalesce(Unit.name, ""),
            counted.c.severe,
            counted.c.warn,
            streak.label("streak"),
        )
        .select_from(counted)
        .join(this, this.id == last_flag)
        .join(County, County.id == this.county_id, isouter=True)
        .join(Unit, Unit.id == this.unit_id, isouter=True)
        .order_by(streak.desc(), counted.c.severe.desc(), counted.c.warn.desc(), counted.c.subject_id)
        .limit(limit)
    )
    return [
        OffenderRow(kind, row[0], row[1], row[2], row[3], int(row[4]), int(row[5]), int(row[6]))
        for row in connection.execute(query)
    ]
