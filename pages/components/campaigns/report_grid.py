"""进展填报: one grid of all my tasks for the present week, ten days or month, prefilled with the last report."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.domain.errors import Conflict
from core.services import campaigns
from core.services.campaigns import Grid, GridRow, TaskReport
from pages.components import state
from pages.components.campaigns import words
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_EDITED = ("进度（%）", "实际值", "进展情况")
_SAME = "本期无变化"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table as it was read for a period: tasks, the versions it rests on, and the number of the editor."""

    period: str
    keys: tuple[int, ...]
    versions: tuple[int, ...]
    table: pd.DataFrame
    number: int


def draw(frame: Frame) -> None:
    """Draw the grid of the chosen period."""
    found = campaigns.grids(frame.actor)
    if not found:
        st.info("没有由您填报的任务。任务由牵头单位、所属指挥部或县区填报，行动启动后出现在这里。")
        return
    kind = st.segmented_control(
        "周期",
        list(found),
        default=next(iter(found)),
        required=True,
        format_func=lambda item: f"{item.label} {len(found[item].rows)}",
        label_visibility="collapsed",
        key=Key.CAMPAIGN_PERIOD.value,
    )
    grid = found[kind] if kind in found else next(iter(found.values()))
    _draw_grid(frame, grid)


def _draw_grid(frame: Frame, grid: Grid) -> None:
    period = grid.period
    done = sum(row.is_done for row in grid.rows)
    missing = sum(row.line.is_missing for row in grid.rows)
    late = f"，上期漏报 {missing} 项" if missing else ""
    st.caption(
        f"{period.label}（{period.first_on} 至 {period.last_on}），应报 {len(grid.rows)} 项，已报 {done} 项{late}。"
        "已带出上次填报，只提交有改动或勾选“本期无变化”的行。"
    )
    sheet = _sheet(grid)
    with st.form(state.variant(Key.CAMPAIGN_FORM, "report", period.key), border=False):
        edited = st.data_editor(
            sheet.table,
            hide_index=True,
            width="stretch",
            height=min(640, 40 + 35 * len(sheet.table)),
            disabled=[name for name in sheet.table.columns if name not in (*_EDITED, _SAME)],
            column_config={
                "进度（%）": st.column_config.NumberColumn(min_value=0, max_value=100, step=1),
                "实际值": st.column_config.NumberColumn(min_value=0, help="成效指标截至本期的实际值"),
                "进展情况": st.column_config.TextColumn(max_chars=1000, width="large"),
            },
            key=state.variant(Key.CAMPAIGN_FORM, "report_editor", period.key, sheet.number),
        )
        sent = st.form_submit_button("提交填报", type="primary")
    if sent:
        with telling():
            _send(frame, grid, sheet, edited)


def _sheet(grid: Grid) -> Sheet:
    """Return the table that is being edited: as it was read first, until it is sent, so that nothing typed is lost."""
    kept: Sheet | None = state.get(Key.CAMPAIGN_SHEET)
    keys = tuple(row.line.row.id for row in grid.rows)
    if kept is None or (kept.period, kept.keys) != (grid.period.key, keys):
        number = 1 if kept is None else kept.number + 1
        table = pd.DataFrame([_cells(row) for row in grid.rows])
        kept = Sheet(grid.period.key, keys, _versions(grid), table, number)
        state.put(Key.CAMPAIGN_SHEET, kept)
    return kept


def _versions(grid: Grid) -> tuple[int, ...]:
    return tuple(row.line.row.version for row in grid.rows)


def _send(frame: Frame, grid: Grid, sheet: Sheet, edited: pd.DataFrame) -> None:
    reports = _reports(sheet, edited)
    if not reports:
        st.info(f"没有改动。如进度没有变化，请勾选“{_SAME}”后提交。")
        return
    try:
        count = campaigns.report(frame.actor, reports)
    except Conflict:  # told now: what is typed stays, and the next submission rests on the newer versions
        state.put(Key.CAMPAIGN_SHEET, replace(sheet, versions=_versions(grid)))
        raise
    state.put(Key.CAMPAIGN_SHEET, replace(sheet, period=""))  # read anew, under another number
    notify(f"已填报 {count} 项任务。")
    st.rerun()


def _cells(row: GridRow) -> dict[str, object]:
    line, task = row.line, row.line.row
    actual = campaigns.from_milli(task.actual_milli)
    target = "" if task.target_milli is None else f"{task.measure} {words.amount(task.target_milli, task.measure_unit)}"
    return {
        "行动": row.campaign.name,
        "任务": task.name,
        "灯": words.light(line),
        "期限": str(task.facts.planned_finish_on),
        "序时": words.pct(line.expected),
        "进度（%）": task.facts.percent,
        "成效目标": target,
        "实际值": None if actual is None else float(actual),
        "进展情况": row.last.text if row.last else "",
        _SAME: False,
        "本期": "已报" if row.is_done else "上期漏报" if line.is_missing else "未报",
    }


def _reports(sheet: Sheet, edited: pd.DataFrame) -> list[TaskReport]:
    """Return the rows that were changed or ticked as unchanged."""
    found = []
    before, after = sheet.table.to_dict("records"), edited.to_dict("records")
    for task_id, version, old, new in zip(sheet.keys, sheet.versions, before, after, strict=True):
        if not new[_SAME] and all(_same(old[name], new[name]) for name in _EDITED):
            continue
        percent, actual = new["进度（%）"], new["实际值"]
        found.append(
            TaskReport(
                task_id=task_id,
                expected_version=version,
                percent=0 if pd.isna(percent) else int(percent),
                text=str(new["进展情况"] or ""),
                actual=None if pd.isna(actual) else Decimal(str(actual)),
            )
        )
    return found


def _same(old: object, new: object) -> bool:
    return bool((pd.isna(old) and pd.isna(new)) or old == new)  # type: ignore[call-overload]
