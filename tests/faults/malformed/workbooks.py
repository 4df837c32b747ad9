"""Workbooks: damaged parts, impossible sizes, what a spreadsheet may carry besides its cells."""

import struct
from collections.abc import Iterator
from functools import partial
from io import BytesIO

import xlsxwriter

from tests.faults.malformed.bases import good_xls, good_xlsx, parts_of, swapped, zip_of
from tests.faults.malformed.case import Case, fixed
from tests.unit.importers.ledgers import ledger, xlsx

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
INJECTIONS = (
    "=1+1",
    '=HYPERLINK("http://example.invalid","看")',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＠SUM(1)",
    '=DDE("cmd";"/C calc";"x")',
    '=IMPORTXML("http://example.invalid","//a")',
    '=WEBSERVICE("http://example.invalid")',
    " =1+1",
    "\n=1+1",
)


def cases() -> Iterator[Case]:
    yield from _damaged_parts()
    yield from _impossible_sizes()
    yield from _carried()
    yield from _bad_values()


def _case(name: str, build: partial[bytes], file_name: str = "台账.xlsx") -> Case:
    return Case(f"workbook/{name}", file_name, build)


def _swap(name: str, part: str, old: str, new: str) -> Case:
    return _case(name, partial(_swapped, part, old, new))


def _swapped(part: str, old: str, new: str) -> bytes:
    return swapped(good_xlsx(), part, old, new)


def _without(part: str) -> bytes:
    return zip_of({name: content for name, content in parts_of(good_xlsx()).items() if name != part})


def _with(part: str, content: bytes) -> bytes:
    return zip_of({**parts_of(good_xlsx()), part: content})


def _damaged_parts() -> Iterator[Case]:
    for part in (SHEET, BOOK, RELATIONS, STRINGS, "[Content_Types].xml", "xl/styles.xml"):
        short = part.rpartition("/")[2].partition(".")[0].strip("[]_") or "rels"
        short = {BOOK: "book"}.get(part, short)
        if part not in ("[Content_Types].xml", "xl/styles.xml"):
            yield _case(f"without-{short}", partial(_without, part))
            yield _case(f"empty-{short}", partial(_with, part, b""))
            yield _case(f"cut-{short}", partial(_cut, part))
        yield _case(f"noise-{short}", partial(_with, part, bytes(range(256)) * 4))
    for name, value in (("out-of-range", "99999999"), ("negative", "-1"), ("no-number", "abc"), ("huge", "9" * 40)):
        yield _case(f"string-index-{name}", partial(_indexed, value))
    yield _swap("sheet-part-elsewhere", RELATIONS, "worksheets/sheet1.xml", "../../../etc/passwd")
    yield _swap("sheet-part-by-address", RELATIONS, "worksheets/sheet1.xml", "http://example.invalid/sheet1.xml")
    yield _swap("sheet-relation-missing", BOOK, 'r:id="rId1"', 'r:id="rId77"')
    yield _swap("unclosed-row", SHEET, "</row>", "")
    yield _swap("unknown-cell-type", SHEET, 't="s"', 't="zz"')
    yield _swap("sheet-is-a-chart", RELATIONS, "relationships/worksheet", "relationships/chartsheet")


def _indexed(value: str) -> bytes:
    """The name of the first project as a shared string that is none."""
    sheet = parts_of(good_xlsx())[SHEET].decode()
    at = sheet.index('<c r="C4"')
    end = sheet.index("</c>", at) + 4
    return swapped(good_xlsx(), SHEET, sheet[at:end], f'<c r="C4" t="s"><v>{value}</v></c>')


