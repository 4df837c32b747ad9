"""导出中心: every table of the office as a file, in official layout, and the blank templates."""

import streamlit as st

from core.domain.ledger import Listing, ProjectFilter
from core.domain.permissions import Actor, Permission
from core.domain.zones import Zone
from core.services import exports, projects
from core.services.exports import ExportForm, ExportKind, Outlook
from core.services.projects import LedgerChoices
from pages.components import export_button, state
from pages.components import project_filters as filters
from pages.components.cached import cached_view
from pages.components.layout import card
from pages.components.page import Frame, page, plain
from pages.components.state import Key

_NOTE = "表格保持公文样式，可直接打印，也可修改后在导入中心回导。每次导出都记入审计。"


@cached_view()
def _choices(actor: Actor) -> LedgerChoices:
    return projects.choices(actor)


@cached_view()
def _outlook(actor: Actor, kind: str, form: ExportForm, wanted: ProjectFilter) -> Outlook:
    return exports.outlook(actor, kind, form, wanted)


def _ask_kind(frame: Frame) -> ExportKind:
    known = {kind.code: kind for kind in exports.kinds(frame.actor)}
    chosen = st.selectbox(
        "内容", list(known), format_func=lambda code: known[code].label, key=Key.EXPORT_KIND.value, width=360
    )
    return known[chosen]


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
            frame.later(lambda: exports.template(frame.actor, kind.code).content),
            file_name=exports.template_name(kind.code),
            mime=exports.XLSX,
            icon=":material/note_add:",
            on_click="ignore",
            key=state.variant(Key.EXPORT_TEMPLATE, kind.code),
            help="带下拉选项和填写说明，填好后在导入中心上传。",
        )


def _ask_zone(form: ExportForm, outlook: Outlook) -> Zone | None:
    """Ask in which zone the coordinates are written; a Shapefile may also stay in degrees."""
    whole = "经纬度（不分带）" if form is ExportForm.SHP else "按地块所在带，每带一个文件（zip）"
    only = outlook.only_zone if form is ExportForm.TXT else None
    zones = {zone.number: zone for zone in outlook.zones}
    labels = {number: f"{number} 带（中央经线 {zone.central_meridian}°）" for number, zone in zones.items()}
    options = list(labels) if only else [None, *labels]
    chosen = st.selectbox(
        "坐标",
        options,
        format_func=lambda number: labels.get(number, whole),
        key=state.variant(Key.EXPORT_ZONE, form.value),
        width=360,
    )
    return zones.get(chosen)


def _tell(outlook: Outlook, form: ExportForm) -> None:
    """Say how much goes out, and what does not."""
    if outlook.rows:
        left = f"另有 {outlook.left_out} 个地块没有界址点坐标，不在文件内。" if outlook.left_out else ""
        st.caption(f"共 {outlook.rows:,} 条。{left}")
    elif outlook.left_out:
        st.info(f"{outlook.left_out} 个地块都没有界址点坐标，不能导出图形。请先导入界址点，或改选 Excel、CSV。")
    elif form in exports.TABLE_FORMS:
        st.info("没有符合条件的数据，导出的表格只有表头。")
    else:
        st.info("没有可以导出的数据。请放宽筛选条件，或先在导入中心导入。")


with page("导出中心", Permission.EXPORT, note=_NOTE) as frame, card("export"):
    kind = _ask_kind(frame)
    form = _ask_form(kind)
    st.caption(plain(kind.notes[form]))
    choices = _choices(frame)
    is_filtered = form in kind.filtered
    wanted = _ask_filter(choices) if is_filtered else exports.EVERYTHING
    note = filters.words(wanted, choices) if is_filtered else ""
    outlook = _outlook(frame, kind.code, form, wanted)
    zone = _ask_zone(form, outlook) if form in exports.ZONED_FORMS and outlook.rows else None
    _tell(outlook, form)
    with st.container(horizontal=True):
        if outlook.rows or form in exports.TABLE_FORMS:
            label = f"导出{kind.label}"
            export_button.draw(frame, kind.code, wanted, note, form=form, label=label, primary=True, zone=zone)
        if form in exports.TABLE_FORMS:
            _draw_template(frame, kind)
