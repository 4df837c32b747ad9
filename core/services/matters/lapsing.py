"""Deadlines that move or lapse: extensions, escalation, the sweep (逾期督办), the interview (约谈)."""

from datetime import date

from core.domain.errors import PermissionDenied
from core.domain.matters import lapses, machine
from core.domain.matters.words import MatterAction
from core.domain.permissions import Actor, Permission, require, system_actor
from core.services.matters.rules import clock_at
from core.services.matters.writing import (
    MAX_DOCUMENT,
    bounded,
    clock_of,
    is_lead,
    load,
    move,
    note,
    refuse,
    require_lead,
    require_table,
    required,
    short,
    step,
)
from db.queries import matter_story as story
from db.queries import matters as queries
from db.session import current_store, is_sealed, read, transaction

_BATCH = 500


def request_extension(actor: Actor, matter_id: int, until: date | None, reason: str, expected_version: int) -> int:
    """Ask for a later deadline (申请延期); return the matter's new version."""
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"until": until, "reason": reason})
        require_lead(actor, row)
        refuse(required("reason", reason, "请写明延期原因。"))
        following = lapses.request_extension(row.state, until, clock_of(tx))
        version = move(tx, row, following)
        kind = MatterAction.EXTENSION_REQUESTED
        note(tx, row.id, kind, text=reason, old_due_on=row.state.due_on, new_due_on=until)
        return version


def grant_extension(actor: Actor, matter_id: int, until: date | None, remark: str, expected_version: int) -> int:
    """
    Grant a later deadline, not necessarily the one asked for; return the matter's new version.

    Raises:
        PermissionDenied: The actor asked for it himself.
    """
    require(actor, Permission.ASSIGN_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"until": until, "remark": remark})
        require_table(actor, row)
        refuse(bounded("remark", remark))
        following = lapses.grant_extension(row.state, until, clock_of(tx))
        if story.last_requester(tx.connection, row.id) == actor.login:
            raise PermissionDenied("延期申请由您本人提出，请由其他有交办权限的人员审批。")
        version = move(tx, row, following)
        kind = MatterAction.EXTENSION_GRANTED
        note(tx, row.id, kind, text=remark, old_due_on=row.state.due_on, new_due_on=until)
        return version


def refuse_extension(actor: Actor, matter_id: int, reason: str, expected_version: int) -> int:
    """Refuse a later deadline with the reason; return the matter's new version."""
    require(actor, Permission.ASSIGN_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"reason": reason})
        require_table(actor, row)
        refuse(required("reason", reason, "请写明不同意的原因。"))
        following = lapses.refuse_extension(row.state)
        return step(tx, row, following, MatterAction.EXTENSION_REFUSED, reason)


def escalate(actor: Actor, matter_id: int, reason: str, expected_version: int) -> int:
    """
    Lift the matter to the next level (提级); return its new version.

    Raises:
        PermissionDenied: The actor neither leads it nor has it on his table.
    """
    if not actor.can(Permission.ASSIGN_MATTER):
        require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"reason": reason})
        if not is_lead(actor, row):
            require_table(actor, row)
        refuse(required("reason", reason, "请写明本级已做的工作和提级理由。"))
        following = machine.escalate(row.state, clock_of(tx))
        text = f"提至{following.level.label}。{reason.strip()}"
        headline = f"“{short(row.title)}”提级至{following.level.label}"
        return step(tx, row, following, MatterAction.ESCALATED, text, headline=headline)


def interview(actor: Actor, matter_id: int, record: str, document_no: str, expected_version: int) -> int:
    """Record that somebody was summoned (约谈) over a late matter; its step stays. Return the matter's version."""
    require(actor, Permission.CLOSE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"record": record, "document_no": document_no})
        require_table(actor, row)
        refuse(
            required("record", record, "请填写约谈人、被约谈人和要求。")
            + bounded("document_no", document_no, longest=MAX_DOCUMENT)
        )
        lapses.require_interview(row.state)
        note(tx, row.id, MatterAction.INTERVIEWED, text=record, document_no=document_no)
        return row.version


def sweep(actor: Actor, today: date | None = None) -> int:
    """
    Press every matter whose unit let a deadline pass before *today* (default: now); return how many. Idempotent.

    Raises:
        PermissionDenied: The actor may not assign matters.
    """
    require(actor, Permission.ASSIGN_MATTER)
    day = today or current_store().today()
    pressed = 0
    while count := _sweep_batch(actor, day):
        pressed += count
    return pressed


def sweep_when_due() -> None:
    """Sweep in the system's name when anything has lapsed: the first reader of a day finds it pressed."""
    if is_sealed():
        return  # a closed month shows the matters as they stood
    with read() as connection:
        is_due = queries.has_lapsed(connection, current_store().today())
    if is_due:
        sweep(system_actor())


def _sweep_batch(actor: Actor, today: date) -> int:
    with transaction(actor) as tx:
        clock = clock_at(tx.connection, today)
        rows = queries.lapsed(tx.connection, today, _BATCH)
        for row in rows:
            following, times = lapses.press_lapsed(row.state, clock)
            move(tx, row, following)
            done = clock.rules.pressing[min(following.pressed_times, len(clock.rules.pressing)) - 1]
            text = f"“{row.state.status.label}”环节逾期，{done}（第 {following.pressed_times} 次，新增 {times} 次）"
            note(tx, row.id, MatterAction.SUPERVISED, text=text, old_due_on=row.state.next_due_on)
        return len(rows)
