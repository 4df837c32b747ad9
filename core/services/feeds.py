"""Calendar feeds (日历订阅): open milestones under an address that a calendar program may read without signing in.

The key in the address is shown once and stored as a hash. A feed shows what its owner may see at the moment it is read:
a narrowed scope narrows it, a disabled account or a lost permission ends it.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from core.domain.errors import Invalid, NotFound, PermissionDenied, Problem
from core.domain.permissions import Actor, Permission, require
from core.exporters.calendar import CalendarNode, build_calendar
from core.services.actors import actor_of_account
from core.services.export_notes import note_export
from core.services.milestones import NEAR_MONTH, NEAR_WEEK
from core.services.sessions import token_hash
from core.settings import get_settings
from db import audit
from db.models.access import FeedKey
from db.queries import feeds as queries
from db.queries.feeds import FeedRow
from db.queries.milestones import Bucket, Horizon, MilestoneFilter, MilestoneRow, list_milestones
from db.session import current_store, read, transaction

MOST_KEYS = 10
MOST_NODES = 1_000
_MOST_DONE = 200
_MOST_LISTED = 500
_KEY_BYTES = 24
_MAX_LABEL = 60
_NO_ACCOUNT = "日历订阅属于个人账号，请以本人账号登录后操作。"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed that was just made. ``key`` is shown to its maker and then known to nobody."""

    id: int
    key: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """An iCalendar, the tag under which it stays the same, and the number of milestones in it."""

    content: bytes
    etag: str
    nodes: int


def create(actor: Actor, label: str) -> NewFeed:
    """
    Make a feed for the actor's own account.

    Args:
        label: Where it will be used, e.g. 手机日历.

    Raises:
        Invalid: The label is empty or too long, or the account has too many feeds already.
    """
    user_id = _own_account(actor)
    label = label.strip()
    problems = []
    if not 1 <= len(label) <= _MAX_LABEL:
        problems.append(Problem("label", "label", f"请填写订阅用途，最多 {_MAX_LABEL} 个字，例如“手机日历”。"))
    key = secrets.token_urlsafe(_KEY_BYTES)
    with transaction(actor) as tx:
        if queries.count_of(tx.connection, user_id) >= MOST_KEYS:
            problems.append(Problem("label", "too_many", f"每个账号最多 {MOST_KEYS} 个订阅地址。请先停用不再使用的。"))
        if problems:
            raise Invalid(problems)
        row = {"key_hash": token_hash(key), "user_id": user_id, "label": label, "created_at": tx.at, "version": 1}
        feed_id = tx.insert(FeedKey, row)
    return NewFeed(feed_id, key)


def revoke(actor: Actor, feed_id: int, expected_version: int) -> None:
    """
    End a feed: one's own, or anybody's for the security administrator.

    Raises:
        NotFound: No such feed, or somebody else's.
        Conflict: It was revoked meanwhile.
    """
    with transaction(actor) as tx:
        row = queries.feed(tx.connection, feed_id)
        if row is None or (row.user_id != actor.user_id and not actor.can(Permission.MANAGE_USERS)):
            raise NotFound
        tx.update(FeedKey, feed_id, {"revoked_at": tx.at}, expected_version=expected_version)


def list_own(actor: Actor) -> tuple[FeedRow, ...]:
    """Return the actor's own feeds in force."""
    user_id = _own_account(actor)
    with read() as connection:
        return queries.feeds_of(connection, user_id)


def list_all(actor: Actor) -> tuple[FeedRow, ...]:
    """Return the feeds in force of all accounts."""
    require(actor, Permission.MANAGE_USERS)
    with read() as connection:
        return queries.all_feeds(connection, _MOST_LISTED)


def address_of(key: str) -> str:
    """Return the address that a calendar program is given."""
    return f"{get_settings().address}/calendar/{key}.ics"


def actor_of_key(key: str) -> Actor | None:
    """
    Return the owner behind *key* with the roles as they stand now.

    None when the key is unknown or revoked, or the account is disabled, waits for a new password or may not export.
    """
    with read() as connection:
        row = queries.owner_of(connection, token_hash(key))
        if row is None or row.revoked_at is not None or not row.is_active or row.must_change_password:
            return None
        actor = actor_of_account(connection, row.user_id, row.login, row.name)
    return actor if _may_export(actor) else None


