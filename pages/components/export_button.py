"""The button that hands out a file: made only when it is pressed, shown only to those who may export."""

import streamlit as st

from core.domain.ledger import Listing, ProjectFilter
from core.domain.permissions import Permission
from core.domain.zones import Zone
from core.services import exports
from core.services.exports import ExportForm
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key

_TABLE = "可直接在导入中心回导；数额精确到元。"
_LAND = "可直接在导入中心回导；坐标系 CGCS2000。"
_HELP = {
    ExportForm.XLSX: _TABLE,
    ExportForm.CSV: _TABLE,
    ExportForm.GEOJSON: _LAND,
    ExportForm.SHP: _LAND,
    ExportForm.TXT: _LAND,
    ExportForm.OC4IDS: "可直接在导入中心回导。",
}


def draw(
    frame: Frame,
    kind: str,
    wanted: ProjectFilter,
    note: str,
    *,
    form: ExportForm = ExportForm.XLSX,
    label: str = "导出 Excel",
    primary: bool = False,
    zone: Zone | None = None,
) -> None:
    """
    Draw the download of *kind*, narrowed to *wanted*.

    Args:
        note: The filter in words, printed in the file.
        zone: For land files in metres.
    """
    if not frame.actor.can(Permission.EXPORT):
        return
    st.download_button(
        label,
        frame.later(lambda: exports.export(frame.actor, kind, form, wanted, note, zone=zone).content),
        file_name=exports.file_name(kind, form, frame.version, zone),
        mime=exports.mime(kind, form, zone),
        icon=":material/download:",
        on_click="ignore",
        type="primary" if primary else "secondary",
        key=state.variant(Key.EXPORT_BUTTON, kind, form.value),
        help=_HELP.get(form),
    )


def draw_owned(frame: Frame, kind: str, county_id: int | None, headquarters_id: int | None) -> None:
    """Draw the download of a desk list as its owner choice narrows it; the words of a search are left aside."""
    wanted = owned_by(county_id, headquarters_id)
    note = "" if wanted == owned_by(None, None) else "所选县区、指挥部"
    draw(frame, kind, wanted, note)


def owned_by(county_id: int | None, headquarters_id: int | None) -> ProjectFilter:
    """Return the filter of a desk list: one county, one headquarters, or all; projects that left included."""
    return ProjectFilter(
        county_ids=(county_id,) if county_id is not None else (),
        headquarters_ids=(headquarters_id,) if headquarters_id is not None else (),
        listing=Listing.ALL,
    )
