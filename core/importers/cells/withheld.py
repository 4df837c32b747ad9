"""Words that keep a figure back (保密, 待定, TBC): neither a number, nor zero, nor a blank that nobody filled."""

import re

from core.importers.cells.numbers import narrow
from core.importers.cells.refused import Refused
from core.importers.cells.text import BLANKS
from core.importers.sheet import BrokenCell, Cell

_ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#N/A"})

_WORDS = frozenset(
    {
        "withheld", "redacted", "confidential", "exempt", "undisclosed", "notdisclosed", "restricted",
        "tbc", "tbd", "tba",
        "n/a", "na", "n.a.", "notavailable", "notapplicable", "tobeconfirmed", "tobedetermined", "unknown", "pending",
        "保密", "涉密", "不公开", "暂不公开", "不予公开", "待定", "未定", "暂未确定", "待确定", "待核定", "待核实",
        "待批复", "待补充", "待报", "不详", "未知", "不适用", "尚未确定", "暂缺", "缺",
    }
)  # fmt: skip
_INSIDE = re.compile(
    r"withheld|redacted|exempt(?:ed)?(?:under|from)|notdisclosed|commerciallysensitive"
    r"|依法保密|不予公开|不对外公开|商业秘密"
)


def value_text(value: Cell) -> str | None:
    """
    Return the text of a cell that should hold a figure, narrow and without blanks; ``None`` when nobody filled it.

    Raises:
        Refused: A broken formula, also one that a text file holds as ``#REF!``; a figure that is kept back.
    """
    if value is None:
        return None
    if isinstance(value, BrokenCell):
        raise Refused(value.value)
    text = narrow(repr(value) if isinstance(value, float) else str(value))
    if text in BLANKS:
        return None
    if text in _ERRORS:
        raise Refused(BrokenCell.ERROR.value)
    words = text.lower()
    if words.strip("()[].。") in _WORDS or words in _WORDS or _INSIDE.search(words):
        raise Refused("withheld", value=value)
    return text
