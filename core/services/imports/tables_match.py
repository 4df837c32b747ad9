"""Which stored row a row of a table is about: by the best key that it states; identity is never guessed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from core.importers.tables.duplicates import comparable
from core.importers.tables.spec import TableKind
from core.services.imports.names import Ambiguous
from core.services.imports.tables_binding import Binding, table_of
from db.queries import table_targets as queries

_PROJECT_FIELDS = ("project_code", "national_code", "project_name")
_CHOSEN = {"code": lambda key: any(part.endswith("code") for part in key), "name_county": lambda key: "county" in key}


class StoredKeys:
    """
    The keys of every stored row of a kind.

    Args:
        by: ``auto`` for all keys of the kind; ``code`` or ``name_county`` for those of that sort, where it has any.

    Attributes:
        codes: Every code of the table, of other kinds too.
    """

    def __init__(self, connection: Connection, kind: TableKind, binding: Binding, by: str) -> None:
        self._binding = binding
        self._keys = _plain_keys(kind, binding)
        self._weak = frozenset(self._keys[binding.strong :])
        if by in _CHOSEN:
            self._keys = tuple(key for key in self._keys if _CHOSEN[by](key)) or self._keys
        self._rows = self._load(connection)
        self.codes: set[str] = set()
        if "code" in table_of(binding.model).c:
            self.codes = {row["code"] for row in queries.load_columns(connection, binding.model, ("id", "code"), {})}
        self._index: dict[tuple[str, ...], dict[tuple[Any, ...], list[int]]] = {}
        for key in self._keys:
            index = self._index[key] = defaultdict(list)
            for row_id, row in self._rows.items():
                told = tuple(comparable(row[code]) for code in key)
                if all(value not in (None, "") for value in told):
                    index[told].append(row_id)

    def find(self, told: Mapping[str, Any]) -> int | None:
        """
        Return the id of the stored row that *told* (field → comparable value, references as ids) is about.

        Raises:
            Ambiguous: Several stored rows fit and nothing tells them apart.
        """
        for key in self._keys:
            wanted = tuple(told.get(code) for code in key)
            if any(value in (None, "") for value in wanted):
                continue
            found = self._index[key].get(wanted, [])
            if key in self._weak:
                found = [row_id for row_id in found if not self._contradicts(row_id, told, key)]
            if len(found) > 1:
                raise Ambiguous
            if found:
                return found[0]
        return None

    def _contradicts(self, row_id: int, told: Mapping[str, Any], key: tuple[str, ...]) -> bool:
        for code in self._binding.apart:
            stored, wanted = comparable(self._rows[row_id][code]), told.get(code)
            if code in key or wanted in (None, "") or stored in (None, "") or stored == wanted:
                continue
            # A code that the system gave yields to the office's own.
            if code != "code" or not is_made(self._binding, str(self._rows[row_id]["code"])):
                return True
        return False

    def _load(self, connection: Connection) -> dict[int, dict[str, Any]]:
        binding, part = self._binding, self._binding.part
        codes = {code for key in self._keys for code in key} | set(binding.apart)
        if binding.code_prefix:
            codes.add("code")
        inside = {code: column for code in codes if (column := _column_of(binding, code))}
        rows = queries.load_columns(connection, binding.model, ("id", *inside.values()), binding.fixed)
        found = {row["id"]: {code: row[column] for code, column in inside.items()} for row in rows}
        outside = sorted(codes - set(inside))
        if part is not None and outside:
            for row in queries.load_columns(connection, part.model, (part.key, "id", *outside), {}):
                found[row[part.key]] |= {code: row[code] for code in outside}
        for row in found.values():
            for code in outside:
                row.setdefault(code, None)
        return found


def _plain_keys(kind: TableKind, binding: Binding) -> tuple[tuple[str, ...], ...]:
    """Return the keys with one word for the project, whichever way a row names it."""
    keys = []
    for key in kind.keys:
        if binding.project:
            key = tuple(dict.fromkeys("project" if code in _PROJECT_FIELDS else code for code in key))
        keys.append(key)
    return tuple(dict.fromkeys(keys))


def _column_of(binding: Binding, code: str) -> str:
    column = binding.project if code == "project" else binding.column_of(code)
    return column if column in table_of(binding.model).c else ""


def is_made(binding: Binding, code: str) -> bool:
    """Return whether the system gave *code* to a row that came without one."""
    return bool(binding.code_prefix) and bool(re.fullmatch(rf"{binding.code_prefix}-\d{{6}}(?:-\d+)?", code))


def make_code(binding: Binding, row_id: int, taken: Iterable[str]) -> str:
    """Return a code for a row that came without one."""
    code = f"{binding.code_prefix}-{row_id:06d}"
    return code if code not in taken else f"{code}-{row_id}"
