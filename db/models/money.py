"""Plans, monthly reports and funding lines. All amounts are integer 元."""

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Instant, LongText, PrimaryKey, Versioned, Yuan, reference


class AnnualPlan(Versioned, Base):
    """A project's plan for a year (年度计划投资) and what should be reached (形象进度目标)."""

    __tablename__ = "annual_plan"
    __table_args__ = (UniqueConstraint("project_id", "year"),)
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    year: Mapped[int] = mapped_column(Integer)
    plan_yuan: Mapped[Yuan]
    goal: Mapped[LongText] = mapped_column(default="")


class InvestmentPlan(Versioned, Base):
    """The plan of one month (月度计划); the twelve months add up to the annual plan."""

    __tablename__ = "investment_plan"
    project_id: Mapped[int] = mapped_column(BigId, ForeignKey("project.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    plan_yuan: Mapped[Yuan]


class InvestmentReport(Versioned, Base):
    """
    What was done in one month (投资月报): dispatch value and statistics value side by side.

    ``reported_ytd_yuan`` is the cumulated figure as typed; it is checked against the months, never summed.
    ``done_yuan`` is None only in a draft whose amount is still open; a report that was sent in states it, 0 included.
    """

    __tablename__ = "investment_report"
    __table_args__ = (
        UniqueConstraint("project_id", "year", "month"),
        Index("ix_investment_report_year_month_status", "year", "month", "status"),
    )
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    status: Mapped[Code]
    done_yuan: Mapped[Yuan | None]
    statistics_yuan: Mapped[Yuan | None]
    reported_ytd_yuan: Mapped[Yuan | None]
    physical_progress: Mapped[str] = mapped_column(String(1000), default="")
    difficulty: Mapped[str] = mapped_column(String(1000), default="")
    next_step: Mapped[str] = mapped_column(String(1000), default="")
    return_reason: Mapped[str] = mapped_column(String(400), default="")
    submitted_at: Mapped[Instant | None]
    submitted_by: Mapped[str] = mapped_column(String(64), default="")
    reviewed_at: Mapped[Instant | None]
    reviewed_by: Mapped[str] = mapped_column(String(64), default="")


class FundingLine(Versioned, Base):
    """One source of a project's money (资金来源): planned, received, spent."""

    __tablename__ = "funding_line"
    __table_args__ = (UniqueConstraint("project_id", "source"),)
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    source: Mapped[Code]
    planned_yuan: Mapped[Yuan] = mapped_column(default=0)
    received_yuan: Mapped[Yuan] = mapped_column(default=0)
    spent_yuan: Mapped[Yuan] = mapped_column(default=0)
