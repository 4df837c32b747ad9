"""While the meeting runs: discussion, state and decisions, each saved as it is typed, each with its version."""

from core.domain.errors import Invalid, Problem
from core.domain.meetings import (
    MAX_TEXT,
    DecisionDraft,
    ItemState,
    ItemSubject,
    MeetingStatus,
    check_decision,
)
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_length
from core.services.meetings.writing import load, load_decision, load_item, refuse
from db.models.meeting import Meeting, MeetingDecision, MeetingItem
from db.queries import matter_targets
from db.queries import meetings as queries
from db.queries.meetings import ItemRow
from db.session import transaction
from db.transaction import WriteTransaction


def open_(actor: Actor, meeting_id: int, expected_version: int) -> int:
    """
    Begin the meeting and return its new version; one that runs already stays as it is.

    Raises:
        Locked: It was closed.
        Conflict: Somebody changed its head meanwhile.
        Invalid: It has no agenda.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        row = load(tx, meeting_id, alone=True)
        if row.status is MeetingStatus.RUNNING:
            return row.version
        if not queries.list_items(tx.connection, meeting_id):
            raise Invalid([Problem("items", "no_items", "会议还没有议题，请先添加议题。")])
        return tx.update(
            Meeting,
            meeting_id,
            {"status": MeetingStatus.RUNNING.value},
            expected_version=expected_version,
            headline=f"{row.title}开始",
        )


def save_discussion(actor: Actor, item_id: int, text: str, expected_version: int) -> int:
    """
    Keep what was said about an item and return its new version.

    Raises:
        Conflict: Somebody saved meanwhile; carries both texts.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        load_item(tx, item_id)
        refuse(check_length("discussion", "讨论情况", text, MAX_TEXT))
        return tx.update(MeetingItem, item_id, {"discussion": text.strip()}, expected_version=expected_version)


def set_state(actor: Actor, item_id: int, state: ItemState, expected_version: int) -> int:
    """
    Say what became of an item (已议、缓议、未议) and return its new version.

    Raises:
        Invalid: It is taken off by its own verb, not by this one.
        Conflict: Somebody saved meanwhile.
    """
    require(actor, Permission.RUN_MEETING)
    if state is ItemState.REMOVED:
        raise Invalid([Problem("state", "removed", "撤下议题请用“撤下”。")])
    with transaction(actor) as tx:
        load_item(tx, item_id)
        return tx.update(MeetingItem, item_id, {"state": state.value}, expected_version=expected_version)


def record_decision(actor: Actor, item_id: int, draft: DecisionDraft) -> int:
    """
    Record a decision under an item, which is thereby discussed (已议); return the decision's id.

    Raises:
        Invalid: No text, an unknown unit, or a note on a matter although the item is about none.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        _, item = load_item(tx, item_id)
        refuse(_check(tx, item, draft))
        key = int(tx.insert(MeetingDecision, {"item_id": item_id, **_values(draft)}))
        if item.state is ItemState.OPEN:
            tx.update(MeetingItem, item_id, {"state": ItemState.DONE.value}, expected_version=item.version)
        return key


def change_decision(actor: Actor, decision_id: int, draft: DecisionDraft, expected_version: int) -> int:
    """
    Change a decision while the meeting runs and return its new version.

    Raises:
        Conflict: Somebody changed it meanwhile; carries both versions.
        Invalid: All refused values at once.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        _, decision = load_decision(tx, decision_id)
        _, item = load_item(tx, decision.item_id)
        refuse(_check(tx, item, draft))
        return tx.update(MeetingDecision, decision_id, _values(draft), expected_version=expected_version)


def withdraw_decision(actor: Actor, decision_id: int, expected_version: int) -> None:
    """
    Take a decision back while the meeting runs; the row stays.

    Raises:
        Conflict: Somebody changed it meanwhile.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        load_decision(tx, decision_id)
        tx.update(MeetingDecision, decision_id, {"is_withdrawn": True}, expected_version=expected_version)


def _check(tx: WriteTransaction, item: ItemRow, draft: DecisionDraft) -> list[Problem]:
    problems = check_decision(draft)
    unit = draft.owner_unit_id
    if unit is not None and unit not in matter_targets.unit_names(tx.connection, [unit]):
        problems.append(Problem("owner_unit_id", "unknown_unit", "责任单位不存在，请刷新后重新选择。"))
    if draft.is_noted and item.subject is not ItemSubject.MATTER:
        problems.append(Problem("is_noted", "no_matter", "该议题不是清单事项，议定事项只能另立事项。"))
    return problems


def _values(draft: DecisionDraft) -> dict[str, object]:
    return {
        "text": draft.text.strip(),
        "owner_unit_id": draft.owner_unit_id,
        "owner": draft.owner.strip(),
        "due_on": draft.due_on,
        "is_noted": draft.is_noted,
    }
