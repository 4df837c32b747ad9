"""Evidence through the service and ``/files``: stored rows, audit, one content, scope, permission, safe answers."""

import io
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from PIL import Image
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.domain import evidence
from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import attachments
from core.services.sessions import Visit
from db.models import Attachment, AttachmentContent, AuditEvent, ProcessFact
from pages.http.files import address, routes
from pages.http.identity import remember
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.photos import make_docx, make_photo

PHOTO = make_photo(size=(800, 600), taken=datetime(2026, 11, 20, 9, 0), place=(104.5, 29.5))


@dataclass(frozen=True)
class City:
    county: int
    project: int
    milestone: int
    foreign: int
    county_fact: int
    own: Actor
    other: Actor
    supervisor: Actor


@pytest.fixture
def city(store) -> City:
    with store.transaction(SYSTEM) as tx:
        county, elsewhere = make_county(tx, "东湖区"), make_county(tx, "西山县")
        project = make_project(tx, county, "东湖大桥")
        milestone = make_milestone(tx, project, date(2026, 11, 1))
        foreign = make_milestone(tx, make_project(tx, elsewhere), date(2026, 11, 2))
        fact = tx.insert(
            ProcessFact,
            {
                "kind": "meeting",
                "subject_kind": "county",
                "subject_id": county,
                "happened_on": date(2026, 11, 3),
                "recorded_at": tx.at,
                "recorded_by": "x",
            },
        )
    return City(
        county,
        project,
        milestone,
        foreign,
        fact,
        make_actor(Role.COUNTY, counties=[county], login="donghu"),
        make_actor(Role.COUNTY, counties=[elsewhere], login="xishan"),
        make_actor(Role.SUPERVISOR),
    )


def _client(actor: Actor | None) -> TestClient:
    app = Starlette(routes=routes())

    async def signed_in(scope, receive, send):
        if scope["type"] == "http":
            remember(scope, Visit(actor) if actor else None)
        await app(scope, receive, send)

    return TestClient(signed_in)


def count(store, model) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def test_attach_stores_row_content_and_audit(store, city: City) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, "桥墩.JPG", PHOTO, note=" 封顶 ")
    (row,) = attachments.list_for(city.supervisor, "milestone", [city.milestone])
    assert (row.id, row.file_name, row.media_type, row.note) == (number, "桥墩.jpg", "image/jpeg", "封顶")
    assert (row.project_id, row.size_bytes, row.uploaded_by, row.uses) == (city.project, len(PHOTO), "donghu", 0)
    assert row.taken_at is not None
    assert row.taken_at.isoformat() == "2026-11-20T01:00:00+00:00"
    assert (row.longitude, row.latitude) == (104.5, 29.5)
    assert attachments.read_content(city.supervisor, number).data == PHOTO
    with store.read() as connection:
        audit = connection.execute(
            select(AuditEvent.actor, AuditEvent.action, AuditEvent.project_id, AuditEvent.new).where(
                AuditEvent.entity == "attachment"
            )
        ).one()
    assert (audit.actor, audit.action, audit.project_id) == ("donghu", "insert", city.project)
    assert row.sha256 in audit.new


def test_same_file_is_kept_once_and_told(store, city: City) -> None:
    first = attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO)
    assert attachments.attach(city.own, "milestone", city.milestone, "b.jpg", PHOTO) == first
    attachments.attach(city.other, "milestone", city.foreign, "c.jpg", PHOTO)
    assert (count(store, Attachment), count(store, AttachmentContent)) == (2, 1)
    assert [row.uses for row in attachments.list_for(city.own, "milestone", [city.milestone])] == [1]


def test_attach_to_a_county_itself_follows_its_scope(city: City) -> None:
    number = attachments.attach(city.own, "process_fact", city.county_fact, "纪要.docx", make_docx())
    (row,) = attachments.list_for(city.own, "process_fact", [city.county_fact])
    assert (row.id, row.project_id, row.is_image) == (number, None, False)
    assert attachments.list_for(city.other, "process_fact", [city.county_fact]) == ()
    with pytest.raises(NotFound):
        attachments.attach(city.other, "process_fact", city.county_fact, "a.docx", make_docx())


