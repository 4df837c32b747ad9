"""The end of a meeting: decisions become matters, the minutes are written once, and everything is frozen."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from core.domain.errors import Invalid, Locked, NotFound, Problem
from core.domain.meetings import (
    MAX_NOTE,
    DecisionDraft,
    ItemState,
    ItemSubject,
    MeetingKind,
    MeetingStatus,
    check_ready,
)
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_length, says_nothing
from core.exporters.official.minutes import (
    Minutes,
    MinutesDecision,
    MinutesItem,
    minutes_blocks,
    minutes_title,
    minutes_to_json,
)
from core.exporters.official.word import write_word
from core.services.matters.deciding import Decided, note_decided, raise_decided
from core.services.meetings.writing import load, refuse
from core.settings import get_settings
from db.contents import keep_content
from db.models.meeting import Meeting, MeetingDecision, MeetingNote
from db.queries import matter_targets, matters
from db.queries import meetings as queries
from db.queries.matters import MatterRow
from db.queries.meetings import DecisionRow, ItemRow, MeetingRow
from db.session import transaction
from db.transaction import WriteTransaction


def close(actor: Actor, meeting_id: int, expected_version: int) -> int:
    """
    Close a meeting in one transaction and return its new version.

    Every decision becomes a matter of kind 会商 with owner and deadline, or is noted on the matter it is about; the
    minutes are kept as words and as the Word file that was made from them.

    Raises:
        Locked: It was closed already.
        Conflict: Somebody changed its head meanwhile.
        Invalid: What decisions still lack, each by the number of its item; a meeting that has not begun.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        row = load(tx, meeting_id, expected_version, alone=True)
        items = queries.list_items(tx.connection, meeting_id)
        decisions = queries.list_decisions(tx.connection, meeting_id)
        refuse(_check(row, items, decisions, tx.as_of.on))
        _hand_out(tx, row, items, decisions)
        written = word_minutes(row, items, queries.list_decisions(tx.connection, meeting_id), tx.as_of.on)
        document = write_word(minutes_blocks(written), title=minutes_title(written), made_at=tx.at)
        digest = sha256(document).hexdigest()
        keep_content(tx.connection, digest, document)
        changes = {
            "status": MeetingStatus.CLOSED.value,
            "closed_at": tx.at,
            "closed_by": actor.login,
            "minutes": minutes_to_json(written),
            "minutes_sha256": digest,
        }
        headline = f"{row.title}结束，议定 {len(decisions)} 项" if decisions else f"{row.title}结束"
        return tx.update(Meeting, meeting_id, changes, expected_version=expected_version, headline=headline)


def _check(row: MeetingRow, items: Sequence[ItemRow], decisions: Sequence[DecisionRow], today: date) -> list[Problem]:
    if row.status is not MeetingStatus.RUNNING:
        return [Problem("status", "not_running", "会议还没有开始，请先开始会议。")]
    if row.held_on > today:
        return [Problem("held_on", "future", f"会议定于 {row.held_on} 召开，未到会期不能结束；如已召开，请更正会期。")]
    numbers = {item.id: number for number, item in enumerate(items, start=1)}
    problems = []
    for one in decisions:
        draft = DecisionDraft(one.text, one.owner_unit_id, one.owner, one.due_on, one.is_noted)
        problems += check_ready(numbers[one.item_id], draft, today)
    return problems


def _hand_out(
    tx: WriteTransaction, row: MeetingRow, items: Sequence[ItemRow], decisions: Sequence[DecisionRow]
) -> None:
    by_id = {item.id: item for item in items}
    about = _matters_of(tx, row, items)
    new = [one for one in decisions if not one.is_noted]
    projects = matter_targets.find_projects_by_id(
        tx.connection, row.scope, sorted({one.project_id for one in new if one.project_id is not None})
    )
    decided = []
    for one in new:
        matter = about.get(by_id[one.item_id].subject_id or 0) if _is_matter(by_id[one.item_id]) else None
        decided.append(
            Decided(
                text=one.text,
                lead_unit_id=one.owner_unit_id or 0,
                leader=one.owner,
                due_on=one.due_on or tx.as_of.on,
                source=_source(row),
                document_no=row.code,
                raised_by=row.chair or tx.actor.name[:64],
                category=matter.category if matter else "",
                project=projects.get(one.project_id or 0),
                county_id=row.county_id if matter is None else matter.county_id,
            )
        )
    for one, matter_id in zip(new, raise_decided(tx, decided), strict=True):
        tx.update(MeetingDecision, one.id, {"matter_id": matter_id}, expected_version=one.version)
    for one in decisions:
        if one.is_noted:
            _note(tx, row, by_id[one.item_id], one)


