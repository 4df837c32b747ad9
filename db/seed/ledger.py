"""Ledger rows of the demo projects: the project itself, its list, its people, its life."""

from dataclasses import dataclass
from datetime import date, timedelta

from pypinyin import Style, lazy_pinyin

from core.domain.period import add_months
from core.domain.terms import AssignmentRole, LifecycleKind, ProjectLevel, Stage, YearClass
from db.models.project import Assignment, LifecycleEvent, ListMembership, Project
from db.seed.budget import Budget
from db.seed.cast import Fate, Role
from db.seed.content import texts
from db.seed.content.headquarters import HEADQUARTERS
from db.seed.content.people import TOWNS
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

_BUREAU = {row.code: row.bureau for row in HEADQUARTERS}
_BRANDS = ("嘉禾", "恒信", "鼎丰", "远景云", "华屹", "瑞泽", "中垣", "锦程", "博岳", "泰和川")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a project stands: point, and whether it holds a plot."""

    longitude: float
    latitude: float
    has_plot: bool


def responsible_unit(role: Role, organisation: Organisation) -> str:
    """Return the name of the one unit that answers for the project."""
    development, building = organisation.county_units[role.county]
    company = organisation.companies.get(role.headquarters)
    draw = role.number % 4
    if role.kind.investor == "政府投资":
        return (company or _BUREAU[role.headquarters]) if draw < 2 else (building, _BUREAU[role.headquarters])[draw - 2]
    return (development, development, _BUREAU[role.headquarters], company or development)[draw]


def stage_of(role: Role) -> Stage:
    """Return the actual status that the dates of *role* add up to."""
    if not role.is_listed:
        return Stage.WITHDRAWN
    for reached, stage in (
        (role.full_capacity_on, Stage.FULL_CAPACITY),
        (role.commissioned_on, Stage.COMMISSIONED),
        (role.completed_on, Stage.COMPLETED),
    ):
        if reached is not None:
            return stage
    if role.is_stopped:
        return Stage.SUSPENDED
    if role.started_on is not None:
        return Stage.CONSTRUCTION
    return Stage.RESERVE if role.year_class is YearClass.RESERVE else Stage.PREPARATION


def add_project(
    rows: Rows, role: Role, budget: Budget, site: Site, done_yuan: int, organisation: Organisation, moment: Moment
) -> int:
    """Add the ledger row and return the project's key; *done_yuan* = done since the start."""
    year = min(role.start_planned_on.year, moment.year)
    entered = _entered_statistics_on(role, moment)
    land_on = role.started_on + timedelta(days=int(role.rng.integers(8, 35))) if role.started_on else None
    unit = responsible_unit(role, organisation)
    return rows.add(
        Project,
        code=f"ZD-{year}-{role.number:03d}",
        national_code=_national_code(role, organisation),
        name=role.name,
        initials="".join(lazy_pinyin(role.name, style=Style.FIRST_LETTER)).lower()[:200],
        county_id=organisation.counties[role.county],
        headquarters_id=organisation.headquarters[role.headquarters],
        responsible_unit_id=organisation.units[unit],
        level=_level(role).value,
        category=role.kind.category,
        nature="改建和技术改造"
        if any(word in role.name for word in ("改造", "扩", "提升", "加固", "技改"))
        else "新建",
        investor=role.kind.investor,
        owner_name=unit if role.kind.investor == "政府投资" else _owner(role),
        stage=stage_of(role).value,
        location=_location(role, organisation),
        content=role.kind.content.replace("{size}", f"{max(0.8, role.total_yuan / 1e8 * 1.35):.1f}"),
        longitude=site.longitude,
        latitude=site.latitude,
        total_investment_yuan=role.total_yuan,
        prior_done_yuan=budget.prior_yuan,
        prior_year=moment.year - 2,
        start_planned_on=role.start_planned_on,
        finish_planned_on=role.finish_planned_on,
        started_on=role.started_on,
        started_land_on=land_on if land_on and land_on < moment.today and site.has_plot else None,
        suspended_on=role.suspended_on,
        resumed_on=role.resumed_on,
        completed_on=role.completed_on,
        commissioned_on=role.commissioned_on,
        full_capacity_on=role.full_capacity_on,
        reserved_on=role.reserved_on,
        signed_on=_signed_on(role, moment, 40),
        fulfilled_on=_signed_on(role, moment, 95),
        entered_statistics_on=entered,
        statistics_code=f"99{int(role.rng.integers(10_000_000, 99_999_999))}" if entered else "",
        physical_progress=works_text(role, done_yuan / role.total_yuan),
        remark="示例数据",
    )


