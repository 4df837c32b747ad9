"""Set-aside rows mended in place, before a batch is applied and after; profiles; keys; stated sums."""

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.terms import Role
from core.importers.options import MappedColumn, Mend
from core.services import imports
from core.services.imports import Answers
from db.models import ImportBatch, ImportMend, ImportProfile, Project
from db.models.system import AuditEvent
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_project, make_unit
from tests.unit.importers.ledgers import COUNTY, TOTAL, ledger, xlsx

OFFICE = make_actor(Role.SUPERVISOR)


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        counties = {name: make_county(tx, name) for name in ("兰山区", "罗庄区")}
        make_unit(tx, "市工信局")
    return counties


def dirty():
    rows = ledger(4)
    rows[4][TOTAL], rows[5][COUNTY] = "约5000", "火星区"
    return rows


def preview(rows, answers=None, name="台账.xlsx", **how):
    return imports.preview(OFFICE, "ledger", name, xlsx(rows, **how), answers)


def stored(store, model):
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(model.__table__)).mappings()]


def test_quarantined_row_shows_its_cells_and_what_is_wrong_where(store, city):
    shown = preview(dirty())
    assert [(row.sheet, row.row, row.name) for row in shown.quarantined] == [
        ("台账", 5, "第2号智能装备产业园"),
        ("台账", 6, "第3号智能装备产业园"),
    ]
    bad = [(cell.label, cell.text, cell.message) for row in shown.quarantined for cell in row.cells if cell.message]
    assert bad == [
        ("I 总投资（万元）", "约5000", "“约5000”是约数，系统不替您取舍。请填写确定的数额。"),
        ("D 县区", "火星区", "没有找到县区“火星区”。请改为系统中的县区名称，或先由管理员登记。"),
    ]
    assert len(shown.quarantined[0].cells) == 17
    assert (shown.quarantined[0].cells[2].text, shown.quarantined[0].message) == ("第2号智能装备产业园", "")


def test_mend_before_applying_checks_the_same_batch_again(store, city):
    shown = preview(dirty())
    again = imports.mend(OFFICE, shown.batch_id, [Mend("台账", 5, TOTAL, "20500"), Mend("台账", 6, COUNTY, "罗庄区")])
    assert (again.batch_id, len(again.inserted), again.quarantined) == (shown.batch_id, 4, ())
    imports.apply(OFFICE, shown.batch_id)
    projects = {row["name"]: row for row in stored(store, Project)}
    assert projects["第2号智能装备产业园"]["total_investment_yuan"] == 205_000_000
    assert projects["第3号智能装备产业园"]["county_id"] == city["罗庄区"]
    mends = stored(store, ImportMend)
    assert [(m["row"], m["column"], m["value"], m["mended_by"]) for m in mends] == [
        (5, TOTAL, "20500", OFFICE.login),
        (6, COUNTY, "罗庄区", OFFICE.login),
    ]
    with store.read() as connection:
        told = connection.execute(select(AuditEvent.new).where(AuditEvent.action == "mend")).scalar_one()
    assert '"value":"20500"' in told


def test_mend_of_one_cell_twice_keeps_the_later_value(store, city):
    shown = preview(dirty())
    imports.mend(OFFICE, shown.batch_id, [Mend("台账", 5, TOTAL, "大约6000")])
    again = imports.mend(OFFICE, shown.batch_id, [Mend("台账", 5, TOTAL, "20500")])
    assert [row.row for row in again.quarantined] == [6]
    assert [m["value"] for m in stored(store, ImportMend)] == ["20500"]


