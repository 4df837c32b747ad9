"""Lists and rates of matters as workbooks; what leaves is audited."""

from core.domain.matters.words import MatterCount, RateGroup
from core.domain.permissions import Actor, Permission, require
from core.exporters.files import ExportFile
from core.exporters.matter_list import MATTER_XLSX, MatterLine, RateLine, build_matter_list, build_rates
from core.services.matters.reading import MatterRates, card_of, rates
from core.services.matters.rules import clock_at
from core.settings import get_settings
from db.queries import matters
from db.queries.matters import MatterFilter
from db.session import current_store, read, transaction

EXPORT_LIMIT = 20_000


def export_list(actor: Actor, title: str, wanted: MatterFilter, note: str = "") -> ExportFile:
    """
    Return the workbook of everything that matches, of whatever kinds, in the order of the screen.

    Args:
        title: What the list is called, without the city.
        note: Every filter in words, printed under the title.

    Raises:
        PermissionDenied: The actor may not export.
    """
    require(actor, Permission.EXPORT)
    today = current_store().today()
    with read() as connection:
        rows = matters.list_matters(connection, actor.scope, wanted, limit=EXPORT_LIMIT)
        clock = clock_at(connection, today)
    lines = [MatterLine(row, left.workdays if (left := card_of(row, clock).left) else None) for row in rows]
    cut = f"；仅导出前 {EXPORT_LIMIT} 项" if len(rows) == EXPORT_LIMIT else ""
    content = build_matter_list(_titled(title), f"截至 {today:%Y-%m-%d}；{note or '全部'}{cut}", lines)
    return _handed_out(actor, title, content, len(rows), note)


def export_rates(actor: Actor, title: str, wanted: MatterFilter, group: RateGroup | None, note: str = "") -> ExportFile:
    """
    Return the rates of the matters of *wanted* as a workbook, the sum over all first.

    Raises:
        PermissionDenied: The actor may not export.
    """
    require(actor, Permission.EXPORT)
    today = current_store().today()
    rows = [*rates(actor, wanted), *(rates(actor, wanted, group) if group else ())]
    lines = [_rate_line(row) for row in rows]
    heading = group.label if group else "范围"
    content = build_rates(_titled(f"{title}统计"), heading, f"截至 {today:%Y-%m-%d}；{note or '全部'}", lines)
    return _handed_out(actor, f"{title}统计", content, len(rows), note)


def _rate_line(row: MatterRates) -> RateLine:
    found: dict[MatterCount, int] = {
        count: row.count(count) for count in MatterCount if count is not MatterCount.ESCALATED
    }
    return RateLine(
        row.sums.group, found, row.replied_in_time_pct, row.finished_pct, row.content_pct, row.mean_workdays
    )


def _titled(title: str) -> str:
    return f"{get_settings().city_name}{title}"


def _handed_out(actor: Actor, title: str, content: bytes, rows: int, note: str) -> ExportFile:
    with transaction(actor) as tx:
        tx.record("export", "matter", "xlsx", new={"rows": rows, "list": title, "filter": note})
    return ExportFile(f"{_titled(title)}_{current_store().today():%Y%m%d}.xlsx", MATTER_XLSX, content, rows)
