"""A ledger row beside the stored project → what would be written, field by field. Nothing is written here."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from core.domain.terms import AssignmentRole, FundingSource, LifecycleKind, ProjectLevel, Stage, YearClass
from core.domain.units import NOTHING, format_wan
from core.importers.cells.text import is_same
from core.importers.row import LedgerRow
from core.services.imports.kind import FieldChange
from core.services.imports.ledger_reports import Say, wanted_reports
from core.services.imports.names import Ambiguous, Directory, NewPerson, NewUnit
from core.services.project_history import FIELDS
from db.queries.import_targets import StoredRow, Target

OTHER_CATEGORY = "其他"
_LABELS = FIELDS | {
    "year_class": "年度类别",
    "prior_year": "上年底累计年份",
    "plan_yuan": "年度计划投资",
    "goal": "年度目标",
}
_COPIED = (
    "national_code", "name", "location", "owner_name", "content", "nature", "category", "investor", "statistics_code",
    "total_investment_yuan", "start_planned_on", "started_on", "finish_planned_on", "completed_on", "commissioned_on",
    "entered_statistics_on", "physical_progress", "remark", "longitude", "latitude",
)  # fmt: skip
_EVENTS = {
    "started_on": LifecycleKind.STARTED,
    "completed_on": LifecycleKind.COMPLETED,
    "commissioned_on": LifecycleKind.COMMISSIONED,
    "entered_statistics_on": LifecycleKind.ENTERED_STATISTICS,
}
_PEOPLE = {
    AssignmentRole.SPONSOR_LEADER: "sponsor_leaders",
    AssignmentRole.RESPONSIBLE_PERSON: "responsible_persons",
    AssignmentRole.CONTACT: "contacts",
}
_UNITS = {
    AssignmentRole.RESPONSIBLE_UNIT: "responsible_unit",
    AssignmentRole.LEAD_UNIT: "lead_unit",
    AssignmentRole.SUPPORTING_UNIT: "supporting_unit",
    AssignmentRole.SERVICE_UNIT: "service_unit",
}
_STAGE_OF_CLASS = {
    YearClass.CONTINUING: Stage.CONSTRUCTION,
    YearClass.FINISHING: Stage.CONSTRUCTION,
    YearClass.RESERVE: Stage.RESERVE,
}

# A file that is no list of the office never takes a stored project out.
_LEFT = (Stage.WITHDRAWN, Stage.TERMINATED, Stage.MERGED)

Holder = int | NewUnit | NewPerson
K = TypeVar("K", int, str)


@dataclass(slots=True)
class RowPlan:
    """
    What a row would write.

    Attributes:
        target: The stored project; ``None`` = a new one.
        project: Columns of the project to set (all of them for a new one, without id and code).
        membership, annual: Columns to set in the year's list and plan; empty = leave.
        months: Month → planned 元.
        reports: Month → columns.
        funding: Source code → planned 元.
        holders: Role → people or units that stand for the project from now on.
        events: Dated facts that are new.
        changes: The same as people read it; empty for a new project.
    """

    row: LedgerRow
    target: Target | None
    directory: Directory = field(repr=False)
    code: str
    unit: int | NewUnit | None = None
    project: dict[str, Any] = field(default_factory=dict)
    membership: dict[str, Any] = field(default_factory=dict)
    annual: dict[str, Any] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    reports: dict[int, dict[str, Any]] = field(default_factory=dict)
    funding: dict[str, int] = field(default_factory=dict)
    holders: dict[AssignmentRole, tuple[Holder, ...]] = field(default_factory=dict)
    events: dict[LifecycleKind, date] = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.target is None

    @property
    def sheet(self) -> str:
        return self.row.sheet

    @property
    def row_number(self) -> int:
        return self.row.row

    @property
    def title(self) -> str:
        return self.row.name or ""

    @property
    def target_id(self) -> int | None:
        return self.target.project["id"] if self.target else None

    def digest_key(self) -> tuple[object, ...]:
        """Return what must be the same when the plan is made again for its confirmation."""
        version = self.target.project["version"] if self.target else 0
        stored = self.target.project["id"] if self.target else 0
        changes = tuple((change.label, change.old, change.new) for change in self.changes)
        return self.row.sheet, self.row.row, stored, version, self.code, changes


def plan_row(
    row: LedgerRow,
    target: Target | None,
    county_id: int | None,
    directory: Directory,
    say: Say,
    sealed: Collection[int] = (),
) -> RowPlan:
    """
    Return what *row* would write.

    Args:
        county_id: Resolved county; ``None`` = the row names none (then the stored one stays).
        say: Takes a problem code, the field it is about and the values of its sentence.
        sealed: Closed months (月结) of the row's year.
    """
    plan = RowPlan(row, target, directory, row.code or row.national_code or "")
    _plan_project(plan, county_id, say)
    _plan_year(plan, say)
    plan.months = _months(plan)
    plan.reports = _reports(plan, say, sealed)
    plan.funding = _funding(plan)
    _plan_holders(plan, say)
    return plan


def _plan_project(plan: RowPlan, county_id: int | None, say: Say) -> None:
    row = plan.row
    stated = {name: value for name in _COPIED if (value := getattr(row, name)) is not None}
    if row.level is not None:
        stated["level"] = row.level.value
    if county_id is not None:
        stated["county_id"] = county_id
    stated |= _owners(plan, say) | _prior(row, say)
    if plan.target is not None and _is_told_by_report(row, plan.target):
        del stated["physical_progress"]
    if plan.target is None:
        plan.project = _new_project(row, stated)
    else:
        if row.stage is not None and (row.is_listed is not None or row.stage not in _LEFT):
            stated["stage"] = row.stage.value
        if row.code is not None:
            stated["code"] = row.code
        plan.project = _changed(plan, stated, plan.target.project, "")
        if isinstance(plan.unit, NewUnit):
            plan.changes.append(FieldChange(_LABELS["responsible_unit_id"], _stored_unit(plan), plan.unit.name))
    plan.events = {kind: plan.project[name] for name, kind in _EVENTS.items() if plan.project.get(name) is not None}


def _is_told_by_report(row: LedgerRow, target: Target) -> bool:
    """Whether the progress in the row is the one of its month's report: then it says nothing new of the project."""
    report = target.reports.get(row.month or 0)
    stated = row.physical_progress
    return bool(report and stated is not None and is_same(report.values["physical_progress"], stated))


