"""Evidence (佐证): photos and papers on rows of other tables, kept once by content, taken back but never deleted."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.evidence import (
    MAX_BYTES,
    MAX_FILES,
    MAX_NOTE,
    EvidenceOwner,
    owner_of,
    require_to_read,
    require_to_write,
)
from core.domain.permissions import Actor
from core.exporters import thumbnail as pictures
from core.importers.evidence import EvidenceFile, examine
from core.settings import get_settings
from db.contents import keep_content
from db.models.evidence import Attachment
from db.queries import attachments as queries
from db.queries.attachments import AttachmentRow
from db.session import read, transaction
from db.transaction import WriteTransaction

__all__ = ["MAX_BYTES", "AttachmentRow", "Content", "attach", "list_for", "read_content", "read_picture", "withdraw"]
_KEPT_PICTURES = 128
# Decoding a photo takes up to some hundred megabytes for a moment: two at a time, the others wait.
_decoding = threading.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is handed out."""

    file_name: str
    media_type: str
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file handed in with another verb."""

    name: str
    data: bytes


def examined(files: Sequence[Upload]) -> list[tuple[EvidenceFile, bytes]]:
    """
    Return what *files* are, before a transaction is begun.

    Raises:
        Invalid: One of them is not accepted as evidence.
    """
    with _decoding:
        return [(examine(file.name, file.data, get_settings().zone), file.data) for file in files]


def attach(
    actor: Actor,
    entity: str,
    entity_id: int,
    file_name: str,
    data: bytes,
    *,
    project_id: int | None = None,
    note: str = "",
) -> int:
    """
    Attach a file to a row and return the attachment's id; the same file again on the same row is the one there.

    Args:
        actor: Who attaches; holds the permission that writes such rows.
        entity: Table of the row, one of ``EvidenceOwner``.
        entity_id: Its id.
        file_name: As uploaded.
        data: The whole file, at most ``MAX_BYTES``.
        project_id: Project the caller takes the row for; checked when given.
        note: What it shows.

    Raises:
        PermissionDenied: The actor may not write such rows.
        NotFound: No such row inside the actor's scope, or it belongs to another project.
        Invalid: Not accepted as evidence.
    """
    owner = owner_of(entity)
    require_to_write(actor, owner)
    with _decoding:
        file = examine(file_name, data, get_settings().zone)
    with transaction(actor) as tx:
        return attach_in(tx, owner, entity_id, file, data, project_id=project_id, note=note)


def attach_in(
    tx: WriteTransaction,
    owner: EvidenceOwner,
    entity_id: int,
    file: EvidenceFile,
    data: bytes,
    *,
    project_id: int | None = None,
    note: str = "",
) -> int:
    """Attach an examined file inside a transaction of another verb, which has asked for the permission."""
    row = queries.find_owner(tx.connection, tx.actor.scope, owner, entity_id)
    if row is None or project_id not in (None, row.project_id):
        raise NotFound
    key = sha256(data).hexdigest()
    for known in queries.list_attachments(tx.connection, tx.actor.scope, owner, [entity_id]):
        if known.sha256 == key:
            return known.id
    _check(row.files, note)
    keep_content(tx.connection, key, data)
    values = {
        "entity": owner.value,
        "entity_id": entity_id,
        "project_id": row.project_id,
        "file_name": file.file_name,
        "media_type": file.media_type,
        "size_bytes": len(data),
        "sha256": key,
        "taken_at": file.taken_at,
        "longitude": file.longitude,
        "latitude": file.latitude,
        "note": note.strip(),
        "uploaded_at": tx.at,
        "uploaded_by": tx.actor.login,
    }
    return int(tx.insert(Attachment, values))


def list_for(actor: Actor, entity: str, entity_ids: Sequence[int]) -> tuple[AttachmentRow, ...]:
    """Return the files of the given rows, oldest first; those of rows outside the actor's scope are left out."""
    owner = owner_of(entity)
    require_to_read(actor, owner)
    if not entity_ids:
        return ()
    with read() as connection:
        return tuple(queries.list_attachments(connection, actor.scope, owner, entity_ids))


def read_content(actor: Actor, attachment_id: int) -> Content:
    """
    Return a file as it was handed in.

    Raises:
        NotFound: No such file, taken back, or its row lies outside the actor's scope or permissions.
    """
    with read() as connection:
        entity = queries.find_entity(connection, attachment_id)
        if entity is None:
            raise NotFound
        owner = owner_of(entity)
        require_to_read(actor, owner)
        row = queries.find_attachment(connection, actor.scope, owner, attachment_id)
        if row is None:
            raise NotFound
        return Content(row.file_name, row.media_type, queries.read_bytes(connection, row.sha256), row.sha256)


def read_picture(actor: Actor, attachment_id: int, size: int) -> Content:
    """
    Return a photo as a new JPEG of at most *size* pixels a side, without anything but its pixels.

    Raises:
        NotFound: As ``read_content``; or the file is no image, or such a size is not offered.
    """
    found = read_content(actor, attachment_id)
    if size not in pictures.SIZES or not found.media_type.startswith("image/"):
        raise NotFound
    made = _pictures.get(found.sha256, size, found.data)
    return Content(found.file_name, pictures.MEDIA_TYPE, made, f"{found.sha256}-{size}")


def withdraw(actor: Actor, attachment_id: int, reason: str, expected_version: int) -> int:
    """
    Take a file back (撤回) and return the row's new version; the row and its content stay.

    Raises:
        NotFound: As ``read_content``.
        Invalid: Somebody else attached it, or no reason is given.
        Conflict: It was changed meanwhile.
    """
    with transaction(actor) as tx:
        entity = queries.find_entity(tx.connection, attachment_id)
        if entity is None:
            raise NotFound
        owner = owner_of(entity)
        require_to_write(actor, owner)
        row = queries.find_attachment(tx.connection, actor.scope, owner, attachment_id)
        if row is None:
            raise NotFound
        problems = []
        if row.uploaded_by != actor.login:
            problems.append(Problem("uploaded_by", "not_own", "只能由上传人本人撤回。"))
        if not reason.strip():
            problems.append(Problem("reason", "missing_reason", "请写明撤回原因。"))
        if problems:
            raise Invalid(problems)
        return tx.update(
            Attachment,
            attachment_id,
            {"is_withdrawn": True},
            expected_version=expected_version,
            reason=reason.strip(),
        )


def _check(files: int, note: str) -> None:
    problems = []
    if files >= MAX_FILES:
        problems.append(Problem("file", "too_many", f"一条记录最多附 {MAX_FILES} 个文件，请先撤回不需要的。"))
    if len(note.strip()) > MAX_NOTE:
        problems.append(Problem("note", "too_long", f"说明超过 {MAX_NOTE} 个字，请精简。"))
    if problems:
        raise Invalid(problems)


class _Pictures:
    """Small pictures by content and size, the latest few kept: a gallery asks for each again and again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._made: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def get(self, key: str, size: int, data: bytes) -> bytes:
        """Return the picture of *data*, whose SHA-256 is *key*."""
        with self._guard:
            if (key, size) in self._made:
                self._made.move_to_end((key, size))
                return self._made[(key, size)]
        with _decoding:
            made = pictures.thumbnail(data, size)
        with self._guard:
            self._made[(key, size)] = made
            while len(self._made) > _KEPT_PICTURES:
                self._made.popitem(last=False)
        return made


_pictures = _Pictures()
