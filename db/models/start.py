"""Before and around the start (开工): procedures of a project, and its places on the watch lists."""

from sqlalchemy import Boolean, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, LongText, PrimaryKey, Versioned, reference


class Procedure(Versioned, Base):
    """
    One preliminary procedure (前期手续) of a project; a kind without a row has not been filled in.

    ``owed_papers`` are what was left for later when it was accepted (容缺), due on ``owed_due_on``; they stay on record
    after ``supplied_on``.
    """

    __tablename__ = "procedure"
    __table_args__ = (UniqueConstraint("project_id", "kind"),)
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id", index=False)
    kind: Mapped[Code]
    applies: Mapped[bool] = mapped_column(Boolean, default=True)
    document_no: Mapped[str] = mapped_column(String(100), default="")
    planned_on: Mapped[Day | None]
    done_on: Mapped[Day | None]
    unit_id: Mapped[int | None] = reference("unit.id")
    blocker: Mapped[str] = mapped_column(String(400), default="")
    owed_papers: Mapped[str] = mapped_column(String(400), default="")
    owed_due_on: Mapped[Day | None]
    supplied_on: Mapped[Day | None]


class WatchItem(Versioned, Base):
    """
    A project's stay on a watch list, from the day a rule put it there until none does; kept after that.

    ``entered_reason`` is the ground as computed on the first day; ``hits`` are the grounds it stands on now (JSON).
    A project has one open stay per list.
    """

    __tablename__ = "watch_item"
    __table_args__ = (
        Index(
            "uq_watch_item_open",
            "project_id",
            "kind",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
        Index("ix_watch_item_kind_due_on", "kind", "left_on", "due_on"),
    )
    id: Mapped[PrimaryKey]
    project_id: Mapped[int] = reference("project.id")
    kind: Mapped[Code]
    entered_on: Mapped[Day]
    entered_reason: Mapped[str] = mapped_column(String(1000))
    hits: Mapped[LongText] = mapped_column(default="[]")
    owner_unit_id: Mapped[int | None] = reference("unit.id")
    owner_person_id: Mapped[int | None] = reference("person.id")
    due_on: Mapped[Day]
    measures: Mapped[str] = mapped_column(String(1000), default="")
    left_on: Mapped[Day | None]
    left_reason: Mapped[str] = mapped_column(String(400), default="")
