"""The list of leaders as a workbook; the export is audited."""

from core.domain.permissions import Actor, Permission, require
from core.exporters.files import ExportFile
from core.exporters.leader_list import LEADER_XLSX, LeaderLine, build_leader_list
from core.services.export_notes import note_export
from core.services.sponsors.reading import leaders
from core.settings import get_settings
from db.session import current_store


def export_list(actor: Actor) -> ExportFile:
    """
    Return every leader inside the actor's scope as a workbook, in the order of the screen.

    Raises:
        PermissionDenied: The actor may not export.
    """
    require(actor, Permission.EXPORT)
    today, city = current_store().today(), get_settings().city_name
    rows = leaders(actor)
    lines = [LeaderLine(row.person.name, row.person.title, row.figures) for row in rows]
    note = f"截至 {today:%Y-%m-%d}；一个项目可有几位包保领导，各行不可相加"
    content = build_leader_list(f"{city}重大项目包保领导调研情况", note, lines)
    note_export(actor, "leader", "xlsx", {"rows": len(rows)})
    return ExportFile(f"{city}包保领导_{today:%Y%m%d}.xlsx", LEADER_XLSX, content, len(rows))
