"""Milestones (节点) and every baseline they ever had."""

from sqlalchemy import Boolean, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Day, Instant, Name, PrimaryKey, Versioned, reference


class Milestone(Versioned, Base):
    """
    A dated node of a project.

    ``first_baseline_on`` never changes; ``planned_on`` is the latest baseline; ``moves`` counts re-baselines.
    ``source_key`` is the identity the node has in the schedule it was imported from (MS Project, Primavera).
    """

    __tablename__ = "milestone"
    __table_args__ = (
        Index("ix_milestone_project_id_sequence", "project_id", "sequence"),
        Index(
            "ix_milestone_open_planned_on",
            "planned_on",
            "project_id",
            sqlite_where=text("actual_on IS NULL"),
            postgresql_where=text("actual_on IS NULL"),
        ),
    )
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    sequence: Mapped[int] = mapped_column(Integer)
    name: Mapped[Name]
    is_key: Mapped[bool] = mapped_column(Boolean, default=False)
    first_baseline_on: Mapped[Day]
    planned_on: Mapped[Day]
    forecast_on: Mapped[Day | None]
    actual_on: Mapped[Day | None]
    forecast_reason: Mapped[str] = mapped_column(String(400), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    responsible: Mapped[str] = mapped_column(String(200), default="")
    moves: Mapped[int] = mapped_column(Integer, default=0)
    source_key: Mapped[str] = mapped_column(String(100), default="")


class MilestoneBaseline(Base):
    """One baseline of a milestone: number 0 is the first; append-only."""

    __tablename__ = "milestone_baseline"
    id: Mapped[PrimaryKey]
    milestone_id: Mapped[int] = reference("milestone.id")
    number: Mapped[int] = mapped_column(Integer)
    planned_on: Mapped[Day]
    previous_on: Mapped[Day | None]
    days: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(String(400), default="")
    set_by: Mapped[str] = mapped_column(String(64), default="")
    set_at: Mapped[Instant]
