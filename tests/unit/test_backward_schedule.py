"""Backward schedules: a worked example by hand, clashes in words, what is refused, the notation of links."""

import itertools
import json
import re
from datetime import date
from pathlib import Path

import pytest

from core.domain.backward_network import (
    MAX_CHAIN_DAYS,
    MAX_TASKS,
    Link,
    LinkKind,
    Task,
    check_network,
    find_cycle,
    parse_links,
)
from core.domain.backward_schedule import ClashKind, plan_backwards
from core.domain.errors import Invalid
from core.domain.schedule_templates import (
    SHIPPED,
    ScheduleTemplate,
    check_template,
    template_from_dict,
    template_to_dict,
)
from core.domain.workdays import WorkCalendar

ROOT = Path(__file__).resolve().parents[2]
CALENDAR = WorkCalendar()
TODAY = date(2026, 11, 22)  # a Sunday
FINISH = date(2026, 12, 31)  # a Thursday


def task(code: str, days: int, links: str = "", **values) -> Task:
    found = parse_links(links)
    assert found is not None
    return Task(code, values.pop("name", f"任务{code}"), days, found, **values)


def plan(*tasks: Task, finish: date = FINISH, today: date = TODAY, earliest: date | None = None, calendar=CALENDAR):
    return plan_backwards(tasks, finish, calendar, today=today, earliest_on=earliest)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_latest_days_of_a_chain_are_counted_back_in_working_days() -> None:
    schedule = plan(task("1", 5), task("2", 10, "1"), task("3", 3, "2"))
    days = [(row.start_on, row.finish_on) for row in schedule.rows]
    assert days == [
        (date(2026, 12, 8), date(2026, 12, 14)),
        (date(2026, 12, 15), date(2026, 12, 28)),
        (date(2026, 12, 29), date(2026, 12, 31)),
    ]
    assert (schedule.needed_days, schedule.missing_days, schedule.chain) == (18, 0, ("1", "2", "3"))
    assert schedule.feasible_on == date(2026, 12, 16)
    assert {row.float_days for row in schedule.rows} == {11}
    assert schedule.is_feasible
    assert schedule.clashes == ()


@pytest.mark.parametrize(
    ("links", "start"),
    [
        ("1", date(2026, 12, 14)),
        ("1压5天", date(2026, 12, 18)),
        ("1压8天", date(2026, 12, 16)),
        ("1压80%", date(2026, 12, 16)),
        ("1压71%", date(2026, 12, 16)),
        ("1压0天", date(2026, 12, 18)),
        ("1压100%", date(2026, 12, 14)),
    ],
    ids=["after", "no overtaking", "8 days", "80 %", "a part of a day counts whole", "together", "100 % is after"],
)
def test_overlap_lets_the_successor_start_inside_its_predecessor(links: str, start: date) -> None:
    """Task 2 takes 4 days and ends on December 31; task 1 takes 10: when does it have to start?"""
    schedule = plan(task("1", 10), task("2", 4, links))
    assert schedule.rows[0].start_on == start
    assert (schedule.rows[1].start_on, schedule.rows[1].finish_on) == (date(2026, 12, 28), FINISH)


def test_short_successor_waits_so_that_it_does_not_overtake() -> None:
    schedule = plan(task("1", 10), task("2", 4, "1压2天"))
    early = [(row.early_start_on, row.early_finish_on) for row in schedule.rows]
    assert early == [(date(2026, 11, 23), date(2026, 12, 4)), (date(2026, 12, 1), date(2026, 12, 4))]


def test_parallel_branch_has_its_float_and_only_the_long_one_is_critical() -> None:
    schedule = plan(task("1", 5), task("2", 10, "1"), task("3", 4, "1"), task("4", 2, "2、3"))
    assert [row.is_critical for row in schedule.rows] == [True, True, False, True]
    assert [row.float_days for row in schedule.rows] == [12, 12, 18, 12]
    assert schedule.chain == ("1", "2", "4")


def test_finish_on_a_day_off_is_moved_back_and_said() -> None:
    schedule = plan(task("1", 2), finish=date(2026, 12, 26))
    assert schedule.finish_on == date(2026, 12, 25)
    assert [clash.kind for clash in schedule.clashes] == [ClashKind.FINISH_OFF]
    assert schedule.is_feasible
    assert "2026-12-26" in schedule.clashes[0].message
    assert "2026-12-25" in schedule.clashes[0].message


def test_local_working_day_is_worked_and_a_holiday_is_not() -> None:
    local = WorkCalendar({date(2026, 12, 26): True, date(2026, 12, 30): False})
    schedule = plan(task("1", 3), calendar=local)
    assert (schedule.rows[0].start_on, schedule.rows[0].finish_on) == (date(2026, 12, 28), FINISH)
    spring = plan(task("1", 3), finish=date(2026, 2, 25), today=date(2026, 1, 4))
    assert spring.rows[0].start_on == date(2026, 2, 14)  # a worked Saturday before the Spring Festival


