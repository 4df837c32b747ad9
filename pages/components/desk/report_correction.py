"""更正: the way to other amounts for a month that is closed; proposed here, decided in 月结."""

from decimal import Decimal

import pandas as pd
import streamlit as st

from core.domain.errors import Invalid, Problem
from core.domain.period import Month
from core.domain.permissions import Permission
from core.domain.units import wan_to_yuan
from core.services import closing, reports
from core.services.closing import CorrectionRow
from db.queries.reports import ReportFilter
from pages.components import closing_box, state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key


def is_closed(frame: Frame, month: Month) -> bool:
    """Return whether *month* is closed."""
    return any(row.month == month for row in closing.closed_months(frame.actor))


def draw(frame: Frame, month: Month, wanted: ReportFilter) -> None:
    """Draw the form for the projects of the filter, and what was proposed for the month."""
    st.caption(f"{month.label}已月结封存。更正经督查部门批准后计入当前累计，封存的{month.label}数据不变。")
    rows = reports.sheet(frame.actor, month, wanted).rows
    if frame.actor.can(Permission.CORRECT_REPORT) and rows:
        names = {row.project.id: row.project.name for row in rows}
        with st.form(state.variant(Key.REPORT_CORRECTION, str(month)), border=False, clear_on_submit=False):
            who, done, statistics = st.columns([4, 2, 2])
            project_id = who.selectbox("项目", list(names), format_func=lambda key: names[key])
            new_done = done.text_input("本月完成更正为（万元）", max_chars=20)
            new_statistics = statistics.text_input("统计口径更正为（万元）", max_chars=20, placeholder="不改可不填")
            why, document = st.columns([4, 2])
            reason = why.text_input("更正原因", max_chars=400)
            number = document.text_input("依据文号", max_chars=100)
            sent = st.form_submit_button("提出更正", type="primary")
        if sent and project_id is not None:
            with telling():
                changes = _changes(new_done, new_statistics)
                closing.propose_correction(frame.actor, project_id, month, changes, reason, number)
                notify(f"“{names[project_id]}”的更正已提出，等待审批。")
                st.rerun()
    _draw_list(closing.list_corrections(frame.actor, (str(month),)))


def _changes(done: str, statistics: str) -> dict[str, int]:
    changes, problems = {}, []
    for field, label, text in (("done_yuan", "本月完成", done), ("statistics_yuan", "统计口径", statistics)):
        if text.strip():
            try:
                changes[field] = wan_to_yuan(Decimal(text.strip().replace(",", "")))
            except (ValueError, ArithmeticError):
                problems.append(Problem(field, "not_a_number", f"{label}“{text}”不是数字，请填写万元数。"))
    if problems:
        raise Invalid(problems)
    return changes


def _draw_list(rows: tuple[CorrectionRow, ...]) -> None:
    if not rows:
        return
    shown = [
        (row.project, closing_box.change_words(row), row.reason, row.status.label, row.decision_note) for row in rows
    ]
    columns = ["项目", "更正内容", "原因", "状态", "审批意见"]
    st.dataframe(pd.DataFrame(shown, columns=columns), hide_index=True, width="stretch")
