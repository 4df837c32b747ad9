"""A small city before and around its starts: late starts, lagging works, a reserve, papers owed."""

from datetime import date
from typing import Any

from core.domain.start_terms import ProcedureKind
from core.domain.terms import AssignmentRole, Role, Stage, YearClass
from db.models import ListMembership, Procedure
from tests import factories as make
from tests.factories import SYSTEM, YI

SUPERVISOR = make.make_actor(Role.SUPERVISOR, login="sup")
EVERY_MONTH = dict.fromkeys(range(1, 11), YI)


def build(store: Any) -> dict[str, int]:
    """Fill an empty store and return the keys by name; today is 2026-11-22, figures stand at October."""
    with store.transaction(SYSTEM) as tx:
        east, west = make.make_county(tx, "东县"), make.make_county(tx, "西县")
        unit, other = make.make_unit(tx, "发改局"), make.make_unit(tx, "交通局")
        head = make.make_person(tx, "王主任", title="主任")
        late = make.make_project(
            tx,
            east,
            "迟开工程",
            year_class=YearClass.NEW_START,
            stage=Stage.PREPARATION.value,
            start_planned_on=date(2026, 6, 1),
            reserved_on=date(2025, 5, 1),
            responsible_unit_id=unit,
        )
        make.make_assignment(tx, late, AssignmentRole.RESPONSIBLE_PERSON.value, person_id=head)
        lagging = make.make_project(tx, west, "滞后工程", done_yuan={10: YI}, started_on=date(2025, 3, 1))
        good = make.make_project(
            tx,
            west,
            "正常工程",
            done_yuan=EVERY_MONTH,
            started_on=date(2026, 10, 25),
            reserved_on=date(2026, 2, 1),
            year_class=YearClass.NEW_START,
            start_planned_on=date(2026, 10, 1),
        )
        reserve = _reserve(tx, east)
    return {
        "east": east,
        "west": west,
        "unit": unit,
        "other": other,
        "head": head,
        "late": late,
        "lagging": lagging,
        "good": good,
        "reserve": reserve,
    }


def _reserve(tx: Any, county: int) -> int:
    """Add a reserve project on next year's list, approved, without its land."""
    reserve = make.make_project(
        tx,
        county,
        "储备工程",
        year_class=YearClass.RESERVE,
        plan_yuan=None,
        stage=Stage.RESERVE.value,
        reserved_on=date(2025, 9, 1),
        start_planned_on=date(2027, 1, 10),
    )
    tx.insert(
        ListMembership,
        {
            "project_id": reserve,
            "list_code": "major",
            "year": 2027,
            "year_class": YearClass.NEW_START.value,
            "joined_on": date(2027, 1, 1),
        },
    )
    for kind, day in ((ProcedureKind.APPROVAL, date(2026, 5, 6)), (ProcedureKind.LAND, None)):
        tx.insert(Procedure, {"project_id": reserve, "kind": kind.value, "done_on": day})
    return reserve
