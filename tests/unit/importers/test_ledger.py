"""A whole ledger: clean, with each defect planted, in many formats."""

import random
import time
from collections.abc import Callable
from datetime import date

import pytest

from core.domain.terms import FundingSource, ProjectLevel, YearClass
from core.importers.cells.people import PersonName
from core.importers.ledger import parse_ledger
from core.importers.options import ReadOptions
from core.importers.problems import PROBLEMS, Severity
from tests.unit.importers.ledgers import (
    CODE,
    COUNTY,
    FINISH,
    FIRST_ROW,
    HEADER,
    MONTH,
    NAME,
    OPTIONS,
    PLAN,
    RATE,
    START,
    TOTAL,
    YEAR,
    YTD,
    codes,
    ledger,
    only,
    parse,
    places,
    project,
    xlsx,
)

Rows = list[list[object]]


def test_parse_ledger_clean_file_gives_typed_rows_and_no_problem() -> None:
    parsed = parse(ledger(8))
    assert not parsed.problems
    assert not parsed.quarantined
    row = parsed.rows[0]
    assert (row.sheet, row.row, row.year, row.month) == ("台账", FIRST_ROW, 2026, 8)
    assert row.national_code == "2604-371302-04-01-000001"
    assert (row.name, row.county, row.category) == ("第1号智能装备产业园", "兰山区", "工业")
    assert row.year_class is YearClass.CONTINUING
    assert (row.total_investment_yuan, row.annual_plan_yuan) == (201_000_000, 50_250_000)
    assert (row.month_done_yuan, row.ytd_done_yuan) == (3_140_000, 25_120_000)
    assert (row.start_planned_on, row.finish_planned_on) == (date(2025, 3, 1), date(2027, 12, 31))
    assert row.sponsor_leaders == (PersonName("张三"), PersonName("李四"))
    assert parsed.totals["total_investment_yuan"] == sum(20_000 + n * 100 for n in range(1, 9)) * 10_000


def plant(row: int, column: int, value: object) -> Callable[[Rows], None]:
    def spoil(rows: Rows) -> None:
        rows[row - 1][column] = value

    return spoil


def copy_row(target: int, source: int, *columns: int) -> Callable[[Rows], None]:
    def spoil(rows: Rows) -> None:
        for column in columns:
            rows[target - 1][column] = rows[source - 1][column]

    return spoil


DEFECTS = [
    (plant(6, TOTAL, "约5000"), "approximate_amount", 6, "I 总投资（万元）"),
    (plant(6, TOTAL, "2亿美元"), "foreign_currency", 6, "I 总投资（万元）"),
    (plant(6, PLAN, "5万亩"), "not_money_unit", 6, "J 2026年计划投资（万元）"),
    (plant(6, PLAN, "5000-8000"), "amount_range", 6, "J 2026年计划投资（万元）"),
    (plant(6, YTD, "待定"), "withheld", 6, "L 1-8月累计完成（万元）"),
    (plant(6, TOTAL, -1), "negative_amount", 6, "I 总投资（万元）"),
    (plant(6, TOTAL, "同上"), "ditto_amount", 6, "I 总投资（万元）"),
    (plant(6, NAME, ""), "missing_name", 6, "C 项目名称"),
    (plant(6, NAME, "甲" * 201), "too_long", 6, "C 项目名称"),
    (plant(6, CODE, "2604-371302-04-01-12"), "bad_project_code", 6, "B 项目代码"),
    (plant(6, CODE, "2604-000052-04-01-123456"), "unusual_region_code", 6, "B 项目代码"),
    (plant(6, FINISH, "2027-13-01"), "bad_date", 6, "O 计划竣工时间"),
    (plant(6, START, 2025.1), "ambiguous_date", 6, "N 计划开工时间"),
    (plant(6, START, "2028年3月"), "dates_reversed", 6, "N 计划开工时间"),
    (plant(6, RATE, "过半"), "bad_percent", 6, "M 完成年度计划%"),
    (plant(6, RATE, 97), "annual_rate", 6, "M 完成年度计划%"),
    (plant(6, 5, "火星类"), "unknown_word", 6, "F 年度类别"),
    (plant(6, TOTAL, 203_000_000), "magnitude", 6, "I 总投资（万元）"),
    (plant(6, PLAN, 25_000), "annual_over_total", 6, "J 2026年计划投资（万元）"),
    (plant(6, MONTH, 4_000), "month_over_ytd", 6, "K 本月完成（万元）"),
    (copy_row(6, 4, CODE), "duplicate_code", 6, "B 项目代码"),
    (copy_row(6, 4, NAME), "same_name_other_code", 6, "C 项目名称"),
    (lambda rows: (copy_row(6, 4, NAME)(rows), plant(6, CODE, "")(rows)), "duplicate_name", 6, "C 项目名称"),
]


