"""Pinyin initials: what people type to find a Chinese name."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.seg.simpleseg import seg

MAX_INITIALS = 200


def initials_of(name: str) -> str:
    """Return the initials by which *name* is searched: 高铁新城 → gtxc; other characters stay as they are."""
    return "".join(map(_initials_of_word, seg(name)))[:MAX_INITIALS]


# A ledger of ten thousand names is made of some thousand words; looking a word up costs the library 30 µs.
@lru_cache(maxsize=20_000)
def _initials_of_word(word: str) -> str:
    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER)).lower()
