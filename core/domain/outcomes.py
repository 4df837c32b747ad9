"""What "delayed later" means, as data, and what became of a project after a day. Basis: docs/metrics.md#backtest.

Predictions are judged with hindsight: reports sent in later and dates reached later count. What cannot be known yet
is None and counts nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from core.domain.facts import MONTHS_PER_YEAR, ProjectFacts
from core.domain.flag_rules import Quotient
from core.domain.period import AsOf, Month
from core.domain.standing import curve_due_yuan
from core.domain.terms import Term, YearClass


class OutcomeKind(Term):
    """Which later fact a flag is held against (后果)."""

    LAG_LATER = "lag_later", "若干月后投资欠序时"
    LAG_YEAR_END = "lag_year_end", "年底投资欠序时"
    NODE_LATE = "node_late", "关键节点最终逾期"
    FINISH_LATE = "finish_late", "未在计划年度竣工"


@dataclass(frozen=True, slots=True)
class OutcomeDefinition:
    """
    When a project counts as delayed later (后来确实滞后).

    Attributes:
        beyond: More than so many 百分点 (lag) or days (node); without meaning for FINISH_LATE.
        months: LAG_LATER looks so many months ahead, December at most; NODE_LATE at key nodes due within so many.
    """

    kind: OutcomeKind
    beyond: Decimal = Decimal(10)
    months: int = 3

    @property
    def label(self) -> str:
        """The definition in one Chinese phrase."""
        beyond = f"{self.beyond.normalize():f}"
        return {
            OutcomeKind.LAG_LATER: f"{self.months} 个月后（不晚于当年12月）投资欠序时超过 {beyond} 个百分点",
            OutcomeKind.LAG_YEAR_END: f"当年12月投资欠序时超过 {beyond} 个百分点",
            OutcomeKind.NODE_LATE: f"{self.months} 个月内到期的关键节点最终逾期超过 {beyond} 天",
            OutcomeKind.FINISH_LATE: "计划当年竣工投产而未在当年竣工或投产",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Truth:
    """
    What is known today of one project.

    Attributes:
        years: Its facts with hindsight, by year.
        until: Today's as-of point; nothing after it is known.
    """

    years: Mapping[int, ProjectFacts]
    until: AsOf


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a project: whether it was delayed, and the day on which that became a fact."""

    delayed: bool
    fact_on: date | None = None


ON_TIME = Fate(delayed=False)


def fate_of(definition: OutcomeDefinition, known: ProjectFacts, at: AsOf, truth: Truth) -> Fate | None:
    """
    Return what became of the project after *at*; None when that is not decided, or there was nothing to be late with.

    Args:
        known: Facts as they were known at *at*; they say which nodes and which finish were promised.
    """
    if definition.kind is OutcomeKind.NODE_LATE:
        return _node_fate(definition, known, at.on, truth)
    if definition.kind is OutcomeKind.FINISH_LATE:
        return _finish_fate(known, at.year, truth)
    december = Month(at.year, MONTHS_PER_YEAR)
    later = min(at.month.shift(definition.months), december)
    return _lag_fate(definition.beyond, at.month, december if _is_year_end(definition) else later, truth)


def lag_pp(facts: ProjectFacts, months: int) -> Quotient | None:
    """
    Return 序时 − completed share after *months* months in pp, unrounded; positive = behind.

    序时 follows the month plans, N/12 without them. None without plan, without any report, or outside the list.
    """
    plan, reports = facts.annual_plan_yuan, facts.month_done_yuan[:months]
    if facts.year_class is None or plan is None or plan <= 0 or reports.count(None) == months:
        return None
    done = sum(filter(None, reports))
    if facts.month_plan_yuan.count(None) < MONTHS_PER_YEAR:
        return 100 * (curve_due_yuan(facts, months) - done), plan
    return 100 * (months * plan - MONTHS_PER_YEAR * done), MONTHS_PER_YEAR * plan


def _is_year_end(definition: OutcomeDefinition) -> bool:
    return definition.kind is OutcomeKind.LAG_YEAR_END


def _lag_fate(beyond: Decimal, month: Month, target: Month, truth: Truth) -> Fate | None:
    facts = truth.years.get(month.year)
    if facts is None or not month < target <= truth.until.month:
        return None
    final = lag_pp(facts, target.number)
    if final is None:
        return None
    limit = Fraction(beyond)
    if Fraction(*final) <= limit:
        return ON_TIME
    for number in range(target.number, 0, -1):  # back to where the lag that is still there began
        lag = lag_pp(facts, number)
        if lag is None or Fraction(*lag) <= limit:
            return Fate(True, Month(month.year, number + 1).last_day)
    return Fate(True, Month(month.year, 1).last_day)


def _node_fate(definition: OutcomeDefinition, known: ProjectFacts, on: date, truth: Truth) -> Fate | None:
    latest = truth.years[max(truth.years)] if truth.years else None
    reached = {node.id: node.actual_on for node in latest.milestones} if latest else {}
    allowed, horizon = timedelta(days=int(definition.beyond)), Month.of(on).shift(definition.months).last_day
    late: list[date] = []
    decided = open_ = 0
    for node in known.milestones:
        if not node.is_key or node.planned_on is None or node.id not in reached:
            continue
        if node.planned_on > horizon or (node.actual_on is not None and node.actual_on <= on):
            continue
        deadline, actual = node.planned_on + allowed, reached[node.id]
        if (actual or truth.until.on) > deadline:
            late.append(deadline + timedelta(days=1))
        elif actual is None:
            open_ += 1
        else:
            decided += 1
    if late:
        return Fate(True, min(late))
    return ON_TIME if decided and not open_ else None


def _finish_fate(known: ProjectFacts, year: int, truth: Truth) -> Fate | None:
    facts = truth.years.get(year)
    if facts is None or known.year_class is not YearClass.FINISHING:
        return None
    year_end = date(year, MONTHS_PER_YEAR, 31)
    finished = min((day for day in (facts.completed_on, facts.commissioned_on) if day is not None), default=None)
    if finished is not None and finished <= year_end:
        return ON_TIME
    return Fate(True, date(year + 1, 1, 1)) if truth.until.on > year_end else None
