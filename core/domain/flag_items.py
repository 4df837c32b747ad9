"""Measures that a project has several of: overdue nodes and bond batches, each a hit of its own."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.flag_rules import FlagMeasure, FlagRuleSet, Quotient
from core.domain.standing import Standing

# 山西 (晋财债〔2022〕5号): spent share required after so many full months since the issue, %; batches above 3000 万元.
BOND_STEPS = ((3, 25), (6, 50), (9, 75))
BOND_STEPS_ABOVE_YUAN = 30_000_000
BOND_STEPS_END = 12
# 天津 2022: everything within six months, evenly, from the month after the issue.
BOND_LINEAR_MONTHS = 6


class Item(NamedTuple):
    """One measured thing: value, its name for the reason, and where it is kept."""

    value: Quotient
    name: str
    source: str


ItemReading = Callable[[Standing, FlagRuleSet], Iterator[Item]]


def months_since(start: date, on: date) -> int:
    """Return the full months from *start* to *on*; a month that is too short for the day ends on its last day."""
    whole = (on.year - start.year) * MONTHS_PER_YEAR + on.month - start.month
    return whole - (on.day < min(start.day, monthrange(on.year, on.month)[1]))


def required_share_pct(months: int, retention_pct: int) -> int | None:
    """Return the share of a bond batch that must be spent after *months* full months (山西), None before the third."""
    if months >= BOND_STEPS_END:
        return 100 - retention_pct
    return next((share for after, share in reversed(BOND_STEPS) if months >= after), None)


def _late_keys(standing: Standing, _rules: FlagRuleSet) -> Iterator[Item]:
    for node, days in standing.nodes.late_keys:
        yield Item((days, 1), node.name, f"milestone:{node.id}")


def _late_nodes(standing: Standing, _rules: FlagRuleSet) -> Iterator[Item]:
    on = standing.as_of.on
    for node in standing.facts.milestones:
        if node.planned_on is not None and node.planned_on < on and (node.actual_on is None or node.actual_on > on):
            yield Item(((on - node.planned_on).days, 1), node.name, f"milestone:{node.id}")


def _bond_step_lags(standing: Standing, rules: FlagRuleSet) -> Iterator[Item]:
    """Required minus spent share in pp, for every batch the rule speaks of."""
    for bond in standing.facts.bonds:
        required = required_share_pct(months_since(bond.granted_on, standing.as_of.on), rules.retention_pct)
        if required is not None and bond.granted_yuan > BOND_STEPS_ABOVE_YUAN:
            lag = (required * bond.granted_yuan - 100 * bond.spent_yuan, bond.granted_yuan)
            yield Item(lag, bond.name, f"bond:{bond.id}")


def _bond_linear_lags(standing: Standing, _rules: FlagRuleSet) -> Iterator[Item]:
    """(Expected − spent) ÷ expected in %, expected = granted × min(1, k ÷ 6), k = months after the month of issue."""
    on = standing.as_of.on
    for bond in standing.facts.bonds:
        k = (on.year - bond.granted_on.year) * MONTHS_PER_YEAR + on.month - bond.granted_on.month
        if k > 0:
            expected = bond.granted_yuan * min(k, BOND_LINEAR_MONTHS)
            yield Item(
                (100 * (expected - BOND_LINEAR_MONTHS * bond.spent_yuan), expected), bond.name, f"bond:{bond.id}"
            )


ITEM_READINGS: dict[FlagMeasure, ItemReading] = {
    FlagMeasure.KEY_MILESTONE_OVERDUE_DAYS: _late_keys,
    FlagMeasure.MILESTONE_OVERDUE_DAYS: _late_nodes,
    FlagMeasure.BOND_STEP_LAG_PP: _bond_step_lags,
    FlagMeasure.BOND_LINEAR_LAG_PCT: _bond_linear_lags,
}
