"""Schedules against the store: which project and node a row is, what is written, what stays, what is proposed."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.commands import build_parser
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.importers.options import Mend, ReadOptions
from core.services import imports
from core.services.imports.schedule import CheckedNodes, ScheduleImport
from db.models import AuditEvent, Milestone, MilestoneBaseline
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.schedules import msp_file, msp_task, xer_file, xer_project, xer_task

KIND = ScheduleImport()
SHEET = "滨江大桥工程"


@dataclass(frozen=True)
class City:
    store: Any
    county: int
    project: int

    def check(self, data: bytes, actor: Actor = SYSTEM, **options: Any) -> CheckedNodes:
        settled = ReadOptions(2026, **options)
        parsed = KIND.parse(data, "计划.xml", settled)
        with self.store.read() as connection:
            return KIND.check(connection, actor, parsed, self.store.as_of(), settled)

    def apply(self, data: bytes, **options: Any) -> CheckedNodes:
        checked = self.check(data, **options)
        with self.store.transaction(SYSTEM) as tx:
            checked.write(tx, "导入批次 1", lambda done, total, what: None)
        return checked

    def nodes(self) -> list[Any]:
        with self.store.read() as connection:
            query = select(Milestone.__table__).where(Milestone.project_id == self.project)
            return list(connection.execute(query.order_by(Milestone.sequence)))

    def baselines(self) -> list[tuple[Any, ...]]:
        table = MilestoneBaseline
        query = select(table.number, table.previous_on, table.planned_on, table.days, table.reason, table.set_by)
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(query.order_by(table.milestone_id, table.number))]


@pytest.fixture
def city(store: Any) -> City:
    with store.transaction(SYSTEM) as tx:
        county = make_county(tx, "东湖区")
        project = make_project(tx, county, "滨江大桥工程", code="ZD-BJDQ")
    return City(store, county, project)


def _codes(checked: CheckedNodes) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.sheet, problem.row) for problem in checked.problems]


def test_new_nodes_are_written_with_their_first_baseline_and_audit(city: City) -> None:
    checked = city.apply(
        msp_file(
            msp_task(1, "开工", "2026-03-05", ActualFinish="2026-03-05", baselines={0: "2026-03-01"}),
            msp_task(2, "全桥合龙", "2026-12-20", baselines={0: "2026-11-30"}),
        )
    )
    assert (len(checked.planned), checked.unchanged, checked.quarantined) == (2, 0, [])
    first, second = city.nodes()
    assert (first.name, first.actual_on, first.planned_on, first.source_key) == (
        "开工",
        date(2026, 3, 5),
        date(2026, 3, 1),
        "msp:1",
    )
    assert (second.sequence, second.first_baseline_on, second.forecast_on, second.moves) == (
        2,
        date(2026, 11, 30),
        date(2026, 12, 20),
        0,
    )
    assert city.baselines() == [
        (0, None, date(2026, 3, 1), 0, "导入批次 1", "system"),
        (0, None, date(2026, 11, 30), 0, "导入批次 1", "system"),
    ]
    with city.store.read() as connection:
        query = select(AuditEvent.entity, AuditEvent.entity_id).where(AuditEvent.reason == "导入批次 1")
        audited = [tuple(row) for row in connection.execute(query.order_by(AuditEvent.seq))]
    assert [entity for entity, _ in audited] == ["milestone"] * 2 + ["milestone_baseline"] * 2
    assert all(key for _, key in audited)


def test_same_file_again_changes_nothing(city: City) -> None:
    data = msp_file(msp_task(2, "全桥合龙", "2026-12-20", baselines={0: "2026-11-30"}))
    city.apply(data)
    checked = city.apply(data)
    assert (checked.planned, checked.unchanged, checked.problems) == ([], 1, [])
    assert city.nodes()[0].version == 1


def test_moved_plan_is_a_rebaseline_and_the_first_baseline_stays(city: City) -> None:
    city.apply(msp_file(msp_task(2, "全桥合龙", "2026-12-10")))
    checked = city.apply(msp_file(msp_task(2, "全桥合龙", "2027-01-09")))
    assert [(change.label, change.old, change.new) for change in checked.planned[0].changes] == [
        ("计划日期", "2026-12-10", "2027-01-09")
    ]
    (node,) = city.nodes()
    assert (node.first_baseline_on, node.planned_on, node.moves) == (date(2026, 12, 10), date(2027, 1, 9), 1)
    assert city.baselines()[1] == (1, date(2026, 12, 10), date(2027, 1, 9), 30, "导入批次 1", "system")


def test_slipped_finish_under_a_baseline_is_a_forecast_not_a_move(city: City) -> None:
    city.apply(msp_file(msp_task(2, "全桥合龙", "2026-12-10", baselines={0: "2026-12-10"})))
    city.apply(msp_file(msp_task(2, "全桥合龙", "2027-01-09", baselines={0: "2026-12-10"})))
    (node,) = city.nodes()
    assert (node.planned_on, node.forecast_on, node.moves) == (date(2026, 12, 10), date(2027, 1, 9), 0)


def test_node_without_key_is_found_by_name_and_gets_the_key(city: City) -> None:
    with city.store.transaction(SYSTEM) as tx:
        make_milestone(tx, city.project, date(2026, 12, 1), "全桥 合龙")
    city.apply(msp_file(msp_task(2, "全桥合龙", "2026-12-01")))
    (node,) = city.nodes()
    assert (node.name, node.source_key, node.moves) == ("全桥合龙", "msp:2", 0)


def test_two_stored_nodes_of_one_name_set_the_row_aside(city: City) -> None:
    with city.store.transaction(SYSTEM) as tx:
        for _ in range(2):
            make_milestone(tx, city.project, date(2026, 12, 1), "验收")
    checked = city.check(msp_file(msp_task(2, "验收", "2026-12-01")))
    assert _codes(checked) == [("node_ambiguous", SHEET, 2)]
    assert [(row.row, row.name) for row in checked.quarantined] == [(2, "验收")]


def test_renamed_and_vanished_tasks_are_said(city: City) -> None:
    city.apply(msp_file(msp_task(1, "合龙", "2026-12-01"), msp_task(2, "通车", "2027-05-01")))
    checked = city.apply(msp_file(msp_task(1, "全桥合龙", "2026-12-01")))
    assert _codes(checked) == [("node_gone", SHEET, 0), ("node_renamed", SHEET, 1)]
    assert [node.name for node in city.nodes()] == ["全桥合龙", "通车"]


def test_completed_node_stays_completed_and_its_plan_stays(city: City) -> None:
    with city.store.transaction(SYSTEM) as tx:
        make_milestone(tx, city.project, date(2026, 10, 1), "开工", actual_on=date(2026, 10, 3))
    checked = city.apply(msp_file(msp_task(1, "开工", "2026-12-01")))
    assert _codes(checked) == [("node_done_kept", SHEET, 1)]
    (node,) = city.nodes()
    assert (node.actual_on, node.planned_on, node.moves) == (date(2026, 10, 3), date(2026, 10, 1), 0)


def test_completion_in_the_future_is_set_aside_and_a_past_forecast_left_out(city: City) -> None:
    future = msp_task(1, "开工", "2027-12-01", ActualFinish="2027-12-01")
    past = msp_task(2, "合龙", "2026-10-01", baselines={0: "2026-09-01"})
    checked = city.apply(msp_file(future, past))
    assert _codes(checked) == [("node_actual_future", SHEET, 1), ("node_forecast_past", SHEET, 2)]
    assert [(node.name, node.forecast_on) for node in city.nodes()] == [("合龙", None)]


def test_unknown_project_is_set_aside_and_near_ones_proposed(city: City) -> None:
    checked = city.check(msp_file(msp_task(1, "开工", "2027-12-01"), title="滨江大桥工程（一期）"))
    assert [problem.code for problem in checked.problems] == ["schedule_project_unknown", "project_near"]
    assert "ZD-BJDQ" in checked.problems[1].message
    assert (checked.planned, len(checked.quarantined)) == ([], 1)


def test_project_given_by_the_user_takes_the_file(city: City) -> None:
    checked = city.check(msp_file(msp_task(1, "开工", "2027-12-01"), title="某某计划"), project="zd-bjdq")
    assert [plan.title for plan in checked.planned] == ["滨江大桥工程 · 开工"]


def test_primavera_finds_the_project_by_its_code(city: City) -> None:
    task = xer_task("A1", "合龙", target_end_date="2026-12-01 17:00")
    city.apply(xer_file(xer_project(task, name="Bridge")))
    assert [(node.name, node.source_key) for node in city.nodes()] == [("合龙", "p6:A1")]


def test_name_of_several_projects_is_never_guessed(city: City) -> None:
    with city.store.transaction(SYSTEM) as tx:
        make_project(tx, city.county, "滨江大桥工程")
    checked = city.check(msp_file(msp_task(1, "开工", "2027-12-01")))
    assert _codes(checked) == [("schedule_project_ambiguous", SHEET, 0)]


def test_project_outside_the_scope_is_neither_written_nor_proposed(city: City) -> None:
    with city.store.transaction(SYSTEM) as tx:
        other = make_county(tx, "西山县")
    stranger = make_actor(Role.COUNTY, counties=[other])
    data = msp_file(msp_task(1, "开工", "2027-12-01"))
    checked = city.check(data, stranger)
    assert _codes(checked) == [("outside_scope", SHEET, 0)]
    near = city.check(msp_file(msp_task(1, "开工", "2027-12-01"), title="滨江大桥工程二"), stranger)
    assert [problem.code for problem in near.problems] == ["schedule_project_unknown"]


def test_digest_moves_with_the_store(city: City) -> None:
    data = msp_file(msp_task(2, "全桥合龙", "2026-12-10"))
    city.apply(data)
    later = msp_file(msp_task(2, "全桥合龙", "2027-01-09"))
    before = city.check(later).digest()
    assert city.check(later).digest() == before
    with city.store.transaction(SYSTEM) as tx:
        tx.update(Milestone, city.nodes()[0].id, {"note": "有变"}, expected_version=1)
    assert city.check(later).digest() != before


def test_ten_thousand_nodes_are_written_in_one_transaction(city: City) -> None:
    data = msp_file(*(msp_task(number, f"节点{number}", "2026-12-30") for number in range(1, 10_001)))
    assert len(city.apply(data).planned) == 10_000
    assert len(city.baselines()) == 10_000


def test_schedule_goes_through_preview_apply_and_undo(city: City) -> None:
    data = msp_file(msp_task(2, "全桥合龙", "2026-12-10"))
    imports.apply(SYSTEM, imports.preview(SYSTEM, "schedule", "一.xml", data).batch_id)
    later = msp_file(msp_task(2, "全桥合龙", "2027-01-09"), msp_task(3, "通车", "2027-06-01"))
    shown = imports.preview(SYSTEM, "schedule", "二.xml", later)
    assert [row.name for row in shown.inserted] == ["滨江大桥工程 · 通车"]
    assert [change.new for row in shown.changed for change in row.changes] == ["2027-01-09"]
    result = imports.apply(SYSTEM, shown.batch_id)
    assert (result.inserted, result.changed, result.quarantined) == (1, 1, 0)
    undone = imports.undo(SYSTEM, shown.batch_id, "传错文件")
    assert undone.kept == ()
    (node,) = city.nodes()
    assert (node.planned_on, node.moves) == (date(2026, 12, 10), 0)
    assert [row[:3] for row in city.baselines()] == [(0, None, date(2026, 12, 10))]


def test_set_aside_task_is_mended_in_place(city: City) -> None:
    data = msp_file(msp_task(2, "全桥合龙", Finish="年底"))
    shown = imports.preview(SYSTEM, "schedule", "一.xml", data)
    (row,) = shown.quarantined
    assert [(cell.column, cell.label, cell.text) for cell in row.cells][:2] == [
        (0, "A 节点名称", "全桥合龙"),
        (1, "B 计划日期", "年底"),
    ]
    assert "不是日期" in row.cells[1].message
    mended = imports.mend(SYSTEM, shown.batch_id, [Mend(SHEET, 2, 1, "2026-12-31")])
    assert (len(mended.inserted), mended.quarantined) == (1, ())
    imports.apply(SYSTEM, shown.batch_id)
    assert [node.planned_on for node in city.nodes()] == [date(2026, 12, 31)]


def test_answers_for_a_schedule_are_kept_with_its_batch(city: City) -> None:
    data = msp_file(
        msp_task(2, "合龙", "2026-12-10", Summary=1, Milestone=0, baselines={0: "2026-10-01", 1: "2026-11-01"})
    )
    answers = imports.Answers(project="ZD-BJDQ", outline_level=1, baseline=1)
    shown = imports.preview(SYSTEM, "schedule", "某计划.xml", data, answers)
    imports.apply(SYSTEM, shown.batch_id)
    assert [(node.name, node.first_baseline_on) for node in city.nodes()] == [("合龙", date(2026, 11, 1))]


def test_unknown_project_is_answered_after_the_check(city: City) -> None:
    shown = imports.preview(SYSTEM, "schedule", "一.xml", msp_file(msp_task(2, "合龙", "2026-12-10"), title="某计划"))
    assert len(shown.quarantined) == 1
    again = imports.recheck(SYSTEM, shown.batch_id, imports.Answers(project="ZD-BJDQ"))
    assert ([row.name for row in again.inserted], again.quarantined) == (["滨江大桥工程 · 合龙"], ())


def _command(tmp_path: Path, data: bytes, *options: str) -> int:
    path = tmp_path / "计划.xml"
    path.write_bytes(data)
    arguments = build_parser().parse_args(["import", "schedule", str(path), "--json", *options])
    status: int = arguments.handler(arguments)
    return status


def test_command_line_answers_what_a_schedule_leaves_open(city: City, tmp_path: Path, capsys: Any) -> None:
    data = msp_file(
        msp_task(2, "合龙", "2026-12-10", Summary=1, Milestone=0, baselines={1: "2026-11-01"}), title="某计划"
    )
    assert _command(tmp_path, data) == 1
    assert [problem["code"] for problem in json.loads(capsys.readouterr().out)["problems"]] == [
        "schedule_no_milestones"
    ]
    assert _command(tmp_path, data, "--level", "1") == 2
    printed = json.loads(capsys.readouterr().out)
    assert (printed["rows"], printed["quarantined"]) == (1, 1)
    assert [problem["code"] for problem in printed["problems"]] == ["schedule_project_unknown"]
    assert _command(tmp_path, data, "--level", "1", "--baseline", "1", "--project", "ZD-BJDQ") == 0
    assert [(node.name, node.planned_on) for node in city.nodes()] == [("合龙", date(2026, 11, 1))]
