"""Backward schedules through the services: drafts, adoption as the baseline, conflicts, scope, templates, files."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select

from core.domain.backward_adoption import AdoptionStep, PlanStatus
from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.permissions import Permission, system_actor
from core.domain.schedule_templates import SHIPPED, ScheduleTemplate
from core.domain.terms import Role
from core.services import calendar, demo_schedules, milestones, schedules
from core.services.schedules import Choice, FileForm, Seen
from db.models import AuditEvent, Milestone, MilestoneBaseline, RuleSet, SchedulePlan, ScheduleTask
from tests.factories import make_actor
from tests.support import backward
from tests.support.backward import FINISH, REASON, bridge, task

DAY_FIELDS = ("first_baseline_on", "planned_on", "moves")


@pytest.fixture
def site(store):
    return backward.build(store)


def rows_of(store, model, *where):
    with store.read() as connection:
        query = select(model.__table__).where(*where).order_by(model.id)
        return [dict(row) for row in connection.execute(query).mappings()]


def audited(store, entity: str) -> list[tuple[str, str, str]]:
    with store.read() as connection:
        table = AuditEvent
        query = select(table.actor, table.action, table.reason).where(table.entity == entity).order_by(table.seq)
        return [tuple(row) for row in connection.execute(query)]


def problems(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def kept(site, edit=None, actor=None, seen=None) -> int:
    return schedules.save_draft(actor or site.unit, site.project, edit or bridge(), "", seen or Seen())


def shown(site, plan_id: int, *, every_task: bool = False, chosen=None) -> list[Choice]:
    lines = schedules.proposal(site.head, plan_id, chosen or {}, every_task=every_task)
    return [
        Choice(line.row.task.code, line.node.id if line.node else None, line.node.version if line.node else None)
        for line in lines
    ]


def test_draft_keeps_tasks_with_their_computed_days(store, site) -> None:
    plan_id = kept(site)
    (plan,) = rows_of(store, SchedulePlan)
    assert (plan["number"], plan["status"], plan["wanted_on"], plan["missing_days"]) == (1, "draft", FINISH, 0)
    assert (plan["start_on"], plan["made_by"], plan["template_name"]) == (date(2026, 12, 10), "donghu", "市政道路")
    tasks = rows_of(store, ScheduleTask, ScheduleTask.plan_id == plan_id)
    assert [(row["code"], row["planned_start_on"], row["planned_finish_on"]) for row in tasks] == [
        ("1", date(2026, 8, 25), date(2026, 9, 3)),
        ("2", date(2026, 12, 10), date(2026, 12, 16)),
        ("3", date(2026, 12, 14), date(2026, 12, 25)),
        ("4", date(2026, 12, 28), date(2026, 12, 30)),
        ("5", date(2026, 12, 31), date(2026, 12, 31)),
    ]
    assert tasks[2]["predecessors"] == '[{"code": "2", "kind": "overlap_pct", "amount": 40}]'
    assert [row["is_critical"] for row in tasks] == [False, True, True, True, True]
    assert ("donghu", "insert", "") in audited(store, "schedule_plan")
    assert len(audited(store, "schedule_task")) == 5
    view = schedules.read_schedule(site.unit, site.project)
    assert view.draft is not None
    assert view.draft.edit == bridge()
    assert view.seen == Seen(plan_id, 1)


def test_second_save_supersedes_the_first_and_loses_nothing(store, site) -> None:
    first = kept(site)
    second = kept(site, bridge(girder_days=12), actor=site.head, seen=Seen(first, 1))
    plans = rows_of(store, SchedulePlan)
    assert [(row["id"], row["number"], row["status"]) for row in plans] == [
        (first, 1, "superseded"),
        (second, 2, "draft"),
    ]
    assert len(rows_of(store, ScheduleTask)) == 10
    view = schedules.read_schedule(site.unit, site.project)
    assert [plan.number for plan in view.plans] == [2, 1]
    assert view.draft.edit.tasks[2].duration_days == 12


@pytest.mark.parametrize("stale", [Seen(), Seen(4711, 1)], ids=["saw none", "saw another"])
def test_draft_over_an_unseen_one_is_a_conflict_and_writes_nothing(store, site, stale: Seen) -> None:
    kept(site)
    with pytest.raises(Conflict) as clash:
        kept(site, bridge(girder_days=20), actor=site.head, seen=stale)
    assert clash.value.current["number"] == 1
    assert [row["status"] for row in rows_of(store, SchedulePlan)] == ["draft"]
    assert len(rows_of(store, ScheduleTask)) == 5


def test_impossible_schedule_is_kept_with_its_missing_days_but_not_adopted(store, site) -> None:
    plan_id = kept(site, bridge(girder_days=40))
    (plan,) = rows_of(store, SchedulePlan)
    assert plan["missing_days"] == 17
    assert [line.plan.missing_days for line in schedules.list_current(site.reader)] == [17]
    with pytest.raises(Invalid) as refused:
        schedules.adopt(site.head, plan_id, shown(site, plan_id), REASON, 1)
    assert problems(refused) == ["before_today"]
    assert "差 17 个工作日" in refused.value.user_message
    blocked = replace(
        bridge(), tasks=(*bridge().tasks[:4], replace(bridge().tasks[4], must_finish_on=date(2026, 12, 1)))
    )
    kept(site, blocked, seen=Seen(plan_id, 1))
    assert rows_of(store, SchedulePlan)[-1]["missing_days"] is None


def test_adopting_makes_new_nodes_and_moves_known_ones_by_an_event(store, site) -> None:
    plan_id = kept(site)
    done = schedules.adopt(site.head, plan_id, shown(site, plan_id), REASON, 1)
    assert (done.new, done.moved, done.same) == (1, 1, 1)
    nodes = {row["name"]: row for row in rows_of(store, Milestone, Milestone.project_id == site.project)}
    assert tuple(nodes["桥墩完工"][name] for name in DAY_FIELDS) == (date(2026, 11, 30), date(2026, 12, 16), 1)
    assert tuple(nodes["通车"][name] for name in DAY_FIELDS) == (FINISH, FINISH, 0)
    assert tuple(nodes["护栏安装"][name] for name in DAY_FIELDS) == (date(2026, 12, 30), date(2026, 12, 30), 0)
    assert nodes["护栏安装"]["is_key"]
    assert nodes["施工许可"]["actual_on"] == date(2026, 9, 3)
    assert "箱梁架设" not in nodes
    moved = rows_of(store, MilestoneBaseline, MilestoneBaseline.milestone_id == site.piers)[-1]
    assert (moved["number"], moved["previous_on"], moved["planned_on"], moved["days"]) == (
        1,
        date(2026, 11, 30),
        date(2026, 12, 16),
        16,
    )
    assert (moved["reason"], moved["set_by"]) == (REASON, "jiaotong")
    (first,) = rows_of(store, MilestoneBaseline, MilestoneBaseline.milestone_id == nodes["护栏安装"]["id"])
    assert (first["number"], first["planned_on"], first["reason"]) == (0, date(2026, 12, 30), REASON)
    tasks = {row["code"]: row["milestone_id"] for row in rows_of(store, ScheduleTask)}
    assert tasks == {"1": site.permit, "2": site.piers, "3": None, "4": nodes["护栏安装"]["id"], "5": site.opening}
    (plan,) = rows_of(store, SchedulePlan)
    assert (plan["status"], plan["adopted_by"], plan["reason"]) == ("adopted", "jiaotong", REASON)
    assert ("jiaotong", "update", REASON) in audited(store, "milestone")
    assert ("jiaotong", "update", REASON) in audited(store, "schedule_plan")
    view = schedules.read_schedule(site.unit, site.project)
    assert view.draft is None
    assert view.adopted is not None


def test_adopting_again_supersedes_and_the_first_baseline_stays(store, site) -> None:
    first = kept(site)
    schedules.adopt(site.head, first, shown(site, first), REASON, 1)
    second = kept(site, bridge(finish=date(2026, 12, 29)))
    schedules.adopt(site.head, second, shown(site, second), REASON, 1)
    assert [row["status"] for row in rows_of(store, SchedulePlan)] == ["superseded", "adopted"]
    nodes = {row["name"]: row for row in rows_of(store, Milestone, Milestone.project_id == site.project)}
    assert tuple(nodes["桥墩完工"][name] for name in DAY_FIELDS) == (date(2026, 11, 30), date(2026, 12, 14), 2)
    assert tuple(nodes["护栏安装"][name] for name in DAY_FIELDS) == (date(2026, 12, 30), date(2026, 12, 28), 1)
    days = [row["days"] for row in rows_of(store, MilestoneBaseline, MilestoneBaseline.milestone_id == site.piers)]
    assert days == [0, 16, -2]
    assert sum(row["name"] == "护栏安装" for row in rows_of(store, Milestone)) == 1


def test_every_task_and_a_milestone_chosen_by_hand(store, site) -> None:
    plan_id = kept(site)
    choices = shown(site, plan_id, every_task=True, chosen={"3": site.opening, "5": None})
    assert [(choice.code, choice.milestone_id) for choice in choices] == [
        ("1", site.permit),
        ("2", site.piers),
        ("3", site.opening),
        ("4", None),
        ("5", None),
    ]
    done = schedules.adopt(site.head, plan_id, choices, REASON, 1)
    assert (done.new, done.moved, done.same) == (2, 2, 0)
    (opening,) = rows_of(store, Milestone, Milestone.id == site.opening)
    assert (opening["planned_on"], opening["first_baseline_on"]) == (date(2026, 12, 25), FINISH)


def test_milestone_chosen_by_hand_is_kept_for_the_next_plan(store, site) -> None:
    first = kept(site)
    schedules.adopt(site.head, first, shown(site, first, chosen={"4": site.opening, "5": None}), REASON, 1)
    second = kept(site, bridge(finish=date(2027, 1, 8)))
    carried = {choice.code: choice.milestone_id for choice in shown(site, second)}
    made = next(row["id"] for row in rows_of(store, Milestone) if row["id"] not in vars(site).values())
    assert carried == {"1": site.permit, "2": site.piers, "4": site.opening, "5": made}


def test_milestone_that_moved_meanwhile_is_a_conflict_and_nothing_is_written(store, site) -> None:
    plan_id = kept(site)
    choices = shown(site, plan_id)
    milestones.rebaseline(site.head, site.piers, date(2026, 12, 5), "雨雪影响，顺延几天", 1)
    with pytest.raises(Conflict):
        schedules.adopt(site.head, plan_id, choices, REASON, 1)
    assert [row["status"] for row in rows_of(store, SchedulePlan)] == ["draft"]
    assert len(rows_of(store, Milestone, Milestone.project_id == site.project)) == 3
    assert {row["milestone_id"] for row in rows_of(store, ScheduleTask)} == {None}
    with pytest.raises(Conflict):
        schedules.adopt(site.head, plan_id, shown(site, plan_id), REASON, 2)


def test_adoption_is_refused_with_every_reason_at_once(site) -> None:
    plan_id = kept(site)
    shared = [Choice("2", site.opening, 1), Choice("4", site.opening, 1), Choice("9"), Choice("9")]
    with pytest.raises(Invalid) as refused:
        schedules.adopt(site.head, plan_id, shared, "嗯", 1)
    assert problems(refused) == ["short_reason", "shared_node", "unknown_task", "unknown_task", "twice"]
    schedules.adopt(site.head, plan_id, shown(site, plan_id), REASON, 1)
    with pytest.raises(Invalid) as again:
        schedules.adopt(site.head, plan_id, [], REASON, 2)
    assert problems(again) == ["no_draft"]


def test_foreign_milestone_is_not_found(store, site) -> None:
    plan_id = kept(site)
    with pytest.raises(NotFound):
        schedules.adopt(site.head, plan_id, [Choice("2", 4711, 1)], REASON, 1)
    assert [row["status"] for row in rows_of(store, SchedulePlan)] == ["draft"]


def test_calendar_that_moved_after_the_draft_asks_for_a_new_one(site) -> None:
    plan_id = kept(site)
    calendar.set_day(site.supervisor, date(2026, 12, 30), False, "市政府通知〔2026〕8号")
    with pytest.raises(Invalid) as refused:
        schedules.adopt(site.head, plan_id, shown(site, plan_id), REASON, 1)
    assert problems(refused) == ["calendar_moved"]


def test_what_if_shows_other_finishes_and_keeps_nothing(store, site) -> None:
    found = schedules.what_if(site.reader, bridge(girder_days=40), (0, 30))
    assert [(day, schedule.missing_days) for day, schedule in found] == [(FINISH, 17), (date(2027, 1, 30), 0)]
    assert schedules.compute(site.reader, bridge()).start_on == date(2026, 12, 10)
    assert rows_of(store, SchedulePlan) == []


def test_scope_hides_foreign_projects_and_their_plans(site) -> None:
    plan_id = kept(site)
    assert [head.name for head in schedules.find_projects(site.unit, "")] == ["东湖大桥"]
    assert [head.name for head in schedules.find_projects(site.unit, "DHDQ")] == ["东湖大桥"]
    assert [head.name for head in schedules.find_projects(site.stranger, "东湖")] == []
    assert schedules.list_current(site.stranger) == ()
    assert [line.project_name for line in schedules.list_current(site.head)] == ["东湖大桥"]
    for call in (
        lambda: schedules.read_schedule(site.stranger, site.project),
        lambda: kept(site, actor=site.stranger),
        lambda: schedules.proposal(site.stranger, plan_id, {}, every_task=False),
        lambda: schedules.make_file(site.stranger, site.project, bridge(), "试算", FileForm.XLSX),
    ):
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize(
    ("role", "drafts", "adopts"),
    [
        (Role.UNIT, True, False),
        (Role.COUNTY, True, False),
        (Role.HEADQUARTERS, True, True),
        (Role.SUPERVISOR, True, True),
        (Role.LEADER, False, False),
        (Role.SYSTEM_ADMIN, False, False),
    ],
)
def test_roles_draft_and_adopt_by_their_permissions(site, role: Role, drafts: bool, adopts: bool) -> None:
    actor = make_actor(role)
    assert schedules.can_draft(actor) is drafts
    if drafts:
        plan_id = kept(site, actor=actor)
    else:
        with pytest.raises(PermissionDenied):
            kept(site, actor=actor)
        plan_id = kept(site)
    if adopts:
        schedules.adopt(actor, plan_id, shown(site, plan_id), REASON, 1)
    else:
        with pytest.raises(PermissionDenied):
            schedules.adopt(actor, plan_id, shown(site, plan_id), REASON, 1)


def test_who_may_not_view_projects_sees_no_schedule(site) -> None:
    auditor = make_actor(Role.AUDITOR)
    assert not auditor.can(Permission.VIEW_PROJECTS)
    for call in (
        lambda: schedules.list_current(auditor),
        lambda: schedules.read_schedule(auditor, site.project),
        lambda: schedules.compute(auditor, bridge()),
        lambda: schedules.list_templates(auditor),
        lambda: schedules.find_projects(auditor, ""),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_template_is_saved_as_a_new_version_with_its_reason(store, site) -> None:
    road = next(item for item in schedules.list_templates(site.reader) if item.code == "road")
    assert (road.number, road.note) == (0, "示例，可修改")
    tasks = (replace(road.tasks[0], duration_days=55, done_on=date(2026, 1, 5)), *road.tasks[1:])
    assert schedules.save_template(site.supervisor, replace(road, tasks=tasks), "按近三年道路项目实际工期") == 1
    again = next(item for item in schedules.list_templates(site.reader) if item.code == "road")
    assert (again.number, again.tasks[0].duration_days, again.tasks[0].done_on) == (1, 55, None)
    assert "按近三年道路项目实际工期" in again.note
    assert again.tasks[1:] == road.tasks[1:]
    schedules.save_template(site.supervisor, replace(again, name="城市道路"), "名称统一为城市道路")
    stored = rows_of(store, RuleSet, RuleSet.kind == "schedule_template")
    assert [(row["number"], row["is_active"], row["name"]) for row in stored] == [
        (1, False, "市政道路"),
        (2, True, "城市道路"),
    ]
    with pytest.raises(Conflict):
        schedules.save_template(site.supervisor, again, "以旧版为底稿再改")
    assert len(schedules.list_templates(site.reader)) == len(SHIPPED)


def test_template_that_forms_no_network_or_has_no_reason_is_refused(site) -> None:
    with pytest.raises(Invalid) as refused:
        schedules.save_template(site.supervisor, ScheduleTemplate("own", " ", (task("1", "甲", 3, "2"),)), "另存为模板")
    assert problems(refused) == ["unknown", "name"]
    with pytest.raises(Invalid):
        schedules.save_template(site.supervisor, SHIPPED[0], "改")
    with pytest.raises(PermissionDenied):
        schedules.save_template(site.head, SHIPPED[0], "按近三年实际工期")


def test_workbook_word_and_pdf_hold_every_task_and_are_audited(store, site) -> None:
    edit = bridge(girder_days=40)
    data = schedules.make_file(site.unit, site.project, edit, "试算，未保存", FileForm.XLSX)
    sheet = load_workbook(BytesIO(data)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "东湖大桥倒排工期表"
    line = next(row for row in cells if row[0] == "3")
    assert (line[1], line[2], line[3], line[8]) == ("箱梁架设", 40, "2压40%", -17)
    document = Document(BytesIO(schedules.make_file(site.unit, site.project, edit, "试算，未保存", FileForm.DOCX)))
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    words = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "差 17 个工作日" in told
    assert {"◆ 箱梁架设", "◆★ 护栏安装", "2压40%", "完成"} <= words
    pdf = schedules.make_file(site.unit, site.project, edit, "试算，未保存", FileForm.PDF)
    assert pdf.startswith(b"%PDF")
    assert [row[:2] for row in audited(store, "schedule_plan")] == [("donghu", "export")] * 3
    with pytest.raises(PermissionDenied):
        schedules.make_file(make_actor(Role.SYSTEM_ADMIN), site.project, edit, "试算", FileForm.XLSX)


def test_demo_without_its_projects_gets_no_schedule(store, site) -> None:
    assert demo_schedules.create(system_actor()) == 0
    assert rows_of(store, SchedulePlan) == []


def test_proposal_says_what_happens_to_each_task(site) -> None:
    lines = schedules.proposal(site.head, kept(site), {}, every_task=True)
    assert [(line.row.task.code, line.step, line.days) for line in lines] == [
        ("1", AdoptionStep.DONE, 0),
        ("2", AdoptionStep.MOVE, 16),
        ("3", AdoptionStep.NEW, 0),
        ("4", AdoptionStep.NEW, 0),
        ("5", AdoptionStep.SAME, 0),
    ]
    assert PlanStatus.ADOPTED.label == "已定为基线"
