"""Cells copied from a spreadsheet and pasted as text → rows of the monthly report; nothing is judged here."""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from core.domain.report_checks import TypedReport

MAX_LINES = 1000
_ALIASES = {
    "project": ("项目名称", "项目代码", "项目编号", "项目", "名称", "代码", "编码"),
    "done_wan": ("本月完成投资", "本月完成", "当月完成投资", "当月完成", "月完成投资", "完成投资"),
    "reported_ytd_wan": ("填报年累计", "本年累计完成", "年累计完成", "本年累计", "年累计", "累计完成", "累计"),
    "statistics_wan": ("统计口径", "统计月报", "统计数", "入统数"),
    "physical_progress": ("形象进度", "工程进度", "进展情况", "进展"),
    "difficulty": ("存在问题", "存在困难", "问题"),
    "next_step": ("下步措施", "下一步措施", "下步计划", "下一步计划", "下步打算", "措施"),
}
_FIELDS = tuple(_ALIASES)
_AMOUNTS = ("done_wan", "reported_ytd_wan", "statistics_wan")
_UNIT = re.compile(r"[（(]\s*(亿元|万元|元)\s*[）)]")
_SUMS = frozenset({"合计", "总计", "小计", "共计"})
_SERIAL = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One pasted record: its number from 1, what names the project, and the cells as typed."""

    number: int
    project: str
    typed: TypedReport


def read_pasted(text: str) -> list[PastedRow]:
    """
    Return the records of *text*: tab-separated cells, with or without a header line.

    Without a header the order is that of the sheet:
    project, 本月完成, 填报年累计, 统计口径, 形象进度, 存在问题, 下步措施.
    A header may carry a unit (``本月完成（亿元）``) and leave columns out. Empty lines, sums and lines beyond
    ``MAX_LINES`` are left out.
    """
    records = [[cell.strip() for cell in record] for record in split_records(text)]
    numbered = [(number, cells) for number, cells in enumerate(records, start=1) if any(cells)]
    if not numbered:
        return []
    columns, units = _read_header(numbered[0][1])
    if columns:
        numbered = numbered[1:]
    else:
        columns = {field: index + _offset(numbered[0][1]) for index, field in enumerate(_FIELDS)}
    return [_row(number, cells, columns, units) for number, cells in numbered[:MAX_LINES] if not _is_sum(cells)]


def normal_name(text: str) -> str:
    """Return a name for comparison: full-width forms folded, no blanks, no brackets' variants."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def split_records(text: str) -> list[list[str]]:
    """Return the cells of each pasted line: tab-separated, or by blanks where nobody pasted from a spreadsheet."""
    if "\t" in text:
        # A cell with a line break comes quoted from the spreadsheet; the reader keeps it in one record.
        return list(csv.reader(StringIO(text, newline=""), delimiter="\t"))
    return [re.split(r"\s+|[;；|]", line.strip()) for line in text.splitlines()]


def _read_header(cells: Sequence[str]) -> tuple[dict[str, int], dict[str, str]]:
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    for index, cell in enumerate(cells):
        plain = normal_name(_UNIT.sub("", cell))
        field = next((name for name, aliases in _ALIASES.items() if plain in aliases), None)
        if field is None or field in columns:
            continue
        columns[field] = index
        unit = _UNIT.search(cell)
        if unit and field in _AMOUNTS:
            units[field] = unit[1]
    return (columns, units) if "project" in columns else ({}, {})


def _is_sum(cells: Sequence[str]) -> bool:
    first = next(cell for cell in cells if cell)
    return normal_name(first).rstrip(":：") in _SUMS  # a project may well begin with these words


def _offset(cells: Sequence[str]) -> int:
    """Return 1 when the first column is a serial number (序号) before the project."""
    serial = len(cells) > 1 and _SERIAL.fullmatch(cells[0]) and not _SERIAL.fullmatch(cells[1])
    return 1 if serial else 0


def _row(number: int, cells: Sequence[str], columns: dict[str, int], units: dict[str, str]) -> PastedRow:
    def cell(field: str) -> str:
        index = columns.get(field)
        return cells[index] if index is not None and index < len(cells) else ""

    def amount(field: str) -> str:
        text = cell(field)
        return text + units.get(field, "") if text[-1:].isdigit() else text

    typed = TypedReport(
        amount("done_wan"),
        amount("reported_ytd_wan"),
        amount("statistics_wan"),
        cell("physical_progress"),
        cell("difficulty"),
        cell("next_step"),
    )
    return PastedRow(number, cell("project"), typed)
