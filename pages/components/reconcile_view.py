"""What the check of a summary file found: counts, findings with place, relations that were checked."""

import pandas as pd
import streamlit as st

from core.services.reconciliation import Check, Finding, Reconciliation

_MOST = 1_000


def figures(found: Reconciliation) -> None:
    """Show the counts of a check in one row."""
    cells = (
        ("表格", len(found.tables)),
        ("核对单元格", found.cells),
        ("一致", found.agreeing),
        ("须核对", len(found.wrong)),
        ("说明", len(found.findings) - len(found.wrong)),
    )
    for column, (label, value) in zip(st.columns(len(cells)), cells, strict=True):
        column.metric(label, f"{value:,}", border=True)


def tables(found: Reconciliation) -> None:
    """Show findings, the wrong ones first, and the relations that were checked, each in its tab."""
    findings, checks = st.tabs((f"问题（{len(found.findings)}）", f"已核对的关系（{len(found.checks)}）"))
    with findings:
        _findings(sorted(found.findings, key=lambda finding: not finding.is_wrong))
    with checks:
        _checks(found.checks)


def _findings(findings: list[Finding]) -> None:
    if not findings:
        st.caption("核对过的数字全部一致。")
        return
    rows = [
        (
            "请核对" if finding.is_wrong else "说明", finding.problem.sheet, finding.problem.row or None,
            finding.problem.column, finding.printed, finding.computed, finding.difference, finding.problem.message,
        )
        for finding in findings[:_MOST]
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["处理", "工作表", "行", "列", "填写", "应为", "相差", "问题与改法"])
    frame["行"] = frame["行"].astype("Int64")
    narrow = dict.fromkeys(("处理", "工作表"), st.column_config.TextColumn(width=80))
    number = dict.fromkeys(("填写", "应为", "相差"), st.column_config.TextColumn(width=90))
    row = st.column_config.NumberColumn(width=50)
    text = st.column_config.TextColumn(width="large")
    _draw(
        frame,
        len(findings),
        {**narrow, **number, "行": row, "列": st.column_config.TextColumn(width=160), "问题与改法": text},
    )


def _checks(checks: tuple[Check, ...]) -> None:
    if not checks:
        st.caption("表中没有可以相互核对的数字。")
        return
    rows = [(check.sheet, check.table, check.subject, check.cells, check.agreeing) for check in checks[:_MOST]]
    frame = pd.DataFrame(rows, columns=["工作表", "表格", "关系", "核对格数", "一致格数"])
    text = st.column_config.TextColumn(width="large")
    _draw(frame, len(checks), {"关系": text})


def _draw(frame: pd.DataFrame, count: int, config: dict[str, object]) -> None:
    st.dataframe(frame, hide_index=True, height=420 if len(frame) > 10 else "content", column_config=config)
    if count > _MOST:
        st.caption(f"共 {count:,} 条，只显示前 {_MOST:,} 条。标注工作簿中有全部问题。")
