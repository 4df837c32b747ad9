"""Headings of a sheet as an outline: what a project inherits from them, and which rows each one covers."""

from dataclasses import dataclass, field

from core.domain.terms import YearClass
from core.importers.columns.fields import Field
from core.importers.rows import RowReader, RowReading, heading_words
from core.importers.words import ONLY_YEAR_CLASS, year_class_in


@dataclass(slots=True)
class SumRow:
    """
    A heading, subtotal or total that states a count or amounts.

    Attributes:
        row: Excel row number.
        amounts: Stated amounts by field (元).
        spans: Ranges of project positions that the figures may cover; any one that agrees will do.
    """

    row: int
    label: str
    declared: int | None
    amounts: dict[str, int]
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    reading: RowReading
    sums: SumRow
    first: int


class Outline:
    """Follows headings while rows are read; ``position`` is the number of projects before the row."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._open: list[_Open] = []
        self._totals: list[tuple[SumRow, int, list[int]]] = []
        self._closed: list[SumRow] = []

    def heading(self, reading: RowReading, row: int, amounts: dict[str, int], position: int) -> None:
        """A heading begins; headings of its style and below end."""
        styles = [group.reading.style for group in self._open]
        if reading.style in styles:
            self._close_from(styles.index(reading.style), position)
        self._open.append(_Open(reading, SumRow(row, reading.label, reading.declared, amounts), position))

    def total(self, reading: RowReading, row: int, amounts: dict[str, int], position: int) -> None:
        """A subtotal or total: it may cover the sheet, any open group, or what follows or precedes it."""
        starts = [group.first for group in self._open]
        self._totals.append((SumRow(row, reading.label, reading.declared, amounts), position, starts))

    def _close_from(self, depth: int, position: int) -> None:
        for group in self._open[depth:]:
            group.sums.spans.append((group.first, position))
            self._closed.append(group.sums)
        del self._open[depth:]

    def finish(self, count: int) -> list[SumRow]:
        """Return every row that states sums, with the project positions it may cover; *count* projects were read."""
        self._close_from(0, count)
        places = [position for _, position, _ in self._totals]
        for sums, position, starts in self._totals:
            before = max((place for place in places if place < position), default=0)
            after = min((place for place in places if place > position), default=count)
            spans = [(0, count), (before, position), (position, after), *((start, position) for start in starts)]
            sums.spans = [span for span in dict.fromkeys(spans) if span[0] < span[1]] or [(0, count)]
            self._closed.append(sums)
        return self._closed

    def inherited(self) -> dict[Field, object]:
        """Return what the open headings say about the next project; inner headings win."""
        found: dict[Field, object] = {}
        for group in self._open:
            words = heading_words(group.reading.label)
            if self._reader.is_region(words):
                found[Field.COUNTY] = words
            elif ONLY_YEAR_CLASS.match(words) or group.reading.style == "class":
                year_class = year_class_in(words)
                if isinstance(year_class, YearClass):
                    found[Field.YEAR_CLASS] = year_class
            elif words:
                found[Field.CATEGORY] = words.removesuffix("项目") or words
        return found
