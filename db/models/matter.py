"""Matters on the lists (问题、政策、意见建议、请示、会商): one engine for all kinds."""

from sqlalchemy import Boolean, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, reference


class Matter(Versioned, Base):
    """Something that must be answered in time."""

    __tablename__ = "matter"
    __table_args__ = (
        Index(
            "ix_matter_open_project_id",
            "project_id",
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index("ix_matter_project_id_kind", "project_id", "kind"),
    )
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Code]
    project_id: Mapped[int | None] = reference("project.id", index=False)
    county_id: Mapped[int | None] = reference("county.id")
    title: Mapped[Name]
    description: Mapped[LongText] = mapped_column(default="")
    category: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[Code]
    lead_unit_id: Mapped[int | None] = reference("unit.id")
    raised_by: Mapped[str] = mapped_column(String(64), default="")
    raised_on: Mapped[Day]
    due_on: Mapped[Day | None]
    is_escalated: Mapped[bool] = mapped_column(Boolean, default=False)
    answer: Mapped[LongText] = mapped_column(default="")
    closed_on: Mapped[Day | None]


class MatterEvent(Base):
    """One step in a matter's life; append-only."""

    __tablename__ = "matter_event"
    id: Mapped[PrimaryKey]
    matter_id: Mapped[int] = reference("matter.id")
    kind: Mapped[Code]
    note: Mapped[str] = mapped_column(String(1000), default="")
    happened_at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(64), default="")
