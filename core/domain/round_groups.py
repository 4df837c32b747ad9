"""The flag of a county, headquarters or unit: the same rules over the sums of its projects (Σ/Σ)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.facts import MONTHS_PER_YEAR, ProjectFacts
from core.domain.flag_rules import FlagRuleSet, ScheduleBasis
from core.domain.flags import FlagDecision, decide
from core.domain.measures import MEASURE_CODES
from core.domain.period import AsOf
from core.domain.rounds import RoundWindow, SubjectFacts
from core.domain.standing import Standing, linear_due_yuan
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import Stage, YearClass

GROUP_KINDS = (SubjectKind.COUNTY, SubjectKind.HEADQUARTERS, SubjectKind.UNIT)
# What a group's flag and its frozen figures are made of; every one is a sum over projects.
GROUP_MEASURES = (
    "projects",
    "total_investment_yuan",
    "annual_plan_yuan",
    "curve_due_yuan",
    "ytd_done_yuan",
    "start_due_started",
    "start_due",
    "continuing_resumed",
    "continuing",
    "reports_due",
    "reports_missing",
)
GROUP_SUMS = (*GROUP_MEASURES, "due_yuan", "period_done_yuan")
_PLACES = {code: place for place, code in enumerate(MEASURE_CODES)}


@dataclass(frozen=True, slots=True)
class GroupSum:
    """Sums over the listed projects of one group, by the codes of ``GROUP_SUMS``."""

    kind: SubjectKind
    id: int
    name: str
    sums: Mapping[str, int]


def period_codes(window: RoundWindow) -> tuple[str, ...]:
    """Return the measures that add up to what was done in the months of the round."""
    months = range(window.first_month.number, window.last_month.number + 1)
    return tuple(f"done_m{month:02d}_yuan" for month in months)


def due_yuan(standing: Standing, basis: ScheduleBasis) -> int:
    """Return the 序时 of one project in 元 by *basis*, the linear share rounded half-up."""
    if basis is ScheduleBasis.CURVE:
        return standing.curve_due_yuan
    return linear_due_yuan(standing.plan_yuan, standing.month)


def project_sums(measures: Sequence[int], due: int, window: RoundWindow) -> dict[str, int]:
    """Return what one project adds to its groups; *measures* are in the order of ``MEASURE_CODES``."""
    sums = {code: measures[_PLACES[code]] for code in GROUP_MEASURES}
    period = sum(measures[_PLACES[code]] for code in period_codes(window))
    return {**sums, "due_yuan": due, "period_done_yuan": period}


def facts_of_sums(sums: Mapping[str, int], names: SubjectFacts) -> SubjectFacts:
    """Return the frozen figures that *sums* give, with the names of *names*."""
    started, due = sums["start_due_started"], sums["start_due"]
    return SubjectFacts(
        code=names.code,
        county=names.county,
        headquarters=names.headquarters,
        unit=names.unit,
        leader=names.leader,
        year_class=names.year_class,
        category=names.category,
        projects=sums["projects"],
        total_investment_yuan=sums["total_investment_yuan"],
        annual_plan_yuan=sums["annual_plan_yuan"],
        due_yuan=sums["due_yuan"],
        ytd_done_yuan=sums["ytd_done_yuan"],
        period_done_yuan=sums["period_done_yuan"],
        started=started,
        start_due=due,
        resumed=started + sums["continuing_resumed"],
        resume_due=due + sums["continuing"],
    )


def decide_group(sums: Mapping[str, int], as_of: AsOf, rule_set: FlagRuleSet) -> FlagDecision:
    """
    Return the flag of a group: the progress rules of *rule_set* over Σ done, Σ plan and Σ 序时.

    Without any plan, or with every due report missing, it is NO_DATA, as with a project.
    """
    reported = sums["reports_due"] == 0 or sums["reports_missing"] < sums["reports_due"]
    rest: tuple[int | None, ...] = (0,) * (MONTHS_PER_YEAR - 1)
    nothing: tuple[int | None, ...] = (None,) * MONTHS_PER_YEAR
    facts = ProjectFacts(
        project_id=0,
        county_id=0,
        headquarters_id=None,
        unit_id=None,
        stage=Stage.CONSTRUCTION,
        year_class=YearClass.CONTINUING,
        total_investment_yuan=sums["total_investment_yuan"],
        prior_done_yuan=0,
        annual_plan_yuan=sums["annual_plan_yuan"],
        month_plan_yuan=(sums["curve_due_yuan"], *rest),
        month_done_yuan=(sums["ytd_done_yuan"], *rest) if reported else nothing,
    )
    return decide(facts, as_of, rule_set)
