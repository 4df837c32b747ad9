"""Addresses that are typed by hand: of mail boxes and of robots."""

import re
from urllib.parse import urlsplit

MAX_EMAIL = 200
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9-]{1,63}")


def is_email(text: str) -> bool:
    """Return whether *text* is a plain mail address: ASCII, no quotes, no spaces, no line breaks."""
    return len(text) <= MAX_EMAIL and _EMAIL.fullmatch(text) is not None


def webhook_host(url: str) -> str:
    """Return host of *url*, with the port where one is written."""
    return urlsplit(url).netloc.rpartition("@")[2]
