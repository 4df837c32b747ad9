"""The demo city's past is lived through: services work as on the morning of an earlier day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from db.session import Store, use_store

OFFICE_HOUR = time(9, 30)


@contextmanager
def on_day(store: Store, day: date) -> Iterator[None]:
    """Have the services work on *store* as on the morning of *day*."""
    moment = datetime.combine(day, OFFICE_HOUR, ZoneInfo(store.settings.timezone)).astimezone(UTC)
    then = Store(store.url, store.settings, clock=lambda: moment)
    use_store(then)
    try:
        yield
    finally:
        use_store(store)
        then.dispose()
