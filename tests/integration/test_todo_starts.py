"""待办 of starting: procedures, owed papers and stays on a list reach their owners; the digest deals out the same."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.terms import Role
from core.domain.todo import Todo, TodoKind
from core.services import starts, todos
from core.services.starts import ItemEdit, WatchFilter
from core.services.todos import gathering
from db.models import Procedure
from tests import factories as make
from tests.factories import SYSTEM
from tests.support import start_city
from tests.support.start_city import SUPERVISOR

TODAY = date(2026, 11, 22)


@pytest.fixture
def city(store) -> dict[str, int]:
    found = start_city.build(store)
    papers = {"done_on": date(2026, 8, 1), "owed_papers": "质监手续", "owed_due_on": date(2026, 11, 20)}
    with store.transaction(SYSTEM) as tx:
        for project, kind, values in (
            ("reserve", "planning", {"planned_on": date(2026, 11, 25), "unit_id": found["other"]}),
            ("reserve", "funds", {"planned_on": date(2026, 12, 25)}),
            ("reserve", "energy", {"planned_on": TODAY, "applies": False}),
            ("late", "permit", papers),
            ("good", "permit", {**papers, "supplied_on": TODAY}),
        ):
            tx.insert(Procedure, {"project_id": found[project], "kind": kind, **values})
    starts.refresh(SUPERVISOR)
    return found


def told(actor, kind: TodoKind) -> list[tuple[str, str, str, date | None]]:
    return [(one.title, one.step, one.owner, one.due_on) for one in todos.page_of(actor, kind).items]


def dealt(actor, person_id: int | None = None) -> list[Todo]:
    readers = {"reader": gathering.Reader(actor, person_id)}
    own = (TodoKind.PROCEDURE, TodoKind.WATCH)
    return [one for one in gathering.gather(readers, TODAY)["reader"].items if one.kind in own]


def test_county_is_told_of_procedures_and_owed_papers_that_fall_due(city) -> None:
    east = make.make_actor(Role.COUNTY, counties=[city["east"]])
    assert told(east, TodoKind.PROCEDURE) == [
        ("施工许可容缺材料待补：质监手续", "补齐", "东县", date(2026, 11, 20)),
        ("规划待办结", "办结", "交通局", date(2026, 11, 25)),
    ]
    first = todos.page_of(east, TodoKind.PROCEDURE).items[0]
    assert (first.place, first.link) == ("迟开工程", f"/starts?view=readiness&project={city['late']}")
    assert told(make.make_actor(Role.COUNTY, counties=[city["west"]]), TodoKind.PROCEDURE) == []
    assert [one.title for one in dealt(east)] == ["施工许可容缺材料待补：质监手续", "规划待办结"]
    assert told(SUPERVISOR, TodoKind.PROCEDURE) == []  # who sees everything does not owe it


def test_owners_of_an_item_are_told_until_the_project_leaves_the_list(store, city) -> None:
    owner = make.make_actor(Role.UNIT, units=[city["unit"]])
    assert told(owner, TodoKind.WATCH) == [("迟开工程在未开工清单", "落实整改", "发改局", date(2026, 12, 18))]
    assert todos.page_of(owner, TodoKind.WATCH).items[0].link == "/starts?view=not_started"
    (row,) = starts.find(SUPERVISOR, WatchFilter(project_id=city["late"])).rows
    starts.save_items(SUPERVISOR, [replace(ItemEdit.of(row), owner_unit_id=city["other"], due_on=date(2026, 11, 24))])
    assert told(owner, TodoKind.WATCH) == []
    other = make.make_actor(Role.UNIT, units=[city["other"]])
    assert [one.title for one in dealt(other)] == ["迟开工程在未开工清单"]
    # The person named answers for it wherever he is bound.
    elsewhere = make.make_actor(Role.COUNTY, counties=[city["west"]])
    assert [one.title for one in dealt(elsewhere, city["head"])] == ["迟开工程在未开工清单"]
    assert dealt(elsewhere) == []
