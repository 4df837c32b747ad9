"""The schedule on paper: workbook, Word, PDF; of what is on the screen, whether kept or not."""

from datetime import UTC, datetime, time

from core.domain.backward_schedule import Schedule
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import Term
from core.exporters.official.pdf import PDF, write_pdf
from core.exporters.official.schedule import schedule_blocks
from core.exporters.official.word import DOCX, write_word
from core.exporters.schedule_table import ScheduleSheet, build_schedule_table, schedule_title
from core.exporters.workbook import XLSX
from core.services.schedules.plans import PlanEdit, compute, read_schedule
from core.settings import get_settings
from db.queries.schedules import ProjectHead
from db.session import current_store, is_sealed, transaction


class FileForm(Term):
    """A form in which a schedule goes out (导出格式)."""

    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"
    PDF = "pdf", "PDF"


FORMS = {FileForm.XLSX: XLSX, FileForm.DOCX: DOCX, FileForm.PDF: PDF}


def make_file(actor: Actor, project_id: int, edit: PlanEdit, standing: str, form: FileForm) -> bytes:
    """
    Return the schedule of *edit* as a file; the export is audited.

    Args:
        standing: What the schedule is, in words: draft, baseline, computed and not kept.

    Raises:
        PermissionDenied: The actor may not export.
        NotFound: No such project inside the actor's scope.
        Invalid: The tasks form no network.
        PdfFailed: The PDF could not be set.
    """
    require(actor, Permission.EXPORT)
    project = read_schedule(actor, project_id).project
    today = current_store().today()
    schedule = compute(actor, edit)
    sheet = _sheet(project, edit, schedule, standing)
    if form is FileForm.XLSX:
        content = build_schedule_table(sheet)
    else:
        blocks, title, made_at = schedule_blocks(sheet), schedule_title(sheet), datetime.combine(today, time(), UTC)
        fonts = (get_settings().data_dir / "fonts",)
        content = (
            write_word(blocks, title=title, made_at=made_at)
            if form is FileForm.DOCX
            else write_pdf(blocks, title=title, made_at=made_at, font_folders=fonts)
        )
    if not is_sealed():
        with transaction(actor) as tx:
            new = {"tasks": len(edit.tasks), "form": form.value}
            tx.record("export", "schedule_plan", project_id, project_id=project_id, new=new)
    return content


def file_name(project: ProjectHead, form: FileForm) -> str:
    """Return the name the file is saved under."""
    return f"倒排工期_{project.name[:40]}.{form.value}"


def _sheet(project: ProjectHead, edit: PlanEdit, schedule: Schedule, standing: str) -> ScheduleSheet:
    return ScheduleSheet(
        project_name=project.name,
        project_code=project.code,
        place=" · ".join(part for part in (project.county_name, project.headquarters_name) if part),
        unit_name=project.unit_name or "",
        template_name=edit.template_name,
        standing=standing,
        start_on=schedule.start_on,
        finish_on=schedule.finish_on,
        needed_days=schedule.needed_days,
        as_of=current_store().today(),
        remarks=tuple(clash.message for clash in schedule.clashes),
        rows=schedule.rows,
    )
