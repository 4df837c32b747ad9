"""Word tables, OpenDocument, binary workbooks and texts in every encoding become the same sheets."""

import struct
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO

import docx
import pytest

from core.importers.ledger import parse_ledger
from core.importers.problems import UnreadableFile
from core.importers.sheet import BrokenCell
from core.importers.table import read_sheets
from tests.unit.importers.ledgers import OPTIONS, TOTAL, codes, ledger

_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def archive(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def ods(tables: str, styles: str = "") -> bytes:
    content = (
        f"<office:document-content {_NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(mimetype=_ODS_TYPE, content_dot_xml=content.encode())


def ods_rows(rows: Sequence[Sequence[object]]) -> str:
    def cell(value: object) -> str:
        if isinstance(value, (int, float)):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)


def word(rows: Sequence[Sequence[object]], above: Sequence[str] = ()) -> bytes:
    document = docx.Document()
    for text in above:
        document.add_paragraph(text)
    grid = document.add_table(len(rows), max(map(len, rows)))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            grid.cell(r, c).text = str(value)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def refusal(data: bytes, name: str = "f") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(data, name)
    return caught.value.problem.code


def test_word_ledger_reads_like_the_workbook() -> None:
    data = word(ledger(3)[2:], ["2026年市重点项目调度表", "单位：万元"])
    parsed = parse_ledger(data, "台账.docx", OPTIONS)
    assert [row.total_investment_yuan for row in parsed.rows] == [201_000_000, 202_000_000, 203_000_000]
    assert [row.row for row in parsed.rows] == [2, 3, 4]
    assert codes(parsed) == set()


def test_word_table_takes_its_name_and_unit_from_above() -> None:
    rows = ledger(2)[2:]
    rows[0][TOTAL] = "总投资"
    for row in rows[1:]:
        row[TOTAL] = 2.5
    document = docx.Document(BytesIO(word(rows, ["单位：亿元"])))
    document.paragraphs[0].insert_paragraph_before("二、工业项目", style="Heading 2")
    target = BytesIO()
    document.save(target)
    parsed = parse_ledger(target.getvalue(), "f.docx", OPTIONS)
    assert [(row.sheet, row.row, row.total_investment_yuan) for row in parsed.rows] == [
        ("二、工业项目", 2, 250_000_000),
        ("二、工业项目", 3, 250_000_000),
    ]


def test_word_merged_cells_keep_their_place() -> None:
    document = docx.Document()
    grid = document.add_table(3, 3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "横"
    grid.cell(1, 2).merge(grid.cell(2, 2)).text = "竖"
    grid.cell(2, 0).text = "末"
    target = BytesIO()
    document.save(target)
    (sheet,) = read_sheets(target.getvalue(), "f.docx")
    assert sheet.name == "表格1"
    assert sheet.cells == [["横", None, None], [None, None, "竖"], ["末", None, None]]
    assert set(sheet.merges) == {((0, 0), (0, 1)), ((1, 2), (2, 2))}


def test_word_nested_table_is_named_and_not_read() -> None:
    document = docx.Document()
    grid = document.add_table(2, 2)
    grid.cell(1, 1).text = "外"
    grid.cell(1, 1).add_table(1, 1).cell(0, 0).text = "内"
    target = BytesIO()
    document.save(target)
    (sheet,) = read_sheets(target.getvalue(), "f.docx")
    assert sheet.cells[1][1] == "外"
    (problem,) = sheet.problems
    assert (problem.code, problem.sheet, problem.row, problem.column) == ("nested_table", "表格1", 2, "B")


def test_word_file_without_table_is_refused() -> None:
    target = BytesIO()
    docx.Document().save(target)
    assert refusal(target.getvalue()) == "no_table"


@pytest.mark.parametrize("part", ["word__document_dot_xml", "content_dot_xml"])
def test_xml_with_entities_is_refused(part: str) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y SYSTEM "file:///etc/passwd">]><a>&x;&y;</a>'
    kind = {"mimetype": _ODS_TYPE} if part.startswith("content") else {}
    assert refusal(archive(**kind, **{part: bomb})) == "file_entities"


def test_ods_ledger_reads_like_the_workbook() -> None:
    data = ods(f'<table:table table:name="台账">{ods_rows(ledger(3))}</table:table>')
    parsed = parse_ledger(data, "台账.ods", OPTIONS)
    assert [row.total_investment_yuan for row in parsed.rows] == [201_000_000, 202_000_000, 203_000_000]
    assert codes(parsed) == set()


def test_ods_typed_repeated_merged_hidden_and_broken_cells() -> None:
    styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    body = (
        '<table:table table:name="一"><table:table-row table:number-rows-repeated="2"/>'
        '<table:table-row table:visibility="collapse">'
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-03-01"/>'
        '<table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>甲<text:s/>乙</text:p>'
        "<text:p>丙</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        '<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=A1"/>'
        '<table:table-cell office:value-type="currency" office:currency="USD" office:value="5"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048570"/></table:table>'
        '<table:table table:name="二" table:style-name="h"/>'
    )
    first, second = read_sheets(ods(body, styles), "f.ods")
    assert first.cells == [
        [],
        [],
        [None, None, date(2026, 3, 1), "甲 乙\n丙"],
        [BrokenCell.ERROR, BrokenCell.UNCACHED, "USD 5.0", True],
    ]
    assert first.merges == (((2, 3), (2, 4)),)
    assert first.hidden_rows == {2}
    assert (first.visible, second.visible) == (True, False)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('<table:table-row table:number-rows-repeated="900000">{cell}</table:table-row>', "too_many_rows"),
        ('<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{cell}</table:table-row>',
         "too_many_columns"),
    ],
)  # fmt: skip
def test_ods_repetition_beyond_the_limits_is_refused_before_it_is_made(row: str, code: str) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    assert refusal(ods(f'<table:table table:name="t">{row.format(cell=cell)}</table:table>')) == code