@pytest.mark.parametrize(
    ("spoil", "code", "row", "column"), DEFECTS, ids=[f"{d[1]}-{i}" for i, d in enumerate(DEFECTS)]
)
def test_parse_ledger_planted_defect_is_placed(spoil: Callable[[Rows], None], code: str, row: int, column: str) -> None:
    rows = ledger(8)
    spoil(rows)
    parsed = parse(rows)
    assert places(parsed, code) == [("台账", row, column)]
    is_refused = PROBLEMS[code].severity is Severity.REFUSE
    assert [one.row for one in parsed.quarantined] == ([row] if is_refused else [])
    assert len(parsed.rows) + len(parsed.quarantined) == parsed.row_count == 8


def test_parse_ledger_large_amount_passes_when_checked() -> None:
    rows = ledger(8)
    rows[5][TOTAL] = 203_000_000
    assert not places(parse(rows, ReadOptions(YEAR, accept_large_amounts=True)), "magnitude")


def test_parse_ledger_truly_large_project_is_believed() -> None:
    rows = ledger(8)
    rows[5][TOTAL], rows[5][PLAN], rows[5][YTD], rows[5][MONTH] = 30_000_000, 1_000_000, 500_000, 60_000
    rows[5][RATE] = 50
    assert not parse(rows).problems


def test_parse_ledger_whole_column_in_yuan_refuses_the_sheet() -> None:
    rows = ledger(8)
    for row in rows[3:]:
        row[TOTAL] = int(str(row[TOTAL])) * 10_000
    parsed = parse(rows)
    assert places(parsed, "column_magnitude") == [("台账", 3, "I 总投资（万元）")]
    assert (len(parsed.rows), len(parsed.quarantined)) == (0, 8)


def funded(total: object, *parts: object) -> Rows:
    return [
        ["序号", "项目名称", "总投资（万元）", "资金来源（万元）", "", ""],
        ["", "", "", "中央", "专项债", "自筹"],
        [1, "甲", total, *parts],
    ]


FUNDED_MERGES = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 5)]


def test_parse_ledger_funding_is_read_by_source() -> None:
    row = parse(funded(1000, 300, 300, 400), merges=FUNDED_MERGES).rows[0]
    assert dict(row.funding) == {
        FundingSource.CENTRAL_BUDGET: 3_000_000,
        FundingSource.SPECIAL_BOND: 3_000_000,
        FundingSource.ENTERPRISE: 4_000_000,
    }


def test_parse_ledger_funding_gap_is_told() -> None:
    assert not parse(funded(1000, 300, 300, 401), merges=FUNDED_MERGES).problems  # within 1 万元
    problem = only(parse(funded(1000, 300, 300, 500), merges=FUNDED_MERGES))
    assert (problem.code, problem.row, problem.column) == ("funding_sum", 3, "C 总投资（万元）")
    assert problem.message == "资金来源之和 1,100万元 与总投资 1,000万元 相差 100万元。请核对各项来源。"


def monthly(annual: object, months: list[object]) -> Rows:
    heads = [f"{n}月" for n in range(1, 13)]
    return [
        ["项目名称", "总投资（万元）", "2026年计划投资（万元）", "月度计划（万元）", *[""] * 11],
        ["", "", "", *heads],
        ["甲", 9000, annual, *months],
    ]


def test_parse_ledger_months_fill_january_to_december_and_must_add_up() -> None:
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 14)]
    parsed = parse(monthly(1200, [100] * 11 + ["/"]), merges=merges)
    assert parsed.rows[0].month_plans_yuan == (1_000_000,) * 11 + (None,)
    problem = only(parsed)
    assert (problem.code, problem.row, problem.column) == ("months_sum", 3, "C 2026年计划投资（万元）")
    assert not parse(monthly(1200, [100] * 12), merges=merges).problems


@pytest.mark.parametrize(
    ("title", "header", "typed", "yuan"),
    [
        ("单位：亿元", "总投资", 1.25, 125_000_000),
        ("单位：万元、亩", "总投资", 1250, 12_500_000),
        ("单位：万元", "总投资（亿元）", 1.25, 125_000_000),
        ("单位：万元", "总投资", "1.25亿元", 125_000_000),
        ("", "总投资\n（元）", 12_500_000, 12_500_000),
    ],
)
def test_parse_ledger_unit_comes_from_cell_then_header_then_sheet(
    title: str, header: str, typed: object, yuan: int
) -> None:
    parsed = parse([["重点项目表", "", title], ["序号", "项目名称", header], [1, "甲", typed]])
    assert parsed.rows[0].total_investment_yuan == yuan
    assert not parsed.problems


@pytest.mark.parametrize(("typed", "unit"), [(12_000, "万元"), (3.5, "亿元"), (120_000_000, "元")])
def test_parse_ledger_unit_that_nobody_states_is_taken_from_the_column_and_told(typed: float, unit: str) -> None:
    parsed = parse([["序号", "项目名称", "总投资"], [1, "甲", typed], [2, "乙", typed * 1.1]])
    problem = only(parsed)
    assert (problem.code, problem.row, problem.column) == ("unit_assumed", 1, "C 总投资")
    assert f"按数额大小理解为{unit}" in problem.message


def test_parse_ledger_unit_that_nothing_tells_is_asked() -> None:
    rows: Rows = [["序号", "项目名称", "总投资"], [1, "甲", 120], [2, "乙", 140]]
    parsed = parse(rows)
    assert places(parsed, "unit_unknown") == [("台账", 1, "C 总投资")]
    assert (len(parsed.rows), len(parsed.quarantined)) == (0, 2)
    answered = parse(rows, ReadOptions(YEAR, money_unit="万元"))
    assert answered.totals == {"total_investment_yuan": 2_600_000}


def test_parse_ledger_years_other_than_the_ledgers_are_left_out() -> None:
    header = [
        "项目名称",
        "总投资（万元）",
        "2025年完成投资（万元）",
        "2026年计划投资（万元）",
        "2027年计划投资（万元）",
    ]
    parsed = parse([header, ["甲", 9000, 10, 20, 30]])
    assert parsed.rows[0].annual_plan_yuan == 200_000
    assert places(parsed, "other_year") == [
        ("台账", 1, "C 2025年完成投资（万元）"),
        ("台账", 1, "E 2027年计划投资（万元）"),
    ]


def test_parse_ledger_of_another_year_says_so() -> None:
    parsed = parse([["2024年重点项目"], ["项目名称", "总投资（万元）", "年度计划投资（万元）"], ["甲", 9000, 20]])
    assert parsed.rows[0].year == 2024
    assert only(parsed).code == "year_differs"


def test_parse_ledger_cumulative_without_start_is_decided_by_size() -> None:
    header = ["项目名称", "总投资（万元）", "年度计划投资（万元）", "累计完成投资（万元）"]
    within = parse([header, ["甲", 9000, 1000, 800], ["乙", 9000, 1000, 900]])
    assert within.rows[0].ytd_done_yuan == 8_000_000
    beyond = parse([header, ["甲", 9000, 1000, 5000], ["乙", 9000, 1000, 900]])
    assert beyond.rows[0].since_start_done_yuan == 50_000_000
    assert places(beyond, "period_assumed") == [("台账", 1, "D 累计完成投资（万元）")]


def test_parse_ledger_percent_column_of_ratios_follows() -> None:
    header = ["项目名称", "总投资（万元）", "年度计划投资（万元）", "本年累计完成（万元）", "完成年度计划%"]
    assert not parse([header, ["甲", 9000, 1000, 970, 0.97], ["乙", 9000, 1000, 500, 0.5]]).problems
    assert not parse([header, ["甲", 9000, 1000, 970, 97], ["乙", 9000, 1000, 500, "50%"]]).problems
    spoiled = parse([header, ["甲", 9000, 1000, 970, 0.97], ["乙", 9000, 1000, 500, 0.9]])
    assert places(spoiled, "annual_rate") == [("台账", 3, "E 完成年度计划%")]


def test_parse_ledger_project_name_over_two_columns() -> None:
    rows: Rows = [["项目名称", "", "总投资（万元）"], [1, "甲项目", 900], [2, "乙项目", 800]]
    assert [row.name for row in parse(rows, merges=[(0, 0, 0, 1)]).rows] == ["甲项目", "乙项目"]


def test_parse_ledger_serial_numbers_are_no_codes() -> None:
    rows: Rows = [["编号", "项目名称", "总投资（万元）"], [1, "甲", 900], [2, "乙", 800]]
    assert [row.code for row in parse(rows).rows] == [None, None]
    rows = [["项目编号", "项目名称", "总投资（万元）"], ["LY-1", "甲", 900]]
    assert parse(rows).rows[0].code == "LY-1"


