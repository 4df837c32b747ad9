"""The words of brief and responsibility letter against a reviewed file; one page per project however long its texts."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from core.exporters.official.brief import brief_blocks
from core.exporters.official.pdf import write_pdf
from core.exporters.official.plain import plain_text
from core.exporters.official.sponsor_letter import letter_blocks, letter_title
from core.exporters.official.style import BRIEF as SHEET
from core.exporters.official.word import write_word
from tests.support.briefs import BRIEF, LETTER, OVERFLOWING, pdf_pages
from tests.support.official import MADE_AT, office

GOLDEN = Path(__file__).with_name("sponsor_papers.txt")


def test_papers_read_as_reviewed():
    words = "\n".join((plain_text(brief_blocks([BRIEF])), plain_text(letter_blocks([LETTER]))))
    assert words == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("briefs", [[BRIEF], [OVERFLOWING], [BRIEF, OVERFLOWING, BRIEF]], ids=["plain", "long", "tour"])
def test_pdf_has_one_page_for_each_project(briefs):
    made = write_pdf(brief_blocks(briefs), title="简报", made_at=MADE_AT, sheet=SHEET)
    assert pdf_pages(made) == len(briefs)


def test_word_prints_one_page_for_each_project(tmp_path):
    briefs = [OVERFLOWING, BRIEF, OVERFLOWING]
    (tmp_path / "b.docx").write_bytes(write_word(brief_blocks(briefs), title="简报", made_at=MADE_AT, sheet=SHEET))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        office(),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "b.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert pdf_pages((tmp_path / "b.pdf").read_bytes()) == len(briefs)


def test_word_says_the_same_and_is_the_same_bytes():
    made = write_word(brief_blocks([BRIEF]), title="简报", made_at=MADE_AT, sheet=SHEET)
    assert made == write_word(brief_blocks([BRIEF]), title="简报", made_at=MADE_AT, sheet=SHEET)
    cells = {cell.text for table in Document(BytesIO(made)).tables for row in table.rows for cell in row.cells}
    assert {"▲ 黄旗（实时 ■ 红旗）", "欠序时 25.0 个百分点", "7.00 亿元（58.3%）", "▲ 逾期 21 天", "未明确"} <= cells


def test_headings_of_each_letter_count_from_one():
    lines = plain_text(letter_blocks([LETTER, LETTER])).splitlines()
    assert [line for line in lines if line.endswith("投资计划")] == ["一、投资计划"] * 2
    assert letter_title([LETTER, LETTER]) == "重大项目包干责任书（2 份）"


def test_letter_opens_in_both_forms():
    word = write_word(letter_blocks([LETTER]), title=letter_title([LETTER]), made_at=MADE_AT)
    told = [paragraph.text for paragraph in Document(BytesIO(word)).paragraphs]
    assert "三、责任事项" in told
    assert pdf_pages(write_pdf(letter_blocks([LETTER]), title=letter_title([LETTER]), made_at=MADE_AT)) >= 1