def calendar(actor: Actor, wanted: MilestoneFilter | None = None, *, with_done: bool = False) -> CalendarFile:
    """
    Return the milestones inside the actor's scope as a calendar: what is due first, then what is late.

    Args:
        wanted: Narrowing; its bucket is not used.
        with_done: Keep the latest completed ones as well.

    Raises:
        PermissionDenied: The actor may not see or export projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    require(actor, Permission.EXPORT)
    wanted = wanted or MilestoneFilter()
    etag = calendar_tag(actor, wanted, with_done=with_done)
    file = _kept.get(etag)
    if file is None:
        content, nodes = _build(actor, wanted, with_done=with_done)
        file = CalendarFile(content, etag, nodes)
        _kept.put(etag, file)
    return file


def calendar_tag(actor: Actor, wanted: MilestoneFilter | None = None, *, with_done: bool = False) -> str:
    """Return the tag of what ``calendar`` would return now: it moves with the data, the day and the scope."""
    store = current_store()
    with store.read() as connection:
        head = audit.read_head(connection).hash
    parts = (head, store.today(), actor.login, actor.scope, wanted or MilestoneFilter(), with_done)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def download(actor: Actor, wanted: MilestoneFilter) -> CalendarFile:
    """Return the calendar as a file and note in the audit that it went out."""
    file = calendar(actor, wanted)
    note_export(actor, "calendar", "ics", {"bytes": len(file.content), "rows": file.nodes})
    return file


def _own_account(actor: Actor) -> int:
    require(actor, Permission.VIEW_PROJECTS)
    require(actor, Permission.EXPORT)
    if actor.user_id is None:
        raise PermissionDenied(_NO_ACCOUNT)
    return actor.user_id


def _may_export(actor: Actor) -> bool:
    return actor.can(Permission.VIEW_PROJECTS) and actor.can(Permission.EXPORT)


def _build(actor: Actor, wanted: MilestoneFilter, *, with_done: bool) -> tuple[bytes, int]:
    """Return the calendar and the number of milestones in it."""
    today = current_store().today()
    days = Horizon(today, today + NEAR_WEEK, today + NEAR_MONTH)
    rows: list[MilestoneRow] = []
    with read() as connection:
        for bucket in (Bucket.MONTH, Bucket.LATER, Bucket.LATE):
            narrowed = replace(wanted, bucket=bucket)
            room = MOST_NODES + 1 - len(rows)
            rows += list_milestones(connection, actor.scope, narrowed, days, limit=room, offset=0) if room > 0 else []
        note = f"节点较多，只含最近的 {MOST_NODES} 个。" if len(rows) > MOST_NODES else ""
        rows = rows[:MOST_NODES]
        if with_done:
            done = replace(wanted, bucket=Bucket.DONE)
            rows += list_milestones(connection, actor.scope, done, days, limit=_MOST_DONE, offset=0)
    title = f"{get_settings().city_name}重大项目节点"
    return build_calendar([_node(row) for row in rows], title, note, with_done=with_done), len(rows)


def _node(row: MilestoneRow) -> CalendarNode:
    return CalendarNode(
        id=row.id,
        version=row.version,
        project_name=row.project_name,
        name=row.name,
        planned_on=row.planned_on,
        forecast_on=row.forecast_on,
        actual_on=row.actual_on,
        responsible=row.responsible,
        place=row.headquarters_name or row.county_name,
        is_key=row.is_key,
    )


class _Kept:
    """The latest calendars by tag: many programs ask again and again for what has not changed."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._guard = Lock()
        self._files: OrderedDict[str, CalendarFile] = OrderedDict()

    def get(self, etag: str) -> CalendarFile | None:
        with self._guard:
            return self._files.get(etag)

    def put(self, etag: str, file: CalendarFile) -> None:
        with self._guard:
            self._files[etag] = file
            while len(self._files) > self._most:
                self._files.popitem(last=False)


_kept = _Kept()
