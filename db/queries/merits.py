"""Rewards and penalties (奖惩) of a year, and the events they may be proposed for, by who answers for a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Select, case, distinct, func, literal, select

from core.domain.rectification_rules import MeritTrigger
from core.domain.scope import Scope
from core.domain.supervision_terms import MeritKind, RectificationAction, RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from core.settings import get_settings
from db.models.base import Base
from db.models.campaign import Campaign
from db.models.organisation import County, Headquarters, Unit
from db.models.supervision import FlagDecision, Merit, Rectification, RectificationEvent, SupervisionRound
from db.queries.scoping import project_scope, subject_scope

OWNERS: dict[SubjectKind, type[Base]] = {
    SubjectKind.UNIT: Unit,
    SubjectKind.COUNTY: County,
    SubjectKind.HEADQUARTERS: Headquarters,
    SubjectKind.CAMPAIGN: Campaign,
}


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
class TriggerCount:
    """How often something happened to one unit, headquarters or county in a year."""

    trigger: MeritTrigger
    subject_kind: SubjectKind
    subject_id: int
    times: int


def list_merits(connection: Connection, scope: Scope, year: int) -> list[MeritRow]:
    """Return the rewards and penalties of *year* on subjects inside *scope*, latest first."""
    kind = Merit.subject_kind
    query = (
        select(
            Merit.id,
            Merit.kind,
            kind,
            Merit.subject_id,
            func.coalesce(Unit.name, County.name, Headquarters.name, Campaign.name, "").label("subject"),
            Merit.happened_on,
            Merit.points_tenths,
            Merit.reason,
            Merit.document_no,
        )
        .join(Unit, (kind == SubjectKind.UNIT.value) & (Unit.id == Merit.subject_id), isouter=True)
        .join(County, (kind == SubjectKind.COUNTY.value) & (County.id == Merit.subject_id), isouter=True)
        .join(
            Headquarters, (kind == SubjectKind.HEADQUARTERS.value) & (Headquarters.id == Merit.subject_id), isouter=True
        )
        .join(Campaign, (kind == SubjectKind.CAMPAIGN.value) & (Campaign.id == Merit.subject_id), isouter=True)
        .where(
            Merit.happened_on.between(date(year, 1, 1), date(year, 12, 31)),
            subject_scope(scope, kind, Merit.subject_id),
        )
        .order_by(Merit.happened_on.desc(), Merit.id.desc())
    )
    return [
        MeritRow(**{**row, "kind": MeritKind(row["kind"]), "subject_kind": SubjectKind(row["subject_kind"])})
        for row in connection.execute(query).mappings()
    ]


def names(connection: Connection, kind: SubjectKind, ids: Sequence[int] | None) -> dict[int, str]:
    """Return id → name of units, counties, headquarters or campaigns; all of them when *ids* is None."""
    table = OWNERS[kind].__table__
    query = select(table.c.id, table.c.name).order_by(table.c.name)
    if ids is not None:
        query = query.where(table.c.id.in_(sorted(set(ids))))
    return {row.id: row.name for row in connection.execute(query)}


def count_triggers(connection: Connection, scope: Scope, year: int) -> list[TriggerCount]:
    """Return what happened in *year* inside *scope* that a reward or penalty may be proposed for."""
    found = []
    for trigger, query in (
        (MeritTrigger.INTERVIEWED, _events(year, RectificationAction.INTERVIEWED)),
        (MeritTrigger.RAISED, _events(year, RectificationAction.RAISED)),
        (MeritTrigger.CLOSED_IN_TIME, _closed(year)),
        (MeritTrigger.SEVERE_ROUNDS, _severe(year)),
    ):
        table = FlagDecision if trigger is MeritTrigger.SEVERE_ROUNDS else Rectification
        inside = project_scope(scope, table.county_id, table.headquarters_id, table.unit_id)
        for kind, key, times in connection.execute(query.where(inside)):
            if key is not None:
                found.append(TriggerCount(trigger, SubjectKind(kind), int(key), int(times)))
    return found


def _owner(table: type[Rectification] | type[FlagDecision]) -> tuple[Any, Any]:
    """Return kind and id of who answers: the unit, else the headquarters, else the county."""
    kind = case(
        (table.unit_id.is_not(None), literal(SubjectKind.UNIT.value)),
        (table.headquarters_id.is_not(None), literal(SubjectKind.HEADQUARTERS.value)),
        else_=literal(SubjectKind.COUNTY.value),
    )
    return kind.label("owner_kind"), func.coalesce(table.unit_id, table.headquarters_id, table.county_id).label(
        "owner_id"
    )


def _events(year: int, action: RectificationAction) -> Select[Any]:
    kind, key = _owner(Rectification)
    event = RectificationEvent
    begin, end = (datetime(y, 1, 1, tzinfo=get_settings().zone).astimezone(UTC) for y in (year, year + 1))
    return (
        select(kind, key, func.count())
        .select_from(Rectification)
        .join(event, event.rectification_id == Rectification.id)
        .where(event.kind == action.value, event.happened_at >= begin, event.happened_at < end)
        .group_by("owner_kind", "owner_id")
    )


def _closed(year: int) -> Select[Any]:
    kind, key = _owner(Rectification)
    in_year = Rectification.closed_on.between(date(year, 1, 1), date(year, 12, 31))
    return (
        select(kind, key, func.count())
        .where(in_year, Rectification.raised_times == 0)
        .group_by("owner_kind", "owner_id")
    )


def _severe(year: int) -> Select[Any]:
    kind, key = _owner(FlagDecision)
    return (
        select(kind, key, func.count(distinct(FlagDecision.round_id)))
        .select_from(FlagDecision)
        .join(SupervisionRound, SupervisionRound.id == FlagDecision.round_id)
        .where(
            SupervisionRound.year == year,
            SupervisionRound.status == RoundStatus.PUBLISHED.value,
            FlagDecision.level == FlagLevel.SEVERE.value,
            FlagDecision.subject_kind == SubjectKind.PROJECT.value,
        )
        .group_by("owner_kind", "owner_id")
    )
