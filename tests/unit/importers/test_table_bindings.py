"""What tables may hold fits the columns of the store: no field is lost, no text too long, no number too large."""

import pytest
from sqlalchemy import String

from core.importers.tables.kinds import MILESTONES, REPORTS, TABLE_KINDS
from core.importers.tables.spec import FieldSpec, Reading, TableKind
from core.services.imports import tables_bindings as bindings
from core.services.imports.tables_binding import Binding, blank_row, table_of
from core.services.imports.tables_registry import TABLE_IMPORTS
from db.models import InvestmentReport, Milestone, User

BOUND = {
    "parcels": bindings.PARCEL,
    "problems": bindings.PROBLEM,
    "policies": bindings.POLICY,
    "assets": bindings.ASSET,
    "funding": bindings.FUNDING_BID,
    "people": bindings.PERSON,
    "units": bindings.UNIT,
}
_TEXTS = (Reading.CODE, Reading.NAME, Reading.TEXT)
_REFERENCES = ("county", "project_code", "national_code", "project_name", "unit", "headquarters")


def fits(spec: FieldSpec, table, column: str) -> bool:
    kind = table.c[column].type
    if spec.reading not in _TEXTS or not isinstance(kind, String) or kind.length is None:
        return True
    return 0 < spec.limit <= kind.length


@pytest.mark.parametrize("code", BOUND)
def test_every_field_of_a_bound_kind_has_its_column_and_fits_it(code: str) -> None:
    kind: TableKind = TABLE_KINDS[code]
    binding: Binding = BOUND[code]
    table = table_of(binding.model)
    part = table_of(binding.part.model) if binding.part else None
    for spec in kind.fields:
        column = binding.column_of(spec.code)
        if column:
            assert column in table.c, spec.code
            assert spec.code in _REFERENCES or fits(spec, table, column), spec.code
        else:
            assert part is not None, spec.code
            assert spec.code in binding.part.columns, spec.code
            assert fits(spec, part, spec.code), spec.code


@pytest.mark.parametrize(
    ("kind", "model"), [(MILESTONES, Milestone), (REPORTS, InvestmentReport), (TABLE_KINDS["users"], User)]
)
def test_texts_of_the_other_kinds_fit_their_columns(kind: TableKind, model) -> None:
    table = table_of(model)
    for spec in kind.fields:
        if spec.code in table.c:
            assert fits(spec, table, spec.code), spec.code


def test_blank_row_gives_every_required_column_but_those_that_rows_bring() -> None:
    for code, binding in BOUND.items():
        blank = blank_row(binding.model) | dict(binding.fixed)
        brought = {binding.column_of(spec.code) for spec in TABLE_KINDS[code].fields} | {
            "area_sqm",
            "raised_on",
            "status",
        }
        open_columns = {
            c.name for c in table_of(binding.model).columns if not c.nullable and blank.get(c.name, 0) is None
        }
        assert open_columns <= brought, code


def test_every_kind_is_registered_once() -> None:
    assert [one.code for one in TABLE_IMPORTS] == list(TABLE_KINDS)
