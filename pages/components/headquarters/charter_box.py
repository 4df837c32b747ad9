"""章程与组建: the charter, the checklist with its deadlines, the members with their terms."""

from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.errors import Conflict
from core.domain.evidence import EvidenceOwner
from core.domain.headquarters import step_state
from core.domain.headquarters_checks import LABELS, MAX_LINE, MAX_NAME, MAX_SHORT_NAME, MAX_TEXT
from core.domain.units import NOTHING
from core.services import attachments
from core.services import headquarters as service
from core.services.headquarters import Charter, Headquarters, StepRow
from pages.components import evidence, markup, state
from pages.components.headquarters import member_box, words
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

CHARTER = "charter"


def draw(frame: Frame, one: Headquarters) -> None:
    """Draw the tab."""
    left, right = st.columns([1, 1.35], gap="medium")
    with left:
        _draw_charter(one)
    with right:
        _draw_steps(frame, one)
    member_box.draw(frame, one)
    _show_charter(frame, one)
    _show_step(frame, one)


def _draw_charter(one: Headquarters) -> None:
    row = one.card.row
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**章程**")
            st.space("stretch")
            if one.may_manage and st.button("修改章程", icon=":material/edit:", type="tertiary"):
                state.put(Key.HQ_DIALOG, (CHARTER, row.id, row.version))
        facts = (
            ("职责任务", row.mission),
            ("年度目标", row.goals),
            ("责任范围", row.area),
            ("办公地点", row.office_address),
            ("成立日期", str(row.founded_on or "")),
            ("组建期限", str(row.set_up_due_on or "")),
        )
        markup.show("headquarters/charter.html", facts=[(label, text or NOTHING) for label, text in facts])


def _show_charter(frame: Frame, one: Headquarters) -> None:
    opened = state.get(Key.HQ_DIALOG)
    if isinstance(opened, tuple) and opened[:2] == (CHARTER, one.card.row.id):
        st.dialog("修改章程", width="large", on_dismiss=_close)(_charter_form)(frame, one, opened[2])


def _close() -> None:
    state.take(Key.HQ_DIALOG)


def _charter_form(frame: Frame, one: Headquarters, seen: int) -> None:
    row, days = one.card.row, {"format": "YYYY-MM-DD"}
    if row.version != seen:
        st.warning("章程刚刚被他人修改。下面左为系统现有内容，表单中是您填写的内容；再次保存将以您的为准。")
        stored = {LABELS[name]: str(value or NOTHING) for name, value in asdict(Charter.of(row)).items()}
        st.dataframe(pd.DataFrame(stored.items(), columns=["字段", "系统现有内容"]), hide_index=True)
    with st.form(state.variant(Key.HQ_CHARTER, row.id), border=False):
        left, middle, founded, due = st.columns([2.4, 1.2, 1, 1])
        charter = Charter(
            name=left.text_input("名称", row.name, max_chars=MAX_NAME),
            short_name=middle.text_input("简称", row.short_name, max_chars=MAX_SHORT_NAME),
            founded_on=founded.date_input("成立日期", row.founded_on, **days),
            set_up_due_on=due.date_input("组建期限", row.set_up_due_on, **days),
            mission=st.text_area("职责任务", row.mission, height=90, max_chars=MAX_TEXT),
            goals=st.text_area("年度目标", row.goals, height=90, max_chars=MAX_TEXT, placeholder="一行一条"),
            area=st.text_input("责任范围", row.area, max_chars=MAX_LINE),
            office_address=st.text_input("办公地点", row.office_address, max_chars=MAX_LINE),
        )
        sent = st.form_submit_button("保存", type="primary")
    if sent:
        with telling():
            try:
                service.save_charter(frame.actor, row.id, charter, row.version if row.version != seen else seen)
            except Conflict:
                st.rerun()
            _close()
            notify("章程已保存。")
            st.rerun()


