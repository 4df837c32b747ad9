"""Undo of an import: former values come back, inserted rows go, later work of others stays and is named.

It works from the audit rows of the batch alone, so it holds for every kind of import.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied, Problem
from core.domain.permissions import Actor, require
from core.domain.terms import BatchStatus
from core.services.imports.batches import no_progress
from core.services.imports.kind import Progress
from core.services.imports.kinds import KINDS, allowed_kinds
from core.services.project_history import ENTITIES, FIELDS
from db import trail
from db.models.system import ImportBatch
from db.queries import imports as queries
from db.queries.import_targets import load_project_names
from db.queries.imports import BatchRow
from db.session import transaction
from db.trail import Key, Later, Written
from db.transaction import WriteTransaction

# Rows that are parts of these: a project that stays keeps the parts that came with it.
_OWNERS = {"project_id": "project", "milestone_id": "milestone", "matter_id": "matter", "parcel_id": "parcel"}
_NAMES = ENTITIES | {
    "unit": "单位", "person": "人员", "county": "县区", "parcel": "地块", "asset": "资产", "funding_bid": "争资事项",
    "policy_terms": "政策", "user_account": "用户", "user_role": "用户角色", "milestone_baseline": "节点基线",
}  # fmt: skip
_NOT_APPLIED = "只有已导入的批次可以撤销。"
_NO_TRAIL = "该批次由旧版本导入，没有记下写入范围，不能整批撤销。"
_NO_REASON = "请填写撤销原因。"
_NOT_YOURS = "您的管理范围有限，只能撤销自己确认的批次。"
_MOVED = "撤销时系统中的数据又有变动，本次没有写入。请稍后重试。"
_REASON_LIMIT = 300
_EDITED = "导入之后又有修改，保留该记录"
_PART = "所属记录保留，随同保留"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that an undo left: a field of a row that was changed later, or (field empty) an inserted row."""

    entity: str
    title: str
    field: str
    by: str
    at: datetime | None
    why: str

    @property
    def sentence(self) -> str:
        """Return what stays and why, in Chinese."""
        what = f"{self.entity}“{self.title}”" + (f"的{self.field}" if self.field else "")
        return f"{what}：{self.why}"


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: rows given back their values, rows taken away, and what stays."""

    batch_id: int
    restored: int
    removed: int
    kept: tuple[Kept, ...]


def undo(actor: Actor, batch_id: int, reason: str, *, progress: Progress = no_progress) -> Undone:
    """
    Take an applied batch back in one transaction.

    Args:
        reason: Why; goes into each audit row.

    Raises:
        PermissionDenied: The actor may not import this kind, or is bound to some rows and did not confirm the batch.
        NotFound: No such batch.
        Invalid: Not applied, or no reason given.
    """
    allowed_kinds(actor)
    try:
        with transaction(actor) as tx:
            batch = _applied(actor, queries.find_batch(tx.connection, batch_id), reason)
            told = f"撤销导入批次 {batch_id}：{reason.strip()}"[:_REASON_LIMIT]
            work = _Undo(tx, batch, told)
            work.run(progress)
            _close(tx, batch, told)
    except (Conflict, IntegrityError) as error:
        raise Invalid([Problem("batch", "moved", _MOVED)]) from error
    # What somebody did first, what only follows from it last.
    kept = sorted(work.kept, key=lambda one: (not one.field, one.why != _EDITED, one.why == _PART))
    return Undone(batch_id, work.restored, work.removed, tuple(kept))


def _applied(actor: Actor, batch: BatchRow | None, reason: str) -> BatchRow:
    if batch is None:
        raise NotFound
    require(actor, KINDS[batch.kind].permission)
    if not actor.scope.everything and batch.confirmed_by != actor.login:
        raise PermissionDenied(_NOT_YOURS)
    if batch.status != BatchStatus.APPLIED:
        raise Invalid([Problem("batch", "not_applied", _NOT_APPLIED)])
    if batch.first_seq is None or batch.last_seq is None:
        raise Invalid([Problem("batch", "no_trail", _NO_TRAIL)])
    if not reason.strip():
        raise Invalid([Problem("reason", "missing", _NO_REASON)])
    return batch


def _close(tx: WriteTransaction, batch: BatchRow, told: str) -> None:
    changes = {"status": BatchStatus.UNDONE.value, "undone_at": tx.at, "undone_by": tx.actor.login}
    headline = f"撤销导入：{KINDS[batch.kind].label}批次 {batch.id}"
    tx.update(ImportBatch, batch.id, changes, expected_version=batch.version, reason=told, headline=headline)


@dataclass(slots=True)
class _Undo:
    tx: WriteTransaction
    batch: BatchRow
    reason: str
    restored: int = 0
    removed: int = 0
    kept: list[Kept] = field(default_factory=list)

    def run(self, progress: Progress) -> None:
        """Give back values first: an inserted row that is not pointed to any more can then go."""
        first, last = self.batch.first_seq or 0, self.batch.last_seq or 0
        written = trail.load_written(self.tx.connection, first, last)
        for number, (entity, rows) in enumerate(written.items()):
            progress(number, len(written), "正在恢复原值")
            self._restore(entity, {key: row for key, row in rows.items() if not row.is_new})
        progress(1, 1, "正在撤回新增的记录")
        self._remove({entity: {k: r for k, r in rows.items() if r.is_new} for entity, rows in written.items()})

    def later(self, entity: str, keys: Collection[Key]) -> dict[Key, list[Later]]:
        return trail.load_later(self.tx.connection, entity, list(keys), self.batch.last_seq or 0)

    def _restore(self, entity: str, rows: Mapping[Key, Written]) -> None:
        stored = trail.load_rows(self.tx.connection, entity, list(rows))
        touched: dict[Key, set[str]] = {}
        for key, row in rows.items():
            now = stored.get(key)
            if now is None:
                continue
            back = {name: row.old[name] for name, left in row.new.items() if name in row.old and now[name] == left}
            moved = {name for name, left in row.new.items() if name not in back and now[name] != row.old.get(name)}
            if moved:
                touched[key] = moved
            if back:
                model = trail.models()[entity]
                self.tx.update(model, _plain(key), back, expected_version=now["version"], reason=self.reason)
                self.restored += 1
        self._name_fields(entity, touched, stored)

    def _name_fields(self, entity: str, touched: Mapping[Key, set[str]], stored: Mapping[Key, Any]) -> None:
        later = self.later(entity, touched)
        titles = self._titles(entity, {key: stored[key] for key in touched})
        for key, names in touched.items():
            for name in sorted(names):
                last = next((one for one in reversed(later.get(key, [])) if name in one.fields), None)
                why = "导入之后又有修改，保留现值" if last else "当前值与导入时不同，保留现值"
                self._keep(entity, titles[key], FIELDS.get(name, name), last, why)

    def _keep(self, entity: str, title: str, label: str, last: Later | None, why: str) -> None:
        by, at = (last.actor, last.at) if last else ("", None)
        self.kept.append(Kept(_NAMES.get(entity, entity), title, label, by, at, why))

    def _remove(self, inserted: Mapping[str, Mapping[Key, Written]]) -> None:
        stays = _Stays(self, inserted)
        stays.find()
        for entity in trail.child_first(list(inserted)):
            going = [key for key in stays.there[entity] if (entity, key) not in stays.why]
            if going:
                model = trail.models()[entity]
                self.tx.remove_many(model, [_plain(key) for key in going], reason=self.reason)
                self.removed += len(going)
        for entity, rows in stays.there.items():
            kept = {key: row for key, row in rows.items() if (entity, key) in stays.why}
            titles = self._titles(entity, kept)
            for key in kept:
                last, why = stays.why[entity, key]
                self._keep(entity, titles[key], "", last, why)

    def _titles(self, entity: str, rows: Mapping[Key, Mapping[str, Any]]) -> dict[Key, str]:
        """Return what people call each row: its name, else that of its project."""
        wanted = [row["project_id"] for row in rows.values() if row.get("project_id") and not row.get("name")]
        names = load_project_names(self.tx.connection, wanted) if wanted else {}
        return {
            key: str(row.get("name") or names.get(row.get("project_id") or 0) or "/".join(map(str, key)))
            for key, row in rows.items()
        }


class _Stays:
    """
    Which inserted rows must stay, and why.

    ``there`` are the inserted rows that are still in the store; ``why`` names those that stay.
    """

    def __init__(self, work: _Undo, inserted: Mapping[str, Mapping[Key, Written]]) -> None:
        self._work, self._inserted = work, inserted
        connection = work.tx.connection
        self.there = {entity: trail.load_rows(connection, entity, list(rows)) for entity, rows in inserted.items()}
        self.why: dict[tuple[str, Key], tuple[Later | None, str]] = {}
        self._pointers = {
            entity: list(trail.load_references(connection, entity, [key[0] for key in rows]))
            for entity, rows in self.there.items()
            if rows
        }

    def find(self) -> None:
        """Edited later, pointed to by what stays, or part of what stays; until nothing more is found."""
        for entity, rows in self.there.items():
            for key, later in self._work.later(entity, rows).items():
                if _differs(rows[key], self._inserted[entity][key], later):
                    self.why[entity, key] = (later[-1], _EDITED)
        while self._pointed_to() or self._parts():
            pass

    def _pointed_to(self) -> bool:
        found = False
        for entity, references in self._pointers.items():
            blockers: dict[str, dict[Key, Key]] = {}
            for one in references:
                if (entity, (one.target,)) not in self.why and self._remains(one.table, one.key):
                    blockers.setdefault(one.table, {})[one.key] = (one.target,)
            for table, targets in blockers.items():
                later = self._work.later(table, targets)
                why = f"有{_NAMES.get(table, table)}引用它，保留该记录"
                for key, target in targets.items():
                    self.why[entity, target] = (later[key][-1] if key in later else None, why)
            found = found or bool(blockers)
        return found

    def _remains(self, table: str, key: Key) -> bool:
        return (table, key) in self.why or key not in self.there.get(table, {})

    def _parts(self) -> bool:
        found = False
        for entity, rows in self.there.items():
            for key, row in rows.items():
                owners = [(owner, (row[column],)) for column, owner in _OWNERS.items() if row.get(column) is not None]
                owner = next((one for one in owners if one in self.why), None)
                if owner is not None and (entity, key) not in self.why:
                    self.why[entity, key] = (self.why[owner][0], _PART)
                    found = True
        return found


def _differs(now: Mapping[str, Any], written: Written, later: Collection[Later]) -> bool:
    """Whether later writes left a field otherwise than the import did; a later import that was undone left none."""
    as_imported: dict[str, Any] = {}
    for one in reversed(tuple(later)):
        as_imported |= one.old
    as_imported |= written.new
    return any(now[name] != as_imported.get(name) for one in later for name in one.fields if name in now)


def _plain(key: Key) -> Any:
    return key[0] if len(key) == 1 else key
