"""What counts as a table: headers, titles, several tables, units, hidden parts, files."""

import time

import pytest

from core.importers.problems import UnreadableFile
from core.importers.sheet import Sheet
from core.importers.summary.model import ColumnKind, LineKind
from core.importers.summary.reconcile import MAX_ROWS, reconcile_file, reconcile_sheets
from core.importers.summary.tables import find_tables
from core.importers.summary.words import column_kind, paces_in
from tests.unit.importers.ledgers import xlsx
from tests.unit.importers.summaries import check, only, places, qinzhou, sheet, subjects


@pytest.mark.parametrize(
    ("path", "kind", "unit"),
    [
        (("总投资（亿元）",), ColumnKind.AMOUNT, "亿元"),
        (("本期新增（亿元）",), ColumnKind.AMOUNT, "亿元"),
        (("占地面积（亩）",), ColumnKind.AMOUNT, "亩"),
        (("投资完成率",), ColumnKind.RATE, ""),
        (("完成年度百分比(%)",), ColumnKind.RATE, ""),
        (("占比",), ColumnKind.RATE, ""),
        (("项目个数",), ColumnKind.COUNT, ""),
        (("项目（个）", "计划"), ColumnKind.COUNT, ""),
        (("已开工数",), ColumnKind.COUNT, ""),
        (("与序时差",), ColumnKind.GAP, ""),
        (("比序时进度±百分点",), ColumnKind.GAP, ""),
        (("序时进度",), ColumnKind.PACE, ""),
        (("同比增长（%）",), ColumnKind.GROWTH, ""),
        (("同比增加额（万元）",), ColumnKind.DIFFERENCE, "万元"),
        (("排名",), ColumnKind.RANK, ""),
        (("投资", "位次"), ColumnKind.RANK, ""),
        (("综合得分",), ColumnKind.OTHER, ""),
        (("亩均税收（万元/亩）",), ColumnKind.OTHER, "亩"),
        (("序号",), ColumnKind.SEQUENCE, ""),
        (("项目代码",), ColumnKind.TEXT, ""),
    ],
    ids=lambda value: "/".join(value) if isinstance(value, tuple) else None,
)
def test_column_kind_follows_from_header_words(path, kind, unit):
    assert column_kind(path) == (kind, unit)


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("1-10月", [20]), ("1—8月上半月", [15]), ("截至2025年9月底", [18]), ("前三季度", [18]), ("上半年", [12]),
        ("一季度", [6]), ("2025年8月", []), ("重点项目", []),
    ],
)  # fmt: skip
def test_months_of_a_title_give_the_pace(text, halves):
    assert [pace.half_months for pace in paces_in(text)] == halves


def test_two_tables_of_one_sheet_are_checked_apart():
    rows = [
        ["表一 开工情况"], ["县区", "计划（个）", "已开工（个）", "开工率"], ["甲", 10, 8, 0.8], ["乙", 10, 9, 0.9],
        ["合计", 20, 17, 0.85], [],
        ["表二 1-9月投资情况"], ["", "", "", "单位：万元"], ["县区", "年度计划", "累计完成", "完成率"],
        ["甲", 500, 400, "80%"], ["乙", 900, 450, "55%"], ["合计", 1_400, 850, "60.7%"],
    ]  # fmt: skip
    found = check(rows)
    assert [(table.title, table.header_row, len(table.lines)) for table in found.tables] == [
        ("表一 开工情况", 2, 3), ("表二 1-9月投资情况", 9, 3),
    ]  # fmt: skip
    assert places(found) == [("summary_rate", 11, "D")]


def test_merged_three_row_header_is_read_from_parent_to_child():
    rows = [
        ["项目情况表"], ["县区", "投资情况（亿元）", "", "", "开工情况（个）", ""],
        ["", "年度计划", "完成情况", "", "应开工", "已开工"],
        ["", "", "累计", "完成率（%）", "", ""], ["甲", 10.5, 8.4, 80.0, 10, 9], ["乙", 20.4, 15.3, 75.0, 20, 16],
        ["丙", 30.2, 22.1, 73.2, 30, 21], ["合计", 61.1, 45.8, 75.0, 60, 46],
    ]  # fmt: skip
    merges = [((1, 0), (3, 0)), ((1, 1), (1, 3)), ((1, 4), (1, 5)), ((2, 1), (3, 1)), ((2, 2), (2, 3))]
    found = check(rows, merges=merges)
    assert found.findings == ()
    group = "投资情况（亿元）"
    rate = f"D {group}/完成情况/完成率（%） = C {group}/完成情况/累计 ÷ B {group}/年度计划，四舍五入"
    assert rate in subjects(found)


