"""The demo's backward schedules: two are the baseline, one cannot be done; their history reads in Chinese; they go."""

import pytest
from sqlalchemy import func, select

from core.domain.backward_adoption import PlanStatus
from core.domain.permissions import system_actor
from core.services import demo_accounts, demo_schedules, project_details, schedules
from db.models import Milestone, MilestoneBaseline, SchedulePlan, ScheduleTask
from db.seed.demo import build
from db.seed.removal import clear


@pytest.fixture
def supervisor(store):
    build(store)
    demo_accounts.create(system_actor("演示数据"))
    actor = demo_accounts.reviewers()[0]
    assert demo_schedules.create(actor) == 3
    return actor


def test_demo_has_two_baselines_and_a_draft_that_does_not_fit(store, supervisor) -> None:
    lines = schedules.list_current(supervisor)
    assert [(line.project_name, line.plan.status, line.plan.fits) for line in lines] == [
        ("可降解塑料生产基地", PlanStatus.DRAFT, False),
        ("智慧物流云仓", PlanStatus.ADOPTED, True),
        ("科创城国际学校", PlanStatus.ADOPTED, True),
    ]
    for line in lines[1:]:
        view = schedules.read_schedule(supervisor, line.plan.project_id)
        tasks = {row.milestone_id: row.placed for row in view.adopted.tasks if row.milestone_id}
        assert len(tasks) >= 5
        for node in view.nodes:
            if node.id in tasks and node.actual_on is None:
                assert node.planned_on == tasks[node.id].finish_on
        days = [node.planned_on for node in view.nodes if node.actual_on is None]
        assert days == sorted(days)
    with store.read() as connection:
        moved = select(Milestone.first_baseline_on, MilestoneBaseline.planned_on).join(
            MilestoneBaseline, MilestoneBaseline.milestone_id == Milestone.id
        )
        first = connection.execute(moved.where(MilestoneBaseline.number == 0)).all()
    assert all(kept == written for kept, written in first)


def test_history_of_a_project_has_one_line_for_a_draft_and_one_for_its_adoption(supervisor) -> None:
    plan = next(line.plan for line in schedules.list_current(supervisor) if line.plan.status is PlanStatus.ADOPTED)
    history = project_details.detail(supervisor, plan.project_id).history
    told = [(line.what, [(change.label, change.new) for change in line.changes]) for line in history]
    assert [what for what, _ in told if "倒排" in what] == ["修改倒排计划", "新增倒排计划"]
    assert ("状态", "已定为基线") in next(changes for what, changes in told if what == "修改倒排计划")
    assert ("要求完成", str(plan.wanted_on)) in next(changes for what, changes in told if what == "新增倒排计划")


def test_nothing_is_left_when_the_demo_goes(store, supervisor) -> None:
    removed = clear(store)
    assert removed["schedule_plan"] == 3
    assert removed["schedule_task"] == 16 + 11 + 17
    with store.read() as connection:
        for model in (SchedulePlan, ScheduleTask):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == 0
