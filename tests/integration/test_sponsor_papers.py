"""Briefs and responsibility letters from the store: what they say, whose they are, scope, audit."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from core.domain.errors import Invalid, NotFound, PermissionDenied
from core.domain.terms import AssignmentRole, Role
from core.services import sponsors
from core.services.sponsors import MAX_PAPERS, PaperForm
from db.models import Assignment, AuditEvent
from tests.factories import SYSTEM, YI, make_actor, make_month_plans, make_person, make_problem, make_report
from tests.support.briefs import pdf_pages
from tests.support.sponsors import SponsorCity, sponsor_city


@pytest.fixture
def city(store) -> SponsorCity:
    made = sponsor_city(store)
    with store.transaction(SYSTEM) as tx:
        make_problem(tx, made.bridge, "南岸用地未批", raised_on=date(2026, 11, 3), due_on=date(2026, 11, 10))
        make_month_plans(tx, made.bridge, dict.fromkeys(range(1, 13), YI))
        make_report(tx, made.bridge, 10, 3 * YI, submitted_at=tx.at)
        contact = make_person(tx, "陈小满", phone="0999-8123456")
        tx.insert(
            Assignment,
            {"project_id": made.bridge, "role": AssignmentRole.CONTACT.value, "person_id": contact, "unit_id": None},
        )
    return made


def cells(content: bytes) -> list[str]:
    return [cell.text for table in Document(BytesIO(content)).tables for row in table.rows for cell in row.cells]


def exports(store) -> list:
    query = select(AuditEvent.entity, AuditEvent.entity_id, AuditEvent.actor).where(AuditEvent.action == "export")
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(AuditEvent.seq))]


def test_brief_says_where_the_project_stands_and_what_to_ask(store, city) -> None:
    file = sponsors.briefs(city.leader, city.cheng, [city.bridge], PaperForm.WORD)
    said = cells(file.content)
    assert (file.name, file.rows) == ("东湖大桥项目简报_20261122.docx", 1)
    assert {"程立诚", "DHDQ", "市自然资源局", "12.00 亿元", "6.00 亿元（50.0%）", "欠序时 33.3 个百分点"} <= set(said)
    assert {"南岸用地未批", "▲ 逾期 12 天", "合龙", "▲ 逾期 21 天", "陈小满 0999-8123456", "未明确"} <= set(said)
    (told,) = [text for text in said if text.startswith("上次调研 2026-10-10")]
    assert told.split("\n")[1:] == [
        "新逾期节点 1 个：合龙",
        "新增问题 1 件：南岸用地未批",
        "新报完成投资 30,000 万元",
    ]
    (asked,) = [text for text in said if text.startswith("1. ")]
    assert "“南岸用地未批”由未定单位办理，已逾期 12 天，卡在哪里？" in asked
    assert exports(store) == [("project_brief", "docx", "leader")]


def test_tour_has_one_page_for_each_project_in_the_order_given(city) -> None:
    file = sponsors.briefs(city.leader, None, [city.port, city.bridge], PaperForm.PDF)
    assert pdf_pages(file.content) == 2
    word = sponsors.briefs(city.leader, None, [city.port, city.bridge, city.port], PaperForm.WORD).content
    titles = [p.text for p in Document(BytesIO(word)).paragraphs if p.text]
    assert titles == ["内河港", "东湖大桥"]


def test_project_never_visited_says_so(city) -> None:
    said = cells(sponsors.briefs(city.leader, city.wang, [city.road], PaperForm.WORD).content)
    assert "包保以来尚未调研" in said


def test_letter_names_its_parties_months_and_nodes(store, city) -> None:
    file = sponsors.letters(city.county, [city.bridge], PaperForm.WORD)
    words = [paragraph.text for paragraph in Document(BytesIO(file.content)).paragraphs]
    assert any("包保领导程立诚（常务副市长）、责任单位市自然资源局、属地东湖区" in text for text in words)
    said = cells(file.content)
    assert {"合龙", "桥面铺装", "2026-12-20", "120,000", "100.0%"} <= set(said)
    assert exports(store) == [("sponsor_letter", "docx", "donghu")]


def test_papers_keep_to_scope_permission_and_number(city) -> None:
    for make in (lambda actor, ids: sponsors.briefs(actor, None, ids, PaperForm.WORD), _letter):
        with pytest.raises(NotFound):
            make(city.stranger, [city.road, city.bridge])
        with pytest.raises(PermissionDenied):
            make(make_actor(Role.SYSTEM_ADMIN), [city.bridge])
        for ids in ([], list(range(1, MAX_PAPERS + 2))):
            with pytest.raises(Invalid):
                make(city.leader, ids)


def _letter(actor, ids):
    return sponsors.letters(actor, ids, PaperForm.WORD)


def test_list_of_leaders_is_a_workbook_and_audited(store, city) -> None:
    file = sponsors.export_list(city.county)
    assert (file.rows, file.content[:2]) == (2, b"PK")
    assert exports(store) == [("leader", "xlsx", "donghu")]
    with pytest.raises(PermissionDenied):
        sponsors.export_list(make_actor(Role.SYSTEM_ADMIN))
