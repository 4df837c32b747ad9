"""Verification (对账销号), acceptance (到点验收) and assessment (第三方评估): the office's verbs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.domain.campaigns import acceptance
from core.domain.campaigns.acceptance import Judgement
from core.domain.campaigns.tree import leaf_weights
from core.domain.campaigns.words import CampaignAction, CampaignStatus, TaskStatus, Verdict
from core.domain.errors import Problem
from core.domain.permissions import Actor, Permission, require
from core.services.campaigns.writing import (
    MAX_NAME,
    MAX_NOTE,
    MAX_TEXT,
    bounded,
    load,
    load_task,
    note,
    refuse,
    require_open,
    require_running,
    required,
)
from db.models.campaign import Campaign, CampaignAcceptance, CampaignAssessment, CampaignTask
from db.queries import campaign_records as records
from db.queries import campaigns as queries
from db.queries.campaigns import CampaignRow, TaskRow
from db.session import transaction
from db.transaction import WriteTransaction

_NAME_IN_HEADLINE = 60
MAX_DOCUMENT = 200
_FULL_SCORE = 100
_MILLI = 1000


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a third party found: score 0..100 and findings."""

    organisation: str
    assessed_on: date | None
    score: Decimal | None
    findings: str


def close_out(actor: Actor, task_id: int, text: str, expected_version: int) -> int:
    """
    Verify a claimed task and close it out (销号); return its new version.

    Raises:
        NotFound, PermissionDenied, Conflict: As elsewhere.
        Invalid: It is not claimed, or the actor reported it himself.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        campaign, task = _claimed(tx, task_id, expected_version)
        refuse(bounded("note", text))
        acceptance.check_verifier(actor.login, records.reporters(tx.connection, task_ids=[task_id]))
        note(tx, campaign.id, CampaignAction.CLOSED_OUT, text, task_id=task_id)
        changes = {"status": TaskStatus.CLOSED_OUT.value, "closed_on": tx.as_of.on}
        headline = f"“{task.name[:_NAME_IN_HEADLINE]}”核验销号"
        return tx.update(CampaignTask, task_id, changes, expected_version=task.version, headline=headline)


def return_task(actor: Actor, task_id: int, reason: str, expected_version: int) -> int:
    """
    Return a claimed task to its unit (退回) and return its new version; it runs again, its clock never stood still.

    Raises:
        NotFound, PermissionDenied, Conflict, Invalid: As ``close_out``; a reason is needed.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        campaign, task = _claimed(tx, task_id, expected_version)
        refuse(required("reason", reason, "请写明退回原因和整改要求。"))
        return _reopen(tx, campaign, task, CampaignAction.RETURNED, reason)


