"""P12: a city's overdue list, a unit's list and 待办, the wall's board, each beside one raw SQL statement."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, text

from core.domain.matters.words import RateGroup
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus, Role
from core.services import matters
from core.services.matters import MatterFilter
from core.services.matters.board import read_board
from db.models.matter import Matter
from db.models.project import Project
from db.seed.bulk import BulkLoader
from db.session import Store
from tests.bench.harness import CLOCKS, Figure, paired
from tests.factories import SYSTEM, make_actor

PER_PROJECT = 3
GOAL_RATIO, GOAL_EXTRA_MS = 2.0, 20.0
OPEN_SHARE = 5  # one of so many is open
_COLUMNS = (
    "code", "kind", "project_id", "county_id", "title", "category", "status", "lead_unit_id", "raised_on", "due_on",
    "first_due_on", "step_due_on", "assigned_on", "replied_on", "answer_workdays", "resolved_on", "closed_on", "level",
    "is_escalated", "satisfaction",
)  # fmt: skip
_KINDS = (MatterKind.PROBLEM, MatterKind.PROBLEM, MatterKind.PROBLEM, *MatterKind)
_CATEGORIES = ("用地", "规划", "征迁", "资金", "手续")
# The rows of a page with the names behind their keys and the number of all that match, in one statement.
_PAGE = """
WITH wanted AS (
  SELECT m.id, coalesce(m.step_due_on, m.due_on) AS step FROM matter m
  WHERE m.closed_on IS NULL AND m.status NOT IN ('closed_out', 'merged') AND {where})
SELECT m.*, p.name, c.name, u.name, (SELECT count(*) FROM wanted),
  (SELECT count(*) FROM wanted WHERE step < :today)
FROM (SELECT id, step FROM wanted ORDER BY step, id LIMIT 50) w JOIN matter m ON m.id = w.id
LEFT JOIN project p ON p.id = m.project_id LEFT JOIN county c ON c.id = coalesce(m.county_id, p.county_id)
LEFT JOIN unit u ON u.id = m.lead_unit_id ORDER BY w.step, w.id
"""
_OVERDUE = _PAGE.format(where="m.kind = 'problem' AND coalesce(m.step_due_on, m.due_on) < :today")
_OF_UNIT = _PAGE.format(
    where="""m.kind = 'problem' AND m.id IN (
      SELECT id FROM matter WHERE lead_unit_id = :unit AND closed_on IS NULL
      UNION SELECT o.id FROM project p JOIN matter o ON o.project_id = p.id AND o.closed_on IS NULL
        WHERE p.responsible_unit_id = :unit
      UNION SELECT matter_id FROM matter_support WHERE unit_id = :unit)"""
)
_TODO = _PAGE.format(where="m.lead_unit_id = :unit AND m.status IN ('assigned', 'in_progress', 'escalated', 'replied')")
_BOARD = """
SELECT kind, count(*), sum(CASE WHEN coalesce(step_due_on, due_on) < :today THEN 1 ELSE 0 END),
  sum(CASE WHEN is_escalated THEN 1 ELSE 0 END) FROM matter