def works_text(role: Role, share: float) -> str:
    """Return what is under way at this share of the investment (形象进度)."""
    if role.completed_on is not None:
        return "已竣工验收并投入使用。"
    if role.started_on is None:
        return "正在办理前期手续，尚未开工。"
    if role.is_stopped:
        return "因故停工，现场留守看护。"
    index = 0 if share < 0.34 else 1 if share < 0.68 else 2
    return f"{role.kind.works[index]}，累计完成总工程量约 {min(99, max(3, round(share * 100)))}%。"


def _level(role: Role) -> ProjectLevel:
    if role.total_yuan >= 6_000_000_000:
        return ProjectLevel.NATIONAL
    return ProjectLevel.PROVINCE if role.total_yuan >= 1_700_000_000 else ProjectLevel.CITY


def _owner(role: Role) -> str:
    return f"云岭{_BRANDS[role.number % len(_BRANDS)]}{role.kind.category}有限公司"


def _location(role: Role, organisation: Organisation) -> str:
    towns = TOWNS[role.county]
    return f"{organisation.county_names[role.county]}{towns[role.number % len(towns)]}"


def _national_code(role: Role, organisation: Organisation) -> str:
    """Return a code of the form YYMM-region-04-01-random; the region code belongs to no place."""
    approved = add_months(role.start_planned_on, -9)
    kind = "04-01" if role.kind.investor == "政府投资" else "04-02"
    digits = 100_000 + (role.number * 48_611 + 7_919) % 899_999
    return f"{approved:%y%m}-{organisation.county_codes[role.county]}-{kind}-{digits}"


def _signed_on(role: Role, moment: Moment, days: int) -> date | None:
    if role.kind.investor == "政府投资":
        return None
    day = role.reserved_on + timedelta(days=days)
    if role.started_on is not None:
        day = min(day, role.started_on - timedelta(days=130 - days))
    return day if day < moment.today else None


def _entered_statistics_on(role: Role, moment: Moment) -> date | None:
    if role.started_on is None or role.number % 29 == 0:
        return None
    day = role.started_on + timedelta(days=int(role.rng.integers(18, 55)))
    return day if day < moment.today else None


def add_lists(rows: Rows, role: Role, project_id: int, budget: Budget, moment: Moment) -> None:
    """Add the memberships of last year, this year and next year, with joining, leaving and their documents."""
    year = moment.year
    spring, summer = date(year, 5, 20), date(year, 6, 28)
    if budget.last_months is not None:
        left = date(year - 1, 11, 15) if not role.is_listed and moment.today <= spring else None
        own = YearClass.NEW_START if role.start_planned_on.year == year - 1 else YearClass.CONTINUING
        _list(rows, project_id, year - 1, own, date(year - 1, 1, 5), left, role.withdrawal if left else "")
    late = role.is_supplemented and summer < moment.today
    if role.is_listed:
        joined = summer if late else date(year, 1, 1)
        _list(rows, project_id, year, role.year_class, joined, None, texts.SUPPLEMENT_REASON if late else "")
    elif moment.today > spring:
        _list(rows, project_id, year, role.year_class, date(year, 1, 1), spring, role.withdrawal)
    if role.is_listed and role.completed_on is None:
        _list(rows, project_id, year + 1, _next_class(role, year + 1), date(year + 1, 1, 1), None, "")


def _next_class(role: Role, year: int) -> YearClass:
    if role.finish_planned_on.year <= year:
        return YearClass.FINISHING
    return YearClass.NEW_START if role.year_class is YearClass.RESERVE else YearClass.CONTINUING


def _list(rows: Rows, project_id: int, year: int, own: YearClass, joined: date, left: date | None, reason: str) -> None:
    number = 3 if not reason else 41 if left is None else 28
    rows.add(
        ListMembership,
        project_id=project_id,
        list_code="major",
        year=year,
        year_class=own.value,
        joined_on=joined,
        left_on=left,
        reason=reason,
        document_no=texts.DOCUMENT_JOIN.format(year=year, number=number),
    )


