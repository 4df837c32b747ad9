"""Which columns of a table hold figures, and of what kind: header words first, then the cells themselves."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from core.importers.cells.percents import is_ratio_column
from core.importers.sheet import Cell
from core.importers.summary.model import ColumnKind, SummaryColumn
from core.importers.summary.numbers import Figure, is_placeholder, read_figure, read_rank
from core.importers.summary.words import column_kind

_MAX_COLUMNS = 100
_PERCENTS = frozenset({ColumnKind.RATE, ColumnKind.GROWTH, ColumnKind.GAP, ColumnKind.PACE})
_AREA_WORDS = re.compile(r"面积|用地|土地")
_LARGEST_RATE = 1_000
_SHARE = 0.2  # so many figures must bear a decimal before the whole column is taken to be printed with it


def build_columns(
    paths: dict[int, tuple[str, ...]], rows: Sequence[Sequence[Cell]], units: tuple[str, str]
) -> tuple[SummaryColumn, ...]:
    """
    Return the columns with figures, from left to right.

    Args:
        paths: Header words of each column.
        units: Money and area unit of the 单位 line, for columns that name none.
    """
    width = min(max((len(row) for row in rows), default=0), 2 * _MAX_COLUMNS)
    found = (_column(index, paths.get(index, ()), [row[index] for row in rows if index < len(row)], units)
             for index in range(width))  # fmt: skip
    return tuple(column for column in found if column is not None)[:_MAX_COLUMNS]


def figure_reader(column: SummaryColumn, value: Cell) -> Figure | None:
    """Return the figure of a cell of *column*; None = it has none."""
    return read_rank(value) if column.kind is ColumnKind.RANK else read_figure(value, column.unit)


def _column(index: int, path: tuple[str, ...], cells: Sequence[Cell], units: tuple[str, str]) -> SummaryColumn | None:
    kind, unit = column_kind(path)
    if kind in (ColumnKind.TEXT, ColumnKind.SEQUENCE):
        return None
    stated = [value for value in cells if not is_placeholder(value)]
    reader = read_rank if kind is ColumnKind.RANK else read_figure
    figures = [figure for value in stated if (figure := reader(value)) is not None]
    if not figures or 2 * len(figures) < len(stated) or (not path and _counts_up(figures)):
        return None
    kind = _settle(kind, figures, unit)
    if kind in (ColumnKind.AMOUNT, ColumnKind.DIFFERENCE) and not unit and not _is_percent(figures):
        unit = units[1] if _AREA_WORDS.search("".join(path)) else units[0]
    is_ratio = kind in _PERCENTS and is_ratio_column(stated) and not _is_percent(figures)
    return SummaryColumn(index, path, kind, unit, _typical_decimals(figures), is_ratio)


def _settle(kind: ColumnKind, figures: Sequence[Figure], unit: str) -> ColumnKind:
    """Cells overrule words: percent signs make a rate, decimals are no count, large figures no percentage."""
    if kind in (ColumnKind.AMOUNT, ColumnKind.COUNT) and _is_percent(figures):
        return ColumnKind.RATE
    if kind is ColumnKind.COUNT and any(figure.decimals for figure in figures):
        return ColumnKind.AMOUNT
    bare = kind is ColumnKind.RATE and not unit and not _is_percent(figures)
    return ColumnKind.AMOUNT if bare and median(abs(f.value) for f in figures) > _LARGEST_RATE else kind


def _is_percent(figures: Sequence[Figure]) -> bool:
    return 2 * sum(figure.is_percent for figure in figures) > len(figures)


def _counts_up(figures: Sequence[Figure]) -> bool:
    """A column without header that only numbers the rows."""
    steps = _steps(figures)
    return all(step == 1 for step in steps)


def _steps(figures: Sequence[Figure]) -> Iterator[int]:
    return (int(after.value - before.value) for before, after in pairwise(figures))


def _typical_decimals(figures: Sequence[Figure]) -> int:
    """A workbook shows 7.5 for 7.50; the column tells how many decimals were meant."""
    counts = [figure.decimals for figure in figures]
    return next((d for d in range(max(counts), 0, -1) if sum(c >= d for c in counts) >= _SHARE * len(counts)), 0)
