"""A matter (清单事项) as a state machine: which step follows which, and by when.

    REGISTERED ─classify─► CLASSIFIED ─assign─► ASSIGNED ─sign─► IN_PROGRESS ─reply─► REPLIED ─resolve─► RESOLVED
                               ▲       ◄assign─ OBJECTED ◄object─┘   ▲  │ escalate                          │
                               └────────────assign────────── ESCALATED◄─┘        └──────────── redo ────────┤
                                                                                 visit ► close ► CLOSED_OUT ◄┘

A matter that is not resolved may be merged into another (MERGED). ESCALATED is worked on like IN_PROGRESS, one level
higher. Every function takes a state and returns the next one; it raises ``Invalid`` when the step is not due.
"""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from core.domain.errors import Invalid, Problem
from core.domain.matters.state import WORKING, Clock, MatterState, needs_committee
from core.domain.matters.words import Difficulty, MatterLevel, Outcome, Satisfaction
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import workdays_between

ASSIGNABLE = (MatterStatus.CLASSIFIED, MatterStatus.OBJECTED, MatterStatus.ESCALATED)
ESCALATABLE = (MatterStatus.ASSIGNED, MatterStatus.OBJECTED, *WORKING)
EXTENDABLE = (MatterStatus.ASSIGNED, *WORKING)
MERGEABLE = (MatterStatus.REGISTERED, MatterStatus.CLASSIFIED, MatterStatus.OBJECTED, MatterStatus.ASSIGNED, *WORKING)


def raise_(kind: MatterKind, level: MatterLevel, amount_yuan: int | None, clock: Clock) -> MatterState:
    """
    Return a new matter, registered today.

    Raises:
        Invalid: A negative amount.
    """
    if amount_yuan is not None and amount_yuan < 0:
        raise _refused("amount_yuan", "out_of_range", "涉及金额不能为负数。")
    step_due_on = clock.after(clock.rules.ladder.register)
    return MatterState(kind, MatterStatus.REGISTERED, level, amount_yuan=amount_yuan, step_due_on=step_due_on)


def classify(state: MatterState, difficulty: Difficulty, amount_yuan: int | None, clock: Clock) -> MatterState:
    """
    Study and classify it (研判); the amount decides whether the committee has to be asked.

    Raises:
        Invalid: Another step is due, or a kind that the committee decides by amount names none.
    """
    _require(state, MatterStatus.REGISTERED)
    own = clock.rules.of(state.kind)
    if own.committee_from_yuan is not None and amount_yuan is None:
        raise _refused("amount_yuan", "missing", f"请填写{state.kind.label}事项涉及的金额，用以判断是否提请审定。")
    if amount_yuan is not None and amount_yuan < 0:
        raise _refused("amount_yuan", "out_of_range", "涉及金额不能为负数。")
    level = MatterLevel.COMMITTEE if needs_committee(own, amount_yuan) else state.level
    step_due_on = clock.after(clock.rules.ladder.assign)
    return replace(
        state,
        status=MatterStatus.CLASSIFIED,
        difficulty=difficulty,
        amount_yuan=amount_yuan,
        level=level,
        step_due_on=step_due_on,
    )


def assign(state: MatterState, due_on: date | None, clock: Clock) -> MatterState:
    """
    Assign it (交办) to a lead unit until *due_on*, by default until the end of the ladder's days.

    Raises:
        Invalid: Another step is due, or the day is past or more than a year away.
    """
    _require(state, *ASSIGNABLE)
    due_on = due_on or clock.after(clock.rules.answer_days[state.difficulty])
    if not 0 <= (due_on - clock.today).days <= 366:
        raise _refused("due_on", "out_of_range", "办理期限应在今天之后、一年以内。")
    own, ladder = clock.rules.of(state.kind), clock.rules.ladder
    started = replace(
        state,
        status=MatterStatus.ASSIGNED,
        assigned_on=clock.today,
        signed_on=None,
        due_on=due_on,
        first_due_on=state.first_due_on or due_on,
        first_report_due_on=clock.after(ladder.first_report) if own.needs_first_report else None,
        first_reported_on=None,
        result_due_on=clock.after(ladder.result, due_on),
        extension_to=None,
    )
    if not own.is_signed_for:
        return work_on(started, fresh=True)
    return _owed(started, min(due_on, clock.after(ladder.sign)), fresh=True)


def sign_for(state: MatterState, clock: Clock) -> MatterState:
    """The lead unit takes it on (签收)."""
    _require(state, MatterStatus.ASSIGNED)
    return work_on(replace(state, status=MatterStatus.IN_PROGRESS, signed_on=clock.today))


