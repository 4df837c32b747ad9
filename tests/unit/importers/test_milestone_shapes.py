"""节点 in its three shapes: a node per row, nodes as columns, a phase per row; all give the same rows."""

from dataclasses import replace
from datetime import date

import pytest

from core.importers.options import MappedColumn
from core.importers.tables.spec import ParsedTable
from tests.support.tables import OPTIONS, codes, places, read_table

WANTED = [
    ("甲工程", "开工", date(2026, 3, 31), date(2026, 3, 28)),
    ("甲工程", "主体封顶", date(2026, 8, 31), None),
    ("乙工程", "开工", date(2026, 5, 31), None),
]
NODE_PER_ROW = [
    ["2026年节点计划表"],
    ["序号", "项目名称", "节点名称", "计划完成时间", "实际完成时间"],
    [1, "甲工程", "开工", "2026年3月", "2026-03-28"],
    [2, "甲工程", "主体封顶", "2026.8", None],
    [3, "乙工程", "开工", "2026-05-31", None],
]
NODES_AS_COLUMNS = [
    ["2026年节点计划表"],
    ["序号", "项目名称", "开工", None, "主体封顶", None],
    [None, None, "计划", "实际", "计划", "实际"],
    [1, "甲工程", "2026年3月", "2026-03-28", "2026.8", None],
    [2, "乙工程", "2026-05-31", None, None, None],
]
NODES_IN_ONE_HEADER_ROW = [
    ["序号", "项目名称", "计划开工时间", "实际开工时间", "主体封顶计划时间", "主体封顶实际时间"],
    *NODES_AS_COLUMNS[3:],
]
PHASE_PER_ROW = [
    ["项目名称", "阶段", "开始时间", "计划完成", "实际完成"],
    ["甲工程", "开工", "2026-01-05", "2026年3月", "2026-03-28"],
    [None, "主体封顶", "2026-04-01", "2026.8", None],
    ["乙工程", "开工", "2026-02-01", "2026-05-31", None],
]
MERGED_HEADER = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5)]


def said(table: ParsedTable) -> list[tuple[object, ...]]:
    keys = ("project_name", "name", "planned_on", "actual_on")
    return [tuple(row.values.get(key) for key in keys) for row in table.rows]


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        (NODE_PER_ROW, ()),
        (NODES_AS_COLUMNS, MERGED_HEADER),
        (NODES_AS_COLUMNS, ()),
        (NODES_IN_ONE_HEADER_ROW, ()),
        (PHASE_PER_ROW, ()),
        (PHASE_PER_ROW, [(1, 0, 2, 0)]),
    ],
    ids=["node per row", "columns", "columns unmerged", "columns in one row", "phase per row", "phase merged"],
)
def test_milestones_of_every_shape_are_the_same_rows(rows, merges) -> None:
    table = read_table("milestones", rows, merges=merges)
    assert said(table) == WANTED
    assert table.quarantined == ()
    assert set(codes(table)) <= {"carried_over", "kept_elsewhere"}


def test_milestones_as_columns_point_at_the_cell_that_is_wrong() -> None:
    rows = [list(row) for row in NODES_AS_COLUMNS]
    rows[3][4] = "八月底"
    table = read_table("milestones", rows, merges=MERGED_HEADER)
    assert places(table, "bad_date") == [(4, "E 主体封顶/计划")]


def test_milestones_project_taken_over_from_the_row_above_is_said_once() -> None:
    table = read_table("milestones", [*PHASE_PER_ROW, [None, "竣工", None, "2026-12-31", None]])
    assert said(table)[-1] == ("乙工程", "竣工", date(2026, 12, 31), None)
    assert places(table, "carried_over") == [(3, "A 项目名称")]


def test_milestones_columns_without_dates_are_no_nodes() -> None:
    rows = [["项目名称", "计划开工时间", "年度计划目标", "投资计划"], ["甲工程", "2026-03-31", "主体封顶", 500]]
    table = read_table("milestones", rows)
    assert said(table) == [("甲工程", "开工", date(2026, 3, 31), None)]
    assert [column for _, column in places(table, "unknown_column")] == ["C 年度计划目标", "D 投资计划"]


def test_milestones_mapping_may_name_the_node_of_a_column() -> None:
    mapping = (MappedColumn("封顶日", "planned_on:主体封顶"),)
    table = read_table("milestones", [["项目名称", "封顶日"], ["甲工程", "2026.8"]], replace(OPTIONS, mapping=mapping))
    assert said(table) == [("甲工程", "主体封顶", date(2026, 8, 31), None)]
    assert [column.field for column in table.sheets[0].columns] == ["project_name", "planned_on:主体封顶"]
