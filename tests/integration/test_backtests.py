"""The back-test over a store: flags of the time, published flags, scope, what was typed later, the command."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.commands import build_parser
from core.domain.backtest import Score, Signal, Verdict
from core.domain.errors import Invalid, PermissionDenied
from core.domain.outcomes import OutcomeDefinition, OutcomeKind
from core.domain.period import Month
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import Role
from core.services import backtests, figures
from core.services.backtests import BacktestRequest
from db.models import FlagDecision, SupervisionRound
from db.session import Store, transaction
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project, make_report

OFFICE = make_actor(Role.SUPERVISOR)
LAG = OutcomeDefinition(OutcomeKind.LAG_LATER, Decimal(10), 3)
SPRING = BacktestRequest(Month(2026, 3), Month(2026, 5), LAG)
WELL = dict.fromkeys(range(1, 11), YI)
STOPPED = {month: YI if month < 3 else 0 for month in range(1, 11)}  # 8 pp behind in March, 17 in April, 25 in May
CAUGHT_UP = {1: YI, 2: YI, 3: 0, 4: 0, 5: 3 * YI, **dict.fromkeys(range(6, 11), YI)}
ALL_COLUMNS = {"started_on": date(2025, 3, 1)}


def _sent(month: int) -> datetime:
    return datetime(2026, month, 20, 2, 0, tzinfo=UTC)


def _project(tx, county: int, done: dict[int, int], difficulty: str = "", late: tuple[int, ...] = ()) -> int:
    key = make_project(tx, county, **ALL_COLUMNS)
    for month, yuan in done.items():
        at = datetime(2026, 11, 1, tzinfo=UTC) if month in late else _sent(month)
        make_report(tx, key, month, yuan, submitted_at=at, difficulty=difficulty)
    return key


@pytest.fixture
def city(store: Store) -> dict[str, int]:
    """One project in time, one that stopped in March (and said so), one that fell behind and caught up."""
    with transaction(SYSTEM) as tx:
        county = make_county(tx)
        keys = {
            "well": _project(tx, county, WELL, "无。"),
            "stopped": _project(tx, county, STOPPED, "用地未落实。"),
            "caught_up": _project(tx, county, CAUGHT_UP),
        }
    figures.version()
    return keys


def test_backtest_counts_flags_of_the_time_against_what_became_of_them(city):
    found = backtests.run(OFFICE, SPRING)
    # March: nobody beyond 10 pp; April: both laggards yellow; May: only the stopped one, red.
    assert found.result.signals[Signal.COMPUTED] == Score(hits=2, false_alarms=1, missed=1, quiet=5)
    assert found.result.signals[Signal.SELF_REPORT] == Score(hits=3, false_alarms=0, missed=0, quiet=6, early=1)
    assert found.result.score == found.result.signals[Signal.COMPUTED]
    listed = {(row.project_id, row.month.number): row.verdict for row in found.result.listed}
    assert listed == {
        (city["stopped"], 3): Verdict.MISSED,
        (city["stopped"], 4): Verdict.HIT,
        (city["stopped"], 5): Verdict.HIT,
        (city["caught_up"], 4): Verdict.FALSE_ALARM,
    }
    assert (found.result.leads.months, found.published) == ((0,), ())
    assert backtests.names(OFFICE, (city["well"],))[city["well"]].endswith("号工程")


def test_backtest_with_another_threshold_decides_anew(city):
    found = backtests.run(OFFICE, BacktestRequest(SPRING.first, SPRING.last, LAG, sweep_rule="PRG-02"))
    scores = dict(zip(map(float, found.thresholds), found.result.sweep, strict=True))
    assert scores[10.0] == found.result.score
    assert scores[7.5] == Score(hits=3, false_alarms=2, missed=0, quiet=4, early=1)
    assert scores[17.5] == Score(hits=1, false_alarms=0, missed=2, quiet=6)


def test_backtest_takes_published_flags_and_tells_the_overridden_from_the_computed(city):
    with transaction(SYSTEM) as tx:
        key = tx.insert(
            SupervisionRound,
            {
                "year": 2026, "number": 1, "revision": 1, "title": "第1轮", "first_month": "2026-03",
                "last_month": "2026-04", "cut_off_on": date(2026, 4, 28), "status": RoundStatus.PUBLISHED.value,
                "created_at": tx.at, "created_by": "a",
            },
        )  # fmt: skip
        for name, computed, level in (
            ("well", "ok", "ok"), ("stopped", "warn", "severe"), ("caught_up", "warn", "ok"),
        ):  # fmt: skip
            tx.insert(
                FlagDecision,
                {
                    "round_id": key, "subject_kind": SubjectKind.PROJECT.value, "subject_id": city[name],
                    "subject_name": name, "rule_level": computed, "computed_level": computed, "level": level,
                    "urgency": 0, "hits": "[]",
                },
            )  # fmt: skip
    april = BacktestRequest(Month(2026, 4), Month(2026, 4), LAG)
    found = backtests.run(OFFICE, april)
    assert found.published == (Month(2026, 4),)
    assert found.result.signals[Signal.COMPUTED] == Score(hits=1, false_alarms=1, missed=0, quiet=1)
    assert found.result.signals[Signal.FINAL] == Score(hits=1, false_alarms=0, missed=0, quiet=2)
    assert found.result.overridden == 2
    anew = backtests.run(OFFICE, BacktestRequest(april.first, april.last, LAG, rule_set="wuhan"))
    assert (anew.published, anew.rule_set.code, anew.result.overridden) == ((), "wuhan", 0)


def test_backtest_counts_reports_that_came_late_only_with_hindsight(store):
    with transaction(SYSTEM) as tx:
        _project(tx, make_county(tx), STOPPED, late=tuple(range(1, 11)))
    as_known = backtests.run(OFFICE, SPRING)
    assert [(row.level.value, row.cases) for row in as_known.result.levels] == [("no_data", 3)]
    assert as_known.result.score.missed == 3
    assert as_known.result.signals[Signal.SELF_REPORT].total == 0
    later = backtests.run(OFFICE, BacktestRequest(SPRING.first, SPRING.last, LAG, hindsight=True))
    assert (later.result.score.hits, later.result.score.missed) == (2, 1)
    assert later.result.signals[Signal.SELF_REPORT].total == 3


def test_backtest_leaves_out_what_is_not_decided_yet(city):
    found = backtests.run(OFFICE, BacktestRequest(Month(2026, 9), Month(2026, 10), LAG))
    assert (found.result.undecided, found.result.score.total) == (6, 0)


def test_backtest_is_answered_from_memory_until_the_data_moves(city):
    steps: list[tuple[int, int]] = []
    first = backtests.run(OFFICE, SPRING, lambda done, total: steps.append((done, total)))
    assert steps == [(max(city.values()), max(city.values()))]
    assert backtests.run(OFFICE, SPRING) is first
    with transaction(SYSTEM) as tx:
        make_project(tx, make_county(tx))
    assert backtests.run(OFFICE, SPRING) is not first


@pytest.mark.parametrize(
    ("role", "allowed"), [(Role.LEADER, True), (Role.SUPERVISOR, True), (Role.COUNTY, False), (Role.AUDITOR, False)]
)
def test_backtest_is_for_the_supervision_office_and_leaders(city, role, allowed):
    actor = make_actor(role, counties=() if allowed else (1,))
    if allowed:
        assert backtests.run(actor, SPRING).result.score.total == 9
        return
    with pytest.raises(PermissionDenied):
        backtests.run(actor, SPRING)
    with pytest.raises(PermissionDenied):
        backtests.choices(actor)
    with pytest.raises(PermissionDenied):
        backtests.names(actor, (1,))


def test_backtest_of_a_bound_supervisor_counts_only_the_scope(city):
    with transaction(SYSTEM) as tx:
        other = make_county(tx)
        _project(tx, other, WELL)
    assert backtests.run(make_actor(Role.SUPERVISOR, counties=(other,)), SPRING).result.score.total == 3


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (BacktestRequest(Month(2026, 5), Month(2026, 3), LAG), "empty_span"),
        (BacktestRequest(Month(2024, 1), Month(2026, 1), LAG), "long_span"),
        (BacktestRequest(Month(2026, 3), Month(2026, 12), LAG), "future_month"),
        (BacktestRequest(Month(2026, 3), Month(2026, 5), LAG, rule_set="x"), "unknown_rule_set"),
        (BacktestRequest(Month(2026, 3), Month(2026, 5), LAG, sweep_rule="x"), "unknown_rule"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_backtest_refuses_what_cannot_be_answered(city, request_, code):
    with pytest.raises(Invalid) as refused:
        backtests.run(OFFICE, request_)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_choices_of_an_empty_store_offer_no_month(store):
    assert backtests.choices(OFFICE).months == ()


def test_choices_offer_the_months_with_reports(city):
    months = backtests.choices(OFFICE).months
    assert (months[0], months[-1]) == (Month(2026, 1), Month(2026, 10))


def _command(*words: str) -> int:
    args = build_parser().parse_args(["backtest", *words])
    return args.handler(args)


def test_backtest_command_prints_counts_and_shares_as_json(city, capsys):
    assert _command("--from", "2026-03", "--to", "2026-05", "--sweep", "PRG-02", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["signals"]["final"] == {
        "hits": 2, "false_alarms": 1, "missed": 1, "quiet": 5, "early": 0,
        "precision": 2 / 3, "recall": 2 / 3, "base_rate": 1 / 3,
    }  # fmt: skip
    assert told["signals"]["never"]["precision"] is None
    assert told["sweep"]["7.5"]["hits"] == 3
    assert told["lead_months"] == {"each": [0], "too_late": 0, "never": 0}


def test_backtest_command_speaks_chinese_and_refuses_a_wrong_month(city, capsys):
    assert _command("--from", "2026-03", "--to", "2026-05") == 0
    assert "规则计算：亮旗 3 项次，命中 2（66.7%），漏报 1，查全率 66.7%，共 9 项次" in capsys.readouterr().out
    with pytest.raises(Invalid):
        _command("--from", "2026/03", "--to", "2026-05")


def test_report_day_follows_the_reporting_calendar(store):
    settings = store.settings
    assert backtests.report_day(Month(2026, 2), settings) == date(2026, 2, 28)
    later = settings.model_copy(update={"report_due_next_month": True, "report_due_day": 5})
    assert backtests.report_day(Month(2026, 2), later) == date(2026, 3, 6)