def test_rerun_after_applying_takes_the_set_aside_rows_alone(store, city):
    shown = preview(dirty())
    imports.apply(OFFICE, shown.batch_id)
    child = imports.rerun(OFFICE, shown.batch_id)
    assert child.batch_id != shown.batch_id
    assert (child.row_count, [row.row for row in child.quarantined]) == (2, [5, 6])
    child = imports.mend(OFFICE, child.batch_id, [Mend("台账", 5, TOTAL, "20500")])
    assert ([row.name for row in child.inserted], len(child.quarantined)) == (["第2号智能装备产业园"], 1)
    imports.apply(OFFICE, child.batch_id)
    assert len(stored(store, Project)) == 3
    batches = {row["id"]: row for row in stored(store, ImportBatch)}
    assert batches[child.batch_id]["parent_id"] == shown.batch_id
    assert (batches[child.batch_id]["row_count"], batches[child.batch_id]["quarantined_count"]) == (2, 1)
    grandchild = imports.rerun(OFFICE, child.batch_id)
    grandchild = imports.mend(OFFICE, grandchild.batch_id, [Mend("台账", 6, COUNTY, "罗庄区")])
    imports.apply(OFFICE, grandchild.batch_id)
    assert len(stored(store, Project)) == 4
    imports.undo(OFFICE, child.batch_id, "试")
    assert len(stored(store, Project)) == 3


def test_rerun_without_set_aside_rows_or_before_applying_is_refused(store, city):
    shown = preview(ledger(2))
    with pytest.raises(Invalid, match="尚未确认的批次请直接修改"):
        imports.rerun(OFFICE, shown.batch_id)
    imports.apply(OFFICE, shown.batch_id)
    with pytest.raises(Invalid, match="没有未导入的行"):
        imports.rerun(OFFICE, shown.batch_id)


def test_mend_is_refused_when_it_cannot_be(store, city):
    shown = preview(dirty())
    for cell, message in ((Mend("台账", 5, 99_999, "1"), "不存在"), (Mend("台账", 5, 1, "字" * 4001), "4,000 字")):
        with pytest.raises(Invalid, match=message):
            imports.mend(OFFICE, shown.batch_id, [cell])
    with pytest.raises(PermissionDenied):
        imports.mend(make_actor(Role.LEADER), shown.batch_id, [])
    with pytest.raises(NotFound):
        imports.mend(OFFICE, 999, [])
    imports.reject(OFFICE, shown.batch_id)
    with pytest.raises(Invalid, match="已经导入或放弃"):
        imports.mend(OFFICE, shown.batch_id, [Mend("台账", 5, TOTAL, "1")])
    assert stored(store, ImportMend) == []


def test_mend_of_a_csv_with_a_long_name_is_found_again(store, city):
    name = "长" * 120 + ".csv"
    data = "项目名称,县区,总投资（万元）\n甲,兰山区,约9\n".encode()
    shown = imports.preview(OFFICE, "ledger", name, data)
    row = shown.quarantined[0]
    again = imports.mend(OFFICE, shown.batch_id, [Mend(row.sheet, row.row, 2, "900")])
    assert [one.name for one in again.inserted] == ["甲"]


def foreign(*changes):
    rows = [["项目名称", "所在地方", "投资盘子", "备注"], ["甲", "兰山区", 9000, ""], ["乙", "罗庄区", 8000, "x"]]
    for column, header in changes:
        rows[0][column] = header
    return rows


MAPPING = (MappedColumn("所在地方", "county"), MappedColumn("投资盘子", "total_investment_yuan", "万元"))


def test_mapping_by_hand_is_obeyed(store, city):
    shown = preview(foreign(), Answers(mapping=MAPPING))
    assert [row.name for row in shown.inserted] == ["甲", "乙"]
    assert shown.totals["total_investment_yuan"] == 170_000_000
    columns = [(column.header, column.field, column.unit, column.samples) for column in shown.sheets[0].columns]
    assert columns[1] == ("所在地方", "county", "", ("兰山区", "罗庄区"))
    assert columns[2] == ("投资盘子", "total_investment_yuan", "万元", ("9000", "8000"))
    imports.apply(OFFICE, shown.batch_id)
    assert {row["total_investment_yuan"] for row in stored(store, Project)} == {90_000_000, 80_000_000}


def test_mapping_by_hand_outweighs_the_header_and_says_who_gave_way(store, city):
    rows = [["项目名称", "县区", "总投资（万元）", "批复投资（万元）"], ["甲", "兰山区", 9000, 7000]]
    shown = preview(rows, Answers(mapping=(MappedColumn("批复投资（万元）", "total_investment_yuan"),)))
    assert shown.totals["total_investment_yuan"] == 70_000_000
    assert [(p.code, p.column) for p in shown.problems] == [("duplicate_column", "C 总投资（万元）")]


