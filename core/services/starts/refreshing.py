"""Making the watch lists anew by rule: who enters, who leaves; owners, deadlines and measures stay as set."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.start_rules import StartRules
from core.domain.watch_lists import GONE, WatchPlan, hits_to_json, judge, plan, reason_of
from core.domain.workdays import add_workdays
from core.services import figures
from core.services.calendar import work_calendar
from core.services.starts.rules import rules_in_force
from db import audit
from db.models.start import WatchItem
from db.queries import watch_items as queries
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

_REASON_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh changed: projects that entered a list, stay on other grounds, left."""

    entered: int
    regrounded: int
    left: int


def refresh(actor: Actor) -> Refreshed:
    """
    Bring the lists of the actor's scope to what the rules say today, in one transaction.

    A second run on the same data writes nothing. Who enters gets the project's responsible unit and person, and a
    deadline by the rules in working days.
    """
    require(actor, Permission.EDIT_PROJECT)
    figures.version()
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)
        rules = rules_in_force(tx.connection)
        found = _plan(tx.connection, actor.scope, tx.as_of, rules)
        if not found.is_empty:
            _write(tx, actor.scope, found, rules)
    return Refreshed(len(found.enter), len(found.regrounded), len(found.leave))


def pending(actor: Actor) -> Refreshed:
    """Return what a refresh would change now; nothing is written."""
    require(actor, Permission.VIEW_PROJECTS)
    figures.version()
    with read() as connection:
        found = _plan(connection, actor.scope, current_store().as_of(), rules_in_force(connection))
    return Refreshed(len(found.enter), len(found.regrounded), len(found.leave))


def _plan(connection: Connection, scope: Scope, as_of: AsOf, rules: StartRules) -> WatchPlan:
    facts = queries.load_watch_facts(connection, scope, as_of.on, as_of.year, rules)
    judged = {one.project_id: judge(one, as_of.month, as_of.on, rules) for one in facts}
    return plan(judged, [row.item for row in queries.open_items(connection, scope)])


def _write(tx: WriteTransaction, scope: Scope, found: WatchPlan, rules: StartRules) -> None:
    today, calendar = tx.as_of.on, work_calendar(tx.connection)
    due = {kind: add_workdays(today, days, calendar).on for kind, days in rules.workdays.items()}
    owners = queries.owners_of(tx.connection, (key for key, _, _ in found.enter), today)
    rows = [
        {
            "project_id": project_id,
            "kind": kind.value,
            "entered_on": today,
            "entered_reason": reason_of(hits)[:_REASON_LIMIT],
            "hits": hits_to_json(hits),
            "owner_unit_id": owners[project_id][0],
            "owner_person_id": owners[project_id][1],
            "due_on": due[kind],
        }
        for project_id, kind, hits in found.enter
    ]
    tx.insert_many(WatchItem, rows, reason="按规则列入")
    for item, hits in found.regrounded:
        tx.update(WatchItem, item.id, {"hits": hits_to_json(hits)}, expected_version=None, reason="列入依据变化")
    for item in found.leave:
        tx.update(
            WatchItem, item.id, {"left_on": today, "left_reason": GONE}, expected_version=None, reason="按规则移出"
        )
    tx.record(
        "refresh",
        "watch_item",
        scope.key,
        new={"entered": len(found.enter), "regrounded": len(found.regrounded), "left": len(found.leave)},
    )
