"""The parts of 月结: months of the year, closing one, who is missing, corrections, the office's own working days."""

import json

import pandas as pd
import streamlit as st

from core.domain.period import Month
from core.domain.permissions import Permission
from core.domain.supervision_terms import ApprovalStatus
from core.domain.units import format_wan
from core.services import account_names, calendar, closing, reports
from core.services.closing import CorrectionRow, MonthStatus
from db.queries.reports import ReportFilter
from pages.components import state
from pages.components.layout import card
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_FIELDS = {"done_yuan": "本月完成", "statistics_yuan": "统计口径"}
_NAMED = 40
_SHIFTS = {False: "放假", True: "上班"}


def draw_months(months: tuple[MonthStatus, ...]) -> None:
    """Draw the year as a table."""
    first = min((item.month for item in months if item.closed), default=None)
    rows = [
        (
            item.month.label,
            _standing(item, first),
            item.progress.due,
            item.progress.submitted,
            item.progress.reviewed,
            item.progress.locked,
            item.progress.missing,
            local(item.closed.closed_at) if item.closed else "",
            str(item.closed.figures_on) if item.closed else "",
            item.closed.sha256[:16] if item.closed else "",
        )
        for item in reversed(months)
    ]
    names = ["月份", "状态", "应报", "已报", "已审核", "已锁定", "未报", "月结时间", "数据截至", "校验值（前 16 位）"]
    widths = {"月结时间": st.column_config.TextColumn(width=136), "状态": st.column_config.TextColumn(width=230)}
    st.dataframe(
        pd.DataFrame(rows, columns=names), hide_index=True, width="stretch", height="content", column_config=widths
    )


def _standing(item: MonthStatus, first: Month | None) -> str:
    """Return where a month stands in words; *first* is the first closed month."""
    if item.closed:
        return "■ 已月结"
    if not item.problems:
        return "● 待月结"
    return "— 启用月结之前" if first is not None and item.month < first else f"○ {item.problems[0].message}"


def draw_close(frame: Frame, months: tuple[MonthStatus, ...]) -> None:
    """Offer to close the next month: what is missing, the reason, a confirmation that names the consequence."""
    ready = [item for item in months if item.closed is None and not item.problems]
    if not ready:
        st.info("现在没有可以月结的月份。报送期结束后，按月份顺序办理。")
        return
    with card("close"):
        chosen = st.selectbox("月结月份", ready[::-1], format_func=lambda item: item.month.label, width=240)
        if chosen.progress.missing:
            _draw_missing(frame, chosen.month, chosen.progress.missing)
        with st.form(state.variant(Key.CLOSING_FORM, str(chosen.month)), border=False):
            reason = st.text_input("带缺口月结的原因" if chosen.progress.missing else "备注（可不填）", max_chars=400)
            sure = st.checkbox(f"确认月结{chosen.month.label}：月报锁定，数据封存，此后只能更正、不能重开")
            sent = st.form_submit_button(f"月结 {chosen.month.label}", type="primary")
        if sent and not sure:
            st.warning("请先勾选确认。")
        elif sent:
            with telling(), st.status("正在月结…") as shown:
                row = closing.close(frame.actor, chosen.month, reason, lambda text: shown.update(label=text))
                notify(f"{row.month.label}已月结封存。菜单下方“数据时点”可随时查看当时的各个页面。")
                st.rerun()


def _draw_missing(frame: Frame, month: Month, missing: int) -> None:
    found = reports.late(frame.actor, month, ReportFilter())
    groups = [(group.name, group.due - group.counted) for group in found.counties]
    counties = "、".join(f"{name} {count} 项" for name, count in groups if count > 0)
    names = "、".join(row.name for row in found.rows[:_NAMED])
    more = f"等 {found.total} 项" if found.total > _NAMED else ""
    with st.expander(f"{month.label}还有 {missing} 个项目未报：{counties}"):
        st.caption("可复制下面的文字催报。")
        st.code(f"请尽快报送{month.label}投资月报（{counties}）：{names}{more}。", language=None, wrap_lines=True)


def draw_verify(frame: Frame, months: tuple[MonthStatus, ...]) -> None:
    """Offer to re-hash a closed month and to open its wall."""
    closed = [item for item in months if item.closed]
    if not closed:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "已月结月份", list(reversed(closed)), format_func=lambda item: item.month.label, width=240
        )
        if st.button("核验封存数据"):
            with telling():
                if closing.verify(frame.actor, chosen.month):
                    st.success(f"{chosen.month.label}封存数据完好，校验值一致。")
                else:
                    st.error(f"{chosen.month.label}封存数据与月结时的校验值不一致，请从备份恢复。")
        st.link_button("当月大屏", f"/wall?month={chosen.month}")


