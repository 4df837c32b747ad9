"""How every verb reaches a meeting: scope, state, version."""

from datetime import date

from core.domain.errors import Conflict, Invalid, Locked, NotFound, PermissionDenied, Problem
from core.domain.meeting_agenda import Candidate
from core.domain.meetings import MAX_TITLE, ItemState, MeetingStatus
from core.domain.permissions import Actor
from core.services.meetings.agenda import Occasion
from db.models.meeting import MeetingItem
from db.queries import meetings as queries
from db.queries.meetings import DecisionRow, ItemRow, MeetingRow
from db.transaction import WriteTransaction

MAX_REASON = 1000
_FROZEN = "会议已经结束，内容不能再改。如需更正，请在“补充说明”中登记。"


def load(
    tx: WriteTransaction, meeting_id: int, expected_version: int | None = None, *, alone: bool = False
) -> MeetingRow:
    """
    Return a meeting that is not closed, and keep it open until *tx* ends.

    Args:
        alone: For who changes the meeting itself: nobody writes below it meanwhile.

    Raises:
        NotFound: Outside the actor's scope.
        Locked: It was closed.
        Conflict: Somebody changed its head meanwhile.
    """
    row = queries.find_meeting(tx.connection, tx.actor.scope, meeting_id, hold=True, alone=alone)
    if row is None:
        raise NotFound
    if row.status is MeetingStatus.CLOSED:
        raise Locked(_FROZEN)
    if expected_version is not None and row.version != expected_version:
        raise Conflict({"title": row.title, "status": row.status.label}, {})
    return row


def load_item(tx: WriteTransaction, item_id: int) -> tuple[MeetingRow, ItemRow]:
    """
    Return an item on the agenda of a meeting that is not closed.

    Raises:
        NotFound: Outside the actor's scope, or taken off the agenda.
        Locked: The meeting was closed.
    """
    item = queries.find_item(tx.connection, item_id)
    if item is None or item.state is ItemState.REMOVED:
        raise NotFound
    return load(tx, item.meeting_id), item


def load_decision(tx: WriteTransaction, decision_id: int) -> tuple[MeetingRow, DecisionRow]:
    """
    Return a decision of a meeting that is not closed.

    Raises:
        NotFound: Outside the actor's scope, or withdrawn.
        Locked: The meeting was closed.
    """
    decision = queries.find_decision(tx.connection, decision_id)
    if decision is None:
        raise NotFound
    return load(tx, decision.meeting_id), decision


def require_body(actor: Actor, county_id: int | None, headquarters_id: int | None) -> None:
    """
    Stop unless *actor* may hold meetings of that county, headquarters or (neither) of the city.

    Raises:
        PermissionDenied: It is another body's meeting.
    """
    scope = actor.scope
    own = county_id in scope.county_ids or headquarters_id in scope.headquarters_ids
    if not (scope.everything or own):
        raise PermissionDenied("您只能组织本县区或本指挥部的会议，请选择所属范围。")


def occasion_of(row: MeetingRow, today: date) -> Occasion:
    """Return for whom the agenda of *row* is made."""
    return Occasion(row.scope, row.county_id, row.headquarters_id, row.held_on, today)


def add_items(tx: WriteTransaction, meeting_id: int, found: list[Candidate], first: int) -> None:
    """Append *found* to an agenda, numbered from *first*."""
    rows = [
        {
            "meeting_id": meeting_id,
            "sequence": number,
            "topic": one.topic.value,
            "subject": one.subject.value,
            "subject_id": one.subject_id,
            "project_id": one.project_id,
            "title": cut(one.title, MAX_TITLE),
            "reason": cut(one.reason, MAX_REASON),
            "state": ItemState.OPEN.value,
        }
        for number, one in enumerate(found, start=first)
    ]
    tx.insert_many(MeetingItem, rows)


def cut(text: str, longest: int) -> str:
    """Return *text* as its column holds it."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def refuse(problems: list[Problem]) -> None:
    """Raise all *problems* at once, if there are any."""
    if problems:
        raise Invalid(problems)
