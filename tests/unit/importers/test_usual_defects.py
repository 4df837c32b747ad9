"""
The defects that real ledgers have, one by one: read right where only one reading remains, else told at their place.

=====================================  ==========================================================
defect                                 test
=====================================  ==========================================================
title, 单位 and column-width rows       ``test_rows_above_the_header``
header words split over two rows       ``test_split_words``
项目名称 merged over 序号 + 名称          ``test_name_merged_over_number_and_name``
no header at all                       ``test_proposals.py``
parent 资金来源 + child 计划总投资       ``test_same_child_under_two_parents``
merged parents over two fields         ``test_same_child_under_two_parents``
header aliases                         ``test_header.py``
rows that are no projects              ``test_rows.py``; ``test_rows_that_are_no_projects_give_nothing``
declared counts                        ``test_declared_count``
repeated headers per page              ``test_rows_that_are_no_projects_give_nothing``
blanks, line breaks in names, units    ``test_blanks_and_line_breaks``
``2019␠``                              ``test_cells_read_right``
several leaders in one cell            ``test_leaders``
padded names                           ``test_leaders``
two amounts in a cell                  ``test_cells_that_are_told``
numbers as text, thousands, full width ``test_cells_read_right``
1.2亿元                                 ``test_cells_read_right``
约5000, 2亿美元, 5万亩, 同上             ``test_cells_that_are_told``
/ - — 无                                ``test_placeholders_are_blank``
serial dates                           ``test_cells_read_right``
periods, 2024年底                       ``test_cells_read_right``
formulas without cached values         ``test_formulas``
hidden rows, hidden sheets             ``test_hidden_rows_and_sheets``
percent as 0.97 or 97                  ``test_percent_both_ways``
colours carrying meaning               ``test_signals.py``
one project on several rows            ``test_project_on_several_rows``
same project twice                     ``test_same_project_twice``
unit renamed in mid-year               ``test_unit_renamed_in_mid_year``
26 sheets with 1 157 merges            ``test_many_merges_cost_little``
=====================================  ==========================================================
"""

from datetime import date
from io import BytesIO
from time import process_time

import pytest
import xlsxwriter

from core.domain.terms import FundingSource
from core.importers.ledger import parse_ledger
from core.importers.row import ParsedLedger
from tests.unit.importers.ledgers import (
    FINISH,
    HEADER,
    LEADERS,
    MONTH,
    NAME,
    OPTIONS,
    PLAN,
    RATE,
    START,
    TOTAL,
    UNIT,
    codes,
    ledger,
    parse,
    places,
    project,
)

PERIOD = 7
LABELS = {TOTAL: "I 总投资（万元）", PLAN: "J 2026年计划投资（万元）", START: "N 计划开工时间"}


def planted(row: int, column: int, value: object) -> ParsedLedger:
    """Return the clean ledger of eight projects with one cell changed (Excel row, column from 0)."""
    rows = ledger(8)
    rows[row - 1][column] = value
    return parse(rows)


def test_rows_above_the_header() -> None:
    rows: list[list[object]] = [
        ["2026年市重点项目调度表"],
        ["", "", "", "单位：万元"],
        ["8", "20", "12", "10"],  # widths of the columns, left over from printing
        ["序号", "项目名称", "总投资", "2026年计划投资"],
        ["1", "2", "3", "4"],
        [1, "甲产业园", 12000, 3000],
    ]
    (row,) = parse(rows).rows
    assert (row.row, row.total_investment_yuan, row.annual_plan_yuan) == (6, 120_000_000, 30_000_000)


def test_split_words() -> None:
    rows = [
        ["序号", "项目名称", "建设起", "总投资"],
        ["", "", "止年限", "（万元）"],
        [1, "甲产业园", "2025.3-2027.12", 12000],
    ]
    (row,) = parse(rows).rows
    assert (row.start_planned_on, row.finish_planned_on) == (date(2025, 3, 1), date(2027, 12, 31))
    assert row.total_investment_yuan == 120_000_000


def test_name_merged_over_number_and_name() -> None:
    rows = [["项目名称", "", "总投资（万元）"], [1, "甲产业园", 12000], [2, "乙大桥", 800]]
    parsed = parse(rows, merges=[(0, 0, 0, 1)])
    assert [row.name for row in parsed.rows] == ["甲产业园", "乙大桥"]


