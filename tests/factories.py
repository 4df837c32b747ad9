"""Rows for tests, one function per kind; each returns the new key. ``tx`` is a ``WriteTransaction``."""

from datetime import date
from itertools import count
from typing import Any

from core.domain.permissions import Actor, system_actor
from core.domain.scope import Scope
from core.domain.terms import (
    CountyKind,
    MatterKind,
    MatterStatus,
    ParcelStatus,
    ProjectLevel,
    ReportStatus,
    Role,
    Stage,
    YearClass,
)
from db.models import (
    AnnualPlan,
    Assignment,
    County,
    FundingLine,
    Headquarters,
    InvestmentPlan,
    InvestmentReport,
    ListMembership,
    Matter,
    Milestone,
    MilestoneBaseline,
    Parcel,
    ParcelUse,
    Person,
    Project,
    Unit,
)

YI = 100_000_000  # 亿元 in 元
SYSTEM = system_actor()
_numbers = count(1)


def make_actor(role: Role, *, counties: Any = (), headquarters: Any = (), units: Any = (), login: str = "") -> Actor:
    """An actor with one role, bound to the given rows; unbound roles see everything."""
    ids = (frozenset(counties), frozenset(headquarters), frozenset(units))
    scope = Scope(False, *ids) if any(ids) else Scope.all()
    return Actor(login=login or role.value, name=role.label, roles=frozenset({role}), scope=scope)


def make_county(tx: Any, name: str = "", **values: Any) -> int:
    number = next(_numbers)
    return tx.insert(
        County,
        {
            "code": f"9999{number:05d}",
            "name": name or f"第{number}县",
            "kind": CountyKind.COUNTY.value,
            "sort_order": number,
            **values,
        },
    )


def make_unit(tx: Any, name: str = "", **values: Any) -> int:
    return tx.insert(Unit, {"name": name or f"第{next(_numbers)}局", **values})


def make_person(tx: Any, name: str = "", **values: Any) -> int:
    return tx.insert(Person, {"name": name or f"人员{next(_numbers)}", **values})


def make_headquarters(tx: Any, name: str = "", **values: Any) -> int:
    number = next(_numbers)
    return tx.insert(
        Headquarters,
        {"code": f"HQ{number:04d}", "name": name or f"第{number}指挥部", "sort_order": number, **values},
    )


def make_project(
    tx: Any,
    county_id: int,
    name: str = "",
    *,
    year: int = 2026,
    year_class: YearClass | None = YearClass.CONTINUING,
    plan_yuan: int | None = 12 * YI,
    done_yuan: dict[int, int] | None = None,
    joined_on: date | None = None,
    **values: Any,
) -> int:
    """
    A project in the year's list, with its annual plan and submitted reports.

    Args:
        year_class: Class in the list of *year*; None = not listed.
        plan_yuan: Annual plan; None = none.
        done_yuan: Reported investment by month.
        values: Columns of ``project``.
    """
    number = next(_numbers)
    project_id = tx.insert(
        Project,
        {
            "code": f"ZD-{number:06d}",
            "name": name or f"第{number}号工程",
            "county_id": county_id,
            "level": ProjectLevel.CITY.value,
            "category": "城建",
            "stage": Stage.CONSTRUCTION.value,
            "total_investment_yuan": 30 * YI,
            **values,
        },
    )
    if year_class is not None:
        tx.insert(
            ListMembership,
            {
                "project_id": project_id,
                "list_code": "major",
                "year": year,
                "year_class": year_class.value,
                "joined_on": joined_on or date(year, 1, 1),
            },
        )
    if plan_yuan is not None:
        tx.insert(AnnualPlan, {"project_id": project_id, "year": year, "plan_yuan": plan_yuan})
    for month, yuan in (done_yuan or {}).items():
        make_report(tx, project_id, month, yuan, year=year)
    return project_id


