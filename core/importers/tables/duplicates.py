"""The same row twice in one file."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from core.importers.cells.text import match_key
from core.importers.problems import ImportProblem, build_problem
from core.importers.tables.spec import TableKind, TableRow


def find_duplicates(kind: TableKind, rows: Iterable[TableRow], *, several_sheets: bool) -> Iterator[ImportProblem]:
    """Refuse each row whose best key another row had before it."""
    first: dict[Hashable, TableRow] = {}
    for row in rows:
        key = key_of(kind, row)
        if key is None:
            continue
        earlier = first.setdefault(key, row)
        if earlier is not row:
            place = f"{earlier.row}" if not several_sheets else f"“{earlier.sheet}”{earlier.row}"
            label = "、".join(kind.field_of(code).label for code in key[0])
            yield build_problem("duplicate_row", row.sheet, row.row, "", other=place, label=label)


def key_of(kind: TableKind, row: TableRow) -> tuple[tuple[str, ...], Hashable] | None:
    """Return the first key of *kind* that *row* states in full, with its values; ``None`` when it states none."""
    for codes in kind.keys:
        if all(row.values.get(code) is not None for code in codes):
            told = tuple(comparable(row.values.get(code)) for code in (*codes, *kind.parts))
            return codes, told
    return None


def comparable(value: Any) -> Any:
    """Return a value such that two spellings of one name are equal."""
    return match_key(value) if isinstance(value, str) else value
