"""Brakes on guessing that live in memory: per address, and per name that is no account.

Known accounts are locked in the store. Unknown names are locked here in the same way, so that a lock does not tell
which names exist. Both are bounded: an attacker with many names or addresses cannot fill the memory.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.errors import SignInLocked
from core.settings import get_settings

_MOST = 10_000
_ADDRESS_FACTOR = 6  # a whole office may sit behind one address


@dataclass(slots=True)
class _Failures:
    count: int
    first_at: datetime
    locked_until: datetime | None = None


class _Table:
    """Failures by key; the least recently used key is forgotten first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._rows: OrderedDict[str, _Failures] = OrderedDict()

    def _row(self, key: str, now: datetime, window: timedelta) -> _Failures:
        row = self._rows.get(key)
        is_over = row is not None and (row.locked_until or row.first_at + window) <= now
        if row is None or is_over:
            row = self._rows[key] = _Failures(0, now)
        self._rows.move_to_end(key)
        if len(self._rows) > _MOST:
            self._rows.popitem(last=False)
        return row

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._rows.clear()


class UnknownNames(_Table):
    """Failures in a row under names that are no account."""

    def locked_until(self, name: str) -> datetime | None:
        """Return until when *name* is locked; None = never was."""
        with self._guard:
            row = self._rows.get(name)
            return row.locked_until if row else None

    def note(self, name: str, now: datetime, until: datetime) -> int:
        """Count a failure under *name*, lock it until *until* when it is one too many, return the count."""
        with self._guard:
            row = self._row(name, now, timedelta(days=1))
            row.count += 1
            if row.count >= get_settings().lockout_attempts:
                row.locked_until = until
            return row.count


class Addresses(_Table):
    """Failures by address within the lock-out window, whatever the names were."""

    def check(self, address: str, now: datetime) -> None:
        """
        Refuse an address with too many recent failures.

        Raises:
            SignInLocked: More than six times the failures that lock one account.
        """
        settings = get_settings()
        with self._guard:
            row = self._row(address, now, timedelta(minutes=settings.lockout_minutes))
            if row.count >= settings.lockout_attempts * _ADDRESS_FACTOR:
                raise SignInLocked("来自本机地址的登录失败次数过多，请稍后再试，或联系安全管理员。")

    def note(self, address: str, now: datetime) -> None:
        """Count a failure from *address*."""
        with self._guard:
            self._row(address, now, timedelta(minutes=get_settings().lockout_minutes)).count += 1


unknown_names = UnknownNames()
addresses = Addresses()
feed_addresses = Addresses()
