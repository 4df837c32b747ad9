"""The trend of campaigns: tasks that fell due against tasks that were closed out, with the rows behind each number."""

from datetime import date

import pytest

from core.domain.campaigns.words import TaskStatus
from core.services import campaigns as service
from core.services.campaigns import Board, TaskDraft
from tests.support.campaigns import TODAY, CampaignCity, campaign_city, campaign_draft, finish, launched, tasks_of


@pytest.fixture
def city(store) -> CampaignCity:
    return campaign_city(store)


def told(board: Board) -> list[tuple[date, int, int]]:
    return [(week.first, week.came, week.ended) for week in board.weeks if week.came or week.ended]


def test_weeks_count_tasks_due_by_the_latest_plan_and_tasks_closed_out(city) -> None:
    key = launched(city)
    # 1.1 ends 2026-11-27, 1.2 on 2026-12-20, both to come; 2 fell due on Friday 2026-11-20, in the present week.
    board = service.board(city.supervisor, 2026)
    assert told(board) == [(date(2026, 11, 16), 1, 0)]
    assert (board.weeks[0].first, board.weeks[-1].last) == (date(2026, 8, 31), TODAY)
    line = tasks_of(city, key)["2"]
    earlier = TaskDraft("", "资金到位", "市财政局", date(2026, 3, 1), date(2026, 10, 4))
    service.edit_task(city.commander, line.row.id, earlier, "提前", line.row.version)
    assert told(service.board(city.supervisor, 2026)) == [(date(2026, 9, 28), 1, 0)]
    finish(city, key)
    assert told(service.board(city.supervisor, 2026)) == [(date(2026, 9, 28), 1, 0), (date(2026, 11, 16), 0, 3)]


def test_rows_behind_a_week_are_as_many_as_it_counts(city) -> None:
    key = launched(city)
    finish(city, key)
    board = service.board(city.supervisor, 2026)
    week = board.weeks[-1]
    assert [line.row.name for line in board.due_in(week.first, week.last)] == ["资金到位"]
    assert sorted(line.row.name for line in board.closed_in(week.first, week.last)) == [
        "桥梁合龙",
        "资金到位",
        "路面铺筑",
    ]
    assert (week.came, week.ended) == (1, 3)
    assert told(service.board(city.stranger, 2026)) == []


def test_drafts_and_cancelled_tasks_are_no_trend_a_reopened_one_is_open_again(city) -> None:
    waiting = service.create(city.commander, campaign_draft(city, name="还没启动"))
    service.add_tasks(city.commander, waiting, [TaskDraft("1", "谋划", "市财政局", date(2026, 3, 1), TODAY)], 1)
    key = launched(city)
    line = tasks_of(city, key)["2"]
    service.drop_task(city.commander, line.row.id, "并入其他任务", line.row.version)
    assert told(service.board(city.supervisor, 2026)) == []
    finish(city, key)
    assert told(service.board(city.supervisor, 2026)) == [(date(2026, 11, 16), 0, 2)]
    line = tasks_of(city, key)["1.1"]
    assert line.row.facts.status is TaskStatus.CLOSED_OUT
    service.reopen(city.commander, line.row.id, "现场复核不实", line.row.version)
    assert told(service.board(city.supervisor, 2026)) == [(date(2026, 11, 16), 0, 1)]
