"""Matters on the lists (问题、政策、意见建议、请示、会商): one engine for all kinds."""

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, Yuan, reference


class Matter(Versioned, Base):
    """
    Something that must be answered in time; ``core/domain/matters`` says which step follows which.

    ``due_on`` is the deadline of the reply, ``step_due_on`` that of the present step where it is another one.
    ``outcome`` and ``satisfaction`` keep the word, as ledgers write it.
    """

    __tablename__ = "matter"
    __table_args__ = (
        # The overdue list and everybody's 待办: what is open, by the deadline of its present step.
        Index(
            "ix_matter_open_due",
            func.coalesce(text("step_due_on"), text("due_on")),
            "id",
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index(
            "ix_matter_open_lead_due",
            "lead_unit_id",
            func.coalesce(text("step_due_on"), text("due_on")),
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        # Counts and lists of one kind: read from the index alone.
        Index(
            "ix_matter_open_kind_due",
            "kind",
            func.coalesce(text("step_due_on"), text("due_on")),
            "id",
            "status",
            "lead_unit_id",
            "is_escalated",
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        # What came and went by day.
        Index("ix_matter_kind_raised_on", "kind", "raised_on", "status"),
        Index(
            "ix_matter_kind_closed_on",
            "kind",
            "closed_on",
            "status",
            sqlite_where=text("closed_on IS NOT NULL"),
            postgresql_where=text("closed_on IS NOT NULL"),
        ),
        Index(
            "ix_matter_press_on",
            "press_on",
            sqlite_where=text("press_on IS NOT NULL"),
            postgresql_where=text("press_on IS NOT NULL"),
        ),
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
    level: Mapped[Code] = mapped_column(default="city", server_default="city")
    difficulty: Mapped[Code] = mapped_column(default="ordinary", server_default="ordinary")
    enterprise: Mapped[str] = mapped_column(String(200), default="", server_default="")
    amount_yuan: Mapped[Yuan | None]
    first_due_on: Mapped[Day | None]
    step_due_on: Mapped[Day | None]
    signed_on: Mapped[Day | None]
    first_report_due_on: Mapped[Day | None]
    first_reported_on: Mapped[Day | None]
    result_due_on: Mapped[Day | None]
    answer_workdays: Mapped[int | None] = mapped_column(Integer)
    press_on: Mapped[Day | None]
    pressed_times: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    extension_to: Mapped[Day | None]
    extended_times: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    redo_times: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    conditions: Mapped[LongText] = mapped_column(default="", server_default="")
    merged_into_id: Mapped[int | None] = reference("matter.id")
    policy_id: Mapped[int | None] = reference("matter.id", index=False)
    parcel_id: Mapped[int | None] = reference("parcel.id", index=False)


class MatterSupport(Versioned, Base):
    """A supporting unit (协办) of a matter: by when it answers the lead unit, and what it said."""

    __tablename__ = "matter_support"
    __table_args__ = (UniqueConstraint("matter_id", "unit_id"),)
    id: Mapped[PrimaryKey]
    matter_id: Mapped[int] = mapped_column(BigId, ForeignKey("matter.id"))
    unit_id: Mapped[int] = reference("unit.id")
    due_on: Mapped[Day]
    replied_on: Mapped[Day | None]
    opinion: Mapped[str] = mapped_column(String(1000), default="")


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
    document_no: Mapped[str] = mapped_column(String(200), default="", server_default="")
    old_due_on: Mapped[Day | None]
    new_due_on: Mapped[Day | None]
