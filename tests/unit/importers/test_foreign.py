"""Ledgers written abroad, or by people who work with them: headers, numbers, dates, currencies."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.terms import Stage
from core.importers.columns.fields import Field
from core.importers.columns.meaning import read_column
from core.importers.ledger import parse_ledger
from core.importers.options import ReadOptions
from core.importers.row import ParsedLedger
from tests.unit.importers.ledgers import OPTIONS, codes, places

HEADER = [
    "No.", "Project Name", "County/District", "Total Cost (RMB million)", "Start Date", "Planned Completion Date",
    "Status", "% complete", "Owner", "Remarks",
]  # fmt: skip
TOTAL, START, FINISH, STATUS, REMARK = 3, 4, 5, 6, 9


def row(number: int, **cells: str) -> list[str]:
    base = [
        str(number), f"Ring Road Section {number}", "兰山区", "1,250.50", "03/04/2025", "31/12/2027",
        "Under construction", "45%", "City Transport Ltd", "",
    ]  # fmt: skip
    for index, text in cells.items():
        base[int(index[1:])] = text
    return base


def read(*rows: list[str], header: list[str] = HEADER, options: ReadOptions = OPTIONS) -> ParsedLedger:
    lines = ["\t".join(cells) for cells in (header, *rows)]
    return parse_ledger("\n".join(lines).encode(), "ledger.txt", options)


def test_english_ledger_is_read() -> None:
    parsed = read(row(1), row(2))
    first = parsed.rows[0]
    assert first.name == "Ring Road Section 1"
    assert first.county == "兰山区"
    assert first.total_investment_yuan == 1_250_500_000
    assert first.stage is Stage.CONSTRUCTION
    assert first.owner_name == "City Transport Ltd"
    assert (first.start_planned_on, first.finish_planned_on) == (date(2025, 4, 3), date(2027, 12, 31))
    assert parsed.quarantined == ()


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("Project Name", Field.NAME, ""),
        ("Project ID", Field.CODE, ""),
        ("Total Investment (10,000 yuan)", Field.TOTAL, "万元"),
        ("Total Cost (CNY)", Field.TOTAL, "元"),
        ("Whole Life Cost (RMB bn)", Field.TOTAL, "十亿元"),
        ("2026 Planned Investment (million RMB)", Field.ANNUAL_PLAN, "百万元"),
        ("Annual Target", Field.ANNUAL_PLAN, ""),
        ("YTD Spend", Field.YTD_DONE, ""),
        ("Spend to date", Field.SINCE_START_DONE, ""),
        ("This month spend", Field.MONTH_DONE, ""),
        ("Actual Start Date", Field.STARTED, ""),
        ("Completion Date", Field.FINISH_PLANNED, ""),
        ("Responsible Department", Field.RESPONSIBLE_UNIT, ""),
        ("Senior Responsible Owner", Field.SPONSORS, ""),
        ("Sector", Field.CATEGORY, ""),
        ("% complete", Field.ELSEWHERE, ""),
        ("Site area (ha)", Field.LAND_AREA, "公顷"),
        ("Description", Field.CONTENT, ""),
        ("Whatever", None, ""),
    ],
)
def test_english_header_is_understood(header: str, field: Field | None, unit: str) -> None:
    column = read_column(0, (header,))
    assert (column.field, column.unit) == (field, unit)


def test_date_order_is_taken_from_the_whole_sheet_and_said() -> None:
    parsed = read(row(1), row(2, c4="05/06/2025"))
    assert parsed.rows[1].start_planned_on == date(2025, 6, 5)
    assert places(parsed, "date_order") == [
        ("ledger.txt", 1, "E Start Date"),
        ("ledger.txt", 1, "F Planned Completion Date"),
    ]


def test_date_order_month_first_is_seen() -> None:
    parsed = read(row(1, c5="12/31/2027"), row(2, c5="11/30/2027"))
    assert parsed.rows[0].start_planned_on == date(2025, 3, 4)


def test_date_order_that_nothing_proves_is_asked() -> None:
    rows = [row(1, c5="11/12/2027"), row(2, c5="10/12/2027")]
    parsed = read(*rows)
    assert places(parsed, "date_order_unknown") == [
        ("ledger.txt", 1, "E Start Date"),
        ("ledger.txt", 1, "F Planned Completion Date"),
    ]
    assert len(parsed.quarantined) == 2
    answered = read(*rows, options=replace(OPTIONS, date_order="day_first"))
    assert answered.rows[0].start_planned_on == date(2025, 4, 3)
    assert "date_order_unknown" not in codes(answered)


def test_two_orders_in_one_sheet_leave_the_open_column_unknown() -> None:
    parsed = read(row(1, c4="31/12/2025"), row(2, c4="12/30/2025"), row(3, c4="03/04/2025"))
    assert ("ledger.txt", 1, "E Start Date") in places(parsed, "date_order_unknown")


def test_decimal_commas_are_seen_from_the_whole_column() -> None:
    parsed = read(row(1, c3="1.250,50"), row(2, c3="980,5"), row(3, c3="1.234"))
    assert [one.total_investment_yuan for one in parsed.rows] == [1_250_500_000, 980_500_000, 1_234_000_000]
    assert places(parsed, "number_format_comma") == [("ledger.txt", 1, "D Total Cost (RMB million)")]


def test_number_that_can_be_two_is_asked_beside_decimal_commas() -> None:
    header = [*HEADER, "YTD Spend (RMB million)"]
    rows = [[*row(1, c3="1.250,50"), "1,234"], [*row(2, c3="980,5"), "0"]]
    parsed = read(*rows, header=header)
    assert places(parsed, "number_format_unknown") == [("ledger.txt", 1, "K YTD Spend (RMB million)")]
    assert len(parsed.quarantined) == 2
    answered = read(*rows, header=header, options=replace(OPTIONS, decimal_mark=","))
    assert answered.rows[0].ytd_done_yuan == 1_234_000


def test_lone_comma_slip_among_numbers_is_refused_not_reinterpreted() -> None:
    parsed = read(row(1, c3="1250"), row(2, c3="12,34"), row(3, c3="980.5"))
    assert places(parsed, "several_amounts") == [("ledger.txt", 3, "D Total Cost (RMB million)")]
    assert parsed.rows[0].total_investment_yuan == 1_250_000_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$1,200", "foreign_currency"),
        ("GBP 5m", "foreign_currency"),
        ("100-200", "amount_range"),
        ("Baseline changed following the review of scope", "sentence_amount"),
    ],
)
def test_cell_that_is_no_amount_is_refused(text: str, code: str) -> None:
    parsed = read(row(1), row(2, c3=text), row(3))
    assert places(parsed, code) == [("ledger.txt", 3, "D Total Cost (RMB million)")]
    assert [one.row for one in parsed.quarantined] == [3]


def test_column_in_foreign_currency_is_refused() -> None:
    header = [*HEADER]
    header[TOTAL] = "Total Cost (£m)"
    parsed = read(row(1), row(2), header=header)
    assert places(parsed, "foreign_currency_column") == [("ledger.txt", 1, "D Total Cost (£m)")]
    assert parsed.rows == ()


@pytest.mark.parametrize("text", ["withheld", "TBC", "保密", "待定", "N/A", "Data withheld under Section 43"])
def test_withheld_figure_stays_words(text: str) -> None:
    parsed = read(row(1), row(2, c3=text, c9="see annex"))
    assert places(parsed, "withheld") == [("ledger.txt", 3, "D Total Cost (RMB million)")]
    assert parsed.rows[1].total_investment_yuan is None
    assert parsed.rows[1].remark == f"see annex；Total Cost (RMB million)：{text}"
    assert parsed.totals["total_investment_yuan"] == 1_250_500_000


@pytest.mark.parametrize("text", ["Q2 FY22-23", "FY2023/24"])
def test_fiscal_year_is_named_and_left_blank(text: str) -> None:
    parsed = read(row(1, c4=text))
    assert places(parsed, "fiscal_period") == [("ledger.txt", 2, "E Start Date")]
    assert parsed.rows[0].start_planned_on is None


def test_quarter_starts_with_its_first_day_and_ends_with_its_last() -> None:
    parsed = read(row(1, c4="2025Q2", c5="Q3 2027"))
    assert (parsed.rows[0].start_planned_on, parsed.rows[0].finish_planned_on) == (date(2025, 4, 1), date(2027, 9, 30))
