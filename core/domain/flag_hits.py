"""Why a flag was raised: one hit per rule, and the JSON that roll-ups, rounds and snapshots keep of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.domain.terms import FlagLevel


@dataclass(frozen=True, slots=True)
class RuleHit:
    """
    One reason for a level.

    Attributes:
        rule_code: Code of the rule, of the exemption or of the missing-data reason.
        measured: Value cut (not rounded) to three decimals; None for exemptions and missing data.
        threshold: The rule's threshold; None likewise.
        level: Level this hit asks for.
        reason: Chinese sentence part for lists and bulletins.
        source: What was measured: ``milestone:17``, ``report:2026-09``, ``matter:3``, ``round:5``; empty = the
            project's own row.
    """

    rule_code: str
    measured: Decimal | None
    threshold: Decimal | None
    level: FlagLevel
    reason: str
    source: str = ""


def hits_to_rows(hits: Iterable[RuleHit]) -> list[dict[str, Any]]:
    """Return *hits* as plain values; decimals as text, so that nothing is rounded."""
    return [
        {
            "code": hit.rule_code,
            "level": hit.level.value,
            "measured": None if hit.measured is None else str(hit.measured),
            "reason": hit.reason,
            "source": hit.source,
            "threshold": None if hit.threshold is None else str(hit.threshold),
        }
        for hit in hits
    ]


def hits_from_rows(rows: Iterable[dict[str, Any]]) -> tuple[RuleHit, ...]:
    """Return the hits that ``hits_to_rows`` wrote."""
    return tuple(
        RuleHit(
            rule_code=row["code"],
            measured=None if row["measured"] is None else Decimal(row["measured"]),
            threshold=None if row["threshold"] is None else Decimal(row["threshold"]),
            level=FlagLevel(row["level"]),
            reason=row["reason"],
            source=row["source"],
        )
        for row in rows
    )


def hits_to_json(hits: Iterable[RuleHit]) -> str:
    """Return *hits* as JSON text, worst first as given."""
    rows = hits_to_rows(hits)
    return json.dumps(rows, ensure_ascii=False) if rows else "[]"


def hits_from_json(text: str) -> tuple[RuleHit, ...]:
    """Return the hits kept in *text*."""
    return hits_from_rows(json.loads(text))


def reasons_of(text: str) -> tuple[str, ...]:
    """Return only the Chinese reasons kept in *text*: all that lists show."""
    return tuple(row["reason"] for row in json.loads(text))