def change_words(row: CorrectionRow) -> str:
    """Return what a correction changes, old → new in 万元."""
    old, new = json.loads(row.old), json.loads(row.new)
    return "；".join(f"{_FIELDS[name]} {format_wan(old[name], 2)} → {format_wan(new[name], 2)} 万元" for name in new)


def draw_corrections(frame: Frame) -> None:
    """List the corrections; who may decide decides here."""
    rows = closing.list_corrections(frame.actor)
    if not rows:
        st.info("还没有更正。已月结月份的月报有误时，由填报单位在“投资月报”中提出，这里审批。")
        return
    names = account_names.names(
        frame.actor, frozenset(login for row in rows for login in (row.proposed_by, row.decided_by) if login)
    )
    for row in (row for row in rows if row.status is ApprovalStatus.PROPOSED):
        with card(f"correction_{row.id}"):
            st.markdown(plain(f"{row.project} · {Month.parse(row.month).label}：{change_words(row)}"))
            who = names.get(row.proposed_by, row.proposed_by)
            st.caption(plain(f"{who} {local(row.proposed_at)}：{row.reason} {row.document_no}"))
            if frame.actor.can(Permission.CLOSE_MONTH) and row.proposed_by != frame.actor.login:
                _draw_decision(frame, row)
    done = [
        (
            Month.parse(row.month).label,
            row.project,
            change_words(row),
            row.reason,
            row.status.label,
            names.get(row.proposed_by, row.proposed_by),
            names.get(row.decided_by, row.decided_by),
        )
        for row in rows
        if row.status is not ApprovalStatus.PROPOSED
    ]
    if done:
        columns = ["月份", "项目", "更正内容", "原因", "结果", "提出人", "审批人"]
        st.dataframe(pd.DataFrame(done, columns=columns), hide_index=True, width="stretch")


def _draw_decision(frame: Frame, row: CorrectionRow) -> None:
    with st.form(state.variant(Key.CLOSING_DECIDE, row.id), border=False):
        note, yes, no = st.columns([4, 1, 1], vertical_alignment="bottom")
        words = note.text_input("审批意见", max_chars=200)
        approved = yes.form_submit_button("批准", type="primary", width="stretch")
        rejected = no.form_submit_button("不批准", width="stretch")
    if approved or rejected:
        with telling():
            closing.decide_correction(frame.actor, row.id, approved, words, row.version)
            notify(f"“{row.project}”的更正{'已批准，当前数据已更新' if approved else '未批准'}。")
            st.rerun()


def draw_calendar(frame: Frame, year: int) -> None:
    """Draw the local days of this year and the next, with a form to note one."""
    years = [calendar.read_year(frame.actor, number) for number in (year, year + 1)]
    for item in years:
        if item.warning:
            st.caption(item.warning)
    days = {day.day: day for item in years for day in item.days}
    if days:
        rows = [(str(day.day), _SHIFTS[day.is_working], day.note) for day in days.values()]
        st.dataframe(pd.DataFrame(rows, columns=["日期", "安排", "依据"]), hide_index=True, width="stretch")
    with st.form(Key.CALENDAR_FORM.value, clear_on_submit=True, border=False):
        on, kind, note, send, clear = st.columns([2, 2, 4, 1, 1], vertical_alignment="bottom")
        day = on.date_input("日期", value=None, format="YYYY-MM-DD")
        shift = kind.segmented_control("安排", list(_SHIFTS.values()), default=_SHIFTS[False], required=True)
        why = note.text_input("依据", max_chars=200, placeholder="如 市政府办公室通知 2026 年第 5 号")
        is_set = send.form_submit_button("保存", width="stretch")
        is_cleared = clear.form_submit_button("取消安排", width="stretch")
    if not (is_set or is_cleared):
        return
    if day is None:
        st.warning("请选择日期。")
        return
    with telling():
        if is_cleared:
            calendar.clear_day(frame.actor, day, why)
        else:
            known = days.get(day)
            calendar.set_day(frame.actor, day, shift == _SHIFTS[True], why, known.version if known else None)
        notify("已保存，期限按新的工作日安排计算。")
        st.rerun()
