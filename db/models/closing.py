"""Closed months (月结): what was sealed, the sealed store itself, corrections, and the office's own working days."""

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, PrimaryKey, Versioned, reference


class MonthClose(Versioned, Base):
    """
    One closed month. ``sealed_seq`` is the audit sequence its archive was made at, ``sha256`` that of the archive.

    ``figures_on`` is the day its figures stand at: the archive is read as if it were that day.
    """

    __tablename__ = "month_close"
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    figures_on: Mapped[Day]
    closed_at: Mapped[Instant]
    closed_by: Mapped[str] = mapped_column(String(64))
    sealed_seq: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    summary: Mapped[LongText] = mapped_column(default="{}")
    note: Mapped[str] = mapped_column(String(400), default="")


class MonthArchivePart(Base):
    """A piece of the compressed, read-only store of a closed month; the pieces in order are the archive."""

    __tablename__ = "month_archive_part"
    month: Mapped[str] = mapped_column(String(7), ForeignKey("month_close.month"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ReportCorrection(Versioned, Base):
    """
    A correction (更正) of a report of a closed month: old, new, why, who; the closed month keeps its own.

    ``report_id`` is None for a report that was missing when the month was closed; the approval makes it.
    """

    __tablename__ = "report_correction"
    id: Mapped[PrimaryKey]
    report_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("investment_report.id"))
    project_id: Mapped[int] = reference("project.id")
    month: Mapped[str] = mapped_column(String(7), index=True)
    old: Mapped[LongText]
    new: Mapped[LongText]
    reason: Mapped[str] = mapped_column(String(1000))
    document_no: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[Code]
    proposed_at: Mapped[Instant]
    proposed_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decision_note: Mapped[str] = mapped_column(String(400), default="")


class CalendarOverride(Versioned, Base):
    """A day worked or off by local notice (本地调休); wins over the built-in calendar."""

    __tablename__ = "calendar_override"
    day: Mapped[Day] = mapped_column(Date, primary_key=True)
    is_working: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(200), default="")
