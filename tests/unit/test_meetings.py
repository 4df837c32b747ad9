"""Meetings as values: what may be typed, what a decision still lacks, how far it has come."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.matters.state import MatterState
from core.domain.matters.words import MatterLevel
from core.domain.meetings import (
    DecisionDraft,
    DecisionState,
    MeetingDraft,
    MeetingKind,
    check_decision,
    check_meeting,
    check_ready,
    decision_state,
    default_title,
)
from core.domain.terms import MatterKind, MatterStatus

DAY = date(2026, 11, 23)
RUNNING = MatterState(MatterKind.CONSULTATION, MatterStatus.IN_PROGRESS, MatterLevel.CITY, due_on=DAY)
READY = DecisionDraft("十日内交地。", 1, "周工", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        (None, DecisionState.DRAFT),
        (RUNNING, DecisionState.RUNNING),
        (replace(RUNNING, due_on=date(2026, 11, 22)), DecisionState.OVERDUE),
        (replace(RUNNING, due_on=None), DecisionState.RUNNING),
        (replace(RUNNING, step_due_on=date(2026, 11, 20)), DecisionState.RUNNING),
        (replace(RUNNING, status=MatterStatus.REPLIED, step_due_on=date(2026, 11, 20)), DecisionState.OVERDUE),
        (replace(RUNNING, status=MatterStatus.RESOLVED, due_on=date(2026, 11, 1)), DecisionState.DONE),
        (replace(RUNNING, status=MatterStatus.CLOSED_OUT), DecisionState.DONE),
        (replace(RUNNING, status=MatterStatus.MERGED), DecisionState.DONE),
        (replace(RUNNING, closed_on=DAY), DecisionState.DONE),
    ],
    ids=[
        "not handed out",
        "due today",
        "late",
        "no deadline",
        "report owed",
        "result owed",
        "resolved",
        "closed out",
        "merged",
        "dated end",
    ],
)
def test_decision_is_as_far_as_its_matter(matter, expected) -> None:
    assert decision_state(matter, DAY) is expected


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (READY, []),
        (replace(READY, due_on=DAY), []),
        (replace(READY, due_on=date(2026, 11, 22)), ["due_on"]),
        (replace(READY, due_on=date(2027, 11, 25)), ["due_on"]),
        (replace(READY, owner_unit_id=None, due_on=None), ["owner_unit_id", "due_on"]),
        (replace(READY, owner_unit_id=None, due_on=None, is_noted=True), []),
    ],
    ids=["ready", "today", "past", "too far", "bare", "noted"],
)
def test_decision_lacks_what_is_named(draft, fields) -> None:
    assert [problem.field for problem in check_ready(3, draft, DAY)] == fields
    assert all("第 3 项议题" in problem.message for problem in check_ready(3, draft, DAY))


def test_empty_or_long_decision_is_refused() -> None:
    assert [problem.field for problem in check_decision(DecisionDraft(" "))] == ["text"]
    found = check_decision(DecisionDraft("长" * 2001, owner="名" * 65))
    assert [problem.field for problem in found] == ["text", "owner"]


@pytest.mark.parametrize("time", ["", "00:00", "09:30", "23:59"])
def test_time_of_day_is_taken(time) -> None:
    assert check_meeting(MeetingDraft(MeetingKind.JOINT, DAY, starts_at=time)) == []


@pytest.mark.parametrize("time", ["9:30", "24:00", "09:60", "上午九点"])
def test_time_that_is_none_is_refused(time) -> None:
    found = check_meeting(MeetingDraft(MeetingKind.JOINT, DAY, starts_at=time))
    assert [problem.field for problem in found] == ["starts_at"]


def test_meeting_belongs_to_one_body() -> None:
    found = check_meeting(MeetingDraft(MeetingKind.JOINT, DAY, county_id=1, headquarters_id=2))
    assert [problem.code for problem in found] == ["two_bodies"]


def test_title_names_body_kind_and_day() -> None:
    assert default_title(MeetingKind.SPECIAL, DAY, "东湖区") == "东湖区重大项目专题会（11月23日）"