def _cut(part: str) -> bytes:
    content = parts_of(good_xlsx())[part]
    return _with(part, content[: len(content) // 2])


def _impossible_sizes() -> Iterator[Case]:
    yield _swap("cell-in-column-XFD", SHEET, 'r="B3"', 'r="XFD3"')
    yield _swap("cell-in-row-1048576", SHEET, 'r="B3"', 'r="B1048576"')
    yield _swap("cell-in-row-4294967295", SHEET, 'r="B3"', 'r="B4294967295"')
    yield _swap("cell-in-row-99999999999999999999", SHEET, 'r="B3"', 'r="B99999999999999999999"')
    yield _swap("cell-in-column-ZZZZZZZ", SHEET, 'r="B3"', 'r="ZZZZZZZ3"')
    yield _swap("cell-in-row-0", SHEET, 'r="B3"', 'r="B0"')
    yield _swap("cell-in-negative-row", SHEET, 'r="B3"', 'r="B-3"')
    yield _swap("cell-without-row", SHEET, 'r="B3"', 'r="B"')
    yield _swap("cell-in-single-quotes", SHEET, 'r="B3"', "r='XFD1048576'")
    yield _swap("cell-behind-blanks", SHEET, 'r="B3"', 'r = "XFD1048576"')
    yield _swap("row-far-cells-nameless", SHEET, "</sheetData>", '<row r="1048576"><c><v>1</v></c></row></sheetData>')
    yield _case("sheet-under-another-suffix", partial(_renamed, "xl/worksheets/sheet1.dat"))
    yield _swap("cell-by-lower-case", SHEET, 'r="B3"', 'r="xfd1048576"')
    yield _swap("row-number-negative", SHEET, '<row r="3"', '<row r="-3"')
    yield _swap("row-number-huge", SHEET, '<row r="3"', '<row r="18446744073709551616"')
    yield _case("a-million-columns", partial(_wide, 1_000_000))
    yield _case("301-columns", partial(_wide, 301))
    yield _case("120001-rows", partial(_tall, 120_001))
    yield _case("dimension-lies", partial(_swapped, SHEET, '<dimension ref="A1:Q9"', '<dimension ref="A1:XFD1048576"'))
    yield _case("2100-sheets", partial(_sheets, 2_100))
    yield _case("merge-of-everything", partial(_merged, "A1:XFD1048576"))
    yield _case("merge-backwards", partial(_merged, "Q9:A1"))
    yield _case("merge-nowhere", partial(_merged, "A0:B-1"))
    yield _case("20000-merges", partial(_merged, *(f"A{r}:B{r}" for r in range(100, 20_100))))


def _renamed(part: str) -> bytes:
    """A sheet that a look at the .xml members alone would miss."""
    parts = parts_of(good_xlsx())
    parts[part] = parts.pop(SHEET)
    parts[RELATIONS] = parts[RELATIONS].replace(b"worksheets/sheet1.xml", part.removeprefix("xl/").encode())
    return zip_of(parts)


def _wide(columns: int) -> bytes:
    cells = "".join(f'<c r="{_letters(c)}3"><v>1</v></c>' for c in range(columns))
    return swapped(good_xlsx(), SHEET, "</sheetData>", f'<row r="40">{cells}</row></sheetData>')


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _tall(rows: int) -> bytes:
    return swapped(
        good_xlsx(),
        SHEET,
        "</sheetData>",
        "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(20, rows + 1)) + "</sheetData>",
    )


def _sheets(count: int) -> bytes:
    more = "".join(f'<sheet name="表{number}" sheetId="{number}" r:id="rId1"/>' for number in range(2, count))
    return swapped(good_xlsx(), BOOK, "</sheets>", f"{more}</sheets>")


def _merged(*ranges: str) -> bytes:
    merges = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return swapped(
        good_xlsx(), SHEET, "</sheetData>", f'</sheetData><mergeCells count="{len(ranges)}">{merges}</mergeCells>'
    )


def _carried() -> Iterator[Case]:
    """Encryption, macros, links to elsewhere, formulas without a value."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield _case("encrypted", partial(_encrypted))
    yield fixed("workbook/ole-header-only", "台账.xls", ole)
    yield fixed("workbook/ole-of-zeros", "台账.xls", ole + bytes(4096))
    yield fixed("workbook/ole-of-ones", "台账.xls", ole + b"\xff" * 4096)
    yield fixed(
        "workbook/ole-cyclic-sectors",
        "台账.xls",
        ole + bytes(16) + struct.pack("<6H", 0x3E, 3, 0xFFFE, 9, 6, 0) + bytes(480),
    )
    for place, formula in (
        ("C4", "1+1"),
        ("I4", 'HYPERLINK("http://example.invalid")'),
        ("J4", "[1]Sheet1!A1"),
        ("I5", "cmd|'/C calc'!A0"),
    ):
        yield _case(f"formula-without-value-{place}", partial(_formula, place, formula))
    for number, text in enumerate(INJECTIONS):
        yield _case(f"injection-in-name-{number:02d}", partial(_typed, 2, text))
        yield _case(f"injection-in-amount-{number:02d}", partial(_typed, 8, text))
    yield _case("macros", partial(_with, "xl/vbaProject.bin", ole + bytes(2000)), "台账.xlsm")
    yield _case("macros-under-plain-name", partial(_with, "xl/vbaProject.bin", ole + bytes(2000)))
    yield _case("external-link", partial(_with, "xl/externalLinks/externalLink1.xml", b"<externalLink/>"))
    yield _case("embedded-object", partial(_with, "xl/embeddings/oleObject1.bin", ole + bytes(2000)))
    yield _case(
        "data-connection", partial(_with, "xl/connections.xml", b'<connections><connection id="1"/></connections>')
    )


def _encrypted() -> bytes:
    """A compound file whose directory names an encrypted package."""
    head = bytearray(good_xls())
    return bytes(head).replace("Workbook".encode("utf-16-le"), "Encrypte".encode("utf-16-le"), 1)


def _formula(place: str, formula: str) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("台账")
        for r, row in enumerate(ledger(3)):
            page.write_row(r, 0, row)
        page.write_formula(place, f"={formula}", None, "")
    return target.getvalue()


def _typed(column: int, text: str) -> bytes:
    rows = ledger(3)
    rows[4][column] = text
    return xlsx(rows)


def _bad_values() -> Iterator[Case]:
    amounts = (
        "1e308",
        "-1e308",
        "1e400",
        "NaN",
        "Infinity",
        "9" * 400,
        "0x10",
        "1_000",
        "１２３x",
        "1.2.3",
        "12,34,5x",
        "--5",
        "5%亿",
        "约3000",
        "3000～5000",
        "USD 300",
        "#REF!",
        "#DIV/0!",
        "待定",
        "同上",
        "\u202e0002",
    )
    for number, text in enumerate(amounts):
        yield _case(f"amount-{number:02d}", partial(_typed, 8, text))
    for number, value in enumerate(("1e308", "-1e308", "1e999", "NaN", "1e-400", "")):
        yield _case(f"number-cell-{number:02d}", partial(_number_cell, value))
    for number, text in enumerate(
        ("2025-13-45", "99999999", "0000-00-00", "-1", "2958466", "1900-02-29", "昨天", "2026年2月30日")
    ):
        yield _case(f"date-{number:02d}", partial(_typed, 13, text))
    yield _case("name-of-a-million-characters", partial(_typed, 2, "长" * 32_000))
    yield _case("name-of-controls", partial(_typed, 8, "\x01\x02\x7f"))
    yield _case("nothing-but-header", partial(xlsx, ledger(0)))
    yield _case("no-header", partial(xlsx, [[1, 2, 3]] * 20))
    yield _case("empty-sheet", partial(xlsx, []))
    yield _case("every-row-the-same", partial(xlsx, [*ledger(1), *[ledger(1)[3]] * 40]))


def _number_cell(value: str) -> bytes:
    """The total of the first project as a bare number that is none."""
    sheet = parts_of(good_xlsx())[SHEET].decode()
    at = sheet.index('<c r="I4">')
    end = sheet.index("</c>", at) + 4
    return swapped(good_xlsx(), SHEET, sheet[at:end], f'<c r="I4"><v>{value}</v></c>')