def test_same_child_under_two_parents() -> None:
    rows = [
        ["项目名称", "资金来源（万元）", "", "2026年计划投资（万元）", ""],
        ["", "计划总投资", "银行贷款", "计划总投资", "进度目标"],
        ["甲产业园", 12000, 5000, 3000, "主体封顶"],
    ]
    (row,) = parse(rows, merges=[(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)]).rows
    assert (row.total_investment_yuan, row.annual_plan_yuan) == (120_000_000, 30_000_000)
    assert row.funding == ((FundingSource.BANK_LOAN, 50_000_000),)
    assert row.annual_goal == "主体封顶"


NO_PROJECTS: list[list[object]] = [
    ["", "", "合计"],
    ["", "", "一、工业"],
    ["", "", "（一）交通"],
    ["", "", "Ⅰ、铁路"],
    ["", "", "——铁路"],
    ["", "", "续建项目"],
    ["注：标★的为省重点项目"],
    ["", "", "2026年共安排重大项目92个，总投资494亿元，其中政府投资54个。"],
    list(HEADER),
]


@pytest.mark.parametrize("row", NO_PROJECTS, ids=[str(row[-1])[:8] for row in NO_PROJECTS])
def test_rows_that_are_no_projects_give_nothing(row: list[object]) -> None:
    rows = ledger(6)
    rows.insert(5, row)
    parsed = parse(rows)
    assert [one.row for one in parsed.rows] == [4, 5, 7, 8, 9, 10]
    assert codes(parsed) == set()


def test_declared_count() -> None:
    rows = ledger(4)
    rows.insert(3, ["", "", "一、工业（5项）"])
    assert places(parse(rows), "declared_count") == [("台账", 4, "")]


def test_blanks_and_line_breaks() -> None:
    rows = ledger(2)
    rows[2][NAME], rows[2][TOTAL] = "项 目\n名 称", "总 投 资\n（万 元）"
    rows[3][NAME] = "  第1号\n智能装备　产业园 "
    (first, _) = parse(rows).rows
    assert (first.name, first.total_investment_yuan) == ("第1号智能装备产业园", 201_000_000)


@pytest.mark.parametrize(
    ("column", "value", "attribute", "expected"),
    [
        (TOTAL, "20300", "total_investment_yuan", 203_000_000),
        (TOTAL, "20,300.5", "total_investment_yuan", 203_005_000),
        (TOTAL, "２０３００", "total_investment_yuan", 203_000_000),
        (TOTAL, "1.2亿元", "total_investment_yuan", 120_000_000),
        (START, 45597, "start_planned_on", date(2024, 11, 1)),
        (START, "2019 ", "start_planned_on", date(2019, 1, 1)),
        (START, "2024年底", "start_planned_on", date(2024, 12, 1)),
        (FINISH, "2027年底", "finish_planned_on", date(2027, 12, 31)),
        (FINISH, "2027年二季度", "finish_planned_on", date(2027, 6, 30)),
    ],
)
def test_cells_read_right(column: int, value: object, attribute: str, expected: object) -> None:
    parsed = planted(6, column, value)
    row = next(one for one in parsed.rows if one.row == 6)
    assert getattr(row, attribute) == expected


