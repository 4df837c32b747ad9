"""Files as batches: received → checked → confirmed → applied, or rejected; a later undo takes an applied one back.

The engine knows files, batches and their audit rows; what a row means is known to its kind (``kind.py``).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.permissions import Actor, require
from core.domain.terms import BatchStatus
from core.importers.options import Mend, ReadOptions
from core.importers.problems import ImportProblem, UnreadableFile
from core.services.imports.answers import Answers, Plan, read_options
from core.services.imports.kind import Checked, Parsed, Progress
from core.services.imports.kinds import KINDS, AnyKind, allowed_kinds, open_kind
from core.services.imports.views import Counts, Preview, Result, build_preview
from db import imports as batch_files
from db.models.system import ImportBatch
from db.queries import imports as queries
from db.queries.imports import BatchRow
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

_NAME_LIMIT = 255
_CHANGED_SINCE = "预览之后系统中的数据有变动，本次没有写入。请重新上传文件，核对新的预览后再确认。"
_NOT_OPEN = "该批次已经导入或放弃，不能再次确认。如需再次导入，请重新上传文件。"
_NOT_KEPT = "该批次由旧版本上传，没有保存原文件。请重新上传文件后再确认。"


def no_progress(_done: int, _total: int, _step: str) -> None:
    """Tell nobody."""


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


def preview(actor: Actor, kind_code: str, file_name: str, data: bytes, answers: Answers | None = None) -> Preview:
    """
    Check a file against the store and keep it as a batch that can be applied.

    Raises:
        PermissionDenied: The actor may not import this kind.
        UnreadableFile: It cannot be opened; the rejected batch is kept with the reason.
    """
    kind = open_kind(actor, kind_code)
    file = open_file(kind, file_name, data, answers or Answers())
    with transaction(actor) as tx:
        batch_id = receive(tx, file)
    return check_received(actor, batch_id, file)


def check_received(actor: Actor, batch_id: int, file: ImportFile) -> Preview:
    """Check a received batch (again) and keep what was found with it."""
    try:
        parsed = file.parse()
    except UnreadableFile as error:
        with transaction(actor) as tx:
            _keep_problems(tx, batch_id, [error.problem])
            _set(tx, batch_id, status=BatchStatus.REJECTED)
        raise
    store = current_store()
    with store.read() as connection:
        checked = checked_against(file, connection, actor, parsed, store.as_of())
        earlier = queries.find_applied(connection, file.kind.code, file.hash)
    with transaction(actor) as tx:
        keep_checked(tx, batch_id, file.options, checked)
    return build_preview(batch_id, file.kind.code, (file.name, file.hash), parsed, checked, earlier)


def import_now(
    actor: Actor, kind_code: str, file_name: str, data: bytes, answers: Answers | None = None, *, dry_run: bool
) -> Preview:
    """
    Check a file and, unless *dry_run*, apply it at once (command line).

    Raises:
        PermissionDenied: The actor may not import this kind.
        UnreadableFile: It cannot be opened; nothing was written.
    """
    kind = open_kind(actor, kind_code)
    file = open_file(kind, file_name, data, answers or Answers())
    parsed = file.parse()
    store = current_store()
    about = (file.name, file.hash)
    with store.read() as connection:
        earlier = queries.find_applied(connection, kind.code, file.hash)
        if dry_run:
            checked = checked_against(file, connection, actor, parsed, store.as_of())
            return build_preview(0, kind.code, about, parsed, checked, earlier)
    with told_conflicts(), transaction(actor) as tx:
        batch_id = receive(tx, file)
        checked = checked_against(file, tx.connection, actor, parsed, tx.as_of)
        keep_checked(tx, batch_id, file.options, checked)
        if Counts.of(checked).rows:
            _write(tx, file.kind, batch_id, checked, no_progress)
        else:
            _set(tx, batch_id, status=BatchStatus.REJECTED)
    return build_preview(batch_id, kind.code, about, parsed, checked, earlier)


def apply(actor: Actor, batch_id: int, *, progress: Progress = no_progress) -> Result:
    """
    Write a checked batch in one transaction, exactly as it was shown.

    Args:
        progress: Told how far it is; what it raises ends the transaction, and nothing is written.

    Raises:
        PermissionDenied: The actor may not import this kind.
        NotFound: No such batch.
        Invalid: Applied or rejected already, or the store changed since the preview; nothing was written.
    """
    file, plan = load_file(actor, batch_id)
    progress(0, 1, "正在读取文件")
    parsed = file.parse()
    with told_conflicts(), transaction(actor) as tx:
        open_batch(queries.find_batch(tx.connection, batch_id))
        progress(0, 1, "正在核对系统中的数据")
        checked = checked_against(file, tx.connection, actor, parsed, tx.as_of)
        if checked.digest() != plan.digest:
            raise Invalid([Problem("file", "changed_since", _CHANGED_SINCE)])
        _write(tx, file.kind, batch_id, checked, progress)
        applied_at = tx.at
    counts = Counts.of(checked)
    return Result(batch_id, counts.inserted, counts.changed, counts.unchanged, counts.quarantined, applied_at)


def reject(actor: Actor, batch_id: int) -> None:
    """
    Put a checked batch aside; nothing of it was written.

    Raises:
        Invalid: Applied or rejected already.
    """
    allowed_kinds(actor)
    with transaction(actor) as tx:
        batch = open_batch(queries.find_batch(tx.connection, batch_id))
        require(actor, KINDS[batch.kind].permission)
        _set(tx, batch_id, status=BatchStatus.REJECTED)


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


def checked_against(file: ImportFile, connection: Any, actor: Actor, parsed: Parsed, as_of: Any) -> Checked:
    """
    Return what *parsed* would write.

    Raises:
        RuntimeError: The kind lost or doubled a row (imported + set aside must be all rows).
    """
    checked: Checked = file.kind.check(connection, actor, parsed, as_of, file.options)
    rows = Counts.of(checked).rows
    if rows != parsed.row_count:
        raise RuntimeError(f"{file.kind.code}: {parsed.row_count} rows read, {rows} accounted for")
    return checked


def keep_checked(tx: WriteTransaction, batch_id: int, options: ReadOptions, checked: Checked) -> None:
    """Keep counts, problems and plan of a batch that was just checked."""
    counts = Counts.of(checked)
    _set(
        tx,
        batch_id,
        status=BatchStatus.CHECKED,
        row_count=counts.rows,
        inserted_count=counts.inserted,
        changed_count=counts.changed,
        unchanged_count=counts.unchanged,
        quarantined_count=counts.quarantined,
    )
    _keep_problems(tx, batch_id, checked.problems)
    batch_files.save_plan(tx.connection, batch_id, Plan.of(replace(options), checked).to_text())


def _keep_problems(tx: WriteTransaction, batch_id: int, problems: Any) -> None:
    rows = [_problem_row(problem) for problem in problems]
    batch_files.replace_problems(tx.connection, batch_id, rows)


def _problem_row(problem: ImportProblem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "sheet": problem.sheet[:100],
        "row": problem.row or None,
        "column": problem.column[:200],
        "message": problem.message,
    }


def _set(tx: WriteTransaction, batch_id: int, *, headline: str = "", **changes: Any) -> None:
    """Change a batch; callers hold the writing transaction in which they read its state."""
    values = {name: value.value if isinstance(value, BatchStatus) else value for name, value in changes.items()}
    tx.update(ImportBatch, batch_id, values, expected_version=None, headline=headline)


def _write(tx: WriteTransaction, kind: AnyKind, batch_id: int, checked: Checked, progress: Progress) -> None:
    tx.when_sealed(lambda first, last: batch_files.save_range(tx.connection, batch_id, first, last))
    _set(tx, batch_id, status=BatchStatus.CONFIRMED, confirmed_at=tx.at, confirmed_by=tx.actor.login)
    checked.write(tx, f"导入批次 {batch_id}", progress)
    counts = Counts.of(checked)
    told = f"导入{kind.label}：新增 {counts.inserted} 项，更新 {counts.changed} 项"
    headline = told if counts.inserted or counts.changed else ""
    _set(tx, batch_id, status=BatchStatus.APPLIED, applied_at=tx.at, headline=headline)


@contextmanager
def told_conflicts() -> Iterator[None]:
    """Tell a row that somebody else wrote meanwhile as what it is to the importer: an outdated preview."""
    try:
        yield
    except (Conflict, IntegrityError) as error:
        raise Invalid([Problem("file", "changed_since", _CHANGED_SINCE)]) from error
