"""The flag of a county, headquarters, unit or campaign: the same ladders over the sums of its projects (Σ/Σ)."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.flag_hits import RuleHit
from core.domain.flag_rules import FlagMeasure, FlagRuleSet, GroupMeasure, NoData, Quotient, ScheduleBasis
from core.domain.flags import FlagDecision, keep, settle_hits
from core.domain.period import AsOf
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, YearClass

Sums = Mapping[str, int]
GroupReading = Callable[[Sums, AsOf, Quotient], Quotient | None]
_PROGRESS = {
    FlagMeasure.LAG_PP: GroupMeasure.LAG_PP,
    FlagMeasure.RELATIVE_LAG_PCT: GroupMeasure.RELATIVE_LAG_PCT,
    FlagMeasure.SCHEDULE_RATIO_PCT: GroupMeasure.SCHEDULE_RATIO_PCT,
}


def decide_group(kind: SubjectKind, sums: Sums, as_of: AsOf, rule_set: FlagRuleSet) -> FlagDecision:
    """
    Return the flag of a group from the sums of its listed projects.

    A kind without rules of its own is judged by the progress rules for 续建 projects over Σ done, Σ plan and Σ 序时.
    Without any plan, or with every due report missing, progress is NO_DATA, as with a project.

    Args:
        kind: Any but PROJECT.
        sums: By the codes of ``core.domain.measures``; at least those of ``round_groups.GROUP_MEASURES``.
    """
    due = group_due(sums, as_of, rule_set.basis)
    missing = _missing(sums)
    hits: list[RuleHit] = []
    judged = False
    for ladder in rule_set.group_ladders[kind]:
        judged = judged or ladder.is_progress
        value = None if ladder.is_progress and missing else GROUP_READINGS[ladder.measure](sums, as_of, due)
        if value is not None:
            keep(hits, ladder.worst(value), value)
    if not rule_set.group_ladders[kind]:
        judged = True
        _by_project_rules(hits, sums, as_of, due, rule_set, missing)
    gap = None if missing is not None else _negated(_lag_pp(sums, as_of, due))
    return settle_hits(hits, missing if judged else None, gap, rule_set.merge_notice_into)


def progress_level(sums: Sums, as_of: AsOf, rule_set: FlagRuleSet) -> FlagLevel:
    """Return what the progress rules alone say of the sums of any projects: the colour of a bar, not a flag."""
    if sums["annual_plan_yuan"] <= 0:
        return FlagLevel.NO_DATA
    hits: list[RuleHit] = []
    _by_project_rules(hits, sums, as_of, group_due(sums, as_of, rule_set.basis), rule_set, None)
    return settle_hits(hits, None, None, rule_set.merge_notice_into).level


def group_due(sums: Sums, as_of: AsOf, basis: ScheduleBasis) -> Quotient:
    """Return the share of the year that is due for the group."""
    plan = sums["annual_plan_yuan"]
    if basis is ScheduleBasis.CURVE and plan > 0:
        return sums["curve_due_yuan"], plan
    return as_of.month.number, MONTHS_PER_YEAR


def _by_project_rules(
    hits: list[RuleHit], sums: Sums, as_of: AsOf, due: Quotient, rule_set: FlagRuleSet, missing: NoData | None
) -> None:
    for ladder in rule_set.ladders[YearClass.CONTINUING]:
        measure = _PROGRESS.get(ladder.measure)
        value = None if measure is None or missing else GROUP_READINGS[measure](sums, as_of, due)
        if value is not None:
            keep(hits, ladder.worst(value), value)


def _missing(sums: Sums) -> NoData | None:
    if sums["annual_plan_yuan"] <= 0:
        return NoData.NO_PLAN
    return NoData.NO_REPORT if 0 < sums["reports_due"] <= sums["reports_missing"] else None


def _negated(value: Quotient) -> Quotient:
    return -value[0], value[1]


def _lag_pp(sums: Sums, _as_of: AsOf, due: Quotient) -> Quotient:
    plan = sums["annual_plan_yuan"]
    lag = Fraction(100 * due[0], due[1]) - Fraction(100 * sums["ytd_done_yuan"], plan)
    return lag.numerator, lag.denominator


def _relative_lag_pct(sums: Sums, _as_of: AsOf, due: Quotient) -> Quotient | None:
    expected = due[0] * sums["annual_plan_yuan"]
    return (100 * (expected - due[1] * sums["ytd_done_yuan"]), expected) if expected > 0 else None


def _schedule_ratio_pct(sums: Sums, _as_of: AsOf, due: Quotient) -> Quotient | None:
    expected = due[0] * sums["annual_plan_yuan"]
    return (100 * due[1] * sums["ytd_done_yuan"], expected) if expected > 0 else None


def _months_undone(sums: Sums, as_of: AsOf, _due: Quotient) -> Quotient:
    """Months in a row, ending with the as-of month, in which less was done than planned for the month."""
    run = 0
    for month in range(as_of.month.number, 0, -1):
        if sums[f"done_m{month:02d}_yuan"] >= sums[f"plan_m{month:02d}_yuan"]:
            break
        run += 1
    return run, 1


def _share(top: Callable[[Sums], int], bottom: str) -> GroupReading:
    def read(sums: Sums, _as_of: AsOf, _due: Quotient) -> Quotient | None:
        return (100 * top(sums), sums[bottom]) if sums[bottom] > 0 else None

    return read


def _severe(sums: Sums) -> int:
    return sums[f"level_{FlagLevel.SEVERE.value}"]


GROUP_READINGS: dict[GroupMeasure, GroupReading] = {
    GroupMeasure.LAG_PP: _lag_pp,
    GroupMeasure.RELATIVE_LAG_PCT: _relative_lag_pct,
    GroupMeasure.SCHEDULE_RATIO_PCT: _schedule_ratio_pct,
    GroupMeasure.MONTHS_UNDONE: _months_undone,
    GroupMeasure.SEVERE_COUNT: lambda sums, _as_of, _due: (_severe(sums), 1),
    GroupMeasure.SEVERE_SHARE_PCT: _share(_severe, "projects"),
    GroupMeasure.FLAGGED_SHARE_PCT: _share(lambda sums: _severe(sums) + sums["level_warn"], "projects"),
    GroupMeasure.UNSTARTED_SHARE_PCT: _share(lambda sums: sums["unstarted"], "start_due"),
    GroupMeasure.REPORTS_MISSING_SHARE_PCT: _share(lambda sums: sums["reports_missing"], "reports_due"),
}
