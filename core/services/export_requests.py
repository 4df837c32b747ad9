"""What a kind of export is asked and gives: form, layout, rows as a stream, 合计."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.domain.ledger import ProjectFilter
from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.domain.terms import Term
from core.domain.zones import Zone
from core.exporters.layout import SheetLayout, Value


class ExportForm(Term):
    """Form of an exported file."""

    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"
    GEOJSON = "geojson", "GeoJSON"
    SHP = "shp", "Shapefile"
    TXT = "txt", "勘测定界 txt"
    ICS = "ics", "日历（ics）"
    OC4IDS = "oc4ids", "OC4IDS"


TABLE_FORMS = (ExportForm.XLSX, ExportForm.CSV)
ZONED_FORMS = (ExportForm.SHP, ExportForm.TXT)  # those that may be written in metres of a zone


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What a file would hold, before it is made.

    Attributes:
        left_out: Rows of the scope that this form cannot carry: plots without corner points.
        zones: 3° zones in which the plots lie, west to east.
    """

    rows: int
    left_out: int = 0
    zones: tuple[Zone, ...] = ()

    @property
    def only_zone(self) -> Zone | None:
        """The zone in which all plots lie; None when they lie in several."""
        return self.zones[0] if len(self.zones) == 1 else None


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for which rows, and where figures stand; *note* is the filter in words."""

    connection: Connection
    actor: Actor
    wanted: ProjectFilter
    as_of: AsOf
    note: str

    def line(self, what: str = "") -> str:
        """Return the line under the title: as-of day, what figures are counted to, filter."""
        parts = (f"数据截至 {self.as_of.on:%Y-%m-%d}", what, self.note or "全部")
        return "；".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet about to be written; *rows* may be walked once."""

    layout: SheetLayout
    rows: Iterator[tuple[Value, ...]]
    total: Sequence[Value] | None = None


@dataclass(frozen=True, slots=True)
class SheetKind:
    """
    One kind of table that goes out.

    Attributes:
        permission: Needed beside the right to export.
        count: Rows that match.
        make_template: Layout of its empty template; None = it cannot be brought back.
    """

    code: str
    label: str
    note: str
    make: Callable[[Request], MadeSheet]
    count: Callable[[Request], int]
    make_template: Callable[[Request], SheetLayout] | None = None
    help_lines: tuple[str, ...] = ()
    permission: Permission = Permission.VIEW_PROJECTS
    is_filtered: bool = True

    @property
    def has_template(self) -> bool:
        return self.make_template is not None
