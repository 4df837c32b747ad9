"""投资月报 imports: months from titles, columns and answers; reviewed months stay; both stores."""

import pytest

from core.domain.terms import ReportStatus, Role
from db.models import InvestmentReport
from db.models.figures import project_state
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_project, make_report
from tests.support.tables import audited, bring, codes, counts, look, places, stored

WAN = 10_000
ROWS = [
    ["2026年8月重点项目投资月报"],
    ["序号", "项目名称", "本月完成投资（万元）", "1-8月累计完成（万元）", "形象进度", "存在问题", "下一步计划"],
    [1, "甲工程", 100, 500, "主体施工", "缺砂石", "保供"],
    [2, "乙工程", 50, 50, "基础", None, None],
]


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        counties = {name: make_county(tx, name) for name in ("兰山区", "罗庄区")}
        first = make_project(tx, counties["兰山区"], "甲工程")
        second = make_project(tx, counties["罗庄区"], "乙工程")
    return counties | {"甲工程": first, "乙工程": second}


def reports(store):
    return [
        (row["project_id"], row["month"], row["done_yuan"], row["reported_ytd_yuan"], row["status"])
        for row in stored(store, InvestmentReport, InvestmentReport.project_id, InvestmentReport.month)
    ]


def test_reports_write_the_month_and_place_what_the_year_holds_beyond(store, city):
    shown, result = bring("reports", ROWS)
    assert counts(result) == (2, 0, 0, 0)
    assert codes(shown) == []
    assert shown.totals == {"done_yuan": 150 * WAN, "reported_ytd_yuan": 550 * WAN}
    assert reports(store) == [
        (city["甲工程"], 7, 400 * WAN, None, "submitted"),
        (city["甲工程"], 8, 100 * WAN, 500 * WAN, "submitted"),
        (city["乙工程"], 8, 50 * WAN, 50 * WAN, "submitted"),
    ]
    first = stored(store, InvestmentReport, InvestmentReport.project_id, InvestmentReport.month)[1]
    assert (first["physical_progress"], first["difficulty"], first["next_step"]) == ("主体施工", "缺砂石", "保供")
    assert first["submitted_by"] == "supervisor"
    assert {event.reason for event in audited(store, "investment_report", "insert")} == {f"导入批次 {result.batch_id}"}
    with store.read() as connection:
        state = connection.execute(project_state.select().where(project_state.c.project_id == city["甲工程"])).one()
    assert state.ytd_done_yuan == 500 * WAN


def test_reports_second_run_changes_nothing_and_a_new_figure_is_old_to_new(store, city):
    bring("reports", ROWS)
    before = stored(store, InvestmentReport)
    _, result = bring("reports", ROWS)
    assert counts(result) == (0, 0, 2, 0)
    assert stored(store, InvestmentReport) == before
    edited = [list(row) for row in ROWS]
    edited[3][2], edited[3][3] = 60, 60
    shown, result = bring("reports", edited)
    assert counts(result) == (0, 1, 1, 0)
    assert [(c.label, c.old, c.new) for c in shown.changed[0].changes] == [
        ("8月本月完成投资", "50 万元", "60 万元"),
        ("8月本年累计完成", "50 万元", "60 万元"),
    ]
    assert reports(store)[-1][2:] == (60 * WAN, 60 * WAN, "submitted")
    assert audited(store, "investment_report", "update")[-1].reason == f"导入批次 {result.batch_id}"


@pytest.mark.parametrize("status", [ReportStatus.REVIEWED, ReportStatus.LOCKED])
def test_reports_closed_month_is_not_overwritten(store, city, status):
    with transaction(SYSTEM) as tx:
        make_report(tx, city["甲工程"], 8, 90 * WAN, status=status)
    rows = [["项目名称", "月份", "本月完成投资（万元）", "形象进度"], ["甲工程", "2026-08", 100, "主体"]]
    shown, result = bring("reports", rows)
    assert places(shown, "report_closed") == [(2, "C 本月完成投资（万元）")]
    assert counts(result) == (0, 0, 1, 0)
    assert reports(store) == [(city["甲工程"], 8, 90 * WAN, None, status.value)]


def test_reports_draft_with_an_open_amount_is_filled(store, city):
    with transaction(SYSTEM) as tx:
        make_report(tx, city["甲工程"], 8, None, status=ReportStatus.MISSING)
    _, result = bring("reports", ROWS)
    assert counts(result) == (1, 1, 0, 0)
    assert reports(store)[:2] == [
        (city["甲工程"], 7, 400 * WAN, None, "submitted"),
        (city["甲工程"], 8, 100 * WAN, 500 * WAN, "submitted"),
    ]


