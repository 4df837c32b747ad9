"""投资月报: rows beside the stored reports of their projects, by the month logic that the ledger import uses."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.domain.period import Month
from core.domain.report_checks import ABSURD_TIMES
from core.domain.terms import ReportStatus
from core.importers.cells.text import is_same
from core.importers.row import LedgerRow
from core.importers.sheet_rows import show_yuan
from core.importers.tables.spec import TableRow
from core.services.imports.kind import Progress
from core.services.imports.ledger_reports import CLOSED, sealed_numbers, wanted_reports
from core.services.imports.tables_binding import blank_row
from core.services.imports.tables_plan import MonthPlan, TableChecked, TablePlan, Writer, tell_progress
from core.services.imports.tables_rows import TableRows, change
from core.services.imports.tables_write import insert_numbered
from db.models.money import InvestmentReport
from db.queries import table_targets as queries
from db.queries.import_targets import StoredRow
from db.transaction import WriteTransaction, closed_months

_FIELD_OF = {"month_done_yuan": "done_yuan", "ytd_done_yuan": "reported_ytd_yuan"}
_RATE_TOLERANCE_PP = Decimal("0.5")  # typed percents are rounded to whole ones at worst
_BLANK: dict[str, Any] = {"done_yuan": None, "status": ReportStatus.SUBMITTED.value}


class ReportCheck:
    """Checks the rows of a table of monthly reports."""

    def __init__(self, rows: TableRows) -> None:
        self._rows = rows
        self._sealed = closed_months(rows.connection)
        self._stored: dict[tuple[int, int], dict[int, StoredRow]] = {}
        # Months as they will stand after the rows before; a later row of the file builds on them.
        self._view: dict[tuple[int, int], dict[int, StoredRow]] = defaultdict(dict)

    def run(self) -> TableChecked:
        """Find the projects, read their years at once, then plan month by month."""
        rows = self._rows
        named = [(row, rows.project(row)) for row in rows.parsed.rows]
        self._refuse(named)
        ids = sorted({project_id for _, project_id in named if project_id is not None})
        years = {row.values["month"].year for row, _ in named if row.values.get("month")}
        self._stored = queries.load_reports(rows.connection, ids, years) if years else {}
        yardsticks = queries.load_yardsticks(rows.connection, ids, years)
        for row, project_id in named:
            if project_id is not None and row.values.get("month"):
                self._refuse_sealed(row, project_id)
                self._judge(row, project_id, yardsticks.get((project_id, row.values["month"].year), (0, None)))
        for key, months in self._stored.items():
            self._view[key].update(months)
        accepted = []
        for row, project_id in sorted(named, key=lambda pair: _month_of(pair[0])):
            plan = rows.new_plan(row)
            if project_id is not None and not rows.is_refused(row):
                self._plan(row, project_id, plan)
            if rows.decide(row, plan):
                accepted.append(row)
        rows.found.planned.sort(key=lambda plan: (plan.sheet, plan.row_number))
        found = rows.finish(accepted)
        found.writer = ReportWriter()
        return found

    def _refuse(self, named: list[tuple[TableRow, int | None]]) -> None:
        rows = self._rows
        visible = rows.visible_projects(project_id for _, project_id in named if project_id is not None)
        today = Month.of(rows.as_of.on)
        for row, project_id in named:
            month = row.values.get("month")
            if project_id is not None and project_id not in visible:
                rows.say(row, "outside_scope")
            if month is None:
                rows.say(row, "required_missing", "month", label=rows.label("month"))
            elif month > today:
                rows.say(row, "date_future", "month", label=rows.label("month"), value=month.label)
        rows.refuse_doubles([(row, (one, row.values.get("month"))) for row, one in named if one is not None])

    def _refuse_sealed(self, row: TableRow, project_id: int) -> None:
        """A report that was missing when its month was closed comes in as a correction only."""
        month: Month = row.values["month"]
        if str(month) in self._sealed and month.number not in self._stored.get((project_id, month.year), {}):
            self._rows.say(row, "month_sealed", "month", month=month.label)

    def _stored_value(self, row: TableRow, project_id: int, field: str) -> Any:
        """Return what the store has in *field* of the row's month; None = no such report."""
        month: Month = row.values["month"]
        report = self._stored.get((project_id, month.year), {}).get(month.number)
        return report.values[field] if report is not None else None

    def _judge(self, row: TableRow, project_id: int, yardstick: tuple[int, int | None]) -> None:
        """An amount several times the whole project is 元 typed for 万元; a stated percentage must follow."""
        rows, (total, plan) = self._rows, yardstick
        for field, times in (("done_yuan", ABSURD_TIMES), ("reported_ytd_yuan", 2 * ABSURD_TIMES)):
            amount = row.values.get(field)
            if self._stored_value(row, project_id, field) == amount:
                continue  # it was looked at when it came in
            if amount and total and amount > times * total and not rows.options.accept_large_amounts:
                shown = {"amount": show_yuan(amount), "total": show_yuan(total)}
                rows.say(row, "absurd_amount", field, label=rows.label(field), **shown)
        given, ytd = row.values.get("annual_rate_pct"), row.values.get("reported_ytd_yuan")
        if given is not None and ytd is not None and plan:
            computed = Decimal(ytd) * 100 / plan
            if abs(given - computed) > _RATE_TOLERANCE_PP:
                rows.say(row, "annual_rate", "annual_rate_pct", given=given, computed=round(computed, 1))

    def _plan(self, row: TableRow, project_id: int, plan: TablePlan) -> None:
        rows, month = self._rows, row.values["month"]
        key, number = (project_id, month.year), month.number
        view, stored = self._view[key], self._stored.get(key, {})
        wanted = self._wanted(row, view, number)
        if number not in view and number not in wanted:
            rows.say(row, "amount_missing", "done_yuan")
            return
        plan.code = rows.projects[project_id].code
        plan.target_id = stored[number].key if number in stored else None
        plan.version = stored[number].version if number in stored else 0
        for at, values in sorted(wanted.items()):
            before = view[at].values if at in view else {}
            if changed := {name: value for name, value in values.items() if not is_same(before.get(name), value)}:
                self._tell(plan, at, changed, before)
                kept = {**_BLANK, **before, **changed, "status": before.get("status", ReportStatus.SUBMITTED.value)}
                view[at] = StoredRow(None, 0, kept)
                plan.months[project_id, month.year, at] = MonthPlan(stored.get(at), changed)

    def _wanted(self, row: TableRow, view: Mapping[int, StoredRow], number: int) -> dict[int, dict[str, Any]]:
        """Month → columns; the texts and the statistics value of a stored open month need no amount beside them."""

        def say(code: str, attribute: str = "", **values: object) -> None:
            self._rows.say(row, code, _FIELD_OF.get(attribute, attribute), **values)

        values, month = row.values, row.values["month"]
        sealed = sealed_numbers(self._sealed, month.year)
        wanted = wanted_reports(_as_ledger_row(row, month), view, say, sealed=sealed)
        extra = {
            "physical_progress": values.get("physical_progress"),
            "difficulty": values.get("difficulty"),
            "next_step": values.get("next_step"),
            "statistics_yuan": values.get("statistics_yuan"),
        }
        stated = {name: value for name, value in extra.items() if value is not None}
        report = view.get(number)
        is_open = number not in sealed and (report is None or report.values["status"] not in CLOSED)
        if stated and is_open and (number in wanted or report is not None):
            wanted.setdefault(number, {}).update(stated)
        return wanted

    def _tell(self, plan: TablePlan, at: int, changed: dict[str, Any], before: Mapping[str, Any]) -> None:
        """A month that is new says nothing of before; what a row changes in a stored month is shown old → new."""
        if plan.is_new:
            return
        for name, value in changed.items():
            label = f"{at}月{self._rows.label(name)}"
            plan.changes.append(change(label, before.get(name), value, name))


