"""The same bulletin as names and rows for an office's own Word template (docs/how-to/write-a-bulletin-template.md).

Names are Chinese: ``{{ 标题 }}``, ``{%tr for 行 in 红旗项目 %}``, ``{{ 行.项目 }}``.
Everything is taken from the blocks, so that a template and the built-in layout cannot disagree.
"""

import re
from collections.abc import Sequence
from typing import Any

from core.domain.bulletin_texts import BulletinTexts, paragraphs
from core.exporters.official.blocks import (
    Addressee,
    Annex,
    Attachments,
    Block,
    CopyTo,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    Title,
)
from core.exporters.official.bulletin.tables import NAMES
from core.exporters.official.numbering import chinese_date

_PARENTHESES = re.compile(r"\(.*?\)")
_LEVELS = ("红旗项目", "黄旗项目", "蓝旗项目", "绿旗项目", "无数据项目", "不评项目")
_TABLES = {
    "各县区投资完成情况": "各县区",
    "各分指挥部投资完成情况": "各分指挥部",
    "各行业类别投资完成情况": "各行业类别",
    "县区、指挥部和单位亮旗情况": "其他对象亮旗",
    "旗色人工调整情况": "人工调整",
    **{name: name for name in _LEVELS},
}
_ANNEXES = dict(zip(NAMES, ("县区排名", "项目明细", "问题清单"), strict=True))
_FLAGS = "亮旗情况"
_SECTIONS = ("总体情况", "亮旗情况", "存在问题", "下步要求")


def template_context(blocks: Sequence[Block], texts: BulletinTexts) -> dict[str, Any]:
    """
    Return what a template may name. Tables are lists of rows, a row maps headings (without units) to texts; their
    合计 rows stand under the same name with 合计 behind it. A table the round has no use for is an empty list.
    """
    found: dict[str, Any] = dict.fromkeys((*_TABLES.values(), *_ANNEXES.values()), ())
    found |= {f"{name}合计": {} for name in (*_TABLES.values(), *_ANNEXES.values())}
    found |= {name: [] for name in _SECTIONS[:3]}
    found["缘由"] = list(paragraphs(texts.opening))
    found["下步要求"] = [{"序": lead, "内容": text} for lead, text in texts.requirement_lines()]
    section = annex = ""
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            section = block.text
        elif isinstance(block, Heading) and section == _FLAGS:
            section = ""  # what follows are tables, each under its own name
        elif isinstance(block, Annex):
            section, annex = "", block.title
        _add(found, block, section, annex)
    return found


def _add(found: dict[str, Any], block: Block, section: str, annex: str) -> None:
    match block:
        case Letterhead():
            found |= {"版头": block.mark, "期号": block.number}
        case Title():
            found["标题"] = block.text
        case Addressee():
            found["主送"] = block.text
        case Heading(level=2) if section in _SECTIONS[:3]:
            found[section].append({"标题": block.text, "内容": ""})
        case Paragraph() if section in _SECTIONS[:3]:
            found[section].append({"标题": "", "内容": f"{block.lead}{block.text}"})
        case Table():
            _add_table(found, block, _ANNEXES.get(annex) or _TABLES.get(block.caption, ""))
        case Attachments():
            found["附件"] = list(block.names)
        case Signature():
            found |= {"发文机关": block.organ, "成文日期": chinese_date(block.signed_on)}
        case CopyTo():
            count = "" if block.count is None else str(block.count)
            found |= {"抄送": block.copies, "印发机关": block.printer, "印数": count}
        case _:
            pass


def _add_table(found: dict[str, Any], table: Table, name: str) -> None:
    if not name:
        return
    keys = [key_of(column.heading) for column in table.columns]
    found[name] = [dict(zip(keys, row, strict=True)) for row in table.rows]
    if table.total is not None:
        found[f"{name}合计"] = dict(zip(keys, table.total, strict=True))


def key_of(heading: str) -> str:
    """Return the name of a column in a template: its heading without line break and unit."""
    return _PARENTHESES.sub("", heading.replace("\n", ""))
