"""Files of batches: as they come in, as they are kept, as they are read again."""

import hashlib
from dataclasses import dataclass
from typing import Any

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, require
from core.domain.terms import BatchStatus
from core.importers.options import Mend, ReadOptions
from core.services.imports.answers import Answers, Plan, read_options
from core.services.imports.kinds import KINDS, AnyKind, allowed_kinds
from db import imports as batch_files
from db.models.system import ImportBatch
from db.queries import imports as queries
from db.queries.imports import BatchRow
from db.session import read
from db.transaction import WriteTransaction

_NAME_LIMIT = 255
_NOT_OPEN = "该批次已经导入或放弃，不能再次确认。如需再次导入，请重新上传文件。"
_NOT_KEPT = "该批次由旧版本上传，没有保存原文件。请重新上传文件后再确认。"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file with the answers by which it is read."""

    kind: AnyKind
    name: str
    data: bytes
    options: ReadOptions

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def parse(self) -> Any:
        return self.kind.parse(self.data, self.name, self.options)


def open_file(kind: AnyKind, name: str, data: bytes, answers: Answers) -> ImportFile:
    """Return a file that just came in."""
    return ImportFile(kind, name[:_NAME_LIMIT], data, read_options(answers))


def load_file(actor: Actor, batch_id: int, *, is_open: bool = True) -> tuple[ImportFile, Plan]:
    """
    Return the kept file of a batch with its mended cells, and what was shown of it.

    Raises:
        NotFound: No such batch.
        Invalid: It is not open any more (with *is_open*), or no file was kept.
    """
    allowed_kinds(actor)
    with read() as connection:
        batch = queries.find_batch(connection, batch_id)
        if batch is None:
            raise NotFound
        require(actor, KINDS[batch.kind].permission)
        if is_open:
            open_batch(batch)
        content, plan_text = queries.load_kept(connection, batch_id)
        mends = queries.load_mends(connection, batch_id)
    if content is None:
        raise Invalid([Problem("file", "not_kept", _NOT_KEPT)])
    plan = Plan.parse(plan_text, [Mend(one.sheet, one.row, one.column, one.value) for one in mends])
    return ImportFile(KINDS[batch.kind], batch.file_name, content, plan.options), plan


def open_batch(batch: BatchRow | None) -> BatchRow:
    """Return *batch* when it waits for a decision."""
    if batch is None:
        raise NotFound
    if batch.status not in (BatchStatus.RECEIVED, BatchStatus.CHECKED):
        raise Invalid([Problem("batch", "not_open", _NOT_OPEN)])
    return batch


def receive(tx: WriteTransaction, file: ImportFile, parent_id: int | None = None) -> int:
    """Enter a file as a batch; a child of another batch shares its file."""
    batch_id: int = tx.insert(
        ImportBatch,
        {
            "kind": file.kind.code,
            "file_name": file.name,
            "file_hash": file.hash,
            "status": BatchStatus.RECEIVED.value,
            "received_at": tx.at,
            "received_by": tx.actor.login,
            "parent_id": parent_id,
        },
    )
    if parent_id is None:
        batch_files.save_content(tx.connection, batch_id, file.data)
    else:
        batch_files.share_content(tx.connection, parent_id, batch_id)
    return batch_id