def _draw_steps(frame: Frame, one: Headquarters) -> None:
    with st.container(border=True):
        standing = one.card.set_up
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**组建清单**")
            st.caption(plain(words.set_up(standing)))
            st.space("stretch")
        if not one.steps:
            st.caption("没有组建清单。")
            if one.may_manage and st.button("按现行清单生成"):
                with telling():
                    count = service.start_set_up(frame.actor, one.card.row.id)
                    notify(f"已生成组建清单 {count} 项。")
                    st.rerun()
            return
        table = pd.DataFrame([_step_cells(step, one) for step in one.steps])
        if not one.may_manage:
            st.dataframe(
                table, hide_index=True, width="stretch", height=table_height(len(table)), row_height=ROW_PIXELS
            )
            return
        picked = st.dataframe(
            table,
            key=state.variant(Key.HQ_STEPS, *(step.version for step in one.steps)),
            on_select="rerun",
            selection_mode="single-row",
            hide_index=True,
            width="stretch",
            height=table_height(len(table)),
            row_height=ROW_PIXELS,
        )
        rows = picked["selection"]["rows"]
        state.put(Key.HQ_STEP, one.steps[rows[0]].id if rows else None)
        st.caption("选一项登记完成、附佐证材料或调整期限；任命相应职务的成员后，对应事项自动完成。")


def _step_cells(step: StepRow, one: Headquarters) -> dict[str, Any]:
    return {
        "事项": step.name,
        "状态": words.STEP_MARKS[step_state(step.dates, one.today)],
        "期限": str(step.due_on),
        "完成": str(step.done_on or ""),
        "剩余": "" if step.done_on else words.due_words(step.due_on, one.today),
        "说明": step.note,
    }


def _show_step(frame: Frame, one: Headquarters) -> None:
    chosen = next((step for step in one.steps if step.id == state.get(Key.HQ_STEP)), None)
    if chosen is None or not one.may_manage:
        return
    files = attachments.list_for(frame.actor, EvidenceOwner.HEADQUARTERS_STEP.value, [chosen.id])
    with st.container(border=True):
        st.markdown(f"**{plain(chosen.name)}**　期限 {chosen.due_on}")
        evidence.gallery(files)
        done, moved = st.columns(2)
        with done.form(state.variant(Key.HQ_FORM, "step", chosen.id, chosen.version), border=False):
            day = st.date_input("完成日期", chosen.done_on or "today", format="YYYY-MM-DD")
            note = st.text_input("说明", chosen.note, max_chars=MAX_LINE)
            papers = evidence.uploader(state.variant(Key.HQ_STEP, "files", chosen.id, chosen.version))
            sent = st.form_submit_button("登记完成", type="primary")
            again = chosen.done_on is not None and st.form_submit_button("撤回完成")
        if sent or again:
            _complete(frame, one, chosen, None if again else day, note, papers)
        with moved.form(state.variant(Key.HQ_FORM, "move", chosen.id, chosen.version), border=False):
            due = st.date_input("新的期限", chosen.due_on, format="YYYY-MM-DD")
            reason = st.text_input("调整原因", max_chars=MAX_LINE)
            is_moved = st.form_submit_button("调整期限")
        if is_moved:
            with telling():
                service.move_step(frame.actor, one.card.row.id, chosen.id, due, reason, chosen.version)
                notify(f"“{chosen.name}”的期限已调整为 {due}。")
                st.rerun()


def _complete(frame: Frame, one: Headquarters, step: StepRow, day: Any, note: str, papers: Any) -> None:
    with telling():
        service.complete_step(frame.actor, one.card.row.id, step.id, day, note, step.version)
        evidence.attach_all(frame.actor, EvidenceOwner.HEADQUARTERS_STEP.value, step.id, papers)
        state.take(Key.HQ_STEP)
        notify(f"“{step.name}”已登记完成。" if day else f"“{step.name}”已撤回，重新计时。")
        st.rerun()
