"""What a kind of export is asked and gives: layout, rows as a stream, 合计."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.domain.ledger import ProjectFilter
from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.exporters.layout import SheetLayout, Value


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
        make_template: Layout of its empty template; None = it cannot be brought back.
    """

    code: str
    label: str
    note: str
    make: Callable[[Request], MadeSheet]
    make_template: Callable[[Request], SheetLayout] | None = None
    help_lines: tuple[str, ...] = ()
    permission: Permission = Permission.VIEW_PROJECTS
    is_filtered: bool = True

    @property
    def has_template(self) -> bool:
        return self.make_template is not None
