"""The words of one column, parents first → its meaning."""

import re
from functools import lru_cache

from core.importers.columns.aliases import text_field
from core.importers.columns.amounts import amount_meaning
from core.importers.columns.fields import Column, Field
from core.importers.columns.words import header_words, month_in, month_span_in, split_unit, year_in


def read_column(index: int, path: tuple[str, ...]) -> Column:
    """Return what the header texts *path* (top to bottom) of column *index* mean."""
    parts, unit = _words(path)
    joined = "".join(parts)
    field, month, source = None, None, None
    if parts:
        leaf = parts[-1]
        meaning = amount_meaning("".join(parts[:-1]), leaf, unit)
        # Words of one amount may be split over rows without a parent meaning: 总投 + 资.
        meaning = meaning or (amount_meaning("", joined, unit) if len(parts) > 1 else None)
        if meaning:
            field, month, source = meaning
        else:
            field = _text_meaning(parts)
            month = month_span_in(joined) or month_in(joined)
    header = "/".join(" ".join(text.split()) for text in path)
    return Column(index, header, field, unit, year_in(joined), month, source)


# Children that mean nothing without their parent: 责任 over 单位, 计划 over 开工.
_GENERIC = frozenset(
    {"单位", "名称", "姓名", "时间", "日期", "计划", "实际", "内容", "情况", "开工", "竣工", "部门", "项目", "地点"}
)
# Files without merged cells write the parent before its child: 资金来源/银行贷款.
_PARENT_INSIDE = re.compile(r"(?<=^资金来源)/|(?<=^月度计划)/")
_PEOPLE = re.compile(r"[及和、与]?(?:责任人|负责人|联系人|领导)")


def _text_meaning(parts: list[str]) -> Field | None:
    leaf, joined = parts[-1], "".join(parts)
    if leaf == "职务":
        return Field.ELSEWHERE
    if leaf in ("单位", "部门"):  # 责任单位及责任人 over 单位 + 责任人
        return text_field(_PEOPLE.sub("", "".join(parts[:-1])) + leaf)
    alone = text_field(leaf) if leaf not in _GENERIC else None
    # 开工 over 计划 reads as 计划开工 as well.
    return alone or text_field(joined) or (text_field("".join(reversed(parts))) if len(parts) > 1 else None)


def _words(path: tuple[str, ...]) -> tuple[list[str], str]:
    parts: list[str] = []
    unit = ""
    for piece in (piece for text in path for piece in _PARENT_INSIDE.split(text, maxsplit=1)):
        words, own_unit = split_unit(header_words(piece))
        unit = own_unit or unit
        if words.startswith("其中") and len(words) > 2:
            parts.append("其中")
            words = words[2:].lstrip(":：")
        if words:
            parts.append(words)
    return parts, unit


@lru_cache(maxsize=4_000)
def meaning_of(path: tuple[str, ...]) -> Field | None:
    """Return the field that *path* means."""
    return read_column(0, path).field
