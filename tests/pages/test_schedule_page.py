"""倒排工期: choose a project, template, computing, clashes, draft, conflict, adoption, templates; by role."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.domain.backward_adoption import PlanStatus
from core.domain.backward_network import Task
from core.domain.permissions import Permission
from core.domain.terms import Role
from core.services import schedules
from core.services.schedules import PlanEdit, Seen
from db.models import Milestone
from pages.components.schedule import gantt
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_milestone
from tests.support import backward
from tests.support.backward import FINISH, REASON, bridge
from tests.support.screens import texts

SCRIPT = "project/schedule.py"


@pytest.fixture
def site(sqlite_store):
    return backward.build(sqlite_store)


def button(screen, label):
    return next(found for found in screen.button if found.label == label)


def labels(screen) -> set[str]:
    return {found.label for found in screen.button}


def opened(open_screen, actor, site):
    return open_screen(SCRIPT, actor, id=str(site.project))


def grid(screen):
    return screen.get("data_editor")[0].value


def type_into(screen, **changes) -> None:
    """Type into the task table: ``added_rows``, ``edited_rows``, ``deleted_rows`` as the browser sends them."""
    key = screen.session_state[Key.SCHEDULE_WORK.value].editor_key
    screen.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **changes}


def stored(site):
    return schedules.read_schedule(site.supervisor, site.project)


def test_visitor_without_session_is_asked_to_sign_in(sqlite_store, open_screen) -> None:
    assert "登录已失效" in texts(open_screen(SCRIPT, None))


def test_wrong_role_sees_no_schedule(sqlite_store, open_screen) -> None:
    auditor = make_actor(Role.AUDITOR)
    assert not auditor.can(Permission.VIEW_PROJECTS)
    screen = open_screen(SCRIPT, auditor)
    assert "没有“查看项目”权限" in texts(screen)
    assert not screen.selectbox


def test_empty_store_says_how_to_begin(sqlite_store, open_screen) -> None:
    screen = open_screen(SCRIPT, make_actor(Role.SUPERVISOR))
    assert not screen.exception
    assert "还没有倒排计划" in texts(screen)
    assert "没有找到" in screen.selectbox[0].placeholder


def test_project_is_found_by_initials_and_opened(site, open_screen) -> None:
    screen = open_screen(SCRIPT, site.unit)
    screen.text_input(key=Key.SCHEDULE_SEARCH.value).set_value("dhdq").run()
    screen.selectbox[0].set_value(site.project).run()
    assert not screen.exception
    assert screen.query_params["id"] == str(site.project)
    assert "还没有任务" in texts(screen)
    assert screen.date_input[0].value == FINISH


def test_foreign_project_is_not_shown(site, open_screen) -> None:
    assert "没有找到该记录" in texts(opened(open_screen, site.stranger, site))


def test_template_is_put_on_the_table_computed_and_saved(site, open_screen) -> None:
    screen = opened(open_screen, site.unit, site)
    screen.selectbox[0].set_value("standard_plant").run()
    button(screen, "套用模板").click().run()
    assert list(grid(screen)["任务"])[:2] == ["立项备案、规划方案", "标准地出让、交地"]
    assert "■ 开工日已过" in texts(screen).replace("\\", "")
    screen.date_input[0].set_value(date(2027, 12, 31))
    button(screen, "试算").click().run()
    assert not screen.exception
    assert "没有冲突" in texts(screen)
    assert stored(site).draft is None
    button(screen, "保存草稿").click().run()
    draft = stored(site).draft
    assert (draft.head.wanted_on, draft.head.template_code, len(draft.tasks)) == (
        date(2027, 12, 31),
        "standard_plant",
        11,
    )
    assert "草稿已保存" in texts(screen)


def test_table_is_edited_row_by_row_and_read_back(site, open_screen) -> None:
    schedules.save_draft(site.unit, site.project, bridge(), "", Seen())
    screen = opened(open_screen, site.unit, site)
    type_into(
        screen,
        edited_rows={2: {"工期": 12, "前置": "2压2天"}, 4: {"不晚于": "2027-01-15"}},
        added_rows=[{"任务": "荷载试验", "工期": 2, "前置": "4", "关键": True}],
        deleted_rows=[0],
    )
    button(screen, "试算").click().run()
    assert "任务 2“桥墩完工”的前置“1”不存在" in texts(screen).replace("\\", "")
    assert "荷载试验" in list(grid(screen)["任务"])
    type_into(screen, edited_rows={0: {"前置": ""}})
    button(screen, "保存草稿").click().run()
    tasks = {row.placed.task.code: row.placed.task for row in stored(site).draft.tasks}
    assert list(tasks) == ["2", "3", "4", "5", "6"]
    assert (tasks["6"].name, tasks["6"].links_text, tasks["6"].is_key) == ("荷载试验", "4", True)
    assert (tasks["3"].duration_days, tasks["3"].links_text) == (12, "2压2天")
    assert tasks["5"].must_finish_on == date(2027, 1, 15)


def test_unreadable_predecessor_is_named_and_what_was_typed_stays(site, open_screen) -> None:
    schedules.save_draft(site.unit, site.project, bridge(), "", Seen())
    screen = opened(open_screen, site.unit, site)
    type_into(screen, edited_rows={2: {"前置": "2+半"}, 3: {"工期": None}})
    button(screen, "保存草稿").click().run()
    said = texts(screen).replace("\\", "")
    assert "任务 3 的前置“2+半”看不懂" in said
    assert "任务 4 没有工期" in said
    assert list(grid(screen)["前置"])[2] == "2+半"
    assert stored(site).draft.head.number == 1
    button(screen, "放弃修改").click().run()
    assert list(grid(screen)["前置"])[2] == "2压40%"


def test_conflict_keeps_what_was_typed_and_either_side_can_win(site, open_screen) -> None:
    first = schedules.save_draft(site.unit, site.project, bridge(), "", Seen())
    screen = opened(open_screen, site.unit, site)
    type_into(screen, edited_rows={2: {"工期": 9}})
    button(screen, "试算").click().run()
    schedules.save_draft(site.head, site.project, bridge(girder_days=8), "", Seen(first, 1))
    button(screen, "保存草稿").click().run()
    assert "刚刚保存了第 2 稿" in texts(screen)
    assert list(grid(screen)["工期"])[2] == 9
    assert stored(site).draft.edit.tasks[2].duration_days == 8
    button(screen, "以我的为准保存").click().run()
    assert not screen.exception
    assert stored(site).draft.edit.tasks[2].duration_days == 9
    assert [plan.status for plan in stored(site).plans] == [
        PlanStatus.DRAFT,
        PlanStatus.SUPERSEDED,
        PlanStatus.SUPERSEDED,
    ]


def test_other_side_can_be_taken_on_a_conflict(site, open_screen) -> None:
    screen = opened(open_screen, site.unit, site)
    button(screen, "套用模板").click().run()
    schedules.save_draft(site.head, site.project, bridge(), "", Seen())
    button(screen, "保存草稿").click().run()
    button(screen, "改用对方的版本").click().run()
    assert list(grid(screen)["任务"])[1] == "桥墩完工"
    assert len(stored(site).plans) == 1


def test_headquarters_adopts_with_a_reason_and_the_unit_cannot(site, open_screen, sqlite_store) -> None:
    schedules.save_draft(site.unit, site.project, bridge(), "", Seen())
    assert "定为基线…" not in labels(opened(open_screen, site.unit, site))
    screen = opened(open_screen, site.head, site)
    button(screen, "定为基线…").click().run()
    assert "新建节点 1 个，调整基线 1 个，日期不变 1 个，已完成，不动 1 个" in texts(screen).replace("\\", "")
    button(screen, "确认定为基线").click().run()
    assert "请写明定为基线的原因和依据" in texts(screen).replace("\\", "")
    screen.text_input(key=f"{Key.SCHEDULE_ADOPT.value}_reason").set_value(REASON)
    button(screen, "确认定为基线").click().run()
    assert not screen.exception
    assert stored(site).adopted.head.reason == REASON
    with sqlite_store.read() as connection:
        query = select(Milestone.planned_on, Milestone.first_baseline_on).where(Milestone.id == site.piers)
        assert connection.execute(query).one() == (date(2026, 12, 16), date(2026, 11, 30))


def test_impossible_or_unsaved_plan_cannot_be_adopted(site, open_screen) -> None:
    schedules.save_draft(site.head, site.project, bridge(girder_days=40), "", Seen())
    screen = opened(open_screen, site.head, site)
    assert button(screen, "定为基线…").disabled
    assert "差 17 个工作日" in texts(screen)
    type_into(screen, edited_rows={2: {"工期": 10}})
    button(screen, "试算").click().run()
    assert "没有冲突" in texts(screen)
    assert button(screen, "定为基线…").disabled
    button(screen, "保存草稿").click().run()
    assert not button(screen, "定为基线…").disabled


def test_leader_looks_and_changes_nothing(site, open_screen) -> None:
    schedules.save_draft(site.unit, site.project, bridge(), "", Seen())
    screen = opened(open_screen, site.reader, site)
    assert not screen.exception
    assert {"试算", "保存草稿", "定为基线…", "套用模板"} & labels(screen) == set()
    assert "箱梁架设" in list(screen.dataframe[0].value["任务"])
    assert [found.label for found in screen.get("download_button")] == ["导出 Excel", "导出 Word", "导出 PDF"]


def test_project_with_milestones_only_has_its_gantt(site, open_screen) -> None:
    screen = opened(open_screen, site.reader, site)
    assert not screen.exception
    assert "甘特图" in texts(screen)
    assert len(screen.get("plotly_chart")) == 1


def test_overview_lists_impossible_plans_first(site, open_screen) -> None:
    schedules.save_draft(site.supervisor, site.foreign, bridge(), "", Seen())
    schedules.save_draft(site.supervisor, site.project, bridge(girder_days=40, finish=date(2027, 1, 4)), "", Seen())
    screen = open_screen(SCRIPT, site.supervisor)
    table = screen.dataframe[0].value
    assert list(table["项目"]) == ["东湖大桥", "西山隧道"]
    assert list(table["结论"]) == ["■ 差 16 个工作日", "● 可行"]


def test_template_is_edited_on_the_screen_with_a_reason(site, open_screen) -> None:
    screen = open_screen(SCRIPT, site.supervisor)
    key = f"{Key.SCHEDULE_TEMPLATE.value}_industry_0_grid"
    screen.session_state[key] = {"edited_rows": {0: {"工期": 12}}, "added_rows": [], "deleted_rows": []}
    button(screen, "保存为新版本").click().run()
    assert "请写明修改模板的原因" in texts(screen)
    next(found for found in screen.text_input if found.label.startswith("修改原因")).set_value("按本市近三年实际")
    screen.session_state[key] = {"edited_rows": {0: {"工期": 12}}, "added_rows": [], "deleted_rows": []}
    button(screen, "保存为新版本").click().run()
    first = schedules.list_templates(site.reader)[0]
    assert (first.code, first.number, first.tasks[0].duration_days) == ("industry", 1, 12)
    assert "维护模板" not in {found.label for found in open_screen(SCRIPT, site.head).expander}


def test_table_on_screen_becomes_a_template_of_the_office(site, open_screen) -> None:
    schedules.save_draft(site.supervisor, site.project, bridge(), "", Seen())
    screen = opened(open_screen, site.supervisor, site)
    fields = {found.label: found for found in screen.text_input}
    fields["把上表另存为模板，名称"].set_value("跨湖桥梁")
    fields["说明（必填）"].set_value("按东湖大桥的实际安排")
    button(screen, "另存为模板").click().run()
    own = schedules.list_templates(site.reader)[-1]
    assert (own.code, own.name, own.number, len(own.tasks)) == ("local_1", "跨湖桥梁", 1, 5)


def test_two_hundred_tasks_with_long_and_hostile_names_are_drawn(site, open_screen, sqlite_store) -> None:
    name = "<script>alert(1)</script>**粗**$x$[链](http://a.b)" + "很长的任务名称" * 18
    tasks = tuple(Task(str(n), f"{n}{name}", 1 + n % 7, is_key=n % 9 == 0) for n in range(1, 201))
    edit = PlanEdit(tasks, FINISH)
    with sqlite_store.transaction(SYSTEM) as tx:
        make_milestone(tx, site.project, FINISH, name)
    schedules.save_draft(site.supervisor, site.project, edit, "", Seen())
    screen = opened(open_screen, site.supervisor, site)
    assert not screen.exception
    assert len(grid(screen)) == 200
    view = stored(site)
    placed = schedules.compute(site.supervisor, edit).rows
    figure = gantt.gantt_figure(gantt.gantt_rows(placed, view.nodes, {}), view.calendar, view.today, FINISH)
    labels_shown = figure.layout.yaxis.ticktext
    assert len(labels_shown) == 203
    assert max(map(len, labels_shown)) <= 45
    assert not any("<script" in text for trace in figure.data for text in trace.customdata or ())
    assert not any("<" in label for label in labels_shown)


def test_gantt_draws_bars_baselines_today_and_days_off(site) -> None:
    view = stored(site)
    schedule = schedules.compute(site.supervisor, bridge())
    matched = {"2": next(node for node in view.nodes if node.id == site.piers)}
    rows = gantt.gantt_rows(schedule.rows, view.nodes, matched)
    assert [row.title for row in rows][5:] == ["通车"]
    assert [row.title for row in gantt.gantt_rows((), view.nodes, {})] == ["施工许可", "桥墩完工", "通车"]
    matched["1"] = next(node for node in view.nodes if node.id == site.permit)
    rows = gantt.gantt_rows(schedule.rows, view.nodes, matched)
    figure = gantt.gantt_figure(rows, view.calendar, view.today, schedule.finish_on)
    traces = {trace.name: trace for trace in figure.data}
    critical = traces["关键线路"]
    assert list(critical.base) == ["2026-12-10", "2026-12-14", "2026-12-28", "2026-12-31"]
    assert list(critical.y) == [1, 2, 3, 4]
    assert critical.x[0] == 7 * 86_400_000
    assert critical.marker.pattern.shape == "/"
    assert list(traces["已完成任务"].base) == ["2026-08-25"]
    assert list(traces["首次基线"].x) == ["2026-09-01", "2026-11-30", "2026-12-31"]
    assert list(traces["实际完成"].x) == ["2026-09-03"]
    assert set(traces["机动时间"].x[:2]) == {"2026-11-23", "2026-12-10"}
    lines = [shape.x0 for shape in figure.layout.shapes if shape.type == "line"]
    assert lines == ["2026-11-22 12:00", "2026-12-31 12:00"]
    shaded = {(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"}
    assert ("2026-10-01", "2026-10-08") in shaded
    assert "2026年9月" in figure.layout.xaxis.ticktext
    short = gantt.gantt_figure(rows[1:5], view.calendar, view.today, FINISH)
    assert "12月7日" in short.layout.xaxis.ticktext
    assert ("2026-12-05", "2026-12-07") in {(s.x0, s.x1) for s in short.layout.shapes if s.type == "rect"}
    assert replace(rows[0], title="名" * 40).label == "名" * 14 + "…"
