"""The demo's supervision so far: rounds published when due, followed, months closed; all of it gone when cleared."""

import pytest
from sqlalchemy import func, select

from core.domain.period import Month
from core.domain.permissions import system_actor
from core.domain.supervision_terms import RoundStatus
from core.services import closing, demo_accounts, demo_rounds, rectifications, rounds
from db.models.closing import MonthArchivePart, MonthClose
from db.models.supervision import FlagDecision, Rectification, RoundSnapshot, SupervisionRound
from db.seed.demo import build
from db.seed.removal import clear


@pytest.fixture
def city(store):
    build(store)
    demo_accounts.create(system_actor("演示数据"))
    supervisor, leader = demo_accounts.reviewers()
    demo_rounds.create(supervisor, leader)
    closing.close(supervisor, Month(2026, 9), "演示：个别项目停工未报")
    return supervisor


def counted(store) -> list[int]:
    models = (SupervisionRound, FlagDecision, RoundSnapshot, Rectification, MonthClose, MonthArchivePart)
    with store.read() as connection:
        return [connection.execute(select(func.count()).select_from(model)).scalar_one() for model in models]


def test_demo_has_rounds_of_the_year_followed_and_leaves_nothing_when_cleared(store, city) -> None:
    found = rounds.list_rounds(city)
    # 2026-11-22: the reports of October were due on the 25th of that month.
    assert [(row.number, str(row.window.last_month)) for row in found] == [
        (5, "2026-10"),
        (4, "2026-08"),
        (3, "2026-06"),
        (2, "2026-04"),
        (1, "2026-02"),
    ]
    assert {row.status for row in found} == {RoundStatus.PUBLISHED}
    assert all(rounds.read_snapshot(city, row.id).decisions for row in found)
    snapshot = rounds.read_snapshot(city, found[1].id)
    assert [item.approved_by for item in snapshot.overrides] == ["程立诚"]
    sums = rectifications.board(city).rates.sums
    assert sums.closed > 0
    assert sums.cases > sums.closed
    assert [str(row.month) for row in closing.closed_months(city)] == ["2026-09"]
    clear(store)
    assert counted(store) == [0] * 6
