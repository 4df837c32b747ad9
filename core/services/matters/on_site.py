"""现场交办: what a leader takes up on the spot is registered, classified and assigned in one go, by his word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.domain.errors import Invalid, Problem
from core.domain.matters import machine
from core.domain.matters.words import Difficulty, MatterAction
from core.services.matters.raising import MatterDraft, register
from core.services.matters.writing import MAX_TITLE, bounded, clock_of, refuse, required, step
from db import audit
from db.queries import matter_targets as targets
from db.queries import matters as queries
from db.queries.matter_targets import ProjectTarget
from db.transaction import WriteTransaction

OTHER_CATEGORY = "其他"


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """A matter that is assigned where it comes up: *leader* says to whom and by when (None = by the ladder)."""

    draft: MatterDraft
    project: ProjectTarget
    lead_unit_id: int | None
    due_on: date | None
    leader: str


def order_on_site(tx: WriteTransaction, orders: Sequence[SiteOrder]) -> tuple[int, ...]:
    """
    Register and assign *orders* inside the transaction of another verb, which has asked for the permission.

    Returns:
        The ids of the matters, in the order of *orders*.

    Raises:
        Invalid: All refused values at once; each message names its row.
    """
    names = targets.unit_names(tx.connection, [order.lead_unit_id or 0 for order in orders])
    refuse([problem for number, order in enumerate(orders, start=1) for problem in _check(number, order, names)])
    audit.lock_head(tx.connection)  # two people at once must not give the same number
    ids = register(tx, [(order.draft, order.project) for order in orders])
    rows = {row.id: row for row in queries.find_matters(tx.connection, tx.actor.scope, ids)}
    clock, problems = clock_of(tx), []
    for number, (key, order) in enumerate(zip(ids, orders, strict=True), start=1):
        row = rows[key]
        known = machine.classify(row.state, Difficulty.ORDINARY, row.state.amount_yuan, clock)
        try:
            following = machine.assign(known, order.due_on, clock)
        except Invalid as refusal:
            problems += [Problem(one.field, one.code, f"第 {number} 项：{one.message}") for one in refusal.problems]
            continue
        category = row.category or OTHER_CATEGORY
        version = step(tx, row, known, MatterAction.CLASSIFIED, "现场研判", category=category)
        text = f"{order.leader}现场交办，主办{names[order.lead_unit_id or 0]}"
        step(
            tx,
            replace(row, state=known, version=version),
            following,
            MatterAction.ASSIGNED,
            text,
            lead_unit_id=order.lead_unit_id,
            responsible_leader=order.leader[:64],
        )
    refuse(problems)
    return tuple(ids)


def _check(number: int, order: SiteOrder, names: Mapping[int, str]) -> list[Problem]:
    problems = required("title", order.draft.title, "请填写问题。", longest=MAX_TITLE)
    problems += bounded("category", order.draft.category, longest=64)
    if order.lead_unit_id not in names:
        problems.append(Problem("lead_unit_id", "missing", "请选择主办单位。"))
    return [Problem(one.field, one.code, f"第 {number} 项：{one.message}") for one in problems]
