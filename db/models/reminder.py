"""Digests that were sent (提醒): who was told what on which day, over which channel."""

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, Instant, PrimaryKey, reference


class Reminder(Base):
    """
    One digest to one account on one day over one channel; ``sent_at`` is None while it could not be delivered.

    Not audited row by row: a run writes thousands, and its one audit row says how many.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("day", "user_id", "channel"),)
    id: Mapped[PrimaryKey]
    day: Mapped[Day]
    user_id: Mapped[int] = reference("user_account.id")
    channel: Mapped[Code]
    items: Mapped[int] = mapped_column(Integer)
    overdue: Mapped[int] = mapped_column(Integer)
    below: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(Integer)
    tried_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    error: Mapped[str] = mapped_column(String(200), default="")
