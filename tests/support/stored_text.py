"""Random text and amounts that a store can hold, for tests that take them out and bring them back."""

from datetime import date

from hypothesis import strategies as st

from core.importers.cells.text import PLACEHOLDERS, parse_name

# Signs of formulas in both widths, quotes, separators, blanks and line breaks of every kind, escapes, marks of CSV.
NASTY = (
    "=+-@＝＋－＠'\"“”、，,；;|\t\r\n \u3000\u00a0\u200b\ufeff０９ＡｚａZ7_x000D_<>&%#{}[]（）()*★…—/\\"
    "\x01\x0b\ud7ff\U0001f3d7"
)
HANZI = "县区市项目工程路桥园合计一二月年万元亿同上无"
_letters = st.sampled_from(NASTY + HANZI * 3)
WORDS = (
    *("同上", "〃", '"', "无", "/", "—", "合计", "全市合计", "供水管网累计", "=1+1", "'=1", "''=1", "-5", "１２"),
    *("_x0041_ B", "http://a.b/c", "mailto:a@b", "1.2亿元", "2025.10", "123", "1E5", "是", "　全角　", "备注：无"),
    *("注：见附件", "一、工业", "序号", "项目名称", "N/A", "#REF!", "TRUE"),
)


def texts(limit: int, *, may_be_empty: bool = True) -> st.SearchStrategy[str]:
    """Text of at most *limit* characters."""
    made = st.one_of(st.text(_letters, max_size=min(limit, 40)), st.sampled_from(WORDS))
    made = made.map(lambda text: text[:limit])
    return made if may_be_empty else made.filter(is_a_name)


def is_a_name(text: str) -> bool:
    """Whether *text* can be somebody's or something's name: a reader must find one in it."""
    return parse_name(text) not in (None, *PLACEHOLDERS)


amounts = st.one_of(st.integers(0, 10**12), st.sampled_from([0, 1, 9_999, 10_000, 123_456_789, 999_999_999_999]))
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
