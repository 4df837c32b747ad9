"""Values as sheets show them, guarded text of CSV, the hidden schema: each goes back to what it was."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.period import Month
from core.exporters.delimited import build_csv
from core.exporters.layout import Form, SheetColumn, SheetLayout, shown_value
from core.exporters.workbook import build_workbook
from core.importers.cells.guarded import guard, unguard
from core.importers.cells.money import SQM_PER_UNIT, area_parser, money_parser
from core.importers.columns.meaning import meaning_of
from core.importers.delimited import read_delimited
from core.importers.sheet import Sheet
from core.importers.table import read_sheets
from core.importers.tables.schema_sheet import read_schema, restore_headings
from tests.support.stored_text import texts

COLUMNS = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("*项目名称", 20, code="name"),
    SheetColumn("总投资（万元）", 12, Form.WAN, code="total"),
    SheetColumn("银行贷款（万元）", 12, Form.WAN, parent="资金来源", code="loan"),
    SheetColumn("专项债（万元）", 12, Form.WAN, parent="资金来源", code="bond"),
)
LAYOUT = SheetLayout("项目台账", "台账", COLUMNS, note="说明", unit="单位：万元", frozen=2, kind="ledger")


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (123_456_789, Form.WAN, Decimal("12345.6789")),
        (0, Form.WAN, Decimal(0)),
        (66_667, Form.MU, Decimal("100.0005")),
        (1, Form.MU, Decimal("0.0015")),
        (12_345, Form.HA, Decimal("1.2345")),
        (None, Form.WAN, None),
        (0.9, Form.PERCENT, "0.9%"),
        (100.0, Form.PERCENT, "100%"),
        ("", Form.TEXT, None),
        (True, Form.YES_NO, "是"),
        (False, Form.YES_NO, "否"),
        (Month(2026, 9), Form.MONTH, "2026-09"),
        (date(2026, 1, 2), Form.DAY, date(2026, 1, 2)),
        ("同上", Form.TEXT, "\u200b同上"),
        ("同上。", Form.TEXT, "同上。"),
    ],
)
def test_shown_value_keeps_every_yuan_and_square_metre(value, form, shown):
    assert shown_value(value, form) == shown


@given(st.integers(0, 10**14))
def test_amount_in_wan_is_read_back_to_the_yuan(yuan):
    shown = shown_value(yuan, Form.WAN)
    assert money_parser(10_000)(str(shown)) == yuan
    assert money_parser(10_000)(float(shown)) == yuan


@given(st.integers(0, 10**10), st.sampled_from([(Form.MU, "亩"), (Form.HA, "公顷")]))
def test_area_is_read_back_to_the_square_metre(sqm, how):
    form, unit = how
    assert area_parser(SQM_PER_UNIT[unit])(float(shown_value(sqm, form))) == sqm


@given(texts(60))
def test_guarded_text_comes_back(text):
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠A", "'=1"]
)
def test_guard_marks_what_a_spreadsheet_would_run(text):
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["'引号", "甲=乙", "", "1-2", "（=）"])
def test_guard_leaves_other_text_alone(text):
    assert guard(text) == unguard(text) == text


@given(st.lists(texts(60).filter(lambda text: "\x00" not in text), min_size=1, max_size=4))
def test_csv_text_is_read_back_as_it_was(names):
    content = build_csv(LAYOUT, [(n, name, 1, None, 2) for n, name in enumerate(names, start=1)])
    assert content.startswith(b"\xef\xbb\xbf")
    (header, *rows), _ = read_delimited(content)
    assert header == ["序号", "*项目名称", "总投资（万元）", "资金来源/银行贷款（万元）", "资金来源/专项债（万元）"]
    assert [row[1].removeprefix("\u200b") for row in rows] == [name.removeprefix("\u200b") for name in names]
    assert {tuple(row[2:]) for row in rows} == {("0.0001", "", "0.0002")}


def workbook(kind: str = "ledger") -> tuple[Sheet, ...]:
    layout = SheetLayout("项目台账", "台账", COLUMNS, unit="单位：万元", kind=kind)
    return read_sheets(build_workbook(layout, [(1, "甲", 10_000, 20_000, None)]), "台账.xlsx")


def edited(sheets, row, column, heading):
    sheets[0].cells[row][column] = heading
    return restore_headings(sheets, "ledger", lambda text: meaning_of((text,)))


def test_schema_is_written_beside_the_data_and_read_back():
    schema = read_schema(workbook())
    assert (schema.kind, schema.sheet) == ("ledger", "项目台账")
    assert [(c.row, c.index, c.code, c.heading) for c in schema.columns] == [
        (2, 1, "name", "*项目名称"),
        (2, 2, "total", "总投资（万元）"),
        (3, 3, "loan", "银行贷款（万元）"),
        (3, 4, "bond", "专项债（万元）"),
    ]


def test_edited_heading_is_put_back_and_said():
    restored, notes = edited(workbook(), 2, 2, "盘子大小")
    assert restored[0].cells[2][2] == "总投资（万元）"
    assert [(n.code, n.sheet, n.row, n.column) for n in notes] == [("heading_restored", "项目台账", 3, "C 盘子大小")]
    assert [sheet.name for sheet in restored] == ["项目台账"]


@pytest.mark.parametrize("heading", ["盘子（亿元）", "2025年盘子", "备注", "1-8月"])
def test_edited_heading_that_says_something_else_is_left(heading):
    restored, notes = edited(workbook(), 2, 2, heading)
    assert (restored[0].cells[2][2], notes) == (heading, ())


def test_moved_heading_is_no_edited_one():
    sheets = workbook()
    row = sheets[0].cells[2]
    row[1], row[2] = row[2], row[1]
    restored, notes = restore_headings(sheets, "ledger", lambda text: meaning_of((text,)))
    assert (restored[0].cells[2][1:3], notes) == (["总投资（万元）", "*项目名称"], ())


def test_heading_below_inserted_rows_is_found():
    sheets = workbook()
    sheets[0].cells.insert(0, ["附件1"])
    restored, notes = edited(sheets, 4, 3, "工行的钱")
    assert restored[0].cells[4][3] == "银行贷款（万元）"
    assert [(n.row, n.column) for n in notes] == [(5, "D 工行的钱")]


def test_schema_of_another_kind_or_version_changes_nothing():
    assert edited(workbook("reports"), 2, 2, "盘子大小")[1] == ()
    sheets = workbook()
    sheets[1].cells[0][1] = 2.0
    assert read_schema(sheets) is None
    assert edited(sheets, 2, 2, "盘子大小")[1] == ()


@pytest.mark.parametrize("place", ["0", "-1", "1e9", "99999999999999999999", "²", ""])
def test_schema_with_impossible_places_is_left_aside(place):
    sheets = workbook()
    for row in sheets[1].cells[3:]:
        row[1] = place
    assert read_schema(sheets).columns == ()
