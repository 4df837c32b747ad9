"""The way of a round to everybody: review (会审), back to draft, publish (发布), correct by a new revision (更正)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from core.domain.errors import (
    Invalid,
    OverridesPending,
    RoundOutOfOrder,
    RoundRefused,
    StaleComputation,
)
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.rounds import headline
from core.domain.supervision_terms import RoundStatus
from core.services.rounds.code_version import code_version
from core.services.rounds.creating import insert_draft
from core.services.rounds.guarding import hold
from core.services.rounds.snapshots import Frozen, freeze
from db import audit, round_rows
from db.models.supervision import RoundSnapshot, SupervisionRound
from db.queries import rounds
from db.queries.rounds import RoundRow
from db.session import transaction
from db.transaction import WriteTransaction


def review(actor: Actor, round_id: int, expected_version: int) -> int:
    """
    Close a draft for changes after the joint review (会审通过) and return its new version.

    Raises:
        OverridesPending: Overrides wait for a decision, or approved ones moved and were not confirmed.
        RoundRefused: It was never computed, or is no draft.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        row = hold(tx, round_id, expected_version, RoundStatus.DRAFT)
        if row.data_seq is None:
            raise RoundRefused("该轮尚未计算旗色，请先计算再会审。")
        _refuse_pending(tx, row)
        changes = {"status": RoundStatus.REVIEWED.value, "reviewed_at": tx.at, "reviewed_by": actor.login}
        return tx.update(SupervisionRound, round_id, changes, expected_version=expected_version)


def reopen(actor: Actor, round_id: int, reason: str, expected_version: int) -> int:
    """
    Take a reviewed round back to draft (退回草稿) and return its new version.

    Raises:
        Invalid: No reason.
        RoundRefused: It is not reviewed.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        hold(tx, round_id, expected_version, RoundStatus.REVIEWED)
        _refuse_silence(reason)
        changes = {"status": RoundStatus.DRAFT.value, "reviewed_at": None, "reviewed_by": ""}
        return tx.update(SupervisionRound, round_id, changes, expected_version=expected_version, reason=reason.strip())


def discard(actor: Actor, round_id: int, reason: str, expected_version: int) -> None:
    """
    Take a mistaken draft out of the numbering (作废): it blocks nobody any more and its number is free again.

    The row stays in the store and in the audit.

    Raises:
        Invalid: No reason.
        RoundRefused, RoundAlreadyPublished: It is no draft.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        hold(tx, round_id, expected_version, RoundStatus.DRAFT)
        _refuse_silence(reason)
        changes = {"status": RoundStatus.DISCARDED.value, "revision": -round_id}
        tx.update(SupervisionRound, round_id, changes, expected_version=expected_version, reason=reason.strip())


def publish(
    actor: Actor, round_id: int, expected_version: int | None, *, accept_stale: bool = False, reason: str = ""
) -> int:
    """
    Publish a reviewed round: snapshot, seal and headline in one transaction; return its new version.

    Args:
        expected_version: Version the actor saw; None = whatever stands (command line).
        accept_stale: Publish although data changed after the flags were computed; needs *reason*.

    Raises:
        RoundAlreadyPublished: It is frozen.
        RoundOutOfOrder: An earlier round is open, or a later one was published.
        OverridesPending: Overrides are undecided.
        StaleComputation: Data changed and that was not accepted.
    """
    require(actor, Permission.PUBLISH_ROUND)
    with transaction(actor) as tx:
        row = hold(tx, round_id, expected_version, RoundStatus.REVIEWED)
        audit.lock_head(tx.connection)
        _refuse_disorder(tx, row)
        _refuse_pending(tx, row)
        _refuse_stale(tx, row, accept_stale, reason)
        frozen = freeze(tx.connection, row, (actor.login, actor.name), tx.at)
        _seal(tx, row, frozen)
        _retire_older(tx, row)
        digest, levels = round_rows.levels_digest(tx.connection, round_id)
        told = {"sha256": frozen.sha256, "size_bytes": frozen.size_bytes, "levels_sha256": digest}
        tx.record("publish", "supervision_round", round_id, new=told, reason=reason.strip())
        return _announce(tx, row, levels, reason)