def test_reports_month_comes_from_the_answer_else_the_sheet_is_set_aside(store, city):
    rows = [["项目名称", "本月完成投资（万元）"], ["甲工程", 10]]
    shown = look("reports", rows)
    assert places(shown, "report_month_unknown") == [(1, "")]
    assert len(shown.quarantined) == 1
    shown = look("reports", rows, month=9)
    assert [row.name for row in shown.inserted] == ["甲工程 · 2026年9月"]


def test_reports_twelve_month_columns_become_reports(store, city):
    rows = [
        ["序号", "项目名称", "2026年完成投资（万元）", None, None, None],
        [None, None, "1月", "2月", "3月", "4月"],
        [1, "甲工程", 10, 20, 30, None],
        [2, "乙工程", None, 5, None, None],
    ]
    _, result = bring("reports", rows)
    assert counts(result) == (4, 0, 0, 0)
    assert [row[:3] for row in reports(store)] == [
        (city["甲工程"], 1, 10 * WAN),
        (city["甲工程"], 2, 20 * WAN),
        (city["甲工程"], 3, 30 * WAN),
        (city["乙工程"], 2, 5 * WAN),
    ]


def test_reports_several_months_of_a_project_build_on_one_another(store, city):
    rows = [
        ["项目名称", "月份", "本月完成投资（万元）", "本年累计完成（万元）"],
        ["甲工程", "2026年2月", 20, 30],
        ["甲工程", "2026年1月", 10, 10],
    ]
    shown, result = bring("reports", rows)
    assert codes(shown) == []
    assert counts(result) == (2, 0, 0, 0)
    assert [row[1:4] for row in reports(store)] == [(1, 10 * WAN, 10 * WAN), (2, 20 * WAN, 30 * WAN)]


def test_reports_set_aside_name_the_cell(store, city):
    rows = [
        ["项目名称", "月份", "本月完成投资（万元）", "形象进度"],
        ["丙工程", "2026-08", 1, None],
        ["甲工程", "2027-01", 1, None],
        ["甲工程", "2026-05", None, "桩基"],
        ["甲工程", "2026-06", "约100", None],
        ["甲工程", None, 5, None],
        ["乙工程", "2026-07", 5, None],
        ["乙工程", "2026年7月", 6, None],
    ]
    shown = look("reports", rows)
    assert places(shown, "project_unknown") == [(2, "A 项目名称")]
    assert places(shown, "date_future") == [(3, "B 月份")]
    assert places(shown, "amount_missing") == [(4, "C 本月完成投资（万元）")]
    assert places(shown, "approximate_amount") == [(5, "C 本月完成投资（万元）")]
    assert places(shown, "required_missing") == [(6, "B 月份")]
    assert places(shown, "duplicate_row") == [(8, "")]
    assert [row.row for row in shown.inserted] == [7]
    assert len(shown.quarantined) == 6


def test_reports_texts_alone_reach_a_stored_month(store, city):
    bring("reports", ROWS)
    _, result = bring("reports", [["项目名称", "月份", "存在问题"], ["甲工程", "2026-08", "缺电"]])
    assert counts(result) == (0, 1, 0, 0)
    assert (
        stored(store, InvestmentReport, InvestmentReport.project_id, InvestmentReport.month)[1]["difficulty"] == "缺电"
    )


def test_reports_of_projects_outside_the_scope_are_set_aside(store, city):
    shown = look("reports", ROWS, make_actor(Role.SUPERVISOR, counties=[city["兰山区"]], login="bound"))
    assert places(shown, "outside_scope") == [(4, "")]
    assert [row.name for row in shown.inserted] == ["甲工程 · 2026年8月"]


def test_reports_amount_beyond_the_whole_project_is_refused_until_confirmed(store, city):
    rows = [["项目名称", "月份", "本月完成投资（万元）"], ["甲工程", "2026-08", 12_000_000]]
    shown = look("reports", rows)
    assert places(shown, "absurd_amount") == [(2, "C 本月完成投资（万元）")]
    assert len(shown.quarantined) == 1
    assert len(look("reports", rows, accept_large_amounts=True).inserted) == 1


def test_reports_percentage_that_does_not_follow_and_a_month_above_the_year_are_named(store, city):
    rows = [
        ["项目名称", "月份", "本月完成（万元）", "本年累计完成（万元）", "完成年度计划%"],
        ["甲工程", "2026-08", 1000, 60_000, 50],
        ["乙工程", "2026-08", 1000, 60_000, 45],
        ["乙工程", "2026-09", 900, 800, None],
    ]
    shown = look("reports", rows)
    assert places(shown, "annual_rate") == [(3, "E 完成年度计划%")]
    assert places(shown, "part_over_whole") == [(4, "C 本月完成（万元）")]
    assert not shown.quarantined
