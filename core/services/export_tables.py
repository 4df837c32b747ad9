"""Every table beside the project ledger as a sheet: its ``TableKind`` says the columns, one SELECT gives the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, select

from core.domain.period import Month
from core.domain.permissions import Permission
from core.exporters import tables
from core.exporters.layout import Form, Paper, SheetColumn, SheetLayout, Value
from core.exporters.tables import Extra
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.spec import Reading, TableKind
from core.services.export_requests import MadeSheet, Request, SheetKind
from core.settings import get_settings
from db.queries.export_tables import STATEMENTS
from db.queries.import_targets import load_names

_AT_ONCE = 1_000
_NARROW = 12  # columns that fit on A4
_EXTRAS = {
    "milestones": (Extra("moves", SheetColumn("调整次数", 8, Form.COUNT)),),
    "parcels": (Extra("area_sqm", SheetColumn("图上亩数", 12, Form.MU)),),
}
_PERMISSIONS = {
    "people": Permission.IMPORT,  # telephone numbers: for those who keep the lists
    "units": Permission.IMPORT,
    "users": Permission.MANAGE_USERS,
}
_NO_FILTER = ("parcels", "assets", "people", "units", "users")


def table_sheets() -> tuple[SheetKind, ...]:
    """Return every kind of table as something that can go out."""
    return tuple(_sheet(TABLE_KINDS[code]) for code in STATEMENTS)


def _sheet(kind: TableKind) -> SheetKind:
    return SheetKind(
        code=kind.code,
        label=kind.label,
        note=kind.note,
        make=lambda request: _make(kind, request),
        count=lambda request: _count(kind, request),
        make_template=lambda request: _template(kind, request),
        help_lines=(kind.note,),
        permission=_PERMISSIONS.get(kind.code, Permission.VIEW_PROJECTS),
        is_filtered=kind.code not in _NO_FILTER,
    )


def _make(kind: TableKind, request: Request) -> MadeSheet:
    extras = _EXTRAS.get(kind.code, ())
    layout = replace(_layout(kind, request, tables.columns(kind, extras=extras)), note=request.line())
    statement = _statement(kind, request)
    count, sums = _totals(request, kind, statement)
    total = tables.total_cells(kind, count, sums, len(extras)) if sums else None
    return MadeSheet(layout, _rows(request, kind, statement, extras), total)


def _statement(kind: TableKind, request: Request) -> Select[Any]:
    return STATEMENTS[kind.code](request.actor.scope, request.wanted, request.as_of.month)


def _count(kind: TableKind, request: Request) -> int:
    found = _statement(kind, request).order_by(None).subquery()
    return request.connection.execute(select(func.count()).select_from(found)).scalar_one()


def _layout(kind: TableKind, request: Request, columns: tuple[SheetColumn, ...]) -> SheetLayout:
    has_money = any(spec.reading is Reading.MONEY for spec in kind.fields)
    year = f"{request.as_of.year}年" if kind.code == "reports" else ""
    return SheetLayout(
        kind.sheet,
        f"{get_settings().city_name}{year}{kind.label}",
        columns,
        unit="单位：万元" if has_money else "",
        frozen=2,
        paper=Paper.A4 if len(columns) <= _NARROW else Paper.A3,
        kind=kind.code,
    )


def _totals(request: Request, kind: TableKind, statement: Select[Any]) -> tuple[int, dict[str, int]]:
    """Return the number of rows and the sums of their amounts and areas, without those that nobody states."""
    found = statement.order_by(None).subquery()
    names = tables.summed_fields(kind)
    query = select(func.count(), *(func.sum(found.c[name]) for name in names)).select_from(found)
    count, *values = request.connection.execute(query).one()
    sums = {name: int(value) for name, value in zip(names, values, strict=True) if value is not None}
    return int(count), sums


def _rows(
    request: Request, kind: TableKind, statement: Select[Any], extras: tuple[Extra, ...]
) -> Iterator[tuple[Value, ...]]:
    rows = request.connection.execute(statement.execution_options(yield_per=_AT_ONCE)).mappings()
    for number, row in enumerate(rows, start=1):
        yield tables.cells(kind, number, _with_month(row), extras)


def _with_month(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the row with year and month as one value, where it has them."""
    values = dict(row)
    if "year" in values:
        values["month"] = Month(values["year"], values["month"])
    return values


def _template(kind: TableKind, request: Request) -> SheetLayout:
    names = load_names(request.connection)
    units = [name for _, name in names.units]
    choices = {
        "county": [name for _, name, _ in names.counties],
        "headquarters": [name for _, name, _ in names.headquarters],
        **dict.fromkeys(("unit", "lead_unit", "responsible_unit", "holder_unit"), units),
    }
    return _layout(kind, request, tables.columns(kind, choices))
