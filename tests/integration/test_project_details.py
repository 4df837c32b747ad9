"""One project's page and its changes: what is read, what is stored, audited, counted and refused; on both databases."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.ledger import ProjectFilter
from core.domain.lifecycle import StepState
from core.domain.terms import (
    AssignmentRole,
    FlagLevel,
    FundingSource,
    LifecycleKind,
    ReportStatus,
    Role,
    Stage,
    YearClass,
)
from core.services import figures, project_changes, project_details, projects
from core.services.project_changes import ProjectEdit
from db.models import AuditEvent, InvestmentReport, LifecycleEvent, Milestone, Project
from db.session import transaction
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_assignment,
    make_county,
    make_funding,
    make_milestone,
    make_month_plans,
    make_parcel,
    make_person,
    make_problem,
    make_project,
    make_report,
    make_unit,
)

SUPERVISOR = make_actor(Role.SUPERVISOR)


@pytest.fixture
def city(store):
    figures.version()
    with transaction(SYSTEM) as tx:
        county, other = make_county(tx, "兰台区"), make_county(tx, "南岭区")
        unit = make_unit(tx, "市城投集团")
        project = make_project(
            tx,
            county,
            "站前广场",
            initials="zqgc",
            responsible_unit_id=unit,
            total_investment_yuan=26 * YI,
            reserved_on=date(2024, 3, 12),
            started_on=date(2025, 5, 9),
        )
        make_month_plans(tx, project, dict.fromkeys(range(1, 13), YI))
        make_report(tx, project, 1, 7 * YI, status=ReportStatus.REVIEWED)
        make_report(tx, project, 2, YI, status=ReportStatus.RETURNED)
        node = make_milestone(tx, project, date(2026, 10, 20), "主体封顶", is_key=True)
        make_milestone(tx, project, date(2026, 11, 15), "幕墙", is_key=True)
        make_funding(tx, project, FundingSource.SPECIAL_BOND.value, 8 * YI, 4 * YI, YI)
        make_problem(tx, project, "用电报装", is_escalated=True, due_on=date(2026, 11, 25))
        make_problem(tx, project, "旧事", closed_on=date(2026, 9, 1), due_on=date(2026, 8, 1))
        make_assignment(tx, project, AssignmentRole.SPONSOR_LEADER.value, person_id=make_person(tx, "王副市长"))
        plot = make_parcel(tx, county, project)
        new = make_project(
            tx,
            other,
            "水厂",
            year_class=YearClass.NEW_START,
            stage=Stage.PREPARATION.value,
            reserved_on=date(2026, 1, 5),
        )
    return {"county": county, "other": other, "unit": unit, "id": project, "node": node, "plot": plot, "new": new}


def test_detail_reads_everything_of_the_page(city):
    found = project_details.detail(SUPERVISOR, city["id"])
    assert (found.record.county_name, found.record.unit_name) == ("兰台区", "市城投集团")
    assert [(month.month, month.done_yuan, month.status) for month in found.months[:3]] == [
        (1, 7 * YI, ReportStatus.REVIEWED),
        (2, None, ReportStatus.RETURNED),
        (3, None, ReportStatus.MISSING),
    ]
    assert [(line.source, line.planned_yuan) for line in found.funding] == [(FundingSource.SPECIAL_BOND, 8 * YI)]
    assert [row.title for row in found.matters] == ["用电报装", "旧事"]
    assert (found.problems.open, found.problems.escalated, found.problems.overdue) == (1, 1, 0)
    assert found.problems.workdays_left == 3
    assert [plot.id for plot in found.plots] == [city["plot"]]
    assert [role.person for role in found.roles] == ["王副市长"]


def test_detail_chain_is_drawn_from_dates_and_stage(city):
    steps = project_details.detail(SUPERVISOR, city["id"]).steps
    assert [step.state for step in steps] == [StepState.DONE] * 4 + [StepState.CURRENT] + [StepState.TODO] * 2
    assert steps[0].on == date(2024, 3, 12)


def test_detail_flag_is_explained_rule_by_rule(city):
    found = project_details.detail(SUPERVISOR, city["id"])
    outcomes = {outcome.rule_code: outcome for outcome in found.outcomes}
    assert outcomes["PRG-03"].measured == "25.0 个百分点"
    assert outcomes["PRG-03"].level is FlagLevel.SEVERE
    assert (outcomes["NODE-02"].name, outcomes["NODE-02"].measured) == ("主体封顶", "33 天")
    assert outcomes["PRB-01"].level is FlagLevel.OK
    assert max(outcome.level is FlagLevel.SEVERE for outcome in found.outcomes)
    assert found.row.flag is FlagLevel.SEVERE


def test_detail_outside_the_scope_is_not_found(city):
    for actor in (make_actor(Role.COUNTY, counties=(city["other"],)), make_actor(Role.UNIT, units=(999,))):
        with pytest.raises(NotFound):
            project_details.detail(actor, city["id"])
    assert project_details.detail(make_actor(Role.UNIT, units=(city["unit"],)), city["id"]).record.version == 1
    with pytest.raises(PermissionDenied):
        project_details.detail(make_actor(Role.AUDITOR), city["id"])
    with pytest.raises(NotFound):
        project_details.detail(SUPERVISOR, 424242)


def test_history_tells_who_what_old_and_new_in_chinese(city):
    with transaction(make_actor(Role.COUNTY, login="li.si")) as tx:
        tx.update(Milestone, city["node"], {"actual_on": date(2026, 11, 20)}, expected_version=1, reason="验收通过")
        tx.update(Project, city["id"], {"county_id": city["other"], "stage": "suspended"}, expected_version=1)
    history = project_details.detail(SUPERVISOR, city["id"]).history
    project, node = history[0], history[1]
    assert (node.who, node.what, node.reason) == ("li.si", "修改节点“主体封顶”", "验收通过")
    assert [(change.label, change.old, change.new) for change in node.changes] == [("完成日期", "—", "2026-11-20")]
    assert {(change.label, change.old, change.new) for change in project.changes} == {
        ("县区", "兰台区", "南岭区"),
        ("状态", "在建", "停工"),
    }
    report = next(line for line in history if line.what == "新增投资月报“2026年1月”")
    assert [(change.label, change.new) for change in report.changes] == [("完成投资", "70,000 万元")]


def _edit(city, **changes) -> ProjectEdit:
    return replace(ProjectEdit.of(project_details.detail(SUPERVISOR, city["id"]).record), **changes)


def _row(store, city):
    with store.read() as connection:
        return connection.execute(select(Project).where(Project.id == city["id"])).one()


def test_edit_stores_the_fields_and_one_audit_row(city, store):
    change = _edit(city, name=" 高铁新城站前广场 ", remark="已核", longitude=104.5, latitude=29.5)
    assert project_changes.edit(SUPERVISOR, city["id"], change, 1) == 2
    row = _row(store, city)
    assert (row.name, row.initials, row.remark) == ("高铁新城站前广场", "gtxczqgc", "已核")
    assert (row.longitude, row.latitude, row.version) == (104.5, 29.5, 2)
    with store.read() as connection:
        audit = connection.execute(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (audit.actor, audit.action, audit.entity, audit.project_id) == (
        "supervisor",
        "update",
        "project",
        city["id"],
    )
    assert json.loads(audit.old)["name"] == "站前广场"
    assert json.loads(audit.new)["name"] == "高铁新城站前广场"
    assert [found.id for found in projects.search(SUPERVISOR, ProjectFilter(text="gtxc")).rows] == [city["id"]]


def test_edit_of_a_changed_row_is_a_conflict_with_both_versions(city, store):
    project_changes.edit(SUPERVISOR, city["id"], _edit(city, remark="先到"), 1)
    with pytest.raises(Conflict) as caught:
        project_changes.edit(SUPERVISOR, city["id"], _edit(city, remark="后到", name=""), 1)
    assert (caught.value.current["remark"], caught.value.attempted["remark"]) == ("先到", "后到")
    assert _row(store, city).remark == "先到"


def test_edit_refuses_all_wrong_values_at_once(city, store):
    change = _edit(
        city,
        name="",
        national_code="2402",
        longitude=29.5,
        latitude=104.5,
        start_planned_on=date(2026, 5, 1),
        finish_planned_on=date(2026, 4, 30),
        remark="长" * 1001,
    )
    with pytest.raises(Invalid) as caught:
        project_changes.edit(SUPERVISOR, city["id"], change, 1)
    assert {(problem.field, problem.code) for problem in caught.value.problems} == {
        ("name", "required"),
        ("national_code", "bad_code"),
        ("longitude", "swapped"),
        ("finish_planned_on", "finish_before_start"),
        ("remark", "too_long"),
    }
    assert _row(store, city).version == 1


def test_edit_needs_permission_and_scope(city, store):
    with pytest.raises(PermissionDenied):
        project_changes.edit(make_actor(Role.LEADER), city["id"], _edit(city), 1)
    with pytest.raises(NotFound):
        project_changes.edit(make_actor(Role.COUNTY, counties=(city["other"],)), city["id"], _edit(city, name="X"), 1)
    assert _row(store, city).name == "站前广场"


def test_event_moves_stage_date_figures_and_tells_the_wall(city, store):
    before = projects.search(SUPERVISOR, ProjectFilter(measure="suspended")).totals.rows
    version = project_changes.record_event(
        SUPERVISOR,
        city["id"],
        LifecycleKind.SUSPENDED,
        date(2026, 11, 20),
        1,
        reason="冬季停工",
        document_no="云督〔2026〕8号",
    )
    row = _row(store, city)
    assert (version, row.stage, row.suspended_on) == (2, "suspended", date(2026, 11, 20))
    assert before == 0
    assert projects.search(SUPERVISOR, ProjectFilter(measure="suspended")).totals.rows == 1
    with store.read() as connection:
        event = connection.execute(select(LifecycleEvent).where(LifecycleEvent.project_id == city["id"])).one()
        headline = connection.execute(select(AuditEvent.headline).where(AuditEvent.headline != "")).scalar_one()
    assert (event.kind, event.reason, event.document_no) == ("suspended", "冬季停工", "云督〔2026〕8号")
    assert headline == "站前广场 登记停工"


def test_event_start_of_a_new_project_counts_as_started(city):
    project_changes.record_event(SUPERVISOR, city["new"], LifecycleKind.STARTED, date(2026, 11, 1), 1)
    assert [row.id for row in projects.search(SUPERVISOR, ProjectFilter(measure="new_started")).rows] == [city["new"]]


@pytest.mark.parametrize(
    ("kind", "on", "reason", "expected"),
    [
        pytest.param(LifecycleKind.SUSPENDED, date(2026, 11, 23), "冬季停工", {"future_date"}, id="tomorrow"),
        pytest.param(LifecycleKind.SUSPENDED, None, "", {"required"}, id="no date, no reason"),
        pytest.param(LifecycleKind.SUSPENDED, date(2025, 1, 1), "冬季停工", {"before_started"}, id="before the start"),
        pytest.param(LifecycleKind.RESUMED, date(2026, 11, 1), "复工复产", {"stage_transition"}, id="not suspended"),
        pytest.param(LifecycleKind.COMPLETED, date(1989, 1, 1), "", {"too_early"}, id="long ago"),
    ],
)
def test_event_wrong_values_are_refused_and_nothing_is_stored(city, store, kind, on, reason, expected):
    with pytest.raises(Invalid) as caught:
        project_changes.record_event(SUPERVISOR, city["id"], kind, on, 1, reason=reason)
    assert {problem.code for problem in caught.value.problems} == expected
    assert _row(store, city).version == 1
    with store.read() as connection:
        assert connection.execute(select(LifecycleEvent)).all() == []


def test_event_on_a_changed_row_is_a_conflict(city):
    project_changes.edit(SUPERVISOR, city["id"], _edit(city, remark="先到"), 1)
    with pytest.raises(Conflict):
        project_changes.record_event(SUPERVISOR, city["id"], LifecycleKind.COMPLETED, date(2026, 11, 1), 1)


def test_no_report_shows_no_data_never_green(city, store):
    with store.read() as connection:
        assert connection.execute(select(InvestmentReport.id)).all()
    found = project_details.detail(SUPERVISOR, city["new"])
    assert found.outcomes[0].level is FlagLevel.NO_DATA
    assert found.outcomes[0].measured is None
