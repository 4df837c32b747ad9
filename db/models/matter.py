"""Matters on the lists (问题、政策、意见建议、请示、会商): one engine for all kinds."""

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, Yuan, reference


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
    source: Mapped[str] = mapped_column(String(64), default="")
    supporting_units: Mapped[str] = mapped_column(String(400), default="")
    responsible_leader: Mapped[str] = mapped_column(String(64), default="")
    assigned_on: Mapped[Day | None]
    due_on: Mapped[Day | None]
    is_escalated: Mapped[bool] = mapped_column(Boolean, default=False)
    progress: Mapped[LongText] = mapped_column(default="")
    answer: Mapped[LongText] = mapped_column(default="")
    replied_on: Mapped[Day | None]
    outcome: Mapped[str] = mapped_column(String(64), default="")
    resolved_on: Mapped[Day | None]
    satisfaction: Mapped[str] = mapped_column(String(32), default="")
    closed_on: Mapped[Day | None]
    remark: Mapped[str] = mapped_column(String(1000), default="")


class PolicyTerms(Versioned, Base):
    """What a policy (政策落实) grants to whom, and how far it was delivered and honoured; one per policy matter."""

    __tablename__ = "policy_terms"
    id: Mapped[PrimaryKey]
    matter_id: Mapped[int] = mapped_column(BigId, ForeignKey("matter.id"), unique=True)
    document_no: Mapped[str] = mapped_column(String(100), default="")
    clause: Mapped[LongText] = mapped_column(default="")
    level: Mapped[str] = mapped_column(String(32), default="")
    audience: Mapped[str] = mapped_column(String(400), default="")
    conditions: Mapped[LongText] = mapped_column(default="")
    delivery_channel: Mapped[str] = mapped_column(String(200), default="")
    delivered_on: Mapped[Day | None]
    target_count: Mapped[int | None] = mapped_column(Integer)
    delivered_count: Mapped[int | None] = mapped_column(Integer)
    applied_count: Mapped[int | None] = mapped_column(Integer)
    approved_yuan: Mapped[Yuan | None]
    honoured_yuan: Mapped[Yuan | None]
    honoured_count: Mapped[int | None] = mapped_column(Integer)
    unhonoured_reason: Mapped[str] = mapped_column(String(400), default="")


class MatterEvent(Base):
    """One step in a matter's life; append-only."""

    __tablename__ = "matter_event"
    id: Mapped[PrimaryKey]
    matter_id: Mapped[int] = reference("matter.id")
    kind: Mapped[Code]
    note: Mapped[str] = mapped_column(String(1000), default="")
    happened_at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(64), default="")
