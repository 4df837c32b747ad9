"""Sponsor leaders in the store: figures inside a scope, visits with promises and photos, assignments, the rule."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.sponsor_changes import wordings
from core.domain.sponsors import VisitRules
from core.domain.terms import Role, Stage
from core.services import sponsors
from core.services.sponsors import PromiseDraft, Upload, VisitDraft
from db.models import Assignment, Attachment, AuditEvent, Matter, ProcessFact, RuleSet, User
from tests.factories import SYSTEM, YI, make_actor, make_problem, make_report
from tests.support.photos import make_photo
from tests.support.sponsors import SponsorCity, sponsor_city, visit

TODAY = date(2026, 11, 22)


@pytest.fixture
def city(store) -> SponsorCity:
    return sponsor_city(store)


def stored(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.__table__.c[0])).mappings())


def draft(city: SponsorCity, **values) -> VisitDraft:
    told = {"project_ids": (city.bridge,), "happened_on": TODAY, "companions": "市发改委", "summary": "主塔已封顶。"}
    return VisitDraft(**{"person_id": city.cheng, **told, **values})


def test_leaders_are_listed_with_owed_visits_first(city) -> None:
    rows = sponsors.leaders(city.supervisor)
    assert [(row.person.name, row.figures.now.due, row.figures.now.done, row.figures.now.owed) for row in rows] == [
        ("程立诚", 2, 1, 1),
        ("王守正", 2, 1, 1),
    ]
    first = rows[0].figures
    assert (first.plan_yuan, first.done_yuan) == (24 * YI, 12 * YI)
    assert first.last_visit_on == date(2026, 11, 5)
    assert [month.owed for month in first.months] == [2] * 9 + [1, 1]


def test_leaders_are_counted_inside_the_scope_only(city) -> None:
    (row,) = sponsors.leaders(city.stranger)
    assert (row.person.name, row.figures.projects, row.figures.plan_yuan) == ("王守正", 1, 12 * YI)
    assert [one.row.name for one in sponsors.leader(city.stranger, city.wang).rows] == ["西山大道"]
    with pytest.raises(NotFound):
        sponsors.leader(city.stranger, city.cheng)


def test_leaders_page_tells_what_changed_since_his_own_visit(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        make_problem(tx, city.bridge, "南岸用地未批", raised_on=date(2026, 11, 3), due_on=date(2026, 11, 10))
        make_report(tx, city.bridge, 10, 3 * YI, submitted_at=tx.at)
    bridge, port = sponsors.leader(city.leader, city.cheng).rows
    assert (bridge.row.name, bridge.owed, bridge.visits, bridge.problems, bridge.overdue) == ("东湖大桥", 1, 0, 1, 1)
    assert bridge.days_since(TODAY) == 43
    assert bridge.changes is not None
    assert wordings(bridge.changes) == (
        "新逾期节点 1 个：合龙",
        "新增问题 1 件：南岸用地未批",
        "新报完成投资 30,000 万元",
    )
    assert (port.owed, port.visits, port.last_visit_on) == (0, 1, date(2026, 11, 5))


def test_own_person_is_that_of_the_account(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        key = tx.insert(User, {"login": "cheng", "name": "程立诚", "password_hash": "", "person_id": city.cheng})
    own = make_actor(Role.LEADER)
    assert sponsors.own_person(own) is None
    linked = type(own)(own.login, own.name, own.roles, own.scope, key)
    assert sponsors.own_person(linked) == city.cheng


def test_visit_is_recorded_on_every_project_with_promises_and_photos(store, city) -> None:
    promise = PromiseDraft(city.port, "岸线审批未完成", city.bureau, date(2026, 12, 10), "手续")
    made = sponsors.record(
        city.leader,
        draft(city, project_ids=(city.bridge, city.port), promises=(promise,)),
        [Upload("现场.jpg", make_photo())],
    )
    facts = [row for row in stored(store, ProcessFact) if row["id"] in made.fact_ids]
    assert [(row["project_id"], row["kind"], row["participants"]) for row in facts] == [
        (city.bridge, "leader_visit", "程立诚、市发改委"),
        (city.port, "leader_visit", "程立诚、市发改委"),
    ]
    (matter,) = stored(store, Matter)
    assert (matter["id"],) == made.matter_ids
    assert (matter["status"], matter["source"], matter["raised_by"]) == ("assigned", "领导调研", "程立诚")
    assert (matter["lead_unit_id"], matter["due_on"], matter["responsible_leader"]) == (
        city.bureau,
        date(2026, 12, 10),
        "程立诚",
    )
    (file,) = stored(store, Attachment)
    assert (file["entity"], file["entity_id"], file["project_id"]) == ("process_fact", made.fact_ids[0], city.bridge)
    audited = [row["entity"] for row in stored(store, AuditEvent) if row["actor"] == "leader"]
    assert audited.count("process_fact") == 2
    assert audited.count("matter") == 3  # registered, classified, assigned
    view = sponsors.leader(city.leader, city.cheng)
    assert view.figures.now.owed == 0
    assert (view.figures.promised, view.figures.solved, view.figures.overdue) == (1, 0, 0)
    assert [card.row.title for card in view.promises] == ["岸线审批未完成"]
    assert view.promises[0].left is not None
    assert [row.happened_on for row in view.visits][:2] == [TODAY, TODAY]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"project_ids": ()}, "out_of_range"),
        ({"happened_on": None}, "missing_date"),
        ({"happened_on": date(2026, 11, 23)}, "future_date"),
        ({"summary": " "}, "missing"),
        ({"companions": "长" * 400}, "too_long"),
        ({"happened_on": date(2025, 12, 31)}, "not_sponsored"),
    ],
)
def test_impossible_visits_are_refused_and_nothing_is_kept(store, city, changes, code) -> None:
    before = len(stored(store, ProcessFact))
    with pytest.raises(Invalid) as caught:
        sponsors.record(city.leader, draft(city, **changes))
    assert code in {problem.code for problem in caught.value.problems}
    assert len(stored(store, ProcessFact)) == before


def test_refused_promise_leaves_no_visit_behind(store, city) -> None:
    before = len(stored(store, ProcessFact))
    good = PromiseDraft(city.bridge, "用地", city.bureau, date(2026, 12, 1))
    for bad in (
        PromiseDraft(city.bridge, "供电", None),
        PromiseDraft(city.bridge, "", city.bureau),
        PromiseDraft(city.bridge, "供水", city.bureau, date(2026, 11, 1)),
        PromiseDraft(city.port, "别的项目", city.bureau),
    ):
        with pytest.raises(Invalid):
            sponsors.record(city.leader, draft(city, promises=(good, bad)))
    assert len(stored(store, ProcessFact)) == before
    assert stored(store, Matter) == []


def test_visits_need_the_permission_and_the_scope(city) -> None:
    with pytest.raises(PermissionDenied):
        sponsors.record(city.unit, draft(city))
    with pytest.raises(Invalid) as caught:
        sponsors.record(city.stranger, draft(city))
    assert {problem.code for problem in caught.value.problems} == {"not_sponsored"}
    with pytest.raises(NotFound):
        sponsors.record(city.leader, draft(city, person_id=987_654))


def test_sponsor_is_set_and_ended_with_its_history_kept(store, city) -> None:
    key = sponsors.assign(city.county, city.wang, "DHDQ", date(2026, 6, 1))
    with pytest.raises(Invalid):
        sponsors.assign(city.county, city.wang, "东湖大桥", date(2026, 7, 1))
    version = sponsors.end(city.county, city.cheng_bridge, date(2026, 11, 1), 1)
    assert version == 2
    rows = {row["id"]: row for row in stored(store, Assignment)}
    assert rows[city.cheng_bridge]["to_on"] == date(2026, 11, 1)
    assert (rows[key]["from_on"], rows[key]["to_on"]) == (date(2026, 6, 1), None)
    assert [row.row.name for row in sponsors.leader(city.leader, city.cheng).rows] == ["内河港"]
    held = sponsors.assignments(city.leader, city.cheng)
    assert [(row.project_name, row.to_on) for row in held] == [("内河港", None), ("东湖大桥", date(2026, 11, 1))]
    audited = [row for row in stored(store, AuditEvent) if row["entity"] == "assignment" and row["actor"] == "donghu"]
    assert [row["action"] for row in audited] == ["insert", "update"]


def test_sponsor_changes_are_refused_outside_permission_scope_and_time(city) -> None:
    with pytest.raises(PermissionDenied):
        sponsors.assign(city.leader, city.wang, "DHDQ", TODAY)
    with pytest.raises(PermissionDenied):
        sponsors.end(city.unit, city.cheng_bridge, TODAY, 1)
    with pytest.raises(Invalid):
        sponsors.assign(city.stranger, city.wang, "DHDQ", TODAY)
    with pytest.raises(NotFound):
        sponsors.end(city.stranger, city.cheng_bridge, TODAY, 1)
    with pytest.raises(Invalid):
        sponsors.assign(city.county, city.cheng, "XSDD", None)
    with pytest.raises(Invalid):
        sponsors.end(city.county, city.cheng_bridge, date(2025, 12, 1), 1)
    with pytest.raises(Conflict):
        sponsors.end(city.county, city.cheng_bridge, TODAY, 7)
    sponsors.end(city.county, city.cheng_bridge, TODAY, 1)
    with pytest.raises(Invalid):
        sponsors.end(city.county, city.cheng_bridge, TODAY, 2)


def test_rule_of_visits_is_kept_in_versions(store, city) -> None:
    with pytest.raises(PermissionDenied):
        sponsors.save_rules(city.leader, VisitRules(2), "加密调研")
    with pytest.raises(Invalid):
        sponsors.save_rules(city.supervisor, VisitRules(2), " ")
    assert sponsors.save_rules(city.supervisor, VisitRules(2), "市委要求加密调研") == 1
    assert sponsors.save_rules(city.supervisor, VisitRules(1, (Stage.SUSPENDED,)), "只看停工项目") == 2
    assert [(row["number"], row["is_active"]) for row in stored(store, RuleSet) if row["kind"] == "visit"] == [
        (1, False),
        (2, True),
    ]
    assert [row.figures.now.due for row in sponsors.leaders(city.supervisor)] == [0, 0]


def test_two_visits_owed_a_month_count_what_is_missing(store, city) -> None:
    sponsors.save_rules(city.supervisor, VisitRules(2), "加密调研频次")
    with store.transaction(SYSTEM) as tx:
        visit(tx, city.bridge, date(2026, 11, 20))
    found = {row.person.name: row.figures.now for row in sponsors.leaders(city.supervisor)}
    assert (found["程立诚"].due, found["程立诚"].done, found["程立诚"].owed) == (4, 2, 2)


def test_empty_store_has_no_leaders(store) -> None:
    assert sponsors.leaders(make_actor(Role.SUPERVISOR)) == ()
