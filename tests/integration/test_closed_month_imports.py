"""Imports beside closed months (月结): nothing of them is written, everything else comes in."""

import pytest

from core.domain.period import Month
from core.services import closing
from db.models import InvestmentReport, Project
from db.session import transaction
from tests.factories import SYSTEM, make_county, make_project, make_report
from tests.support.tables import bring, counts, places, stored

WAN = 10_000
AUGUST = Month(2026, 8)


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        county = make_county(tx, "兰山区")
        return {name: make_project(tx, county, name) for name in ("甲工程", "乙工程")}


def reports(store):
    return [
        (row["project_id"], row["month"], row["done_yuan"], row["status"])
        for row in stored(store, InvestmentReport, InvestmentReport.project_id, InvestmentReport.month)
    ]


def test_reports_of_a_month_that_is_closed_are_told_and_left_missing_or_not(store, city):
    """月结: neither a stored nor a missing report of the month is written; the other rows come in."""
    with transaction(SYSTEM) as tx:
        make_report(tx, city["甲工程"], 8, 90 * WAN)
    closing.close(SYSTEM, AUGUST, "其余项目停工未报")
    rows = [
        ["项目名称", "月份", "本月完成投资（万元）", "形象进度"],
        ["甲工程", "2026-08", 100, "主体"],
        ["乙工程", "2026-08", 30, "基础"],
        ["乙工程", "2026-09", 40, "主体"],
    ]
    shown, result = bring("reports", rows)
    assert places(shown, "month_closed") == [(2, "C 本月完成投资（万元）")]
    assert places(shown, "month_sealed") == [(3, "B 月份")]
    assert counts(result) == (1, 0, 1, 1)
    assert reports(store) == [
        (city["甲工程"], 8, 90 * WAN, "locked"),
        (city["乙工程"], 9, 40 * WAN, "submitted"),
    ]


def test_ledger_leaves_closed_months_of_a_new_project_alone(store, city):
    closing.close(SYSTEM, AUGUST, "当月没有月报")
    header = ["项目名称", "县区", "总投资（万元）", "7月完成投资（万元）", "8月完成投资（万元）", "9月完成投资（万元）"]
    shown, _ = bring("ledger", [header, ["丙工程", "兰山区", 9000, 50, 100, 200]])
    assert [problem.code for problem in shown.problems] == ["month_closed"]
    new = next(row["id"] for row in stored(store, Project, Project.id) if row["name"] == "丙工程")
    assert reports(store) == [(new, 7, 50 * WAN, "submitted"), (new, 9, 200 * WAN, "submitted")]
