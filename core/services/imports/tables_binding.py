"""Where the fields of a kind of table are kept: the table of the store, its references, what new rows start with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Float, Table
from sqlalchemy.orm import DeclarativeBase

from core.domain.period import AsOf
from core.domain.terms import Term

Stored = Mapping[str, Any]
Derive = Callable[[dict[str, Any], Stored | None, AsOf], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A second table with one row for each row of the first (政策: the matter and its terms)."""

    model: type[DeclarativeBase]
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Journal:
    """The append-only table of a row's steps, and what its first entry says (清单事项: 登记)."""

    model: type[DeclarativeBase]
    key: str
    first: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """
    How rows of a kind are kept.

    Attributes:
        columns: Field → column; references and computed fields are not among them.
        units: Field → column, for fields that name a unit.
        county, project: Columns of the references; empty = the kind has none.
        fixed: Columns that every row of this kind has.
        strong: How many of the kind's keys identify a row whatever else differs.
        apart: Fields which, both stated and different, tell two rows apart under the weaker keys.
        code_prefix: Beginning of the codes that the system gives; empty = codes are never made.
        derive: Columns that follow from others: (columns to set, stored row or ``None``, as-of) → further columns.
        part: The second table.
        journal: The first entry of each new row in a table of its steps; None = the kind has none.
        needs_county: Whether a row must have a county.
    """

    model: type[DeclarativeBase]
    columns: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    county: str = ""
    project: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    strong: int = 1
    apart: tuple[str, ...] = ()
    code_prefix: str = ""
    derive: Derive | None = None
    part: Part | None = None
    journal: Journal | None = None
    needs_county: bool = False

    def column_of(self, code: str) -> str:
        """Return the column that field *code* fills; empty when none of the first table."""
        if code == "county":
            return self.county
        if code in ("project_code", "national_code", "project_name") and self.project:
            return self.project
        return self.units.get(code) or self.columns.get(code, "")


def same_names(*codes: str, **others: str) -> dict[str, str]:
    """Return field → column for fields named like their columns, and *others* (field = column)."""
    return {code: code for code in codes} | others


def table_of(model: type[DeclarativeBase]) -> Table:
    """Return the table of *model*."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - declarative classes here map plain tables
    return table


def stored_form(table: Table, column: str, value: Any) -> Any:
    """Return *value* as the store keeps it: codes of terms, floats where the column is one."""
    if isinstance(value, Term):
        return value.value
    if isinstance(value, Decimal):
        return float(value) if isinstance(table.c[column].type, Float) else value
    return value


def blank_row(model: type[DeclarativeBase]) -> dict[str, Any]:
    """Return what a new row holds where nothing is stated: defaults of the model, else nothing."""
    blank: dict[str, Any] = {}
    for column in table_of(model).columns:
        if column.primary_key:
            continue
        default = column.default
        blank[column.name] = getattr(default, "arg", None) if default is not None else None
    return blank
