"""Rows that are no projects, and what projects inherit from headings."""

import pytest

from core.domain.terms import YearClass
from core.importers.ledger import ReadOptions
from tests.unit.importers.ledgers import parse, places

HEADER = ["序号", "项目名称", "建设单位", "总投资（万元）", "责任单位"]


def projects(first: int, count: int) -> list[list[object]]:
    return [[n, f"第{n}号工程", "某公司", 1000 * n, "发改局"] for n in range(first, first + count)]


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "", "", 3000],
        ["", "合 计", "", 3000],
        ["", "总计（2项）", "", 3000],
        ["", "全区", "", 3000],
        ["小计", "", "", 3000],
        [],
        ["", "", "/", ""],
        HEADER,
        ["序号", "项目名称", "建设单位"],
        ["注：标★的为省重点项目。"],
        ["", "备 注：数据截至8月底"],
        ["填表人：张三"],
        ["第2页"],
        ["2026年重点项目调度表"],
        ["一、工业（2项）"],
        ["一", "工业"],
        ["", "续建项目(2个)"],
        ["", "新开工项目"],
        ["", "（一）交通"],
        ["", "Ⅰ、铁路"],
        ["", "——铁路"],
        ["", "1、合肥市(2个)"],
        ["", "南宁市", 2, 3000],
        ["", "南宁市人民政府", "2", 3000],
        ["", "交通运输局", "", 3000],
        ["", "重大前期项目92个，总投资494亿元。其中政府投资54个。"],
    ],
)
def test_row_that_is_no_project_is_not_counted(row: list[object]) -> None:
    parsed = parse([HEADER, row, *projects(1, 2)])
    assert [r.name for r in parsed.rows] == ["第1号工程", "第2号工程"]
    assert not parsed.quarantined
    assert not parsed.problems


@pytest.mark.parametrize(
    "row",
    [
        [3, "合肥市轨道一号线", "某公司", 500, "交通局"],
        [3, "汉中综合保税区", "", 500],
        [3, "一、二期扩建工程", "某公司", 500],
        ["", "临时补录项目", "某公司", 500, "发改局"],
        ["", "君澜小区改造", "某公司", 500, ""],
    ],
)
def test_row_that_is_a_project_is_kept(row: list[object]) -> None:
    parsed = parse([HEADER, *projects(1, 2), row])
    assert [r.name for r in parsed.rows][2] == row[1]


def test_headings_hand_down_category_county_and_year_class() -> None:
    rows = [
        HEADER,
        ["一、工业（3项）"],
        ["", "续建项目(2个)"],
        *projects(1, 2),
        ["", "新开工项目（1个）"],
        *projects(3, 1),
        ["二、（交通）"],
        ["", "沂水县", 1, 4000],
        *projects(4, 1),
    ]
    parsed = parse(rows)
    seen = [(row.category, row.year_class, row.county) for row in parsed.rows]
    assert seen == [
        ("工业", YearClass.CONTINUING, None),
        ("工业", YearClass.CONTINUING, None),
        ("工业", YearClass.NEW_START, None),
        ("交通", None, "沂水县"),
    ]
    assert not parsed.problems


def test_sheet_named_like_a_county_gives_the_county() -> None:
    assert parse([HEADER, *projects(1, 1)], sheet="罗庄区").rows[0].county == "罗庄区"
    assert parse([HEADER, *projects(1, 1)], ReadOptions(2026), sheet="台账").rows[0].county is None


def test_declared_count_that_differs_is_told() -> None:
    parsed = parse([HEADER, ["一、工业（16项）"], *projects(1, 2), ["二、交通（1项）"], *projects(3, 1)])
    assert places(parsed, "declared_count") == [("台账", 2, "")]
    assert parsed.problems[0].message == "“一、工业（16项）”写明 16 项，实际读到 2 项。请核对是否漏行或多行。"


@pytest.mark.parametrize("at_end", [True, False])
def test_total_that_differs_is_told_with_the_gap(at_end: bool) -> None:
    total = ["合计", "", "", 3500]
    rows = [HEADER, *projects(1, 2), total] if at_end else [HEADER, total, *projects(1, 2)]
    parsed = parse(rows)
    assert places(parsed, "subtotal") == [("台账", 4 if at_end else 2, "D 总投资（万元）")]
    assert "填 3,500万元，逐行相加为 3,000万元，相差 500万元" in parsed.problems[0].message


def test_subtotals_of_groups_and_total_agree_silently() -> None:
    rows = [
        HEADER,
        ["合计", "", "", 10_000],
        ["一、工业"],
        *projects(1, 2),
        ["小计", "", "", 3_000],
        ["二、交通"],
        *projects(3, 2),
        ["小计", "", "", 7_000],
    ]
    assert not parse(rows).problems


def test_project_without_name_is_quarantined() -> None:
    parsed = parse([HEADER, [1, "", "某公司", 100, "发改局"], *projects(2, 1)])
    assert places(parsed, "missing_name") == [("台账", 2, "B 项目名称")]
    assert (len(parsed.rows), len(parsed.quarantined)) == (1, 1)


def test_texts_merged_over_rows_count_for_each_project() -> None:
    rows = [HEADER, *projects(1, 3)]
    parsed = parse(rows, merges=[(1, 4, 3, 4)])
    assert [row.responsible_unit for row in parsed.rows] == ["发改局"] * 3


def test_amount_merged_over_projects_is_refused_for_each() -> None:
    parsed = parse([HEADER, *projects(1, 3)], merges=[(1, 3, 2, 3)])
    assert places(parsed, "shared_amount") == [("台账", 2, "D 总投资（万元）"), ("台账", 3, "D 总投资（万元）")]
    assert [row.name for row in parsed.rows] == ["第3号工程"]


def test_project_over_two_rows_is_one_project() -> None:
    rows = [HEADER, *projects(1, 1), ["", "", "另一公司"], *projects(2, 1)]
    parsed = parse(rows, merges=[(1, 1, 2, 1), (1, 3, 2, 3)])
    assert [row.name for row in parsed.rows] == ["第1号工程", "第2号工程"]
    rows[2] = ["", "", "", 700]
    parsed = parse(rows, merges=[(1, 1, 2, 1)])
    assert places(parsed, "several_rows") == [("台账", 2, "D 总投资（万元）")]


def test_hidden_row_is_imported_and_told() -> None:
    parsed = parse([HEADER, *projects(1, 2)], hidden_rows=[1])
    assert places(parsed, "hidden_row") == [("台账", 2, "")]
    assert len(parsed.rows) == 2


def test_ditto_repeats_the_unit_above() -> None:
    parsed = parse([HEADER, *projects(1, 1), [2, "第2号工程", "同上", 2000, "〃"]])
    assert (parsed.rows[1].owner_name, parsed.rows[1].responsible_unit) == ("某公司", "发改局")


def test_counties_of_the_office_are_known_headings() -> None:
    options = ReadOptions(2026, counties=frozenset({"经开片区"}))
    parsed = parse([HEADER, ["", "经开片区", 1, 1000], *projects(1, 1)], options)
    assert parsed.rows[0].county == "经开片区"
