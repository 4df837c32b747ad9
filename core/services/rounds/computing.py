"""Computing the flags of a draft (计算旗色): from the roll-ups where they fit, else project by project."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.domain.flag_groups import decide_group
from core.domain.flag_hits import hits_to_json
from core.domain.flag_rules import FlagRuleSet
from core.domain.flags import FlagDecision, decide_standing
from core.domain.measures import measure_standing
from core.domain.permissions import Actor, Permission, require
from core.domain.round_groups import (
    GROUP_SUMS,
    OWNER_KINDS,
    CampaignGroup,
    GroupSum,
    due_yuan,
    facts_of_sums,
    project_sums,
)
from core.domain.rounds import SubjectFacts, facts_to_json
from core.domain.standing import Standing, stand
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.services import figures
from core.services.rounds import sequences
from core.services.rounds.applying import apply_overrides
from core.services.rounds.guarding import hold
from db import audit, rollup, round_rows
from db.audit import Head
from db.models.supervision import SupervisionRound
from db.queries import campaign_groups, rounds
from db.queries.facts import CategorisedFacts, load_facts_between
from db.queries.facts_history import load_facts_at
from db.queries.rounds import RoundRow
from db.session import transaction
from db.transaction import WriteTransaction

CHUNK = 2000
LOOK_BACK = 12
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Computed:
    """
    What a computation gave.

    Attributes:
        from_rollups: Whether the roll-ups stood where the round stands; else every project was decided anew.
        levels: Projects by level value.
        sha256: Over (kind, subject, level) of every flag in order; kept in the audit.
    """

    version: int
    data_seq: int
    from_rollups: bool
    levels: dict[str, int]
    sha256: str


def compute(actor: Actor, round_id: int, expected_version: int, progress: Progress | None = None) -> Computed:
    """
    Decide every subject of a draft anew; overrides stay, and are marked where the computed level has moved.

    Args:
        progress: Called with (projects done, projects in all) after each chunk of the slow way.

    Raises:
        RoundAlreadyPublished, RoundRefused: Not a draft.
        Conflict: Somebody else changed the round.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    figures.version()  # on a new day, or after a change of rules, the roll-ups are brought there first
    with transaction(actor) as tx:
        row = hold(tx, round_id, expected_version, RoundStatus.DRAFT)
        head = audit.lock_head(tx.connection)
        rules = rollup.load_rule_set(tx.connection, row.rule_set_id)
        past = rounds.published_before(tx.connection, row.year, row.number, LOOK_BACK)
        previous = past[0].id if past else None
        round_rows.clear(tx.connection, round_id)
        fast = stands_at(head, row)
        if fast:
            round_rows.insert_from_states(tx.connection, round_id, row.window, rules.basis, previous)
            groups = list(round_rows.group_sums(tx.connection, row.window, rules.basis))
        else:
            groups = _decide_all(tx, row, rules, previous, progress)
        round_rows.insert_rows(tx.connection, list(_group_rows(tx, row, rules, groups, previous)))
        sequences.settle_all(tx.connection, row, rules, [item.id for item in past])
        apply_overrides(tx, round_id)
        digest, levels = round_rows.levels_digest(tx.connection, round_id)
        told = {name: count for name, count in levels.items() if count}
        tx.record("compute", "supervision_round", round_id, new={"levels": told, "sha256": digest})
        changes = {"data_seq": head.seq, "computed_at": tx.at}
        version = tx.update(SupervisionRound, round_id, changes, expected_version=row.version)
    return Computed(version, head.seq, fast, levels, digest)


def stands_at(head: Head, row: RoundRow) -> bool:
    """Return whether the roll-ups hold the round's flags: same as-of point, same rules."""
    return head.figures == row.window.as_of and head.flag_rule_id == row.rule_set_id


def _decide_all(
    tx: WriteTransaction, row: RoundRow, rules: FlagRuleSet, previous: int | None, progress: Progress | None
) -> list[GroupSum]:
    """Decide all projects in ranges of ids, so that memory stays flat; return the sums of their groups."""
    last = rounds.last_project_id(tx.connection)
    owners = round_rows.owner_names(tx.connection)
    campaigns = campaign_groups.list_groups(tx.connection, row.window)
    owners[SubjectKind.CAMPAIGN] = {key: group.name for key, group in campaigns.items()}
    linked = campaign_groups.campaigns_of_projects(tx.connection, row.window)
    sums: dict[tuple[SubjectKind, int], dict[str, int]] = {}
    for first in range(1, last + 1, CHUNK):
        end = first + CHUNK - 1
        rows = list(_project_rows(tx, row, rules, previous, (first, end), owners, linked, sums))
        round_rows.insert_rows(tx.connection, rows)
        if progress is not None:
            progress(min(end, last), last)
    return [GroupSum(kind, key, owners[kind][key], found) for (kind, key), found in sorted(sums.items())]


