"""What is kept beside a campaign: reports, steps, road map, acceptances, assessments, projects."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from core.domain.campaigns.words import CampaignAction, Verdict
from core.domain.scope import Scope
from db.models.access import User
from db.models.campaign import (
    CampaignAcceptance,
    CampaignAssessment,
    CampaignEvent,
    CampaignPhase,
    CampaignProgress,
    CampaignProject,
    CampaignTask,
)
from db.models.project import Project
from db.queries.scoping import project_scope


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One stretch of the road map."""

    id: int
    version: int
    sequence: int
    name: str
    start_on: date
    finish_on: date
    goal: str


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """What was reported of a task for a period."""

    id: int
    task_id: int
    period_key: str
    percent: int
    actual_milli: int | None
    text: str
    reported_at: datetime
    reporter: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step of a campaign or task."""

    id: int
    task_id: int | None
    task: str
    kind: CampaignAction
    note: str
    old_due_on: date | None
    new_due_on: date | None
    happened_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """One acceptance (到点验收)."""

    id: int
    number: int
    due_on: date
    held_on: date
    verdict: Verdict
    record: str
    conditions: str
    again_on: date | None
    document_no: str
    verifier: str


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One third-party assessment (第三方评估); the score in thousandths."""

    id: int
    campaign_id: int
    organisation: str
    assessed_on: date
    score_milli: int
    findings: str


@dataclass(frozen=True, slots=True)
class LinkedProject:
    """A project that a campaign is carried out with."""

    link_id: int
    version: int
    project_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """The link of a project to a campaign; an ended one is kept and may be taken up again."""

    id: int
    version: int
    is_ended: bool


def reported_tasks(connection: Connection, periods: Collection[tuple[str, str]]) -> set[int]:
    """Return the tasks that were reported for one of *periods* (kind, key); the caller has checked the scope."""
    me = CampaignProgress
    query = select(me.task_id).where(tuple_(me.period_kind, me.period_key).in_(list(periods))).distinct()
    return set(connection.execute(query).scalars())


def latest_progress(connection: Connection, task_ids: Collection[int]) -> dict[int, ProgressRow]:
    """Return the latest report of each task; the caller has checked the scope."""
    me = CampaignProgress
    latest = select(func.max(me.id)).where(me.task_id.in_(task_ids)).group_by(me.task_id)
    return {row.task_id: row for row in _progress(connection, me.id.in_(latest))}


def list_progress(connection: Connection, campaign_id: int, limit: int) -> list[ProgressRow]:
    """Return the latest reports of a campaign; the caller has checked the scope."""
    of_campaign = select(CampaignTask.id).where(CampaignTask.campaign_id == campaign_id)
    return _progress(connection, CampaignProgress.task_id.in_(of_campaign), limit)


def reporters(
    connection: Connection, *, task_ids: Collection[int] | None = None, campaign_id: int | None = None
) -> set[str]:
    """Return who has reported or claimed these tasks, or any task of a campaign."""
    wanted = CampaignTask.id.in_(task_ids) if task_ids is not None else CampaignTask.campaign_id == campaign_id
    reported = (
        select(CampaignProgress.reported_by)
        .join(CampaignTask, CampaignTask.id == CampaignProgress.task_id)
        .where(wanted)
    )
    claimed = select(CampaignTask.claimed_by).where(wanted, CampaignTask.claimed_by != "")
    return set(connection.execute(reported.union(claimed)).scalars())


def list_phases(connection: Connection, campaign_ids: Collection[int]) -> dict[int, list[PhaseRow]]:
    """Return the road maps of campaigns; the caller has checked the scope."""
    me = CampaignPhase
    query = (
        select(me.campaign_id, me.id, me.version, me.sequence, me.name, me.start_on, me.finish_on, me.goal)
        .where(me.campaign_id.in_(campaign_ids), me.is_dropped.is_(False))
        .order_by(me.campaign_id, me.start_on, me.sequence)
    )
    found: dict[int, list[PhaseRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], []).append(PhaseRow(*row[1:]))
    return found


