"""Rules kept as versions in the store: one set in force per kind, the shipped one while none was stored."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, func, select

from core.domain.errors import Invalid
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import MAX_REASON, check_reason
from db.models import RuleSet
from db.session import read, transaction
from db.transaction import WriteTransaction

Rules = TypeVar("Rules")
_BODIES_KEPT = 64


class StoredRules(Generic[Rules]):
    """
    The rules of one *kind*.

    Args:
        kind: Kind and code of the rule set in the store.
        shipped: What is in force while the office stored none.
        parse: Makes rules of a stored body; raises ``Invalid`` for impossible values.
        to_dict: Makes a body of rules.
        name: What a version is called; None = the name the rules bear.
        asked: Begins the sentence that asks for the reason of a change.
    """

    def __init__(
        self,
        kind: str,
        shipped: Rules,
        parse: Callable[[Any], Rules],
        to_dict: Callable[[Rules], Mapping[str, Any]],
        *,
        name: str | None = None,
        asked: str = "请写明修改规则的原因和依据",
    ) -> None:
        self.kind, self.shipped = kind, shipped
        self._to_dict, self._name, self._asked = to_dict, name, asked
        self._check: Callable[[Any], Rules] = parse
        self._parse: Callable[[str], Rules] = lru_cache(maxsize=_BODIES_KEPT)(lambda body: parse(json.loads(body)))

    def in_force(self, connection: Connection) -> Rules:
        """Return the rules in force, read through *connection*."""
        query = select(RuleSet.body).where(*self._mine(), RuleSet.is_active)
        body = connection.execute(query.order_by(RuleSet.number.desc()).limit(1)).scalar_one_or_none()
        return self.shipped if body is None else self._parse(body)

    def read(self, actor: Actor) -> Rules:
        """Return the rules in force."""
        require(actor, Permission.VIEW_PROJECTS)
        with read() as connection:
            return self.in_force(connection)

    def save(self, actor: Actor, rules: Rules, reason: str) -> int:
        """
        Put *rules* in force as a new version and return its number; what was decided by older ones stays as it is.

        Raises:
            Invalid: Impossible values, or no reason.
        """
        require(actor, Permission.MANAGE_RULES)
        body = self._to_dict(self._check(self._to_dict(rules)))
        if problems := check_reason(reason, asked=self._asked):
            raise Invalid(problems)
        with transaction(actor) as tx:
            return self._store(tx, body, self._name or str(getattr(rules, "name", self.kind)), reason.strip())

    def _store(self, tx: WriteTransaction, body: Mapping[str, Any], name: str, reason: str) -> int:
        last = tx.connection.execute(select(func.max(RuleSet.number)).where(*self._mine())).scalar()
        active = select(RuleSet.id).where(*self._mine(), RuleSet.is_active)
        for key in tx.connection.execute(active).scalars().all():
            tx.update(RuleSet, key, {"is_active": False}, expected_version=None, reason=reason)
        values = {
            "kind": self.kind,
            "code": self.kind,
            "number": int(last or 0) + 1,
            "name": name,
            "body": json.dumps(body, ensure_ascii=False, sort_keys=True),
            "is_active": True,
            "source": reason[:MAX_REASON],
        }
        tx.insert(RuleSet, values, reason=reason)
        return int(last or 0) + 1

    def _mine(self) -> tuple[Any, Any]:
        return RuleSet.kind == self.kind, RuleSet.code == self.kind
