"""Whole files of tables: several and hidden sheets, broken formulas, deep headers, other formats than xlsx."""

from io import BytesIO

import pytest
import xlsxwriter

from core.importers.problems import UnreadableFile
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.parse import parse_table
from core.importers.tables.spec import ParsedTable
from tests.support.tables import OPTIONS, codes, places, read_table

HEADER = ["名称", "类别", "现状", "账面原值（万元）"]


def book(*sheets: tuple[str, bool, list[list[object]]]) -> bytes:
    """Return a workbook of (name, visible, rows); a cell ``=…`` is a formula without a saved result."""
    target = BytesIO()
    made = xlsxwriter.Workbook(target)
    for name, visible, rows in sheets:
        page = made.add_worksheet(name)
        if not visible:
            page.hide()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value == "#REF!":
                    page.write_formula(r, c, "=A99", None, "#REF!")
                elif str(value).startswith("="):
                    page.write_formula(r, c, str(value), None, "")
                elif value is not None:
                    page.write(r, c, value)
    made.close()
    return target.getvalue()


def assets(data: bytes, name: str = "账.xlsx") -> ParsedTable:
    return parse_table(TABLE_KINDS["assets"], data, name, OPTIONS)


def test_every_visible_sheet_is_read_and_the_hidden_one_named() -> None:
    table = assets(
        book(
            ("兰山区", True, [HEADER, ["楼", "房产", "闲置", 5]]),
            ("罗庄区", True, [HEADER, ["车", "车辆", "在用", 6]]),
            ("旧账", False, [HEADER, ["船", "设备", "在用", 7]]),
            ("说明", True, [["本表由国资委填报"]]),
        )
    )
    assert [(row.sheet, row.values["name"], row.values["county"]) for row in table.rows] == [
        ("兰山区", "楼", "兰山区"),
        ("罗庄区", "车", "罗庄区"),
    ]
    assert [(problem.sheet, problem.code) for problem in table.problems] == [
        ("旧账", "hidden_sheet"),
        ("说明", "sheet_skipped"),
    ]
    assert [sheet.name for sheet in table.sheets] == ["兰山区", "罗庄区"]
    assert table.totals == {"original_book_value_yuan": 110_000}


def test_row_repeated_on_another_sheet_names_that_sheet() -> None:
    rows = [["编号", *HEADER], ["A-1", "楼", "房产", "闲置", 5]]
    table = assets(book(("甲", True, rows), ("乙", True, rows)))
    [problem] = [one for one in table.problems if one.code == "duplicate_row"]
    assert (problem.sheet, problem.row) == ("乙", 2)
    assert "“甲”2" in problem.message


def test_broken_formulas_set_their_rows_aside() -> None:
    table = assets(book(("甲", True, [HEADER, ["楼", "房产", "闲置", "#REF!"], ["车", "车辆", "在用", "=1+1"]])))
    assert places(table, "formula_error") == [(2, "D 账面原值（万元）")]
    assert places(table, "formula_without_value") == [(3, "D 账面原值（万元）")]
    assert [row.name for row in table.quarantined] == ["楼", "车"]


def test_header_over_three_rows_with_units_and_column_numbers_is_read() -> None:
    rows = [
        ["三资清查明细表"],
        ["填报单位：市国资委", None, None, None, None, None, "单位：万元、平方米"],
        ["序号", "名称", "类别", "现状", "价值", None, "面积"],
        [None, None, None, None, "账面", None, None],
        [None, None, None, None, "原值", "净值", None],
        [1, 2, 3, 4, 5, 6, 7],
        [1, "楼", "房产", "闲置", 500, 300, 2000],
    ]
    merges = [(2, c, 4, c) for c in (0, 1, 2, 3, 6)] + [(2, 4, 2, 5), (3, 4, 3, 5)]
    table = read_table("assets", rows, merges=merges)
    assert codes(table) == []
    [row] = table.rows
    assert row.row == 7
    assert row.values["original_book_value_yuan"] == 5_000_000
    assert row.values["net_book_value_yuan"] == 3_000_000
    assert row.values["area_sqm"] == 2000


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_delimited_text_is_read_like_a_workbook(encoding: str, separator: str) -> None:
    rows = [HEADER, ["楼", "房产", "闲置", "500"], ["车", "车辆", "在用", "1.2亿元"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    table = assets(text.encode(encoding), "账.csv")
    assert [row.values["original_book_value_yuan"] for row in table.rows] == [5_000_000, 120_000_000]


def test_withheld_and_placeholder_texts_never_become_numbers() -> None:
    rows = [HEADER, ["楼", "房产", "闲置", "保密"], ["车", "车辆", "在用", "/"], ["船", "设备", "在用", 0]]
    table = read_table("assets", rows)
    assert [(row.values["name"], row.values.get("original_book_value_yuan")) for row in table.rows if row.row > 2] == [
        ("车", None),
        ("船", 0),
    ]
    assert all(row.values.get("original_book_value_yuan") is None for row in table.rows if row.values["name"] == "楼")


def test_file_that_is_no_table_is_unreadable_and_says_why() -> None:
    with pytest.raises(UnreadableFile) as refused:
        assets(b"%PDF-1.7", "账.pdf")
    assert refused.value.problem.code == "file_type"
