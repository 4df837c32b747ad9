"""The store's own memory: audit chain, its head, import batches, settings, rule sets."""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, PrimaryKey, Versioned, reference


class AuditEvent(Base):
    """
    One write: who, when, what, old, new, why; each row carries the hash of the one before it.

    Append-only: triggers refuse UPDATE and DELETE.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_entity_entity_id", "entity", "entity_id"),
        Index("ix_audit_event_project_id_seq", "project_id", "seq"),
        Index(
            "ix_audit_event_headline_seq",
            "seq",
            sqlite_where=text("headline <> ''"),
            postgresql_where=text("headline <> ''"),
        ),
    )
    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[Code]
    entity: Mapped[Code]
    entity_id: Mapped[str] = mapped_column(String(64))
    project_id: Mapped[int | None] = mapped_column(BigInteger)
    old: Mapped[LongText] = mapped_column(default="{}")
    new: Mapped[LongText] = mapped_column(default="{}")
    reason: Mapped[str] = mapped_column(String(400), default="")
    headline: Mapped[str] = mapped_column(String(200), default="")
    hash: Mapped[str] = mapped_column(String(64))


class StoreHead(Base):
    """
    The one row that tells what the store stands at.

    ``seq`` and ``hash`` are the head of the audit chain (``seq`` is the data version);
    ``figures_on``, ``figures_month`` and ``flag_rule_id`` are the as-of point and rule set of the roll-ups.
    """

    __tablename__ = "store_head"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    figures_on: Mapped[Day | None]
    figures_month: Mapped[str] = mapped_column(String(7), default="")
    flag_rule_id: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[Instant | None]


class ImportBatch(Versioned, Base):
    """
    One file that came in: received → checked → confirmed → applied / rejected / undone.

    ``content`` is the file as it came; ``plan`` (JSON) is how it is read and the digest of what was previewed.
    ``first_seq``..``last_seq`` are its audit rows: one transaction, so nobody else's stand between them.
    ``parent_id`` is the batch whose set-aside rows were mended and run again by this one.
    """

    __tablename__ = "import_batch"
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    file_name: Mapped[str] = mapped_column(String(255))
    file_hash: Mapped[str] = mapped_column(String(64), index=True)
    status: Mapped[Code]
    received_at: Mapped[Instant]
    received_by: Mapped[str] = mapped_column(String(64))
    applied_at: Mapped[Instant | None]
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    inserted_count: Mapped[int] = mapped_column(Integer, default=0)
    changed_count: Mapped[int] = mapped_column(Integer, default=0)
    unchanged_count: Mapped[int] = mapped_column(Integer, default=0)
    quarantined_count: Mapped[int] = mapped_column(Integer, default=0)
    plan: Mapped[LongText] = mapped_column(default="{}")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    parent_id: Mapped[int | None] = reference("import_batch.id")
    profile_id: Mapped[int | None] = reference("import_profile.id", index=False)
    confirmed_at: Mapped[Instant | None]
    confirmed_by: Mapped[str] = mapped_column(String(64), default="")
    first_seq: Mapped[int | None] = mapped_column(BigInteger)
    last_seq: Mapped[int | None] = mapped_column(BigInteger)
    undone_at: Mapped[Instant | None]
    undone_by: Mapped[str] = mapped_column(String(64), default="")


class ImportMend(Base):
    """A cell of a kept file as somebody mended it; the file itself stays as it came."""

    __tablename__ = "import_mend"
    __table_args__ = (UniqueConstraint("batch_id", "sheet", "row", "column"),)
    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = reference("import_batch.id", index=False)
    sheet: Mapped[str] = mapped_column(String(100), default="")
    row: Mapped[int] = mapped_column(Integer)
    column: Mapped[int] = mapped_column(Integer)
    value: Mapped[LongText]
    mended_at: Mapped[Instant]
    mended_by: Mapped[str] = mapped_column(String(64))


class ImportProfile(Versioned, Base):
    """A confirmed mapping of one kind of table (列对应方案), recognised again by its headers."""

    __tablename__ = "import_profile"
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    name: Mapped[str] = mapped_column(String(100))
    mapping: Mapped[LongText]
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[Instant | None]
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class ImportProblemRow(Base):
    """One refused or doubtful cell of an import, kept with its batch."""

    __tablename__ = "import_problem"
    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = reference("import_batch.id")
    code: Mapped[Code]
    sheet: Mapped[str] = mapped_column(String(100), default="")
    row: Mapped[int | None] = mapped_column(Integer)
    column: Mapped[str] = mapped_column(String(200), default="")
    message: Mapped[LongText]


class Setting(Versioned, Base):
    """A value that belongs to the store rather than to the machine (JSON text)."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[LongText]


class RuleSet(Versioned, Base):
    """Rules as data: flag rules, rate definitions; versions are kept, one per kind and code is active."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("kind", "code", "number"),)
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    code: Mapped[Code]
    number: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = mapped_column(String(200))
    body: Mapped[LongText]
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    source: Mapped[str] = mapped_column(String(400), default="")
