"""One rectification in a side panel: why, deadline, its story, evidence, and the next step for who may take it."""

from collections.abc import Callable

import streamlit as st

from core.domain.supervision_terms import RectificationAction as Action
from core.services import account_names, rectifications
from core.services.rectifications import CaseView, SiteVisit, Upload
from pages.components import evidence, markup, state, theme
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key
from pages.components.supervision import case_words

PIXELS = 760
_RETURN, _INTERVIEW, _CLOSE = "退回方案", "登记约谈", "直接销号"
_TEXTS = tuple(
    f"{name}_text" for name in ("plan", "feedback", "verify", "extension", "grant", _RETURN, _INTERVIEW, _CLOSE)
)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(frame: Frame) -> None:
    """Draw the panel of the case that was opened, if any."""
    case_id = state.get(Key.CASE_OPEN)
    if case_id is not None:
        found = rectifications.read_case(frame.actor, int(case_id))
        st.dialog("整改事项", width=PIXELS, position="right", on_dismiss=_close)(_draw)(frame, found.card.row.id)


def _close() -> None:
    state.take(Key.CASE_OPEN)
    state.take(Key.CASE_SEEN)


def _draw(frame: Frame, case_id: int) -> None:
    found = rectifications.read_case(frame.actor, case_id)
    row = found.card.row
    markup.show("supervision/style.html")
    if _seen(found)[1] != row.version:
        _tell_of_change(found)
    _draw_case(found)
    for action in found.actions:
        if action not in _SMALL:
            _FORMS[action](frame, found)
    with st.container(horizontal=True):
        for action in found.actions:
            if action in _SMALL:
                _FORMS[action](frame, found)
        _draw_download(frame, found)
    _draw_story(frame, found)
    # What is shown now is what the next submission rests on; one that came in this run carried the version before.
    state.put(Key.CASE_SEEN, (row.id, row.version))


def _seen(found: CaseView) -> tuple[int, int]:
    """Return the case and the version of it that the visitor had before their eyes."""
    now = (found.card.row.id, found.card.row.version)
    seen: tuple[int, int] = state.get(Key.CASE_SEEN, now)
    return seen if seen[0] == now[0] else now


def _tell_of_change(found: CaseView) -> None:
    """Say that somebody took a step meanwhile, and show what was typed: its form may be gone with the step."""
    st.warning(
        f"该事项刚刚由他人办理，现为“{found.card.row.case.step.label}”。您填写的内容尚未提交，请核对最新情况后重新提交。"
    )
    for name in _TEXTS:
        typed = st.session_state.get(_key(found, name))
        if typed:
            st.code(typed, language=None, wrap_lines=True)


def _draw_case(found: CaseView) -> None:
    row, case, left = found.card.row, found.card.row.case, found.card.left
    markup.show(
        "supervision/case_head.html",
        name=row.name,
        mark=theme.flag_mark(case.level),
        step=case.step.label,
        left=case_words.left_words(left),
        late=left is not None and left.days < 0,
        code=row.code,
        round=row.round_title,
        who=case_words.where(found.card),
        reasons=row.reasons,
        due=str(case.due_on or ""),
        raised=case_words.raised_words(found.card),
        promised=str(case.promised_on or ""),
        texts=[("整改方案", row.plan), ("整改反馈", row.feedback), ("核查结论", row.verdict)],
    )


def _draw_download(frame: Frame, found: CaseView) -> None:
    row = found.card.row
    st.download_button(
        "下载督办单（Word）",
        data=lambda: rectifications.notices(frame.actor, [row.id]),
        file_name=f"{row.code}.docx",
        mime=WORD_TYPE,
        key=state.variant(Key.CASE_ACT, "word", row.id),
    )


def _draw_story(frame: Frame, found: CaseView) -> None:
    names = account_names.names(frame.actor, frozenset(event.actor for event in found.events))
    st.markdown("**办理过程**")
    for event in found.events:
        due = f"　期限 {event.new_due_on}" if event.new_due_on else ""
        number = f"　{event.document_no}" if event.document_no else ""
        head = f"{local(event.happened_at)}　{event.kind.label}　{names[event.actor]}"
        st.caption(plain(f"{head}{number}{due}　{event.note}"))
        evidence.gallery(found.files.get(event.id, ()), empty="")
    for visit in found.visits:
        st.caption(plain(f"{visit.happened_on}　现场核查　{visit.participants}　{visit.finding}"))
        evidence.gallery(found.photos.get(visit.id, ()), empty="")
    if found.earlier:
        told = "；".join(f"{item.code}（{item.case.step.label}）" for item in found.earlier)
        st.caption(plain(f"同一对象的其他督办：{told}"))


def _key(found: CaseView, name: str) -> str:
    return state.variant(Key.CASE_ACT, name, found.card.row.id)


def _version(found: CaseView) -> int:
    return _seen(found)[1]


def _done(message: str) -> None:
    _close()
    notify(message)
    st.rerun()


def _issue(frame: Frame, found: CaseView) -> None:
    if st.button("下发督办单", type="primary", key=_key(found, "issue")):
        with telling():
            rectifications.issue_notices(frame.actor, [found.card.row.id])
            _done("督办单已下发。")


def _plan(frame: Frame, found: CaseView) -> None:
    with st.form(_key(found, "plan")):
        text = st.text_area("整改方案", height=110, key=_key(found, "plan_text"), placeholder="措施、责任人、时间安排")
        promised = st.date_input("承诺完成日期", value=None, format="YYYY-MM-DD")
        sent = st.form_submit_button("报送整改方案", type="primary")
    if sent:
        with telling():
            row = found.card.row
            rectifications.submit_plan(frame.actor, row.id, text, promised, _version(found))
            _done("整改方案已报送。")


