"""The demo's meetings: two held with decisions in several states, one to come; gone when the city is cleared."""

from sqlalchemy import func, select

from core.domain.meetings import DecisionState, MeetingStatus
from core.domain.permissions import system_actor
from core.services import demo_accounts, demo_meetings, meetings
from db.models import Meeting, MeetingDecision, MeetingItem
from db.seed.demo import build
from db.seed.removal import clear


def test_demo_holds_two_meetings_prepares_the_next_and_leaves_nothing_when_cleared(store) -> None:
    build(store)
    demo_accounts.create(system_actor("演示数据"))
    supervisor, _ = demo_accounts.reviewers()
    assert demo_meetings.create(supervisor) == 3
    (coming,) = meetings.upcoming(supervisor)
    assert coming.row.status is MeetingStatus.DRAFT
    assert coming.row.held_on > store.today()
    held = [meetings.read_meeting(supervisor, card.row.id) for card in meetings.held(supervisor).cards]
    assert [view.row.held_on.isoformat() for view in held] == ["2026-11-16", "2026-11-09"]
    states = {one.state for view in held for one in view.decisions}
    assert states == {DecisionState.DONE, DecisionState.OVERDUE, DecisionState.RUNNING}
    carried = meetings.read_meeting(supervisor, coming.row.id).carried
    assert [one.row.id for one in carried] == [one.row.id for one in held[0].decisions]
    clear(store)
    with store.read() as connection:
        for model in (Meeting, MeetingItem, MeetingDecision):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == 0
