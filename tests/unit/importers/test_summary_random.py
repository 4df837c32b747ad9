"""Random tables made consistent by a slow oracle: no findings; one changed cell: found there and nowhere else."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.importers.summaries import check

HEADER = [
    "序号", "片区", "县区", "项目个数", "年度计划（亿元）", "累计完成（亿元）", "完成率（%）", "与序时差", "排名",
]  # fmt: skip
COUNT, PLAN, DONE, RATE, GAP, RANK = range(3, 9)
LETTERS = "ABCDEFGHI"
CHECKED = (COUNT, PLAN, DONE, RATE, GAP, RANK)
FEWEST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def half_up(value: Fraction, digits: int) -> Decimal:
    """The way of school: digit by digit on the absolute value."""
    scaled = abs(value) * 10**digits
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Decimal(-whole if value < 0 else whole).scaleb(-digits)


@dataclass
class Table:
    """Rows as a workbook holds them, and which rows share the subtotal of a detail row."""

    rows: list[list[object]]
    subtotal_of: dict[int, int]  # position of a row → position of its subtotal
    total: int


def _line(label, counts, months):
    number, plan, done = counts
    rate = half_up(Fraction(done) / Fraction(plan) * 100, 2)
    gap = half_up(Fraction(done) / Fraction(plan) * 100 - Fraction(months * 100, 12), 2)
    return [*label, number, plan, done, rate, gap, ""]


amounts = st.integers(2_000, 99_999).map(lambda cents: Decimal(cents).scaleb(-2))
counties = st.tuples(st.integers(3, 60), amounts, st.integers(20, 115))


@st.composite
def tables(draw):
    groups = draw(st.lists(st.lists(counties, min_size=2, max_size=5), min_size=2, max_size=4))
    months = draw(st.integers(1, 11))
    total_first, subtotal_first = draw(st.booleans()), draw(st.booleans())
    title = [[f"2025年1-{months}月重点项目情况"], ["单位：亿元"], list(HEADER)]
    body, subtotal_of, sums, number = [], {}, [], 0
    for name, group in zip("东西南北", groups, strict=False):
        lines, parts = [], []
        for count, plan, percent in group:
            number += 1
            done = (plan * percent / 100).quantize(Decimal("0.01"))
            parts.append((count, plan, done))
            lines.append(_line([str(number), f"{name}片", f"县{number}"], parts[-1], months))
        added = tuple(sum(part[i] for part in parts) for i in range(3))
        sums.append(added)
        block = [_line(["", f"{name}片", "小计"], added, months)]
        start = len(body)
        body += block + lines if subtotal_first else lines + block
        place = start if subtotal_first else start + len(lines)
        subtotal_of |= {start + i: place for i in range(len(lines) + 1)}
    total = _line(["", "全市", "合计"], tuple(sum(s[i] for s in sums) for i in range(3)), months)
    shift = len(title) + total_first
    rows = [*title, *([total] if total_first else []), *body, *([] if total_first else [total])]
    details = [row for row in rows[len(title) :] if "计" not in row[2]]
    for row in details:
        row[RANK] = 1 + sum(other[RATE] > row[RATE] for other in details)
    places = {shift + row: shift + of for row, of in subtotal_of.items()}
    return Table(rows, places, len(title) if total_first else len(rows) - 1)


def as_workbook(rows):
    return [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows]


@FEWEST
@given(tables())
def test_consistent_table_has_no_findings(table):
    found = check(as_workbook(table.rows))
    assert [f.problem for f in found.findings] == []
    figures = sum(isinstance(cell, (int, Decimal)) for row in table.rows for cell in row)
    assert found.agreeing == found.cells
    # Every figure stands in a relation: sums (of subtotals and total), rates, gaps, ranks.
    details = sum(bool(row[RANK]) for row in table.rows[3:])
    assert found.cells == 3 * (len(table.rows) - 3 - details) + 2 * (len(table.rows) - 3) + details
    assert figures == 5 * (len(table.rows) - 3) + details


@FEWEST
@given(tables(), st.data())
def test_one_changed_cell_is_found_where_it_stands(table, data):
    row = data.draw(st.integers(3, len(table.rows) - 1), label="row")
    column = data.draw(st.sampled_from(CHECKED), label="column")
    cell = table.rows[row][column]
    assume(cell != "")
    # Where every rate is the same there is no order for a rank to break.
    rates = {one[RATE] for one in table.rows[3:] if one[RANK] != ""}
    assume(column != RANK or len(rates) >= 3)
    delta = data.draw(st.sampled_from([1, 2, 7, 30] if column in (COUNT, RANK) else [5, -5, 37, -211, 1_000]))
    table.rows[row][column] = cell + (delta if column in (COUNT, RANK) else Decimal(delta).scaleb(-2))
    assume(column not in (PLAN, DONE) or table.rows[row][column] > 1)
    found = check(as_workbook(table.rows))
    blamed = {(f.problem.row - 1, LETTERS.index(f.problem.column[0])) for f in found.findings}
    assert blamed, "nothing found"
    # Sums name the row that states them; what is computed from the cell stands in its own row.
    sums = {(place, column) for place in (table.subtotal_of.get(row), table.total) if place is not None}
    own_row = {(row, c) for c in (RATE, GAP, RANK)}
    assert blamed <= sums | own_row | {(row, column)}
    if column == COUNT:
        assert blamed <= sums
        assert all(f.is_wrong for f in found.findings)
    if column == RANK:
        assert blamed == {(row, RANK)}


@FEWEST
@given(st.lists(st.integers(0, 40), min_size=3, max_size=12), st.booleans())
def test_ranks_of_random_values_agree_with_counting(values, is_descending):
    assume(len(set(values)) >= 3)
    ranks = [1 + sum((o > v) if is_descending else (o < v) for o in values) for v in values]
    rows = [
        ["县区", "能耗（吨）", "名次"],
        *([f"县{i}", v, r] for i, (v, r) in enumerate(zip(values, ranks, strict=True))),
    ]
    found = check(rows)
    assert [f.problem for f in found.findings] == []
    assert found.agreeing == len(values)


@FEWEST
@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=4, max_size=12), st.integers(0, 3))
def test_random_rates_are_half_up_or_truncated_never_another_value(pairs, digits):
    assume(len({Fraction(a, b) for a, b in pairs}) >= 3)
    cut = [Decimal(a * 100 * 10**digits // b).scaleb(-digits) for a, b in pairs]
    rounded = [half_up(Fraction(a * 100, b), digits) for a, b in pairs]
    for printed in (cut, rounded):
        rows = [["县区", "应办（件）", "已办（件）", "办结率"]]
        rows += [[f"县{i}", b, a, f"{p}%"] for i, ((a, b), p) in enumerate(zip(pairs, printed, strict=True))]
        found = check(rows)
        assert found.wrong == ()
        assert [c.agreeing for c in found.checks if c.subject.startswith("D")] == [len(pairs)]
