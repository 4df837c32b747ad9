"""Pinyin initials: what people type to find a Chinese name."""

from pypinyin import Style, lazy_pinyin

MAX_INITIALS = 200


def initials_of(name: str) -> str:
    """Return the initials by which *name* is searched: 高铁新城 → gtxc; other characters stay as they are."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:MAX_INITIALS]
