"""What a headquarters is made of: members, set-up checklist, schedule of reports and the reports that were sent."""

from sqlalchemy import Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, reference


class HeadquartersMember(Versioned, Base):
    """Somebody who serves in a headquarters for a time; ``person_id`` is None for a name the directory lacks."""

    __tablename__ = "headquarters_member"
    id: Mapped[PrimaryKey]
    headquarters_id: Mapped[int] = reference("headquarters.id")
    person_id: Mapped[int | None] = reference("person.id")
    name: Mapped[Name]
    post: Mapped[Code]
    origin: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(64), default="")
    from_on: Mapped[Day | None]
    to_on: Mapped[Day | None]
    note: Mapped[str] = mapped_column(String(200), default="")


class HeadquartersStep(Versioned, Base):
    """One step of the set-up checklist of one headquarters; files may be attached to it."""

    __tablename__ = "headquarters_step"
    __table_args__ = (UniqueConstraint("headquarters_id", "code"),)
    id: Mapped[PrimaryKey]
    headquarters_id: Mapped[int] = reference("headquarters.id", index=False)
    code: Mapped[Code]
    sequence: Mapped[int] = mapped_column(Integer)
    name: Mapped[Name]
    post: Mapped[str] = mapped_column(String(32), default="")
    due_on: Mapped[Day]
    done_on: Mapped[Day | None]
    note: Mapped[str] = mapped_column(String(200), default="")


class HeadquartersSchedule(Versioned, Base):
    """How often a headquarters reports to the committee, and so many working days after a period ends."""

    __tablename__ = "headquarters_schedule"
    __table_args__ = (UniqueConstraint("headquarters_id", "cycle"),)
    id: Mapped[PrimaryKey]
    headquarters_id: Mapped[int] = reference("headquarters.id", index=False)
    cycle: Mapped[Code]
    workdays: Mapped[int] = mapped_column(Integer)
    since_on: Mapped[Day]
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class HeadquartersReport(Versioned, Base):
    """A report that was sent, with the day it was due by and what it said of the next steps; its file is attached."""

    __tablename__ = "headquarters_report"
    __table_args__ = (UniqueConstraint("headquarters_id", "cycle", "first_on"),)
    id: Mapped[PrimaryKey]
    headquarters_id: Mapped[int] = reference("headquarters.id", index=False)
    cycle: Mapped[Code]
    first_on: Mapped[Day]
    last_on: Mapped[Day]
    due_on: Mapped[Day]
    sent_on: Mapped[Day]
    document_no: Mapped[str] = mapped_column(String(100), default="")
    outlook: Mapped[LongText] = mapped_column(default="")
    sent_at: Mapped[Instant]
    sent_by: Mapped[str] = mapped_column(String(64))
