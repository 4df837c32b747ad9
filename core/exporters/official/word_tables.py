"""Tables and ruled forms of a Word document: repeated header, no split row, off the line grid."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt
from docx.table import _Cell

from core.exporters.official import oxml, style
from core.exporters.official.blocks import Align, Form, Table

_ALIGNS = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_LABEL_SHARE = 0.16
_FORM_POINTS = 12.0
_CELL_EDGE_TWIPS = 40  # 0.7 mm: eleven columns share a page


def add_table(document: Any, block: Table, width_mm: float) -> None:
    """Append *block*, its columns sharing *width_mm*."""
    headings = [column.heading for column in block.columns]
    aligns = [_ALIGNS[column.align] for column in block.columns]
    whole = sum(column.width for column in block.columns)
    widths = [width_mm * column.width / whole for column in block.columns]
    lines = [*([] if block.total is None else [block.total]), *block.rows]
    table = _open(document, 1 + len(lines) + (not block.rows), widths)
    centred = [WD_ALIGN_PARAGRAPH.CENTER] * len(headings)
    rows = table._tbl.tr_lst
    _fill(rows[0], table, headings, centred, style.HEAD_FONT, block.points)
    _repeat(rows[0])
    for number, line in enumerate(lines, start=1):
        is_total = block.total is not None and number == 1
        _fill(rows[number], table, line, aligns, style.HEAD_FONT if is_total else style.BODY_FONT, block.points)
    if not block.rows:
        table.rows[-1].cells[0].merge(table.rows[-1].cells[-1])
        _write(table.rows[-1].cells[0], block.empty, WD_ALIGN_PARAGRAPH.CENTER, style.BODY_FONT, block.points)


def add_form(document: Any, block: Form, width_mm: float) -> None:
    """Append *block*: labels narrow and centred, values wide and flush left."""
    most = max(len(row) for row in block.rows)
    label = width_mm * min(_LABEL_SHARE, 0.5 / most)
    value = width_mm / most - label
    table = _open(document, len(block.rows), [label, value] * most)
    for line, row in zip(table.rows, block.rows, strict=True):
        cells = line.cells
        if len(row) < most:
            cells[2 * len(row) - 1].merge(cells[-1])
        for number, (name, text) in enumerate(row):
            _write(cells[2 * number], name, WD_ALIGN_PARAGRAPH.CENTER, style.HEAD_FONT, _FORM_POINTS)
            _write(cells[2 * number + 1], text, WD_ALIGN_PARAGRAPH.LEFT, style.BODY_FONT, _FORM_POINTS)


def _open(document: Any, rows: int, widths_mm: Sequence[float]) -> Any:
    table = document.add_table(rows=rows, cols=len(widths_mm), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins = oxml.element("tblCellMar")
    for edge in ("left", "right"):
        margins.append(oxml.element(edge, w=_CELL_EDGE_TWIPS, type="dxa"))
    table._tbl.tblPr.append(margins)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths_mm, strict=True):
        column.w = Mm(width)
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().append(oxml.element("cantSplit"))
        for cell, width in zip(row.tc_lst, widths_mm, strict=True):
            cell.width = Mm(width)
    return table


def _repeat(row: Any) -> None:
    row.get_or_add_trPr().append(oxml.element("tblHeader"))


def _fill(row: Any, table: Any, texts: Sequence[str], aligns: Sequence[Any], font: str, points: float) -> None:
    for cell, text, align in zip(row.tc_lst, texts, aligns, strict=True):
        _write(_Cell(cell, table), text, align, font, points)


def _write(cell: Any, text: str, align: Any, font: str, points: float) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, line in enumerate(oxml.clean(text).split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        layout.line_spacing = Pt(points * 1.35)
        oxml.leave_grid(paragraph._p.get_or_add_pPr())
        run = paragraph.add_run(line)
        run.font.size = Pt(points)
        properties = run._r.get_or_add_rPr()
        oxml.set_font(properties, font)
        oxml.set_letter_spacing(properties, 0)
