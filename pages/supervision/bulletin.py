"""通报: the bulletin of a published round as it will be printed; its words, its files, the office's template."""

import streamlit as st

from core.domain.permissions import Actor, Permission
from core.exporters.official.blocks import Block
from core.exporters.official.pdf import PDF
from core.exporters.official.word import DOCX
from core.exporters.workbook import XLSX
from core.services import bulletins
from core.services.bulletins import BulletinView
from pages.components import state
from pages.components.cached import cached_view
from pages.components.moments import local
from pages.components.page import Frame, notify, page, plain, telling
from pages.components.project_filters import carried
from pages.components.state import Key
from pages.components.supervision import bulletin_form, paper, reads, template_box

_ISSUE_NOTE = (
    "印发后文字不能再改，Word 原件按校验值存档，日后重印与原件逐字节一致。如有差错，须更正本轮督查、另发一期。"
)
PREVIEW, WORDS, TEMPLATES = "预览", "文字", "模板"
_FILES = (("Word", DOCX, bulletins.docx), ("PDF", PDF, bulletins.pdf), ("Excel 附件", XLSX, bulletins.workbook))


@cached_view(max_entries=4)
def _blocks(actor: Actor, round_id: int) -> tuple[Block, ...]:
    return bulletins.blocks(bulletins.read_bulletin(actor, round_id))


def _choose(frame: Frame) -> int | None:
    known = {row.id: row for row in reads.all_rounds(frame) if row.is_frozen}
    if not known:
        return None
    wanted = carried("round")
    if state.get(Key.BULLETIN_ROUND) not in known:
        asked = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 16 else None
        state.put(Key.BULLETIN_ROUND, asked if asked in known else next(iter(known)))
    chosen = st.selectbox(
        "督查轮次",
        list(known),
        key=Key.BULLETIN_ROUND.value,
        format_func=lambda number: f"{known[number].label}　{known[number].status.label}",
        label_visibility="collapsed",
        width=320,
    )
    st.query_params["round"] = str(chosen)
    return int(chosen)


def _draw_files(frame: Frame, view: BulletinView) -> None:
    if not frame.actor.can(Permission.EXPORT):
        return
    for label, media_type, make in _FILES:
        kind = "附件" if media_type == XLSX else "通报"
        ending = {DOCX: "docx", PDF: "pdf", XLSX: "xlsx"}[media_type]
        st.download_button(
            label,
            frame.later(lambda verb=make: verb(frame.actor, view.round_id).content),
            file_name=f"督查{kind}-{view.snapshot.head.year}年第{view.issue_no}期.{ending}",
            mime=media_type,
            icon=":material/download:",
            on_click="ignore",
            key=state.variant(Key.BULLETIN_FILE, ending),
        )


def _draw_issue_button(frame: Frame, view: BulletinView) -> None:
    may = frame.actor.can(Permission.PUBLISH_ROUND) and not view.is_issued
    if may and st.button("印发", type="primary", key=state.variant(Key.BULLETIN_ISSUE, "open")):
        state.put(Key.BULLETIN_DIALOG, True)


def _close() -> None:
    state.take(Key.BULLETIN_DIALOG)


@st.dialog("印发通报", on_dismiss=_close)
def _issue_dialog(frame: Frame, view: BulletinView) -> None:
    st.markdown(f"第 {view.issue_no} 期：{plain(view.texts.title.replace(chr(10), ''))}")
    st.markdown(_ISSUE_NOTE)
    if st.button("确认印发", type="primary", key=state.variant(Key.BULLETIN_ISSUE, "confirm")):
        with telling():
            bulletins.issue(frame.actor, view.round_id, view.version)
            _close()
            notify(f"第 {view.issue_no} 期通报已印发。")
            st.rerun()


def _draw_state(view: BulletinView) -> None:
    head = view.snapshot.head
    parts = [f"数据截至 {head.cut_off_on}", f"数据存档 {view.snapshot_sha256[:12]}"]
    if view.issued_at is not None:
        parts.append(f"已于 {local(view.issued_at)} 印发，原件 {view.issued_sha256[:12]}")
    else:
        parts.append("未印发" if view.version else "未印发，文字为系统生成")
    st.caption("　·　".join(parts))


def _draw(frame: Frame, view: BulletinView) -> None:
    writes = frame.actor.can(Permission.MANAGE_ROUNDS)
    seen = st.segmented_control(
        "视图",
        [PREVIEW, WORDS, TEMPLATES] if writes else [PREVIEW],
        key=Key.BULLETIN_VIEW.value,
        default=PREVIEW,
        label_visibility="collapsed",
        required=True,
    )
    if seen == WORDS and view.is_issued:
        bulletin_form.draw_words(view)
    elif seen == WORDS:
        bulletin_form.draw(frame, view)
    elif seen == TEMPLATES:
        template_box.draw(frame, view.round_id)
    else:
        paper.draw(_blocks(frame, view.round_id))


with page("通报", Permission.VIEW_PROJECTS, live=True) as frame:
    with st.container(horizontal=True, vertical_alignment="center"):
        round_id = _choose(frame)
        if round_id is not None:
            view = bulletins.read_bulletin(frame.actor, round_id)
            st.space("stretch")
            _draw_files(frame, view)
            _draw_issue_button(frame, view)
    if round_id is None:
        st.info("还没有发布过督查结果。督查轮次发布后，在这里生成、修改和印发通报。")
    else:
        _draw_state(view)
        _draw(frame, view)
        if state.get(Key.BULLETIN_DIALOG):
            _issue_dialog(frame, view)
