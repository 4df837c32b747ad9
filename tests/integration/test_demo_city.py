"""The demo city: counts, money, dates for any day of the year, planted trouble, removal; the store for measuring."""

import itertools
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from core.domain.errors import Invalid
from core.domain.permissions import system_actor
from core.domain.terms import CountyKind, MatterKind, MatterStatus, ReportStatus
from db import audit
from db.models import (
    AnnualPlan,
    AuditEvent,
    Base,
    County,
    FundingLine,
    Headquarters,
    InvestmentPlan,
    InvestmentReport,
    LifecycleEvent,
    ListMembership,
    Matter,
    MatterEvent,
    Milestone,
    MilestoneBaseline,
    Parcel,
    ParcelUse,
    Person,
    Project,
    Setting,
    Unit,
    User,
    project_state,
    tally,
)
from db.seed.content.accounts import DEMO_ACCOUNTS
from db.seed.demo import build
from db.seed.removal import clear
from db.seed.scaled import build_scaled
from db.session import Store, open_store
from tests.factories import make_county, make_problem, make_project, make_unit

TODAY = date(2026, 11, 22)
ODD_DAYS = [
    date(2026, 1, 1),
    date(2026, 1, 31),
    date(2024, 2, 29),
    date(2026, 3, 15),
    date(2026, 6, 30),
    date(2026, 12, 31),
]
YI = 100_000_000


def opened(template: Path, folder: Path, now: datetime) -> Store:
    path = folder / "city.db"
    shutil.copyfile(template, path)
    return open_store(f"sqlite:///{path.as_posix()}", clock=lambda: now)


