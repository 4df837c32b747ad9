"""Writes blocks as a Word document in the layout of GB/T 9704-2012."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt, RGBColor, Twips

from core.exporters.official import oxml, style
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
from core.exporters.official.packing import repack
from core.exporters.official.page import open_document, turn_page
from core.exporters.official.widths import DATE_RIGHT, mark_points, organ_indent
from core.exporters.official.word_tables import add_form, add_table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write_word(blocks: Sequence[Block], *, title: str, made_at: datetime, sheet: style.Sheet = style.OFFICIAL) -> bytes:
    """
    Return *blocks* as docx bytes; equal arguments give equal bytes.

    Args:
        title: Title in the file's properties.
        made_at: Time in the file's properties: that of the publication, never now.
        sheet: Edges and sizes; the standard's for official documents.
    """
    writer = _Writer(blocks, title, made_at, sheet)
    for block in blocks:
        writer.write(block)
    target = io.BytesIO()
    writer.document.save(target)
    return repack(target.getvalue())


class _Writer:
    """Writes block after block; keeps the numbers and which way the paper lies."""

    def __init__(self, blocks: Sequence[Block], title: str, made_at: datetime, sheet: style.Sheet) -> None:
        self.document: Any = open_document(title, made_at, sheet)
        self._sheet = sheet
        self._counter = Counter(blocks)
        self._width_mm = sheet.width_mm
        self._verbs: dict[type, Callable[[Any], None]] = {
            Letterhead: self._letterhead,
            Title: self._title,
            Addressee: self._addressee,
            Heading: self._heading,
            Paragraph: self._paragraph,
            Table: self._table,
            Form: self._form,
            Picture: self._picture,
            Attachments: self._attachments,
            Signature: self._signature,
            Annex: self._annex,
            NewPage: self._new_page,
            CopyTo: self._copy_to,
        }

    def write(self, block: Block) -> None:
        """Append *block*."""
        self._verbs[type(block)](block)

    def _add(self, text: str, *, font: str = "", points: float = 0, align: WD_ALIGN_PARAGRAPH | None = None) -> Any:
        paragraph = self.document.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        self._run(paragraph, text, font=font, points=points)
        return paragraph

    def _run(self, paragraph: Any, text: str, *, font: str = "", points: float = 0) -> Any:
        run = paragraph.add_run(oxml.clean(text))
        if font:
            oxml.set_font(run._r.get_or_add_rPr(), font)
        if points:
            run.font.size = Pt(points)
        return run

    def _blank(self) -> None:
        self.document.add_paragraph()

    def _letterhead(self, block: Letterhead) -> None:
        mark = self._add(block.mark, font=style.TITLE_FONT, align=WD_ALIGN_PARAGRAPH.CENTER)
        mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        run = mark.runs[0]
        run.font.size, run.font.color.rgb = Pt(block.points or mark_points(block.mark)), RGBColor.from_string(style.RED)
        self._blank()
        if block.number:
            self._add(block.number, align=WD_ALIGN_PARAGRAPH.CENTER)
        line = self._add("")
        if block.organ or block.issued_on:
            day = "" if block.issued_on is None else chinese_date(block.issued_on)
            line.paragraph_format.tab_stops.add_tab_stop(Mm(self._width_mm), WD_ALIGN_PARAGRAPH.RIGHT)
            self._run(line, f"{block.organ}\t{day}")
        else:
            line.paragraph_format.line_spacing = Pt(4)
        oxml.set_borders(line, bottom=(style.RED, 16))
        self._blank()

    def _title(self, block: Title) -> None:
        paragraph = self._add(
            block.text, font=style.TITLE_FONT, points=self._sheet.title_points, align=WD_ALIGN_PARAGRAPH.CENTER
        )
        paragraph.paragraph_format.line_spacing = Twips(self._sheet.title_line_twips)
        self._blank()

    def _addressee(self, block: Addressee) -> None:
        self._add(f"{block.text}：")

    def _heading(self, block: Heading) -> None:
        paragraph = self.document.add_paragraph(style=f"Heading {block.level}")
        self._run(paragraph, f"{self._counter.heading(block.level)}{block.text}")
        oxml.set_indent(paragraph, firstLineChars=200)

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        oxml.set_indent(paragraph, firstLineChars=200)
        if block.lead:
            self._run(paragraph, block.lead, font=style.SUB_FONT)
        self._run(paragraph, block.text)

    def _table(self, block: Table) -> None:
        caption = self._counter.table(block.caption)
        if caption:
            above = self._add(
                caption, font=style.HEAD_FONT, points=style.CAPTION_POINTS, align=WD_ALIGN_PARAGRAPH.CENTER
            )
            above.paragraph_format.keep_with_next = True
        if block.unit:
            unit = self._add(block.unit, points=block.points, align=WD_ALIGN_PARAGRAPH.RIGHT)
            unit.paragraph_format.keep_with_next = True
        add_table(self.document, block, self._width_mm)
        self._gap()

    def _form(self, block: Form) -> None:
        add_form(self.document, block, self._width_mm, self._sheet.form_points)
        self._gap()

    def _gap(self) -> None:
        """Keep half a line between a table and what follows; two tables would grow together without it."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Twips(self._sheet.line_twips // 2)
        oxml.leave_grid(paragraph._p.get_or_add_pPr())

    def _picture(self, block: Picture) -> None:
        holder = self.document.add_paragraph()
        holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
        holder.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        caption = self._counter.picture(block.caption)
        holder.paragraph_format.keep_with_next = bool(caption)
        shape = holder.add_run().add_picture(io.BytesIO(block.png), width=Mm(self._width_mm))
        shape._inline.docPr.set("descr", oxml.clean(block.alt or block.caption))
        if caption:
            self._add(caption, font=style.HEAD_FONT, points=style.CAPTION_POINTS, align=WD_ALIGN_PARAGRAPH.CENTER)

    def _attachments(self, block: Attachments) -> None:
        self._blank()
        for number, line in enumerate(attachment_lines(block.names)):
            paragraph = self._add(line)
            # Names stand below one another: 附件： takes three characters, a number one and a half.
            indent = {"leftChars": 650, "hangingChars": 450} if number == 0 else {"leftChars": 650, "hangingChars": 150}
            oxml.set_indent(paragraph, **indent)

    def _signature(self, block: Signature) -> None:
        day = chinese_date(block.signed_on)
        self._blank()
        self._blank()
        for text, chars in ((block.organ, organ_indent(block.organ, day)), (day, DATE_RIGHT)):
            paragraph = self._add(text, align=WD_ALIGN_PARAGRAPH.RIGHT)
            oxml.set_indent(paragraph, rightChars=round(chars * 100))

    def _annex(self, block: Annex) -> None:
        turn_page(self.document, self._sheet, landscape=block.landscape)
        self._width_mm = style.WIDE_WIDTH_MM if block.landscape else self._sheet.width_mm
        self._add(self._counter.annex(block), font=style.HEAD_FONT)
        title = self._add(
            block.title, font=style.TITLE_FONT, points=self._sheet.title_points, align=WD_ALIGN_PARAGRAPH.CENTER
        )
        title.paragraph_format.line_spacing = Twips(self._sheet.title_line_twips)

    def _new_page(self, _block: NewPage) -> None:
        self._counter.new_page()
        turn_page(self.document, self._sheet, landscape=False)
        self._width_mm = self._sheet.width_mm

    def _copy_to(self, block: CopyTo) -> None:
        left, right = imprint(block.printer, block.printed_on, block.count)
        self._blank()
        lines = [copies_line(block.copies)] if block.copies else []
        for number, text in enumerate((*lines, f"{left}\t{right}")):
            paragraph = self._add(text, points=style.PAGE_POINTS)
            oxml.set_indent(paragraph, leftChars=100, rightChars=100)
            edges = {"top": (style.INK, 8 if number == 0 else 6)}
            if number == len(lines):
                edges["bottom"] = (style.INK, 8)
                right_edge = self._width_mm - 6
                paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(right_edge), WD_ALIGN_PARAGRAPH.RIGHT)
            oxml.set_borders(paragraph, **edges)
