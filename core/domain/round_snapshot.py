"""What a published round is, frozen: the only source of its bulletin, annexes, wall scene and back-test.

The JSON is canonical (sorted keys, no blanks, UTF-8), so equal content has an equal SHA-256. Money is whole 元,
gaps are 1/1000 百分点 cut toward zero, days and times ISO text. ``FORMAT`` grows when fields are added; readers accept
every format up to theirs, since a snapshot is never rewritten.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from core.domain.flag_hits import RuleHit, hits_from_rows, hits_to_rows
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import FlagLevel

FORMAT = 1


@dataclass(frozen=True, slots=True)
class RoundHead:
    """
    Which round it is.

    Attributes:
        first_month: First month of the period, ``2026-09``; last_month likewise.
        cut_off_on: Day the facts stand at.
        names: Who created, reviewed and published it, as shown names.
        rule_set: The rules it was decided by, as ``rule_set_to_dict`` writes them.
        data_seq: Audit sequence the facts were read at.
    """

    year: int
    number: int
    revision: int
    title: str
    first_month: str
    last_month: str
    cut_off_on: date
    created_by: str
    reviewed_by: str
    published_by: str
    published_at: datetime
    rule_set: dict[str, Any]
    data_seq: int
    code_version: str


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """
    Sums of the city or of one county, headquarters or category. ``levels`` counts projects by level value.

    ``started``/``start_due`` and ``resumed``/``resume_due`` are numerator and denominator of the start and the
    start-and-resume rate in their 时点口径 (core/domain/rate_definitions.py).
    """

    kind: str
    id: int
    name: str
    projects: int
    total_investment_yuan: int
    annual_plan_yuan: int
    due_yuan: int
    done_yuan: int
    period_done_yuan: int
    started: int
    start_due: int
    resumed: int
    resume_due: int
    levels: dict[str, int]
    previous_levels: dict[str, int]


@dataclass(frozen=True, slots=True)
class SnapshotDecision:
    """
    One subject's flag with the names and figures it had.

    Attributes:
        leader: 包保领导; several are joined by 、.
        due_yuan: 序时 of the year so far by the rules' basis.
        period_done_yuan: Done in the months of the round.
        rule_level: By the rules on facts; computed_level after escalation and catch-up; level what was published.
        streak: Consecutive rounds at WARN or worse, this one included.
    """

    kind: SubjectKind
    id: int
    code: str
    name: str
    county: str
    headquarters: str
    unit: str
    leader: str
    year_class: str
    total_investment_yuan: int
    annual_plan_yuan: int
    due_yuan: int
    ytd_done_yuan: int
    period_done_yuan: int
    gap_milli_pp: int | None
    rule_level: FlagLevel
    computed_level: FlagLevel
    level: FlagLevel
    previous_level: FlagLevel | None
    streak: int
    hits: tuple[RuleHit, ...]


@dataclass(frozen=True, slots=True)
class SnapshotOverride:
    """A level that was set by hand: from what to what, why, by whom, approved by whom."""

    kind: SubjectKind
    id: int
    name: str
    override: str
    computed_level: FlagLevel
    level: FlagLevel
    reason: str
    document_no: str
    proposed_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class SnapshotProblem:
    """A problem of the list that was open at the cut-off; *overdue_days* is 0 when it was in time."""

    code: str
    title: str
    project: str
    county: str
    unit: str
    due_on: date | None
    overdue_days: int
    is_escalated: bool


@dataclass(frozen=True, slots=True)
class SnapshotProcess:
    """A process fact of the period: inspection, patrol, visit or meeting."""

    kind: ProcessKind
    subject: str
    happened_on: date
    participants: str
    finding: str
    severity: Severity
    photos: int


@dataclass(frozen=True, slots=True)
class RoundSnapshot:
    """Everything a published round says."""

    head: RoundHead
    city: GroupFigures
    groups: tuple[GroupFigures, ...]
    decisions: tuple[SnapshotDecision, ...]
    overrides: tuple[SnapshotOverride, ...]
    problems: tuple[SnapshotProblem, ...]
    processes: tuple[SnapshotProcess, ...]
    closed_out: int

    def of(self, kind: SubjectKind, *levels: FlagLevel) -> tuple[SnapshotDecision, ...]:
        """Return the decisions on subjects of *kind*, of the given levels only when some are given."""
        return tuple(d for d in self.decisions if d.kind is kind and (not levels or d.level in levels))

    def groups_of(self, kind: str) -> tuple[GroupFigures, ...]:
        """Return the sums by ``county``, ``headquarters`` or ``category``."""
        return tuple(group for group in self.groups if group.kind == kind)


def snapshot_to_json(snapshot: RoundSnapshot) -> bytes:
    """Return the canonical JSON of *snapshot*."""
    body = {field.name: _plain(getattr(snapshot, field.name)) for field in fields(snapshot)}
    text = json.dumps({"format": FORMAT, **body}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def snapshot_pieces(rest: RoundSnapshot, decisions: Iterable[SnapshotDecision]) -> Iterator[bytes]:
    """
    Yield what ``snapshot_to_json`` returns of *rest* with *decisions*, piece by piece.

    A province has a hundred thousand decisions: they are never held all at once. *rest* has none of its own.
    """
    mark = b'"decisions":['
    # Only what stands before it in the order of keys could hold the mark, and sums have no such key.
    before, _, after = snapshot_to_json(rest).partition(mark)
    yield before + mark
    comma = b""
    for decision in decisions:
        text = json.dumps(_plain(decision), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield comma + text.encode()
        comma = b","
    yield after


def digest(body: bytes) -> str:
    """Return the SHA-256 of canonical JSON in hexadecimal."""
    return sha256(body).hexdigest()


def snapshot_from_json(body: bytes) -> RoundSnapshot:
    """
    Return the snapshot that ``snapshot_to_json`` wrote.

    Raises:
        ValueError: The body is of a newer format than this program knows.
    """
    found = json.loads(body)
    if found["format"] > FORMAT:
        raise ValueError(f"snapshot format {found['format']} is newer than {FORMAT}")
    head = found["head"]
    head["cut_off_on"] = date.fromisoformat(head["cut_off_on"])
    head["published_at"] = datetime.fromisoformat(head["published_at"])
    return RoundSnapshot(
        head=RoundHead(**head),
        city=GroupFigures(**found["city"]),
        groups=tuple(GroupFigures(**group) for group in found["groups"]),
        decisions=tuple(_decision(row) for row in found["decisions"]),
        overrides=tuple(_override(row) for row in found["overrides"]),
        problems=tuple(_problem(row) for row in found["problems"]),
        processes=tuple(_process(row) for row in found["processes"]),
        closed_out=found["closed_out"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, SnapshotDecision):
        row = {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name != "hits"}
        return {**row, "hits": hits_to_rows(value.hits)}
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(item) for name, item in asdict(value).items()}
    return value


def _decision(row: dict[str, Any]) -> SnapshotDecision:
    previous = row["previous_level"]
    levels = {name: FlagLevel(row[name]) for name in ("rule_level", "computed_level", "level")}
    return SnapshotDecision(
        **{
            **row,
            **levels,
            "kind": SubjectKind(row["kind"]),
            "previous_level": None if previous is None else FlagLevel(previous),
            "hits": hits_from_rows(row["hits"]),
        }
    )


def _override(row: dict[str, Any]) -> SnapshotOverride:
    levels = {name: FlagLevel(row[name]) for name in ("computed_level", "level")}
    return SnapshotOverride(**{**row, **levels, "kind": SubjectKind(row["kind"])})


def _problem(row: dict[str, Any]) -> SnapshotProblem:
    due_on = row["due_on"]
    return SnapshotProblem(**{**row, "due_on": None if due_on is None else date.fromisoformat(due_on)})


def _process(row: dict[str, Any]) -> SnapshotProcess:
    return SnapshotProcess(
        **{
            **row,
            "kind": ProcessKind(row["kind"]),
            "happened_on": date.fromisoformat(row["happened_on"]),
            "severity": Severity(row["severity"]),
        }
    )
