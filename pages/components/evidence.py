"""Evidence on screens: an uploader for forms, and a gallery with time, place and what weakens a photo."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain.permissions import Actor
from core.services import attachments
from core.services.attachments import AttachmentRow
from pages.components import markup
from pages.components.moments import local
from pages.http.files import address

ACCEPTED = ("jpg", "jpeg", "png", "webp", "pdf", "docx", "xlsx")
_THUMBNAIL, _LARGE = 240, 1600
_HELP = "照片（jpg、png、webp）、pdf、docx、xlsx，每个不超过 20 MB。请上传手机原图，系统读取拍摄时间和地点。"
_KINDS = {"application/pdf": "PDF"}


def uploader(key: str, label: str = "佐证材料", *, container: Any = st) -> list[Any]:
    """
    Draw the uploader, inside a form as well, and return the chosen files.

    Args:
        key: Widget key; another key after a save makes it empty.
        label: What to upload.
        container: Column or form it is drawn in.
    """
    chosen: list[Any] = container.file_uploader(
        label, type=list(ACCEPTED), accept_multiple_files=True, max_upload_size=20, help=_HELP, key=key
    )
    return chosen


def attach_all(actor: Actor, entity: str, entity_id: int, files: Sequence[Any], note: str = "") -> list[int]:
    """Attach uploaded files to one row and return their ids."""
    return [attachments.attach(actor, entity, entity_id, file.name, file.getvalue(), note=note) for file in files]


def gallery(rows: Sequence[AttachmentRow], empty: str = "暂无佐证材料。") -> None:
    """Draw the files of a row: small pictures first, papers as lines; *empty* is said when there are none."""
    if not rows:
        if empty:
            st.caption(empty)
        return
    markup.show("desk/evidence.html", photos=[_card(r) for r in rows if r.is_image], papers=_papers(rows))


def _papers(rows: Sequence[AttachmentRow]) -> list[dict[str, Any]]:
    return [_card(row) for row in rows if not row.is_image]


def _card(row: AttachmentRow) -> dict[str, Any]:
    has_place = row.longitude is not None and row.latitude is not None
    ending = row.file_name.rpartition(".")[2].upper()
    return {
        "name": row.file_name,
        "note": row.note,
        "small": address(row.id, _THUMBNAIL),
        "large": address(row.id, _LARGE),
        "file": address(row.id),
        "kind": _KINDS.get(row.media_type, ending),
        "size": _size(row.size_bytes),
        "taken": local(row.taken_at, "") if row.taken_at else "",
        "place": f"{row.longitude:.5f}, {row.latitude:.5f}" if has_place else "",
        "by": row.uploader,
        "uploaded": local(row.uploaded_at),
        "uses": row.uses,
    }


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:.1f} MB" if size_bytes >= 1024 * 1024 else f"{max(1, size_bytes // 1024)} KB"
