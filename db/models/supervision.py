"""Supervision rounds (督查轮次): decisions, overrides, snapshot, bulletin; and what follows a flag until 销号."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, reference


class SupervisionRound(Versioned, Base):
    """
    One round of supervision: draft → reviewed → published (→ superseded by a later revision of the same number).

    A discarded draft has a negative ``revision``, so that its number is free again.
    ``data_seq`` is the audit sequence its figures were computed at; ``rule_set_id`` is None for the shipped default.
    """

    __tablename__ = "supervision_round"
    __table_args__ = (UniqueConstraint("year", "number", "revision"),)
    id: Mapped[PrimaryKey]
    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[Name]
    first_month: Mapped[str] = mapped_column(String(7))
    last_month: Mapped[str] = mapped_column(String(7))
    cut_off_on: Mapped[Day]
    status: Mapped[Code]
    rule_set_id: Mapped[int | None] = reference("rule_set.id", index=False)
    data_seq: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[Instant | None]
    reviewed_at: Mapped[Instant | None]
    reviewed_by: Mapped[str] = mapped_column(String(64), default="")
    published_at: Mapped[Instant | None]
    published_by: Mapped[str] = mapped_column(String(64), default="")
    supersede_reason: Mapped[str] = mapped_column(String(400), default="")


class FlagDecision(Versioned, Base):
    """
    The flag of one subject in one round, with the names and owners it had then.

    ``rule_level`` is what the rules on facts say, ``computed_level`` what escalation, catch-up and standing exemptions
    make of it, ``level`` what counts (an approved override included). ``hits`` and ``facts`` are JSON: every rule hit
    and the inputs that prove it. ``streak`` counts the consecutive rounds, this one included, at WARN or worse.
    """

    __tablename__ = "flag_decision"
    __table_args__ = (
        UniqueConstraint("round_id", "subject_kind", "subject_id"),
        Index("ix_flag_decision_round_kind_urgency", "round_id", "subject_kind", "urgency", "subject_id"),
        Index("ix_flag_decision_subject", "subject_kind", "subject_id", "round_id"),
    )
    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = reference("supervision_round.id", index=False)
    subject_kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    subject_name: Mapped[Name]
    county_id: Mapped[int | None] = mapped_column(BigInteger)
    headquarters_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    rule_level: Mapped[Code]
    computed_level: Mapped[Code]
    level: Mapped[Code]
    previous_level: Mapped[Code] = mapped_column(default="")
    streak: Mapped[int] = mapped_column(Integer, default=0)
    gap_milli_pp: Mapped[int | None] = mapped_column(Integer)
    urgency: Mapped[int] = mapped_column(Integer)
    hits: Mapped[LongText] = mapped_column(default="[]")
    facts: Mapped[LongText] = mapped_column(default="{}")


class FlagOverride(Versioned, Base):
    """
    A level set by hand (人工调整) or an exemption (免评): proposed with a reason, decided by a second person.

    ``computed_level`` is what it was when proposed: a recompute that moves it marks the override for another look.
    """

    __tablename__ = "flag_override"
    __table_args__ = (Index("ix_flag_override_round_subject", "round_id", "subject_kind", "subject_id"),)
    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = reference("supervision_round.id", index=False)
    subject_kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Code]
    computed_level: Mapped[Code]
    level: Mapped[Code]
    reason: Mapped[str] = mapped_column(String(1000))
    document_no: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[Code]
    is_moved: Mapped[bool] = mapped_column(Boolean, default=False)
    proposed_at: Mapped[Instant]
    proposed_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decision_note: Mapped[str] = mapped_column(String(400), default="")


class RoundSnapshot(Base):
    """What was published, once and for all: canonical JSON (gzip), its SHA-256 before compression; never updated."""

    __tablename__ = "round_snapshot"
    round_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("supervision_round.id"), primary_key=True, autoincrement=False
    )
    sha256: Mapped[str] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class Bulletin(Versioned, Base):
    """The words around a published round (督查通报): what the office writes itself; figures come from the snapshot."""

    __tablename__ = "bulletin"
    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("supervision_round.id"), unique=True)
    issue_no: Mapped[int] = mapped_column(Integer)
    texts: Mapped[LongText] = mapped_column(default="{}")
    issued_at: Mapped[Instant | None]
    issued_by: Mapped[str] = mapped_column(String(64), default="")
    issued_sha256: Mapped[str] = mapped_column(String(64), default="")


class DocumentTemplate(Versioned, Base):
    """
    A Word template of the office's own (红头模板), filled in a sandbox; one per kind is active.

    Its bytes are kept under their hash (``AttachmentContent``), outside the audit.
    """

    __tablename__ = "document_template"
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    name: Mapped[Name]
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    uploaded_at: Mapped[Instant]
    uploaded_by: Mapped[str] = mapped_column(String(64))


class ProcessFact(Versioned, Base):
    """A fact of the process (过程事实): site inspection, patrol, leader's visit or meeting, with finding and photos."""

    __tablename__ = "process_fact"
    __table_args__ = (Index("ix_process_fact_subject", "subject_kind", "subject_id", "happened_on"),)
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    subject_kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    project_id: Mapped[int | None] = reference("project.id")
    happened_on: Mapped[Day]
    participants: Mapped[str] = mapped_column(String(400), default="")
    summary: Mapped[LongText] = mapped_column(default="")
    finding: Mapped[str] = mapped_column(String(1000), default="")
    severity: Mapped[Code] = mapped_column(default="none")
    due_on: Mapped[Day | None]
    mended_on: Mapped[Day | None]
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[str] = mapped_column(String(64))


