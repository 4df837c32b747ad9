"""The frozen round: written once when it is published, read back only when it still agrees with its digest."""

import gzip
import zlib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from core.domain.errors import NotFound, PermissionDenied, SnapshotDamaged
from core.domain.flags import rule_set_to_dict
from core.domain.permissions import Actor, Permission, require
from core.domain.round_snapshot import (
    RoundHead,
    RoundSnapshot,
    SnapshotOverride,
    digest,
    snapshot_from_json,
    snapshot_pieces,
)
from core.domain.scope import Scope
from core.domain.supervision_terms import ApprovalStatus
from core.services.rounds.code_version import code_version
from db import rollup
from db.queries import round_decisions, round_snapshots, rounds
from db.queries.rounds import RoundRow
from db.session import read

_GZIP = 31  # window bits of zlib that ask for a gzip frame; it carries no time, so equal content is equal bytes


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot made ready for the store: gzip body, digest and length of the JSON inside."""

    body: bytes
    sha256: str
    size_bytes: int


def freeze(connection: Connection, row: RoundRow, publisher: tuple[str, str], at: datetime) -> Frozen:
    """
    Return the snapshot of *row* as it stands in the flags of the round.

    Args:
        publisher: Login and shown name of who publishes.
        at: When.
    """
    rest = _without_decisions(connection, row, publisher, at)
    packer, total, size = zlib.compressobj(6, zlib.DEFLATED, _GZIP), sha256(), 0
    packed = []
    for piece in snapshot_pieces(rest, round_snapshots.frozen_decisions(connection, row.id)):
        total.update(piece)
        size += len(piece)
        packed.append(packer.compress(piece))
    packed.append(packer.flush())
    return Frozen(b"".join(packed), total.hexdigest(), size)


def _without_decisions(
    connection: Connection, row: RoundRow, publisher: tuple[str, str], at: datetime
) -> RoundSnapshot:
    city, groups = round_snapshots.group_figures(connection, row.id)
    window = row.window
    before = rounds.published_before(connection, row.year, row.number)
    since = before[0].window.cut_off_on if before else window.first_month.first_day
    overrides = [
        item
        for item in reversed(round_decisions.list_overrides(connection, Scope.all(), row.id))
        if item.status is ApprovalStatus.APPROVED
    ]
    logins = {row.created_by, row.reviewed_by}
    logins.update(login for item in overrides for login in (item.proposed_by, item.decided_by))
    names = rounds.names_of(connection, logins) | dict((publisher,))
    return RoundSnapshot(
        head=_head(connection, row, names, publisher, at),
        city=city,
        groups=groups,
        decisions=(),
        overrides=tuple(
            SnapshotOverride(
                kind=item.kind,
                id=item.subject_id,
                name=item.name,
                override=item.override.value,
                computed_level=item.computed_level,
                level=item.level,
                reason=item.reason,
                document_no=item.document_no,
                proposed_by=names.get(item.proposed_by, item.proposed_by),
                approved_by=names.get(item.decided_by, item.decided_by),
            )
            for item in overrides
        ),
        problems=round_snapshots.problems_on(connection, window.cut_off_on),
        processes=round_snapshots.processes_between(connection, window.first_month.first_day, window.cut_off_on),
        closed_out=round_snapshots.closed_out_between(connection, since, window.cut_off_on),
    )


def _head(
    connection: Connection, row: RoundRow, names: dict[str, str], publisher: tuple[str, str], at: datetime
) -> RoundHead:
    return RoundHead(
        year=row.year,
        number=row.number,
        revision=row.revision,
        title=row.title,
        first_month=str(row.window.first_month),
        last_month=str(row.window.last_month),
        cut_off_on=row.window.cut_off_on,
        created_by=names.get(row.created_by, row.created_by),
        reviewed_by=names.get(row.reviewed_by, row.reviewed_by),
        published_by=publisher[1],
        published_at=at,
        rule_set=rule_set_to_dict(rollup.load_rule_set(connection, row.rule_set_id)),
        data_seq=row.data_seq or 0,
        code_version=code_version(),
    )


def snapshot_body(actor: Actor, round_id: int) -> bytes:
    """
    Return the canonical JSON of a published round, the very bytes its digest was taken of.

    Raises:
        NotFound: The round is not published.
        PermissionDenied: The actor sees only part of the projects; the whole result is for those who see all.
        SnapshotDamaged: It does not agree with its digest any more.
    """
    if not actor.can(Permission.VIEW_WALL):
        require(actor, Permission.VIEW_PROJECTS)
    if not actor.scope.everything:
        raise PermissionDenied("完整的督查结果只对能查看全部项目的人员开放，您可以查看管理范围内的旗色。")
    with read() as connection:
        row = rounds.find_round(connection, round_id)
        stored = round_snapshots.stored_snapshot(connection, round_id)
    if row is None or stored is None or not row.is_frozen:
        raise NotFound
    try:
        body = gzip.decompress(stored.body)
    except (OSError, EOFError, zlib.error) as error:
        raise SnapshotDamaged from error
    if digest(body) != stored.sha256:
        raise SnapshotDamaged
    return body


def read_snapshot(actor: Actor, round_id: int) -> RoundSnapshot:
    """
    Return what a published round says, verified against its SHA-256.

    Raises:
        NotFound, PermissionDenied, SnapshotDamaged: As ``snapshot_body``.
    """
    return snapshot_from_json(snapshot_body(actor, round_id))
