"""P13: 待办 of a unit and of a county beside one raw SQL statement for each source; the digests of 2 000 people."""

import os
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select, text

from core.domain.permissions import Actor
from core.domain.terms import Role
from core.domain.todo import soon
from core.services import deadlines, figures, reminders, todos, wall
from core.settings import get_settings
from db.models.access import User, UserRole
from db.models.project import Project
from db.queries.deadlines import DueFilter
from db.session import Store
from tests.bench import matters
from tests.bench.harness import CLOCKS, Figure, paired
from tests.factories import SYSTEM, make_actor
from tests.support.sinks import mail_server

PEOPLE = 2_000
COUNTY_SHARE = 20  # one account of so many is a county's
GOAL_RATIO, GOAL_EXTRA_MS = 2.0, 20.0
# The first fifty rows with the names behind their keys, and the numbers of each group, in one statement.
_PAGE = """
WITH wanted AS ({wanted})
SELECT w.*, (SELECT count(*) FROM wanted), (SELECT count(*) FROM wanted WHERE due < :today),
  (SELECT count(*) FROM wanted WHERE due = :today), (SELECT count(*) FROM wanted WHERE due > :today AND due <= :week)
FROM wanted w ORDER BY due, id LIMIT 50
"""
_MATTER = """
SELECT m.id, m.title, m.status, m.kind, p.name AS place, u.name AS owner, coalesce(m.step_due_on, m.due_on) AS due
FROM matter m LEFT JOIN project p ON p.id = m.project_id LEFT JOIN county c ON c.id = coalesce(m.county_id, p.county_id)
LEFT JOIN unit u ON u.id = m.lead_unit_id
WHERE m.closed_on IS NULL AND m.status NOT IN ('closed_out', 'merged') AND {where}
"""
_OFFICE = "m.status IN ('registered', 'classified', 'objected', 'resolved')"
_OF_COUNTY = "m.level = 'county' AND coalesce(m.county_id, p.county_id) = :county"
_NODES = """
SELECT n.id, n.name, p.name AS place, u.name AS owner, n.planned_on AS due
FROM milestone n JOIN project p ON p.id = n.project_id LEFT JOIN unit u ON u.id = p.responsible_unit_id
WHERE n.actual_on IS NULL AND n.planned_on <= :week AND p.stage NOT IN ('withdrawn', 'terminated', 'merged')
  AND p.{owner} = :{name}
"""
_CASES = """
SELECT id, subject_name, due_on AS due FROM rectification WHERE {owner} = :{name} AND step IN ('plan', 'feedback')
"""
_MISSING = "SELECT sum(reports_missing) FROM project_state WHERE {owner} = :{name} AND reports_missing > 0"
_REVIEW = """
SELECT min(r.month), count(*) FROM investment_report r JOIN project p ON p.id = r.project_id
WHERE r.status = 'submitted' AND r.year = :year AND p.stage NOT IN ('withdrawn', 'terminated', 'merged')
  AND p.county_id = :county
"""
_UNIT_FLOOR = (
    _PAGE.format(
        wanted=_MATTER.format(
            where="m.lead_unit_id = :unit AND m.status IN ('assigned', 'in_progress', 'escalated', 'replied')"
        )
    ),
    _PAGE.format(
        wanted="""SELECT m.id, m.title, s.due_on AS due FROM matter_support s JOIN matter m ON m.id = s.matter_id
          WHERE s.unit_id = :unit AND s.replied_on IS NULL AND m.closed_on IS NULL"""
    ),
    _PAGE.format(wanted=_NODES.format(owner="responsible_unit_id", name="unit")),
    _PAGE.format(wanted=_CASES.format(owner="unit_id", name="unit")),
    _MISSING.format(owner="unit_id", name="unit"),
)
_COUNTY_FLOOR = (
    _PAGE.format(wanted=_MATTER.format(where=f"{_OFFICE} AND {_OF_COUNTY}")),
    _PAGE.format(wanted=_MATTER.format(where=f"m.extension_to IS NOT NULL AND NOT {_OFFICE} AND {_OF_COUNTY}")),
    _PAGE.format(wanted=_NODES.format(owner="county_id", name="county")),
    _PAGE.format(wanted=_CASES.format(owner="county_id", name="county")),
    _MISSING.format(owner="county_id", name="county"),
    _REVIEW,
)