def test_year_without_published_calendar_is_named_once_and_does_not_block() -> None:
    schedule = plan(task("1", 3), finish=date(2027, 3, 1))
    assert [clash.kind for clash in schedule.clashes] == [ClashKind.UNPUBLISHED]
    assert "2027年" in schedule.clashes[0].message
    assert schedule.is_feasible


def test_too_little_time_names_the_days_the_chain_and_the_finish_that_would_do() -> None:
    schedule = plan(task("1", 20, name="基础"), task("2", 15, "1", name="主体"), task("3", 1, name="旁支"))
    assert (schedule.missing_days, schedule.feasible_on) == (6, date(2027, 1, 11))
    (clash,) = [found for found in schedule.clashes if not found.is_note]
    assert (clash.kind, clash.days, clash.chain) == (ClashKind.BEFORE_TODAY, 6, ("1", "2"))
    assert "“基础”须在 2026-11-13 开始，早于今天（2026-11-22），差 6 个工作日" in clash.message
    assert "后延到 2027-01-11" in clash.message
    assert "基础（20 天）、主体（15 天）" in clash.message
    assert [row.float_days for row in schedule.rows] == [-6, -6, 28]
    assert plan(task("1", 20), task("2", 15, "1"), finish=date(2027, 1, 11)).is_feasible
    assert not plan(task("1", 20), task("2", 15, "1"), finish=date(2027, 1, 10)).is_feasible


def test_fixed_first_day_is_named_instead_of_today() -> None:
    whole = plan(task("1", 20), earliest=date(2026, 12, 14))
    assert next((found.kind, found.days) for found in whole.clashes) == (ClashKind.BEFORE_EARLIEST, 6)
    assert "最早开始日（2026-12-14）" in whole.clashes[0].message
    single = plan(task("1", 2), task("2", 10, "1", earliest_on=date(2026, 12, 21)))
    assert (single.clashes[0].kind, single.clashes[0].days) == (ClashKind.BEFORE_EARLIEST, 1)
    assert "它的最早开始日（2026-12-21）" in single.clashes[0].message
    assert single.clashes[0].chain == ("2",)


def test_fixed_node_in_the_way_is_named_and_no_finish_helps() -> None:
    fixed = task("2", 10, "1", name="度汛面貌", must_finish_on=date(2026, 12, 11))
    schedule = plan(task("1", 10, name="围堰"), fixed, finish=date(2027, 6, 30))
    (clash,) = [found for found in schedule.clashes if not found.is_note]
    assert (clash.kind, clash.days, clash.chain) == (ClashKind.FIXED_FINISH, 5, ("1", "2"))
    assert "“度汛面貌”限定 2026-12-11 前完成，最早只能到 2026-12-18，差 5 个工作日" in clash.message
    assert schedule.feasible_on is None
    assert (schedule.missing_days, schedule.is_feasible) == (0, False)


def test_fixed_node_pulls_its_predecessors_forward() -> None:
    fixed = task("2", 2, "1", must_finish_on=date(2026, 12, 11))
    schedule = plan(task("1", 3), fixed, task("3", 2, "2"))
    assert [row.finish_on for row in schedule.rows] == [date(2026, 12, 9), date(2026, 12, 11), FINISH]
    assert schedule.is_feasible


def test_done_task_takes_no_time_and_holds_nobody_up() -> None:
    schedule = plan(task("1", 200, done_on=date(2026, 11, 10)), task("2", 28, "1"))
    first, second = schedule.rows
    assert (first.finish_on, first.float_days, first.is_critical) == (date(2026, 11, 10), 0, False)
    assert (second.start_on, second.float_days) == (date(2026, 11, 24), 1)
    assert schedule.start_on == date(2026, 11, 24)
    every = plan(task("1", 3, done_on=date(2026, 11, 10)))
    assert (every.is_feasible, every.chain, every.needed_days, every.start_on) == (True, (), 0, FINISH)


def test_refused_tasks_are_all_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        plan(
            task("1", 0),
            task("1", -3),
            task("2", 3, "9"),
            task("3", 3, "3"),
            Task("4", " ", 3, (Link("2"), Link("2"))),
            Task("5", "压茬过头", 3, (Link("2", LinkKind.OVERLAP_DAYS, 4), Link("3", LinkKind.OVERLAP_PCT, 101))),
            Task("a b", "序号", 3),
            task("7", 3, earliest_on=date(2026, 12, 9), must_finish_on=date(2026, 12, 8)),
            task("8", 3, done_on=date(2026, 11, 23)),
        )
    assert codes(refused) == [
        "duplicate", "duration", "duration", "unknown", "self", "missing_name", "twice", "overlap", "overlap", "code",
        "dates", "future_done",
    ]  # fmt: skip


