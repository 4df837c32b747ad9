"""A leader's visit (领导调研): recorded on every project he saw, promises assigned on the spot, photos attached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.evidence import EvidenceOwner
from core.domain.permissions import Actor, Permission, require
from core.domain.process_checks import ProcessDraft, check_process
from core.domain.sponsors import VISIT_SOURCE, SponsorLink
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import MatterKind
from core.services.attachments import Upload, attach_in, examined
from core.services.matters import MatterDraft
from core.services.matters.on_site import SiteOrder, order_on_site
from db.models.supervision import ProcessFact
from db.queries import sponsors as queries
from db.session import transaction
from db.transaction import WriteTransaction

MAX_PROJECTS = 20
MAX_PROMISES = 10


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """
    A problem taken up on the spot (现场交办).

    Attributes:
        due_on: Deadline of the reply; None = by the ladder.
    """

    project_id: int
    title: str
    lead_unit_id: int | None
    due_on: date | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """
    What somebody types about a visit.

    Attributes:
        project_ids: Every project that was seen; one row is recorded for each.
        companions: Who went along, besides the leader; may be empty.
        summary: What was seen.
    """

    person_id: int
    project_ids: tuple[int, ...]
    happened_on: date | None
    companions: str = ""
    summary: str = ""
    promises: tuple[PromiseDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """What a visit became: its process facts by project, in the order given, and the matters assigned on it."""

    fact_ids: tuple[int, ...]
    matter_ids: tuple[int, ...]


def record(actor: Actor, draft: VisitDraft, photos: Sequence[Upload] = ()) -> RecordedVisit:
    """
    Record a visit with its promises and photos in one transaction: all of it, or nothing.

    Photos belong to the first project of the visit.

    Raises:
        PermissionDenied: The actor may not record visits.
        NotFound: No such leader, or a project outside the actor's scope.
        Invalid: All refused values at once.
    """
    require(actor, Permission.RECORD_VISIT)
    files = examined(photos)
    with transaction(actor) as tx:
        today = tx.as_of.on
        person = queries.find_people(tx.connection, [draft.person_id]).get(draft.person_id)
        if person is None:
            raise NotFound
        links = queries.list_links(tx.connection, actor.scope, date.min, [draft.person_id])
        fact = _fact(draft, person.name)
        problems = _check(draft, links) + check_process(fact, today)
        if problems:
            raise Invalid(problems)
        fact_ids = tuple(_insert(tx, fact, project_id) for project_id in draft.project_ids)
        for file, data in files:
            attach_in(tx, EvidenceOwner.PROCESS_FACT, fact_ids[0], file, data)
        return RecordedVisit(fact_ids, _order(tx, draft, person.name))


def _fact(draft: VisitDraft, name: str) -> ProcessDraft:
    participants = "、".join(part for part in (name, draft.companions.strip()) if part)
    return ProcessDraft(
        ProcessKind.LEADER_VISIT, draft.happened_on, participants, draft.summary, "", Severity.NONE, None
    )


def _check(draft: VisitDraft, links: Sequence[SponsorLink]) -> list[Problem]:
    problems = []
    if not 1 <= len(draft.project_ids) <= MAX_PROJECTS:
        text = f"请选择调研的项目，一次 1 到 {MAX_PROJECTS} 个。"
        problems.append(Problem("project_ids", "out_of_range", text))
    if len(draft.promises) > MAX_PROMISES:
        problems.append(Problem("promises", "out_of_range", f"一次最多交办 {MAX_PROMISES} 项，请分次登记。"))
    if not draft.summary.strip():
        problems.append(Problem("summary", "missing", "请简要填写现场看到的情况。"))
    if draft.happened_on is not None:
        held = {link.project_id for link in links if link.is_in_force(draft.happened_on)}
        strange = [key for key in dict.fromkeys(draft.project_ids) if key not in held]
        if strange:
            text = f"所选项目中有 {len(strange)} 个当日不由其包保，或不在您的管理范围内，请重新选择。"
            problems.append(Problem("project_ids", "not_sponsored", text))
    if any(promise.project_id not in draft.project_ids for promise in draft.promises):
        problems.append(Problem("promises", "other_project", "现场交办的问题须属于本次调研的项目。"))
    return problems


def _insert(tx: WriteTransaction, fact: ProcessDraft, project_id: int) -> int:
    values = {
        "kind": fact.kind.value,
        "subject_kind": SubjectKind.PROJECT.value,
        "subject_id": project_id,
        "project_id": project_id,
        "happened_on": fact.happened_on,
        "participants": fact.participants,
        "summary": fact.summary.strip(),
        "finding": "",
        "severity": fact.severity.value,
        "due_on": None,
        "recorded_at": tx.at,
        "recorded_by": tx.actor.login,
    }
    return int(tx.insert(ProcessFact, values))


def _order(tx: WriteTransaction, draft: VisitDraft, name: str) -> tuple[int, ...]:
    if not draft.promises:
        return ()
    known = queries.project_targets(tx.connection, draft.project_ids)
    orders = [
        SiteOrder(
            MatterDraft(
                MatterKind.PROBLEM,
                promise.title,
                category=promise.category,
                source=VISIT_SOURCE,
                raised_by=name,
            ),
            known[promise.project_id],
            promise.lead_unit_id,
            promise.due_on,
            name,
        )
        for promise in draft.promises
    ]
    return order_on_site(tx, orders)