def _stored_unit(plan: RowPlan) -> str:
    return _shown(plan, "responsible_unit_id", plan.target.project["responsible_unit_id"]) if plan.target else NOTHING


def _owners(plan: RowPlan, say: Say) -> dict[str, Any]:
    """Headquarters and responsible unit; a new unit has no id yet and waits in ``plan.unit``."""
    row = plan.row
    found: dict[str, Any] = {}
    if row.headquarters is not None:
        headquarters_id = plan.directory.headquarters(row.headquarters)
        if headquarters_id is None:
            say("headquarters_unknown", "headquarters", value=row.headquarters)
        else:
            found["headquarters_id"] = headquarters_id
    if row.responsible_unit is not None:
        plan.unit = plan.directory.unit(row.responsible_unit)
        if isinstance(plan.unit, int):
            found["responsible_unit_id"] = plan.unit
    return found


def _prior(row: LedgerRow, say: Say) -> dict[str, Any]:
    """Completed before the year: stated, or 自开工累计 − 本年累计."""
    prior = row.prior_done_yuan
    if prior is None and row.since_start_done_yuan is not None:
        if row.ytd_done_yuan is None:
            say("since_start_alone", "since_start_done_yuan")
        else:
            prior = max(0, row.since_start_done_yuan - row.ytd_done_yuan)
    return {} if prior is None else {"prior_done_yuan": prior, "prior_year": row.year - 1}


def _new_project(row: LedgerRow, stated: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": ProjectLevel.CITY.value,
        "category": OTHER_CATEGORY,
        "stage": _first_stage(row).value,
        **stated,
    }


def _first_stage(row: LedgerRow) -> Stage:
    """Stage of a project seen for the first time: what the row says, else what its dates, money and class imply."""
    if row.stage is not None:
        return row.stage
    if row.commissioned_on is not None:
        return Stage.COMMISSIONED
    if row.completed_on is not None:
        return Stage.COMPLETED
    if row.started_on is not None or row.is_started:
        return Stage.CONSTRUCTION
    if row.is_started is False:
        return Stage.PREPARATION
    return _STAGE_OF_CLASS.get(_year_class(row), Stage.PREPARATION)


def _year_class(row: LedgerRow) -> YearClass:
    """Class in the year's list: as stated, else from the dates."""
    if row.year_class is not None:
        return row.year_class
    start = row.started_on or row.start_planned_on
    if row.stage in (Stage.IDEA, Stage.RESERVE):
        return YearClass.RESERVE
    if row.finish_planned_on is not None and row.finish_planned_on.year == row.year:
        return YearClass.FINISHING
    if start is not None and start.year == row.year:
        return YearClass.NEW_START
    is_running = (start is not None and start.year < row.year) or row.stage is Stage.CONSTRUCTION
    if is_running or row.prior_done_yuan:
        return YearClass.CONTINUING
    return YearClass.NEW_START if row.annual_plan_yuan else YearClass.RESERVE


