"""What python-docx has no word for: East-Asian fonts, exact grid, fields, borders, repeated header rows."""

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from core.exporters.official.style import LATIN_FONT

# XML 1.0 holds no other control characters; one in a name must not keep a document from being written.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Elements of a paragraph's and of a run's properties behind those set here; the schema wants them in order.
_AFTER_IND = (
    *("contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment"),
    *("textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
)
_AFTER_GRID = ("spacing", "ind", *_AFTER_IND)
_AFTER_BORDERS = (
    *("shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE"),
    *("autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", *_AFTER_GRID),
)
_AFTER_SPACING = (
    *("w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign"),
    *("rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish"),
)


def clean(text: str) -> str:
    """Return *text* without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def element(name: str, **attributes: object) -> Any:
    """Return a new WordprocessingML element; attribute names stand without their prefix."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def replace_child(parent: Any, child: Any) -> None:
    """Put *child* into *parent* in place of an element of the same name, at the place the schema has for it."""
    for old in parent.findall(child.tag):
        parent.remove(old)
    parent.append(child)


def set_font(run_properties: Any, font: str, *, latin: str = LATIN_FONT) -> None:
    """Name the East-Asian *font*; quotation marks and dashes follow it as well (hint)."""
    fonts = run_properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", font), ("cs", latin), ("hint", "eastAsia")):
        fonts.set(qn(f"w:{key}"), value)


def set_letter_spacing(run_properties: Any, twips: int) -> None:
    """Draw letters *twips* (1/20 pt) wider; negative = closer."""
    spacing = element("spacing", val=twips)
    for old in run_properties.findall(spacing.tag):
        run_properties.remove(old)
    insert_before(run_properties, spacing, _AFTER_SPACING)


def set_indent(paragraph: Any, **chars: int) -> None:
    """Set indents in hundredths of a character, such as ``firstLineChars=200``; others of the paragraph are dropped."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    indent = element("ind", **chars)
    # Readers that know no characters take the twips beside them: 16 pt less the closer spacing.
    for name, value in chars.items():
        indent.set(qn(f"w:{name.removesuffix('Chars')}"), str(round(value * 3.15)))
    insert_before(properties, indent, _AFTER_IND)


def set_borders(paragraph: Any, **edges: tuple[str, int]) -> None:
    """Draw lines at *edges* of a paragraph: colour and width in 1/8 pt."""
    borders = element("pBdr")
    for edge in ("top", "bottom"):
        if edge in edges:
            colour, width = edges[edge]
            borders.append(element(edge, val="single", sz=width, space=1, color=colour))
    insert_before(paragraph._p.get_or_add_pPr(), borders, _AFTER_BORDERS)


def leave_grid(paragraph_properties: Any) -> None:
    """Take a paragraph off the line grid, so that small letters stand closer."""
    insert_before(paragraph_properties, element("snapToGrid", val=0), _AFTER_GRID)


def add_field(paragraph: Any, code: str) -> Any:
    """Append a field such as ``PAGE`` and return its run."""
    run = paragraph.add_run()
    for part in (
        element("fldChar", fldCharType="begin"),
        _instruction(code),
        element("fldChar", fldCharType="separate"),
        _text("1"),
        element("fldChar", fldCharType="end"),
    ):
        run._r.append(part)
    return run


def insert_before(parent: Any, child: Any, followers: tuple[str, ...]) -> None:
    """Insert *child* before the first of *followers* present or at the end."""
    tags = {qn(f"w:{name}") for name in followers}
    for number, other in enumerate(parent):
        if other.tag in tags:
            parent.insert(number, child)
            return
    parent.append(child)


def _instruction(code: str) -> Any:
    made = OxmlElement("w:instrText")
    made.text = code
    return made


def _text(words: str) -> Any:
    made = OxmlElement("w:t")
    made.text = words
    return made
