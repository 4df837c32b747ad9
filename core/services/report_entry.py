"""Filling in the month's sheet: one transaction for the grid, good rows are saved, refused ones come back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError

from core.domain.errors import Invalid, Locked, Problem
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.report_checks import TypedReport, read_report
from core.domain.terms import ReportStatus
from core.domain.units import format_yi
from core.services.reports import last_open_month
from db.models.money import InvestmentReport
from db.queries import report_progress
from db.queries import reports as queries
from db.queries.reports import ReportFilter, SheetProject, StoredReport
from db.session import transaction
from db.transaction import WriteTransaction

MAX_ROWS = 1000
_REVIEWED = "该月已审核，不能直接修改。如需修改，请先由审核人员退回。"
_ALREADY_SENT = "该行已报，不能再存为草稿。修改后请点“提交”。"
_NOT_DUE = "该项目本月不需要报送，或不在您的管理范围内。请刷新页面后核对。"
_CONFLICT = "该行刚刚被他人修改，您填的内容尚未保存。请对照两个版本后选择。"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed for one project; *expected_version* None = the sheet showed no report yet."""

    project_id: int
    expected_version: int | None
    typed: TypedReport


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not saved: what was typed, why, and on a conflict what is stored now."""

    project_id: int
    project_name: str
    typed: TypedReport
    problems: tuple[Problem, ...]
    current: StoredReport | None = None

    @property
    def is_conflict(self) -> bool:
        return any(problem.code == "conflict" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a grid."""

    saved: tuple[int, ...]
    unchanged: int
    refused: tuple[Refusal, ...]


class _RowRefused(Exception):
    """A row that cannot be saved; the others go on."""

    def __init__(self, problems: Sequence[Problem], current: StoredReport | None = None) -> None:
        super().__init__()
        self.problems = tuple(problems)
        self.current = current


def submit(actor: Actor, month: Month, entries: Sequence[Entry], *, draft: bool = False) -> Outcome:
    """
    Save the rows of a grid in one transaction; refused rows are handed back with what was typed.

    Args:
        actor: Who reports; only projects of the actor's scope that have to report *month* are taken.
        month: Reported month, not later than the open one.
        entries: Rows as typed.
        draft: Keep the values without sending them in: they do not count in any figure yet.

    Raises:
        Invalid: The month is not open yet, or more rows than a grid holds.
        Locked: The month is closed (月结).
    """
    require(actor, Permission.SUBMIT_REPORT)
    _check_grid(month, entries)
    with transaction(actor) as tx:
        tx.refuse_closed([month])
        ids = tuple(entry.project_id for entry in entries)
        found = queries.list_due(
            tx.connection, actor.scope, month, tx.as_of.on, ReportFilter(project_ids=ids), limit=MAX_ROWS
        )
        projects = {project.id: project for project in found} if ids else {}
        stored = queries.load_reports(tx.connection, list(projects), month)
        saved, unchanged, refused = [], 0, []
        for entry in entries:
            project = projects.get(entry.project_id)
            try:
                if _save_row(tx, project, month, entry, stored.get(entry.project_id), draft):
                    saved.append(entry.project_id)
                else:
                    unchanged += 1
            except _RowRefused as refusal:
                name = project.name if project else ""
                refused.append(Refusal(entry.project_id, name, entry.typed, refusal.problems, refusal.current))
        if saved and not draft:
            _announce(tx, month, [projects[project_id] for project_id in saved])
    return Outcome(tuple(saved), unchanged, tuple(refused))


def _check_grid(month: Month, entries: Sequence[Entry]) -> None:
    last = last_open_month()
    if month > last:
        text = f"{month.label}尚未开始填报。目前最晚可填 {last.label}。"
        raise Invalid([Problem("month", "future_month", text)])
    if len(entries) > MAX_ROWS:
        text = f"一次最多提交 {MAX_ROWS} 行，本次有 {len(entries)} 行，请分批提交。"
        raise Invalid([Problem("entries", "too_many_rows", text)])


def _save_row(
    tx: WriteTransaction,
    project: SheetProject | None,
    month: Month,
    entry: Entry,
    stored: StoredReport | None,
    draft: bool,
) -> bool:
    """Save one row; return False when it says nothing new."""
    if project is None:
        raise _RowRefused([Problem("project", "not_due", _NOT_DUE)])
    _check_state(entry, stored, draft)
    values, problems = read_report(entry.typed, project.total_investment_yuan, draft=draft)
    if problems:
        raise _RowRefused(problems)
    row = asdict(values)
    if stored is None:
        _insert(tx, project, month, {**row, **_status(tx, ReportStatus.MISSING, draft)})
        return True
    if _says_nothing_new(stored, row, draft):
        return False
    changes = {**row, **_status(tx, stored.status, draft)}
    tx.update(InvestmentReport, stored.id, changes, expected_version=entry.expected_version)
    return True


def _check_state(entry: Entry, stored: StoredReport | None, draft: bool) -> None:
    if (stored.version if stored else None) != entry.expected_version:
        raise _RowRefused([Problem("project", "conflict", _CONFLICT)], stored)
    if stored is None:
        return
    if stored.status is ReportStatus.LOCKED:
        raise _RowRefused([Problem("project", "locked", Locked.default_message)])
    if stored.status is ReportStatus.REVIEWED:
        raise _RowRefused([Problem("project", "reviewed", _REVIEWED)])
    if draft and stored.status is ReportStatus.SUBMITTED:
        raise _RowRefused([Problem("project", "already_submitted", _ALREADY_SENT)])


def _status(tx: WriteTransaction, current: ReportStatus, draft: bool) -> dict[str, object]:
    if draft:
        return {"status": current.value}
    return {
        "status": ReportStatus.SUBMITTED.value,
        "submitted_at": tx.at,
        "submitted_by": tx.actor.login,
        "return_reason": "",
    }


def _says_nothing_new(stored: StoredReport, row: Mapping[str, object], draft: bool) -> bool:
    same = all(getattr(stored, name) == value for name, value in row.items())
    return same and (draft or stored.status is ReportStatus.SUBMITTED)


def _insert(tx: WriteTransaction, project: SheetProject, month: Month, row: Mapping[str, object]) -> None:
    key = {"project_id": project.id, "year": month.year, "month": month.number}
    try:
        # Two people may open an empty row at once; the savepoint keeps the other rows of the grid alive.
        with tx.connection.begin_nested():
            tx.insert(InvestmentReport, {**key, **row})
    except IntegrityError as error:
        current = queries.load_reports(tx.connection, [project.id], month).get(project.id)
        raise _RowRefused([Problem("project", "conflict", _CONFLICT)], current) from error


def _announce(tx: WriteTransaction, month: Month, projects: Sequence[SheetProject]) -> None:
    """One headline per county: what it has reported for the month so far."""
    counties = {project.county_id: project.county_name for project in projects}
    totals = report_progress.month_totals_yuan(tx.connection, sorted(counties), month, tx.as_of.on)
    for county_id, name in sorted(counties.items()):
        reports = sum(project.county_id == county_id for project in projects)
        tx.record(
            "submit",
            "investment_report",
            f"{month}/{county_id}",
            new={"reports": reports, "month_total_yuan": totals.get(county_id, 0)},
            headline=f"{name[:40]} {month.number}月投资 {format_yi(totals.get(county_id, 0), 2)} 亿元 已报",
        )
