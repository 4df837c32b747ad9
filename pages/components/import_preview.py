"""Tables of an import: what it would write, what it refuses, which sums agree."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.units import format_wan, format_yi
from core.services.imports import BatchProblem, DeclaredSum, Preview, PreviewRow, Severity, weight_of

MOST = 1_000
_WEIGHTS = {Severity.REFUSE: "未导入", Severity.WARN: "请核对", Severity.NOTE: "说明"}


def figures(shown: Preview) -> None:
    """Show the counts of a preview in one row."""
    total = shown.totals.get("total_investment_yuan")
    money = (("总投资（亿元）", format_yi(total, 2)),) if total is not None else ()
    cells = (
        ("行数", f"{shown.row_count:,}"),
        ("新增", f"{len(shown.inserted):,}"),
        ("更新", f"{len(shown.changed):,}"),
        ("无变化", f"{shown.unchanged:,}"),
        ("未导入", f"{len(shown.quarantined):,}"),
        *money,
    )
    for column, (label, value) in zip(st.columns(len(cells)), cells, strict=True):
        column.metric(label, value, border=True)


def problem_table(problems: Sequence[BatchProblem], empty: str) -> None:
    """Show where to go and what to mend, the refusing problems first."""
    if not problems:
        st.caption(empty)
        return
    order = list(_WEIGHTS)
    ranked = sorted(problems, key=lambda problem: order.index(weight_of(problem.code)))
    rows = [
        (_WEIGHTS[weight_of(problem.code)], problem.sheet, problem.row or None, problem.column, problem.message)
        for problem in ranked[:MOST]
    ]
    frame = pd.DataFrame(rows, columns=["处理", "工作表", "行", "列", "问题与改法"])
    frame["行"] = frame["行"].astype("Int64")
    widths = {"处理": 70, "工作表": 110, "行": 50, "列": 180, "问题与改法": 740}
    _draw(frame, len(problems), _widths(widths))


def change_table(rows: Sequence[PreviewRow]) -> None:
    if not rows:
        st.caption("没有要更新的记录。")
        return
    lines = [(row.row, row.name, change.label, change.old, change.new) for row in rows for change in row.changes]
    frame = pd.DataFrame(lines[:MOST], columns=["行", "名称", "内容", "现在", "导入后"])
    _draw(frame, len(lines), _widths({"行": 60, "名称": 330, "内容": 160, "现在": 300, "导入后": 300}))


def new_table(rows: Sequence[PreviewRow]) -> None:
    if not rows:
        st.caption("没有要新增的记录。")
        return
    lines = [(row.row, row.name, row.code or "（自动编号）") for row in rows]
    frame = pd.DataFrame(lines[:MOST], columns=["行", "名称", "编号"])
    _draw(frame, len(lines), _widths({"行": 60, "名称": 830, "编号": 260}))


def _widths(pixels: dict[str, int]) -> dict[str, object]:
    """Together as wide as the card at 1440 pixels."""
    return {name: st.column_config.Column(width=width) for name, width in pixels.items()}


def _draw(frame: pd.DataFrame, count: int, config: dict[str, object]) -> None:
    st.dataframe(frame, hide_index=True, height=420 if len(frame) > 10 else "content", column_config=config)
    if count > MOST:
        st.caption(f"共 {count:,} 条，只显示前 {MOST:,} 条。")


def sum_table(shown: Preview) -> None:
    """Show what the file states beside what its rows give (勾稽), what does not agree first."""
    counts = f"新增 {len(shown.inserted):,} + 更新 {len(shown.changed):,} + 无变化 {shown.unchanged:,}"
    st.caption(f"{counts} + 未导入 {len(shown.quarantined):,} = {shown.row_count:,} 行")
    if not shown.declared:
        st.caption("文件没有写明合计数或项目数。")
        return
    lines = [
        (
            "相符" if one.agrees else "不符", one.sheet, one.row, one.label, one.column or "项目数",
            _stated(one, one.given), _stated(one, one.computed), _stated(one, one.computed - one.given),
        )
        for one in sorted(shown.declared, key=lambda one: one.agrees)
    ]  # fmt: skip
    columns = ["结果", "工作表", "行", "所在行", "列", "文件写明", "逐行相加", "相差"]
    _draw(pd.DataFrame(lines[:MOST], columns=columns), len(lines), {"列": st.column_config.TextColumn(width="medium")})


def _stated(one: DeclaredSum, value: int) -> str:
    return f"{format_wan(value, 2)} 万元" if one.column else f"{value:,} 项"
