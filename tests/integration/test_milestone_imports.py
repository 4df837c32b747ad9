"""节点 imports: three shapes of one table, first baselines kept, moves as events; both stores."""

from datetime import date

import pytest

from core.domain.terms import Role
from core.services import imports
from db.models import Milestone, MilestoneBaseline
from db.models.figures import project_state
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.tables import audited, bring, codes, counts, look, places, stored

ROWS = [
    ["序号", "项目名称", "节点名称", "计划完成时间", "实际完成时间", "责任人"],
    [1, "甲工程", "开工", "2026年3月", "2026-03-28", "张三"],
    [2, None, "主体封顶", "2026.8", None, "李四"],
    [3, None, "竣工", "2026年底", None, None],
]


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        counties = {name: make_county(tx, name) for name in ("兰山区", "罗庄区")}
        projects = {name: make_project(tx, counties["兰山区"], name) for name in ("甲工程", "乙工程")}
    return counties | projects


def nodes(store):
    return [
        (row["name"], row["first_baseline_on"], row["planned_on"], row["actual_on"], row["moves"], row["sequence"])
        for row in stored(store, Milestone)
    ]


def baselines(store):
    return [
        (row["milestone_id"], row["number"], row["planned_on"], row["previous_on"], row["days"], row["reason"])
        for row in stored(store, MilestoneBaseline)
    ]


def test_milestones_new_get_their_first_baseline_and_enter_the_figures(store, city):
    shown, result = bring("milestones", ROWS)
    assert counts(result) == (3, 0, 0, 0)
    assert codes(shown) == ["carried_over"]
    assert nodes(store) == [
        ("开工", date(2026, 3, 31), date(2026, 3, 31), date(2026, 3, 28), 0, 1),
        ("主体封顶", date(2026, 8, 31), date(2026, 8, 31), None, 0, 2),
        ("竣工", date(2026, 12, 31), date(2026, 12, 31), None, 0, 3),
    ]
    reason = f"导入批次 {result.batch_id}"
    ids = [row["id"] for row in stored(store, Milestone)]
    assert [(b[0], b[1], b[3], b[5]) for b in baselines(store)] == [(one, 0, None, reason) for one in ids]
    assert [event.reason for event in audited(store, "milestone", "insert")] == [reason] * 3
    with store.read() as connection:
        state = connection.execute(project_state.select().where(project_state.c.project_id == city["甲工程"])).one()
    assert state.next_due_on == date(2026, 8, 31)


def test_milestones_second_run_changes_nothing(store, city):
    bring("milestones", ROWS)
    before = stored(store, Milestone), baselines(store)
    _, result = bring("milestones", ROWS)
    assert counts(result) == (0, 0, 3, 0)
    assert (stored(store, Milestone), baselines(store)) == before


def test_milestone_moved_plan_is_an_event_and_the_first_baseline_stays(store, city):
    bring("milestones", ROWS)
    moved = [list(row) for row in ROWS]
    moved[2][3] = "2026-10-15"
    shown, result = bring("milestones", moved)
    assert counts(result) == (0, 1, 2, 0)
    assert [(c.label, c.old, c.new) for c in shown.changed[0].changes] == [("计划完成时间", "2026-08-31", "2026-10-15")]
    assert places(shown, "rebaselined") == [(3, "D 计划完成时间")]
    node = stored(store, Milestone)[1]
    assert nodes(store)[1] == ("主体封顶", date(2026, 8, 31), date(2026, 10, 15), None, 1, 2)
    assert node["version"] == 2
    last = baselines(store)[-1]
    reason = f"导入批次 {result.batch_id}"
    assert last == (node["id"], 1, date(2026, 10, 15), date(2026, 8, 31), 45, reason)
    assert audited(store, "milestone", "update")[-1].reason == reason


def test_milestone_done_keeps_its_plan_and_says_so(store, city):
    bring("milestones", ROWS)
    moved = [list(row) for row in ROWS]
    moved[1][3] = "2026-05-31"
    shown, result = bring("milestones", moved)
    assert counts(result) == (0, 0, 3, 0)
    assert places(shown, "done_plan_kept") == [(2, "D 计划完成时间")]
    assert nodes(store)[0][2] == date(2026, 3, 31)


def test_milestone_other_first_baseline_is_named_and_never_written(store, city):
    with transaction(SYSTEM) as tx:
        make_milestone(tx, city["甲工程"], date(2026, 9, 30), "竣工", first_baseline_on=date(2026, 6, 30), moves=1)
    shown, result = bring(
        "milestones", [["项目名称", "节点名称", "首次计划完成时间"], ["甲工程", "竣工", "2026-07-31"]]
    )
    assert places(shown, "first_baseline_kept") == [(2, "C 首次计划完成时间")]
    assert counts(result) == (0, 0, 1, 0)
    assert stored(store, Milestone)[0]["first_baseline_on"] == date(2026, 6, 30)


