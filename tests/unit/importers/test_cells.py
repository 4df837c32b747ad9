"""One cell → one value, or a refusal with a code."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from core.importers.cells.codes import has_region, parse_local_code, parse_national_code
from core.importers.cells.dates import DateOrder, FuzzyDate, parse_fuzzy_date, parse_period
from core.importers.cells.money import area_parser, money_parser
from core.importers.cells.numbers import DecimalMark
from core.importers.cells.people import PersonName, parse_people
from core.importers.cells.percents import is_ratio_column, parse_percent
from core.importers.cells.refused import Refused
from core.importers.cells.text import match_key, parse_long_text, parse_name
from core.importers.sheet import BrokenCell

WAN = 10_000


@pytest.mark.parametrize(
    ("value", "yuan"),
    [
        (1200, 12_000_000),
        (1.15, 11_500),
        (0.30000000000000004, 3_000),
        (1234.56785, 12_345_679),  # half up to whole 元
        ("1,200.5", 12_005_000),
        ("１２００", 12_000_000),
        (" 1 200\n万元 ", 12_000_000),
        ("1.2亿元", 120_000_000),
        ("1.2 亿", 120_000_000),
        ("5000元", 5_000),
        ("人民币3千万元", 30_000_000),
        ("￥300", 3_000_000),
        ("CNY 1,200.5", 12_005_000),
        ("RMB 12.5 million", 12_500_000),
        ("1.2 bn", 1_200_000_000),
        ("5,000 yuan", 5_000),
        ("1'200.5", 12_005_000),
        ("0", 0),
        (0, 0),
        ("/", None),
        ("—", None),
        ("无", None),
        ("", None),
        (None, None),
    ],
)
def test_money_parser_readable_cell_gives_whole_yuan(value: object, yuan: int | None) -> None:
    assert money_parser(WAN)(value) == yuan  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("约5000", "approximate_amount"),
        ("5000左右", "approximate_amount"),
        ("5000余万元", "approximate_amount"),
        ("2亿美元", "foreign_currency"),
        ("$300", "foreign_currency"),
        ("5万亩", "not_money_unit"),
        ("3000平方米", "not_money_unit"),
        ("5000-8000", "amount_range"),
        ("1.2–1.5亿", "amount_range"),
        ("CNY 100 to CNY 200", "amount_range"),
        ("300\n200", "several_amounts"),
        ("300 20", "several_amounts"),
        ("€5", "foreign_currency"),
        ("GBP 1.2 million", "foreign_currency"),
        ("详见发改委二〇二五年批复文件第二章", "sentence_amount"),
        ("#REF!", "formula_error"),
        ("一期5亿元，二期3亿元", "several_amounts"),
        ("同上", "ditto_amount"),
        ("待定", "withheld"),
        ("N/A", "withheld"),
        ("TBC", "withheld"),
        ("Data withheld under section 43", "withheld"),
        ("暂缓", "bad_amount"),
        ("12,34", "several_amounts"),
        (date(2026, 1, 1), "bad_amount"),
        (True, "bad_amount"),
        (float("inf"), "bad_amount"),
        (float("nan"), "bad_amount"),
        (1e300, "bad_amount"),
        (-5, "negative_amount"),
        ("-5", "negative_amount"),
        (BrokenCell.ERROR, "formula_error"),
        (BrokenCell.UNCACHED, "formula_without_value"),
    ],
)
def test_money_parser_doubtful_cell_is_refused(value: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        money_parser(WAN)(value)  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "yuan"),
    [
        ("1.234,5", 12_345_000),
        ("1 234,5", 12_345_000),
        ("1234", 12_340_000),
        ("1,234", 12_340),
        ("0,5 亿元", 50_000_000),
    ],
)
def test_money_parser_of_decimal_commas(value: str, yuan: int) -> None:
    assert money_parser(WAN, mark=DecimalMark.COMMA)(value) == yuan


@pytest.mark.parametrize("value", ["1,234.5", "12.34", "1.2.3"])
def test_money_parser_of_decimal_commas_refuses_points(value: str) -> None:
    with pytest.raises(Refused):
        money_parser(WAN, mark=DecimalMark.COMMA)(value)


def test_dates_follow_the_order_of_their_column() -> None:
    assert parse_fuzzy_date("03/04/2025", None, DateOrder.DAY_FIRST) == FuzzyDate(2025, 4, 3)
    assert parse_fuzzy_date("03/04/2025", None, DateOrder.MONTH_FIRST) == FuzzyDate(2025, 3, 4)
    assert parse_fuzzy_date("03/31/2025", None, DateOrder.DAY_FIRST) == FuzzyDate(2025, 3, 31)


def test_money_parser_monthly_column_takes_corrections() -> None:
    assert money_parser(WAN, may_be_negative=True)("-35.5") == -355_000


@pytest.mark.parametrize(
    ("unit", "value", "sqm"),
    [(Fraction(2000, 3), 15, 10_000), (Fraction(10_000), "2.5", 25_000), (None, "30亩", 20_000), (None, "/", None)],
)
def test_area_parser_counts_square_metres(unit: Fraction | None, value: object, sqm: int | None) -> None:
    assert area_parser(unit)(value) == sqm  # type: ignore[arg-type]


def test_area_parser_without_any_unit_is_refused() -> None:
    with pytest.raises(Refused, match="bad_area"):
        area_parser(None)(30)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (45597, FuzzyDate(2024, 11, 1)),
        ("45597", FuzzyDate(2024, 11, 1)),
        (datetime(2025, 3, 4, 8), FuzzyDate(2025, 3, 4)),
        ("2025-3-4", FuzzyDate(2025, 3, 4)),
        ("2025/03/04 00:00:00", FuzzyDate(2025, 3, 4)),
        ("2025年3月4日", FuzzyDate(2025, 3, 4)),
        ("２０２５年３月", FuzzyDate(2025, 3)),
        ("2025.10", FuzzyDate(2025, 10)),
        (2025.5, FuzzyDate(2025, 5)),
        (2025.12, FuzzyDate(2025, 12)),
        (2025, FuzzyDate(2025)),
        (202506, FuzzyDate(2025, 6)),
        ("20250630", FuzzyDate(2025, 6, 30)),
        ("2024年底", FuzzyDate(2024, 12)),
        ("2025年上半年", FuzzyDate(2025, 6, None, 6)),
        ("2025年三季度", FuzzyDate(2025, 9, None, 3)),
        ("2025Q2", FuzzyDate(2025, 6, None, 3)),
        ("Q4 2025", FuzzyDate(2025, 12, None, 3)),
        ("2025年第2季度", FuzzyDate(2025, 6, None, 3)),
        ("二季度", FuzzyDate(2026, 6, None, 3)),
        ("31/12/2025", FuzzyDate(2025, 12, 31)),
        ("12/31/2025", FuzzyDate(2025, 12, 31)),
        ("05.05.2025", FuzzyDate(2025, 5, 5)),
        ("31 Dec 2025", FuzzyDate(2025, 12, 31)),
        ("1st of March 2025", FuzzyDate(2025, 3, 1)),
        ("Dec 1, 2025", FuzzyDate(2025, 12, 1)),
        ("December 2025", FuzzyDate(2025, 12)),
        ("2025-Sep-30", FuzzyDate(2025, 9, 30)),
        ("2025-03-04T00:00:00Z", FuzzyDate(2025, 3, 4)),
        ("2025年6月底前", FuzzyDate(2025, 6)),
        ("2025年度", FuzzyDate(2025)),
        ("5月", FuzzyDate(2026, 5)),
        ("/", None),
    ],
)
def test_parse_fuzzy_date_reads_what_ledgers_write(value: object, expected: FuzzyDate | None) -> None:
    assert parse_fuzzy_date(value, 2026) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "year", "code"),
    [
        (2025.1, 2026, "ambiguous_date"),  # 2025.10 typed as a number
        ("5月", None, "bad_date"),
        ("待定", 2026, "withheld"),
        ("Q2 FY22-23", 2026, "fiscal_period"),
        ("FY2023/24", 2026, "fiscal_period"),
        ("2023/24", 2026, "fiscal_period"),
        ("Dec-25", 2026, "bad_date"),
        ("2025-13-01", 2026, "bad_date"),
        ("2025年2月30日", 2026, "bad_date"),
        ("03/04/2025", 2026, "day_or_month"),
        ("31/02/2025", 2026, "bad_date"),
        ("2025-00-01", 2026, "bad_date"),
        (12, 2026, "bad_date"),
        (1.5, 2026, "bad_date"),
        (True, 2026, "bad_date"),
    ],
)
def test_parse_fuzzy_date_doubtful_is_refused(value: object, year: int | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_fuzzy_date(value, year)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_fuzzy_date_spans_what_it_may_mean() -> None:
    assert (FuzzyDate(2024, 2).earliest, FuzzyDate(2024, 2).latest) == (date(2024, 2, 1), date(2024, 2, 29))
    quarter = FuzzyDate(2025, 6, None, 3)
    assert (quarter.earliest, quarter.latest) == (date(2025, 4, 1), date(2025, 6, 30))
    assert (FuzzyDate(2024).earliest, FuzzyDate(2024).latest) == (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2023.5-2025.12", FuzzyDate(2023, 5), FuzzyDate(2025, 12)),
        ("2023年至2025年", FuzzyDate(2023), FuzzyDate(2025)),
        ("2023-2025", FuzzyDate(2023), FuzzyDate(2025)),
        ("2023年5月—2025年12月", FuzzyDate(2023, 5), FuzzyDate(2025, 12)),
        ("2023年3月-10月", FuzzyDate(2023, 3), FuzzyDate(2023, 10)),
        ("2023-05-01至2025-12-31", FuzzyDate(2023, 5, 1), FuzzyDate(2025, 12, 31)),
        ("2023-05-2025-12", FuzzyDate(2023, 5), FuzzyDate(2025, 12)),
        ("2023/5~2025/12", FuzzyDate(2023, 5), FuzzyDate(2025, 12)),
        (2025, FuzzyDate(2025), FuzzyDate(2025)),
        ("无", None, None),
    ],
)
def test_parse_period_reads_both_ends(value: object, start: FuzzyDate | None, end: FuzzyDate | None) -> None:
    assert parse_period(value) == (start, end)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["24个月", "2025.5", "两年", "2023.5-待定"])
def test_parse_period_without_two_ends_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="bad_date"):
        parse_period(value)


def test_percent_column_of_ratios_is_told_from_percents() -> None:
    assert is_ratio_column([0.97, "1.05", None, 0.3])
    assert not is_ratio_column([97, 0.5, 30])
    assert parse_percent(0.97, as_ratio=True) == pytest.approx(97)
    assert parse_percent("97%", as_ratio=True) == 97
    assert parse_percent(97, as_ratio=False) == 97
    with pytest.raises(Refused, match="bad_percent"):
        parse_percent("完成", as_ratio=False)


@pytest.mark.parametrize(
    "text",
    [
        "2504-371302-04-01-123456",
        "２５０４－371302-04-01-123456",
        "2504—371302—04—01—123456",
        " 25043713020401123456 ",
        "2504-371302-04-01 -123456",
    ],
)
def test_parse_national_code_normalises_writing(text: str) -> None:
    assert parse_national_code(text) == "2504-371302-04-01-123456"


@pytest.mark.parametrize(
    "text", ["2504-371302-04-01-12345", "2513-371302-04-01-123456", "正在办理", "2014-371302-04-01-123456"]
)
def test_parse_national_code_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="bad_project_code"):
        parse_national_code(text)


def test_parse_national_code_year_and_ministry_forms_pass() -> None:
    assert parse_national_code("2019-371302-35-03-012345") == "2019-371302-35-03-012345"
    assert not has_region("2019-000052-35-03-012345")
    assert parse_local_code("ＬＹ—2026-001") == "LY-2026-001"
    assert parse_local_code("待赋码") is None


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("金  菊", [PersonName("金菊")]),
        ("张三、李四", [PersonName("张三"), PersonName("李四")]),
        ("张三 李四", [PersonName("张三"), PersonName("李四")]),
        ("张三\n李四，王五", [PersonName("张三"), PersonName("李四"), PersonName("王五")]),
        ("县委副书记 王五", [PersonName("王五", "县委副书记")]),
        ("王五（副县长）", [PersonName("王五", "副县长")]),
        ("王五13905391234", [PersonName("王五", "", "13905391234")]),
        ("/", []),
    ],
)
def test_parse_people_splits_a_cell(text: str, people: list[PersonName]) -> None:
    assert parse_people(text) == tuple(people)


def test_names_lose_stray_blanks_and_width() -> None:
    assert parse_name("临沂\n智能 制造　产业园（２期）") == "临沂智能制造产业园（2期）"
    assert parse_name("2019 ") == "2019"
    assert parse_name("BYD Auto  项目") == "BYD Auto项目"
    assert parse_name(12.0) == "12"
    assert parse_name("—") is None
    assert parse_long_text(" 一期 \r\n\n 二期_x000D_ ") == "一期\n二期"
    assert match_key("临沂(智能)制造·产业园") == match_key("临沂 （智能）制造产业园")