def make_report(
    tx: Any,
    project_id: int,
    month: int,
    done_yuan: int,
    *,
    year: int = 2026,
    status: ReportStatus = ReportStatus.SUBMITTED,
    **values: Any,
) -> int:
    return tx.insert(
        InvestmentReport,
        {
            "project_id": project_id,
            "year": year,
            "month": month,
            "status": status.value,
            "done_yuan": done_yuan,
            **values,
        },
    )


def make_month_plans(tx: Any, project_id: int, plan_yuan: dict[int, int], *, year: int = 2026) -> None:
    for month, yuan in plan_yuan.items():
        tx.insert(InvestmentPlan, {"project_id": project_id, "year": year, "month": month, "plan_yuan": yuan})


def make_milestone(tx: Any, project_id: int, planned_on: date, name: str = "主体封顶", **values: Any) -> int:
    """A milestone with its first baseline; ``first_baseline_on`` defaults to *planned_on*."""
    first = values.pop("first_baseline_on", planned_on)
    milestone_id = tx.insert(
        Milestone,
        {
            "project_id": project_id,
            "sequence": next(_numbers),
            "name": name,
            "first_baseline_on": first,
            "planned_on": planned_on,
            **values,
        },
    )
    tx.insert(
        MilestoneBaseline,
        {"milestone_id": milestone_id, "number": 0, "planned_on": first, "previous_on": None, "set_at": tx.at},
    )
    return milestone_id


def make_funding(tx: Any, project_id: int, source: str, planned: int, received: int = 0, spent: int = 0) -> int:
    return tx.insert(
        FundingLine,
        {
            "project_id": project_id,
            "source": source,
            "planned_yuan": planned,
            "received_yuan": received,
            "spent_yuan": spent,
        },
    )


def make_problem(tx: Any, project_id: int | None, title: str = "用地报批受阻", **values: Any) -> int:
    return tx.insert(
        Matter,
        {
            "code": f"WT-{next(_numbers):05d}",
            "kind": MatterKind.PROBLEM.value,
            "project_id": project_id,
            "title": title,
            "status": MatterStatus.IN_PROGRESS.value,
            "raised_on": date(2026, 10, 1),
            "due_on": date(2026, 12, 1),
            **values,
        },
    )


def make_matter(tx: Any, kind: MatterKind, title: str = "请明确补助标准", **values: Any) -> int:
    """A matter of any kind, registered and nothing more."""
    return tx.insert(
        Matter,
        {
            "code": f"SX-{next(_numbers):05d}",
            "kind": kind.value,
            "title": title,
            "status": MatterStatus.REGISTERED.value,
            "raised_on": date(2026, 10, 1),
            **values,
        },
    )


def make_assignment(tx: Any, project_id: int, role: str, **values: Any) -> int:
    return tx.insert(Assignment, {"project_id": project_id, "role": role, **values})


def make_parcel(
    tx: Any,
    county_id: int,
    project_id: int | None = None,
    *,
    west: float = 104.50,
    south: float = 29.50,
    size: float = 0.01,
    **values: Any,
) -> int:
    """A square plot of *size* degrees, held by the project when one is given."""
    number = next(_numbers)
    east, north = round(west + size, 6), round(south + size, 6)
    ring = f"[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]"
    parcel_id = tx.insert(
        Parcel,
        {
            "code": f"LT-{number:05d}",
            "name": f"第{number}号地块",
            "county_id": county_id,
            "status": ParcelStatus.IN_USE.value if project_id else ParcelStatus.PLANNED.value,
            "area_sqm": 66_667,
            "geometry": f'{{"type":"Polygon","coordinates":[{ring}]}}',
            "center_longitude": round(west + size / 2, 6),
            "center_latitude": round(south + size / 2, 6),
            **values,
        },
    )
    if project_id is not None:
        tx.insert(ParcelUse, {"parcel_id": parcel_id, "project_id": project_id})
    return parcel_id
