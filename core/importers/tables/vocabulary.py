"""Header words of one kind of table → its columns."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.domain.period import Month
from core.importers.columns.mapping import find_mapped
from core.importers.columns.vocabulary import Path
from core.importers.columns.words import header_words, month_in, month_span_in, path_words, year_in
from core.importers.options import MappedColumn
from core.importers.sheet import column_letter
from core.importers.tables.spec import TableKind

SEQUENCE = "#"  # the running number of a sheet
ELSEWHERE = "@"  # understood, but kept in another part of the system
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_SEQUENCE_WORDS = re.compile(r"^(?:序号|序次|序列|排序|总序号|分序号|no\.?)$", re.IGNORECASE)
# Words that mean nothing without the cell above them.
_GENERIC = frozenset({"单位", "名称", "姓名", "时间", "日期", "计划", "实际", "预计", "内容", "情况", "金额", "部门"})


@dataclass(frozen=True, slots=True)
class TableColumn:
    """
    One column of a sheet.

    Attributes:
        index: 0-based column of the sheet.
        header: Header text, parents first, parted by ``/``.
        field: Code of the field it fills, ``SEQUENCE``, ``ELSEWHERE``, or empty when unknown.
        unit: Unit of its bare numbers.
        group: What an unfolded column belongs to: a node's name, a month.
        year, month: Named in the header (``1-8月累计``).
        is_settled: The user or a profile said what it means.
    """

    index: int
    header: str
    field: str = ""
    unit: str = ""
    group: Any = None
    year: int | None = None
    month: int | None = None
    is_settled: bool = False

    @property
    def label(self) -> str:
        """Excel letter and header, as problems show it."""
        return f"{column_letter(self.index)} {self.header}"

    @property
    def code(self) -> str:
        """Field code as a mapping names it: with the group of an unfolded column, empty when nothing is filled."""
        if not self.is_read:
            return ""
        return self.field if self.group is None else f"{self.field}:{self.group}"

    @property
    def is_read(self) -> bool:
        """Whether it fills a field."""
        return self.field not in ("", SEQUENCE, ELSEWHERE)


class TableVocabulary:
    """The header words of *kind*; columns of *mapping* mean what the user said."""

    def __init__(self, kind: TableKind, mapping: Sequence[MappedColumn] = ()) -> None:
        self._kind = kind
        self._mapping = mapping
        self._labels = {header_words(spec.label).lower(): spec.code for spec in kind.fields}
        self._labels |= {spec.code: spec.code for spec in kind.fields}
        self._aliases = [(spec.code, re.compile(spec.aliases, re.IGNORECASE)) for spec in kind.fields if spec.aliases]
        self._elsewhere = re.compile(kind.elsewhere) if kind.elsewhere else None
        self._known: dict[Path, TableColumn] = {}

    def read(self, paths: Sequence[tuple[int, Path]]) -> tuple[TableColumn, ...]:
        """Return the columns of a header."""
        columns = tuple(replace(self._column(path), index=index) for index, path in paths)
        return map_columns(columns, self._mapping)

    def meaning(self, path: Path) -> Hashable | None:
        """Return field and group of *path*; what only a parent's words leave elsewhere means nothing by itself."""
        column = self._column(path)
        if column.field == ELSEWHERE and not self._is_elsewhere(header_words(path[-1])):
            return None
        return (column.field, column.group) if column.field else None

    def completes(self, columns: Sequence[TableColumn]) -> bool:
        """A header has an anchor and one more known column."""
        known = {column.field for column in columns if column.field} | {
            self._kind.group_field for column in columns if column.group is not None
        }
        return len(known) >= 2 and any(anchor in known for anchor in self._kind.anchors)

    def is_name(self, meaning: Hashable | None) -> bool:
        """What stands below an anchor is data."""
        return isinstance(meaning, tuple) and meaning[0] in self._kind.anchors

    def is_sequence(self, meaning: Hashable | None) -> bool:
        return isinstance(meaning, tuple) and meaning[0] == SEQUENCE

    def is_counted(self, meaning: Hashable | None) -> bool:
        """Months may be headed 1 … 12 below 月份."""
        return isinstance(meaning, tuple) and meaning[1] is not None

    def _column(self, path: Path) -> TableColumn:
        found = self._known.get(path)
        if found is None:
            parts, unit = path_words(path)
            joined = "".join(parts)
            field, group = self._meaning_of(tuple(parts)) if parts else ("", None)
            header = "/".join(" ".join(text.split()) for text in path)
            month = month_span_in(joined) or month_in(joined)
            found = TableColumn(0, header, field, unit, group, year_in(joined), month)
            self._known[path] = found
        return found

    def _meaning_of(self, parts: tuple[str, ...]) -> tuple[str, Any]:
        leaf, joined = parts[-1], "".join(parts)
        if code := self._labels.get(joined.lower()):
            return code, None
        if _SEQUENCE_WORDS.match(joined):
            return SEQUENCE, None
        unfolded = self._kind.unfold(parts) if self._kind.unfold else None
        if unfolded is not None:
            return unfolded[1], unfolded[0]
        words = [joined] if leaf in _GENERIC else [leaf, joined]
        words += ["".join(reversed(parts))] if len(parts) > 1 else []
        for text in words:
            code = self._labels.get(text.lower()) or self._by_alias(text)
            if code:
                return code, None
        return (ELSEWHERE if self._is_elsewhere(joined) else ""), None

    def _is_elsewhere(self, words: str) -> bool:
        return self._elsewhere is not None and bool(self._elsewhere.search(words))

    def _by_alias(self, text: str) -> str:
        return next((code for code, pattern in self._aliases if pattern.search(text)), "")


def map_columns(columns: Sequence[TableColumn], mapping: Sequence[MappedColumn]) -> tuple[TableColumn, ...]:
    """Return *columns* with those of *mapping* settled; a field code may name a group: ``planned_on:主体封顶``."""
    found = find_mapped([column.header for column in columns], mapping) if mapping else {}
    return tuple(_settled(column, found[place]) if place in found else column for place, column in enumerate(columns))


def _settled(column: TableColumn, one: MappedColumn) -> TableColumn:
    code, _, group = one.field.partition(":")
    kept = column.group if column.group is not None and code == column.field else None
    return replace(column, field=code or ELSEWHERE, group=group or kept, unit=one.unit or column.unit, is_settled=True)


def _group_of(text: str) -> Any:
    """A group is a node's name, a month number or a month (2026-08), as ``TableColumn.code`` writes it."""
    if text.isdigit():
        return int(text)
    return Month.parse(text) if _MONTH.fullmatch(text) else text
