"""Meetings (会议): agenda, decisions, frozen minutes and what was noted afterwards."""

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, reference


class Meeting(Versioned, Base):
    """
    One meeting: draft → running → closed.

    It belongs to a county or a headquarters, or with neither to the city. ``minutes`` is what the minutes say (JSON),
    written once when the meeting is closed; ``minutes_sha256`` names the Word file that was made then.
    """

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_held_on", "held_on", "id"),)
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[Name]
    kind: Mapped[Code]
    held_on: Mapped[Day]
    starts_at: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    chair: Mapped[str] = mapped_column(String(64), default="")
    participants: Mapped[str] = mapped_column(String(1000), default="")
    county_id: Mapped[int | None] = reference("county.id")
    headquarters_id: Mapped[int | None] = reference("headquarters.id")
    status: Mapped[Code]
    previous_meeting_id: Mapped[int | None] = reference("meeting.id")
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[Instant | None]
    closed_by: Mapped[str] = mapped_column(String(64), default="")
    minutes: Mapped[LongText] = mapped_column(default="")
    minutes_sha256: Mapped[str] = mapped_column(String(64), default="")


class MeetingItem(Versioned, Base):
    """
    One item of an agenda (议题).

    ``topic`` is the rule that proposed it (empty = added by hand), ``reason`` why it is there, with the figure of that
    day. ``subject_id`` is the key in the table that ``subject`` names; ``project_id`` the project it concerns.
    """

    __tablename__ = "meeting_item"
    __table_args__ = (Index("ix_meeting_item_subject", "subject", "subject_id"),)
    id: Mapped[PrimaryKey]
    meeting_id: Mapped[int] = reference("meeting.id")
    sequence: Mapped[int] = mapped_column(Integer)
    topic: Mapped[Code] = mapped_column(default="")
    subject: Mapped[Code]
    subject_id: Mapped[int | None] = mapped_column(BigId)
    project_id: Mapped[int | None] = reference("project.id")
    title: Mapped[Name]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    discussion: Mapped[LongText] = mapped_column(default="")
    state: Mapped[Code]


class MeetingDecision(Versioned, Base):
    """
    One decision (议定事项); when the meeting closes it becomes a matter, or is noted on the matter it is about.

    ``is_withdrawn`` marks one that was taken back while the meeting ran.
    """

    __tablename__ = "meeting_decision"
    id: Mapped[PrimaryKey]
    item_id: Mapped[int] = reference("meeting_item.id")
    text: Mapped[LongText]
    owner_unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    owner: Mapped[str] = mapped_column(String(64), default="")
    due_on: Mapped[Day | None]
    is_noted: Mapped[bool] = mapped_column(Boolean, default=False)
    is_withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)
    matter_id: Mapped[int | None] = reference("matter.id")


class MeetingNote(Base):
    """A correction or addition after the meeting was closed; append-only."""

    __tablename__ = "meeting_note"
    id: Mapped[PrimaryKey]
    meeting_id: Mapped[int] = reference("meeting.id")
    text: Mapped[str] = mapped_column(String(1000))
    noted_at: Mapped[Instant]
    noted_by: Mapped[str] = mapped_column(String(64))
