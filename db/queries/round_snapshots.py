"""Reads of what a round is frozen from beside its flags: sums, overrides, problems, process facts, and back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from core.domain.round_snapshot import (
    GroupFigures,
    SnapshotDecision,
    SnapshotProblem,
    SnapshotProcess,
)
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import FlagLevel, MatterKind
from db.models.evidence import Attachment
from db.models.matter import Matter
from db.models.organisation import County, Headquarters, Unit
from db.models.project import Project
from db.models.supervision import FlagDecision, ProcessFact, Rectification, RoundSnapshot
from db.queries.round_decisions import DecisionRow, stream_decisions

CITY = ("city", 0, "全市")
_STREAM = 2000
_SUMS = {
    "projects": "projects",
    "total_investment_yuan": "total_investment_yuan",
    "annual_plan_yuan": "annual_plan_yuan",
    "due_yuan": "due_yuan",
    "done_yuan": "ytd_done_yuan",
    "period_done_yuan": "period_done_yuan",
    "started": "started",
    "start_due": "start_due",
    "resumed": "resumed",
    "resume_due": "resume_due",
}
Key = tuple[str, int, str]


@dataclass(slots=True)
class _Total:
    """Sums of one group while rows stream by."""

    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SUMS, 0))
    levels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, FlagLevel), 0))
    previous: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, FlagLevel), 0))

    def add(self, facts: dict[str, Any], level: str, previous: str) -> None:
        for name, source in _SUMS.items():
            self.sums[name] += facts[source]
        self.levels[level] += 1
        if previous:
            self.previous[previous] += 1


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot as it lies in the store: gzip of its canonical JSON, and the digest of that JSON."""

    sha256: str
    code_version: str
    size_bytes: int
    body: bytes


def group_figures(connection: Connection, round_id: int) -> tuple[GroupFigures, tuple[GroupFigures, ...]]:
    """Return the sums of the city, and of counties, headquarters and categories, over the round's projects."""
    me = FlagDecision
    query = select(me.county_id, me.headquarters_id, me.level, me.previous_level, me.facts).where(
        me.round_id == round_id, me.subject_kind == SubjectKind.PROJECT.value
    )
    totals: dict[Key, _Total] = {CITY: _Total()}
    with connection.execute(query.execution_options(yield_per=_STREAM)) as rows:
        for county, headquarters, level, previous, text in rows:
            facts = json.loads(text)
            keys: list[Key] = [CITY, ("county", county or 0, facts["county"]), ("category", 0, facts["category"])]
            if headquarters is not None:
                keys.append(("headquarters", headquarters, facts["headquarters"]))
            for key in keys:
                totals.setdefault(key, _Total()).add(facts, level, previous)
    order = _order(connection)
    keys = sorted((key for key in totals if key != CITY), key=lambda key: (key[0], order.get(key[:2], 0), key[1:]))
    return _figures(CITY, totals[CITY]), tuple(_figures(key, totals[key]) for key in keys)


def _figures(key: Key, total: _Total) -> GroupFigures:
    kind, number, name = key
    return GroupFigures(
        kind=kind, id=number, name=name, levels=total.levels, previous_levels=total.previous, **total.sums
    )


def _order(connection: Connection) -> dict[tuple[str, int], int]:
    """Return the office's own order of counties and headquarters."""
    found: dict[tuple[str, int], int] = {}
    for kind, columns in (
        ("county", (County.id, County.sort_order)),
        ("headquarters", (Headquarters.id, Headquarters.sort_order)),
    ):
        found |= {(kind, key): place for key, place in connection.execute(select(*columns))}
    return found


def frozen_decisions(connection: Connection, round_id: int) -> Iterator[SnapshotDecision]:
    """Yield every flag of a round as the snapshot keeps it."""
    return map(_frozen, stream_decisions(connection, round_id))


