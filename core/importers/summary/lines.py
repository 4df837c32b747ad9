"""The rows of a table: their label, kind, depth and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.importers.cells.text import PLACEHOLDERS, tidy_line
from core.importers.rows import declared_count, heading_words, is_total_label, numbering_style
from core.importers.sheet import Cell
from core.importers.summary.columns import figure_reader
from core.importers.summary.model import ColumnKind, Line, LineKind, SummaryColumn
from core.importers.summary.numbers import is_placeholder
from core.importers.summary.words import column_kind, line_kind

_LABEL_COLUMNS = 3  # names stand to the left; what follows are attributes
_INDENT_PER_COLUMN = 100
_CHINESE = "一二三四五六七八九十百"


def build_lines(
    cells: Sequence[Sequence[Cell]],
    rows: Sequence[int],
    paths: Mapping[int, tuple[str, ...]],
    columns: Sequence[SummaryColumn],
    fills: Mapping[tuple[int, int], Cell],
) -> tuple[Line, ...]:
    """
    Return the rows that say something, from top to bottom.

    Args:
        rows: 0-based rows below the header.
        fills: Texts that merged ranges carry into their other rows.
    """
    places = _Labels(paths, columns)
    lines = [_line(cells, row, columns, places, fills) for row in rows]
    return tuple(line for line in _of_which_runs(lines) if line.label or line.figures)


class _Labels:
    """Where labels stand: left of the first figure that is no rank; sequence columns apart."""

    def __init__(self, paths: Mapping[int, tuple[str, ...]], columns: Sequence[SummaryColumn]) -> None:
        taken = {column.index for column in columns}
        end = min((c.index for c in columns if c.kind is not ColumnKind.RANK), default=max(taken) + 1)
        free = [index for index in range(end) if index not in taken]
        self.sequence = [index for index in free if column_kind(paths.get(index, ()))[0] is ColumnKind.SEQUENCE]
        names = [index for index in free if index not in self.sequence]
        if not names:
            names = [index for index in sorted(paths) if index not in taken and index not in self.sequence]
        self.names = names[:_LABEL_COLUMNS]


def _line(
    cells: Sequence[Sequence[Cell]],
    row: int,
    columns: Sequence[SummaryColumn],
    places: _Labels,
    fills: Mapping[tuple[int, int], Cell],
) -> Line:
    values = cells[row]
    figures, unreadable = {}, set()
    for column in columns:
        value = values[column.index] if column.index < len(values) else None
        figure = figure_reader(column, value)
        if figure is not None:
            figures[column.index] = figure
        elif not is_placeholder(value):
            unreadable.add(column.index)
    own = {index: _text(values, index) for index in places.names}
    number = next((text for index in places.sequence if (text := _text(values, index)) and not text.isdigit()), "")
    texts = [text for text in (number, *own.values()) if text]
    total = next((text for text in texts if is_total_label(text)), "")
    label = total or next((text for text in own.values() if text), number)
    group = _text(values, places.names[0]) if places.names else ""
    group = group or str(fills.get((row, places.names[0]), "") if places.names else "")
    kind = line_kind(heading_words(label), has_figures=bool(figures or unreadable), is_total=bool(total))
    if len(places.names) == 2 and group and not label.startswith(group):
        label = f"{tidy_line(group)}{label}"  # 兰山区 | 小计
    return Line(
        row=row + 1,
        label=label,
        kind=kind,
        style=numbering_style(_numbered(number, label)),
        indent=_indent(values, own),
        group=tidy_line(group),
        declared=declared_count(label.replace(" ", "")),
        figures=figures,
        unreadable=frozenset(unreadable),
    )


def _numbered(number: str, label: str) -> str:
    """A Chinese number in the sequence column numbers the label: ``一`` + ``工业``."""
    bare = number.strip("（）()、.．")
    if not bare or any(sign not in _CHINESE for sign in bare):
        return label
    return number if number != bare else f"{number}、"


def _text(values: Sequence[Cell], index: int) -> str:
    value = values[index] if index < len(values) else None
    text = tidy_line(value) if isinstance(value, str) else ""
    return "" if text in PLACEHOLDERS else text


def _indent(values: Sequence[Cell], own: Mapping[int, str]) -> int:
    place = max((place for place, text in enumerate(own.values()) if text), default=0)
    raw = next((str(values[index]) for index, text in own.items() if text), "")
    return place * _INDENT_PER_COLUMN + len(raw) - len(raw.lstrip(" \u3000\u00a0\t"))


def _of_which_runs(lines: Sequence[Line]) -> list[Line]:
    """Rows that stand deeper than a 其中 row begins, right below it, belong to the same 其中."""
    found: list[Line] = []
    depth: int | None = None
    for line in lines:
        if line.kind is LineKind.OF_WHICH:
            depth = line.indent
        elif depth is not None and line.kind is LineKind.DETAIL and line.indent > depth and not line.style:
            line = replace(line, kind=LineKind.OF_WHICH)
        else:
            depth = None
        found.append(line)
    return found
