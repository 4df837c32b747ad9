"""奖惩: rewards and penalties of units, counties, headquarters; recorded by a person, listed over the year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.supervision_terms import MeritKind, SubjectKind
from core.services.rectifications.rules import rules_in_force
from db.models.supervision import Merit
from db.queries import merits as queries
from db.queries.merits import MeritRow
from db.session import read, transaction

MAX_POINTS_TENTHS = 1_000


@dataclass(frozen=True, slots=True)
class NewMerit:
    """What is recorded."""

    kind: MeritKind
    subject_kind: SubjectKind
    subject_id: int
    happened_on: date | None
    reason: str
    points_tenths: int = 0
    document_no: str = ""
    rectification_id: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule proposes; it becomes a merit only when somebody records it."""

    kind: MeritKind
    subject_kind: SubjectKind
    subject_id: int
    subject: str
    points_tenths: int
    reason: str


def record(actor: Actor, new: NewMerit) -> int:
    """
    Record a reward or penalty and return its id.

    Raises:
        NotFound: No such unit, county, headquarters or campaign.
        Invalid: Every refused value at once.
    """
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        problems = []
        if not new.reason.strip():
            problems.append(Problem("reason", "required", "请写明奖惩事由。"))
        if new.happened_on is None or new.happened_on > tx.as_of.on:
            problems.append(Problem("happened_on", "day", "请选择不晚于今天的日期。"))
        if abs(new.points_tenths) > MAX_POINTS_TENTHS:
            problems.append(Problem("points", "range", f"分值应在 ±{MAX_POINTS_TENTHS // 10} 分以内。"))
        if problems:
            raise Invalid(problems)
        known = new.subject_kind in queries.OWNERS
        if not known or new.subject_id not in queries.names(tx.connection, new.subject_kind, [new.subject_id]):
            raise NotFound
        values = {
            "kind": new.kind.value,
            "subject_kind": new.subject_kind.value,
            "subject_id": new.subject_id,
            "happened_on": new.happened_on,
            "points_tenths": new.points_tenths,
            "reason": new.reason.strip(),
            "document_no": new.document_no.strip(),
            "rectification_id": new.rectification_id,
        }
        return int(tx.insert(Merit, values, reason=new.reason.strip()[:400]))


def list_year(actor: Actor, year: int) -> tuple[MeritRow, ...]:
    """Return the rewards and penalties of *year*, latest first; a bound role sees its own subjects only."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(queries.list_merits(connection, actor.scope, year))


def proposals(actor: Actor, year: int) -> tuple[Proposal, ...]:
    """
    Return what the rules propose for *year* and nobody has recorded yet; a person decides on each.

    A rule proposes once per full number of its events; what was recorded of its kind for the subject counts against it.
    """
    require(actor, Permission.VERIFY_RECTIFICATION)
    with read() as connection:
        rules = rules_in_force(connection).merits
        counts = queries.count_triggers(connection, actor.scope, year)
        recorded = Counter(
            (row.kind, row.subject_kind, row.subject_id) for row in queries.list_merits(connection, actor.scope, year)
        )
        names = {kind: queries.names(connection, kind, None) for kind in queries.OWNERS}
    found = []
    for count in counts:
        for rule in rules:
            if rule.trigger is not count.trigger:
                continue
            times = count.times // rule.times - recorded[(rule.kind, count.subject_kind, count.subject_id)]
            if times > 0:
                name = names[count.subject_kind].get(count.subject_id, "")
                reason = f"{year}年{count.trigger.label} {count.times} 次"
                points = rule.points_tenths * times
                found.append(Proposal(rule.kind, count.subject_kind, count.subject_id, name, points, reason))
    return tuple(sorted(found, key=lambda item: (item.points_tenths, item.subject)))


def choices(actor: Actor) -> dict[SubjectKind, dict[int, str]]:
    """Return whom a reward or penalty may be given to, by kind."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return {kind: queries.names(connection, kind, None) for kind in queries.OWNERS}


def totals(rows: Sequence[MeritRow]) -> list[tuple[str, str, int, int, int]]:
    """Return (kind, name, rewards, penalties, points in tenths) per subject, fewest points first."""
    sums: dict[tuple[SubjectKind, int], list[int]] = {}
    names = {(row.subject_kind, row.subject_id): row.subject for row in rows}
    for row in rows:
        own = sums.setdefault((row.subject_kind, row.subject_id), [0, 0, 0])
        own[0 if row.kind is MeritKind.PRAISE or row.points_tenths > 0 else 1] += 1
        own[2] += row.points_tenths
    ordered = sorted(sums.items(), key=lambda item: (item[1][2], names[item[0]]))
    return [(key[0].label, names[key], own[0], own[1], own[2]) for key, own in ordered]