WHERE closed_on IS NULL AND status NOT IN ('closed_out', 'merged') GROUP BY kind
UNION ALL
SELECT lead_unit_id || '', count(*), sum(CASE WHEN coalesce(step_due_on, due_on) < :today THEN 1 ELSE 0 END), 0
FROM matter WHERE closed_on IS NULL AND kind = 'problem' GROUP BY lead_unit_id
UNION ALL
SELECT raised_on || '', count(*), 0, 0 FROM matter WHERE kind = 'problem' AND raised_on >= :since GROUP BY raised_on
UNION ALL
SELECT closed_on || '', count(*), 0, 0 FROM matter WHERE kind = 'problem' AND closed_on >= :since GROUP BY closed_on
"""


def fill(store: Store) -> int:
    """Add so many matters to every project and return how many there are in all."""
    today = store.today()
    with store.transaction(SYSTEM) as tx:
        owners = tx.connection.execute(
            select(Project.id, Project.county_id, Project.responsible_unit_id).order_by(Project.id)
        ).all()
        load = BulkLoader(tx.connection)
        load.load(Matter, _COLUMNS, _rows(load, owners, today))
        return int(tx.connection.execute(text("SELECT count(*) FROM matter")).scalar_one())


def _rows(load: BulkLoader, owners: Any, today: date) -> Iterator[tuple[object, ...]]:
    day = load.day
    for place, (project_id, county_id, unit_id) in enumerate(owners):
        for turn in range(PER_PROJECT):
            number = place * PER_PROJECT + turn
            kind = _KINDS[number * 7 % len(_KINDS)]
            is_open = number % OPEN_SHARE == 0
            raised = today - timedelta(days=(number * 11 % 40) if is_open else 40 + number * 13 % 360)
            due, ended = raised + timedelta(days=21), raised + timedelta(days=7 + number % 20)
            lifted = is_open and number % 35 == 0
            status = MatterStatus.ESCALATED if lifted else MatterStatus.IN_PROGRESS if is_open else None
            done = None if is_open else ended
            yield (
                f"BM-{number:07d}", kind.value, project_id, county_id, f"第 {number} 项用地报批滞后",
                _CATEGORIES[number % len(_CATEGORIES)], (status or MatterStatus.CLOSED_OUT).value, unit_id,
                day(raised), day(due), day(due), None, day(raised), day(done), None if is_open else 5, day(done),
                day(done), "city" if lifted else "county", load.flag(lifted), "" if is_open else "满意",
            )  # fmt: skip


def figures_of(store: Store, projects: int) -> Iterator[Figure]:
    """Yield the figures for one store."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    count, today = fill(store), store.today()
    with store.read() as connection:
        unit_id = int(
            connection.execute(select(Project.responsible_unit_id).order_by(Project.id).limit(1)).scalar_one()
        )
    values = {"today": today, "unit": unit_id, "since": today - timedelta(weeks=12)}
    unit = make_actor(Role.UNIT, units=[unit_id])
    problems = MatterFilter(kinds=(MatterKind.PROBLEM,))
    everyone = make_actor(Role.SUPERVISOR)
    todo = replace(matters.mine(unit, MatterFilter()), kinds=())
    compared: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("overdue list of a city", lambda: matters.overdue(everyone, problems), _OVERDUE),
        ("open list of a unit", lambda: matters.find(unit, replace(problems, is_open=True)), _OF_UNIT),
        ("what waits for a unit", lambda: matters.find(unit, todo), _TODO),
        ("board of the wall", lambda: _board(store, everyone.scope, today), _BOARD),
    )
    for name, product, floor in compared:
        value, base, ratio = paired(product, lambda sql=floor: _raw(store, sql, values), CLOCKS[kind], rounds=7)
        ok = value <= GOAL_RATIO * base + GOAL_EXTRA_MS
        goal = f"<= {GOAL_RATIO:.0f} x floor + {GOAL_EXTRA_MS:.0f} ms"
        yield Figure(f"P12 {name}, {count} matters", kind, projects, value, "ms", base, ratio, goal, ok)
    rates, _, _ = paired(
        lambda: matters.rates(everyone, problems, RateGroup.UNIT), lambda: None, CLOCKS[kind], rounds=5
    )
    yield Figure(f"P12 rates by unit, {count} matters", kind, projects, rates, "ms")


def _board(store: Store, scope: Scope, today: date) -> object:
    with store.read() as connection:
        return read_board(connection, scope, today)


def _raw(store: Store, sql: str, values: dict[str, Any]) -> object:
    used = {name: value for name, value in values.items() if f":{name}" in sql}
    with store.read() as connection:
        return connection.execute(text(sql), used).all()
