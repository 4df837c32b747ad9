"""What a file itself leaves open, settled by the user: one set of answers for every kind of import."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """
    A column whose meaning the user settled.

    Attributes:
        header: Header words of the column, parents first, parted by ``/`` (``core.importers.columns.words``).
        field: Code of the field it fills; empty = leave the column out.
        unit: Unit of its bare numbers; empty = as the file says.
        occurrence: 0 for the first column with this header, 1 for the second …
    """

    header: str
    field: str
    unit: str = ""
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class Mend:
    """A cell as the user mended it: Excel row from 1, column from 0. It is read instead of the cell of the file."""

    sheet: str
    row: int
    column: int
    value: str


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """
    Answers to what the file may leave open.

    Attributes:
        year: Year to prefer when a sheet holds several, and for a sheet that names none.
        counties: Names of the counties that headings may carry.
        month: Last month of cumulated figures in a file that names none.
        money_unit: Answer to ``unit_unknown`` (亿元, 万元, 元); empty when not asked.
        accept_large_amounts: The user has checked amounts refused as ``magnitude``.
        crs: Coordinate system of a land file that names none (``EPSG:4528``, ``GCJ-02``, ``BD-09``).
        date_order: Answer to ``date_order_unknown``: ``day_first`` or ``month_first``.
        review_number: 审图号 of a map that names none.
        decimal_mark: Answer to ``number_format_unknown``: ``.`` (1,234.5) or ``,`` (1.234,5).
        mapping: Columns settled by hand or by a profile; the others are read by their headers.
        mends: Cells mended after an earlier check.
        project: Code or name of the project a schedule belongs to, when its own name is not the ledger's.
        outline_level: Level of summary tasks that become nodes beside the milestones of a schedule; None = none.
        baseline: Number of a schedule's baseline that is the plan in force.
        only: (sheet, row) to take; empty = every row. The rest of the file is read and left alone.
        key: How a row is matched with the store: ``auto`` (best key first), ``code`` or ``name_county``.
    """

    year: int
    counties: frozenset[str] = field(default_factory=frozenset)
    month: int | None = None
    money_unit: str = ""
    accept_large_amounts: bool = False
    crs: str = ""
    date_order: str = ""
    review_number: str = ""
    decimal_mark: str = ""
    mapping: tuple[MappedColumn, ...] = ()
    mends: tuple[Mend, ...] = ()
    project: str = ""
    outline_level: int | None = None
    baseline: int = 0
    only: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    key: str = "auto"

    def takes(self, sheet: str, row: int) -> bool:
        """Return whether the row at *sheet* and *row* is to be taken."""
        return not self.only or (sheet, row) in self.only
