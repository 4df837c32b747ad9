"""Who is reminded, and what was sent: accounts with their addresses, the records of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from db.models.access import User
from db.models.reminder import Reminder


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account that can sign in, where its digest goes and who hears of what it lets slip."""

    user_id: int
    login: str
    name: str
    email: str
    person_id: int | None
    superior_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; *error* is empty when the digest was taken."""

    day: date
    user_id: int
    channel: str
    items: int
    overdue: int
    below: int
    content_hash: str
    tried_at: datetime
    error: str = ""


def list_people(connection: Connection) -> list[PersonRow]:
    """Return the accounts in use, by id."""
    query = select(User.id, User.login, User.name, User.email, User.person_id, User.superior_id)
    return [PersonRow(*row) for row in connection.execute(query.where(User.is_active).order_by(User.id))]


def sent_on(connection: Connection, day: date) -> frozenset[tuple[int, str]]:
    """Return (account, channel) of the digests that were delivered for *day*."""
    query = select(Reminder.user_id, Reminder.channel).where(Reminder.day == day, Reminder.sent_at.is_not(None))
    return frozenset((row.user_id, row.channel) for row in connection.execute(query))


def record(connection: Connection, outcome: Outcome) -> None:
    """Write what became of an attempt; a later attempt of the same day takes the place of the one before."""
    key = and_(Reminder.day == outcome.day, Reminder.user_id == outcome.user_id, Reminder.channel == outcome.channel)
    values: Mapping[str, Any] = {
        "items": outcome.items,
        "overdue": outcome.overdue,
        "below": outcome.below,
        "content_hash": outcome.content_hash,
        "tried_at": outcome.tried_at,
        "sent_at": None if outcome.error else outcome.tried_at,
        "error": outcome.error,
    }
    found = connection.execute(update(Reminder).where(key).values(**values, attempts=Reminder.attempts + 1))
    if not found.rowcount:
        named = {"day": outcome.day, "user_id": outcome.user_id, "channel": outcome.channel}
        connection.execute(insert(Reminder).values(**named, **values, attempts=1))


def last_sent(connection: Connection) -> datetime | None:
    """Return when a digest was delivered last; None when none ever was."""
    return connection.execute(select(func.max(Reminder.sent_at))).scalar_one_or_none()
