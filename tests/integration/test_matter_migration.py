"""Migration 0005: matters of a store at 0004 keep what they say, and get first deadline, level and a first event."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from core.domain.matters.words import MatterLevel
from core.domain.permissions import Actor
from core.domain.terms import MatterStatus, Role
from core.services import matters as service
from core.services.matters import MatterFilter
from db import migrate
from db.session import Store
from tests.factories import make_actor

RAISED, DUE, ENDED = date(2026, 10, 9), date(2026, 10, 30), date(2026, 11, 5)
# code → what the old row says beside its title
OLD = {
    "REG": {"status": "registered"},
    "ASS": {"status": "assigned", "due_on": DUE, "assigned_on": date(2026, 10, 12), "county_id": 1},
    "PRO": {"status": "in_progress", "due_on": DUE, "county_id": 1},
    "ESC": {"status": "escalated", "due_on": DUE, "county_id": 1, "is_escalated": True},
    "RES": {"status": "resolved", "due_on": DUE, "county_id": 1, "resolved_on": ENDED, "outcome": "已解决"},
    "OUT": {"status": "closed_out", "due_on": DUE, "county_id": 1, "closed_on": ENDED, "satisfaction": "满意"},
    # A ledger dated the end without naming the state.
    "END": {"status": "in_progress", "due_on": DUE, "closed_on": ENDED},
}
LEADER: Actor = make_actor(Role.LEADER)


def table(store: Store, name: str) -> sa.Table:
    """The table as the store has it, at whatever schema; indexes are none of its business."""
    known = sa.inspect(store.engine).get_columns(name)
    return sa.Table(
        name,
        sa.MetaData(),
        *(sa.Column(column["name"], column["type"], nullable=column["nullable"]) for column in known),
    )


def insert(store: Store, name: str, rows: list[dict[str, object]]) -> None:
    own = table(store, name)
    required = {
        column.name: ""
        for column in own.columns
        if not column.nullable and isinstance(column.type, sa.String | sa.Text)
    }
    with store.engine.execution_options(warroom_write=True).begin() as connection:
        for row in rows:
            connection.execute(own.insert().values({**required, **row}))


def stored(store: Store, name: str) -> list[dict[str, object]]:
    own = table(store, name)
    with store.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(own).order_by(own.c.id)).mappings()]


@pytest.fixture
def old(store: Store) -> Store:
    """A store at 0004 with one matter in every old state, the assigned one with an event of its own."""
    migrate.downgrade(store.url, "0004")
    base = {"version": 1, "sort_order": 1, "is_active": True, "kind": "county"}
    known = {column.name for column in table(store, "county").columns}
    insert(
        store,
        "county",
        [
            {
                name: value
                for name, value in {**base, "id": 1, "name": "东县", "short_name": "东县", "code": "E"}.items()
                if name in known
            }
        ],
    )
    rows = [
        {
            "id": key,
            "code": code,
            "kind": "problem",
            "title": f"问题{code}",
            "raised_on": RAISED,
            "is_escalated": False,
            "version": 3,
            "remark": "原备注",
            **values,
        }
        for key, (code, values) in enumerate(OLD.items(), start=1)
    ]
    insert(store, "matter", rows)
    event = {
        "matter_id": 2,
        "kind": "assigned",
        "note": "交办",
        "actor": "li",
        "happened_at": datetime(2026, 10, 12, tzinfo=UTC),
    }
    insert(store, "matter_event", [event])
    return store


def test_every_old_matter_keeps_its_words_and_gets_deadline_level_and_first_event(old: Store) -> None:
    migrate.upgrade(old.url)
    rows = {str(row["code"]): row for row in stored(old, "matter")}
    assert {code: row["status"] for code, row in rows.items()} == {
        **{code: values["status"] for code, values in OLD.items()},
        "END": "closed_out",
    }
    assert {code: row["first_due_on"] for code, row in rows.items()} == {
        code: values.get("due_on") for code, values in OLD.items()
    }
    assert {code: row["level"] for code, row in rows.items()} == {
        **dict.fromkeys(OLD, "county"),
        "REG": "city",
        "ESC": "city",
        "END": "city",
    }
    assert {
        (row["difficulty"], row["pressed_times"], row["step_due_on"], row["press_on"]) for row in rows.values()
    } == {("ordinary", 0, None, None)}
    kept = ("title", "remark", "due_on", "closed_on", "resolved_on", "outcome", "satisfaction", "version")
    assert [[row[name] for name in kept] for row in rows.values()] == [
        [
            f"问题{code}",
            "原备注",
            values.get("due_on"),
            values.get("closed_on"),
            values.get("resolved_on"),
            values.get("outcome", ""),
            values.get("satisfaction", ""),
            3,
        ]
        for code, values in OLD.items()
    ]
    first = {row["matter_id"]: (row["kind"], row["actor"]) for row in stored(old, "matter_event")}
    assert first == {**dict.fromkeys(range(1, 8), ("registered", "system")), 2: ("assigned", "li")}


def test_carried_over_matters_are_read_by_the_lists(old: Store) -> None:
    migrate.upgrade(old.url)
    found = service.find(LEADER, MatterFilter(is_open=True))
    assert [card.row.code for card in found.cards] == ["ASS", "PRO", "ESC", "RES", "REG"]
    assert [card.row.state.next_due_on for card in found.cards] == [DUE, DUE, DUE, DUE, None]
    assert found.overdue == 4
    assert found.cards[2].row.state.level is MatterLevel.CITY
    story = service.read_matter(LEADER, found.cards[1].row.id).events
    assert [(event.kind_label, event.happened_at.date()) for event in story] == [("登记", RAISED)]
    ended = service.find(LEADER, MatterFilter(is_open=False))
    assert {card.row.state.status for card in ended.cards} == {MatterStatus.CLOSED_OUT}


def test_going_down_names_new_states_by_old_words_and_keeps_the_rows(old: Store) -> None:
    migrate.upgrade(old.url)
    newer = {"REG": "classified", "ASS": "objected", "PRO": "replied", "OUT": "merged"}
    own = table(old, "matter")
    with old.engine.execution_options(warroom_write=True).begin() as connection:
        for code, status in newer.items():
            connection.execute(own.update().where(own.c.code == code).values(status=status))
        connection.execute(own.update().where(own.c.code == "RES").values(kind="supervision"))
    migrate.downgrade(old.url, "0004")
    rows = {str(row["code"]): row for row in stored(old, "matter")}
    assert {code: row["status"] for code, row in rows.items()} == {
        "REG": "registered",
        "ASS": "assigned",
        "PRO": "in_progress",
        "ESC": "escalated",
        "RES": "resolved",
        "OUT": "closed_out",
        "END": "closed_out",
    }
    assert {row["kind"] for row in rows.values()} == {"problem"}
    assert "level" not in rows["REG"]
    migrate.upgrade(old.url)
    assert {row["first_due_on"] for row in stored(old, "matter")} == {DUE, None}
