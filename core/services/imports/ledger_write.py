"""Writes what was planned: names first, then new rows in bulk, then changes under their versions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import DeclarativeBase

from core.domain.initials import initials_of
from core.domain.terms import AssignmentRole, ReportStatus
from core.importers.cells.text import match_key
from core.services.imports.kind import Progress
from core.services.imports.ledger_plan import RowPlan
from core.services.imports.names import NewPerson, NewUnit
from db.imports import reserve_ids
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.organisation import Person, Unit
from db.models.project import Assignment, LifecycleEvent, ListMembership, Project
from db.queries.facts_statements import MAJOR_LIST
from db.transaction import WriteTransaction

_REPORT_BLANK: dict[str, Any] = {
    "reported_ytd_yuan": None,
    "physical_progress": "",
    "difficulty": "",
    "next_step": "",
}
_PROJECT_BLANK: dict[str, Any] = {
    "national_code": None, "headquarters_id": None, "responsible_unit_id": None, "nature": "", "investor": "",
    "owner_name": "", "location": "", "content": "", "prior_done_yuan": 0, "prior_year": None, "start_planned_on": None,
    "finish_planned_on": None, "started_on": None, "completed_on": None, "commissioned_on": None,
    "entered_statistics_on": None, "statistics_code": "", "physical_progress": "", "remark": "",
    "longitude": None, "latitude": None,
}  # fmt: skip


_STEP = 500  # rows between two reports of progress, and held before they are inserted


def write_rows(
    tx: WriteTransaction, plans: Sequence[RowPlan], known_codes: set[str], reason: str, progress: Progress
) -> None:
    """
    Write *plans* in the open transaction; *reason* goes into each audit row.

    Raises:
        Conflict: A row changed between the check and now.
    """
    _Writer(tx, reason, progress).write(plans, known_codes)


class _Writer:
    def __init__(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        self._tx = tx
        self._reason = reason
        self._progress = progress
        self._names: dict[tuple[type, str], int] = {}
        self._bulk: dict[type[DeclarativeBase], list[dict[str, Any]]] = defaultdict(list)

    def write(self, plans: Sequence[RowPlan], known_codes: set[str]) -> None:
        self._create_names(plans)
        new = [plan for plan in plans if plan.is_new]
        codes, total = set(known_codes), len(plans)
        for number, (plan, project_id) in enumerate(
            zip(new, reserve_ids(self._tx.connection, Project, len(new)), strict=True)
        ):
            if number % _STEP == 0:
                self._progress(number, total, "正在登记新项目")
                self._flush()
            self._add_project(plan, project_id, codes)
        for number, plan in enumerate((plan for plan in plans if not plan.is_new), len(new)):
            if number % _STEP == 0:
                self._progress(number, total, "正在更新项目")
            self._change_project(plan)
        self._progress(total, total, "正在写入并核算汇总")
        self._flush()

    def _create_names(self, plans: Iterable[RowPlan]) -> None:
        wanted: dict[tuple[type, str], NewUnit | NewPerson] = {}
        for plan in plans:
            for holder in (plan.unit, *(one for group in plan.holders.values() for one in group)):
                if isinstance(holder, (NewUnit, NewPerson)):
                    wanted.setdefault((type(holder), match_key(holder.name)), holder)
        units = {key: {"name": one.name} for key, one in wanted.items() if isinstance(one, NewUnit)}
        people = {
            key: {"name": one.name, "title": one.title, "phone": one.phone}
            for key, one in wanted.items()
            if isinstance(one, NewPerson)
        }
        for model, rows in ((Unit, units), (Person, people)):
            self._names |= dict(zip(rows, self._insert(model, list(rows.values())), strict=True))

    def _insert(self, model: type[DeclarativeBase], rows: list[dict[str, Any]]) -> list[int]:
        """Insert rows that have no id yet, and return the ids they were given."""
        ids = reserve_ids(self._tx.connection, model, len(rows))
        for row, row_id in zip(rows, ids, strict=True):
            row["id"] = row_id
        self._tx.insert_many(model, rows, reason=self._reason)
        return ids

    def _id(self, holder: int | NewUnit | NewPerson) -> int:
        return holder if isinstance(holder, int) else self._names[type(holder), match_key(holder.name)]

    def _add_project(self, plan: RowPlan, project_id: int, codes: set[str]) -> None:
        code = plan.code if plan.code and plan.code not in codes else _free_code(project_id, codes)
        codes.add(code)
        initials = initials_of(plan.project["name"])
        values = {**_PROJECT_BLANK, **plan.project, "id": project_id, "code": code, "initials": initials}
        if plan.unit is not None:
            values["responsible_unit_id"] = self._id(plan.unit)
        self._bulk[Project].append(values)
        self._add_parts(plan, project_id, {})

    def _change_project(self, plan: RowPlan) -> None:
        target = plan.target
        assert target is not None  # noqa: S101 - a changed plan has one
        project_id = target.project["id"]
        changes = dict(plan.project)
        if "name" in changes:
            changes["initials"] = initials_of(changes["name"])
        if isinstance(plan.unit, NewUnit):
            changes["responsible_unit_id"] = self._id(plan.unit)
        if changes:
            self._update(Project, project_id, changes, target.project["version"])
        self._add_parts(plan, project_id, {"membership": target.membership, "annual": target.annual})

    def _update(self, model: type[DeclarativeBase], key: Any, changes: Mapping[str, Any], version: int) -> None:
        self._tx.update(model, key, changes, expected_version=version, reason=self._reason)

    def _add_parts(self, plan: RowPlan, project_id: int, stored: Mapping[str, Any]) -> None:
        year = plan.row.year
        own = {"project_id": project_id, "year": year}
        member, annual = stored.get("membership"), stored.get("annual")
        if plan.membership and member is not None:
            self._update(ListMembership, member.key, plan.membership, member.version)
        elif plan.membership:
            joined_on = self._joined_on(plan)
            self._bulk[ListMembership].append(
                {**own, "list_code": MAJOR_LIST, "joined_on": joined_on, **plan.membership}
            )
        if plan.annual and annual is not None:
            self._update(AnnualPlan, annual.key, plan.annual, annual.version)
        elif plan.annual.get("plan_yuan") is not None:
            self._bulk[AnnualPlan].append({**own, "goal": "", **plan.annual})
        self._put_months(plan, own)
        self._put_reports(plan, own)
        self._put_funding(plan, project_id)
        self._put_holders(plan, project_id)
        self._put_events(plan, project_id)

    def _joined_on(self, plan: RowPlan) -> date:
        """A list that was drawn up for the year holds from its first day."""
        return date(plan.row.year, 1, 1)

    def _put_months(self, plan: RowPlan, own: dict[str, Any]) -> None:
        for month, yuan in plan.months.items():
            stored = plan.target.month_plans.get(month) if plan.target else None
            if stored is not None:
                self._update(InvestmentPlan, stored.key, {"plan_yuan": yuan}, stored.version)
            else:
                self._bulk[InvestmentPlan].append({**own, "month": month, "plan_yuan": yuan})

    def _put_reports(self, plan: RowPlan, own: dict[str, Any]) -> None:
        sent = {
            "status": ReportStatus.SUBMITTED.value,
            "submitted_at": self._tx.at,
            "submitted_by": self._tx.actor.login,
        }
        for month, values in plan.reports.items():
            stored = plan.target.reports.get(month) if plan.target else None
            if stored is not None:
                self._update(InvestmentReport, stored.key, {**values, **sent}, stored.version)
            else:
                self._bulk[InvestmentReport].append({**own, "month": month, **_REPORT_BLANK, **values, **sent})

    def _put_funding(self, plan: RowPlan, project_id: int) -> None:
        for source, yuan in plan.funding.items():
            stored = plan.target.funding.get(source) if plan.target else None
            if stored is not None:
                self._update(FundingLine, stored.key, {"planned_yuan": yuan}, stored.version)
            else:
                self._bulk[FundingLine].append({"project_id": project_id, "source": source, "planned_yuan": yuan})

    def _put_holders(self, plan: RowPlan, project_id: int) -> None:
        """The new holders of a role follow the old ones, whose time ends today."""
        today = self._tx.as_of.on
        for role, holders in plan.holders.items():
            column = "person_id" if role in _PERSONAL else "unit_id"
            ids = {self._id(holder) for holder in holders}
            kept = set()
            for stored in plan.target.assignments.get(role.value, ()) if plan.target else ():
                if stored.values[column] in ids:
                    kept.add(stored.values[column])
                else:
                    self._update(Assignment, stored.key, {"to_on": today}, stored.version)
            for holder in holders:
                if self._id(holder) not in kept:
                    given = {"person_id": None, "unit_id": None, column: self._id(holder)}
                    self._bulk[Assignment].append(
                        {"project_id": project_id, "role": role.value, "from_on": today, **given}
                    )

    def _put_events(self, plan: RowPlan, project_id: int) -> None:
        for kind, happened_on in plan.events.items():
            self._bulk[LifecycleEvent].append(
                {
                    "project_id": project_id,
                    "kind": kind.value,
                    "happened_on": happened_on,
                    "reason": self._reason,
                    "recorded_at": self._tx.at,
                    "recorded_by": self._tx.actor.login,
                }
            )

    def _flush(self) -> None:
        """Insert what was gathered, one statement per table, projects first; nothing of it is held any longer."""
        for model in (
            Project,
            ListMembership,
            AnnualPlan,
            InvestmentPlan,
            InvestmentReport,
            FundingLine,
            Assignment,
            LifecycleEvent,
        ):
            rows = self._bulk.pop(model, [])
            if model in (Project, InvestmentPlan):
                self._tx.insert_many(model, rows, reason=self._reason)
            elif rows:
                self._insert(model, rows)


_PERSONAL = frozenset({AssignmentRole.SPONSOR_LEADER, AssignmentRole.RESPONSIBLE_PERSON, AssignmentRole.CONTACT})


def _free_code(project_id: int, codes: set[str]) -> str:
    """Return a number for a project whose ledger gives none."""
    code = f"DR-{project_id:06d}"
    return code if code not in codes else f"DR-{project_id:06d}-{len(codes)}"
