"""Sum rows of a table, each with the reading of what it covers that its columns bear out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.importers.summary.covers import Covers, Node, Rows, of_group, outline
from core.importers.summary.model import LineKind, SummaryTable
from core.importers.summary.sums import Adder, Sum, Verdict, sums_of

_CUSTOM = 1.5  # weight of how the other totals of the table are laid out
_WEIGHTS = {Verdict.EQUAL: 1.0, Verdict.ROUNDED: 0.8, Verdict.DIFFERENT: 0.0}


@dataclass(frozen=True, slots=True)
class CoveredTotal:
    """A sum row with the reading of what it covers that most columns bear out."""

    place: int
    parts: Rows
    sums: tuple[Sum, ...]

    @property
    def agreeing(self) -> int:
        return sum(each.verdict is not Verdict.DIFFERENT for each in self.sums)

    @property
    def told(self) -> float:
        """How many columns bear the reading out; sums of nothing tell next to nothing."""
        return sum(_WEIGHTS[each.verdict] * (0.1 if each.is_trivial else 1.0) for each in self.sums)

    @property
    def distance(self) -> float:
        """How far off its sums are on average, in parts of what is printed."""
        return sum(
            float(abs(each.printed - each.computed) / max(abs(each.printed), each.column.step)) for each in self.sums
        ) / max(len(self.sums), 1)


def name_totals(table: SummaryTable) -> SummaryTable:
    """Return *table* with a first or last row that sums up all others taken for a total, whatever its label."""
    leaves = [place for place, line in enumerate(table.lines) if line.kind is LineKind.DETAIL]
    if len(leaves) < 3 or any(line.kind is LineKind.TOTAL for line in table.lines):
        return table
    adder = Adder(table)
    for place in (leaves[0], leaves[-1]):
        others = tuple(leaf for leaf in leaves if leaf != place)
        sums = sums_of(adder, place, others)
        told = [each for each in sums if not each.is_trivial and each.verdict is Verdict.EQUAL]
        if len(told) >= 2 and 2 * len(told) > len(sums):
            lines = list(table.lines)
            lines[place] = replace(lines[place], kind=LineKind.TOTAL)
            return replace(table, lines=tuple(lines))
    return table


def cover_totals(table: SummaryTable) -> tuple[CoveredTotal, ...]:
    """Return every sum row of *table* with what it covers."""
    nodes = outline(table.lines)
    adder = Adder(table)
    groups = _groups(adder, nodes)
    covers = Covers(table.lines, groups, nodes)
    found = [_best(adder, place, covers.of_group(place)) for place in sorted(groups)]
    return tuple(total for total in (*found, *_totals(adder, covers)) if total is not None)


def _totals(adder: Adder, covers: Covers) -> Iterator[CoveredTotal]:
    """
    Yield every total row with the reading that its columns bear out.

    Totals of one rank are laid out alike: a way of looking that explains the others counts for each of them, so that
    one wrong figure is not explained away by some other rows that happen to add up to it.
    """
    places = [place for place, line in enumerate(adder.table.lines) if line.kind is LineKind.TOTAL]
    readings = {place: _readings(adder, covers, place) for place in places}
    custom: defaultdict[tuple[int, str], float] = defaultdict(float)
    possible: Counter[int] = Counter()
    for place, found in readings.items():
        possible[covers.rank(place)] += max((len(total.sums) for _, total in found), default=0)
        for way, told in {way: total.told for way, total in found}.items():
            custom[covers.rank(place), way] += told
    for place, found in readings.items():
        rank = covers.rank(place)
        scored = [
            (total.told / len(total.sums) + _CUSTOM * custom[rank, way] / possible[rank], total)
            for way, total in found
            if total.sums
        ]
        if scored:
            is_told = any(total.told for _, total in scored)
            yield max(scored, key=lambda pair: (round(pair[0], 6), 0.0 if is_told else -pair[1].distance))[1]


def _readings(adder: Adder, covers: Covers, place: int) -> list[tuple[str, CoveredTotal]]:
    ways = covers.of_total(place)
    return [(way, CoveredTotal(place, parts, sums_of(adder, place, parts))) for way, parts in ways]


def _groups(adder: Adder, nodes: Mapping[int, Node]) -> frozenset[int]:
    """
    Return the rows with figures that sum up the rows below them.

    A deeper row does not make a sum of the one above it: some row of that style must bear it out.
    """
    table = adder.table
    parents = [p for p, node in nodes.items() if node.children and table.lines[p].kind is LineKind.DETAIL]
    proven: set[int] = set()
    for place in sorted(parents, reverse=True):
        best = _best(adder, place, of_group(table.lines, nodes, proven, place))
        told = [each for each in best.sums if not each.is_trivial] if best else []
        if told and 2 * sum(each.verdict is not Verdict.DIFFERENT for each in told) >= len(told):
            proven.add(place)
    styles = {(table.lines[p].style, table.lines[p].indent) for p in proven}
    return frozenset(p for p in parents if p in proven or (table.lines[p].style, table.lines[p].indent) in styles)


def _best(adder: Adder, place: int, readings: Sequence[Rows]) -> CoveredTotal | None:
    """Return the reading that most columns bear out, the nearest when none does."""
    totals = [CoveredTotal(place, parts, sums_of(adder, place, parts)) for parts in readings]
    totals = [total for total in totals if total.sums]
    return max(totals, key=lambda total: (round(total.told, 6), 0.0 if total.told else -total.distance), default=None)
