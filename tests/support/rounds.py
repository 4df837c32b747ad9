"""Published rounds for tests that need flags, not the machinery behind them."""

from datetime import date
from typing import Any

from core.domain.flag_hits import RuleHit, hits_to_json
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.models import FlagDecision, SupervisionRound


def make_round(
    tx: Any,
    number: int = 1,
    *,
    year: int = 2026,
    revision: int = 1,
    status: RoundStatus = RoundStatus.PUBLISHED,
    cut_off_on: date = date(2026, 10, 31),
    **values: Any,
) -> int:
    """A round without flags."""
    return tx.insert(
        SupervisionRound,
        {
            "year": year,
            "number": number,
            "revision": revision,
            "title": f"{year}年第{number}轮督查",
            "first_month": f"{year}-09",
            "last_month": f"{year}-10",
            "cut_off_on": cut_off_on,
            "status": status.value,
            "created_at": tx.at,
            "created_by": "test",
            **values,
        },
    )


def make_decision(
    tx: Any,
    round_id: int,
    subject_id: int,
    level: FlagLevel = FlagLevel.SEVERE,
    *,
    kind: SubjectKind = SubjectKind.PROJECT,
    name: str = "东湖大桥",
    reason: str = "进度低于序时 25.0 个百分点",
    **values: Any,
) -> int:
    """The flag of one subject with one hit; owners are given by ``county_id`` and so on."""
    hit = RuleHit("PRG-02", None, None, level, reason)
    return tx.insert(
        FlagDecision,
        {
            "round_id": round_id,
            "subject_kind": kind.value,
            "subject_id": subject_id,
            "subject_name": name,
            "rule_level": level.value,
            "computed_level": level.value,
            "level": level.value,
            "urgency": 0,
            "hits": hits_to_json([hit]),
            **values,
        },
    )
