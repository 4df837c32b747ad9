"""The words of a bulletin in a form; a conflict keeps what was typed and shows what the other person saved."""

from dataclasses import fields, replace
from typing import Any

import streamlit as st

from core.domain.bulletin_texts import MAX_COPIES, MAX_LINE, MAX_TEXT, BulletinTexts
from core.domain.errors import Conflict
from core.domain.flag_schemes import SCHEMES
from core.domain.units import Rounding
from core.services import bulletins
from core.services.bulletins import BulletinView
from pages.components import state
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_LABELS = {
    "mark": "版头标志（红字）",
    "organ": "发文机关（署名）",
    "title": "标题（可换行，使上下两行对称）",
    "addressees": "主送机关",
    "opening": "缘由（一行一段）",
    "findings": "补充问题（列在系统生成的问题之后，一行一段）",
    "requirements": "下步要求（一行一条，自动加“一是、二是”）",
    "copies": "抄送机关（也可写“报：… 送：…”）",
    "printer": "印发机关",
    "signed_on": "成文日期",
    "count": "印数（0 = 不写）",
    "rounding": "小数取舍",
    "scheme": "旗色方案",
    "low_first": "排名由低到高",
    "lists_green": "正文列出绿旗项目",
}


def draw(frame: Frame, view: BulletinView) -> None:
    """Draw the form and save it when it is sent."""
    seen = state.variant(Key.BULLETIN_SEEN, view.round_id)
    if seen not in st.session_state:
        st.session_state[seen] = view.version
    with st.form(state.variant(Key.BULLETIN_FIELD, view.round_id, "form"), border=True):
        typed, issue_no = _fields(view)
        is_sent = st.form_submit_button("保存文字", type="primary")
    if is_sent:
        with telling():
            _save(frame, view, typed, issue_no, seen)


def _save(frame: Frame, view: BulletinView, typed: BulletinTexts, issue_no: int, seen: str) -> None:
    try:
        saved = bulletins.save_texts(frame.actor, view.round_id, typed, issue_no, st.session_state[seen])
    except Conflict as conflict:
        _show_other(view, typed, conflict)
        st.session_state[seen] = view.version
        return
    st.session_state[seen] = saved
    notify("通报文字已保存。")
    st.rerun()


def _show_other(view: BulletinView, typed: BulletinTexts, conflict: Conflict) -> None:
    """Say who was faster and in what the two versions differ; the next save is on purpose."""
    st.warning(conflict.user_message)
    rows = [
        {"内容": _LABELS[field.name], "已保存": _shown(view.texts, field.name), "您填写": _shown(typed, field.name)}
        for field in fields(BulletinTexts)
        if getattr(view.texts, field.name) != getattr(typed, field.name)
    ]
    st.dataframe(rows, hide_index=True)
    st.caption("您填写的内容仍在表单中。确认以您的为准时，再次点击“保存文字”。")


def _shown(texts: BulletinTexts, name: str) -> str:
    value = getattr(texts, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.label if isinstance(value, Rounding) else str(value)


def _fields(view: BulletinView) -> tuple[BulletinTexts, int]:
    texts = view.texts

    def key(name: str) -> str:
        return state.variant(Key.BULLETIN_FIELD, view.round_id, name)

    def line(name: str, place: Any = st) -> str:
        return str(place.text_input(_LABELS[name], getattr(texts, name), max_chars=MAX_LINE, key=key(name)))

    def area(name: str, height: int, most: int = MAX_TEXT) -> str:
        return str(st.text_area(_LABELS[name], getattr(texts, name), height=height, max_chars=most, key=key(name)))

    left, right, third = st.columns([2, 2, 1])
    found: dict[str, Any] = {"mark": line("mark", left), "organ": line("organ", right)}
    issue_no = third.number_input("期号", 1, MAX_COPIES, view.issue_no, key=key("issue_no"))
    found["title"] = area("title", 80, MAX_LINE)
    found["addressees"] = line("addressees")
    found["opening"] = area("opening", 110)
    found["requirements"] = area("requirements", 190)
    found["findings"] = area("findings", 90)
    left, right = st.columns(2)
    found["copies"] = str(left.text_input(_LABELS["copies"], texts.copies, max_chars=MAX_TEXT, key=key("copies")))
    found["printer"] = line("printer", right)
    first, second, third, fourth = st.columns(4, vertical_alignment="bottom")
    found["signed_on"] = first.date_input(
        _LABELS["signed_on"], texts.signed_on, format="YYYY-MM-DD", key=key("signed_on")
    )
    found["count"] = int(second.number_input(_LABELS["count"], 0, MAX_COPIES, texts.count, key=key("count")))
    found["rounding"] = third.selectbox(
        _LABELS["rounding"],
        list(Rounding),
        list(Rounding).index(texts.rounding),
        format_func=lambda mode: mode.label,
        key=key("rounding"),
    )
    names = {scheme.code: scheme.name for scheme in SCHEMES}
    found["scheme"] = fourth.selectbox(
        _LABELS["scheme"], list(names), list(names).index(texts.scheme), format_func=names.get, key=key("scheme")
    )
    first, second = st.columns(2)
    found["low_first"] = first.checkbox(_LABELS["low_first"], texts.low_first, key=key("low_first"))
    found["lists_green"] = second.checkbox(_LABELS["lists_green"], texts.lists_green, key=key("lists_green"))
    return replace(texts, **found), int(issue_no)


def draw_words(view: BulletinView) -> None:
    """Show the words of an issued bulletin, which nobody changes any more."""
    for field in fields(BulletinTexts):
        st.markdown(f"**{_LABELS[field.name]}**　{plain(_shown(view.texts, field.name)) or '—'}")
