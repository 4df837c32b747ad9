"""The form of each step a matter may take; what was typed stays when the step is refused."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import streamlit as st

from core.domain.matters.words import CATEGORIES, Difficulty, Outcome, Satisfaction
from core.domain.matters.words import MatterAction as Action
from core.domain.units import wan_to_yuan, yuan_to_wan
from core.services import matters
from core.services.matters import MatterRow, MatterView, SupportRow
from pages.components import state
from pages.components.matters import assign_box
from pages.components.matters.assign_box import Batch
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

Form = Callable[[Frame, MatterView], None]
TextVerb = Callable[..., int]


def close() -> None:
    """Forget which matter is open."""
    state.take(Key.MATTER_OPEN)


def _key(found: MatterView, name: str) -> str:
    return state.variant(Key.MATTER_ACT, name, found.card.row.id, found.card.row.version)


def _done(message: str) -> None:
    close()
    notify(message)
    st.rerun()


def _texted(name: str, label: str, button: str, verb: TextVerb, message: str, *, main: bool = False) -> Form:
    """Return the form of a step that takes one text."""

    def draw(frame: Frame, found: MatterView) -> None:
        with st.form(_key(found, name), border=main):
            text = st.text_area(label, height=90, max_chars=4000 if main else 1000)
            sent = st.form_submit_button(button, type="primary" if main else "secondary")
        if sent:
            with telling():
                row = found.card.row
                verb(frame.actor, row.id, text, row.version)
                _done(message)

    return draw


def _classify(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    with st.form(_key(found, "classify")):
        left, middle, right = st.columns(3)
        known = [*CATEGORIES, *([row.category] if row.category and row.category not in CATEGORIES else [])]
        category = left.selectbox("类别", known, index=known.index(row.category) if row.category else None)
        difficulty = middle.selectbox(
            "难易程度", list(Difficulty), index=1, format_func=lambda item: item.label, help="决定办理期限"
        )
        amount = row.state.amount_yuan
        wan = right.number_input(
            "涉及金额（万元）",
            min_value=0.0,
            value=float(yuan_to_wan(amount)) if amount is not None else None,
            format="%.2f",
        )
        remark = st.text_input("研判意见", max_chars=400)
        sent = st.form_submit_button("完成研判", type="primary")
    if sent:
        with telling():
            yuan = None if wan is None else wan_to_yuan(Decimal(str(wan)))
            matters.classify(frame.actor, row.id, category or "", difficulty, yuan, remark, row.version)
            _done("已研判，请交办。")


def _assign(frame: Frame, found: MatterView) -> None:
    assign_box.draw(frame, Batch({found.card.row.id: found.card.row.version}))


def _sign(frame: Frame, found: MatterView) -> None:
    if st.button("签收", type="primary", key=_key(found, "sign")):
        with telling():
            matters.sign_for(frame.actor, found.card.row.id, found.card.row.version)
            _done("已签收，请按期报送接办报告。")


def _resolve(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    with st.form(_key(found, "resolve")):
        outcome = st.segmented_control("办理结果", list(Outcome), format_func=lambda item: item.label)
        conditions = st.text_input("可解决的条件", help="暂无法解决的必填：具备什么条件后可以解决")
        decision = st.text_input("审定文号", max_chars=200, help="提请市委市政府的事项必填：会议纪要或批示文号")
        sent = st.form_submit_button("报送结果", type="primary")
    if sent:
        with telling():
            matters.resolve(frame.actor, row.id, outcome, conditions, decision, row.version)
            _done("结果已报送，等待回访销号。")


def _visit(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    with st.form(_key(found, "visit")):
        word = st.segmented_control("回访结果", list(Satisfaction), format_func=lambda item: item.label)
        remark = st.text_input("回访记录", max_chars=400)
        sent = st.form_submit_button("记录回访", type="primary")
    if sent:
        with telling():
            matters.record_satisfaction(frame.actor, row.id, word, remark, row.version)
            _done("回访已记录。")


def _extension(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    with st.form(_key(found, "extension"), border=False):
        until = st.date_input("延期至", value=None, format="YYYY-MM-DD")
        reason = st.text_input("延期原因", max_chars=400)
        sent = st.form_submit_button("提出申请")
    if sent:
        with telling():
            matters.request_extension(frame.actor, row.id, until, reason, row.version)
            _done("延期申请已提出。")


def _decide_extension(frame: Frame, found: MatterView) -> None:
    """Both answers to a request in one box, with what was asked for and what stands."""
    row = found.card.row
    asked = next((one for one in reversed(found.events) if one.kind == Action.EXTENSION_REQUESTED.value), None)
    with st.form(_key(found, "grant")):
        told = f"申请由 {row.state.due_on} 延期至 {row.state.extension_to}，已延期 {row.state.extended_times} 次"
        st.markdown(
            f"**延期审批**　{plain(told)}" + (f"　{plain(asked.actor_name)}：{plain(asked.note)}" if asked else "")
        )
        left, right = st.columns([1, 2])
        until = left.date_input("同意延期至", value=row.state.extension_to, format="YYYY-MM-DD")
        remark = right.text_input("意见", max_chars=400, placeholder="不同意的必填原因")
        with st.container(horizontal=True):
            granted = st.form_submit_button("同意延期", type="primary")
            refused = st.form_submit_button("不同意")
    if granted:
        with telling():
            matters.grant_extension(frame.actor, row.id, until, remark, row.version)
            _done(f"已同意延期至 {until}。")
    if refused:
        with telling():
            matters.refuse_extension(frame.actor, row.id, remark, row.version)
            _done("已答复不同意延期。")


def _merge(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    near = {one.code: f"{one.code}　{one.title}（{one.state.status.label}）" for one in _similar(frame, found)}
    with st.form(_key(found, "merge"), border=False):
        chosen = None
        if near:
            chosen = st.selectbox(
                "相近事项", list(near), index=None, format_func=near.__getitem__, placeholder="同一项目中标题相近的"
            )
        else:
            st.caption("没有找到标题相近的未办完事项。")
        code = st.text_input("或填写事项编号", max_chars=32, placeholder="同一清单中未办完的事项")
        sent = st.form_submit_button("合并")
    if sent:
        with telling():
            target = code.strip() or chosen or ""
            matters.merge(frame.actor, row.id, target, row.version)
            _done(f"已并入 {target}。")


def _similar(frame: Frame, found: MatterView) -> tuple[MatterRow, ...]:
    return matters.similar(frame.actor, found.card.row.id)


def _interview(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    with st.form(_key(found, "interview"), border=False):
        record = st.text_area("约谈记录", height=90, max_chars=1000, placeholder="约谈人、被约谈人、要求")
        number = st.text_input("文号", max_chars=200)
        sent = st.form_submit_button("登记约谈")
    if sent:
        with telling():
            matters.interview(frame.actor, row.id, record, number, row.version)
            _done("约谈已登记。")


def link(frame: Frame, found: MatterView) -> None:
    """Draw the form that links the matter to project, plot and policy."""
    row = found.card.row
    with st.form(_key(found, "link"), border=False):
        project = st.text_input("项目编号或名称", max_chars=200, placeholder=row.project_name)
        parcel = st.text_input("地块编号", max_chars=64, placeholder=row.parcel_name)
        policy = st.text_input("政策事项编号", max_chars=32)
        sent = st.form_submit_button("保存关联")
    if sent:
        with telling():
            matters.link(
                frame.actor,
                row.id,
                project=project,
                parcel_code=parcel,
                policy_code=policy,
                expected_version=row.version,
            )
            _done("关联已保存。")


def support(frame: Frame, found: MatterView, own: SupportRow) -> None:
    """Draw the form of a supporting unit's answer."""
    with st.form(state.variant(Key.MATTER_ACT, "support", own.id, own.version)):
        opinion = st.text_area("协办意见", height=80, max_chars=1000)
        sent = st.form_submit_button("回复主办单位", type="primary")
    if sent:
        with telling():
            matters.support(frame.actor, found.card.row.id, own.id, opinion, own.version)
            _done("协办意见已回复。")


