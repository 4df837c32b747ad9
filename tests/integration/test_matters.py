"""Matters through the service: numbered, scoped, stepped in order by the right side, audited, conflicts told."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.matters.words import Difficulty, MatterAction, MatterLevel, Outcome, Owing, Satisfaction
from core.domain.terms import MatterKind, MatterStatus
from core.services import matters as service
from core.services.matters import MatterFilter, Order
from db.models import AuditEvent, Matter, MatterEvent, MatterSupport, PolicyTerms
from db.models.figures import project_state
from tests.factories import SYSTEM, make_parcel, make_problem
from tests.support.matters import MatterCity, draft, drive, matter_city

TODAY = date(2026, 11, 22)  # a Sunday
ALL = MatterFilter()


@pytest.fixture
def city(store) -> MatterCity:
    return matter_city(store)


def rows(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def kinds(store) -> list[str]:
    return [row["kind"] for row in rows(store, MatterEvent)]


def refused(action, *arguments, **named) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        action(*arguments, **named)
    return [problem.code for problem in refusal.value.problems]


def test_raise_numbers_within_the_kind_and_year_and_writes_event_and_audit(store, city: MatterCity) -> None:
    ids = service.raise_many(
        city.county,
        [
            draft(city),
            draft(city, "没有电"),
            draft(city, "补助标准", kind=MatterKind.POLICY, project="", county_id=city.east),
        ],
    )
    found = rows(store, Matter)
    assert [row["code"] for row in found] == ["WT-2026-0001", "WT-2026-0002", "ZC-2026-0001"]
    first = found[0]
    assert (first["project_id"], first["county_id"], first["level"]) == (city.bridge, city.east, "county")
    assert (first["status"], first["raised_on"], first["step_due_on"]) == ("registered", TODAY, date(2026, 11, 23))
    assert [row["kind"] for row in rows(store, MatterEvent)] == ["registered"] * 3
    assert [row["matter_id"] for row in rows(store, PolicyTerms)] == [ids[2]]
    with store.read() as connection:
        query = select(AuditEvent.actor).where(AuditEvent.entity == "matter", AuditEvent.action == "insert")
        assert connection.execute(query).scalars().all() == ["donghu"] * 3
    assert service.raise_(city.supervisor, draft(city)) == ids[2] + 1
    assert rows(store, Matter)[-1]["code"] == "WT-2026-0003"


def test_raise_refuses_everything_at_once_and_stores_nothing(store, city: MatterCity) -> None:
    bad = [draft(city, " "), draft(city, project="没有的项目"), draft(city, project="", county_id=city.west)]
    with pytest.raises(Invalid) as refusal:
        service.raise_many(city.county, bad)
    assert [(one.code, one.message[:6]) for one in refusal.value.problems] == [
        ("missing", "第 1 行："),
        ("unknown_project", "第 2 行："),
        ("outside_scope", "第 3 行："),
    ]
    assert rows(store, Matter) == []
    assert refused(service.raise_, city.stranger, draft(city)) == ["unknown_project"]
    assert refused(service.raise_many, city.county, []) == ["out_of_range"]


def test_whole_life_leaves_its_story_and_moves_the_projects_problems(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.CLOSED_OUT)
    row = rows(store, Matter)[0]
    assert kinds(store) == [
        "registered", "classified", "assigned", "signed", "in_progress", "replied", "resolved", "visited", "closed_out",
    ]  # fmt: skip
    assert (row["version"], row["status"], row["closed_on"], row["step_due_on"]) == (version, "closed_out", TODAY, None)
    assert (row["outcome"], row["satisfaction"], row["answer"]) == ("已解决", "满意", "批复已下达。")
    assert (row["due_on"], row["first_due_on"], row["answer_workdays"]) == (date(2026, 11, 27),) * 2 + (0,)
    with store.read() as connection:
        updates = connection.execute(
            select(AuditEvent.actor).where(AuditEvent.entity == "matter", AuditEvent.action == "update")
        ).scalars()
        assert updates.all() == ["donghu"] * 2 + ["ziran"] * 4 + ["supervisor"] * 2
    view = service.read_matter(city.county, key)
    assert (view.actions, view.card.left) == ((), None)
    assert view.events[2].note == "主办市自然资源局"


def test_open_problem_counts_for_its_project_until_it_is_closed(store, city: MatterCity) -> None:
    with store.transaction(SYSTEM) as tx:
        make_problem(tx, city.bridge, is_escalated=True, due_on=date(2026, 11, 1))

    def level() -> str:
        with store.read() as connection:
            return str(connection.execute(select(project_state.c.level)).scalar_one())

    assert level() == "severe"
    key = rows(store, Matter)[0]["id"]
    other = service.raise_(city.county, draft(city))
    service.merge(city.commander, key, rows(store, Matter)[1]["code"], 1)
    assert rows(store, Matter)[0]["merged_into_id"] == other
    assert level() != "severe"


def test_only_the_right_side_takes_a_step(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.ASSIGNED)
    with pytest.raises(NotFound):
        service.sign_for(city.stranger, key, version)
    with pytest.raises(PermissionDenied):
        service.sign_for(city.leader, key, version)
    with pytest.raises(PermissionDenied):
        service.close_out(city.unit, key, "", version)
    with pytest.raises(NotFound):
        service.sign_for(city.helping, key, version)
    assert service.read_matter(city.unit, key).actions[0] is MatterAction.SIGNED
    assert service.read_matter(city.leader, key).actions == ()
    assert kinds(store) == ["registered", "classified", "assigned"]


def test_supporting_unit_sees_and_answers_but_does_not_lead(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.CLASSIFIED)
    service.assign(city.county, {key: version}, Order(city.bureau, (city.helper,)))
    view = service.read_matter(city.helping, key)
    (support,) = view.supports
    assert (support.unit_name, support.due_on, support.replied_on) == ("市财政局", date(2026, 11, 25), None)
    with pytest.raises(PermissionDenied, match="市自然资源局主办"):
        service.sign_for(city.helping, key, version + 1)
    with pytest.raises(PermissionDenied, match="市财政局填写"):
        service.support(city.unit, key, support.id, "同意", support.version)
    service.support(city.helping, key, support.id, "资金已安排", support.version)
    stored = rows(store, MatterSupport)[0]
    assert (stored["opinion"], stored["replied_on"]) == ("资金已安排", TODAY)
    with pytest.raises(Conflict):
        service.support(city.helping, key, support.id, "再改", support.version)
    assert rows(store, Matter)[0]["supporting_units"] == "市财政局"


def test_older_version_is_a_conflict_that_keeps_what_was_typed(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.IN_PROGRESS)
    service.report_progress(city.unit, key, "已上报", version)
    with pytest.raises(Conflict) as conflict:
        service.report_progress(city.unit, key, "我的进展", version)
    assert conflict.value.attempted == {"progress": "我的进展"}
    assert conflict.value.current["progress"] == "已上报"


def test_batch_assignment_is_all_or_nothing_and_names_what_stands_against_it(store, city: MatterCity) -> None:
    keys = service.raise_many(city.county, [draft(city, f"问题{number}") for number in range(3)])
    versions = {key: drive(city, key, MatterStatus.CLASSIFIED) for key in keys[:2]}
    with pytest.raises(Invalid) as refusal:
        service.assign(city.county, {**versions, keys[2]: 1}, Order(city.bureau))
    assert [problem.message[:12] for problem in refusal.value.problems] == ["WT-2026-0003"]
    assert {row["status"] for row in rows(store, Matter)} == {"classified", "registered"}
    with pytest.raises(Conflict):
        service.assign(city.county, {keys[0]: 1}, Order(city.bureau))
    assert refused(service.assign, city.county, versions, Order(None)) == ["missing"]
    assert refused(service.assign, city.county, versions, Order(city.bureau, (city.bureau,))) == ["is_lead"]
    with pytest.raises(NotFound):
        service.assign(city.stranger, versions, Order(city.bureau))
    assert service.assign(city.county, versions, Order(city.bureau, due_on=date(2026, 12, 1))) == 2
    assert [row["due_on"] for row in rows(store, Matter)] == [date(2026, 12, 1)] * 2 + [None]


def test_escalated_matter_leaves_the_countys_table(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.IN_PROGRESS)
    version = service.escalate(city.unit, key, "需市级协调用地指标", version)
    row = rows(store, Matter)[0]
    assert (row["status"], row["level"], row["is_escalated"]) == ("escalated", "city", True)
    with pytest.raises(PermissionDenied, match="市级层面"):
        service.assign(city.county, {key: version}, Order(city.bureau))
    assert service.assign(city.supervisor, {key: version}, Order(city.helper)) == 1
    assert rows(store, Matter)[0]["lead_unit_id"] == city.helper


def test_extension_is_granted_by_another_person_than_the_one_who_asked(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.IN_PROGRESS)
    until = date(2026, 12, 10)
    version = service.request_extension(city.county, key, until, "等待省厅批复", version)
    with pytest.raises(PermissionDenied, match="本人提出"):
        service.grant_extension(city.county, key, until, "", version)
    version = service.grant_extension(city.supervisor, key, until, "同意", version)
    row, event = rows(store, Matter)[0], rows(store, MatterEvent)[-1]
    assert (row["due_on"], row["first_due_on"], row["extended_times"]) == (until, date(2026, 11, 27), 1)
    assert (event["kind"], event["old_due_on"], event["new_due_on"]) == (
        "extension_granted",
        date(2026, 11, 27),
        until,
    )
    asked = service.request_extension(city.unit, key, date(2026, 12, 20), "再延", version)
    service.refuse_extension(city.supervisor, key, "不同意再延", asked)
    assert rows(store, Matter)[0]["extension_to"] is None


def test_objection_returns_to_the_office_and_goes_to_another_unit(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.ASSIGNED)
    assert refused(service.object_, city.unit, key, " ", version) == ["missing"]
    version = service.object_(city.unit, key, "属财政事权", version)
    waiting = service.find(city.county, service.mine(city.county, ALL))
    assert [card.row.id for card in waiting.cards] == [key]
    service.assign(city.county, {key: version}, Order(city.helper))
    assert rows(store, Matter)[0]["status"] == "assigned"
    with pytest.raises(NotFound):
        service.read_matter(city.unit, key)


def test_dissatisfaction_sends_it_back_and_condition_is_required(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.REPLIED)
    assert refused(service.resolve, city.unit, key, Outcome.UNSOLVABLE, "", "", version) == ["missing"]
    version = service.resolve(city.unit, key, Outcome.UNSOLVABLE, "2027年指标下达后", "", version)
    assert rows(store, Matter)[0]["conditions"] == "2027年指标下达后"
    version = service.record_satisfaction(city.supervisor, key, Satisfaction.DISSATISFIED, "", version)
    assert refused(service.close_out, city.supervisor, key, "", version) == ["dissatisfied"]
    service.redo(city.supervisor, key, "请再向省厅争取", version)
    row = rows(store, Matter)[0]
    assert (row["status"], row["outcome"], row["redo_times"]) == ("in_progress", "", 1)


def test_request_of_five_million_goes_to_the_committee_and_asks_its_decision(store, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city, "请求安排资金", kind=MatterKind.DECISION_REQUEST))
    version = service.classify(city.county, key, "资金", Difficulty.HARD, 5_000_000, "", 1)
    assert rows(store, Matter)[0]["level"] == MatterLevel.COMMITTEE.value
    with pytest.raises(PermissionDenied):
        service.assign(city.county, {key: version}, Order(city.bureau))
    service.assign(city.supervisor, {key: version}, Order(city.bureau))
    version = service.sign_for(city.unit, key, version + 1)
    version = service.report_progress(city.unit, key, "已上会", version)
    version = service.reply(city.unit, key, "同意安排", version)
    assert refused(service.resolve, city.unit, key, Outcome.SOLVED, "", "", version) == ["missing"]
    service.resolve(city.unit, key, Outcome.SOLVED, "", "常务会纪要〔2026〕8号", version)
    assert rows(store, MatterEvent)[-1]["document_no"] == "常务会纪要〔2026〕8号"


def test_sweep_presses_each_lapse_once_and_the_first_reader_of_a_day_does_it(store, clock, city: MatterCity) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.ASSIGNED)  # signature due on Monday 23
    assert service.sweep(city.supervisor) == 0
    clock.advance(days=2)
    page = service.overdue(city.county, ALL)
    assert [(card.row.id, card.left.days) for card in page.cards if card.left] == [(key, -1)]
    assert rows(store, Matter)[0]["pressed_times"] == 1
    assert service.sweep(city.supervisor) == 0
    clock.advance(days=7)
    assert service.sweep(city.supervisor) == 1
    notes = [row["note"] for row in rows(store, MatterEvent)]
    assert [note.partition("（")[0] for note in notes[-2:]] == ["“已交办”环节逾期，督办", "“已交办”环节逾期，提请约谈"]
    assert service.sweep(city.supervisor) == 0
    found = service.read_matter(city.supervisor, key)
    service.interview(city.supervisor, key, "约谈主要负责人", "", found.card.row.version)
    assert kinds(store)[-1] == "interviewed"
    assert version < found.card.row.version


def test_lists_are_scoped_filtered_and_ordered_by_deadline(store, city: MatterCity) -> None:
    with store.transaction(SYSTEM) as tx:
        late = make_problem(tx, city.bridge, "逾期", due_on=date(2026, 11, 1), lead_unit_id=city.bureau)
        soon = make_problem(tx, city.bridge, "临期", due_on=date(2026, 11, 25), lead_unit_id=city.bureau)
        far = make_problem(tx, city.bridge, "远期", due_on=date(2027, 1, 25), lead_unit_id=city.helper)
        none = make_problem(tx, city.bridge, "无期限", due_on=None)
        done = make_problem(tx, None, "已办", due_on=date(2026, 1, 1), closed_on=date(2026, 2, 1), county_id=city.west)

    def ids(actor, wanted=ALL):
        return [card.row.id for card in service.find(actor, wanted).cards]

    assert ids(city.supervisor) == [late, soon, far, none, done]
    assert ids(city.county) == [late, soon, far, none]
    assert ids(city.commander) == [late, soon, far, none]
    assert ids(city.stranger) == [done]
    assert ids(city.unit) == [late, soon]
    assert ids(city.supervisor, MatterFilter(is_open=False)) == [done]
    assert ids(city.supervisor, MatterFilter(text="临")) == [soon]
    assert ids(city.supervisor, MatterFilter(kinds=(MatterKind.POLICY,))) == []
    assert ids(city.supervisor, MatterFilter(owing=Owing.UNIT, lead_unit_ids=(city.helper,))) == [far]
    assert [card.row.id for card in service.due_soon(city.county, ALL).cards] == [soon]
    page = service.find(city.supervisor, ALL)
    assert (page.total, page.overdue) == (5, 1)
    assert ids(city.unit, service.mine(city.unit, ALL)) == [late, soon]


def test_link_finds_project_plot_and_policy_by_code(store, city: MatterCity) -> None:
    with store.transaction(SYSTEM) as tx:
        plot = make_parcel(tx, city.east, code="DK-7")
    policy = service.raise_(city.supervisor, draft(city, "用地补助办法", kind=MatterKind.POLICY, project=""))
    key = service.raise_(city.county, draft(city, project="", county_id=city.east))
    code = rows(store, Matter)[0]["code"]
    version = service.link(
        city.supervisor, key, project="东湖大桥", parcel_code="DK-7", policy_code=code, expected_version=1
    )
    row = rows(store, Matter)[1]
    assert (row["project_id"], row["parcel_id"], row["policy_id"]) == (city.bridge, plot, policy)
    assert [one.relation for one in service.read_matter(city.supervisor, key).linked] == ["依据政策"]
    with pytest.raises(Invalid) as refusal:
        service.link(city.county, key, project="无", parcel_code="DK-9", policy_code="ZC-0", expected_version=version)
    assert [problem.field for problem in refusal.value.problems] == ["project", "parcel_code", "policy_code"]