def _frozen(row: DecisionRow) -> SnapshotDecision:
    facts = row.facts
    return SnapshotDecision(
        kind=row.kind,
        id=row.subject_id,
        code=facts.code,
        name=row.name,
        county=facts.county,
        headquarters=facts.headquarters,
        unit=facts.unit,
        leader=facts.leader,
        year_class=facts.year_class,
        total_investment_yuan=facts.total_investment_yuan,
        annual_plan_yuan=facts.annual_plan_yuan,
        due_yuan=facts.due_yuan,
        ytd_done_yuan=facts.ytd_done_yuan,
        period_done_yuan=facts.period_done_yuan,
        gap_milli_pp=row.gap_milli_pp,
        rule_level=row.rule_level,
        computed_level=row.computed_level,
        level=row.level,
        previous_level=row.previous_level,
        streak=row.streak,
        hits=row.hits,
    )


def problems_on(connection: Connection, on: date) -> tuple[SnapshotProblem, ...]:
    """Return the problems that were open on *on*, longest overdue first."""
    me = Matter
    query = (
        select(me.code, me.title, Project.name, County.name, Unit.name, me.due_on, me.is_escalated)
        .select_from(Matter)
        .outerjoin(Project, Project.id == me.project_id)
        .outerjoin(County, County.id == func.coalesce(me.county_id, Project.county_id))
        .outerjoin(Unit, Unit.id == func.coalesce(me.lead_unit_id, Project.responsible_unit_id))
        .where(
            me.kind == MatterKind.PROBLEM.value,
            me.raised_on <= on,
            or_(me.closed_on.is_(None), me.closed_on > on),
        )
        .order_by(me.due_on.is_(None), me.due_on, me.code)
    )
    return tuple(
        SnapshotProblem(
            code=code,
            title=title,
            project=project or "",
            county=county or "",
            unit=unit or "",
            due_on=due_on,
            overdue_days=max(0, (on - due_on).days) if due_on else 0,
            is_escalated=is_escalated,
        )
        for code, title, project, county, unit, due_on, is_escalated in connection.execute(query)
    )


def processes_between(connection: Connection, first_on: date, last_on: date) -> tuple[SnapshotProcess, ...]:
    """Return the inspections, patrols, visits and meetings of a period, with the number of their photos."""
    me = ProcessFact
    photos = (
        select(func.count())
        .where(
            Attachment.entity == "process_fact",
            Attachment.entity_id == me.id,
            Attachment.is_withdrawn.is_(False),
            Attachment.media_type.like("image/%"),
        )
        .correlate(ProcessFact)
        .scalar_subquery()
    )
    name = func.coalesce(Project.name, County.name, Headquarters.name, Unit.name, "")
    query = _with_subjects(
        select(me.kind, name, me.happened_on, me.participants, me.finding, me.severity, photos).select_from(ProcessFact)
    )
    query = query.where(me.happened_on.between(first_on, last_on)).order_by(me.happened_on, me.id)
    return tuple(
        SnapshotProcess(ProcessKind(kind), subject, on, who, finding, Severity(severity), int(count))
        for kind, subject, on, who, finding, severity, count in connection.execute(query)
    )


def _with_subjects(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    def is_subject(kind: SubjectKind, key: Any) -> ColumnElement[bool]:
        return and_(ProcessFact.subject_kind == kind.value, ProcessFact.subject_id == key)

    return (
        query.outerjoin(Project, is_subject(SubjectKind.PROJECT, Project.id))
        .outerjoin(County, is_subject(SubjectKind.COUNTY, County.id))
        .outerjoin(Headquarters, is_subject(SubjectKind.HEADQUARTERS, Headquarters.id))
        .outerjoin(Unit, is_subject(SubjectKind.UNIT, Unit.id))
    )


def closed_out_between(connection: Connection, after: date, last_on: date) -> int:
    """Return how many rectifications were closed out after *after*, up to *last_on*."""
    me = Rectification
    query = select(func.count()).where(me.closed_on > after, me.closed_on <= last_on)
    return int(connection.execute(query).scalar_one())


def stored_snapshot(connection: Connection, round_id: int) -> StoredSnapshot | None:
    """Return the snapshot of a published round as it was written."""
    me = RoundSnapshot
    query = select(me.sha256, me.code_version, me.size_bytes, me.body).where(me.round_id == round_id)
    row = connection.execute(query).first()
    return None if row is None else StoredSnapshot(row[0], row[1], row[2], bytes(row[3]))
