"""Headers: aliases, parents and children, split words, numbering rows, titles above."""

import pytest

from core.domain.terms import FundingSource
from core.importers.columns.fields import Column, Field
from core.importers.columns.header import Header, find_header
from core.importers.columns.meaning import read_column
from core.importers.sheet import Cell, MergedRange, Sheet


def header_of(rows: list[list[Cell]], merges: tuple[MergedRange, ...] = ()) -> Header:
    header = find_header(Sheet("表", True, rows, merges))
    assert header is not None
    return header


def fields_of(header: Header) -> dict[str, Field | None]:
    return {column.label.split(" ")[0]: column.field for column in header.columns}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("项目单位及名称", Field.NAME),
        ("工 程\n名 称", Field.NAME),
        ("★项目名称", Field.NAME),
        ("所在市县", Field.COUNTY),
        ("隶属区县", Field.COUNTY),
        ("项目地点", Field.LOCATION),
        ("投资额", Field.TOTAL),
        ("项目总投资", Field.TOTAL),
        ("本年度计划投资", Field.ANNUAL_PLAN),
        ("年计划投资", Field.ANNUAL_PLAN),
        ("计划完成投资", Field.ANNUAL_PLAN),
        ("预计投资", Field.ANNUAL_PLAN),
        ("年度工作目标", Field.ANNUAL_GOAL),
        ("年主要建设任务", Field.ANNUAL_GOAL),
        ("工程形象进度", Field.ANNUAL_GOAL),
        ("建设周期", Field.PERIOD),
        ("计划工期", Field.PERIOD),
        ("主责单位", Field.RESPONSIBLE_UNIT),
        ("牵头单位", Field.LEAD_UNIT),
        ("项目法人", Field.OWNER),
        ("建设单位（项目业主）", Field.OWNER),
        ("服务（帮办）单位", Field.SERVICE_UNIT),
        ("挂钩领导", Field.SPONSORS),
        ("当月完成投资", Field.MONTH_DONE),
        ("年初至报告期累计", Field.YTD_DONE),
        ("今年累计完成投资", Field.YTD_DONE),
        ("1—10月累计完成", Field.YTD_DONE),
        ("开工至报告期累计", Field.SINCE_START_DONE),
        ("自开工累计完成投资", Field.SINCE_START_DONE),
        ("截至上年底累计完成投资", Field.PRIOR_DONE),
        ("截至2025年底完成投资", Field.PRIOR_DONE),
        ("累计完成投资", Field.CUMULATIVE_DONE),
        ("占年计划%", Field.ANNUAL_RATE),
        ("投资完成率", Field.ANNUAL_RATE),
        ("占总投资比例", Field.TOTAL_RATE),
        ("实际开工时间", Field.STARTED),
        ("计划竣工时间", Field.FINISH_PLANNED),
        ("是否入统", Field.IN_STATISTICS),
        ("入库时间", Field.ENTERED_STATISTICS),
        ("统计项目编码", Field.STATISTICS_CODE),
        ("项目代码", Field.NATIONAL_CODE),
        ("需协调解决的问题", Field.COORDINATION),
        ("存在问题", Field.PROBLEM),
        ("用地面积（亩）", Field.LAND_AREA),
        ("红黄绿", Field.ELSEWHERE),
        ("形象进度", Field.PROGRESS),
        ("企业自筹", Field.FUNDING),
        ("五行八卦", None),
    ],
)
def test_read_column_alias_is_understood(text: str, field: Field | None) -> None:
    assert read_column(0, (text,)).field is field


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("资金来源", "计划总投资"), Field.TOTAL),
        (("2024年计划投资", "计划总投资"), Field.ANNUAL_PLAN),
        (("2024年计划投资", "市财政"), Field.ELSEWHERE),
        (("2024年计划投资", "主要建设内容"), Field.ANNUAL_GOAL),
        (("2020年计划", "计划投资"), Field.ANNUAL_PLAN),
        (("2020年计划", "进度目标"), Field.ANNUAL_GOAL),
        (("总投资", "合计"), Field.TOTAL),
        (("总投资", "其中：政府投资"), Field.FUNDING),
        (("月度计划", "3月"), Field.MONTH_PLAN),
        (("月度投资计划（万元）", "3"), Field.MONTH_PLAN),
        (("月度完成投资", "3月"), Field.MONTH_ACTUAL),
        (("开工时间", "计划"), Field.START_PLANNED),
        (("开工时间", "实际"), Field.STARTED),
        (("责任单位及责任人", "单位"), Field.RESPONSIBLE_UNIT),
        (("责任单位及责任人", "责任人"), Field.RESPONSIBLE_PERSONS),
        (("建设起", "止年限"), Field.PERIOD),
        (("总投", "资"), Field.TOTAL),
        (("总投资", "（万元）"), Field.TOTAL),
    ],
)
def test_read_column_child_is_understood_through_its_parent(path: tuple[str, ...], field: Field) -> None:
    assert read_column(0, path).field is field


