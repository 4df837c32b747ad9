"""奖惩: rewards and penalties of units, counties, headquarters; recorded by a person, listed over the year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.supervision_terms import MeritKind, SubjectKind
from db.models.organisation import County, Headquarters, Unit
from db.models.supervision import Merit
from db.session import read, transaction

MAX_POINTS_TENTHS = 1_000
OWNERS = {SubjectKind.UNIT: Unit, SubjectKind.COUNTY: County, SubjectKind.HEADQUARTERS: Headquarters}


@dataclass(frozen=True, slots=True)
class MeritRow:
    """One reward or penalty; *points_tenths* is negative for a penalty."""

    id: int
    kind: MeritKind
    subject_kind: SubjectKind
    subject_id: int
    subject: str
    happened_on: date
    points_tenths: int
    reason: str
    document_no: str


@dataclass(frozen=True, slots=True)
class NewMerit:
    """What is recorded."""

    kind: MeritKind
    subject_kind: SubjectKind
    subject_id: int
    happened_on: date | None
    reason: str
    points_tenths: int = 0
    document_no: str = ""
    rectification_id: int | None = None


def record(actor: Actor, new: NewMerit) -> int:
    """
    Record a reward or penalty and return its id.

    Raises:
        NotFound: No such unit, county or headquarters.
        Invalid: Every refused value at once.
    """
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        problems = []
        if not new.reason.strip():
            problems.append(Problem("reason", "required", "请写明奖惩事由。"))
        if new.happened_on is None or new.happened_on > tx.as_of.on:
            problems.append(Problem("happened_on", "day", "请选择不晚于今天的日期。"))
        if abs(new.points_tenths) > MAX_POINTS_TENTHS:
            problems.append(Problem("points", "range", f"分值应在 ±{MAX_POINTS_TENTHS // 10} 分以内。"))
        if problems:
            raise Invalid(problems)
        if new.subject_id not in _names(tx.connection, new.subject_kind, [new.subject_id]):
            raise NotFound
        values = {
            "kind": new.kind.value,
            "subject_kind": new.subject_kind.value,
            "subject_id": new.subject_id,
            "happened_on": new.happened_on,
            "points_tenths": new.points_tenths,
            "reason": new.reason.strip(),
            "document_no": new.document_no.strip(),
            "rectification_id": new.rectification_id,
        }
        return int(tx.insert(Merit, values, reason=new.reason.strip()[:400]))


def list_year(actor: Actor, year: int) -> tuple[MeritRow, ...]:
    """Return the rewards and penalties of *year*, latest first; a bound role sees its own subjects only."""
    require(actor, Permission.VIEW_PROJECTS)
    row = Merit
    query = (
        select(
            row.id,
            row.kind,
            row.subject_kind,
            row.subject_id,
            row.happened_on,
            row.points_tenths,
            row.reason,
            row.document_no,
        )
        .where(row.happened_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(row.happened_on.desc(), row.id.desc())
    )
    with read() as connection:
        found = connection.execute(query).all()
        names = {
            kind: _names(connection, kind, [item.subject_id for item in found if item.subject_kind == kind.value])
            for kind in OWNERS
        }
    rows = []
    for item in found:
        kind = SubjectKind(item.subject_kind)
        if _sees(actor, kind, item.subject_id):
            name = names[kind].get(item.subject_id, "")
            rows.append(MeritRow(item.id, MeritKind(item.kind), kind, item.subject_id, name, *item[4:]))
    return tuple(rows)


def choices(actor: Actor) -> dict[SubjectKind, dict[int, str]]:
    """Return whom a reward or penalty may be given to, by kind."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return {kind: _names(connection, kind, None) for kind in OWNERS}


def totals(rows: Sequence[MeritRow]) -> list[tuple[str, str, int, int, int]]:
    """Return (kind, name, rewards, penalties, points in tenths) per subject, fewest points first."""
    sums: dict[tuple[SubjectKind, int], list[int]] = {}
    names = {(row.subject_kind, row.subject_id): row.subject for row in rows}
    for row in rows:
        own = sums.setdefault((row.subject_kind, row.subject_id), [0, 0, 0])
        own[0 if row.kind is MeritKind.PRAISE or row.points_tenths > 0 else 1] += 1
        own[2] += row.points_tenths
    ordered = sorted(sums.items(), key=lambda item: (item[1][2], names[item[0]]))
    return [(key[0].label, names[key], own[0], own[1], own[2]) for key, own in ordered]


def _sees(actor: Actor, kind: SubjectKind, subject_id: int) -> bool:
    scope = actor.scope
    own = {
        SubjectKind.UNIT: scope.unit_ids,
        SubjectKind.COUNTY: scope.county_ids,
        SubjectKind.HEADQUARTERS: scope.headquarters_ids,
    }
    return scope.everything or subject_id in own[kind]


def _names(connection: Connection, kind: SubjectKind, ids: Sequence[int] | None) -> dict[int, str]:
    table = OWNERS[kind].__table__
    query = select(table.c.id, table.c.name).order_by(table.c.name)
    if ids is not None:
        query = query.where(table.c.id.in_(sorted(set(ids))))
    return {key: name for key, name in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy
