"""Columns whose meaning a user or a profile settled: they outweigh header words and values."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.terms import FundingSource
from core.importers.columns.fields import Column, Field
from core.importers.columns.mapping import find_mapped
from core.importers.options import MappedColumn


def map_columns(columns: Sequence[Column], mapping: Sequence[MappedColumn]) -> tuple[Column, ...]:
    """
    Return *columns* with those of *mapping* settled.

    A column is found as ``columns.mapping`` finds it, so it may move and be doubled; profiles follow renamed ones.
    """
    found = find_mapped([column.header for column in columns], mapping) if mapping else {}
    return tuple(_settled(column, found[place]) if place in found else column for place, column in enumerate(columns))


def _settled(column: Column, one: MappedColumn) -> Column:
    field, month, source = field_of_code(one.field)
    if field in (Field.MONTH_PLAN, Field.MONTH_ACTUAL):
        month = month or column.month
        field = field if month else None
    if field is Field.FUNDING:
        source = source or column.source
        field = field if source else None
    return replace(
        column, field=field, month=month or column.month, source=source, unit=one.unit or column.unit, is_settled=True
    )


def field_of_code(code: str) -> tuple[Field | None, int | None, FundingSource | None]:
    """
    Return field, month and source of a field code; (None, None, None) when there is no such field.

    A column of a series names its place: ``month_plans_yuan:3`` is March, ``funding:bank_loan`` the source. An empty
    code leaves the column out.
    """
    name, _, part = code.partition(":")
    field = Field.ELSEWHERE if not name else next((one for one in Field if one.value == name), None)
    if field in (Field.MONTH_PLAN, Field.MONTH_ACTUAL) and part:
        month = int(part) if part.isdigit() and 1 <= int(part) <= 12 else None
        return (field if month else None), month, None
    if field is Field.FUNDING and part:
        source = next((one for one in FundingSource if one.value == part), None)
        return (field if source else None), None, source
    return field, None, None


def code_of(column: Column) -> str:
    """Return the field code of *column*, such that ``field_of_code`` gives its field again; empty when unknown."""
    if column.field is None:
        return ""
    if column.field in (Field.MONTH_PLAN, Field.MONTH_ACTUAL) and column.month:
        return f"{column.field.value}:{column.month}"
    return f"{column.field.value}:{column.source.value}" if column.source else column.field.value
