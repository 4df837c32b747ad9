"""A small document with one block of each kind, and readers for what a writer made of it."""

import shutil
import subprocess
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from core.exporters.official.blocks import (
    Addressee,
    Align,
    Annex,
    Attachments,
    Block,
    Column,
    CopyTo,
    Form,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    Title,
)
from core.exporters.official.word import write_word

DAY = date(2026, 11, 25)
MADE_AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
COUNTIES = (Column("序号", 1), Column("地区", 3, Align.LEFT), Column("总投资(亿元)", 2, Align.RIGHT))
BLOCKS: tuple[Block, ...] = (
    Letterhead("云岭市重大项目督查通报", "第3期", "云岭市督查办", DAY),
    Title("关于2026年9—10月\n督查情况的通报"),
    Addressee("各县（市、区）人民政府"),
    Paragraph("现将“有关”情况通报如下。"),
    Heading(1, "总体情况"),
    Heading(2, "开工"),
    Heading(2, "投资"),
    Heading(3, "政府投资"),
    Heading(3, "社会投资"),
    Heading(4, "民间"),
    Heading(1, "亮旗情况"),
    Heading(2, "红旗"),
    Paragraph("加快进度。", lead="一是"),
    Table(
        COUNTIES,
        tuple((str(n), f"第{n}县", f"{n}.0") for n in range(1, 61)),
        "各县区",
        "单位：亿元",
        ("", "全市", "1,830.0"),
    ),
    Table(COUNTIES, (), "没有行的表"),
    Form(((("单位", "市发改委"), ("期限", "2026年12月1日")), (("事项", "加快进度"),))),
    Attachments(("县区排名表", "项目明细")),
    Signature("云岭市督查办", DAY),
    Annex("县区排名表"),
    Annex("项目明细", landscape=True),
    Table(COUNTIES, (("1", "北固县", "9.0"),)),
    CopyTo("市委办", "云岭市督查办", DAY, 30),
)


def word_of(blocks: tuple[Block, ...] = BLOCKS):
    """Return the document written from *blocks*, opened again."""
    return Document(BytesIO(write_word(blocks, title="通报", made_at=MADE_AT)))


def office() -> str:
    """Return LibreOffice, or skip: unlike other parts no user and no CI needs it, only this look at the paper."""
    found = shutil.which("soffice")
    if found is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice (soffice) and poppler-utils are not installed: the printed grid was NOT measured")
    return found


def printed_lines(docx: bytes, folder: Path) -> list[str]:
    """Return the lines of the first page as LibreOffice prints *docx*."""
    source = folder / "page.docx"
    source.write_bytes(docx)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = subprocess.run(
        ["pdftotext", "-layout", "-l", "1", str(folder / "page.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    return [line.strip() for line in text.splitlines() if line.strip()]
