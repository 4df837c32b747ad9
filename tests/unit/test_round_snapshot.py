"""The published snapshot: what goes in comes out, equal content has an equal hash, newer formats are refused."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.domain.flag_hits import RuleHit
from core.domain.round_snapshot import (
    FORMAT,
    GroupFigures,
    RoundHead,
    RoundSnapshot,
    SnapshotDecision,
    SnapshotOverride,
    SnapshotProblem,
    SnapshotProcess,
    digest,
    snapshot_from_json,
    snapshot_to_json,
)
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import FlagLevel

HIT = RuleHit("PRG-03", Decimal("23.333"), Decimal(20), FlagLevel.SEVERE, "投资欠序时 23.3 个百分点", "milestone:7")
DECISION = SnapshotDecision(
    kind=SubjectKind.PROJECT,
    id=7,
    code="YL-007",
    name="东辽河综合治理二期",
    county="安澜县",
    headquarters="生态水城指挥部",
    unit="市水利局",
    leader="王强、李梅",
    year_class="continuing",
    total_investment_yuan=2_384_600_000_01,
    annual_plan_yuan=120_000_000,
    due_yuan=90_000_000,
    ytd_done_yuan=62_000_001,
    period_done_yuan=0,
    gap_milli_pp=-23_333,
    rule_level=FlagLevel.SEVERE,
    computed_level=FlagLevel.SEVERE,
    level=FlagLevel.WARN,
    previous_level=None,
    streak=2,
    hits=(HIT,),
)
CITY = GroupFigures("city", 0, "全市", 186, 1, 2, 3, 4, 5, 6, 7, 8, 9, {"severe": 1}, {"ok": 186})
SNAPSHOT = RoundSnapshot(
    head=RoundHead(
        2026, 5, 1, "第5轮", "2026-09", "2026-10", date(2026, 10, 31), "甲", "乙", "丙",
        datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC), {"code": "default"}, 99, "0.1.0",
    ),
    city=CITY,
    groups=(replace(CITY, kind="county", id=3, name="安澜县"),),
    decisions=(DECISION, replace(DECISION, kind=SubjectKind.COUNTY, id=3, hits=(), gap_milli_pp=None)),
    overrides=(
        SnapshotOverride(
            SubjectKind.PROJECT, 7, "东辽河", "level", FlagLevel.SEVERE, FlagLevel.WARN, "汛期停工", "督〔2026〕5号",
            "甲", "乙",
        ),
    ),
    problems=(SnapshotProblem("P-1", "征拆未完", "东辽河", "安澜县", "市水利局", None, 0, True),),
    processes=(
        SnapshotProcess(ProcessKind.PATROL, "东辽河", date(2026, 10, 8), "督查组", "围挡缺失", Severity.MINOR, 3),
    ),
    closed_out=11,
)  # fmt: skip


def test_snapshot_comes_back_as_it_was_written() -> None:
    assert snapshot_from_json(snapshot_to_json(SNAPSHOT)) == SNAPSHOT


def test_equal_content_has_an_equal_hash_and_one_yuan_another() -> None:
    body = snapshot_to_json(SNAPSHOT)
    assert digest(body) == digest(snapshot_to_json(snapshot_from_json(body)))
    moved = replace(SNAPSHOT, city=replace(CITY, done_yuan=5))
    assert digest(snapshot_to_json(moved)) != digest(body)


def test_decisions_are_found_by_kind_and_level() -> None:
    assert [d.id for d in SNAPSHOT.of(SubjectKind.PROJECT, FlagLevel.WARN)] == [7]
    assert SNAPSHOT.of(SubjectKind.PROJECT, FlagLevel.SEVERE) == ()
    assert [group.name for group in SNAPSHOT.groups_of("county")] == ["安澜县"]


def test_newer_format_is_refused() -> None:
    body = json.loads(snapshot_to_json(SNAPSHOT))
    body["format"] = FORMAT + 1
    with pytest.raises(ValueError, match="newer"):
        snapshot_from_json(json.dumps(body).encode())
