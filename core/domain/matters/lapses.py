"""Deadlines that move or lapse: extensions asked for, granted or refused, and what pressing (督办、约谈) follows."""

from dataclasses import replace
from datetime import date

from core.domain.errors import Invalid, Problem
from core.domain.matters.machine import EXTENDABLE, work_on
from core.domain.matters.state import WORKING, Clock, MatterState
from core.domain.workdays import workdays_between


def request_extension(state: MatterState, until: date | None, clock: Clock) -> MatterState:
    """
    The unit asks for a later deadline; until it is decided nothing is pressed.

    Raises:
        Invalid: All that stands against it: another step, too late, too often, asked already, an impossible day.
    """
    ladder, problems = clock.rules.ladder, []
    if state.status not in EXTENDABLE or not state.is_open or state.due_on is None:
        raise _refused("status", "wrong_step", f"该事项目前“{state.status.label}”，不能申请延期。请刷新后再看。")
    if state.extension_to is not None:
        problems.append(Problem("until", "asked_already", "已有一份延期申请待批，请等待批复。"))
    if state.extended_times >= ladder.extensions:
        problems.append(Problem("until", "too_often", f"每个事项最多延期 {ladder.extensions} 次。"))
    if workdays_between(clock.today, state.due_on, clock.calendar) < ladder.extension_before:
        text = f"延期须在到期前至少 {ladder.extension_before} 个工作日申请，现已来不及。"
        problems.append(Problem("until", "too_late", text))
    problems += _check_until(state.due_on, until, clock)
    if problems:
        raise Invalid(problems)
    return replace(state, extension_to=until)


def grant_extension(state: MatterState, until: date | None, clock: Clock) -> MatterState:
    """
    The office grants a deadline, which need not be the day asked for.

    Raises:
        Invalid: Nothing was asked for, or the day is impossible.
    """
    due_on = _asked(state)
    problems = _check_until(due_on, until, clock)
    if until is not None and until < clock.today:
        problems.append(Problem("until", "past", "批准的期限已经过去，请另选日期。"))
    if problems or until is None:
        raise Invalid(problems)
    granted = replace(
        state,
        due_on=until,
        result_due_on=clock.after(clock.rules.ladder.result, until),
        extension_to=None,
        extended_times=state.extended_times + 1,
    )
    return work_on(granted) if state.status in WORKING else granted


def refuse_extension(state: MatterState) -> MatterState:
    """The office refuses; the old deadline counts."""
    _asked(state)
    return replace(state, extension_to=None)


def press_lapsed(state: MatterState, clock: Clock) -> tuple[MatterState, int]:
    """
    Return the state as its lapsed deadline leaves it today, and how often that pressed it now.

    Counted from the deadlines, not from when somebody looked: a sweep after two weeks gives what daily ones had given.
    """
    times = 0
    while state.press_on is not None and state.press_on < clock.today and state.extension_to is None:
        times += 1
        pressed = state.pressed_times + 1
        following = clock.after(clock.rules.ladder.pressed, state.press_on)
        is_last = pressed >= len(clock.rules.pressing)
        state = replace(state, pressed_times=pressed, press_on=None if is_last else following)
    return state, times


def require_interview(state: MatterState) -> None:
    """
    Stop unless somebody may be summoned (约谈) over it: it is open and was pressed before.

    Raises:
        Invalid: It has ended, or it was never late.
    """
    if not state.is_open or not state.pressed_times:
        raise _refused("status", "not_pressed", "约谈适用于逾期后已督办、仍未办完的事项。")


def _asked(state: MatterState) -> date:
    if state.extension_to is None or state.due_on is None or not state.is_open:
        raise _refused("until", "not_asked", "没有待批的延期申请。")
    return state.due_on


def _check_until(due_on: date, until: date | None, clock: Clock) -> list[Problem]:
    latest = clock.after(clock.rules.ladder.extension_max, due_on)
    if until is None:
        return [Problem("until", "missing", "请填写延期到哪一天。")]
    if not due_on < until <= latest:
        return [Problem("until", "out_of_range", f"延期应晚于原期限 {due_on}，且不超过 {latest}。")]
    return []


def _refused(field: str, code: str, message: str) -> Invalid:
    return Invalid([Problem(field, code, message)])
