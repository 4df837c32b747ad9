"""An official document as it will be printed, drawn on the screen from the same blocks."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

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
from pages.components import markup

ROWS_SHOWN = 60  # of a table: a screen is no printer


def draw(blocks: Sequence[Block]) -> None:
    """Draw *blocks* as sheets of paper."""
    counter = Counter(blocks)
    sheets: list[dict[str, Any]] = [{"wide": False, "items": []}]
    for block in blocks:
        if isinstance(block, Annex | NewPage):
            sheets.append({"wide": isinstance(block, Annex) and block.landscape, "items": []})
        if isinstance(block, NewPage):
            counter.new_page()
            continue
        sheets[-1]["items"].append(_item(block, counter))
    markup.show("supervision/paper.html", sheets=sheets)


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
            # base64 of our own PNG: the address holds no text of anybody.
            source = f"data:image/png;base64,{b64encode(block.png).decode('ascii')}"
            return {"kind": "picture", "source": source, "alt": block.alt, "caption": counter.picture(block.caption)}
        case Annex():
            return {"kind": "annex", "number": counter.annex(block), "title": block.title}
        case _:
            return _frame_item(block)


def _frame_item(block: Block) -> dict[str, Any]:
    match block:
        case Letterhead():
            day = chinese_date(block.issued_on) if block.issued_on else ""
            words = {"mark": block.mark, "number": block.number, "organ": block.organ, "day": day}
            return {"kind": "letterhead", **words}
        case Title():
            return {"kind": "title", "lines": block.text.split("\n")}
        case Addressee():
            return {"kind": "addressee", "text": f"{block.text}："}
        case Attachments():
            return {"kind": "attachments", "lines": attachment_lines(block.names)}
        case Signature():
            return {"kind": "signature", "organ": block.organ, "day": chinese_date(block.signed_on)}
        case CopyTo():
            left, right = imprint(block.printer, block.printed_on, block.count)
            copies = copies_line(block.copies) if block.copies else ""
            return {"kind": "copies", "copies": copies, "left": left, "right": right}
        case _:
            raise TypeError(f"no drawing for {type(block).__name__}")


def _table(table: Table, counter: Counter) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": counter.table(table.caption),
        "unit": table.unit,
        "columns": [
            {"lines": column.heading.split("\n"), "width": round(100 * column.width / _whole(table), 2)}
            for column in table.columns
        ],
        "aligns": [column.align.value for column in table.columns],
        "total": table.total,
        "rows": table.rows[:ROWS_SHOWN],
        "hidden": max(0, len(table.rows) - ROWS_SHOWN),
        "empty": table.empty,
        "small": table.points < 10,
    }


def _whole(table: Table) -> float:
    return sum(column.width for column in table.columns)
