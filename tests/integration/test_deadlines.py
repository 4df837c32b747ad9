"""到期: counts against the rows behind them for every scope; nothing lost between headquarters."""

from datetime import date

import pytest

from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.domain.todo import TodoGroup, TodoKind
from core.services import deadlines, figures, matters, wall
from core.services.deadlines import DueCounts
from core.services.matters import MatterFilter
from db.queries.deadlines import NO_TEAM, DueFilter
from tests.factories import make_actor
from tests.support.todos import TODAY, TodoCity, todo_city


@pytest.fixture
def city(store) -> TodoCity:
    made = todo_city(store)
    figures.version()
    return made


def board_of(actor):
    return wall.view(actor).deadlines


def test_board_counts_nodes_matters_and_rectifications(city) -> None:
    board = board_of(city.actors["leader"])
    assert dict(board.kinds) == {
        TodoKind.MILESTONE: DueCounts(overdue=2, today=1, week=2),
        TodoKind.MATTER: DueCounts(overdue=2, today=2, week=3),
        TodoKind.RECTIFICATION: DueCounts(overdue=1, today=0, week=1),
    }
    assert board.total == DueCounts(5, 3, 6)
    assert board.reports_missing == 2
    assert board.report_month == ("2026年11月", date(2026, 11, 25))


def test_days_of_the_week_add_up_to_what_is_due_in_it(city) -> None:
    board = board_of(city.actors["leader"])
    assert [on for on, _ in board.days] == [date(2026, 11, day) for day in range(22, 30)]
    assert dict(board.days)[TODAY] == 3
    assert sum(count for _, count in board.days) == board.total.week


def test_headquarters_and_those_without_add_up_to_all_that_is_overdue(city) -> None:
    board = board_of(city.actors["leader"])
    assert [(team.name, team.total) for team in board.teams] == [("交通会战指挥部", 3), ("未归口指挥部", 2)]
    assert sum(team.total for team in board.teams) == board.total.overdue


@pytest.mark.parametrize("who", ["leader", "county", "stranger", "headquarters", "unit"])
def test_every_figure_opens_exactly_its_rows(city, who) -> None:
    actor = city.actors[who]
    board = board_of(actor)
    groups = {TodoGroup.OVERDUE: "overdue", TodoGroup.TODAY: "today", TodoGroup.WEEK: "week"}
    for group, name in groups.items():
        assert deadlines.find(actor, DueFilter(group=group)).total == getattr(board.total, name)
        for kind, counts in board.kinds.items():
            found = deadlines.find(actor, DueFilter(kind, group))
            assert (found.total, len(found.items)) == (getattr(counts, name), getattr(counts, name))
    for on, count in board.days:
        assert deadlines.find(actor, DueFilter(on=on)).total == count
    for team in board.teams:
        wanted = DueFilter(group=TodoGroup.OVERDUE, headquarters_id=team.key_id)
        assert deadlines.find(actor, wanted).total == team.total


def test_matters_agree_with_their_lists(city) -> None:
    actor = city.actors["leader"]
    counts = board_of(actor).kinds[TodoKind.MATTER]
    assert matters.overdue(actor, MatterFilter()).total == counts.overdue
    assert matters.due_soon(actor, MatterFilter()).total == counts.week


def test_lists_begin_with_the_nearest_and_the_longest_overdue(city) -> None:
    board = board_of(city.actors["leader"])
    assert [todo.due_on for todo in board.soon] == sorted(todo.due_on for todo in board.soon)
    assert (board.late[0].title, board.late[0].due_on) == ("桥墩完工", date(2026, 11, 1))
    assert [todo.title for todo in board.soon[:3]] == ["县里新登记的事", "市里新登记的请示", "合龙"]


def test_foreign_county_sees_only_its_own(city) -> None:
    items = deadlines.find(city.actors["stranger"], DueFilter()).items
    assert {todo.title for todo in items} == {"路基完成", "西山征地慢", "西山公路"}
    assert deadlines.find(city.actors["stranger"], DueFilter(headquarters_id=NO_TEAM)).total == 3


def test_who_may_not_look_at_projects_is_refused(city) -> None:
    with pytest.raises(PermissionDenied):
        deadlines.find(make_actor(Role.AUDITOR), DueFilter())
