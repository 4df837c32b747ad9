"""Milestones (节点): the working list, completion, forecast, re-baselining and the undo of a completion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.domain import milestone_checks as checks
from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from db.baselines import baseline_row
from db.models.milestone import Milestone, MilestoneBaseline
from db.queries import milestones as queries
from db.queries.milestones import BaselineRow, BucketCounts, Horizon, LastChange, MilestoneFilter, MilestoneRow
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

PAGE_SIZE = 50
NEAR_WEEK = timedelta(days=7)
NEAR_MONTH = timedelta(days=30)
UNDO_REASON = "误操作，登记后随即撤销"
_NAME_IN_HEADLINE = 60


@dataclass(frozen=True, slots=True)
class MilestonePage:
    """One page of the working list with the counts of all its pages."""

    rows: tuple[MilestoneRow, ...]
    counts: BucketCounts
    number: int
    has_more: bool
    today: date


@dataclass(frozen=True, slots=True)
class MilestoneDetail:
    """One milestone, its baselines, and who wrote it last."""

    row: MilestoneRow
    baselines: tuple[BaselineRow, ...]
    last_change: LastChange | None


def my_list(actor: Actor, wanted: MilestoneFilter, page: int = 1) -> MilestonePage:
    """
    Return a page of the actor's milestones: late first, then by planned date.

    Args:
        actor: Who asks; only rows of the actor's scope are returned.
        wanted: Narrowing.
        page: Number from 1.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    number = max(1, page)
    days = _horizon()
    with read() as connection:
        rows = queries.list_milestones(
            connection, actor.scope, wanted, days, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE
        )
        counts = queries.count_buckets(connection, actor.scope, wanted, days)
    return MilestonePage(tuple(rows[:PAGE_SIZE]), counts, number, len(rows) > PAGE_SIZE, days.today)


