"""Everything the figures of a project are made of, read set-based for one project or a hundred thousand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from core.domain.facts import NO_MONTHS, MilestoneFact, ProjectFacts
from core.domain.period import AsOf
from core.domain.terms import Stage, YearClass
from db.queries.facts_statements import AMONG, BETWEEN, FEW, ONE, ProjectRow, Statements


@dataclass(frozen=True, slots=True)
class CategorisedFacts:
    """Facts of a project and the category it is summed under."""

    facts: ProjectFacts
    category: str


def load_facts(connection: Connection, project_ids: Sequence[int], as_of: AsOf) -> list[CategorisedFacts]:
    """Return the facts of the named projects as of *as_of*; unknown ids are left out."""
    if len(project_ids) > FEW:
        first, last = min(project_ids), max(project_ids)
        if last - first + 1 == len(project_ids):  # rows of one import: nothing else lies between them
            return load_facts_between(connection, first, last, as_of)
        return load_with(connection, AMONG, as_of, {"ids": list(project_ids)})
    single = [load_with(connection, ONE, as_of, {"project_id": project_id}) for project_id in project_ids]
    return list(chain.from_iterable(single))


def load_facts_between(connection: Connection, first_id: int, last_id: int, as_of: AsOf) -> list[CategorisedFacts]:
    """Return the facts of all projects with first_id ≤ id ≤ last_id (for recounts)."""
    return load_with(connection, BETWEEN, as_of, {"first_id": first_id, "last_id": last_id})


def load_with(
    connection: Connection, statements: Statements, as_of: AsOf, which: dict[str, Any]
) -> list[CategorisedFacts]:
    """Return the facts that *statements* read for the parameters *which*, as of *as_of*."""
    plans: dict[int, list[int | None]] = {}
    for project_id, month, yuan in statements.plans(connection, year=as_of.year, **which):
        plans.setdefault(project_id, [None] * 12)[month - 1] = yuan
    done: dict[int, list[int | None]] = {}
    for project_id, month, yuan in statements.reports(connection, year=as_of.year, **which):
        done.setdefault(project_id, [None] * 12)[month - 1] = yuan
    milestones: dict[int, list[MilestoneFact]] = {}
    for project_id, *values in statements.milestones(connection, on=as_of.on, **which):
        milestones.setdefault(project_id, []).append(_milestone(*values))
    rows = statements.projects(connection, year=as_of.year, on=as_of.on, **which)
    found = {row[0]: ProjectRow(*row) for row in rows}
    return list(_assemble(found, plans, done, milestones))


def _milestone(
    node_id: int, name: str, is_key: bool, first: date, planned: date, forecast: date | None, actual: date | None
) -> MilestoneFact:
    return MilestoneFact(
        id=node_id,
        name=name,
        is_key=is_key,
        first_baseline_on=first,
        planned_on=planned,
        forecast_on=forecast,
        actual_on=actual,
    )


def _assemble(
    rows: dict[int, ProjectRow],
    plans: dict[int, list[int | None]],
    done: dict[int, list[int | None]],
    milestones: dict[int, list[MilestoneFact]],
) -> Iterator[CategorisedFacts]:
    for project_id, row in rows.items():
        yield CategorisedFacts(
            ProjectFacts(
                project_id=project_id,
                county_id=row.county_id,
                headquarters_id=row.headquarters_id,
                unit_id=row.responsible_unit_id,
                stage=Stage(row.stage),
                year_class=YearClass(row.year_class) if row.year_class else None,
                total_investment_yuan=row.total_investment_yuan,
                prior_done_yuan=row.prior_done_yuan + int(row.later_done_yuan),
                annual_plan_yuan=row.plan_yuan,
                month_plan_yuan=tuple(plans[project_id]) if project_id in plans else NO_MONTHS,
                month_done_yuan=tuple(done[project_id]) if project_id in done else NO_MONTHS,
                start_planned_on=row.start_planned_on,
                finish_planned_on=row.finish_planned_on,
                started_on=row.started_on,
                suspended_on=row.suspended_on,
                resumed_on=row.resumed_on,
                completed_on=row.completed_on,
                commissioned_on=row.commissioned_on,
                full_capacity_on=row.full_capacity_on,
                signed_on=row.signed_on,
                fulfilled_on=row.fulfilled_on,
                reserved_on=row.reserved_on,
                entered_statistics_on=row.entered_statistics_on,
                funds_planned_yuan=int(row.funds_planned_yuan),
                funds_received_yuan=int(row.funds_received_yuan),
                funds_spent_yuan=int(row.funds_spent_yuan),
                land_sqm=int(row.land_sqm),
                milestones=tuple(milestones.get(project_id, ())),
                problems_open=row.problems_open,
                problems_overdue=row.problems_overdue,
                problems_overdue_escalated=row.problems_overdue_escalated,
            ),
            row.category,
        )
