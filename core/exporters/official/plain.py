"""The words of a document alone: for golden files, searching and the clipboard. Cells are joined by tabs."""

from collections.abc import Iterator, Sequence

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


def plain_text(blocks: Sequence[Block]) -> str:
    """Return *blocks* as lines of text, in the order and with the numbers in which they are printed."""
    counter = Counter(blocks)
    return "\n".join(line for block in blocks for line in _lines(block, counter)) + "\n"


def _lines(block: Block, counter: Counter) -> Iterator[str]:
    match block:
        case Title():
            yield block.text.replace("\n", "")
        case Addressee():
            yield f"{block.text}："
        case Heading():
            yield f"{counter.heading(block.level)}{block.text}"
        case Paragraph():
            yield f"{block.lead}{block.text}"
        case Table():
            yield from _table_lines(block, counter)
        case Form():
            for row in block.rows:
                yield _cells([cell for pair in row for cell in pair])
        case Picture():
            if block.caption:
                yield counter.picture(block.caption)
        case _:
            yield from _frame_lines(block, counter)


def _frame_lines(block: Block, counter: Counter) -> Iterator[str]:
    match block:
        case Letterhead():
            day = "" if block.issued_on is None else chinese_date(block.issued_on)
            yield from (
                line for line in (block.mark, block.number, "\t".join(filter(None, (block.organ, day)))) if line
            )
        case Attachments():
            yield from attachment_lines(block.names)
        case Signature():
            yield block.organ
            yield chinese_date(block.signed_on)
        case Annex():
            yield counter.annex(block)
            yield block.title
        case NewPage():
            counter.new_page()
            yield ""
        case CopyTo():
            if block.copies:
                yield copies_line(block.copies)
            yield "\t".join(imprint(block.printer, block.printed_on, block.count))


def _table_lines(table: Table, counter: Counter) -> Iterator[str]:
    caption = counter.table(table.caption)
    if caption or table.unit:
        yield "\t".join(part for part in (caption, table.unit) if part)
    yield _cells([column.heading for column in table.columns])
    if table.total is not None:
        yield _cells(table.total)
    yield from map(_cells, table.rows)
    if not table.rows:
        yield table.empty


def _cells(cells: Sequence[str]) -> str:
    """Return one row; a cell's own line breaks are a matter of paper."""
    return "\t".join(cell.replace("\n", "") for cell in cells)
