"""Every table beside the ledger goes out and comes back in unchanged, Excel and CSV."""

from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.terms import (
    AssetCategory,
    AssetStatus,
    DisposalMethod,
    FundingCategory,
    MatterKind,
    MatterStatus,
    ParcelStatus,
    ReportStatus,
)
from core.services import exports, imports
from core.services.exports import ExportForm
from db.models import Asset, FundingBid, Matter, Person, PolicyTerms, Unit
from db.session import transaction
from tests.factories import SYSTEM, make_county, make_milestone, make_parcel, make_project, make_report, make_unit
from tests.support.stored_text import amounts, days, texts

_numbers = count(1)
NAMES = texts(60, may_be_empty=False)


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def terms(kind):
    return st.sampled_from([term.value for term in kind])


def rows(**columns):
    return st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=5)


def _place(tx: Any) -> dict[str, Any]:
    county = make_county(tx, "北 固县")
    unit = make_unit(tx, "市发改委（新）")
    projects = [make_project(tx, county, name) for name in ("安澜大桥", "=1+1")]
    return {"county": county, "unit": unit, "projects": projects}


def _reports(tx, place, found):
    for number, values in enumerate(found):
        make_report(tx, place["projects"][number % 2], 1 + number, values.pop("done_yuan"), **values)


def _milestones(tx, place, found):
    for number, values in enumerate(found):
        make_milestone(
            tx, place["projects"][number % 2], values.pop("planned_on"), f"{number}{values.pop('name')}", **values
        )


def _matters(kind):
    def fill(tx, place, found):
        for number, values in enumerate(found):
            granted = values.pop("terms", None)
            owner = {"project_id": place["projects"][0]} if number % 2 else {"county_id": place["county"]}
            code = f"M-{next(_numbers):05d}"
            matter = tx.insert(Matter, {"code": code, "kind": kind.value, **owner, **values})
            if granted is not None:
                tx.insert(PolicyTerms, {"matter_id": matter, **granted})

    return fill


def _parcels(tx, place, found):
    for number, values in enumerate(found):
        make_parcel(tx, place["county"], place["projects"][0] if number == 0 else None, **values)


def _assets(tx, place, found):
    for number, values in enumerate(found):
        owner = {"county_id": place["county"], "holder_unit_id": place["unit"]} if number % 2 else {}
        tx.insert(Asset, {"code": f"A-{next(_numbers):05d}", **owner, **values})


def _funding(tx, place, found):
    for number, values in enumerate(found):
        owner = {"county_id": place["county"], "project_id": place["projects"][0]} if number % 2 else {}
        tx.insert(FundingBid, {"code": f"F-{next(_numbers):05d}", **owner, **values})


def _people(tx, place, found):
    for number, values in enumerate(found):
        name = f"{values.pop('name')}{number}"
        tx.insert(Person, {"name": name, "unit_id": place["unit"] if number % 2 else None, **values})


def _units(tx, place, found):
    for number, values in enumerate(found):
        name = f"{values.pop('name')}{number}"
        tx.insert(Unit, {"name": name, "county_id": place["county"] if number % 2 else None, **values})


