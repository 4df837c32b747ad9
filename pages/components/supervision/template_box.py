"""The office's own Word templates: take the starter, upload, choose which one is in use."""

import streamlit as st

from core.domain.supervision_terms import DocumentKind
from core.exporters.official.word import DOCX
from core.services import bulletins
from core.services import document_templates as templates
from pages.components import state
from pages.components.layout import card
from pages.components.moments import local
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_NOTE = (
    "不上传模板时，按系统内置的公文格式（GB/T 9704）输出。模板是 .docx 文件，最大 5 MB，不得含宏和外部链接；"
    "占位符写作 {{ 标题 }}、{%tr for 行 in 红旗项目 %}，名称见起始模板。PDF 始终用内置格式。"
)
_WIDTHS = [4, 2, 2, 2, 2]


def draw(frame: Frame, round_id: int) -> None:
    """Draw the list of templates with what may be done; a new one is tried on the bulletin of *round_id* first."""
    kind = DocumentKind.BULLETIN
    st.caption(_NOTE.replace("{", "\\{"))
    with card("template_upload"):
        name, file, send = st.columns([3, 4, 1], vertical_alignment="bottom")
        title = name.text_input("模板名称", max_chars=120, placeholder="如 2026年通报红头", key=_key("name"))
        sent = file.file_uploader("模板文件（.docx）", type=["docx"], max_upload_size=5, key=_key("file"))
        is_sent = send.button("上传并启用", type="primary", width="stretch", disabled=sent is None, key=_key("send"))
        if is_sent and sent is not None:
            with telling():
                bulletins.try_template(frame.actor, round_id, sent.getvalue())
                templates.upload(frame.actor, kind, title or sent.name.removesuffix(".docx"), sent.getvalue())
                _done("模板已上传并启用。")
        st.download_button(
            "下载起始模板",
            frame.later(lambda: templates.starter(frame.actor)),
            file_name="督查通报-起始模板.docx",
            mime=DOCX,
            icon=":material/download:",
            on_click="ignore",
            key=_key("starter"),
        )
    _draw_list(frame, kind)


def _draw_list(frame: Frame, kind: DocumentKind) -> None:
    rows = templates.list_templates(frame.actor, kind)
    if not rows:
        st.info("还没有上传过模板，现用内置公文格式。")
        return
    with card("templates"):
        for column, word in zip(st.columns(_WIDTHS), ("名称", "上传时间", "状态", "", ""), strict=True):
            column.caption(word)
        for row in rows:
            cells = st.columns(_WIDTHS, vertical_alignment="center")
            cells[0].text(row.name)
            cells[1].text(local(row.uploaded_at))
            cells[2].text("使用中" if row.is_active else "未使用")
            label = "停用" if row.is_active else "启用"
            if cells[3].button(label, key=_key(f"switch_{row.id}"), width="stretch"):
                with telling():
                    verb = templates.stop_using if row.is_active else templates.use
                    verb(frame.actor, row.id, row.version)
                    _done(f"模板“{row.name}”已{label}。")
            cells[4].download_button(
                "下载",
                frame.later(lambda number=row.id: templates.content_of(frame.actor, number)),
                file_name=f"{row.name}.docx",
                mime=DOCX,
                on_click="ignore",
                width="stretch",
                key=_key(f"take_{row.id}"),
            )


def _key(name: str) -> str:
    return state.variant(Key.BULLETIN_TEMPLATE, name)


def _done(message: str) -> None:
    notify(message)
    st.rerun()
