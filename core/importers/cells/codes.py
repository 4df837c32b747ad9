"""项目代码 (GB/T 40058): `2504-371302-04-01-123456`."""

import re

from core.importers.cells.numbers import narrow
from core.importers.cells.refused import Refused
from core.importers.cells.text import PLACEHOLDERS, cell_text
from core.importers.sheet import Cell

NATIONAL_CODE = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}")
_HYPHENS = re.compile(r"[—–―−‐‑﹣－_]+")
_LOCAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-./#〔〕\[\]()]*|[\u4e00-\u9fff]{1,4}[0-9A-Za-z\-〔〕\[\]()]+")


def normalise_code(text: str) -> str:
    """Return *text* narrow, without blanks, with plain hyphens; twenty bare digits get their hyphens."""
    code = _HYPHENS.sub("-", narrow(_HYPHENS.sub("-", text)))
    if len(code) == 20 and code.isdigit():
        code = "-".join((code[:4], code[4:10], code[10:12], code[12:14], code[14:]))
    return code


def parse_national_code(value: Cell) -> str | None:
    """
    Return a national project code in its normal form.

    The check digit is not verified: its algorithm is not published. A first group is a year until 2020, later YYMM.

    Raises:
        Refused: The form is wrong. A float has already lost digits.
    """
    text = cell_text(value)
    code = normalise_code(text)
    if code in PLACEHOLDERS:
        return None
    if not NATIONAL_CODE.fullmatch(code) or not _has_valid_time(code[:4]):
        raise Refused("bad_project_code", value=text)
    return code


def _has_valid_time(group: str) -> bool:
    """Last two digits 01–12 are a month of YYMM; 2015–2020 is a year (15–20 are no months)."""
    return 1 <= int(group[2:]) <= 12 or 2015 <= int(group) <= 2020


def has_region(code: str) -> bool:
    """Return whether the second group of a national code can be a 行政区划代码 (ministries use 000052 …)."""
    return code[5:7] != "00"


def parse_local_code(value: Cell) -> str | None:
    """Return the office's own project number, normalised; words such as 待赋码 count as none."""
    code = normalise_code(cell_text(value))
    return code if _LOCAL.fullmatch(code) else None
