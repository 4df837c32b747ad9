"""A set of rules kept as versions in the store: the one in force, and how a new one replaces it."""

import json
from typing import Any

from sqlalchemy import Connection, func, select

from core.domain.errors import Invalid, Problem
from db.models import RuleSet
from db.transaction import WriteTransaction

_MAX_SOURCE = 400


def active_body(connection: Connection, kind: str) -> str | None:
    """Return the body in force of the only rule set of *kind*; None = none was stored yet."""
    query = select(RuleSet.body).where(RuleSet.kind == kind, RuleSet.code == kind, RuleSet.is_active)
    return connection.execute(query.order_by(RuleSet.number.desc()).limit(1)).scalar_one_or_none()


def store_body(tx: WriteTransaction, kind: str, name: str, body: dict[str, Any], reason: str) -> int:
    """
    Put *body* in force as a new version and return its number.

    Raises:
        Invalid: No reason.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", "missing_reason", "请写明修改规则的原因和依据。")])
    mine = (RuleSet.kind == kind, RuleSet.code == kind)
    number = int(tx.connection.execute(select(func.max(RuleSet.number)).where(*mine)).scalar() or 0) + 1
    for key in tx.connection.execute(select(RuleSet.id).where(*mine, RuleSet.is_active)).scalars().all():
        tx.update(RuleSet, key, {"is_active": False}, expected_version=None, reason=reason.strip())
    values = {
        "kind": kind,
        "code": kind,
        "number": number,
        "name": name,
        "body": json.dumps(body, ensure_ascii=False, sort_keys=True),
        "is_active": True,
        "source": reason.strip()[:_MAX_SOURCE],
    }
    tx.insert(RuleSet, values, reason=reason.strip())
    return number