def _plan_year(plan: RowPlan, say: Say) -> None:
    row, target = plan.row, plan.target
    member = target.membership if target else None
    if row.is_listed is False:
        if member is not None:
            say("still_listed", "year_class", year=row.year)
    elif member is None and (row.is_listed or target is None):
        plan.membership = {"year_class": _year_class(row).value}
        if target is not None:
            plan.changes.append(FieldChange(f"{row.year}年清单", NOTHING, _year_class(row).label))
    elif member is not None and row.year_class is not None:
        plan.membership = _changed(plan, {"year_class": row.year_class.value}, member.values, "")
    stated: dict[str, Any] = {}
    if row.annual_plan_yuan is not None:
        stated["plan_yuan"] = row.annual_plan_yuan
    if row.annual_goal is not None:
        stated["goal"] = row.annual_goal
    annual = target.annual if target else None
    if annual is not None:
        plan.annual = _changed(plan, stated, annual.values, "")
    elif "plan_yuan" in stated:
        plan.annual = _changed(plan, stated, {}, "") if target else stated


def _months(plan: RowPlan) -> dict[int, int]:
    stated = {month: yuan for month, yuan in enumerate(plan.row.month_plans_yuan, 1) if yuan is not None}
    if plan.target is None:
        return stated
    stored = {month: row.values["plan_yuan"] for month, row in plan.target.month_plans.items()}
    return _changed_amounts(plan, stated, stored, lambda month: f"{month}月计划投资")


def _reports(plan: RowPlan, say: Say, sealed: Collection[int]) -> dict[int, dict[str, Any]]:
    stored: Mapping[int, StoredRow] = plan.target.reports if plan.target else {}
    known = plan.target.project["physical_progress"] if plan.target else ""
    wanted = wanted_reports(plan.row, stored, say, known, sealed)
    if plan.target is None:
        return wanted
    changed = {}
    for month, values in wanted.items():
        values_now = stored[month].values if month in stored else {}
        if found := _changed(plan, values, values_now, f"{month}月"):
            changed[month] = found
    return changed


def _funding(plan: RowPlan) -> dict[str, int]:
    stated = {source.value: yuan for source, yuan in plan.row.funding}
    if plan.target is None:
        return stated
    stored = {source: row.values["planned_yuan"] for source, row in plan.target.funding.items()}
    return _changed_amounts(plan, stated, stored, lambda source: f"资金来源·{FundingSource(source).label}")


def _changed_amounts(
    plan: RowPlan, stated: dict[K, int], stored: dict[K, int], label: Callable[[K], str]
) -> dict[K, int]:
    changed = {key: yuan for key, yuan in stated.items() if stored.get(key) != yuan}
    for key, yuan in changed.items():
        plan.changes.append(FieldChange(label(key), _wan(stored.get(key)), _wan(yuan)))
    return changed


def _changed(plan: RowPlan, stated: dict[str, Any], stored: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    changed = {name: value for name, value in stated.items() if not is_same(stored.get(name), value)}
    for name, value in changed.items():
        if name != "prior_year":
            label = prefix + _LABELS.get(name, name)
            plan.changes.append(FieldChange(label, _shown(plan, name, stored.get(name)), _shown(plan, name, value)))
    return changed


_TERMS = {"level": ProjectLevel, "stage": Stage, "year_class": YearClass}


def _shown(plan: RowPlan, name: str, value: object) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, int) and name.endswith("_yuan"):
        return _wan(value)
    if isinstance(value, int) and name.endswith("_id"):
        return plan.directory.name_of(name, value)
    term = _TERMS.get(name)
    return term(str(value)).label if term is not None else str(value)


def _wan(yuan: int | None) -> str:
    return NOTHING if yuan is None else f"{format_wan(yuan, 2)} 万元"


def _plan_holders(plan: RowPlan, say: Say) -> None:
    directory = plan.directory
    for role, attribute in _PEOPLE.items():
        people: list[Holder] = []
        stored = _stored_holders(plan, role, "person_id")
        for person in getattr(plan.row, attribute):
            try:
                people.extend(directory.people(person, stored))
            except Ambiguous:
                say("person_ambiguous", attribute, value=person.name)
        _hold(plan, role, tuple(dict.fromkeys(people)), "person_id")
    for role, attribute in _UNITS.items():
        name = getattr(plan.row, attribute)
        _hold(plan, role, directory.units(name) if name else (), "unit_id")


def _hold(plan: RowPlan, role: AssignmentRole, holders: tuple[Holder, ...], column: str) -> None:
    """Plan the holders of a role when they differ from the stored ones; a role that the row does not name stays."""
    if not holders:
        return
    stored = _stored_holders(plan, role, column)
    if stored == set(holders):
        return
    plan.holders[role] = holders
    if plan.target is not None and role is not AssignmentRole.RESPONSIBLE_UNIT:
        before, after = (_names_of(plan, column, group) for group in (stored, holders))
        plan.changes.append(FieldChange(role.label, before, after))


def _stored_holders(plan: RowPlan, role: AssignmentRole, column: str) -> set[int]:
    given = plan.target.assignments.get(role.value, ()) if plan.target else ()
    return {one.values[column] for one in given}


def _names_of(plan: RowPlan, column: str, holders: Iterable[Holder]) -> str:
    names = [plan.directory.name_of(column, one) if isinstance(one, int) else one.name for one in holders]
    return "、".join(sorted(names)) or NOTHING
