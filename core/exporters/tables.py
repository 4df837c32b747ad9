"""Any kind of table as a sheet: headings, forms and drop-downs follow from the ``TableKind`` that reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.exporters.layout import Form, SheetColumn, Value
from core.importers.tables.spec import FieldSpec, Reading, TableKind

_FORMS = {
    Reading.MONEY: Form.WAN,
    Reading.COUNT: Form.COUNT,
    Reading.NUMBER: Form.NUMBER,
    Reading.PERCENT: Form.PERCENT,
    Reading.DAY: Form.DAY,
    Reading.LAST_DAY: Form.DAY,
    Reading.MONTH: Form.MONTH,
    Reading.YES_NO: Form.YES_NO,
    Reading.TERM: Form.WORD,
}
_AREAS = {"亩": Form.MU, "公顷": Form.HA, "平方米": Form.COUNT}
_NUMBER = SheetColumn("序号", 10, Form.COUNT)


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that is shown and not read back: code in the row, heading, form."""

    code: str
    column: SheetColumn


def columns(
    kind: TableKind, choices: Mapping[str, Sequence[str]] | None = None, extras: Sequence[Extra] = ()
) -> tuple[SheetColumn, ...]:
    """
    Return the columns of *kind* behind a running number.

    Args:
        choices: Field code → what a template offers; closed sets offer their labels by themselves.
        extras: Columns to be shown behind the others.
    """
    offered = choices or {}
    own = (_column(spec, tuple(offered.get(spec.code, ()))) for spec in kind.fields)
    return (_NUMBER, *own, *(extra.column for extra in extras))


def _column(spec: FieldSpec, choices: tuple[str, ...]) -> SheetColumn:
    form = _AREAS[spec.unit] if spec.reading is Reading.AREA else _FORMS.get(spec.reading, Form.TEXT)
    if spec.reading is Reading.YES_NO:
        choices = ("是", "否")
    elif spec.terms is not None:
        choices = tuple(term.label for term in spec.terms)
    return SheetColumn(spec.heading, spec.width, form, code=spec.code, choices=choices)


def cells(kind: TableKind, number: int, row: Mapping[str, Any], extras: Sequence[Extra] = ()) -> tuple[Value, ...]:
    """Return one row of the sheet from a stored row by field code; closed sets show their labels."""
    own = (_shown(spec, row.get(spec.code)) for spec in kind.fields)
    return (number, *own, *(row.get(extra.code) for extra in extras))


def _shown(spec: FieldSpec, value: Any) -> Value:
    if value is None or value == "":
        return None
    if spec.terms is not None:
        return spec.terms(value).label
    found: Value = value
    return found


def total_cells(kind: TableKind, count: int, sums: Mapping[str, int], extras: int = 0) -> tuple[Value, ...]:
    """Return the 合计 row: how many rows in place of the running number, sums under amounts and areas."""
    return (f"合计 {count} 项", *(sums.get(spec.code) for spec in kind.fields), *(None,) * extras)


def summed_fields(kind: TableKind) -> tuple[str, ...]:
    """Return the fields that can be added up over rows: single amounts and areas, no cumulated figures."""
    return tuple(
        spec.code
        for spec in kind.fields
        if spec.reading in (Reading.MONEY, Reading.AREA) and spec.code != "reported_ytd_yuan"
    )