def _feedback(frame: Frame, found: CaseView) -> None:
    with st.form(_key(found, "feedback")):
        text = st.text_area(
            "整改反馈", height=110, key=_key(found, "feedback_text"), placeholder="完成情况，与方案逐条对应"
        )
        files = evidence.uploader(_key(found, "feedback_files"))
        sent = st.form_submit_button("报送整改反馈", type="primary")
    if sent:
        with telling():
            row = found.card.row
            uploads = [Upload(file.name, file.getvalue()) for file in files]
            rectifications.submit_feedback(frame.actor, row.id, text, uploads, _version(found))
            _done("整改反馈已报送，等待核查。")


def _verify(frame: Frame, found: CaseView) -> None:
    with st.form(_key(found, "verify")):
        day, who = st.columns([1, 2])
        happened = day.date_input("核查日期", value=found.today, format="YYYY-MM-DD")
        participants = who.text_input("核查人员", max_chars=200)
        finding = st.text_area("核查结论", height=80, key=_key(found, "verify_text"))
        files = evidence.uploader(_key(found, "verify_files"), "现场照片")
        with st.container(horizontal=True):
            passed = st.form_submit_button("核查通过并销号", type="primary")
            failed = st.form_submit_button("核查未通过")
    if passed or failed:
        with telling():
            row = found.card.row
            uploads = [Upload(file.name, file.getvalue()) for file in files]
            visit = SiteVisit(happened, participants, finding)
            rectifications.verify(frame.actor, row.id, visit, uploads, _version(found), passed=passed)
            _done("已销号。" if passed else "已退回继续整改。")


def _extension(frame: Frame, found: CaseView) -> None:
    with st.popover("申请延期"), st.form(_key(found, "extension"), border=False):
        until = st.date_input("延期至", value=None, format="YYYY-MM-DD")
        reason = st.text_input("延期原因", max_chars=400, key=_key(found, "extension_text"))
        sent = st.form_submit_button("提出申请")
    if sent:
        with telling():
            row = found.card.row
            rectifications.request_extension(frame.actor, row.id, until, reason, _version(found))
            _done("延期申请已提出。")


def _grant(frame: Frame, found: CaseView) -> None:
    row = found.card.row
    with st.form(_key(found, "grant")):
        st.markdown(f"申请延期至 **{row.case.extension_to}**")
        until = st.date_input("同意延期至", value=row.case.extension_to, format="YYYY-MM-DD")
        remark = st.text_input("意见", max_chars=400, key=_key(found, "grant_text"))
        with st.container(horizontal=True):
            granted = st.form_submit_button("同意延期", type="primary")
            refused = st.form_submit_button("不同意")
    if granted or refused:
        with telling():
            if granted:
                rectifications.grant_extension(frame.actor, row.id, until, remark, _version(found))
            else:
                rectifications.refuse_extension(frame.actor, row.id, remark, _version(found))
            _done("已同意延期。" if granted else "未同意延期。")


def _note_form(
    label: str, field: str, act: Callable[[Frame, CaseView, str, str], None], told: str
) -> Callable[[Frame, CaseView], None]:
    """Return the small form of an action that needs a text and, some of them, a document number."""

    def draw_form(frame: Frame, found: CaseView) -> None:
        with st.popover(label), st.form(_key(found, label), border=False):
            text = st.text_area(field, height=80, key=_key(found, f"{label}_text"))
            number = st.text_input("文号", max_chars=100)
            sent = st.form_submit_button(label)
        if sent:
            with telling():
                act(frame, found, text, number)
                _done(told)

    return draw_form


def _return_plan(frame: Frame, found: CaseView, text: str, _number: str) -> None:
    rectifications.return_plan(frame.actor, found.card.row.id, text, _version(found))


def _interview(frame: Frame, found: CaseView, text: str, number: str) -> None:
    rectifications.interview(frame.actor, found.card.row.id, text, number, _version(found))


def _close_out(frame: Frame, found: CaseView, text: str, number: str) -> None:
    rectifications.close_out(frame.actor, found.card.row.id, text, number, _version(found))


def _nothing(_frame: Frame, _found: CaseView) -> None:
    """The form of the pair draws this action too."""


# Behind a button each, side by side; the others lie open as the next step.
_SMALL = {Action.EXTENSION_REQUESTED, Action.PLAN_RETURNED, Action.INTERVIEWED, Action.CLOSED}
_FORMS: dict[Action, Callable[[Frame, CaseView], None]] = {
    Action.NOTICE_ISSUED: _issue,
    Action.PLAN_SUBMITTED: _plan,
    Action.FEEDBACK_SUBMITTED: _feedback,
    Action.VERIFIED: _verify,
    Action.FAILED: _nothing,
    Action.EXTENSION_REQUESTED: _extension,
    Action.EXTENSION_GRANTED: _grant,
    Action.EXTENSION_REFUSED: _nothing,
    Action.PLAN_RETURNED: _note_form(_RETURN, "退回原因和修改要求", _return_plan, "整改方案已退回。"),
    Action.INTERVIEWED: _note_form(_INTERVIEW, "约谈情况", _interview, "约谈已登记。"),
    Action.CLOSED: _note_form(_CLOSE, "直接销号的原因", _close_out, "已直接销号。"),
}
