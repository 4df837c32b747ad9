"""Bulletins in the store: words saved and locked, issued once, reprinted to the byte; templates of the office."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from core.domain.errors import Conflict, Invalid, Locked, NotFound, PermissionDenied
from core.domain.period import Month
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import DocumentKind
from core.domain.terms import Role
from core.exporters.official.blocks import Paragraph
from core.exporters.official.word import write_word
from core.services import bulletins, document_templates
from db.models import AttachmentContent, AuditEvent, Bulletin, DocumentTemplate
from tests.factories import SYSTEM, make_actor, make_report
from tests.support import round_city
from tests.support.round_city import LEADER, SUPERVISOR

UNIT = make_actor(Role.UNIT, units=[1], login="unit")


@pytest.fixture
def city(store):
    keys = round_city.build(store)
    return {**keys, "round": round_city.published()}


def _words(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def _audit(store, entity: str) -> list[tuple[str, str]]:
    with store.read() as connection:
        query = select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.entity == entity).order_by(AuditEvent.seq)
        return [tuple(row) for row in connection.execute(query)]


def test_bulletin_nobody_saved_has_generated_words(city):
    view = bulletins.read_bulletin(SUPERVISOR, city["round"])
    assert (view.version, view.issue_no, view.is_issued) == (None, 1, False)
    assert view.texts.title == "关于2026年9—10月重点项目\n红黄绿旗督查情况的通报"
    assert view.snapshot.city.projects == 5


def test_saved_words_come_back_and_are_printed(store, city):
    view = bulletins.read_bulletin(SUPERVISOR, city["round"])
    texts = replace(view.texts, addressees="各县人民政府", count=30, signed_on=date(2026, 11, 24), copies="市委办")
    assert bulletins.save_texts(SUPERVISOR, city["round"], texts, 11, None) == 1
    again = bulletins.read_bulletin(SUPERVISOR, city["round"])
    assert (again.texts, again.issue_no, again.version) == (texts, 11, 1)
    file = bulletins.docx(SUPERVISOR, city["round"])
    assert file.name == "督查通报-2026年第11期.docx"
    words = _words(file.content)
    assert "各县人民政府：" in words
    assert "2026年11月24日" in words
    assert _audit(store, "bulletin") == [("insert", "sup")]


def test_two_editors_of_one_bulletin_are_told(city):
    texts = bulletins.read_bulletin(SUPERVISOR, city["round"]).texts
    bulletins.save_texts(SUPERVISOR, city["round"], texts, 1, None)
    with pytest.raises(Conflict):
        bulletins.save_texts(SUPERVISOR, city["round"], replace(texts, copies="市委办"), 1, None)
    assert bulletins.save_texts(SUPERVISOR, city["round"], replace(texts, copies="市委办"), 1, 1) == 2
    with pytest.raises(Conflict):
        bulletins.save_texts(SUPERVISOR, city["round"], replace(texts, copies="市政府办"), 1, 1)
    assert bulletins.read_bulletin(SUPERVISOR, city["round"]).texts.copies == "市委办"


def test_refused_words_are_all_named(city):
    texts = bulletins.read_bulletin(SUPERVISOR, city["round"]).texts
    with pytest.raises(Invalid) as refused:
        bulletins.save_texts(SUPERVISOR, city["round"], replace(texts, opening=" ", organ="x" * 201, count=-1), 0, None)
    assert {problem.field for problem in refused.value.problems} == {"opening", "organ", "count", "issue_no"}


def test_issued_bulletin_is_reprinted_to_the_byte_whatever_changes(store, city):
    view = bulletins.read_bulletin(SUPERVISOR, city["round"])
    found = bulletins.issue(SUPERVISOR, city["round"], view.version)
    first = bulletins.docx(LEADER, city["round"])
    assert sha256(first.content).hexdigest() == found
    document_templates.upload(SUPERVISOR, DocumentKind.BULLETIN, "新模板", document_templates.starter(SUPERVISOR))
    with store.transaction(SYSTEM) as tx:
        make_report(tx, city["red"], 8, 10**9)
    assert bulletins.docx(LEADER, city["round"]).content == first.content
    issued = bulletins.read_bulletin(LEADER, city["round"])
    assert (issued.is_issued, issued.issued_by, issued.issued_sha256) == (True, "sup", found)
    with pytest.raises(Locked, match="已经印发"):
        bulletins.issue(SUPERVISOR, city["round"], issued.version)
    with pytest.raises(Locked, match="不能再改"):
        bulletins.save_texts(SUPERVISOR, city["round"], view.texts, 1, issued.version)
    assert _audit(store, "bulletin") == [("insert", "sup"), ("update", "sup")]


def test_damaged_original_of_an_issued_bulletin_is_refused(store, city):
    found = bulletins.issue(SUPERVISOR, city["round"], None)
    with store.engine.begin() as connection:
        connection.execute(update(AttachmentContent).where(AttachmentContent.sha256 == found).values(content=b"x"))
    with pytest.raises(NotFound, match="原件"):
        bulletins.docx(SUPERVISOR, city["round"])


def test_issue_refuses_words_that_were_not_looked_at(city):
    view = bulletins.read_bulletin(SUPERVISOR, city["round"])
    bulletins.save_texts(SUPERVISOR, city["round"], replace(view.texts, copies="市委办"), 1, None)
    with pytest.raises(Conflict):
        bulletins.issue(SUPERVISOR, city["round"], view.version)


def test_pdf_and_workbook_say_what_the_snapshot_says(city):
    pdf = bulletins.pdf(LEADER, city["round"])
    assert (pdf.content[:5], pdf.name) == (b"%PDF-", "督查通报-2026年第1期.pdf")
    sheets = CalamineWorkbook.from_filelike(BytesIO(bulletins.workbook(LEADER, city["round"]).content))
    rows = sheets.get_sheet_by_name("全部项目").to_python()
    snapshot = bulletins.read_bulletin(LEADER, city["round"]).snapshot
    assert rows[3][10] == snapshot.city.done_yuan / 10_000
    assert {row[2] for row in rows[4:]} == {d.name for d in snapshot.decisions if d.kind == "project"}


@pytest.mark.parametrize("verb", ["read_bulletin", "docx", "pdf", "workbook"])
def test_who_sees_only_a_part_gets_no_bulletin(city, verb):
    with pytest.raises(PermissionDenied):
        getattr(bulletins, verb)(UNIT, city["round"])


def test_leader_reads_but_neither_writes_nor_issues(store, city):
    texts = bulletins.read_bulletin(LEADER, city["round"]).texts
    with pytest.raises(PermissionDenied):
        bulletins.save_texts(LEADER, city["round"], texts, 1, None)
    with pytest.raises(PermissionDenied):
        bulletins.issue(LEADER, city["round"], None)
    with store.read() as connection:
        assert connection.execute(select(Bulletin.id)).all() == []


def test_draft_has_no_bulletin(store):
    round_city.build(store)
    key, _ = round_city.draft()
    with pytest.raises(NotFound):
        bulletins.read_bulletin(SUPERVISOR, key)


def test_number_of_another_bulletin_of_the_year_is_refused(store):
    round_city.build(store)
    first = round_city.published(1, RoundWindow(Month(2026, 9), Month(2026, 9), date(2026, 10, 25)))
    bulletins.save_texts(SUPERVISOR, first, bulletins.read_bulletin(SUPERVISOR, first).texts, 7, None)
    other = round_city.published(2, RoundWindow(Month(2026, 10), Month(2026, 10), date(2026, 11, 22)))
    view = bulletins.read_bulletin(SUPERVISOR, other)
    assert view.issue_no == 8
    with pytest.raises(Invalid, match="第 7 期已用于"):
        bulletins.save_texts(SUPERVISOR, other, view.texts, 7, None)


def test_template_in_use_makes_the_document(store, city):
    starter = document_templates.starter(SUPERVISOR)
    first = document_templates.upload(SUPERVISOR, DocumentKind.BULLETIN, "红头模板", starter)
    second = document_templates.upload(SUPERVISOR, DocumentKind.BULLETIN, "红头模板二", starter)
    rows = document_templates.list_templates(SUPERVISOR, DocumentKind.BULLETIN)
    assert [(row.id, row.is_active, row.size_bytes) for row in rows] == [
        (second, True, len(starter)),
        (first, False, len(starter)),
    ]
    words = _words(bulletins.docx(SUPERVISOR, city["round"]).content)
    assert "关于2026年9—10月重点项目\n红黄绿旗督查情况的通报" in words
    assert words != _words(bulletins.docx(SUPERVISOR, city["round"], built_in=True).content)
    document_templates.use(SUPERVISOR, first, rows[1].version)
    assert [row.is_active for row in document_templates.list_templates(SUPERVISOR, DocumentKind.BULLETIN)] == [
        False,
        True,
    ]
    document_templates.stop_using(SUPERVISOR, first, rows[1].version + 1)
    assert document_templates.content_of(SUPERVISOR, first) == starter
    with store.read() as connection:
        assert connection.execute(select(DocumentTemplate.is_active)).scalars().all() == [False, False]
    assert ("insert", "sup") in _audit(store, "document_template")


def test_template_with_an_unknown_name_is_told_before_it_is_kept(store, city):
    good = document_templates.starter(SUPERVISOR)
    assert _words(bulletins.try_template(SUPERVISOR, city["round"], good))[0] == "云岭市重大项目督查通报"
    wrong = write_word((Paragraph("{{ 没有的名称 }}"),), title="t", made_at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Invalid, match="没有的名称"):
        bulletins.try_template(SUPERVISOR, city["round"], wrong)
    with pytest.raises(PermissionDenied):
        bulletins.try_template(LEADER, city["round"], good)


def test_refused_template_leaves_nothing_behind(store, city):
    with pytest.raises(Invalid, match=r"\.docx"):
        document_templates.upload(SUPERVISOR, DocumentKind.BULLETIN, "坏模板", b"no document")
    with pytest.raises(PermissionDenied):
        document_templates.upload(LEADER, DocumentKind.BULLETIN, "模板", document_templates.starter(SUPERVISOR))
    with store.read() as connection:
        assert connection.execute(select(DocumentTemplate.id)).all() == []
