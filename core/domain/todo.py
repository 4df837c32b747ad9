"""What waits for somebody (待办): one shape for all kinds, by how urgent it is, and where one click leads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.supervision_terms import RectificationStep
from core.domain.terms import MatterKind, MatterStatus, Term

SOON_DAYS = 7


class TodoKind(Term):
    """Kind of what waits (待办类别), in the order of the screen."""

    MATTER = "matter", "清单事项"
    RECTIFICATION = "rectification", "整改"
    MILESTONE = "milestone", "节点"
    REPORT = "report", "投资月报"
    TASK = "task", "攻坚任务"
    PROCEDURE = "procedure", "开工条件"
    WATCH = "watch", "预警清单"
    VISIT = "visit", "包保调研"
    EXTENSION = "extension", "延期审批"
    OVERRIDE = "override", "旗色审批"


class TodoGroup(Term):
    """How near the deadline is (紧急程度)."""

    OVERDUE = "overdue", "逾期"
    TODAY = "today", "今天"
    WEEK = "week", "7天内"
    LATER = "later", "以后"
    UNDATED = "undated", "无期限"


@dataclass(frozen=True, slots=True)
class Todo:
    """
    One thing that waits for its reader.

    Attributes:
        entity: Table of the row behind it; with ``entity_id`` it names the thing, so that nobody reads it twice.
        step: What is to be done, as a verb.
        place: Project or enterprise, else the county.
        owner: Unit, county or headquarters that answers for it.
        due_on: Deadline, inclusive; None = there is none.
        link: Address on this server where it is done, beginning with a slash.
        amount: Rows behind it where several are done at once (月报); 1 otherwise.
    """

    kind: TodoKind
    entity: str
    entity_id: int
    title: str
    step: str
    place: str
    owner: str
    due_on: date | None
    link: str
    amount: int = 1

    def group(self, today: date) -> TodoGroup:
        """Return how near its deadline is on *today*."""
        return group_of(self.due_on, today)

    def days_left(self, today: date) -> int | None:
        """Return the calendar days left; negative = overdue; None without a deadline."""
        return None if self.due_on is None else (self.due_on - today).days


def group_of(due_on: date | None, today: date) -> TodoGroup:
    """Return how near *due_on* is on *today*."""
    if due_on is None:
        return TodoGroup.UNDATED
    if due_on < today:
        return TodoGroup.OVERDUE
    if due_on == today:
        return TodoGroup.TODAY
    return TodoGroup.WEEK if due_on <= soon(today) else TodoGroup.LATER


def soon(today: date) -> date:
    """Return the last day of the near week."""
    return today + timedelta(days=SOON_DAYS)


def order(todo: Todo) -> tuple[bool, date, int, int]:
    """Return the sorting key: the longest overdue first, what has no deadline last."""
    kinds = list(TodoKind)
    return todo.due_on is None, todo.due_on or date.max, kinds.index(todo.kind), todo.entity_id


@dataclass(frozen=True, slots=True)
class TodoCounts:
    """How many things wait, by how near their deadline is."""

    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    undated: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.overdue + self.today + self.week + self.later + self.undated

    def of(self, group: TodoGroup) -> int:
        """Return how many are in *group*."""
        return int(getattr(self, group.value))

    def plus(self, other: "TodoCounts") -> "TodoCounts":
        """Return both together."""
        return TodoCounts(*(self.of(group) + other.of(group) for group in TodoGroup))


def counts_of(items: Iterable[Todo], today: date) -> TodoCounts:
    """Return how many *items* there are by how near their deadline is."""
    groups = [todo.group(today) for todo in items]
    return TodoCounts(*(groups.count(group) for group in TodoGroup))


# What the side that owes the next step of a matter has to do, by its state.
MATTER_STEPS: Mapping[str, str] = {
    MatterStatus.REGISTERED: "研判分类",
    MatterStatus.CLASSIFIED: "交办",
    MatterStatus.OBJECTED: "重新交办",
    MatterStatus.ASSIGNED: "签收",
    MatterStatus.IN_PROGRESS: "回复",
    MatterStatus.ESCALATED: "回复",
    MatterStatus.REPLIED: "报送结果",
    MatterStatus.RESOLVED: "回访销号",
}
CASE_STEPS: Mapping[str, str] = {
    RectificationStep.NOTICE: "下发督办单",
    RectificationStep.PLAN: "报送方案",
    RectificationStep.FEEDBACK: "报送反馈",
    RectificationStep.VERIFICATION: "核查",
}
# The list a matter stands on; kinds without one of their own are decided beside the requests.
MATTER_SCREENS: Mapping[str, str] = {
    MatterKind.PROBLEM: "problems",
    MatterKind.POLICY: "policies",
    MatterKind.SUGGESTION: "suggestions",
    MatterKind.DECISION_REQUEST: "decisions",
    MatterKind.CONSULTATION: "consultations",
    MatterKind.SUPERVISION: "supervised",
}


def matter_path(kind: str, matter_id: int) -> str:
    """Return the address of a matter on its list."""
    return f"/{MATTER_SCREENS[kind]}?id={matter_id}"
