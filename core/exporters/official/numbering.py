"""Numbers of headings, tables, pictures and annexes, counted while a document is written."""

from collections.abc import Iterable
from datetime import date

from core.exporters.official.blocks import Annex, Block, has_several_annexes

_DIGITS = "〇一二三四五六七八九"
LEVELS = 4


def chinese_number(number: int) -> str:
    """
    Return *number* in Chinese numerals as headings use them: 一, 十, 十一, 二十三, 一百零五.

    Raises:
        ValueError: Below 1 or above 999.
    """
    if not 1 <= number <= 999:
        raise ValueError(f"headings are counted from 1 to 999, not {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += f"{_DIGITS[tens] if hundreds or tens > 1 else ''}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")


def chinese_date(day: date) -> str:
    """Return *day* as 成文日期 is written: Arabic digits without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


class Counter:
    """Counts through one document; a heading starts the levels below it anew."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._levels = [0] * LEVELS
        self._tables = 0
        self._pictures = 0
        self._annexes = 0
        self._is_single = not has_several_annexes(blocks)

    def heading(self, level: int) -> str:
        """Return the number before a heading of *level* 1 to 4."""
        self._levels[level - 1] += 1
        self._levels[level:] = [0] * (LEVELS - level)
        number = self._levels[level - 1]
        if level == 1:
            return f"{chinese_number(number)}、"
        if level == 2:
            return f"（{chinese_number(number)}）"
        return f"{number}." if level == 3 else f"（{number}）"

    def table(self, caption: str) -> str:
        """Return the numbered caption of a table; empty for a table without one."""
        if not caption:
            return ""
        self._tables += 1
        return f"表{self._tables}　{caption}"

    def picture(self, caption: str) -> str:
        """Return the numbered caption of a picture; empty for one without."""
        if not caption:
            return ""
        self._pictures += 1
        return f"图{self._pictures}　{caption}"

    def new_page(self) -> None:
        """Begin another paper of the same file: its headings count from one again."""
        self._levels = [0] * LEVELS

    def annex(self, _annex: Annex) -> str:
        """Return the word in the corner of an annex; its headings count from one again."""
        self._annexes += 1
        self._levels = [0] * LEVELS
        return "附件" if self._is_single else f"附件{self._annexes}"


def attachment_lines(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines of 附件说明: one name stands without number."""
    if len(names) == 1:
        return (f"附件：{names[0]}",)
    return tuple(f"{'附件：' if number == 1 else ''}{number}. {name}" for number, name in enumerate(names, start=1))


def imprint(printer: str, printed_on: date, count: int | None) -> tuple[str, str]:
    """Return left and right part of the line of 印发."""
    copies = "" if count is None else f"　共印{count}份"
    return printer, f"{chinese_date(printed_on)}印发{copies}"


def copies_line(copies: str) -> str:
    """Return the line of 抄送: the office's own 报、送 wording is kept, otherwise 抄送 is put before it."""
    words = copies.strip().rstrip("。")
    lead = "" if words.startswith(("抄送", "抄报", "报：", "送：", "报送")) else "抄送："
    return f"{lead}{words}。"
