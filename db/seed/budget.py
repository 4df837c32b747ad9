"""Plans of the demo city: what each project should spend in which month, from an S-curve over its building time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.terms import YearClass
from db.seed.cast import Role
from db.seed.moment import Moment

WAN = 10_000
PLAN_YUAN = 51_230_000_000
_PLAN_STEP_YUAN = 1_000_000
# Works through the year in per cent: slow around the Spring Festival, steady from April to November.
SEASON: tuple[float, ...] = (3.2, 2.8, 7.2, 9.2, 10.2, 11.2, 9.6, 9.6, 10.6, 10.2, 9.0, 7.2)

Months = tuple[int, ...]


@dataclass(slots=True)
class Budget:
    """
    One project's money before any report.

    Attributes:
        prior_yuan: Done up to the end of the year before last.
        last_months: Plan of last year by month; None when the project was not listed then.
        months: Plan of this year by month; None = no plan (reserve).
        next_months: Plan of next year by month; None when it will be done.
        last_done_yuan: Done last year in all.
    """

    prior_yuan: int
    last_months: Months | None
    last_done_yuan: int
    months: Months | None
    next_months: Months | None

    @property
    def plan_yuan(self) -> int:
        return sum(self.months or ())

    def due_yuan(self, month: int) -> int:
        """Return what the plan foresees for January..*month*."""
        return sum((self.months or ())[:month])


def draw_budgets(roles: Sequence[Role], moment: Moment) -> dict[int, Budget]:
    """Return the budget of every project by number; the listed plans add up to ``PLAN_YUAN``."""
    plans = _plans(roles, moment.year)
    return {role.number: _budget(role, plans[role.number], moment.year) for role in roles}


def _share(role: Role, day: date) -> float:
    """Return the share of the works that should be done by *day* (smooth S-curve)."""
    whole = (role.finish_planned_on - role.start_planned_on).days
    x = min(1.0, max(0.0, (day - role.start_planned_on).days / whole))
    return x * x * (3 - 2 * x)


def _plans(roles: Sequence[Role], year: int) -> dict[int, int]:
    """Return the year's plan per project, scaled so that the listed ones make ``PLAN_YUAN``."""
    raw = {role.number: _raw_plan(role, year) for role in roles}
    listed = [role for role in roles if role.is_listed]
    fixed = sum(raw[role.number] for role in listed if role.year_class is YearClass.FINISHING)
    moving = [role for role in listed if role.year_class in (YearClass.CONTINUING, YearClass.NEW_START)]
    factor = (PLAN_YUAN - fixed) / sum(raw[role.number] for role in moving)
    plans = dict(raw)
    for role in moving:
        room = round(role.total_yuan * 0.97) - _done_before(role, year)
        plans[role.number] = _stepped(min(raw[role.number] * factor, room))
    largest = max(moving, key=lambda role: role.total_yuan)
    plans[largest.number] += PLAN_YUAN - sum(plans[role.number] for role in listed)
    return plans


def _stepped(yuan: float) -> int:
    return max(1, round(yuan / _PLAN_STEP_YUAN)) * _PLAN_STEP_YUAN


def _raw_plan(role: Role, year: int) -> int:
    if role.year_class is YearClass.RESERVE:
        return 0
    if role.year_class is YearClass.FINISHING:
        return role.total_yuan - _done_before(role, year)
    share = _share(role, date(year, 12, 31)) - _share(role, date(year - 1, 12, 31))
    floor = 0.06 if role.year_class is YearClass.CONTINUING else 0.08
    return _stepped(role.total_yuan * max(share, floor))


def _done_before(role: Role, year: int) -> int:
    return _prior(role, year) + _last_done(role, year)


def _prior(role: Role, year: int) -> int:
    return round(role.total_yuan * _share(role, date(year - 2, 12, 31)) * 0.95 / WAN) * WAN


def _last_done(role: Role, year: int) -> int:
    done = _share(role, date(year - 1, 12, 31)) - _share(role, date(year - 2, 12, 31))
    return round(role.total_yuan * done * 0.95 / WAN) * WAN


def _budget(role: Role, plan_yuan: int, year: int) -> Budget:
    last_done = _last_done(role, year)
    next_share = 1 - _share(role, date(year, 12, 31))
    following = _stepped(role.total_yuan * next_share * 0.6) if next_share > 0.02 else 0
    pace = float(role.rng.uniform(0.94, 1.05))
    return Budget(
        prior_yuan=_prior(role, year),
        last_months=_spread(role, _stepped(last_done * pace), year - 1) if last_done else None,
        last_done_yuan=last_done,
        months=_spread(role, plan_yuan, year) if plan_yuan else None,
        next_months=_spread(role, following, year + 1) if following else None,
    )


def _spread(role: Role, plan_yuan: int, year: int) -> Months:
    """Spread a year's plan over the months in which the project works; the last of them absorbs the rounding."""
    first = _month_in(role.start_planned_on, year, before=1, after=12)
    last = _month_in(role.finish_planned_on, year, before=1, after=12)
    weights = [
        weight * float(role.rng.uniform(0.85, 1.15)) if first <= month <= last else 0.0
        for month, weight in enumerate(SEASON, start=1)
    ]
    total = sum(weights)
    months = [round(plan_yuan * weight / total / WAN) * WAN for weight in weights]
    months[last - 1] += plan_yuan - sum(months)
    return tuple(months)


def _month_in(day: date, year: int, *, before: int, after: int) -> int:
    """Return the month of *day* inside *year*; *before* or *after* when the day lies outside."""
    if day.year < year:
        return before
    return day.month if day.year == year else after
