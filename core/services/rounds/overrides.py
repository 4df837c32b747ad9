"""Overrides (人工调整): proposed with a reason, decided by a second person, never by the one who proposed."""

from dataclasses import dataclass

from core.domain.errors import Invalid, NotFound, PermissionDenied, Problem, RoundRefused
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.rounds import OVERRIDE_LEVELS
from core.domain.supervision_terms import ApprovalStatus, OverrideKind, RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from core.services.rounds.applying import apply_one
from core.services.rounds.guarding import hold
from db import rollup, round_rows
from db.models.supervision import FlagOverride
from db.queries import round_decisions
from db.queries.round_decisions import DecisionRow, OverrideRow
from db.session import transaction
from db.transaction import WriteTransaction

_MAX_DOCUMENT = 200


@dataclass(frozen=True, slots=True)
class OverrideProposal:
    """
    What is proposed for one subject of a draft.

    Attributes:
        level: The level it should have; EXEMPT, with a document, is an exemption (免予评旗).
        document_no: Number of the approving document; needed for an exemption.
    """

    kind: SubjectKind
    subject_id: int
    level: FlagLevel
    reason: str
    document_no: str = ""

    @property
    def override(self) -> OverrideKind:
        return OverrideKind.EXEMPTION if self.level is FlagLevel.EXEMPT else OverrideKind.LEVEL


def propose_override(actor: Actor, round_id: int, proposal: OverrideProposal) -> int:
    """
    Propose another level for one subject and return the override's id.

    Raises:
        NotFound: No such subject in the round.
        Invalid: Reason, level or document refused, all at once.
        RoundRefused: The round is no draft, or the subject has an open override.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        hold(tx, round_id, None, RoundStatus.DRAFT)
        row = _flag(tx, actor, round_id, proposal.kind, proposal.subject_id)
        problems = _problems(proposal, row)
        if problems:
            raise Invalid(problems)
        if row.override_status is not None:
            text = f"“{row.name}”已有{row.override_status.label}的调整，请先撤回原来的调整。"
            raise RoundRefused(text)
        values = {
            "round_id": round_id,
            "subject_kind": proposal.kind.value,
            "subject_id": proposal.subject_id,
            "kind": proposal.override.value,
            "computed_level": row.computed_level.value,
            "level": proposal.level.value,
            "reason": proposal.reason.strip(),
            "document_no": proposal.document_no.strip(),
            "status": ApprovalStatus.PROPOSED.value,
            "proposed_at": tx.at,
            "proposed_by": actor.login,
        }
        return int(tx.insert(FlagOverride, values, reason=proposal.reason.strip()))


def decide_override(actor: Actor, override_id: int, approved: bool, note: str, expected_version: int) -> int:
    """
    Approve or refuse an override and return its new version; an approved one that moved is confirmed the same way.

    Args:
        note: Why; needed when refusing.
        expected_version: Version of the override the actor saw.

    Raises:
        PermissionDenied: The actor proposed it, or may not approve.
        RoundRefused: It is decided already, or the round is no draft.
        Conflict: Somebody else changed it.
    """
    require(actor, Permission.APPROVE_OVERRIDE)
    with transaction(actor) as tx:
        override = _held(tx, actor, override_id)
        if override.proposed_by == actor.login:
            raise PermissionDenied("旗色调整须由另一人审批，您是提出人，不能审批自己的调整。")
        confirming = override.status is ApprovalStatus.APPROVED and override.is_moved
        if override.status is not ApprovalStatus.PROPOSED and not confirming:
            raise RoundRefused(f"该调整{override.status.label}，无需再审批。请刷新后查看。")
        if not approved and (problems := check_reason(note, "decision_note")):
            raise Invalid(problems)
        row = _flag(tx, actor, override.round_id, override.kind, override.subject_id)
        status = ApprovalStatus.APPROVED if approved else ApprovalStatus.REJECTED
        changes = {
            "status": status.value,
            "is_moved": False,
            "computed_level": row.computed_level.value,
            "decided_at": tx.at,
            "decided_by": actor.login,
            "decision_note": note.strip(),
        }
        version = tx.update(FlagOverride, override_id, changes, expected_version=expected_version, reason=note.strip())
        if approved:
            apply_one(tx, override, row.gap_milli_pp)
        else:
            _back(tx, row)
        return version


def withdraw_override(actor: Actor, override_id: int, reason: str, expected_version: int) -> int:
    """
    Take an override back, approved or not; the flag returns to its computed level.

    Raises:
        RoundRefused: It was refused or withdrawn before, or the round is no draft.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        override = _held(tx, actor, override_id)
        if override.status not in (ApprovalStatus.PROPOSED, ApprovalStatus.APPROVED):
            raise RoundRefused(f"该调整{override.status.label}，无需撤回。")
        if problems := check_reason(reason):
            raise Invalid(problems)
        row = _flag(tx, actor, override.round_id, override.kind, override.subject_id)
        changes = {"status": ApprovalStatus.WITHDRAWN.value, "is_moved": False}
        version = tx.update(
            FlagOverride, override_id, changes, expected_version=expected_version, reason=reason.strip()
        )
        _back(tx, row)
        return version


def _back(tx: WriteTransaction, row: DecisionRow) -> None:
    if row.level is not row.computed_level:
        urgency = rollup.urgency(row.computed_level, row.gap_milli_pp)
        round_rows.set_level(tx.connection, row.round_id, row.kind, row.subject_id, row.computed_level, urgency)


def _held(tx: WriteTransaction, actor: Actor, override_id: int) -> OverrideRow:
    round_id = round_decisions.round_of_override(tx.connection, override_id)
    if round_id is None:
        raise NotFound
    hold(tx, round_id, None, RoundStatus.DRAFT)
    found = round_decisions.list_overrides(tx.connection, actor.scope, round_id, override_id=override_id)
    if not found:
        raise NotFound
    return found[0]


def _flag(tx: WriteTransaction, actor: Actor, round_id: int, kind: SubjectKind, subject_id: int) -> DecisionRow:
    row = round_decisions.find_decision_of(tx.connection, actor.scope, round_id, kind, subject_id)
    if row is None:
        raise NotFound
    return row


def _problems(proposal: OverrideProposal, row: DecisionRow) -> list[Problem]:
    problems = check_reason(proposal.reason)
    if proposal.override is OverrideKind.EXEMPTION:
        if not proposal.document_no.strip():
            problems.append(Problem("document_no", "required", "免予评旗须填写批准文号。"))
    elif proposal.level not in OVERRIDE_LEVELS:
        problems.append(Problem("level", "level", "调整后的等级只能是正常、提示、滞后、严重滞后或不评。"))
    elif proposal.level is row.computed_level:
        problems.append(Problem("level", "same", "调整后的等级与计算结果相同，无需调整。"))
    if len(proposal.document_no.strip()) > _MAX_DOCUMENT:
        problems.append(Problem("document_no", "long", f"文号请控制在 {_MAX_DOCUMENT} 字以内。"))
    return problems