def object_(state: MatterState, clock: Clock) -> MatterState:
    """
    The unit says that it is the wrong one (退办).

    Raises:
        Invalid: Another step is due, the kind knows no objection, or it comes too late.
    """
    _require(state, MatterStatus.ASSIGNED)
    own, ladder = clock.rules.of(state.kind), clock.rules.ladder
    if not own.can_object:
        raise _refused("status", "cannot_object", f"{state.kind.label}事项不能退办，请签收办理。")
    if clock.today > clock.after(ladder.sign, state.assigned_on):
        text = f"退办须在交办后 {ladder.sign} 个工作日内提出，现已超过，请签收办理。"
        raise _refused("status", "too_late", text)
    return replace(_office(state, MatterStatus.OBJECTED, clock.after(ladder.assign)), extension_to=None)


def report_progress(state: MatterState, clock: Clock) -> MatterState:
    """The unit tells how it goes; the first time this is the first report of 一事两报告."""
    _require(state, *WORKING)
    return work_on(replace(state, first_reported_on=state.first_reported_on or clock.today))


def reply(state: MatterState, clock: Clock) -> MatterState:
    """
    The unit answers the one who raised it (回复).

    Raises:
        Invalid: Another step is due, or the first report is still owed.
    """
    _require(state, *WORKING)
    if clock.rules.of(state.kind).needs_first_report and state.first_reported_on is None and state.assigned_on:
        raise _refused("status", "no_first_report", "请先报送接办报告（进展），再回复。")
    days = workdays_between(state.assigned_on, clock.today, clock.calendar) if state.assigned_on else None
    replied = replace(state, status=MatterStatus.REPLIED, replied_on=clock.today, answer_workdays=days)
    in_time = replied.result_due_on is not None and replied.result_due_on >= clock.today
    due_on = replied.result_due_on if in_time else clock.after(clock.rules.ladder.result)
    return replace(_owed(replied, due_on, fresh=True), extension_to=None, result_due_on=due_on)


def resolve(
    state: MatterState, outcome: Outcome | None, conditions: str, decision_no: str, clock: Clock
) -> MatterState:
    """
    The unit reports the result (结果报告, 办结).

    Raises:
        Invalid: Another step is due; no outcome; no condition for what cannot be solved; no decision of the committee.
    """
    _require(state, MatterStatus.REPLIED)
    problems = []
    if outcome is None:
        problems.append(Problem("outcome", "missing", "请选择办理结果。"))
    if outcome is Outcome.UNSOLVABLE and not conditions.strip():
        problems.append(Problem("conditions", "missing", "暂无法解决的，请写明具备什么条件后可以解决。"))
    if state.level is MatterLevel.COMMITTEE and not decision_no.strip():
        problems.append(Problem("decision_no", "missing", "提请市委市政府的事项，请填写审定的会议纪要或批示文号。"))
    if problems:
        raise Invalid(problems)
    own, ladder = clock.rules.of(state.kind), clock.rules.ladder
    done = replace(state, outcome=outcome, conditions=conditions.strip(), resolved_on=clock.today, satisfaction=None)
    return _office(done, MatterStatus.RESOLVED, clock.after(ladder.visit if own.is_visited else ladder.close))


def record_satisfaction(state: MatterState, satisfaction: Satisfaction | None, clock: Clock) -> MatterState:
    """
    The office asked the one who raised it (回访).

    Raises:
        Invalid: Another step is due, the kind knows no visit, or nothing was chosen.
    """
    _require(state, MatterStatus.RESOLVED)
    if not clock.rules.of(state.kind).is_visited:
        raise _refused("satisfaction", "not_visited", f"{state.kind.label}事项不需要回访，可直接销号。")
    if satisfaction is None:
        raise _refused("satisfaction", "missing", "请选择回访结果。")
    return replace(state, satisfaction=satisfaction, step_due_on=clock.after(clock.rules.ladder.close))


def close_out(state: MatterState, clock: Clock) -> MatterState:
    """
    Close out (销号).

    Raises:
        Invalid: Another step is due, nobody asked yet, or he is not content and it may still be done again.
    """
    _require(state, MatterStatus.RESOLVED)
    own = clock.rules.of(state.kind)
    if own.is_visited and state.satisfaction is None:
        raise _refused("satisfaction", "not_visited_yet", "请先回访并记录满意度，再销号。")
    if must_redo(state, clock):
        raise _refused("satisfaction", "dissatisfied", "回访不满意的须重办，不能直接销号。")
    return _ended(state, MatterStatus.CLOSED_OUT, clock)


