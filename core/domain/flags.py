"""Decide the supervision flag of a project: worst level wins, every hit is kept with its reason.

Red here is a warning (督查); honours of the contest are another type. No plan or no report never reads as green.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.domain.facts import ProjectFacts
from core.domain.flag_codec import parse_rule_set, rule_set_to_dict
from core.domain.flag_hits import RuleHit
from core.domain.flag_items import ITEM_READINGS
from core.domain.flag_readings import READINGS, cut, due_share, gap_pp, shown, source_of
from core.domain.flag_rule_sets import DEFAULT_RULE_SET, RULE_SETS, SANYA, WUHAN, YINCHUAN
from core.domain.flag_rules import (
    LEVEL_RANK,
    Exemption,
    FlagMeasure,
    FlagRule,
    FlagRuleSet,
    GroupRule,
    NoData,
    Operator,
    Quotient,
    ScheduleBasis,
)
from core.domain.flag_schemes import DEFAULT_SCHEME, FOUR_COLOURS, SCHEMES, Mark, Scheme
from core.domain.period import AsOf
from core.domain.standing import Standing, stand
from core.domain.terms import FlagLevel, YearClass

__all__ = [
    "DEFAULT_RULE_SET",
    "DEFAULT_SCHEME",
    "FOUR_COLOURS",
    "RULE_SETS",
    "SANYA",
    "SCHEMES",
    "WUHAN",
    "YINCHUAN",
    "Exemption",
    "FlagDecision",
    "FlagMeasure",
    "FlagRule",
    "FlagRuleSet",
    "Mark",
    "NoData",
    "Operator",
    "RuleHit",
    "ScheduleBasis",
    "Scheme",
    "decide",
    "decide_standing",
    "parse_rule_set",
    "rule_set_to_dict",
]


@dataclass(frozen=True, slots=True)
class FlagDecision:
    """
    Outcome for one project and one day.

    Attributes:
        level: Level after merging; worst of the hits.
        hits: Reasons, worst first.
        gap: Progress minus 序时 in pp as an unrounded quotient; None when it cannot be known. Negative = behind.
    """

    level: FlagLevel
    hits: tuple[RuleHit, ...]
    gap: Quotient | None

    @property
    def gap_pp(self) -> Fraction | None:
        """Progress minus 序时, 百分点, unrounded; negative = behind."""
        return None if self.gap is None else Fraction(*self.gap)

    @property
    def gap_pp_milli(self) -> int | None:
        """The gap in 1/1000 pp, cut toward zero: rounding it later to 1 or 2 decimals stays right."""
        return None if self.gap is None else cut(self.gap, 1000)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(hit.reason for hit in self.hits)


_EXEMPT = {
    reason: FlagDecision(FlagLevel.EXEMPT, (RuleHit(reason.value, None, None, FlagLevel.EXEMPT, reason.label),), None)
    for reason in Exemption
}
_NO_DATA = {reason: RuleHit(reason.value, None, None, FlagLevel.NO_DATA, reason.label) for reason in NoData}


def decide(facts: ProjectFacts, as_of: AsOf, rule_set: FlagRuleSet) -> FlagDecision:
    """
    Return the flag of one project.

    Missing data (no plan, no report) gives NO_DATA unless another rule already asks for WARN or SEVERE: silence
    must not hide an overdue node. Basis: docs/metrics.md#flags.
    """
    return decide_standing(stand(facts, as_of), rule_set)


def decide_standing(standing: Standing, rule_set: FlagRuleSet) -> FlagDecision:
    """Return the flag of a project whose standing is already known."""
    year_class = standing.facts.year_class
    if year_class is None:
        return _EXEMPT[Exemption.NOT_LISTED]
    exemption = _exemption(standing, rule_set)
    if exemption is not None:
        return _EXEMPT[exemption]
    missing = _missing(standing)
    due = due_share(standing, rule_set.basis)
    hits: list[RuleHit] = []
    progress_judged = False
    for ladder in rule_set.ladders[year_class]:
        if ladder.is_progress:
            progress_judged = True
            if missing is not None:
                continue
        items = ITEM_READINGS.get(ladder.measure)
        if items is not None:
            for value, name, source in items(standing, rule_set):
                keep(hits, ladder.worst(value), value, name, source)
            continue
        single = READINGS[ladder.measure](standing, due)
        if single is not None:
            keep(hits, ladder.worst(single), single, source=source_of(ladder.measure, standing))
    gap = None if missing is not None else gap_pp(standing, due)
    return settle_hits(hits, missing if progress_judged else None, gap, rule_set.merge_notice_into)


def settle_hits(
    hits: list[RuleHit], missing: NoData | None, gap: Quotient | None, merge_notice_into: FlagLevel | None
) -> FlagDecision:
    """Return the decision that *hits* make: worst first, NOTICE merged, NO_DATA where silence hides nothing worse."""
    if len(hits) > 1:
        hits.sort(key=lambda hit: -LEVEL_RANK[hit.level])
    level = hits[0].level if hits else FlagLevel.OK
    if level is FlagLevel.NOTICE and merge_notice_into is not None:
        level = merge_notice_into
    if missing is not None:
        hits.append(_NO_DATA[missing])
        if level is FlagLevel.OK or level is FlagLevel.NOTICE:
            level = FlagLevel.NO_DATA
    return FlagDecision(level, tuple(hits), gap)


def _exemption(standing: Standing, rule_set: FlagRuleSet) -> Exemption | None:
    facts = standing.facts
    if standing.finished_on is not None:
        return Exemption.FINISHED
    if facts.year_class is YearClass.NEW_START and not standing.started:
        planned = facts.start_planned_on
        if planned is not None and planned > standing.last_day:
            return Exemption.BEFORE_START
    if 0 < standing.plan_yuan < rule_set.min_annual_plan_yuan:
        return Exemption.SMALL_PLAN
    return None


def _missing(standing: Standing) -> NoData | None:
    if standing.plan_yuan == 0:
        return NoData.NO_PLAN
    if standing.reported_months == 0:
        return NoData.NO_REPORT
    return None


def keep(
    hits: list[RuleHit], rule: FlagRule | GroupRule | None, value: Quotient, name: str = "", source: str = ""
) -> None:
    """Add the hit of *rule* to *hits*, worded; nothing when there is none."""
    if rule is None:
        return
    measured = Decimal(cut(value, 1000)).scaleb(-3)
    reason = rule.reason_template.replace("{value}", shown(value)).replace("{name}", name)
    hits.append(RuleHit(rule.code, measured, rule.threshold, rule.level, reason, source))
