"""Which columns a percentage or difference follows from: the pair that explains almost all rows, else the words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from core.importers.columns.words import header_words
from core.importers.summary.formulas import Formula, Shape, half_step, unit_factor
from core.importers.summary.model import ADDITIVE, ColumnKind, Line, LineKind, SummaryColumn, SummaryTable
from core.importers.summary.words import total_rank

_NEAREST = 24  # operands stand near their percentage; a wide table is not searched end to end
_ROWS = 120
_EARLY = 20  # rows after which a pair that explains next to nothing is dropped
_SHARE = 0.6  # so much of the rows' weight must be explained
_TRIVIAL = 0.2  # 0 % and 100 % follow from many pairs
_DOUBT_STEPS = 20  # operands so coarse that they explain anything explain nothing
_BY_WORDS = 4.0

_DONE = re.compile(r"完成|累计|已|实际|到位|支出|开[复]?工|投产|竣工|入统|入库|办结|解决|供应|整改|落地|拨付|转化|销号")
_PLAN = re.compile(r"计划|应|任务|目标|总|预算|批复|下达|全年|年度|需|承诺|签约")
_EARLIER = re.compile(r"同期|上年|去年|上月|上期|基期|基数|上季")
_SHARE_WORDS = re.compile(r"占|比重|构成")


_Vector = list[tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Explained:
    """A formula with the number of rows it was tried on and explains."""

    formula: Formula
    rows: int
    agreeing: int


class Search:
    """Looks for formulas in one table; quotients of a pair are computed once for all targets."""

    def __init__(self, table: SummaryTable) -> None:
        self._table = table
        self._lines = [line for line in table.lines if line.figures and line.kind is not LineKind.OTHER][:_ROWS]
        self._base = _base_line(table.lines)
        self._vectors: dict[tuple[Shape, int, int], _Vector] = {}
        self._columns: dict[int, list[float | None]] = {}

    def explain(self, target: SummaryColumn) -> Explained | None:
        """Return the formula of *target*; None when neither figures nor words tell it."""
        best: tuple[float, float, Explained] | None = None
        by_words: tuple[float, Explained] | None = None
        for formula in self._formulas(target):
            words = word_score(formula)
            result, score = self._try(formula)
            if result.rows and (by_words is None or words > by_words[0]):
                by_words = words, result
            if score >= _SHARE and (best is None or (score, words) > best[:2]):
                best = score, words, result
        if best is not None:
            return best[2]
        return by_words[1] if by_words is not None and by_words[0] >= _BY_WORDS else None

    def _formulas(self, target: SummaryColumn) -> Iterator[Formula]:
        scales = (1, 100) if target.is_ratio else (100,)
        near = sorted(
            (c for c in self._table.columns if c.kind in ADDITIVE and c is not target),
            key=lambda c: abs(c.index - target.index),
        )[:_NEAREST]
        pairs = list(permutations(near, 2))
        if target.kind is ColumnKind.DIFFERENCE:
            near = [column for column in near if column.unit == target.unit or not column.unit or not target.unit]
            yield from (Formula(target, Shape.DIFFERENCE, a, b, 1) for a, b in permutations(near, 2))
            return
        for scale in scales:
            if target.kind is ColumnKind.GROWTH:
                yield from (Formula(target, Shape.GROWTH, a, b, scale) for a, b in pairs)
                continue
            yield from (Formula(target, Shape.QUOTIENT, a, b, scale) for a, b in pairs)
            if self._base is not None:
                yield from (Formula(target, Shape.SHARE, a, a, scale, self._base) for a in near)

    def _try(self, formula: Formula) -> tuple[Explained, float]:
        """Return how many rows *formula* explains, and the share of their weight; 0 when too few can be tried."""
        target = formula.target
        step = float(target.step)
        weight = explained = 0.0
        rows = agreeing = 0
        values = set()
        printed = self._floats(target)
        for value, found in zip(printed, self._vector(formula), strict=True):
            if value is None or found is None:
                continue
            rows += 1
            if rows == _EARLY and explained < 0.25 * weight:
                break
            worth = _TRIVIAL if value in (0.0, float(formula.scale)) else 1.0
            weight += worth
            doubt = found[1] * formula.scale
            if abs(found[0] * formula.scale - value) <= 1.001 * step + min(doubt, _DOUBT_STEPS * step):
                agreeing += 1
                explained += worth * (1.0 if doubt <= _DOUBT_STEPS * step else 0.5)
                values.add(value)
        stated = len(printed) - printed.count(None)
        is_enough = 2 * rows >= stated and (len(values) >= 2 or rows < 3)
        share = explained / weight if weight and is_enough else 0.0
        if rows < 3 and agreeing < rows:
            share = 0.0
        return Explained(formula, rows, agreeing), share

    def _vector(self, formula: Formula) -> _Vector:
        """Return (figure, doubt from rounded operands) per row, in floating point: for the search only."""
        key = (formula.shape, formula.first.index, formula.second.index)
        if key not in self._vectors:
            self._vectors[key] = self._approximate(formula)
        return self._vectors[key]

    def _approximate(self, formula: Formula) -> _Vector:
        first, second = self._floats(formula.first), self._floats(formula.second)
        if formula.shape is Shape.SHARE and formula.base is not None:
            base = formula.base.figures.get(formula.second.index)
            second = [float(base.value) if base else None] * len(first)
        factor = float(unit_factor(formula.first, formula.second))
        da, db = float(half_step(formula.first)), float(half_step(formula.second))
        if formula.shape is Shape.DIFFERENCE:
            doubt = da + db / factor
            return [
                None if a is None or b is None else (a - b / factor, doubt) for a, b in zip(first, second, strict=True)
            ]
        shift = float(formula.shape is Shape.GROWTH)
        return [
            (a * factor / b - shift, (da * factor + abs(a * factor / b) * db) / abs(b)) if a is not None and b else None
            for a, b in zip(first, second, strict=True)
        ]

    def _floats(self, column: SummaryColumn) -> list[float | None]:
        if column.index not in self._columns:
            figures = [line.figures.get(column.index) for line in self._lines]
            self._columns[column.index] = [None if figure is None else float(figure.value) for figure in figures]
        return self._columns[column.index]


def word_score(formula: Formula) -> float:
    """Return how well header words and places speak for *formula*."""
    target, first, second = (header_words("".join(c.path)) for c in (formula.target, formula.first, formula.second))
    if formula.shape is Shape.SHARE:
        return 2.0 * bool(_SHARE_WORDS.search(target)) + _shared(target, first)
    if formula.shape is Shape.GROWTH:
        score = 3.0 * bool(_EARLIER.search(second)) - 3.0 * bool(_EARLIER.search(first))
    else:
        score = 2.0 * (bool(_DONE.search(first)) + bool(_PLAN.search(second)))
        score -= 1.5 * (bool(_PLAN.search(first)) + bool(_DONE.search(second)))
    score += _shared(target, first) + _shared(target, second)
    is_count = {column.kind is ColumnKind.COUNT for column in (formula.first, formula.second)}
    score += 1.0 if len(is_count) == 1 else -2.0
    for column in (formula.first, formula.second):
        score += 0.5 * (column.path[:-1] == formula.target.path[:-1] and len(column.path) > 1)
        distance = formula.target.index - column.index
        score += max(0.0, 0.5 - 0.1 * distance) if distance > 0 else -0.2
    return score


def _shared(target: str, operand: str) -> float:
    """Header words in common, two characters at a time."""
    pairs = {target[i : i + 2] for i in range(len(target) - 1)}
    return min(1.5, 0.75 * sum(operand[i : i + 2] in pairs for i in range(len(operand) - 1)))


def _base_line(lines: Sequence[Line]) -> Line | None:
    """Return the total row of the whole table, for shares of it."""
    totals = [line for line in lines if line.kind is LineKind.TOTAL]
    return max(totals, key=lambda line: total_rank(line.label), default=None)
