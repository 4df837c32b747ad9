"""A node as a file states it beside the stored one → what would be written. One set of rules for every node import.

The first baseline never changes. A moved plan of an open node is a re-baseline with its event. What was completed stays
completed, and its plan is history.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.domain.units import NOTHING
from core.services.imports.kind import FieldChange, Progress
from db.baselines import baseline_row, first_baselines
from db.imports import reserve_ids
from db.models.milestone import Milestone, MilestoneBaseline
from db.queries.milestone_targets import StoredNode
from db.transaction import WriteTransaction

Say = Callable[..., bool]
"""Called with a problem code and the values of its sentence; returns True when the row is set aside by it."""

LABELS = {
    "name": "节点名称",
    "planned_on": "计划日期",
    "forecast_on": "预计日期",
    "actual_on": "实际日期",
    "source_key": "进度软件标识",
}
_PROGRESS_STEP = 200


@dataclass(frozen=True, slots=True)
class WantedNode:
    """
    A node as a file states it; None = the file says nothing.

    Attributes:
        place: How the file itself calls the row (``UID 12``).
        planned_on: The plan in force.
        first_on: Baseline stated beside the plan; for a new node it becomes the first one.
        source_key: Identity in the file's software; empty = none.
        extra: Further columns to set as they are (responsible, note, is_key).
    """

    sheet: str
    row: int
    project_id: int
    project_name: str
    name: str
    planned_on: date
    first_on: date | None = None
    forecast_on: date | None = None
    actual_on: date | None = None
    source_key: str = ""
    place: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodePlan:
    """What one node would write; ``values`` are columns of ``milestone``, ``changes`` the same as people read it."""

    wanted: WantedNode
    stored: StoredNode | None
    values: dict[str, Any]
    changes: tuple[FieldChange, ...] = ()

    @property
    def sheet(self) -> str:
        return self.wanted.sheet

    @property
    def row_number(self) -> int:
        return self.wanted.row

    @property
    def title(self) -> str:
        return f"{self.wanted.project_name} · {self.wanted.name}"

    @property
    def code(self) -> str:
        return self.wanted.source_key

    @property
    def target_id(self) -> int | None:
        return self.stored.id if self.stored else None

    def digest_key(self) -> tuple[object, ...]:
        """Return what must be the same when the plan is made again for its confirmation."""
        version = self.stored.version if self.stored else 0
        return self.sheet, self.row_number, self.target_id, version, sorted(self.values.items())


def plan_node(wanted: WantedNode, stored: StoredNode | None, today: date, say: Say) -> NodePlan | None:
    """
    Return what *wanted* would write, None when *say* set the row aside.

    Args:
        stored: The node it is, None for a new one.
        today: Local calendar day; nothing is completed after it, nothing is expected before it.
    """
    if wanted.actual_on is not None and wanted.actual_on > today:
        say("node_actual_future", value=wanted.actual_on)
        return None
    forecast_on = wanted.forecast_on
    if forecast_on is not None and forecast_on < today:
        say("node_forecast_past", value=forecast_on)
        forecast_on = None
    if stored is None:
        return NodePlan(wanted, None, _new_values(wanted, forecast_on))
    values = dict(_changed(wanted, stored, forecast_on, say))
    changes = tuple(
        FieldChange(LABELS[name], _shown(getattr(stored, name)), _shown(value))
        for name, value in values.items()
        if name in LABELS
    )
    return NodePlan(wanted, stored, values, changes)


def _new_values(wanted: WantedNode, forecast_on: date | None) -> dict[str, Any]:
    first_on = wanted.first_on or wanted.planned_on
    return {
        "name": wanted.name,
        "is_key": False,
        "first_baseline_on": first_on,
        "planned_on": wanted.planned_on,
        "forecast_on": forecast_on,
        "actual_on": wanted.actual_on,
        "forecast_reason": "",
        "note": "",
        "responsible": "",
        "moves": int(first_on != wanted.planned_on),
        "source_key": wanted.source_key,
        **wanted.extra,
    }


def _changed(wanted: WantedNode, stored: StoredNode, forecast_on: date | None, say: Say) -> Iterator[tuple[str, Any]]:
    if wanted.name != stored.name:
        if wanted.source_key and wanted.source_key == stored.source_key:
            say("node_renamed", value=stored.name, place=wanted.place)
        yield "name", wanted.name
    if wanted.source_key and wanted.source_key != stored.source_key:
        yield "source_key", wanted.source_key
    if wanted.first_on is not None and wanted.first_on != stored.first_baseline_on:
        say("node_baseline_kept", value=wanted.first_on, first=stored.first_baseline_on)
    if stored.actual_on is not None and wanted.actual_on is None:
        say("node_done_kept", value=stored.actual_on)
    is_open = stored.actual_on is None and wanted.actual_on is None
    if is_open and wanted.planned_on != stored.planned_on:
        yield "planned_on", wanted.planned_on
    if is_open and forecast_on is not None and forecast_on != stored.forecast_on:
        yield "forecast_on", forecast_on
    if wanted.actual_on is not None and wanted.actual_on != stored.actual_on:
        yield "actual_on", wanted.actual_on
    yield from wanted.extra.items()


def _shown(value: object) -> str:
    return NOTHING if value is None or value == "" else str(value)


def write_nodes(tx: WriteTransaction, plans: Sequence[NodePlan], reason: str, progress: Progress) -> None:
    """
    Write *plans* in the open transaction: new nodes in bulk with their baselines, changes under their versions.

    Raises:
        Conflict: A node changed between the check and now.
    """
    new = [plan for plan in plans if plan.stored is None]
    _add(tx, new, reason)
    done = len(new)
    for plan in plans:
        if plan.stored is None:
            continue
        if done % _PROGRESS_STEP == 0:
            progress(done, len(plans), "正在写入节点")
        _change(tx, plan, plan.stored, reason)
        done += 1
    progress(done, len(plans), "正在写入节点")


def _add(tx: WriteTransaction, plans: Sequence[NodePlan], reason: str) -> None:
    ids = reserve_ids(tx.connection, Milestone, len(plans))
    rows = []
    baselines: list[dict[str, Any]] = []
    for plan, milestone_id in zip(plans, ids, strict=True):
        rows.append({"id": milestone_id, "project_id": plan.wanted.project_id, **plan.values})
        first_on, planned_on = plan.values["first_baseline_on"], plan.values["planned_on"]
        baselines += first_baselines(tx, milestone_id, first_on, planned_on, reason)
    tx.insert_many(Milestone, rows, reason=reason)
    keys = reserve_ids(tx.connection, MilestoneBaseline, len(baselines))
    numbered = [{"id": key, **row} for key, row in zip(keys, baselines, strict=True)]
    tx.insert_many(MilestoneBaseline, numbered, reason=reason)


def _change(tx: WriteTransaction, plan: NodePlan, stored: StoredNode, reason: str) -> None:
    values = dict(plan.values)
    if "planned_on" in values:
        values["moves"] = stored.moves + 1
    tx.update(Milestone, stored.id, values, expected_version=stored.version, reason=reason)
    if "planned_on" in values:
        row = baseline_row(tx, stored.id, stored.moves + 1, values["planned_on"], stored.planned_on, reason)
        tx.insert(MilestoneBaseline, row, reason=reason)
