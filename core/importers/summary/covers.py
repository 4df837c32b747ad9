"""Which rows a total, subtotal or group row may cover: every reading that its place allows, likeliest first."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from core.importers.summary.model import Line, LineKind
from core.importers.summary.words import total_rank

Rows = tuple[int, ...]
_MAX_WIDE = 40_000  # rows × totals; beyond, a total is held against its neighbourhood and the whole table only


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

    def of_group(self, place: int) -> list[Rows]:
        """Return the readings of a group row: its direct rows, or the leaves below it."""
        return of_group(self._lines, self._nodes, self._groups, place)

    def rank(self, place: int) -> int:
        """Return how much the total at *place* covers by its words: 3 总计, 2 合计, 1 小计."""
        return self._rank[place]

    def of_total(self, place: int) -> list[tuple[str, Rows]]:
        """
        Return the readings of a total row with the way each looks, the likeliest first.

        A 小计 looks at its own group first, a 合计 at the whole table; a 小计 that names its group covers no other.
        """
        near, wide = list(self._near(place)), list(self._wide(place))
        ways = [*near, *wide] if self._rank[place] == 1 else [*wide, *near]
        own = set(self._same_group(place)) if self._rank[place] == 1 else set()
        return [(way, rows) for way, rows in ways if rows and (not own or own.issuperset(rows))]

    def _near(self, place: int) -> Iterator[tuple[str, Rows]]:
        """The rows since the total above, the rows until the total below, the rows of the same group."""
        before = max((p for p in self._totals if p < place), default=-1)
        after = min((p for p in self._totals if p > place), default=len(self._lines))
        yield "since the last total", self._between(before, place)
        yield "same group", self._same_group(place)
        yield from self._since_heading(place)
        yield "until the next total", self._between(place, after)

    def _wide(self, place: int) -> Iterator[tuple[str, Rows]]:
        rank = self._rank[place]
        if len(self._totals) * len(self.leaves) > _MAX_WIDE:
            if rank > 1:
                yield "all rows", self.leaves
            return
        peers = [p for p in self._totals if p != place and self._rank[p] >= rank]
        before = max((p for p in peers if p < place), default=-1)
        after = min((p for p in peers if p > place), default=len(self._lines))
        lower = [p for p in self._totals if self._rank[p] < rank]
        yield "all rows", self.leaves
        yield "all rows and parts", self._with_parts(place)
        yield "outermost rows", self._roots(place)
        yield "since the last peer", self._between(before, place)
        yield "until the next peer", self._between(place, after)
        yield "lower totals", tuple(lower)
        yield "lower totals above", self._with_uncovered([p for p in lower if before < p < place], place)
        yield "lower totals below", self._with_uncovered([p for p in lower if place < p < after], after)
        yield "all other totals", tuple(p for p in self._totals if p != place)

    def _between(self, first: int, end: int) -> Rows:
        return tuple(place for place in self.leaves if first < place < end)

    def _roots(self, place: int) -> Rows:
        """Rows of the outermost level, groups instead of what they hold."""
        return tuple(
            p
            for p, node in self._nodes.items()
            if p != place
            and self._lines[p].kind is LineKind.DETAIL
            and (node.parent is None or self._lines[node.parent].kind is LineKind.HEADING)
        )

    def _with_parts(self, place: int) -> Rows:
        """All rows with the 其中 rows below the total itself: some tables name every part that way."""
        parts = [p for p, line in enumerate(self._lines) if line.kind is LineKind.OF_WHICH and self._owner(p) == place]
        return tuple(sorted((*self.leaves, *parts))) if parts else ()

    def _owner(self, part: int) -> int:
        """Return the row that a 其中 row is part of: the last one above that is none itself."""
        return next((p for p in range(part - 1, -1, -1) if self._lines[p].kind is not LineKind.OF_WHICH), -1)

    def _same_group(self, place: int) -> Rows:
        group = self._lines[place].group
        return tuple(p for p in self.leaves if self._lines[p].group == group) if group else ()

    def _since_heading(self, place: int) -> Iterator[tuple[str, Rows]]:
        """The rows below each heading that is open here; the innermost first."""
        headings = [p for p in range(place - 1, -1, -1) if self._lines[p].kind is LineKind.HEADING]
        for depth, heading in enumerate(headings[:3]):
            yield f"since heading {depth}", self._between(heading, place)

    def _with_uncovered(self, totals: list[int], end: int) -> Rows:
        """Lower totals, and the leaves that stand after the last of them."""
        if not totals:
            return ()
        tail = tuple(p for p in self.leaves if max(totals) < p < end)
        return (*totals, *tail)


def of_group(lines: Sequence[Line], nodes: Mapping[int, Node], groups: Set[int], place: int) -> list[Rows]:
    """Return the readings of a group row: its direct rows, or the leaves below it."""
    direct = tuple(c for c in nodes[place].children if lines[c].kind is LineKind.DETAIL)
    return _distinct([direct, under(lines, nodes, groups, place)])


def under(lines: Sequence[Line], nodes: Mapping[int, Node], groups: Set[int], place: int) -> Rows:
    """Return the leaves below a row of the outline; *groups* are no leaves."""
    found: list[int] = []
    pending = list(nodes[place].children)
    while pending:
        child = pending.pop()
        if child not in groups and lines[child].kind is LineKind.DETAIL:
            found.append(child)
        pending.extend(nodes[child].children)
    return tuple(sorted(found))


def _distinct(readings: list[Rows]) -> list[Rows]:
    return [rows for rows in dict.fromkeys(readings) if rows]
