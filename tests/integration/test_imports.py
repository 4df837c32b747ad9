"""Ledger imports on both stores: what is written, what is refused, what survives a second run."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.domain.errors import Invalid, NotFound, PermissionDenied
from core.domain.ledger import ProjectFilter, ProjectSort
from core.domain.period import Month
from core.domain.terms import AssignmentRole, LifecycleKind, ReportStatus, Role, Stage, YearClass
from core.exporters import project_ledger
from core.importers.problems import Severity, UnreadableFile
from core.services import imports, projects
from core.services.imports import Answers, BatchStatus
from db import audit
from db.models import (
    AnnualPlan,
    Assignment,
    FundingLine,
    ImportBatch,
    InvestmentPlan,
    InvestmentReport,
    LifecycleEvent,
    ListMembership,
    Person,
    Project,
    Unit,
)
from db.models.figures import tally
from db.models.system import AuditEvent
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_person, make_project, make_unit
from tests.unit.importers.ledgers import COUNTY, PLAN, TOTAL, UNIT, ledger, xlsx

OFFICE = make_actor(Role.SUPERVISOR)
COUNT = 5


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        counties = {name: make_county(tx, name) for name in ("兰山区", "罗庄区")}
        make_unit(tx, "市工信局")
        make_headquarters(tx, "工业分指挥部", short_name="工业")
        make_person(tx, "张三")
    return counties


def run(rows, actor=OFFICE, answers=None, **how):
    """Preview and apply."""
    shown = imports.preview(actor, "ledger", "台账.xlsx", xlsx(rows, **how), answers)
    return shown, imports.apply(actor, shown.batch_id)


def all_rows(store, model, *order):
    with store.read() as connection:
        statement = select(model.__table__).order_by(*(order or (model.__table__.primary_key.columns)))
        return [dict(row) for row in connection.execute(statement).mappings()]


def count(store, model):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def city_total(store, measure="total_investment_yuan"):
    with store.read() as connection:
        return connection.execute(select(tally.c[measure]).where(tally.c.dimension == "city")).scalar_one()


def test_import_new_projects_writes_every_part(store, city):
    shown, result = run(ledger(COUNT))
    assert not shown.of(Severity.REFUSE)
    assert (result.inserted, result.changed, result.unchanged, result.quarantined) == (COUNT, 0, 0, 0)
    first = all_rows(store, Project)[0]
    assert first["code"] == first["national_code"] == "2604-371302-04-01-000001"
    assert (first["name"], first["county_id"]) == ("第1号智能装备产业园", city["兰山区"])
    assert (first["total_investment_yuan"], first["stage"]) == (201_000_000, Stage.CONSTRUCTION.value)
    assert (first["start_planned_on"], first["finish_planned_on"]) == (date(2025, 3, 1), date(2027, 12, 31))
    assert first["initials"] == "d1hznzbcyy"
    assert all_rows(store, ListMembership)[0]["year_class"] == YearClass.CONTINUING.value
    assert all_rows(store, AnnualPlan)[0]["plan_yuan"] == 50_250_000
    reports = all_rows(store, InvestmentReport, InvestmentReport.project_id, InvestmentReport.month)[:2]
    assert [(r["month"], r["done_yuan"], r["reported_ytd_yuan"], r["status"]) for r in reports] == [
        (7, 21_980_000, None, ReportStatus.SUBMITTED.value),
        (8, 3_140_000, 25_120_000, ReportStatus.SUBMITTED.value),
    ]
    assert (
        city_total(store)
        == shown.totals["total_investment_yuan"]
        == sum(20_000 + n * 100 for n in range(1, 6)) * 10_000
    )


def test_import_keeps_audit_chain_and_names_the_batch(store, city):
    _, result = run(ledger(COUNT))
    with store.read() as connection:
        assert audit.verify(connection) is None
        events = connection.execute(select(AuditEvent).where(AuditEvent.entity == "project")).all()
        headline = connection.execute(select(AuditEvent.headline).where(AuditEvent.headline != "")).scalars().all()
    assert [event.reason for event in events] == [f"导入批次 {result.batch_id}"] * COUNT
    assert sorted(event.entity_id for event in events) == sorted(str(row["id"]) for row in all_rows(store, Project))
    assert f"导入项目台账：新增 {COUNT} 项，更新 0 项" in headline
    batch = all_rows(store, ImportBatch)[0]
    assert (batch["status"], batch["inserted_count"], batch["row_count"]) == ("applied", COUNT, COUNT)


def test_import_preview_alone_writes_no_business_row(store, city):
    shown = imports.preview(OFFICE, "ledger", "台账.xlsx", xlsx(ledger(COUNT)))
    assert len(shown.inserted) == COUNT
    assert count(store, Project) == 0
    assert count(store, Unit) == 1
    imports.reject(OFFICE, shown.batch_id)
    with pytest.raises(Invalid, match="已经导入或放弃"):
        imports.apply(OFFICE, shown.batch_id)
    assert all_rows(store, ImportBatch)[0]["status"] == BatchStatus.REJECTED.value


def test_import_same_file_again_changes_nothing_and_is_told(store, city):
    data = xlsx(ledger(COUNT))
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "台账.xlsx", data).batch_id)
    before = count(store, Project), count(store, Assignment), count(store, InvestmentReport), count(store, Person)
    shown = imports.preview(OFFICE, "ledger", "台账.xlsx", data)
    result = imports.apply(OFFICE, shown.batch_id)
    assert (result.inserted, result.changed, result.unchanged) == (0, 0, COUNT)
    assert shown.earlier is not None
    assert shown.earlier.received_by == OFFICE.login
    assert before == (
        count(store, Project),
        count(store, Assignment),
        count(store, InvestmentReport),
        count(store, Person),
    )


def test_import_changed_values_show_old_and_new(store, city):
    run(ledger(COUNT))
    rows = ledger(COUNT)
    rows[3][TOTAL], rows[3][PLAN], rows[3][UNIT], rows[4][COUNTY] = 30_000, 6_000, "市发改局", "罗庄区"
    rows[3][12] = ""
    shown, result = run(rows)
    assert (result.inserted, result.changed, result.unchanged) == (0, 2, COUNT - 2)
    changes = {(change.label, change.old, change.new) for change in shown.changed[0].changes}
    assert changes == {
        ("总投资", "20,100.00 万元", "30,000.00 万元"),
        ("年度计划投资", "5,025.00 万元", "6,000.00 万元"),
        ("责任单位", "市工信局", "市发改局"),
    }
    assert [(c.label, c.old, c.new) for c in shown.changed[1].changes] == [("县区", "兰山区", "罗庄区")]
    stored = all_rows(store, Project)
    assert (stored[0]["total_investment_yuan"], stored[0]["version"]) == (300_000_000, 2)
    assert stored[1]["county_id"] == city["罗庄区"]
    assert [problem.code for problem in shown.problems] == ["unit_created"]
    assert {row["name"] for row in all_rows(store, Unit)} == {"市工信局", "市发改局"}
    assert city_total(store) == sum(row["total_investment_yuan"] for row in stored)


def test_import_first_value_of_a_blank_field_is_shown_as_new(store, city):
    run(ledger(1))
    shown, _ = run([["项目代码", "项目名称", "备注"], ["2604-371302-04-01-000001", "第1号智能装备产业园", "省级督办"]])
    assert [(c.label, c.old, c.new) for c in shown.changed[0].changes] == [("备注", "—", "省级督办")]
    assert all_rows(store, Project)[0]["remark"] == "省级督办"


def test_import_blank_cells_erase_nothing(store, city):
    run(ledger(COUNT))
    header = ["项目代码", "项目名称", "总投资（万元）"]
    _, result = run([header, ["2604-371302-04-01-000001", "第1号智能装备产业园", ""]])
    assert result.unchanged == 1
    assert all_rows(store, Project)[0]["total_investment_yuan"] == 201_000_000


def test_import_matches_by_code_then_name_and_county(store, city):
    with transaction(SYSTEM) as tx:
        coded = make_project(tx, city["兰山区"], "老名字", code="LY-7")
        national = make_project(tx, city["兰山区"], "国码项目", national_code="2604-371302-04-01-000009")
        named = make_project(tx, city["兰山区"], "兰山 大桥（一期）")
        make_project(tx, city["罗庄区"], "兰山大桥(一期)")
    header = ["项目编号", "项目代码", "项目名称", "县区", "总投资（万元）"]
    shown, _ = run(
        [
            header,
            ["LY-7", "", "新名字", "兰山区", 900],
            ["", "2604-371302-04-01-000009", "国码项目改名", "兰山区", 900],
            ["", "", "兰山大桥（一期）", "兰山区", 900],
            ["", "", "兰山大桥（二期）", "兰山区", 900],
        ]
    )
    assert [row.target_id for row in shown.changed] == [coded, national, named]
    assert [row.name for row in shown.inserted] == ["兰山大桥（二期）"]
    new = all_rows(store, Project)[-1]
    assert new["code"] == f"DR-{new['id']:06d}"


def test_import_same_name_twice_in_store_is_asked(store, city):
    with transaction(SYSTEM) as tx:
        make_project(tx, city["兰山区"], "大桥")
        make_project(tx, city["罗庄区"], "大桥")
    shown = imports.preview(OFFICE, "ledger", "a.xlsx", xlsx([["项目名称", "总投资（万元）"], ["大桥", 900]]))
    assert [(p.code, p.row, p.column) for p in shown.problems] == [("ambiguous_match", 2, "A 项目名称")]
    assert [row.row for row in shown.quarantined] == [2]


def test_import_unknown_county_is_quarantined_with_place(store, city):
    rows = ledger(COUNT)
    rows[5][COUNTY] = "火星区"
    rows[6][COUNTY] = "兰山"
    shown, result = run(rows)
    assert [(p.code, p.sheet, p.row, p.column) for p in shown.of(Severity.REFUSE)] == [
        ("county_unknown", "台账", 6, "D 县区")
    ]
    assert (result.inserted, result.quarantined, shown.row_count) == (COUNT - 1, 1, COUNT)
    assert all(row["county_id"] == city["兰山区"] for row in all_rows(store, Project))
    stored = [(p.code, p.row, p.column) for p in imports.list_problems(OFFICE, result.batch_id)]
    assert ("county_unknown", 6, "D 县区") in stored


def test_import_county_comes_from_location_without_column(store, city):
    rows = [["项目名称", "建设地点", "总投资（万元）"], ["甲", "某市罗庄区册山街道", 900], ["乙", "某镇", 900]]
    shown, _ = run(rows)
    assert [p.code for p in shown.of(Severity.REFUSE)] == ["county_missing"]
    assert [row["county_id"] for row in all_rows(store, Project)] == [city["罗庄区"]]


def test_import_new_project_without_total_is_quarantined(store, city):
    shown, result = run([["项目名称", "县区", "总投资（万元）"], ["甲", "兰山区", "/"], ["乙", "兰山区", 1]])
    assert [(p.code, p.row, p.column) for p in shown.of(Severity.REFUSE)] == [("total_missing", 2, "C 总投资（万元）")]
    assert (result.inserted, result.quarantined) == (1, 1)


def test_import_people_and_units_stand_for_the_project(store, city):
    rows = ledger(1)
    run(rows)
    people = {row["name"]: row["id"] for row in all_rows(store, Person)}
    given = [(a["role"], a["person_id"]) for a in all_rows(store, Assignment) if a["person_id"]]
    assert given == [(AssignmentRole.SPONSOR_LEADER.value, people[name]) for name in ("张三", "李四")]
    rows[3][16] = "李四、王五"
    shown, _ = run(rows)
    assert [(c.label, c.old, c.new) for c in shown.changed[0].changes] == [("包保领导", "张三、李四", "李四、王五")]
    open_now = {a["person_id"] for a in all_rows(store, Assignment) if a["to_on"] is None and a["person_id"]}
    people = {row["name"]: row["id"] for row in all_rows(store, Person)}
    assert open_now == {people["李四"], people["王五"]}


def test_import_dates_become_lifecycle_events(store, city):
    run([["项目名称", "县区", "总投资（万元）", "实际开工时间"], ["甲", "兰山区", 900, "2026-03-05"]])
    event = all_rows(store, LifecycleEvent)[0]
    assert (event["kind"], event["happened_on"]) == (LifecycleKind.STARTED.value, date(2026, 3, 5))
    project = all_rows(store, Project)[0]
    assert (project["stage"], project["started_on"]) == (Stage.CONSTRUCTION.value, date(2026, 3, 5))


def test_import_months_funding_and_prior(store, city):
    heads = [f"{n}月" for n in range(1, 13)]
    rows = [
        [
            *("项目名称", "县区", "总投资（万元）", "资金来源（万元）", "", "自开工累计完成（万元）"),
            *("1-9月累计完成（万元）", "2026年计划投资（万元）", "月度计划（万元）", *[""] * 11),
        ],
        ["", "", "", "专项债", "自筹", "", "", "", *heads],
        ["甲", "兰山区", 9000, 4000, 5000, 3000, 800, 1200, *[100] * 12],
    ]  # fmt: skip
    merges = [(0, c, 1, c) for c in (0, 1, 2, 5, 6, 7)] + [(0, 3, 0, 4), (0, 8, 0, 19)]
    run(rows, merges=merges)
    assert {row["source"]: row["planned_yuan"] for row in all_rows(store, FundingLine)} == {
        "special_bond": 40_000_000,
        "enterprise": 50_000_000,
    }
    assert sum(row["plan_yuan"] for row in all_rows(store, InvestmentPlan)) == 12_000_000
    project = all_rows(store, Project)[0]
    assert (project["prior_done_yuan"], project["prior_year"]) == (22_000_000, 2025)
    assert [(r["month"], r["done_yuan"]) for r in all_rows(store, InvestmentReport)] == [(9, 8_000_000)]
    assert run(rows, merges=merges)[1].unchanged == 1


def test_import_next_month_adds_to_the_months(store, city):
    def month(number, done, ytd):
        header = ["项目名称", "县区", "总投资（万元）", "本月完成（万元）", f"1-{number}月累计完成（万元）"]
        return [header, ["甲", "兰山区", 9000, done, ytd]]

    run(month(8, 100, 700))
    shown, _ = run(month(9, 50, 750))
    assert not shown.problems
    months = {row["month"]: row["done_yuan"] for row in all_rows(store, InvestmentReport)}
    assert months == {7: 6_000_000, 8: 1_000_000, 9: 500_000}
    shown, _ = run(month(9, 50, 760))
    assert [p.code for p in shown.problems] == ["ytd_differs"]


def test_import_reviewed_report_is_not_overwritten(store, city):
    rows = [["项目名称", "县区", "总投资（万元）", "8月完成投资（万元）"], ["甲", "兰山区", 9000, 100]]
    run(rows)
    report = all_rows(store, InvestmentReport)[0]
    with transaction(SYSTEM) as tx:
        tx.update(InvestmentReport, report["id"], {"status": ReportStatus.LOCKED.value}, expected_version=1)
    rows[1][3] = 200
    shown, _ = run(rows)
    assert [p.code for p in shown.problems] == ["report_closed"]
    assert all_rows(store, InvestmentReport)[0]["done_yuan"] == 1_000_000


def test_import_month_must_be_known_and_begun(store, city):
    header = ["项目名称", "县区", "总投资（万元）", "本年累计完成（万元）"]
    shown = imports.preview(OFFICE, "ledger", "a.xlsx", xlsx([header, ["甲", "兰山区", 9000, 100]]))
    assert [(p.code, p.column) for p in shown.problems] == [("month_unknown", "D 本年累计完成（万元）")]
    answered = imports.preview(
        OFFICE, "ledger", "a.xlsx", xlsx([header, ["甲", "兰山区", 9000, 100]]), Answers(month=10)
    )
    assert not answered.problems
    header[3] = "1-12月累计完成（万元）"
    shown, _ = run([header, ["甲", "兰山区", 9000, 100]])
    assert [p.code for p in shown.problems] == ["month_future"]
    assert count(store, InvestmentReport) == 0


def test_apply_after_the_store_moved_writes_nothing(store, city):
    run(ledger(COUNT))
    rows = ledger(COUNT)
    rows[3][TOTAL] = 30_000
    shown = imports.preview(OFFICE, "ledger", "b.xlsx", xlsx(rows))
    project = all_rows(store, Project)[0]
    with transaction(SYSTEM) as tx:
        tx.update(Project, project["id"], {"remark": "刚改过"}, expected_version=project["version"])
    with pytest.raises(Invalid, match="预览之后系统中的数据有变动"):
        imports.apply(OFFICE, shown.batch_id)
    assert all_rows(store, Project)[0]["total_investment_yuan"] == 201_000_000
    assert all_rows(store, ImportBatch)[-1]["status"] == BatchStatus.CHECKED.value


def test_apply_that_fails_midway_leaves_nothing(store, city, monkeypatch):
    shown = imports.preview(OFFICE, "ledger", "台账.xlsx", xlsx(ledger(COUNT)))
    events = count(store, AuditEvent)

    def broken(*_args, **_named):
        raise OSError("disk full")

    monkeypatch.setattr("db.audit.append", broken)
    with pytest.raises(OSError, match="disk full"):
        imports.apply(OFFICE, shown.batch_id)
    monkeypatch.undo()
    assert (count(store, Project), count(store, Unit), count(store, AuditEvent)) == (0, 1, events)
    assert imports.apply(OFFICE, shown.batch_id).inserted == COUNT


def test_apply_twice_is_refused(store, city):
    _, result = run(ledger(1))
    with pytest.raises(Invalid, match="已经导入或放弃"):
        imports.apply(OFFICE, result.batch_id)
    with pytest.raises(NotFound):
        imports.apply(OFFICE, 999)


def test_import_without_permission_is_refused(store, city):
    for call in (
        lambda actor: imports.preview(actor, "ledger", "a.xlsx", b""),
        lambda actor: imports.apply(actor, 1),
        lambda actor: imports.reject(actor, 1),
        imports.list_batches,
        lambda actor: imports.template(actor, "ledger"),
        lambda actor: imports.list_problems(actor, 1),
        lambda actor: imports.import_now(actor, "ledger", "a.xlsx", b"", dry_run=True),
    ):
        with pytest.raises(PermissionDenied):
            call(make_actor(Role.LEADER))


def test_import_outside_the_scope_is_refused(store, city):
    run(ledger(1))
    bound = make_actor(Role.SUPERVISOR, counties=[city["罗庄区"]])
    rows = ledger(2)
    rows[3][TOTAL] = 30_000
    shown = imports.preview(bound, "ledger", "b.xlsx", xlsx(rows))
    assert [(p.code, p.row) for p in shown.of(Severity.REFUSE)] == [("outside_scope", 4), ("outside_scope", 5)]
    assert shown.row_count == len(shown.quarantined) == 2


def test_import_unreadable_file_is_kept_as_rejected_batch(store, city):
    with pytest.raises(UnreadableFile, match="PDF"):
        imports.preview(OFFICE, "ledger", "扫描.pdf", b"%PDF-1.7")
    batch = imports.list_batches(OFFICE)[0]
    assert (batch.file_name, batch.status) == ("扫描.pdf", BatchStatus.REJECTED.value)
    assert [p.code for p in imports.list_problems(OFFICE, batch.id)] == ["file_type"]


def test_template_headings_are_all_understood(store, city):
    shown = imports.preview(OFFICE, "ledger", "模板.xlsx", imports.template(OFFICE, "ledger").content)
    assert {p.code for p in shown.problems} == {"no_projects", "nothing_found", "sheet_skipped"}
    row = dict.fromkeys((column.path for column in project_ledger.columns(Month(2026, 12))), "")
    row |= {"*项目名称": "甲", "*县区": "兰山区", "*总投资（万元）": 900, "项目级别": "市级", "建设阶段": "前期"}
    shown = imports.preview(OFFICE, "ledger", "模板.xlsx", xlsx([list(row), list(row.values())]))
    assert not shown.problems
    assert [one.name for one in shown.inserted] == ["甲"]


def test_import_now_dry_run_keeps_nothing(store, city):
    shown = imports.import_now(OFFICE, "ledger", "a.xlsx", xlsx(ledger(COUNT)), dry_run=True)
    assert (shown.batch_id, len(shown.inserted)) == (0, COUNT)
    assert (count(store, Project), count(store, ImportBatch)) == (0, 0)
    done = imports.import_now(OFFICE, "ledger", "a.xlsx", xlsx(ledger(COUNT)), dry_run=False)
    assert done.batch_id > 0
    assert count(store, Project) == COUNT


def test_import_of_our_own_export_changes_nothing(store, city):
    run(ledger(COUNT))
    exported = projects.export_ledger(OFFICE, ProjectFilter(), ProjectSort.NAME)
    shown = imports.preview(OFFICE, "ledger", exported.name, exported.content)
    assert not [p for p in shown.problems if p.severity is not Severity.NOTE]
    assert (shown.unchanged, len(shown.inserted), len(shown.changed)) == (COUNT, 0, 0)
