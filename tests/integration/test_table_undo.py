"""An import of any table can be taken back: what it inserted goes, what it changed returns; both stores."""

from datetime import date

import pytest

from core.services import imports, milestones
from db.models import Asset, InvestmentReport, Matter, Milestone, MilestoneBaseline, Parcel, PolicyTerms, Unit
from db.models.figures import parcel_tally, project_state
from db.session import transaction
from tests.factories import SYSTEM, make_county, make_milestone, make_project
from tests.support.tables import OFFICE, bring, counts, stored

TABLES = {
    "parcels": [["地块编号", "地块名称", "县区", "面积（亩）", "状态"], ["DK-1", "一号", "兰山区", 30, "闲置"]],
    "problems": [["项目名称", "问题", "主办单位"], ["甲工程", "没有路", "新局"]],
    "policies": [["政策名称", "兑现金额（万元）"], ["补助", 300]],
    "assets": [["名称", "类别", "现状", "权属单位"], ["楼", "房产", "闲置", "国资委"]],
    "reports": [["项目名称", "月份", "本月完成投资（万元）"], ["甲工程", "2026-08", 100]],
    "milestones": [["项目名称", "节点名称", "计划完成时间"], ["甲工程", "开工", "2026-12-31"]],
}
MODELS = (Asset, InvestmentReport, Matter, Milestone, MilestoneBaseline, Parcel, PolicyTerms, Unit)


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        county = make_county(tx, "兰山区")
        project = make_project(tx, county, "甲工程")
        node = make_milestone(tx, project, date(2026, 10, 31), "竣工")
    return {"county": county, "project": project, "node": node}


def dump(store):
    with store.read() as connection:
        figures = [connection.execute(table.select()).all() for table in (parcel_tally, project_state)]
    return [stored(store, model) for model in MODELS], figures


@pytest.mark.parametrize("kind", TABLES)
def test_undo_of_a_table_takes_away_what_it_inserted(store, city, kind):
    before = dump(store)
    _, result = bring(kind, TABLES[kind])
    assert counts(result) == (1, 0, 0, 0)
    assert dump(store) != before
    undone = imports.undo(OFFICE, result.batch_id, "传错文件")
    assert undone.kept == ()
    assert dump(store) == before


def test_undo_of_a_moved_plan_returns_date_moves_and_baselines(store, city):
    before = dump(store)[0][MODELS.index(MilestoneBaseline)]
    _, result = bring("milestones", [["项目名称", "节点名称", "计划完成时间"], ["甲工程", "竣工", "2026-12-31"]])
    assert counts(result) == (0, 1, 0, 0)
    imports.undo(OFFICE, result.batch_id, "传错文件")
    node = stored(store, Milestone)[0]
    assert (node["planned_on"], node["moves"], node["first_baseline_on"]) == (date(2026, 10, 31), 0, date(2026, 10, 31))
    assert stored(store, MilestoneBaseline) == before


def test_undo_keeps_a_node_that_somebody_has_completed_since(store, city):
    _, result = bring("milestones", TABLES["milestones"])
    node = stored(store, Milestone)[-1]
    milestones.complete(SYSTEM, node["id"], date(2026, 11, 20), "已开工", node["version"])
    undone = imports.undo(OFFICE, result.batch_id, "传错文件")
    assert undone.kept
    assert stored(store, Milestone)[-1]["actual_on"] == date(2026, 11, 20)