_MATTER = {
    "title": texts(200, may_be_empty=False),
    "status": terms(MatterStatus),
    "raised_on": days,
    "due_on": maybe(days),
    "progress": texts(3000),
    "remark": texts(1000),
}
KINDS = {
    "reports": (
        _reports,
        rows(
            done_yuan=st.one_of(amounts, st.integers(-(10**9), -1)),
            reported_ytd_yuan=maybe(amounts),
            statistics_yuan=maybe(amounts),
            physical_progress=texts(1000),
            difficulty=texts(1000),
            next_step=texts(1000),
            status=st.sampled_from(list(ReportStatus)),
        ),
    ),
    "milestones": (
        _milestones,
        rows(
            name=texts(150),
            is_key=st.booleans(),
            first_baseline_on=days,
            planned_on=days,
            forecast_on=maybe(days),
            actual_on=maybe(st.dates(date(2020, 1, 1), date(2026, 11, 22))),
            responsible=texts(200),
            note=texts(1000),
            forecast_reason=texts(400),
            moves=st.integers(0, 3),
        ),
    ),
    "problems": (
        _matters(MatterKind.PROBLEM),
        rows(
            **_MATTER,
            description=texts(3000),
            category=texts(64),
            source=texts(64),
            raised_by=texts(64),
            supporting_units=texts(400),
            responsible_leader=texts(64),
            assigned_on=maybe(days),
            is_escalated=st.booleans(),
            answer=texts(3000),
            replied_on=maybe(days),
            outcome=texts(64),
            resolved_on=maybe(days),
            satisfaction=texts(32),
            closed_on=maybe(days),
        ),
    ),
    "policies": (
        _matters(MatterKind.POLICY),
        rows(
            **_MATTER,
            terms=st.fixed_dictionaries(
                {
                    "document_no": texts(100),
                    "clause": texts(3000),
                    "level": texts(32),
                    "audience": texts(400),
                    "conditions": texts(3000),
                    "delivery_channel": texts(200),
                    "delivered_on": maybe(days),
                    "target_count": maybe(st.integers(0, 10**6)),
                    "delivered_count": maybe(st.integers(0, 10**6)),
                    "applied_count": maybe(st.integers(0, 10**6)),
                    "approved_yuan": maybe(amounts),
                    "honoured_yuan": maybe(amounts),
                    "honoured_count": maybe(st.integers(0, 10**6)),
                    "unhonoured_reason": texts(400),
                }
            ),
        ),
    ),
    "parcels": (
        _parcels,
        rows(
            name=NAMES,
            status=terms(ParcelStatus),
            declared_area_sqm=maybe(st.integers(1, 10**8)),
            use_name=texts(64),
            plot_ratio=maybe(st.sampled_from([0.0, 0.5, 1.2, 2.75])),
            building_density_pct=maybe(st.sampled_from([0.0, 0.9, 1.5, 35.5, 100.0])),
            green_ratio_pct=maybe(st.sampled_from([0.0, 0.9, 30.0])),
            location=texts(200),
            approval_no=texts(100),
            approved_on=maybe(days),
            supply_method=texts(32),
            contract_no=texts(100),
            supplied_on=maybe(days),
            start_due_on=maybe(days),
            finish_due_on=maybe(days),
            started_on=maybe(days),
            unused_reason=texts(400),
            disposal_measure=texts(400),
            disposal_due_on=maybe(days),
            intended_project=texts(200),
            standard_terms=texts(400),
            remark=texts(1000),
        ),
    ),
    "assets": (
        _assets,
        rows(
            name=NAMES,
            category=terms(AssetCategory),
            kind=texts(64),
            location=texts(400),
            area_sqm=maybe(st.integers(0, 10**9)),
            title_no=texts(200),
            acquired_on=maybe(days),
            original_book_value_yuan=maybe(amounts),
            net_book_value_yuan=maybe(amounts),
            appraised_value_yuan=maybe(amounts),
            appraised_on=maybe(days),
            status=terms(AssetStatus),
            disposal_method=st.one_of(st.just(""), terms(DisposalMethod)),
            disposal_measure=texts(1000),
            disposal_due_on=maybe(days),
            revitalized_yuan=maybe(amounts),
            received_yuan=maybe(amounts),
            problem=texts(1000),
            remark=texts(1000),
        ),
    ),
    "funding": (
        _funding,
        rows(
            name=NAMES,
            category=terms(FundingCategory),
            higher_authority=texts(200),
            requested_yuan=maybe(amounts),
            requested_on=maybe(days),
            grant_document_no=texts(200),
            granted_on=maybe(days),
            granted_yuan=maybe(amounts),
            received_on=maybe(days),
            received_yuan=maybe(amounts),
            spent_yuan=maybe(amounts),
            is_competitive=maybe(st.booleans()),
            verdict=texts(3000),
            remark=texts(1000),
        ),
    ),
    "people": (_people, rows(name=NAMES, title=texts(200), phone=texts(64))),
    "units": (_units, rows(name=NAMES, kind=texts(32))),
}


def _out_and_in(kind, form, fill, found):
    with transaction(SYSTEM) as tx:
        fill(tx, _place(tx), [dict(values) for values in found])
    file = exports.export(SYSTEM, kind, form)
    return file, imports.import_now(SYSTEM, kind, file.name, file.content, dry_run=True)


@pytest.mark.parametrize("form", [ExportForm.XLSX, ExportForm.CSV])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_table_export_comes_back_unchanged(fresh_store, kind, form, data):
    fill, strategy = KINDS[kind]
    fresh_store()
    file, shown = _out_and_in(kind, form, fill, data.draw(strategy))
    assert [(p.code, p.column, p.message) for p in shown.of(imports.Severity.REFUSE)] == []
    assert [(row.name, row.changes) for row in shown.changed] == []
    assert file.rows == shown.unchanged == shown.row_count


def test_every_kind_is_offered_and_has_a_template_that_is_understood(store):
    """Both databases: an empty store gives a sheet of each kind, and its template names only known columns."""
    for kind in exports.kinds(SYSTEM):
        assert exports.export(SYSTEM, kind.code).rows == 0
        file = exports.template(SYSTEM, kind.code)
        shown = imports.import_now(SYSTEM, kind.code, file.name, file.content, dry_run=True)
        assert shown.row_count == 0
        assert [p for p in shown.problems if p.code in ("unknown_column", "duplicate_column")] == []


def test_sums_of_a_kind_are_those_of_its_rows(store):
    with transaction(SYSTEM) as tx:
        place = _place(tx)
        _assets(tx, place, [{"name": name, "category": "land_resource", "status": "idle", "area_sqm": 10,
                             "net_book_value_yuan": 12_345} for name in ("甲地", "乙地")])  # fmt: skip
    file = exports.export(SYSTEM, "assets")
    shown = imports.import_now(SYSTEM, "assets", file.name, file.content, dry_run=True)
    assert (shown.unchanged, [p.code for p in shown.problems if p.severity is not imports.Severity.NOTE]) == (2, [])
