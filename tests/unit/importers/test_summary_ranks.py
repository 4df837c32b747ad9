"""Reconciliation of ranks: direction, ties, groups, and which row is named when one value is wrong."""

import pytest

from tests.unit.importers.summaries import check, only, places, subjects


def scored(values, ranks):
    return [
        ["县区", "得分", "排名"],
        *([f"县{i}", value, rank] for i, (value, rank) in enumerate(zip(values, ranks, strict=True))),
    ]


def test_competition_ranking_is_recognised():
    found = check(scored([95, 90, 90, 85, 80], [1, 2, 2, 4, 5]))
    assert found.findings == ()
    assert subjects(found) == ["C 排名 = B 得分 从高到低，并列占位（1、2、2、4）"]


def test_dense_ranking_is_recognised():
    found = check(scored([95, 90, 90, 85, 80], ["第1", "并列第2", "并列第2", "第3名", 4]))
    assert found.findings == ()
    assert subjects(found) == ["C 排名 = B 得分 从高到低，并列不占位（1、2、2、3）"]


def test_published_tie_next_rank_is_skipped():
    """Two counties share rank 6; the next one is 8."""
    values = [99, 98, 97, 96, 95, 94, 94, 93]
    assert check(scored(values, [1, 2, 3, 4, 5, 6, 6, 8])).findings == ()
    finding = only(check(scored(values, [1, 2, 3, 4, 5, 6, 6, 9])))
    assert (finding.problem.row, finding.printed, finding.computed, finding.difference) == (9, "9", "8", "1")


def test_equal_printed_values_may_be_ranked_by_finer_ones():
    assert check(scored([95, 90, 90, 85], [1, 3, 2, 4])).findings == ()


def test_ranking_from_low_to_high_is_recognised():
    found = check([["县区", "能耗", "位次"], ["甲", 1.5, 1], ["乙", 3.5, 3], ["丙", 2.5, 2], ["丁", 4.5, 4]])
    assert found.findings == ()
    assert subjects(found) == ["C 位次 = B 能耗 从低到高"]


def test_rank_left_of_its_label_and_far_from_its_value():
    rows = [
        ["名次", "县区", "任务（个）", "完成（个）", "完成率"],
        [1, "甲", 10, 9, "90%"], [2, "乙", 20, 16, "80%"], [4, "丙", 10, 7, "70%"], [3, "丁", 5, 3, "60%"],
        [5, "戊", 4, 2, "50%"],
    ]  # fmt: skip
    assert places(check(rows)) == [("summary_rank", 4, "A"), ("summary_rank", 5, "A")]


def test_one_wrong_value_names_its_row_not_every_row_it_displaces():
    values = [98, 95, 91, 88, 84, 80, 77, 71]
    values[1] = 72
    finding = only(check(scored(values, range(1, 9))))
    assert (finding.problem.code, finding.problem.row, finding.computed) == ("summary_rank", 3, "7")


def test_counties_and_zones_are_ranked_apart():
    rows = [
        ["地区", "完成率", "排名"], ["一、县区", "", ""], ["甲", "90%", 1], ["乙", "80%", 2], ["丙", "70%", 3],
        ["二、开发区", "", ""], ["丁", "95%", 1], ["戊", "60%", 3], ["己", "85%", 2],
    ]  # fmt: skip
    found = check(rows)
    assert "C 排名 = B 完成率 从高到低，分组排名" in subjects(found)
    assert [place for place in places(found) if place[2] == "C"] == []


@pytest.mark.parametrize("ranks", [[3, 1, 5, 2, 4], [2, 4, 1, 5, 3]])
def test_rank_that_follows_from_no_column_is_said(ranks):
    finding = only(check(scored([95, 90, 87, 85, 80], ranks)))
    assert (finding.problem.code, finding.problem.row) == ("summary_unexplained", 1)
