"""Lists of matters: rows behind figures, batches, duplicates, policies, evidence, workbooks, the board."""

import random
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.evidence import EvidenceOwner
from core.domain.matters.rules import DEFAULT, QUANZHOU
from core.domain.matters.words import Difficulty, MatterCount, MatterLevel, RateGroup
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus, Role
from core.services import attachments
from core.services import matters as service
from core.services.matters import MatterFilter, Order, PolicyDraft
from core.services.matters.board import read_board
from db.models import AuditEvent
from db.models.matter import Matter, MatterEvent, PolicyTerms
from tests.factories import SYSTEM, make_actor, make_matter, make_problem
from tests.integration.test_matter_rates import random_matter
from tests.support.matters import MatterCity, draft, drive, matter_city
from tests.support.photos import make_photo

TODAY = date(2026, 11, 22)
FIGURES = [count for count in MatterCount if count is not MatterCount.ESCALATED]


@pytest.fixture
def city(store) -> MatterCity:
    return matter_city(store)


def rows(store, model=Matter) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.__table__.c.id)).mappings())


def refused(call, *arguments) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        call(*arguments)
    return [problem.code for problem in refusal.value.problems]


@pytest.mark.parametrize("group", [None, *RateGroup])
def test_every_figure_of_the_rates_opens_as_many_rows_as_it_says(store, city, group) -> None:
    rng = random.Random(7)
    with store.transaction(SYSTEM) as tx:
        for _ in range(60):
            make_matter(tx, MatterKind.SUGGESTION, **random_matter(rng, city))
    wanted = MatterFilter(kinds=(MatterKind.SUGGESTION,))
    for row in service.rates(city.supervisor, wanted, group):
        told = {count: row.count(count) for count in FIGURES}
        opened = {
            count: service.find(city.supervisor, service.behind(wanted, count, group, row.sums.key)).total
            for count in FIGURES
        }
        assert opened == told, row.sums.group


