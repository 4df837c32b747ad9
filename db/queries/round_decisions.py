"""Reads of flags inside a round: the working list, one flag with its history, overrides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, literal, or_, select

from core.domain.flag_hits import RuleHit, hits_from_json
from core.domain.rounds import SubjectFacts, facts_from_json
from core.domain.scope import Scope
from core.domain.supervision_terms import ApprovalStatus, OverrideKind, RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.models.supervision import FlagDecision, FlagOverride, SupervisionRound
from db.queries.scoping import project_scope

_STREAM = 2000


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """
    What to list of a round; empty tuples and text mean no narrowing.

    Attributes:
        kind: Subjects listed; one kind at a time.
        text: Part of the name or code.
        only_moved: Level differs from the previous round's.
        only_overridden: An override is proposed or approved.
        limit: None = all.
    """

    kind: SubjectKind = SubjectKind.PROJECT
    levels: tuple[FlagLevel, ...] = ()
    county_ids: tuple[int, ...] = ()
    headquarters_ids: tuple[int, ...] = ()
    unit_ids: tuple[int, ...] = ()
    text: str = ""
    only_moved: bool = False
    only_overridden: bool = False
    limit: int | None = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """
    The flag of one subject in one round, with the names and figures it had then.

    Attributes:
        rule_level: By the rules on facts; computed_level after escalation and catch-up; level what counts.
        previous_level: Level in the round published before; None when it was not in it.
        streak: Consecutive rounds at WARN or worse, this one included.
        override_status: Of the latest override that was not withdrawn or rejected; None = none.
    """

    id: int
    version: int
    round_id: int
    kind: SubjectKind
    subject_id: int
    name: str
    county_id: int | None
    headquarters_id: int | None
    unit_id: int | None
    rule_level: FlagLevel
    computed_level: FlagLevel
    level: FlagLevel
    previous_level: FlagLevel | None
    streak: int
    gap_milli_pp: int | None
    urgency: int
    hits: tuple[RuleHit, ...]
    facts: SubjectFacts
    override_status: ApprovalStatus | None

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(hit.reason for hit in self.hits)

    @property
    def is_moved(self) -> bool:
        """Whether the level differs from the previous round's."""
        return self.previous_level is not None and self.previous_level is not self.level


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """The flag of a subject in one published round."""

    round_id: int
    year: int
    number: int
    revision: int
    cut_off_on: date
    level: FlagLevel
    computed_level: FlagLevel
    streak: int
    gap_milli_pp: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One override: from what to what, why, by whom, decided by whom."""

    id: int
    version: int
    round_id: int
    kind: SubjectKind
    subject_id: int
    name: str
    override: OverrideKind
    computed_level: FlagLevel
    level: FlagLevel
    reason: str
    document_no: str
    status: ApprovalStatus
    is_moved: bool
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    decision_note: str


_LIVE = (ApprovalStatus.PROPOSED.value, ApprovalStatus.APPROVED.value)
_OVERRIDE = (
    select(FlagOverride.status)
    .where(
        FlagOverride.round_id == FlagDecision.round_id,
        FlagOverride.subject_kind == FlagDecision.subject_kind,
        FlagOverride.subject_id == FlagDecision.subject_id,
        FlagOverride.status.in_(_LIVE),
    )
    .order_by(FlagOverride.id.desc())
    .limit(1)
    .correlate(FlagDecision)
    .scalar_subquery()
)
_COLUMNS = (
    FlagDecision.id,
    FlagDecision.version,
    FlagDecision.round_id,
    FlagDecision.subject_kind.label("kind"),
    FlagDecision.subject_id,
    FlagDecision.subject_name.label("name"),
    FlagDecision.county_id,
    FlagDecision.headquarters_id,
    FlagDecision.unit_id,
    FlagDecision.rule_level,
    FlagDecision.computed_level,
    FlagDecision.level,
    FlagDecision.previous_level,
    FlagDecision.streak,
    FlagDecision.gap_milli_pp,
    FlagDecision.urgency,
    FlagDecision.hits,
    FlagDecision.facts,
)
_WITH_OVERRIDE = (*_COLUMNS, _OVERRIDE.label("override_status"))


def _decision(row: RowMapping) -> DecisionRow:
    previous, override = row["previous_level"], row["override_status"]
    return DecisionRow(
        **{
            **row,
            "kind": SubjectKind(row["kind"]),
            "rule_level": FlagLevel(row["rule_level"]),
            "computed_level": FlagLevel(row["computed_level"]),
            "level": FlagLevel(row["level"]),
            "previous_level": FlagLevel(previous) if previous else None,
            "hits": hits_from_json(row["hits"]),
            "facts": facts_from_json(row["facts"]),
            "override_status": ApprovalStatus(override) if override else None,
        }
    )


def _inside(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, FlagDecision.county_id, FlagDecision.headquarters_id, FlagDecision.unit_id)


def _matching(round_id: int, scope: Scope, wanted: DecisionFilter) -> ColumnElement[bool]:
    me = FlagDecision
    tests = [me.round_id == round_id, me.subject_kind == wanted.kind.value, _inside(scope)]
    for column, values in (
        (me.level, tuple(level.value for level in wanted.levels)),
        (me.county_id, wanted.county_ids),
        (me.headquarters_id, wanted.headquarters_ids),
        (me.unit_id, wanted.unit_ids),
    ):
        if values:
            tests.append(column.in_(values))
    if wanted.text.strip():
        text = wanted.text.strip()
        tests.append(or_(me.subject_name.contains(text, autoescape=True), _code_like(text)))
    if wanted.only_moved:
        tests.append(and_(me.previous_level != "", me.previous_level != me.level))
    if wanted.only_overridden:
        tests.append(_OVERRIDE.is_not(None))
    return and_(*tests)


def _code_like(text: str) -> ColumnElement[bool]:
    """The code is the first field of the facts, so its text is where the JSON begins."""
    quoted = text.replace("\\", "").replace('"', "")
    return FlagDecision.facts.contains(quoted, autoescape=True) if quoted.isascii() else literal(False)


def list_decisions(connection: Connection, scope: Scope, round_id: int, wanted: DecisionFilter) -> list[DecisionRow]:
    """Return the flags of a round inside *scope* that match, most urgent first."""
    query = select(*_WITH_OVERRIDE).where(_matching(round_id, scope, wanted))
    query = query.order_by(FlagDecision.urgency, FlagDecision.subject_id).offset(wanted.offset)
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    return [_decision(row) for row in connection.execute(query).mappings()]


def count_decisions(connection: Connection, scope: Scope, round_id: int, wanted: DecisionFilter) -> int:
    """Return how many flags match, whatever the page."""
    query = select(func.count()).select_from(FlagDecision).where(_matching(round_id, scope, wanted))
    return int(connection.execute(query).scalar_one())


def stream_decisions(connection: Connection, round_id: int) -> Iterator[DecisionRow]:
    """Yield every flag of a round by kind and urgency, without holding them all."""
    columns = (*_COLUMNS, literal(None).label("override_status"))
    query: Select[*tuple[Any, ...]] = select(*columns).where(FlagDecision.round_id == round_id)
    query = query.order_by(FlagDecision.subject_kind, FlagDecision.urgency, FlagDecision.subject_id)
    with connection.execute(query.execution_options(yield_per=_STREAM)) as rows:
        for row in rows.mappings():
            yield _decision(row)


def find_decision(connection: Connection, scope: Scope, decision_id: int) -> DecisionRow | None:
    """Return one flag inside *scope*."""
    query = select(*_WITH_OVERRIDE).where(FlagDecision.id == decision_id, _inside(scope))
    return next((_decision(row) for row in connection.execute(query).mappings()), None)


def find_decision_of(
    connection: Connection, scope: Scope, round_id: int, kind: SubjectKind, subject_id: int
) -> DecisionRow | None:
    """Return the flag of one subject in one round."""
    me = FlagDecision
    query = select(*_WITH_OVERRIDE).where(
        me.round_id == round_id, me.subject_kind == kind.value, me.subject_id == subject_id, _inside(scope)
    )
    return next((_decision(row) for row in connection.execute(query).mappings()), None)


def history(connection: Connection, scope: Scope, kind: SubjectKind, subject_id: int) -> list[HistoryRow]:
    """Return the flags a subject had in published rounds, latest first."""
    me, its = FlagDecision, SupervisionRound
    query = (
        select(
            its.id,
            its.year,
            its.number,
            its.revision,
            its.cut_off_on,
            me.level,
            me.computed_level,
            me.streak,
            me.gap_milli_pp,
            me.hits,
        )
        .join(its, its.id == me.round_id)
        .where(
            me.subject_kind == kind.value,
            me.subject_id == subject_id,
            its.status == RoundStatus.PUBLISHED.value,
            _inside(scope),
        )
        .order_by(its.year.desc(), its.number.desc())
    )
    return [
        HistoryRow(
            round_id=row[0],
            year=row[1],
            number=row[2],
            revision=row[3],
            cut_off_on=row[4],
            level=FlagLevel(row[5]),
            computed_level=FlagLevel(row[6]),
            streak=row[7],
            gap_milli_pp=row[8],
            reasons=tuple(hit.reason for hit in hits_from_json(row[9])),
        )
        for row in connection.execute(query)
    ]


def list_overrides(
    connection: Connection, scope: Scope, round_id: int, *, override_id: int | None = None
) -> list[OverrideRow]:
    """Return the overrides of a round inside *scope*, latest first; only *override_id* when given."""
    me, flag = FlagOverride, FlagDecision
    same = and_(flag.round_id == me.round_id, flag.subject_kind == me.subject_kind, flag.subject_id == me.subject_id)
    query = (
        select(
            me.id,
            me.version,
            me.round_id,
            me.subject_kind.label("kind"),
            me.subject_id,
            flag.subject_name.label("name"),
            me.kind.label("override"),
            me.computed_level,
            me.level,
            me.reason,
            me.document_no,
            me.status,
            me.is_moved,
            me.proposed_at,
            me.proposed_by,
            me.decided_at,
            me.decided_by,
            me.decision_note,
        )
        .join(flag, same)
        .where(me.round_id == round_id, _inside(scope))
        .order_by(me.id.desc())
    )
    if override_id is not None:
        query = query.where(me.id == override_id)
    return [_override(row) for row in connection.execute(query).mappings()]


def _override(row: RowMapping) -> OverrideRow:
    return OverrideRow(
        **{
            **row,
            "kind": SubjectKind(row["kind"]),
            "override": OverrideKind(row["override"]),
            "computed_level": FlagLevel(row["computed_level"]),
            "level": FlagLevel(row["level"]),
            "status": ApprovalStatus(row["status"]),
        }
    )


def round_of_override(connection: Connection, override_id: int) -> int | None:
    """Return the round an override belongs to."""
    return connection.execute(select(FlagOverride.round_id).where(FlagOverride.id == override_id)).scalar_one_or_none()


def live_override_ids(connection: Connection, round_id: int) -> list[int]:
    """Return the overrides of a round that are proposed or approved, whether their subject is still in it or not."""
    query = select(FlagOverride.id).where(FlagOverride.round_id == round_id, FlagOverride.status.in_(_LIVE))
    return list(connection.execute(query.order_by(FlagOverride.id)).scalars())


def overridden(connection: Connection, round_id: int) -> dict[tuple[SubjectKind, int], tuple[FlagLevel, int | None]]:
    """Return (kind, subject) → (computed level, gap) of the flags with a live override."""
    me = FlagDecision
    query = select(me.subject_kind, me.subject_id, me.computed_level, me.gap_milli_pp)
    rows = connection.execute(query.where(me.round_id == round_id, _OVERRIDE.is_not(None)))
    return {(SubjectKind(kind), subject): (FlagLevel(level), gap) for kind, subject, level, gap in rows}
