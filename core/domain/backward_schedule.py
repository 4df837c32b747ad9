"""
Backward schedule (倒排工期): from the finish day back through tasks that take working days.

Latest days come from the finish backwards, earliest ones from today (or a fixed first day) forwards; where the two do
not meet, the clash says how many working days are missing, on which chain, and which finish would be possible.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.backward_network import Task, check_network, early_starts, in_order, lag_days, late_starts
from core.domain.errors import Invalid, Problem
from core.domain.terms import Term
from core.domain.workdays import ONE_DAY, WorkCalendar, unpublished_wording

FARTHEST_YEARS = 30
_LONGEST_SHOWN = 3
_NAME_IN_MESSAGE = 30
_AFTER_LAST = timedelta(days=400)  # longer than any run of days off


class ClashKind(Term):
    """Why a schedule does not work, or what is to be known of it (冲突)."""

    BEFORE_TODAY = "before_today", "开工日已过"
    BEFORE_EARLIEST = "before_earliest", "早于最早开始日"
    FIXED_FINISH = "fixed_finish", "赶不上限定完成日"
    FINISH_OFF = "finish_off", "完成日为休息日"
    UNPUBLISHED = "unpublished", "调休未公布"


NOTES = frozenset({ClashKind.FINISH_OFF, ClashKind.UNPUBLISHED})


@dataclass(frozen=True, slots=True)
class Clash:
    """
    One clash in words.

    Attributes:
        days: Working days that are missing; 0 for a note.
        chain: Codes of the tasks that drive it, the first one first.
    """

    kind: ClashKind
    message: str
    days: int = 0
    chain: tuple[str, ...] = ()

    @property
    def is_note(self) -> bool:
        """Whether the schedule works all the same."""
        return self.kind in NOTES


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A task with its days; a done one stands where it was done.

    Attributes:
        start_on, finish_on: Latest days by which the finish of the whole still holds: these are the plan.
        early_start_on, early_finish_on: The first days on which it could be done.
        float_days: Working days between earliest and latest start (机动时间); negative = that many are missing.
        is_critical: It lies on a critical chain: a day lost there is a day lost at the end.
    """

    task: Task
    start_on: date
    finish_on: date
    early_start_on: date
    early_finish_on: date
    float_days: int
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    What comes out.

    Attributes:
        finish_on: Last working day of the plan: the wanted day, or the last one worked before it.
        floor_on: First day on which anything can start.
        rows: Every task, in the order given.
        chain: Codes along one critical chain, the first task first.
        needed_days: Working days from the first possible start to the first possible finish.
        missing_days: Working days by which the wanted finish is too early; 0 = none.
        feasible_on: First finish that is possible; None = none is, since a fixed node stands in the way.
    """

    finish_on: date
    floor_on: date
    rows: tuple[Placed, ...]
    chain: tuple[str, ...]
    clashes: tuple[Clash, ...]
    needed_days: int
    missing_days: int
    feasible_on: date | None

    @property
    def is_feasible(self) -> bool:
        """Whether nothing but notes stands against it."""
        return all(clash.is_note for clash in self.clashes)

    @property
    def start_on(self) -> date:
        """Day by which the first open task has to start."""
        open_rows = [row.start_on for row in self.rows if row.task.done_on is None]
        return min(open_rows, default=self.finish_on)


class WorkAxis:
    """Working days in a row: number 0 is the first one on or after *origin*, those before are negative."""

    def __init__(self, calendar: WorkCalendar, origin: date) -> None:
        self._calendar = calendar
        self._days: list[date] = []
        self._zero = 0  # place of number 0 in the list, moved by every day that is put before it
        self._first = self._last = origin
        self._cover(origin - _AFTER_LAST, origin + _AFTER_LAST)

    def day(self, number: int) -> date:
        """Return working day *number*."""
        while self._zero + number < 0:
            self._cover(self._first - _AFTER_LAST, self._last)
        while self._zero + number >= len(self._days):
            self._cover(self._first, self._last + _AFTER_LAST)
        return self._days[self._zero + number]

    def at_or_after(self, day: date) -> int:
        """Return the number of the first working day on or after *day*."""
        self._cover(day, day + _AFTER_LAST)
        return bisect_left(self._days, day) - self._zero

    def at_or_before(self, day: date) -> int:
        """Return the number of the last working day on or before *day*."""
        self._cover(day - _AFTER_LAST, day)
        return bisect_right(self._days, day) - 1 - self._zero

    def _cover(self, first: date, last: date) -> None:
        """Have every working day from *first* to *last*."""
        if first < self._first:
            earlier = list(self._worked(first, self._first))
            self._days[:0] = earlier
            self._zero += len(earlier)
            self._first = first
        if last >= self._last:
            self._days += self._worked(self._last, last + ONE_DAY)
            self._last = last + ONE_DAY

    def _worked(self, first: date, end: date) -> Iterator[date]:
        for step in range((end - first).days):
            day = first + timedelta(days=step)
            if self._calendar.is_working_day(day):
                yield day


@dataclass(frozen=True, slots=True)
class _Passes:
    """Starts by task as numbers of working days, and the bounds they were computed from."""

    axis: WorkAxis
    ordered: tuple[Task, ...]
    floors: Mapping[str, int]
    early: Mapping[str, int]
    late: Mapping[str, int]
    last: int
    finish: int

    def early_finish(self, task: Task) -> int:
        return self.early[task.code] + task.duration_days - 1


def check_days(tasks: Sequence[Task], finish_on: date, today: date) -> list[Problem]:
    """Return what is wrong with the tasks, and with days that cannot be."""
    problems = check_network(tasks)
    for task in tasks:
        if task.done_on is not None and task.done_on > today:
            text = f"任务 {task.code}“{task.name}”的已完成日 {task.done_on} 晚于今天（{today}），请更正。"
            problems.append(Problem(task.code, "future_done", text))
        for day in (task.earliest_on, task.must_finish_on, task.done_on):
            if day is not None and abs(day.year - today.year) > FARTHEST_YEARS:
                problems.append(Problem(task.code, "far_date", f"任务 {task.code} 的日期 {day} 过远，请核对年份。"))
    if abs(finish_on.year - today.year) > FARTHEST_YEARS:
        problems.append(Problem("finish_on", "far_date", f"完成日期 {finish_on} 过远，请核对年份。"))
    return problems


def plan_backwards(
    tasks: Sequence[Task], finish_on: date, calendar: WorkCalendar, *, today: date, earliest_on: date | None = None
) -> Schedule:
    """
    Return the schedule of *tasks* that is over on *finish_on*.

    Args:
        finish_on: Wanted last day; when it is off, the last working day before it.
        calendar: Which days are worked.
        today: Nothing that is still open starts before it.
        earliest_on: A fixed first day, such as the handing over of the land; None = today.

    Raises:
        Invalid: The tasks do not form a network, or a day is out of reach; every problem named.
    """
    if problems := check_days(tasks, finish_on, today):
        raise Invalid(problems)
    floor_on = max(today, earliest_on or today)
    open_tasks = [task for task in tasks if task.done_on is None]
    passes = _run(open_tasks, finish_on, WorkAxis(calendar, floor_on))
    critical = _critical(passes)
    chain = _driving_chain(passes, passes.last) if open_tasks else ()
    missing = max(0, passes.last - passes.finish) if open_tasks else 0
    clashes = [*_blocking(passes, missing, today, earliest_on), *_notes(passes, finish_on, calendar)]
    is_stuck = any(clash.kind is ClashKind.FIXED_FINISH for clash in clashes)
    axis = passes.axis
    return Schedule(
        finish_on=axis.day(passes.finish),
        floor_on=floor_on,
        rows=tuple(_placed(task, passes, critical) for task in tasks),
        chain=chain,
        clashes=tuple(clashes),
        needed_days=passes.last + 1,
        missing_days=missing,
        feasible_on=None if is_stuck else axis.day(passes.last) if open_tasks else axis.day(passes.finish),
    )


def _run(tasks: Sequence[Task], finish_on: date, axis: WorkAxis) -> _Passes:
    ordered = tuple(in_order(tasks))
    finish = axis.at_or_before(finish_on)
    floors = {task.code: max(0, axis.at_or_after(task.earliest_on)) if task.earliest_on else 0 for task in ordered}
    ends = {
        task.code: min(finish, axis.at_or_before(task.must_finish_on)) if task.must_finish_on else finish
        for task in ordered
    }
    early = early_starts(ordered, floors)
    last = max((early[task.code] + task.duration_days - 1 for task in ordered), default=-1)
    return _Passes(axis, ordered, floors, early, late_starts(ordered, ends), last, finish)


def _critical(passes: _Passes) -> frozenset[str]:
    """Return the tasks that have no slack before the first possible finish, fixed nodes aside."""
    late = late_starts(passes.ordered, {task.code: passes.last for task in passes.ordered})
    return frozenset(code for code, start in passes.early.items() if late[code] == start)


def _driving_chain(passes: _Passes, last: int) -> tuple[str, ...]:
    """Return one chain of tasks, each held up by the one before, that ends on day *last*."""
    end = next(task for task in passes.ordered if passes.early_finish(task) == last)
    return _chain_to(passes, end)


def _chain_to(passes: _Passes, end: Task) -> tuple[str, ...]:
    by_code = {task.code: task for task in passes.ordered}
    chain, task = [end.code], end
    while before := next(
        (
            by_code[link.predecessor]
            for link in task.links
            if link.predecessor in by_code
            and passes.early[link.predecessor] + lag_days(link, by_code[link.predecessor], task)
            == passes.early[task.code]
        ),
        None,
    ):
        chain.append(before.code)
        task = before
    return tuple(reversed(chain))


def _placed(task: Task, passes: _Passes, critical: frozenset[str]) -> Placed:
    axis = passes.axis
    if task.done_on is not None:
        start = axis.day(axis.at_or_before(task.done_on) - task.duration_days + 1)
        start = min(start, task.done_on)
        return Placed(task, start, task.done_on, start, task.done_on, 0, False)
    early, late = passes.early[task.code], passes.late[task.code]
    length = task.duration_days - 1
    return Placed(
        task,
        start_on=axis.day(late),
        finish_on=axis.day(late + length),
        early_start_on=axis.day(early),
        early_finish_on=axis.day(early + length),
        float_days=late - early,
        is_critical=task.code in critical,
    )


def _blocking(passes: _Passes, missing: int, today: date, earliest_on: date | None) -> Iterator[Clash]:
    by_code = {task.code: task for task in passes.ordered}
    if missing:
        chain = _driving_chain(passes, passes.last)
        yield _too_late(passes, missing, chain, by_code[chain[0]], today, earliest_on)
    for task in passes.ordered:
        if task.must_finish_on is None:
            continue
        days = passes.early_finish(task) - passes.axis.at_or_before(task.must_finish_on)
        if days > 0:
            chain = _chain_to(passes, task)
            possible = passes.axis.day(passes.early_finish(task))
            text = (
                f"“{_short(task.name)}”限定 {task.must_finish_on} 前完成，最早只能到 {possible}，差 {days} 个工作日；"
                f"后延总完成日期无济于事。请调整该限定日，或{_squeeze(by_code, chain, days)}"
            )
            yield Clash(ClashKind.FIXED_FINISH, text, days, chain)


def _too_late(
    passes: _Passes, missing: int, chain: tuple[str, ...], head: Task, today: date, earliest_on: date | None
) -> Clash:
    """Word the clash of the whole: when the chain would have had to start, and what stands before that day."""
    axis = passes.axis
    start = axis.day(passes.early[head.code] - missing)
    floor = axis.day(passes.early[head.code])
    by_code = {task.code: task for task in passes.ordered}
    kind, stands = ClashKind.BEFORE_TODAY, f"今天（{today}）"
    if head.earliest_on is not None and passes.floors[head.code] > 0:
        kind, stands = ClashKind.BEFORE_EARLIEST, f"它的最早开始日（{head.earliest_on}）"
    elif earliest_on is not None and earliest_on > today:
        kind, stands = ClashKind.BEFORE_EARLIEST, f"最早开始日（{earliest_on}）"
    text = (
        f"要在 {axis.day(passes.finish)} 完成，“{_short(head.name)}”须在 {start} 开始，早于{stands}，"
        f"差 {missing} 个工作日（最早 {floor} 可开始）。"
        f"可将完成日期后延到 {axis.day(passes.last)}，或{_squeeze(by_code, chain, missing)}"
    )
    return Clash(kind, text, missing, chain)


def _squeeze(by_code: Mapping[str, Task], chain: Sequence[str], days: int) -> str:
    longest = sorted((by_code[code] for code in chain), key=lambda task: -task.duration_days)[:_LONGEST_SHOWN]
    named = "、".join(f"{_short(task.name)}（{task.duration_days} 天）" for task in longest)
    return f"在这条关键链上压缩工期、增加压茬共 {days} 个工作日，其中最长的是{named}。"


def _short(name: str) -> str:
    return name if len(name) <= _NAME_IN_MESSAGE else f"{name[: _NAME_IN_MESSAGE - 1]}…"


def _notes(passes: _Passes, finish_on: date, calendar: WorkCalendar) -> Iterator[Clash]:
    axis = passes.axis
    worked = axis.day(passes.finish)
    if worked != finish_on:
        yield Clash(ClashKind.FINISH_OFF, f"完成日期 {finish_on} 为休息日，按此前最后一个工作日 {worked} 倒排。")
    days = [axis.day(number) for number in (0, passes.finish, max(passes.last, 0), *passes.late.values())]
    for year in range(min(days).year, max(days).year + 1):
        if not calendar.is_published(year):
            yield Clash(ClashKind.UNPUBLISHED, unpublished_wording(year))