def test_milestone_new_with_an_earlier_first_plan_keeps_both_baselines(store, city):
    rows = [
        ["项目名称", "节点名称", "首次计划完成时间", "计划完成时间"],
        ["甲工程", "竣工", "2026-06-30", "2026-09-30"],
    ]
    bring("milestones", rows)
    assert nodes(store) == [("竣工", date(2026, 6, 30), date(2026, 9, 30), None, 1, 1)]
    assert [(b[1], b[2], b[3], b[4]) for b in baselines(store)] == [
        (0, date(2026, 6, 30), None, 0),
        (1, date(2026, 9, 30), date(2026, 6, 30), 92),
    ]


def test_milestones_set_aside_name_the_cell(store, city):
    rows = [
        ["项目名称", "节点名称", "计划完成时间", "实际完成时间"],
        ["丙工程", "开工", "2026-03-31", None],
        ["甲工程", "开工", None, None],
        ["甲工程", "竣工", "2026-11-30", "2026-12-01"],
        ["甲工程", None, "2026-11-30", None],
        ["甲工程", "装修", "2026-13-30", None],
        ["乙工程", "装修", "2026-11-30", None],
        ["乙工程", "装 修", "2026-11-30", None],
    ]
    shown = look("milestones", rows)
    assert places(shown, "project_unknown") == [(2, "A 项目名称")]
    assert places(shown, "required_missing") == [(3, "C 计划完成时间"), (5, "B 节点名称"), (6, "C 计划完成时间")]
    assert places(shown, "date_future") == [(4, "D 实际完成时间")]
    assert places(shown, "bad_date") == [(6, "C 计划完成时间")]
    assert places(shown, "duplicate_row") == [(8, "")]
    assert [(row.row, row.name) for row in shown.inserted] == [(7, "乙工程 · 装修")]
    assert len(shown.quarantined) == 6


def test_milestones_of_projects_outside_the_scope_are_set_aside(store, city):
    with transaction(SYSTEM) as tx:
        make_project(tx, city["罗庄区"], "丁工程")
    rows = [
        ["项目名称", "节点名称", "计划完成时间"],
        ["甲工程", "开工", "2026-03-31"],
        ["丁工程", "开工", "2026-03-31"],
    ]
    shown = look("milestones", rows, make_actor(Role.SUPERVISOR, counties=[city["兰山区"]], login="bound"))
    assert places(shown, "outside_scope") == [(3, "")]
    assert [row.name for row in shown.inserted] == ["甲工程 · 开工"]


def test_milestones_project_found_by_code_and_ambiguous_name_refused(store, city):
    with transaction(SYSTEM) as tx:
        make_project(tx, city["罗庄区"], "甲工程", code="ZD-TWIN")
    rows = [
        ["项目编号", "项目名称", "节点名称", "计划完成时间"],
        ["ZD-TWIN", None, "开工", "2026-03-31"],
        [None, "甲工程", "竣工", "2026-12-31"],
    ]
    shown = look("milestones", rows)
    assert [row.code for row in shown.inserted] == ["ZD-TWIN"]
    assert places(shown, "project_ambiguous") == [(3, "B 项目名称")]


def test_milestones_same_name_twice_in_the_store_needs_the_sequence(store, city):
    with transaction(SYSTEM) as tx:
        for sequence in (1, 2):
            make_milestone(tx, city["甲工程"], date(2026, 9, 30), "验收", sequence=sequence)
    rows = [["项目名称", "节点序号", "节点名称", "责任人"], ["甲工程", 2, "验收", "王五"]]
    _, result = bring("milestones", rows)
    assert counts(result) == (0, 1, 0, 0)
    assert [row["responsible"] for row in stored(store, Milestone)] == ["", "王五"]
    shown = look("milestones", [["项目名称", "节点名称", "责任人"], ["甲工程", "验收", "赵六"]])
    assert places(shown, "row_ambiguous") == [(2, "B 节点名称")]


def test_milestones_by_mapping_and_chosen_key_reach_the_right_project(store, city):
    rows = [["项目名称", "封顶日"], ["甲工程", "2026.8"]]
    mapping = (imports.MappedColumn("封顶日", "planned_on:主体封顶"),)
    shown = look("milestones", rows, mapping=mapping)
    assert [row.name for row in shown.inserted] == ["甲工程 · 主体封顶"]
    shown = look("milestones", rows, mapping=mapping, key="code")
    assert places(shown, "project_unknown") == [(2, "A 项目名称")]