class Rectification(Versioned, Base):
    """
    One flag followed until it is closed out (整改销号): notice → plan → feedback → verification → 销号.

    ``due_on`` is the deadline of the present step; ``raise_on`` the last day before its slip raises the case (None =
    the step is the office's own, or nobody is left to raise to); ``raised_times`` counts those. ``extension_to`` is the
    day an undecided request asks for. ``reasons`` are the hits of the flag.
    """

    __tablename__ = "rectification"
    __table_args__ = (
        UniqueConstraint("round_id", "subject_kind", "subject_id"),
        Index("ix_rectification_step_due_on", "step", "due_on"),
        Index("ix_rectification_raise_on", "raise_on"),
        Index("ix_rectification_subject", "subject_kind", "subject_id"),
    )
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    round_id: Mapped[int] = reference("supervision_round.id", index=False)
    subject_kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    subject_name: Mapped[Name]
    project_id: Mapped[int | None] = reference("project.id")
    county_id: Mapped[int | None] = mapped_column(BigInteger)
    headquarters_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    level: Mapped[Code]
    reasons: Mapped[LongText] = mapped_column(default="[]")
    step: Mapped[Code]
    opened_on: Mapped[Day]
    due_on: Mapped[Day | None]
    plan: Mapped[LongText] = mapped_column(default="")
    promised_on: Mapped[Day | None]
    feedback: Mapped[LongText] = mapped_column(default="")
    verdict: Mapped[str] = mapped_column(String(1000), default="")
    raised_times: Mapped[int] = mapped_column(Integer, default=0)
    extended_times: Mapped[int] = mapped_column(Integer, default=0)
    raise_on: Mapped[Day | None]
    extension_to: Mapped[Day | None]
    closed_on: Mapped[Day | None]


class RectificationEvent(Base):
    """One step that was taken; append-only."""

    __tablename__ = "rectification_event"
    id: Mapped[PrimaryKey]
    rectification_id: Mapped[int] = reference("rectification.id")
    kind: Mapped[Code]
    happened_at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(1000), default="")
    document_no: Mapped[str] = mapped_column(String(200), default="")
    old_due_on: Mapped[Day | None]
    new_due_on: Mapped[Day | None]


class Merit(Versioned, Base):
    """A reward or penalty (奖惩) of a unit, county, headquarters or person; points in tenths, penalties negative."""

    __tablename__ = "merit"
    __table_args__ = (Index("ix_merit_subject", "subject_kind", "subject_id", "happened_on"),)
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    subject_kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    happened_on: Mapped[Day]
    points_tenths: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(String(1000))
    document_no: Mapped[str] = mapped_column(String(200), default="")
    project_id: Mapped[int | None] = reference("project.id")
    rectification_id: Mapped[int | None] = reference("rectification.id", index=False)