def test_mapping_to_nothing_leaves_the_column_out(store, city):
    rows = [["项目名称", "县区", "总投资（万元）", "备注"], ["甲", "兰山区", 9000, "内部"]]
    shown = preview(rows, Answers(mapping=(MappedColumn("备注", ""),)))
    imports.apply(OFFICE, shown.batch_id)
    assert stored(store, Project)[0]["remark"] == ""


def test_mapping_of_a_missing_column_is_told_and_of_an_unknown_field_refused(store, city):
    shown = preview(ledger(1), Answers(mapping=(MappedColumn("没有这列", "remark"),)))
    assert [(p.code, p.message) for p in shown.problems] == [
        ("mapped_column_missing", "文件中没有“没有这列”这一列，该列的指定没有生效。请核对表头写法。")
    ]
    with pytest.raises(Invalid, match="“colour”不是项目台账的字段"):
        preview(ledger(1), Answers(mapping=(MappedColumn("备注", "colour"),)))


def test_profile_is_recognised_when_columns_move_are_renamed_or_doubled(store, city):
    first = preview(foreign(), Answers(mapping=MAPPING))
    profile_id = imports.save_profile(OFFICE, first.batch_id, "县里来的表")
    moved = [[row[2], row[0], row[1], row[3]] for row in foreign()]
    moved[0][0] = "投资盘子 "
    for rows in (foreign(), moved, [[*row, row[2]] for row in foreign()]):
        shown = preview(rows)
        assert shown.profile == "县里来的表"
        assert shown.totals["total_investment_yuan"] == 170_000_000
    assert {row["profile_id"] for row in stored(store, ImportBatch)} == {None, profile_id}
    assert stored(store, ImportProfile)[0]["used_at"] == store.clock()


def test_profile_refused_or_with_a_missing_column_is_not_used(store, city):
    first = preview(foreign(), Answers(mapping=MAPPING))
    imports.save_profile(OFFICE, first.batch_id, "县里来的表")
    assert preview(foreign(), Answers(profile_id=0)).profile == ""
    assert preview(foreign((2, "完全另外的一列"))).profile == ""


def test_profile_unit_yields_to_a_unit_in_the_header(store, city):
    first = preview(foreign(), Answers(mapping=MAPPING))
    imports.save_profile(OFFICE, first.batch_id, "县里来的表")
    shown = preview(foreign((2, "投资盘子（亿元）")), Answers(accept_large_amounts=True))
    assert shown.profile == "县里来的表"
    assert shown.totals["total_investment_yuan"] == 17_000 * 100_000_000


def test_profile_answered_by_hand_keeps_being_outweighed_by_the_next_answer(store, city):
    first = preview(foreign(), Answers(mapping=MAPPING))
    imports.save_profile(OFFICE, first.batch_id, "县里来的表")
    shown = preview(foreign(), Answers(mapping=(MappedColumn("投资盘子", "total_investment_yuan", "元"),)))
    assert shown.totals["total_investment_yuan"] == 17_000


def test_profiles_are_listed_retired_and_never_doubled(store, city):
    first = preview(foreign(), Answers(mapping=MAPPING))
    imports.save_profile(OFFICE, first.batch_id, "县里来的表")
    for name, message in (("县里来的表", "已有同名方案"), (" ", "请填写方案名称")):
        with pytest.raises(Invalid, match=message):
            imports.save_profile(OFFICE, first.batch_id, name)
    row = imports.list_profiles(OFFICE)[0]
    assert (row.kind, row.name, row.created_by) == ("ledger", "县里来的表", OFFICE.login)
    with pytest.raises(Conflict):
        imports.retire_profile(OFFICE, row.id, expected_version=row.version + 1)
    imports.retire_profile(OFFICE, row.id, expected_version=row.version)
    assert imports.list_profiles(OFFICE) == ()
    assert preview(foreign()).profile == ""
    imports.save_profile(OFFICE, first.batch_id, "县里来的表")
    with pytest.raises(PermissionDenied):
        imports.list_profiles(make_actor(Role.LEADER))


