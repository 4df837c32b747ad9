"""A mistaken draft is discarded: it blocks nobody, its number is free again, the row and the audit stay."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Invalid, PermissionDenied, RoundAlreadyPublished, RoundOutOfOrder, RoundRefused
from core.domain.period import Month
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import RoundStatus
from core.services import rounds
from db.models.supervision import SupervisionRound
from db.models.system import AuditEvent
from tests.support import round_city
from tests.support.round_city import LEADER, SUPERVISOR

EARLIER = RoundWindow(Month(2026, 7), Month(2026, 8), date(2026, 11, 20))
WHY = "月份选错，重新建立"


@pytest.fixture
def city(store):
    return round_city.build(store)


def test_discarded_draft_blocks_nobody_and_frees_its_number(store, city) -> None:
    mistaken, _ = round_city.draft(1, EARLIER)
    later, version = round_city.reviewed(2)
    with pytest.raises(RoundOutOfOrder):
        rounds.publish(SUPERVISOR, later, version)
    rounds.discard(SUPERVISOR, mistaken, WHY, 2)
    rounds.publish(SUPERVISOR, later, version)
    assert [row.id for row in rounds.list_rounds(SUPERVISOR)] == [later]
    assert rounds.proposal(SUPERVISOR).number == 3
    with store.read() as connection:
        kept = connection.execute(
            select(SupervisionRound.status, SupervisionRound.revision).where(SupervisionRound.id == mistaken)
        ).one()
        told = connection.execute(select(AuditEvent.reason).where(AuditEvent.reason == WHY)).all()
    assert tuple(kept) == (RoundStatus.DISCARDED.value, -mistaken)
    assert len(told) == 1


def test_number_of_a_discarded_draft_is_given_again_as_a_first_revision(city) -> None:
    mistaken, _ = round_city.draft(1, EARLIER)
    with pytest.raises(RoundRefused, match="已经建立"):
        round_city.draft(1)
    rounds.discard(SUPERVISOR, mistaken, WHY, 2)
    again = rounds.read_round(SUPERVISOR, round_city.published(1)).row
    assert (again.number, again.revision, again.status) == (1, 1, RoundStatus.PUBLISHED)


def test_discarded_correction_leaves_the_published_round_and_may_be_begun_again(city) -> None:
    published = round_city.published(1)
    version = rounds.read_round(SUPERVISOR, published).row.version
    first = rounds.supersede(SUPERVISOR, published, "数据核实后更正", version)
    rounds.discard(SUPERVISOR, first, "更正提错了轮次", 1)
    again = rounds.supersede(SUPERVISOR, published, "数据核实后再更正", version)
    assert rounds.read_round(SUPERVISOR, again).row.revision == 2
    latest = rounds.latest_published(SUPERVISOR)
    assert latest is not None
    assert latest.id == published


def test_only_drafts_are_discarded_with_a_reason_by_who_runs_rounds(city) -> None:
    draft, _ = round_city.draft(1, EARLIER)
    with pytest.raises(PermissionDenied):
        rounds.discard(LEADER, draft, WHY, 2)
    with pytest.raises(Invalid):
        rounds.discard(SUPERVISOR, draft, "错", 2)
    rounds.discard(SUPERVISOR, draft, WHY, 2)
    published = round_city.published(1)
    with pytest.raises(RoundAlreadyPublished):
        rounds.discard(SUPERVISOR, published, WHY, rounds.read_round(SUPERVISOR, published).row.version)
