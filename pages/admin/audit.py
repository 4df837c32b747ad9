"""审计: who did what, when, from where; read-only. The chain of hashes proves that no row was altered or taken out."""

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.services import audit_words, audits
from core.services.audits import AuditFilter, Verdict
from pages.components import state
from pages.components.layout import card
from pages.components.moments import local, local_seconds
from pages.components.page import page, telling
from pages.components.state import Key

_NOTE = "只读，任何人不能修改或删除；每条记录带上一条的校验值，改动任何一条都会被发现。"
_DAYS = {1: "今天起 24 小时内", 7: "近 7 天", 30: "近 30 天", 365: "近一年", 0: "全部"}
_SHORT = 18
_COLUMNS = ["序号", "时间", "操作人", "动作", "对象", "编号", "内容", "原因"]


def _tell(verdict: Verdict) -> None:
    if verdict.broken_at is None:
        st.success(f"校验通过：{verdict.checked:,} 条记录首尾相接，未被改动（{local(verdict.at)}）。")
    else:
        st.error(
            f"校验未通过：自第 {verdict.broken_at:,} 条起与校验值不符（{local(verdict.at)}）。"
            "请立即保全数据库文件与备份，并报告安全管理员。"
        )


def _is_row_picked() -> bool:
    """Whether the full text of a row stands below the table, which then is shorter."""
    table = state.get(Key.AUDIT_TABLE)
    return bool(table and table["selection"]["rows"])


with page("审计", Permission.VIEW_AUDIT, note=_NOTE, live=True) as frame:
    cells = st.columns([2, 2, 2, 2, 1], vertical_alignment="bottom")
    offered = audits.search(frame.actor, AuditFilter(days=0), 0)
    days = cells[0].selectbox("时间", list(_DAYS), 1, format_func=_DAYS.__getitem__, key=Key.AUDIT_DAYS)
    who = cells[1].text_input("操作人（用户名）", key=Key.AUDIT_ACTOR, max_chars=64)
    action = cells[2].selectbox(
        "动作", ("", *offered.actions), format_func=lambda c: audit_words.action(c) or "全部", key=Key.AUDIT_ACTION
    )
    entity = cells[3].selectbox(
        "对象", ("", *offered.entities), format_func=lambda c: audit_words.entity(c) or "全部", key=Key.AUDIT_ENTITY
    )
    if cells[4].button("校验审计链", type="primary", width="stretch"):
        with telling(), st.spinner("正在逐条校验…"):
            state.put(Key.AUDIT_VERIFIED, audits.verify(frame.actor))
    if verdict := state.get(Key.AUDIT_VERIFIED):
        _tell(verdict)

    wanted = AuditFilter(who, action, entity, days)
    number = int(state.get(Key.AUDIT_PAGE, 1)) - 1
    found = audits.search(frame.actor, wanted, number)
    if number and not found.rows:
        number, found = 0, audits.search(frame.actor, wanted)
    rows = [
        (
            row.seq,
            local_seconds(row.at),
            row.actor,
            audit_words.action(row.action),
            audit_words.entity(row.entity),
            row.entity_id,
            audit_words.change(row.old, row.new),
            row.reason,
        )
        for row in found.rows
    ]
    if not rows:
        st.info("没有符合条件的记录。请放宽时间或其他条件。")
    else:
        picked = st.dataframe(
            pd.DataFrame(rows, columns=_COLUMNS),
            hide_index=True,
            height="content" if len(rows) < _SHORT else 320 if _is_row_picked() else 640,
            column_config={"内容": st.column_config.TextColumn(width="large")},
            on_select="rerun",
            selection_mode="single-row",
            key=Key.AUDIT_TABLE,
        )["selection"]["rows"]
        pages = -(-found.total // audits.PAGE_ROWS)
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.caption(f"共 {found.total:,} 条，按时间从新到旧，每页 {audits.PAGE_ROWS} 条。点选一行看全文。")
        if pages > 1:
            right.number_input("页", 1, pages, key=Key.AUDIT_PAGE, label_visibility="collapsed")
        if picked and picked[0] < len(rows):
            row = found.rows[picked[0]]
            with card("full_text"):
                st.markdown(f"**第 {row.seq} 条**　校验值")
                st.code(row.hash, language=None)
                before, after = st.columns(2)
                before.caption("原值")
                before.code(row.old, language="json", wrap_lines=True)
                after.caption("新值")
                after.code(row.new, language="json", wrap_lines=True)
