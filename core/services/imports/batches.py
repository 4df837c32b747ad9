"""Ledger imports: preview, then apply what was previewed, in one transaction.

A file is a batch: checked → applied or rejected. A later undo finds everything a batch wrote by the batch number in
the reason of its audit rows.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.exporters.ledger_template import build_template
from core.importers.ledger import parse_ledger
from core.importers.options import ReadOptions
from core.importers.problems import PROBLEMS, ImportProblem, Severity, UnreadableFile
from core.importers.row import ParsedLedger, QuarantinedRow
from core.services.imports.ledger_check import Checked, check_rows
from core.services.imports.ledger_plan import FieldChange
from core.services.imports.ledger_write import write_rows
from db import imports as batch_files
from db.models.system import ImportBatch
from db.queries import imports as queries
from db.queries.import_targets import load_names
from db.queries.imports import BatchProblem, BatchRow
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

KIND = "ledger"
_NAME_LIMIT = 255
_CHANGED_SINCE = "预览之后系统中的数据有变动，本次没有写入。请重新上传文件，核对新的预览后再确认。"
_NOT_OPEN = "该批次已经导入或放弃，不能再次确认。如需再次导入，请重新上传文件。"


class BatchStatus(StrEnum):
    """What became of a file."""

    CHECKED = "checked"
    APPLIED = "applied"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Answers:
    """
    What the user decided where the file leaves a choice.

    Attributes:
        year: Year to prefer; ``None`` = the year of today's figures.
        month: Last month of cumulated figures when the file names none.
        money_unit: 亿元, 万元 or 元 when neither file nor amounts tell; empty = not asked.
        accept_large_amounts: Amounts refused for their size have been checked.
    """

    year: int | None = None
    month: int | None = None
    money_unit: str = ""
    accept_large_amounts: bool = False


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row that would be written; ``changes`` is empty for a new project."""

    sheet: str
    row: int
    name: str
    code: str
    project_id: int | None
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What a file would do.

    Attributes:
        batch_id: Batch to confirm; 0 when nothing was kept (dry run).
        earlier: The batch by which the same bytes were applied before.
        totals: Field → sum over rows that would stand, 元 and m².
    """

    batch_id: int
    file_name: str
    file_hash: str
    row_count: int
    inserted: tuple[PreviewRow, ...]
    changed: tuple[PreviewRow, ...]
    unchanged: int
    quarantined: tuple[QuarantinedRow, ...]
    problems: tuple[ImportProblem, ...]
    totals: Mapping[str, int]
    earlier: BatchRow | None

    def of(self, severity: Severity) -> tuple[ImportProblem, ...]:
        """Return the problems of one weight."""
        return tuple(problem for problem in self.problems if problem.severity is severity)


@dataclass(frozen=True, slots=True)
class Result:
    """What an applied batch did."""

    batch_id: int
    inserted: int
    changed: int
    unchanged: int
    quarantined: int
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    data: bytes
    options: ReadOptions

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def preview(actor: Actor, file_name: str, data: bytes, answers: Answers | None = None) -> Preview:
    """
    Check a ledger against the store and keep it as a batch that can be applied.

    Raises:
        PermissionDenied: The actor may not import.
        UnreadableFile: Not a ledger at all; the rejected batch is kept with the reason.
    """
    require(actor, Permission.IMPORT)
    file = _file(file_name, data, answers or Answers())
    parsed = _parse(actor, file)
    store = current_store()
    with store.read() as connection:
        checked = check_rows(connection, actor, parsed, store.as_of())
        earlier = queries.find_applied(connection, file.hash)
    with transaction(actor) as tx:
        batch_id = _add_batch(tx, file, checked, BatchStatus.CHECKED)
        batch_files.save_plan(tx.connection, batch_id, _plan_text(file, checked))
    return _preview(batch_id, file, checked, earlier)


def import_now(actor: Actor, file_name: str, data: bytes, answers: Answers | None = None, *, dry_run: bool) -> Preview:
    """
    Check a ledger and, unless *dry_run*, apply it at once (command line).

    Raises:
        PermissionDenied: The actor may not import.
        UnreadableFile: Not a ledger at all.
    """
    require(actor, Permission.IMPORT)
    file = _file(file_name, data, answers or Answers())
    parsed = parse_ledger(data, file_name, file.options)
    store = current_store()
    with store.read() as connection:
        earlier = queries.find_applied(connection, file.hash)
        if dry_run:
            return _preview(0, file, check_rows(connection, actor, parsed, store.as_of()), earlier)
    with _told_conflicts(), transaction(actor) as tx:
        checked = check_rows(tx.connection, actor, parsed, tx.as_of)
        if checked.row_count:
            batch_id = _add_batch(tx, file, checked, BatchStatus.CHECKED)
            _write(tx, batch_id, checked, version=1)
        else:
            batch_id = _add_batch(tx, file, checked, BatchStatus.REJECTED)
    return _preview(batch_id, file, checked, earlier)


def apply(actor: Actor, batch_id: int) -> Result:
    """
    Write a previewed batch in one transaction, exactly as it was previewed.

    Raises:
        PermissionDenied: The actor may not import.
        NotFound: No such batch.
        Invalid: Applied or rejected already, or the store changed since the preview; nothing was written.
    """
    require(actor, Permission.IMPORT)
    with read() as connection:
        _open_batch(queries.find_batch(connection, batch_id))
        plan = json.loads(queries.load_plan(connection, batch_id))
    options = ReadOptions(**{**plan["options"], "counties": frozenset(plan["options"]["counties"])})
    parsed = parse_ledger(base64.b64decode(plan["file"]), plan["name"], options)
    with _told_conflicts(), transaction(actor) as tx:
        batch = _open_batch(queries.find_batch(tx.connection, batch_id))
        checked = check_rows(tx.connection, actor, parsed, tx.as_of)
        if checked.digest() != plan["digest"]:
            raise Invalid([Problem("file", "changed_since", _CHANGED_SINCE)])
        _write(tx, batch_id, checked, version=batch.version)
        applied_at = tx.at
    counts = (len(checked.inserted), len(checked.changed), checked.unchanged, len(checked.quarantined))
    return Result(batch_id, *counts, applied_at)


def reject(actor: Actor, batch_id: int) -> None:
    """
    Put a previewed batch aside; nothing of it was written.

    Raises:
        Invalid: Applied or rejected already.
    """
    require(actor, Permission.IMPORT)
    with transaction(actor) as tx:
        batch = _open_batch(queries.find_batch(tx.connection, batch_id))
        changes = {"status": BatchStatus.REJECTED.value}
        tx.update(ImportBatch, batch_id, changes, expected_version=batch.version)


def list_batches(actor: Actor, limit: int = 30) -> tuple[BatchRow, ...]:
    """Return the latest batches."""
    require(actor, Permission.IMPORT)
    with read() as connection:
        return queries.list_batches(connection, limit)


def list_problems(actor: Actor, batch_id: int) -> tuple[BatchProblem, ...]:
    """Return the problems that a batch was kept with."""
    require(actor, Permission.IMPORT)
    with read() as connection:
        return tuple(queries.load_problems(connection, batch_id))


def weight_of(code: str) -> Severity:
    """Return how much a problem weighs; a code of an older release counts as a warning."""
    kind = PROBLEMS.get(code)
    return kind.severity if kind is not None else Severity.WARN


def template(actor: Actor) -> bytes:
    """Return an empty ledger workbook with the counties and headquarters of the store to choose from."""
    require(actor, Permission.IMPORT)
    store = current_store()
    with store.read() as connection:
        names = load_names(connection)
    counties = [name for _, name, _ in names.counties]
    return build_template(store.as_of().year, counties, [name for _, name, _ in names.headquarters])


def _file(name: str, data: bytes, answers: Answers) -> _File:
    store = current_store()
    with store.read() as connection:
        counties = frozenset(name for _, name, _ in load_names(connection).counties)
    year = answers.year or store.as_of().year
    options = ReadOptions(year, counties, answers.month, answers.money_unit, answers.accept_large_amounts)
    return _File(name[:_NAME_LIMIT], data, options)


def _parse(actor: Actor, file: _File) -> ParsedLedger:
    try:
        return parse_ledger(file.data, file.name, file.options)
    except UnreadableFile as error:
        with transaction(actor) as tx:
            _add_batch(tx, file, Checked(problems=[error.problem]), BatchStatus.REJECTED)
        raise


def _add_batch(tx: WriteTransaction, file: _File, checked: Checked, status: BatchStatus) -> int:
    batch_id: int = tx.insert(
        ImportBatch,
        {
            "kind": KIND,
            "file_name": file.name,
            "file_hash": file.hash,
            "status": status.value,
            "received_at": tx.at,
            "received_by": tx.actor.login,
            "row_count": checked.row_count,
            "inserted_count": len(checked.inserted),
            "changed_count": len(checked.changed),
            "unchanged_count": checked.unchanged,
            "quarantined_count": len(checked.quarantined),
        },
    )
    batch_files.replace_problems(tx.connection, batch_id, [_problem_row(problem) for problem in checked.problems])
    return batch_id


def _problem_row(problem: ImportProblem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "sheet": problem.sheet[:100],
        "row": problem.row or None,
        "column": problem.column[:200],
        "message": problem.message,
    }


def _plan_text(file: _File, checked: Checked) -> str:
    options = {
        "year": file.options.year,
        "counties": sorted(file.options.counties),
        "month": file.options.month,
        "money_unit": file.options.money_unit,
        "accept_large_amounts": file.options.accept_large_amounts,
    }
    content = base64.b64encode(file.data).decode("ascii")
    return json.dumps({"name": file.name, "options": options, "digest": checked.digest(), "file": content})


def _write(tx: WriteTransaction, batch_id: int, checked: Checked, *, version: int) -> None:
    write_rows(tx, checked, batch_id)
    new, changed = len(checked.inserted), len(checked.changed)
    tx.update(
        ImportBatch,
        batch_id,
        {"status": BatchStatus.APPLIED.value, "applied_at": tx.at},
        expected_version=version,
        headline=f"导入台账：新增 {new} 项，更新 {changed} 项" if new or changed else "",
    )


def _open_batch(batch: BatchRow | None) -> BatchRow:
    if batch is None:
        raise NotFound
    if batch.status != BatchStatus.CHECKED.value:
        raise Invalid([Problem("batch", "not_open", _NOT_OPEN)])
    return batch


class _told_conflicts:  # noqa: N801 - used like a function
    """Tell a row that somebody else wrote meanwhile as what it is to the importer: an outdated preview."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (Conflict, IntegrityError)):
            raise Invalid([Problem("file", "changed_since", _CHANGED_SINCE)]) from error


def _preview(batch_id: int, file: _File, checked: Checked, earlier: BatchRow | None) -> Preview:
    rows = [
        PreviewRow(
            plan.row.sheet,
            plan.row.row,
            plan.row.name or "",
            plan.code,
            plan.target.project["id"] if plan.target else None,
            tuple(plan.changes),
        )
        for plan in checked.plans
    ]
    return Preview(
        batch_id,
        file.name,
        file.hash,
        checked.row_count,
        tuple(row for row in rows if row.project_id is None),
        tuple(row for row in rows if row.project_id is not None),
        checked.unchanged,
        tuple(checked.quarantined),
        tuple(checked.problems),
        checked.totals,
        earlier,
    )
