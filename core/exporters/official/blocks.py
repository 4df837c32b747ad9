"""The parts of an official document, as data; how they look is the writers' affair.

Texts are plain: no writer reads markup in them. Numbers of headings, tables, pictures and annexes are generated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Align(StrEnum):
    """How a column of a table stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """
    版头: the red mark of the organ, number or issue below it, red line.

    Attributes:
        mark: 机关标志 in red, such as ``云岭市重大项目督查通报``.
        number: 发文字号 or 期号, centred when nothing else stands in its line.
        organ: Who issues it, on the left of the line above the red rule; empty = none.
        issued_on: Day on the right of that line; None = none.
        points: Size of the mark; 0 = as large as one line holds.
    """

    mark: str
    number: str = ""
    organ: str = ""
    issued_on: date | None = None
    points: float = 0


@dataclass(frozen=True, slots=True)
class Title:
    """标题: 2号 小标宋, centred; a line break where the sense allows one keeps its lines symmetric."""

    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """主送机关: flush left, the colon is added."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; its number (一、 （一） 1. （1）) is generated."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with the indent of two characters; *lead* stands before the text in 楷体 (``一是…``)."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, share of the width, and how its cells stand."""

    heading: str
    width: float
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table with a header that is repeated on every page; no row is split over two pages.

    Attributes:
        caption: Words after the generated ``表1``; empty = neither number nor caption.
        unit: Right above the table, such as ``单位：亿元``.
        total: 合计 row; it stands first, as ledgers in this field have it; None = none.
        empty: Sentence in place of the rows when there are none.
        points: Size of the letters: 12 小四, 10.5 五号, 9 小五.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    unit: str = ""
    total: tuple[str, ...] | None = None
    empty: str = "无"
    points: float = 10.5


@dataclass(frozen=True, slots=True)
class Form:
    """A ruled form without header: each row holds (label, value) pairs that share the width."""

    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG over the whole width with a numbered caption below (empty = none); *alt* describes it in words."""

    png: bytes
    caption: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Attachments:
    """附件说明 below the text: names without numbers."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 and 成文日期."""

    organ: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex begins: new page, ``附件1`` in the corner, title centred. Wide tables turn the page (*landscape*)."""

    title: str
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page, without being an annex."""


@dataclass(frozen=True, slots=True)
class CopyTo:
    """
    版记 at the end.

    Attributes:
        copies: 抄送 or 报、送; empty = that line is left out.
        printer: 印发机关.
        printed_on: 印发日期.
        count: 共印N份; None = not said.
    """

    copies: str
    printer: str
    printed_on: date
    count: int | None = None


Block = (
    Letterhead
    | Title
    | Addressee
    | Heading
    | Paragraph
    | Table
    | Form
    | Picture
    | Attachments
    | Signature
    | Annex
    | NewPage
    | CopyTo
)


def has_several_annexes(blocks: Iterable[Block]) -> bool:
    """Return whether annexes need numbers: a single one is called 附件 alone."""
    return sum(isinstance(block, Annex) for block in blocks) > 1
