"""From a backward schedule to the baseline: which task becomes a new node, which moves one, which leaves it alone."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.backward_schedule import Placed
from core.domain.terms import Term


class PlanStatus(Term):
    """Where a saved schedule stands (倒排计划状态)."""

    DRAFT = "draft", "草稿"
    ADOPTED = "adopted", "已定为基线"
    SUPERSEDED = "superseded", "已被替代"


class AdoptionStep(Term):
    """What adopting does to a node (节点变化)."""

    NEW = "new", "新建节点"
    MOVE = "move", "调整基线"
    SAME = "same", "日期不变"
    DONE = "done", "已完成，不动"


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone of the project as it stands."""

    id: int
    version: int
    sequence: int
    name: str
    is_key: bool
    first_baseline_on: date
    planned_on: date
    forecast_on: date | None
    actual_on: date | None
    moves: int


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """
    What happens to one task.

    Attributes:
        node: The milestone it is matched with; None = a new one.
        days: Calendar days by which that milestone moves; positive = later.
    """

    row: Placed
    step: AdoptionStep
    node: Node | None = None
    days: int = 0


def propose(
    rows: Sequence[Placed], nodes: Sequence[Node], chosen: Mapping[str, int | None], *, every_task: bool
) -> tuple[AdoptionLine, ...]:
    """
    Return what adopting *rows* would do.

    Args:
        nodes: The project's milestones.
        chosen: Task code → milestone chosen by hand, None = a new one; the others are matched by name.
        every_task: Also tasks that are no key nodes become milestones; matched ones always move with the plan.
    """
    matched = match(rows, nodes, chosen)
    lines = []
    for row in rows:
        node = matched.get(row.task.code)
        if node is None and not row.task.is_key and not every_task:
            continue
        lines.append(_line(row, node))
    return tuple(lines)


def match(rows: Sequence[Placed], nodes: Sequence[Node], chosen: Mapping[str, int | None]) -> dict[str, Node]:
    """Return the milestone of each task: the chosen one, else the one of the same name; none serves two tasks."""
    by_id = {node.id: node for node in nodes}
    found = {code: by_id[key] for code, key in chosen.items() if key in by_id}
    taken = {node.id for node in found.values()}
    for row in rows:
        if row.task.code in chosen:
            continue
        same = [node for node in nodes if plain_name(node.name) == plain_name(row.task.name) and node.id not in taken]
        node = next((node for node in same if node.actual_on is None), same[0] if same else None)
        if node is not None:
            found[row.task.code] = node
            taken.add(node.id)
    return found


def carried(rows: Sequence[Placed], earlier: Sequence[tuple[Placed, int | None]]) -> dict[str, int | None]:
    """
    Return the milestones that tasks of the plan adopted before became, for *rows* that are the same tasks still.

    Args:
        earlier: Tasks of that plan with their milestones; None = none.
    """
    known = {(row.task.code, plain_name(row.task.name)): key for row, key in earlier if key is not None}
    found = ((row.task.code, known.get((row.task.code, plain_name(row.task.name)))) for row in rows)
    return {code: key for code, key in found if key is not None}


def plain_name(name: str) -> str:
    """Return *name* as it is compared: one width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()


def _line(row: Placed, node: Node | None) -> AdoptionLine:
    if row.task.done_on is not None or (node is not None and node.actual_on is not None):
        return AdoptionLine(row, AdoptionStep.DONE, node)
    if node is None:
        return AdoptionLine(row, AdoptionStep.NEW)
    days = (row.finish_on - node.planned_on).days
    return AdoptionLine(row, AdoptionStep.MOVE if days else AdoptionStep.SAME, node, days)