@pytest.mark.parametrize(
    ("text", "start", "finish"),
    [
        ("2023.5-2025.12", date(2023, 5, 1), date(2025, 12, 31)),
        ("2023年至2025年", date(2023, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_are_read_at_both_ends(text: str, start: date, finish: date) -> None:
    rows = ledger(3)
    for row in rows[2:]:
        row[START] = row[FINISH] = ""
    rows[3][PERIOD] = text
    first = parse(rows).rows[0]
    assert (first.start_planned_on, first.finish_planned_on) == (start, finish)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("政府投资200\n企业投资300", "several_amounts"),
        ("200\n300", "several_amounts"),
        ("约5000", "approximate_amount"),
        ("2亿美元", "foreign_currency"),
        ("5万亩", "not_money_unit"),
        ("同上", "ditto_amount"),
        ("1.2-1.5亿", "amount_range"),
        ("按市政府批复的实施方案分年度安排资金", "sentence_amount"),
    ],
)
@pytest.mark.parametrize("column", [TOTAL, PLAN])
def test_cells_that_are_told(column: int, value: str, code: str) -> None:
    parsed = planted(6, column, value)
    assert places(parsed, code) == [("台账", 6, LABELS[column])]
    assert [one.row for one in parsed.quarantined] == [6]


@pytest.mark.parametrize("value", ["/", "-", "—", "无", "", "——", "－"])
def test_placeholders_are_blank(value: str) -> None:
    parsed = planted(6, MONTH, value)
    assert next(one for one in parsed.rows if one.row == 6).month_done_yuan is None
    assert codes(parsed) == set()


@pytest.mark.parametrize("text", ["张三、李四", "张三 李四", "张三\n李四", "张  三，李  四"])
def test_leaders(text: str) -> None:
    parsed = planted(6, LEADERS, text)
    row = next(one for one in parsed.rows if one.row == 6)
    assert [person.name for person in row.sponsor_leaders] == ["张三", "李四"]


def test_formulas() -> None:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("台账")
    for r, row in enumerate(ledger(5)):
        page.write_row(r, 0, row)
    page.write_formula(4, TOTAL, "=1+1", None, "")
    page.write_formula(5, PLAN, "=1/0", None, "#DIV/0!")
    book.close()
    parsed = parse_ledger(target.getvalue(), "台账.xlsx", OPTIONS)
    assert places(parsed, "formula_without_value") == [("台账", 5, LABELS[TOTAL])]
    assert places(parsed, "formula_error") == [("台账", 6, LABELS[PLAN])]


def test_hidden_rows_and_sheets() -> None:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    for name in ("台账", "底稿"):
        page = book.add_worksheet(name)
        for r, row in enumerate(ledger(5)):
            page.write_row(r, 0, row)
        page.set_row(5, None, None, {"hidden": True})
    page.hide()
    book.close()
    parsed = parse_ledger(target.getvalue(), "台账.xlsx", OPTIONS)
    assert places(parsed, "hidden_row") == [("台账", 6, "")]
    assert places(parsed, "hidden_sheet") == [("底稿", 0, "")]
    assert len(parsed.rows) == 5


@pytest.mark.parametrize("as_ratio", [True, False])
def test_percent_both_ways(as_ratio: bool) -> None:
    rows = ledger(5)
    for row in rows[3:]:
        row[RATE] = 0.5 if as_ratio else 50
    parsed = parse(rows)
    assert [row.annual_rate_pct for row in parsed.rows] == [50.0] * 5
    assert codes(parsed) == set()


def test_project_on_several_rows() -> None:
    rows = ledger(4)
    part = ["", "", "", "", "子项：管网"] + [""] * 12
    rows.insert(4, list(part))
    merged = parse(rows, merges=[(3, NAME, 4, NAME)])
    assert [row.row for row in merged.rows] == [4, 6, 7, 8]
    rows[4][TOTAL] = 100
    parsed = parse(rows, merges=[(3, NAME, 4, NAME)])
    assert places(parsed, "several_rows") == [("台账", 4, LABELS[TOTAL])]


def test_same_project_twice() -> None:
    rows = ledger(4)
    rows.append([*rows[3]])
    assert places(parse(rows), "duplicate_code") == [("台账", 8, "B 项目代码")]


def test_unit_renamed_in_mid_year() -> None:
    """Both names stay as written: which office took over is for the store's units to say (``unit_created``)."""
    rows = ledger(2)
    rows[3][UNIT], rows[4][UNIT] = "市卫计局", "市卫健局"
    assert [row.responsible_unit for row in parse(rows).rows] == ["市卫计局", "市卫健局"]


def workbook(sheets: int, rows: int, *, merged: bool) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    for number in range(sheets):
        page = book.add_worksheet(f"第{number + 1}批")
        for r, row in enumerate([["2026年调度表"], [], HEADER]):
            page.write_row(r, 0, row)
        for r in range(rows):
            page.write_row(3 + r, 0, project(number * rows + r + 1))
        for r in range(0, rows - 1, 2) if merged else ():
            page.merge_range(3 + r, UNIT, 4 + r, UNIT, "市工信局")
        if merged:
            page.merge_range(0, 0, 0, 16, "2026年调度表")
    book.close()
    return target.getvalue()


def test_many_merges_cost_little() -> None:
    """26 sheets of 89 rows: 26 × (44 + 1) = 1 170 merges against none, the best of three runs each."""
    seconds = {}
    for merged in (False, True):
        data = workbook(26, 89, merged=merged)
        runs = []
        for _ in range(3):
            began = process_time()
            parsed = parse_ledger(data, "台账.xlsx", OPTIONS)
            runs.append(process_time() - began)
        assert len(parsed.rows) == 26 * 89
        seconds[merged] = min(runs)
    assert seconds[True] < 2 * seconds[False]
