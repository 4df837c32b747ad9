"""Files → sheets: formats, encodings, limits, damage."""

import io
import zipfile
from io import BytesIO

import pytest
import xlsxwriter
import xlwt

from core.importers import table
from core.importers.problems import UnreadableFile
from core.importers.sheet import BrokenCell, column_letter
from core.importers.table import read_sheets
from tests.unit.importers.ledgers import ledger, xlsx


def refusal(data: bytes, name: str = "f.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(data, name)
    return caught.value.problem.code


def test_read_sheets_xlsx_keeps_positions_merges_hidden_rows() -> None:
    (sheet,) = read_sheets(xlsx([[], ["", "甲"], ["乙"]], merges=[(1, 1, 2, 1)], hidden_rows=[2]), "f.xlsx")
    assert sheet.cells[1][1] == "甲"
    assert sheet.merges == (((1, 1), (2, 1)),)
    assert sheet.hidden_rows == {2}
    assert (sheet.name, sheet.visible) == ("台账", True)


def test_read_sheets_xlsx_tells_broken_formulas() -> None:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("一&二")
    page.write_formula(0, 0, "=1/0", None, "#DIV/0!")
    page.write_formula(1, 1, "=1+1", None, "")
    page.write_formula(2, 1, "=1+1", None, 2)
    book.add_worksheet("藏").hide()
    book.close()
    first, second = read_sheets(target.getvalue(), "f.xlsx")
    assert first.cells[0][0] is BrokenCell.ERROR
    assert first.cells[1][1] is BrokenCell.UNCACHED
    assert first.cells[2][1] == 2
    assert first.name == "一&二"
    assert not second.visible


def test_read_sheets_xls_and_its_wps_twin() -> None:
    target = BytesIO()
    book = xlwt.Workbook()
    page = book.add_sheet("旧表")
    page.write_merge(0, 0, 0, 2, "标题")
    page.write(1, 1, 3.5)
    book.save(target)
    (sheet,) = read_sheets(target.getvalue(), "台账.et")
    assert sheet.cells[0][0] == "标题"
    assert sheet.cells[1][1] == 3.5
    assert sheet.merges == (((0, 0), (0, 2)),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_read_sheets_text_any_encoding_and_separator(encoding: str, separator: str) -> None:
    text = separator.join(["项目名称", "总投资(万元)"]) + "\r\n" + separator.join(['"甲\n项目"', "100"]) + "\r\n"
    (sheet,) = read_sheets(text.encode(encoding), "台账.csv")
    assert sheet.cells == [["项目名称", "总投资(万元)"], ["甲\n项目", "100"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n \x00", "file_empty"),
        (b"%PDF-1.7 ...", "file_type"),
        (b"\x89PNG\r\n", "file_type"),
        (b"\xef\xbb\xbf<html><table>", "file_type"),
        (b"PK\x03\x04 not a zip", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "file_damaged"),
        (b"\x81\x20\xff\xff\xff", "file_encoding"),
    ],
)
def test_read_sheets_unusable_file_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_read_sheets_truncated_workbook_is_damaged() -> None:
    data = xlsx(ledger())
    assert refusal(data[: len(data) // 2]) == "file_damaged"


def test_read_sheets_damaged_word_file_is_told() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/")
    assert refusal(target.getvalue(), "f.docx") == "file_damaged"


def test_read_sheets_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 1_000)
    assert refusal(xlsx(ledger())) == "file_too_large"


def repacked(data: bytes, part: str, content: bytes) -> bytes:
    """Return the archive with one part replaced."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return target.getvalue()


def test_read_sheets_zip_bomb_is_refused() -> None:
    assert refusal(repacked(xlsx(ledger()), "xl/sharedStrings.xml", b" " * 60_000_000)) == "file_bomb"


def test_read_sheets_lying_size_is_refused() -> None:
    data = bytearray(repacked(xlsx(ledger()), "xl/sharedStrings.xml", b" " * 5_000_000))
    entry = next(e for e in zipfile.ZipFile(BytesIO(bytes(data))).infolist() if e.filename == "xl/sharedStrings.xml")
    size = entry.file_size.to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (100).to_bytes(4, "little")
    assert refusal(bytes(data)) == "file_bomb"


def test_read_sheets_stray_cell_far_away_is_refused_before_reading() -> None:
    rows = ledger()
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write_row(0, 0, [str(value) for value in rows[2]])
    page.write(1_048_575, 16_383, "x")
    book.close()
    assert refusal(target.getvalue()) == "too_many_rows"


def test_read_sheets_styled_blanks_far_away_are_harmless() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write(0, 0, "x")
    page.write_blank(5, 16_000, None, book.add_format({"bold": True}))
    book.close()
    (sheet,) = read_sheets(target.getvalue(), "f.xlsx")
    assert sheet.cells == [["x"]]


def test_read_sheets_too_wide_is_refused() -> None:
    assert refusal(xlsx([["x"] * 301])) == "too_many_columns"
    assert refusal(",".join("x" * 301).encode()) == "too_many_columns"


def test_column_letter_names_columns_as_excel_does() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
