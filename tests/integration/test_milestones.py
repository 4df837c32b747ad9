"""Milestones through the service: stored rows, audit, baselines, roll-ups, conflict, scope, permission."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.permissions import Actor
from core.domain.terms import Role, Stage
from core.services import figures, milestones
from db.models import AuditEvent, Milestone, MilestoneBaseline, project_state, tally
from db.queries.milestones import Bucket, MilestoneFilter
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_milestone, make_project

TODAY = date(2026, 11, 22)
LONG = "长" * 300
SCRIPT = "<script>alert(1)</script>"


@dataclass(frozen=True)
class City:
    county: int
    other: int
    headquarters: int
    project: int
    late: int
    week: int
    month: int
    later: int
    foreign: int
    filler: Actor
    head: Actor


@pytest.fixture
def city(store) -> City:
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        headquarters = make_headquarters(tx, "交通会战指挥部")
        project = make_project(
            tx, county, "东湖大桥", headquarters_id=headquarters, initials="dhdq", reserved_on=date(2025, 3, 1)
        )
        made = [
            make_milestone(tx, project, day, name, is_key=True)
            for day, name in (
                (date(2026, 11, 1), "桥墩完工"),
                (date(2026, 11, 25), "合龙"),
                (date(2026, 12, 15), "桥面铺装"),
                (date(2027, 3, 1), "通车"),
            )
        ]
        foreign = make_milestone(tx, make_project(tx, other, "西山隧道"), date(2026, 11, 2), "贯通")
    figures.version()
    return City(
        county,
        other,
        headquarters,
        project,
        *made,
        foreign,
        filler=make_actor(Role.COUNTY, counties=[county], login="donghu"),
        head=make_actor(Role.HEADQUARTERS, headquarters=[headquarters], login="jiaotong"),
    )


def row_of(store, milestone_id: int):
    with store.read() as connection:
        return connection.execute(select(Milestone.__table__).where(Milestone.id == milestone_id)).mappings().one()


def last_audit(store):
    with store.read() as connection:
        query = select(AuditEvent.__table__).order_by(AuditEvent.seq.desc()).limit(1)
        return connection.execute(query).mappings().one()


def overdue(store, city: City) -> tuple[int, int, int]:
    """Overdue nodes of the project, of its county and of the city, as the roll-ups have them."""
    with store.read() as connection:
        state = connection.execute(
            select(project_state.c.milestones_overdue).where(project_state.c.project_id == city.project)
        ).scalar_one()
        sums = {
            (row.dimension, row.key_id): row.milestones_overdue
            for row in connection.execute(select(tally.c.dimension, tally.c.key_id, tally.c.milestones_overdue))
        }
    return state, sums[("county", city.county)], sums[("city", 0)]


def test_list_puts_late_nodes_first_and_counts_what_is_near(city: City) -> None:
    page = milestones.my_list(city.filler, MilestoneFilter())
    assert [row.id for row in page.rows] == [city.late, city.week, city.month, city.later]
    assert (page.counts.late, page.counts.week, page.counts.month) == (1, 1, 2)
    assert page.has_more is False
    assert page.rows[0].headquarters_name == "交通会战指挥部"


@pytest.mark.parametrize(
    ("bucket", "names"),
    [
        (Bucket.LATE, ["桥墩完工"]),
        (Bucket.WEEK, ["合龙"]),
        (Bucket.MONTH, ["合龙", "桥面铺装"]),
        (Bucket.LATER, ["通车"]),
        (Bucket.DONE, []),
    ],
)
def test_list_of_a_bucket_holds_only_its_nodes(city: City, bucket: Bucket, names: list[str]) -> None:
    page = milestones.my_list(city.filler, MilestoneFilter(bucket=bucket))
    assert [row.name for row in page.rows] == names


@pytest.mark.parametrize(("text", "found"), [("大桥", 4), ("DHDQ", 4), ("合龙", 1), ("%", 0), (SCRIPT, 0), (LONG, 0)])
def test_search_finds_project_initials_and_node_and_takes_wildcards_literally(
    city: City, text: str, found: int
) -> None:
    assert len(milestones.my_list(city.filler, MilestoneFilter(text=text)).rows) == found


def test_list_is_paged_without_losing_a_row(city: City, monkeypatch) -> None:
    monkeypatch.setattr(milestones, "PAGE_SIZE", 3)
    first = milestones.my_list(city.filler, MilestoneFilter(), 1)
    second = milestones.my_list(city.filler, MilestoneFilter(), 2)
    assert first.has_more is True
    assert second.has_more is False
    assert [row.id for row in (*first.rows, *second.rows)] == [city.late, city.week, city.month, city.later]


def test_list_leaves_out_nodes_of_projects_that_left(store, city: City) -> None:
    from db.models import Project

    with store.transaction(SYSTEM) as tx:
        tx.update(Project, city.project, {"stage": Stage.WITHDRAWN.value}, expected_version=1)
    assert milestones.my_list(city.filler, MilestoneFilter()).rows == ()
    assert milestones.my_list(city.filler, MilestoneFilter()).counts.late == 0


def test_complete_stores_audits_and_moves_the_sums(store, city: City) -> None:
    assert overdue(store, city) == (1, 1, 2)
    version = milestones.complete(city.filler, city.late, date(2026, 11, 20), " 桥墩全部完工 ", 1)
    row = row_of(store, city.late)
    assert (version, row["version"], row["actual_on"], row["note"]) == (2, 2, date(2026, 11, 20), "桥墩全部完工")
    audit = last_audit(store)
    assert (audit["actor"], audit["action"], audit["entity"], audit["entity_id"]) == (
        "donghu",
        "update",
        "milestone",
        str(city.late),
    )
    assert audit["project_id"] == city.project
    assert audit["headline"] == "东湖大桥 完成节点“桥墩完工”"
    assert overdue(store, city) == (0, 0, 1)


@pytest.mark.parametrize(
    ("actual_on", "note", "codes"),
    [
        (date(2026, 11, 23), "", ["future_date"]),
        (date(2025, 2, 28), "", ["before_reserve"]),
        (None, "长" * 1001, ["missing_date", "too_long"]),
    ],
)
def test_complete_refuses_impossible_values_all_at_once(store, city: City, actual_on, note, codes) -> None:
    with pytest.raises(Invalid) as refusal:
        milestones.complete(city.filler, city.late, actual_on, note, 1)
    assert [problem.code for problem in refusal.value.problems] == codes
    assert row_of(store, city.late)["version"] == 1


def test_complete_on_the_reserve_day_and_today_is_accepted(store, city: City) -> None:
    milestones.complete(city.filler, city.late, date(2025, 3, 1), "", 1)
    milestones.complete(city.filler, city.week, TODAY, SCRIPT + LONG, 1)
    assert row_of(store, city.late)["actual_on"] == date(2025, 3, 1)
    assert row_of(store, city.week)["note"] == SCRIPT + LONG


def test_complete_twice_is_refused_with_the_way_out(city: City) -> None:
    version = milestones.complete(city.filler, city.late, TODAY, "", 1)
    with pytest.raises(Invalid) as refusal:
        milestones.complete(city.filler, city.late, date(2026, 11, 1), "", version)
    assert [problem.code for problem in refusal.value.problems] == ["already_done"]
    assert "撤销" in refusal.value.user_message


def test_second_person_on_one_row_is_told_and_nothing_is_overwritten(store, city: City) -> None:
    milestones.complete(city.filler, city.late, date(2026, 11, 20), "甲", 1)
    with pytest.raises(Conflict) as refusal:
        milestones.complete(city.head, city.late, date(2026, 11, 21), "乙", 1)
    assert refusal.value.current == {"actual_on": date(2026, 11, 20), "note": "甲"}
    assert refusal.value.attempted == {"actual_on": date(2026, 11, 21), "note": "乙"}
    assert row_of(store, city.late)["note"] == "甲"
    detail = milestones.detail(city.head, city.late)
    assert detail.last_change is not None
    assert detail.last_change.login == "donghu"


def test_reopen_restores_the_row_and_the_sums(store, city: City) -> None:
    version = milestones.complete(city.filler, city.late, TODAY, "误点", 1)
    milestones.reopen(city.filler, city.late, milestones.UNDO_REASON, version, restored_note="")
    row = row_of(store, city.late)
    assert (row["actual_on"], row["note"], row["version"]) == (None, "", 3)
    assert last_audit(store)["reason"] == milestones.UNDO_REASON
    assert last_audit(store)["headline"] == "东湖大桥 撤销节点“桥墩完工”的完成登记"
    assert overdue(store, city) == (1, 1, 2)


def test_reopen_needs_a_reason_and_a_completed_node(city: City) -> None:
    with pytest.raises(Invalid) as refusal:
        milestones.reopen(city.filler, city.late, "错", 1)
    assert [problem.code for problem in refusal.value.problems] == ["short_reason", "not_done"]


def test_forecast_informs_and_leaves_the_plan_alone(store, city: City) -> None:
    milestones.forecast(city.filler, city.late, date(2026, 12, 5), "汛期停工两周", 1)
    row = row_of(store, city.late)
    assert (row["forecast_on"], row["forecast_reason"]) == (date(2026, 12, 5), "汛期停工两周")
    assert (row["planned_on"], row["moves"]) == (date(2026, 11, 1), 0)
    assert overdue(store, city) == (1, 1, 2)


def test_forecast_after_the_plan_needs_a_reason_and_a_day_to_come(city: City) -> None:
    with pytest.raises(Invalid) as refusal:
        milestones.forecast(city.filler, city.late, date(2026, 11, 21), "", 1)
    assert [problem.code for problem in refusal.value.problems] == ["past_date", "short_reason"]
    milestones.forecast(city.filler, city.later, date(2027, 2, 1), "", 1)


def test_rebaseline_adds_a_baseline_and_keeps_the_first(store, city: City) -> None:
    version = milestones.rebaseline(city.head, city.late, date(2026, 12, 1), "设计变更已批复", 1)
    milestones.rebaseline(city.head, city.late, date(2026, 11, 26), "工期压缩后提前", version)
    row = row_of(store, city.late)
    assert (row["first_baseline_on"], row["planned_on"], row["moves"]) == (
        date(2026, 11, 1),
        date(2026, 11, 26),
        2,
    )
    baselines = milestones.detail(city.head, city.late).baselines
    assert [(item.number, item.planned_on, item.previous_on, item.days, item.set_by) for item in baselines] == [
        (0, date(2026, 11, 1), None, 0, ""),
        (1, date(2026, 12, 1), date(2026, 11, 1), 30, "jiaotong"),
        (2, date(2026, 11, 26), date(2026, 12, 1), -5, "jiaotong"),
    ]
    assert baselines[1].reason == "设计变更已批复"
    assert overdue(store, city) == (0, 0, 1)
    with store.read() as connection:
        first = connection.execute(
            select(project_state.c.milestones_due_first).where(project_state.c.project_id == city.project)
        ).scalar_one()
    assert first == 1, "the first baseline still counts the node as due"


@pytest.mark.parametrize(
    ("planned_on", "reason", "codes"),
    [
        (date(2026, 11, 1), "", ["same_date", "short_reason"]),
        (date(2026, 11, 21), "设计变更", ["past_date"]),
        (date(2062, 1, 1), "设计变更", ["far_date"]),
        (date(2026, 12, 1), "长" * 401, ["too_long"]),
        (None, " 变更 ", ["missing_date", "short_reason"]),
    ],
)
def test_rebaseline_refuses_impossible_values_all_at_once(store, city: City, planned_on, reason, codes) -> None:
    with pytest.raises(Invalid) as refusal:
        milestones.rebaseline(city.head, city.late, planned_on, reason, 1)
    assert [problem.code for problem in refusal.value.problems] == codes
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(MilestoneBaseline)).scalar_one() == 5


def test_rebaseline_conflict_leaves_no_baseline_behind(store, city: City) -> None:
    milestones.forecast(city.filler, city.late, date(2026, 12, 5), "汛期停工两周", 1)
    with pytest.raises(Conflict):
        milestones.rebaseline(city.head, city.late, date(2026, 12, 1), "设计变更已批复", 1)
    assert len(milestones.detail(city.head, city.late).baselines) == 1
    assert row_of(store, city.late)["moves"] == 0


def test_row_outside_the_scope_does_not_exist(store, city: City) -> None:
    for act in (
        lambda: milestones.complete(city.filler, city.foreign, TODAY, "", 1),
        lambda: milestones.forecast(city.filler, city.foreign, date(2026, 12, 1), "汛期停工", 1),
        lambda: milestones.rebaseline(city.head, city.foreign, date(2026, 12, 1), "汛期停工", 1),
        lambda: milestones.reopen(city.filler, city.foreign, "登记错误", 1),
        lambda: milestones.detail(city.filler, city.foreign),
    ):
        with pytest.raises(NotFound):
            act()
    assert row_of(store, city.foreign)["version"] == 1


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.DISPLAY, Role.SECURITY_ADMIN])
def test_only_reporting_roles_may_write(city: City, role: Role) -> None:
    actor = make_actor(role)
    for act in (
        lambda: milestones.complete(actor, city.late, TODAY, "", 1),
        lambda: milestones.forecast(actor, city.late, date(2026, 12, 1), "汛期停工", 1),
        lambda: milestones.reopen(actor, city.late, "登记错误", 1),
        lambda: milestones.rebaseline(actor, city.late, date(2026, 12, 1), "汛期停工", 1),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_county_may_report_but_not_move_the_plan_and_supervision_the_reverse(city: City) -> None:
    with pytest.raises(PermissionDenied):
        milestones.rebaseline(city.filler, city.late, date(2026, 12, 1), "汛期停工", 1)
    with pytest.raises(PermissionDenied):
        milestones.complete(make_actor(Role.SUPERVISOR), city.late, TODAY, "", 1)
    assert milestones.rebaseline(make_actor(Role.SUPERVISOR), city.late, date(2026, 12, 1), "汛期停工", 1) == 2


def test_empty_scope_sees_an_empty_list(city: City) -> None:
    from core.domain.scope import Scope

    nobody = Actor("x", "x", frozenset({Role.COUNTY}), Scope())
    page = milestones.my_list(nobody, MilestoneFilter())
    assert page.rows == ()
    assert page.counts.late == 0


def test_headline_of_long_names_fits_the_ticker(store, city: City) -> None:
    with store.transaction(SYSTEM) as tx:
        project = make_project(tx, city.county, "名" * 200)
        node = make_milestone(tx, project, date(2026, 11, 20), "节" * 200)
    milestones.complete(city.filler, node, TODAY, "", 1)
    headline = last_audit(store)["headline"]
    assert headline.startswith("名" * 59 + "… 完成节点“")
    assert len(headline) <= 200