@pytest.fixture(scope="module")
def city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The city on 22 November, read only."""
    store = opened(sqlite_template, tmp_path_factory.mktemp("city"), datetime(2026, 11, 22, 6, 5, tzinfo=UTC))
    build(store)
    yield store
    store.dispose()


@pytest.fixture(scope="module", params=[*ODD_DAYS, TODAY], ids=str)
def dated(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, date]]:
    """The city on a day of the year that is easily got wrong; the clock shows quite another day."""
    store = opened(sqlite_template, tmp_path_factory.mktemp("dated"), datetime(2031, 5, 5, 2, 5, tzinfo=UTC))
    build(store, request.param)
    yield store, request.param
    store.dispose()


def rows(store: Store, statement) -> list:
    with store.read() as connection:
        return list(connection.execute(statement))


def scalar(store: Store, statement):
    with store.read() as connection:
        return connection.execute(statement).scalar_one()


def whole_city(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return dict(connection.execute(select(tally).where(tally.c.dimension == "city")).mappings().one())


def count_of(store: Store, model) -> int:
    return scalar(store, select(func.count()).select_from(model))


# Counts and roll-ups, on both databases


def test_city_counts_sums_and_keys_hold_on_both_databases(store):
    built = build(store)
    assert built.today == TODAY
    expected = {Project: 189, Headquarters: 20, Unit: 60, Person: 80, Parcel: 260, County: 14}
    assert {model: count_of(store, model) for model in expected} == expected
    assert 1400 <= count_of(store, Milestone) <= 1600
    figures = whole_city(store)
    assert figures["projects"] == 186
    assert figures["total_investment_yuan"] == 238_460_000_000
    assert figures["annual_plan_yuan"] == 51_230_000_000
    with store.read() as connection:
        assert audit.verify(connection) is None
        assert connection.execute(select(Setting.value).where(Setting.key == "demo")).scalar_one() == "true"
    with store.transaction(system_actor()) as tx:
        own = make_project(tx, scalar(store, select(func.min(County.id))))
    assert own == 190


def test_city_says_what_was_seeded_in_one_audit_row_and_thirty_ticker_rows(city):
    seeds = rows(city, select(AuditEvent.action, AuditEvent.entity, AuditEvent.new).where(AuditEvent.headline == ""))
    assert [(row.action, row.entity) for row in seeds] == [("seed", "demo")]
    assert json.loads(seeds[0].new)["rows"]["project"] == 189
    news = rows(
        city, select(AuditEvent.at, AuditEvent.headline).where(AuditEvent.headline != "").order_by(AuditEvent.seq)
    )
    assert len(news) == 30
    assert len({row.headline for row in news}) == 30
    assert all(timedelta(0) < city.clock() - row.at < timedelta(hours=7) for row in news)
    assert [row.at for row in news] == sorted(row.at for row in news)


def test_city_ticker_tells_what_the_rows_say(city):
    """A node that is said to be reached is reached on that day; a problem said to be resolved is closed."""
    news = rows(city, select(AuditEvent).where(AuditEvent.headline != ""))
    kinds = Counter(row.entity for row in news)
    assert kinds == {"milestone": 12, "investment_report": 10, "matter": 8}
    for row in news:
        if row.entity == "milestone":
            node = rows(city, select(Milestone.name, Milestone.actual_on).where(Milestone.id == int(row.entity_id)))[0]
            assert node.actual_on == TODAY
            assert f"“{node.name}”" in row.headline
        elif row.entity == "investment_report":
            query = select(InvestmentReport.submitted_at, InvestmentReport.status)
            report = rows(city, query.where(InvestmentReport.id == int(row.entity_id)))[0]
            assert report == (row.at, ReportStatus.SUBMITTED.value)
        elif "办结" in row.headline:
            query = select(Matter.closed_on).where(Matter.id == int(row.entity_id))
            assert scalar(city, query) == TODAY


def test_city_looks_like_the_wall(city):
    figures = whole_city(city)
    done = figures["ytd_done_yuan"] / figures["annual_plan_yuan"] * 100
    due = figures["curve_due_yuan"] / figures["annual_plan_yuan"] * 100
    assert 80.5 <= done <= 83.0
    assert 1.0 <= due - done <= 4.0
    assert figures["level_severe"] == pytest.approx(17, abs=2)
    assert figures["level_warn"] == pytest.approx(38, abs=5)
    assert figures["level_ok"] + figures["level_notice"] + figures["level_exempt"] == pytest.approx(131, abs=5)
    assert figures["level_no_data"] == 0
    assert (figures["start_due"], figures["unstarted"], figures["suspended"]) == (66, 5, 6)
    assert (figures["finish_planned"], figures["finish_commissioned"]) == (27, 20)


def test_city_headquarters_stand_in_the_order_of_the_picture(city):
    share = {}
    with city.read() as connection:
        joined = select(Headquarters.short_name, tally.c.ytd_done_yuan, tally.c.annual_plan_yuan).join(
            tally, (tally.c.key_id == Headquarters.id) & (tally.c.dimension == "headquarters")
        )
        for name, done, plan in connection.execute(joined):
            share[name] = done / plan
    pictured = ["高铁新城", "生态水城", "精品钢基地", "综合交通枢纽", "国际陆港", "棚户区改造", "科创城"]
    assert sorted(pictured, key=lambda name: -share[name]) == pictured


# Names and codes


def test_city_names_and_codes_are_distinct_and_of_the_right_form(city):
    projects = rows(city, select(Project.name, Project.code, Project.national_code, Project.initials))
    assert len({row.name for row in projects}) == len({row.code for row in projects}) == 189
    codes = {row.national_code for row in projects}
    assert len(codes) == 189
    assert all(re.fullmatch(r"\d{2}(0[1-9]|1[0-2])-9999\d{2}-04-0[12]-\d{6}", code) for code in codes)
    assert {row.name: row.initials for row in projects}["奥林匹克体育中心"] == "alpktyzx"
    assert all(row.code.startswith("ZD-20") for row in projects)


def test_city_plots_have_codes_of_the_standard_form_and_at_most_one_project(city):
    plots = rows(city, select(Parcel.code, Parcel.area_sqm, Parcel.status, Parcel.id))
    assert all(re.fullmatch(r"9999\d{8}GB\d{5}", row.code) for row in plots)
    uses = rows(city, select(ParcelUse.parcel_id, ParcelUse.project_id))
    assert len(uses) == len({row.parcel_id for row in uses}) >= 120
    assert len({row.status for row in plots}) == 6


# Any day of the year


def test_any_day_money_adds_up(dated):
    store, _ = dated
    months = rows(
        store,
        select(InvestmentPlan.project_id, InvestmentPlan.year, func.sum(InvestmentPlan.plan_yuan)).group_by(
            InvestmentPlan.project_id, InvestmentPlan.year
        ),
    )
    annual = rows(store, select(AnnualPlan.project_id, AnnualPlan.year, AnnualPlan.plan_yuan))
    assert {(p, y): int(s) for p, y, s in months} == {(p, y): s for p, y, s in annual}
    funds = rows(
        store, select(FundingLine.project_id, func.sum(FundingLine.planned_yuan)).group_by(FundingLine.project_id)
    )
    totals = dict(tuple(row) for row in rows(store, select(Project.id, Project.total_investment_yuan)))
    assert {project: int(planned) for project, planned in funds} == totals
    lines = rows(store, select(FundingLine.planned_yuan, FundingLine.received_yuan, FundingLine.spent_yuan))
    assert all(0 <= spent <= received <= planned for planned, received, spent in lines)
    assert scalar(store, select(func.min(InvestmentPlan.plan_yuan))) >= 0
    assert scalar(store, select(func.min(InvestmentReport.done_yuan))) >= 0


def test_any_day_a_finished_project_has_spent_exactly_its_total(dated):
    store, _ = dated
    reported = func.coalesce(func.sum(InvestmentReport.done_yuan), 0)
    query = (
        select(Project.id, Project.total_investment_yuan, Project.prior_done_yuan, Project.completed_on, reported)
        .join(InvestmentReport, InvestmentReport.project_id == Project.id, isouter=True)
        .group_by(Project.id)
    )
    found = rows(store, query)
    for row in found:
        done = row.prior_done_yuan + int(row[4])
        if row.completed_on:
            assert done == row.total_investment_yuan
        else:
            assert done <= row.total_investment_yuan * 1.05
    assert sum(row.completed_on is not None for row in found) >= 1


def test_any_day_has_24_months_of_plan_and_reports_up_to_the_day(dated):
    store, today = dated
    with store.read() as connection:
        as_of = audit.read_head(connection).figures
    assert as_of is not None
    assert as_of.on == today
    year = as_of.year
    planned = rows(store, select(InvestmentPlan.year, InvestmentPlan.month).distinct())
    assert {tuple(row) for row in planned} >= {(y, m) for y in (year - 1, year) for m in range(1, 13)}
    reported = {tuple(row) for row in rows(store, select(InvestmentReport.year, InvestmentReport.month).distinct())}
    assert {(year - 1, m) for m in range(1, 13)} <= reported
    assert max(reported) <= (today.year, today.month)
    locked = select(InvestmentReport.status).where(
        (InvestmentReport.year < year) | (InvestmentReport.month < as_of.month.number), InvestmentReport.year <= year
    )
    assert {row.status for row in rows(store, locked.distinct())} == {ReportStatus.LOCKED.value}


def test_any_day_nothing_has_happened_after_it(dated):
    store, today = dated
    for model, names in (
        (Project, ("started_on", "suspended_on", "resumed_on", "completed_on", "commissioned_on", "full_capacity_on")),
        (Project, ("reserved_on", "signed_on", "fulfilled_on", "entered_statistics_on", "started_land_on")),
        (Milestone, ("actual_on",)),
        (Matter, ("raised_on", "closed_on")),
        (LifecycleEvent, ("happened_on",)),
        (Parcel, ("supplied_on",)),
    ):
        for name in names:
            latest = scalar(store, select(func.max(getattr(model, name))))
            assert latest is None or latest <= today, f"{model.__name__}.{name}"
    at = scalar(store, select(func.max(AuditEvent.at)).where(AuditEvent.headline != ""))
    for model, name in (
        (MilestoneBaseline, "set_at"),
        (MatterEvent, "happened_at"),
        (InvestmentReport, "submitted_at"),
    ):
        assert scalar(store, select(func.max(getattr(model, name)))) <= at + timedelta(hours=1), name


def test_any_day_dates_of_a_project_are_in_order(dated):
    store, _ = dated
    for row in rows(store, select(Project)):
        known = [day for day in (row.started_on, row.completed_on, row.commissioned_on, row.full_capacity_on) if day]
        assert known == sorted(known), row.name
        assert row.start_planned_on < row.finish_planned_on, row.name
        if row.started_on:
            assert row.reserved_on < row.started_on, row.name
        if row.suspended_on:
            assert row.started_on < row.suspended_on, row.name
            assert row.resumed_on is None or row.resumed_on > row.suspended_on, row.name
        assert row.signed_on is None or row.fulfilled_on is None or row.signed_on < row.fulfilled_on, row.name


def test_any_day_milestones_are_in_order_and_baselines_lead_to_the_plan(dated):
    store, today = dated
    baselines = defaultdict(list)
    for row in rows(
        store, select(MilestoneBaseline).order_by(MilestoneBaseline.milestone_id, MilestoneBaseline.number)
    ):
        baselines[row.milestone_id].append(row)
    by_project = defaultdict(list)
    for node in rows(store, select(Milestone).order_by(Milestone.project_id, Milestone.sequence)):
        by_project[node.project_id].append(node)
        chain = baselines[node.id]
        assert [row.number for row in chain] == list(range(node.moves + 1))
        assert chain[0].planned_on == node.first_baseline_on
        assert chain[-1].planned_on == node.planned_on
        for earlier, later in itertools.pairwise(chain):
            assert later.previous_on == earlier.planned_on
            assert later.planned_on - earlier.planned_on == timedelta(days=later.days)
            assert later.reason
    for nodes in by_project.values():
        assert [node.planned_on for node in nodes] == sorted(node.planned_on for node in nodes)
        reached = [node.actual_on for node in nodes if node.actual_on]
        assert reached == sorted(reached)
    moved = sum(node.moves > 0 for nodes in by_project.values() for node in nodes)
    assert moved > 100
    soon = [
        n
        for nodes in by_project.values()
        for n in nodes
        if n.actual_on is None and 0 <= (n.planned_on - today).days <= 7
    ]
    assert 12 <= len(soon) <= 36


def test_any_day_levels_are_believable(dated):
    store, _ = dated
    figures = whole_city(store)
    assert figures["projects"] == 186
    assert 10 <= figures["level_severe"] <= 20
    assert 22 <= figures["level_warn"] <= 43
    assert figures["level_no_data"] <= 5
    assert figures["level_ok"] > figures["level_warn"]
    done = figures["ytd_done_yuan"] / figures["annual_plan_yuan"]
    due = figures["curve_due_yuan"] / figures["annual_plan_yuan"]
    assert -0.012 <= due - done <= 0.045
    assert figures["suspended"] == 6
    assert figures["reports_missing"] == 5
    assert figures["unstarted"] <= 5


def test_any_day_next_years_plan_stands_so_that_the_wall_survives_new_year(dated):
    store, _ = dated
    with store.read() as connection:
        as_of = audit.read_head(connection).figures
    following = select(func.count()).select_from(ListMembership).where(ListMembership.year == as_of.year + 1)
    assert scalar(store, following) >= 155


def test_figures_do_not_depend_on_the_clock(sqlite_template, tmp_path):
    """Two clocks, one day: every roll-up and every dated row is the same."""
    contents = []
    for number, now in enumerate((datetime(2026, 11, 22, 1, 0, tzinfo=UTC), datetime(2029, 2, 3, 15, 30, tzinfo=UTC))):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = opened(sqlite_template, folder, now)
        build(store, TODAY)
        contents.append(
            [
                [tuple(row) for row in rows(store, select(table).order_by(*table.primary_key))]
                for table in (
                    tally,
                    project_state,
                    Project.__table__,
                    InvestmentPlan.__table__,
                    AnnualPlan.__table__,
                    ListMembership.__table__,
                    FundingLine.__table__,
                    Parcel.__table__,
                )
            ]
        )
        store.dispose()
    assert contents[0] == contents[1]


# Planted trouble


def test_planted_late_and_returned_reports_are_found(city):
    active = select(ListMembership.project_id).where(ListMembership.year == 2026, ListMembership.left_on.is_(None))
    sent = select(InvestmentReport.project_id).where(InvestmentReport.year == 2026, InvestmentReport.month == 10)
    late = select(Project.name).where(
        Project.id.in_(active),
        Project.id.not_in(sent),
        Project.completed_on.is_(None),
        Project.id.in_(select(AnnualPlan.project_id).where(AnnualPlan.year == 2026)),
    )
    assert len(rows(city, late)) == 4
    returned = rows(city, select(InvestmentReport).where(InvestmentReport.status == ReportStatus.RETURNED.value))
    assert [(row.year, row.month, bool(row.return_reason)) for row in returned] == [(2026, 10, True)]


def test_planted_implausible_report_is_found_and_not_yet_reviewed(city):
    totals = defaultdict(int)
    wrong = []
    for row in rows(
        city, select(InvestmentReport).where(InvestmentReport.year == 2026).order_by(InvestmentReport.month)
    ):
        if row.status != ReportStatus.RETURNED.value:
            totals[row.project_id] += row.done_yuan
            if row.reported_ytd_yuan != totals[row.project_id]:
                wrong.append((row.month, row.status, row.project_id))
    assert [(month, status) for month, status, _ in wrong] == [(10, "submitted")]
    mean = (totals[wrong[0][2]] - last_done(city, wrong[0][2])) / 9
    assert last_done(city, wrong[0][2]) > 3 * mean


def last_done(store: Store, project_id: int) -> int:
    where = (InvestmentReport.project_id == project_id, InvestmentReport.year == 2026, InvestmentReport.month == 10)
    return scalar(store, select(InvestmentReport.done_yuan).where(*where))


def test_planted_work_reported_by_a_suspended_project_is_found(city):
    query = (
        select(Project.name, InvestmentReport.done_yuan)
        .join(InvestmentReport, InvestmentReport.project_id == Project.id)
        .where(
            Project.stage == "suspended",
            Project.suspended_on < date(2026, 10, 1),
            InvestmentReport.year == 2026,
            InvestmentReport.month == 10,
            InvestmentReport.done_yuan > 0,
        )
    )
    assert [row.done_yuan for row in rows(city, query)] == [3_000_000]
    assert count_where(city, Project.stage == "suspended") == 6


def count_where(store: Store, clause) -> int:
    return scalar(store, select(func.count()).select_from(Project).where(clause))


def test_planted_stale_problem_is_the_only_one_untouched_for_two_months(city):
    latest = select(MatterEvent.matter_id, func.max(MatterEvent.happened_at).label("at")).group_by(
        MatterEvent.matter_id
    )
    last = latest.subquery()
    query = (
        select(Project.name, Matter.title, Matter.due_on)
        .join(last, last.c.matter_id == Matter.id)
        .join(Project, Project.id == Matter.project_id)
        .where(Matter.closed_on.is_(None), last.c.at < city.clock() - timedelta(days=60))
    )
    found = rows(city, query)
    assert [row.name for row in found] == ["丰乐航电枢纽船闸"]
    assert found[0].due_on < TODAY - timedelta(days=60)


def test_planted_escalated_problems_make_their_projects_red(city):
    overdue = (
        select(Project.name, project_state.c.level)
        .join(Matter, Matter.project_id == Project.id)
        .join(project_state, project_state.c.project_id == Project.id)
        .where(Matter.kind == MatterKind.PROBLEM.value, Matter.closed_on.is_(None))
        .where(Matter.is_escalated, Matter.due_on < TODAY, Matter.status == MatterStatus.ESCALATED.value)
    )
    assert {tuple(row) for row in rows(city, overdue)} == {
        ("百户工业园标准厂房", "severe"),
        ("城南片区棚户区改造B地块", "severe"),
    }


def test_planted_adjustments_of_the_list_carry_reason_and_document(city):
    this_year = select(ListMembership).where(ListMembership.year == 2026)
    left = rows(city, this_year.where(ListMembership.left_on.is_not(None)))
    joined = rows(city, this_year.where(ListMembership.joined_on > date(2026, 1, 1)))
    assert (len(left), len(joined)) == (3, 5)
    assert all(row.reason and row.document_no.startswith("云政办发〔2026〕") for row in (*left, *joined))


def test_city_problems_have_every_step_and_some_are_overdue(city):
    figures = whole_city(city)
    assert 35 <= figures["problems_open"] <= 50
    assert 7 <= figures["problems_overdue"] <= 12
    steps = Counter(row.kind for row in rows(city, select(MatterEvent.kind)))
    assert set(steps) == {
        "registered", "assigned", "in_progress", "escalated", "resolved", "closed_out", "extension_requested",
    }  # fmt: skip
    kinds = {row.kind for row in rows(city, select(Matter.kind).distinct())}
    assert kinds == {kind.value for kind in MatterKind}


# Second build, removal


def test_second_build_is_refused_and_changes_nothing(sqlite_store):
    build_scaled(sqlite_store, 20, TODAY)
    for again in (lambda: build(sqlite_store), lambda: build_scaled(sqlite_store, 20)):
        with pytest.raises(Invalid) as refused:
            again()
        assert refused.value.problems[0].code == "demo_exists"
    assert count_of(sqlite_store, Project) == 20


def test_build_beside_a_county_of_the_same_name_is_refused(sqlite_store):
    with sqlite_store.transaction(system_actor()) as tx:
        make_county(tx, "云河区")
    with pytest.raises(Invalid) as refused:
        build(sqlite_store)
    assert refused.value.problems[0].code == "county_exists"
    assert count_of(sqlite_store, Project) == 0


def test_clear_leaves_nothing_of_the_demo_and_says_so(store):
    build(store)
    removed = clear(store)
    assert removed["project"] == 189
    kept = {"alembic_version", "audit_event", "store_head", "setting", "rule_set"}
    left = {
        table.name: scalar(store, select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name not in kept
    }
    assert {name: count for name, count in left.items() if count} == {}
    with store.read() as connection:
        settings = dict(tuple(row) for row in connection.execute(select(Setting.key, Setting.value)))
        assert settings["demo"] == "false"
        assert "demo_ids" not in settings
        assert audit.verify(connection) is None
    with pytest.raises(Invalid) as refused:
        clear(store)
    assert refused.value.problems[0].code == "no_demo"
    build_scaled(store, 20, TODAY)
    assert whole_city(store)["projects"] == 20


def test_clear_keeps_what_is_not_of_the_demo(store):
    build(store)
    with store.transaction(system_actor()) as tx:
        demo_county = tx.connection.execute(select(County.id).where(County.name == "南岭区")).scalar_one()
        demo_project = tx.connection.execute(select(func.min(Project.id))).scalar_one()
        own_unit = make_unit(tx, "自建单位", county_id=demo_county)
        own_project = make_project(tx, demo_county, "自建项目", responsible_unit_id=own_unit, done_yuan={10: 3 * YI})
        make_problem(tx, demo_project, "演示项目上新登记的问题")
        own_problem = make_problem(tx, own_project, "自建项目的问题")
        account = {"login": "made.by.hand", "name": "手工账号", "password_hash": "x", "is_demo": False}
        boss = tx.insert(User, {**account, "login": "leader", "is_demo": True})
        tx.insert(User, {**account, "superior_id": boss})
    clear(store)
    assert [row.id for row in rows(store, select(Project.id))] == [own_project]
    assert [row.name for row in rows(store, select(County.name))] == ["南岭区"]
    assert [row.id for row in rows(store, select(Unit.id))] == [own_unit]
    assert [row.id for row in rows(store, select(Matter.id))] == [own_problem]
    assert list(rows(store, select(User.login, User.superior_id))) == [("made.by.hand", None)]
    figures = whole_city(store)
    assert (figures["projects"], figures["ytd_done_yuan"]) == (1, 3 * YI)


# Store for measuring


def test_scaled_store_has_twelve_milestones_and_24_months_and_agrees_with_its_roll_ups(store):
    build_scaled(store, 300, TODAY)
    assert count_of(store, Project) == count_of(store, Parcel) == 300
    assert count_of(store, Milestone) == 300 * 12
    assert count_of(store, InvestmentPlan) == 300 * 24
    assert count_of(store, InvestmentReport) == 300 * 22
    figures = whole_city(store)
    assert figures["projects"] == 300
    done = select(func.sum(InvestmentReport.done_yuan)).where(InvestmentReport.year == 2026)
    assert figures["ytd_done_yuan"] == int(scalar(store, done))
    plan = select(func.sum(InvestmentPlan.plan_yuan)).where(InvestmentPlan.year == 2026)
    assert figures["annual_plan_yuan"] == int(scalar(store, plan))
    assert min(figures[f"level_{name}"] for name in ("ok", "notice", "warn", "severe", "exempt")) > 10
    lonely = text(
        "SELECT count(*) FROM milestone m LEFT JOIN milestone_baseline b ON b.milestone_id = m.id WHERE b.id IS NULL"
    )
    assert scalar(store, lonely) == 0
    with store.transaction(system_actor()) as tx:
        assert tx.insert(County, {"code": "1", "name": "新县", "kind": CountyKind.COUNTY.value}) == 15
    clear(store)
    assert count_of(store, Project) == count_of(store, Parcel) == count_of(store, Milestone) == 0


@pytest.mark.parametrize("number", [0, 200_001])
def test_scaled_store_refuses_sizes_out_of_range(sqlite_store, number):
    with pytest.raises(Invalid) as refused:
        build_scaled(sqlite_store, number)
    assert refused.value.problems[0].code == "range"


# Command


def run_command(*arguments: str) -> int:
    from core.commands import build_parser

    parsed = build_parser().parse_args(["demo", *arguments])
    return parsed.handler(parsed)


def test_command_builds_city_and_accounts_and_prints_how_to_sign_in(sqlite_store, capsys):
    assert run_command() == 0
    shown = capsys.readouterr().out
    assert "189 个项目" in shown
    assert all(account.login in shown for account in DEMO_ACCOUNTS)
    users = rows(sqlite_store, select(User.login, User.is_demo))
    assert {row.login for row in users} == {account.login for account in DEMO_ACCOUNTS}
    assert all(row.is_demo for row in users)
    bound = rows(
        sqlite_store,
        text(
            "SELECT u.login, c.name, h.name, n.name FROM user_role r JOIN user_account u ON u.id = r.user_id"
            " LEFT JOIN county c ON c.id = r.county_id LEFT JOIN headquarters h ON h.id = r.headquarters_id"
            " LEFT JOIN unit n ON n.id = r.unit_id"
        ),
    )
    wanted = {(a.login, a.county or None, a.headquarters or None, a.unit or None) for a in DEMO_ACCOUNTS}
    assert {tuple(row) for row in bound} == wanted


def test_command_clears_and_rebuilds_only_when_told(sqlite_store):
    run_command("--projects", "20")
    assert count_of(sqlite_store, Project) == 20
    with pytest.raises(Invalid):
        run_command()
    assert run_command("--projects", "30", "--force") == 0
    assert count_of(sqlite_store, Project) == 30
    assert run_command("--clear") == 0
    assert count_of(sqlite_store, Project) == count_of(sqlite_store, User) == 0


def test_command_does_not_mix_a_demo_into_real_projects(sqlite_store):
    with sqlite_store.transaction(system_actor()) as tx:
        make_project(tx, make_county(tx, "甲县"))
    with pytest.raises(Invalid) as refused:
        run_command("--projects", "10")
    assert refused.value.problems[0].code == "has_projects"
    assert run_command("--projects", "10", "--force") == 0
    assert run_command("--clear") == 0
    assert count_of(sqlite_store, Project) == 1
