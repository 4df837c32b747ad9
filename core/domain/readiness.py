"""Whether a project could start (开工条件): its procedures, what is missing, and how soon that matters.

Papers accepted for now (容缺受理) count as done until the day the owed ones are due. A procedure that nobody has filled
in is not known; it counts as missing, never as done. Definitions: docs/metrics.md#readiness.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from core.domain.start_rules import SHIPPED, ReadinessRules
from core.domain.start_terms import ProcedureKind, ProcedureState, ReadinessAlert

READY_STATES = (ProcedureState.DONE, ProcedureState.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Procedure:
    """
    One preliminary procedure (前期手续) of a project.

    Attributes:
        applies: False = the project does not need it (不涉及).
        planned_on: Day it is planned to be done.
        done_on: Day it was done, or accepted with papers owed.
        owed_papers: Papers that were left for later (容缺材料); empty = none.
        owed_due_on: Day by which they are due.
        supplied_on: Day they were handed in.
    """

    kind: ProcedureKind
    applies: bool = True
    planned_on: date | None = None
    done_on: date | None = None
    owed_papers: str = ""
    owed_due_on: date | None = None
    supplied_on: date | None = None

    def owes(self, today: date) -> bool:
        """Whether papers are owed on *today*."""
        is_done = self.done_on is not None and self.done_on <= today
        is_supplied = self.supplied_on is not None and self.supplied_on <= today
        return self.applies and is_done and bool(self.owed_papers) and not is_supplied


@dataclass(frozen=True, slots=True)
class Readiness:
    """
    How ready a project is.

    Attributes:
        states: State of every required procedure, in their order.
        due_on: Day by which everything must be there; None = no day is set.
        days_left: Days until then, negative when passed; None without a day.
    """

    states: Mapping[ProcedureKind, ProcedureState]
    due_on: date | None
    days_left: int | None
    alert: ReadinessAlert
    owed: tuple[ProcedureKind, ...] = field(default=())

    @property
    def applicable(self) -> int:
        """Number of procedures the project needs."""
        return sum(state is not ProcedureState.NOT_NEEDED for state in self.states.values())

    @property
    def ready(self) -> int:
        """Number of these that are done, or accepted with papers that are not overdue."""
        return sum(state in READY_STATES for state in self.states.values())

    @property
    def share(self) -> Fraction | None:
        """Ready ÷ applicable; None when nothing applies."""
        return Fraction(self.ready, self.applicable) if self.applicable else None

    @property
    def missing(self) -> tuple[ProcedureKind, ...]:
        """The procedures that stand against a start, in their order."""
        met = (*READY_STATES, ProcedureState.NOT_NEEDED)
        return tuple(kind for kind, state in self.states.items() if state not in met)

    @property
    def is_unknown(self) -> bool:
        """Whether nobody has filled in anything yet."""
        return all(state is ProcedureState.UNKNOWN for state in self.states.values())


def state_of(procedure: Procedure | None, today: date) -> ProcedureState:
    """Return the state of a procedure on *today*; None = it was never filled in."""
    if procedure is None:
        return ProcedureState.UNKNOWN
    if not procedure.applies:
        return ProcedureState.NOT_NEEDED
    if procedure.done_on is not None and procedure.done_on <= today:
        if not procedure.owes(today):
            return ProcedureState.DONE
        is_late = procedure.owed_due_on is not None and procedure.owed_due_on < today
        return ProcedureState.OWED_LATE if is_late else ProcedureState.CONDITIONAL
    if procedure.planned_on is not None and procedure.planned_on < today:
        return ProcedureState.LATE
    return ProcedureState.OPEN


def ready_due_on(
    start_planned_on: date | None, *, is_new_start: bool, rules: ReadinessRules = SHIPPED.readiness
) -> date | None:
    """
    Return the day by which a project must be ready: its planned start, for new starts of a year no later than the
    day the rule sets for that year (三月底前具备开工条件); None without a planned start.
    """
    if start_planned_on is None or not is_new_start:
        return start_planned_on
    return min(start_planned_on, rules.ready_by(start_planned_on.year))


def assess(
    procedures: Iterable[Procedure],
    start_planned_on: date | None,
    today: date,
    *,
    is_new_start: bool,
    has_started: bool = False,
    rules: ReadinessRules = SHIPPED.readiness,
) -> Readiness:
    """
    Return how ready a project is on *today*.

    A project that has started is warned of nothing but the papers it still owes.
    """
    known = {procedure.kind: procedure for procedure in procedures}
    states = {kind: state_of(known.get(kind), today) for kind in rules.required}
    owed = tuple(kind for kind in rules.required if kind in known and known[kind].owes(today))
    due_on = ready_due_on(start_planned_on, is_new_start=is_new_start, rules=rules)
    days_left = (due_on - today).days if due_on is not None else None
    found = Readiness(states, due_on, days_left, ReadinessAlert.NONE, owed)
    alert = ReadinessAlert.NONE
    if ProcedureState.OWED_LATE in states.values():
        alert = ReadinessAlert.OVERDUE
    elif not has_started and found.missing and days_left is not None:
        alert = _alert(days_left, rules)
    return Readiness(states, due_on, days_left, alert, owed)


def _alert(days_left: int, rules: ReadinessRules) -> ReadinessAlert:
    if days_left < 0:
        return ReadinessAlert.OVERDUE
    if days_left <= rules.urgent_days:
        return ReadinessAlert.URGENT
    return ReadinessAlert.SOON if days_left <= rules.warn_days else ReadinessAlert.NONE


def warned_until(today: date, rules: ReadinessRules = SHIPPED.readiness) -> date:
    """Return the last day of readiness that is warned of on *today*."""
    return today + timedelta(days=rules.warn_days)