def test_numbering_row_repeated_header_and_notes_are_no_data():
    header = ["县区", "项目数（个）", "投资（万元）"]
    rows = [
        header, [1, 2, 3], ["东", 3, 300], ["西", 4, 400], header, ["南", 5, 500], ["合计", 12, 1_200],
        ["注：数据由各县区填报。"],
    ]  # fmt: skip
    found = check(rows)
    assert found.findings == ()
    assert [(line.row, line.kind) for line in found.tables[0].lines if line.figures] == [
        (3, LineKind.DETAIL), (4, LineKind.DETAIL), (6, LineKind.DETAIL), (7, LineKind.TOTAL),
    ]  # fmt: skip


def test_years_as_headers_are_no_data():
    rows = [["县区", 2023, 2024], ["甲", 310, 300], ["乙", 420, 400], ["合计", 730, 701]]
    assert places(check(rows)) == [("summary_total_rounding", 4, "C")]


def test_hidden_row_counts_and_is_named():
    rows = [["县区", "项目数（个）"], ["甲", 3], ["乙", 4], ["合计", 7]]
    finding = only(check(rows, hidden=[2]))
    assert (finding.problem.code, finding.problem.row, finding.is_wrong) == ("summary_hidden_row", 3, False)


def test_hidden_and_endless_sheets_are_named_and_left_out():
    rows = [["县区", "项目数（个）"], ["甲", 3], ["乙", 4], ["合计", 8]]
    endless = [["县区", "项目数（个）"], *([f"县{i}", i] for i in range(MAX_ROWS))]
    sheets = (sheet(rows), Sheet("底稿", False, [list(row) for row in rows]), sheet(endless, name="台账"))
    assert [(code, row) for code, row, _ in places(reconcile_sheets(sheets))] == [
        ("summary_too_long", 0), ("summary_hidden_sheet", 0), ("summary_total", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [xlsx(qinzhou()), "\n".join(",".join(map(str, row)) for row in qinzhou()).encode("gb18030")],
    ids=["xlsx", "csv"],
)
def test_workbook_and_text_file_give_the_same_findings(data):
    found = reconcile_file(data, "汇总.csv")
    assert [(code, row, letter) for code, row, letter in places(found)] == [
        ("summary_total", 7, "C"), ("summary_total", 7, "D"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"), (b"%PDF-1.7", "file_type"), (b"PK\x03\x04broken", "file_damaged"),
        ("只有一句话。".encode(), "summary_nothing"), (xlsx([["县区", "县长"], ["甲", "张三"]]), "summary_nothing"),
    ],
    ids=["empty", "pdf", "damaged", "sentence", "no figures"],
)  # fmt: skip
def test_file_without_a_table_is_refused_by_name(data, code):
    with pytest.raises(UnreadableFile) as caught:
        reconcile_file(data, "汇总.xlsx")
    assert caught.value.problem.code == code


def wide(headers):
    """Return 300 rows of figures below *headers*."""
    rows = [[f"县{r}", *(r * c % 97 + 1 for c in range(len(headers)))] for r in range(300)]
    return [["县", *headers], *rows]


def long(label):
    rows = [[label if r % 2 else f"县{r}", r * 7 % 991, 3] for r in range(MAX_ROWS - 1)]
    return [["县", "投资", "个数"], *rows]


@pytest.mark.parametrize(
    "cells",
    [
        long("合计"), long("小计"), long("一、组"), wide([f"完成率{c}" for c in range(99)]),
        wide([f"投资{c}" for c in range(80)] + [f"排名{c}" for c in range(19)]),
    ],
    ids=["all totals", "all subtotals", "all groups", "all rates", "all ranks"],
)  # fmt: skip
def test_awkward_sheet_is_checked_in_bounded_time(cells):
    started = time.process_time()
    assert len(reconcile_sheets((sheet(cells),)).tables) == 1
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "cells", [[[1.5] * 99] * 2_000, [["x", float("nan"), 1e308, -1e308]] * 500], ids=["no header", "no numbers"]
)
def test_awkward_sheet_without_a_table_is_refused_in_bounded_time(cells):
    started = time.process_time()
    with pytest.raises(UnreadableFile):
        reconcile_sheets((sheet(cells),))
    assert time.process_time() - started < 20


def test_sheet_without_rows_has_no_table():
    assert find_tables(sheet([])) == ()
