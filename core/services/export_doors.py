"""Forms beside the tables: a kind of table that also goes out as a land file, a calendar or a package."""

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.errors import NotFound
from core.domain.ledger import ProjectFilter
from core.domain.permissions import Actor
from core.domain.zones import Zone
from core.exporters.files import ExportFile
from core.exporters.oc4ids import JSON_TYPE
from core.services import feeds, land_exports, shared_projects
from core.services.export_requests import ExportForm, Outlook
from db.queries.milestones import MilestoneFilter

_ICS = "text/calendar"
_NO_NODES = "没有未完成的节点，不能生成日历。已完成的节点请导出 Excel 或 CSV。"


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants which projects, under which words for the filter, in which zone."""

    actor: Actor
    wanted: ProjectFilter
    note: str
    zone: Zone | None


@dataclass(frozen=True, slots=True)
class Door:
    """
    One way out beside the tables.

    Attributes:
        make: Makes the file and writes the audit row of the export.
        ending: How the name ends and the media type, for a zone.
        outlook: What the file would hold; None = the rows that the table would.
        is_filtered: Whether a filter of projects narrows it.
        note: What is in it, where it is not what the table holds.
    """

    make: Callable[[Order], ExportFile]
    ending: Callable[[Zone | None], tuple[str, str]]
    outlook: Callable[[Actor], Outlook] | None = None
    is_filtered: bool = False
    note: str = ""


def _calendar(order: Order) -> ExportFile:
    if not feeds.calendar(order.actor).nodes:
        raise NotFound(_NO_NODES)
    file = feeds.download(order.actor, MilestoneFilter())
    return ExportFile("节点日历.ics", _ICS, file.content, file.nodes)


def _land(form: ExportForm, note: str) -> Door:
    return Door(
        lambda order: land_exports.export(order.actor, form, order.zone),
        lambda zone: land_exports.kind_of_file(form, zone),
        land_exports.outlook,
        note=note,
    )


DOORS: dict[tuple[str, ExportForm], Door] = {
    ("parcels", ExportForm.GEOJSON): _land(ExportForm.GEOJSON, "地块图形和主要属性，CGCS2000 经纬度。"),
    ("parcels", ExportForm.SHP): _land(ExportForm.SHP, "地块图形和主要属性，zip 内含 shp、shx、dbf、prj、cpg。"),
    ("parcels", ExportForm.TXT): _land(ExportForm.TXT, "勘测定界（报盘）界址点坐标，CGCS2000，单位米。"),
    ("milestones", ExportForm.ICS): Door(
        lambda order: _calendar(order),
        lambda zone: (".ics", _ICS),
        lambda actor: Outlook(feeds.calendar(actor).nodes),
        note=f"未完成的节点，最多 {feeds.MOST_NODES} 个，提前 7 天和 1 天提醒。自动更新的订阅地址在“节点填报”。",
    ),
    ("ledger", ExportForm.OC4IDS): Door(
        lambda order: shared_projects.export_oc4ids(order.actor, order.wanted, order.note),
        lambda zone: ("_OC4IDS.json", JSON_TYPE),
        is_filtered=True,
        note="项目基本信息，按基础设施开放合同数据标准（OC4IDS 0.9）交换。",
    ),
}
