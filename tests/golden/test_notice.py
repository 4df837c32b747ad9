"""The words of a supervision notice against a reviewed file; the Word document says the same."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document

from core.domain.terms import FlagLevel
from core.exporters.official.notice import Notice, notice_blocks, notice_title
from core.exporters.official.plain import plain_text
from core.exporters.official.word import write_word
from tests.support.official import MADE_AT

GOLDEN = Path(__file__).with_name("notice.txt")
RED = Notice(
    code="督〔2026〕12号",
    round_title="2026年第5轮督查",
    owner="市交通运输局",
    subject="东湖大桥",
    place="东湖区 · 交通会战指挥部",
    level=FlagLevel.SEVERE,
    reasons=("进度低于序时 25.0 个百分点", "关键节点“合龙”逾期 41 天"),
    plan_due_on=date(2027, 1, 8),
    plan_workdays=5,
    organ="云岭市重大项目督查办公室",
    issued_on=date(2026, 12, 31),
    deadline_note="2027年调休安排尚未公布，按法定节假日推算，公布后可能变动。",
)
YELLOW = replace(RED, level=FlagLevel.WARN, reasons=(), plan_due_on=None, deadline_note="", place="")


def test_notices_read_as_reviewed():
    words = "\n".join(plain_text(notice_blocks(notice)) for notice in (RED, YELLOW))
    assert words == GOLDEN.read_text(encoding="utf-8")


def test_word_document_says_the_same_and_is_the_same_bytes():
    made = write_word(notice_blocks(RED), title=notice_title(RED), made_at=MADE_AT)
    assert made == write_word(notice_blocks(RED), title=notice_title(RED), made_at=MADE_AT)
    document = Document(BytesIO(made))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert "市交通运输局：" in told
    assert "一、亮旗依据" in told
    assert "三、反馈要求" in told
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert {"督〔2026〕12号", "■ 红旗（严重滞后）", "2027年1月8日（5 个工作日）"} <= set(cells)
