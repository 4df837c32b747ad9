"""Reports to the committee: the schedule, the document with the figures of the screen, and what was sent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from core.domain.errors import Invalid, Problem
from core.domain.evidence import EvidenceOwner
from core.domain.headquarters_checks import MAX_REPORT_WORKDAYS, check_texts
from core.domain.headquarters_reports import ReportCycle, ReportPeriod, period_of
from core.domain.ledger import ProjectFilter
from core.domain.permissions import Actor, Permission, require
from core.domain.workdays import add_workdays
from core.exporters.files import ExportFile
from core.exporters.official.blocks import Block
from core.exporters.official.headquarters_report import (
    HeadquartersReport,
    ReportMoney,
    ReportProblem,
    ReportProject,
    report_blocks,
    report_title,
)
from core.exporters.official.pdf import PDF, write_pdf
from core.exporters.official.word import DOCX, write_word
from core.importers.evidence import EvidenceFile
from core.services import projects
from core.services.attachments import attach_in
from core.services.calendar import work_calendar
from core.services.export_notes import note_export
from core.services.headquarters import reading
from core.services.headquarters.founding import owned
from core.services.headquarters.views import Headquarters, Situation
from core.services.matters import MatterCard
from core.services.projects import LedgerRow
from core.settings import get_settings
from db.models.headquarters import HeadquartersReport as Sent
from db.models.headquarters import HeadquartersSchedule
from db.queries import headquarters as queries
from db.session import transaction

PROJECTS_IN_REPORT = 200
_NODES_IN_OUTLOOK = 8


def set_schedule(
    actor: Actor,
    headquarters_id: int,
    cycle: ReportCycle,
    workdays: int,
    since_on: date,
    *,
    is_active: bool = True,
    expected_version: int | None = None,
) -> int:
    """
    Say how often a headquarters reports; one schedule per cycle. Return its id.

    Args:
        workdays: The report is due so many working days after its period.
        since_on: From the period of this day on.
        expected_version: Version of the schedule that was seen; None = there was none.

    Raises:
        NotFound: Not the actor's to manage.
        Conflict: Somebody else changed it.
        Invalid: Days out of range.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    if not 1 <= workdays <= MAX_REPORT_WORKDAYS:
        text = f"报送时限应为周期结束后 1 到 {MAX_REPORT_WORKDAYS} 个工作日。"
        raise Invalid([Problem("workdays", "workdays", text)])
    values = {"workdays": workdays, "since_on": since_on, "is_active": is_active}
    with transaction(actor) as tx:
        owned(tx, headquarters_id)
        known = [row for row in queries.list_schedules(tx.connection, [headquarters_id]) if row.cycle is cycle]
        if known:
            # 0 is no version of any row: a schedule that the caller did not see is a conflict.
            tx.update(HeadquartersSchedule, known[0].id, values, expected_version=expected_version or 0)
            return known[0].id
        row = {**values, "headquarters_id": headquarters_id, "cycle": cycle.value}
        return int(tx.insert(HeadquartersSchedule, row))


def report(
    actor: Actor, headquarters_id: int, cycle: ReportCycle, first_on: date, outlook: str = "", number: str = ""
) -> tuple[Block, ...]:
    """
    Return the report of the period that begins on *first_on* as blocks; its figures are those of the screen now.

    Args:
        outlook: 下步打算 as typed, one paragraph a line; empty = the nodes that fall due.
        number: 文号 or 期号 below the mark.

    Raises:
        NotFound: No such headquarters inside the actor's scope.
    """
    return tuple(report_blocks(_report(actor, headquarters_id, period_of(cycle, first_on), outlook, number)))


def report_file(
    actor: Actor,
    headquarters_id: int,
    cycle: ReportCycle,
    first_on: date,
    outlook: str = "",
    number: str = "",
    *,
    as_pdf: bool = False,
) -> ExportFile:
    """
    Return the report as Word, or as PDF; the export is audited.

    Raises:
        PermissionDenied: The actor may not export.
        NotFound: No such headquarters inside the actor's scope.
        PdfFailed: The PDF could not be set.
    """
    require(actor, Permission.EXPORT)
    made = _report(actor, headquarters_id, period_of(cycle, first_on), outlook, number)
    name = file_name(made.organ, made.kind, made.period)
    if as_pdf:
        fonts = (get_settings().data_dir / "fonts",)
        content = write_pdf(report_blocks(made), title=report_title(made), made_at=_made_at(made), font_folders=fonts)
        found = ExportFile(f"{name}.pdf", PDF, content)
    else:
        found = ExportFile(f"{name}.docx", DOCX, _word(made))
    note_export(actor, "headquarters_report", "pdf" if as_pdf else "docx", {"headquarters": made.organ, "name": name})
    return found


def file_name(organ: str, kind: str, period: str) -> str:
    """Return the name of a report's file without its ending."""
    return f"{organ}{kind}-{period}"


def _word(made: HeadquartersReport) -> bytes:
    return write_word(report_blocks(made), title=report_title(made), made_at=_made_at(made))