def _project_rows(
    tx: WriteTransaction,
    row: RoundRow,
    rules: FlagRuleSet,
    previous: int | None,
    span: tuple[int, int],
    owners: dict[SubjectKind, dict[int, str]],
    linked: dict[int, list[int]],
    sums: dict[tuple[SubjectKind, int], dict[str, int]],
) -> Iterator[dict[str, Any]]:
    names = round_rows.names_between(tx.connection, *span)
    leaders = round_rows.leaders_between(tx.connection, *span)
    before = round_rows.previous_flags(tx.connection, previous, SubjectKind.PROJECT, *span)
    load = load_facts_at if row.window.cut_off_on < tx.as_of.on else load_facts_between
    for item in load(tx.connection, *span, row.window.as_of):
        if item.facts.year_class is None:
            continue
        standing = stand(item.facts, row.window.as_of)
        decision = decide_standing(standing, rules)
        own = project_sums(measure_standing(standing, decision.level), due_yuan(standing, rules.basis), row.window)
        _add(sums, standing, own, linked.get(item.facts.project_id, ()))
        code, name = names[item.facts.project_id]
        known = _names(item, owners, SubjectFacts(code=code, leader=leaders.get(item.facts.project_id, "")))
        facts = facts_of_sums(own, known)
        ids = (item.facts.county_id, item.facts.headquarters_id, item.facts.unit_id)
        subject = (SubjectKind.PROJECT, item.facts.project_id, name)
        yield _row(row.id, subject, ids, decision, facts, before.get(item.facts.project_id))


def _names(item: CategorisedFacts, owners: dict[SubjectKind, dict[int, str]], known: SubjectFacts) -> SubjectFacts:
    facts = item.facts
    return replace(
        known,
        county=owners[SubjectKind.COUNTY][facts.county_id],
        headquarters=owners[SubjectKind.HEADQUARTERS].get(facts.headquarters_id or 0, ""),
        unit=owners[SubjectKind.UNIT].get(facts.unit_id or 0, ""),
        year_class=facts.year_class.value if facts.year_class else "",
        category=item.category,
    )


def _add(
    sums: dict[tuple[SubjectKind, int], dict[str, int]],
    standing: Standing,
    own: dict[str, int],
    campaign_ids: Sequence[int],
) -> None:
    facts = standing.facts
    for kind, key in (
        *((SubjectKind.CAMPAIGN, campaign_id) for campaign_id in campaign_ids),
        (SubjectKind.COUNTY, facts.county_id),
        (SubjectKind.HEADQUARTERS, facts.headquarters_id),
        (SubjectKind.UNIT, facts.unit_id),
    ):
        if key is not None:
            total = sums.setdefault((kind, key), dict.fromkeys(GROUP_SUMS, 0))
            for code, value in own.items():
                total[code] += value


def _group_rows(
    tx: WriteTransaction, row: RoundRow, rules: FlagRuleSet, groups: list[GroupSum], previous: int | None
) -> Iterator[dict[str, Any]]:
    before: dict[SubjectKind, dict[int, tuple[str, int]]] = {}
    campaigns = campaign_groups.list_groups(tx.connection, row.window)
    for group in groups:
        if group.kind not in before:
            span = (1, max(item.id for item in groups if item.kind is group.kind))
            before[group.kind] = round_rows.previous_flags(tx.connection, previous, group.kind, *span)
        decision = decide_group(group.kind, group.sums, row.window.as_of, rules)
        facts = facts_of_sums(group.sums, _own_name(group, campaigns))
        ids = _own_keys(group, campaigns)
        subject = (group.kind, group.id, group.name)
        yield _row(row.id, subject, ids, decision, facts, before[group.kind].get(group.id))


def _own_keys(group: GroupSum, campaigns: Mapping[int, CampaignGroup]) -> tuple[int | None, ...]:
    """Return county, headquarters and unit of a group: itself, or whose campaign it is."""
    if group.kind is SubjectKind.CAMPAIGN:
        return campaigns[group.id].owners
    return tuple(group.id if group.kind is kind else None for kind in OWNER_KINDS)


def _own_name(group: GroupSum, campaigns: Mapping[int, CampaignGroup]) -> SubjectFacts:
    if group.kind is SubjectKind.CAMPAIGN:
        return SubjectFacts(code=campaigns[group.id].code)
    if group.kind is SubjectKind.COUNTY:
        return SubjectFacts(county=group.name)
    if group.kind is SubjectKind.HEADQUARTERS:
        return SubjectFacts(headquarters=group.name)
    return SubjectFacts(unit=group.name)


def _row(
    round_id: int,
    subject: tuple[SubjectKind, int, str],
    owners: tuple[int | None, ...],
    decision: FlagDecision,
    facts: SubjectFacts,
    before: tuple[str, int] | None,
) -> dict[str, Any]:
    kind, subject_id, name = subject
    previous_level, previous_streak = before or ("", 0)
    return {
        "round_id": round_id,
        "subject_kind": kind.value,
        "subject_id": subject_id,
        "subject_name": name,
        "county_id": owners[0],
        "headquarters_id": owners[1],
        "unit_id": owners[2],
        "rule_level": decision.level.value,
        "computed_level": decision.level.value,
        "level": decision.level.value,
        "previous_level": previous_level,
        "streak": sequences.streak(decision.level, previous_level, previous_streak),
        "gap_milli_pp": decision.gap_pp_milli,
        "urgency": rollup.urgency(decision.level, decision.gap_pp_milli),
        "hits": hits_to_json(decision.hits),
        "facts": facts_to_json(facts),
        "version": 1,
    }
