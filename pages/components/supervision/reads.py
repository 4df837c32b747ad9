"""What the screens of supervision read, kept by data version."""

from datetime import date

from core.domain.evidence import EvidenceOwner
from core.domain.permissions import Actor
from core.domain.supervision_terms import SubjectKind
from core.services import account_names, attachments, process_facts, projects, rounds
from core.services.attachments import AttachmentRow
from core.services.process_facts import ProcessRow
from core.services.projects import LedgerChoices
from core.services.rounds import DecisionFilter, DecisionPage, DecisionView, OverrideRow, RoundRow, RoundView
from pages.components.cached import cached_view


@cached_view()
def all_rounds(actor: Actor) -> tuple[RoundRow, ...]:
    """Return the rounds the actor may see, latest first."""
    return rounds.list_rounds(actor)


@cached_view()
def one_round(actor: Actor, round_id: int) -> RoundView:
    """Return a round with its counts."""
    return rounds.read_round(actor, round_id)


@cached_view(max_entries=128)
def flags(actor: Actor, round_id: int, wanted: DecisionFilter) -> DecisionPage:
    """Return the flags of a round that match."""
    return rounds.decisions(actor, round_id, wanted)


@cached_view(max_entries=128)
def subject(actor: Actor, round_id: int, kind: SubjectKind, subject_id: int) -> DecisionView:
    """Return the flag of one subject with its history and overrides."""
    return rounds.decision(actor, rounds.decision_of(actor, round_id, kind, subject_id).id)


@cached_view()
def overrides(actor: Actor, round_id: int) -> tuple[OverrideRow, ...]:
    """Return the overrides of a round, latest first."""
    return rounds.overrides(actor, round_id)


@cached_view()
def names(actor: Actor, logins: frozenset[str]) -> dict[str, str]:
    """Return login → shown name."""
    return account_names.names(actor, logins)


@cached_view(max_entries=128)
def evidence_of(actor: Actor, fact_ids: tuple[int, ...]) -> tuple[AttachmentRow, ...]:
    """Return the files attached to process facts."""
    return tuple(attachments.list_for(actor, EvidenceOwner.PROCESS_FACT.value, fact_ids))


@cached_view()
def choices(actor: Actor) -> LedgerChoices:
    """Return the counties and headquarters a list can be narrowed to."""
    return projects.choices(actor)


@cached_view(max_entries=128)
def processes_of(actor: Actor, kind: SubjectKind, subject_id: int) -> tuple[ProcessRow, ...]:
    """Return the process facts of one subject."""
    return process_facts.of_subject(actor, kind, subject_id)


@cached_view()
def processes_between(actor: Actor, first_on: date, last_on: date, page: int) -> tuple[tuple[ProcessRow, ...], bool]:
    """Return a page of the process facts of a period."""
    return process_facts.between(actor, first_on, last_on, page)
