"""One project's row of the roll-up: flag, reasons, gap and measures, recounted on every save and every night."""

from dataclasses import dataclass
from datetime import date

from core.domain.facts import ProjectFacts
from core.domain.flag_hits import RuleHit
from core.domain.flags import FlagRuleSet, decide_standing
from core.domain.measures import measure_standing
from core.domain.period import AsOf
from core.domain.standing import stand
from core.domain.terms import FlagLevel


@dataclass(frozen=True, slots=True)
class ProjectState:
    """
    What the store keeps per project so that lists and sums need no recount.

    Attributes:
        hits: Every rule hit, worst first; the reason of exemption or missing data included.
        gap_pp_milli: Progress minus 序时 in 1/1000 pp, cut toward zero; None when unknown. For sorting and showing.
        next_due_on: Earliest planned date among open milestones, overdue ones included; None when none is open or
            the project is not in the list.
        measures: In the order of ``MEASURE_CODES``.
    """

    project_id: int
    county_id: int
    headquarters_id: int | None
    unit_id: int | None
    level: FlagLevel
    hits: tuple[RuleHit, ...]
    gap_pp_milli: int | None
    next_due_on: date | None
    measures: tuple[int, ...]


def project_state(facts: ProjectFacts, as_of: AsOf, rule_set: FlagRuleSet) -> ProjectState:
    """Return the state of one project at *as_of* under *rule_set*."""
    standing = stand(facts, as_of)
    decision = decide_standing(standing, rule_set)
    return ProjectState(
        project_id=facts.project_id,
        county_id=facts.county_id,
        headquarters_id=facts.headquarters_id,
        unit_id=facts.unit_id,
        level=decision.level,
        hits=decision.hits,
        gap_pp_milli=decision.gap_pp_milli,
        next_due_on=None if facts.year_class is None else standing.nodes.next_due_on,
        measures=measure_standing(standing, decision.level),
    )
