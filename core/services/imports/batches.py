"""Files as batches: received → checked → confirmed → applied, or rejected; a later undo takes an applied one back.

The engine knows files, batches and their audit rows; what a row means is known to its kind (``kind.py``).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, Invalid, Problem
from core.domain.period import AsOf
from core.domain.permissions import Actor, require
from core.domain.terms import BatchStatus
from core.importers.columns.mapping import find_mapped
from core.importers.columns.profile import Profile
from core.importers.problems import ImportProblem, UnreadableFile, build_problem
from core.services.imports.answers import Answers, Plan, add_answers
from core.services.imports.collector import rare_collections
from core.services.imports.files import ImportFile, load_file, open_batch, open_file, receive
from core.services.imports.kind import Checked, Parsed, Progress, handed_out
from core.services.imports.kinds import KINDS, AnyKind, allowed_kinds, open_kind
from core.services.imports.recent import RecentCheck, RecentChecks
from core.services.imports.views import Counts, Preview, Result, build_preview
from db import imports as batch_files
from db.audit import read_head
from db.models.system import ImportBatch, ImportProfile
from db.queries import import_profiles
from db.queries import imports as queries
from db.queries.import_profiles import ProfileRow
from db.session import current_store, transaction
from db.transaction import WriteTransaction

_CHANGED_SINCE = "预览之后系统中的数据有变动，本次没有写入。请重新上传文件，核对新的预览后再确认。"
_RECENT = RecentChecks()
_UNKNOWN_FIELD = "“{value}”不是{kind}的字段。可选：{known}。"


def no_progress(_done: int, _total: int, _step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: with the answers that were used in the end, and the profile they came from."""

    file: ImportFile
    parsed: Any
    profile: ProfileRow | None = None

    @property
    def about(self) -> tuple[str, str]:
        return self.file.name, self.file.hash


def preview(actor: Actor, kind_code: str, file_name: str, data: bytes, answers: Answers | None = None) -> Preview:
    """
    Check a file against the store and keep it as a batch that can be applied.

    Raises:
        PermissionDenied: The actor may not import this kind.
        Invalid: A column was given a field that the kind does not have.
        UnreadableFile: It cannot be opened; the rejected batch is kept with the reason.
    """
    kind = open_kind(actor, kind_code)
    answers = answers or Answers()
    file = open_file(kind, file_name, data, _valid(kind, answers))
    with transaction(actor) as tx:
        batch_id = receive(tx, file)
    return check_received(actor, batch_id, file, answers.profile_id)


@rare_collections()
def check_received(actor: Actor, batch_id: int, file: ImportFile, profile_id: int | None = 0) -> Preview:
    """Check a received batch (again) and keep what was found with it; *profile_id* as in ``Answers``."""
    try:
        reading = read_file(file, profile_id)
    except UnreadableFile as error:
        with transaction(actor) as tx:
            _keep_problems(tx, batch_id, [error.problem])
            _set(tx, batch_id, status=BatchStatus.REJECTED)
        raise
    store = current_store()
    as_of = store.as_of()
    with store.read() as connection:
        data_version = read_head(connection).seq
        checked = checked_against(reading, connection, actor, as_of)
        earlier = queries.find_applied(connection, file.kind.code, file.hash)
        known = queries.profile_of(connection, batch_id)
        profile = reading.profile or (import_profiles.find_profile(connection, known) if known else None)
    problems = all_problems(reading, checked)
    with transaction(actor) as tx:
        keep_checked(tx, batch_id, reading, checked, problems)
    _RECENT.keep(store.url, batch_id, RecentCheck(reading.file, actor, as_of, data_version, reading.parsed, checked))
    about = (reading.file.kind.code, *reading.about)
    name = profile.name if profile else ""
    return build_preview(batch_id, about, reading.parsed, checked, problems, earlier, name)


def recheck(actor: Actor, batch_id: int, answers: Answers | None = None) -> Preview:
    """
    Check an open batch again, with what *answers* say beyond what was said before; ``None`` = as before.

    ``profile_id=0`` drops the profile and every column settled before; what *answers* map stays.

    Raises:
        NotFound: No such batch.
        Invalid: It is not open any more, or a column was given a field that the kind does not have.
    """
    file, _ = load_file(actor, batch_id)
    if answers is not None:
        drops = answers.profile_id == 0
        if drops:
            with transaction(actor) as tx:
                _set(tx, batch_id, profile_id=None)
        file = replace(file, options=add_answers(file.options, _valid(file.kind, answers), drops_mapping=drops))
    return check_received(actor, batch_id, file)


@rare_collections()
def import_now(
    actor: Actor, kind_code: str, file_name: str, data: bytes, answers: Answers | None = None, *, dry_run: bool
) -> Preview:
    """
    Check a file and, unless *dry_run*, apply it at once (command line).

    Raises:
        PermissionDenied: The actor may not import this kind.
        Invalid: A column was given a field that the kind does not have.
        UnreadableFile: It cannot be opened; nothing was written.
    """
    kind = open_kind(actor, kind_code)
    answers = answers or Answers()
    reading = read_file(open_file(kind, file_name, data, _valid(kind, answers)), answers.profile_id)
    store = current_store()
    batch_id = 0
    with store.read() as connection:
        earlier = queries.find_applied(connection, kind.code, reading.file.hash)
        if dry_run:
            checked = checked_against(reading, connection, actor, store.as_of())
    if not dry_run:
        with told_conflicts(), transaction(actor) as tx:
            batch_id = receive(tx, reading.file)
            checked = checked_against(reading, tx.connection, actor, tx.as_of)
            keep_checked(tx, batch_id, reading, checked, all_problems(reading, checked))
            if Counts.of(checked).rows:
                _write(tx, kind, batch_id, checked, no_progress)
            else:
                _set(tx, batch_id, status=BatchStatus.REJECTED)
    name = reading.profile.name if reading.profile else ""
    about = (kind.code, *reading.about)
    return build_preview(batch_id, about, reading.parsed, checked, all_problems(reading, checked), earlier, name)


