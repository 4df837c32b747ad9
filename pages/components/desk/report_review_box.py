"""After reports were sent in: accept them, send them back with a reason, lock the month."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.errors import Conflict, Invalid, Locked
from core.domain.period import Month
from core.domain.permissions import Actor, Permission
from core.domain.terms import ReportStatus
from core.domain.units import format_wan
from core.services import report_review, reports
from core.services.reports import Sheet, SheetRow
from db.queries.reports import ReportFilter
from pages.components import state
from pages.components.cached import cached_view
from pages.components.page import Frame, notify, speak
from pages.components.state import Key

_STATES = (ReportStatus.SUBMITTED, ReportStatus.REVIEWED, ReportStatus.LOCKED)
_AMOUNTS = ("月计划", "本月完成", "年累计", "统计口径")
_LABELS = {ReportStatus.SUBMITTED: "待审核", ReportStatus.REVIEWED: "已审核", ReportStatus.LOCKED: "已锁定"}


@cached_view()
def _load(actor: Actor, month: Month, wanted: ReportFilter) -> Sheet:
    return reports.sheet(actor, month, wanted)


def draw(frame: Frame, month: Month, wanted: ReportFilter) -> None:
    """Draw the reports of one state with what may be done to them."""
    chosen = st.segmented_control(
        "状态",
        list(_STATES),
        default=ReportStatus.SUBMITTED,
        required=True,
        format_func=_LABELS.__getitem__,
        label_visibility="collapsed",
        key=Key.REPORT_STATE.value,
    )
    status = ReportStatus(chosen or ReportStatus.SUBMITTED)
    narrowed = ReportFilter(wanted.county_id, wanted.headquarters_id, wanted.text, (status,))
    sheet = _load(frame, month, narrowed)
    if not sheet.rows:
        st.info(f"{month.label}没有“{_LABELS[status]}”的月报。")
        return
    event = st.dataframe(
        _table(sheet.rows),
        key=state.variant(Key.REPORT_REVIEW, frame.version.key, month, hash(narrowed)),
        hide_index=True,
        height=min(430, 38 + 35 * len(sheet.rows)),
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "请核实": st.column_config.TextColumn(width=170),
            **{name: st.column_config.TextColumn(alignment="right") for name in _AMOUNTS},
        },
    )
    if sheet.total > len(sheet.rows):
        st.caption(f"共 {sheet.total} 份，先显示 {len(sheet.rows)} 份；处理后自动补上。")
    picked = [sheet.rows[index] for index in event["selection"]["rows"] if index < len(sheet.rows)]
    if status is ReportStatus.SUBMITTED and frame.actor.can(Permission.REVIEW_REPORT):
        _draw_review(frame, sheet.rows, picked)
    if status is ReportStatus.REVIEWED and frame.actor.can(Permission.LOCK_REPORT):
        _draw_lock(frame, month, narrowed, sheet.total)
    if len(picked) == 1 and frame.actor.can(Permission.REVIEW_REPORT):
        _draw_return(frame, picked[0])


def _draw_review(frame: Frame, rows: Sequence[SheetRow], picked: Sequence[SheetRow]) -> None:
    wanted = picked or rows
    label = f"审核通过所选 {len(picked)} 份" if picked else f"审核通过以上 {len(rows)} 份"
    doubtful = sum(bool(row.doubts) for row in wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(label, type="primary" if picked else "secondary", key=state.variant(Key.REPORT_REVIEW, "accept")):
            keys = [(row.report.id, row.report.version) for row in wanted if row.report]
            outcome = report_review.review(frame.actor, keys)
            told = "".join(f" {problem.message}" for problem in outcome.refused)
            notify(f"已审核 {outcome.moved} 份月报。{told}")
            st.rerun()
        st.caption(f"其中 {doubtful} 份有疑点，请先核实。" if doubtful else "没有疑点。选中一份可退回。")


def _draw_lock(frame: Frame, month: Month, narrowed: ReportFilter, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(f"锁定 {total} 份", type="primary", key=state.variant(Key.REPORT_REVIEW, "lock")):
            narrowed = ReportFilter(narrowed.county_id, narrowed.headquarters_id, narrowed.text)
            count = report_review.lock_month(frame.actor, month, narrowed)
            notify(f"已锁定{month.label}月报 {count} 份。如需更正，可由督查人员退回。")
            st.rerun()
        st.caption("锁定后不能直接修改；更正须由督查人员退回并写明原因。")


def _draw_return(frame: Frame, row: SheetRow) -> None:
    if row.report is None:
        return
    with st.form(state.variant(Key.REPORT_REASON, row.report.id, row.report.version)):
        reason = st.text_area(
            "退回原因（必填）",
            height=80,
            key=state.variant(Key.REPORT_REASON, "text", row.report.id, row.report.version),
        )
        if st.form_submit_button("退回所选月报"):
            try:
                report_review.return_for_revision(frame.actor, row.report.id, reason, row.report.version)
            except (Invalid, Locked, Conflict) as refusal:
                speak(refusal)
                return
            notify(f"已退回：{row.project.name}。退回期间不计入累计。")
            st.rerun()


def _table(rows: Sequence[SheetRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "项目": [row.project.name for row in rows],
            "请核实": ["；".join(doubt.message for doubt in row.doubts) for row in rows],
            "县区": [row.project.county_name for row in rows],
            "月计划": [format_wan(row.month_plan_yuan) for row in rows],
            "本月完成": [format_wan(row.report.done_yuan if row.report else None, 2) for row in rows],
            "年累计": [format_wan(row.ytd_done_yuan, 2) for row in rows],
            "统计口径": [format_wan(row.report.statistics_yuan if row.report else None, 2) for row in rows],
            "形象进度": [row.report.physical_progress if row.report else "" for row in rows],
            "存在问题": [row.report.difficulty if row.report else "" for row in rows],
            "填报人": [row.report.submitted_by if row.report else "" for row in rows],
        }
    )
