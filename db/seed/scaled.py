"""A store of any size for measuring: plain projects in the counties of the demo, twelve milestones, 24 months each.

The projects repeat a few hundred patterns; what differs is place, size and name. Loaded in one transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np
import shapely
from shapely import Polygon
from sqlalchemy import Connection

from core.domain.errors import Invalid, Problem
from core.domain.permissions import system_actor
from core.domain.terms import MatterKind, MatterStatus, ParcelStatus, YearClass
from db import audit, rollup
from db.models.land import Parcel, ParcelUse
from db.models.matter import Matter
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.project import Assignment, LifecycleEvent, ListMembership, Project
from db.seed.bulk import BulkLoader
from db.seed.demo import Built, moment_of
from db.seed.geography import PLANE, Geography, build_geography
from db.seed.marker import DEMO_IDS, DEMO_KEY, is_demo, write_setting
from db.seed.moment import Moment
from db.seed.organisation import Organisation, add_organisation
from db.seed.patterns import NODES, Pattern, make_patterns
from db.seed.rows import Rows, first_free_id
from db.session import Store

LARGEST = 200_000
PROBLEM_EVERY = 12
_WORDS = (
    "园区道路",
    "标准厂房",
    "供水管网",
    "安置小区",
    "实验学校",
    "卫生院",
    "物流仓库",
    "光伏电站",
    "河堤加固",
    "智能工厂",
)
_CATEGORIES = ("城建", "工业", "水利", "城建", "社会事业", "社会事业", "服务业", "能源", "水利", "工业")
_PLOT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every generator needs: loader, keys, patterns, the moment and how many projects."""

    load: BulkLoader
    count: int
    first_id: int
    moment: Moment
    patterns: tuple[Pattern, ...]
    counties: tuple[tuple[str, int], ...]
    organisation: Organisation

    def pattern(self, index: int) -> Pattern:
        return self.patterns[index * 7 % len(self.patterns)]

    def county(self, index: int) -> tuple[str, int]:
        return self.counties[index % len(self.counties)]

    def total_yuan(self, index: int) -> int:
        return (5 + index * 7919 % 1500) * 10_000_000


def build_scaled(store: Store, projects: int, today: date | None = None) -> Built:
    """
    Fill an empty store with *projects* plain projects (at most ``LARGEST``).

    Raises:
        Invalid: The number is out of range, or the store already holds a demo.
    """
    if not 1 <= projects <= LARGEST:
        raise Invalid([Problem("projects", "range", f"项目数应在 1 到 {LARGEST} 之间。")])
    moment = moment_of(store, today)
    with store.transaction(system_actor("演示数据")) as tx:
        audit.lock_head(tx.connection)
        if is_demo(tx.connection):
            raise Invalid(
                [Problem("demo", "demo_exists", "库中已有演示城市。如需重建，请先执行 manage.py demo --clear。")]
            )
        rows = Rows(tx.connection)
        geography = build_geography()
        organisation = add_organisation(rows, geography)
        rows.store()
        frame = _frame(tx.connection, projects, geography, organisation, moment)
        _load(tx.connection, frame, geography)
        ranges = {**rows.id_ranges(), "project": (frame.first_id, frame.first_id + projects - 1)}
        ranges["parcel"] = (frame.first_id, frame.first_id + projects - 1)
        write_setting(tx.connection, DEMO_KEY, True)
        write_setting(tx.connection, DEMO_IDS, ranges)
        rollup.recount(tx.connection, moment.as_of)
        tx.record("seed", "demo", DEMO_KEY, new={"projects": projects}, reason="生成压力测试数据")
    return Built({"project": projects}, moment.today)


def _frame(
    connection: Connection, count: int, geography: Geography, organisation: Organisation, moment: Moment
) -> _Frame:
    first = max(first_free_id(connection, "project"), first_free_id(connection, "parcel"))
    counties = tuple((county.short_name, organisation.counties[county.short_name]) for county in geography.counties)
    return _Frame(BulkLoader(connection), count, first, moment, make_patterns(moment), counties, organisation)


