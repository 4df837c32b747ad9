"""The user's own workbook comes back with what is wrong marked, safely."""

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter
from openpyxl import load_workbook

from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.exporters.marked_workbook import Mark, column_number, mark_workbook
from core.importers.options import Mend
from core.importers.sheet import Sheet
from core.importers.table import read_sheets
from core.services import imports
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county
from tests.unit.importers.ledgers import COUNTY, NAME, TOTAL, ledger, xlsx

OFFICE = make_actor(Role.SUPERVISOR)


@pytest.fixture
def city(sqlite_store):
    with transaction(SYSTEM) as tx:
        make_county(tx, "兰山区")


def marked(data, name="台账.xlsx", mends=()):
    shown = imports.preview(OFFICE, "ledger", name, data)
    if mends:
        imports.mend(OFFICE, shown.batch_id, mends)
    file = imports.marked_workbook(OFFICE, shown.batch_id)
    return file, load_workbook(io.BytesIO(file.content))


def dirty():
    rows = ledger(3)
    rows[4][TOTAL], rows[5][COUNTY] = "约5000", "火星区"
    return rows


def test_marked_workbook_colours_and_comments_the_bad_cells(city):
    file, book = marked(xlsx(dirty()))
    assert file.name == "台账（标注）.xlsx"
    page = book["台账"]
    assert page["I5"].value == "约5000"
    assert page["I5"].comment.text == "【未导入】“约5000”是约数，系统不替您取舍。请填写确定的数额。"
    assert page["I5"].fill.fgColor.rgb == "00FFF2CC"
    assert page["D6"].comment.text.startswith("【未导入】没有找到县区“火星区”")
    commented = [cell.coordinate for row in page.iter_rows() for cell in row if cell.comment]
    assert commented == ["P4", "I5", "D6"]
    listed = [[cell.value for cell in row] for row in book["导入问题"].iter_rows()]
    assert listed[0] == ["工作表", "行", "列", "处理", "问题与改法"]
    assert listed[1][:4] == ["台账", 5, "I 总投资（万元）", "未导入"]


def test_marked_workbook_tells_what_was_mended(city):
    _, book = marked(xlsx(dirty()), mends=[Mend("台账", 5, TOTAL, "20500")])
    assert book["台账"]["I5"].comment.text == f"【已修改】在系统中改为“20500”（{OFFICE.login}）"
    assert book["台账"]["I5"].value == "约5000"


def test_marked_workbook_of_a_csv_is_a_new_workbook_with_the_same_cells(city):
    data = "项目名称,县区,总投资（万元）\n=1+1,兰山区,约9\n".encode()
    file, book = marked(data, "县里.csv")
    page = book.worksheets[0]
    assert (file.name, page.title) == ("县里（标注）.xlsx", "县里.csv")
    assert (page["A2"].value, page["A2"].data_type) == ("=1+1", "s")
    assert "约9" in page["C2"].comment.text


def test_marked_workbook_never_makes_a_formula_of_a_problem_text(city):
    rows = ledger(1)
    rows[3][COUNTY], rows[3][NAME] = '=HYPERLINK("http://evil")', "=2+2"
    _, book = marked(xlsx(rows))
    for page in book.worksheets:
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_marked_workbook_drops_macros():
    source = io.BytesIO(xlsx(ledger(1)))
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            new.writestr(item, old.read(item))
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macro")
    data = target.getvalue()
    out = mark_workbook(data, read_sheets(data, "a.xlsm"), [Mark("台账", 4, "A 序号", "请核对", "看")])
    names = zipfile.ZipFile(io.BytesIO(out)).namelist()
    assert not [name for name in names if "vba" in name.lower()]


def test_marked_workbook_of_a_merged_cell_marks_its_first_cell():
    data = xlsx([["标题", ""], ["a", 1], ["", 2]], merges=[(1, 0, 2, 0)])
    out = mark_workbook(data, read_sheets(data, "a.xlsx"), [Mark("台账", 3, "A 名称", "请核对", "看这里")])
    assert load_workbook(io.BytesIO(out))["台账"]["A2"].comment.text == "【请核对】看这里"


def test_marked_workbook_with_1157_merges_on_26_sheets_is_quick():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    for number in range(26):
        page = book.add_worksheet(f"表{number}")
        for block in range(45 if number else 32):
            page.merge_range(block * 3, 0, block * 3 + 2, 1, f"块{block}")
            page.write(block * 3, 3, block)
    book.close()
    data = target.getvalue()
    marks = [Mark(f"表{n}", row, "A 名称", "请核对", "看") for n in range(26) for row in range(1, 90)]
    started = time.perf_counter()
    out = mark_workbook(data, read_sheets(data, "a.xlsx"), marks)
    assert time.perf_counter() - started < 20
    assert load_workbook(io.BytesIO(out))["表3"]["A4"].comment is not None


def test_marked_workbook_of_one_huge_merge_is_rebuilt_as_a_grid():
    sheet = Sheet("表", True, [["a", 1.5, True, date(2026, 1, 2), float("nan")]], (((0, 0), (99_999, 9)),))
    out = mark_workbook(
        xlsx([["x"]]), [sheet], [Mark("表", 1, "B 数", "请核对", "看"), Mark("表", 9, "", "说明", "行")]
    )
    page = load_workbook(io.BytesIO(out))["表"]
    assert [cell.value for cell in page[1]] == ["a", 1.5, True, "2026-01-02", "nan"]
    assert (page["B1"].comment.text, page["A9"].comment.text) == ("【请核对】看", "【说明】行")


def test_marked_workbook_of_a_workbook_that_openpyxl_refuses_is_rebuilt():
    sheet = Sheet("表:1", True, [["甲"]])
    out = mark_workbook(b"PK\x03\x04broken", [sheet], [Mark("表:1", 1, "A 名", "未导入", "看")])
    book = load_workbook(io.BytesIO(out))
    assert book.sheetnames == ["表 1", "导入问题"]
    assert book["表 1"]["A1"].comment.text == "【未导入】看"


def test_marked_workbook_of_a_file_that_is_no_table_lists_the_problems():
    book = load_workbook(io.BytesIO(mark_workbook(b"\x00\x01", [], [Mark("", 0, "", "未导入", "坐标系不明")])))
    assert book.sheetnames == ["导入问题"]
    assert book["导入问题"]["E2"].value == "坐标系不明"


def test_marked_workbook_needs_permission(city):
    shown = imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(ledger(1)))
    with pytest.raises(PermissionDenied):
        imports.marked_workbook(make_actor(Role.LEADER), shown.batch_id)


@pytest.mark.parametrize(("label", "number"), [("A 名", 1), ("AA x", 27), ("XFD", 16_384), ("", 1), ("总投资", 1)])
def test_column_number_reads_labels(label, number):
    assert column_number(label) == number
