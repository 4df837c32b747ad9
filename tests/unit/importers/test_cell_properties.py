"""Numbers, units, percents, dates, texts: every spelling comes back as the value it was made of, or is refused."""

import re
import unicodedata
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.units import round_exact
from core.importers.cells.dates import DateOrder, FuzzyDate, order_evidence, parse_fuzzy_date, parse_period
from core.importers.cells.money import SQM_PER_UNIT, YUAN_PER_UNIT, area_parser, money_parser
from core.importers.cells.numbers import DecimalMark, mark_evidence
from core.importers.cells.percents import parse_percent
from core.importers.cells.refused import Refused
from core.importers.cells.text import parse_long_text, parse_name, tidy_line

WAN = 10_000
AMOUNTS = st.decimals(0, 9_999_999, places=4)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
ENGLISH = {" million": 1_000_000, " bn": 1_000_000_000, " thousand": 1_000}


def spelled(number: Decimal, thousands: str, mark: str = ".") -> str:
    """Return *number* with *thousands* between groups and *mark* before the decimals."""
    whole, _, decimals = format(number.normalize(), "f").partition(".")
    groups = f"{int(whole):,}".replace(",", thousands)
    return f"{groups}{mark}{decimals}" if decimals else groups


def exact(number: Decimal, factor: int | Fraction) -> int:
    return int(round_exact(Fraction(number) * factor, 0))


@given(
    AMOUNTS,
    st.sampled_from(["", ",", "'", " "]),
    st.sampled_from(["", "¥", "￥", "人民币", "CNY ", "RMB"]),
    st.sampled_from(["", *YUAN_PER_UNIT, *ENGLISH]),
    st.booleans(),
)
def test_money_of_every_spelling_comes_back(number: Decimal, thousands: str, own: str, unit: str, wide: bool) -> None:
    text = spelled(number, thousands)
    text = own + (text.translate(WIDE) if wide else text) + unit
    factor = ENGLISH.get(unit) or YUAN_PER_UNIT.get(unit, WAN)
    assert money_parser(WAN)(text) == exact(number, factor)


@given(AMOUNTS, st.sampled_from(["", ".", "'", " "]))
def test_money_with_decimal_comma_comes_back(number: Decimal, thousands: str) -> None:
    assert money_parser(WAN, mark=DecimalMark.COMMA)(spelled(number, thousands, ",")) == exact(number, WAN)


@given(AMOUNTS)
def test_money_of_a_stored_number_is_its_shortest_decimal(number: Decimal) -> None:
    assert money_parser(WAN)(float(number)) == exact(Decimal(repr(float(number))), WAN)


@given(
    st.lists(
        st.sampled_from(
            [*"0123456789", ".", ",", "'", " ", "\n", "-", "+", "~", "至", "万", "亿", "元", "约", "%", "亩"]
        )
    )
)
def test_money_is_never_silently_another_value(letters: list[str]) -> None:
    """Whatever is accepted holds one number, made of all the digits in the text, times the unit that ends it."""
    text = "".join(letters)
    try:
        yuan = money_parser(WAN, may_be_negative=True)(text)
    except Refused:
        return
    digits = re.sub(r"[^\d.]", "", text)
    if yuan is None:
        assert digits == ""
        return
    unit = "".join(re.findall(r"[万亿元]", text))
    sign = -1 if "-" in text else 1
    assert yuan == sign * exact(Decimal(digits), YUAN_PER_UNIT[unit] if unit else WAN)
    assert not re.search(r"\d\s*\n\s*\d", text)


@given(AMOUNTS, AMOUNTS, st.sampled_from(["\n", " \n ", "  ", "、", "+", "/"]))
def test_two_amounts_in_a_cell_are_never_read_as_one(one: Decimal, other: Decimal, between: str) -> None:
    text = f"{spelled(one, '')}{between}{spelled(other, '')}"
    if re.fullmatch(r"\d{1,3} +\d{3}(\.\d+)?", text):  # 1 200 is a number by its grouping
        return
    with pytest.raises(Refused):
        money_parser(WAN)(text)


@given(st.text(max_size=30))
def test_money_of_any_text_without_digits_is_no_number(text: str) -> None:
    if any(unicodedata.normalize("NFKC", letter).isdecimal() for letter in text) or re.search(r"\d", text):
        return
    with suppress(Refused):
        assert money_parser(WAN)(text) is None