def must_redo(state: MatterState, clock: Clock) -> bool:
    """Return whether discontent forbids closing: not for ever, or it would never end."""
    return state.satisfaction is Satisfaction.DISSATISFIED and state.redo_times < clock.rules.redos


def redo(state: MatterState, clock: Clock) -> MatterState:
    """The office sends it back to the same unit with a new deadline (重办); both reports are owed again."""
    _require(state, MatterStatus.RESOLVED)
    own, ladder = clock.rules.of(state.kind), clock.rules.ladder
    due_on = clock.after(clock.rules.answer_days[state.difficulty])
    again = replace(
        state,
        status=MatterStatus.IN_PROGRESS,
        assigned_on=clock.today,
        due_on=due_on,
        first_due_on=state.first_due_on or due_on,
        first_report_due_on=clock.after(ladder.first_report) if own.needs_first_report else None,
        first_reported_on=None,
        result_due_on=clock.after(ladder.result, due_on),
        replied_on=None,
        answer_workdays=None,
        resolved_on=None,
        outcome=None,
        conditions="",
        redo_times=state.redo_times + 1,
    )
    return work_on(again, fresh=True)


def escalate(state: MatterState, clock: Clock) -> MatterState:
    """
    Lift it to the next level (提级); the reply's deadline stays until it is assigned anew.

    Raises:
        Invalid: Another step is due, or it lies on the highest table already.
    """
    _require(state, *ESCALATABLE)
    target = level_above(state.level)
    if target is None:
        raise _refused("level", "top", "该事项已提级至市委市政府，不能再提级。")
    due_on = state.due_on or clock.after(clock.rules.answer_days[state.difficulty])
    lifted = replace(state, level=target, is_escalated=True, due_on=due_on, extension_to=None)
    lifted = replace(lifted, status=MatterStatus.ESCALATED, first_due_on=state.first_due_on or due_on)
    return work_on(lifted, fresh=state.status is MatterStatus.OBJECTED)


def level_above(level: MatterLevel) -> MatterLevel | None:
    """Return the table a matter on *level* is lifted to; None above the highest."""
    levels = list(MatterLevel)
    return dict(pairwise(levels)).get(level)


def merge(state: MatterState, target_id: int, target: MatterState, clock: Clock) -> MatterState:
    """
    End *state* as a duplicate of *target* (合并).

    Raises:
        Invalid: It is resolved already, or the target is of another kind or has ended.
    """
    _require(state, *MERGEABLE)
    if not target.is_open or target.kind is not state.kind:
        raise _refused("target", "bad_target", "只能并入同一清单中尚未办完的事项，请另选。")
    return replace(_ended(state, MatterStatus.MERGED, clock), merged_into_id=target_id)


def work_on(state: MatterState, *, fresh: bool = False) -> MatterState:
    """Begin or go on working: the first report is owed first, then the reply; *fresh* = a new run of deadlines."""
    status = MatterStatus.ESCALATED if state.status is MatterStatus.ESCALATED else MatterStatus.IN_PROGRESS
    due_on = state.due_on
    if state.first_report_due_on is not None and state.first_reported_on is None and due_on is not None:
        due_on = min(due_on, state.first_report_due_on)
    return _owed(replace(state, status=status), due_on, fresh=fresh)


def _owed(state: MatterState, due_on: date | None, *, fresh: bool) -> MatterState:
    """Set the clock of a step of the unit; a lapse that was pressed already is not pressed again for the same day."""
    if not fresh and due_on == state.step_due_on:
        return state
    return replace(state, step_due_on=due_on, press_on=due_on, pressed_times=0)


def _office(state: MatterState, status: MatterStatus, due_on: date) -> MatterState:
    return replace(state, status=status, step_due_on=due_on, press_on=None)


def _ended(state: MatterState, status: MatterStatus, clock: Clock) -> MatterState:
    return replace(state, status=status, step_due_on=None, press_on=None, extension_to=None, closed_on=clock.today)


def _require(state: MatterState, *statuses: MatterStatus) -> None:
    if not state.is_open:
        raise _refused("status", "ended", "该事项已经办完，不能再办理。")
    if state.status not in statuses:
        wanted = "、".join(f"“{status.label}”" for status in statuses)
        text = f"该事项目前“{state.status.label}”，此操作只在{wanted}时办理。请刷新后再看。"
        raise _refused("status", "wrong_step", text)


def _refused(field: str, code: str, message: str) -> Invalid:
    return Invalid([Problem(field, code, message)])
