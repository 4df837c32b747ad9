"""What may be read of rounds: drafts by those who make and approve them, published ones by everybody in scope."""

from dataclasses import dataclass

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require
from core.domain.supervision_terms import ApprovalStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.queries import round_decisions, rounds
from db.queries.round_decisions import DecisionFilter, DecisionRow, HistoryRow, OverrideRow
from db.queries.rounds import FROZEN, KEPT, LevelCounts, Movement, RoundRow
from db.session import read


@dataclass(frozen=True, slots=True)
class RoundView:
    """
    One round with how many subjects of the actor's scope stand where.

    Attributes:
        counts: Level counts per kind of subject.
        movements: Previous level → level, for every kind.
        previous: The round published before it.
        waiting: Overrides that wait for a decision; moved: approved ones whose computed level has moved since.
        changes_since: Writes to projects, reports, milestones … after the flags were computed; 0 once published.
    """

    row: RoundRow
    counts: LevelCounts
    movements: tuple[Movement, ...]
    previous: RoundRow | None
    waiting: int
    moved: int
    changes_since: int


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Some flags of a round and how many match in all."""

    rows: tuple[DecisionRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One flag with the history of its subject and the overrides of this round."""

    row: DecisionRow
    history: tuple[HistoryRow, ...]
    overrides: tuple[OverrideRow, ...]


def sees_drafts(actor: Actor) -> bool:
    """Return whether *actor* may look at rounds that are not published."""
    return actor.can(Permission.MANAGE_ROUNDS) or actor.can(Permission.APPROVE_OVERRIDE)


def must_see(actor: Actor, row: RoundRow | None) -> RoundRow:
    """
    Return *row*.

    Raises:
        NotFound: There is no such round, or it is a draft the actor may not know of.
    """
    if row is None or not (row.is_frozen or sees_drafts(actor)):
        raise NotFound
    return row


def list_rounds(actor: Actor) -> tuple[RoundRow, ...]:
    """Return the rounds the actor may see, latest first."""
    require(actor, Permission.VIEW_PROJECTS)
    statuses = KEPT if sees_drafts(actor) else FROZEN
    with read() as connection:
        return tuple(rounds.list_rounds(connection, statuses))


def read_round(actor: Actor, round_id: int) -> RoundView:
    """
    Return one round with its counts and movements inside the actor's scope.

    Raises:
        NotFound: No such round, or a draft the actor may not see.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        row = must_see(actor, rounds.find_round(connection, round_id))
        moves = rounds.movements(connection, actor.scope, round_id)
        before = rounds.published_before(connection, row.year, row.number)
        waiting, moved = rounds.override_counts(connection, round_id)
        stale = 0
        if not row.is_frozen and row.data_seq is not None:
            stale = rounds.changes_since(connection, row.data_seq)
    return RoundView(row, _counts(moves), tuple(moves), next(iter(before), None), waiting, moved, stale)


def _counts(moves: list[Movement]) -> LevelCounts:
    counts: LevelCounts = {}
    for move in moves:
        levels = counts.setdefault(move.kind, dict.fromkeys(FlagLevel, 0))
        levels[move.level] += move.count
    return counts


def latest_published(actor: Actor) -> RoundRow | None:
    """Return the latest published round; the wall and the map show its flags."""
    if not actor.can(Permission.VIEW_WALL):
        require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rounds.latest_published(connection)


def decisions(actor: Actor, round_id: int, wanted: DecisionFilter | None = None) -> DecisionPage:
    """
    Return the flags of a round inside the actor's scope, most urgent first.

    Raises:
        NotFound: No such round, or a draft the actor may not see.
    """
    require(actor, Permission.VIEW_PROJECTS)
    wanted = wanted or DecisionFilter()
    with read() as connection:
        must_see(actor, rounds.find_round(connection, round_id))
        found = round_decisions.list_decisions(connection, actor.scope, round_id, wanted)
        total = round_decisions.count_decisions(connection, actor.scope, round_id, wanted)
    return DecisionPage(tuple(found), total)


def decision(actor: Actor, decision_id: int) -> DecisionView:
    """
    Return one flag with hits, figures and history.

    Raises:
        NotFound: Outside the actor's scope, or of a draft the actor may not see.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        row = round_decisions.find_decision(connection, actor.scope, decision_id)
        if row is None:
            raise NotFound
        must_see(actor, rounds.find_round(connection, row.round_id))
        past = round_decisions.history(connection, actor.scope, row.kind, row.subject_id)
        made = round_decisions.list_overrides(connection, actor.scope, row.round_id)
    own = tuple(item for item in made if (item.kind, item.subject_id) == (row.kind, row.subject_id))
    return DecisionView(row, tuple(past), own if sees_drafts(actor) else ())


def decision_of(actor: Actor, round_id: int, kind: SubjectKind, subject_id: int) -> DecisionRow:
    """
    Return the flag of one subject in one round: a key that survives a recompute, as ids of flags do not.

    Raises:
        NotFound: As ``decision``.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        must_see(actor, rounds.find_round(connection, round_id))
        row = round_decisions.find_decision_of(connection, actor.scope, round_id, kind, subject_id)
    if row is None:
        raise NotFound
    return row


def overrides(actor: Actor, round_id: int) -> tuple[OverrideRow, ...]:
    """
    Return the overrides of a round, latest first; beyond supervision only the approved ones of published rounds.

    Raises:
        NotFound: No such round, or a draft the actor may not see.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        must_see(actor, rounds.find_round(connection, round_id))
        found = round_decisions.list_overrides(connection, actor.scope, round_id)
    if sees_drafts(actor):
        return tuple(found)
    return tuple(item for item in found if item.status is ApprovalStatus.APPROVED)