def add_assignments(rows: Rows, role: Role, project_id: int, organisation: Organisation) -> None:
    """Add who stands for the project; one in five has several sponsor leaders."""
    since = max(role.reserved_on, date(role.start_planned_on.year - 1, 1, 1))
    unit = responsible_unit(role, organisation)
    serving = organisation.county_units[role.county][0]
    leaders = [organisation.commanders[role.headquarters]]
    for extra in range((role.number % 5 == 0) + (role.number % 25 == 0)):
        other = organisation.leaders[(role.number + 3 + 5 * extra) % len(organisation.leaders)]
        if other not in leaders:
            leaders.append(other)
    people = [(AssignmentRole.SPONSOR_LEADER, leader) for leader in leaders]
    people.append(
        (AssignmentRole.RESPONSIBLE_PERSON, organisation.heads.get(unit, organisation.county_people[role.county][0]))
    )
    people.append((AssignmentRole.CONTACT, organisation.liaisons[role.number % len(organisation.liaisons)]))
    for kind, person in people:
        _assign(rows, project_id, kind, since, person_id=person)
    _assign(rows, project_id, AssignmentRole.LEAD_UNIT, since, unit_id=organisation.units[_BUREAU[role.headquarters]])
    _assign(rows, project_id, AssignmentRole.RESPONSIBLE_UNIT, since, unit_id=organisation.units[unit])
    _assign(rows, project_id, AssignmentRole.SERVICE_UNIT, since, unit_id=organisation.units[serving])


def _assign(
    rows: Rows,
    project_id: int,
    kind: AssignmentRole,
    since: date,
    *,
    person_id: int | None = None,
    unit_id: int | None = None,
) -> None:
    rows.add(
        Assignment,
        project_id=project_id,
        role=kind.value,
        person_id=person_id,
        unit_id=unit_id,
        from_on=since,
        to_on=None,
    )


def add_life(rows: Rows, role: Role, project_id: int, site: Site, entered_on: date | None, moment: Moment) -> None:
    """Add the dated facts of the project's life up to the moment."""
    reserved = role.reserved_on
    before_start = (role.started_on or role.start_planned_on) - reserved
    facts: list[tuple[LifecycleKind, date | None, str]] = [
        (LifecycleKind.PROPOSED, reserved - timedelta(days=60), ""),
        (LifecycleKind.RESERVED, reserved, ""),
        (LifecycleKind.SIGNED, _signed_on(role, moment, 40), ""),
        (LifecycleKind.FULFILLED, _signed_on(role, moment, 95), ""),
        (LifecycleKind.LANDED, reserved + before_start * 0.35, ""),
        (LifecycleKind.REVIEWED, reserved + before_start * 0.6, ""),
        (LifecycleKind.LAND_GRANTED, reserved + before_start * 0.85 if site.has_plot else None, ""),
        (LifecycleKind.STARTED, role.started_on, ""),
        (LifecycleKind.ENTERED_STATISTICS, entered_on, ""),
        (LifecycleKind.SUSPENDED, role.suspended_on, texts.SUSPEND_REASONS[role.number % len(texts.SUSPEND_REASONS)]),
        (LifecycleKind.RESUMED, role.resumed_on, "问题已解决，恢复施工"),
        (LifecycleKind.COMPLETED, role.completed_on, ""),
        (LifecycleKind.COMMISSIONED, role.commissioned_on, ""),
        (LifecycleKind.FULL_CAPACITY, role.full_capacity_on, ""),
    ]
    if role.fate is Fate.WITHDRAWN:
        left = date(moment.year, 5, 20) if moment.today > date(moment.year, 5, 20) else date(moment.year - 1, 11, 15)
        facts.append((LifecycleKind.WITHDRAWN, left, role.withdrawal))
    for kind, day, reason in facts:
        if day is not None and day < moment.today:
            rows.add(
                LifecycleEvent,
                project_id=project_id,
                kind=kind.value,
                happened_on=day,
                reason=reason,
                document_no="",
                recorded_at=moment.instant(day, 17, 20),
                recorded_by="demo",
            )