def _matters_of(tx: WriteTransaction, row: MeetingRow, items: Sequence[ItemRow]) -> Mapping[int, MatterRow]:
    keys = [item.subject_id for item in items if _is_matter(item) and item.subject_id is not None]
    return {found.id: found for found in matters.find_matters(tx.connection, row.scope, keys)}


def _note(tx: WriteTransaction, row: MeetingRow, item: ItemRow, one: DecisionRow) -> None:
    matter = matters.find_matter(tx.connection, row.scope, item.subject_id or 0)  # as earlier notes have left it
    if matter is None:
        text = f"议题“{item.title}”所指的事项已不在本会议范围内，议定事项请改为另立事项。"
        raise Invalid([Problem("is_noted", "gone", text)])
    note_decided(tx, matter, one.text, one.owner_unit_id, one.due_on, row.code)
    tx.update(MeetingDecision, one.id, {"matter_id": matter.id}, expected_version=one.version)


def _is_matter(item: ItemRow) -> bool:
    return item.subject is ItemSubject.MATTER


def _source(row: MeetingRow) -> str:
    kind = row.kind.label if row.kind is not MeetingKind.JOINT else "会商会议"
    return f"{row.held_on:%Y-%m-%d} {kind}"


def word_minutes(row: MeetingRow, items: Sequence[ItemRow], decisions: Sequence[DecisionRow], today: date) -> Minutes:
    settings = get_settings()
    return Minutes(
        organ=row.body_name or f"{settings.city_name}重大项目指挥部办公室",
        code=row.code,
        title=row.title,
        held_on=row.held_on.isoformat(),
        starts_at=row.starts_at,
        place=row.place,
        chair=row.chair,
        participants=row.participants,
        signed_on=today.isoformat(),
        items=tuple(_minutes_item(item, [one for one in decisions if one.item_id == item.id]) for item in items),
    )


def _minutes_item(item: ItemRow, decisions: Sequence[DecisionRow]) -> MinutesItem:
    return MinutesItem(
        title=item.title,
        reason=item.reason,
        discussion=item.discussion,
        outcome="本次未议，转下次会议" if item.state is ItemState.OPEN else item.state.label,
        is_settled=item.state is ItemState.DONE or bool(decisions),
        decisions=tuple(
            MinutesDecision(
                text=one.text,
                unit=one.unit_name,
                owner=one.owner,
                due_on=one.due_on.isoformat() if one.due_on else "",
                matter_code=one.matter_code,
            )
            for one in decisions
        ),
    )


def add_note(actor: Actor, meeting_id: int, text: str) -> int:
    """
    Add a correction or addition to the minutes of a closed meeting; the minutes stay. Return the note's id.

    Raises:
        Locked: The meeting is not closed: what it says can still be changed.
        Invalid: A text too short or too long.
    """
    require(actor, Permission.RUN_MEETING)
    with transaction(actor) as tx:
        row = queries.find_meeting(tx.connection, actor.scope, meeting_id)
        if row is None:
            raise NotFound
        if row.status is not MeetingStatus.CLOSED:
            raise Locked("会议还没有结束，请直接修改内容。")
        refuse(_check_note(text))
        values = {"meeting_id": meeting_id, "text": text.strip(), "noted_at": tx.at, "noted_by": actor.login}
        return int(tx.insert(MeetingNote, values))


def _check_note(text: str) -> list[Problem]:
    if says_nothing(text):
        return [Problem("text", "missing", "请写明补充或更正的内容。")]
    return check_length("text", "补充说明", text, MAX_NOTE)