# Drawn open; the others wait behind a button. One box answers a request for an extension either way.
MAIN = frozenset({
    Action.CLASSIFIED, Action.ASSIGNED, Action.SIGNED, Action.IN_PROGRESS, Action.REPLIED, Action.RESOLVED,
    Action.VISITED, Action.CLOSED_OUT, Action.EXTENSION_GRANTED,
})  # fmt: skip
ANSWERED_THERE = frozenset({Action.EXTENSION_REFUSED})
FORMS: Mapping[Action, Form] = {
    Action.CLASSIFIED: _classify,
    Action.ASSIGNED: _assign,
    Action.SIGNED: _sign,
    Action.OBJECTED: _texted("object", "退办理由", "退办", matters.object_, "已退办，等待重新交办。"),
    Action.IN_PROGRESS: _texted("progress", "办理进展", "报送进展", matters.report_progress, "进展已报送。", main=True),
    Action.REPLIED: _texted("reply", "答复意见", "回复", matters.reply, "已回复，请报送办理结果。", main=True),
    Action.RESOLVED: _resolve,
    Action.VISITED: _visit,
    Action.CLOSED_OUT: _texted("close", "销号说明（可空）", "销号", matters.close_out, "已销号。", main=True),
    Action.REDONE: _texted("redo", "重办原因", "重办", matters.redo, "已退回重办。"),
    Action.ESCALATED: _texted("escalate", "提级理由", "提级", matters.escalate, "已提级。"),
    Action.EXTENSION_REQUESTED: _extension,
    Action.EXTENSION_GRANTED: _decide_extension,
    Action.MERGED: _merge,
    Action.INTERVIEWED: _interview,
}