def supersede(actor: Actor, round_id: int, reason: str, expected_version: int) -> int:
    """
    Begin the correction of a published round (更正) and return the id of the new draft.

    The published revision stays what it is until the new one is published; only then it becomes SUPERSEDED.

    Raises:
        Invalid: No reason.
        RoundRefused: A correction is open already.
    """
    require(actor, Permission.PUBLISH_ROUND)
    with transaction(actor) as tx:
        row = hold(tx, round_id, expected_version, RoundStatus.PUBLISHED)
        _refuse_silence(reason)
        last = rounds.revisions(tx.connection, row.year, row.number)[-1]
        if last.id != row.id:
            raise RoundRefused(f"{last.label}正在办理，请先完成，再提出新的更正。")
        return insert_draft(
            tx, row.year, row.number, row.revision + 1, row.title, row.window, row.rule_set_id, reason.strip()
        )


def _refuse_silence(reason: str) -> None:
    if problems := check_reason(reason):
        raise Invalid(problems)


def _refuse_pending(tx: WriteTransaction, row: RoundRow) -> None:
    waiting, moved = rounds.override_counts(tx.connection, row.id)
    if waiting:
        raise OverridesPending(f"还有 {waiting} 项旗色调整没有审批，请先审批或撤回。")
    if moved:
        raise OverridesPending(f"有 {moved} 项已批准的调整，其计算等级已变动，请重新确认或撤回。")


def _refuse_disorder(tx: WriteTransaction, row: RoundRow) -> None:
    earlier = rounds.open_before(tx.connection, row)
    if earlier is not None:
        raise RoundOutOfOrder(f"{earlier.label}（{earlier.status.label}）尚未发布，请先发布该轮。")
    later = rounds.published_after(tx.connection, row)
    if later is not None and row.revision == 1:
        raise RoundOutOfOrder(f"{later.label}已经发布，不能再补发{row.label}。")


def _refuse_stale(tx: WriteTransaction, row: RoundRow, accepted: bool, reason: str) -> None:
    changes = rounds.changes_since(tx.connection, row.data_seq or 0)
    if not changes:
        return
    if not accepted:
        raise StaleComputation(
            f"计算之后又有 {changes} 处数据变动。请退回草稿重新计算；如确认按原结果发布，请勾选确认并写明理由。"
        )
    _refuse_silence(reason)


def _seal(tx: WriteTransaction, row: RoundRow, frozen: Frozen) -> None:
    """Write the snapshot; its audit is the publish event with the digest, the body would only be there twice."""
    values: Mapping[str, Any] = {
        "round_id": row.id,
        "sha256": frozen.sha256,
        "code_version": code_version(),
        "size_bytes": frozen.size_bytes,
        "body": frozen.body,
        "made_at": tx.at,
    }
    tx.connection.execute(insert(RoundSnapshot).values(values))


def _retire_older(tx: WriteTransaction, row: RoundRow) -> None:
    for older in rounds.revisions(tx.connection, row.year, row.number):
        if older.status is RoundStatus.PUBLISHED:
            changes = {"status": RoundStatus.SUPERSEDED.value}
            tx.update(SupervisionRound, older.id, changes, expected_version=older.version, reason=row.supersede_reason)


def _announce(tx: WriteTransaction, row: RoundRow, levels: Mapping[str, int], reason: str) -> int:
    changes = {"status": RoundStatus.PUBLISHED.value, "published_at": tx.at, "published_by": tx.actor.login}
    return tx.update(
        SupervisionRound,
        row.id,
        changes,
        expected_version=row.version,
        reason=reason.strip(),
        headline=headline(row.number, row.revision, levels),
    )
