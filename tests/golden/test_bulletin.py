"""The words of a whole bulletin against a reviewed file; the Word document and the PDF say the same words."""

import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from core.domain.bulletin_texts import default_texts
from core.exporters.official.annexes import build_annexes
from core.exporters.official.blocks import Form, Paragraph, Picture, Table
from core.exporters.official.bulletin import bulletin_blocks
from core.exporters.official.charts import draw_charts
from core.exporters.official.pdf import write_pdf
from core.exporters.official.plain import plain_text
from core.exporters.official.word import write_word
from tests.support.official import BLOCKS, MADE_AT
from tests.support.round_snapshots import make_snapshot

GOLDEN = Path(__file__).with_name("bulletin.txt")
SNAPSHOT = make_snapshot()
TEXTS = default_texts(SNAPSHOT, "云岭市", date(2026, 11, 6))
BULLETIN = bulletin_blocks(SNAPSHOT, TEXTS, 5)


def test_bulletin_reads_as_reviewed():
    assert plain_text(BULLETIN) == GOLDEN.read_text(encoding="utf-8")


def test_word_document_holds_every_cell_of_every_table():
    document = Document(BytesIO(write_word(BULLETIN, title="t", made_at=MADE_AT)))
    tables = [block for block in BULLETIN if isinstance(block, Table)]
    assert len(document.tables) == len(tables)
    for printed, block in zip(document.tables, tables, strict=True):
        cells = [tuple(cell.text for cell in row.cells) for row in printed.rows]
        lines = [] if block.total is None else [block.total]
        heads = tuple(column.heading for column in block.columns)
        assert cells == [heads, *lines, *block.rows]


def test_charts_are_the_same_bytes_each_time_and_are_described():
    first, second = (draw_charts(SNAPSHOT, TEXTS.colours) for _ in range(2))
    assert first == second
    assert [chart.caption for chart in first] == ["各县区年度计划与累计完成", "各县区亮旗项目", "本轮与上轮亮旗对比"]
    assert all(isinstance(chart, Picture) and chart.png.startswith(b"\x89PNG") for chart in first)
    assert "红旗由" in first[2].alt
    assert draw_charts(make_snapshot(seed=6), TEXTS.colours) != first


def test_same_snapshot_gives_the_same_files():
    blocks = bulletin_blocks(SNAPSHOT, TEXTS, 5, draw_charts(SNAPSHOT, TEXTS.colours))

    def files() -> tuple[bytes, bytes, bytes]:
        words = {"title": "通报", "made_at": SNAPSHOT.head.published_at}
        return write_word(blocks, **words), write_pdf(blocks, **words), build_annexes(SNAPSHOT, TEXTS)

    assert files() == files()


def _pdf_text(blocks, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed: the words of the PDF were NOT read")
    path = folder / "b.pdf"
    path.write_bytes(write_pdf(blocks, title="通报", made_at=MADE_AT))
    run = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True)
    return "".join(run.stdout.split())


def test_pdf_says_the_words_of_the_bulletin(tmp_path):
    text = _pdf_text(BULLETIN, tmp_path)
    for block in BULLETIN:
        if isinstance(block, Table):
            assert all("".join(row[4].split()) in text for row in block.rows)
    assert "表3红旗项目" in text
    assert "（一）红旗项目" in text
    assert "附件1" in text
    assert "2026年11月6日印发" in text


def test_pdf_shows_markup_of_its_own_language_as_text(tmp_path):
    hostile = '#read("/etc/passwd") $x^2$ *b* <a> @b \\ #let'
    blocks = (*BLOCKS, Paragraph(hostile), Table(BLOCKS[13].columns, ((hostile,) * 3,)), Form((((hostile, "值"),),)))
    assert "".join(hostile.split()) in _pdf_text(blocks, tmp_path)


def test_workbook_has_a_sheet_per_level_and_exact_sums():
    book = CalamineWorkbook.from_filelike(BytesIO(build_annexes(SNAPSHOT, TEXTS)))
    assert book.sheet_names == ["县区排名", "红旗", "黄旗", "绿旗", "无数据", "全部项目", "问题清单", "人工调整"]
    rows = book.get_sheet_by_name("全部项目").to_python()
    total, lines = rows[3], rows[4:]
    assert (total[0], total[2], len(lines)) == (60, "合计", 60)
    assert total[10] == SNAPSHOT.city.done_yuan / 10_000
    assert sum(row[10] for row in lines) == pytest.approx(total[10])
    assert total[12] == pytest.approx(SNAPSHOT.city.done_yuan / SNAPSHOT.city.annual_plan_yuan)
    counts = [len(book.get_sheet_by_name(name).to_python()) - 4 for name in ("红旗", "黄旗", "绿旗", "无数据")]
    assert sum(counts) == 60
