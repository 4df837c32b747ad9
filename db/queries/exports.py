"""What exports ask of the store beside the rows themselves: which projects in which order, and what they add up to."""

from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from core.domain.ledger import ProjectFilter
from core.domain.period import Month
from core.domain.scope import Scope
from db.models.figures import project_state
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.organisation import Person
from db.models.project import Project
from db.queries.projects import matching


def matching_ids(scope: Scope, wanted: ProjectFilter, year: int) -> Select[int]:
    """Return the ids of the projects inside *scope* that match, as a query to be used inside others."""
    clause, _ = matching(scope, wanted, year)
    state = project_state.c
    return (
        select(state.project_id).select_from(project_state.join(Project, Project.id == state.project_id)).where(clause)
    )


def count_matching(connection: Connection, scope: Scope, wanted: ProjectFilter, year: int) -> int:
    """Return how many projects inside *scope* match."""
    ids = matching_ids(scope, wanted, year).subquery()
    return connection.execute(select(func.count()).select_from(ids)).scalar_one()


def ledger_sums(connection: Connection, scope: Scope, wanted: ProjectFilter, month: Month) -> dict[str, int]:
    """
    Return what each money column of the ledger adds up to, 元.

    Keys are those of ``core.exporters.project_ledger``: a field, with its month or source after a colon.
    """
    ids, year = matching_ids(scope, wanted, month.year), month.year
    of_year = or_(Project.prior_year == year - 1, Project.prior_year.is_(None))
    projects = select(func.sum(Project.total_investment_yuan), func.sum(Project.prior_done_yuan).filter(of_year))
    total, prior = connection.execute(projects.where(Project.id.in_(ids))).one()
    plan = select(func.sum(AnnualPlan.plan_yuan)).where(AnnualPlan.project_id.in_(ids), AnnualPlan.year == year)
    report = InvestmentReport
    counted = and_(report.project_id.in_(ids), report.year == year, report.month <= month.number)
    done = select(func.sum(report.done_yuan), func.sum(report.done_yuan).filter(report.month == month.number))
    ytd, this_month = connection.execute(done.where(counted)).one()
    sums: dict[str, Any] = {
        "total_investment_yuan": total,
        "prior_done_yuan": prior,
        "annual_plan_yuan": connection.execute(plan).scalar_one(),
        "month_done_yuan": this_month,
        "ytd_done_yuan": ytd,
    }
    months = select(InvestmentPlan.month, func.sum(InvestmentPlan.plan_yuan)).group_by(InvestmentPlan.month)
    of_month = months.where(InvestmentPlan.project_id.in_(ids), InvestmentPlan.year == year)
    sums |= {f"month_plans_yuan:{number}": amount for number, amount in connection.execute(of_month)}
    lines = select(FundingLine.source, func.sum(FundingLine.planned_yuan)).group_by(FundingLine.source)
    of_source = lines.where(FundingLine.project_id.in_(ids))
    sums |= {f"funding:{source}": amount for source, amount in connection.execute(of_source)}
    return {code: int(amount) for code, amount in sums.items() if amount}


def load_phones(connection: Connection) -> dict[int, str]:
    """Return the telephone numbers of the people who have one."""
    query = select(Person.id, Person.phone).where(Person.phone != "")
    return {row[0]: row[1] for row in connection.execute(query)}
