"""Instants as people read them: local time of the installation."""

from datetime import datetime

from core.settings import get_settings


def local(at: datetime | None, empty: str = "—") -> str:
    """Return *at* as local date and time to the minute, *empty* when there is none."""
    return at.astimezone(get_settings().zone).strftime("%Y-%m-%d %H:%M") if at else empty


def local_seconds(at: datetime) -> str:
    """Return *at* as local date and time to the second."""
    return at.astimezone(get_settings().zone).strftime("%Y-%m-%d %H:%M:%S")
