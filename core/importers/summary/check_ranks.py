"""Ranks against the values they follow from: direction, groups and the counting of ties are read from the column."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from core.importers.problems import build_problem
from core.importers.summary.check_rates import unexplained
from core.importers.summary.model import (
    Check,
    ColumnKind,
    Finding,
    Line,
    LineKind,
    Outcome,
    SummaryColumn,
    SummaryTable,
)
from core.importers.summary.sums import show

_SHARE = 0.6
_LEAST_ROWS = 3
_NEAREST = 8
_SAMPLE = 60
_DISPLACED = 3  # so many wrong ranks may be one wrong value that displaces its neighbours
_MAX_DISPLACED = 300  # rows; a longer list is not searched for the few that disturb it
_OUTLIERS = 5  # one row in so many may stand out of order


class Ties(Enum):
    """How equal values are ranked; the value is how a report says it."""

    COMPETITION = "并列占位（1、2、2、4）"
    DENSE = "并列不占位（1、2、2、3）"


@dataclass(frozen=True, slots=True)
class _Place:
    """A row with its value and printed rank, and the ranks that its value may have."""

    line: Line
    value: Decimal
    printed: int
    competition: int
    last: int  # worst place among equal values: an order by unrounded figures may give any between
    dense: int

    def rank(self, ties: Ties) -> int:
        return self.competition if ties is Ties.COMPETITION else self.dense


@dataclass(frozen=True, slots=True)
class _Reading:
    value: SummaryColumn
    is_descending: bool
    ties: Ties
    by_group: bool
    places: tuple[_Place, ...]

    @property
    def agreeing(self) -> int:
        return sum(_agrees(place, self.ties) for place in self.places)


def check_ranks(table: SummaryTable, outcome: Outcome) -> None:
    """Check every rank column against the value column whose order explains most of it."""
    for column in table.of(ColumnKind.RANK):
        readings = list(_readings(table, column, {}))
        if outcome.corrected:
            readings += _readings(table, column, outcome.corrected)
        best = max(readings, key=lambda r: (r.agreeing / len(r.places), -_distance(column, r)), default=None)
        if best is not None and len(best.places) <= _MAX_DISPLACED and not _is_borne_out(best):
            best = min(readings, key=lambda r: (len(_out_of_order(r)), _distance(column, r)))
        if best is None or not _is_borne_out(best):
            outcome.findings.append(unexplained(table, column))
            continue
        wrong = _wrong(best)
        order = "从高到低" if best.is_descending else "从低到高"
        ties = f"，{best.ties.value}" if len({p.value for p in best.places}) < len(best.places) else ""
        subject = f"{column.name} = {best.value.name} {order}{'，分组排名' if best.by_group else ''}{ties}"
        outcome.checks.append(Check(table.sheet, table.title, subject, len(best.places), len(best.places) - len(wrong)))
        for place in wrong:
            outcome.findings.append(_finding(table, column, best, place))


def _distance(column: SummaryColumn, reading: _Reading) -> float:
    """A rank stands right of its value more often than left of it."""
    away = column.index - reading.value.index
    return away if away > 0 else 0.5 - away


def _readings(
    table: SummaryTable, column: SummaryColumn, corrected: Mapping[tuple[int, int], Decimal]
) -> Iterator[_Reading]:
    """Yield every order that may have made the ranks; *corrected* values stand in for wrong ones."""
    values = [c for c in table.columns if c.kind not in (ColumnKind.RANK, ColumnKind.PACE)]
    for value in sorted(values, key=lambda c: abs(c.index - column.index))[:_NEAREST]:
        lines = [
            line
            for line in table.lines
            if line.kind is LineKind.DETAIL and column.index in line.figures and value.index in line.figures
        ]
        if len(lines) < _LEAST_ROWS:
            continue
        groups = list(_groups(table, lines))
        for is_descending in _directions(lines, column, value):
            for parts in ([lines], groups) if len(groups) > 1 else ([lines],):
                places = tuple(
                    p for part in parts for p in _places(part, column, value, corrected, is_descending=is_descending)
                )
                for ties in Ties:
                    yield _Reading(value, is_descending, ties, len(parts) > 1, places)


def _directions(lines: Sequence[Line], column: SummaryColumn, value: SummaryColumn) -> Iterator[bool]:
    """Yield whether neighbouring rows mostly rank from high to low, from low to high, or either way."""
    pairs = [(line.figures[column.index].value, line.figures[value.index].value) for line in lines[:_SAMPLE]]
    signs = [(a[0] - b[0]) * (a[1] - b[1]) for a, b in pairwise(pairs)]
    falling, rising = sum(sign <= 0 for sign in signs), sum(sign >= 0 for sign in signs)
    if 2 * falling >= len(signs):
        yield True
    if 2 * rising >= len(signs):
        yield False


def _groups(table: SummaryTable, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the rows between headings and sum rows: counties and zones are often ranked apart."""
    wanted = {line.row for line in lines}
    part: list[Line] = []
    for line in table.lines:
        if line.kind is not LineKind.DETAIL and line.kind is not LineKind.OF_WHICH and part:
            yield part
            part = []
        if line.row in wanted:
            part.append(line)
    if part:
        yield part


