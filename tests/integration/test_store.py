"""The writing transaction: optimistic lock, audit chain, all or nothing, on both databases."""

import json
from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from core.domain.errors import Conflict, NotFound
from db import audit, migrate
from db.models import AuditEvent, Milestone, Project, Unit
from db.session import Store, read, transaction
from tests.factories import SYSTEM, make_county, make_milestone, make_project


def _events() -> list[AuditEvent]:
    with read() as connection:
        return list(connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.seq)).mappings())


def _milestone() -> int:
    with transaction(SYSTEM) as tx:
        return make_milestone(tx, make_project(tx, make_county(tx)), date(2026, 9, 1), "封顶")


def test_update_writes_new_values_version_and_one_audit_row(store: Store) -> None:
    key = _milestone()
    before = len(_events())
    with transaction(SYSTEM) as tx:
        version = tx.update(
            Milestone, key, {"actual_on": date(2026, 9, 3), "name": "封顶"}, expected_version=1, reason="现场核实"
        )
    with read() as connection:
        row = connection.execute(select(Milestone.actual_on, Milestone.version)).one()
    assert (version, row.version, row.actual_on) == (2, 2, date(2026, 9, 3))
    events = _events()
    assert len(events) == before + 1
    last = events[-1]
    assert (last["actor"], last["action"], last["entity"], last["entity_id"]) == (
        "system",
        "update",
        "milestone",
        str(key),
    )
    assert json.loads(last["old"]) == {"actual_on": None}
    assert json.loads(last["new"]) == {"actual_on": "2026-09-03"}
    assert last["reason"] == "现场核实"


def test_update_with_equal_values_changes_nothing(store: Store) -> None:
    key = _milestone()
    before = len(_events())
    with transaction(SYSTEM) as tx:
        assert tx.update(Milestone, key, {"name": "封顶"}, expected_version=1) == 1
    assert len(_events()) == before


def test_update_with_stale_version_is_a_conflict_that_carries_both_sides(store: Store) -> None:
    key = _milestone()
    with transaction(SYSTEM) as tx:
        tx.update(Milestone, key, {"note": "先到"}, expected_version=1)
    before = _events()
    with pytest.raises(Conflict) as caught, transaction(SYSTEM) as tx:
        tx.update(Milestone, key, {"note": "后到"}, expected_version=1)
    assert caught.value.current == {"note": "先到"}
    assert caught.value.attempted == {"note": "后到"}
    assert _events() == before


def test_update_of_an_unknown_row_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound), transaction(SYSTEM) as tx:
        tx.update(Unit, 4711, {"name": "无"}, expected_version=1)


def test_failure_in_the_middle_leaves_nothing_behind(store: Store) -> None:
    key = _milestone()
    before = _events()
    with pytest.raises(NotFound), transaction(SYSTEM) as tx:  # noqa: PT012 - the second write fails
        tx.update(Milestone, key, {"note": "半截"}, expected_version=1)
        tx.update(Milestone, 4711, {"note": "无此行"}, expected_version=1)
    with read() as connection:
        assert connection.execute(select(Milestone.note)).scalar_one() == ""
    assert _events() == before


def test_chain_is_whole_and_every_flipped_field_is_found(store: Store) -> None:
    _milestone()
    with read() as connection:
        assert audit.verify(connection) is None
        count = audit.read_head(connection).seq
    for column in ("actor", "old", "new", "reason", "headline", "entity_id"):
        with store.engine.execution_options(warroom_write=True).connect() as connection, connection.begin() as outer:
            _open_the_chain(store, connection)
            connection.execute(update(AuditEvent).where(AuditEvent.seq == count - 1).values({column: "伪造"}))
            assert audit.verify(connection) == count - 1, column
            outer.rollback()


def _open_the_chain(store: Store, connection: object) -> None:
    """Take the guards away, as somebody with the database's own key could."""
    if store.is_sqlite:
        connection.execute(text("DROP TRIGGER audit_event_no_update"))  # type: ignore[attr-defined]
    else:
        connection.execute(text("DROP TRIGGER audit_event_append_only ON audit_event"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"])
def test_audit_rows_cannot_be_changed_or_deleted(store: Store, statement: str) -> None:
    _milestone()
    with (
        pytest.raises(DBAPIError, match="append-only"),
        store.engine.execution_options(warroom_write=True).connect() as connection,
        connection.begin(),
    ):
        connection.execute(text(statement))
    with read() as connection:
        assert audit.verify(connection) is None


def test_secrets_are_named_but_not_shown_in_the_audit() -> None:
    assert audit.to_json({"password_hash": "argon2…", "login": "li"}) == '{"login":"li","password_hash":"***"}'


def test_models_and_migrations_are_equal(store: Store) -> None:
    with read() as connection:
        assert migrate.differences(connection) == []
        assert migrate.current_revision(connection) == migrate.head_revision()


def test_migrations_go_down_to_nothing_and_up_again(store: Store) -> None:
    store.dispose()
    migrate.downgrade(store.url, "base")
    with read() as connection:
        assert migrate.current_revision(connection) is None
    migrate.upgrade(store.url)
    with read() as connection:
        assert migrate.differences(connection) == []
        assert audit.read_head(connection).seq == 0


def test_foreign_keys_are_enforced(store: Store) -> None:
    with pytest.raises(DBAPIError), transaction(SYSTEM) as tx:
        make_project(tx, county_id=999_999)
    with read() as connection:
        assert connection.execute(select(Project.id)).all() == []
