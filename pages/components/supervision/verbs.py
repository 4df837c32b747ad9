"""What may be done with a round: make, compute, review, reopen, publish, supersede; each told before it happens."""

from datetime import date

import streamlit as st

from core.domain.period import Month
from core.domain.permissions import Permission
from core.domain.reasons import MAX_REASON
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import RoundStatus
from core.services import rounds, rule_sets
from core.services.rounds import ACTIVE_RULES, NewRound, RoundView
from pages.components import state
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key
from pages.components.supervision import words
from pages.components.supervision.head import KINDS

NEW, PUBLISH, SUPERSEDE, REOPEN, DISCARD = "new", "publish", "supersede", "reopen", "discard"
_MONTHS_OFFERED = 24


def draw_new_button(frame: Frame) -> None:
    """Offer to make a round to those who may."""
    if frame.actor.can(Permission.MANAGE_ROUNDS) and st.button(
        "新建轮次", icon=":material/add:", key=Key.ROUND_NEW.value
    ):
        state.put(Key.ROUND_DIALOG, NEW)


def draw_buttons(frame: Frame, view: RoundView) -> None:
    """Draw the steps that are possible now."""
    row, manages = view.row, frame.actor.can(Permission.MANAGE_ROUNDS)
    computed = row.computed_at is not None
    if row.status is RoundStatus.DRAFT and manages:
        if _button("重新测算" if computed else "测算旗色", "compute", primary=not computed):
            _compute(frame, view)
        if _button("作废", "discard", note="建错的草稿作废后不再占用轮次号"):
            state.put(Key.ROUND_DIALOG, DISCARD)
        if _button("会审通过", "review", primary=computed, disabled=not computed, note="会审后不再测算和调整，可退回"):
            with telling():
                rounds.review(frame.actor, row.id, row.version)
                _done("已会审，等待发布。")
    elif row.status is RoundStatus.REVIEWED:
        if manages and _button("退回草稿", "reopen"):
            state.put(Key.ROUND_DIALOG, REOPEN)
        if frame.actor.can(Permission.PUBLISH_ROUND) and _button("发布", "publish", primary=True):
            state.put(Key.ROUND_DIALOG, PUBLISH)
    elif (
        row.status is RoundStatus.PUBLISHED
        and frame.actor.can(Permission.PUBLISH_ROUND)
        and _button("更正本轮", "supersede", note="已发布的结果不能修改；更正另立一版，经会审后重新发布")
    ):
        state.put(Key.ROUND_DIALOG, SUPERSEDE)


def draw_warnings(view: RoundView) -> None:
    """Say what stands in the way of the next step."""
    if view.changes_since:
        st.markdown(
            f":orange[测算之后又有 {view.changes_since} 处数据变动；建议重新测算，或在发布时说明不再测算的理由。]"
        )
    if view.waiting:
        st.markdown(f":orange[有 {view.waiting} 项人工调整待审批，审批后才能会审发布。]")
    if view.moved:
        st.markdown(f":orange[有 {view.moved} 项已批准的调整，测算结果此后有变，须由审批人再次确认。]")


def show_dialog(frame: Frame, view: RoundView | None) -> None:
    """Draw the dialog that is open, if any."""
    wanted = state.get(Key.ROUND_DIALOG)
    if wanted == NEW:
        _new_dialog(frame)
    elif wanted == PUBLISH and view is not None:
        _publish_dialog(frame, view)
    elif wanted == SUPERSEDE and view is not None:
        _supersede_dialog(frame, view)
    elif wanted == REOPEN and view is not None:
        _reopen_dialog(frame, view)
    elif wanted == DISCARD and view is not None:
        _discard_dialog(frame, view)


def _close() -> None:
    state.take(Key.ROUND_DIALOG)


def _done(message: str) -> None:
    _close()
    notify(message)
    st.rerun()


def _button(label: str, verb: str, *, primary: bool = False, disabled: bool = False, note: str = "") -> bool:
    return st.button(
        label,
        key=state.variant(Key.ROUND_VERB, verb),
        type="primary" if primary else "secondary",
        disabled=disabled,
        help=note or None,
    )


def _compute(frame: Frame, view: RoundView) -> None:
    with telling():
        bar = st.progress(0.0, text="正在测算旗色…")
        try:
            found = rounds.compute(
                frame.actor,
                view.row.id,
                view.row.version,
                lambda done, total: bar.progress(done / total if total else 1.0, text=f"正在测算旗色 {done} / {total}"),
            )
        finally:
            bar.empty()
        counted = "　".join(
            f"{group.mark.shape} {group.word} {sum(found.levels.get(level, 0) for level in group.levels)}"
            for group in words.groups()
        )
        _done(f"测算完成：{counted}")