def _valid(kind: AnyKind, answers: Answers) -> Answers:
    names = {*kind.fields, *(code.partition(":")[0] for code in kind.fields), ""}
    unknown = [one.field for one in answers.mapping if one.field.partition(":")[0] not in names]
    if unknown:
        known = "、".join(f"{code}（{label}）" for code, label in kind.fields.items() if ":" not in code) or "无"
        raise Invalid(
            [
                Problem("mapping", "unknown_field", _UNKNOWN_FIELD.format(value=one, kind=kind.label, known=known))
                for one in unknown
            ]
        )
    return answers


def read_file(file: ImportFile, profile_id: int | None) -> Reading:
    """
    Read a file; a profile whose headers it has says what its columns mean, unless the user said otherwise.

    Args:
        profile_id: 0 = no profile, ``None`` = the one that fits best, else that one.
    """
    parsed: Parsed = file.parse()
    if profile_id == 0 or not parsed.sheets:
        return Reading(file, parsed)
    with current_store().read() as connection:
        profiles = import_profiles.list_profiles(connection, [file.kind.code])
    best: tuple[int, ProfileRow, ImportFile] | None = None
    for row in profiles:
        if profile_id in (None, row.id):
            profile = Profile.parse(row.mapping)
            columns = profile.fit(parsed.sheets)
            if columns is not None and (best is None or len(columns) > best[0]):
                best = len(columns), row, _with_profile(file, profile, columns)
    if best is None:
        return Reading(file, parsed)
    _, row, known = best
    return Reading(known, parsed if known.options == file.options else known.parse(), row)


def _with_profile(file: ImportFile, profile: Profile, columns: Sequence[Any]) -> ImportFile:
    """What the user said in this import comes last and outweighs the profile."""
    options = file.options
    return replace(
        file,
        options=replace(
            options,
            mapping=(*columns, *options.mapping),
            money_unit=options.money_unit or profile.money_unit,
            date_order=options.date_order or profile.date_order,
            decimal_mark=options.decimal_mark or profile.decimal_mark,
        ),
    )


def all_problems(reading: Reading, checked: Checked) -> tuple[ImportProblem, ...]:
    """Return what was found, and which columns settled by hand the file does not have."""
    headers = [[column.header for column in sheet.columns] for sheet in reading.parsed.sheets]
    missing = [
        build_problem("mapped_column_missing", value=mapped.header)
        for mapped in reading.file.options.mapping
        if not any(find_mapped(one, [mapped]) for one in headers)
    ]
    return (*missing, *checked.problems)


@rare_collections()
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
    recent = _RECENT.take(current_store().url, batch_id, file)
    reading = Reading(file, recent.parsed if recent else file.parse())
    with told_conflicts(), transaction(actor) as tx:
        open_batch(queries.find_batch(tx.connection, batch_id))
        progress(0, 1, "正在核对系统中的数据")
        checked = _same_as(recent, tx) or checked_against(reading, tx.connection, actor, tx.as_of)
        if checked.digest() != plan.digest:
            raise Invalid([Problem("file", "changed_since", _CHANGED_SINCE)])
        _write(tx, file.kind, batch_id, checked, progress)
        applied_at = tx.at
    counts = Counts.of(checked)
    figures = (counts.inserted, counts.changed, counts.unchanged, counts.quarantined)
    return Result(batch_id, *figures, applied_at, dict(handed_out(checked)))


def _same_as(recent: RecentCheck | None, tx: WriteTransaction) -> Checked | None:
    """Return what the preview found when nothing that it depends on has changed since."""
    if recent is None or (recent.actor, recent.as_of) != (tx.actor, tx.as_of):
        return None
    return None if queries.has_changed_since(tx.connection, recent.data_version) else recent.checked


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


def checked_against(reading: Reading, connection: Connection, actor: Actor, as_of: AsOf) -> Checked:
    """
    Return what the file would write.

    Raises:
        RuntimeError: The kind lost or doubled a row (imported + set aside must be all rows).
    """
    file, parsed = reading.file, reading.parsed
    checked: Checked = file.kind.check(connection, actor, parsed, as_of, file.options)
    rows = Counts.of(checked).rows
    if rows != parsed.row_count:
        raise RuntimeError(f"{file.kind.code}: {parsed.row_count} rows read, {rows} accounted for")
    return checked


def keep_checked(
    tx: WriteTransaction, batch_id: int, reading: Reading, checked: Checked, problems: Sequence[ImportProblem]
) -> None:
    """Keep counts, problems, profile and plan of a batch that was just checked."""
    counts = Counts.of(checked)
    profile_id = reading.profile.id if reading.profile else queries.profile_of(tx.connection, batch_id)
    _set(
        tx,
        batch_id,
        status=BatchStatus.CHECKED,
        row_count=counts.rows,
        inserted_count=counts.inserted,
        changed_count=counts.changed,
        unchanged_count=counts.unchanged,
        quarantined_count=counts.quarantined,
        profile_id=profile_id,
    )
    if reading.profile:
        tx.update(ImportProfile, reading.profile.id, {"used_at": tx.at}, expected_version=None)
    _keep_problems(tx, batch_id, problems)
    batch_files.save_plan(tx.connection, batch_id, Plan.of(reading.file.options, checked).to_text())


def _keep_problems(tx: WriteTransaction, batch_id: int, problems: Sequence[ImportProblem]) -> None:
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
