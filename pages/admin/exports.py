"""导出中心: every table of the office as a file, in official layout, and the blank templates."""

import streamlit as st

from core.domain.ledger import Listing, ProjectFilter
from core.domain.permissions import Actor, Permission
from core.services import exports, projects
from core.services.exports import ExportForm, ExportKind
from core.services.projects import LedgerChoices
from pages.components import export_button, state
from pages.components import project_filters as filters
from pages.components.cached import cached_view
from pages.components.layout import card
from pages.components.page import Frame, page, plain
from pages.components.state import Key

_NOTE = "导出的表格保持公文样式，可直接打印，也可修改后在导入中心回导。每次导出都记入审计。"


@cached_view()
def _choices(actor: Actor) -> LedgerChoices:
    return projects.choices(actor)


def _ask_kind(frame: Frame) -> ExportKind:
    known = {kind.code: kind for kind in exports.kinds(frame.actor)}
    chosen = st.selectbox(
        "内容", list(known), format_func=lambda code: known[code].label, key=Key.EXPORT_KIND.value, width=360
    )
    kind = known[chosen]
    st.caption(plain(kind.note))
    return kind


def _ask_filter(choices: LedgerChoices) -> ProjectFilter:
    counties, headquarters, listing = st.columns([1.3, 1.5, 1], vertical_alignment="bottom")
    with counties:
        county_ids = filters.choose("县区", Key.EXPORT_COUNTIES, dict(choices.counties))
    with headquarters:
        headquarters_ids = filters.choose("指挥部", Key.EXPORT_HEADQUARTERS, dict(choices.headquarters))
    with listing:
        listed = st.selectbox("项目范围", list(Listing), key=Key.EXPORT_LISTING.value, format_func=filters.LISTINGS.get)
    return ProjectFilter(county_ids=county_ids, headquarters_ids=headquarters_ids, listing=listed)


def _ask_form(kind: ExportKind) -> ExportForm:
    chosen = st.segmented_control(
        "格式",
        list(kind.forms),
        default=kind.forms[0],
        required=True,
        format_func=lambda form: form.label,
        key=state.variant(Key.EXPORT_FORM, kind.code),
    )
    return chosen or kind.forms[0]


def _draw_template(frame: Frame, kind: ExportKind) -> None:
    if kind.has_template:
        st.download_button(
            "空白模板",
            lambda: exports.template(frame.actor, kind.code).content,
            file_name=exports.template_name(kind.code),
            mime=exports.MIMES[ExportForm.XLSX],
            icon=":material/note_add:",
            on_click="ignore",
            key=state.variant(Key.EXPORT_TEMPLATE, kind.code),
            help="带下拉选项和填写说明，填好后在导入中心上传。",
        )


with page("导出中心", Permission.EXPORT, note=_NOTE) as frame, card("export"):
    kind = _ask_kind(frame)
    choices = _choices(frame)
    wanted = _ask_filter(choices) if kind.is_filtered else exports.EVERYTHING
    form = _ask_form(kind)
    note = filters.words(wanted, choices) if kind.is_filtered else ""
    with st.container(horizontal=True):
        export_button.draw(frame, kind.code, wanted, note, form=form, label=f"导出{kind.label}", primary=True)
        _draw_template(frame, kind)
