"""The Word document, opened again: fonts, sizes, grid, heading numbers, tables, page numbers, same bytes."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.exporters.official import style
from core.exporters.official.blocks import Annex, Letterhead, Paragraph, Signature
from core.exporters.official.numbering import chinese_number, copies_line
from core.exporters.official.plain import plain_text
from core.exporters.official.word import write_word
from tests.support.official import BLOCKS, DAY, MADE_AT, printed_lines, word_of


def _paragraph(document, text: str):
    return next(p for p in document.paragraphs if text in p.text)


def _font(run) -> str:
    return run._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_page_has_the_margins_of_the_standard():
    section = word_of().sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    # Word keeps twips, so a millimetre may move by a few hundredths.
    assert [round(edge.mm, 1) for edge in edges] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_body_is_size_three_fangsong_with_exact_lines():
    normal = word_of().styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:hint"))) == ("仿宋_GB2312", "eastAsia")
    assert normal.font.size == Pt(16)
    assert normal.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert normal.paragraph_format.line_spacing.pt == 28.95
    assert normal.paragraph_format.widow_control is False
    assert normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"


def test_title_is_size_two_xiaobiaosong_and_not_bold():
    run = _paragraph(word_of(), "关于2026年").runs[0]
    assert (_font(run), run.font.size, run.font.bold) == ("方正小标宋简体", Pt(22), None)


@pytest.mark.parametrize(
    ("level", "font", "bold"),
    [(1, "黑体", False), (2, "楷体_GB2312", False), (3, "仿宋_GB2312", True), (4, "仿宋_GB2312", False)],
)
def test_heading_has_font_of_its_level(level, font, bold):
    heading = word_of().styles[f"Heading {level}"]
    assert (heading.element.rPr.rFonts.get(qn("w:eastAsia")), heading.font.bold) == (font, bold)
    assert heading.font.size == Pt(16)
    assert str(heading.font.color.rgb) == "000000"


def test_headings_are_numbered_and_lower_levels_start_anew():
    found = [p.text for p in word_of().paragraphs if p.style.name.startswith("Heading")]
    assert found == [
        "一、总体情况",
        "（一）开工",
        "（二）投资",
        "1.政府投资",
        "2.社会投资",
        "（1）民间",
        "二、亮旗情况",
        "（一）红旗",
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (101, "一百零一"), (110, "一百一十")],
)
def test_chinese_number_is_written_as_headings_are(number, words):
    assert chinese_number(number) == words


@pytest.mark.parametrize("number", [0, 1000])
def test_chinese_number_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="1 to 999"):
        chinese_number(number)


def test_paragraph_is_indented_by_two_characters():
    document = word_of()
    indent = _paragraph(document, "现将").paragraph_format.element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    lead = _paragraph(document, "加快进度。").runs[0]
    assert (lead.text, _font(lead)) == ("一是", "楷体_GB2312")


def test_table_repeats_its_header_and_splits_no_row():
    table = word_of().tables[0]
    rows = table._tbl.tr_lst
    headers = [n for n, row in enumerate(rows) if row.trPr.find(qn("w:tblHeader")) is not None]
    assert headers == [0]
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "地区", "总投资(亿元)"]
    assert [cell.text for cell in table.rows[1].cells] == ["", "全市", "1,830.0"]
    assert [cell.text for cell in table.rows[61].cells] == ["60", "第60县", "60.0"]
    run = table.rows[2].cells[1].paragraphs[0].runs[0]
    assert run.font.size == Pt(10.5)
    assert round(sum(cell.width.mm for cell in table.rows[0].cells)) == style.TEXT_WIDTH_MM


def test_table_without_rows_says_so_over_its_whole_width():
    table = word_of().tables[1]
    assert [cell.text for cell in table.rows[1].cells] == ["无"] * 3
    assert table.rows[1].cells[0]._tc is table.rows[1].cells[2]._tc


def test_form_gives_a_single_value_the_rest_of_the_row():
    table = word_of().tables[2]
    assert [cell.text for cell in table.rows[0].cells] == ["单位", "市发改委", "期限", "2026年12月1日"]
    assert [cell.text for cell in table.rows[1].cells] == ["事项", "加快进度", "加快进度", "加快进度"]


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    document = word_of()
    assert document.settings.odd_and_even_pages_header_footer is True
    section = document.sections[0]
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment.name == side
        assert paragraph.text == "— 1 —"
        assert paragraph._p.findall(".//" + qn("w:instrText"))[0].text == "PAGE"
        assert (paragraph.runs[0].font.size, _font(paragraph.runs[0])) == (Pt(14), "宋体")


def test_annex_turns_the_paper_for_a_wide_table():
    document = word_of()
    assert [section.orientation for section in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert round(document.sections[1].page_width.mm) == 297
    texts = [p.text for p in document.paragraphs]
    assert [text for text in texts if text.startswith("附件") and "：" not in text] == ["附件1", "附件2"]


def test_single_annex_has_no_number():
    assert "附件" in [p.text for p in word_of((Annex("明细"),)).paragraphs]


def test_letterhead_is_red_with_a_red_line():
    document = word_of()
    mark = document.paragraphs[0].runs[0]
    assert (str(mark.font.color.rgb), _font(mark)) == ("E60012", "方正小标宋简体")
    line = _paragraph(document, "云岭市督查办\t2026年11月25日")
    bottom = line._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert bottom.get(qn("w:color")) == "E60012"


def test_long_mark_of_an_organ_is_drawn_smaller_to_stay_in_one_line():
    run = word_of((Letterhead("云岭市推进重大项目建设工作领导小组办公室督查通报"),)).paragraphs[0].runs[0]
    assert run.font.size < Pt(20)


def test_signature_is_centred_over_a_date_four_characters_from_the_edge():
    document = word_of((Signature("云岭市督查办", DAY),))
    organ, day = document.paragraphs[-2:]
    right = [int(p._p.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) for p in (organ, day)]
    assert (organ.text, day.text) == ("云岭市督查办", "2026年11月25日")
    assert right == [450, 400]  # seven characters of date, six of the organ


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("市委办", "抄送：市委办。"),
        ("报：市委。送：各县。", "报：市委。送：各县。"),
        ("抄送：市委办。", "抄送：市委办。"),
    ],
)
def test_copies_keep_the_words_of_the_office(typed, printed):
    assert copies_line(typed) == printed


def test_control_characters_in_a_text_do_not_stop_the_document():
    assert "坏字符" in word_of((Paragraph("坏\x0b字\x00符"),)).paragraphs[0].text


def test_same_blocks_give_the_same_bytes():
    first, second = (write_word(BLOCKS, title="通报", made_at=MADE_AT) for _ in range(2))
    assert first == second
    assert {member.date_time for member in ZipFile(BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    other = write_word(BLOCKS, title="通报", made_at=datetime(2026, 11, 26, tzinfo=UTC))
    assert other != first


def test_plain_text_has_the_numbers_that_are_printed():
    lines = plain_text(BLOCKS).splitlines()
    assert lines[:4] == [
        "云岭市重大项目督查通报",
        "第3期",
        "云岭市督查办\t2026年11月25日",
        "关于2026年9—10月督查情况的通报",
    ]
    assert "表1　各县区\t单位：亿元" in lines
    assert "表2　没有行的表" in lines
    assert lines[-2:] == ["抄送：市委办。", "云岭市督查办\t2026年11月25日印发　共印30份"]


@pytest.mark.slow
def test_printed_page_holds_22_lines_of_28_characters(tmp_path):
    lines = printed_lines(write_word((Paragraph("国" * 1500),), title="格", made_at=MADE_AT), tmp_path)
    body = [line for line in lines if set(line) == {"国"}]
    assert len(body) == style.LINES_PER_PAGE
    assert [len(line) for line in body] == [26, *[style.CHARS_PER_LINE] * 21]
    assert lines[-1].replace(" ", "") == "—1—"


def test_margins_leave_the_type_area_of_156_by_225_millimetres():
    section = word_of().sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (abs(width - Mm(156)) < Mm(0.1), abs(height - Mm(225)) < Mm(0.1)) == (True, True)