@given(st.lists(AMOUNTS, min_size=1, max_size=12), st.sampled_from(["", "."]))
def test_column_of_decimal_commas_is_seen_or_left_open(numbers: list[Decimal], thousands: str) -> None:
    """Where the column proves the comma, each of its texts comes back; where a text has two readings, it is named."""
    texts = [spelled(number, thousands, ",") for number in numbers]
    found = mark_evidence(texts)
    if found.writes_commas and not found.point:
        parse = money_parser(WAN, mark=DecimalMark.COMMA)
        assert [parse(text) for text in texts] == [exact(number, WAN) for number in numbers]
    elif any(re.search(r"[.,]", text) for text in texts):
        assert found.either or found.comma or found.point


@given(AMOUNTS, st.sampled_from(sorted(SQM_PER_UNIT)))
def test_area_of_every_unit_comes_back(number: Decimal, unit: str) -> None:
    assert area_parser(None)(f"{spelled(number, ',')}{unit}") == exact(number, SQM_PER_UNIT[unit])


@given(st.decimals(0, 300, places=2), st.booleans())
def test_percent_comes_back(number: Decimal, with_sign: bool) -> None:
    text = f"{number}%" if with_sign else str(number)
    assert parse_percent(text, as_ratio=False) == pytest.approx(float(number))
    assert parse_percent(float(number) / 100, as_ratio=True) == pytest.approx(float(number))
    assert parse_percent(f"{number}%".replace(".", ","), as_ratio=False, mark=DecimalMark.COMMA) == pytest.approx(
        float(number)
    )


FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 00:00:00", "%d %b %Y", "%d-%b-%Y",
    "%b %d, %Y", "%B %d %Y", "%Y-%b-%d",
)  # fmt: skip


@given(DAYS, st.sampled_from(FORMATS))
def test_date_of_every_spelling_comes_back(day: date, form: str) -> None:
    assert parse_fuzzy_date(day.strftime(form), None) == FuzzyDate(day.year, day.month, day.day)


@given(DAYS)
def test_serial_date_comes_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert (
        parse_fuzzy_date(serial, None) == parse_fuzzy_date(str(serial), None) == FuzzyDate(day.year, day.month, day.day)
    )


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y"]))
def test_numeric_date_comes_back_in_its_order_and_is_never_swapped(day: date, form: str) -> None:
    text, expected = day.strftime(form), FuzzyDate(day.year, day.month, day.day)
    order = DateOrder.DAY_FIRST if form.startswith("%d") else DateOrder.MONTH_FIRST
    assert parse_fuzzy_date(text, None, order) == expected
    if day.day <= 12 and day.day != day.month:
        with pytest.raises(Refused, match="day_or_month"):
            parse_fuzzy_date(text, None)
    else:
        assert parse_fuzzy_date(text, None) == expected


@given(st.lists(DAYS, min_size=1, max_size=10), st.sampled_from([DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST]))
def test_order_is_proven_only_by_days_above_twelve(days: list[date], order: DateOrder) -> None:
    form = "%d/%m/%Y" if order is DateOrder.DAY_FIRST else "%m/%d/%Y"
    found = order_evidence([day.strftime(form) for day in days])
    assert bool(getattr(found, order.value)) == any(day.day > 12 for day in days)
    assert not (found.day_first and found.month_first)


@given(st.text(alphabet="0123456789./-年月日 季度QFY至", max_size=14))
def test_date_of_any_text_uses_only_numbers_that_stand_in_it(text: str) -> None:
    try:
        found = parse_fuzzy_date(text, None)
    except Refused:
        return
    if found is None or found.months > 1:
        return
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    digits = re.sub(r"\D", "", text)
    is_run = digits in text.replace(" ", "") and len(digits) in (5, 6, 8)
    assert is_run or {found.year, *filter(None, (found.month, found.day))} <= numbers


@given(DAYS, DAYS, st.sampled_from(["至", "—", "-", "~", "到"]))
def test_period_comes_back_at_both_ends(start: date, end: date, mark: str) -> None:
    text = f"{start.year}.{start.month}{mark}{end.year}.{end.month}"
    assert parse_period(text) == (FuzzyDate(start.year, start.month), FuzzyDate(end.year, end.month))


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=40))
def test_text_survives_but_for_width(text: str) -> None:
    """Letters, digits, marks and signs stay as they are; full-width digits and letters are narrowed, nothing else."""
    narrowed = "".join(
        chr(ord(c) - 0xFEE0) if re.match(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]", c) else c for c in text
    )
    name = parse_name(text)
    assert name is None or name == narrowed or "_x" in text
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    long = parse_long_text(text)
    assert long is None or long in (narrowed, text) or "_x" in text
