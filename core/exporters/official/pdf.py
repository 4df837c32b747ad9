"""Writes blocks as PDF by typst: a fixed program in ``pdf.typ``, the document beside it as JSON, never as markup."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from core.domain.errors import WarRoomError
from core.exporters.official import style
from core.exporters.official.blocks import (
    Addressee,
    Annex,
    Attachments,
    Block,
    CopyTo,
    Form,
    Heading,
    Letterhead,
    NewPage,
    Paragraph,
    Picture,
    Signature,
    Table,
    Title,
)
from core.exporters.official.numbering import Counter, attachment_lines, chinese_date, copies_line, imprint
from core.exporters.official.widths import mark_points, organ_indent

PDF = "application/pdf"
_TWIPS_PER_POINT = 20
_PROGRAM = Path(__file__).with_name("pdf.typ")


class PdfFailed(WarRoomError):
    """The PDF could not be set; the Word document does not depend on it."""

    code = "WR-520"
    default_message = "PDF 没有生成。请先下载 Word 文件使用，并请系统管理员运行 manage.py doctor 检查字体。"


def write_pdf(
    blocks: Sequence[Block],
    *,
    title: str,
    made_at: datetime,
    font_folders: Sequence[Path] = (),
    sheet: style.Sheet = style.OFFICIAL,
) -> bytes:
    """
    Return *blocks* as PDF bytes.

    Args:
        font_folders: Folders with the office's own fonts; fonts of the system are used as well.
        sheet: Edges and sizes; the standard's for official documents.

    Raises:
        PdfFailed: typst could not set the document.
    """
    counter = Counter(blocks)
    document = {
        "title": title,
        "sheet": _measures(sheet),
        "fonts": {
            "latin": style.LATIN_FONT,
            "title": _family(style.TITLE_FONT),
            "body": _family(style.BODY_FONT),
            "head": _family(style.HEAD_FONT),
            "sub": _family(style.SUB_FONT),
            "page": _family(style.PAGE_FONT),
        },
        "sheets": _sheets(blocks, counter),
    }
    folders = [folder for folder in font_folders if folder.is_dir()]
    try:
        made: object = typst.compile(
            _PROGRAM,
            format="pdf",
            font_paths=folders,
            sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
            timestamp=int(made_at.astimezone(UTC).timestamp()),
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise PdfFailed from error
    if not isinstance(made, bytes):
        raise PdfFailed
    return made


def known_fonts(font_folders: Sequence[Path] = ()) -> frozenset[str]:
    """Return the names of the fonts a PDF can be set in: those of the system and of *font_folders*."""
    folders = [folder for folder in font_folders if folder.is_dir()]
    return frozenset(typst.Fonts(font_paths=folders).families())


def _measures(sheet: style.Sheet) -> dict[str, float | bool]:
    return {
        "top": sheet.top_mm,
        "bottom": sheet.bottom_mm,
        "left": sheet.left_mm,
        "right": sheet.right_mm,
        "body": sheet.body_points,
        "line": sheet.line_twips / _TWIPS_PER_POINT,
        "tracking": sheet.tracking_twips / _TWIPS_PER_POINT,
        "title": sheet.title_points,
        "form": sheet.form_points,
        "numbered": sheet.is_numbered,
    }


def _family(font: str) -> list[str]:
    return [font, *style.STAND_INS[font]]


def _sheets(blocks: Sequence[Block], counter: Counter) -> list[dict[str, Any]]:
    """Return the document as runs between annexes and page breaks: each begins a new page, upright or turned."""
    sheets: list[dict[str, Any]] = [{"first": True, "landscape": False, "items": []}]
    for block in blocks:
        if isinstance(block, Annex | NewPage):
            landscape = isinstance(block, Annex) and block.landscape
            sheets.append({"first": False, "landscape": landscape, "items": []})
        if isinstance(block, NewPage):
            counter.new_page()
            continue
        sheets[-1]["items"].append(_item(block, counter))
    return sheets


def _item(block: Block, counter: Counter) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": f"{counter.heading(block.level)}{block.text}"}
        case Paragraph():
            return {"kind": "paragraph", "lead": block.lead, "text": block.text}
        case Table():
            return _table(block, counter)
        case Form():
            return {"kind": "form", "rows": block.rows}
        case Picture():
            caption = counter.picture(block.caption)
            return {"kind": "picture", "caption": caption, "alt": block.alt or block.caption, "png": list(block.png)}
        case Annex():
            return {"kind": "annex", "number": counter.annex(block), "title": block.title}
        case _:
            return _frame_item(block)


def _frame_item(block: Block) -> dict[str, Any]:
    match block:
        case Letterhead():
            day = "" if block.issued_on is None else chinese_date(block.issued_on)
            words = {"mark": block.mark, "number": block.number, "organ": block.organ, "day": day}
            return {"kind": "letterhead", **words, "red": style.RED, "points": block.points or mark_points(block.mark)}
        case Title():
            return {"kind": "title", "text": block.text}
        case Addressee():
            return {"kind": "addressee", "text": f"{block.text}："}
        case Attachments():
            return {"kind": "attachments", "lines": attachment_lines(block.names)}
        case Signature():
            day = chinese_date(block.signed_on)
            return {"kind": "signature", "organ": block.organ, "day": day, "right": organ_indent(block.organ, day)}
        case CopyTo():
            left, right = imprint(block.printer, block.printed_on, block.count)
            copies = copies_line(block.copies) if block.copies else ""
            return {"kind": "copies", "copies": copies, "left": left, "right": right}
        case _:
            raise TypeError(f"no PDF form for {type(block).__name__}")


def _table(block: Table, counter: Counter) -> dict[str, Any]:
    total = [] if block.total is None else [{"total": True, "cells": block.total}]
    return {
        "kind": "table",
        "caption": counter.table(block.caption),
        "unit": block.unit,
        "points": block.points,
        "empty": block.empty,
        "columns": [{"heading": c.heading, "width": c.width, "align": c.align.value} for c in block.columns],
        "rows": [*total, *({"total": False, "cells": row} for row in block.rows)],
    }
