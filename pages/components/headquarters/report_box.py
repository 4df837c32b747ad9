"""报告: what is owed to the committee, the document with the figures of the screen, what was sent."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.evidence import EvidenceOwner
from core.domain.headquarters_checks import MAX_DOCUMENT, MAX_REPORT_WORKDAYS, MAX_TEXT
from core.domain.headquarters_reports import ReportCycle
from core.domain.permissions import Permission
from core.exporters.official.pdf import PDF
from core.exporters.official.word import DOCX
from core.services import attachments
from core.services import headquarters as service
from core.services.headquarters import Duty, Headquarters
from pages.components import state
from pages.components.headquarters import words
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame, notify, telling
from pages.components.state import Key
from pages.components.supervision import paper
from pages.http.files import address

_REPORTS_SHOWN = 30
_SENT_PIXELS = 260


def draw(frame: Frame, one: Headquarters) -> None:
    """Draw the tab."""
    left, right = st.columns([1, 1.15], gap="medium")
    with left:
        chosen = _draw_duties(one)
        _draw_schedule(frame, one)
    with right:
        _draw_sent(frame, one)
    if chosen is None:
        st.info("没有应报的报告可供生成。还没有报送计划时，请先设置周报、旬报或月报。")
    else:
        _draw_report(frame, one, chosen)


def _name(duty: Duty) -> str:
    return f"{duty.duty.period.label}{duty.cycle.label}"


def _draw_duties(one: Headquarters) -> Duty | None:
    late = sum(item.duty.is_overdue for item in one.duties)
    st.markdown(f"**应报**　{len(one.duties)} 期" + (f"，■ 逾期 {late} 期" if late else ""))
    if not one.duties:
        st.caption("没有应报的报告。" if one.schedules else "还没有设置报送计划。")
        return None
    options = {(item.cycle, item.duty.period.first_on): item for item in one.duties}
    labels = {
        key: f"{_name(item)}（{words.due_words(item.duty.due_on, one.today)}，期限 {item.duty.due_on:%m-%d}）"
        for key, item in options.items()
    }
    key = st.radio("应报", list(options), format_func=labels.__getitem__, label_visibility="collapsed")
    return options[key]


def _draw_schedule(frame: Frame, one: Headquarters) -> None:
    told = "；".join(
        f"{row.cycle.label}，周期结束后 {row.workdays} 个工作日内" for row in one.schedules if row.is_active
    )
    if told:
        st.caption(f"报送计划：{told}。")
    if not one.may_manage:
        return
    known = {row.cycle: row for row in one.schedules}
    with st.popover("设置报送计划"):
        cycle = st.segmented_control(
            "周期", list(ReportCycle), format_func=lambda item: item.label, default=ReportCycle.MONTHLY, required=True
        )
        row = known.get(cycle)
        with st.form(state.variant(Key.HQ_SCHEDULE, one.card.row.id, cycle.value, row.version if row else 0)):
            days = st.number_input("周期结束后几个工作日内报送", 1, MAX_REPORT_WORKDAYS, row.workdays if row else 3)
            since = st.date_input("自哪一天所在的周期起", row.since_on if row else one.today, format="YYYY-MM-DD")
            is_active = st.checkbox("启用", row.is_active if row else True)
            sent = st.form_submit_button("保存", type="primary")
        if sent:
            with telling():
                service.set_schedule(
                    frame.actor, one.card.row.id, cycle, int(days), since, is_active=is_active,
                    expected_version=row.version if row else None,
                )  # fmt: skip
                notify(f"{cycle.label}的报送计划已保存。")
                st.rerun()


def _draw_report(frame: Frame, one: Headquarters, duty: Duty) -> None:
    key, period = one.card.row.id, duty.duty.period
    part = (key, duty.cycle.value, period.first_on)
    outlook = st.text_area(
        "下步打算", height=90, max_chars=MAX_TEXT, key=state.variant(Key.HQ_REPORT, "outlook", *part),
        placeholder="一行一段；不填则列出近期到期节点",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.text_input(
            "文号", max_chars=MAX_DOCUMENT, key=state.variant(Key.HQ_REPORT, "number", *part), width=200,
            placeholder="可不填",
        )  # fmt: skip
        if frame.actor.can(Permission.EXPORT):
            _draw_downloads(frame, one, duty, outlook, number)
        if one.may_manage:
            with st.popover("登记报送"):
                sent_on = st.date_input(
                    "报送日期", one.today, format="YYYY-MM-DD", key=state.variant(Key.HQ_REPORT, "sent", *part)
                )
                st.caption("系统留存报送时的文件，此后数据变化不影响该文件。")
                if st.button("确认已报送", type="primary"):
                    _send(frame, one, duty, sent_on, number, outlook)
    if not duty.duty.is_over:
        st.caption("本期尚未结束，报告所载为截至今日的情况。")
    with telling():
        paper.draw(service.report(frame.actor, key, duty.cycle, period.first_on, outlook, number))


def _draw_downloads(frame: Frame, one: Headquarters, duty: Duty, outlook: str, number: str) -> None:
    key, period = one.card.row.id, duty.duty.period
    name = service.file_name(one.card.row.name, duty.cycle.label, period.label)
    for label, kind, is_pdf in (("Word", DOCX, False), ("PDF", PDF, True)):
        st.download_button(
            label,
            frame.later(
                lambda as_pdf=is_pdf: (
                    service.report_file(
                        frame.actor, key, duty.cycle, period.first_on, outlook, number, as_pdf=as_pdf
                    ).content
                )
            ),
            file_name=f"{name}.{'pdf' if is_pdf else 'docx'}",
            mime=kind,
            icon=":material/download:",
            on_click="ignore",
            key=state.variant(Key.HQ_REPORT, label, key),
        )


def _send(frame: Frame, one: Headquarters, duty: Duty, sent_on: Any, number: str, outlook: str) -> None:
    with telling():
        first: date = duty.duty.period.first_on
        service.send(frame.actor, one.card.row.id, duty.cycle, first, sent_on, number, outlook)
        notify(f"{_name(duty)}已登记报送，文件已留存。")
        st.rerun()


def _draw_sent(frame: Frame, one: Headquarters) -> None:
    st.markdown(f"**已报**　{len(one.reports)} 期")
    if not one.reports:
        st.caption("还没有报送过报告。")
        return
    shown = one.reports[:_REPORTS_SHOWN]
    files = attachments.list_for(frame.actor, EvidenceOwner.HEADQUARTERS_REPORT.value, [row.id for row in shown])
    kept = {file.entity_id: address(file.id) for file in files}
    table = pd.DataFrame(
        [
            {
                "报告": row.label,
                "报送": f"{row.sent_on}{'（迟报）' if row.is_late else ''}",
                "文号": row.document_no,
                "文件": kept.get(row.id),
            }
            for row in shown
        ]
    )
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=min(_SENT_PIXELS, table_height(len(table))),
        row_height=ROW_PIXELS,
        placeholder="",
        column_config={"文件": st.column_config.LinkColumn(display_text="下载")},
    )
