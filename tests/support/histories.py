"""Random writes on a small city, for properties that must hold after any history."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict
from core.domain.terms import MatterKind, MatterStatus, ReportStatus, YearClass
from core.services import figures
from db.models import (
    AnnualPlan,
    InvestmentPlan,
    InvestmentReport,
    ListMembership,
    Matter,
    Milestone,
    Parcel,
    ParcelUse,
    Project,
)
from db.session import transaction
from tests.conftest import Clock
from tests.factories import SYSTEM, YI, make_county, make_headquarters, make_milestone, make_parcel, make_project


class RandomHistory:
    """Random writes on a small city, drawn from one seed; days reach up to *latest* days into the future."""

    def __init__(self, seed: int, clock: Clock, *, latest: int = 40) -> None:
        self.random = random.Random(seed)
        self.latest = latest
        self.clock = clock
        with transaction(SYSTEM) as tx:
            self.counties = [make_county(tx) for _ in range(3)]
            self.headquarters = [make_headquarters(tx) for _ in range(2)]
            self.projects = [self._project(tx) for _ in range(6)]

    def _project(self, tx: object) -> int:
        dice = self.random
        return make_project(
            tx,
            dice.choice(self.counties),
            headquarters_id=dice.choice([None, *self.headquarters]),
            category=dice.choice(("铁路", "河道")),
            year_class=dice.choice([None, *YearClass]),
            plan_yuan=dice.choice([None, 0, 7 * YI + 5, 12 * YI]),
            start_planned_on=self._day(),
            started_on=dice.choice([None, self._day()]),
        )

    def _day(self) -> date:
        return self.clock.now.date() + timedelta(days=self.random.randint(-120, self.latest))

    def step(self) -> None:
        action = self.random.choice(
            (
                self.report,
                self.report,
                self.milestone,
                self.milestone,
                self.edit,
                self.plan,
                self.member,
                self.matter,
                self.parcel,
                self.new_project,
                self.day_change,
                self.conflict,
            )
        )
        action()

    def report(self) -> None:
        year, month = self.clock.now.year, self.random.randint(1, 12)
        values = {
            "done_yuan": self.random.randint(0, 3 * YI),
            "status": self.random.choice([status.value for status in ReportStatus]),
        }
        with transaction(SYSTEM) as tx:
            self._upsert(tx, InvestmentReport, {"project_id": self.pick(), "year": year, "month": month}, values)

    def _upsert(self, tx: object, model: type, key: dict[str, int], values: dict[str, object]) -> None:
        table = model.__table__  # type: ignore[attr-defined]
        where = [table.c[name] == value for name, value in key.items()]
        row = tx.connection.execute(select(table).where(*where)).mappings().first()  # type: ignore[attr-defined]
        if row is None:
            tx.insert(model, {**key, **values})  # type: ignore[attr-defined]
        else:
            primary = tuple(row[column.name] for column in table.primary_key)
            tx.update(  # type: ignore[attr-defined]
                model, primary[0] if len(primary) == 1 else primary, values, expected_version=row["version"]
            )

    def pick(self) -> int:
        return self.random.choice(self.projects)

    def milestone(self) -> None:
        with transaction(SYSTEM) as tx:
            rows = tx.connection.execute(select(Milestone.id, Milestone.version)).all()
            if not rows or self.random.random() < 0.4:
                planned = self._day()
                make_milestone(tx, self.pick(), planned_on=planned, is_key=self.random.random() < 0.5)
            else:
                key, version = self.random.choice(rows)
                changes = {"actual_on": self.random.choice([None, self._day()]), "planned_on": self._day()}
                tx.update(Milestone, key, changes, expected_version=version)

    def edit(self) -> None:
        changes = {
            "county_id": self.random.choice(self.counties),
            "headquarters_id": self.random.choice([None, *self.headquarters]),
            "category": self.random.choice(("铁路", "河道", "学校")),
            "total_investment_yuan": self.random.randint(1, 50) * YI,
            "suspended_on": self.random.choice([None, self._day()]),
            "completed_on": self.random.choice([None, self._day()]),
        }
        with transaction(SYSTEM) as tx:
            tx.update(Project, self.pick(), changes, expected_version=None)

    def plan(self) -> None:
        year, project = self.clock.now.year, self.pick()
        with transaction(SYSTEM) as tx:
            self._upsert(
                tx, AnnualPlan, {"project_id": project, "year": year}, {"plan_yuan": self.random.randint(0, 9) * YI}
            )
            self._upsert(
                tx,
                InvestmentPlan,
                {"project_id": project, "year": year, "month": self.random.randint(1, 12)},
                {"plan_yuan": self.random.randint(0, YI)},
            )

    def member(self) -> None:
        with transaction(SYSTEM) as tx:
            rows = tx.connection.execute(select(ListMembership.id)).scalars().all()
            if rows:
                tx.update(
                    ListMembership,
                    self.random.choice(rows),
                    {"left_on": self.random.choice([None, self._day()])},
                    expected_version=None,
                )

    def matter(self) -> None:
        with transaction(SYSTEM) as tx:
            rows = tx.connection.execute(select(Matter.id)).scalars().all()
            if rows and self.random.random() < 0.5:
                tx.update(Matter, self.random.choice(rows), {"closed_on": self._day()}, expected_version=None)
                return
            tx.insert(
                Matter,
                {
                    "code": f"WT-{self.random.getrandbits(60)}",
                    "kind": MatterKind.PROBLEM.value,
                    "project_id": self.pick(),
                    "title": "征迁",
                    "status": MatterStatus.ASSIGNED.value,
                    "raised_on": self._day(),
                    "due_on": self._day(),
                    "is_escalated": self.random.random() < 0.3,
                },
            )

    def parcel(self) -> None:
        with transaction(SYSTEM) as tx:
            parcel = make_parcel(tx, self.random.choice(self.counties))
            tx.insert(ParcelUse, {"parcel_id": parcel, "project_id": self.pick()})
        with transaction(SYSTEM) as tx:
            tx.update(Parcel, parcel, {"county_id": self.random.choice(self.counties)}, expected_version=1)

    def new_project(self) -> None:
        with transaction(SYSTEM) as tx:
            self.projects.append(self._project(tx))

    def day_change(self) -> None:
        self.clock.advance(days=self.random.choice((1, 3, 31)))
        if self.random.random() < 0.5:
            figures.version()

    def conflict(self) -> None:
        with pytest.raises(Conflict), transaction(SYSTEM) as tx:  # noqa: PT012 - the second write fails
            tx.update(Project, self.pick(), {"remark": "甲"}, expected_version=None)
            tx.update(Project, self.pick(), {"remark": "乙"}, expected_version=-1)
