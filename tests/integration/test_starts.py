"""Watch lists, readiness, reserve and statistics clocks through the service: stored rows, audit, scope, conflicts."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.procedure_checks import ProcedureDraft
from core.domain.reserve_pool import Conversion
from core.domain.start_rules import SHIPPED
from core.domain.start_terms import EntryStatus, Maturity, ReadinessAlert, WatchList
from core.domain.start_terms import ProcedureKind as K
from core.domain.terms import Role, YearClass
from core.services import figures, starts
from core.services.starts import ItemEdit, ProcedureEdit, Refreshed, StartFilter, WatchFilter
from db.models import AuditEvent, InvestmentReport, Procedure, Project, WatchItem
from db.queries.starts import readiness_due
from tests import factories as make
from tests.factories import SYSTEM, YI
from tests.support import start_city
from tests.support.start_city import SUPERVISOR

TODAY = date(2026, 11, 22)


@pytest.fixture
def city(store) -> dict[str, int]:
    return start_city.build(store)


def rows(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def audited(store, entity: str) -> list[tuple[str, str]]:
    with store.read() as connection:
        query = select(AuditEvent.action, AuditEvent.reason).where(AuditEvent.entity == entity)
        return [tuple(row) for row in connection.execute(query.order_by(AuditEvent.seq))]


def county(city: dict[str, int], name: str):
    return make.make_actor(Role.COUNTY, login=name, counties=[city[name]])


def item_of(project_id: int, kind: WatchList = WatchList.NOT_STARTED):
    found = starts.find(SUPERVISOR, WatchFilter(kind, project_id=project_id, is_open=None)).rows
    return found[0]


def test_refresh_lists_late_starts_and_lags_with_owner_and_deadline(store, city) -> None:
    assert starts.pending(SUPERVISOR) == Refreshed(2, 0, 0)
    assert starts.refresh(SUPERVISOR) == Refreshed(2, 0, 0)
    found = {row["project_id"]: row for row in rows(store, WatchItem)}
    late, lagging = found[city["late"]], found[city["lagging"]]
    assert (late["kind"], late["entered_reason"]) == ("not_started", "超过计划开工月份 4 个月未开工")
    assert (late["owner_unit_id"], late["owner_person_id"]) == (city["unit"], city["head"])
    assert (late["entered_on"], late["due_on"]) == (TODAY, date(2026, 12, 18))  # 20 working days
    assert (lagging["kind"], lagging["entered_reason"]) == ("lagging", "投资欠序时 75 个百分点")
    assert set(found) == {city["late"], city["lagging"]}
    assert [action for action, _ in audited(store, "watch_item")] == ["insert", "insert", "refresh"]


def test_second_refresh_writes_nothing(store, city) -> None:
    starts.refresh(SUPERVISOR)
    before = figures.version()
    assert starts.refresh(SUPERVISOR) == Refreshed(0, 0, 0)
    assert starts.pending(SUPERVISOR) == Refreshed(0, 0, 0)
    assert figures.version() == before


def test_refresh_keeps_owner_deadline_and_measures_and_lets_go_what_is_mended(store, city) -> None:
    starts.refresh(SUPERVISOR)
    edit = ItemEdit.of(item_of(city["late"]))
    edit = replace(edit, owner_unit_id=city["other"], due_on=date(2026, 12, 5), measures=" 每周调度 ")
    assert starts.save_items(county(city, "east"), [edit]) == 1
    starts.refresh(SUPERVISOR)
    kept = item_of(city["late"])
    assert (kept.owner_unit_name, kept.due_on, kept.measures) == ("交通局", date(2026, 12, 5), "每周调度")
    with store.transaction(SYSTEM) as tx:
        tx.update(Project, city["late"], {"started_on": date(2026, 11, 20)}, expected_version=None)
    assert starts.refresh(SUPERVISOR).left == 1
    gone = item_of(city["late"])
    assert (gone.left_on, gone.left_reason, gone.measures) == (TODAY, "不再符合列入条件", "每周调度")


def test_project_that_comes_back_gets_a_new_stay_and_the_old_one_stays_on_record(store, city, clock) -> None:
    starts.refresh(SUPERVISOR)
    with store.transaction(SYSTEM) as tx:
        report = tx.connection.execute(
            select(InvestmentReport.id).where(InvestmentReport.project_id == city["lagging"])
        ).scalar_one()
        tx.update(InvestmentReport, report, {"done_yuan": 10 * YI}, expected_version=None)
    assert starts.refresh(SUPERVISOR) == Refreshed(0, 0, 1)
    clock.advance(days=1)
    with store.transaction(SYSTEM) as tx:
        tx.update(InvestmentReport, report, {"done_yuan": YI}, expected_version=None)
    assert starts.refresh(SUPERVISOR) == Refreshed(1, 0, 0)
    stays = [row for row in rows(store, WatchItem) if row["project_id"] == city["lagging"]]
    assert [(row["entered_on"], row["left_on"]) for row in stays] == [(TODAY, TODAY), (date(2026, 11, 23), None)]


def test_three_months_on_a_list_lead_to_the_negative_one(store, city, clock) -> None:
    starts.refresh(SUPERVISOR)
    with store.transaction(SYSTEM) as tx:
        tx.update(WatchItem, item_of(city["late"]).id, {"entered_on": date(2026, 8, 22)}, expected_version=None)
    assert starts.refresh(SUPERVISOR) == Refreshed(1, 0, 0)
    assert item_of(city["late"], WatchList.NEGATIVE).entered_reason == "连续 3 个月在未开工或滞后清单"


def test_new_ground_is_noted_and_the_first_one_is_kept(store, city) -> None:
    starts.refresh(SUPERVISOR)
    with store.transaction(SYSTEM) as tx:
        make.make_milestone(tx, city["lagging"], date(2026, 11, 1), is_key=True)
    assert starts.refresh(SUPERVISOR) == Refreshed(0, 1, 0)
    found = item_of(city["lagging"], WatchList.LAGGING)
    assert [hit.code for hit in found.hits] == ["WCH-11", "WCH-12"]
    assert found.hits[1].reason == "关键节点“主体封顶”逾期 21 天"
    assert found.entered_reason == "投资欠序时 75 个百分点"


def test_lists_and_edits_stay_inside_the_scope(store, city) -> None:
    east, west = county(city, "east"), county(city, "west")
    assert starts.refresh(east) == Refreshed(1, 0, 0)  # his own county only
    assert starts.find(west, WatchFilter()).total == 0
    assert starts.find(east, WatchFilter()).counts[WatchList.NOT_STARTED].open == 1
    edit = ItemEdit.of(item_of(city["late"]))
    with pytest.raises(NotFound):
        starts.save_items(west, [edit])
    for actor in (make.make_actor(Role.UNIT, units=[city["unit"]]), make.make_actor(Role.LEADER)):
        assert starts.find(actor, WatchFilter()).total == 1
        with pytest.raises(PermissionDenied):
            starts.refresh(actor)
        with pytest.raises(PermissionDenied):
            starts.save_items(actor, [edit])
    with pytest.raises(PermissionDenied):
        starts.find(make.make_actor(Role.AUDITOR), WatchFilter())


def test_unit_that_owns_an_item_sees_it_although_the_project_is_another_s(store, city) -> None:
    starts.refresh(SUPERVISOR)
    starts.save_items(
        SUPERVISOR, [replace(ItemEdit.of(item_of(city["lagging"], WatchList.LAGGING)), owner_unit_id=city["other"])]
    )
    owner = make.make_actor(Role.UNIT, units=[city["other"]])
    assert [row.project_name for row in starts.find(owner, WatchFilter()).rows] == ["滞后工程"]


def test_stale_item_is_a_conflict_and_nothing_of_the_batch_is_written(store, city) -> None:
    starts.refresh(SUPERVISOR)
    first = ItemEdit.of(item_of(city["late"]))
    second = ItemEdit.of(item_of(city["lagging"], WatchList.LAGGING))
    starts.save_items(SUPERVISOR, [replace(second, measures="先改")])
    with pytest.raises(Conflict) as clash:
        starts.save_items(SUPERVISOR, [replace(first, measures="甲"), replace(second, measures="乙")])
    assert (clash.value.current["measures"], clash.value.attempted["measures"]) == ("先改", "乙")
    assert item_of(city["late"]).measures == ""
    with pytest.raises(Invalid) as refused:
        starts.save_items(SUPERVISOR, [replace(first, due_on=None, measures="长" * 1001)])
    assert [problem.code for problem in refused.value.problems] == ["too_long", "missing_date"]


def test_readiness_lists_new_starts_of_this_and_next_year(store, city) -> None:
    found = {one.row.name: one for one in starts.matrix(SUPERVISOR, StartFilter()).rows}
    assert list(found) == ["迟开工程", "储备工程"]
    assert (found["储备工程"].row.list_year, found["迟开工程"].row.list_year) == (2027, 2026)
    assert (found["储备工程"].readiness.ready, found["储备工程"].readiness.alert) == (1, ReadinessAlert.SOON)
    assert found["迟开工程"].readiness.alert is ReadinessAlert.OVERDUE
    begun = starts.matrix(SUPERVISOR, StartFilter(has_started=True)).rows
    assert [one.row.name for one in begun] == ["正常工程"]
    assert starts.matrix(county(city, "west"), StartFilter()).rows == ()


def test_procedures_are_saved_once_each_and_audited(store, city) -> None:
    east = county(city, "east")
    stored = starts.readiness_of(east, city["reserve"]).row.procedures
    land = next(one for one in stored if one.facts.kind is K.LAND)
    edits = [
        ProcedureEdit(
            replace(starts.draft_of(K.LAND, land), done_on=TODAY, document_no=" 自然资〔2026〕1号 "), land.version
        ),
        ProcedureEdit(ProcedureDraft(K.ENERGY, applies=False), None),
    ]
    assert starts.save_procedures(east, city["reserve"], edits) == 2
    kept = {row["kind"]: row for row in rows(store, Procedure)}
    assert (kept["land"]["done_on"], kept["land"]["document_no"], kept["land"]["version"]) == (
        TODAY,
        "自然资〔2026〕1号",
        2,
    )
    assert not kept["energy"]["applies"]
    assert [action for action, _ in audited(store, "procedure")] == ["insert", "insert", "update", "insert"]
    with pytest.raises(Conflict):  # the land's version has moved on
        starts.save_procedures(east, city["reserve"], [replace(edits[0], draft=ProcedureDraft(K.LAND))])
    with pytest.raises(Conflict):  # somebody has filled in what was blank
        starts.save_procedures(east, city["reserve"], [ProcedureEdit(ProcedureDraft(K.ENERGY), None)])
    with pytest.raises(NotFound):
        starts.save_procedures(county(city, "west"), city["reserve"], [])
    with pytest.raises(PermissionDenied):
        starts.save_procedures(make.make_actor(Role.UNIT, units=[city["unit"]]), city["late"], edits)
    with pytest.raises(Invalid):
        starts.save_procedures(
            east, city["reserve"], [ProcedureEdit(ProcedureDraft(K.FUNDS, done_on=date(2027, 1, 1)), None)]
        )


def test_pasted_days_change_what_differs_and_name_what_is_not_found(store, city) -> None:
    table = starts.matrix(SUPERVISOR, StartFilter())
    text = "项目\t立项\t用地\t能评\n储备工程\t2026-05-06\t2026-11-20\t不涉及\n不存在\t2026-01-01\n储备工程\t2026-01-01"
    found = starts.match_paste(SUPERVISOR, table, text)
    assert [line.changes for line in found.lines] == [("用地 2026-11-20", "能评 不涉及"), (), ()]
    assert [line.problems[:1] for line in found.lines] == [
        (),
        ("没有找到该项目，请核对名称或放宽筛选",),
        ("与第 2 行是同一个项目，本行未采用",),
    ]
    assert starts.save_many(SUPERVISOR, found.edits) == 2
    assert starts.match_paste(SUPERVISOR, starts.matrix(SUPERVISOR, StartFilter()), text).edits == {}


def test_due_readiness_is_told_by_deadline_inside_the_scope(store, city) -> None:
    with store.read() as connection:
        everything = readiness_due(connection, SUPERVISOR.scope, TODAY)
        west = readiness_due(connection, county(city, "west").scope, TODAY)
    assert [(one.row.name, one.readiness.due_on) for one in everything] == [
        ("迟开工程", date(2026, 3, 31)),
        ("储备工程", date(2027, 1, 10)),
    ]
    assert west == []
    owing = {"project_id": city["good"], "kind": "permit", "done_on": date(2026, 8, 1)}
    with store.transaction(SYSTEM) as tx:
        tx.insert(Procedure, {**owing, "owed_papers": "质监", "owed_due_on": date(2026, 11, 1)})
    told = starts.warnings(county(city, "west"))
    assert [(one.row.name, one.readiness.owed) for one in told] == [("正常工程", (K.PERMIT,))]


def test_reserve_is_graded_and_its_conversion_agrees_with_the_measures(store, city) -> None:
    found = starts.pool(SUPERVISOR, StartFilter())
    assert [(one.project.row.name, one.grade) for one in found.rows] == [
        ("储备工程", Maturity.D),
        ("迟开工程", Maturity.D),
    ]
    assert [(one.projects, one.investment_yuan) for one in found.grades] == [(0, 0), (0, 0), (0, 0), (2, 60 * YI)]
    converted = starts.conversion(SUPERVISOR, date(2026, 1, 1), TODAY)
    sums = figures.board(SUPERVISOR).city
    measured = ("reserve_at_start", "reserve_at_start_converted", "reserve_added")
    assert converted == Conversion(
        *(sums[code] for code in measured), sums["reserve_converted"] - sums["reserve_at_start_converted"]
    )
    assert converted == Conversion(2, 0, 1, 1)
    assert starts.conversion(county(city, "west"), date(2026, 1, 1), TODAY) == Conversion(0, 0, 1, 1)
    with pytest.raises(Invalid):
        starts.conversion(SUPERVISOR, TODAY, date(2026, 1, 1))


def test_statistics_clocks_tell_who_is_late(store, city) -> None:
    found = starts.entries(SUPERVISOR)
    assert [(line.row.name, line.entry.status) for line in found.lines] == [
        ("滞后工程", EntryStatus.SEVERE),
        ("正常工程", EntryStatus.WAITING),
    ]
    assert found.lines[1].entry.due_on == date(2026, 11, 25)
    with store.transaction(SYSTEM) as tx:
        make.make_project(tx, city["west"], "无期续建", year_class=YearClass.CONTINUING)
    assert starts.entries(SUPERVISOR).counts[EntryStatus.UNDATED] == 1
    assert starts.entries(county(city, "east")).lines == ()


def test_rules_are_a_version_with_a_reason_and_judge_at_once(store, city) -> None:
    starts.refresh(SUPERVISOR)
    strict = replace(SHIPPED, watch=tuple(replace(rule, threshold=80) for rule in SHIPPED.watch))
    with pytest.raises(Invalid):
        starts.save_rules(SUPERVISOR, strict, "严")
    assert starts.save_rules(SUPERVISOR, strict, "按市政府 11 月调度会要求") == 1
    assert starts.refresh(SUPERVISOR) == Refreshed(0, 0, 2)
    with pytest.raises(PermissionDenied):
        starts.save_rules(county(city, "east"), SHIPPED, "县里想改一改")
    assert starts.save_rules(SUPERVISOR, SHIPPED, "恢复产品默认规则") == 2
    assert starts.read_rules(SUPERVISOR) == SHIPPED


def test_workbooks_hold_the_rows_of_the_screen_and_are_audited(store, city) -> None:
    starts.refresh(SUPERVISOR)
    files = (
        (starts.export_watch(SUPERVISOR, WatchFilter(WatchList.NOT_STARTED)), "超过计划开工月份 4 个月未开工"),
        (starts.export_readiness(SUPERVISOR, StartFilter()), "未填报"),
        (starts.export_pool(SUPERVISOR, StartFilter()), "D级"),
        (starts.export_entries(SUPERVISOR, None, ""), "期限内待入统"),
    )
    for content, word in files:
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert word in cells, sheet.title
    exported = [
        entity for entity in ("watch_item", "procedure", "project") for a, _ in audited(store, entity) if a == "export"
    ]
    assert exported == ["watch_item", "procedure", "project", "project"]
    with pytest.raises(PermissionDenied):
        starts.export_watch(make.make_actor(Role.SYSTEM_ADMIN), WatchFilter())
