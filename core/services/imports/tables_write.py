"""Writes what was planned for a table: new units first, then new rows in bulk, then changes under their versions."""

from collections.abc import Iterable
from typing import Any

from core.importers.cells.text import match_key
from core.services.imports.kind import Progress
from core.services.imports.names import NewUnit
from core.services.imports.tables_binding import Binding, Part, blank_row
from core.services.imports.tables_match import make_code
from core.services.imports.tables_plan import TableChecked, TablePlan, Writer, tell_progress
from db.imports import reserve_ids
from db.models.organisation import Unit
from db.transaction import WriteTransaction


class BoundWriter(Writer):
    """Writes the plans of a kind with a ``Binding``; *codes* are taken already."""

    def __init__(self, binding: Binding, codes: frozenset[str]) -> None:
        self._binding = binding
        self._codes = codes

    def write(self, tx: WriteTransaction, checked: TableChecked, reason: str, progress: Progress) -> None:
        plans = checked.planned
        units = create_units(tx, (unit for plan in plans for unit in plan.units.values()), reason)
        for plan in plans:
            plan.values |= {column: units[match_key(unit.name)] for column, unit in plan.units.items()}
        new = [plan for plan in plans if plan.is_new]
        self._insert(tx, new, reason)
        for done, plan in enumerate((plan for plan in plans if not plan.is_new), start=len(new) + 1):
            self._update(tx, plan, reason)
            tell_progress(progress, done, plans, "更新已有记录")

    def _insert(self, tx: WriteTransaction, plans: list[TablePlan], reason: str) -> None:
        binding = self._binding
        blank = blank_row(binding.model) | dict(binding.fixed)
        codes = set(self._codes) | {plan.values["code"] for plan in plans if plan.values.get("code")}
        rows, parts = [], []
        for plan, row_id in zip(plans, reserve_ids(tx.connection, binding.model, len(plans)), strict=True):
            row = {**blank, **plan.values, "id": row_id}
            if binding.code_prefix and not row.get("code"):
                row["code"] = make_code(binding, row_id, codes)
                codes.add(row["code"])
            rows.append(row)
            if binding.part is not None:
                parts.append(blank_row(binding.part.model) | plan.part | {binding.part.key: row_id})
        tx.insert_many(binding.model, rows, reason=reason)
        if binding.part is not None:
            insert_numbered(tx, binding.part.model, parts, reason)
        self._open_journal(tx, [row["id"] for row in rows], reason)

    def _open_journal(self, tx: WriteTransaction, row_ids: list[int], reason: str) -> None:
        """New rows begin with an entry that says where they came from; the steps that follow come from people."""
        journal = self._binding.journal
        if journal is not None:
            first = {**blank_row(journal.model), **journal.first, "happened_at": tx.at, "actor": tx.actor.login}
            insert_numbered(tx, journal.model, [{**first, journal.key: key} for key in row_ids], reason)

    def _update(self, tx: WriteTransaction, plan: TablePlan, reason: str) -> None:
        binding = self._binding
        if plan.values:
            tx.update(binding.model, plan.target_id, plan.values, expected_version=plan.version, reason=reason)
        if plan.part and binding.part is not None:
            self._put_part(tx, binding.part, plan, reason)

    def _put_part(self, tx: WriteTransaction, part: Part, plan: TablePlan, reason: str) -> None:
        stored = plan.target.get("part") or {}
        if stored:
            tx.update(part.model, stored["id"], plan.part, expected_version=stored["version"], reason=reason)
        else:
            row = blank_row(part.model) | plan.part | {part.key: plan.target_id}
            insert_numbered(tx, part.model, [row], reason)


def create_units(tx: WriteTransaction, wanted: Iterable[NewUnit], reason: str) -> dict[str, int]:
    """Create the units that the store does not have yet and return key of name → id."""
    new = {match_key(unit.name): unit.name for unit in wanted}
    return {key: tx.insert(Unit, {"name": name}, reason=reason) for key, name in new.items()}


def insert_numbered(tx: WriteTransaction, model: Any, rows: list[dict[str, Any]], reason: str) -> None:
    """Insert *rows* in bulk under reserved ids, so that each audit row names its row."""
    ids = reserve_ids(tx.connection, model, len(rows))
    tx.insert_many(model, [{**row, "id": row_id} for row, row_id in zip(rows, ids, strict=True)], reason=reason)
