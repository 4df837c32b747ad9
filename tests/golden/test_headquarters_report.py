"""The words of a headquarters' report against a reviewed file; the Word document says the same."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document

from core.domain.terms import FlagLevel
from core.exporters.official.headquarters_report import (
    HeadquartersReport,
    ReportMoney,
    ReportProblem,
    ReportProject,
    report_blocks,
    report_title,
)
from core.exporters.official.pdf import write_pdf
from core.exporters.official.plain import plain_text
from core.exporters.official.word import write_word
from tests.support.official import MADE_AT

GOLDEN = Path(__file__).with_name("headquarters_report.txt")
YI = 100_000_000
FULL = HeadquartersReport(
    organ="高铁新城建设指挥部",
    addressee="云岭市重大项目建设委员会",
    kind="月报",
    period="2026年10月",
    number="高指〔2026〕10号",
    commander="程立诚",
    reported_on=date(2026, 11, 3),
    money_span="2026年1—10月",
    total_investment_yuan=90 * YI,
    money=ReportMoney(30 * YI, 25 * YI, 20 * YI),
    start_rate="75.0%",
    levels=(
        (FlagLevel.SEVERE, 1),
        (FlagLevel.WARN, 0),
        (FlagLevel.NOTICE, 1),
        (FlagLevel.OK, 1),
        (FlagLevel.NO_DATA, 2),
        (FlagLevel.EXEMPT, 0),
    ),
    flags_by="旗色：2026年第5轮督查，截至 2026-10-28",
    overdue_nodes=2,
    chain=(("策划", 0), ("落地", 2), ("建设", 3)),
    projects_total=5,
    projects=(
        ReportProject(
            "站前广场",
            "云河区",
            ReportMoney(10 * YI, 8 * YI, 4 * YI),
            FlagLevel.SEVERE,
            ("投资欠序时 40.0 个百分点", "未开工"),
        ),
        ReportProject("下穿通道", "云河区", ReportMoney(20 * YI, 17 * YI, 16 * YI), FlagLevel.OK, ()),
        ReportProject("南广场", "兰台区", ReportMoney(0, 0, 0), FlagLevel.NO_DATA, ()),
    ),
    problems_total=2,
    problems_overdue=1,
    problems=(
        ReportProblem("用地报批受阻", "站前广场", "市自然资源和规划局", date(2026, 10, 30), True),
        ReportProblem("管线迁改", "下穿通道", "", None, False),
    ),
    due=((date(2026, 11, 20), "下穿通道", "主体封顶"),),
    outlook="",
)
BARE = replace(
    FULL,
    kind="周报",
    period="2026年10月26日—11月1日",
    number="",
    commander="",
    money=ReportMoney(0, 0, 0),
    total_investment_yuan=0,
    levels=(),
    flags_by="旗色：实时测算",
    start_rate="—",
    overdue_nodes=0,
    chain=(),
    projects_total=0,
    projects=(),
    problems_total=0,
    problems_overdue=0,
    problems=(),
    due=(),
    outlook="一是尽快落实办公场所。\n\n二是认领项目清单。",
)


def test_reports_read_as_reviewed():
    words = "\n".join(plain_text(report_blocks(report)) for report in (FULL, BARE))
    assert words == GOLDEN.read_text(encoding="utf-8")


def test_word_document_says_the_same_and_is_the_same_bytes():
    made = write_word(report_blocks(FULL), title=report_title(FULL), made_at=MADE_AT)
    assert made == write_word(report_blocks(FULL), title=report_title(FULL), made_at=MADE_AT)
    document = Document(BytesIO(made))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert "云岭市重大项目建设委员会：" in told
    assert "四、下步打算" in told
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"合计 5 个", "30.00", "66.7%", "■红", "2026-10-30（逾期）"} <= set(cells)


def test_pdf_is_set_from_the_same_blocks():
    made = write_pdf(report_blocks(FULL), title=report_title(FULL), made_at=MADE_AT)
    assert made.startswith(b"%PDF")
