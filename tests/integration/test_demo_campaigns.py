"""Campaigns of the demo city: every kind, some trouble, some ends, on any day of the year; they go with the demo."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from core.domain.campaigns.tree import check_tree
from core.domain.campaigns.words import CampaignKind, CampaignStatus
from core.domain.terms import Role
from core.services import campaigns
from db.models import Campaign, CampaignAcceptance, CampaignEvent, CampaignProgress, CampaignTask
from db.seed.demo import build
from db.seed.removal import clear
from db.session import Store, open_store, use_store
from tests.factories import make_actor

SUPERVISOR = make_actor(Role.SUPERVISOR)
DAYS = (date(2026, 1, 3), date(2026, 11, 22), date(2028, 2, 29))


@pytest.fixture(params=DAYS, ids=str)
def city(request: pytest.FixtureRequest, sqlite_store: Store) -> Iterator[tuple[Store, date]]:
    """The city on a day, looked at on that day."""
    now = datetime.combine(request.param, datetime.min.time(), UTC).replace(hour=6)
    store = open_store(sqlite_store.url, clock=lambda: now)
    build(store)
    use_store(store)
    yield store, request.param
    use_store(sqlite_store)
    store.dispose()


def test_campaigns_of_any_day_have_every_kind_and_believable_trouble(city) -> None:
    _, day = city
    found = campaigns.board(SUPERVISOR)
    assert found.year == day.year
    assert Counter(card.row.kind for card in found.cards) == {
        CampaignKind.BATTLE: 5,
        CampaignKind.REFORM: 3,
        CampaignKind.DRIVE: 4,
        CampaignKind.LIVELIHOOD: 4,
    }
    assert len(found.overdue) == 3
    assert len(found.due_soon) == 3
    assert len(found.claimed) == 2
    assert Counter(card.row.status for card in found.cards) == {
        CampaignStatus.RUNNING: 14,
        CampaignStatus.ACCEPTED: 1,
        CampaignStatus.DRAFT: 1,
    }
    assert sum(card.missing for card in found.cards) == 3
    assert sum(card.score_milli is not None for card in found.cards) == 5


def test_campaigns_of_any_day_are_such_as_the_services_would_have_stored(city) -> None:
    store, day = city
    for card in campaigns.board(SUPERVISOR).cards:
        view = campaigns.read_campaign(SUPERVISOR, card.row.id)
        facts = [line.row.facts for line in view.lines]
        names = {line.row.id: line.row.name for line in view.lines}
        assert check_tree(facts, names, card.row.start_on, card.row.finish_on) == []
        for phase in view.phases:
            assert card.row.start_on <= phase.start_on <= phase.finish_on <= card.row.finish_on
        for line in view.lines:
            assert line.row.closed_on is None or line.row.closed_on <= day
    with store.read() as connection:
        for column in (CampaignEvent.happened_at, CampaignProgress.reported_at, CampaignAcceptance.recorded_at):
            assert connection.execute(select(func.max(column))).scalar_one() <= store.clock()
        verdicts = set(connection.execute(select(CampaignAcceptance.verdict)).scalars())
    assert verdicts == {"passed", "conditional", "failed"}


def test_campaigns_go_with_the_demo(city) -> None:
    store, _ = city
    clear(store)
    with store.read() as connection:
        for model in (Campaign, CampaignTask, CampaignEvent, CampaignProgress):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == 0