def figures_of(store: Store, projects: int) -> Iterator[Figure]:
    """Yield the figures for one store."""
    kind, count = "sqlite" if store.is_sqlite else "postgresql", _fill(store)
    figures.version()
    today = store.today()
    with store.read() as connection:
        unit_id, county_id = connection.execute(
            select(Project.responsible_unit_id, Project.county_id).order_by(Project.id).limit(1)
        ).one()
    values = {"today": today, "week": soon(today), "unit": unit_id, "county": county_id, "year": store.as_of().year}
    readers: tuple[tuple[str, Actor, tuple[str, ...]], ...] = (
        ("待办 of a unit", make_actor(Role.UNIT, units=[unit_id]), _UNIT_FLOOR),
        ("待办 of a county", make_actor(Role.COUNTY, counties=[county_id]), _COUNTY_FLOOR),
    )
    for name, actor, floor in readers:
        value, base, ratio = paired(
            lambda actor=actor: todos.page_of(actor), lambda sql=floor: _raw(store, sql, values), CLOCKS[kind], rounds=7
        )
        ok = value <= GOAL_RATIO * base + GOAL_EXTRA_MS
        goal = f"<= {GOAL_RATIO:.0f} x floor + {GOAL_EXTRA_MS:.0f} ms"
        yield Figure(f"P13 {name}, {count} matters", kind, projects, value, "ms", base, ratio, goal, ok)
    yield from _of_deadlines(kind, projects, count)
    yield from _of_digests(store, kind, projects, count)


def _of_deadlines(kind: str, projects: int, count: int) -> Iterator[Figure]:
    """The desk's list of deadlines and the wall's whole picture, for which there is no goal of their own here."""
    leader = make_actor(Role.LEADER)
    works = {
        "deadlines of a city": lambda: deadlines.find(leader, DueFilter()),
        "picture of the wall": lambda: wall.view(leader),
    }
    for name, work in works.items():
        value, _, _ = paired(work, lambda: None, CLOCKS[kind], rounds=5)
        yield Figure(f"P13 {name}, {count} matters", kind, projects, value, "ms")


def _of_digests(store: Store, kind: str, projects: int, count: int) -> Iterator[Figure]:
    """One run for everybody: what composing costs, and the whole of it over a mail server on this machine."""
    _add_people(store)
    began = time.perf_counter()
    digests = reminders.compose(SYSTEM, store.today())
    composed = time.perf_counter() - began
    yield Figure(f"P13 digests of {len(digests)} people composed, {count} matters", kind, projects, composed, "s")
    with mail_server() as sink:
        mail = {"HOST": "127.0.0.1", "PORT": str(sink.port), "SECURITY": "none", "FROM": "warroom@city.example"}
        os.environ.update({f"WR_MAIL_{name}": value for name, value in mail.items()})
        get_settings.cache_clear()
        began = time.perf_counter()
        report = reminders.run(SYSTEM)
        took = time.perf_counter() - began
        for name in mail:
            del os.environ[f"WR_MAIL_{name}"]
        get_settings.cache_clear()
    ok = report.sent == len(digests) == len(sink.mails)
    yield Figure(f"P13 digests of {report.sent} people sent", kind, projects, took, "s", goal="one mail each", ok=ok)


def _fill(store: Store) -> int:
    """Add matters once, a third of the open ones on the offices' tables; return how many there are."""
    with store.read() as connection:
        is_filled = connection.execute(text("SELECT 1 FROM matter WHERE code LIKE 'BM-%' LIMIT 1")).first() is not None
        count = int(connection.execute(text("SELECT count(*) FROM matter")).scalar_one())
    if not is_filled:
        count = matters.fill(store)
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(
            text("UPDATE matter SET status = 'registered' WHERE closed_on IS NULL AND code LIKE 'BM-%' AND id % 3 = 0")
        )
    if not store.is_sqlite:  # what autovacuum soon does
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return count


def _add_people(store: Store) -> None:
    """Accounts of the units and counties, each with an address and a superior of the account before it."""
    with store.transaction(SYSTEM) as tx:
        units = tx.connection.execute(text("SELECT id FROM unit ORDER BY id")).scalars().all()
        counties = tx.connection.execute(text("SELECT id FROM county ORDER BY id")).scalars().all()
        first = int(tx.connection.execute(text("SELECT coalesce(max(id), 0) + 1 FROM user_account")).scalar_one())
        people, roles = [], []
        for number in range(PEOPLE):
            user_id, is_county = first + number, number % COUNTY_SHARE == 0
            people.append(
                {
                    "id": user_id,
                    "login": f"p{number}",
                    "name": f"人员{number}",
                    "password_hash": "x",
                    "email": f"p{number}@city.example",
                    "superior_id": None if is_county else user_id - number % COUNTY_SHARE,
                }
            )
            role, key, ids = (Role.COUNTY, "county_id", counties) if is_county else (Role.UNIT, "unit_id", units)
            bound = {"county_id": None, "unit_id": None, key: ids[number % len(ids)]}
            roles.append({"user_id": user_id, "role": role.value, **bound})
        tx.connection.execute(insert(User), people)
        tx.connection.execute(insert(UserRole), roles)


def _raw(store: Store, statements: tuple[str, ...], values: dict[str, Any]) -> None:
    with store.read() as connection:
        for sql in statements:
            used = {name: value for name, value in values.items() if f":{name}" in sql}
            connection.execute(text(sql), used).all()
