"""Backward schedules against slow readers: a day-by-day simulation forwards, constraint by constraint backwards."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.backward_network import Link, LinkKind, Task
from core.domain.backward_schedule import ClashKind, Placed, Schedule, plan_backwards
from core.domain.workdays import WorkCalendar

TODAY = date(2026, 9, 24)  # the National Day week and its make-up days lie ahead
DAY = timedelta(days=1)


@st.composite
def networks(draw) -> list[Task]:
    """Up to eight tasks that wait for earlier ones, some with days of their own; given in any order."""
    tasks: list[Task] = []
    for number in range(draw(st.integers(1, 8))):
        duration = draw(st.integers(1, 9))
        before = draw(st.lists(st.sampled_from(tasks), unique=True, max_size=3)) if tasks else []
        links = tuple(draw(_links(task)) for task in before)
        earliest = draw(st.none() | st.integers(0, 40).map(lambda days: TODAY + timedelta(days=days)))
        fixed = draw(st.none() | st.integers(40, 160).map(lambda days: TODAY + timedelta(days=days)))
        done = draw(st.sampled_from([None, None, None, None, TODAY - timedelta(days=5)]))
        tasks.append(
            Task(
                f"{number}", f"任务{number}", duration, links, earliest_on=earliest, must_finish_on=fixed, done_on=done
            )
        )
    return draw(st.permutations(tasks))


def _links(task: Task) -> st.SearchStrategy[Link]:
    return st.one_of(
        st.just(Link(task.code)),
        st.integers(0, task.duration_days).map(lambda days: Link(task.code, LinkKind.OVERLAP_DAYS, days)),
        st.integers(0, 100).map(lambda pct: Link(task.code, LinkKind.OVERLAP_PCT, pct)),
    )


calendars = st.dictionaries(
    st.integers(0, 120).map(lambda days: TODAY + timedelta(days=days)), st.booleans(), max_size=12
).map(WorkCalendar)
finishes = st.integers(-10, 150).map(lambda days: TODAY + timedelta(days=days))
first_days = st.none() | st.integers(-5, 30).map(lambda days: TODAY + timedelta(days=days))


def simulate(tasks: list[Task], floor: date, calendar: WorkCalendar) -> dict[str, tuple[date, date]]:
    """Work day by day from *floor*: whoever may start does; return first and last day of each task."""
    open_tasks = {task.code: task for task in tasks if task.done_on is None}
    worked: dict[str, int] = {}
    days: dict[str, tuple[date, date]] = {}
    today = floor
    while len(days) < len(open_tasks) or any(worked[code] < open_tasks[code].duration_days for code in worked):
        if calendar.is_working_day(today):
            while ready := [
                task
                for task in open_tasks.values()
                if task.code not in worked and _may_start(task, open_tasks, worked, today)
            ]:
                for task in ready:
                    worked[task.code] = 0
                    days[task.code] = (today, today)
            for code, spent in worked.items():
                if spent < open_tasks[code].duration_days:
                    worked[code] = spent + 1
                    days[code] = (days[code][0], today)
        today += DAY
    return days


def _may_start(task: Task, open_tasks: dict[str, Task], worked: dict[str, int], today: date) -> bool:
    if task.earliest_on is not None and today < task.earliest_on:
        return False
    for link in task.links:
        before = open_tasks.get(link.predecessor)
        if before is None:
            continue
        if before.code not in worked:
            return False
        spent = worked[before.code]
        left = before.duration_days - spent
        if link.kind is LinkKind.AFTER and left > 0:
            return False
        if link.kind is LinkKind.OVERLAP_DAYS and spent < link.amount:
            return False
        if link.kind is LinkKind.OVERLAP_PCT and spent * 100 < link.amount * before.duration_days:
            return False
        if left > task.duration_days:  # it would be over before the one it follows
            return False
    return True


def holds(before: Placed, after: Placed, link: Link, calendar: WorkCalendar) -> bool:
    """Whether *after* waits as long as *link* asks, told from days alone."""
    spent = _worked(before.start_on, min(after.start_on - DAY, before.finish_on), calendar)
    if link.kind is LinkKind.AFTER:
        return after.start_on > before.finish_on
    if after.start_on < before.start_on or after.finish_on < before.finish_on:
        return False
    if link.kind is LinkKind.OVERLAP_DAYS:
        return spent >= link.amount
    return spent * 100 >= link.amount * before.task.duration_days


def _worked(first: date, last: date, calendar: WorkCalendar) -> int:
    return sum(calendar.is_working_day(first + timedelta(days=step)) for step in range((last - first).days + 1))


def _moved(row: Placed, calendar: WorkCalendar) -> Placed:
    """The task one working day later."""
    start, finish = row.start_on + DAY, row.finish_on + DAY
    while not calendar.is_working_day(start):
        start += DAY
    while not calendar.is_working_day(finish):
        finish += DAY
    return Placed(row.task, start, finish, start, finish, 0, False)


def _broken(row: Placed, schedule: Schedule, finish: date, calendar: WorkCalendar) -> bool:
    """Whether *row* in place of its own breaks the finish, its fixed day or a successor's wait."""
    if row.finish_on > finish or (row.task.must_finish_on is not None and row.finish_on > row.task.must_finish_on):
        return True
    return any(
        not holds(row, other, link, calendar)
        for other in schedule.rows
        if other.task.done_on is None
        for link in other.task.links
        if link.predecessor == row.task.code
    )


