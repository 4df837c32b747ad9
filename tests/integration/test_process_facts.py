"""Process facts: recorded in scope, corrected under the lock, mended once; audited; listed with names and photos."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.permissions import Actor
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import Role
from core.services import process_facts
from core.services.process_facts import ProcessDraft
from db.models import ProcessFact
from db.models.evidence import Attachment, AttachmentContent
from db.models.system import AuditEvent
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_project, make_unit

SEEN = ProcessDraft(
    ProcessKind.INSPECTION,
    date(2026, 11, 20),
    "督查一组",
    "查看现场",
    "扬尘未覆盖",
    Severity.SERIOUS,
    date(2026, 12, 1),
)
CLEAN = replace(SEEN, finding="", severity=Severity.NONE, due_on=None)


@dataclass(frozen=True)
class City:
    bridge: int
    elsewhere: int
    county: int
    headquarters: int
    unit: int
    supervisor: Actor
    local: Actor


@pytest.fixture
def city(store) -> City:
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西湖区")
        headquarters, unit = make_headquarters(tx, "城建指挥部"), make_unit(tx, "市住建局")
        bridge = make_project(tx, county, "东湖大桥", headquarters_id=headquarters, responsible_unit_id=unit)
        elsewhere = make_project(tx, other, "西湖隧道")
    local = make_actor(Role.COUNTY, counties=[county])
    return City(bridge, elsewhere, county, headquarters, unit, make_actor(Role.SUPERVISOR), local)


def stored(store) -> list[dict]:
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(ProcessFact.__table__)).mappings()]


def audited(store) -> list[tuple]:
    query = select(AuditEvent.action, AuditEvent.actor, AuditEvent.project_id).where(
        AuditEvent.entity == "process_fact"
    )
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(AuditEvent.seq))]


def test_record_on_a_project_is_stored_and_audited(store, city):
    fact_id = process_facts.record(city.supervisor, SubjectKind.PROJECT, city.bridge, SEEN)
    (row,) = stored(store)
    assert (row["id"], row["project_id"], row["finding"], row["severity"]) == (
        fact_id,
        city.bridge,
        "扬尘未覆盖",
        "serious",
    )
    assert audited(store) == [("insert", "supervisor", city.bridge)]


@pytest.mark.parametrize("kind", [SubjectKind.COUNTY, SubjectKind.HEADQUARTERS, SubjectKind.UNIT])
def test_record_on_an_organisation_is_listed_with_its_name(city, kind):
    names = {SubjectKind.COUNTY: "东湖区", SubjectKind.HEADQUARTERS: "城建指挥部", SubjectKind.UNIT: "市住建局"}
    process_facts.record(city.supervisor, kind, getattr(city, kind.value), CLEAN)
    (row,) = process_facts.of_subject(city.supervisor, kind, getattr(city, kind.value))
    assert (row.subject_name, row.project_id, row.photos) == (names[kind], None, 0)


def test_record_outside_the_scope_finds_nothing_and_writes_nothing(store, city):
    for kind, subject in ((SubjectKind.PROJECT, city.elsewhere), (SubjectKind.UNIT, city.unit)):
        with pytest.raises(NotFound):
            process_facts.record(city.local, kind, subject, SEEN)
    assert stored(store) == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.UNIT, Role.AUDITOR])
def test_record_without_the_permission_is_refused(store, city, role):
    with pytest.raises(PermissionDenied):
        process_facts.record(make_actor(role, units=[city.unit]), SubjectKind.PROJECT, city.bridge, SEEN)
    assert stored(store) == []


@pytest.mark.parametrize(
    ("draft", "codes"),
    [
        (replace(SEEN, happened_on=None), ["missing_date"]),
        (replace(SEEN, happened_on=date(2026, 11, 23)), ["future_date"]),
        (replace(SEEN, participants=" ", finding=""), ["missing_participants", "severity_without_finding"]),
        (replace(SEEN, due_on=None), ["missing_due"]),
        (replace(SEEN, due_on=date(2026, 11, 19)), ["due_before_day"]),
        (replace(SEEN, severity=Severity.NONE), ["finding_without_severity", "due_without_finding"]),
        (replace(SEEN, finding="长" * 1001), ["too_long"]),
    ],
)
def test_record_refused_values_are_named_all_at_once(store, city, draft, codes):
    with pytest.raises(Invalid) as refusal:
        process_facts.record(city.supervisor, SubjectKind.PROJECT, city.bridge, draft)
    assert [problem.code for problem in refusal.value.problems] == codes
    assert stored(store) == []


def test_amend_with_an_old_version_is_a_conflict_and_keeps_the_stored(store, city):
    fact_id = process_facts.record(city.local, SubjectKind.PROJECT, city.bridge, SEEN)
    assert process_facts.amend(city.supervisor, fact_id, replace(SEEN, finding="塔吊未检"), 1) == 2
    with pytest.raises(Conflict) as clash:
        process_facts.amend(city.local, fact_id, replace(SEEN, finding="围挡破损"), 1)
    assert (clash.value.current["finding"], clash.value.attempted["finding"]) == ("塔吊未检", "围挡破损")
    assert stored(store)[0]["finding"] == "塔吊未检"


def test_mend_is_recorded_once_and_not_before_the_finding(store, city):
    fact_id = process_facts.record(city.supervisor, SubjectKind.PROJECT, city.bridge, SEEN)
    with pytest.raises(Invalid, match="早于发现问题"):
        process_facts.mend(city.local, fact_id, date(2026, 11, 19), 1)
    assert process_facts.mend(city.local, fact_id, date(2026, 11, 22), 1) == 2
    with pytest.raises(Invalid, match="已于 2026-11-22"):
        process_facts.mend(city.local, fact_id, date(2026, 11, 22), 2)
    with pytest.raises(Invalid, match="已于 2026-11-22 整改完成"):
        process_facts.amend(city.local, fact_id, CLEAN, 2)
    assert stored(store)[0]["mended_on"] == date(2026, 11, 22)
    assert [action for action, _actor, _project in audited(store)] == ["insert", "update"]


def test_mend_where_nothing_was_found_is_refused(city):
    fact_id = process_facts.record(city.supervisor, SubjectKind.PROJECT, city.bridge, CLEAN)
    with pytest.raises(Invalid, match="未发现问题"):
        process_facts.mend(city.supervisor, fact_id, date(2026, 11, 22), 1)


def test_between_lists_the_scope_latest_first_with_photos(store, city):
    first = process_facts.record(city.supervisor, SubjectKind.PROJECT, city.bridge, SEEN)
    process_facts.record(city.supervisor, SubjectKind.PROJECT, city.elsewhere, SEEN)
    later = process_facts.record(
        city.supervisor, SubjectKind.COUNTY, city.county, replace(CLEAN, happened_on=date(2026, 11, 21))
    )
    process_facts.record(
        city.supervisor, SubjectKind.PROJECT, city.bridge, replace(CLEAN, happened_on=date(2026, 9, 1))
    )
    photo = {"file_name": "a.jpg", "media_type": "image/jpeg", "size_bytes": 1, "sha256": "0" * 64}
    with store.transaction(SYSTEM) as tx:
        tx.insert(AttachmentContent, {"sha256": "0" * 64, "content": b"x"})
        for withdrawn in (False, True):
            who = {"uploaded_at": tx.at, "uploaded_by": "system", "is_withdrawn": withdrawn}
            tx.insert(Attachment, {"entity": "process_fact", "entity_id": first, **photo, **who})
    rows, has_more = process_facts.between(city.local, date(2026, 11, 1), date(2026, 11, 30))
    assert [(row.id, row.subject_name, row.photos) for row in rows] == [(later, "东湖区", 0), (first, "东湖大桥", 1)]
    assert not has_more
    assert rows[1].is_late(date(2026, 12, 2))
    assert not rows[1].is_late(date(2026, 12, 1))