def _made_at(made: HeadquartersReport) -> datetime:
    return datetime.combine(made.reported_on, time(), UTC)


def send(
    actor: Actor,
    headquarters_id: int,
    cycle: ReportCycle,
    first_on: date,
    sent_on: date,
    document_no: str,
    outlook: str = "",
) -> int:
    """
    Note that the report of a period was sent and return its id; the document as it stands is kept with it.

    Raises:
        NotFound: Not the actor's to manage.
        Invalid: Sent before, no schedule for the cycle, a day to come, texts too long.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    period = period_of(cycle, first_on)
    made = _report(actor, headquarters_id, period, outlook, document_no)
    word = _word(made)
    file = EvidenceFile(f"{file_name(made.organ, made.kind, made.period)}.docx", DOCX)
    with transaction(actor) as tx:
        row = owned(tx, headquarters_id)
        problems = check_texts({"document_no": document_no, "outlook": outlook})
        schedule = [s for s in queries.list_schedules(tx.connection, [headquarters_id]) if s.cycle is cycle]
        if not schedule:
            problems.append(Problem("cycle", "no_schedule", f"还没有设置{cycle.label}，请先在报送计划中设置。"))
        if sent_on > tx.as_of.on or sent_on < period.first_on:
            text = f"报送日期（{sent_on}）应在报告期开始之后、今天之前，请核对。"
            problems.append(Problem("sent_on", "sent_on", text))
        sent = queries.list_reports(tx.connection, [headquarters_id], period.first_on)
        if any(known.cycle is cycle and known.first_on == period.first_on for known in sent):
            text = f"{period.label}的{cycle.label}已经报送，不能重复登记。"
            problems.append(Problem("first_on", "sent_already", text))
        if problems:
            raise Invalid(problems)
        due_on = add_workdays(period.last_on, schedule[0].workdays, work_calendar(tx.connection)).on
        values = {
            "headquarters_id": headquarters_id,
            "cycle": cycle.value,
            "first_on": period.first_on,
            "last_on": period.last_on,
            "due_on": due_on,
            "sent_on": sent_on,
            "document_no": document_no.strip(),
            "outlook": outlook.strip(),
            "sent_at": tx.at,
            "sent_by": actor.login,
        }
        key = int(tx.insert(Sent, values, headline=f"{row.name}报送{period.label}{cycle.label}"))
        attach_in(tx, EvidenceOwner.HEADQUARTERS_REPORT, key, file, word, note="报送时的文件")
    return key


def _report(actor: Actor, headquarters_id: int, period: ReportPeriod, outlook: str, number: str) -> HeadquartersReport:
    one = reading.read_one(actor, headquarters_id)
    now = reading.situation(actor, headquarters_id)
    chain = reading.chain(actor, headquarters_id)
    wanted = ProjectFilter(headquarters_ids=(headquarters_id,))
    ledger = projects.search(actor, wanted, size=PROJECTS_IN_REPORT)
    line = one.card.line
    progress = line.progress
    reasons = {row.project_id: row.reasons for row in now.flagged}
    return HeadquartersReport(
        organ=one.card.row.name,
        addressee=f"{get_settings().city_name}重大项目建设委员会",
        kind=period.cycle.label,
        period=period.label,
        number=number.strip(),
        commander=one.card.commander,
        reported_on=one.today,
        money_span=one.version.month.span_label,
        total_investment_yuan=ledger.totals.sums["total_investment_yuan"],
        money=ReportMoney(progress.plan_yuan, progress.due_yuan, progress.done_yuan),
        start_rate=line.start.text(),
        levels=line.levels,
        flags_by=one.flags_by,
        overdue_nodes=line.milestones_overdue,
        chain=tuple((item.step.label, item.present) for item in chain.lines),
        projects_total=line.projects,
        projects=tuple(_project(row, one, reasons) for row in ledger.rows),
        problems_total=now.problems.total,
        problems_overdue=now.problems.overdue,
        problems=tuple(_problem(card, one.today) for card in now.problems.cards),
        due=_due(now, one.today),
        outlook=outlook,
    )


def _project(row: LedgerRow, one: Headquarters, reasons: Mapping[int, tuple[str, ...]]) -> ReportProject:
    level = row.record_flag if one.is_of_record and row.record_flag is not None else row.flag
    return ReportProject(
        name=row.name,
        county=row.county_name,
        money=ReportMoney(row.annual_plan_yuan, row.curve_due_yuan, row.ytd_done_yuan),
        level=level,
        reasons=reasons.get(row.id, ()),
    )


def _problem(card: MatterCard, today: date) -> ReportProblem:
    row, state = card.row, card.row.state
    return ReportProblem(row.title, row.project_name, row.unit_name, state.next_due_on, state.is_overdue(today))


def _due(now: Situation, today: date) -> tuple[tuple[date, str, str], ...]:
    """Return the nodes still to come, the nearest first."""
    coming = [row for row in now.due if row.planned_on >= today]
    return tuple((row.planned_on, row.project, row.node) for row in coming[:_NODES_IN_OUTLOOK])
