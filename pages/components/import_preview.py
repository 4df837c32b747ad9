"""Tables of an import: what it would write, what it refuses, which batches there were."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.units import format_yi
from core.services.imports import BatchProblem, BatchRow, BatchStatus, Preview, PreviewRow, Severity, weight_of
from pages.components import state
from pages.components.moments import local
from pages.components.state import Key

_MOST = 1_000
_WEIGHTS = {Severity.REFUSE: "未导入", Severity.WARN: "请核对", Severity.NOTE: "说明"}
_STATUSES = {
    BatchStatus.CHECKED.value: "待确认",
    BatchStatus.APPLIED.value: "已导入",
    BatchStatus.REJECTED.value: "已放弃",
}


def figures(shown: Preview) -> None:
    """Show the counts of a preview in one row."""
    total = shown.totals.get("total_investment_yuan")
    cells = (
        ("项目行", f"{shown.row_count:,}"),
        ("新增", f"{len(shown.inserted):,}"),
        ("更新", f"{len(shown.changed):,}"),
        ("无变化", f"{shown.unchanged:,}"),
        ("未导入", f"{len(shown.quarantined):,}"),
        ("总投资（亿元）", format_yi(total, 2)),
    )
    for column, (label, value) in zip(st.columns(len(cells)), cells, strict=True):
        column.metric(label, value, border=True)


def tables(shown: Preview) -> None:
    """Show problems, changes and new projects of a preview, each in its tab."""
    names = (f"问题（{len(shown.problems)}）", f"更新（{len(shown.changed)}）", f"新增（{len(shown.inserted)}）")
    problems, changed, inserted = st.tabs(names)
    with problems:
        problem_table(shown.problems, "没有发现问题。")
    with changed:
        _change_table(shown.changed)
    with inserted:
        _new_table(shown.inserted)


def problem_table(problems: Sequence[BatchProblem], empty: str) -> None:
    """Show where to go and what to mend, the refusing problems first."""
    if not problems:
        st.caption(empty)
        return
    order = list(_WEIGHTS)
    ranked = sorted(problems, key=lambda problem: order.index(weight_of(problem.code)))
    rows = [
        (_WEIGHTS[weight_of(problem.code)], problem.sheet, problem.row or None, problem.column, problem.message)
        for problem in ranked[:_MOST]
    ]
    frame = pd.DataFrame(rows, columns=["处理", "工作表", "行", "列", "问题与改法"])
    frame["行"] = frame["行"].astype("Int64")
    narrow = dict.fromkeys(("处理", "工作表"), st.column_config.TextColumn(width=80))
    row = st.column_config.NumberColumn(width=50)
    text = st.column_config.TextColumn(width="large")
    _draw(frame, len(problems), {**narrow, "行": row, "问题与改法": text})


def _change_table(rows: Sequence[PreviewRow]) -> None:
    if not rows:
        st.caption("没有要更新的项目。")
        return
    lines = [(row.row, row.name, change.label, change.old, change.new) for row in rows for change in row.changes]
    frame = pd.DataFrame(lines[:_MOST], columns=["行", "项目名称", "内容", "现在", "导入后"])
    _draw(frame, len(lines), {"项目名称": st.column_config.TextColumn(width="medium")})


def _new_table(rows: Sequence[PreviewRow]) -> None:
    if not rows:
        st.caption("没有要新增的项目。")
        return
    lines = [(row.row, row.name, row.code or "（自动编号）") for row in rows]
    frame = pd.DataFrame(lines[:_MOST], columns=["行", "项目名称", "项目编号"])
    _draw(frame, len(lines), {"项目名称": st.column_config.TextColumn(width="large")})


def _draw(frame: pd.DataFrame, count: int, config: dict[str, object]) -> None:
    st.dataframe(frame, hide_index=True, height=420 if len(frame) > 10 else "content", column_config=config)
    if count > _MOST:
        st.caption(f"共 {count:,} 条，只显示前 {_MOST:,} 条。")


def history(batches: Sequence[BatchRow]) -> BatchRow | None:
    """Show the latest batches and return the picked one."""
    if not batches:
        st.caption("还没有导入记录。")
        return None
    lines = [
        (
            batch.id, batch.file_name, _STATUSES.get(batch.status, batch.status), local(batch.received_at),
            batch.received_by, batch.row_count, batch.inserted_count, batch.changed_count, batch.quarantined_count,
        )
        for batch in batches
    ]  # fmt: skip
    columns = ["批次", "文件", "状态", "上传时间", "上传人", "项目行", "新增", "更新", "未导入"]
    picked = st.dataframe(
        pd.DataFrame(lines, columns=columns),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.IMPORT_HISTORY, batches[0].id),
        column_config={"文件": st.column_config.TextColumn(width="large")},
    )["selection"]["rows"]
    return batches[picked[0]] if picked and picked[0] < len(batches) else None
