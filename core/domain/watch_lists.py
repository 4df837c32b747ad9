"""Which projects are on a watch list (未开工、滞后、负面) and why; what a new judgement changes in the open items.

The rules are rows (core/domain/start_rules.py); a project is on a list while at least one of its rules is met.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.period import Month
from core.domain.start_rules import SHIPPED, StartRules, WatchRule
from core.domain.start_terms import WatchList, WatchMeasure

_MILLI = 1000
_PER_YEAR = 12
GONE = "不再符合列入条件"


@dataclass(frozen=True, slots=True)
class WatchFacts:
    """
    What the rules look at, of one project of the year's list.

    Attributes:
        is_unstarted: Whether the start was due by the end of the as-of month and did not happen (应开未开); such a
            project is on the not-started list, never on the lagging one.
        gap_milli_pp: Progress minus 序时 in 1/1000 pp, cut toward zero; None = not judged.
        node_days: Days the latest key node is overdue (the worst one); 0 = none. *node_name* names it.
        severe_rounds: Published rounds of the year at SEVERE; *flagged_run* = rounds in a row at WARN or worse.
        serious_findings: Serious findings that are not mended.
        listed_since: Since when it is on the not-started or lagging list without a break; None = on neither.
    """

    project_id: int
    is_unstarted: bool = False
    start_planned_on: date | None = None
    gap_milli_pp: int | None = None
    node_days: int = 0
    node_name: str = ""
    severe_rounds: int = 0
    flagged_run: int = 0
    serious_findings: int = 0
    listed_since: date | None = None


@dataclass(frozen=True, slots=True)
class WatchHit:
    """A ground as computed: rule, value in 1/1000 of its unit, threshold, and the sentence."""

    code: str
    measured_milli: int
    threshold: int
    reason: str


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that is on a list now, with the codes of its grounds."""

    id: int
    project_id: int
    kind: WatchList
    entered_on: date
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """
    What a refresh has to write.

    Attributes:
        enter: Project, list and grounds of new items.
        regrounded: Items that stay on other grounds than before.
        leave: Items whose project meets no rule any more.
    """

    enter: tuple[tuple[int, WatchList, tuple[WatchHit, ...]], ...] = ()
    regrounded: tuple[tuple[OpenItem, tuple[WatchHit, ...]], ...] = ()
    leave: tuple[OpenItem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the lists stand as the rules say."""
        return not (self.enter or self.regrounded or self.leave)


def judge(
    facts: WatchFacts, month: Month, today: date, rules: StartRules = SHIPPED
) -> dict[WatchList, tuple[WatchHit, ...]]:
    """
    Return the grounds of each list a project is on.

    Args:
        month: As-of month; late starts are counted up to it.
        today: Day up to which months on a list are counted.
    """
    found: dict[WatchList, tuple[WatchHit, ...]] = {}
    for kind in WatchList:
        hits = [hit for rule in rules.of(kind) if (hit := _hit(rule, facts, month, today)) is not None]
        if hits:
            found[kind] = tuple(hits)
    return found


def _hit(rule: WatchRule, facts: WatchFacts, month: Month, today: date) -> WatchHit | None:
    milli = measured_milli(rule.measure, facts, month, today)
    if milli is None or milli < rule.threshold * _MILLI:
        return None
    return WatchHit(rule.code, milli, rule.threshold, rule.reason.format(value=_shown(milli), name=facts.node_name))


def measured_milli(measure: WatchMeasure, facts: WatchFacts, month: Month, today: date) -> int | None:
    """Return what *measure* reads, in 1/1000 of its unit; None where it does not apply."""
    if measure in (WatchMeasure.LAG_PP, WatchMeasure.KEY_NODE_DAYS) and facts.is_unstarted:
        return None
    if measure is WatchMeasure.LAG_PP:
        return -facts.gap_milli_pp if facts.gap_milli_pp is not None else None
    counts = {
        WatchMeasure.START_OVERDUE_MONTHS: _months_overdue(facts, month),
        WatchMeasure.KEY_NODE_DAYS: facts.node_days,
        WatchMeasure.LISTED_MONTHS: whole_months(facts.listed_since, today),
        WatchMeasure.SEVERE_ROUNDS: facts.severe_rounds,
        WatchMeasure.FLAGGED_RUN: facts.flagged_run,
        WatchMeasure.SERIOUS_FINDINGS: facts.serious_findings,
    }
    count = counts[measure]
    return None if count is None else count * _MILLI


def _months_overdue(facts: WatchFacts, month: Month) -> int | None:
    """Months from the planned start month to the as-of month, as the flag rules count them; None when not due."""
    planned = facts.start_planned_on
    if not facts.is_unstarted or planned is None:
        return None
    return (month.year - planned.year) * _PER_YEAR + month.number - planned.month


def whole_months(since: date | None, today: date) -> int | None:
    """Return how many whole months have passed since a day; None without one."""
    if since is None or since > today:
        return None
    months = (today.year - since.year) * _PER_YEAR + today.month - since.month
    return months if today.day >= since.day else months - 1


def _shown(milli: int) -> str:
    """Return a count as it is and a value with one decimal, half-up."""
    if milli % _MILLI == 0:
        return str(milli // _MILLI)
    tenths = (abs(milli) + 50) // 100
    return f"{'-' if milli < 0 else ''}{tenths // 10}.{tenths % 10}"


def plan(judged: Mapping[int, Mapping[WatchList, tuple[WatchHit, ...]]], open_items: Iterable[OpenItem]) -> WatchPlan:
    """
    Return what changes: items stay as they are while their project is on the list on the same grounds.

    Args:
        judged: Grounds by project; projects on no list may be left out.
    """
    known = {(item.project_id, item.kind): item for item in open_items}
    wanted = {(key, kind): hits for key, lists in judged.items() for kind, hits in lists.items()}
    enter = [(key, kind, wanted[key, kind]) for key, kind in sorted(wanted, key=_order) if (key, kind) not in known]
    stay = [(item, wanted[pair]) for pair, item in known.items() if pair in wanted]
    return WatchPlan(
        tuple(enter),
        tuple((item, hits) for item, hits in stay if item.codes != codes_of(hits)),
        tuple(item for pair, item in known.items() if pair not in wanted),
    )


def _order(pair: tuple[int, WatchList]) -> tuple[int, int]:
    return pair[0], list(WatchList).index(pair[1])


def codes_of(hits: Sequence[WatchHit]) -> tuple[str, ...]:
    """Return the codes of the grounds."""
    return tuple(hit.code for hit in hits)


def reason_of(hits: Sequence[WatchHit]) -> str:
    """Return the grounds in words."""
    return "；".join(hit.reason for hit in hits)


def hits_to_json(hits: Sequence[WatchHit]) -> str:
    """Return the grounds as they are stored."""
    rows = [[hit.code, hit.measured_milli, hit.threshold, hit.reason] for hit in hits]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def hits_from_json(text: str) -> tuple[WatchHit, ...]:
    """Return the grounds that ``hits_to_json`` wrote."""
    return tuple(WatchHit(*row) for row in json.loads(text))
