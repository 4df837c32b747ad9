"""What a meeting decides: new matters with owner and deadline, or a word on a matter that stands already.

For other services that write in the same transaction; who may do it, they have asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.domain.errors import Invalid, Problem
from core.domain.matters import lapses, machine
from core.domain.matters.words import Difficulty, MatterAction
from core.domain.scope import Scope
from core.domain.terms import MatterKind
from core.services.matters.raising import MatterDraft, register
from core.services.matters.writing import MAX_TITLE, clock_of, note, short, step
from db import audit
from db.queries import matter_targets as targets
from db.queries import matters as queries
from db.queries.matter_targets import ProjectTarget
from db.queries.matters import MatterRow
from db.transaction import WriteTransaction

_UNSORTED = "其他"


@dataclass(frozen=True, slots=True)
class Decided:
    """
    One decision (议定事项) with everything that makes it a matter.

    Attributes:
        project: Project it concerns, if any; without one *county_id* says whose matter it is (None = the city's).
        source: Where it was decided, at most 64 characters.
        document_no: Number of the meeting.
    """

    text: str
    lead_unit_id: int
    leader: str
    due_on: date
    source: str
    document_no: str
    raised_by: str
    category: str = ""
    project: ProjectTarget | None = None
    county_id: int | None = None


def raise_decided(tx: WriteTransaction, decided: Sequence[Decided]) -> list[int]:
    """
    Raise, classify and assign decisions as matters of kind 会商 in *tx*; return their ids, in order.

    Raises:
        Invalid: A deadline that the machine refuses, or a unit that is not there.
    """
    if not decided:
        return []
    audit.lock_head(tx.connection)  # two meetings at once must not give the same number
    names = targets.unit_names(tx.connection, sorted({one.lead_unit_id for one in decided}))
    ids = register(tx, [(_draft(one), one.project) for one in decided])
    rows = {row.id: row for row in queries.find_matters(tx.connection, Scope.all(), ids)}
    for key, one in zip(ids, decided, strict=True):
        _assign(tx, rows[key], one, names)
    return ids


def _draft(one: Decided) -> MatterDraft:
    return MatterDraft(
        kind=MatterKind.CONSULTATION,
        title=short(" ".join(one.text.split()), MAX_TITLE),
        description=one.text,
        category=one.category or _UNSORTED,
        source=one.source[:64],
        raised_by=one.raised_by,
        county_id=one.county_id,
    )


def _assign(tx: WriteTransaction, row: MatterRow, one: Decided, names: dict[int, str]) -> None:
    if one.lead_unit_id not in names:
        raise Invalid([Problem("lead_unit_id", "unknown_unit", "责任单位不存在，请刷新后重新选择。")])
    clock = clock_of(tx)
    number = one.document_no
    classified = machine.classify(row.state, Difficulty.ORDINARY, row.state.amount_yuan, clock)
    version = step(tx, row, classified, MatterAction.CLASSIFIED, "会议议定", document_no=number)
    assigned = machine.assign(classified, one.due_on, clock)
    text = f"主办{names[one.lead_unit_id]}" + (f"，责任人{one.leader.strip()}" if one.leader.strip() else "")
    step(
        tx,
        replace(row, state=classified, version=version),
        assigned,
        MatterAction.ASSIGNED,
        text,
        document_no=number,
        lead_unit_id=one.lead_unit_id,
        responsible_leader=one.leader.strip(),
    )


def note_decided(
    tx: WriteTransaction, row: MatterRow, text: str, lead_unit_id: int | None, due_on: date | None, document_no: str
) -> None:
    """
    Write a decision onto a matter that stands already; a new deadline is set where one is due.

    An undecided request for an extension is granted until *due_on* or, without one, refused. A matter that waits for
    its assignment (escalated, sent back) is assigned anew when a unit or a deadline is given.

    Raises:
        Invalid: The matter has ended, or its deadline cannot be moved by a meeting as it stands.
    """
    if not row.state.is_open:
        raise _refused(row, "已经办完，议定事项不能记入，请改为另立事项。")
    clock = clock_of(tx)
    if row.state.extension_to is not None and due_on is not None:
        granted = lapses.grant_extension(row.state, due_on, clock)
        step(tx, row, granted, MatterAction.EXTENSION_GRANTED, text, document_no=document_no)
    elif row.state.extension_to is not None:
        refused = lapses.refuse_extension(row.state)
        step(tx, row, refused, MatterAction.EXTENSION_REFUSED, text, document_no=document_no)
    elif row.state.status in machine.ASSIGNABLE and (due_on is not None or lead_unit_id is not None):
        unit = lead_unit_id or row.lead_unit_id
        if unit is None:
            raise _refused(row, "还没有主办单位，请在议定事项中选择责任单位。")
        assigned = machine.assign(row.state, due_on, clock)
        step(tx, row, assigned, MatterAction.ASSIGNED, text, document_no=document_no, lead_unit_id=unit)
    elif due_on is not None:
        raise _refused(row, "正在办理，没有待批的延期申请，会议不能直接改动期限。请清空时限，或改为另立事项。")
    else:
        note(tx, row.id, MatterAction.DECIDED, text=text, document_no=document_no)


def _refused(row: MatterRow, text: str) -> Invalid:
    return Invalid([Problem("is_noted", "not_noted", f"{row.code}{text}")])