@st.dialog("新建督查轮次", on_dismiss=_close)
def _new_dialog(frame: Frame) -> None:
    offered = rounds.proposal(frame.actor)
    last = offered.window.last_month
    months = [*[last.shift(-number) for number in range(_MONTHS_OFFERED)][::-1], last.shift(1)]
    with st.form(state.variant(Key.ROUND_NEW, "form"), border=False):
        title = st.text_input("名称", offered.title, max_chars=200)
        number, first, final = st.columns(3)
        chosen = number.number_input("轮次", 1, 99, offered.number or 1)
        begins = first.selectbox(
            "起始月份", months, months.index(_near(offered.window.first_month, months)), format_func=_month
        )
        ends = final.selectbox("截止月份", months, months.index(last), format_func=_month)
        day, rules = st.columns(2)
        cut_off = day.date_input("数据截止日", offered.window.cut_off_on, format="YYYY-MM-DD")
        known = _rule_sets(frame)
        rule_set = rules.selectbox("规则", list(known), format_func=known.get)
        is_sent = st.form_submit_button("建立草稿", type="primary")
    if is_sent:
        with telling():
            window = RoundWindow(begins, ends, cut_off if isinstance(cut_off, date) else offered.window.cut_off_on)
            kept = title if title != offered.title else ""  # an untouched proposal follows number and months
            made = rounds.create(frame.actor, NewRound(window, int(chosen), kept, rule_set))
            st.query_params["round"] = str(made)
            _done("草稿已建立。请测算旗色。")


def _rule_sets(frame: Frame) -> dict[int | None, str]:
    """Return what a round may be decided by: the rules in force, the shipped default, every stored version."""
    known: dict[int | None, str] = {ACTIVE_RULES: "现行规则", None: "系统默认规则"}
    if frame.actor.can(Permission.MANAGE_RULES):
        known |= {item.id: item.label for item in rule_sets.list_rule_sets(frame.actor) if item.id is not None}
    return known


def _near(month: Month, months: list[Month]) -> Month:
    return month if month in months else months[0]


def _month(month: Month) -> str:
    return month.label


@st.dialog("发布督查结果", width="medium", on_dismiss=_close)
def _publish_dialog(frame: Frame, view: RoundView) -> None:
    row = view.row
    st.markdown(f"**{plain(row.title)}**　数据截至 {row.window.cut_off_on}")
    for kind in KINDS:
        counted = words.counts(view.counts.get(kind, {}), None)
        told = "　".join(f"{item.group.mark.shape} {item.group.word} {item.now}" for item in counted)
        st.markdown(plain(f"{kind.label}：{told}"))
    st.caption("发布后结果与依据即行冻结，大屏、地图、台账和通报随之显示本轮旗色；如需改动只能另立更正版。")
    is_stale, reason = bool(view.changes_since), ""
    if is_stale:
        st.warning(f"测算之后又有 {view.changes_since} 处数据变动。可退回草稿重新测算；仍按原测算发布的，请写明理由。")
        reason = st.text_area(
            "按原测算发布的理由", height=80, max_chars=MAX_REASON, key=state.variant(Key.ROUND_VERB, "publish_reason")
        )
    if st.button("确认发布", type="primary", key=state.variant(Key.ROUND_VERB, "publish_yes")):
        with telling():
            rounds.publish(frame.actor, row.id, row.version, accept_stale=is_stale, reason=reason)
            _done(f"{row.label}已发布。")


@st.dialog("退回草稿", on_dismiss=_close)
def _reopen_dialog(frame: Frame, view: RoundView) -> None:
    with st.form(state.variant(Key.ROUND_VERB, "reopen_form"), border=False):
        reason = st.text_area("退回原因", height=90, max_chars=MAX_REASON)
        is_sent = st.form_submit_button("退回草稿", type="primary")
    if is_sent:
        with telling():
            rounds.reopen(frame.actor, view.row.id, reason, view.row.version)
            _done("已退回草稿，可以重新测算和调整。")


@st.dialog("作废草稿", on_dismiss=_close)
def _discard_dialog(frame: Frame, view: RoundView) -> None:
    st.caption("作废后本草稿不再出现在轮次中，轮次号可以重新使用；记录仍留在审计中。")
    with st.form(state.variant(Key.ROUND_VERB, "discard_form"), border=False):
        reason = st.text_area("作废原因", height=90, max_chars=MAX_REASON)
        is_sent = st.form_submit_button("确认作废", type="primary")
    if is_sent:
        with telling():
            rounds.discard(frame.actor, view.row.id, reason, view.row.version)
            st.query_params.pop("round", None)
            _done(f"{view.row.label}草稿已作废。")


@st.dialog("更正已发布的轮次", on_dismiss=_close)
def _supersede_dialog(frame: Frame, view: RoundView) -> None:
    st.caption("原版保留备查，新版从草稿开始，经测算、会审后发布；发布之前仍以原版为准。")
    with st.form(state.variant(Key.ROUND_VERB, "supersede_form"), border=False):
        reason = st.text_area("更正原因", height=90, max_chars=MAX_REASON)
        is_sent = st.form_submit_button("建立更正版", type="primary")
    if is_sent:
        with telling():
            made = rounds.supersede(frame.actor, view.row.id, reason, view.row.version)
            st.query_params["round"] = str(made)
            _done("更正版草稿已建立。")
