"""The demo's one story: raised, lifted, decided at a meeting, solved, and the site works again; gone when cleared."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.domain.matters.words import MatterAction, Outcome, Satisfaction
from core.domain.meetings import MeetingStatus
from core.domain.permissions import system_actor
from core.domain.terms import MatterKind, MatterStatus, Stage
from core.services import demo_accounts, demo_story, matters, meetings, project_changes
from core.services.matters import MatterFilter
from db.models.matter import Matter, MatterEvent
from db.models.meeting import Meeting
from db.seed.demo import build
from db.seed.removal import clear


@pytest.fixture
def office(store):
    build(store)
    demo_accounts.create(system_actor("演示数据"))
    return demo_accounts.reviewers()[0]


def test_story_of_a_standing_site_ends_with_its_works_going_on(store, office) -> None:
    key = demo_story.create(office)
    assert key is not None
    told = matters.read_matter(office, key)
    assert [event.kind for event in told.events] == [
        MatterAction.REGISTERED,
        MatterAction.CLASSIFIED,
        MatterAction.ASSIGNED,
        MatterAction.SIGNED,
        MatterAction.IN_PROGRESS,
        MatterAction.ESCALATED,
        MatterAction.ASSIGNED,
        MatterAction.SIGNED,
        MatterAction.IN_PROGRESS,
        MatterAction.SUPPORTED,
        MatterAction.REPLIED,
        MatterAction.RESOLVED,
        MatterAction.VISITED,
        MatterAction.CLOSED_OUT,
    ]
    state = told.card.row.state
    assert (state.status, state.outcome, state.satisfaction) == (
        MatterStatus.CLOSED_OUT,
        Outcome.SOLVED,
        Satisfaction.SATISFIED,
    )
    assert state.is_escalated
    assert state.pressed_times == 0
    project_id = told.card.row.project_id
    project = project_changes.current(office, project_id).values
    assert (project["stage"], project["resumed_on"]) == (Stage.CONSTRUCTION, date(2026, 11, 20))
    (held,) = meetings.held(office).cards
    assert (held.row.status, held.row.held_on) == (MeetingStatus.CLOSED, date(2026, 10, 26))
    wanted = MatterFilter(kinds=(MatterKind.CONSULTATION,), project_id=project_id)
    (decided,) = matters.find(office, wanted).cards
    assert decided.row.state.status is MatterStatus.CLOSED_OUT
    clear(store)
    with store.read() as connection:
        left = [
            connection.execute(select(func.count()).select_from(model)).scalar_one()
            for model in (Matter, MatterEvent, Meeting)
        ]
    assert left == [0, 0, 0]
