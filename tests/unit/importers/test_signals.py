"""Colours that carry meaning are told, never read."""

from collections.abc import Mapping
from io import BytesIO

import pytest
import xlsxwriter

from core.importers.ledger import parse_ledger
from core.importers.row import ParsedLedger
from tests.unit.importers.ledgers import NAME, OPTIONS, RATE, codes, ledger, places


def coloured(fills: Mapping[tuple[int, int], str], *, flag: bool = False) -> ParsedLedger:
    """Return what is read from a ledger whose cells (row, column) are filled; with a blank column 红黄绿 on demand."""
    rows = ledger(6)
    if flag:
        rows[2].append("红黄绿")
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("台账")
    formats = {colour: book.add_format({"bg_color": colour}) for colour in set(fills.values())}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            page.write(r, c, value, formats.get(fills.get((r, c), "")))
    for (r, c), colour in fills.items():
        if c >= len(rows[r]):
            page.write_blank(r, c, None, formats[colour])
    book.close()
    return parse_ledger(target.getvalue(), "台账.xlsx", OPTIONS)


def test_colours_of_a_flag_column_are_told() -> None:
    parsed = coloured({(3, 17): "#FF0000", (4, 17): "#00B050", (5, 17): "#FFC000"}, flag=True)
    assert places(parsed, "colour_meaning") == [("台账", 3, "R 红黄绿")]
    (problem,) = [one for one in parsed.problems if one.code == "colour_meaning"]
    assert "红1格、绿1格、黄1格" in problem.message
    assert len(parsed.rows) == 6


def test_two_colours_in_a_column_of_words_are_told() -> None:
    parsed = coloured({(3, RATE): "#FFC7CE", (4, RATE): "#C6EFCE"})
    assert places(parsed, "colour_meaning") == [("台账", 3, "M 完成年度计划%")]


def test_rows_coloured_as_a_whole_are_told_once_at_the_name() -> None:
    red = {(3, column): "#FF0000" for column in range(17)}
    green = {(4, column): "#92D050" for column in range(17)}
    assert places(coloured(red | green), "colour_meaning") == [("台账", 3, "C 项目名称")]


@pytest.mark.parametrize(
    "fills",
    [
        {(r, c): "#DDEBF7" for r in (3, 5) for c in range(17)},  # banded rows in pale blue
        {(r, NAME): "#D9D9D9" for r in (3, 4)},
        {(2, c): "#FFFF00" for c in range(17)} | {(0, 0): "#FF0000"},  # coloured header and title
        {(3, NAME): "#FFFF00"},  # one colour is a marker of the reader, not a scheme
    ],
    ids=["banded", "grey", "header", "marker"],
)
def test_colours_without_meaning_are_silent(fills: Mapping[tuple[int, int], str]) -> None:
    assert "colour_meaning" not in codes(coloured(fills))
