"""Tables and ruled forms of a Word document: repeated header, no split row, off the line grid.

Cells are copies of one made per column: python-docx looks a cell's place up anew each time, which a ledger of a
thousand rows would feel.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn

from core.exporters.official import oxml, style
from core.exporters.official.blocks import Align, Form, Table

_LABEL_SHARE = 0.16
_CELL_EDGE_TWIPS = 40  # 0.7 mm: eleven columns share a page
_LINE = 1.35  # height of a line over the size of its letters
_TWIPS_PER_POINT = 20
_TWIPS_PER_MM = 1440 / 25.4


def add_table(document: Any, block: Table, width_mm: float) -> None:
    """Append *block*, its columns sharing *width_mm*."""
    whole = sum(column.width for column in block.columns)
    widths = [_twips(width_mm * column.width / whole) for column in block.columns]
    table = _open(document, widths)
    aligns = [column.align for column in block.columns]

    def cells(font: str, looks: Sequence[Align]) -> list[Any]:
        return [_cell(width, align, font, block.points) for width, align in zip(widths, looks, strict=True)]

    head, body = cells(style.HEAD_FONT, [Align.CENTRE] * len(widths)), cells(style.BODY_FONT, aligns)
    _add_row(table, head, [column.heading for column in block.columns], repeated=True)
    if block.total is not None:
        _add_row(table, cells(style.HEAD_FONT, aligns), block.total)
    for row in block.rows:
        _add_row(table, body, row)
    if not block.rows:
        wide = _cell(sum(widths), Align.CENTRE, style.BODY_FONT, block.points, span=len(widths))
        _add_row(table, [wide], [block.empty])


def add_form(document: Any, block: Form, width_mm: float, points: float) -> None:
    """Append *block* in letters of *points*: labels narrow and centred, values wide and flush left."""
    most = max(len(row) for row in block.rows)
    label = _twips(width_mm * min(_LABEL_SHARE, 0.5 / most))
    value = _twips(width_mm / most) - label
    table = _open(document, [label, value] * most)
    name = _cell(label, Align.CENTRE, style.HEAD_FONT, points)
    for row in block.rows:
        rest = 2 * (most - len(row)) + 1
        last = _cell(value + (label + value) * (most - len(row)), Align.LEFT, style.BODY_FONT, points, span=rest)
        text = _cell(value, Align.LEFT, style.BODY_FONT, points)
        made = [cell for number in range(len(row)) for cell in (name, last if number == len(row) - 1 else text)]
        _add_row(table, made, [words for pair in row for words in pair])


def _open(document: Any, widths: Sequence[int]) -> Any:
    """Return a new table without rows, as its XML element."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = oxml.element("tblCellMar")
    for edge in ("left", "right"):
        margins.append(oxml.element(edge, w=_CELL_EDGE_TWIPS, type="dxa"))
    oxml.insert_before(table._tbl.tblPr, margins, ("tblLook", "tblCaption", "tblDescription"))
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    return table._tbl


def _cell(width: int, align: Align, font: str, points: float, *, span: int = 1) -> Any:
    """Return an empty cell; its words are put into the run at its end."""
    properties = oxml.element("tcPr")
    properties.append(oxml.element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(oxml.element("gridSpan", val=span))
    properties.append(oxml.element("vAlign", val="center"))
    layout = oxml.element("pPr")
    layout.append(oxml.element("snapToGrid", val=0))
    layout.append(oxml.element("spacing", line=round(points * _LINE * _TWIPS_PER_POINT), lineRule="atLeast"))
    layout.append(oxml.element("jc", val=align.value))
    run = oxml.element("r")
    look = run.get_or_add_rPr()
    oxml.set_font(look, font)
    oxml.set_letter_spacing(look, 0)
    look.append(oxml.element("sz", val=round(points * 2)))
    paragraph = oxml.element("p")
    paragraph.append(layout)
    paragraph.append(run)
    cell = oxml.element("tc")
    cell.append(properties)
    cell.append(paragraph)
    return cell


def _add_row(table: Any, cells: Sequence[Any], texts: Sequence[str], *, repeated: bool = False) -> None:
    row = oxml.element("tr")
    properties = oxml.element("trPr")
    properties.append(oxml.element("cantSplit"))
    if repeated:
        properties.append(oxml.element("tblHeader"))
    row.append(properties)
    for cell, text in zip(cells, texts, strict=True):
        made = deepcopy(cell)
        made[-1][-1].text = oxml.clean(text)
        row.append(made)
    table.append(row)


def _twips(width_mm: float) -> int:
    return round(width_mm * _TWIPS_PER_MM)
