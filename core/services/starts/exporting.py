"""Workbooks of the screen's parts, as they are filtered; each export is audited."""

from core.domain.permissions import Actor, Permission, require
from core.exporters.start_lists import StartLine, build_entries, build_pool, build_readiness, build_watch
from core.services.export_notes import note_export
from core.services.starts.pooling import entries, pool
from core.services.starts.preparing import matrix
from core.services.starts.watching import find
from core.settings import get_settings
from db.queries.starts import StartFilter
from db.queries.watch_items import WatchFilter
from db.session import current_store

_LIMIT = 20_000


def export_watch(actor: Actor, wanted: WatchFilter) -> bytes:
    """Return the workbook of a watch list."""
    require(actor, Permission.EXPORT)
    found = find(actor, wanted, size=_LIMIT)
    label = wanted.kind.label if wanted.kind else "预警清单"
    content = build_watch(f"{_city()}{label}", _note(), found.rows, found.today)
    note_export(actor, "watch_item", "xlsx", {"rows": len(found.rows)})
    return content


def export_readiness(actor: Actor, wanted: StartFilter) -> bytes:
    """Return the workbook of the matrix of readiness."""
    require(actor, Permission.EXPORT)
    table = matrix(actor, wanted)
    lines = [StartLine(one.row, one.readiness) for one in table.rows]
    content = build_readiness(f"{_city()}开工条件", _note(), lines, table.rules.readiness.required)
    note_export(actor, "procedure", "xlsx", {"rows": len(lines)})
    return content


def export_pool(actor: Actor, wanted: StartFilter) -> bytes:
    """Return the workbook of the reserve."""
    require(actor, Permission.EXPORT)
    lines = [StartLine(one.project.row, one.project.readiness, one.grade.label) for one in pool(actor, wanted).rows]
    content = build_pool(f"{_city()}项目储备", _note(), lines)
    note_export(actor, "project", "xlsx", {"rows": len(lines), "list": "reserve"})
    return content


def export_entries(actor: Actor, county_id: int | None, text: str) -> bytes:
    """Return the workbook of the statistics clocks."""
    require(actor, Permission.EXPORT)
    found = entries(actor, county_id, text)
    content = build_entries(f"{_city()}入库入统", _note(), [(line.row, line.entry) for line in found.lines])
    note_export(actor, "project", "xlsx", {"rows": len(found.lines), "list": "statistics"})
    return content


def _city() -> str:
    return get_settings().city_name


def _note() -> str:
    return f"截至 {current_store().today():%Y-%m-%d}"
