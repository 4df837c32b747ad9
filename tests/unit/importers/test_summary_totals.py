"""Reconciliation of totals: columns down, columns across, stated counts, parts."""

import pytest

from tests.unit.importers.summaries import check, only, places, qinzhou, subjects, yunfu

HEADER = ["片区", "县区", "项目个数", "投资（万元）"]
NESTED = [
    ["各县区投资情况"],
    HEADER,
    ["东部", "甲县", 3, 300],
    ["东部", "乙县", 4, 450],
    ["东部", "小计", 7, 750],
    ["西部", "丙县", 5, 500],
    ["西部", "丁县", 6, 650],
    ["西部", "小计", 11, 1150],
    ["合计", "", 18, 1900],
]


def changed(rows, row, column, value):
    """Return *rows* with one cell replaced; *row* is the Excel row."""
    copy = [list(line) for line in rows]
    copy[row - 1][column] = value
    return copy


def test_yunfu_table_adds_up_without_findings():
    found = check(yunfu())
    assert found.findings == ()
    assert (found.cells, found.agreeing) == (19, 19)
    assert subjects(found) == [
        "第4行“全市” = 第5–8行相加",
        "G 完成年度百分比（%） = F 累计（亿元） ÷ E 年度计划（亿元），四舍五入",
        "I 与序时差（百分点） = G 完成年度百分比（%） − 序时（1-8月上半月）",
        "J 排名 = I 与序时差（百分点） 从高到低",
    ]


def test_qinzhou_total_is_found_wrong_in_count_and_money():
    found = check(qinzhou())
    assert places(found) == [("summary_total", 7, "C"), ("summary_total", 7, "D")]
    count, money = found.findings
    assert (count.printed, count.computed, count.difference) == ("218", "219", "-1")
    assert (money.printed, money.computed, money.difference) == ("1,570,400", "1,580,400", "-10,000")
    assert money.problem.message == ("“合计”填 1570400，第4–6行相加为 1,580,400，相差 10,000。请核对本行和各分项。")
    # The published total of investment done and its rate agree with the rest.
    assert (found.cells, found.agreeing) == (7, 5)


def test_nested_subtotals_consistent_table_has_no_findings():
    found = check(NESTED)
    assert found.findings == ()
    assert subjects(found) == [
        "第5行“东部小计” = 第3–4行相加",
        "第8行“西部小计” = 第6–7行相加",
        "第9行“合计” = 第3–4、6–7行相加",
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (3, 2, 5, ("summary_total", 5, "C")),
        (7, 3, 600, ("summary_total", 8, "D")),
        (5, 3, 760, ("summary_total", 5, "D")),
        (9, 2, 19, ("summary_total", 9, "C")),
    ],
    ids=["detail count", "detail money", "subtotal", "grand total"],
)
def test_nested_subtotals_one_wrong_cell_names_one_row(row, column, value, expected):
    assert places(check(changed(NESTED, row, column, value))) == [expected]


def test_subtotals_above_their_rows_are_understood():
    rows = [NESTED[0], HEADER, NESTED[8], NESTED[4], NESTED[2], NESTED[3], NESTED[7], NESTED[5], NESTED[6]]
    assert check(rows).findings == ()
    assert places(check(changed(rows, 4, 3, 751))) == [("summary_total_rounding", 4, "D")]


def test_several_total_rows_are_held_against_their_own_part():
    rows = [
        ["县区", "任务（个）"], ["甲县", 3], ["乙县", 4], ["县区合计", 7], ["高新区", 5], ["经开区", 6],
        ["开发区合计", 12], ["总计", 18],
    ]  # fmt: skip
    found = check(rows)
    assert places(found) == [("summary_total", 7, "B")]
    assert found.findings[0].computed == "11"


def test_numbered_groups_are_summed_level_by_level():
    rows = [
        ["序号", "名称", "项目个数", "投资（亿元）"],
        ["一", "产业项目", 5, 10.5], ["（一）", "工业", 3, 6.5], [1, "甲", 1, 2.5], [2, "乙", 2, 4],
        ["（二）", "农业", 2, 4], [3, "丙", 2, 4],
        ["二", "基础设施", 4, 8], [4, "丁", 1, 3], [5, "戊", 3, 6],
        ["", "总计", 9, 18.5],
    ]  # fmt: skip
    found = check(rows)
    assert places(found) == [("summary_total", 8, "D")]
    assert found.findings[0].computed == "9"


def test_indented_rows_are_parts_of_the_row_above_once_the_figures_say_so():
    rows = [
        ["地区", "项目个数", "投资（万元）"], ["甲县", 5, 500], ["　　城关镇", 2, 200], ["　　河口镇", 3, 300],
        ["乙县", 4, 410], ["　　山前镇", 4, 400], ["合计", 9, 910],
    ]  # fmt: skip
    assert places(check(rows)) == [("summary_total", 5, "C")]


