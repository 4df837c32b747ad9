"""Monthly reports through the services: stored rows, audit, roll-ups, conflict, states, scope, permission, paste."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, Locked, NotFound, PermissionDenied
from core.domain.period import Month
from core.domain.permissions import Actor
from core.domain.report_checks import TypedReport
from core.domain.terms import ReportStatus, Role, YearClass
from core.services import figures, report_entry, report_paste, report_review, reports
from core.services.report_entry import Entry
from db.models import AuditEvent, InvestmentReport, project_state, tally
from db.queries.reports import ReportFilter
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_county,
    make_headquarters,
    make_month_plans,
    make_project,
    make_report,
)

OCT, NOV, DEC = Month(2026, 10), Month(2026, 11), Month(2026, 12)
NINE = dict.fromkeys(range(1, 10), YI)
WAN = 10_000


@dataclass(frozen=True)
class City:
    county: int
    bridge: int
    road: int
    idle: int
    foreign: int
    filler: Actor
    head: Actor
    supervisor: Actor


@pytest.fixture
def city(store) -> City:
    """The day is 2026-11-22: October is counted, November may be reported until the 25th."""
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        headquarters = make_headquarters(tx, "交通会战指挥部")
        bridge = make_project(tx, county, "东湖大桥", headquarters_id=headquarters, done_yuan=NINE, code="DH-001")
        road = make_project(tx, county, "环湖公路", done_yuan={**NINE, 10: YI})
        idle = make_project(tx, county, "数据中心", year_class=YearClass.NEW_START, done_yuan={**NINE, 10: 0})
        make_month_plans(tx, road, {month: month * YI for month in range(1, 13)})
        make_project(tx, county, "储备园区", year_class=YearClass.RESERVE)
        make_project(tx, county, "已调出工程", year_class=None)
        make_project(tx, county, "早已竣工工程", completed_on=date(2026, 3, 15), done_yuan={1: YI, 2: YI, 3: YI})
        foreign = make_project(tx, other, "西山隧道")
    figures.version()
    return City(
        county,
        bridge,
        road,
        idle,
        foreign,
        filler=make_actor(Role.COUNTY, counties=[county], login="donghu"),
        head=make_actor(Role.HEADQUARTERS, headquarters=[headquarters], login="jiaotong"),
        supervisor=make_actor(Role.SUPERVISOR, login="ducha"),
    )


def report_of(store, project_id: int, month: Month):
    with store.read() as connection:
        query = select(InvestmentReport.__table__).where(
            InvestmentReport.project_id == project_id,
            InvestmentReport.year == month.year,
            InvestmentReport.month == month.number,
        )
        return connection.execute(query).mappings().one_or_none()


def audits(store, **wanted: str) -> list:
    with store.read() as connection:
        query = select(AuditEvent.__table__).order_by(AuditEvent.seq)
        for name, value in wanted.items():
            query = query.where(getattr(AuditEvent, name) == value)
        return list(connection.execute(query).mappings())


def sums(store, city: City) -> tuple[int, int, int, int]:
    """ytd of the bridge, of its county and of the city, and the missing reports of the county."""
    with store.read() as connection:
        state = connection.execute(
            select(project_state.c.ytd_done_yuan).where(project_state.c.project_id == city.bridge)
        ).scalar_one()
        rows = {
            (row.dimension, row.key_id): row
            for row in connection.execute(
                select(tally.c.dimension, tally.c.key_id, tally.c.ytd_done_yuan, tally.c.reports_missing)
            )
        }
    county, whole = rows[("county", city.county)], rows[("city", 0)]
    return state, county.ytd_done_yuan, whole.ytd_done_yuan, county.reports_missing


def typed(done: str, **values: str) -> TypedReport:
    return TypedReport(done, **values)


def test_sheet_lists_exactly_the_projects_that_count_as_due(city: City) -> None:
    names = [row.project.name for row in reports.sheet(city.filler, OCT).rows]
    assert names == ["东湖大桥", "环湖公路", "数据中心"]
    assert [row.project.name for row in reports.sheet(city.filler, Month(2026, 3)).rows][-1] == "早已竣工工程"


def test_sheet_shows_plan_last_month_and_year_to_date(city: City) -> None:
    bridge, road, idle = reports.sheet(city.filler, NOV).rows
    assert (bridge.status, bridge.report, bridge.previous_done_yuan) == (ReportStatus.MISSING, None, None)
    assert (bridge.month_plan_yuan, bridge.ytd_before_yuan, bridge.ytd_done_yuan) == (YI, 9 * YI, 9 * YI)
    assert (road.month_plan_yuan, road.previous_done_yuan, road.ytd_before_yuan) == (11 * YI, YI, 10 * YI)
    assert idle.previous_done_yuan == 0, "zero was reported, which is not the same as nothing"


def test_sheet_says_when_the_month_enters_the_wall(city: City) -> None:
    october, november = reports.sheet(city.filler, OCT), reports.sheet(city.filler, NOV)
    assert (october.deadline_on, october.enters_on, october.counts_now) == (
        date(2026, 10, 25),
        date(2026, 10, 26),
        True,
    )
    assert (november.deadline_on, november.enters_on, november.counts_now) == (
        date(2026, 11, 25),
        date(2026, 11, 26),
        False,
    )


def test_progress_agrees_with_the_rollups_and_picks_the_oldest_gap(store, city: City) -> None:
    gaps = reports.months(city.filler)
    assert [(item.month.number, item.missing) for item in gaps] == [*((n, 0) for n in range(1, 10)), (10, 1), (11, 3)]
    assert sum(item.missing for item in gaps[:10]) == sums(store, city)[3] == 1
    assert reports.default_month(gaps) == OCT
    march, october = reports.progress(city.filler, Month(2026, 3)), reports.progress(city.filler, OCT)
    assert (march.due, march.submitted, march.missing) == (4, 4, 0)
    assert (october.due, october.submitted, october.missing) == (3, 2, 1)


def test_default_month_is_the_open_one_when_nothing_is_missing(city: City) -> None:
    report_entry.submit(city.filler, OCT, [Entry(city.bridge, None, typed("0"))])
    assert reports.default_month(reports.months(city.filler)) == NOV
    everything = [Entry(project, None, typed("100")) for project in (city.bridge, city.road, city.idle)]
    report_entry.submit(city.filler, NOV, everything)
    assert reports.default_month(reports.months(city.filler)) == NOV


def test_submit_stores_audits_announces_and_moves_the_sums(store, city: City, clock) -> None:
    assert sums(store, city) == (9 * YI, 31 * YI, 31 * YI, 1)
    entry = Entry(
        city.bridge,
        None,
        typed(
            "12,500.5",
            reported_ytd_wan="102500.5",
            statistics_wan="１.２亿元",
            physical_progress=" 合龙 ",
            difficulty="<b>征地</b>",
            next_step="倒排工期",
        ),
    )
    outcome = report_entry.submit(city.filler, OCT, [entry])
    assert (outcome.saved, outcome.unchanged, outcome.refused) == ((city.bridge,), 0, ())
    row = report_of(store, city.bridge, OCT)
    assert (row["status"], row["done_yuan"], row["reported_ytd_yuan"], row["statistics_yuan"]) == (
        "submitted",
        125_005_000,
        1_025_005_000,
        120_000_000,
    )
    assert (row["physical_progress"], row["difficulty"], row["version"]) == ("合龙", "<b>征地</b>", 1)
    assert (row["submitted_by"], row["submitted_at"]) == ("donghu", clock.now)
    assert sums(store, city) == (1_025_005_000, 31 * YI + 125_005_000, 31 * YI + 125_005_000, 0)
    insert = audits(store, entity="investment_report", action="insert", actor="donghu")[-1]
    assert (insert["project_id"], insert["entity_id"]) == (city.bridge, str(row["id"]))
    announced = audits(store, action="submit")
    assert [item["headline"] for item in announced] == ["东湖区 10月投资 2.25 亿元 已报"]


def test_good_rows_are_saved_and_refused_ones_come_back_as_typed(store, city: City) -> None:
    entries = [
        Entry(city.bridge, None, typed("8000")),
        Entry(city.road, None, typed("很多", difficulty="长" * 1001)),
        Entry(city.idle, None, typed("-5", reported_ytd_wan="")),
        Entry(city.foreign, None, typed("1")),
    ]
    outcome = report_entry.submit(city.filler, NOV, entries)
    assert outcome.saved == (city.bridge,)
    assert [(item.project_id, [problem.code for problem in item.problems]) for item in outcome.refused] == [
        (city.road, ["not_a_number", "too_long"]),
        (city.idle, ["negative_amount"]),
        (city.foreign, ["not_due"]),
    ]
    assert outcome.refused[0].typed == entries[1].typed
    assert report_of(store, city.bridge, NOV)["done_yuan"] == 8000 * WAN
    assert report_of(store, city.road, NOV) is None
    assert report_of(store, city.foreign, NOV) is None


@pytest.mark.parametrize(
    ("done", "code"),
    [
        ("900000", None),
        ("900000.0001", "absurd_amount"),
        ("80000000", "absurd_amount"),
        ("", "missing_amount"),
        ("—", "missing_amount"),
        ("nan", "missing_amount"),
        ("inf", "not_a_number"),
        ("1e2e3", "not_a_number"),
        ("12.3.4", "not_a_number"),
        ("0", None),
    ],
    ids=str,
)
def test_amounts_are_refused_at_the_border(store, city: City, done: str, code: str | None) -> None:
    """The project is worth 30 亿元: three times that in one month is the last amount taken."""
    outcome = report_entry.submit(city.filler, NOV, [Entry(city.bridge, None, typed(done))])
    assert [problem.code for item in outcome.refused for problem in item.problems] == ([code] if code else [])
    assert (report_of(store, city.bridge, NOV) is None) == (code is not None)


def test_yuan_typed_for_wan_is_refused_with_the_amount_that_was_meant(city: City) -> None:
    outcome = report_entry.submit(city.filler, NOV, [Entry(city.bridge, None, typed("80000000"))])
    assert "请改为 8000；" in outcome.refused[0].problems[0].message


def test_draft_keeps_values_and_counts_nowhere(store, city: City) -> None:
    before = sums(store, city)
    draft = typed("", physical_progress="合龙准备")
    outcome = report_entry.submit(city.filler, OCT, [Entry(city.bridge, None, draft)], draft=True)
    assert outcome.saved == (city.bridge,)
    row = report_of(store, city.bridge, OCT)
    assert (row["status"], row["done_yuan"], row["physical_progress"]) == ("missing", None, "合龙准备")
    assert row["submitted_at"] is None
    assert sums(store, city) == before
    assert audits(store, action="submit") == []
    refused = report_entry.submit(city.filler, OCT, [Entry(city.bridge, 1, draft)]).refused
    assert [problem.code for problem in refused[0].problems] == ["missing_amount"]
    report_entry.submit(city.filler, OCT, [Entry(city.bridge, 1, typed("5000"))])
    assert report_of(store, city.bridge, OCT)["status"] == "submitted"
    assert sums(store, city)[0] == 9 * YI + 5000 * WAN


def test_draft_tells_a_zero_from_an_open_amount(store, city: City) -> None:
    report_entry.submit(city.filler, OCT, [Entry(city.bridge, None, typed("0"))], draft=True)
    assert report_of(store, city.bridge, OCT)["done_yuan"] == 0
    report_entry.submit(city.filler, OCT, [Entry(city.bridge, 1, typed(""))], draft=True)
    assert report_of(store, city.bridge, OCT)["done_yuan"] is None


def test_sent_report_is_not_turned_back_into_a_draft(store, city: City) -> None:
    outcome = report_entry.submit(city.filler, OCT, [Entry(city.road, 1, typed("1"))], draft=True)
    assert [problem.code for problem in outcome.refused[0].problems] == ["already_submitted"]
    assert report_of(store, city.road, OCT)["done_yuan"] == YI


def test_same_values_again_write_nothing(store, city: City) -> None:
    outcome = report_entry.submit(city.filler, OCT, [Entry(city.road, 1, typed("10000"))])
    assert (outcome.saved, outcome.unchanged) == ((), 1)
    assert report_of(store, city.road, OCT)["version"] == 1


def test_second_person_on_one_row_gets_both_versions(store, city: City) -> None:
    report_entry.submit(city.filler, OCT, [Entry(city.bridge, None, typed("100", difficulty="甲"))])
    mine = typed("200", difficulty="乙")
    outcome = report_entry.submit(city.head, OCT, [Entry(city.bridge, None, mine)])
    (refusal,) = outcome.refused
    assert refusal.is_conflict
    assert refusal.typed == mine
    assert refusal.current is not None
    assert (refusal.current.done_yuan, refusal.current.difficulty, refusal.current.version) == (100 * WAN, "甲", 1)
    assert report_of(store, city.bridge, OCT)["difficulty"] == "甲"
    report_entry.submit(city.head, OCT, [Entry(city.bridge, refusal.current.version, mine)])
    assert report_of(store, city.bridge, OCT)["difficulty"] == "乙"


def test_empty_row_opened_by_two_at_once_keeps_the_rest_of_the_grid(store, city: City, monkeypatch) -> None:
    """The other one inserts between our look and our write: one row conflicts, the others are saved."""
    with store.transaction(SYSTEM) as tx:
        make_report(tx, city.bridge, 11, 7 * WAN)
    monkeypatch.setattr(report_entry.queries, "load_reports", lambda *_: {})
    entries = [Entry(city.bridge, None, typed("9")), Entry(city.road, None, typed("10"))]
    outcome = report_entry.submit(city.filler, NOV, entries)
    assert outcome.saved == (city.road,)
    assert outcome.refused[0].is_conflict
    assert report_of(store, city.bridge, NOV)["done_yuan"] == 7 * WAN
    assert report_of(store, city.road, NOV)["done_yuan"] == 10 * WAN


def test_month_to_come_is_refused(city: City) -> None:
    with pytest.raises(Invalid) as refusal:
        report_entry.submit(city.filler, DEC, [])
    assert [problem.code for problem in refusal.value.problems] == ["future_month"]


def test_doubts_stand_beside_the_row_and_do_not_block(city: City) -> None:
    """1 cumulated falls, 2 month ≠ step, 3 above plan and total, 9 money without works."""
    entries = [
        Entry(city.bridge, None, typed("300000", reported_ytd_wan="80000")),
        Entry(city.road, 1, typed("300000")),
        Entry(city.idle, 1, typed("10")),
    ]
    assert len(report_entry.submit(city.filler, OCT, entries).saved) == 3
    bridge, road, idle = reports.sheet(city.filler, OCT).rows
    assert [doubt.code for doubt in bridge.doubts] == ["CHK-01", "CHK-02"]
    assert [doubt.code for doubt in road.doubts] == ["CHK-03A", "CHK-03B"]
    assert [doubt.code for doubt in idle.doubts] == ["CHK-09"]
    assert all("请核实" in doubt.message for row in (bridge, road, idle) for doubt in row.doubts)


def test_review_moves_what_it_can_and_names_the_rest(store, city: City) -> None:
    road, idle = report_of(store, city.road, OCT), report_of(store, city.idle, OCT)
    outcome = report_review.review(city.filler, [(road["id"], 1), (idle["id"], 7), (999_999, 1)])
    assert (outcome.moved, [problem.code for problem in outcome.refused]) == (1, ["conflict", "not_found"])
    row = report_of(store, city.road, OCT)
    assert (row["status"], row["reviewed_by"]) == ("reviewed", "donghu")
    again = report_review.review(city.filler, [(road["id"], 2)])
    assert [problem.code for problem in again.refused] == ["wrong_status"]
    refused = report_entry.submit(city.filler, OCT, [Entry(city.road, 2, typed("1"))]).refused
    assert [problem.code for problem in refused[0].problems] == ["reviewed"]


def test_returned_report_stops_counting_until_sent_again(store, city: City) -> None:
    row = report_of(store, city.road, OCT)
    before = sums(store, city)
    version = report_review.return_for_revision(city.filler, row["id"], "与凭证不符，请核对", 1)
    row = report_of(store, city.road, OCT)
    assert (row["status"], row["return_reason"], row["version"]) == ("returned", "与凭证不符，请核对", version)
    assert audits(store, action="update", actor="donghu")[-1]["reason"] == "与凭证不符，请核对"
    assert sums(store, city)[1] == before[1] - YI
    assert sums(store, city)[3] == before[3] + 1
    report_entry.submit(city.filler, OCT, [Entry(city.road, version, typed("9000"))])
    row = report_of(store, city.road, OCT)
    assert (row["status"], row["return_reason"]) == ("submitted", "")
    assert sums(store, city)[1] == before[1] - 1000 * WAN


def test_return_needs_a_reason_and_the_version_that_was_read(store, city: City) -> None:
    row = report_of(store, city.road, OCT)
    with pytest.raises(Invalid) as refusal:
        report_review.return_for_revision(city.filler, row["id"], " ", 1)
    assert [problem.code for problem in refusal.value.problems] == ["short_reason"]
    with pytest.raises(Conflict):
        report_review.return_for_revision(city.filler, row["id"], "与凭证不符", 9)
    assert report_of(store, city.road, OCT)["status"] == "submitted"


def test_locked_rows_refuse_edits_and_go_back_only_through_supervision(store, city: City) -> None:
    row = report_of(store, city.road, OCT)
    assert report_review.lock_month(city.supervisor, OCT) == 0, "only reviewed reports are locked"
    report_review.review(city.filler, [(row["id"], 1)])
    assert report_review.lock_month(city.supervisor, OCT) == 1
    assert report_of(store, city.road, OCT)["status"] == "locked"
    refused = report_entry.submit(city.filler, OCT, [Entry(city.road, 3, typed("1"))]).refused
    assert [problem.code for problem in refused[0].problems] == ["locked"]
    with pytest.raises(Locked):
        report_review.return_for_revision(city.filler, row["id"], "与凭证不符", 3)
    report_review.return_for_revision(city.supervisor, row["id"], "统计复核后更正", 3)
    assert report_of(store, city.road, OCT)["status"] == "returned"


def test_lock_keeps_to_the_filter(store, city: City) -> None:
    for project in (city.road, city.idle):
        report_review.review(city.filler, [(report_of(store, project, OCT)["id"], 1)])
    wanted = ReportFilter(text="环湖")
    assert report_review.lock_month(city.supervisor, OCT, wanted) == 1
    assert report_of(store, city.idle, OCT)["status"] == "reviewed"


def test_late_list_names_who_has_not_reported_and_for_how_long(city: City) -> None:
    october = reports.late(city.filler, OCT)
    assert (october.days_late, october.total, [item.name for item in october.rows]) == (28, 1, ["东湖大桥"])
    assert [(item.name, item.due, item.counted) for item in october.counties] == [("东湖区", 3, 2)]
    assert [(item.name, item.due, item.counted) for item in october.headquarters] == [("交通会战指挥部", 1, 0)]
    assert reports.late(city.filler, NOV).days_late == -3


def test_scope_hides_foreign_projects_and_reports(store, city: City) -> None:
    with store.transaction(SYSTEM) as tx:
        foreign = make_report(tx, city.foreign, 10, YI)
    assert city.foreign not in [row.project.id for row in reports.sheet(city.filler, OCT).rows]
    assert reports.late(city.filler, Month(2026, 9)).total == 0
    with pytest.raises(NotFound):
        report_review.return_for_revision(city.filler, foreign, "与凭证不符", 1)
    assert report_review.review(city.filler, [(foreign, 1)]).moved == 0
    assert [row.project.name for row in reports.sheet(city.head, OCT).rows] == ["东湖大桥"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.SUPERVISOR, Role.AUDITOR, Role.DISPLAY])
def test_only_reporting_roles_may_submit(city: City, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        report_entry.submit(make_actor(role), OCT, [])
    with pytest.raises(PermissionDenied):
        report_paste.match(make_actor(role), OCT, "东湖大桥\t1")


def test_unit_may_not_review_and_county_may_not_lock(city: City) -> None:
    unit = make_actor(Role.UNIT, units=[1])
    with pytest.raises(PermissionDenied):
        report_review.review(unit, [])
    with pytest.raises(PermissionDenied):
        report_review.return_for_revision(unit, 1, "与凭证不符", 1)
    with pytest.raises(PermissionDenied):
        report_review.lock_month(city.filler, OCT)


def test_paste_matches_names_codes_and_parts_and_says_what_it_could_not(city: City) -> None:
    text = (
        "序号\t项目名称\t本月完成（亿元）\t形象进度\n"
        '1\tDH-001\t0.8\t"主塔\n封顶"\n'
        "2\t环湖 公路\t1,200万元\t\n"
        "3\t西山隧道\t1\t\n"
        "4\t数据\t很多\t\n"
        "5\t东湖大桥\t2\t\n"
        "合计\t\t3\t\n"
    )
    lines = report_paste.match(city.filler, OCT, text)
    assert [(line.number, line.project_id, [problem.code for problem in line.problems]) for line in lines] == [
        (2, city.bridge, []),
        (3, city.road, []),
        (4, None, ["unknown_name"]),
        (5, city.idle, ["not_a_number"]),
        (6, None, ["repeated"]),
    ]
    assert lines[0].typed == typed("0.8亿元", physical_progress="主塔\n封顶")
    assert lines[1].typed.done_wan == "1,200万元"


def test_paste_without_header_follows_the_order_of_the_sheet(city: City) -> None:
    (line,) = report_paste.match(city.filler, NOV, "3\t环湖公路\t1200\t9000\t1000\t路基完成\t缺土方\t协调取土场\n")
    assert line.typed == typed(
        "1200",
        reported_ytd_wan="9000",
        statistics_wan="1000",
        physical_progress="路基完成",
        difficulty="缺土方",
        next_step="协调取土场",
    )


@pytest.mark.parametrize("text", ["", "  \n\t\n", "<script>alert(1)</script>\t1", "名" * 300 + "\t1", "%\t5"])
def test_paste_of_nonsense_finds_nothing_and_breaks_nothing(city: City, text: str) -> None:
    assert all(line.project_id is None for line in report_paste.match(city.filler, NOV, text))


def test_year_end_month_is_reported_in_january(store, city: City, clock) -> None:
    """With the due day in the next month, December is the open month of January."""
    clock.now = datetime(2027, 1, 3, 2, 0, tzinfo=UTC)
    store.settings = store.settings.model_copy(update={"report_due_next_month": True, "report_due_day": 5})
    assert reports.last_open_month() == DEC
    assert [item.month for item in reports.months(city.filler)][-1] == DEC
    outcome = report_entry.submit(city.filler, DEC, [Entry(city.bridge, None, typed("100"))])
    assert outcome.saved == (city.bridge,)
    sheet = reports.sheet(city.filler, DEC)
    assert (sheet.deadline_on, sheet.enters_on) == (date(2027, 1, 5), date(2027, 1, 6))