def test_ods_with_password_is_refused() -> None:
    manifest = b"<manifest><encryption-data/></manifest>"
    assert refusal(
        archive(mimetype=_ODS_TYPE, content_dot_xml=b"\x00", **{"META-INF__manifest_dot_xml": manifest})
    ) == ("file_password")


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells: Sequence[tuple[int, int, str]], hidden: frozenset[int] = frozenset()) -> bytes:
    """Return a binary workbook with one sheet of text cells."""
    sheet = b""
    for row in sorted({row for row, _, _ in cells}):
        flags = bytes([0, 0x10 if row in hidden else 0, 0])
        sheet += record(0, struct.pack("<IIH", row, 0, 300) + flags + struct.pack("<I", 0))
        for _, column, text in (cell for cell in cells if cell[0] == row):
            sheet += record(6, struct.pack("<II", column, 0) + wide(text))
    extent = struct.pack("<IIII", 0, max(row for row, _, _ in cells), 0, max(column for _, column, _ in cells))
    sheet = record(129, b"") + record(148, extent) + record(145, b"") + sheet + record(146, b"") + record(130, b"")
    book = record(143, b"") + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("台账")) + record(144, b"")
    relations = (
        b'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.bin" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    )
    return archive(
        xl__workbook_dot_bin=record(131, b"") + book + record(132, b""),
        xl___rels__workbook_dot_bin_dot_rels=relations,
        xl__worksheets__sheet1_dot_bin=sheet,
    )


def test_xlsb_cells_and_hidden_rows_are_read() -> None:
    (sheet,) = read_sheets(xlsb([(0, 0, "项目名称"), (2, 1, "乙")], frozenset({2})), "f.xlsb")
    assert sheet.name == "台账"
    assert sheet.cells[0][0] == "项目名称"
    assert sheet.cells[2][1] == "乙"
    assert sheet.hidden_rows == {2}


@pytest.mark.parametrize(("place", "code"), [((900_000, 0), "too_many_rows"), ((1, 9_000), "too_many_columns")])
def test_xlsb_far_away_cell_is_refused_before_reading(place: tuple[int, int], code: str) -> None:
    assert refusal(xlsb([(0, 0, "x"), (*place, "y")])) == code


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_text_any_line_end_and_encoding(encoding: str, line_end: str) -> None:
    text = line_end.join(["项目名称,总投资(万元)", '"甲"",项目",1', "乙项目,2"]) + line_end
    (sheet,) = read_sheets(text.encode(encoding), "f.csv")
    assert sheet.cells == [["项目名称", "总投资(万元)"], ['甲",项目', "1"], ["乙项目", "2"]]
    assert sheet.problems == ()


def test_text_of_rare_characters_is_gb18030_not_latin() -> None:
    text = "项目名称,县区\n" + "\n".join(f"镕堃喆项目{n},\u9a6b县" for n in range(20))
    (sheet,) = read_sheets(text.encode("gb18030"), "f.csv")
    assert sheet.cells[1] == ["镕堃喆项目0", "\u9a6b县"]
    assert sheet.problems == ()


def test_text_latin_letters_are_read_and_said() -> None:
    text = "Project name;Total cost\nDépôt de Müllheim;5\nStraße;6\n"
    (sheet,) = read_sheets(text.encode("latin-1"), "f.csv")
    assert sheet.cells[1] == ["Dépôt de Müllheim", "5"]
    (problem,) = sheet.problems
    assert (problem.code, problem.sheet, problem.row) == ("encoding_assumed", "f.csv", 0)


def test_text_decimal_commas_do_not_pass_for_separators() -> None:
    text = "Name;A;B\nOne;1,5;2,5\nTwo;3,5;4,5\n"
    (sheet,) = read_sheets(text.encode(), "f.csv")
    assert sheet.cells[1] == ["One", "1,5", "2,5"]
