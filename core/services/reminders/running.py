"""One run of the reminders: compose, send what was not sent today, record each before the next.

At least once: a digest is recorded as sent after the mail server or robot took it, in a transaction of its own. A run
that is killed is continued by the next one of the day; only what was taken and not yet recorded at that moment goes
out twice, as a mail with the same Message-ID.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.domain.digest import Channel, Digest
from core.domain.errors import WarRoomError
from core.domain.permissions import Actor, Permission, require, system_actor
from core.services.reminders.channels import ChannelDown, Courier, DeliveryFailed, channels_of, courier
from core.services.reminders.composing import compose
from core.settings import Settings, get_settings
from db.queries import reminders as queries
from db.queries.reminders import Outcome
from db.session import current_store, read, transaction


@dataclass(frozen=True, slots=True)
class Delivery:
    """A digest that did not go out, and why."""

    login: str
    name: str
    channel: Channel | None
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """
    What a run did.

    Attributes:
        channels: What is configured; empty = reminders are off.
        digests: People who have something to be told.
        sent: Digests delivered by this run, all channels together; of a dry run those it would deliver.
        already: Delivered earlier that day.
        failed: Tried, or not tried any more because the channel is down; the next run tries them again.
        unreachable: People without an address on any channel.
    """

    day: date
    channels: tuple[Channel, ...]
    digests: tuple[Digest, ...]
    sent: int
    already: int
    failed: tuple[Delivery, ...]
    unreachable: tuple[Delivery, ...]


def run(actor: Actor, day: date | None = None, *, dry_run: bool = False) -> Report:
    """
    Send the digests of *day* (default: today) and return what became of them.

    Args:
        dry_run: Send and record nothing.

    Raises:
        PermissionDenied: *actor* may not administer the system.
        WarRoomError: Another run is sending.
    """
    require(actor, Permission.MANAGE_SYSTEM)
    settings, on = get_settings(), day or current_store().today()
    channels = channels_of(settings)
    with _alone(settings.data_dir):
        digests = compose(actor, on)
        with read() as connection:
            done = queries.sent_on(connection, on)
        found = _Run(settings, on, done, dry_run=dry_run)
        for channel in channels:
            found.send_all(channel, digests)
        unreachable = [
            Delivery(digest.login, digest.name, None, "没有邮箱地址")
            for digest in digests
            if channels == (Channel.MAIL,) and not digest.email
        ]
        report = Report(on, channels, digests, found.sent, found.already, tuple(found.failed), tuple(unreachable))
        if found.sent and not dry_run:
            _note(actor, report)
    return report


class _Run:
    """The counters of a run over all its channels."""

    def __init__(self, settings: Settings, day: date, done: frozenset[tuple[int, str]], *, dry_run: bool) -> None:
        self._settings, self._day, self._done, self._dry_run = settings, day, done, dry_run
        self.sent = 0
        self.already = 0
        self.failed: list[Delivery] = []

    def send_all(self, channel: Channel, digests: tuple[Digest, ...]) -> None:
        """Send every digest that this channel reaches and has not delivered yet."""
        down = ""
        with courier(channel, self._settings) as own:
            for digest in digests:
                if not own.can_reach(digest):
                    continue
                if (digest.user_id, channel.value) in self._done:
                    self.already += 1
                elif self._dry_run:
                    self.sent += 1
                elif down:
                    self.failed.append(Delivery(digest.login, digest.name, channel, down))
                else:
                    down = self._send(own, digest)

    def _send(self, own: Courier, digest: Digest) -> str:
        """Send one and record it; return why the channel is down, if it is."""
        reason, down = "", ""
        try:
            own.send(digest)
        except ChannelDown as error:
            reason = down = error.reason
        except DeliveryFailed as error:
            reason = error.reason
        self._record(own.channel, digest, reason)
        if reason:
            self.failed.append(Delivery(digest.login, digest.name, own.channel, reason))
        else:
            self.sent += 1
        return down

    def _record(self, channel: Channel, digest: Digest, reason: str) -> None:
        with transaction(system_actor()) as tx:
            queries.record(
                tx.connection,
                Outcome(
                    self._day,
                    digest.user_id,
                    channel.value,
                    digest.counts.total,
                    digest.counts.overdue,
                    digest.below_count,
                    digest.content_hash,
                    tx.at,
                    reason[:200],
                ),
            )


def _note(actor: Actor, report: Report) -> None:
    with transaction(actor) as tx:
        told = {"digests": len(report.digests), "sent": report.sent, "failed": len(report.failed)}
        tx.record("remind", "reminder", str(report.day), new=told)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the turn to send; it ends with the process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    turn = sqlite3.connect(folder / "remind.lock", timeout=0, isolation_level=None)
    try:
        try:
            turn.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise WarRoomError("另一次提醒正在发送。请等它结束后再试。") from error
        yield
    finally:
        turn.close()
