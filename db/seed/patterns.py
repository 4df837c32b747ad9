"""The patterns that a store for measuring repeats: dates, twelve milestones, shares of plan and progress by month."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from core.domain.period import add_months
from core.domain.terms import Stage, YearClass
from db.seed.budget import SEASON
from db.seed.moment import Moment

PATTERNS = 389
NODES = 12
_NAMES = (
    "可研批复",
    "用地批复",
    "规划许可",
    "施工许可",
    "开工建设",
    "基础完成",
    "主体过半",
    "主体封顶",
    "机电安装",
    "室外工程",
    "竣工验收",
    "投产",
)
_KEYS = frozenset({"用地批复", "基础完成", "主体封顶", "竣工验收"})


@dataclass(frozen=True, slots=True)
class PatternNode:
    """One milestone of a pattern."""

    name: str
    is_key: bool
    first_baseline_on: date
    planned_on: date
    actual_on: date | None
    moves: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    What projects of one pattern share.

    Attributes:
        plan_shares: Plan January..month in 1/10 000 of the year's plan; the last is 10 000.
        done_shares: Done January..month likewise.
    """

    year_class: YearClass
    stage: Stage
    reserved_on: date
    start_planned_on: date
    finish_planned_on: date
    started_on: date | None
    completed_on: date | None
    nodes: tuple[PatternNode, ...]
    plan_shares: tuple[int, ...]
    done_shares: tuple[int, ...]


def make_patterns(moment: Moment) -> tuple[Pattern, ...]:
    """Return the patterns for *moment*; always the same for the same day."""
    return tuple(_pattern(number, moment) for number in range(PATTERNS))


def _pattern(number: int, moment: Moment) -> Pattern:
    rng = np.random.default_rng([8_128, number])
    year_class = (YearClass.FINISHING, YearClass.NEW_START, YearClass.NEW_START, *[YearClass.CONTINUING] * 4)[
        number % 7
    ]
    start, finish = _dates(year_class, moment, rng)
    started = start if start < moment.today and rng.uniform() > 0.03 else None
    completed = finish if started is not None and finish < moment.days_ago(3) and rng.uniform() > 0.1 else None
    plan = [round(10_000 * sum(SEASON[: month + 1]) / sum(SEASON)) for month in range(12)]
    pace = float(
        rng.choice([rng.uniform(0.97, 1.03), rng.uniform(0.82, 0.9), rng.uniform(0.6, 0.78)], p=[0.72, 0.2, 0.08])
    )
    stage = Stage.COMMISSIONED if completed else Stage.CONSTRUCTION if started else Stage.PREPARATION
    return Pattern(
        year_class=year_class,
        stage=stage,
        reserved_on=add_months(start, -9),
        start_planned_on=start,
        finish_planned_on=finish,
        started_on=started,
        completed_on=completed,
        nodes=_nodes(start, finish, completed, moment, rng),
        plan_shares=tuple(plan),
        done_shares=tuple(round(share * pace) if started else 0 for share in plan),
    )


def _dates(year_class: YearClass, moment: Moment, rng: np.random.Generator) -> tuple[date, date]:
    day = 1 + int(rng.integers(0, 28))
    month = 1 + int(rng.integers(0, 12))
    if year_class is YearClass.FINISHING:
        finish = date(moment.year, month, day)
        return add_months(finish, -int(rng.integers(14, 30))), finish
    begun = moment.year if year_class is YearClass.NEW_START else moment.year - int(rng.integers(1, 3))
    start = date(begun, month, day)
    finish = add_months(start, int(rng.integers(16, 40)))
    return start, max(finish, date(moment.year + 1, 1 + month % 12, day))


def _nodes(
    start: date, finish: date, completed: date | None, moment: Moment, rng: np.random.Generator
) -> tuple[PatternNode, ...]:
    whole = (finish - start).days
    nodes = []
    late = int(rng.integers(0, NODES)) if rng.uniform() < 0.25 else NODES
    for position, name in enumerate(_NAMES):
        planned = (
            start + timedelta(days=round(whole * (position - 4) / 7))
            if position >= 4
            else add_months(start, position * 2 - 8)
        )
        days = int(rng.integers(10, 60)) if rng.uniform() < 0.15 else 0
        slip = int(rng.integers(-6, 9))
        held = position >= late and (moment.today - planned).days < 45 and completed is None
        reached = planned + timedelta(days=slip)
        done = reached < moment.today and not held
        nodes.append(
            PatternNode(
                name=name,
                is_key=name in _KEYS,
                first_baseline_on=planned - timedelta(days=days),
                planned_on=planned,
                actual_on=reached if done else None,
                moves=int(days > 0),
            )
        )
    return tuple(nodes)