def list_events(connection: Connection, campaign_id: int, limit: int) -> list[EventRow]:
    """Return the latest steps of a campaign, latest first; the caller has checked the scope."""
    me = CampaignEvent
    query = (
        select(
            me.id,
            me.task_id,
            func.coalesce(CampaignTask.name, "").label("task"),
            me.kind,
            me.note,
            me.old_due_on,
            me.new_due_on,
            me.happened_at,
            func.coalesce(User.name, me.actor).label("actor"),
        )
        .join(CampaignTask, CampaignTask.id == me.task_id, isouter=True)
        .join(User, User.login == me.actor, isouter=True)
        .where(me.campaign_id == campaign_id)
        .order_by(me.id.desc())
        .limit(limit)
    )
    return [EventRow(**{**row, "kind": CampaignAction(row["kind"])}) for row in connection.execute(query).mappings()]


def list_acceptances(connection: Connection, campaign_id: int) -> list[AcceptanceRow]:
    """Return the acceptances of a campaign, latest first; the caller has checked the scope."""
    me = CampaignAcceptance
    query = (
        select(
            me.id,
            me.number,
            me.due_on,
            me.held_on,
            me.verdict,
            me.record,
            me.conditions,
            me.again_on,
            me.document_no,
            func.coalesce(User.name, me.verifier).label("verifier"),
        )
        .join(User, User.login == me.verifier, isouter=True)
        .where(me.campaign_id == campaign_id)
        .order_by(me.number.desc())
    )
    return [
        AcceptanceRow(**{**row, "verdict": Verdict(row["verdict"])}) for row in connection.execute(query).mappings()
    ]


def list_assessments(connection: Connection, campaign_ids: Collection[int]) -> list[AssessmentRow]:
    """Return the assessments of campaigns, latest first; the caller has checked the scope."""
    me = CampaignAssessment
    query = (
        select(me.id, me.campaign_id, me.organisation, me.assessed_on, me.score_milli, me.findings)
        .where(me.campaign_id.in_(campaign_ids))
        .order_by(me.assessed_on.desc(), me.id.desc())
    )
    return [AssessmentRow(*row) for row in connection.execute(query)]


def list_projects(connection: Connection, scope: Scope, campaign_id: int) -> list[LinkedProject]:
    """Return the projects of a campaign inside *scope*; the caller has checked that the campaign is."""
    query = (
        select(CampaignProject.id, CampaignProject.version, Project.id, Project.code, Project.name)
        .join(Project, Project.id == CampaignProject.project_id)
        .where(
            CampaignProject.campaign_id == campaign_id,
            CampaignProject.is_ended.is_(False),
            project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id),
        )
        .order_by(Project.code)
    )
    return [LinkedProject(*row) for row in connection.execute(query)]


def find_links(connection: Connection, campaign_id: int) -> dict[int, ProjectLink]:
    """Return project → link of a campaign, ended links too; the caller has checked the scope."""
    me = CampaignProject
    query = select(me.project_id, me.id, me.version, me.is_ended).where(me.campaign_id == campaign_id)
    return {row[0]: ProjectLink(*row[1:]) for row in connection.execute(query)}


def last_phase(connection: Connection, campaign_id: int) -> int:
    """Return the highest place in a road map, dropped stretches included; 0 = none."""
    query = select(func.coalesce(func.max(CampaignPhase.sequence), 0)).where(CampaignPhase.campaign_id == campaign_id)
    return int(connection.execute(query).scalar_one())


def _progress(connection: Connection, wanted: ColumnElement[bool], limit: int | None = None) -> list[ProgressRow]:
    me = CampaignProgress
    query = (
        select(
            me.id,
            me.task_id,
            me.period_key,
            me.percent,
            me.actual_milli,
            me.text,
            me.reported_at,
            func.coalesce(User.name, me.reported_by).label("reporter"),
        )
        .join(User, User.login == me.reported_by, isouter=True)
        .where(wanted)
        .order_by(me.id.desc())
        .limit(limit)
    )
    return [ProgressRow(**row) for row in connection.execute(query).mappings()]
