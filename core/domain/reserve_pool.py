"""The reserve (项目储备): maturity by papers, what the next grade asks for, and how much of it became a start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.readiness import READY_STATES, Readiness
from core.domain.start_rules import SHIPPED, GradeRule
from core.domain.start_terms import Maturity, ProcedureKind, ProcedureState


def grade(readiness: Readiness, rules: tuple[GradeRule, ...] = SHIPPED.grades) -> Maturity:
    """Return the best grade whose demands are met; D when none is."""
    return next(
        (rule.grade for rule in rules if not _wanting(readiness, rule) and _share_met(readiness, rule)), Maturity.D
    )


def _share_met(readiness: Readiness, rule: GradeRule) -> bool:
    share = readiness.share
    return share is not None and share * 100 >= rule.min_share_pct


def _wanting(readiness: Readiness, rule: GradeRule) -> tuple[ProcedureKind, ...]:
    met = (*READY_STATES, ProcedureState.NOT_NEEDED)
    return tuple(kind for kind in rule.required if readiness.states.get(kind, ProcedureState.UNKNOWN) not in met)


@dataclass(frozen=True, slots=True)
class NextGrade:
    """
    What the next better grade asks for.

    Attributes:
        required: Procedures that must be among the ready ones and are not.
        more: Further procedures needed for the share, beyond *required*.
    """

    grade: Maturity
    required: tuple[ProcedureKind, ...]
    more: int


def next_grade(readiness: Readiness, rules: tuple[GradeRule, ...] = SHIPPED.grades) -> NextGrade | None:
    """Return what is missing to the next better grade; None at the best one, or when nothing applies."""
    now = grade(readiness, rules)
    better = [rule for rule in rules if rule.grade < now]
    if not better or not readiness.applicable:
        return None
    rule = better[-1]
    required = _wanting(readiness, rule)
    needed = -(-rule.min_share_pct * readiness.applicable // 100)  # ready ÷ applicable ≥ share, in whole procedures
    return NextGrade(rule.grade, required, max(0, needed - readiness.ready - len(required)))


@dataclass(frozen=True, slots=True)
class ReserveDates:
    """When a project entered the reserve and when it started; None = not yet."""

    reserved_on: date
    started_on: date | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """
    储备转化 of a period (domain: 储备转化率), both definitions.

    Attributes:
        at_start: In the reserve when the period began; *at_start_converted* of them started in it.
        added: Entered the reserve in the period; *added_converted* of them started in it.
    """

    at_start: int
    at_start_converted: int
    added: int
    added_converted: int

    @property
    def rate(self) -> Fraction | None:
        """期初储备口径: started ÷ in the reserve at the beginning; None without any."""
        return Fraction(self.at_start_converted, self.at_start) if self.at_start else None

    @property
    def rate_added(self) -> Fraction | None:
        """含新增储备口径: started ÷ (at the beginning + added); None without any."""
        whole = self.at_start + self.added
        return Fraction(self.at_start_converted + self.added_converted, whole) if whole else None


def convert(rows: Iterable[ReserveDates], first_on: date, last_on: date) -> Conversion:
    """
    Return the conversion of a period, both days inclusive.

    A project started before the period, or before it entered the reserve, belongs to neither side.
    """
    counts = [0, 0, 0, 0]
    for row in rows:
        started = row.started_on
        if row.reserved_on > last_on or (started is not None and started < max(first_on, row.reserved_on)):
            continue
        place = 0 if row.reserved_on < first_on else 2
        counts[place] += 1
        counts[place + 1] += started is not None and started <= last_on
    return Conversion(*counts)
