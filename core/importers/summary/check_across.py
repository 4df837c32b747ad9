"""Columns that sum up other columns of the same row: 合计 beside its parts, a whole beside its 其中."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.importers.columns.words import header_words, split_unit
from core.importers.problems import build_problem
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
from core.importers.summary.sums import show, tolerance

_TOTAL = re.compile(r"^(?:合计|小计|总计|共计|总数|计|总额)$|(?:合计|总计|小计)$")
_KINDS = (ColumnKind.AMOUNT, ColumnKind.COUNT)
_SHARE = 0.6  # so many rows must bear a reading out before the others are called wrong
_SHARE_OF_SIBLINGS = 0.25  # 合计 beside its parts under one parent leaves little doubt


@dataclass(frozen=True, slots=True)
class _Reading:
    """A column and the columns that would add up to it."""

    whole: SummaryColumn
    parts: tuple[SummaryColumn, ...]


def check_across(table: SummaryTable, outcome: Outcome) -> None:
    """Check every column that sums up others, once most of its rows show that it does."""
    for whole, readings in _candidates(table):
        judged = [(reading, _judge(table, reading)) for reading in readings]
        judged = [(reading, rows) for reading, rows in judged if rows]
        if not judged:
            continue
        reading, rows = max(judged, key=lambda pair: sum(ok for _, _, _, ok in pair[1]) / len(pair[1]))
        agreeing = sum(ok for _, _, _, ok in rows)
        share = _SHARE_OF_SIBLINGS if _are_siblings(reading) else _SHARE
        if agreeing < max(1, share * len(rows)) or (len(rows) < 3 and not _is_total(whole)):
            continue
        subject = f"{whole.name} = {' + '.join(part.name for part in reading.parts)}"
        outcome.checks.append(Check(table.sheet, table.title, subject, len(rows), agreeing))
        outcome.findings.extend(_findings(table, reading, rows))


_Judged = list[tuple[Line, Decimal, Decimal, bool]]


def _judge(table: SummaryTable, reading: _Reading) -> _Judged:
    """Return (row, printed, computed, agrees) of each row that states the whole and a part; zeros tell nothing."""
    rows: _Judged = []
    for line in table.lines:
        stated = line.figures.get(reading.whole.index)
        figures = [f for part in reading.parts if (f := line.figures.get(part.index)) is not None]
        is_open = any(part.index in line.unreadable for part in reading.parts)
        if stated is None or not figures or is_open or line.kind is LineKind.OTHER:
            continue
        computed = sum((figure.value for figure in figures), Decimal(0))
        if not stated.value and not computed:
            continue
        steps = [column.step for column in (reading.whole, *reading.parts) if column.kind is not ColumnKind.COUNT]
        allowed = tolerance(max(steps), len(steps)) if steps else Decimal(0)
        rows.append((line, stated.value, computed, abs(stated.value - computed) <= allowed))
    return rows


def _findings(table: SummaryTable, reading: _Reading, rows: _Judged) -> Iterator[Finding]:
    for line, printed, computed, agrees in rows:
        gap = printed - computed
        if not gap:
            continue
        problem = build_problem(
            "summary_across_rounding" if agrees else "summary_across",
            table.sheet,
            line.row,
            reading.whole.name,
            printed=line.figures[reading.whole.index].text,
            parts="、".join(part.header for part in reading.parts),
            computed=show(computed),
            gap=show(abs(gap)),
        )
        yield Finding(problem, show(printed), show(computed), show(gap))


def _candidates(table: SummaryTable) -> Iterator[tuple[SummaryColumn, list[_Reading]]]:
    columns = [column for column in table.columns if column.kind in _KINDS]
    for place, whole in enumerate(columns):
        readings = [_Reading(whole, parts) for parts in dict.fromkeys(_parts(columns, place)) if len(parts) >= 2]
        if readings:
            yield whole, readings


def _parts(columns: Sequence[SummaryColumn], place: int) -> Iterator[tuple[SummaryColumn, ...]]:
    whole = columns[place]
    right, left = columns[place + 1 :], columns[:place][::-1]
    if _is_total(whole):
        siblings = tuple(
            c
            for c in columns
            if c is not whole and whole.path[:-1] and c.path[:-1] == whole.path[:-1] and c.unit == whole.unit
        )
        yield siblings
        yield _until_total(whole, right)
        yield _until_total(whole, left)
    below = tuple(c for c in right if "其中" in "".join(c.path) and not _is_total(c))
    run = tuple(c for i, c in enumerate(below) if c is right[i])
    yield run


def _are_siblings(reading: _Reading) -> bool:
    parent = reading.whole.path[:-1]
    return bool(parent) and all(part.path[:-1] == parent for part in reading.parts)


def _until_total(whole: SummaryColumn, columns: Sequence[SummaryColumn]) -> tuple[SummaryColumn, ...]:
    """Return the columns of the same unit up to the next total column."""
    found: list[SummaryColumn] = []
    for column in columns:
        if _is_total(column) or column.unit != whole.unit:
            break
        found.append(column)
    return tuple(found)


def _is_total(column: SummaryColumn) -> bool:
    return bool(column.path) and bool(_TOTAL.search(split_unit(header_words(column.path[-1]))[0]))
