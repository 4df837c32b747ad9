"""Starting by rule: readiness, maturity, conversion, statistics clocks and watch lists against plain retellings."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import Invalid
from core.domain.period import Month, add_months
from core.domain.procedure_checks import ProcedureDraft, check_procedure
from core.domain.readiness import Procedure, assess, ready_due_on, state_of
from core.domain.reserve_pool import Conversion, ReserveDates, convert, grade, next_grade
from core.domain.start_rules import SHIPPED, parse_rules, rules_to_dict
from core.domain.start_terms import EntryStatus, Maturity, ProcedureKind, ProcedureState, ReadinessAlert, WatchList
from core.domain.statistics_entry import entry_of
from core.domain.watch_lists import (
    OpenItem,
    WatchFacts,
    codes_of,
    hits_from_json,
    hits_to_json,
    judge,
    plan,
    reason_of,
    whole_months,
)

TODAY = date(2026, 11, 22)
OCTOBER = Month(2026, 10)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
MAYBE = st.none() | DAYS
K = ProcedureKind


def papers(*done: ProcedureKind, others: bool = True) -> list[Procedure]:
    """Procedures that are done since January, the others open (or not filled in)."""
    found = [Procedure(kind, done_on=date(2026, 1, 5)) for kind in done]
    return found + [Procedure(kind) for kind in K if others and kind not in done]


@pytest.mark.parametrize(
    ("procedure", "state"),
    [
        (None, ProcedureState.UNKNOWN),
        (Procedure(K.LAND), ProcedureState.OPEN),
        (Procedure(K.LAND, applies=False), ProcedureState.NOT_NEEDED),
        (Procedure(K.LAND, planned_on=TODAY), ProcedureState.OPEN),
        (Procedure(K.LAND, planned_on=TODAY - timedelta(1)), ProcedureState.LATE),
        (Procedure(K.LAND, planned_on=TODAY - timedelta(1), done_on=TODAY), ProcedureState.DONE),
        (Procedure(K.LAND, done_on=TODAY + timedelta(1)), ProcedureState.OPEN),
        (Procedure(K.LAND, done_on=TODAY, owed_papers="林地", owed_due_on=TODAY), ProcedureState.CONDITIONAL),
        (
            Procedure(K.LAND, done_on=date(2026, 1, 1), owed_papers="林地", owed_due_on=TODAY - timedelta(1)),
            ProcedureState.OWED_LATE,
        ),
        (
            Procedure(K.LAND, True, None, date(2026, 1, 1), "林地", date(2026, 2, 1), date(2026, 5, 1)),
            ProcedureState.DONE,
        ),
    ],
)
def test_state_of_a_procedure_follows_its_dates(procedure, state) -> None:
    assert state_of(procedure, TODAY) is state


@pytest.mark.parametrize(
    ("planned", "is_new", "due"),
    [
        (date(2027, 5, 8), True, date(2027, 3, 31)),
        (date(2027, 2, 8), True, date(2027, 2, 8)),
        (date(2027, 5, 8), False, date(2027, 5, 8)),
        (None, True, None),
    ],
)
def test_new_starts_must_be_ready_by_march_or_their_earlier_start(planned, is_new, due) -> None:
    assert ready_due_on(planned, is_new_start=is_new) == due


@pytest.mark.parametrize(
    ("days", "alert"),
    [
        (61, ReadinessAlert.NONE),
        (60, ReadinessAlert.SOON),
        (16, ReadinessAlert.SOON),
        (15, ReadinessAlert.URGENT),
        (0, ReadinessAlert.URGENT),
        (-1, ReadinessAlert.OVERDUE),
    ],
)
def test_missing_procedures_are_warned_of_by_days_before_the_start(days, alert) -> None:
    found = assess(papers(K.APPROVAL), TODAY + timedelta(days), TODAY, is_new_start=False)
    assert (found.alert, found.days_left) == (alert, days)
    ready = assess(papers(*K), TODAY + timedelta(days), TODAY, is_new_start=False)
    assert ready.alert is ReadinessAlert.NONE
    started = assess(papers(K.APPROVAL), TODAY + timedelta(days), TODAY, is_new_start=False, has_started=True)
    assert started.alert is ReadinessAlert.NONE


def test_started_project_is_still_warned_of_papers_owed_past_their_day() -> None:
    owing = Procedure(K.PERMIT, True, None, date(2026, 3, 1), "质监手续", date(2026, 5, 1))
    rest = [one for one in papers(*K) if one.kind is not K.PERMIT]
    found = assess([*rest, owing], date(2026, 3, 1), TODAY, is_new_start=True, has_started=True)
    assert (found.alert, found.missing, found.owed) == (ReadinessAlert.OVERDUE, (K.PERMIT,), (K.PERMIT,))


def test_nothing_filled_in_is_unknown_and_never_ready() -> None:
    found = assess([], None, TODAY, is_new_start=True)
    assert (found.is_unknown, found.share, found.ready, found.missing) == (True, Fraction(0), 0, tuple(K))
    exempt = assess([Procedure(kind, applies=False) for kind in K], None, TODAY, is_new_start=True)
    assert (exempt.share, exempt.missing, grade(exempt)) == (None, (), Maturity.D)


PROCEDURES = st.builds(
    Procedure, st.sampled_from(K), st.booleans(), MAYBE, MAYBE, st.sampled_from(("", "证")), MAYBE, MAYBE
)


@given(st.lists(PROCEDURES, unique_by=lambda one: one.kind))
def test_readiness_and_grade_agree_with_a_plain_count(procedures) -> None:
    found = assess(procedures, None, TODAY, is_new_start=False)
    needed = ready = 0
    met = set()
    for kind in K:
        own = [one for one in procedures if one.kind is kind]
        if own and not own[0].applies:
            met.add(kind)
            continue
        needed += 1
        one = own[0] if own else Procedure(kind)
        done = one.done_on is not None and one.done_on <= TODAY
        supplied = one.supplied_on is not None and one.supplied_on <= TODAY
        overdue = one.owed_papers and not supplied and one.owed_due_on is not None and one.owed_due_on < TODAY
        if done and not overdue:
            ready += 1
            met.add(kind)
    assert (found.applicable, found.ready) == (needed, ready)
    assert set(found.missing) == set(K) - met
    expected = Maturity.D
    if needed:
        for level, least, must in (
            ("c", 20, ()),
            ("b", 50, (K.APPROVAL,)),
            ("a", 80, (K.APPROVAL, K.LAND, K.PLANNING)),
        ):
            if 100 * ready >= least * needed and met.issuperset(must):
                expected = Maturity(level)
    assert grade(found) is expected


@given(st.lists(PROCEDURES, unique_by=lambda one: one.kind))
def test_next_grade_is_reached_by_what_it_asks_for(procedures) -> None:
    before = assess(procedures, None, TODAY, is_new_start=False)
    wanted = next_grade(before)
    if wanted is None:
        assert grade(before) is Maturity.A or not before.applicable
        return
    others = [kind for kind in before.missing if kind not in wanted.required]
    assert len(others) >= wanted.more
    mended = {*wanted.required, *others[: wanted.more]}
    after = [one for one in procedures if one.kind not in mended]
    after += [Procedure(kind, done_on=TODAY) for kind in mended]
    assert grade(assess(after, None, TODAY, is_new_start=False)) <= wanted.grade


@given(st.lists(st.builds(ReserveDates, DAYS, MAYBE)), DAYS, DAYS)
def test_conversion_agrees_with_counting_day_by_day(rows, first, last) -> None:
    first, last = min(first, last), max(first, last)
    expected = [0, 0, 0, 0]
    for row in rows:
        in_reserve_before = row.reserved_on < first
        if not row.reserved_on <= last:
            continue
        began = row.started_on
        if began is not None and (began < first or began < row.reserved_on):
            continue
        place = 0 if in_reserve_before else 2
        expected[place] += 1
        expected[place + 1] += began is not None and began <= last
    assert convert(rows, first, last) == Conversion(*expected)


def test_conversion_of_nothing_has_no_rate() -> None:
    assert (convert([], TODAY, TODAY).rate, convert([], TODAY, TODAY).rate_added) == (None, None)
    one = convert([ReserveDates(date(2025, 5, 1), date(2026, 5, 1))], date(2026, 1, 1), TODAY)
    assert (one.rate, one.rate_added) == (Fraction(1), Fraction(1))


@pytest.mark.parametrize(
    ("today", "status", "left"),
    [
        (date(2026, 2, 28), EntryStatus.WAITING, 0),
        (date(2026, 3, 1), EntryStatus.LATE, -1),
        (date(2026, 3, 31), EntryStatus.LATE, -31),
        (date(2026, 4, 1), EntryStatus.SEVERE, -32),
    ],
)
def test_statistics_clock_runs_one_and_two_months_from_a_month_end(today, status, left) -> None:
    found = entry_of(5_000_000, date(2026, 1, 31), None, today)
    assert (found.status, found.days_left) == (status, left)


def test_statistics_entry_knows_small_undated_and_entered_projects() -> None:
    start = date(2026, 1, 31)
    assert entry_of(4_999_999, start, None, TODAY).status is EntryStatus.TOO_SMALL
    assert entry_of(5_000_000, None, None, TODAY).status is EntryStatus.NOT_STARTED
    assert entry_of(5_000_000, None, None, TODAY, has_started=True).status is EntryStatus.UNDATED
    assert entry_of(5_000_000, TODAY + timedelta(1), None, TODAY).status is EntryStatus.NOT_STARTED
    assert entry_of(5_000_000, start, date(2026, 2, 28), TODAY).status is EntryStatus.ENTERED
    assert entry_of(5_000_000, start, date(2026, 3, 1), TODAY).status is EntryStatus.ENTERED_LATE
    assert entry_of(5_000_000, start, TODAY + timedelta(1), TODAY).status is EntryStatus.SEVERE


@given(DAYS, DAYS)
def test_statistics_clock_agrees_with_the_month_counted_by_the_flag_rules(start, today) -> None:
    if start > today:
        return
    months = (today.year - start.year) * 12 + today.month - start.month
    begun = months + 1 if today.day > start.day else max(months, 1)  # the flag rules' reading: 1 in the first month
    late = entry_of(5_000_000, start, None, today).status in (EntryStatus.LATE, EntryStatus.SEVERE)
    assert late == (begun > 1)


@given(st.integers(0, 40), DAYS)
def test_whole_months_count_full_months_only(months, since) -> None:
    assert whole_months(since, add_months(since, months)) in (months, months - 1)
    assert whole_months(since, since - timedelta(1)) is None


def test_rules_name_value_and_threshold_of_every_ground() -> None:
    lag = WatchFacts(1, gap_milli_pp=-10_000, node_days=15, node_name="主体封顶")
    found = judge(lag, OCTOBER, TODAY)
    assert codes_of(found[WatchList.LAGGING]) == ("WCH-11", "WCH-12")
    assert reason_of(found[WatchList.LAGGING]) == "投资欠序时 10 个百分点；关键节点“主体封顶”逾期 15 天"
    assert [(hit.measured_milli, hit.threshold) for hit in found[WatchList.LAGGING]] == [(10_000, 10), (15_000, 15)]
    assert judge(WatchFacts(1, gap_milli_pp=-9_999, node_days=14), OCTOBER, TODAY) == {}
    late = judge(WatchFacts(1, gap_milli_pp=-10_049), OCTOBER, TODAY)[WatchList.LAGGING]
    assert reason_of(late) == "投资欠序时 10.0 个百分点"


@pytest.mark.parametrize(
    ("planned", "listed"), [(date(2026, 10, 31), False), (date(2026, 9, 30), True), (date(2025, 12, 1), True)]
)
def test_not_started_begins_with_the_month_after_the_planned_one(planned, listed) -> None:
    facts = WatchFacts(1, is_unstarted=True, start_planned_on=planned, gap_milli_pp=-80_000, node_days=90)
    found = judge(facts, OCTOBER, TODAY)
    assert set(found) == ({WatchList.NOT_STARTED} if listed else set())  # never lagging as well


def test_negative_list_counts_months_rounds_and_findings() -> None:
    facts = WatchFacts(1, severe_rounds=2, flagged_run=3, serious_findings=1, listed_since=date(2026, 8, 22))
    hits = judge(facts, OCTOBER, TODAY)[WatchList.NEGATIVE]
    assert codes_of(hits) == ("WCH-21", "WCH-22", "WCH-23", "WCH-24")
    short = WatchFacts(1, severe_rounds=1, flagged_run=2, listed_since=date(2026, 8, 23))
    assert judge(short, OCTOBER, TODAY) == {}
    assert hits_from_json(hits_to_json(hits)) == hits


FACTS = st.builds(
    WatchFacts,
    st.integers(1, 4),
    is_unstarted=st.booleans(),
    start_planned_on=MAYBE,
    gap_milli_pp=st.none() | st.integers(-30_000, 5_000),
    node_days=st.integers(0, 40),
    severe_rounds=st.integers(0, 3),
    flagged_run=st.integers(0, 4),
    serious_findings=st.integers(0, 1),
    listed_since=MAYBE,
)


@given(FACTS)
def test_lists_agree_with_the_rules_in_plain_words(facts) -> None:
    expected = set()
    planned = facts.start_planned_on
    if facts.is_unstarted and planned is not None and (planned.year, planned.month) < (2026, 10):
        expected.add(WatchList.NOT_STARTED)
    lag = facts.gap_milli_pp is not None and facts.gap_milli_pp <= -10_000
    if not facts.is_unstarted and (lag or facts.node_days >= 15):
        expected.add(WatchList.LAGGING)
    long = facts.listed_since is not None and add_months(facts.listed_since, 3) <= TODAY
    if long or facts.severe_rounds >= 2 or facts.flagged_run >= 3 or facts.serious_findings:
        expected.add(WatchList.NEGATIVE)
    assert set(judge(facts, OCTOBER, TODAY)) == expected


@given(
    st.lists(FACTS, unique_by=lambda one: one.project_id),
    st.sets(st.tuples(st.integers(1, 5), st.sampled_from(WatchList))),
)
def test_plan_brings_the_lists_to_the_rules_and_leaves_the_rest_alone(facts, listed) -> None:
    judged = {one.project_id: judge(one, OCTOBER, TODAY) for one in facts}
    items = [OpenItem(n, key, kind, TODAY, ("OLD",)) for n, (key, kind) in enumerate(sorted(listed), start=1)]
    found = plan(judged, items)
    wanted = {(key, kind) for key, lists in judged.items() for kind in lists}
    after = (listed | {(key, kind) for key, kind, _ in found.enter}) - {(i.project_id, i.kind) for i in found.leave}
    assert after == wanted
    assert {(item.project_id, item.kind) for item, _ in found.regrounded} == wanted & listed
    kept = [OpenItem(n, key, kind, TODAY, codes_of(judged[key][kind])) for n, (key, kind) in enumerate(sorted(wanted))]
    assert plan(judged, kept).is_empty


def test_rules_come_back_from_their_stored_body() -> None:
    assert parse_rules(rules_to_dict(SHIPPED)) == SHIPPED
    assert parse_rules({}) == SHIPPED
    body = {**rules_to_dict(SHIPPED), "watch": {"WCH-11": 20}, "ready_month": 2, "required": ["land", "approval"]}
    changed = parse_rules(body)
    assert changed.readiness.required == (K.APPROVAL, K.LAND)
    assert changed.readiness.ready_by(2028) == date(2028, 2, 29)
    assert [rule.threshold for rule in changed.of(WatchList.LAGGING)] == [20, 15]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"ready_month": 13}, "out_of_range"),
        ({"warn_days": True}, "out_of_range"),
        ({"watch": {"WCH-01": 0}}, "out_of_range"),
        ({"required": []}, "unknown"),
        ({"required": ["x"]}, "unknown"),
        ({"urgent_days": 90}, "order"),
        ({"grades": {"b": 90}}, "order"),
        ({"late_months": 3}, "order"),
    ],
)
def test_impossible_rules_are_refused(body, code) -> None:
    with pytest.raises(Invalid) as refused:
        parse_rules(body)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("draft", "codes"),
    [
        (ProcedureDraft(K.LAND, done_on=TODAY), []),
        (ProcedureDraft(K.LAND, done_on=TODAY + timedelta(1)), ["future_date"]),
        (ProcedureDraft(K.LAND, owed_papers="林地"), ["missing_date", "missing_date"]),
        (ProcedureDraft(K.LAND, done_on=TODAY, owed_papers="林地", owed_due_on=TODAY - timedelta(1)), ["order"]),
        (ProcedureDraft(K.LAND, owed_due_on=TODAY), ["missing"]),
        (ProcedureDraft(K.LAND, applies=False, done_on=TODAY), ["contradiction"]),
        (ProcedureDraft(K.LAND, blocker="长" * 401), ["too_long"]),
    ],
)
def test_procedure_is_checked_all_at_once(draft, codes) -> None:
    assert [problem.code for problem in check_procedure(draft, TODAY)] == codes
