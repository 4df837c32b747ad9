"""The words of minutes against a reviewed file; Word says the same, and kept words come back unchanged."""

from io import BytesIO
from pathlib import Path

from docx import Document

from core.exporters.official.minutes import (
    Minutes,
    MinutesDecision,
    MinutesItem,
    minutes_blocks,
    minutes_from_json,
    minutes_title,
    minutes_to_json,
)
from core.exporters.official.plain import plain_text
from core.exporters.official.word import write_word
from tests.support.official import MADE_AT

GOLDEN = Path(__file__).with_name("minutes.txt")
HELD = Minutes(
    organ="云岭市重大项目指挥部办公室",
    code="HY-2026-0007",
    title="云岭市重大项目调度会（11月23日）",
    held_on="2026-11-23",
    starts_at="09:00",
    place="市政府三楼 1 号会议室",
    chair="程立诚",
    participants="各县区，市发展改革、财政部门",
    signed_on="2026-11-23",
    items=(
        MinutesItem(
            "东湖大桥",
            "红旗",
            "工期滞后两个月，主要是南岸用地未交付。",
            "已议",
            True,
            (
                MinutesDecision("十二月十日前完成合龙", "市交通局", "周工", "2026-12-10", "HS-2026-0012"),
                MinutesDecision("南岸用地本月底前交付。", "东湖区政府", "", "2026-11-30", "HS-2026-0013"),
            ),
        ),
        MinutesItem(
            "东湖大桥：南岸用地未批",
            "提级",
            "",
            "已议",
            True,
            (MinutesDecision("由市自然资源局牵头督办。", "", "", "", "WT-2026-0101"),),
        ),
        MinutesItem("年度考核办法", "", "", "已议", True, ()),
        MinutesItem("西山公路", "红旗", "资料不全。", "缓议", False, ()),
        MinutesItem("东湖学校", "未开工", "", "本次未议，转下次会议", False, ()),
    ),
)
EMPTY = Minutes("东湖区", "HY-2026-0008", "专题会", "2026-11-23", "", "", "", "", "2026-11-23", ())


def test_minutes_read_as_reviewed() -> None:
    words = "\n".join(plain_text(minutes_blocks(minutes)) for minutes in (HELD, EMPTY))
    assert words == GOLDEN.read_text(encoding="utf-8")


def test_kept_words_come_back_as_they_were() -> None:
    assert minutes_from_json(minutes_to_json(HELD)) == HELD


def test_word_document_says_the_same_and_is_the_same_bytes() -> None:
    blocks, title = minutes_blocks(HELD), minutes_title(HELD)
    made = write_word(blocks, title=title, made_at=MADE_AT)
    assert made == write_word(blocks, title=title, made_at=MADE_AT)
    document = Document(BytesIO(made))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert "一、议定事项" in told
    assert "二、未决事项" in told
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"程立诚", "HS-2026-0012", "十二月十日前完成合龙"} <= set(cells)