def _load(connection: Connection, frame: _Frame, geography: Geography) -> None:
    load = frame.load.load
    load(Project, _PROJECT_COLUMNS, _projects(frame))
    load(ListMembership, ("project_id", "list_code", "year", "year_class", "joined_on"), _lists(frame))
    load(AnnualPlan, ("project_id", "year", "plan_yuan"), _annual_plans(frame))
    load(InvestmentPlan, ("project_id", "year", "month", "plan_yuan"), _month_plans(frame))
    load(InvestmentReport, _REPORT_COLUMNS, _reports(frame))
    load(FundingLine, ("project_id", "source", "planned_yuan", "received_yuan", "spent_yuan"), _funding(frame))
    load(Assignment, ("project_id", "role", "unit_id", "from_on"), _assignments(frame))
    load(LifecycleEvent, ("project_id", "kind", "happened_on", "recorded_at"), _life(frame))
    first = first_free_id(connection, "milestone")
    load(Milestone, _MILESTONE_COLUMNS, _milestones(frame, first))
    load(MilestoneBaseline, ("milestone_id", "number", "planned_on", "set_at"), _baselines(frame, first))
    load(Matter, _MATTER_COLUMNS, _matters(frame))
    load(Parcel, _PARCEL_COLUMNS, _parcels(frame, geography))
    load(ParcelUse, ("parcel_id", "project_id"), ((frame.first_id + i, frame.first_id + i) for i in range(frame.count)))


_PROJECT_COLUMNS = (
    "id", "code", "name", "initials", "county_id", "headquarters_id", "responsible_unit_id", "level", "category",
    "stage", "longitude", "latitude", "total_investment_yuan", "prior_done_yuan", "prior_year", "start_planned_on",
    "finish_planned_on", "started_on", "completed_on", "commissioned_on", "reserved_on", "entered_statistics_on",
)  # fmt: skip


def _projects(frame: _Frame) -> Iterator[tuple[object, ...]]:
    day = frame.load.day
    headquarters = tuple(frame.organisation.headquarters.values())
    units = tuple(frame.organisation.units.values())
    for index in range(frame.count):
        pattern = frame.pattern(index)
        name, county_id = frame.county(index)
        total = frame.total_yuan(index)
        kind = index % len(_WORDS)
        yield (
            frame.first_id + index, f"SC-{frame.first_id + index:06d}", f"{name}{_WORDS[kind]}{index + 1:06d}号", "",
            county_id, headquarters[index % len(headquarters)], units[index % len(units)], "city", _CATEGORIES[kind],
            pattern.stage.value, None, None, total, total // 5, frame.moment.year - 2, day(pattern.start_planned_on),
            day(pattern.finish_planned_on), day(pattern.started_on), day(pattern.completed_on),
            day(pattern.completed_on), day(pattern.reserved_on), day(pattern.started_on),
        )  # fmt: skip


def _lists(frame: _Frame) -> Iterator[tuple[object, ...]]:
    for index in range(frame.count):
        pattern = frame.pattern(index)
        for year in (frame.moment.year - 1, frame.moment.year):
            own = pattern.year_class if year == frame.moment.year else YearClass.CONTINUING
            yield frame.first_id + index, "major", year, own.value, frame.load.day(date(year, 1, 1))


def _annual_plans(frame: _Frame) -> Iterator[tuple[object, ...]]:
    for index in range(frame.count):
        plan = frame.total_yuan(index) // 4
        yield frame.first_id + index, frame.moment.year - 1, plan
        yield frame.first_id + index, frame.moment.year, plan