def _month_of(row: TableRow) -> tuple[int, int]:
    month = row.values.get("month")
    return (month.year, month.number) if month else (0, 0)


def _as_ledger_row(row: TableRow, month: Month) -> LedgerRow:
    """Say a report as a ledger would, for the month logic that both share."""
    values = row.values
    return LedgerRow(
        row.sheet,
        row.row,
        month.year,
        month.number,
        month_done_yuan=values.get("done_yuan"),
        ytd_done_yuan=values.get("reported_ytd_yuan"),
        physical_progress=values.get("physical_progress"),
        problem=values.get("difficulty"),
        measures=values.get("next_step"),
    )


class ReportWriter(Writer):
    """Writes reports as submitted; what several rows say about one month is written once."""

    def write(self, tx: WriteTransaction, checked: TableChecked, reason: str, progress: Progress) -> None:
        months: dict[tuple[int, int, int], MonthPlan] = {}
        for plan in checked.planned:
            for key, one in plan.months.items():
                earlier = months.get(key)
                months[key] = one if earlier is None else MonthPlan(earlier.stored, {**earlier.values, **one.values})
        sent = {"status": ReportStatus.SUBMITTED.value, "submitted_at": tx.at, "submitted_by": tx.actor.login}
        blank = blank_row(InvestmentReport)
        new = []
        for done, ((project_id, year, month), one) in enumerate(months.items(), start=1):
            if one.stored is None:
                new.append({**blank, **one.values, **sent, "project_id": project_id, "year": year, "month": month})
            else:
                changes = {**one.values, **sent}
                version = one.stored.version
                tx.update(InvestmentReport, one.stored.key, changes, expected_version=version, reason=reason)
            tell_progress(progress, done, tuple(months), "写入月报")
        insert_numbered(tx, InvestmentReport, new, reason)
