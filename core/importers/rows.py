"""Which rows below a header are projects, and which are totals, headings, notes or repeated headers."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from core.importers.cells.text import PLACEHOLDERS, tidy_line
from core.importers.columns.fields import MONEY_FIELDS, RATE_FIELDS, Column, Field
from core.importers.columns.words import header_words
from core.importers.sheet import BrokenCell, Cell


class RowKind(Enum):
    """What a row of a ledger is."""

    BLANK = auto()
    PROJECT = auto()
    GROUP = auto()
    TOTAL = auto()
    NOTE = auto()
    HEADER = auto()


@dataclass(frozen=True, slots=True)
class RowReading:
    """
    Kind of a row; headings and totals also tell what they say.

    Attributes:
        label: Heading or total text as written.
        style: Numbering style of a heading (一、, （一）, 1、 …): the same style again ends the group before it.
        declared: Number of projects that the row claims to hold.
    """

    kind: RowKind
    label: str = ""
    style: str = ""
    declared: int | None = None


PROJECT = RowReading(RowKind.PROJECT)
_BLANK = RowReading(RowKind.BLANK)
_NOTE = RowReading(RowKind.NOTE)
_HEADER = RowReading(RowKind.HEADER)

_COUNT = re.compile(r"[（(]?(?:共|合计)?\s*(\d{1,6})\s*[个项件][)）]?$|[（(](?:共|合计)?\s*(\d{1,6})\s*[个项件]?[)）]$")
_ONLY_COUNT = re.compile(r"^[（(]?共?\s*(\d{1,6})\s*[个项件][)）]?$")
_NUMBER = re.compile(r"^[\d,.]+$")
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总数|总和|累计)$|^(?:全[市县区省]|本页|全部)(?:合计|小计|项目)?$")
_NOTE_START = re.compile(
    r"^(?:备注|附注|注释|说明|特别说明|填表说明|注)\d*[:：]|^注\d*[.、]|^(?:填报|填表|制表|审核|签发|联系|填报人|单位负责)[^\d]{0,8}[:：]|^(?:计量)?单位[:：]|^第\d+页"
)
_SENTENCE = re.compile(r"\d+\s*[个项件](?=[，。；;,、)）]|其中|总投资).*(?:[，。；;]|其中|总投资|亿元|万元)")
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("一、", re.compile(r"^[一二三四五六七八九十百]+[、.．\s]\s*")),
    ("第一", re.compile(r"^第[一二三四五六七八九十百]+(?:部分|类|批|章)?[、:：\s]*")),
    ("（一）", re.compile(r"^[（(][一二三四五六七八九十百]+[)）][、.．\s]*")),
    ("Ⅰ", re.compile(r"^(?:[Ⅰ-Ⅻ]+|[IVX]+)[、.．]\s*")),
    ("A", re.compile(r"^[A-Z][、.．]\s*")),
    ("—", re.compile(r"^[—–-]{2,}\s*")),
    ("◆", re.compile(r"^[◆●■▲★☆○◇□•·]+\s*")),
)
_DIGIT_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("1、", re.compile(r"^\d{1,3}[、.．]\s*")),
    ("(1)", re.compile(r"^[（(]\d{1,3}[)）][、.．]?\s*")),
)
_CHINESE_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十百]+[)）]?[、.．]?$|^[Ⅰ-Ⅻ]+$")
_CLASS = re.compile(
    r"^(?:计划)?(?:续建|新开工|新建|拟开工|收尾|竣工投产|竣工|投产|预备|前期|储备|在建|重大前期|实施类|储备类|建设类)(?:类)?(?:重[点大])?(?:项目|类)?$"
)
_REGION = re.compile(
    r"^[\u4e00-\u9fff]{1,12}(?:县|州|盟|开发区|高新区|新区|管委会|人民政府|市直|区直)$|^[\u4e00-\u9fff]{1,4}[市区旗]$|^市直$|^市本级$"
)
_ORGAN = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:局|委|办|厅|指挥部|专班|集团)$")
_CATEGORY = re.compile(r"^[\u4e00-\u9fff、/和及与]{2,14}(?:类|产业|业|领域|板块|工程|项目|方面)$")


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns (0-based) of a sheet number, name, measure, identify its rows; ``width`` counts all columns."""

    sequence: tuple[int, ...]
    name: int
    numeric: frozenset[int]
    width: int
    codes: tuple[int, ...] = ()


def shape_of(columns: tuple[Column, ...]) -> Shape:
    """Return the shape of a ledger."""
    sequence = tuple(column.index for column in columns if column.field is Field.SEQUENCE)
    name = next(column.index for column in columns if column.field is Field.NAME)
    numeric = frozenset(c.index for c in columns if c.field in MONEY_FIELDS or c.field in RATE_FIELDS)
    codes = tuple(c.index for c in columns if c.field in (Field.CODE, Field.NATIONAL_CODE))
    return Shape(sequence, name, numeric, len(columns), codes)


