"""What the rates of matters are made of: sums by unit, county or category in one statement, and those of policies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, null, select

from core.domain.matters.words import MatterCount, RateGroup
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus
from db.models.matter import Matter, PolicyTerms
from db.models.organisation import County, Unit
from db.models.project import Project
from db.queries.matters import GROUP_KEYS, MatterFilter, counted, matter_scope, matters_of, narrow, owner_county_id


@dataclass(frozen=True, slots=True)
class MatterSums:
    """
    Sums over matters that were not merged away; docs/metrics.md#matters says what each counts.

    Attributes:
        key: Id of the unit or county, or the category itself; None = without one, or the row over all.
        reply_due: Assigned ones whose reply was due by the day or is given.
        replied_in_time: Of these, replied by their deadline.
        finished: Resolved or closed out.
        visited: Asked how content they are.
        answer_workdays: Σ working days from assignment to reply, over ``answered``.
    """

    group: str
    key: int | str | None
    matters: int
    open: int
    overdue: int
    reply_due: int
    replied_in_time: int
    finished: int
    visited: int
    content: int
    answered: int
    answer_workdays: int


@dataclass(frozen=True, slots=True)
class PolicySums:
    """Sums over policies whose figures are known on both sides; None sums count as unknown, not as 0."""

    policies: int
    targets: int
    delivered: int
    approved_yuan: int
    honoured_yuan: int


# In the order of the fields of ``MatterSums``.
_COUNTED = (
    MatterCount.OPEN, MatterCount.OVERDUE, MatterCount.REPLY_DUE, MatterCount.REPLIED_IN_TIME, MatterCount.FINISHED,
    MatterCount.VISITED, MatterCount.CONTENT, MatterCount.ANSWERED,
)  # fmt: skip


def sums(
    connection: Connection, scope: Scope, wanted: MatterFilter, today: date, group: RateGroup | None = None
) -> list[MatterSums]:
    """Return the sums of the matters of a filter, by *group* (the most matters first), or one row over all."""
    name, key, joins = _group(group)
    query = matters_of(
        scope,
        wanted,
        name.label("group"),
        key.label("key"),
        func.count(),
        *(_count(counted(count, today)) for count in _COUNTED),
        func.coalesce(func.sum(Matter.answer_workdays), 0),
        by_county=group is RateGroup.COUNTY,
    )
    for target, condition in joins:
        query = query.join(target, condition, isouter=True)
    query = query.where(Matter.status != MatterStatus.MERGED)
    if group is not None:
        query = query.group_by(name, key).order_by(func.count().desc(), name)
    return [MatterSums(row[0], row[1], *(int(value) for value in row[2:])) for row in connection.execute(query)]


def policy_sums(connection: Connection, scope: Scope, wanted: MatterFilter) -> PolicySums:
    """Return what 送达率 and 兑现率 are made of; a policy counts where numerator and denominator are both known."""
    delivered = and_(PolicyTerms.target_count > 0, PolicyTerms.delivered_count.is_not(None))
    honoured = and_(PolicyTerms.approved_yuan > 0, PolicyTerms.honoured_yuan.is_not(None))
    query = (
        select(
            func.count(),
            _sum(delivered, PolicyTerms.target_count),
            _sum(delivered, PolicyTerms.delivered_count),
            _sum(honoured, PolicyTerms.approved_yuan),
            _sum(honoured, PolicyTerms.honoured_yuan),
        )
        .select_from(Matter)
        .join(PolicyTerms, PolicyTerms.matter_id == Matter.id)
        .join(Project, Project.id == Matter.project_id, isouter=True)
        .where(matter_scope(scope), Matter.kind == MatterKind.POLICY.value)
        .where(Matter.status != MatterStatus.MERGED, *narrow(wanted))
    )
    return PolicySums(*(int(value) for value in connection.execute(query).one()))


def _group(group: RateGroup | None) -> tuple[Any, Any, list[tuple[Any, ColumnElement[bool]]]]:
    if group is None:
        return literal("合计"), null(), []
    key = GROUP_KEYS[group]
    if group is RateGroup.UNIT:
        return func.coalesce(Unit.name, "未交办"), key, [(Unit, Unit.id == Matter.lead_unit_id)]
    if group is RateGroup.COUNTY:
        return func.coalesce(County.name, "市级"), key, [(County, County.id == owner_county_id)]
    return case((Matter.category == "", "未分类"), else_=Matter.category), key, []


def _count(test: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((test, 1), else_=0)), 0)


def _sum(test: ColumnElement[bool], column: Any) -> Any:
    return func.coalesce(func.sum(case((test, column), else_=0)), 0)
