"""Whatever the store holds, a file that goes out runs nothing in a spreadsheet, and comes back as the same text."""

import csv
import io
import re
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import String, Text

from core.domain.terms import AssignmentRole, MatterKind, Role
from core.services import exports, imports
from core.services.exports import ExportForm
from db.models import Asset, FundingBid, Matter, Milestone, Parcel, Person, PolicyTerms, Project, Unit, User, UserRole
from db.models.money import InvestmentReport
from db.session import transaction
from tests.factories import (
    SYSTEM,
    make_assignment,
    make_county,
    make_headquarters,
    make_milestone,
    make_parcel,
    make_person,
    make_problem,
    make_project,
    make_report,
    make_unit,
)
from tests.faults.malformed.workbooks import INJECTIONS

TEXTS = (*INJECTIONS, "+1", "-1", "＋1+1", "－1+1", "'=1+1", '"=1+1"', "=1+1;@A1|cmd")
# Columns whose text is one of a closed set, a number of the system, or written by the system alone.
CLOSED = {
    *("code", "national_code", "kind", "status", "level", "stage", "initials", "year_class", "crs", "source_crs"),
    *("geometry", "disposal_method", "login", "password_hash", "role", "source_key", "file_hash", "use_code"),
}
FREE = {"units": {"kind"}, "assets": {"kind"}, "policy_terms": {"level"}}
RUNS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
MONEY = 1_234_560_000
KINDS = [kind.code for kind in exports.kinds(SYSTEM)]
FORMATS = {ExportForm.XLSX: "xlsx", ExportForm.CSV: "csv"}


def filled(
    model: Any, text: str, *, free: set[str] = frozenset(), only: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Every text column of *model* holding *text*, cut to what it can hold; money where there is money."""
    values: dict[str, Any] = {}
    for column in model.__table__.columns:
        if isinstance(column.type, String | Text) and (column.name not in CLOSED or column.name in free):
            values[column.name] = text[: column.type.length]
        elif column.name.endswith("_yuan"):
            values[column.name] = MONEY
    return values | (only or {})


@pytest.fixture
def city(store):
    """One row of each kind for each text, with names of counties, units and people that begin like formulas."""
    with transaction(SYSTEM) as tx:
        for number, text in enumerate(TEXTS):
            _row_of_each(tx, number, text)
    return len(TEXTS)


def _row_of_each(tx: Any, number: int, text: str) -> None:
    county = make_county(tx, f"{text}{number}县")
    headquarters = make_headquarters(tx, f"{text}{number}部", short_name=f"{text[:20]}{number}")
    unit = make_unit(tx, f"{text}{number}局", kind=text[:32], county_id=county)
    person = make_person(tx, f"{text}{number}", title=text, phone=text, unit_id=unit)
    owners = {"headquarters_id": headquarters, "responsible_unit_id": unit}
    project = make_project(tx, county, **filled(Project, text, only={"prior_year": 2025, **owners}))
    make_assignment(tx, project, AssignmentRole.SPONSOR_LEADER.value, person_id=person)
    make_assignment(tx, project, AssignmentRole.LEAD_UNIT.value, unit_id=unit)
    make_report(tx, project, 9, **filled(InvestmentReport, text))
    make_milestone(tx, project, date(2026, 12, 1), **filled(Milestone, text))
    make_problem(tx, project, **filled(Matter, text, only={"lead_unit_id": unit}))
    policy = make_problem(tx, None, **filled(Matter, text, only={"kind": MatterKind.POLICY.value, "county_id": county}))
    tx.insert(PolicyTerms, filled(PolicyTerms, text, free=FREE["policy_terms"], only={"matter_id": policy}))
    make_parcel(tx, county, **filled(Parcel, text))
    held = {"county_id": county, "holder_unit_id": unit, "responsible_unit_id": unit}
    closed = {"code": f"A-{number}", "category": "land_resource", "status": "idle"}
    tx.insert(Asset, filled(Asset, text, free=FREE["assets"], only={**held, **closed}))
    bid = {"code": f"F-{number}", "category": "special_bond", "project_id": project, "responsible_unit_id": unit}
    tx.insert(FundingBid, filled(FundingBid, text, only=bid))
    user = tx.insert(User, filled(User, text, only={"name": text[:30], "login": f"user{number}", "password_hash": "x"}))
    tx.insert(UserRole, {"user_id": user, "role": Role.COUNTY.value, "county_id": county})


def _assert_workbook_runs_nothing(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name).decode() for name in names if name.endswith((".xml", ".rels"))}
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower() or "connections" in name]
    sheets = {name: part for name, part in parts.items() if "/worksheets/" in name}
    assert not [name for name, part in sheets.items() if re.search(r"<f[ >]|<hyperlink|TargetMode=", part)]
    for page in openpyxl.load_workbook(io.BytesIO(content)):
        cells = [cell for row in page.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


def _numbers(content: bytes) -> int:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return sum(cell.data_type == "n" and cell.value == MONEY / 10_000 for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize("kind", KINDS)
def test_exported_workbook_runs_nothing_and_numbers_stay_numbers(city, kind):
    content = exports.export(SYSTEM, kind).content
    _assert_workbook_runs_nothing(content)
    _assert_workbook_runs_nothing(exports.template(SYSTEM, kind).content)
    money = {"ledger": 3, "reports": 3, "policies": 2, "assets": 5, "funding": 4}
    assert _numbers(content) == money.get(kind, 0) * city


@pytest.mark.parametrize("kind", KINDS)
def test_exported_csv_guards_whatever_could_run(city, kind):
    content = exports.export(SYSTEM, kind, ExportForm.CSV).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert len(rows) == city + 1
    assert [cell for row in rows for cell in row if RUNS.match(cell)] == []
    assert [cell for row in rows[1:] for cell in row if cell.startswith("'")]  # the texts did go out


@pytest.mark.parametrize("form", FORMATS, ids=FORMATS.values())
@pytest.mark.parametrize("kind", KINDS)
def test_exported_text_comes_back_as_it_was(city, kind, form):
    file = exports.export(SYSTEM, kind, form)
    shown = imports.import_now(SYSTEM, kind, file.name, file.content, dry_run=True)
    assert [(p.code, p.row, p.column, p.message) for p in shown.of(imports.Severity.REFUSE)] == []
    assert [(row.name, row.changes) for row in shown.changed] == []
    assert (file.rows, shown.unchanged, shown.row_count) == (city, city, city)


def test_every_text_column_is_filled_unless_it_is_closed():
    """A column that is added later is tested too, or named here."""
    assert filled(Person, "=1") == {"name": "=1", "title": "=1", "phone": "=1"}
    assert set(filled(Unit, "=1", free=FREE["units"])) == {"name", "kind"}
