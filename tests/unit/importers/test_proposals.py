"""Unknown tables: what is proposed for each column, what is asked, and that nothing is read before somebody agrees."""

from dataclasses import replace

import pytest

from core.importers.columns.by_values import fields_by_values
from core.importers.columns.column_reading import ColumnReading
from core.importers.columns.fields import Field
from core.importers.columns.propose import fields_by_words, propose
from core.importers.options import MappedColumn
from core.importers.read_sheet import Certainty
from core.importers.row import ParsedLedger
from tests.unit.importers.ledgers import LEADERS, NAME, OPTIONS, PLAN, TOTAL, UNIT, YTD, codes, ledger, parse, places


def reading(parsed: ParsedLedger, label: str) -> ColumnReading:
    return next(one for one in parsed.columns if one.label == label)


def with_header(rows: list[list[object]], index: int, text: str) -> list[list[object]]:
    rows[2][index] = text
    return rows


def test_known_columns_are_shown_with_unit_period_and_samples() -> None:
    parsed = parse(ledger(4))
    total = reading(parsed, "I 总投资（万元）")
    assert (total.field, total.certainty, total.unit, total.question) == (
        "total_investment_yuan",
        Certainty.HEADER,
        "万元",
        "",
    )
    assert total.samples == ("20100", "20200", "20300")
    assert reading(parsed, "K 本月完成（万元）").period == "本月"
    assert reading(parsed, "L 1-8月累计完成（万元）").period == "本年累计"


def test_unknown_header_is_proposed_from_words_and_values_but_not_read() -> None:
    parsed = parse(with_header(ledger(5), UNIT, "责认单位"))
    column = reading(parsed, "P 责认单位")
    assert (column.field, column.certainty) == ("responsible_unit", Certainty.PROPOSED)
    assert places(parsed, "column_proposed") == [("台账", 3, "P 责认单位")]
    assert "责任单位" in column.question
    assert parsed.rows[0].responsible_unit is None


def test_proposal_is_read_once_it_is_settled() -> None:
    rows = with_header(ledger(5), UNIT, "责认单位")
    column = reading(parse(rows), "P 责认单位")
    answer = MappedColumn(column.header, column.field, column.unit, column.occurrence)
    parsed = parse(rows, replace(OPTIONS, mapping=(answer,)))
    assert parsed.rows[0].responsible_unit == "市工信局"
    assert reading(parsed, "P 责认单位").certainty is Certainty.SETTLED


def test_sheet_as_read_carries_period_choices_and_question() -> None:
    (sheet,) = parse(with_header(ledger(5), LEADERS, "挂联")).sheets
    column = next(one for one in sheet.columns if one.header == "挂联")
    assert (column.field, column.choices[0]) == ("", "sponsor_leaders")
    assert "挂联" not in column.question
    assert "包保领导" in column.question
    assert next(one for one in sheet.columns if one.field == "month_done_yuan").period == "本月"


def test_column_that_can_be_two_fields_offers_both() -> None:
    parsed = parse(with_header(ledger(5), LEADERS, "挂联"))
    column = reading(parsed, "Q 挂联")
    assert column.choices == ("sponsor_leaders", "responsible_persons", "contacts")
    assert column.question


def test_cumulated_column_without_start_offers_both_periods() -> None:
    parsed = parse(with_header(ledger(5), YTD, "累计完成投资（万元）"))
    column = reading(parsed, "L 累计完成投资（万元）")
    assert (column.certainty, column.period) == (Certainty.VALUES, "本年累计")
    assert column.choices == ("ytd_done_yuan", "since_start_done_yuan")
    assert column.question


def test_unit_that_was_assumed_is_asked() -> None:
    rows = ledger(5)
    for index, text in ((TOTAL, "总投资"), (PLAN, "2026年计划投资"), (PLAN + 1, "本月完成"), (YTD, "1-8月累计完成")):
        rows[2][index] = text
    column = reading(parse(rows), "I 总投资")
    assert column.unit == "万元"
    assert column.question


