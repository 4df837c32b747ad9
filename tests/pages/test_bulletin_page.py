"""通报: who sees what, the paper on the screen, words saved and in conflict, files, issuing, templates."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.supervision_terms import DocumentKind
from core.domain.terms import Role
from core.exporters.official.blocks import Paragraph
from core.exporters.official.word import DOCX, write_word
from core.services import bulletins, document_templates
from pages.components import state
from pages.components.state import Key
from tests.factories import make_actor
from tests.support import round_city
from tests.support.round_city import LEADER, SUPERVISOR
from tests.support.screens import texts

SCRIPT = "supervision/bulletin.py"
NASTY = "<img src=x onerror=alert(1)>" + "长" * 120


@pytest.fixture
def published(sqlite_store) -> int:
    round_city.build(sqlite_store)
    return round_city.published()


def choose(screen: AppTest, view: str) -> AppTest:
    screen.segmented_control(key=Key.BULLETIN_VIEW.value).set_value(view)
    return screen.run()


def field(screen: AppTest, kind: str, round_id: int, name: str) -> Any:
    return getattr(screen, kind)(key=state.variant(Key.BULLETIN_FIELD, round_id, name))


def button(screen: AppTest, label: str) -> Any:
    return next(item for item in screen.button if item.label == label)


def downloads(screen: AppTest) -> list[str]:
    return [element.proto.label for element in screen.get("download_button")]


def test_bulletin_page_anonymous_sees_nothing(published, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert "督查通报" not in texts(screen)


def test_bulletin_page_of_somebody_with_a_part_is_refused(published, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.COUNTY, counties=[1]))
    assert "只对能查看全部项目的人员开放" in screen.warning[0].value
    assert downloads(screen) == []


def test_no_published_round_says_what_comes_first(sqlite_store, open_screen):
    round_city.build(sqlite_store)
    round_city.draft()
    screen = open_screen(SCRIPT, SUPERVISOR)
    assert "还没有发布过督查结果" in screen.info[0].value


def test_leader_reads_the_paper_and_takes_the_files(published, open_screen):
    screen = open_screen(SCRIPT, LEADER)
    shown = texts(screen)
    assert "云岭市重大项目督查通报" in shown
    assert "严重工程" in shown
    assert "表1　各县区投资完成情况" in shown
    assert downloads(screen) == ["Word", "PDF", "Excel 附件"]
    assert [item.label for item in screen.button] == []
    assert list(screen.segmented_control(key=Key.BULLETIN_VIEW.value).options) == ["预览"]


def test_words_are_saved_and_printed(published, open_screen):
    screen = choose(open_screen(SCRIPT, SUPERVISOR), "文字")
    field(screen, "text_input", published, "addressees").set_value(NASTY)
    field(screen, "number_input", published, "issue_no").set_value(9)
    button(screen, "保存文字").click()
    screen = screen.run()
    assert screen.success[0].value == "通报文字已保存。"
    saved = bulletins.read_bulletin(SUPERVISOR, published)
    assert (saved.texts.addressees, saved.issue_no, saved.version) == (NASTY, 9, 1)
    shown = texts(choose(screen, "预览"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<img src=x" not in shown
    assert "第9期" in shown


def test_refused_words_stay_in_the_form(published, open_screen):
    screen = choose(open_screen(SCRIPT, SUPERVISOR), "文字")
    field(screen, "text_area", published, "opening").set_value(" ")
    button(screen, "保存文字").click()
    screen = screen.run()
    assert "缘由不能为空" in screen.error[0].value
    assert bulletins.read_bulletin(SUPERVISOR, published).version is None


def test_conflict_keeps_what_was_typed_and_shows_the_other(published, open_screen):
    screen = choose(open_screen(SCRIPT, SUPERVISOR), "文字")
    words = bulletins.read_bulletin(SUPERVISOR, published).texts
    bulletins.save_texts(SUPERVISOR, published, replace(words, organ="市督查室"), 1, None)
    field(screen, "text_input", published, "copies").set_value("市委办")
    button(screen, "保存文字").click()
    screen = screen.run()
    assert "刚刚被他人修改" in screen.warning[0].value
    table = screen.dataframe[0].value
    assert dict(zip(table["内容"], table["已保存"], strict=True))["发文机关（署名）"] == "市督查室"
    assert field(screen, "text_input", published, "copies").value == "市委办"
    assert bulletins.read_bulletin(SUPERVISOR, published).texts.copies == ""
    button(screen, "保存文字").click()
    screen.run()
    assert bulletins.read_bulletin(SUPERVISOR, published).texts.copies == "市委办"


def test_issuing_asks_first_and_closes_the_words(published, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR)
    button(screen, "印发").click()
    screen = screen.run()
    assert not bulletins.read_bulletin(SUPERVISOR, published).is_issued
    button(screen, "确认印发").click()
    screen = screen.run()
    view = bulletins.read_bulletin(SUPERVISOR, published)
    assert view.is_issued
    assert f"原件 {view.issued_sha256[:12]}" in texts(screen)
    assert "印发" not in [item.label for item in screen.button]
    screen = choose(screen, "文字")
    assert [item.label for item in screen.button] == []
    assert "各县（市、区）人民政府" in texts(screen).replace("\\", "")


def test_template_is_stopped_and_used_again(published, open_screen):
    starter = document_templates.starter(SUPERVISOR)
    document_templates.upload(SUPERVISOR, DocumentKind.BULLETIN, "红头", starter)
    screen = choose(open_screen(SCRIPT, SUPERVISOR), "模板")
    assert downloads(screen)[3:] == ["下载起始模板", "下载"]
    for label, active in (("停用", False), ("启用", True)):
        button(screen, label).click()
        screen = screen.run()
        assert f"已{label}" in screen.success[0].value
        rows = document_templates.list_templates(SUPERVISOR, DocumentKind.BULLETIN)
        assert [row.is_active for row in rows] == [active]


def test_template_is_tried_before_it_is_kept(published, open_screen):
    screen = choose(open_screen(SCRIPT, SUPERVISOR), "模板")
    uploader = screen.get("file_uploader")[0]
    wrong = write_word((Paragraph("{{ 没有的名称 }}"),), title="t", made_at=datetime(2026, 1, 1, tzinfo=UTC))
    uploader.set_value(("坏模板.docx", wrong, DOCX))
    screen = screen.run()
    button(screen, "上传并启用").click()
    screen = screen.run()
    assert "没有的名称" in screen.error[0].value.replace("\\", "")
    assert document_templates.list_templates(SUPERVISOR, DocumentKind.BULLETIN) == ()
