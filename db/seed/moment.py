"""The moment a demo is built for: everything in it is dated from here, nothing from the wall clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.period import AsOf


@dataclass(frozen=True, slots=True)
class Moment:
    """
    One day and hour.

    Attributes:
        today: Local calendar day.
        at: The same moment as aware UTC time.
        as_of: Where figures stand on *today*; its year is the year of the demo's list.
        zone: Time zone of the place.
    """

    today: date
    at: datetime
    as_of: AsOf
    zone: ZoneInfo

    @property
    def year(self) -> int:
        return self.as_of.year

    @property
    def month(self) -> int:
        return self.as_of.month.number

    def days_ago(self, days: int) -> date:
        """Return the day *days* before today (after it when negative)."""
        return self.today - timedelta(days=days)

    def instant(self, day: date, hour: int = 9, minute: int = 30) -> datetime:
        """Return a local time of *day* as aware UTC time, never later than the moment itself."""
        return min(datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC), self.at)
