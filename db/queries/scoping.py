"""The scope of an actor as a WHERE clause; every query over projects uses it."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from core.domain.scope import Scope


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
