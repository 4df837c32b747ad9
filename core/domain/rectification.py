"""A rectification (整改) as a state machine: which step follows which, by when, and what happens when one slips.

    NOTICE ──issue──► PLAN ──plan──► FEEDBACK ──feedback──► VERIFICATION ──pass──► CLOSED
                       ▲              │    ▲                     │
                       └──── return ──┘    └────── fail ─────────┘

An extension moves the deadline of PLAN or FEEDBACK. A deadline of these two that slips raises the case: 黄 becomes 红
and the next level of leaders presses it. NOTICE and VERIFICATION are the office's own steps; when they slip they are
shown as overdue, but nobody's flag is raised for it. Every function takes a case and returns the next one.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.errors import Invalid, Problem
from core.domain.rectification_rules import RectificationRules
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.terms import FlagLevel
from core.domain.workdays import TimeLeft, WorkCalendar, add_workdays, time_to, workdays_between

OFFICE_STEPS = (Step.NOTICE, Step.VERIFICATION)
UNIT_STEPS = (Step.PLAN, Step.FEEDBACK)
OPEN_STEPS = (Step.NOTICE, Step.PLAN, Step.FEEDBACK, Step.VERIFICATION)


@dataclass(frozen=True, slots=True)
class Clock:
    """The day a step is taken, the days that are worked, and the rules in force."""

    today: date
    calendar: WorkCalendar
    rules: RectificationRules

    def after(self, workdays: int, start: date | None = None) -> date:
        """Return the end of the *workdays*-th working day after *start* (default: today)."""
        return add_workdays(start or self.today, workdays, self.calendar).on


@dataclass(frozen=True, slots=True)
class Case:
    """
    Where a rectification stands.

    Attributes:
        due_on: Deadline of the present step, inclusive; None once closed.
        raise_on: Last day before the slip raises the case; None = this step raises nobody (any more).
        promised_on: Day the plan promises the feedback for.
        extension_to: Day an undecided request asks for.
    """

    step: Step
    level: FlagLevel
    due_on: date | None
    raise_on: date | None = None
    promised_on: date | None = None
    extension_to: date | None = None
    raised_times: int = 0
    extended_times: int = 0
    closed_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not closed out yet."""
        return self.step is not Step.CLOSED

    def is_overdue(self, today: date) -> bool:
        """Whether the deadline of the present step has passed."""
        return self.due_on is not None and self.due_on < today


def time_left(case: Case, today: date, calendar: WorkCalendar) -> TimeLeft | None:
    """Return how long the present step may still take; None once closed."""
    if case.due_on is None:
        return None
    return time_to(case.due_on, today, calendar)


def open_case(level: FlagLevel, clock: Clock) -> Case:
    """
    Return a new case for a flag of *level*.

    Raises:
        Invalid: Only WARN and SEVERE are rectified.
    """
    if level not in (FlagLevel.WARN, FlagLevel.SEVERE):
        raise _refused("level", "no_flag", "只有黄旗和红旗需要整改。")
    return Case(Step.NOTICE, level, clock.after(clock.rules.ladder.notice))


def issue(case: Case, clock: Clock) -> Case:
    """The notice goes out; the unit owes a plan."""
    _require_step(case, Step.NOTICE)
    return _enter(case, Step.PLAN, clock.after(clock.rules.ladder.plan), clock)


def submit_plan(case: Case, promised_on: date | None, clock: Clock) -> Case:
    """
    The plan promises the feedback for *promised_on*.

    Raises:
        Invalid: Another step is due, or the day is missing, past or too far.
    """
    _require_step(case, Step.PLAN)
    latest = clock.today + timedelta(days=clock.rules.ladder.feedback_max_days)
    if promised_on is None:
        raise _refused("promised_on", "missing_date", "请填写承诺完成整改的日期。")
    if not clock.today <= promised_on <= latest:
        raise _refused("promised_on", "out_of_range", f"承诺日期应在今天到 {latest} 之间。")
    return replace(_enter(case, Step.FEEDBACK, promised_on, clock), promised_on=promised_on)


def return_plan(case: Case, clock: Clock) -> Case:
    """The plan is returned; the unit owes another one."""
    _require_step(case, Step.FEEDBACK)
    due_on = clock.after(clock.rules.ladder.plan_again)
    return replace(_enter(case, Step.PLAN, due_on, clock), promised_on=None)


def submit_feedback(case: Case, clock: Clock) -> Case:
    """The unit says it is done; the office owes a verification."""
    _require_step(case, Step.FEEDBACK)
    return _enter(case, Step.VERIFICATION, clock.after(clock.rules.ladder.verification), clock)


def verify(case: Case, *, passed: bool, clock: Clock) -> Case:
    """Verified on site: closed out when *passed*, otherwise back to the unit."""
    _require_step(case, Step.VERIFICATION)
    if passed:
        return close_out(case, clock)
    return _enter(case, Step.FEEDBACK, clock.after(clock.rules.ladder.feedback_again), clock)


