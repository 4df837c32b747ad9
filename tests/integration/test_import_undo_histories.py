"""Random imports, random later edits, then an undo: the store is what a plain model of fields says."""

import os
import random

import pytest

from core.domain.terms import Role
from core.services import imports
from db import audit, rollup
from db.models import Project
from db.session import transaction
from tests.factories import SYSTEM, make_actor
from tests.integration.test_import_undo import OFFICE, business, city, row_of
from tests.unit.importers.ledgers import COUNTY, LEADERS, PLAN, TOTAL, UNIT, ledger, xlsx

__all__ = ["city"]
HISTORIES = int(os.environ.get("WR_TEST_UNDOS", "6"))
FIELDS = ("total_investment_yuan", "county_id", "remark", "owner_name")
LATER = make_actor(Role.SUPERVISOR, login="li")


def _file(chance, size):
    rows = ledger(size)
    for row in rows[3:]:
        row[12] = ""
        if chance.random() < 0.5:
            row[TOTAL] = 25_000 + chance.randrange(100)
            row[PLAN] = 7_000 + chance.randrange(100)
        if chance.random() < 0.3:
            row[COUNTY] = "罗庄区"
        if chance.random() < 0.3:
            row[UNIT], row[LEADERS] = chance.choice(("市发改局", "市工信局")), chance.choice(("王五", "张三、赵六"))
    rows[3:] = chance.sample(rows[3:], k=chance.randint(1, size))
    return xlsx(rows)


def _apply(data):
    return imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "台账.xlsx", data).batch_id).batch_id


def _fields(store):
    return {row["code"]: {name: row[name] for name in FIELDS} for row in business(store)["project"]}


def _edit(store, chance, counties):
    """Change one field of one project, sometimes back and forth, so that it ends where it stood before."""
    code = chance.choice(sorted(_fields(store)))
    name = chance.choices(FIELDS, weights=(4, 3, 1, 1))[0]
    row = row_of(store, Project, code=code)
    value = {
        "total_investment_yuan": 300_000_000 + chance.randrange(9),
        "county_id": chance.choice(list(counties.values())),
        "remark": f"现场核实{chance.randrange(9)}",
        "owner_name": f"某公司{chance.randrange(9)}",
    }[name]
    with transaction(LATER) as tx:
        version = tx.update(Project, row["id"], {name: value}, expected_version=row["version"])
        if chance.random() < 0.3:
            tx.update(Project, row["id"], {name: row[name]}, expected_version=version)


def _model(before, imported, now):
    """Field by field: what the import left goes back, what came later stays; a new project goes unless edited."""
    wanted = {}
    for code, fields in now.items():
        if code not in before:
            if fields != imported[code]:
                wanted[code] = fields
            continue
        wanted[code] = {
            name: before[code][name] if value == imported[code][name] else value for name, value in fields.items()
        }
    return wanted


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_undo_after_random_edits_equals_the_model(store, city, seed):
    chance = random.Random(seed)
    _apply(_file(chance, 4))
    before = _fields(store)
    batch_id = _apply(_file(chance, 6))
    imported = _fields(store)
    for _ in range(chance.randint(2, 8)):
        _edit(store, chance, city)
    wanted = _model(before, imported, _fields(store))
    imports.undo(OFFICE, batch_id, "试验")
    assert _fields(store) == wanted
    _assert_sums_are_right(store)


@pytest.mark.parametrize("seed", range(100, 100 + HISTORIES))
def test_undo_without_later_edits_brings_the_very_store_back(store, city, seed):
    chance = random.Random(seed)
    _apply(_file(chance, 5))
    before = business(store)
    batch_id = _apply(_file(chance, 8))
    assert imports.undo(OFFICE, batch_id, "试验").kept == ()
    assert business(store) == before


def _assert_sums_are_right(store):
    """The sums that moved with the undo are those of a recount, and the chain of the audit is whole."""
    moved = {name: business(store)[name] for name in ("tally", "project_state")}
    with transaction(SYSTEM) as tx:
        head = audit.lock_head(tx.connection)
        rollup.recount(tx.connection, head.figures)
    assert {name: business(store)[name] for name in moved} == moved
    with store.read() as connection:
        assert audit.verify(connection) is None


def test_model_itself_tells_kept_from_restored():
    before, imported = {"a": {"x": 1}}, {"a": {"x": 2}, "b": {"x": 5}}
    assert _model(before, imported, {"a": {"x": 2}, "b": {"x": 5}}) == {"a": {"x": 1}}
    assert _model(before, imported, {"a": {"x": 3}, "b": {"x": 6}}) == {"a": {"x": 3}, "b": {"x": 6}}