@pytest.mark.parametrize(("key", "changed"), [("auto", 1), ("code", 1), ("name_county", 0)], ids=str)
def test_match_key_decides_which_project_is_meant(store, city, key, changed):
    with transaction(SYSTEM) as tx:
        make_project(tx, city["兰山区"], "老名字", code="LY-7")
    rows = [["项目编号", "项目名称", "县区", "总投资（万元）"], ["LY-7", "新名字大桥", "兰山区", 900]]
    assert len(preview(rows, Answers(key=key)).changed) == changed


def test_near_names_are_proposed_and_not_merged(store, city):
    with transaction(SYSTEM) as tx:
        make_project(tx, city["兰山区"], "沂河路快速化改造提升工程（一期）")
        make_project(tx, city["罗庄区"], "罗庄区人民医院病房楼建设项目")
    header = ["项目名称", "县区", "总投资（万元）"]
    rows = [
        ["沂河路快速路化改造提升工程（一期）", "兰山区", 900],
        ["沂河路快速化改造提升工程（二期）", "兰山区", 900],
        ["罗庄区人民医院病房楼建设工程", "兰山区", 900],
        ["临沂国际会展中心配套停车场建设项目", "兰山区", 900],
        ["临沂国际会展中心配套停车场建设工程", "兰山区", 900],
    ]
    shown = preview([header, *rows])
    assert len(shown.inserted) == 5
    assert [(p.code, p.row, p.column) for p in shown.problems] == [
        ("near_duplicate", 2, "A 项目名称"),
        ("near_duplicate", 6, "A 项目名称"),
    ]
    assert "与系统中的“沂河路快速化改造提升工程（一期）”名称相近" in shown.problems[0].message
    assert "与第5行的“临沂国际会展中心配套停车场建设项目”名称相近" in shown.problems[1].message


def test_stated_sums_stand_beside_the_computed_ones(store, city):
    rows = ledger(3)
    rows.insert(3, ["合计", "", "3项", *[""] * 5, 60_600, 15_000, *[""] * 7])
    shown = preview(rows)
    sums = {(one.label, one.column): (one.row, one.given, one.computed, one.agrees) for one in shown.declared}
    assert sums["合计", "I 总投资（万元）"] == (4, 606_000_000, 606_000_000, True)
    assert sums["合计", "J 2026年计划投资（万元）"] == (4, 150_000_000, 151_500_000, False)
    assert [p.code for p in shown.problems] == ["subtotal"]


def test_received_batch_whose_check_crashed_stays_received(store, city, monkeypatch):
    def broken(*_args, **_named):
        raise RuntimeError("reader broke")

    monkeypatch.setattr("core.services.imports.ledger_import.parse_ledger", broken)
    with pytest.raises(RuntimeError, match="reader broke"):
        preview(ledger(1))
    batch = stored(store, ImportBatch)[0]
    assert (batch["status"], len(batch["content"]) > 0, batch["received_by"]) == ("received", True, OFFICE.login)


def test_row_that_gets_lost_is_an_error_not_a_silence(store, city, monkeypatch):
    from core.services.imports import ledger_check

    real = ledger_check._Check.run

    def losing(self):
        found = real(self)
        found.plans.pop()
        return found

    monkeypatch.setattr(ledger_check._Check, "run", losing)
    with pytest.raises(RuntimeError, match="3 rows read, 2 accounted for"):
        preview(ledger(3))


def test_progress_is_told_and_a_cancel_leaves_nothing(store, city):
    shown = preview(ledger(3))
    told = []

    def cancel(done, total, step):
        told.append(step)
        if step == "正在登记新项目":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        imports.apply(OFFICE, shown.batch_id, progress=cancel)
    assert told == ["正在读取文件", "正在核对系统中的数据", "正在登记新项目"]
    assert stored(store, Project) == []
    assert stored(store, ImportBatch)[0]["status"] == "checked"
    steps = []
    imports.apply(OFFICE, shown.batch_id, progress=lambda done, total, step: steps.append((done, total)))
    assert steps[-1] == (3, 3)
    assert len(stored(store, Project)) == 3