def test_read_column_takes_unit_year_month_source() -> None:
    assert read_column(0, ("总投资", "（亿元）")).unit == "亿元"
    assert read_column(0, ("2025年计划投资/万元",)) == Column(
        0, "2025年计划投资/万元", Field.ANNUAL_PLAN, "万元", 2025, None, None
    )
    assert read_column(0, ("1-8月累计完成",)).month == 8
    assert read_column(0, ("月度计划", "11月")).month == 11
    assert read_column(0, ("资金来源", "专项债券")).source is FundingSource.SPECIAL_BOND


def test_find_header_below_title_and_unit_rows() -> None:
    header = header_of(
        [
            ["2026年重点项目调度表"],
            ["填报单位：发改局", "", "单位：万元"],
            ["序号", "项目名称", "总投资"],
            [1, "甲", 5.5],
        ]
    )
    assert (header.first_row, header.data_row) == (2, 3)
    assert header.title == "2026年重点项目调度表\n填报单位：发改局\n单位：万元"


def test_find_header_three_merged_rows_with_numbering_row() -> None:
    rows: list[list[Cell]] = [
        ["序号", "项目名称", "投资情况", "", "", "责任"],
        ["", "", "总投资", "2026年", "", ""],
        ["", "", "", "计划投资", "形象目标", "单位"],
        ["甲", "乙", 1, 2, 3, 4],
        [1, "A项目", 100, 50, "主体封顶", "发改局"],
    ]
    merges = (
        ((0, 0), (2, 0)),
        ((0, 1), (2, 1)),
        ((0, 2), (0, 4)),
        ((1, 2), (2, 2)),
        ((1, 3), (1, 4)),
        ((0, 5), (1, 5)),
    )
    header = header_of(rows, merges)
    assert header.data_row == 4
    assert fields_of(header) == {
        "A": Field.SEQUENCE,
        "B": Field.NAME,
        "C": Field.TOTAL,
        "D": Field.ANNUAL_PLAN,
        "E": Field.ANNUAL_GOAL,
        "F": Field.RESPONSIBLE_UNIT,
    }


def test_find_header_text_file_spreads_unmerged_parents() -> None:
    rows: list[list[Cell]] = [
        ["序号", "项目名称", "总投资", "2026年计划", "", "建设起", "月度计划", ""],
        ["", "", "（万元）", "投资", "形象进度", "止年限", "1月", "2月"],
        ["1", "甲", "100", "50", "完工", "2025-2026", "3", "4"],
    ]
    header = header_of(rows)
    assert header.data_row == 2
    assert list(fields_of(header).values()) == [
        Field.SEQUENCE,
        Field.NAME,
        Field.TOTAL,
        Field.ANNUAL_PLAN,
        Field.ANNUAL_GOAL,
        Field.PERIOD,
        Field.MONTH_PLAN,
        Field.MONTH_PLAN,
    ]


def test_find_header_without_project_name_is_none() -> None:
    assert find_header(Sheet("表", True, [["宗地代码", "坐落", "面积"], ["1", "2", "3"]])) is None
