"""``manage.py lists refresh``, and the demo city's lists, readiness and reserve: coherent with its dates."""

import json

import pytest
from sqlalchemy import select

from core.commands import build_parser
from core.domain.permissions import system_actor
from core.domain.start_terms import Maturity, ReadinessAlert, WatchList
from core.services import demo_accounts, demo_starts, starts
from core.services.starts import Refreshed, StartFilter, WatchFilter
from db.models import Procedure, Project
from db.seed.demo import build
from db.seed.removal import clear
from tests.support import start_city
from tests.support.start_city import SUPERVISOR


def manage(*words: str) -> int:
    arguments = build_parser().parse_args(["lists", *words])
    return arguments.handler(arguments)


def test_command_tells_what_changed_and_then_nothing(sqlite_store, capsys) -> None:
    start_city.build(sqlite_store)
    assert manage("refresh", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"entered": 2, "regrounded": 0, "left": 0}
    assert manage("refresh") == 0
    assert capsys.readouterr().out == "列入 0 项，移出 0 项，依据变化 0 项。\n"


@pytest.fixture
def demo(sqlite_store):
    build(sqlite_store)
    demo_accounts.create(system_actor("演示数据"))
    supervisor, _ = demo_accounts.reviewers()
    demo_starts.create(supervisor)
    return supervisor


def test_demo_lists_stand_as_the_rules_say_with_owners_and_a_past(demo) -> None:
    assert starts.pending(demo) == Refreshed(0, 0, 0)
    late = starts.find(demo, WatchFilter(WatchList.NOT_STARTED)).rows
    assert late
    assert all(row.owner_unit_name and row.owner_person_name for row in late)
    assert all(row.entered_on <= row.due_on for row in late)
    assert any(row.is_overdue(starts.find(demo, WatchFilter()).today) for row in late)
    gone = starts.find(demo, WatchFilter(is_open=False)).rows
    assert gone
    assert all(row.left_on and row.entered_on < row.left_on for row in gone)


def test_demo_readiness_agrees_with_the_stage_of_its_projects(sqlite_store, demo) -> None:
    begun = starts.matrix(demo, StartFilter(has_started=True)).rows
    waiting = starts.matrix(demo, StartFilter()).rows
    # What has started had its papers, or was let in with some owed.
    assert all(set(one.readiness.missing) <= set(one.readiness.owed) for one in begun)
    assert any(one.readiness.owed for one in begun)
    late = [one for one in waiting if one.readiness.alert is ReadinessAlert.OVERDUE]
    assert late
    assert all(one.readiness.missing for one in late)
    grades = {one.grade: one.projects for one in starts.pool(demo, StartFilter()).grades}
    assert grades[Maturity.A]
    assert grades[Maturity.B]
    with sqlite_store.read() as connection:
        after = connection.execute(
            select(Project.name)
            .join(Procedure, Procedure.project_id == Project.id)
            .where(Procedure.done_on >= Project.started_on)
        ).all()
    assert after == []


def test_demo_takes_its_procedures_and_items_with_it(sqlite_store, demo) -> None:
    clear(sqlite_store)
    assert starts.find(SUPERVISOR, WatchFilter(is_open=None)).total == 0
    with sqlite_store.read() as connection:
        assert connection.execute(select(Procedure.id)).all() == []
