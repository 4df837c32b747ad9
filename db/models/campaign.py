"""Campaigns (攻坚、改革、惠民): tree of tasks, reports, steps, acceptance and assessment."""

from datetime import date

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, Instant, LongText, Name, PrimaryKey, Versioned, reference


class Campaign(Versioned, Base):
    """
    One campaign (行动) with its four clarities (标准、思路、任务、成效).

    ``first_finish_on`` is the first baseline and never changes; ``finish_on`` the latest, ``moves`` counts the moves.
    ``acceptance_due_on`` is the day of the (next) acceptance; without owner columns it belongs to the whole city.
    ``edits`` counts the saves of its tasks, road map and projects, so that its version moves with them.
    """

    __tablename__ = "campaign"
    __table_args__ = (Index("ix_campaign_year_kind", "year", "kind"),)
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Code]
    year: Mapped[int] = mapped_column(Integer)
    name: Mapped[Name]
    standard: Mapped[LongText] = mapped_column(default="")
    approach: Mapped[LongText] = mapped_column(default="")
    duties: Mapped[LongText] = mapped_column(default="")
    results: Mapped[LongText] = mapped_column(default="")
    leader: Mapped[str] = mapped_column(String(64), default="")
    lead_unit_id: Mapped[int | None] = reference("unit.id")
    headquarters_id: Mapped[int | None] = reference("headquarters.id")
    county_id: Mapped[int | None] = reference("county.id")
    start_on: Mapped[date]
    finish_on: Mapped[date]
    first_finish_on: Mapped[date]
    moves: Mapped[int] = mapped_column(Integer, default=0)
    report_period: Mapped[Code]
    status: Mapped[Code]
    acceptance_due_on: Mapped[date]
    accepted_on: Mapped[Day | None]
    copied_from_id: Mapped[int | None] = reference("campaign.id", index=False)
    edits: Mapped[int] = mapped_column(Integer, default=0)


class CampaignPhase(Versioned, Base):
    """One stretch of a campaign's road map (路线图): by when which stage is reached."""

    __tablename__ = "campaign_phase"
    __table_args__ = (UniqueConstraint("campaign_id", "sequence"),)
    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = reference("campaign.id", index=False)
    sequence: Mapped[int] = mapped_column(Integer)
    name: Mapped[Name]
    start_on: Mapped[date]
    finish_on: Mapped[date]
    goal: Mapped[str] = mapped_column(String(1000), default="")
    is_dropped: Mapped[bool] = mapped_column(default=False)


class CampaignTask(Versioned, Base):
    """
    A task of a campaign; those with parts are summed up, those without are reported, claimed and closed out.

    ``percent`` and ``actual_milli`` repeat the latest report, so that lists need no second look. Figures of a measure
    are kept in thousandths of its unit.
    """

    __tablename__ = "campaign_task"
    __table_args__ = (
        Index("ix_campaign_task_campaign_id_sequence", "campaign_id", "sequence"),
        Index("ix_campaign_task_status_planned_finish_on", "status", "planned_finish_on"),
    )
    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = reference("campaign.id", index=False)
    parent_id: Mapped[int | None] = reference("campaign_task.id")
    sequence: Mapped[int] = mapped_column(Integer)
    name: Mapped[Name]
    lead_unit_id: Mapped[int | None] = reference("unit.id")
    supporting_units: Mapped[str] = mapped_column(String(400), default="")
    responsible_person: Mapped[str] = mapped_column(String(64), default="")
    planned_start_on: Mapped[date]
    planned_finish_on: Mapped[date]
    first_finish_on: Mapped[date]
    moves: Mapped[int] = mapped_column(Integer, default=0)
    weight: Mapped[int] = mapped_column(Integer, default=1)
    measure: Mapped[str] = mapped_column(String(100), default="")
    measure_unit: Mapped[str] = mapped_column(String(32), default="")
    target_milli: Mapped[int | None] = mapped_column(BigInteger)
    actual_milli: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[Code]
    percent: Mapped[int | None] = mapped_column(Integer)
    reported_at: Mapped[Instant | None]
    finished_on: Mapped[Day | None]
    claimed_by: Mapped[str] = mapped_column(String(64), default="")
    closed_on: Mapped[Day | None]


class CampaignProgress(Base):
    """What was reported of a task for a period; append-only, the latest row of a period counts."""

    __tablename__ = "campaign_progress"
    __table_args__ = (Index("ix_campaign_progress_task_id_period_key", "task_id", "period_key"),)
    id: Mapped[PrimaryKey]
    task_id: Mapped[int] = reference("campaign_task.id", index=False)
    period_kind: Mapped[Code]
    period_key: Mapped[Code]
    percent: Mapped[int] = mapped_column(Integer)
    actual_milli: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(String(1000), default="")
    reported_at: Mapped[Instant]
    reported_by: Mapped[str] = mapped_column(String(64))


class CampaignProject(Base):
    """A project that a campaign is carried out with; a link that is taken away is not deleted but ended."""

    __tablename__ = "campaign_project"
    __table_args__ = (UniqueConstraint("campaign_id", "project_id"),)
    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = reference("campaign.id", index=False)
    project_id: Mapped[int] = reference("project.id")
    is_ended: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


class CampaignAcceptance(Base):
    """One acceptance at the date (到点验收); append-only."""

    __tablename__ = "campaign_acceptance"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)
    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = reference("campaign.id", index=False)
    number: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date]
    held_on: Mapped[date]
    verdict: Mapped[Code]
    record: Mapped[LongText]
    conditions: Mapped[LongText] = mapped_column(default="")
    again_on: Mapped[Day | None]
    document_no: Mapped[str] = mapped_column(String(200), default="")
    verifier: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[Instant]


class CampaignAssessment(Base):
    """What a third party (第三方评估) found of a campaign; append-only. Scores are 0..100, in thousandths."""

    __tablename__ = "campaign_assessment"
    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = reference("campaign.id")
    organisation: Mapped[Name]
    assessed_on: Mapped[date]
    score_milli: Mapped[int] = mapped_column(Integer)
    findings: Mapped[LongText] = mapped_column(default="")
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[str] = mapped_column(String(64))


class CampaignEvent(Base):
    """A step of a campaign or one of its tasks; append-only."""

    __tablename__ = "campaign_event"
    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = reference("campaign.id")
    task_id: Mapped[int | None] = reference("campaign_task.id")
    kind: Mapped[Code]
    note: Mapped[str] = mapped_column(String(1000), default="")
    old_due_on: Mapped[Day | None]
    new_due_on: Mapped[Day | None]
    happened_at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(64))
