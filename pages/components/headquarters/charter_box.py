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
from pages.components.layout import ROW_PIXELS, card, table_height
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
    if one.may_manage and one.steps:
        _draw_step(frame, one)
    member_box.draw(frame, one)
    _show_charter(frame, one)


def _draw_charter(one: Headquarters) -> None:
    row = one.card.row
    with card("hq-charter"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**章程**")
            st.space("stretch")
            if one.may_manage and st.button("修改章程", icon=":material/edit:", type="tertiary"):
                state.put(Key.HQ_DIALOG, (CHARTER, row.id, row.version, row.version))
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
        st.dialog("修改章程", width="large", on_dismiss=_close)(_charter_form)(frame, one, opened[2], opened[3])


def _close() -> None:
    state.take(Key.HQ_DIALOG)


def _charter_form(frame: Frame, one: Headquarters, began: int, seen: int) -> None:
    """
    Draw the form; after a refusal both versions, and what was typed stays.

    Args:
        began: Version the form was opened at; its widgets are named by it, so that they keep what was typed.
        seen: Version the visitor knows of by now: that one may be saved over.
    """
    row = one.card.row
    if began != seen:
        st.warning("章程刚刚被他人修改，您的内容尚未保存。下表为系统现有内容，表单中是您填写的；再次保存以您的为准。")
        stored = {LABELS[name]: str(value or NOTHING) for name, value in asdict(Charter.of(row)).items()}
        st.dataframe(pd.DataFrame(stored.items(), columns=["字段", "系统现有内容"]), hide_index=True)
    with st.form(state.variant(Key.HQ_CHARTER, row.id, began), border=False):
        charter = _charter_fields(Charter.of(row), state.variant(Key.HQ_CHARTER, row.id, began))
        sent = st.form_submit_button("保存", type="primary")
    if sent:
        with telling():
            try:
                service.save_charter(frame.actor, row.id, charter, seen)
            except Conflict:
                latest = service.read_one(frame.actor, row.id).card.row.version
                state.put(Key.HQ_DIALOG, (CHARTER, row.id, began, latest))
                st.rerun()
            _close()
            notify("章程已保存。")
            st.rerun()


def _charter_fields(old: Charter, key: str) -> Charter:
    left, middle, founded, due = st.columns([2.4, 1.2, 1, 1])
    days: dict[str, Any] = {"format": "YYYY-MM-DD"}
    return Charter(
        name=left.text_input("名称", old.name, max_chars=MAX_NAME, key=f"{key}_name"),
        short_name=middle.text_input("简称", old.short_name, max_chars=MAX_SHORT_NAME, key=f"{key}_short"),
        founded_on=founded.date_input("成立日期", old.founded_on, key=f"{key}_founded", **days),
        set_up_due_on=due.date_input("组建期限", old.set_up_due_on, key=f"{key}_due", **days),
        mission=st.text_area("职责任务", old.mission, height=90, max_chars=MAX_TEXT, key=f"{key}_mission"),
        goals=st.text_area(
            "年度目标", old.goals, height=90, max_chars=MAX_TEXT, placeholder="一行一条", key=f"{key}_goals"
        ),
        area=st.text_input("责任范围", old.area, max_chars=MAX_LINE, key=f"{key}_area"),
        office_address=st.text_input("办公地点", old.office_address, max_chars=MAX_LINE, key=f"{key}_office"),
    )


def _draw_steps(frame: Frame, one: Headquarters) -> None:
    with card("hq-steps"):
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
        st.dataframe(table, hide_index=True, width="stretch", height=table_height(len(table)), row_height=ROW_PIXELS)
        if one.may_manage:
            st.caption("任命相应职务的成员后，对应事项自动完成；其余事项在下面登记。")


def _step_cells(step: StepRow, one: Headquarters) -> dict[str, Any]:
    return {
        "事项": step.name,
        "状态": words.STEP_MARKS[step_state(step.dates, one.today)],
        "期限": str(step.due_on),
        "完成": str(step.done_on or ""),
        "剩余": "" if step.done_on else words.due_words(step.due_on, one.today),
        "说明": step.note,
    }


def _draw_step(frame: Frame, one: Headquarters) -> None:
    """Draw the form of one step: the first that is open, or the one that was chosen."""
    steps = {step.id: step for step in one.steps}
    waiting = [step.id for step in one.steps if step.done_on is None]
    with card("hq-step"):
        left, right = st.columns([1.35, 1], gap="medium")
        chosen = left.selectbox(
            "办理组建事项",
            list(steps),
            index=list(steps).index(waiting[0]) if waiting else 0,
            format_func=lambda key: f"{steps[key].name}（{steps[key].due_on:%m-%d}）",
            key=state.variant(Key.HQ_STEP, one.card.row.id),
        )
        step = steps[chosen]
        with left.form(state.variant(Key.HQ_FORM, "step", step.id, step.version), border=False):
            day = st.date_input("完成日期", step.done_on or one.today, format="YYYY-MM-DD")
            note = st.text_input("说明", step.note, max_chars=MAX_LINE)
            papers = evidence.uploader(state.variant(Key.HQ_STEP, "files", step.id, step.version))
            sent = st.form_submit_button("登记完成", type="primary")
            again = step.done_on is not None and st.form_submit_button("撤回完成")
        with right:
            files = attachments.list_for(frame.actor, EvidenceOwner.HEADQUARTERS_STEP.value, [step.id])
            evidence.gallery(files, empty="")
            _draw_move(frame, one, step)
    if sent or again:
        _complete(frame, one, step, None if again else day, note, papers)


def _draw_move(frame: Frame, one: Headquarters, step: StepRow) -> None:
    with st.form(state.variant(Key.HQ_FORM, "move", step.id, step.version), border=False):
        due = st.date_input("新的期限", step.due_on, format="YYYY-MM-DD")
        reason = st.text_input("调整原因", max_chars=MAX_LINE)
        sent = st.form_submit_button("调整期限")
    if sent:
        with telling():
            service.move_step(frame.actor, one.card.row.id, step.id, due, reason, step.version)
            notify(f"“{step.name}”的期限已调整为 {due}。")
            st.rerun()


def _complete(frame: Frame, one: Headquarters, step: StepRow, day: Any, note: str, papers: Any) -> None:
    with telling():
        service.complete_step(frame.actor, one.card.row.id, step.id, day, note, step.version)
        evidence.attach_all(frame.actor, EvidenceOwner.HEADQUARTERS_STEP.value, step.id, papers)
        st.session_state.pop(state.variant(Key.HQ_STEP, one.card.row.id), None)
        notify(f"“{step.name}”已登记完成。" if day else f"“{step.name}”已撤回，重新计时。")
        st.rerun()
