"""OC4IDS out of the store and back: nothing changes, scope holds, what another system changed is taken over."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.domain.errors import NotFound, PermissionDenied
from core.domain.permissions import Actor
from core.domain.terms import Role, Stage
from core.importers.options import Mend, ReadOptions
from core.services import imports
from core.services.imports.ledger_check import Checked
from core.services.imports.oc4ids import Oc4idsImport
from core.services.shared_projects import export_oc4ids
from db.models import AuditEvent, ListMembership, Project
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project, make_unit

KIND = Oc4idsImport()


@pytest.fixture
def county(store: Any) -> int:
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        unit = make_unit(tx, "市交通局")
        make_project(
            tx,
            county,
            "东湖大桥",
            code="ZD-0001",
            national_code="2504-371302-04-01-123456",
            content="主桥\n引桥",
            category="交通",
            nature="新建",
            owner_name="市城投公司",
            responsible_unit_id=unit,
            location="滨江路",
            longitude=118.3,
            latitude=35.1,
            start_planned_on=date(2026, 3, 1),
            finish_planned_on=date(2028, 12, 31),
            total_investment_yuan=1_234_567_890,
        )
        for stage in Stage:
            make_project(tx, other, f"{stage.label}项目", stage=stage.value, year_class=None)
    return county


def _check(store: Any, content: bytes, actor: Actor = SYSTEM) -> Checked:
    options = ReadOptions(2026)
    parsed = KIND.parse(content, "p.json", options)
    with store.read() as connection:
        return KIND.check(connection, actor, parsed, store.as_of(), options)


def test_export_comes_back_unchanged_at_every_stage(store: Any, county: int) -> None:
    made = export_oc4ids(SYSTEM)
    assert made.rows == 1 + len(Stage)
    checked = _check(store, made.content)
    assert (checked.plans, checked.unchanged, checked.quarantined) == ([], made.rows, [])
    assert [problem.code for problem in checked.problems] == ["oc4ids_cancelled"] * 3


def test_export_holds_the_scope_and_is_audited(store: Any, county: int) -> None:
    actor = make_actor(Role.COUNTY, counties=[county], login="chen")
    made = export_oc4ids(actor)
    titles = [project["title"] for project in json.loads(made.content)["projects"]]
    assert titles == ["东湖大桥"]
    with store.read() as connection:
        entry = connection.execute(select(AuditEvent.__table__).where(AuditEvent.action == "export")).mappings().one()
    assert (entry["actor"], entry["entity"], json.loads(entry["new"])["rows"]) == ("chen", "oc4ids", 1)


def test_export_needs_permission_and_something_to_export(store: Any) -> None:
    with pytest.raises(PermissionDenied):
        export_oc4ids(make_actor(Role.SYSTEM_ADMIN))
    with pytest.raises(NotFound):
        export_oc4ids(SYSTEM)


def test_changed_and_new_projects_are_written_and_no_list_is_invented(store: Any, county: int) -> None:
    package = json.loads(export_oc4ids(SYSTEM).content)
    bridge = next(project for project in package["projects"] if project["title"] == "东湖大桥")
    listed = next(project for project in package["projects"] if project["title"] == "前期项目")
    bridge["budget"]["amount"]["amount"] = 13 * YI
    listed["description"] = "新的内容"
    new = {
        "id": "oc4ids-abc123-X-9",
        "title": "西山电站",
        "budget": {"amount": {"amount": 5 * YI, "currency": "CNY"}},
        "locations": [
            {"id": "1", "address": {"region": "西山县"}, "geometry": {"type": "Point", "coordinates": [118.5, 35.5]}}
        ],
    }
    checked = _check(store, json.dumps({"projects": [bridge, listed, new]}).encode())
    assert [
        (plan.row.name, [change.label for change in plan.changes]) for plan in checked.plans if not plan.is_new
    ] == [
        ("东湖大桥", ["总投资"]),
        ("前期项目", ["建设规模及内容"]),
    ]
    with store.transaction(SYSTEM) as tx:
        checked.write(tx, "导入批次 1", lambda done, total, what: None)
    with store.read() as connection:
        rows = {row["name"]: row for row in connection.execute(select(Project.__table__)).mappings()}
        lists = connection.execute(select(ListMembership.project_id)).scalars().all()
    assert rows["东湖大桥"]["total_investment_yuan"] == 13 * YI
    power = rows["西山电站"]
    assert (power["code"], power["longitude"], power["latitude"], power["stage"]) == ("X-9", 118.5, 35.5, "reserve")
    assert sorted(lists) == sorted([rows["东湖大桥"]["id"], power["id"]])


def test_package_of_a_stranger_is_set_aside(store: Any, county: int) -> None:
    content = export_oc4ids(SYSTEM).content
    checked = _check(store, content, make_actor(Role.COUNTY, counties=[county]))
    assert {problem.code for problem in checked.problems} == {"outside_scope", "oc4ids_cancelled"}
    assert (checked.unchanged, len(checked.quarantined)) == (1, len(Stage))


def test_package_goes_through_the_engine_and_its_cells_are_mended(store: Any, county: int) -> None:
    budget, place = {"amount": {"amount": 5 * YI}}, {"address": {"region": "西山县"}}
    project = {"id": "X-9", "title": "", "budget": budget, "locations": [place]}
    shown = imports.preview(SYSTEM, "oc4ids", "p.json", json.dumps({"projects": [project]}).encode())
    (row,) = shown.quarantined
    assert [(cell.label, cell.message != "") for cell in row.cells][:2] == [("A id", False), ("B title", True)]
    imports.mend(SYSTEM, shown.batch_id, [Mend("projects", 1, 1, "西山电站")])
    assert imports.apply(SYSTEM, shown.batch_id).inserted == 1


def test_cancelled_elsewhere_takes_no_stored_project_out(store: Any, county: int) -> None:
    bridge = {"id": "oc4ids-abc123-ZD-0001", "title": "东湖大桥", "status": "cancelled"}
    checked = _check(store, json.dumps([bridge]).encode())
    assert (checked.plans, checked.unchanged) == ([], 1)
    assert [problem.code for problem in checked.problems] == ["oc4ids_cancelled"]
