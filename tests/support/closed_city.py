"""A small city whose October is closed, and whose names and reports changed afterwards."""

from typing import Any

from core.domain.period import Month
from core.domain.terms import Role
from core.services import closing, figures
from db.models.project import Project
from tests import factories as make
from tests.factories import SYSTEM, YI

OCTOBER = Month(2026, 10)
SUPERVISOR = make.make_actor(Role.SUPERVISOR, login="sup")
WHY = "两个项目停工未报"
THEN, NOW = "滨江大道工程", "滨江快速路工程"


def build(store: Any) -> dict[str, int]:
    """Fill an empty store, with every report of October but one."""
    with store.transaction(SYSTEM) as tx:
        county = make.make_county(tx, "东县")
        keys = {
            "county": county,
            "one": make.make_project(tx, county, THEN, done_yuan=dict.fromkeys(range(1, 11), YI)),
            "two": make.make_project(tx, county, "二号工程", done_yuan=dict.fromkeys(range(1, 10), YI)),
        }
        keys["plot"] = make.make_parcel(tx, county, keys["one"])
    figures.version()
    return keys


def close_and_change(store: Any, keys: dict[str, int]) -> closing.ClosedMonth:
    """Close October, then rename the first project and bring a new one."""
    row = closing.close(SUPERVISOR, OCTOBER, WHY)
    with store.transaction(SYSTEM) as tx:
        tx.update(Project, keys["one"], {"name": NOW}, expected_version=None)
        make.make_project(tx, keys["county"], "新来工程")
    return row
