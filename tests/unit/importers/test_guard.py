"""What is refused before the reader is asked, and what is not mistaken for it."""

import pytest

from core.importers.cells.text import is_formula, parse_long_text, parse_name
from core.importers.guard import check_compound, check_places
from core.importers.problems import UnreadableFile
from tests.faults.malformed.bases import good_xls
from tests.unit.importers.ledgers import ledger, places, xlsx
from tests.unit.importers.ledgers import parse as parse_rows


@pytest.mark.parametrize(
    "text", ["=1+1", "＝SUM(A1)", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd|'x'!A0", ' =HYPERLINK("x")']
)
def test_name_that_is_a_formula_is_known_and_kept_as_text(text: str) -> None:
    for parse in (parse_name, parse_long_text):
        kept = parse(text)
        assert kept is not None
        assert is_formula(kept)


@pytest.mark.parametrize(
    "text", ["-完成主体施工", "+86 539 1234567", "@张三", "==== 以下空白", "- A区(一期)已开工", "=", "－－"]
)
def test_text_with_a_sign_before_it_stays_text(text: str) -> None:
    for parse in (parse_name, parse_long_text):
        kept = parse(text)
        assert kept is not None
        assert not is_formula(kept)


def test_formula_as_a_name_is_said_and_stays_text() -> None:
    rows = ledger(3)
    rows[4][2] = "=cmd|' /C calc'!A0"
    parsed = parse_rows(rows)
    assert places(parsed, "formula_text") == [("台账", 5, "C 项目名称")]
    assert parsed.rows[1].name == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFDA1"><v>1</v></c>',
        b"<c r='A1'><v>1</v></c>",
        b'<c r ="A1"><v>1</v></c>',
        b'<c r="a1"><v>1</v></c>',
        b'<c r="A0"><v>1</v></c>',
        b'<c r="A1" t="s"><v>-1</v></c>',
        b'<x:c r="1A"><v>1</v></x:c>',
        b'<c\nr="A99999999"/>',
    ],
)
def test_cell_in_no_place_is_refused(cell: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        check_places(b'<sheetData><row r="1">' + cell + b"</row></sheetData>")
    assert caught.value.problem.code == "file_damaged"


def test_usual_and_nameless_cells_pass() -> None:
    check_places(b'<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"/><c r="C1" t="s"><v>0</v></c></row>')
    check_places(b'<x:row r="2"><x:c s="1" r="XFD1048576"><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>')


def test_compound_file_that_leads_back_to_itself_is_refused() -> None:
    data = bytearray(good_xls())
    check_compound(bytes(data))
    size, table = 512, int.from_bytes(data[76:80], "little")
    at = (table + 1) * size
    data[at : at + 4] = (0).to_bytes(4, "little")
    with pytest.raises(UnreadableFile) as caught:
        check_compound(bytes(data))
    assert caught.value.problem.code == "file_damaged"


def test_workbook_with_macros_is_read_and_said() -> None:
    from core.importers.table import read_sheets
    from tests.faults.malformed.bases import parts_of, zip_of

    sheets = read_sheets(zip_of({**parts_of(xlsx(ledger(2))), "xl/vbaProject.bin": b"x"}), "台账.xlsm")
    assert [(one.code, "宏" in one.message) for one in sheets[0].problems] == [("file_carries", True)]
