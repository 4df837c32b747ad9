"""The scope of an actor as a WHERE clause; every query over projects uses it."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from core.domain.scope import Scope
from core.domain.supervision_terms import SubjectKind
from db.models.campaign import Campaign


def project_scope(scope: Scope, county: Any, headquarters: Any, unit: Any) -> ColumnElement[bool]:
    """
    Return the clause that keeps the rows inside *scope*.

    Args:
        scope: What the actor may see; an empty scope keeps nothing.
        county: Column with the owning county's id.
        headquarters: Column with the owning headquarters' id.
        unit: Column with the responsible unit's id.
    """
    if scope.everything:
        return true()
    # Single comparisons instead of IN: a scope holds few ids, and such a statement can be prepared (db/prepared.py).
    tests = [
        column == key
        for column, ids in (
            (county, scope.county_ids),
            (headquarters, scope.headquarters_ids),
            (unit, scope.unit_ids),
        )
        for key in sorted(ids)
    ]
    return or_(*tests) if tests else false()


def subject_scope(scope: Scope, kind: Any, subject_id: Any) -> ColumnElement[bool]:
    """
    Return the clause that keeps rows about a county, headquarters, unit or owned campaign inside *scope*.

    Args:
        kind: Column with a ``SubjectKind``.
        subject_id: Column with the id of the subject.
    """
    if scope.everything:
        return true()
    bound = (
        (SubjectKind.COUNTY, scope.county_ids),
        (SubjectKind.HEADQUARTERS, scope.headquarters_ids),
        (SubjectKind.UNIT, scope.unit_ids),
    )
    tests = [and_(kind == known.value, subject_id == key) for known, ids in bound for key in sorted(ids)]
    owned = select(Campaign.id).where(
        project_scope(scope, Campaign.county_id, Campaign.headquarters_id, Campaign.lead_unit_id)
    )
    return or_(false(), *tests, and_(kind == SubjectKind.CAMPAIGN.value, subject_id.in_(owned)))