class RowReader:
    """Tells the kind of each row of one sheet."""

    def __init__(self, shape: Shape, header_texts: set[str], counties: frozenset[str]) -> None:
        self._sequence = shape.sequence
        self._codes = shape.codes
        self._name = shape.name
        self._numeric = shape.numeric
        self._columns = shape.width
        self._header_texts = header_texts
        self._counties = counties

    def read(self, row: list[Cell], spread: bool) -> RowReading:
        """
        Return what *row* is.

        Args:
            spread: A cell of the row is merged over three or more columns, as headings are.
        """
        name = row[self._name] if self._name < len(row) else None
        if self._sequence and isinstance(name, str) and name and self._is_counted(row):
            # A sum row bears no project code; a project may well be called 供水管网累计.
            return (None if self._has_code(row) else self._total(tidy_line(name), row)) or PROJECT
        texts = [(c, tidy_line(v)) for c, v in enumerate(row) if isinstance(v, str)]
        texts = [(c, text) for c, text in texts if text not in PLACEHOLDERS]
        if not texts:
            return PROJECT if self._has_number(row) else _BLANK
        label = texts[0][1]
        if total := self._total(label, row):
            return total
        if self._is_repeated_header(texts):
            return _HEADER
        if _NOTE_START.match(label) or (len(texts) == 1 and self._is_note(label, row)):
            return _NOTE
        return self._group(texts, row, spread) or PROJECT

    def _is_counted(self, row: list[Cell]) -> bool:
        """Whether a sequence cell holds a number: then the row is a project whatever its name looks like."""
        for index in self._sequence:
            value = row[index] if index < len(row) else None
            if isinstance(value, (int, float)) or (isinstance(value, str) and value.strip().isdigit()):
                return True
        return False

    def _has_code(self, row: list[Cell]) -> bool:
        return any(index < len(row) and bool(row[index]) for index in self._codes)

    @staticmethod
    def _has_number(row: list[Cell]) -> bool:
        return any(value is not None and not isinstance(value, str) for value in row)

    def _total(self, label: str, row: list[Cell]) -> RowReading | None:
        if not is_total_label(label):
            return None
        return RowReading(RowKind.TOTAL, label, "", self._declared(label, row))

    def _is_repeated_header(self, texts: list[tuple[int, str]]) -> bool:
        known = sum(header_words(text) in self._header_texts for _, text in texts)
        return (len(texts) >= 2 and known == len(texts)) or (known >= 4 and known > len(texts) * 0.7)

    def _is_note(self, label: str, row: list[Cell]) -> bool:
        if len(label) > 20 and _SENTENCE.search(label[:300]):
            return True
        is_page_title = label.endswith(("表", "名单", "清单", "台账")) and not self._has_number(row)
        return is_page_title or len(label) >= 150

    def _group(self, texts: list[tuple[int, str]], row: list[Cell], spread: bool) -> RowReading | None:
        """A heading: one text (beside a Chinese number and counts) in a form that headings have."""
        words = [(c, text) for c, text in texts if not _ONLY_COUNT.match(text) and not _NUMBER.match(text)]
        number = ""
        if len(words) == 2 and _CHINESE_NUMBER.match(words[0][1]):
            number = words[0][1]
            words = words[1:]
        if len(words) != 1:
            return None
        column, label = words[0]
        full = f"{number}、{label}" if number and number[-1] not in "、.．)）" else number + label
        style = self._style(full, column, spread, is_alone=not self._has_number(row))
        return (
            RowReading(RowKind.GROUP, full, style, self._declared(" ".join(t for _, t in texts), row))
            if style
            else None
        )

    def _style(self, label: str, column: int, spread: bool, *, is_alone: bool) -> str:
        for style, pattern in _STYLES:
            if pattern.match(label):
                return style
        counted = bool(_COUNT.search(label))
        for style, pattern in _DIGIT_STYLES:
            if pattern.match(label) and (counted or self.is_region(pattern.sub("", label))):
                return style
        words = heading_words(label)
        if _CLASS.match(words):
            return "class"
        if self.is_region(words):
            return "region"
        if counted or (_ORGAN.match(words) and not is_alone):
            return "plain"
        in_sequence = column in self._sequence
        is_category = bool(_CATEGORY.match(words)) and not words.endswith(("工程", "项目"))
        return "plain" if is_alone and self._columns >= 4 and (spread or in_sequence or is_category) else ""

    def is_region(self, words: str) -> bool:
        """Whether *words* name a county: one the office knows, or by its ending."""
        return words in self._counties or bool(_REGION.match(words))

    def _declared(self, label: str, row: list[Cell]) -> int | None:
        """The count in brackets, else a whole number outside the money columns (南宁市 | 16 | 1528601.56)."""
        match = _COUNT.search(label)
        if match:
            return int(match[1] or match[2])
        for index, value in enumerate(row):
            if (
                index in self._numeric
                or index in self._sequence
                or value is None
                or isinstance(value, (bool, BrokenCell))
            ):
                continue
            if isinstance(value, (int, float)) and value == int(value) and 0 < value < 100_000:
                return int(value)
            if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,5})[个项件]?", value.strip())):
                return int(match[1])
        return None


def heading_words(label: str) -> str:
    """Return a heading without numbering and count (``（一）交通（12项）`` → ``交通``)."""
    words = _COUNT.sub("", label.replace(" ", ""))
    for _, pattern in (*_STYLES, *_DIGIT_STYLES):
        words = pattern.sub("", words)
    return words.strip("：:、（）()【】 ")


def is_total_label(label: str) -> bool:
    """Whether *label* names a total (``合  计（16项）``, ``全市``)."""
    words = _COUNT.sub("", label.replace(" ", ""))
    return len(words) <= 15 and bool(_TOTAL.search(words))


def numbering_style(label: str) -> str:
    """Return the numbering style that *label* begins with (``一、``, ``（一）``, ``1、`` …), empty when it has none."""
    return next((style for style, pattern in (*_STYLES, *_DIGIT_STYLES) if pattern.match(label)), "")


def declared_count(label: str) -> int | None:
    """Return the number of things that *label* claims to hold (``工业（16项）``)."""
    match = _COUNT.search(label)
    return int(match[1] or match[2]) if match else None
