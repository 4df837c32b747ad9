"""Before the meeting: create it with a proposed agenda, edit its head, add, remove and move items."""

from collections.abc import Sequence
from datetime import timedelta

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.meeting_agenda import Candidate
from core.domain.meetings import (
    MAX_ITEMS,
    MAX_TITLE,
    ItemState,
    ItemSubject,
    MeetingDraft,
    MeetingStatus,
    check_meeting,
    default_title,
)
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_length
from core.services.meetings.agenda import propose
from core.services.meetings.rules import rules_in_force
from core.services.meetings.writing import (
    MAX_REASON,
    add_items,
    cut,
    load,
    load_item,
    occasion_of,
    refuse,
    require_body,
)
from core.settings import get_settings
from db import audit
from db.models.meeting import Meeting, MeetingItem
from db.queries import matter_targets
from db.queries import meetings as queries
from db.queries.meetings import MeetingRow
from db.session import transaction
from db.transaction import WriteTransaction

_FAR = timedelta(days=366)


def create(actor: Actor, draft: MeetingDraft, *, with_agenda: bool = True) -> int:
    """
    Create a meeting with the agenda that the rules propose, and return its id.

    Raises:
        PermissionDenied: The actor may not hold meetings, or not of that body.
        Invalid: All refused values at once.
    """
    require(actor, Permission.RUN_MEETING)
    require_body(actor, draft.county_id, draft.headquarters_id)
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)  # two people at once must not give the same number
        today = tx.as_of.on
        problems = check_meeting(draft)
        if abs(draft.held_on - today) > _FAR:
            problems.append(Problem("held_on", "out_of_range", "会议日期应在前后一年之内，请核对年份。"))
        refuse(problems)
        previous = queries.find_previous(tx.connection, draft.county_id, draft.headquarters_id, draft.held_on)
        prefix = f"HY-{draft.held_on.year}-"
        number = queries.highest_number(tx.connection, prefix) + 1
        values = {
            **_head(draft),
            "code": f"{prefix}{number:04d}",
            "county_id": draft.county_id,
            "headquarters_id": draft.headquarters_id,
            "status": MeetingStatus.DRAFT.value,
            "previous_meeting_id": previous.id if previous else None,
            "created_at": tx.at,
            "created_by": actor.login,
        }
        key = int(tx.insert(Meeting, values))
        row = _find(tx, key)
        if not draft.title.strip():
            body = row.body_name or get_settings().city_name
            title = default_title(draft.kind, draft.held_on, body)
            tx.update(Meeting, key, {"title": title}, expected_version=row.version)
        if with_agenda:
            add_items(tx, key, propose(tx.connection, occasion_of(row, today), rules_in_force(tx.connection)), 1)
        return key


def _find(tx: WriteTransaction, meeting_id: int) -> MeetingRow:
    row = queries.find_meeting(tx.connection, tx.actor.scope, meeting_id)
    if row is None:
        raise NotFound
    return row


def _head(draft: MeetingDraft) -> dict[str, object]:
    return {
        "title": draft.title.strip(),
        "kind": draft.kind.value,
        "held_on": draft.held_on,
        "starts_at": draft.starts_at.strip(),
        "place": draft.place.strip(),
        "chair": draft.chair.strip(),
        "participants": draft.participants.strip(),
    }


