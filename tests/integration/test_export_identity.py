"""What goes out comes back in unchanged: every kind, Excel and CSV, whatever the store holds."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.terms import AssignmentRole, FundingSource, ProjectLevel, ReportStatus, Stage, YearClass
from core.services import exports, imports
from core.services.exports import ExportForm
from db.session import transaction
from tests.factories import (
    SYSTEM,
    make_assignment,
    make_county,
    make_funding,
    make_headquarters,
    make_month_plans,
    make_person,
    make_project,
    make_report,
    make_unit,
)
from tests.support.stored_text import amounts, days, texts

FORMS = [ExportForm.XLSX, ExportForm.CSV]
_numbers = count(1)


def maybe(strategy):
    return st.one_of(st.none(), strategy)


PROJECTS = st.fixed_dictionaries(
    {
        "name": texts(200, may_be_empty=False),
        "owner_name": texts(200),
        "location": texts(400),
        "content": texts(4000),
        "nature": texts(64),
        "investor": texts(64),
        "category": texts(32, may_be_empty=False),
        "remark": texts(1000),
        "physical_progress": texts(1000),
        "statistics_code": texts(64),
        "national_code": st.sampled_from([None, "2604-371302-04-01-000001", "2020-000052-04-01-000007"]),
        "level": st.sampled_from([level.value for level in ProjectLevel]),
        "stage": st.sampled_from([stage.value for stage in Stage]),
        "year_class": maybe(st.sampled_from(list(YearClass))),
        "total_investment_yuan": amounts,
        "prior_done_yuan": amounts,
        "prior_year": st.sampled_from([None, 2025, 2023]),
        "plan_yuan": maybe(amounts),
        "start_planned_on": maybe(days),
        "finish_planned_on": maybe(days),
        "started_on": maybe(days),
        "completed_on": maybe(days),
        "commissioned_on": maybe(days),
        "entered_statistics_on": maybe(days),
    }
)
PARTS = st.fixed_dictionaries(
    {
        "months": st.dictionaries(st.integers(1, 12), amounts),
        "reports": st.dictionaries(
            st.integers(1, 11),
            st.fixed_dictionaries(
                {
                    "done_yuan": st.one_of(amounts, st.integers(-(10**9), -1)),
                    "reported_ytd_yuan": maybe(amounts),
                    "physical_progress": texts(1000),
                    "difficulty": texts(1000),
                    "next_step": texts(1000),
                    "status": st.sampled_from(list(ReportStatus)),
                }
            ),
        ),
        "funding": st.dictionaries(st.sampled_from(list(FundingSource)), amounts),
        "holders": st.lists(st.tuples(st.sampled_from(list(AssignmentRole)), st.integers(0, 3)), unique=True),
    }
)
_ON_PEOPLE = (AssignmentRole.SPONSOR_LEADER, AssignmentRole.RESPONSIBLE_PERSON, AssignmentRole.CONTACT)


def _fill(rows):
    with transaction(SYSTEM) as tx:
        county_id = make_county(tx, "北 固县（新）")
        headquarters_id = make_headquarters(tx, "高铁新城 指挥部", short_name="高铁")
        units = [make_unit(tx, name) for name in ("市住建局", "市 发改委", "甲、乙联合体", "=丙（集团）")]
        people = [
            make_person(tx, "张三", title="副市长", phone="13800000000"),
            make_person(tx, "张三", title="局长（兼）"),
            make_person(tx, "John Smith", phone="+86 0539-1"),
            make_person(tx, "金  菊"),
        ]
        for number, (values, parts) in enumerate(rows):
            project_id = make_project(
                tx,
                county_id,
                headquarters_id=headquarters_id if number % 2 else None,
                responsible_unit_id=units[number % 4],
                code=f"ZD-{next(_numbers):06d}",
                **values,
            )
            make_month_plans(tx, project_id, parts["months"])
            for month, report in parts["reports"].items():
                make_report(tx, project_id, month, **report)
            for source, yuan in parts["funding"].items():
                make_funding(tx, project_id, source.value, yuan)
            for role, place in parts["holders"]:
                holder = {"person_id": people[place]} if role in _ON_PEOPLE else {"unit_id": units[place]}
                make_assignment(tx, project_id, role.value, **holder)
    return len(rows)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(PROJECTS, PARTS), min_size=1, max_size=6))
def test_ledger_export_comes_back_unchanged(fresh_store, form, rows):
    fresh_store()
    written = _fill(rows)
    file = exports.export(SYSTEM, "ledger", form)
    shown = imports.import_now(SYSTEM, "ledger", file.name, file.content, dry_run=True)
    assert [(p.code, p.column, p.message) for p in shown.of(imports.Severity.REFUSE)] == []
    assert [(row.name, row.changes) for row in shown.changed] == []
    assert (file.rows, shown.unchanged, len(shown.inserted), len(shown.quarantined)) == (written, written, 0, 0)