def test_lists_narrow_to_days_and_to_what_asks_for_an_extension(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        early = make_problem(tx, city.bridge, raised_on=date(2026, 11, 2), extension_to=date(2026, 12, 9))
        late = make_problem(tx, city.bridge, raised_on=date(2026, 11, 9), status="closed_out", closed_on=TODAY)

    def found(**values) -> list[int]:
        return [card.row.id for card in service.find(city.county, MatterFilter(**values)).cards]

    assert found(raised=(date(2026, 11, 2), date(2026, 11, 8))) == [early]
    assert found(raised=(date(2026, 11, 3), date(2026, 11, 9))) == [late]
    assert found(ended=(TODAY, TODAY)) == [late]
    assert found(asks_extension=True) == [early]


def test_order_classifies_what_nobody_studied_and_sets_the_difficulty_of_all(store, city) -> None:
    fresh, studied = service.raise_many(city.county, [draft(city, "南岸没有通水"), draft(city, "北岸没有通电")])
    drive(city, studied, MatterStatus.CLASSIFIED)
    versions = {fresh: 1, studied: 2}
    hard = Order(city.bureau, (city.helper,), difficulty=Difficulty.HARD)
    assert refused(service.assign, city.county, versions, hard) == ["missing"]
    assert refused(service.assign, city.county, versions, Order(city.bureau)) == ["wrong_step"]
    assert {row["status"] for row in rows(store)} == {"registered", "classified"}
    order = Order(city.bureau, (city.helper,), difficulty=Difficulty.HARD, category="要素")
    assert service.assign(city.county, versions, order) == 2
    stored = [(row["status"], row["category"], row["difficulty"], row["due_on"], row["version"]) for row in rows(store)]
    # Fifteen working days from Sunday 2026-11-22.
    assert stored == [
        ("assigned", "要素", "hard", date(2026, 12, 11), 3),
        ("assigned", "用地", "hard", date(2026, 12, 11), 3),
    ]
    steps = [(row["matter_id"], row["kind"]) for row in rows(store, MatterEvent)]
    assert [kind for key, kind in steps if key == fresh] == ["registered", "classified", "assigned"]
    with pytest.raises(Conflict):
        service.assign(city.county, versions, order)


def test_similar_titles_of_the_same_project_and_list_are_proposed(store, city) -> None:
    key = service.raise_(city.county, draft(city, "大桥南岸用地未批复"))
    twin = service.raise_(city.county, draft(city, "大桥南岸用地没有批复"))
    service.raise_(city.county, draft(city, "北引桥交通导改方案争议"))
    service.raise_(city.county, draft(city, "大桥南岸用地未批复", kind=MatterKind.SUGGESTION))
    gone = service.raise_(city.county, draft(city, "大桥南岸用地未批"))
    drive(city, gone, MatterStatus.CLOSED_OUT)
    assert [row.id for row in service.similar(city.county, key)] == [twin]
    with pytest.raises(NotFound):
        service.similar(city.stranger, key)


def test_escalation_names_its_target_until_the_highest_table(store, city) -> None:
    key = service.raise_(city.county, draft(city))
    version, told = drive(city, key, MatterStatus.IN_PROGRESS), []
    while (view := service.read_matter(city.supervisor, key)).escalates_to is not None:
        told.append(view.escalates_to)
        version = service.escalate(city.supervisor, key, "本级无法解决", version)
    assert told == [MatterLevel.CITY, MatterLevel.VICE_MAYOR, MatterLevel.COMMITTEE]
    assert rows(store)[0]["level"] == "committee"


def policy_of(store, city: MatterCity) -> int:
    key = service.raise_(city.supervisor, draft(city, "设备补助", kind=MatterKind.POLICY))
    version = service.classify(city.supervisor, key, "资金", Difficulty.ORDINARY, None, "", 1)
    service.assign(city.supervisor, {key: version}, Order(city.bureau))
    return key


def test_lead_unit_writes_the_policy_and_rates_follow(store, city) -> None:
    key = policy_of(store, city)
    view = service.read_matter(city.unit, key)
    assert view.policy is not None
    assert view.may_edit_policy
    known = PolicyDraft(document_no="市发〔2026〕8号", audience="规上企业", target_count=40, delivered_count=30)
    assert service.save_policy(city.unit, key, known, view.policy.version) == 2
    with pytest.raises(Conflict) as conflict:
        service.save_policy(city.unit, key, PolicyDraft(audience="全部企业"), 1)
    assert (conflict.value.current["audience"], conflict.value.attempted["audience"]) == ("规上企业", "全部企业")
    assert refused(service.save_policy, city.unit, key, known, 2) == ["unchanged"]
    paid = PolicyDraft(target_count=40, delivered_count=30, approved_yuan=2_000_000, honoured_yuan=500_000)
    assert service.save_policy(city.unit, key, paid, 2) == 3
    stored = rows(store, PolicyTerms)[0]
    assert (stored["document_no"], stored["honoured_yuan"], stored["version"]) == ("", 500_000, 3)
    rates = service.policy_rates(city.supervisor, MatterFilter())
    assert (rates.delivered_pct, rates.honoured_pct) == (75, 25)
    last = rows(store, MatterEvent)[-1]
    assert (last["kind"], last["note"]) == ("terms", "送达 30/40 户，兑现 50/200 万元")
    with store.read() as connection:
        audited = select(AuditEvent.action).where(AuditEvent.entity == "policy_terms").order_by(AuditEvent.seq)
        assert connection.execute(audited).scalars().all() == ["insert", "update", "update"]


def test_policy_refuses_parts_above_their_whole_and_strangers(store, city) -> None:
    key = policy_of(store, city)
    wrong = PolicyDraft(
        target_count=3, delivered_count=4, applied_count=-1, approved_yuan=1, honoured_yuan=2, clause="字" * 4001
    )
    assert refused(service.save_policy, city.unit, key, wrong, 1) == [
        "too_long", "out_of_range", "out_of_range", "out_of_range",
    ]  # fmt: skip
    with pytest.raises(PermissionDenied):
        service.save_policy(city.leader, key, PolicyDraft(), 1)
    with pytest.raises(NotFound):
        service.save_policy(city.stranger, key, PolicyDraft(), 1)
    problem = service.raise_(city.county, draft(city))
    with pytest.raises(NotFound):
        service.save_policy(city.supervisor, problem, PolicyDraft(), 0)
    assert rows(store, PolicyTerms)[0]["version"] == 1


def test_policy_of_an_older_ledger_gets_its_terms_with_the_first_save(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        key = make_matter(tx, MatterKind.POLICY, lead_unit_id=city.bureau)
    assert service.read_matter(city.unit, key).policy is None
    assert service.save_policy(city.unit, key, PolicyDraft(audience="规上企业"), 0) == 1
    found = service.read_matter(city.unit, key).policy
    assert found is not None
    assert (found.audience, found.target_count) == ("规上企业", None)


def test_whoever_works_on_a_matter_attaches_evidence_even_without_a_project(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        key = make_matter(tx, MatterKind.SUGGESTION, county_id=city.east, lead_unit_id=city.bureau)
    owner, photo = EvidenceOwner.MATTER.value, make_photo()
    file_id = attachments.attach(city.unit, owner, key, "现场.jpg", photo)
    assert [row.id for row in attachments.list_for(city.county, owner, (key,))] == [file_id]
    assert attachments.list_for(city.stranger, owner, (key,)) == ()
    with pytest.raises(NotFound):
        attachments.attach(city.stranger, owner, key, "别处.jpg", photo)
    with pytest.raises(PermissionDenied):
        attachments.attach(make_actor(Role.SYSTEM_ADMIN), owner, key, "系统.jpg", photo)


def cells_of(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]


def test_workbook_holds_several_kinds_overdue_alone_with_every_filter(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        values = {"county_id": city.east, "due_on": date(2026, 11, 18), "lead_unit_id": city.bureau}
        make_problem(tx, city.bridge, "用地逾期", source="企业", responsible_leader="王", is_escalated=True, **values)
        make_matter(tx, MatterKind.CONSULTATION, "会商逾期", remark="下周再议", **values)
        make_problem(tx, city.bridge, "不逾期", county_id=city.east, due_on=date(2026, 12, 18))
    kinds = (MatterKind.PROBLEM, MatterKind.CONSULTATION)
    wanted = service.overdue_of(MatterFilter(kinds=kinds, county_id=city.east))
    file = service.export_list(city.county, "逾期事项", wanted, "逾期；东湖区")
    sheet = cells_of(file.content)
    assert str(sheet[0][0]).endswith("逾期事项")
    assert sheet[1][0] == "截至 2026-11-22；逾期；东湖区"
    head, *body = sheet[2:]
    told = [dict(zip(head, row, strict=True)) for row in body]
    assert [(row["事项"], row["类型"], row["剩余工作日"]) for row in told] == [
        ("用地逾期", "问题", -2),
        ("会商逾期", "会商", -2),
    ]
    first, second = told
    assert (first["来源"], first["责任领导"], first["是否提级"], second["备注"]) == ("企业", "王", "是", "下周再议")
    assert file.rows == 2
    with pytest.raises(PermissionDenied):
        service.export_list(make_actor(Role.DISPLAY), "逾期事项", wanted)


def test_workbook_of_rates_leaves_a_rate_blank_where_nothing_divides(store, city) -> None:
    key = service.raise_(city.county, draft(city))
    drive(city, key, MatterStatus.CLOSED_OUT)
    service.raise_(city.county, draft(city, "第二项"))
    wanted = MatterFilter(kinds=(MatterKind.PROBLEM,))
    file = service.export_rates(city.supervisor, "问题清单", wanted, RateGroup.UNIT, "全部")
    head, *body = cells_of(file.content)[2:]
    told = {row[0]: dict(zip(head, row, strict=True)) for row in body}
    assert list(told) == ["合计", "市自然资源局", "未交办"]
    assert (told["合计"]["事项"], told["合计"]["办结率"], told["合计"]["满意度"]) == (2, 0.5, 1)
    assert (told["未交办"]["按期回复率"], told["未交办"]["办结率"], told["未交办"]["满意度"]) == (None, 0, None)


def test_board_counts_what_its_lists_hold(store, city) -> None:
    def ago(days: int) -> date:
        return TODAY - timedelta(days=days)

    with store.transaction(SYSTEM) as tx:
        for days, unit in ((3, city.bureau), (9, city.bureau), (1, city.helper)):
            make_problem(tx, city.bridge, due_on=ago(days), raised_on=ago(20), lead_unit_id=unit)
        make_problem(tx, city.bridge, due_on=ago(-5), raised_on=TODAY, is_escalated=True, status="escalated")
        make_problem(tx, city.bridge, status="closed_out", raised_on=ago(30), closed_on=ago(2))
        make_problem(tx, city.bridge, status="merged", raised_on=ago(30), closed_on=ago(2))
        make_problem(tx, city.bridge, status="closed_out", raised_on=ago(300), closed_on=date(2026, 10, 31))
        make_matter(tx, MatterKind.POLICY, due_on=ago(4))
    with store.read() as connection:
        board = read_board(connection, Scope.all(), TODAY)
        nothing = read_board(connection, city.stranger.scope, TODAY)
    counts = board.counts
    assert (counts.open, counts.overdue, counts.escalated, board.ended_this_month) == (4, 3, 1, 1)
    assert [(row.kind, row.overdue) for row in board.kinds if row.kind is MatterKind.POLICY] == [(MatterKind.POLICY, 1)]
    assert [(row.name, row.open, row.overdue) for row in board.units] == [("市自然资源局", 2, 2), ("市财政局", 1, 1)]
    assert [card.row.state.due_on for card in board.urgent] == [ago(9), ago(3), ago(1), ago(-5)]
    assert [card.row.state.status for card in board.escalated] == [MatterStatus.ESCALATED]
    # 2026-11-22 is a Sunday: the present week is whole.
    assert (board.weeks[0].first, board.weeks[-1].first, board.weeks[-1].last) == (
        date(2026, 8, 31), date(2026, 11, 16), TODAY,
    )  # fmt: skip
    assert [(week.first, week.came, week.ended) for week in board.weeks if week.came or week.ended] == [
        (date(2026, 10, 19), 1, 0),
        (date(2026, 10, 26), 0, 1),
        (date(2026, 11, 2), 3, 0),
        (date(2026, 11, 16), 1, 1),
    ]
    assert (nothing.counts.open, nothing.units, nothing.urgent) == (0, (), ())


def test_versions_of_the_rules_tell_their_reasons(store, city) -> None:
    assert service.rule_versions(city.county) == ()
    service.save_rules(city.supervisor, QUANZHOU, "按市里通知")
    service.save_rules(city.supervisor, DEFAULT, "恢复默认")
    told = [(one.number, one.is_active, one.reason) for one in service.rule_versions(city.county)]
    assert told == [(2, True, "恢复默认"), (1, False, "按市里通知")]
