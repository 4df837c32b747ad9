"""Readers of table cells: every accepted spelling gives the true value, anything else is refused."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.period import Month
from core.domain.terms import AssetStatus
from core.importers.cells.refused import Refused
from core.importers.sheet import BrokenCell
from core.importers.tables.cells import Parser, parser_of
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.spec import FieldSpec, Reading

YEARS = st.integers(1990, 2100)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)


def parser(reading: Reading, *, unit: str = "", year: int | None = None, **how: object) -> Parser:
    return parser_of(
        FieldSpec("x", "x", reading, **how),
        unit=unit,
        is_settled=False,
        year=year,
        values=[],  # type: ignore[arg-type]
    )[0]


@given(st.integers(0, 999_999_999), st.sampled_from(["{}", "{}户", "{}.0", " {} ", "{:,}", "{:,}家"]))
def test_count_of_every_spelling_is_itself(number: int, spelling: str) -> None:
    read = parser(Reading.COUNT)
    assert read(spelling.format(number)) == number
    assert read(float(number)) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_number_as_text_is_itself(number: Decimal) -> None:
    read = parser(Reading.NUMBER)
    assert read(str(number)) == number
    assert read(f"{number:,}") == number


@given(st.floats(-1e9, 1e9))
def test_number_as_float_is_its_shortest_decimal(number: float) -> None:
    assert float(parser(Reading.NUMBER)(number)) == number


@given(
    YEARS, st.integers(1, 12), st.sampled_from(["{y}年{m}月", "{y}-{m:02d}", "{y}.{m:02d}", "{y}{m:02d}", "{y}/{m}"])
)
def test_month_of_every_spelling_is_itself(year: int, number: int, spelling: str) -> None:
    assert parser(Reading.MONTH)(spelling.format(y=year, m=number)) == Month(year, number)


@given(YEARS, st.integers(1, 12), st.sampled_from(["{}", "{}月", "{}月份"]))
def test_month_without_year_takes_that_of_the_sheet_and_is_refused_without_one(year, number, spelling) -> None:
    text = spelling.format(number)
    assert parser(Reading.MONTH, year=year)(text) == Month(year, number)
    with pytest.raises(Refused):
        parser(Reading.MONTH)(text)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_day_is_itself_as_date_and_as_text(day: date) -> None:
    for reading in (Reading.DAY, Reading.LAST_DAY):
        read = parser(reading)
        assert read(day) == read(day.isoformat()) == read(f"{day.year}年{day.month}月{day.day}日") == day


@given(YEARS, st.integers(1, 12))
def test_day_of_a_month_alone_is_its_first_or_last_by_the_fields_role(year: int, number: int) -> None:
    month = Month(year, number)
    assert parser(Reading.DAY)(f"{year}年{number}月") == month.first_day
    assert parser(Reading.LAST_DAY)(f"{year}年{number}月") == month.last_day


@given(st.from_regex(r"[A-Z]{1,4}-?[0-9]{1,12}", fullmatch=True))
def test_code_keeps_its_characters(code: str) -> None:
    read = parser(Reading.CODE)
    assert (
        read(code)
        == read(f" {code}\n")
        == read("".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in code))
        == code
    )


def test_code_as_a_long_number_is_refused_and_a_short_one_kept() -> None:
    read = parser(Reading.CODE)
    assert read(371302.0) == "371302"
    with pytest.raises(Refused, match="code_as_number"):
        read(3.71302001001e18)


@given(TEXTS)
def test_term_reads_labels_and_codes_and_nothing_that_only_contains_them(text: str) -> None:
    read = parser(Reading.TERM, terms=AssetStatus)
    for status in AssetStatus:
        assert read(status.label) is read(status.value.upper()) is status
    for word in (f"未{text}闲置", f"{text}在用吗"):
        with pytest.raises(Refused, match="unknown_word"):
            read(word)


@given(TEXTS, st.sampled_from([Reading.COUNT, Reading.NUMBER, Reading.MONEY, Reading.AREA, Reading.PERCENT]))
def test_numeric_reader_makes_no_number_of_a_text_without_digits(text: str, reading: Reading) -> None:
    if re.search(r"\d", text) or any(char.isnumeric() for char in text):
        return
    try:
        assert parser(reading, unit="亩")(text) is None
    except Refused:
        return


@pytest.mark.parametrize("reading", [reading for reading in Reading if reading is not Reading.TERM])
def test_broken_formula_is_refused_by_every_reader(reading: Reading) -> None:
    for cell in BrokenCell:
        with pytest.raises(Refused, match=cell.value):
            parser(reading, year=2026)(cell)


@pytest.mark.parametrize("blank", ["", " ", "/", "—", "无", "暂无"])
def test_placeholders_say_nothing_in_any_field(blank: str) -> None:
    for kind in TABLE_KINDS.values():
        for spec in kind.fields:
            read, _ = parser_of(spec, unit="亩", is_settled=False, year=2026, values=[])
            assert read(blank) in (None, ()), (kind.code, spec.code)