def test_attach_outside_the_scope_or_to_another_project_leaves_nothing(store, city: City) -> None:
    with pytest.raises(NotFound):
        attachments.attach(city.own, "milestone", city.foreign, "a.jpg", PHOTO)
    with pytest.raises(NotFound):
        attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO, project_id=city.project + 1)
    assert (count(store, Attachment), count(store, AttachmentContent)) == (0, 0)


def test_attach_needs_the_permission_of_the_row(city: City) -> None:
    with pytest.raises(PermissionDenied):
        attachments.attach(make_actor(Role.LEADER), "milestone", city.milestone, "a.jpg", PHOTO)
    with pytest.raises(PermissionDenied):
        attachments.attach(city.own, "flag_override", 1, "a.jpg", PHOTO)
    with pytest.raises(PermissionDenied):
        attachments.list_for(city.own, "flag_override", [1])
    with pytest.raises(Invalid) as refusal:
        attachments.attach(city.own, "user_session", 1, "a.jpg", PHOTO)
    assert refusal.value.problems[0].code == "unknown_entity"


@pytest.mark.parametrize("owner", list(evidence.EvidenceOwner))
def test_every_kind_of_row_can_be_asked_for_by_every_scope(city: City, owner) -> None:
    assert attachments.list_for(SYSTEM, owner.value, [1, 2]) == ()
    with pytest.raises(NotFound):
        attachments.attach(SYSTEM, owner.value, 999_999, "a.jpg", PHOTO)
    bound = Actor("x", "x", SYSTEM.roles, city.own.scope)
    assert attachments.list_for(bound, owner.value, [1]) == ()


def test_attach_refuses_too_many_files_and_long_notes(city: City, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "MAX_FILES", 1)
    attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO)
    with pytest.raises(Invalid) as refusal:
        attachments.attach(city.own, "milestone", city.milestone, "b.pdf", b"%PDF-1.4", note="长" * 401)
    assert [problem.code for problem in refusal.value.problems] == ["too_many", "too_long"]


def test_withdraw_hides_the_file_and_keeps_it(store, city: City) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO)
    with pytest.raises(Invalid) as refusal:
        attachments.withdraw(SYSTEM, number, "", 1)
    assert [problem.code for problem in refusal.value.problems] == ["not_own", "missing_reason"]
    with pytest.raises(Conflict):
        attachments.withdraw(city.own, number, "传错了", 7)
    with pytest.raises(NotFound):
        attachments.withdraw(city.other, number, "传错了", 1)
    assert attachments.withdraw(city.own, number, "传错了", 1) == 2
    assert attachments.list_for(city.own, "milestone", [city.milestone]) == ()
    assert _client(city.own).get(address(number)).status_code == 404
    assert (count(store, Attachment), count(store, AttachmentContent)) == (1, 1)


def test_file_goes_out_as_a_harmless_download(city: City) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, '桥"墩.jpg', PHOTO)
    answer = _client(city.own).get(address(number))
    assert (answer.status_code, answer.content) == (200, PHOTO)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%A1%A5%22%E5%A2%A9.jpg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "private, no-store"


def test_picture_is_small_inline_and_not_sent_twice(city: City) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO + b"<script>")
    answer = _client(city.own).get(address(number, 240))
    assert answer.headers["content-disposition"].startswith("inline")
    assert Image.open(io.BytesIO(answer.content)).size == (240, 180)
    assert b"<script>" not in answer.content
    again = _client(city.own).get(address(number, 240), headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_file_outside_the_scope_is_not_found(city: City) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO)
    for actor in (city.other, make_actor(Role.AUDITOR), None):
        for wanted in (address(number), address(number, 240)):
            answer = _client(actor).get(wanted)
            assert answer.status_code == 404
            assert "没有找到" in answer.text


@pytest.mark.parametrize("query", ["?size=241", "?size=", "?size=x", "?size=99999999999", "?size=²"])
def test_odd_sizes_are_not_found(city: City, query: str) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, "a.jpg", PHOTO)
    assert _client(city.own).get(address(number) + query).status_code == 404


def test_picture_of_a_paper_and_unknown_numbers_are_not_found(city: City) -> None:
    number = attachments.attach(city.own, "milestone", city.milestone, "a.pdf", b"%PDF-1.4")
    client = _client(city.own)
    assert client.get(address(number, 240)).status_code == 404
    assert client.get("/files/99999999999999999999999").status_code == 404
    assert client.get("/files/0").status_code == 404
    assert client.get(address(number)).headers["content-type"] == "application/pdf"