def test_cycle_is_named_along_its_tasks() -> None:
    tasks = [task("1", 3), task("2", 3, "1、4"), task("3", 3, "2压1天"), task("4", 3, "3"), task("5", 1, "4")]
    cycle = find_cycle(tasks)
    assert sorted(cycle[:-1]) == ["2", "3", "4"]
    assert cycle[0] == cycle[-1]
    links = {item.code: {link.predecessor for link in item.links} for item in tasks}
    assert all(before in links[after] for before, after in itertools.pairwise(cycle))
    with pytest.raises(Invalid) as refused:
        plan(*tasks)
    assert codes(refused) == ["cycle"]
    assert " → ".join(cycle) in refused.value.user_message


def test_bounds_of_a_network_are_kept() -> None:
    assert [problem.code for problem in check_network([])] == ["no_tasks"]
    assert [problem.code for problem in check_network([task(str(n), 1) for n in range(MAX_TASKS + 1)])] == ["too_many"]
    chain = [task("1", 1500), *(task(str(n), 1500, str(n - 1)) for n in range(2, 6))]
    assert sum(item.duration_days for item in chain) == MAX_CHAIN_DAYS
    assert check_network(chain) == []
    assert [problem.code for problem in check_network([*chain, task("6", 1, "5")])] == ["too_long"]
    with pytest.raises(Invalid) as refused:
        plan(task("1", 3, earliest_on=date(2099, 1, 1)), finish=date(2060, 1, 1))
    assert codes(refused) == ["far_date", "far_date"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("", ()),
        ("3", (Link("3"),)),
        ("3FS", (Link("3"),)),
        ("1、2，4;5 6", tuple(Link(code) for code in "12456")),
        ("3压10天", (Link("3", LinkKind.OVERLAP_DAYS, 10),)),
        ("3压10", (Link("3", LinkKind.OVERLAP_DAYS, 10),)),
        ("３压茬５０％", (Link("3", LinkKind.OVERLAP_PCT, 50),)),
        ("3SS+10d", (Link("3", LinkKind.OVERLAP_DAYS, 10),)),
        ("A1@25%", (Link("A1", LinkKind.OVERLAP_PCT, 25),)),
        ("3压", None),
        ("压3", None),
        ("3压-2天", None),
        ("3+2", None),
    ],
)
def test_links_are_read_as_they_are_typed(text: str, links: tuple[Link, ...] | None) -> None:
    assert parse_links(text) == links
    if links:
        assert parse_links("、".join(link.text for link in links)) == links


def example() -> list[list[str]]:
    """Return the rows of the worked example in docs/how-to/plan-backwards.md."""
    text = (ROOT / "docs/how-to/plan-backwards.md").read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| \d.*$", text, re.M)]


def test_worked_example_of_the_docs_is_what_comes_out() -> None:
    rows = example()
    tasks = [task(code, int(days), links, name=name) for code, name, days, links, *_ in rows]
    schedule = plan(*tasks, finish=FINISH, today=date(2026, 6, 1))
    shown = [
        [
            row.task.code,
            row.task.name,
            str(row.task.duration_days),
            row.task.links_text,
            str(row.start_on),
            str(row.finish_on),
            str(row.float_days),
            "◆" if row.is_critical else "",
        ]
        for row in schedule.rows
    ]
    assert shown == rows
    assert len(rows) == 6
    assert (schedule.chain, schedule.needed_days) == (("1", "2", "3", "5", "6"), 101)
    assert schedule.feasible_on == date(2026, 10, 26)
    assert plan(*tasks, finish=date(2026, 9, 30), today=date(2026, 6, 1)).missing_days == 14


@pytest.mark.parametrize("template", SHIPPED, ids=[template.code for template in SHIPPED])
def test_shipped_template_is_a_network_with_one_end_that_is_a_key_node(template: ScheduleTemplate) -> None:
    assert check_template(template) == template
    assert template_from_dict(json.loads(json.dumps(template_to_dict(template))), 0) == template
    waited_for = {link.predecessor for item in template.tasks for link in item.links}
    ends = [item for item in template.tasks if item.code not in waited_for]
    assert template.tasks[-1] in ends
    assert all(item.is_key or item.name.endswith("（确需时）") for item in ends)
    schedule = plan_backwards(template.tasks, date(2030, 12, 31), CALENDAR, today=TODAY)
    assert schedule.is_feasible
    assert 150 < schedule.needed_days < 500
