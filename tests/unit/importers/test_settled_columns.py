"""Columns settled by hand: they win over words and values, wherever they stand."""

from dataclasses import replace

import pytest

from core.domain.terms import FundingSource
from core.importers.columns.fields import Column, Field
from core.importers.columns.settled import code_of, field_of_code
from core.importers.options import MappedColumn
from tests.unit.importers.ledgers import NAME, OPTIONS, PLAN, TOTAL, codes, ledger, parse, places


def settled(*columns: MappedColumn):  # type: ignore[no-untyped-def]
    return replace(OPTIONS, mapping=columns)


def renamed(**headers: str) -> list[list[object]]:
    rows = ledger(3)
    for column, header in headers.items():
        rows[2][int(column[1:])] = header
    return rows


def test_mapping_unknown_headers_are_read_as_settled() -> None:
    rows = renamed(**{f"c{NAME}": "标的", f"c{TOTAL}": "盘子"})
    mapping = (MappedColumn("标的", "name"), MappedColumn("盘子", "total_investment_yuan", "万元"))
    parsed = parse(rows, settled(*mapping))
    assert [row.name for row in parsed.rows] == [f"第{n}号智能装备产业园" for n in (1, 2, 3)]
    assert parsed.rows[0].total_investment_yuan == 20_100 * 10_000
    assert "unknown_column" not in codes(parsed)


def test_mapping_wins_over_words_and_unit() -> None:
    mapping = MappedColumn("总投资（万元）", "annual_plan_yuan", "元")
    parsed = parse(ledger(3), settled(mapping))
    assert parsed.rows[0].annual_plan_yuan == 20_100
    assert parsed.rows[0].total_investment_yuan is None
    assert places(parsed, "duplicate_column") == [("台账", 3, "J 2026年计划投资（万元）")]


def test_mapping_empty_field_leaves_the_column_out_silently() -> None:
    parsed = parse(ledger(3), settled(MappedColumn("2026年计划投资（万元）", "")))
    assert parsed.rows[0].annual_plan_yuan is None
    assert "kept_elsewhere" not in codes(parsed)


def test_mapping_survives_a_moved_column_without_its_unit() -> None:
    rows = renamed(**{f"c{TOTAL}": "项目盘子（万元）"})
    for row in rows[2:]:
        row[TOTAL], row[PLAN] = row[PLAN], row[TOTAL]
    parsed = parse(rows, settled(MappedColumn("项目盘子", "total_investment_yuan")))
    assert parsed.rows[0].total_investment_yuan == 20_100 * 10_000
    assert parsed.rows[0].annual_plan_yuan == 5_025 * 10_000


def test_mapping_doubled_header_is_told_by_its_order() -> None:
    rows = renamed(**{f"c{TOTAL}": "数额", f"c{PLAN}": "数额"})
    mapping = (
        MappedColumn("数额", "annual_plan_yuan", "万元", occurrence=1),
        MappedColumn("数额", "total_investment_yuan", "万元"),
    )
    parsed = parse(rows, settled(*mapping))
    assert parsed.rows[0].total_investment_yuan == 20_100 * 10_000
    assert parsed.rows[0].annual_plan_yuan == 5_025 * 10_000


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("name", (Field.NAME, None, None)),
        ("", (Field.ELSEWHERE, None, None)),
        ("month_plans_yuan:3", (Field.MONTH_PLAN, 3, None)),
        ("month_plans_yuan:13", (None, None, None)),
        ("funding:bank_loan", (Field.FUNDING, None, FundingSource.BANK_LOAN)),
        ("funding:gold", (None, None, None)),
        ("colour", (None, None, None)),
    ],
)
def test_field_of_code_reads_place_in_series(code: str, expected: tuple[object, ...]) -> None:
    assert field_of_code(code) == expected


def test_code_of_is_the_way_back() -> None:
    for column in (
        Column(0, "a", Field.MONTH_ACTUAL, month=12),
        Column(0, "a", Field.FUNDING, source=FundingSource.OTHER),
        Column(0, "a", Field.TOTAL),
    ):
        assert field_of_code(code_of(column)) == (column.field, column.month, column.source)


def test_mapping_of_a_month_without_its_number_is_told() -> None:
    parsed = parse(ledger(3), settled(MappedColumn("2026年计划投资（万元）", "month_plans_yuan")))
    assert ("台账", 3, "J 2026年计划投资（万元）") in places(parsed, "unknown_column")
