"""The sheet before anything is written on it: styles, grid, margins, page numbers — 1 — right and left."""

from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips

from core.exporters.official import oxml, style


def open_document(title: str, made_at: datetime, sheet: style.Sheet = style.OFFICIAL) -> Any:
    """Return an empty document set on *sheet*; *made_at* is the only time it carries."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.keywords = oxml.clean(title)[:250], "", "", ""
    properties.last_modified_by, properties.revision = "", 1
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    _set_up_styles(document, sheet)
    section = document.sections[0]
    lay_out(section, sheet, landscape=False)
    if sheet.is_numbered:
        document.settings.odd_and_even_pages_header_footer = True
        _number_pages(section)
    return document


def lay_out(section: Any, sheet: style.Sheet, *, landscape: bool) -> None:
    """Set size, margins and line grid of *section*."""
    width, height = style.PAGE_MM
    edges: tuple[float, ...]
    if landscape:
        width, height = height, width
        edges = (style.WIDE_TOP_MM, style.WIDE_BOTTOM_MM, style.WIDE_LEFT_MM, style.WIDE_RIGHT_MM)
    else:
        edges = (sheet.top_mm, sheet.bottom_mm, sheet.left_mm, sheet.right_mm)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, edges)
    section.footer_distance = Mm(style.WIDE_FOOTER_MM if landscape else style.FOOTER_MM)
    section.header_distance = Mm(15)
    oxml.replace_child(section._sectPr, oxml.element("docGrid", type="lines", linePitch=sheet.line_twips))


def turn_page(document: Any, sheet: style.Sheet, *, landscape: bool) -> None:
    """Begin a new page, in a section of its own when the paper turns."""
    last = document.sections[-1]
    if (last.orientation == WD_ORIENT.LANDSCAPE) == landscape:
        document.add_paragraph().paragraph_format.page_break_before = True
        _shrink(document.paragraphs[-1])
        return
    lay_out(document.add_section(WD_SECTION.NEW_PAGE), sheet, landscape=landscape)


def _shrink(paragraph: Any) -> None:
    """Make the paragraph that carries a page break take no room."""
    paragraph.paragraph_format.line_spacing = Pt(1)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    oxml.leave_grid(paragraph._p.get_or_add_pPr())


def _set_up_styles(document: Any, sheet: style.Sheet) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(sheet.body_points)
    properties = normal.element.get_or_add_rPr()
    oxml.set_font(properties, style.BODY_FONT)
    oxml.set_letter_spacing(properties, sheet.tracking_twips)
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Twips(sheet.line_twips)
    layout.widow_control = False
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")
    for level, look in enumerate(style.HEADINGS, start=1):
        _set_up_heading(document.styles[f"Heading {level}"], look, sheet)


def _set_up_heading(heading: Any, look: style.HeadingLook, sheet: style.Sheet) -> None:
    font = heading.font
    font.size, font.bold, font.italic = Pt(sheet.body_points), look.bold, False
    font.color.rgb = RGBColor.from_string(style.INK)
    oxml.set_font(heading.element.get_or_add_rPr(), look.font)
    layout = heading.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.keep_with_next = True


def _number_pages(section: Any) -> None:
    for footer, side, edge in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars"),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        oxml.set_indent(paragraph, **{edge: 100})
        for run in (paragraph.add_run("— "), oxml.add_field(paragraph, "PAGE"), paragraph.add_run(" —")):
            run.font.size = Pt(style.PAGE_POINTS)
            oxml.set_font(run._r.get_or_add_rPr(), style.PAGE_FONT, latin=style.PAGE_FONT)
