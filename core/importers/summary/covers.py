"""Which rows a total, subtotal or group row may cover: every reading that its place allows, likeliest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.importers.summary.model import Line, LineKind
from core.importers.summary.words import total_rank

Rows = tuple[int, ...]
_MAX_WIDE_TOTALS = 200  # more total rows than this are subtotals of pages: only their neighbourhood is looked at


@dataclass(slots=True)
class Node:
    """A row in the outline of its table; ``children`` are the rows one step deeper, by position."""

    place: int
    parent: int | None = None
    children: list[int] = field(default_factory=list)


def outline(lines: Sequence[Line]) -> dict[int, Node]:
    """
    Return the outline that numbering and indentation give; totals, parts and rate rows stand outside it.

    A numbering style that is already open ends its group; unnumbered rows nest by indentation, below numbered ones.
    """
    nodes: dict[int, Node] = {}
    stack: list[int] = []
    for place, line in enumerate(lines):
        if line.kind not in (LineKind.DETAIL, LineKind.HEADING):
            continue
        while stack and not _nests(lines, stack, line):
            stack.pop()
        node = Node(place, stack[-1] if stack else None)
        nodes[place] = node
        if node.parent is not None:
            nodes[node.parent].children.append(place)
        stack.append(place)
    return nodes


def _nests(lines: Sequence[Line], stack: Sequence[int], line: Line) -> bool:
    """Whether *line* stands below the top of *stack*."""
    top = lines[stack[-1]]
    if line.style:
        return bool(top.style) and line.style not in {lines[place].style for place in stack}
    return bool(top.style) or top.kind is LineKind.HEADING or line.indent > top.indent


class Covers:
    """Readings of what the sum rows of one table cover, as tuples of positions in ``lines``."""

    def __init__(self, lines: Sequence[Line], groups: frozenset[int], nodes: dict[int, Node]) -> None:
        self._lines = lines
        self._nodes = nodes
        self._groups = groups
        self.leaves: Rows = tuple(
            place for place, line in enumerate(lines) if line.kind is LineKind.DETAIL and place not in groups
        )
        self._totals = [place for place, line in enumerate(lines) if line.kind is LineKind.TOTAL]
        self._rank = {place: total_rank(lines[place].label) for place in self._totals}

    def under(self, place: int) -> Rows:
        """Return the leaves below a group row."""
        found: list[int] = []
        pending = list(self._nodes[place].children)
        while pending:
            child = pending.pop()
            if child in self._nodes and child not in self._groups and self._lines[child].kind is LineKind.DETAIL:
                found.append(child)
            pending.extend(self._nodes[child].children)
        return tuple(sorted(found))

    def of_group(self, place: int) -> list[Rows]:
        """Return the readings of a group row: its direct rows, or the leaves below it."""
        direct = tuple(c for c in self._nodes[place].children if self._lines[c].kind is LineKind.DETAIL)
        return _distinct([direct, self.under(place)])

    def of_total(self, place: int) -> list[Rows]:
        """Return the readings of a total row; a 小计 looks at its own group first, a 合计 at the whole table."""
        near, wide = list(self._near(place)), list(self._wide(place))
        return _distinct([*near, *wide] if self._rank[place] == 1 else [*wide, *near])

    def _near(self, place: int) -> Iterator[Rows]:
        """The rows since the total above, the rows until the total below, the rows of the same group."""
        before = max((p for p in self._totals if p < place), default=-1)
        after = min((p for p in self._totals if p > place), default=len(self._lines))
        yield self._between(before, place)
        yield self._same_group(place)
        yield from self._since_heading(place)
        yield self._between(place, after)

    def _wide(self, place: int) -> Iterator[Rows]:
        if len(self._totals) > _MAX_WIDE_TOTALS and self._rank[place] == 1:
            return
        rank = self._rank[place]
        peers = [p for p in self._totals if p != place and self._rank[p] >= rank]
        before = max((p for p in peers if p < place), default=-1)
        after = min((p for p in peers if p > place), default=len(self._lines))
        yield self.leaves
        yield self._roots(-1, len(self._lines), place)
        yield self._between(before, place)
        yield self._between(place, after)
        lower = [p for p in self._totals if self._rank[p] < rank]
        yield tuple(lower)
        yield self._with_uncovered([p for p in lower if before < p < place], before, place)
        yield self._with_uncovered([p for p in lower if place < p < after], place, after)
        yield tuple(p for p in self._totals if p != place)

    def _between(self, first: int, end: int) -> Rows:
        return tuple(place for place in self.leaves if first < place < end)

    def _roots(self, first: int, end: int, place: int) -> Rows:
        """Rows of the outermost level, groups instead of what they hold."""
        return tuple(
            p
            for p, node in self._nodes.items()
            if first < p < end
            and p != place
            and self._lines[p].kind is LineKind.DETAIL
            and (node.parent is None or self._lines[node.parent].kind is LineKind.HEADING)
        )

    def _same_group(self, place: int) -> Rows:
        group = self._lines[place].group
        return tuple(p for p in self.leaves if self._lines[p].group == group) if group else ()

    def _since_heading(self, place: int) -> Iterator[Rows]:
        """The rows below each heading that is open here; the innermost first."""
        headings = [p for p in range(place - 1, -1, -1) if self._lines[p].kind is LineKind.HEADING]
        for heading in headings[:3]:
            yield self._between(heading, place)

    def _with_uncovered(self, totals: list[int], first: int, end: int) -> Rows:
        """Lower totals, and the leaves that none of them covers by standing after or before it."""
        if not totals:
            return ()
        tail = tuple(p for p in self.leaves if max(totals) < p < end)
        return (*totals, *tail)


def _distinct(readings: list[Rows]) -> list[Rows]:
    return [rows for rows in dict.fromkeys(readings) if rows]
