"""What the tables beside the project ledger are compared with: keys of a whole table, full rows of those that match."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import DeclarativeBase

from db.models.milestone import Milestone
from db.models.money import AnnualPlan, InvestmentReport
from db.models.project import Project
from db.queries.import_targets import StoredRow

_CHUNK = 500


def load_columns(
    connection: Connection, model: type[DeclarativeBase], names: Iterable[str], where: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the columns *names* of every row of *model* whose columns equal *where*: identity is store-wide."""
    table = model.__table__
    columns = [table.c[name] for name in dict.fromkeys(names)]
    tests = [table.c[name] == value for name, value in where.items()]
    return [dict(row) for row in connection.execute(select(*columns).where(*tests).order_by(table.c.id)).mappings()]


def load_rows(
    connection: Connection, model: type[DeclarativeBase], ids: Sequence[int], by: str = "id"
) -> dict[int, dict[str, Any]]:
    """Return the rows of *model* whose column *by* is one of *ids*, by that column."""
    table = model.__table__
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        statement = select(table).where(table.c[by].in_(list(ids[start : start + _CHUNK])))
        for row in connection.execute(statement).mappings():
            found[row[by]] = dict(row)
    return found


def load_milestones(connection: Connection, project_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return every milestone of the projects, in their order."""
    table = Milestone.__table__
    found: list[dict[str, Any]] = []
    for start in range(0, len(project_ids), _CHUNK):
        chunk = list(project_ids[start : start + _CHUNK])
        statement = select(table).where(table.c.project_id.in_(chunk))
        order = (table.c.project_id, table.c.sequence, table.c.id)
        found += [dict(row) for row in connection.execute(statement.order_by(*order)).mappings()]
    return found


def load_reports(
    connection: Connection, project_ids: Sequence[int], years: Iterable[int]
) -> dict[tuple[int, int], dict[int, StoredRow]]:
    """Return (project, year) → month → report."""
    table = InvestmentReport.__table__
    found: dict[tuple[int, int], dict[int, StoredRow]] = {}
    wanted = sorted(set(years))
    for start in range(0, len(project_ids), _CHUNK):
        chunk = list(project_ids[start : start + _CHUNK])
        statement = select(table).where(table.c.project_id.in_(chunk), table.c.year.in_(wanted))
        for row in connection.execute(statement).mappings():
            months = found.setdefault((row["project_id"], row["year"]), {})
            months[row["month"]] = StoredRow(row["id"], row["version"], dict(row))
    return found


def load_yardsticks(
    connection: Connection, project_ids: Sequence[int], years: Iterable[int]
) -> dict[tuple[int, int], tuple[int, int | None]]:
    """Return (project, year) → total investment and annual plan, 元; the plan is ``None`` where there is none."""
    project, plan = Project.__table__, AnnualPlan.__table__
    wanted = sorted(set(years))
    found: dict[tuple[int, int], tuple[int, int | None]] = {}
    for start in range(0, len(project_ids), _CHUNK):
        chunk = list(project_ids[start : start + _CHUNK])
        totals = connection.execute(
            select(project.c.id, project.c.total_investment_yuan).where(project.c.id.in_(chunk))
        )
        found |= {(row.id, year): (row.total_investment_yuan, None) for row in totals for year in wanted}
        plans = select(plan.c.project_id, plan.c.year, plan.c.plan_yuan).where(
            plan.c.project_id.in_(chunk), plan.c.year.in_(wanted)
        )
        for row in connection.execute(plans):
            found[row.project_id, row.year] = (found[row.project_id, row.year][0], row.plan_yuan)
    return found
