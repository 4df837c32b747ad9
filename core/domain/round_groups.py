"""The sums of a county, headquarters, unit or campaign in a round: what its flag and its frozen figures are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.flag_rules import ScheduleBasis
from core.domain.measures import MEASURE_CODES
from core.domain.rounds import RoundWindow, SubjectFacts
from core.domain.standing import Standing, linear_due_yuan
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel

# A project belongs to one of each at most; campaigns it is linked to may be several, so campaigns overlap.
OWNER_KINDS = (SubjectKind.COUNTY, SubjectKind.HEADQUARTERS, SubjectKind.UNIT)
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
    "unstarted",
    *(f"level_{level.value}" for level in FlagLevel),
    *(f"{kind}_m{month:02d}_yuan" for kind in ("plan", "done") for month in range(1, MONTHS_PER_YEAR + 1)),
)
GROUP_SUMS = (*GROUP_MEASURES, "due_yuan", "period_done_yuan")
_PLACES = {code: place for place, code in enumerate(MEASURE_CODES)}


@dataclass(frozen=True, slots=True)
class CampaignGroup:
    """A campaign as a group of a round: its names and its own county, headquarters and lead unit."""

    id: int
    code: str
    name: str
    owners: tuple[int | None, int | None, int | None]


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