def close_out(case: Case, clock: Clock) -> Case:
    """Close out (销号): after verification, or because the flag lost its object (调出、合并)."""
    _require_open(case)
    return replace(case, step=Step.CLOSED, due_on=None, raise_on=None, extension_to=None, closed_on=clock.today)


def request_extension(case: Case, until: date | None, clock: Clock) -> Case:
    """
    The unit asks for a later deadline; until it is decided the case is not raised.

    Raises:
        Invalid: Another step is due, asked too late, too often, twice at once, or for an impossible day.
    """
    _require_step(case, *UNIT_STEPS)
    assert case.due_on is not None  # noqa: S101 - open steps have a deadline
    ladder = clock.rules.ladder
    problems = []
    if case.extension_to is not None:
        problems.append(Problem("until", "asked_already", "已有一份延期申请待批，请等待批复。"))
    if case.extended_times >= ladder.extensions:
        problems.append(Problem("until", "too_often", f"每项整改最多延期 {ladder.extensions} 次。"))
    if workdays_between(clock.today, case.due_on, clock.calendar) < ladder.extension_before:
        text = f"延期须在到期前至少 {ladder.extension_before} 个工作日申请，现已来不及。"
        problems.append(Problem("until", "too_late", text))
    problems += _check_until(case.due_on, until, clock)
    if problems:
        raise Invalid(problems)
    return replace(case, extension_to=until)


def grant_extension(case: Case, until: date | None, clock: Clock) -> Case:
    """
    The office grants a deadline, which need not be the day asked for.

    Raises:
        Invalid: Nothing was asked for, or the day is impossible.
    """
    _require_asked(case)
    assert case.due_on is not None  # noqa: S101 - open steps have a deadline
    problems = _check_until(case.due_on, until, clock)
    if until is not None and until < clock.today:
        problems.append(Problem("until", "past", "批准的期限已经过去，请另选日期。"))
    if problems:
        raise Invalid(problems)
    promised_on = until if case.step is Step.FEEDBACK else case.promised_on
    return replace(
        _timed(case, until, clock), promised_on=promised_on, extension_to=None, extended_times=case.extended_times + 1
    )


def refuse_extension(case: Case) -> Case:
    """The office refuses; the old deadline counts."""
    _require_asked(case)
    return replace(case, extension_to=None)


def require_interview(case: Case) -> None:
    """
    Stop unless somebody may be summoned (约谈) over the case: it is open, and red or raised.

    Raises:
        Invalid: The case is closed or yellow and in time.
    """
    _require_open(case)
    if case.level is not FlagLevel.SEVERE and not case.raised_times:
        raise _refused("level", "not_severe", "约谈适用于红旗或已升级督办的事项。")


def raise_slipped(case: Case, clock: Clock) -> tuple[Case, int]:
    """
    Return the case as its slipped deadline leaves it today, and how often that raised it now.

    Counted from the deadlines, not from when somebody looked: a sweep after two weeks gives what daily ones had given.
    """
    times = 0
    while case.raise_on is not None and case.raise_on < clock.today and case.extension_to is None:
        times += 1
        raised = case.raised_times + 1
        is_last = raised >= len(clock.rules.leaders) - 1
        following = None if is_last else clock.after(clock.rules.ladder.raised, case.raise_on)
        case = replace(case, level=FlagLevel.SEVERE, raised_times=raised, raise_on=following)
    return case, times


def _enter(case: Case, step: Step, due_on: date, clock: Clock) -> Case:
    return _timed(replace(case, step=step, extension_to=None), due_on, clock)


def _timed(case: Case, due_on: date | None, clock: Clock) -> Case:
    """Give the step its deadline; a case that the last leaders press already is raised no more."""
    can_rise = case.step in UNIT_STEPS and case.raised_times < len(clock.rules.leaders) - 1
    return replace(case, due_on=due_on, raise_on=due_on if can_rise else None)


def _check_until(due_on: date, until: date | None, clock: Clock) -> list[Problem]:
    latest = due_on + timedelta(days=clock.rules.ladder.extension_max_days)
    if until is None:
        return [Problem("until", "missing_date", "请填写延期到哪一天。")]
    if not due_on < until <= latest:
        return [Problem("until", "out_of_range", f"延期应晚于原期限 {due_on}，且不超过 {latest}。")]
    return []


def _require_open(case: Case) -> None:
    if not case.is_open:
        raise _refused("step", "wrong_step", "该事项已经销号，不能再办理。")


def _require_step(case: Case, *steps: Step) -> None:
    _require_open(case)
    if case.step not in steps:
        wanted = "或".join(f"“{step.label}”" for step in steps)
        raise _refused(
            "step", "wrong_step", f"该事项目前“{case.step.label}”，此操作只在{wanted}环节办理。请刷新后再看。"
        )


def _require_asked(case: Case) -> None:
    _require_step(case, *UNIT_STEPS)
    if case.extension_to is None:
        raise _refused("until", "not_asked", "没有待批的延期申请。")


def _refused(field: str, code: str, message: str) -> Invalid:
    return Invalid([Problem(field, code, message)])
