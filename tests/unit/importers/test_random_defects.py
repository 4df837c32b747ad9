"""Whatever is typed into a ledger: nothing crashes, no row is lost, sums are those of the imported rows."""

from contextlib import suppress
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.importers.ledger import parse_ledger
from core.importers.problems import PROBLEMS, Severity, UnreadableFile
from tests.unit.importers.ledgers import FIRST_ROW, HEADER, OPTIONS, ledger, parse, xlsx

NASTY = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e15, 1e15, allow_nan=False),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(lambda day: datetime(day.year, day.month, day.day)),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30),
    st.sampled_from(
        [
            *("约5000", "1.2亿元", "2亿美元", "/", "—", "无", "同上", "5万亩", "2023.5-2025.12", "2024年底", "97%"),
            *("合计", "小计", "一、工业（3项）", "注：说明", "南宁市", "张三、李四", "=1+1", "#REF!", "１２，３００"),
            *("项目名称", "续建项目(2个)", "\n", "１"),
        ]
    ),
)
CELLS = st.tuples(st.integers(3, 11), st.integers(0, len(HEADER) - 1), NASTY)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELLS, max_size=25))
def test_parse_ledger_random_defects_lose_nothing(cells: list[tuple[int, int, object]]) -> None:
    rows = ledger(9)
    for row, column, value in cells:
        rows[row][column] = value
    parsed = parse(rows)
    seen = [row.row for row in parsed.rows] + [row.row for row in parsed.quarantined]
    assert len(seen) == len(set(seen)) == parsed.row_count
    untouched = {FIRST_ROW + n for n in range(9)} - {row + 1 for row, _, _ in cells}
    assert untouched <= set(seen)
    refused = {problem.row for problem in parsed.problems if problem.severity is Severity.REFUSE}
    assert all(row.row in refused or refused & {0, 3} for row in parsed.quarantined)
    assert not any(row.row in refused for row in parsed.rows)
    assert all(problem.code in PROBLEMS and problem.message for problem in parsed.problems)
    stated = [row.total_investment_yuan for row in parsed.rows if row.total_investment_yuan is not None]
    assert parsed.totals.get("total_investment_yuan", 0) == sum(stated)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(1, 40), st.binary(max_size=40))
def test_parse_ledger_mutated_bytes_are_read_or_refused(place: int, length: int, junk: bytes) -> None:
    data = xlsx(ledger(3))
    start = place % len(data)
    spoiled = data[:start] + junk + data[start + length :]
    with suppress(UnreadableFile):
        parsed = parse_ledger(spoiled, "坏.xlsx", OPTIONS)
        assert parsed.row_count == len(parsed.rows) + len(parsed.quarantined)
