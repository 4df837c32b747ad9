"""Text of cells: blanks, line breaks, full-width digits; keys for comparing names."""

import re
import unicodedata
from functools import lru_cache

from core.importers.cells.refused import Refused
from core.importers.sheet import BrokenCell, Cell

BLANKS = frozenset({"", "/", "\\", "-", "--", "---", "—", "——", "－", "一一", "无", "暂无", "空", "∕", "／"})
PLACEHOLDERS = BLANKS | {"N/A", "n/a", "#N/A"}
DITTO = frozenset({"同上", "〃", '"', "″", "同前", "同左"})

_WIDE = {ord("\u3000"): " ", ord("\u00a0"): " ", ord("\u200b"): None, ord("\ufeff"): None} | {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_CHINESE = "\u3400-\u9fff\uf900-\ufaff（）《》、，。；：“”【】"
_BLANK_BESIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")
_BLANKS = re.compile(r"\s+")
_UNUSUAL = re.compile(r"[\s\u200b\ufeff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_XML_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Text that a spreadsheet would compute: = before an expression; @, + or - before a function or a call of DDE. Typed
# lists (- 完成主体), phone numbers (+86 …) and signs alone are none.
_FORMULA_STARTS = frozenset("=＝@＠+＋-－")
_FORMULA = re.compile(
    r"[=＝]\s*[-+(\"'A-Za-z0-9$@!]|[@＠]\s*[A-Za-z][\w.]*\(|[-+＋－@][-+=@\d\s.]*[A-Za-z][A-Za-z0-9_.]*\s*(?:\(|\||!)"
)
_KEY_DROPPED = re.compile(r"[\s\-—–_·•,，、。.;；:：“”\"'《》<>【】\[\]()（）]+")


def cell_text(value: Cell) -> str:
    """
    Return the plain text of a cell, as typed except for outer blanks; numbers without a needless ``.0``.

    Raises:
        Refused: A broken formula.
    """
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, BrokenCell):
        raise Refused(value.value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would take *text* for a formula; it is kept as text and said (``formula_text``)."""
    return text[:1] in _FORMULA_STARTS and _FORMULA.match(text) is not None


def parse_name(value: Cell) -> str | None:
    """Return a one-line name without stray blanks or line breaks; ``None`` for a blank or a placeholder."""
    text = tidy_line(cell_text(value))
    return None if text in PLACEHOLDERS else text


def parse_long_text(value: Cell) -> str | None:
    """Return running text: full-width digits narrowed, line breaks kept, blank lines dropped."""
    text = cell_text(value)
    if _UNUSUAL.search(text):
        text = _unescape(text).translate(_WIDE).replace("\r\n", "\n").replace("\r", "\n")
        text = "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)
    return None if text in PLACEHOLDERS else text


def is_same(stored: object, stated: object) -> bool:
    """
    Return whether a file that states *stated* says what the store has.

    A spelling that the reader cannot tell from the stored one (full-width digits, blanks beside Chinese characters)
    is no change: what goes out must come back unchanged.
    """
    if stored == stated:
        return True
    if not isinstance(stored, str) or not isinstance(stated, str):
        return False
    return stated in (parse_name(stored), parse_long_text(stored))


def parse_ditto_name(value: Cell, previous: str | None) -> str | None:
    """Return ``parse_name``, or the value of the row above for 同上."""
    text = parse_name(value)
    return previous if text in DITTO else text


@lru_cache(maxsize=20_000)
def tidy_line(text: str) -> str:
    """Return *text* on one line: no blanks beside Chinese characters, single blanks between other words."""
    if not _UNUSUAL.search(text):
        return text
    text = _BLANKS.sub(" ", _unescape(text).translate(_WIDE).strip())
    return _BLANK_BESIDE_CHINESE.sub("", text)


def _unescape(text: str) -> str:
    """Undo the ``_x000D_`` escapes that some exporters leave behind."""
    return _XML_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@lru_cache(maxsize=20_000)
def match_key(text: str) -> str:
    """Return the form in which two spellings of one name are equal (width, blanks, brackets, punctuation, case)."""
    return _KEY_DROPPED.sub("", unicodedata.normalize("NFKC", tidy_line(text))).lower()