def edit(actor: Actor, meeting_id: int, draft: MeetingDraft, expected_version: int) -> int:
    """
    Change the head of a meeting and return its new version; whose meeting it is stays.

    Raises:
        Locked: It was closed.
        Conflict: Somebody changed it meanwhile; carries both versions.
        Invalid: All refused values at once.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        load(tx, meeting_id, alone=True)
        problems = check_meeting(draft)
        if not draft.title.strip():
            problems.append(Problem("title", "missing", "请填写会议名称。"))
        refuse(problems)
        return tx.update(Meeting, meeting_id, _head(draft), expected_version=expected_version)


def add_topic(actor: Actor, meeting_id: int, title: str, reason: str = "", project: str = "") -> int:
    """
    Add an item by hand, about a project (by code or full name) or about nothing in the store; return its id.

    Raises:
        Invalid: No title and no project, a project that is not found, or an agenda that is full.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        row = load(tx, meeting_id, alone=True)
        items = queries.list_items(tx.connection, meeting_id)
        name = project.strip()
        found = matter_targets.find_projects(tx.connection, row.scope, [name] if name else []).get(name, ())
        problems = check_length("title", "议题", title, MAX_TITLE) + check_length("reason", "说明", reason, MAX_REASON)
        if name and len(found) != 1:
            problems.append(Problem("project", "unknown", f"找不到项目“{name}”，请填写项目编号或完整名称。"))
        if not name and not title.strip():
            problems.append(Problem("title", "missing", "请填写议题，或选择项目。"))
        if len(items) >= MAX_ITEMS:
            problems.append(Problem("title", "too_many", f"议题最多 {MAX_ITEMS} 项，请先撤下一些。"))
        refuse(problems)
        project_id = found[0].id if found else None
        values = {
            "meeting_id": meeting_id,
            "sequence": max((item.sequence for item in items), default=0) + 1,
            "subject": (ItemSubject.FREE if project_id is None else ItemSubject.PROJECT).value,
            "subject_id": project_id,
            "project_id": project_id,
            "title": cut(title.strip() or name, MAX_TITLE),
            "reason": reason.strip(),
            "state": ItemState.OPEN.value,
        }
        return int(tx.insert(MeetingItem, values))


def refresh(actor: Actor, meeting_id: int) -> int:
    """Add what the rules propose today and is not on the agenda yet (nor was taken off); return how many."""
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        row = load(tx, meeting_id, alone=True)
        items = queries.list_items(tx.connection, meeting_id, removed_too=True)
        known = {(item.subject, item.subject_id) for item in items}
        projects = {item.project_id for item in items if item.subject is not ItemSubject.MATTER}
        found = propose(tx.connection, occasion_of(row, tx.as_of.on), rules_in_force(tx.connection))
        new = [one for one in found if not _is_known(one, known, projects)][: max(0, MAX_ITEMS - len(items))]
        add_items(tx, meeting_id, new, max((item.sequence for item in items), default=0) + 1)
        return len(new)


def _is_known(one: Candidate, known: set[tuple[ItemSubject, int | None]], projects: set[int | None]) -> bool:
    if (one.subject, one.subject_id) in known:
        return True
    return one.subject is not ItemSubject.MATTER and one.project_id is not None and one.project_id in projects


def remove(actor: Actor, item_id: int, expected_version: int) -> None:
    """
    Take an item off the agenda; what was noted and decided under it stays in the store.

    Raises:
        Invalid: Something was decided under it already.
        Conflict: Somebody changed it meanwhile.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        meeting, item = load_item(tx, item_id)
        if any(one.item_id == item.id for one in queries.list_decisions(tx.connection, meeting.id)):
            raise Invalid([Problem("item", "decided", f"“{item.title}”已有议定事项，不能撤下；请先撤销议定事项。")])
        tx.update(MeetingItem, item_id, {"state": ItemState.REMOVED.value}, expected_version=expected_version)


def reorder(actor: Actor, meeting_id: int, item_ids: Sequence[int]) -> None:
    """
    Put the agenda into the order of *item_ids*.

    Raises:
        Conflict: The agenda has other items by now.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        load(tx, meeting_id, alone=True)
        items = {item.id: item for item in queries.list_items(tx.connection, meeting_id)}
        if sorted(items) != sorted(item_ids):
            raise Conflict({"items": len(items)}, {"items": len(item_ids)})
        for number, key in enumerate(item_ids, start=1):
            tx.update(MeetingItem, key, {"sequence": number}, expected_version=items[key].version)
