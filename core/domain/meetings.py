"""Meetings (调度会、会商): words as closed sets, what may be typed, and how far a decision has come."""

import re
from dataclasses import dataclass
from datetime import date

from core.domain.errors import Problem
from core.domain.matters.state import MatterState
from core.domain.reasons import check_length
from core.domain.terms import MatterStatus, Term

MAX_TITLE = 200
MAX_PLACE = 200
MAX_PERSON = 64
MAX_PARTICIPANTS = 1000
MAX_TEXT = 2000
MAX_NOTE = 1000
MAX_ITEMS = 100
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class MeetingKind(Term):
    """Kind of a meeting (会议类型)."""

    COORDINATION = "coordination", "调度会"
    JOINT = "joint", "会商"
    SPECIAL = "special", "专题会"


class MeetingStatus(Term):
    """Where a meeting stands (会议状态); what is closed is frozen."""

    DRAFT = "draft", "筹备中"
    RUNNING = "running", "进行中"
    CLOSED = "closed", "已结束"


class ItemSubject(Term):
    """What an item of the agenda is about (议题对象)."""

    PROJECT = "project", "项目"
    MATTER = "matter", "清单事项"
    RECTIFICATION = "rectification", "整改事项"
    CAMPAIGN = "campaign", "攻坚行动"
    FREE = "free", "其他"


class ItemState(Term):
    """What became of an item (议题状态); what was taken off the agenda is kept, not deleted."""

    OPEN = "open", "未议"
    DONE = "done", "已议"
    POSTPONED = "postponed", "缓议"
    REMOVED = "removed", "撤下"


class DecisionState(Term):
    """How far a decision has come (落实情况), read from the matter that carries it."""

    DRAFT = "draft", "待交办"
    RUNNING = "running", "办理中"
    OVERDUE = "overdue", "逾期"
    DONE = "done", "已落实"


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """
    The head of a meeting as somebody types it.

    Attributes:
        starts_at: Time of day such as ``09:00``; empty = not fixed yet.
        county_id: County whose meeting it is; together with ``headquarters_id`` None = the city's.
    """

    kind: MeetingKind
    held_on: date
    title: str = ""
    starts_at: str = ""
    place: str = ""
    chair: str = ""
    participants: str = ""
    county_id: int | None = None
    headquarters_id: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """
    A decision (议定事项) as it is typed while the meeting runs; it may still lack an owner.

    Attributes:
        owner_unit_id: Unit that leads the work.
        owner: Person who answers for it.
        due_on: Deadline; None = not fixed yet.
        is_noted: Written onto the matter that the item is about, instead of becoming a matter of its own.
    """

    text: str
    owner_unit_id: int | None = None
    owner: str = ""
    due_on: date | None = None
    is_noted: bool = False


def default_title(kind: MeetingKind, held_on: date, body: str) -> str:
    """Return the title of a meeting that was given none: whose it is, its day, its kind."""
    return f"{body}重大项目{kind.label}（{held_on.month}月{held_on.day}日）"


def check_meeting(draft: MeetingDraft) -> list[Problem]:
    """Return everything that is wrong with the head of a meeting."""
    problems = [
        problem
        for field, label, text, longest in (
            ("title", "会议名称", draft.title, MAX_TITLE),
            ("place", "地点", draft.place, MAX_PLACE),
            ("chair", "主持人", draft.chair, MAX_PERSON),
            ("participants", "参加人员", draft.participants, MAX_PARTICIPANTS),
        )
        for problem in check_length(field, label, text, longest)
    ]
    if draft.starts_at and not _TIME.fullmatch(draft.starts_at):
        problems.append(Problem("starts_at", "starts_at", "开始时间请按“09:30”填写，或留空。"))
    if draft.county_id is not None and draft.headquarters_id is not None:
        problems.append(Problem("county_id", "two_bodies", "会议属于县区或指挥部，只能选一个。"))
    return problems


def check_decision(draft: DecisionDraft) -> list[Problem]:
    """Return what is wrong with a decision while it is typed: owner and deadline may come later."""
    problems = check_length("text", "议定事项", draft.text, MAX_TEXT)
    problems += check_length("owner", "责任人", draft.owner, MAX_PERSON)
    if not draft.text.strip():
        problems.append(Problem("text", "missing", "请填写议定事项；如不需要，请撤销这一条。"))
    return problems


def check_ready(number: int, draft: DecisionDraft, today: date) -> list[Problem]:
    """
    Return what a decision still lacks when the meeting closes.

    Args:
        number: Place of the decision's item in the agenda, from 1; the messages name it.
    """
    problems = []
    if not draft.is_noted and draft.owner_unit_id is None:
        problems.append(Problem("owner_unit_id", "missing", f"第 {number} 项议题的议定事项没有责任单位，请补充。"))
    if not draft.is_noted and draft.due_on is None:
        problems.append(Problem("due_on", "missing", f"第 {number} 项议题的议定事项没有完成时限，请补充。"))
    if draft.due_on is not None and not 0 <= (draft.due_on - today).days <= 366:
        text = f"第 {number} 项议题的完成时限 {draft.due_on} 应在今天之后、一年以内，请调整。"
        problems.append(Problem("due_on", "out_of_range", text))
    return problems


def decision_state(matter: MatterState | None, today: date) -> DecisionState:
    """Return how far a decision has come: replied and resolved is done, a merged one lives on elsewhere and is done."""
    if matter is None:
        return DecisionState.DRAFT
    if not matter.is_open or matter.status is MatterStatus.RESOLVED:
        return DecisionState.DONE
    due_on = decision_due_on(matter)
    return DecisionState.OVERDUE if due_on is not None and due_on < today else DecisionState.RUNNING


def decision_due_on(matter: MatterState) -> date | None:
    """Return the day by which a decision is to be carried out: reports on the way there do not make it late."""
    if matter.status is MatterStatus.REPLIED:
        return matter.next_due_on
    return matter.due_on or matter.next_due_on
