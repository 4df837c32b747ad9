"""Summary tables built in code, and what the check says about them."""

from collections.abc import Sequence

from core.importers.sheet import MergedRange, Sheet
from core.importers.summary.model import Finding, Reconciliation
from core.importers.summary.reconcile import reconcile_sheets

Rows = Sequence[Sequence[object]]


def sheet(rows: Rows, *, name: str = "汇总", merges: Sequence[MergedRange] = (), hidden: Sequence[int] = ()) -> Sheet:
    """Return *rows* as a sheet; merges and hidden rows are 0-based."""
    return Sheet(name, True, [list(row) for row in rows], tuple(merges), frozenset(hidden))


def check(rows: Rows, **how: object) -> Reconciliation:
    """Return what the check makes of one sheet."""
    return reconcile_sheets((sheet(rows, **how),))  # type: ignore[arg-type]


def places(found: Reconciliation) -> list[tuple[str, int, str]]:
    """Return (code, row, column letter) of each finding."""
    return [(f.problem.code, f.problem.row, f.problem.column.split(" ")[0]) for f in found.findings]


def only(found: Reconciliation) -> Finding:
    """Return the single finding."""
    assert len(found.findings) == 1, [f.problem for f in found.findings]
    return found.findings[0]


def subjects(found: Reconciliation) -> list[str]:
    return [check.subject for check in found.checks]


YUNFU_HEADER = [
    "序号", "地区", "项目个数", "总投资（亿元）", "年度计划（亿元）", "累计（亿元）", "完成年度百分比（%）",
    "本期新增（亿元）", "与序时差（百分点）", "排名",
]  # fmt: skip


def yunfu() -> list[list[object]]:
    """Return a table of the 云浮 form that adds up: total first, 1-8月上半月, rates, gaps, ranks."""
    return [
        ["云浮市重点项目督查情况（1-8月上半月）"],
        [],
        list(YUNFU_HEADER),
        ["", "全市", 100, 500.5, 195.82, 119.73, 61.14, 10.5, -1.36, ""],
        [1, "云城区", 30, 150.2, 60.12, 40.11, 66.72, 3.5, 4.22, 1],
        [2, "云安区", 25, 120.1, 45.3, 27.18, 60.0, 2.5, -2.5, 3],
        [3, "罗定市", 25, 130.1, 50.2, 32.13, 64.0, 2.5, 1.5, 2],
        [4, "新兴县", 20, 100.1, 40.2, 20.31, 50.52, 2.0, -11.98, 4],
    ]


def qinzhou() -> list[list[object]]:
    """Return a table with the published slip: 合计 218 for 219 projects, 1,570,400 for 1,580,400 万元."""
    return [
        ["重大项目建设汇总表"],
        ["单位：万元"],
        ["序号", "类别", "项目个数", "年度计划投资", "1-8月完成投资", "完成率"],
        ["一", "续建项目", 100, 800_000, 400_000, "50.0%"],
        ["二", "新开工项目", 69, 500_400, 166_800, "33.3%"],
        ["三", "竣工投产项目", 50, 280_000, 196_000, "70.0%"],
        ["", "合计", 218, 1_570_400, 762_800, "48.6%"],
    ]
