"""Doubts about a monthly report: exact limits, and never an accusation."""

from typing import Any

import pytest

from core.domain.checks import DOUBT_CODES, ReportedMonth, ReportEntry, check_report
from core.domain.period import Month

WAN = 10_000


def entry(**values: Any) -> ReportEntry:
    """October: 500 万元 in the month, 4500 万元 before, plan 6000 万元, total 2 亿元."""
    facts: dict[str, Any] = {
        "month": Month(2026, 10),
        "done_yuan": 500 * WAN,
        "cumulative_yuan": 5_000 * WAN,
        "history": (ReportedMonth(9, 500 * WAN, 4_500 * WAN), ReportedMonth(8, 500 * WAN, 4_000 * WAN)),
        "annual_plan_yuan": 6_000 * WAN,
        "total_investment_yuan": 20_000 * WAN,
        "prior_done_yuan": 0,
        "is_started": True,
        "is_suspended": False,
    }
    return ReportEntry(**(facts | values))


def codes(**values: Any) -> list[str]:
    return [doubt.code for doubt in check_report(entry(**values))]


def test_plain_entry_raises_no_doubt() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"cumulative_yuan": 4_499 * WAN}, ["CHK-01", "CHK-02"], id="cumulated falls"),
        pytest.param({"cumulative_yuan": 4_500 * WAN, "done_yuan": 0}, [], id="cumulated stands still"),
        pytest.param({"done_yuan": 500 * WAN + 1}, ["CHK-02"], id="month differs by 1 yuan"),
        pytest.param({"cumulative_yuan": None, "done_yuan": 7 * WAN}, [], id="no cumulated figure asked"),
        pytest.param({"history": ()}, [], id="nothing known before"),
        pytest.param(
            {"history": (ReportedMonth(7, 0, 5_001 * WAN),)},
            ["CHK-01"],
            id="falls against an older month, step unknown",
        ),
        pytest.param({"prior_done_yuan": 16_000 * WAN}, [], id="total × 1.05 exactly"),
        pytest.param({"prior_done_yuan": 16_000 * WAN + 1}, ["CHK-03A"], id="above total × 1.05"),
        pytest.param({"annual_plan_yuan": 5_000 * WAN * 5 // 6 + 1}, [], id="just inside plan × 1.2"),
        pytest.param({"annual_plan_yuan": 5_000 * WAN * 5 // 6}, ["CHK-03B"], id="above plan × 1.2"),
        pytest.param({"annual_plan_yuan": None}, [], id="no plan to exceed"),
        pytest.param({"is_started": False}, ["CHK-09"], id="not started"),
        pytest.param({"is_suspended": True}, ["CHK-09"], id="stopped"),
        pytest.param(
            {"is_suspended": True, "done_yuan": 0, "cumulative_yuan": 4_500 * WAN}, [], id="stopped, nothing done"
        ),
    ],
)
def test_doubts(values: dict[str, Any], expected: list[str]) -> None:
    assert codes(**values) == expected


def test_january_starts_from_zero() -> None:
    january = {"month": Month(2026, 1), "history": (), "annual_plan_yuan": None}
    assert codes(done_yuan=5, cumulative_yuan=5, **january) == []
    assert codes(done_yuan=5, cumulative_yuan=6, **january) == ["CHK-02"]


def test_months_without_cumulated_figures_are_summed_for_the_limits() -> None:
    months = tuple(ReportedMonth(number, 800 * WAN, None) for number in range(1, 10))
    assert codes(cumulative_yuan=None, history=months, done_yuan=0) == []
    assert codes(cumulative_yuan=None, history=months, done_yuan=1) == ["CHK-03B"]


def test_wording_asks_and_never_accuses() -> None:
    doubts = check_report(
        entry(cumulative_yuan=4_000 * WAN, prior_done_yuan=10**12, annual_plan_yuan=WAN, is_started=False)
    )
    assert tuple(doubt.code for doubt in doubts) == DOUBT_CODES
    assert all("请核实" in doubt.message and "假" not in doubt.message for doubt in doubts)
    assert doubts[0].message == "1—10月累计 4,000.00 万元，低于 9 月已报累计 4,500.00 万元，请核实。"