def test_header_without_project_name_is_proposed_and_all_rows_wait() -> None:
    rows = with_header(ledger(5), NAME, "标的物")
    parsed = parse(rows)
    assert places(parsed, "name_proposed") == [("台账", 3, "C 标的物")]
    assert (len(parsed.rows), len(parsed.quarantined)) == (0, 5)
    assert parsed.quarantined[0].name == "第1号智能装备产业园"
    settled = parse(rows, replace(OPTIONS, mapping=(MappedColumn("标的物", "name"),)))
    assert len(settled.rows) == 5


def headless() -> list[list[object]]:
    return [["重点项目"], *[row[1:] for row in ledger(6)[3:]]]


def test_table_without_header_is_proposed_by_its_values() -> None:
    parsed = parse(headless())
    assert places(parsed, "header_missing") == [("台账", 1, "B B列")]
    assert (len(parsed.rows), len(parsed.quarantined)) == (0, 6)
    assert reading(parsed, "A A列").field == "national_code"
    assert reading(parsed, "G G列").field == "period"
    assert reading(parsed, "H H列").choices[0] == "total_investment_yuan"


def test_table_without_header_is_read_once_settled() -> None:
    mapping = (
        MappedColumn("A列", "national_code"),
        MappedColumn("B列", "name"),
        MappedColumn("H列", "total_investment_yuan", "万元"),
    )
    parsed = parse(headless(), replace(OPTIONS, mapping=mapping))
    assert [row.total_investment_yuan for row in parsed.rows][:2] == [201_000_000, 202_000_000]
    assert "header_missing" not in codes(parsed)


def test_table_without_header_starting_in_the_first_row_waits_as_well() -> None:
    parsed = parse(headless()[1:])
    assert places(parsed, "header_missing") == [("台账", 0, "B B列")]
    assert len(parsed.quarantined) == 6


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["2504-371302-04-01-123456"] * 3, Field.NATIONAL_CODE),
        (["13900000000", "0539-8123456", "13900000001"], Field.PHONE),
        (["是", "否", "是"], Field.IS_STARTED),
        (["续建", "新开工", "续建项目"], Field.YEAR_CLASS),
        (["45%", "30%", "100.5%"], Field.ANNUAL_RATE),
        (["2025年3月", "2025-06-30", "2026.05"], Field.START_PLANNED),
        (["2025.3-2027.12", "2024年至2026年", "2023-2025"], Field.PERIOD),
        ([100.5, "1,200", "3亿元"], Field.TOTAL),
        (["兰山区", "沂水县", "兰山区"], Field.COUNTY),
        (["市工信局", "市住建局", "市发改委"], Field.RESPONSIBLE_UNIT),
        (["甲机械有限公司", "乙能源集团", "丙化工厂"], Field.OWNER),
        (["张三、李四", "王五", "赵六"], Field.SPONSORS),
    ],
)  # fmt: skip
def test_fields_by_values_tells_kinds_of_values(values: list[object], first: Field) -> None:
    assert fields_by_values(values)[0] is first  # type: ignore[arg-type]


def test_fields_by_values_of_few_or_mixed_values_is_empty() -> None:
    assert fields_by_values(["是", "否"]) == ()
    assert fields_by_values(["甲", 3, "2025年3月", "13900000000"]) == ()


def test_words_propose_an_amount_only_over_amounts() -> None:
    assert fields_by_words("总投咨") == (Field.TOTAL,)
    assert propose("总投咨", ["好", "很好", "一般"], frozenset()) == (Field.TOTAL,)
    assert Field.TOTAL not in propose("总投咨", ["兰山区", "沂水县", "兰山区"], frozenset())
    assert propose("总投咨", [1, 2, 30.5], frozenset({Field.TOTAL})) == ()
