"""Reconciliation of percentages, growth, differences and gaps to 序时."""

import pytest

from tests.unit.importers.summaries import check, only, places, subjects, yunfu

# Published rates: numerator, denominator, printed, code of what the check must say (empty = nothing).
PUBLISHED = [
    ("年度新开工", 206, 255, "80.8%", ""),
    ("应开工", 118, 140, "84.3%", ""),
    ("在建和建成", 33, 50, "66%", ""),
    ("在建和建成二", 37, 56, "66%", ""),
    ("开复工", 358, 484, "74%", ""),
    ("三月前承诺", 26, 36, "72.2%", ""),
    ("竣工投产", 7, 10, "70%", ""),
    ("截尾一", 129, 270, "47%", "summary_rounding"),
    ("截尾二", 69, 90, "76.6%", "summary_rounding"),
    ("印错", 16, 26, "58%", "summary_rate"),
]


def test_published_rates_are_told_apart_as_rounded_truncated_and_wrong():
    rows = [["口径", "应开工（个）", "已开工（个）", "开工率"], *([n, b, a, p] for n, a, b, p, _ in PUBLISHED)]
    found = check(rows)
    expected = [(code, row, "D") for row, (*_, code) in enumerate(PUBLISHED, 2) if code]
    assert places(found) == expected
    assert subjects(found) == ["D 开工率 = C 已开工（个） ÷ B 应开工（个），四舍五入"]
    assert (found.cells, found.agreeing) == (10, 9)
    wrong = found.wrong[0]
    assert wrong.problem.message == "“印错”填 58%，按 16 ÷ 26 应为 62。请核对比率和两个数额。"
    assert (wrong.printed, wrong.computed, wrong.difference) == ("58%", "62", "-4")


def test_money_rate_of_the_published_total():
    rows = [["地区", "年度计划（亿元）", "累计完成（亿元）", "投资完成率"], ["全市", 195.82, 119.73, "61.14%"]]
    assert check(rows).findings == ()
    rows[1][3] = "61.41%"
    assert only(check(rows)).computed == "61.14"


def rates(*printed, header="开工率（%）"):
    operands = [(10, 9), (30, 20), (7, 4), (12, 8), (90, 69)]
    rows = [["县区", "应开工（个）", "已开工（个）", header]]
    return [*rows, *([f"县{i}", b, a, p] for i, ((b, a), p) in enumerate(zip(operands, printed, strict=True)))]


def test_truncated_column_is_said_and_its_rounded_cell_noted():
    found = check(rates(90, 66.6, 57.1, 66.6, 76.7))
    assert subjects(found) == ["D 开工率（%） = C 已开工（个） ÷ B 应开工（个），截尾"]
    finding = only(found)
    assert (finding.problem.code, finding.problem.row, finding.is_wrong) == ("summary_rounding", 6, False)


@pytest.mark.parametrize("scale", [100, 1], ids=["percents", "ratios"])
def test_unrounded_workbook_figures_agree(scale):
    printed = [a / b * scale for b, a in [(10, 9), (30, 20), (7, 4), (12, 8), (90, 69)]]
    found = check(rates(*printed, header="开工率"))
    assert found.findings == ()
    assert found.agreeing == 5


def test_operands_are_found_by_their_figures_when_words_do_not_tell():
    rows = [
        ["县区", "甲项（万元）", "乙项（万元）", "丙项（万元）", "比率"],
        ["东", 400, 130, 52, "13.0%"], ["西", 300, 170, 81, "27.0%"], ["南", 800, 510, 96, "12.0%"],
        ["北", 500, 420, 205, "41.1%"],
    ]  # fmt: skip
    found = check(rows)
    assert "E 比率 = D 丙项（万元） ÷ B 甲项（万元），四舍五入" in subjects(found)
    assert places(found) == [("summary_unrounded", 5, "E")]


def test_rate_that_follows_from_no_columns_is_said_not_guessed():
    rows = [["县区", "户数（户）", "满意率"], ["甲", 120, "91.2%"], ["乙", 340, "88.5%"], ["丙", 210, "93.0%"]]
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.problem.column) == ("summary_unexplained", 1, "C 满意率")


def test_units_of_operands_are_converted():
    rows = [
        ["县区", "年度计划（亿元）", "累计完成（万元）", "完成率（%）"],
        ["甲", 10.5, 84_000, 80.0], ["乙", 20.0, 150_000, 75.0], ["丙", 8.0, 61_600, 77.0], ["丁", 5.5, 22_000, 45.0],
    ]  # fmt: skip
    found = check(rows)
    assert places(found) == [("summary_rate", 5, "D")]
    assert found.findings[0].computed == "40"


def test_zero_denominator_has_no_rate():
    rows = [
        ["县区", "任务（个）", "完成（个）", "完成率"], ["甲", 4, 3, "75%"], ["乙", 5, 4, "80%"], ["丙", 8, 5, "62.5%"],
        ["丁", 0, 0, "0%"], ["戊", 0, 0, "—"],
    ]  # fmt: skip
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.computed) == ("summary_zero_base", 5, "—")