@settings(max_examples=300, deadline=None)
@given(networks(), finishes, first_days, calendars)
def test_latest_days_hold_every_wait_and_none_could_be_later(tasks, finish, earliest, calendar) -> None:
    schedule = plan_backwards(tasks, finish, calendar, today=TODAY, earliest_on=earliest)
    assert [row.task for row in schedule.rows] == list(tasks)
    for row in schedule.rows:
        if row.task.done_on is not None:
            continue
        assert calendar.is_working_day(row.start_on)
        assert calendar.is_working_day(row.finish_on)
        assert _worked(row.start_on, row.finish_on, calendar) == row.task.duration_days
        assert not _broken(row, schedule, finish, calendar)
        assert _broken(_moved(row, calendar), schedule, finish, calendar)


@settings(max_examples=300, deadline=None)
@given(networks(), finishes, first_days, calendars)
def test_earliest_days_are_those_of_a_simulation_day_by_day(tasks, finish, earliest, calendar) -> None:
    schedule = plan_backwards(tasks, finish, calendar, today=TODAY, earliest_on=earliest)
    simulated = simulate(list(tasks), max(TODAY, earliest or TODAY), calendar)
    early = {
        row.task.code: (row.early_start_on, row.early_finish_on) for row in schedule.rows if row.task.done_on is None
    }
    assert early == simulated


@settings(max_examples=300, deadline=None)
@given(networks(), finishes, first_days, calendars)
def test_schedule_is_feasible_exactly_when_the_simulation_is_over_in_time(tasks, finish, earliest, calendar) -> None:
    schedule = plan_backwards(tasks, finish, calendar, today=TODAY, earliest_on=earliest)
    simulated = simulate(list(tasks), max(TODAY, earliest or TODAY), calendar)
    fixed = {task.code: task.must_finish_on for task in tasks if task.must_finish_on is not None}
    in_time = all(last <= finish for _, last in simulated.values())
    fixed_kept = all(last <= fixed[code] for code, (_, last) in simulated.items() if code in fixed)
    assert schedule.is_feasible is (in_time and fixed_kept)
    open_rows = [row for row in schedule.rows if row.task.done_on is None]
    assert schedule.is_feasible is all(row.float_days >= 0 for row in open_rows)
    assert (schedule.missing_days == 0) is in_time
    assert (schedule.feasible_on is None) is not fixed_kept
    kinds = {clash.kind for clash in schedule.clashes}
    assert (ClashKind.FIXED_FINISH in kinds) is not fixed_kept
    assert bool(kinds & {ClashKind.BEFORE_TODAY, ClashKind.BEFORE_EARLIEST}) is not in_time


@settings(max_examples=150, deadline=None)
@given(networks(), finishes, first_days, calendars)
def test_named_finish_is_the_first_that_fits(tasks, finish, earliest, calendar) -> None:
    schedule = plan_backwards(tasks, finish, calendar, today=TODAY, earliest_on=earliest)
    if schedule.feasible_on is None or not schedule.chain:
        return

    def fits(day: date) -> bool:
        return plan_backwards(tasks, day, calendar, today=TODAY, earliest_on=earliest).is_feasible

    assert fits(schedule.feasible_on)
    assert not fits(schedule.feasible_on - DAY)


@settings(max_examples=150, deadline=None)
@given(networks(), finishes, calendars, st.data())
def test_day_lost_on_the_critical_chain_is_a_day_lost_at_the_end(tasks, finish, calendar, data) -> None:
    schedule = plan_backwards(tasks, finish, calendar, today=TODAY)
    if not schedule.chain:
        return
    assert set(schedule.chain) <= {row.task.code for row in schedule.rows if row.is_critical}
    code = data.draw(st.sampled_from(schedule.chain))
    row = next(row for row in schedule.rows if row.task.code == code)
    later = _moved(Placed(row.task, row.early_start_on, row.early_finish_on, TODAY, TODAY, 0, True), calendar)
    delayed = [
        task if task.code != code else Task(code, task.name, task.duration_days, task.links, earliest_on=later.start_on)
        for task in tasks
    ]
    again = plan_backwards(delayed, finish, calendar, today=TODAY)
    assert again.needed_days > schedule.needed_days
