"""Ledger columns whose meaning was settled by hand or by a profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.importers.columns.fields import FIELD_LABELS, REPEATABLE_FIELDS, Column, Field
from core.importers.columns.mapping import find_mapped
from core.importers.columns.resolve import Choices
from core.importers.options import MappedColumn


def pin_columns(columns: Sequence[Column], mapping: Sequence[MappedColumn]) -> dict[int, Column]:
    """Return column index → the column as *mapping* has it; fields that a ledger does not know are left out."""
    pinned = {}
    for position, mapped in find_mapped([column.header for column in columns], mapping).items():
        column = columns[position]
        if not mapped.field:
            pinned[column.index] = replace(column, field=Field.ELSEWHERE)
        elif mapped.field in FIELD_LABELS:
            pinned[column.index] = replace(column, field=Field(mapped.field), unit=mapped.unit or column.unit)
    return pinned


def put_pinned(choices: Choices, pinned: Mapping[int, Column]) -> set[str]:
    """
    Set the pinned columns among *choices*; another column with the same meaning gives way, and is told.

    Returns:
        Labels of the columns about which everything is said.
    """
    taken = {column.field: column for column in pinned.values() if column.field not in REPEATABLE_FIELDS}
    settled, said = [], {column.label for column in pinned.values()}
    for column in choices.columns:
        own = pinned.get(column.index)
        if own is None and column.field in taken:
            choices.say(column, "duplicate_column", other=taken[column.field].label)
            own = replace(column, field=Field.ELSEWHERE)
            said.add(column.label)
        settled.append(own or column)
    choices.columns = settled
    return said
