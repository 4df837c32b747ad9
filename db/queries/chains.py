"""
Projects on the chain (项目链条): the step as an expression of the store, for counts and filters over any number.

``core.domain.headquarters_chain.chain_place`` is the rule; a test holds both against each other. "Happened" means up to
the day the roll-ups stand at, so that counts, lists and figures speak of the same day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from core.domain.headquarters_chain import (
    BUILDING_STAGES,
    OFF_CHAIN,
    PRODUCING_STAGES,
    STEPS,
    ChainCount,
    ChainFacts,
    ChainStep,
    ProjectSource,
    source_of,
)
from core.domain.scope import Scope
from core.domain.terms import LifecycleKind, Stage
from db.models.asset import FundingBid
from db.models.figures import project_state
from db.models.land import ParcelUse
from db.models.organisation import County
from db.models.project import LifecycleEvent, Project
from db.models.system import StoreHead
from db.queries.scoping import project_scope

LANDING_EVENTS = (LifecycleKind.LANDED.value, LifecycleKind.LAND_GRANTED.value)
_ON = select(StoreHead.figures_on).scalar_subquery()
_AT = {step: number for number, step in enumerate(STEPS)}


def _happened(day: Any) -> ColumnElement[bool]:
    return and_(day.is_not(None), day <= _ON)


def _proven(days: Sequence[Any], stages: frozenset[Stage]) -> ColumnElement[bool]:
    """One of *days* has come, or none is known and the status says so."""
    stated = and_(*(day.is_(None) for day in days), Project.stage.in_(sorted(stages)))
    return or_(*(_happened(day) for day in days), stated)


def _landed() -> ColumnElement[bool]:
    plot = exists().where(
        ParcelUse.project_id == Project.id, or_(ParcelUse.from_on.is_(None), ParcelUse.from_on <= _ON)
    )
    event = exists().where(
        LifecycleEvent.project_id == Project.id,
        LifecycleEvent.kind.in_(LANDING_EVENTS),
        LifecycleEvent.happened_on <= _ON,
    )
    return or_(_happened(Project.fulfilled_on), plot, event)


def _contended() -> ColumnElement[bool]:
    bid = exists().where(FundingBid.project_id == Project.id, FundingBid.requested_on <= _ON)
    return or_(_happened(Project.signed_on), bid)


_STEP: ColumnElement[int] = case(
    (_proven((Project.commissioned_on, Project.full_capacity_on), PRODUCING_STAGES), _AT[ChainStep.PRODUCING]),
    (_proven((Project.started_on,), BUILDING_STAGES), _AT[ChainStep.BUILDING]),
    (_landed(), _AT[ChainStep.LANDED]),
    (_contended(), _AT[ChainStep.CONTENDED]),
    (_happened(Project.reserved_on), _AT[ChainStep.PACKAGED]),
    else_=_AT[ChainStep.PLANNED],
)
ON_CHAIN = Project.stage.not_in(sorted(OFF_CHAIN))


def at_steps(steps: Sequence[ChainStep]) -> ColumnElement[bool]:
    """Return the clause that keeps projects whose present step is one of *steps*; the statement selects ``Project``."""
    return and_(ON_CHAIN, _STEP.in_([_AT[step] for step in steps]))


def _inside(scope: Scope) -> ColumnElement[bool]:
    return and_(ON_CHAIN, project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id))


def count_chain(connection: Connection, scope: Scope, headquarters_id: int) -> tuple[ChainCount, ...]:
    """Return the projects of a headquarters inside *scope* by step and source."""
    query = (
        select(_STEP.label("step"), Project.source, func.count(), func.sum(Project.total_investment_yuan))
        .where(Project.headquarters_id == headquarters_id, _inside(scope))
        .group_by(_STEP, Project.source)
    )
    return tuple(
        ChainCount(STEPS[row[0]], source_of(row[1]), int(row[2]), int(row[3])) for row in connection.execute(query)
    )


def count_chains(connection: Connection, scope: Scope) -> dict[int, tuple[ChainCount, ...]]:
    """Return the projects inside *scope* by headquarters and step, whatever their source."""
    query = (
        select(Project.headquarters_id, _STEP.label("step"), func.count(), func.sum(Project.total_investment_yuan))
        .where(Project.headquarters_id.is_not(None), _inside(scope))
        .group_by(Project.headquarters_id, _STEP)
    )
    found: dict[int, list[ChainCount]] = {}
    for key, step, projects, yuan in connection.execute(query):
        found.setdefault(int(key or 0), []).append(
            ChainCount(STEPS[step], ProjectSource.UNKNOWN, int(projects), int(yuan))
        )
    return {key: tuple(rows) for key, rows in found.items()}


class ChainRow:
    """One project of a headquarters with the facts that place it on the chain."""

    __slots__ = ("county", "facts", "id", "level", "name", "source", "total_yuan")

    def __init__(self, row: Any) -> None:
        self.id: int = row.id
        self.name: str = row.name
        self.county: str = row.county
        self.level: str = row.level
        self.source = source_of(row.source)
        self.total_yuan: int = row.total_investment_yuan
        self.facts = ChainFacts(
            stage=Stage(row.stage),
            reserved_on=row.reserved_on,
            contended_on=_earliest(row.signed_on, row.bid_on),
            landed_on=_earliest(row.fulfilled_on, row.plot_on, row.event_on),
            has_plot=bool(row.plots_without_day),
            started_on=row.started_on,
            producing_on=_earliest(row.commissioned_on, row.full_capacity_on),
        )


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def list_chain(connection: Connection, scope: Scope, headquarters_id: int, limit: int) -> list[ChainRow]:
    """Return the projects of a headquarters inside *scope* with what places them, the largest first."""
    bid = select(func.min(FundingBid.requested_on)).where(FundingBid.project_id == Project.id)
    plot = select(func.min(ParcelUse.from_on)).where(ParcelUse.project_id == Project.id)
    bare = select(func.count()).where(ParcelUse.project_id == Project.id, ParcelUse.from_on.is_(None))
    event = select(func.min(LifecycleEvent.happened_on)).where(
        LifecycleEvent.project_id == Project.id, LifecycleEvent.kind.in_(LANDING_EVENTS)
    )
    query = (
        select(
            Project.id, Project.name, County.name.label("county"), project_state.c.level, Project.source,
            Project.total_investment_yuan, Project.stage, Project.reserved_on, Project.signed_on, Project.fulfilled_on,
            Project.started_on, Project.commissioned_on, Project.full_capacity_on,
            bid.scalar_subquery().label("bid_on"), plot.scalar_subquery().label("plot_on"),
            bare.scalar_subquery().label("plots_without_day"), event.scalar_subquery().label("event_on"),
        )
        .join(County, County.id == Project.county_id)
        .join(project_state, project_state.c.project_id == Project.id)
        .where(Project.headquarters_id == headquarters_id, _inside(scope))
        .order_by(Project.total_investment_yuan.desc(), Project.id)
        .limit(limit)
    )  # fmt: skip
    return [ChainRow(row) for row in connection.execute(query)]