def _month_plans(frame: _Frame) -> Iterator[tuple[object, ...]]:
    for index in range(frame.count):
        key, plan = frame.first_id + index, frame.total_yuan(index) // 4
        cumulated = [plan * share // 10_000 for share in frame.pattern(index).plan_shares]
        for year in (frame.moment.year - 1, frame.moment.year):
            before = 0
            for month, reached in enumerate(cumulated, start=1):
                yield key, year, month, reached - before
                before = reached


_REPORT_COLUMNS = ("project_id", "year", "month", "status", "done_yuan", "submitted_at", "submitted_by")


def _reports(frame: _Frame) -> Iterator[tuple[object, ...]]:
    at = frame.load.instant(frame.moment.at)
    months = [(frame.moment.year - 1, month, "locked") for month in range(1, 13)]
    months += [(frame.moment.year, month, "locked") for month in range(1, frame.moment.month)]
    months.append((frame.moment.year, frame.moment.month, "reviewed"))
    for index in range(frame.count):
        pattern = frame.pattern(index)
        key, plan = frame.first_id + index, frame.total_yuan(index) // 4
        for year, month, status in months:
            shares = pattern.done_shares if year == frame.moment.year else pattern.plan_shares
            share = shares[month - 1] - (shares[month - 2] if month > 1 else 0)
            yield key, year, month, status, plan * share // 10_000, at, "unit"


def _funding(frame: _Frame) -> Iterator[tuple[object, ...]]:
    for index in range(frame.count):
        total = frame.total_yuan(index)
        bond = total * 2 // 5
        yield frame.first_id + index, "special_bond", bond, bond // 2, bond // 3
        yield frame.first_id + index, "local_fiscal", total - bond, (total - bond) // 2, (total - bond) // 3


def _assignments(frame: _Frame) -> Iterator[tuple[object, ...]]:
    units = tuple(frame.organisation.units.values())
    for index in range(frame.count):
        since = frame.load.day(frame.pattern(index).reserved_on)
        yield frame.first_id + index, "responsible_unit", units[index % len(units)], since


def _life(frame: _Frame) -> Iterator[tuple[object, ...]]:
    at = frame.load.instant(frame.moment.at)
    for index in range(frame.count):
        pattern = frame.pattern(index)
        for kind, day in (("reserved", pattern.reserved_on), ("started", pattern.started_on)):
            if day is not None:
                yield frame.first_id + index, kind, frame.load.day(day), at


_MILESTONE_COLUMNS = (
    "id", "project_id", "sequence", "name", "is_key", "first_baseline_on", "planned_on", "forecast_on", "actual_on",
    "moves",
)  # fmt: skip


def _milestones(frame: _Frame, first: int) -> Iterator[tuple[object, ...]]:
    day, flag = frame.load.day, frame.load.flag
    for index in range(frame.count):
        key = first + index * NODES
        for sequence, node in enumerate(frame.pattern(index).nodes):
            planned = day(node.planned_on)
            yield (
                key + sequence, frame.first_id + index, sequence + 1, node.name, flag(node.is_key),
                day(node.first_baseline_on), planned, planned, day(node.actual_on), node.moves,
            )  # fmt: skip


def _baselines(frame: _Frame, first: int) -> Iterator[tuple[object, ...]]:
    day, at = frame.load.day, frame.load.instant(frame.moment.at - timedelta(days=400))
    for index in range(frame.count):
        key = first + index * NODES
        for sequence, node in enumerate(frame.pattern(index).nodes):
            yield key + sequence, 0, day(node.first_baseline_on), at
            if node.moves:
                yield key + sequence, 1, day(node.planned_on), at


_MATTER_COLUMNS = (
    "code", "kind", "project_id", "county_id", "title", "category", "status", "raised_on", "due_on", "closed_on",
)  # fmt: skip


def _matters(frame: _Frame) -> Iterator[tuple[object, ...]]:
    day, moment = frame.load.day, frame.moment
    for index in range(0, frame.count, PROBLEM_EVERY):
        name, county_id = frame.county(index)
        raised = 5 + index * 31 % 200
        closed = moment.days_ago(raised - 4) if raised > 40 else None
        status = MatterStatus.CLOSED_OUT if closed else MatterStatus.IN_PROGRESS
        yield (
            f"SC-{frame.first_id + index:06d}", MatterKind.PROBLEM.value, frame.first_id + index, county_id,
            f"{name}用地报批滞后", "用地", status.value, day(moment.days_ago(raised)),
            day(moment.days_ago(raised - 25)), day(closed),
        )  # fmt: skip


_PARCEL_COLUMNS = (
    "id", "code", "name", "county_id", "status", "area_sqm", "geometry", "center_longitude", "center_latitude",
)  # fmt: skip


def _parcels(frame: _Frame, geography: Geography) -> Iterator[tuple[object, ...]]:
    statuses = tuple(status.value for status in ParcelStatus)
    per_county = -(-frame.count // len(frame.counties))
    lattices = [
        _lattice(Polygon([PLANE.to_plane(p) for p in county.ring]), per_county) for county in geography.counties
    ]
    for index in range(frame.count):
        spacing, points = lattices[index % len(lattices)]
        east, north = points[index // len(lattices)]
        half = spacing * _PLOT_SHARE / 2
        west, south = PLANE.to_lonlat((east - half, north - half))
        right, top = PLANE.to_lonlat((east + half, north + half))
        ring = f"[{west},{south}],[{right},{south}],[{right},{top}],[{west},{top}],[{west},{south}]"
        key = frame.first_id + index
        yield (
            key, f"SC-{key:06d}", f"SC-{key:06d}", frame.county(index)[1], statuses[index % len(statuses)],
            round((2 * half * 1000) ** 2), f'{{"type":"Polygon","coordinates":[[{ring}]]}}',
            round((west + right) / 2, 6), round((south + top) / 2, 6),
        )  # fmt: skip


def _lattice(shape: Polygon, count: int) -> tuple[float, list[tuple[float, float]]]:
    """Return the spacing (km) and at least *count* points of a square lattice inside *shape*."""
    west, south, east, north = shape.bounds
    spacing = min(0.8, sqrt(shape.area / (count + 1)))
    while True:
        xs, ys = np.meshgrid(np.arange(west, east, spacing), np.arange(south, north, spacing))
        inside = shapely.contains_xy(shape, xs.ravel(), ys.ravel())
        points = np.column_stack([xs.ravel()[inside], ys.ravel()[inside]]).tolist()
        if len(points) >= count:
            return spacing, [(float(x), float(y)) for x, y in points]
        spacing *= 0.96
