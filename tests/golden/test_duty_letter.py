"""The words of a responsibility letter (责任书) against a reviewed file; Word says the same, PDF is set."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document

from core.exporters.official.duty_letter import DutyLetter, DutyTask, letter_blocks, letter_title
from core.exporters.official.pdf import write_pdf
from core.exporters.official.plain import plain_text
from core.exporters.official.word import write_word
from tests.support.official import MADE_AT

GOLDEN = Path(__file__).with_name("duty_letter.txt")
LETTER = DutyLetter(
    campaign="综合交通大会战",
    code="GJ-2026-01",
    giver="交通会战指挥部",
    receiver="市交通运输局",
    leader="程立诚",
    start_on=date(2026, 3, 1),
    finish_on=date(2026, 12, 31),
    acceptance_on=date(2026, 12, 31),
    report_period="周报",
    clarities=(
        ("标准", "主要通道全线贯通。"),
        ("思路", "倒排工期。\n\n挂图作战。"),
        ("任务", " "),
        ("成效", "通车 60 公里。"),
    ),
    tasks=(
        DutyTask("1", "主线贯通", "市交通运输局", "", "", date(2026, 12, 20), ""),
        DutyTask("1.1", "路面铺筑", "市交通运输局", "市财政局", "李桥", date(2026, 12, 20), "铺筑里程 60公里"),
    ),
)
EMPTY = replace(LETTER, leader="", clarities=(), tasks=())


def test_letters_read_as_reviewed() -> None:
    words = "\n".join(plain_text(letter_blocks(letter)) for letter in (LETTER, EMPTY))
    assert words == GOLDEN.read_text(encoding="utf-8")


def test_word_says_the_same_and_is_the_same_bytes() -> None:
    made = write_word(letter_blocks(LETTER), title=letter_title(LETTER), made_at=MADE_AT)
    assert made == write_word(letter_blocks(LETTER), title=letter_title(LETTER), made_at=MADE_AT)
    document = Document(BytesIO(made))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert "综合交通大会战责任书" in told
    assert "四、任务清单" in told
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"GJ-2026-01", "路面铺筑", "铺筑里程 60公里", "2026-12-20", "甲方"} <= set(cells)


def test_pdf_is_set() -> None:
    made = write_pdf(letter_blocks(LETTER), title=letter_title(LETTER), made_at=MADE_AT)
    assert made.startswith(b"%PDF")
