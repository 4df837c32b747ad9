"""政策落实: what a policy grants to whom, delivered, applied for, honoured; kept beside the matter's steps."""

from dataclasses import asdict, dataclass, fields
from datetime import date

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied, Problem
from core.domain.matters.words import MatterAction
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import MatterKind
from core.domain.units import format_whole_wan
from core.services.matters.writing import bounded, is_lead, is_table, note, refuse
from db.models.matter import PolicyTerms
from db.queries import matter_story, matters
from db.session import transaction

POLICY_LEVELS = ("国家", "省级", "市级", "县级")
_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """
    What is typed of a policy; None = not known yet, which is not 0.

    Attributes:
        target_count: Enterprises it has to reach; *delivered_count* of them were told.
        approved_yuan: Granted after review, 元; *honoured_yuan* of it was paid.
    """

    document_no: str = ""
    clause: str = ""
    level: str = ""
    audience: str = ""
    conditions: str = ""
    delivery_channel: str = ""
    delivered_on: date | None = None
    target_count: int | None = None
    delivered_count: int | None = None
    applied_count: int | None = None
    approved_yuan: int | None = None
    honoured_yuan: int | None = None
    honoured_count: int | None = None
    unhonoured_reason: str = ""


_TEXTS = {
    "document_no": 100, "clause": 4000, "level": 32, "audience": 400, "conditions": 4000, "delivery_channel": 200,
    "unhonoured_reason": 400,
}  # fmt: skip
# The part never exceeds the whole: part, whole, what is wrong otherwise.
_PARTS = (
    ("delivered_count", "target_count", "已送达户数不能多于应送达户数。"),
    ("honoured_count", "applied_count", "兑现户数不能多于申请户数。"),
    ("honoured_yuan", "approved_yuan", "兑现金额不能大于审核通过金额。"),
)


def save_policy(actor: Actor, matter_id: int, draft: PolicyDraft, expected_version: int) -> int:
    """
    Write what is known of a policy and return the new version of its terms; 0 is expected while there are none.

    Raises:
        PermissionDenied: The actor neither leads the policy nor has it on his table.
        NotFound: No such policy inside the actor's scope.
        Conflict: Somebody wrote meanwhile.
        Invalid: All refused values at once.
    """
    if not actor.can(Permission.ASSIGN_MATTER):
        require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = matters.find_matter(tx.connection, actor.scope, matter_id)
        if row is None or row.state.kind is not MatterKind.POLICY:
            raise NotFound
        if not (is_lead(actor, row) or is_table(actor, row)):
            raise PermissionDenied(f"该政策由{row.unit_name or '牵头单位'}落实，您可以查看，不能修改。")
        refuse(_check(draft))
        known = matter_story.find_policy(tx.connection, matter_id)
        if (known.version if known else 0) != expected_version:
            raise Conflict(asdict(known) if known else {}, asdict(draft))
        values = {field.name: getattr(draft, field.name) for field in fields(draft)}
        values |= {name: values[name].strip() for name in _TEXTS}
        if known is None:
            tx.insert(PolicyTerms, {"matter_id": matter_id, **values})
            version = 1
        else:
            changed = {name: value for name, value in values.items() if value != getattr(known, name)}
            if not changed:
                raise Invalid([Problem("terms", "unchanged", "内容没有变化，无需保存。")])
            version = tx.update(PolicyTerms, known.id, changed, expected_version=expected_version)
        note(tx, matter_id, MatterAction.TERMS, text=_told(draft), document_no=draft.document_no)
        return version


def _check(draft: PolicyDraft) -> list[Problem]:
    problems = []
    for name, longest in _TEXTS.items():
        problems += bounded(name, getattr(draft, name), longest=longest)
    for field in fields(draft):
        value = getattr(draft, field.name)
        most = 10**16 if field.name.endswith("_yuan") else _MOST
        if isinstance(value, int) and not 0 <= value <= most:
            problems.append(Problem(field.name, "out_of_range", "户数和金额不能为负数，也不能过大。"))
    for part, whole, message in _PARTS:
        one, other = getattr(draft, part), getattr(draft, whole)
        if one is not None and other is not None and one > other:
            problems.append(Problem(part, "out_of_range", message))
    return problems


def _told(draft: PolicyDraft) -> str:
    parts = []
    if draft.delivered_count is not None and draft.target_count is not None:
        parts.append(f"送达 {draft.delivered_count}/{draft.target_count} 户")
    if draft.honoured_yuan is not None and draft.approved_yuan is not None:
        parts.append(f"兑现 {format_whole_wan(draft.honoured_yuan)}/{format_whole_wan(draft.approved_yuan)} 万元")
    return "，".join(parts) or "更新政策条款"
