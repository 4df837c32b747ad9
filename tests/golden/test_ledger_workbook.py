"""The workbook of the ledger, reopened: title, unit, header, 合计, cells, types; text never becomes a formula."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.terms import FlagLevel, ProjectLevel, Stage, YearClass
from core.exporters.ledger import COLUMNS, LedgerSheet, build_ledger
from db.queries.projects import TOTAL_CODES, LedgerRow, LedgerTotals

YI = 100_000_000


def _row(name: str = "安澜大桥", **values) -> LedgerRow:
    made = {
        "id": 1,
        "code": "ZD-001",
        "national_code": "2402-999900-04-01-518827",
        "name": name,
        "county_name": "北固县",
        "headquarters_name": "高铁新城指挥部",
        "unit_name": "市城投集团",
        "sponsors": "王副市长、李主任",
        "level": ProjectLevel.CITY,
        "category": "城建",
        "stage": Stage.CONSTRUCTION,
        "year_class": YearClass.CONTINUING,
        "flag": FlagLevel.WARN,
        "record_flag": FlagLevel.SEVERE,
        "reasons": ("投资欠序时 13.3 个百分点", "关键节点“封顶”逾期 3 天"),
        "total_investment_yuan": 30 * YI,
        "annual_plan_yuan": 12 * YI,
        "curve_due_yuan": 10 * YI,
        "ytd_done_yuan": 8 * YI + 40_005_000,
        "gap_milli_pp": -13_332,
        "next_due_on": date(2026, 12, 1),
        "next_milestone": "桥面铺装",
    }
    return LedgerRow(**{**made, **values})


def _sheet(*rows: LedgerRow) -> LedgerSheet:
    sums = dict.fromkeys(TOTAL_CODES, 0) | {"projects": len(rows)}
    for code in ("total_investment_yuan", "annual_plan_yuan", "curve_due_yuan", "ytd_done_yuan"):
        sums[code] = sum(getattr(row, code) for row in rows)
    totals = LedgerTotals(len(rows), sums, from_tally=False)
    return LedgerSheet("云岭市重大项目台账（2026年1—10月）", "数据截至 2026-11-22", rows, totals, DEFAULT_SCHEME)


def _cells(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("项目台账").to_python()


def test_workbook_reads_as_it_was_meant():
    title, note, header, total, row = _cells(build_ledger(_sheet(_row())))
    assert title[0] == "云岭市重大项目台账（2026年1—10月）"
    assert (note[0], note[-3]) == ("数据截至 2026-11-22", "单位：万元")
    assert header == [column.heading for column in COLUMNS]
    assert row == [
        1.0,
        "ZD-001",
        "2402-999900-04-01-518827",
        "安澜大桥",
        "北固县",
        "高铁新城指挥部",
        "市城投集团",
        "王副市长、李主任",
        "市级",
        "城建",
        "续建",
        "在建",
        300_000.0,
        120_000.0,
        100_000.0,
        84_000.5,
        pytest.approx(0.7000041666),
        -13.332,
        "■ 红",
        "▲ 黄",
        "投资欠序时 13.3 个百分点；关键节点“封顶”逾期 3 天",
        "桥面铺装",
        date(2026, 12, 1),
    ]
    assert total[3] == "合计 1 项"
    assert total[12:16] == [300_000.0, 120_000.0, 100_000.0, 84_000.5]
    assert total[17] == pytest.approx(-13.33291666)


@pytest.mark.parametrize(
    "name", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "\t=1", "＝1+1", "http://a.b/c"]
)
def test_workbook_text_is_never_a_formula_or_link(name):
    content = build_ledger(_sheet(_row(name, unit_name=name, reasons=(name,))))
    assert _cells(content)[4][3].strip() == name.strip()
    with ZipFile(BytesIO(content)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "<hyperlink" not in page


def test_workbook_missing_figures_are_blank_not_zero():
    bare = _row(
        annual_plan_yuan=0,
        curve_due_yuan=0,
        ytd_done_yuan=0,
        gap_milli_pp=None,
        year_class=None,
        flag=FlagLevel.EXEMPT,
        record_flag=None,
        next_due_on=None,
        next_milestone=None,
    )
    row = _cells(build_ledger(_sheet(bare)))[4]
    row += [""] * (len(COLUMNS) - len(row))
    assert row[13:18] == [""] * 5
    assert (row[10], row[18], row[19]) == ("未列入", "", "—")


def test_workbook_without_rows_still_has_header_and_total():
    rows = _cells(build_ledger(_sheet()))
    assert len(rows) == 4
    assert rows[3][3] == "合计 0 项"


def test_workbook_prints_on_landscape_a3_with_repeated_header():
    with ZipFile(BytesIO(build_ledger(_sheet(_row())))) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'paperSize="8"' in page
    assert 'orientation="landscape"' in page
    assert 'topLeftCell="E5"' in page
    assert "项目台账!$3:$3" in book.replace("'", "")
