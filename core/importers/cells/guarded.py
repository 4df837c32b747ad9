"""Text in delimited files that a spreadsheet would take for a formula: one apostrophe before it, taken off on reading.

Basis: OWASP "CSV Injection": cells that begin with = + - @, tab or line break, in either width.
"""

import re

_SIGNS = "=+\\-@＝＋－＠"
_ACTIVE = re.compile(rf"'*(?:\s*[{_SIGNS}]|[\t\r\n])")


def guard(text: str) -> str:
    """Return *text* with an apostrophe before it when it could be run as a formula."""
    return f"'{text}" if _ACTIVE.match(text) else text


def unguard(text: str) -> str:
    """Return what ``guard`` was given; other text stays as it is."""
    return text[1:] if text.startswith("'") and _ACTIVE.match(text) else text