def reopen(actor: Actor, task_id: int, reason: str, expected_version: int) -> int:
    """
    Take a close-out back (撤销销号) and return the task's new version.

    Raises:
        NotFound, PermissionDenied, Conflict, Invalid: As ``close_out``; a reason is needed.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        campaign, task = _owned(tx, task_id, expected_version)
        problems = required("reason", reason, "请写明撤销销号的原因。")
        if task.facts.status is not TaskStatus.CLOSED_OUT:
            problems.append(Problem("status", "wrong_step", "该任务没有销号，无需撤销。"))
        refuse(problems)
        return _reopen(tx, campaign, task, CampaignAction.REOPENED, reason)


def accept(actor: Actor, campaign_id: int, judgement: Judgement, document_no: str, expected_version: int) -> int:
    """
    Record an acceptance (到点验收) and return the campaign's new version; only a plain pass ends it.

    Raises:
        NotFound, PermissionDenied, Conflict: As elsewhere.
        Invalid: Tasks are open, the actor reported one of them, or values are missing; all at once where possible.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        row = load(tx, campaign_id, expected_version)
        require_running(row)
        problems = bounded("record", judgement.record, MAX_TEXT) + bounded("conditions", judgement.conditions, MAX_TEXT)
        refuse(problems + bounded("document_no", document_no, MAX_DOCUMENT))
        facts = [task.facts for task in queries.list_tasks(tx.connection, actor.scope, [campaign_id])]
        leaves = leaf_weights(facts)
        acceptance.check_verifier(actor.login, records.reporters(tx.connection, campaign_id=campaign_id))
        acceptance.check_judgement(judgement, [fact for fact in facts if fact.id in leaves], tx.as_of.on)
        earlier = records.list_acceptances(tx.connection, campaign_id)
        values = {
            "campaign_id": campaign_id,
            "number": len(earlier) + 1,
            "due_on": row.acceptance_due_on,
            "held_on": judgement.held_on,
            "verdict": judgement.verdict.value,
            "record": judgement.record.strip(),
            "conditions": judgement.conditions.strip(),
            "again_on": judgement.again_on,
            "document_no": document_no.strip(),
            "verifier": actor.login,
            "recorded_at": tx.at,
        }
        tx.insert(CampaignAcceptance, values)
        passed = judgement.verdict is Verdict.PASSED
        text = f"{judgement.verdict.label}：{judgement.record.strip()}"[:MAX_NOTE]
        note(tx, campaign_id, CampaignAction.ACCEPTED, text, new_due_on=None if passed else judgement.again_on)
        changes: dict[str, object] = (
            {"status": CampaignStatus.ACCEPTED.value, "accepted_on": judgement.held_on}
            if passed
            else {"acceptance_due_on": judgement.again_on, "edits": row.edits + 1}
        )
        headline = f"“{row.name[:_NAME_IN_HEADLINE]}”验收{judgement.verdict.label}"
        return tx.update(Campaign, campaign_id, changes, expected_version=row.version, headline=headline)


def assess(actor: Actor, campaign_id: int, found: Assessment) -> int:
    """
    Record a third-party assessment and return its id.

    Raises:
        NotFound, PermissionDenied: As elsewhere.
        Invalid: All refused values at once.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        load(tx, campaign_id, None)
        problems = required("organisation", found.organisation, "请填写评估机构。", MAX_NAME)
        problems += required("findings", found.findings, "请填写评估意见。", MAX_TEXT)
        if found.assessed_on is None or found.assessed_on > tx.as_of.on:
            problems.append(Problem("assessed_on", "future", "请填写评估日期，不能晚于今天。"))
        if found.score is None or not found.score.is_finite() or not 0 <= found.score <= _FULL_SCORE:
            problems.append(Problem("score", "out_of_range", f"评估得分应在 0 到 {_FULL_SCORE} 之间。"))
        refuse(problems)
        assert found.score is not None  # noqa: S101 - checked above
        values = {
            "campaign_id": campaign_id,
            "organisation": found.organisation.strip(),
            "assessed_on": found.assessed_on,
            "score_milli": round(found.score * _MILLI),
            "findings": found.findings.strip(),
            "recorded_at": tx.at,
            "recorded_by": actor.login,
        }
        note(tx, campaign_id, CampaignAction.ASSESSED, f"{found.organisation.strip()} {found.score} 分")
        return int(tx.insert(CampaignAssessment, values))


def _owned(tx: WriteTransaction, task_id: int, expected_version: int) -> tuple[CampaignRow, TaskRow]:
    campaign, task = load_task(tx, task_id, expected_version)
    load(tx, campaign.id, None)  # refuses whoever sees it without owning it
    require_open(campaign)
    return campaign, task


def _claimed(tx: WriteTransaction, task_id: int, expected_version: int) -> tuple[CampaignRow, TaskRow]:
    campaign, task = _owned(tx, task_id, expected_version)
    if task.facts.status is not TaskStatus.CLAIMED:
        text = f"该任务目前“{task.facts.status.label}”，申请销号后才能核验。请刷新后再看。"
        refuse([Problem("status", "wrong_step", text)])
    return campaign, task


def _reopen(tx: WriteTransaction, campaign: CampaignRow, task: TaskRow, kind: CampaignAction, reason: str) -> int:
    note(tx, campaign.id, kind, reason, task_id=task.id)
    changes = {"status": TaskStatus.RETURNED.value, "finished_on": None, "closed_on": None}
    return tx.update(CampaignTask, task.id, changes, expected_version=task.version, reason=reason.strip())