def test_mean_of_rates_in_the_total_row_is_named_as_such():
    rows = [
        ["县区", "任务（个）", "完成（个）", "完成率"], ["甲", 10, 9, "90%"], ["乙", 100, 50, "50%"],
        ["丙", 10, 7, "70%"], ["合计", 120, 66, "70%"],
    ]  # fmt: skip
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.computed) == ("summary_rate_mean", 5, "55")


def test_shares_of_the_total():
    rows = [
        ["县区", "投资（万元）", "占全市比重（%）"],
        ["甲", 1_000, 20],
        ["乙", 1_500, 30],
        ["丙", 2_500, 51],
        ["全市", 5_000, 100],
    ]
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.computed) == ("summary_rate", 4, "50")


def test_rate_of_finer_operands_is_a_note():
    rows = [
        ["县区", "计划（亿元）", "完成（亿元）", "完成率（%）"],
        ["甲", 1.2, 0.9, 76.3], ["乙", 20.0, 15.0, 75.0], ["丙", 8.0, 6.2, 77.5], ["丁", 40.5, 16.2, 40.0],
    ]  # fmt: skip
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.computed) == ("summary_unrounded", 2, "75.0")


def growth():
    return [
        ["县区", "1-8月投资（亿元）", "上年同期（亿元）", "同比增长（%）", "增加额（亿元）"],
        ["甲", 12.34, 10.2, 21.0, 2.14], ["乙", 9.87, 10.11, -2.4, -0.24], ["丙", 7.5, 6.0, 25.0, 1.5],
        ["丁", 5.0, 4.2, 19.0, 0.8],
    ]  # fmt: skip


def test_growth_and_increase_agree():
    found = check(growth())
    assert found.findings == ()
    assert subjects(found) == [
        "D 同比增长（%） = B 1-8月投资（亿元） ÷ C 上年同期（亿元） − 1，四舍五入",
        "E 增加额（亿元） = B 1-8月投资（亿元） − C 上年同期（亿元）",
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "code", "computed"),
    [(3, 3, 2.4, "summary_growth", "-2.4"), (5, 4, 0.9, "summary_difference", "0.80")],
)
def test_growth_and_increase_wrong_cell_is_found(row, column, value, code, computed):
    rows = growth()
    rows[row - 1][column] = value
    finding = only(check(rows))
    assert (finding.problem.code, finding.problem.row, finding.computed) == (code, row, computed)


def paced(title, rows):
    return [[title], ["县区", "年度计划（亿元）", "累计完成（亿元）", "完成率（%）", "与序时差（百分点）"], *rows]


def test_gap_is_subtracted_before_rounding():
    """629.0/647.4 = 97.158; less 83.333 = 13.825: published 13.8, while rounded figures give 13.9."""
    rows = paced("1-10月进展", [["江门", "647.4", "629.0", 97.2, 13.8], ["乙", "200.0", "150.0", 75.0, -8.3]])
    assert check(rows).findings == ()
    rows[2][4] = 13.9
    finding = only(check(rows))
    assert (finding.problem.code, finding.is_wrong, finding.computed) == ("summary_gap_rounded", False, "13.8")
    rows[2][4] = 14.8
    assert only(check(rows)).problem.code == "summary_gap"


@pytest.mark.parametrize(
    ("title", "rate", "gap"),
    [
        ("一季度", 30.90, 5.90), ("1-8月", 74.00, 7.33), ("前三季度", 76.50, 1.50), ("上半年", 48.25, -1.75),
        ("1-10月", 75.00, -8.33), ("截至2025年10月底", 85.10, 1.77), ("1-8月上半月", 61.14, -1.36),
    ],
)  # fmt: skip
def test_gap_follows_from_the_months_of_the_title(title, rate, gap):
    rows = [
        [f"重点项目{title}进展"],
        ["县区", "完成率（%）", "与序时差"],
        ["甲", rate, gap],
        ["乙", rate + 1.01, gap + 1.01],
    ]
    found = check(rows)
    assert [f for f in found.findings if f.problem.column.startswith("C")] == []
    rows[2][2] += 0.5
    assert ("summary_gap", 3, "C") in places(check(rows))


def test_gap_to_a_column_of_pace():
    rows = [
        ["县区", "完成率（%）", "序时进度（%）", "超序时（百分点）"],
        ["甲", 80.5, 75.0, 5.5], ["乙", 71.2, 75.0, -3.8], ["丙", 90.0, 83.3, 6.7], ["丁", 60.0, 66.7, -7.6],
    ]  # fmt: skip
    found = check(rows)
    assert "D 超序时（百分点） = B 完成率（%） − C 序时进度（%）" in subjects(found)
    assert ("summary_gap", 5, "D") in places(found)


def test_wrong_rate_is_named_once_and_not_again_by_gap_and_rank():
    rows = yunfu()
    rows[5][6] = 60.9
    assert places(check(rows)) == [("summary_rate", 6, "G")]
