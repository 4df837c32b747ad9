"""Templates of the office: the starter is filled, hostile ones are stopped and say why, foreign content is refused."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document

from core.domain.bulletin_texts import default_texts
from core.domain.errors import Invalid
from core.exporters.official import template, template_language
from core.exporters.official.blocks import Paragraph, Table
from core.exporters.official.bulletin import bulletin_blocks
from core.exporters.official.bulletin.context import template_context
from core.exporters.official.word import write_word
from tests.support.official import MADE_AT
from tests.support.round_snapshots import empty_snapshot, make_snapshot

SNAPSHOT = make_snapshot()
TEXTS = default_texts(SNAPSHOT, "云岭市", date(2026, 11, 6))
BLOCKS = bulletin_blocks(SNAPSHOT, TEXTS, 5)
CONTEXT = template_context(BLOCKS, TEXTS)


def made(*lines: str) -> bytes:
    return write_word(tuple(Paragraph(line) for line in lines), title="t", made_at=MADE_AT)


def words(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs if paragraph.text]


def with_member(name: str, body: bytes) -> bytes:
    """The starter with one member added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template.starter())) as source, zipfile.ZipFile(target, "w") as packed:
        for entry in source.namelist():
            if entry != name:
                packed.writestr(entry, source.read(entry))
        packed.writestr(name, body)
    return target.getvalue()


def test_starter_passes_the_door_and_is_filled():
    starter = template.starter()
    template.examine(starter)
    document = Document(io.BytesIO(template.fill(starter, CONTEXT)))
    red = next(b for b in BLOCKS if isinstance(b, Table) and b.caption == "红旗项目")
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[:2] for row in cells[1:]] == [list(row[:2]) for row in red.rows]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "{" not in text
    assert "一是压实责任。" in text


def test_starter_is_filled_for_a_city_without_projects():
    snapshot = empty_snapshot()
    texts = default_texts(snapshot, "云岭市", date(2026, 11, 6))
    content = template.fill(template.starter(), template_context(bulletin_blocks(snapshot, texts, 1), texts))
    assert any("本轮纳入督查的重点项目0个" in line for line in words(content))


def test_same_template_and_context_give_the_same_bytes():
    assert template.fill(template.starter(), CONTEXT) == template.fill(template.starter(), CONTEXT)


def test_every_table_of_the_bulletin_has_a_name():
    assert len(CONTEXT["项目明细"]) == 60
    assert CONTEXT["项目明细合计"]["项目"] == "合计（60个）"
    assert {row["县区"] for row in CONTEXT["县区排名"]} == {group.name for group in SNAPSHOT.groups_of("county")}
    assert CONTEXT["蓝旗项目"] == ()
    assert [part["标题"] for part in CONTEXT["亮旗情况"]] == ["", ""]
    assert CONTEXT["存在问题"][0]["标题"] == "投资进度滞后（16个）"
    assert set(CONTEXT["红旗项目"][0]) >= {"序号", "项目", "责任单位", "包保领导", "年度计划", "序时差", "连续次数"}


def test_text_of_a_project_never_becomes_part_of_the_document():
    hostile = {**CONTEXT, "标题": "</w:t><w:br/>{{ 期号 }}&<x>"}
    assert words(template.fill(made("{{ 标题 }}"), hostile)) == ["</w:t><w:br/>{{ 期号 }}&<x>"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{ ''.__class__ }}", "“__class__”"),
        ("{{ ''['__class__'] }}", "“__class__”"),
        ("{{ 标题.format }}", "“format”没有对应的数据"),
        ("{{ self }}", "“self”"),
        ("{{ cycler }}", "“cycler”没有对应的数据"),
        ("{{ range(9) }}", "调用"),
        ("{% for a in range(99999999) %}x{% endfor %}", "调用"),
        ("{{ '0' * 999999999 }}", "乘法"),
        ("{{ 9 ** 9999999 }}", "乘方"),
        ("{% set a = 1 %}", "赋值"),
        ("{% macro m() %}x{% endmacro %}", "宏"),
        ("{% include 'a' %}", "包含"),
        ("{{ 标题|attr('__class__') }}", "过滤器"),
        ("{{ 标题|center(99999999) }}", "过滤器"),
        ("{{ 没有这个 }}", "“没有这个”没有对应的数据"),
        ("{{ 标题", "花括号"),
        (
            "{% for a in 项目明细 %}{% for b in 项目明细 %}{% for c in 标题 %}x{% endfor %}{% endfor %}{% endfor %}",
            "2 层",
        ),
    ],
)
def test_hostile_or_wrong_line_is_stopped_and_named(line, told):
    with pytest.raises(Invalid, match="模板") as refused:
        template.fill(made(line), CONTEXT)
    assert told in refused.value.user_message


def test_output_of_loops_is_metered(monkeypatch):
    monkeypatch.setattr(template_language, "MAX_PIECES", 500)
    twice = "{% for a in 项目明细 %}{% for b in 项目明细 %}{{ b.项目 }}{% endfor %}{% endfor %}"
    with pytest.raises(Invalid, match="内容过多"):
        template.fill(made(twice), CONTEXT)
    assert words(template.fill(made("{% for a in 红旗项目 %}{{ a.序号 }}{% endfor %}"), CONTEXT)) == ["12345678"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no zip at all", "无法打开"),
        (b"PK" + b"\x00" * (5 * 1024**2), "5 MB"),
        (with_member("word/vbaProject.bin", b"x"), "宏"),
        (with_member("word/embeddings/a.bin", b"x"), "嵌入的文件"),
        (with_member("word/huge.bin", b"0" * (61 * 1024**2))[: 5 * 1024**2], "无法打开|过大"),
        (with_member("word/settings.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "不合规范"),
        (
            with_member(
                "word/_rels/settings.xml.rels",
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                b'<Relationship Id="r" Type="t" Target="file:///x" TargetMode="External"/></Relationships>',
            ),
            "外部文件或网址",
        ),
        (with_member("word/_rels/x.xml.rels", b"<broken"), "已损坏"),
    ],
    ids=["text", "large", "macro", "embedded", "cut", "doctype", "external", "broken"],
)
def test_file_that_carries_more_than_a_document_is_refused(data, told):
    with pytest.raises(Invalid, match=told):
        template.examine(data)


def test_packed_bomb_is_refused_before_it_is_unpacked():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (61 * 1024**2))
    assert len(target.getvalue()) < 1024**2
    with pytest.raises(Invalid, match="解压后过大"):
        template.examine(target.getvalue())


def test_workbook_is_no_template():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(Invalid, match="不是 Word 文档"):
        template.examine(target.getvalue())
