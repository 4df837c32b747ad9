"""Backward schedules (倒排工期): every save is a plan of its own, so that none is lost; one of them is the baseline."""

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, reference


class SchedulePlan(Versioned, Base):
    """
    One saved schedule of a project; a later draft supersedes the one before, an adopted plan the adopted one.

    ``wanted_on`` is the finish that was asked for, ``finish_on`` the last working day up to it. ``missing_days`` are
    the working days by which it did not fit on the day it was saved; None = a fixed node was in the way.
    """

    __tablename__ = "schedule_plan"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index(
            "ix_schedule_plan_current",
            "finish_on",
            "id",
            sqlite_where=text("status <> 'superseded'"),
            postgresql_where=text("status <> 'superseded'"),
        ),
    )
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    number: Mapped[int] = mapped_column(Integer)
    template_code: Mapped[Code] = mapped_column(default="", server_default="")
    template_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    status: Mapped[Code]
    wanted_on: Mapped[Day]
    finish_on: Mapped[Day]
    start_on: Mapped[Day]
    earliest_on: Mapped[Day | None]
    missing_days: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]
    adopted_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    adopted_at: Mapped[Instant | None]


class ScheduleTask(Versioned, Base):
    """
    One task of a plan with the days that were computed for it; it names no project, so that a draft is one line of
    the project's history and not three hundred.

    ``predecessors`` is JSON: [{code, kind, amount}]; ``milestone_id`` the node it became when the plan was adopted.
    """

    __tablename__ = "schedule_task"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)
    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("schedule_plan.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    code: Mapped[Code]
    name: Mapped[Name]
    duration_days: Mapped[int] = mapped_column(Integer)
    predecessors: Mapped[LongText]
    is_key: Mapped[bool] = mapped_column(Boolean)
    responsible: Mapped[str] = mapped_column(String(100))
    earliest_on: Mapped[Day | None]
    must_finish_on: Mapped[Day | None]
    done_on: Mapped[Day | None]
    planned_start_on: Mapped[Day]
    planned_finish_on: Mapped[Day]
    float_days: Mapped[int] = mapped_column(Integer)
    is_critical: Mapped[bool] = mapped_column(Boolean)
    milestone_id: Mapped[int | None] = reference("milestone.id", index=False)
