"""Everything the figures of a project are made of, read set-based for one project or a hundred thousand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from core.domain.facts import NO_MONTHS, BondFact, FindingFact, MilestoneFact, ProjectFacts
from core.domain.period import AsOf, report_deadlines
from core.domain.supervision_terms import Severity
from core.domain.terms import Stage, YearClass
from core.settings import get_settings
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
    late: dict[int, int] = {}
    deadlines = _deadlines(as_of)
    for project_id, month, yuan, sent_at in statements.reports(connection, year=as_of.year, **which):
        done.setdefault(project_id, [None] * 12)[month - 1] = yuan
        if sent_at is not None and month <= len(deadlines) and sent_at >= deadlines[month - 1]:
            late[project_id] = late.get(project_id, 0) + 1
    milestones: dict[int, list[MilestoneFact]] = {}
    for project_id, *values in statements.milestones(connection, on=as_of.on, **which):
        milestones.setdefault(project_id, []).append(_milestone(*values))
    bonds: dict[int, list[BondFact]] = {}
    for project_id, *values in statements.bonds(connection, on=as_of.on, **which):
        bonds.setdefault(project_id, []).append(BondFact(*values))
    findings: dict[int, list[FindingFact]] = {}
    for project_id, key, severity, due_on in statements.findings(connection, on=as_of.on, **which):
        findings.setdefault(project_id, []).append(FindingFact(key, severity == Severity.SERIOUS, due_on))
    rows = statements.projects(connection, year=as_of.year, on=as_of.on, **which)
    found = {row[0]: ProjectRow(*row) for row in rows}
    return list(_assemble(found, _Children(plans, done, late, milestones, bonds, findings)))


def _deadlines(as_of: AsOf) -> tuple[datetime, ...]:
    """Return the first moment after the reporting deadline of each month January..as-of month, aware UTC."""
    settings = get_settings()
    return report_deadlines(
        as_of.month, settings.report_due_day, settings.report_due_next_month, ZoneInfo(settings.timezone)
    )


@dataclass(frozen=True, slots=True)
class _Children:
    """What hangs on projects, by project id."""

    plans: dict[int, list[int | None]]
    done: dict[int, list[int | None]]
    late: dict[int, int]
    milestones: dict[int, list[MilestoneFact]]
    bonds: dict[int, list[BondFact]]
    findings: dict[int, list[FindingFact]]


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


def _assemble(rows: dict[int, ProjectRow], children: _Children) -> Iterator[CategorisedFacts]:
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
                month_plan_yuan=tuple(children.plans[project_id]) if project_id in children.plans else NO_MONTHS,
                month_done_yuan=tuple(children.done[project_id]) if project_id in children.done else NO_MONTHS,
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
                milestones=tuple(children.milestones.get(project_id, ())),
                problems_open=row.problems_open,
                problems_overdue=row.problems_overdue,
                problems_overdue_escalated=row.problems_overdue_escalated,
                reports_late=children.late.get(project_id, 0),
                bonds=tuple(children.bonds.get(project_id, ())),
                findings=tuple(children.findings.get(project_id, ())),
            ),
            row.category,
        )