def test_parse_ledger_nature_is_told_from_year_class() -> None:
    header = ["项目名称", "总投资（万元）", "建设性质", "项目级别"]
    plan = parse([header, ["甲", 900, "续建", "省重点"], ["乙", 800, "新建", "市级"]])
    assert [row.year_class for row in plan.rows] == [YearClass.CONTINUING, YearClass.NEW_START]
    assert [row.level for row in plan.rows] == [ProjectLevel.PROVINCE, ProjectLevel.CITY]
    kind = parse([header, ["甲", 900, "扩建", "县级"], ["乙", 800, "新建", "国家"]])
    assert [row.nature for row in kind.rows] == ["扩建", "新建"]


def test_parse_ledger_unknown_and_doubled_columns_are_told() -> None:
    parsed = parse([["项目名称", "总投资（万元）", "投资额（万元）", "五行"], ["甲", 900, "", "木"]])
    assert places(parsed, "duplicate_column") == [("台账", 1, "C 投资额（万元）")]
    assert places(parsed, "unknown_column") == [("台账", 1, "D 五行")]
    assert parsed.rows[0].total_investment_yuan == 9_000_000


def test_parse_ledger_without_header_says_what_is_missing() -> None:
    parsed = parse([["甲", 1], ["乙", 2]])
    assert codes(parsed) == {"header_not_found", "nothing_found"}
    assert places(parsed, "header_not_found") == [("台账", 0, "")]


def test_parse_ledger_empty_template_has_no_projects() -> None:
    assert codes(parse([HEADER])) >= {"no_projects", "nothing_found"}


def test_parse_ledger_text_file_equals_workbook() -> None:
    rows = ledger(5)
    text = "\n".join(",".join(f'"{value}"' for value in row) for row in rows)
    parsed = parse_ledger(text.encode("gb18030"), "台账", OPTIONS)
    assert not parsed.problems
    assert parsed.totals == parse(rows).totals
    assert parsed.rows == parse(rows).rows


def dirty_ledger() -> Rows:
    """A hundred projects of a district in the state in which such files arrive."""
    chance = random.Random(20_260_822)
    rows: Rows = [["某市2026年重点项目\n调度表"], ["填报单位：市发改局", "", "", "", "", "", "", "", "单位：万元"]]
    rows.append(["序号", "项目代码", " 项目\n名称", *HEADER[3:]])
    counties = ["兰山区", "罗庄区", "沂水县"]
    number = 0
    for place, category in enumerate(("工业", "交通", "民生", "农业")):
        rows.append([f"{'一二三四'[place]}、{category}（25项）"])
        for _ in range(25):
            number += 1
            row = project(number)
            row[COUNTY] = chance.choice(counties)
            row[6] = ""
            if chance.random() < 0.5:
                row[NAME] = f" 第{number}号智能 \n装备产业园 "
            if chance.random() < 0.5:
                row[TOTAL] = f"{row[TOTAL]:,}"
            if chance.random() < 0.3:
                row[PLAN] = f"{int(str(row[PLAN])) / 10_000:.4f}亿元"
            if chance.random() < 0.2:
                row[15] = " 市 工信局\n"
            rows.append(row)
    whole = sum(20_000 + n * 100 for n in range(1, 101))
    rows.extend([["合计", "", "", "", "", "", "", "", whole], ["注：本表数据截至8月底。"]])
    return rows


def test_parse_ledger_realistic_hundred_rows_read_without_loss() -> None:
    parsed = parse(dirty_ledger())
    assert not parsed.problems
    assert (len(parsed.rows), len(parsed.quarantined)) == (100, 0)
    assert [row.name for row in parsed.rows] == [f"第{n}号智能装备产业园" for n in range(1, 101)]
    assert {row.responsible_unit for row in parsed.rows} == {"市工信局"}
    assert [row.category for row in parsed.rows[::25]] == ["工业", "交通", "民生", "农业"]
    plans = [(20_000 + n * 100) // 4 * 10_000 for n in range(1, 101)]
    assert parsed.totals["annual_plan_yuan"] == sum(plans)


def test_parse_ledger_ten_thousand_rows_in_time() -> None:
    data = xlsx(ledger(10_000))
    started = time.process_time()
    parsed = parse_ledger(data, "大表.xlsx", OPTIONS)
    assert time.process_time() - started < 3.0
    assert len(parsed.rows) == 10_000
