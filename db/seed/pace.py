"""Who keeps pace: supervision levels aimed at, and the months' investment that leads there.

The aim follows the shipped default rules: lag above 10 / 20 pp or a key node overdue / more than 30 days overdue.
What a fate already brings (unstarted, standing still, unfinished) is taken as it comes and counted in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.domain.terms import FlagLevel, YearClass
from db.seed.budget import WAN, Budget
from db.seed.cast import SEED, Fate, Role
from db.seed.content.headquarters import HEADQUARTERS
from db.seed.content.roles import (
    COUNTY_TROUBLE,
    ESCALATED_NAMES,
    JUMP_NAME,
    RED_NAMES,
    SEVERE_SHARE,
    STALE_NAME,
    WARN_SHARE,
)
from db.seed.moment import Moment

_HQ_TROUBLE = {row.code: row.trouble for row in HEADQUARTERS}
_HQ_LEAD_PP = {row.code: row.lead_pp for row in HEADQUARTERS}


class Cause(StrEnum):
    """What raises the flag."""

    NONE = "none"
    LAG = "lag"
    NODE = "node"
    BOTH = "both"


@dataclass(slots=True)
class Pace:
    """
    How one project goes this year.

    Attributes:
        level: Level aimed at.
        cause: Lag of money, an overdue key node, or both.
        lag_pp: Lag in pp of the annual plan at the as-of month (negative = ahead).
        node_days: Days the key node is overdue (0 = none is).
        done: Investment by month of this year, 元; None = no report (late, returned) or nothing due any more.
    """

    level: FlagLevel
    cause: Cause
    lag_pp: float
    node_days: int
    done: list[int | None]


def draw_paces(roles: Sequence[Role], budgets: Mapping[int, Budget], moment: Moment) -> dict[int, Pace]:
    """Return the pace of every project by number."""
    judged = [role for role in roles if _is_judged(role, moment)]
    keys = {role.number: _trouble_key(role) for role in roles}
    ranked = sorted(judged, key=lambda role: -keys[role.number])
    natural = {role.number: _natural_level(role, budgets[role.number], moment) for role in judged}
    levels = _levels(ranked, natural)
    paces: dict[int, Pace] = {}
    for position, role in enumerate(ranked):
        level, own = levels[role.number], role.fate in (Fate.UNSTARTED, Fate.UNFINISHED)
        paces[role.number] = _pace(role, budgets[role.number], level, position, own, moment)
    for role in roles:
        if role.number not in paces:
            paces[role.number] = _pace(role, budgets[role.number], FlagLevel.OK, 0, True, moment)
    return paces


def _is_judged(role: Role, moment: Moment) -> bool:
    if not role.is_listed or role.completed_on is not None or role.year_class is YearClass.RESERVE:
        return False
    waiting = role.started_on is None and role.start_planned_on > moment.as_of.month.last_day
    return not waiting


def _trouble_key(role: Role) -> float:
    """Weighted draw without replacement (Efraimidis, Spirakis 2006): the higher, the sooner in trouble."""
    if role.name in RED_NAMES:
        return 10.0 - RED_NAMES.index(role.name)
    if role.name in (JUMP_NAME, STALE_NAME):
        return 0.0
    weight = _HQ_TROUBLE[role.headquarters] * COUNTY_TROUBLE.get(role.county, 1.0)
    draw = np.random.default_rng([SEED, 5000 + role.number]).uniform()
    return float(draw ** (1 / max(weight, 0.05)))


def _natural_level(role: Role, budget: Budget, moment: Moment) -> FlagLevel | None:
    """Return the level that the fate alone brings; None when the project's pace is free."""
    if role.fate is Fate.UNFINISHED or (
        role.year_class is YearClass.FINISHING and role.finish_planned_on < moment.today
    ):
        days = (moment.today - role.finish_planned_on).days
        return FlagLevel.SEVERE if days > 30 else FlagLevel.WARN
    if role.fate is Fate.UNSTARTED:
        months = moment.month - role.start_planned_on.month
        return FlagLevel.SEVERE if months >= 3 else _lag_level(_share_pp(budget, moment.month))
    if role.fate is Fate.SUSPENDED and role.suspended_on is not None:
        if role.suspended_on.year < moment.year:
            return _lag_level(_share_pp(budget, moment.month))
        worked = role.suspended_on.month - 1
        return _lag_level(_share_pp(budget, moment.month) - _share_pp(budget, min(worked, moment.month)))
    return None


def _share_pp(budget: Budget, month: int) -> float:
    return 100 * budget.due_yuan(month) / budget.plan_yuan


def _lag_level(lag_pp: float) -> FlagLevel:
    if lag_pp > 20:
        return FlagLevel.SEVERE
    return FlagLevel.WARN if lag_pp > 10 else FlagLevel.NOTICE


