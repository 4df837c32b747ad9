"""Milestones of the demo city: plan, baselines, what was reached, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from core.domain.period import add_months
from core.domain.terms import YearClass
from db.seed.cast import SEED, Fate, Role
from db.seed.content.roles import FIXED_SPANS
from db.seed.content.texts import FORECAST_REASONS, MOVE_REASONS
from db.seed.moment import Moment
from db.seed.pace import Cause, Pace

# Days from today of the nodes that are made to fall due this week, and of the small ones that are late.
DUE_SOON: tuple[int, ...] = (0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7)
LATE_MINOR: tuple[int, ...] = (3, 5, 8, 11, 14, 20)
_PUSHED_DAYS = 24


@dataclass(slots=True)
class Move:
    """A re-baseline: when it was decided, by how many days, why."""

    on: date
    days: int
    reason: str


@dataclass(slots=True)
class Node:
    """One milestone; ``moves`` lead from the first baseline to ``planned_on``."""

    name: str
    place: float
    is_key: bool
    planned_on: date
    actual_on: date | None
    forecast_on: date | None
    forecast_reason: str
    moves: list[Move]
    is_held: bool = False

    @property
    def first_baseline_on(self) -> date:
        return self.planned_on - timedelta(days=sum(move.days for move in self.moves))


def draw_nodes(roles: Sequence[Role], paces: dict[int, Pace], moment: Moment) -> dict[int, list[Node]]:
    """Return the milestones of every project by number."""
    calm = [role for role in roles if _is_calm(role, paces[role.number])]
    order = np.random.default_rng([SEED, 11]).permutation(len(calm))
    soon = {calm[int(i)].number: days for i, days in zip(order, DUE_SOON, strict=False)}
    minor = {calm[int(i)].number: days for i, days in zip(order[len(DUE_SOON) :], LATE_MINOR, strict=False)}
    nodes: dict[int, list[Node]] = {}
    for role in roles:
        rng = np.random.default_rng([SEED, 20_000 + role.number])
        drawn = _planned(role)
        pace = paces[role.number]
        if pace.node_days:
            _hold(drawn, moment.days_ago(pace.node_days), moment, is_key=True)
        elif role.number in soon:
            _pull(drawn, moment.days_ago(-soon[role.number]), moment)
        elif role.number in minor:
            _hold(drawn, moment.days_ago(minor[role.number]), moment, is_key=False)
        if role.fate in (Fate.UNSTARTED, Fate.SUSPENDED):
            _push(drawn, role, moment)
        _reach(drawn, role, moment, rng)
        if role.fate not in (Fate.UNSTARTED, Fate.SUSPENDED) and (rng.uniform() < 0.36 or role.name in FIXED_SPANS):
            _rebaseline(drawn, moment, rng)
        _forecast(drawn, moment, rng)
        nodes[role.number] = drawn
    return nodes


def _is_calm(role: Role, pace: Pace) -> bool:
    building = role.is_listed and role.started_on is not None and role.completed_on is None
    ending = role.year_class is YearClass.FINISHING
    return building and not ending and role.fate is Fate.NONE and pace.cause is Cause.NONE


def _planned(role: Role) -> list[Node]:
    whole = (role.finish_planned_on - role.start_planned_on).days
    nodes = []
    for name, place, is_key in role.kind.nodes:
        if place < 0:
            day = add_months(role.start_planned_on, int(place))
        else:
            day = role.start_planned_on + timedelta(days=round(whole * place))
        nodes.append(Node(name, place, is_key, day, None, None, "", []))
    return nodes


def _hold(nodes: list[Node], day: date, moment: Moment, *, is_key: bool) -> None:
    """Let the first node planned after *day* be the late one, planned for *day*."""
    index = next((i for i, node in enumerate(nodes) if node.planned_on > day), len(nodes) - 1)
    held = nodes[index]
    held.planned_on, held.is_key, held.is_held = day, is_key, True
    for step, node in enumerate(nodes[index + 1 :], start=1):
        node.planned_on = max(node.planned_on, moment.days_ago(-14 * step - 9))


def _pull(nodes: list[Node], day: date, moment: Moment) -> None:
    """Let the next open node fall due on *day*."""
    index = next((i for i, node in enumerate(nodes) if node.planned_on >= moment.today), None)
    if index is None:
        return
    nodes[index].planned_on = day
    for step, node in enumerate(nodes[index + 1 :], start=1):
        node.planned_on = max(node.planned_on, day + timedelta(days=15 * step))


def _push(nodes: list[Node], role: Role, moment: Moment) -> None:
    """Re-plan what could not happen while the project has not begun or stands still."""
    held_since = role.suspended_on or role.start_planned_on
    if role.started_on is None:
        permit = [node for node in nodes if node.place < 0][-1]
        permit.is_held, permit.is_key = True, False
    step = 0
    for node in nodes:
        if held_since <= node.planned_on < moment.days_ago(-_PUSHED_DAYS):
            step += 1
            target = moment.days_ago(-_PUSHED_DAYS - 21 * step)
            days = (target - node.planned_on).days
            node.moves.append(Move(moment.days_ago(9), days, "停工顺延" if role.suspended_on else "开工推迟，整体顺延"))
            node.planned_on = target
        elif step:
            step += 1
            node.planned_on = max(node.planned_on, moment.days_ago(-_PUSHED_DAYS - 21 * step))


def _reach(nodes: list[Node], role: Role, moment: Moment, rng: np.random.Generator) -> None:
    """Fill in what was reached: everything planned before today that nothing holds back."""
    earliest = role.reserved_on
    for node in nodes:
        day = _reached_on(node, role, moment, rng)
        if day is None or day >= moment.today:
            if role.completed_on is None:
                continue
            day = role.commissioned_on or role.completed_on
        node.actual_on = earliest = max(day, earliest)


def _reached_on(node: Node, role: Role, moment: Moment, rng: np.random.Generator) -> date | None:
    if node.place >= 1:
        return role.completed_on if node.place == 1 else role.commissioned_on
    late = rng.choice(
        [int(rng.integers(-7, 1)), int(rng.integers(1, 12)), int(rng.integers(13, 38))], p=[0.84, 0.12, 0.04]
    )
    day = node.planned_on + timedelta(days=int(late))
    if node.place >= 0 and role.started_on is not None:
        day = max(day, role.started_on + timedelta(days=3))
    if node.place >= 0 and role.started_on is None:
        return None
    if role.completed_on is not None:
        return min(day, role.completed_on)
    if node.planned_on >= moment.today or node.is_held:
        return None
    return min(day, moment.days_ago(1))


def _rebaseline(nodes: list[Node], moment: Moment, rng: np.random.Generator) -> None:
    """Say that the plan in force came from an earlier one: the tail behind some node was moved once or twice."""
    start = int(rng.integers(2, len(nodes)))
    gap = (nodes[start].planned_on - nodes[start - 1].planned_on).days - 5
    days = min(int(rng.integers(12, 75)), gap)
    decided = nodes[start].planned_on - timedelta(days=days + int(rng.integers(5, 30)))
    decided = min(decided, moment.days_ago(2 + int(rng.integers(0, 40))))
    if days < 10:
        return
    parts = [days // 2, days - days // 2] if days > 40 and rng.uniform() < 0.4 else [days]
    moves = [
        Move(decided - timedelta(days=30 * (len(parts) - 1 - i)), part, str(rng.choice(MOVE_REASONS)))
        for i, part in enumerate(parts)
    ]
    for node in nodes[start:]:
        node.moves = list(moves)


def _forecast(nodes: list[Node], moment: Moment, rng: np.random.Generator) -> None:
    for node in nodes:
        if node.actual_on is not None:
            continue
        if node.planned_on < moment.today:
            node.forecast_on = moment.days_ago(-int(rng.integers(8, 40)))
        elif (node.planned_on - moment.today).days < 75:
            slips = rng.uniform() < 0.18
            node.forecast_on = node.planned_on + timedelta(days=int(rng.integers(4, 24)) if slips else 0)
        if node.forecast_on is not None and node.forecast_on > node.planned_on:
            node.forecast_reason = str(rng.choice(FORECAST_REASONS))
