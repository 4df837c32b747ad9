"""The steps between assignment and end, from 签收 to 销号, redoing and merging too; each is one transaction."""

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied, Problem
from core.domain.matters import machine
from core.domain.matters.words import MatterAction, Outcome, Satisfaction
from core.domain.permissions import Actor, Permission, require
from core.services.matters.writing import (
    MAX_DOCUMENT,
    MAX_TEXT,
    bounded,
    clock_of,
    load,
    note,
    refuse,
    require_lead,
    require_table,
    required,
    short,
    step,
)
from db.models.matter import MatterSupport
from db.queries import matter_story as story
from db.queries import matters as queries
from db.session import transaction


def sign_for(actor: Actor, matter_id: int, expected_version: int) -> int:
    """
    Take the matter on (签收); return its new version.

    Raises:
        PermissionDenied: The actor does not stand for the lead unit.
        Conflict: Somebody took a step meanwhile.
        Invalid: Another step is due.
    """
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {})
        require_lead(actor, row)
        return step(tx, row, machine.sign_for(row.state, clock_of(tx)), MatterAction.SIGNED, "")


def object_(actor: Actor, matter_id: int, reason: str, expected_version: int) -> int:
    """Say that the unit is the wrong one (退办), with the reason; return the matter's new version."""
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"reason": reason})
        require_lead(actor, row)
        refuse(required("reason", reason, "请写明退办理由和建议的承办单位。"))
        return step(tx, row, machine.object_(row.state, clock_of(tx)), MatterAction.OBJECTED, reason)


def report_progress(actor: Actor, matter_id: int, progress: str, expected_version: int) -> int:
    """Report how it goes; the first time this is the first report (接办报告). Return the matter's new version."""
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"progress": progress})
        require_lead(actor, row)
        refuse(required("progress", progress, "请填写办理进展和下一步安排。", longest=MAX_TEXT))
        following = machine.report_progress(row.state, clock_of(tx))
        return step(tx, row, following, MatterAction.IN_PROGRESS, progress, progress=progress.strip())


def reply(actor: Actor, matter_id: int, answer: str, expected_version: int) -> int:
    """Answer the one who raised it (回复); return the matter's new version."""
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"answer": answer})
        require_lead(actor, row)
        refuse(required("answer", answer, "请填写答复意见。", longest=MAX_TEXT))
        following = machine.reply(row.state, clock_of(tx))
        return step(tx, row, following, MatterAction.REPLIED, answer, answer=answer.strip())


def resolve(
    actor: Actor,
    matter_id: int,
    outcome: Outcome | None,
    conditions: str,
    decision_no: str,
    expected_version: int,
) -> int:
    """
    Report the result (结果报告); return the matter's new version.

    Args:
        conditions: Under which condition it could be solved; required for what cannot be solved now.
        decision_no: Document of the committee's decision; required on its table.
    """
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"conditions": conditions, "decision_no": decision_no})
        require_lead(actor, row)
        refuse(
            bounded("conditions", conditions, longest=MAX_TEXT)
            + bounded("decision_no", decision_no, longest=MAX_DOCUMENT)
        )
        following = machine.resolve(row.state, outcome, conditions, decision_no, clock_of(tx))
        word = following.outcome.label if following.outcome else ""
        text = f"{word}。{conditions.strip()}" if conditions.strip() else word
        headline = f"“{short(row.title)}”{word}"
        return step(tx, row, following, MatterAction.RESOLVED, text, headline=headline, document_no=decision_no)


def record_satisfaction(
    actor: Actor, matter_id: int, satisfaction: Satisfaction | None, remark: str, expected_version: int
) -> int:
    """Record what the one who raised it says (满意度回访); return the matter's new version."""
    require(actor, Permission.CLOSE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"satisfaction": satisfaction, "remark": remark})
        require_table(actor, row)
        refuse(bounded("remark", remark))
        following = machine.record_satisfaction(row.state, satisfaction, clock_of(tx))
        word = satisfaction.label if satisfaction else ""
        text = f"{word}。{remark.strip()}" if remark.strip() else word
        return step(tx, row, following, MatterAction.VISITED, text)


def close_out(actor: Actor, matter_id: int, remark: str, expected_version: int) -> int:
    """Close the matter out (销号); return its new version."""
    require(actor, Permission.CLOSE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"remark": remark})
        require_table(actor, row)
        refuse(bounded("remark", remark))
        following = machine.close_out(row.state, clock_of(tx))
        return step(tx, row, following, MatterAction.CLOSED_OUT, remark, headline=f"“{short(row.title)}”销号")


def redo(actor: Actor, matter_id: int, reason: str, expected_version: int) -> int:
    """Send it back to the same unit to do it again (重办), with the reason; return the matter's new version."""
    require(actor, Permission.CLOSE_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"reason": reason})
        require_table(actor, row)
        refuse(required("reason", reason, "请写明重办原因和要求。"))
        return step(tx, row, machine.redo(row.state, clock_of(tx)), MatterAction.REDONE, reason)


def merge(actor: Actor, matter_id: int, target_code: str, expected_version: int) -> int:
    """
    End a duplicate by merging it into the matter *target_code*; return its new version.

    Raises:
        Invalid: No such other matter inside the actor's scope, or one that takes nothing in.
    """
    require(actor, Permission.ASSIGN_MATTER)
    with transaction(actor) as tx:
        row = load(tx, matter_id, expected_version, {"target_code": target_code})
        require_table(actor, row)
        target = queries.find_by_code(tx.connection, actor.scope, target_code.strip())
        if target is None or target.id == row.id:
            raise Invalid([Problem("target", "unknown", f"找不到可并入的事项“{target_code.strip()}”，请核对编号。")])
        following = machine.merge(row.state, target.id, target.state, clock_of(tx))
        note(tx, target.id, MatterAction.MERGED, text=f"{row.code} 并入本事项")
        return step(tx, row, following, MatterAction.MERGED, f"并入 {target.code}")


def support(actor: Actor, matter_id: int, support_id: int, opinion: str, expected_version: int) -> int:
    """
    Answer the lead unit as a supporting one (协办回复); return the support's new version.

    Raises:
        PermissionDenied: The actor is not of that unit.
    """
    require(actor, Permission.HANDLE_MATTER)
    with transaction(actor) as tx:
        row = queries.find_matter(tx.connection, actor.scope, matter_id)
        supports = story.list_supports(tx.connection, matter_id) if row else []
        own = next((one for one in supports if one.id == support_id), None)
        if row is None or own is None:
            raise NotFound
        if not actor.scope.everything and own.unit_id not in actor.scope.unit_ids:
            raise PermissionDenied(f"协办意见由{own.unit_name}填写，您可以查看。")
        if own.version != expected_version:
            raise Conflict({"opinion": own.opinion}, {"opinion": opinion})
        refuse(required("opinion", opinion, "请填写协办意见。"))
        changes = {"opinion": opinion.strip(), "replied_on": tx.as_of.on}
        version = tx.update(MatterSupport, support_id, changes, expected_version=expected_version)
        note(tx, matter_id, MatterAction.SUPPORTED, text=f"{own.unit_name}：{opinion.strip()}")
        return version