def test_unnamed_total_is_taken_for_one_when_it_sums_up_all_others():
    rows = [
        ["地区", "计划（个）", "已开工（个）"], ["临沂市", 30, 24], ["兰山区", 10, 8], ["罗庄区", 10, 9],
        ["河东区", 10, 7],
    ]  # fmt: skip
    found = check(rows)
    assert found.findings == ()
    assert subjects(found)[0] == "第2行“临沂市” = 第3–5行相加"


def test_drift_within_rounding_is_a_note_beyond_it_a_warning():
    rows = [["县区", "投资（亿元）"], ["甲", 1.24], ["乙", 2.33], ["丙", 3.41], ["合计", 6.99]]
    finding = only(check(rows))
    assert (finding.problem.code, finding.is_wrong, finding.difference) == ("summary_total_rounding", False, "0.01")
    rows[4][1] = 7.08
    assert only(check(rows)).problem.code == "summary_total"


def test_counts_never_drift():
    rows = [["县区", "项目数（个）"], ["甲", 10], ["乙", 20], ["丙", 30], ["合计", 61]]
    assert places(check(rows)) == [("summary_total", 5, "B")]


def test_amount_with_its_own_unit_is_converted():
    rows = [["县区", "投资（万元）"], ["甲", 12_000], ["乙", 13_000], ["合计", "2.5亿元"]]
    assert check(rows).findings == ()
    rows[3][1] = "2.6亿元"
    assert only(check(rows)).computed == "25,000"


def test_scores_and_means_are_not_added_up():
    rows = [["县区", "得分", "亩均税收（万元/亩）"], ["甲", 90, 12], ["乙", 80, 10], ["丙", 85, 11], ["合计", 85, 11]]
    assert check(rows).findings == ()


def test_text_where_a_figure_should_be_leaves_the_total_open_and_says_so():
    rows = [["县区", "投资（万元）"], ["甲", 270], ["乙", "约90"], ["丙", 30], ["合计", 390]]
    found = check(rows)
    assert places(found) == [("summary_no_figure", 3, "B")]
    assert found.wrong == ()


def test_part_larger_than_its_whole_is_found():
    rows = [["指标", "项目个数"], ["续建项目", 60], ["其中：省重点", 61], ["新开工项目", 40], ["合计", 100]]
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.printed, finding.computed) == (
        "summary_part",
        3,
        "61",
        "60",
    )


def test_parts_that_make_up_the_total_are_added_up():
    rows = [["指标", "项目个数"], ["合计", 100], ["其中：新开工", 40], ["续建", 61]]
    assert places(check(rows)) == [("summary_total", 2, "B")]
    rows[3][1] = 60
    assert check(rows).findings == ()


ACROSS_HEADER = [["县区", "资金来源（万元）", "", "", "", "其他（万元）"], ["", "合计", "中央", "省级", "自筹", ""]]
ACROSS_MERGES = (((0, 0), (1, 0)), ((0, 1), (0, 4)), ((0, 5), (1, 5)))


def test_total_column_is_held_against_its_siblings():
    rows = [*ACROSS_HEADER, ["甲", 100, 50, 30, 20, 9], ["乙", 150, 70, 50, 40, 9], ["丙", 250, 150, 50, 50, 9]]
    found = check(rows, merges=ACROSS_MERGES)
    assert subjects(found) == [
        "B 资金来源（万元）/合计 = C 资金来源（万元）/中央 + D 资金来源（万元）/省级 + E 资金来源（万元）/自筹"
    ]
    finding = only(found)
    assert (finding.problem.code, finding.problem.row, finding.computed) == ("summary_across", 4, "160")


def test_wholes_beside_their_parts_in_text_files_need_no_merged_cells():
    rows = [*ACROSS_HEADER, ["甲", 100, 50, 30, 20, 9], ["乙", 160, 70, 50, 40, 9], ["丙", 250, 150, 50, 50, 9]]
    found = check(rows)
    assert found.findings == ()
    assert found.checks[0].agreeing == 3


def test_stated_counts_are_held_against_the_rows_below():
    rows = [
        ["序号", "项目名称", "总投资（万元）"], ["", "合计（5项）", 15_000],
        ["一", "工业项目（3项）", 9_000], [1, "甲项目", 3_000], [2, "乙项目", 3_000], [3, "丙项目", 3_000],
        ["二", "农业项目（3项）", 6_000], [4, "丁项目", 4_000], [5, "戊项目", 2_000],
    ]  # fmt: skip
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row) == ("summary_count", 7)
    assert (finding.printed, finding.computed, finding.difference) == ("3", "2", "1")