def _places(
    lines: Sequence[Line],
    column: SummaryColumn,
    value: SummaryColumn,
    corrected: Mapping[tuple[int, int], Decimal],
    *,
    is_descending: bool,
) -> Iterator[_Place]:
    sign = -1 if is_descending else 1
    figures = [corrected.get((line.row, value.index), line.figures[value.index].value) for line in lines]
    keys = sorted(sign * figure for figure in figures)
    distinct = sorted(set(keys))
    first = {key: place for place, key in reversed(list(enumerate(keys, 1)))}
    dense = {key: place for place, key in enumerate(distinct, 1)}
    for line, figure in zip(lines, figures, strict=True):
        key = sign * figure
        printed = int(line.figures[column.index].value)
        yield _Place(line, figure, printed, first[key], bisect_right(keys, key), dense[key])


def _agrees(place: _Place, ties: Ties) -> bool:
    if place.printed == place.rank(ties):
        return True
    return ties is Ties.COMPETITION and place.competition <= place.printed <= place.last


def _wrong(reading: _Reading) -> list[_Place]:
    """
    Return the rows to be named.

    One wrong value moves the computed rank of every row between its right and its wrong place. When leaving a few
    rows out puts all others in order, those few are named instead.
    """
    wrong = [place for place in reading.places if not _agrees(place, reading.ties)]
    if reading.by_group or len(wrong) < _DISPLACED:
        return wrong
    outside = _out_of_order(reading)
    return outside if 0 < len(outside) < len(wrong) else wrong


def _is_borne_out(reading: _Reading) -> bool:
    """Whether most ranks follow, or all but a few rows stand in order."""
    if reading.agreeing >= _SHARE * len(reading.places):
        return True
    return not reading.by_group and _OUTLIERS * len(_out_of_order(reading)) <= len(reading.places)


def _out_of_order(reading: _Reading) -> list[_Place]:
    """Return the rows outside the longest run whose values follow the printed ranks."""
    sign = -1 if reading.is_descending else 1
    places = sorted(reading.places, key=lambda p: (p.printed, sign * p.value))
    tails: list[Decimal] = []
    ends: list[int] = []
    before: list[int | None] = []
    for at, place in enumerate(places):
        key = sign * place.value
        slot = bisect_right(tails, key)
        before.append(ends[slot - 1] if slot else None)
        tails[slot : slot + 1] = [key]
        ends[slot : slot + 1] = [at]
    kept: set[int] = set()
    at_end: int | None = ends[-1] if ends else None
    while at_end is not None:
        kept.add(at_end)
        at_end = before[at_end]
    return [place for at, place in enumerate(places) if at not in kept]


def _finding(table: SummaryTable, column: SummaryColumn, reading: _Reading, place: _Place) -> Finding:
    computed = place.rank(reading.ties)
    problem = build_problem(
        "summary_rank",
        table.sheet,
        place.line.row,
        column.name,
        label=place.line.label,
        printed=place.printed,
        value=place.line.figures[reading.value.index].text,
        by=reading.value.name,
        computed=computed,
    )
    return Finding(problem, str(place.printed), str(computed), show(Decimal(place.printed - computed)))