def _levels(ranked: Sequence[Role], natural: Mapping[int, FlagLevel | None]) -> dict[int, FlagLevel]:
    """Fill up the numbers of severe and warned projects beyond those that fate brings."""
    fated = {number: level for number, level in natural.items() if level is not None}
    severe = round(SEVERE_SHARE * len(ranked)) - sum(level is FlagLevel.SEVERE for level in fated.values())
    warned = round(WARN_SHARE * len(ranked)) - sum(level is FlagLevel.WARN for level in fated.values())
    levels = dict(fated)
    for role in ranked:
        if role.number in levels:
            continue
        if severe > 0:
            levels[role.number], severe = FlagLevel.SEVERE, severe - 1
        elif warned > 0:
            levels[role.number], warned = FlagLevel.WARN, warned - 1
        else:
            levels[role.number] = FlagLevel.OK
    return levels


def _pace(role: Role, budget: Budget, level: FlagLevel, position: int, own: bool, moment: Moment) -> Pace:
    rng = np.random.default_rng([SEED, 7000 + role.number])
    calm = float(rng.choice([rng.uniform(-2.6, -0.1), rng.uniform(0.4, 5.5)], p=[0.72, 0.28]))
    calm = (calm - _HQ_LEAD_PP[role.headquarters]) * _share_pp(budget, moment.month) / 100 if budget.plan_yuan else 0.0
    pace = Pace(level, Cause.NONE, calm, 0, [])
    free = role.fate is Fate.NONE and not own
    if free and level in (FlagLevel.WARN, FlagLevel.SEVERE):
        _trouble(pace, budget, position, role.name in ESCALATED_NAMES, moment, rng)
    pace.done = _done(role, budget, pace, moment, rng)
    return pace


def _trouble(
    pace: Pace, budget: Budget, position: int, escalated: bool, moment: Moment, rng: np.random.Generator
) -> None:
    """Choose lag, node or both; a lag only where that much was due."""
    severe = pace.level is FlagLevel.SEVERE
    lag = float(rng.uniform(21.0, 30.0) if severe else rng.uniform(10.6, 18.5))
    days = int(rng.integers(33, 76) if severe else rng.integers(2, 28))
    can_lag = budget.plan_yuan > 0 and _share_pp(budget, moment.month) > lag + 2
    pace.cause = (Cause.BOTH, Cause.LAG, Cause.NODE)[position % 3] if severe else (Cause.LAG, Cause.NODE)[position % 2]
    if escalated and pace.cause is Cause.NODE:
        pace.cause = Cause.LAG
    if not can_lag:
        pace.cause = Cause.NODE
    if pace.cause in (Cause.LAG, Cause.BOTH):
        pace.lag_pp = lag
    if pace.cause in (Cause.NODE, Cause.BOTH):
        pace.node_days = days


def _done(role: Role, budget: Budget, pace: Pace, moment: Moment, rng: np.random.Generator) -> list[int | None]:
    """Return the twelve months: reported ones as int (0 before the start), None after the as-of month or the finish."""
    months: list[int | None] = [None] * 12
    if budget.months is None:
        return months
    due_now = budget.due_yuan(moment.month)
    before = 0
    for month in range(1, moment.month + 1):
        if _is_over(role, month, moment.year):
            break
        due = budget.due_yuan(month)
        part = (due / due_now) ** 1.2 if due_now else 0.0
        noise = float(rng.uniform(-0.4, 0.4)) if month < moment.month else 0.0
        target = due - budget.plan_yuan * (pace.lag_pp * part + noise) / 100
        if role.year_class is YearClass.FINISHING:
            # The rest of the total is the plan: nothing is over before the works are.
            whole = _finishes(role, month, moment.year)
            target = budget.plan_yuan if whole else min(target, 0.97 * budget.plan_yuan)
        reached = before if _rests(role, month, moment.year) else max(before, round(target / WAN) * WAN)
        months[month - 1] = reached - before
        before = reached
    return months


def _is_over(role: Role, month: int, year: int) -> bool:
    return role.completed_on is not None and (role.completed_on.year, role.completed_on.month) < (year, month)


def _finishes(role: Role, month: int, year: int) -> bool:
    return role.completed_on is not None and (role.completed_on.year, role.completed_on.month) == (year, month)


def _rests(role: Role, month: int, year: int) -> bool:
    """Whether nothing is done in the month: not begun, or standing still."""
    if role.started_on is None or (role.started_on.year, role.started_on.month) > (year, month):
        return True
    stopped, resumed = role.suspended_on, role.resumed_on
    if stopped is None or (stopped.year, stopped.month) > (year, month):
        return False
    return resumed is None or (resumed.year, resumed.month) > (year, month)
