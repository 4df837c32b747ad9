"""What is needed to open cases for a round: flags without one, and the codes given so far."""

from typing import Any

from sqlalchemy import Connection, select

from core.domain.terms import FlagLevel
from db.models.supervision import FlagDecision, Rectification, SupervisionRound


def missing_decisions(connection: Connection, round_id: int) -> list[dict[str, Any]]:
    """Return the yellow and red flags of a round without a case in it or in an earlier revision of it."""
    this, other = SupervisionRound, SupervisionRound.__table__.alias("other")
    known = (
        select(Rectification.id)
        .join(other, other.c.id == Rectification.round_id)
        .where(
            other.c.year == this.year,
            other.c.number == this.number,
            Rectification.subject_kind == FlagDecision.subject_kind,
            Rectification.subject_id == FlagDecision.subject_id,
        )
        .correlate(FlagDecision, this)
    )
    query = (
        select(
            FlagDecision.subject_kind,
            FlagDecision.subject_id,
            FlagDecision.subject_name,
            FlagDecision.county_id,
            FlagDecision.headquarters_id,
            FlagDecision.unit_id,
            FlagDecision.level,
            FlagDecision.hits,
        )
        .join(this, this.id == FlagDecision.round_id)
        .where(
            FlagDecision.round_id == round_id,
            FlagDecision.level.in_([FlagLevel.WARN.value, FlagLevel.SEVERE.value]),
            ~known.exists(),
        )
        .order_by(FlagDecision.urgency, FlagDecision.subject_kind, FlagDecision.subject_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def codes_like(connection: Connection, prefix: str) -> list[str]:
    """Return the codes that begin with *prefix*."""
    query = select(Rectification.code).where(Rectification.code.startswith(prefix, autoescape=True))
    return list(connection.execute(query).scalars())


def ids_of_codes(connection: Connection, round_id: int) -> dict[str, int]:
    """Return code → id of the cases of a round."""
    query = select(Rectification.code, Rectification.id).where(Rectification.round_id == round_id)
    return {code: int(key) for code, key in connection.execute(query)}
