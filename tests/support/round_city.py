"""A small city for rounds: two counties, one headquarters, one unit, projects from on schedule to silent."""

from datetime import date
from typing import Any

from core.domain.period import Month
from core.domain.rounds import RoundWindow
from core.domain.terms import Role, YearClass
from core.services import rounds
from core.services.rounds import NewRound
from tests import factories as make
from tests.factories import SYSTEM, YI

SUPERVISOR = make.make_actor(Role.SUPERVISOR, login="sup")
LEADER = make.make_actor(Role.LEADER, login="boss")
WINDOW = RoundWindow(Month(2026, 9), Month(2026, 10), date(2026, 11, 22))


def build(store: Any) -> dict[str, int]:
    """Fill an empty store and return the keys by name."""
    with store.transaction(SYSTEM) as tx:
        east, west = make.make_county(tx, "东县"), make.make_county(tx, "西县")
        hq, unit = make.make_headquarters(tx, "产业指挥部"), make.make_unit(tx, "发改局")
        leaders = [make.make_person(tx, name) for name in ("张三", "李四")]
        keys = {
            "good": make.make_project(tx, east, "正常工程", done_yuan=dict.fromkeys(range(1, 11), YI)),
            "warn": make.make_project(
                tx, east, "滞后工程", done_yuan={8: 8 * YI, 10: YI // 2}, headquarters_id=hq, responsible_unit_id=unit
            ),
            "red": make.make_project(tx, west, "严重工程", done_yuan={9: YI}, headquarters_id=hq),
            "silent": make.make_project(tx, west, "未报“引号”工程"),
            "unlisted": make.make_project(tx, west, "调出工程", year_class=None),
            "start": make.make_project(
                tx, west, "新开工程", year_class=YearClass.NEW_START, start_planned_on=date(2026, 6, 1)
            ),
        }
        for person in leaders:
            make.make_assignment(tx, keys["warn"], "sponsor_leader", person_id=person)
    return {**keys, "east": east, "west": west, "hq": hq, "unit": unit}


def draft(number: int | None = None, window: RoundWindow = WINDOW) -> tuple[int, rounds.Computed]:
    """A computed draft."""
    key = rounds.create(SUPERVISOR, NewRound(window, number))
    return key, rounds.compute(SUPERVISOR, key, 1)


def reviewed(number: int | None = None, window: RoundWindow = WINDOW) -> tuple[int, int]:
    """A reviewed round and its version."""
    key, result = draft(number, window)
    return key, rounds.review(SUPERVISOR, key, result.version)


def published(number: int | None = None, window: RoundWindow = WINDOW) -> int:
    """A published round."""
    key, version = reviewed(number, window)
    rounds.publish(SUPERVISOR, key, version)
    return key
