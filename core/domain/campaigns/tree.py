"""The task tree of a campaign: order and outline numbers, weighted progress, what must be right before it is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.campaigns.rules import CampaignRules
from core.domain.campaigns.tasks import (
    TaskFacts,
    actual_pct,
    expected_pct,
    gap_level,
    state_of,
)
from core.domain.campaigns.words import TaskState, TaskStatus
from core.domain.errors import Problem
from core.domain.terms import FlagLevel

MAX_WEIGHT = 100
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A task in reading order with its outline number (1.2) and depth (0 = top)."""

    id: int
    number: str
    depth: int
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Rollup:
    """
    The sum of a branch over its leaves; tasks that were dropped count nowhere.

    Attributes:
        tasks: Leaves.
        closed_out, claimed, overdue, due_soon: Leaves by state. A mean never hides an overdue one.
        percent: Weighted progress of the leaves whose progress is known; None = of none.
        expected: Weighted 序时 of the same leaves, so that the gap compares like with like.
        known_weight: Share 0..1 of the weight whose progress is known.
    """

    tasks: int
    closed_out: int
    claimed: int
    overdue: int
    due_soon: int
    percent: Fraction | None
    expected: Fraction | None
    known_weight: Fraction

    @property
    def gap_pp(self) -> Fraction | None:
        """Progress minus 序时 in percentage points, unrounded; negative = behind."""
        if self.percent is None or self.expected is None:
            return None
        return self.percent - self.expected

    def level(self, rules: CampaignRules) -> FlagLevel:
        """Return the light: by the gap, but with an overdue task never better than yellow."""
        level = gap_level(self.gap_pp, rules)
        if self.overdue and level in (FlagLevel.OK, FlagLevel.NO_DATA):
            return FlagLevel.WARN
        return level


def children_of(tasks: Iterable[TaskFacts]) -> dict[int | None, list[TaskFacts]]:
    """Return the living tasks by parent, in the order given; a dropped task takes its branch with it."""
    found: dict[int | None, list[TaskFacts]] = {}
    for task in tasks:
        if task.status is not TaskStatus.DROPPED:
            found.setdefault(task.parent_id, []).append(task)
    return found


def outline(tasks: Sequence[TaskFacts]) -> list[Placed]:
    """Return the living tasks, siblings in the order given, each before its own parts."""
    children, found = children_of(tasks), list[Placed]()
    waiting = [(task, str(number), 0) for number, task in enumerate(children.get(None, ()), start=1)][::-1]
    while waiting:
        task, number, depth = waiting.pop()
        parts = children.get(task.id, [])
        found.append(Placed(task.id, number, depth, not parts))
        below = [(part, f"{number}.{place}", depth + 1) for place, part in enumerate(parts, start=1)]
        waiting.extend(reversed(below))
    return found


def leaf_weights(tasks: Sequence[TaskFacts], root: int | None = None) -> dict[int, Fraction]:
    """Return leaf → its share of the branch below *root* (None = the campaign); they add up to 1."""
    children, found = children_of(tasks), dict[int, Fraction]()
    waiting = [(root, Fraction(1))]
    while waiting:
        parent, share = waiting.pop()
        parts = children.get(parent, [])
        if not parts and parent is not None:
            found[parent] = share
        total = sum(part.weight for part in parts)
        waiting.extend((part.id, share * part.weight / total) for part in parts)
    return found


def roll_up(tasks: Sequence[TaskFacts], today: date, rules: CampaignRules, root: int | None = None) -> Rollup:
    """Return the sum of the branch below *root* (None = the whole campaign) on *today*."""
    by_id = {task.id: task for task in tasks}
    weights = leaf_weights(tasks, root)
    states = [state_of(by_id[key], today, rules) for key in weights]
    known, done, due = Fraction(0), Fraction(0), Fraction(0)
    for key, share in weights.items():
        task = by_id[key]
        actual = actual_pct(task, today)
        if actual is not None:
            known += share
            done += share * actual
            due += share * expected_pct(task.planned_start_on, task.planned_finish_on, today)
    return Rollup(
        tasks=len(weights),
        closed_out=states.count(TaskState.CLOSED_OUT),
        claimed=states.count(TaskState.CLAIMED),
        overdue=states.count(TaskState.OVERDUE),
        due_soon=states.count(TaskState.DUE_SOON),
        percent=done / known if known else None,
        expected=due / known if known else None,
        known_weight=known,
    )


def check_tree(tasks: Sequence[TaskFacts], names: Mapping[int, str], start_on: date, finish_on: date) -> list[Problem]:
    """
    Return everything that is wrong with a tree: cycles, depth, weights, dates outside the parent's.

    Args:
        tasks: The whole tree, dropped tasks included.
        names: Task → name, for the messages.
        start_on, finish_on: Days of the campaign, inclusive.
    """
    by_id = {task.id: task for task in tasks}
    problems: list[Problem] = []
    for task in tasks:
        if task.status is TaskStatus.DROPPED:
            continue
        name = names.get(task.id, "")
        problems += _check_place(task, name, by_id)
        if not 1 <= task.weight <= MAX_WEIGHT:
            problems.append(Problem("weight", "out_of_range", f"“{name}”的权重应为 1 到 {MAX_WEIGHT} 的整数。"))
        if task.planned_finish_on < task.planned_start_on:
            problems.append(Problem("planned_finish_on", "out_of_order", f"“{name}”的完成时间早于开始时间。"))
            continue
        parent = by_id.get(task.parent_id) if task.parent_id is not None else None
        first, last = (parent.planned_start_on, parent.planned_finish_on) if parent else (start_on, finish_on)
        if task.planned_start_on < first or task.planned_finish_on > last:
            outer = f"上级任务“{names.get(parent.id, '')}”" if parent else "行动"
            text = f"“{name}”的起止时间超出{outer}的 {first} 至 {last}。"
            problems.append(Problem("planned_finish_on", "outside_parent", text))
    return problems


def _check_place(task: TaskFacts, name: str, by_id: Mapping[int, TaskFacts]) -> list[Problem]:
    seen, above = {task.id}, task.parent_id
    while above is not None:
        parent = by_id.get(above)
        if parent is None or parent.status is TaskStatus.DROPPED:
            return [Problem("parent_id", "no_parent", f"“{name}”的上级任务不存在或已取消。")]
        if above in seen:
            return [Problem("parent_id", "cycle", f"“{name}”的上级任务绕回了自身，请重新指定。")]
        seen.add(above)
        above = parent.parent_id
    if len(seen) > MAX_DEPTH:
        return [Problem("parent_id", "too_deep", f"“{name}”超过 {MAX_DEPTH} 级，请合并层级。")]
    return []
