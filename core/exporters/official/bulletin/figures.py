"""How a bulletin writes figures: one rounding mode throughout, quotients of sums, — where nothing can be divided."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.flag_schemes import Mark, Scheme
from core.domain.round_snapshot import GroupFigures, SnapshotDecision
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING, Rounding, format_number, format_pct, format_pp, format_wan, format_yi

# Worst first, as bulletins list them.
LEVEL_ORDER = (FlagLevel.SEVERE, FlagLevel.WARN, FlagLevel.NOTICE, FlagLevel.OK, FlagLevel.NO_DATA, FlagLevel.EXEMPT)
FLAGGED = (FlagLevel.SEVERE, FlagLevel.WARN)
PRINTED = 1000  # rows of a table on paper; a province's full list is a workbook


@dataclass(frozen=True, slots=True)
class Sums:
    """Money of a group, in 元."""

    plan_yuan: int
    due_yuan: int
    done_yuan: int

    @property
    def completion(self) -> Fraction | None:
        """Done ÷ annual plan; None without a plan."""
        return Fraction(self.done_yuan, self.plan_yuan) if self.plan_yuan else None

    @property
    def gap_pp(self) -> Fraction | None:
        """Completion − 序时 in 百分点, unrounded; None without a plan."""
        return Fraction(self.done_yuan - self.due_yuan, self.plan_yuan) * 100 if self.plan_yuan else None


def sums_of(group: GroupFigures) -> Sums:
    """Return the money of *group*."""
    return Sums(group.annual_plan_yuan, group.due_yuan, group.done_yuan)


def sum_up(decisions: Sequence[SnapshotDecision]) -> Sums:
    """Return the money of *decisions* together."""
    return Sums(
        sum(d.annual_plan_yuan for d in decisions),
        sum(d.due_yuan for d in decisions),
        sum(d.ytd_done_yuan for d in decisions),
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes figures in one rounding mode and levels in one scheme."""

    rounding: Rounding
    scheme: Scheme

    def yi(self, yuan: int) -> str:
        """Return 元 in 亿元 with two decimals, without the unit."""
        return format_yi(yuan, 2, self.rounding)

    def wan(self, yuan: int) -> str:
        """Return 元 in whole 万元, without the unit."""
        return format_wan(yuan, 0, self.rounding)

    def rate(self, sums: Sums) -> str:
        """Return the completion rate with its sign."""
        return format_pct(sums.completion, 1, self.rounding)

    def share(self, numerator: int, denominator: int) -> str:
        """Return a quotient of counts with its sign; — without a denominator."""
        return format_pct(Fraction(numerator, denominator) if denominator else None, 1, self.rounding)

    def gap(self, sums: Sums) -> str:
        """Return the gap to 序时 in 百分点, signed."""
        return format_pp(sums.gap_pp, 1, self.rounding)

    def gap_of(self, decision: SnapshotDecision) -> str:
        """Return the gap the rules judged, in 百分点, signed."""
        milli = decision.gap_milli_pp
        return format_pp(None if milli is None else Fraction(milli, 1000), 1, self.rounding)

    def gap_words(self, sums: Sums) -> str:
        """Return the gap as a sentence part: 超序时进度1.2个百分点."""
        gap = sums.gap_pp
        if gap is None:
            return "没有年度计划，不计序时进度"
        if format_number(gap, 1, self.rounding) == "0.0":
            return "与序时进度持平"
        side = "超" if gap > 0 else "欠"
        return f"{side}序时进度{format_number(abs(gap), 1, self.rounding)}个百分点"

    def mark(self, level: FlagLevel | None) -> str:
        """Return shape and word of *level*; — for none."""
        if level is None:
            return NOTHING
        mark = self.scheme.mark(level)
        return mark.word if mark.word == mark.shape else f"{mark.shape}{mark.word}"

    def marks(self) -> tuple[tuple[Mark, tuple[FlagLevel, ...]], ...]:
        """Return the marks worst first, each with the levels that it stands for (绿 may stand for two)."""
        found: dict[Mark, list[FlagLevel]] = {}
        for level in LEVEL_ORDER:
            found.setdefault(self.scheme.mark(level), []).append(level)
        return tuple((mark, tuple(levels)) for mark, levels in found.items())


def count(levels: dict[str, int], wanted: Sequence[FlagLevel]) -> int:
    """Return how many of a group's projects have one of the *wanted* levels."""
    return sum(levels.get(level.value, 0) for level in wanted)


def flag_word(mark: Mark) -> str:
    """Return the word of a flag in running text: 红旗; levels without colour keep their word."""
    return f"{mark.word}旗" if len(mark.word) == 1 and mark.word != NOTHING else _UNCOLOURED.get(mark.word, mark.word)


_UNCOLOURED = {NOTHING: "不评"}


def in_order(decisions: Sequence[SnapshotDecision]) -> list[SnapshotDecision]:
    """Return *decisions* with the largest lag first; those without a gap last."""
    return sorted(decisions, key=lambda d: (d.gap_milli_pp is None, d.gap_milli_pp or 0, d.id))


def reasons(decision: SnapshotDecision) -> str:
    """Return why, in one cell."""
    return "；".join(hit.reason for hit in decision.hits) or NOTHING


KIND_ORDER = (SubjectKind.COUNTY, SubjectKind.HEADQUARTERS, SubjectKind.UNIT, SubjectKind.CAMPAIGN)


def rest_note(found: int) -> str:
    """Return the sentence below a table that does not print every row; empty when it does."""
    return f"表内列出前{PRINTED}个，其余{found - PRINTED}个见电子附件。" if found > PRINTED else ""
