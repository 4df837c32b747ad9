"""奖惩: the year's rewards and penalties by subject and in order, and the form to record one."""

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.domain.supervision_terms import MeritKind
from core.services import merits, rectifications
from core.services.merits import NewMerit
from pages.components import state
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key


def draw(frame: Frame, year: int) -> None:
    """Draw the tables of *year* and, for who may, the form."""
    rows = merits.list_year(frame.actor, year)
    if frame.actor.can(Permission.VERIFY_RECTIFICATION):
        _draw_proposals(frame, year)
        _draw_form(frame)
    if not rows:
        st.info(f"{year}年还没有奖惩记录。")
        return
    sums = [(kind, name, good, bad, f"{points / 10:+.1f}") for kind, name, good, bad, points in merits.totals(rows)]
    heads = ["类别", "对象", "奖（次）", "惩（次）", "累计分值"]
    st.dataframe(pd.DataFrame(sums, columns=heads), hide_index=True, width="stretch")
    told = [
        (
            str(row.happened_on),
            row.subject,
            row.kind.label,
            f"{row.points_tenths / 10:+.1f}",
            row.reason,
            row.document_no,
        )
        for row in rows
    ]
    columns = ["日期", "对象", "奖惩", "分值", "事由", "文号"]
    st.dataframe(pd.DataFrame(told, columns=columns), hide_index=True, width="stretch")


def _draw_proposals(frame: Frame, year: int) -> None:
    """Offer what the rules propose; each is recorded by a click, never by itself."""
    found = merits.proposals(frame.actor, year)
    if not found:
        return
    with st.expander(f"按规则建议 {len(found)} 条，逐条确认后登记"):
        for item in found:
            words, button = st.columns([6, 1], vertical_alignment="center")
            words.markdown(
                plain(f"{item.subject}　{item.kind.label}　{item.points_tenths / 10:+.1f} 分　{item.reason}")
            )
            key = state.variant(Key.MERIT_PROPOSED, item.kind, item.subject_kind, item.subject_id)
            if button.button("确认登记", key=key, width="stretch"):
                with telling():
                    new = NewMerit(
                        item.kind,
                        item.subject_kind,
                        item.subject_id,
                        rectifications.today(),
                        item.reason,
                        item.points_tenths,
                    )
                    merits.record(frame.actor, new)
                    notify(f"已登记“{item.subject}”的{item.kind.label}。")
                    st.rerun()


def _draw_form(frame: Frame) -> None:
    known = [(kind, key, name) for kind, names in merits.choices(frame.actor).items() for key, name in names.items()]
    with st.form(Key.MERIT_FORM.value, clear_on_submit=False):
        who, kind, day, points = st.columns([4, 2, 2, 1])
        chosen = who.selectbox("对象", known, format_func=lambda item: f"{item[2]}（{item[0].label}）")
        what = kind.selectbox("奖惩", list(MeritKind), format_func=lambda item: item.label)
        happened = day.date_input("日期", value="today", format="YYYY-MM-DD")
        score = points.number_input("分值", -100.0, 100.0, 0.0, step=0.5, format="%.1f")
        why, number = st.columns([4, 2])
        reason = why.text_input("事由", max_chars=400)
        document = number.text_input("文号", max_chars=100)
        sent = st.form_submit_button("登记", type="primary")
    if sent and chosen is not None:
        with telling():
            new = NewMerit(what, chosen[0], chosen[1], happened, reason, round(score * 10), document)
            merits.record(frame.actor, new)
            notify(f"已登记“{chosen[2]}”的{what.label}。")
            st.rerun()
