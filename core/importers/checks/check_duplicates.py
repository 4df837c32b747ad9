"""The same project twice in one file: by code, by national code, by name within a county."""

from collections.abc import Callable, Iterator, Sequence

from core.importers.cells.text import match_key
from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.row import LedgerRow
from core.importers.sheet_rows import SheetRows

Key = Callable[[LedgerRow], str | None]


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Refuse the second of two rows with one code, or with one name and nothing that tells them apart."""
    repeated: set[tuple[str, int]] = set()
    for field, key in ((Field.CODE, _code), (Field.NATIONAL_CODE, _national_code)):
        for problem in _repeated(sheets, field, key):
            if problem.code == "duplicate_code":
                repeated.add((problem.sheet, problem.row))
            yield problem
    yield from _repeated_names(sheets, repeated)


def _code(row: LedgerRow) -> str | None:
    return row.code


def _national_code(row: LedgerRow) -> str | None:
    return row.national_code


def _repeated(sheets: Sequence[SheetRows], field: Field, key: Key) -> Iterator[ImportProblem]:
    first: dict[str, tuple[LedgerRow, str]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            value = key(row)
            if value is None:
                continue
            earlier = first.setdefault(value, (row, sheet.name))
            if earlier[0] is not row:
                # Parts of one approved project share its national code and have numbers of their own.
                is_shared = bool(field is Field.NATIONAL_CODE and _own_codes_differ(earlier[0], row))
                code = "shared_national_code" if is_shared else "duplicate_code"
                yield sheet.problem(code, row.row, field, other=_place(earlier, sheets))


def _repeated_names(sheets: Sequence[SheetRows], known: set[tuple[str, int]]) -> Iterator[ImportProblem]:
    first: dict[tuple[str, str], tuple[LedgerRow, str]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if row.name is None or (sheet.name, row.row) in known:
                continue
            name = (match_key(row.name), match_key(row.county or ""))
            earlier = first.setdefault(name, (row, sheet.name))
            if earlier[0] is not row:
                code = "same_name_other_code" if _differ(earlier[0], row) else "duplicate_name"
                yield sheet.problem(code, row.row, Field.NAME, other=_place(earlier, sheets))


def _place(earlier: tuple[LedgerRow, str], sheets: Sequence[SheetRows]) -> str:
    return str(earlier[0].row) if len(sheets) == 1 else f"“{earlier[1]}”{earlier[0].row}"


def _own_codes_differ(one: LedgerRow, other: LedgerRow) -> bool:
    return bool(one.code and other.code and one.code != other.code)


def _differ(one: LedgerRow, other: LedgerRow) -> bool:
    codes = ((one.code, other.code), (one.national_code, other.national_code))
    return any(first and second and first != second for first, second in codes)
