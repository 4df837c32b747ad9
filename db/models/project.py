"""Major projects: the ledger row, list membership by date, who stands for them, what happened."""

from datetime import date

from sqlalchemy import Float, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, Yuan, reference


class Project(Versioned, Base):
    """One major project (重大项目). Never deleted; leaving a list is an event and a date."""

    __tablename__ = "project"
    __table_args__ = (
        Index("ix_project_headquarters_id_id", "headquarters_id", "id"),
        Index("ix_project_initials", "initials"),
        # Steps of the chain (db/queries/chains.py) are counted from this index alone.
        Index(
            "ix_project_chain",
            "headquarters_id",
            "stage",
            "commissioned_on",
            "full_capacity_on",
            "started_on",
            "fulfilled_on",
            "signed_on",
            "reserved_on",
            "source",
            "total_investment_yuan",
        ),
    )
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    national_code: Mapped[Code | None] = mapped_column(index=True)
    name: Mapped[Name] = mapped_column(index=True)
    initials: Mapped[str] = mapped_column(String(200), default="")
    county_id: Mapped[int] = reference("county.id")
    headquarters_id: Mapped[int | None] = reference("headquarters.id", index=False)
    responsible_unit_id: Mapped[int | None] = reference("unit.id")
    level: Mapped[Code]
    category: Mapped[Code] = mapped_column(index=True)
    source: Mapped[Code] = mapped_column(default="")
    nature: Mapped[str] = mapped_column(String(64), default="")
    investor: Mapped[str] = mapped_column(String(64), default="")
    owner_name: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[Code]
    location: Mapped[str] = mapped_column(String(400), default="")
    content: Mapped[LongText] = mapped_column(default="")
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    total_investment_yuan: Mapped[Yuan]
    prior_done_yuan: Mapped[Yuan] = mapped_column(default=0)
    prior_year: Mapped[int | None] = mapped_column(Integer)
    start_planned_on: Mapped[Day | None]
    finish_planned_on: Mapped[Day | None]
    started_on: Mapped[Day | None]
    started_land_on: Mapped[Day | None]
    suspended_on: Mapped[Day | None]
    resumed_on: Mapped[Day | None]
    completed_on: Mapped[Day | None]
    commissioned_on: Mapped[Day | None]
    full_capacity_on: Mapped[Day | None]
    reserved_on: Mapped[Day | None]
    signed_on: Mapped[Day | None]
    fulfilled_on: Mapped[Day | None]
    entered_statistics_on: Mapped[Day | None]
    statistics_code: Mapped[str] = mapped_column(String(64), default="")
    physical_progress: Mapped[str] = mapped_column(String(1000), default="")
    remark: Mapped[str] = mapped_column(String(1000), default="")


class ListMembership(Versioned, Base):
    """A project's place on a list for a year (列入), with its year class; leaving keeps the row."""

    __tablename__ = "list_membership"
    __table_args__ = (UniqueConstraint("project_id", "list_code", "year", "joined_on"),)
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    list_code: Mapped[Code] = mapped_column(default="major")
    year: Mapped[int] = mapped_column(Integer)
    year_class: Mapped[Code]
    joined_on: Mapped[date]
    left_on: Mapped[Day | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    document_no: Mapped[str] = mapped_column(String(100), default="")


class Assignment(Versioned, Base):
    """A person or unit that stands for a project in a role, for a time (包保、责任、服务)."""

    __tablename__ = "assignment"
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id")
    role: Mapped[Code]
    person_id: Mapped[int | None] = reference("person.id")
    unit_id: Mapped[int | None] = reference("unit.id")
    from_on: Mapped[Day | None]
    to_on: Mapped[Day | None]


class LifecycleEvent(Base):
    """A dated fact in a project's life; append-only."""

    __tablename__ = "lifecycle_event"
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id")
    kind: Mapped[Code]
    happened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(400), default="")
    document_no: Mapped[str] = mapped_column(String(100), default="")
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[str] = mapped_column(String(64), default="")
