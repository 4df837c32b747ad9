"""Who plays what in the demo city: each project's year class, dates and fate, relative to the moment.

The draw depends on the project only, so a project keeps its character whatever the day; only what has already
happened by the day differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from core.domain.period import add_months
from core.domain.terms import YearClass
from db.seed.content.headquarters import HEADQUARTERS
from db.seed.content.kinds import KINDS, Kind
from db.seed.content.projects import PROJECTS, SUPPLEMENTED, WITHDRAWN
from db.seed.content.roles import (
    FINISH_MONTHS,
    FIXED_CLASSES,
    FIXED_SPANS,
    JUMP_NAME,
    RED_NAMES,
    RESERVE_NAMES,
    STALE_NAME,
    START_MONTHS,
    SUSPENDED_DAYS,
)
from db.seed.moment import Moment

SEED = 20_240_901
TOTAL_YUAN = 238_460_000_000
_ROUND_YUAN = 1_000_000


class Fate(StrEnum):
    """Why a project is out of line."""

    NONE = "none"
    UNSTARTED = "unstarted"
    SUSPENDED = "suspended"
    UNFINISHED = "unfinished"
    WITHDRAWN = "withdrawn"


@dataclass(slots=True)
class Role:
    """One project on the stage; dates that have not happened by the moment are None."""

    number: int
    name: str
    county: str
    kind_code: str
    headquarters: str
    total_yuan: int
    year_class: YearClass
    rng: np.random.Generator
    start_planned_on: date = date.min
    finish_planned_on: date = date.min
    reserved_on: date = date.min
    started_on: date | None = None
    completed_on: date | None = None
    commissioned_on: date | None = None
    full_capacity_on: date | None = None
    suspended_on: date | None = None
    resumed_on: date | None = None
    fate: Fate = Fate.NONE
    is_supplemented: bool = False
    withdrawal: str = ""
    marks: set[str] = field(default_factory=set)

    @property
    def kind(self) -> Kind:
        return KINDS[self.kind_code]

    @property
    def is_listed(self) -> bool:
        return self.fate is not Fate.WITHDRAWN

    @property
    def is_stopped(self) -> bool:
        return self.suspended_on is not None and self.resumed_on is None


def cast(moment: Moment) -> list[Role]:
    """Return all projects with class, dates and fate for *moment*."""
    roles = _named()
    _give_classes(roles)
    by_class = {year_class: [r for r in roles if r.year_class is year_class] for year_class in YearClass}
    _date_new(by_class[YearClass.NEW_START], moment)
    _date_finishing(by_class[YearClass.FINISHING], moment)
    _date_continuing(by_class[YearClass.CONTINUING], moment)
    _date_reserve(by_class[YearClass.RESERVE], moment)
    for role in roles:
        reserved = add_months(role.start_planned_on, -int(role.rng.integers(7, 15)))
        role.reserved_on = min(reserved, moment.days_ago(1))
    _suspend([r for r in by_class[YearClass.CONTINUING] if r.is_listed], moment)
    return roles


def _named() -> list[Role]:
    rows = [(row, headquarters) for headquarters in HEADQUARTERS for row in PROJECTS[headquarters.code]]
    withdrawn = dict(WITHDRAWN)
    listed_yi = sum(row[3] for row, _ in rows if row[0] not in withdrawn)
    scale = TOTAL_YUAN / listed_yi / _ROUND_YUAN
    roles = []
    for number, ((name, county, kind, yi), headquarters) in enumerate(rows, start=1):
        role = Role(
            number=number,
            name=name,
            county=county,
            kind_code=kind,
            headquarters=headquarters.code,
            total_yuan=round(yi * scale) * _ROUND_YUAN,
            year_class=YearClass.CONTINUING,
            rng=np.random.default_rng([SEED, number]),
            is_supplemented=name in SUPPLEMENTED,
        )
        if name in withdrawn:
            role.fate, role.withdrawal = Fate.WITHDRAWN, withdrawn[name]
        roles.append(role)
    largest = max(roles, key=lambda role: role.total_yuan)
    largest.total_yuan += TOTAL_YUAN - sum(role.total_yuan for role in roles if role.is_listed)
    return roles


def _give_classes(roles: Sequence[Role]) -> None:
    """Small projects finish, middling ones start, large ones go on; some are fixed by name."""
    rng = np.random.default_rng([SEED, 0])
    free = []
    for role in roles:
        size = float(np.log(role.total_yuan)) + float(rng.normal(0, 0.9))
        if role.name in RESERVE_NAMES:
            role.year_class = YearClass.RESERVE
        elif role.name in FIXED_CLASSES:
            role.year_class = FIXED_CLASSES[role.name]
        elif role.is_listed:
            free.append((size, role.number, role))
    ordered = [role for _, _, role in sorted(free, key=lambda item: item[:2])]
    taken = [role.year_class for role in roles if role.name in FIXED_CLASSES]
    finishing = sum(FINISH_MONTHS.values()) - taken.count(YearClass.FINISHING)
    new = sum(START_MONTHS.values()) - taken.count(YearClass.NEW_START)
    for role in ordered[:finishing]:
        role.year_class = YearClass.FINISHING
    for role in ordered[finishing : finishing + new]:
        role.year_class = YearClass.NEW_START


def _spread(months: dict[int, int]) -> list[int]:
    return [month for month, count in months.items() for _ in range(count)]


def _shuffled(roles: Sequence[Role], salt: int) -> list[Role]:
    order = np.random.default_rng([SEED, 1000 + salt]).permutation(len(roles))
    return [roles[int(index)] for index in order]


def _date_new(roles: Sequence[Role], moment: Moment) -> None:
    """New starts of the year: planned dates spread over the months; some of the due ones have not begun."""
    listed = _shuffled(roles, 1)
    for role, month in zip(listed, _spread(START_MONTHS), strict=True):
        role.start_planned_on = date(moment.year, month, 8 + int(role.rng.integers(0, 15)))
        role.finish_planned_on = add_months(role.start_planned_on, _building_months(role))
    listed.sort(key=lambda role: (role.start_planned_on, role.number))
    due = [role for role in listed if role.start_planned_on <= moment.as_of.month.last_day]
    late = _picked(due, round(len(due) * 5 / 66), (0.3, 0.55, 0.75, 0.88, 0.97))
    later = [role for role in listed if role.start_planned_on > moment.as_of.month.last_day]
    for role in listed:
        begun = role.start_planned_on + timedelta(days=int(role.rng.integers(-8, 10)))
        if role in late:
            role.fate = Fate.UNSTARTED
        elif role in due:
            role.started_on = min(begun, moment.days_ago(1))
        elif begun < moment.today:
            role.started_on = begun
    for role in later[:2]:
        if role.started_on is None and role.start_planned_on <= moment.days_ago(-90):
            role.started_on = moment.days_ago(3 + int(role.rng.integers(0, 9)))


def _picked(due: Sequence[Role], count: int, places: Sequence[float]) -> list[Role]:
    """Return *count* of the due projects at the given places of the row, the latest places first."""
    count = min(count, len(places))
    return [due[int(place * len(due))] for place in places[len(places) - count :]]


def _building_months(role: Role) -> int:
    """Large works take longer; nobody builds a motorway in the time of a school."""
    size = min(2.0, max(1.0, float((role.total_yuan / 800_000_000) ** 0.28)))
    return round(role.kind.months * size * float(role.rng.uniform(0.9, 1.2)))


def _date_finishing(roles: Sequence[Role], moment: Moment) -> None:
    listed = _shuffled(roles, 2)
    for role, month in zip(listed, _spread(FINISH_MONTHS), strict=True):
        role.finish_planned_on = date(moment.year, month, 15 + int(role.rng.integers(0, 13)))
        role.start_planned_on = add_months(role.finish_planned_on, -_building_months(role))
        role.started_on = role.start_planned_on + timedelta(days=int(role.rng.integers(-5, 12)))
    listed.sort(key=lambda role: (role.finish_planned_on, role.number))
    due = [role for role in listed if role.finish_planned_on <= moment.days_ago(5)]
    late = _picked(due, round(len(due) * 3 / 23), (0.62, 0.8, 0.93))
    for role in late:
        role.fate = Fate.UNFINISHED
    done = [role for role in due if role not in late]
    done += [role for role in listed if role not in due and role.finish_planned_on <= moment.days_ago(-35)][:1]
    for role in done:
        _finish(role, moment)


def _finish(role: Role, moment: Moment) -> None:
    early = role.finish_planned_on - timedelta(days=int(role.rng.integers(-4, 12)))
    role.completed_on = min(early, moment.days_ago(4))
    role.commissioned_on = min(role.completed_on + timedelta(days=int(role.rng.integers(2, 12))), moment.days_ago(1))
    full = role.commissioned_on + timedelta(days=int(role.rng.integers(60, 160)))
    role.full_capacity_on = full if full < moment.today else None


def _date_continuing(roles: Sequence[Role], moment: Moment) -> None:
    for role in roles:
        begun = date(moment.year - int(role.rng.integers(1, 3)), 1 + int(role.rng.integers(0, 12)), 5)
        role.start_planned_on = begun + timedelta(days=int(role.rng.integers(0, 20)))
        finish = add_months(role.start_planned_on, _building_months(role))
        if finish.year <= moment.year:
            finish = date(moment.year + 1, 2 + int(role.rng.integers(0, 10)), 10 + int(role.rng.integers(0, 18)))
        role.finish_planned_on = finish
        if role.name in FIXED_SPANS:
            first, last = FIXED_SPANS[role.name]
            role.start_planned_on = date(moment.year + first[0], first[1], first[2])
            role.finish_planned_on = date(moment.year + last[0], last[1], last[2])
        role.started_on = role.start_planned_on + timedelta(days=int(role.rng.integers(-6, 20)))


def _date_reserve(roles: Sequence[Role], moment: Moment) -> None:
    for role in roles:
        role.start_planned_on = date(moment.year + 1, 3 + int(role.rng.integers(0, 6)), 12)
        role.finish_planned_on = add_months(role.start_planned_on, _building_months(role))


def _suspend(roles: Sequence[Role], moment: Moment) -> None:
    """Six stand still, four stood still and went on."""
    old = [role for role in _shuffled(roles, 3) if role.started_on and role.started_on < moment.days_ago(330)]
    old = [role for role in old if role.name not in (*RED_NAMES, JUMP_NAME, STALE_NAME)]
    standing, resumed = old[: len(SUSPENDED_DAYS)], old[len(SUSPENDED_DAYS) : len(SUSPENDED_DAYS) + 4]
    for role, days in zip(standing, SUSPENDED_DAYS, strict=True):
        role.suspended_on, role.fate = moment.days_ago(days), Fate.SUSPENDED
    for role in resumed:
        role.suspended_on = moment.days_ago(250 + int(role.rng.integers(0, 40)))
        role.resumed_on = role.suspended_on + timedelta(days=int(role.rng.integers(25, 70)))
