"""Undo of imports on both stores: former values back, inserted rows gone, later work of others kept and named."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Invalid, PermissionDenied
from core.domain.terms import BatchStatus, Role
from core.services import figures, imports
from db import audit
from db.models import Assignment, Base, ImportBatch, InvestmentReport, Person, Project, Unit
from db.models.system import AuditEvent
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_unit
from tests.unit.importers.ledgers import COUNTY, NAME, PLAN, TOTAL, UNIT, ledger, xlsx

OFFICE = make_actor(Role.SUPERVISOR)
# The trail of the import itself, and counters that only say that a row was written.
_KEPT_APART = {"audit_event", "store_head", "import_batch", "import_problem", "import_mend", "import_profile"}


@pytest.fixture
def city(store):
    figures.version()
    with transaction(SYSTEM) as tx:
        counties = {name: make_county(tx, name) for name in ("兰山区", "罗庄区")}
        make_unit(tx, "市工信局")
    return counties


def business(store):
    """Every business row and sum, without version counters and without sums that are all zero."""
    found = {}
    with store.read() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in _KEPT_APART:
                continue
            rows = [
                {name: value for name, value in row.items() if name != "version"}
                for row in connection.execute(select(table)).mappings()
            ]
            if table.name == "tally":
                keys = ("dimension", "key_id", "key_code")
                rows = [row for row in rows if any(v for name, v in row.items() if name not in keys)]
            found[table.name] = sorted(rows, key=repr)
    return found


def run(rows, actor=OFFICE):
    return imports.apply(actor, imports.preview(actor, "ledger", "台账.xlsx", xlsx(rows)).batch_id)


def row_of(store, model, **wanted):
    with store.read() as connection:
        clause = [model.__table__.c[name] == value for name, value in wanted.items()]
        return dict(connection.execute(select(model.__table__).where(*clause)).mappings().one())


def edit(model, row, **changes):
    with transaction(make_actor(Role.SUPERVISOR, login="li")) as tx:
        tx.update(model, row["id"], changes, expected_version=row["version"])


def test_batch_knows_exactly_its_own_audit_rows(store, city):
    result = run(ledger(3))
    batch = row_of(store, ImportBatch, id=result.batch_id)
    with store.read() as connection:
        events = connection.execute(
            select(AuditEvent.seq, AuditEvent.reason, AuditEvent.entity).order_by(AuditEvent.seq)
        ).all()
    own = [event.seq for event in events if event.reason == f"导入批次 {result.batch_id}"]
    assert batch["first_seq"] < min(own)
    assert max(own) < batch["last_seq"] == events[-1].seq
    outside = [e for e in events if batch["first_seq"] <= e.seq <= batch["last_seq"] and e.seq not in own]
    assert [e.entity for e in outside] == ["import_batch", "import_batch"]
    assert (batch["confirmed_by"], batch["status"]) == (OFFICE.login, "applied")


def test_undo_of_new_projects_takes_every_row_away(store, city):
    before = business(store)
    result = run(ledger(5))
    assert business(store) != before
    undone = imports.undo(OFFICE, result.batch_id, "传错文件")
    assert business(store) == before
    assert undone.kept == ()
    assert undone.restored == 0
    assert undone.removed > 5
    batch = row_of(store, ImportBatch, id=result.batch_id)
    assert (batch["status"], batch["undone_by"]) == (BatchStatus.UNDONE.value, OFFICE.login)
    with store.read() as connection:
        assert audit.verify(connection) is None
        removed = connection.execute(
            select(AuditEvent).where(AuditEvent.action == "remove", AuditEvent.entity == "project")
        ).all()
    assert len(removed) == 5
    assert {event.reason for event in removed} == {f"撤销导入批次 {result.batch_id}：传错文件"}
    assert '"name":"第1号智能装备产业园"' in "".join(event.old for event in removed)


def test_undo_of_changes_restores_former_values(store, city):
    run(ledger(5))
    before = business(store)
    rows = ledger(5)
    rows[3][TOTAL], rows[3][PLAN], rows[3][UNIT], rows[4][COUNTY], rows[5][NAME] = (
        *(30_000, 6_000, "市发改局"),
        *("罗庄区", "第3号智能装备产业园（更名）"),
    )
    rows[3][12] = ""
    result = run(rows)
    assert result.changed == 3
    undone = imports.undo(OFFICE, result.batch_id, "口径有误")
    assert business(store) == before
    assert (undone.kept, undone.restored >= 3) == ((), True)


def test_undo_keeps_a_field_changed_later_and_names_it(store, city):
    run(ledger(2))
    rows = ledger(2)
    rows[3][TOTAL], rows[3][COUNTY] = 30_000, "罗庄区"
    result = run(rows)
    project = row_of(store, Project, name="第1号智能装备产业园")
    edit(Project, project, total_investment_yuan=310_000_000)
    undone = imports.undo(OFFICE, result.batch_id, "口径有误")
    now = row_of(store, Project, id=project["id"])
    assert (now["total_investment_yuan"], now["county_id"]) == (310_000_000, city["兰山区"])
    assert [(one.entity, one.title, one.field, one.by) for one in undone.kept] == [
        ("项目", "第1号智能装备产业园", "总投资", "li")
    ]
    assert undone.kept[0].at == store.clock()
    assert undone.kept[0].sentence == "项目“第1号智能装备产业园”的总投资：导入之后又有修改，保留现值"


def test_undo_keeps_an_inserted_project_that_was_edited_with_its_parts(store, city):
    result = run(ledger(2))
    edited = row_of(store, Project, name="第2号智能装备产业园")
    edit(Project, edited, remark="已现场核实")
    undone = imports.undo(OFFICE, result.batch_id, "传错文件")
    assert [row["name"] for row in business(store)["project"]] == ["第2号智能装备产业园"]
    assert {row["project_id"] for row in business(store)["annual_plan"]} == {edited["id"]}
    assert {row["project_id"] for row in business(store)["project_state"]} == {edited["id"]}
    whole = next(one for one in undone.kept if one.entity == "项目")
    assert (whole.title, whole.by, whole.why) == ("第2号智能装备产业园", "li", "导入之后又有修改，保留该记录")
    # The people who stand for the kept project stay with it.
    assert {row["name"] for row in business(store)["person"]} == {"张三", "李四"}


def test_undo_keeps_what_rows_of_others_stand_on(store, city):
    result = run(ledger(2))
    first = row_of(store, Project, name="第1号智能装备产业园")
    with transaction(make_actor(Role.SUPERVISOR, login="wang")) as tx:
        make_milestone(tx, first["id"], date(2026, 12, 1), name="主体封顶")
    undone = imports.undo(OFFICE, result.batch_id, "传错文件")
    assert [row["name"] for row in business(store)["project"]] == ["第1号智能装备产业园"]
    assert [row["name"] for row in business(store)["milestone"]] == ["主体封顶"]
    whole = next(one for one in undone.kept if one.entity == "项目")
    assert (whole.by, whole.why) == ("wang", "有节点引用它，保留该记录")


def test_undo_keeps_a_unit_that_another_project_uses_since(store, city):
    run(ledger(1))
    rows = ledger(2)
    rows[4][UNIT] = "市发改局"
    result = run(rows)
    unit = row_of(store, Unit, name="市发改局")
    first = row_of(store, Project, name="第1号智能装备产业园")
    edit(Project, first, responsible_unit_id=unit["id"])
    undone = imports.undo(OFFICE, result.batch_id, "传错文件")
    assert [(one.entity, one.title) for one in undone.kept] == [("单位", "市发改局")]
    assert row_of(store, Project, id=first["id"])["responsible_unit_id"] == unit["id"]


def test_undo_after_a_second_import_of_the_same_rows_names_it(store, city):
    first = run(ledger(1))
    rows = ledger(1)
    rows[3][TOTAL] = 30_000
    second = run(rows)
    undone = imports.undo(OFFICE, first.batch_id, "顺序错了")
    assert any(one.entity == "项目" and one.by == OFFICE.login for one in undone.kept)
    imports.undo(OFFICE, second.batch_id, "顺序错了")
    assert row_of(store, Project, code="2604-371302-04-01-000001")["total_investment_yuan"] == 201_000_000


def test_undo_of_two_imports_one_after_the_other_leaves_nothing(store, city):
    before = business(store)
    first = run(ledger(3))
    rows = ledger(3)
    rows[3][TOTAL], rows[4][COUNTY] = 30_000, "罗庄区"
    second = run(rows)
    imports.undo(OFFICE, second.batch_id, "传错文件")
    assert imports.undo(OFFICE, first.batch_id, "传错文件").kept == ()
    assert business(store) == before


def test_undo_moves_the_figures_of_the_wall_back(store, city):
    run(ledger(2))
    before = figures.version()
    result = run([*ledger(3)])
    imports.undo(OFFICE, result.batch_id, "传错文件")
    assert figures.version() != before
    assert len(business(store)["project_state"]) == 2


def test_undo_twice_or_before_applying_is_refused(store, city):
    shown = imports.preview(OFFICE, "ledger", "台账.xlsx", xlsx(ledger(1)))
    with pytest.raises(Invalid, match="只有已导入的批次"):
        imports.undo(OFFICE, shown.batch_id, "x")
    imports.apply(OFFICE, shown.batch_id)
    with pytest.raises(Invalid, match="请填写撤销原因"):
        imports.undo(OFFICE, shown.batch_id, "  ")
    imports.undo(OFFICE, shown.batch_id, "x")
    with pytest.raises(Invalid, match="只有已导入的批次"):
        imports.undo(OFFICE, shown.batch_id, "x")


def test_undo_needs_permission_and_one_owns_the_batch_when_bound(store, city):
    result = run(ledger(1))
    with pytest.raises(PermissionDenied):
        imports.undo(make_actor(Role.LEADER), result.batch_id, "x")
    bound = make_actor(Role.SUPERVISOR, login="zhao", counties=[city["兰山区"]])
    with pytest.raises(PermissionDenied, match="只能撤销自己确认的批次"):
        imports.undo(bound, result.batch_id, "x")
    assert len(business(store)["project"]) == 1


def test_undo_that_fails_midway_leaves_everything(store, city, monkeypatch):
    result = run(ledger(3))
    before = business(store)

    def broken(*_args, **_named):
        raise OSError("disk full")

    monkeypatch.setattr("db.audit.append", broken)
    with pytest.raises(OSError, match="disk full"):
        imports.undo(OFFICE, result.batch_id, "x")
    monkeypatch.undo()
    assert business(store) == before
    assert row_of(store, ImportBatch, id=result.batch_id)["status"] == "applied"


def test_undo_ends_what_the_import_ended(store, city):
    """A responsible person who was replaced by the import stands again."""
    run(ledger(1))
    rows = ledger(1)
    rows[3][16] = "王五"
    before = business(store)
    imports.undo(OFFICE, run(rows).batch_id, "人名有误")
    assert business(store) == before
    assert Assignment.__tablename__ in before
    assert Person.__tablename__ in before
    assert InvestmentReport.__tablename__ in before
