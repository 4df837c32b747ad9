"""Evidence (佐证): to which rows files may be attached, by whom, and within which bounds."""

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import Term

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 40
MAX_NAME = 255
MAX_NOTE = 400


class EvidenceOwner(Term):
    """A kind of row that evidence belongs to; the code is the table's name."""

    PROJECT = "project", "项目"
    MILESTONE = "milestone", "节点"
    INVESTMENT_REPORT = "investment_report", "投资月报"
    REPORT_CORRECTION = "report_correction", "月报更正"
    MATTER = "matter", "清单事项"
    PROCESS_FACT = "process_fact", "过程事实"
    FLAG_OVERRIDE = "flag_override", "旗色调整"
    RECTIFICATION = "rectification", "整改"
    RECTIFICATION_EVENT = "rectification_event", "整改环节"
    CAMPAIGN = "campaign", "攻坚行动"
    CAMPAIGN_TASK = "campaign_task", "攻坚任务"
    HEADQUARTERS_STEP = "headquarters_step", "指挥部组建事项"
    HEADQUARTERS_REPORT = "headquarters_report", "指挥部报告"


# Whoever may write the row may attach to it: any one of the permissions is enough.
_WRITERS: dict[EvidenceOwner, tuple[Permission, ...]] = {
    EvidenceOwner.PROJECT: (Permission.EDIT_PROJECT,),
    EvidenceOwner.MILESTONE: (Permission.UPDATE_MILESTONE,),
    EvidenceOwner.INVESTMENT_REPORT: (Permission.SUBMIT_REPORT,),
    EvidenceOwner.REPORT_CORRECTION: (Permission.CORRECT_REPORT, Permission.CLOSE_MONTH),
    EvidenceOwner.MATTER: (Permission.HANDLE_MATTER, Permission.ASSIGN_MATTER, Permission.RAISE_MATTER),
    EvidenceOwner.PROCESS_FACT: (Permission.RECORD_PROCESS, Permission.RECORD_VISIT),
    EvidenceOwner.FLAG_OVERRIDE: (Permission.MANAGE_ROUNDS,),
    EvidenceOwner.RECTIFICATION: (Permission.RECTIFY, Permission.VERIFY_RECTIFICATION),
    EvidenceOwner.RECTIFICATION_EVENT: (Permission.RECTIFY, Permission.VERIFY_RECTIFICATION),
    EvidenceOwner.CAMPAIGN: (Permission.MANAGE_CAMPAIGN,),
    EvidenceOwner.CAMPAIGN_TASK: (Permission.UPDATE_TASK, Permission.MANAGE_CAMPAIGN),
    EvidenceOwner.HEADQUARTERS_STEP: (Permission.MANAGE_HEADQUARTERS,),
    EvidenceOwner.HEADQUARTERS_REPORT: (Permission.MANAGE_HEADQUARTERS,),
}
# A draft's overrides are known to those who make and approve them only.
_READERS: dict[EvidenceOwner, tuple[Permission, ...]] = {
    EvidenceOwner.FLAG_OVERRIDE: (Permission.MANAGE_ROUNDS, Permission.APPROVE_OVERRIDE),
}


def owner_of(entity: str) -> EvidenceOwner:
    """
    Return the kind of row called *entity*.

    Raises:
        Invalid: Files cannot be attached to such rows.
    """
    try:
        return EvidenceOwner(entity)
    except ValueError as error:
        raise Invalid([Problem("entity", "unknown_entity", "这类记录不能附佐证材料。")]) from error


def require_to_write(actor: Actor, owner: EvidenceOwner) -> None:
    """
    Stop unless *actor* may attach to rows of *owner*.

    Raises:
        PermissionDenied: None of the fitting permissions is held.
    """
    _require_any(actor, _WRITERS[owner])


def require_to_read(actor: Actor, owner: EvidenceOwner) -> None:
    """
    Stop unless *actor* may look at the evidence of rows of *owner*.

    Raises:
        PermissionDenied: None of the fitting permissions is held.
    """
    _require_any(actor, _READERS.get(owner, (Permission.VIEW_PROJECTS,)))


def can_write(actor: Actor, owner: EvidenceOwner) -> bool:
    """Return whether *actor* may attach to rows of *owner*."""
    return any(actor.can(permission) for permission in _WRITERS[owner])


def _require_any(actor: Actor, permissions: tuple[Permission, ...]) -> None:
    if not any(actor.can(permission) for permission in permissions):
        require(actor, permissions[0])
