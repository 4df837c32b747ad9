"""Who is flagged again and again (屡次亮旗), from the frozen flags of the year's published rounds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, case, func, select

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
    inside = project_scope(scope, this.county_id, this.headquarters_id, this.unit_id)
    counted = (
        _flags(year, kind, this.subject_id, severe.label("severe"), warn.label("warn"))
        .where(inside)
        .group_by(this.subject_id)
        .having(severe + warn >= at_least)
        .subquery()
    )
    # Names and owners as in the latest flag of the year.
    last_flag = _flags(year, kind, func.max(this.id)).where(this.subject_id == counted.c.subject_id).scalar_subquery()
    streak = case((this.round_id == _latest_round(year), this.streak), else_=0)
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


_PUBLISHED = SupervisionRound.status == RoundStatus.PUBLISHED.value


def _flags(year: int, kind: SubjectKind, *columns: Any) -> Select[Any]:
    """Return *columns* of the year's published flags on subjects of *kind*."""
    query: Select[Any] = select(*columns).join(SupervisionRound, SupervisionRound.id == FlagDecision.round_id)
    return query.where(_PUBLISHED, SupervisionRound.year == year, FlagDecision.subject_kind == kind.value)


def _latest_round(year: int) -> ScalarSelect[int]:
    query = select(SupervisionRound.id).where(_PUBLISHED, SupervisionRound.year == year)
    return query.order_by(SupervisionRound.number.desc(), SupervisionRound.revision.desc()).limit(1).scalar_subquery()