def detail(actor: Actor, milestone_id: int) -> MilestoneDetail:
    """
    Return one milestone with every baseline it ever had.

    Raises:
        NotFound: No such milestone inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        row = queries.find_milestone(connection, actor.scope, milestone_id)
        if row is None:
            raise NotFound
        baselines = queries.list_baselines(connection, actor.scope, milestone_id)
        return MilestoneDetail(row, tuple(baselines), queries.last_change(connection, "milestone", milestone_id))


def complete(actor: Actor, milestone_id: int, actual_on: date | None, note: str, expected_version: int) -> int:
    """
    Record that a milestone was reached (完成登记) and return the row's new version.

    Args:
        actor: Who records it.
        milestone_id: Stored id.
        actual_on: Day it was reached; not in the future, not before the project's reserve date.
        note: What was reached.
        expected_version: Version the actor saw.

    Raises:
        NotFound: Outside the actor's scope.
        Invalid: All refused values at once.
        Conflict: Somebody else changed the row; nothing was written.
    """
    require(actor, Permission.UPDATE_MILESTONE)
    with transaction(actor) as tx:
        changes = {"actual_on": actual_on, "note": note.strip()}
        row = _load(tx, actor, milestone_id, expected_version, changes)
        _refuse(_when_done(row) + checks.check_completion(actual_on, note, tx.as_of.on, row.reserved_on))
        return tx.update(
            Milestone,
            milestone_id,
            changes,
            expected_version=expected_version,
            headline=f"{_short(row.project_name)} 完成节点“{_short(row.name)}”",
        )


def reopen(
    actor: Actor, milestone_id: int, reason: str, expected_version: int, restored_note: str | None = None
) -> int:
    """
    Take back a completion (撤销完成) and return the row's new version.

    Args:
        actor: Who takes it back.
        milestone_id: Stored id.
        reason: Why; kept in the audit.
        expected_version: Version the actor saw.
        restored_note: The note before the completion, when that is to come back too.
    """
    require(actor, Permission.UPDATE_MILESTONE)
    with transaction(actor) as tx:
        changes: dict[str, object] = {"actual_on": None}
        if restored_note is not None:
            changes["note"] = restored_note
        row = _load(tx, actor, milestone_id, expected_version, changes)
        problems = check_reason(reason)
        if row.actual_on is None:
            problems.append(Problem("actual_on", "not_done", "该节点尚未登记完成，无需撤销。"))
        _refuse(problems)
        return tx.update(
            Milestone,
            milestone_id,
            changes,
            expected_version=expected_version,
            reason=reason.strip(),
            headline=f"{_short(row.project_name)} 撤销节点“{_short(row.name)}”的完成登记",
        )


def forecast(actor: Actor, milestone_id: int, forecast_on: date | None, reason: str, expected_version: int) -> int:
    """
    Record when a milestone is expected (预计完成) and return the row's new version.

    The plan stays as it is: a forecast informs, only a new baseline moves the plan. After the plan it needs a reason.
    """
    require(actor, Permission.UPDATE_MILESTONE)
    with transaction(actor) as tx:
        changes = {"forecast_on": forecast_on, "forecast_reason": reason.strip()}
        row = _load(tx, actor, milestone_id, expected_version, changes)
        _refuse(_when_done(row) + checks.check_forecast(forecast_on, reason, tx.as_of.on, row.planned_on))
        return tx.update(
            Milestone,
            milestone_id,
            changes,
            expected_version=expected_version,
            reason=reason.strip(),
        )


def rebaseline(actor: Actor, milestone_id: int, planned_on: date | None, reason: str, expected_version: int) -> int:
    """
    Move the plan of a milestone (调整基线) and return the row's new version.

    The first baseline never changes; each move is one more ``milestone_baseline`` row (from, to, days, reason, who)
    and counts in ``moves``.
    """
    require(actor, Permission.REBASELINE)
    with transaction(actor) as tx:
        row = _load(tx, actor, milestone_id, expected_version, {"planned_on": planned_on})
        _refuse(_when_done(row) + checks.check_rebaseline(planned_on, reason, tx.as_of.on, row.planned_on))
        assert planned_on is not None  # noqa: S101 - checked above
        moved = baseline_row(tx, row.id, row.moves + 1, planned_on, row.planned_on, reason.strip())
        return move_baseline(tx, moved, expected_version)


def move_baseline(tx: WriteTransaction, moved: Mapping[str, Any], expected_version: int) -> int:
    """
    Write one more baseline (``db.baselines.baseline_row``) and move the plan to it; return the milestone's new version.

    Raises:
        Conflict: Somebody else changed the milestone.
    """
    reason = moved["reason"]
    version = tx.update(
        Milestone,
        moved["milestone_id"],
        {"planned_on": moved["planned_on"], "moves": moved["number"]},
        expected_version=expected_version,
        reason=reason,
    )
    tx.insert(MilestoneBaseline, moved, reason=reason)
    return version


def _load(
    tx: WriteTransaction, actor: Actor, milestone_id: int, expected_version: int, changes: Mapping[str, object]
) -> MilestoneRow:
    """Return the row; a newer version is a conflict before it is judged, so both sides can be shown."""
    row = queries.find_milestone(tx.connection, actor.scope, milestone_id)
    if row is None:
        raise NotFound
    if row.version != expected_version:
        raise Conflict({name: getattr(row, name) for name in changes}, changes)
    return row


def _when_done(row: MilestoneRow) -> list[Problem]:
    if row.actual_on is None:
        return []
    text = f"该节点已于 {row.actual_on} 登记完成。如需更正，请先撤销完成并写明原因。"
    return [Problem("actual_on", "already_done", text)]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(problems)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_IN_HEADLINE else name[: _NAME_IN_HEADLINE - 1] + "…"


def _horizon() -> Horizon:
    today = current_store().today()
    return Horizon(today, today + NEAR_WEEK, today + NEAR_MONTH)
