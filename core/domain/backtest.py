"""Back-test of flags (旗色回测): did red and yellow predict the later delay? Basis: docs/metrics.md#backtest.

A case is one project in one month: what the flag said then, and what became of it. Every figure is a quotient of
counts, shown with its n; where there is nothing to divide by it is "—".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import quantiles

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.flag_hits import RuleHit
from core.domain.flag_rules import LEVEL_RANK, FlagRule, FlagRuleSet
from core.domain.outcomes import Fate
from core.domain.period import Month
from core.domain.terms import FlagLevel, Term

ALARMS = frozenset({FlagLevel.WARN, FlagLevel.SEVERE})


class Signal(Term):
    """Who says that a project is in trouble; the last two are measures of comparison."""

    COMPUTED = "computed", "规则计算"
    FINAL = "final", "人工调整后"
    SELF_REPORT = "self_report", "单位自报"
    ALWAYS = "always", "全部亮旗"
    NEVER = "never", "全不亮旗"


class Verdict(Term):
    """How an alarm and the later fact met."""

    HIT = "hit", "亮旗且后来滞后"
    FALSE_ALARM = "false_alarm", "亮旗但后来未滞后"
    MISSED = "missed", "未亮旗但后来滞后"
    QUIET = "quiet", "未亮旗且未滞后"


@dataclass(frozen=True, slots=True)
class Case:
    """
    One project in one month.

    Attributes:
        computed: Level of the rules; *level* is what counted (an approved override included).
        self_alarm: Whether the unit itself named a difficulty; None = it did not report.
        codes: Rules that asked for WARN or SEVERE.
        sweep: Whether the flag would be WARN or SEVERE under each threshold tried.
        fate: What became of the project; None = not decided yet.
    """

    project_id: int
    month: Month
    computed: FlagLevel
    level: FlagLevel
    self_alarm: bool | None
    codes: tuple[str, ...]
    fate: Fate | None
    sweep: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """
    Four counts of cases.

    Attributes:
        hits: Alarm, and delayed later.
        false_alarms: Alarm, and not delayed.
        missed: No alarm, yet delayed.
        quiet: Neither.
        early: Of the hits, those raised in a month before the one in which the delay became a fact.
    """

    hits: int = 0
    false_alarms: int = 0
    missed: int = 0
    quiet: int = 0
    early: int = 0

    @property
    def total(self) -> int:
        return self.hits + self.false_alarms + self.missed + self.quiet

    @property
    def alarms(self) -> int:
        return self.hits + self.false_alarms

    @property
    def delayed(self) -> int:
        return self.hits + self.missed

    @property
    def precision(self) -> Fraction | None:
        """Share of the alarms that came true (命中率)."""
        return _share(self.hits, self.alarms)

    @property
    def recall(self) -> Fraction | None:
        """Share of the delayed that were flagged (查全率)."""
        return _share(self.hits, self.delayed)

    @property
    def false_alarm_share(self) -> Fraction | None:
        """Share of the alarms that did not come true (误报率)."""
        return _share(self.false_alarms, self.alarms)

    @property
    def base_rate(self) -> Fraction | None:
        """Share of all cases that were delayed: what flagging everything would hit (基准滞后率)."""
        return _share(self.delayed, self.total)


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """
    Whole months from the first alarm to the day the delay became a fact, one per delay of a project.

    Attributes:
        months: Sorted; 0 = in the same month.
        too_late: Delays whose first alarm came after the fact.
        never: Delays without any alarm in the span.
    """

    months: tuple[int, ...]
    too_late: int
    never: int

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        """Lower quartile, median and upper quartile (inclusive method); None without any delay that was announced."""
        if not self.months:
            return None
        if len(self.months) == 1:
            return (float(self.months[0]),) * 3
        low, middle, high = quantiles(self.months, n=4, method="inclusive")
        return low, middle, high


@dataclass(frozen=True, slots=True)
class LevelScore:
    """Cases at one level, and how many of them were delayed later."""

    level: FlagLevel
    cases: int
    delayed: int


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule: *alone* counts the cases in which no other rule asked for WARN or SEVERE."""

    code: str
    score: Score
    alone: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A case behind a number: alarm or later delay."""

    project_id: int
    month: Month
    level: FlagLevel
    verdict: Verdict
    codes: tuple[str, ...]
    fact_on: date | None


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """
    Everything a back-test says.

    Attributes:
        exempt: Cases that were not judged (不评); *undecided* are those whose outcome is not known yet.
        overridden: Decided cases whose level was changed by hand.
        signals: Score of each signal; SELF_REPORT counts only cases with a report.
        sweep: Score under each threshold tried, in the order given.
        listed: Every decided case that is not QUIET.
    """

    exempt: int
    undecided: int
    overridden: int
    levels: tuple[LevelScore, ...]
    signals: dict[Signal, Score]
    rules: tuple[RuleScore, ...]
    sweep: tuple[Score, ...]
    leads: LeadTimes
    listed: tuple[Listed, ...]

    @property
    def score(self) -> Score:
        """Score of the flags that counted."""
        return self.signals[Signal.FINAL]


def with_threshold(rule_set: FlagRuleSet, code: str, threshold: Decimal) -> FlagRuleSet:
    """Return *rule_set* with another threshold for the rule *code*; everything else stays."""
    rules = tuple(replace(rule, threshold=threshold) if rule.code == code else rule for rule in rule_set.rules)
    return replace(rule_set, rules=rules)


def thresholds_around(rule: FlagRule) -> tuple[Decimal, ...]:
    """Return up to nine thresholds around the one in force, in steps of a quarter of it (at least 1), none negative."""
    step = max(rule.threshold / 4, Decimal(1))
    return tuple(value for number in range(-3, 6) if (value := rule.threshold + step * number) >= 0)


def alarm_codes(hits: Iterable[RuleHit], level: FlagLevel) -> tuple[str, ...]:
    """Return the rules that asked for an alarm; where NOTICE was merged into WARN, those that asked for NOTICE too."""
    least = LEVEL_RANK[FlagLevel.WARN]
    found = [(LEVEL_RANK.get(hit.level, 0), hit.rule_code) for hit in hits]
    if level in ALARMS and all(rank < least for rank, _code in found):
        least = LEVEL_RANK[FlagLevel.NOTICE]
    return tuple(dict.fromkeys(code for rank, code in found if rank >= least))


def evaluate(cases: Iterable[Case], thresholds: int = 0) -> BacktestResult:
    """Return the result of *cases*; *thresholds* is the length of each case's sweep."""
    scorer = Scorer(thresholds)
    for case in cases:
        scorer.add(case)
    return scorer.result()


@dataclass(slots=True)
class Scorer:
    """Counts cases as they come, so that a large city never lies in memory as a whole."""

    thresholds: int = 0
    exempt: int = 0
    undecided: int = 0
    overridden: int = 0
    _levels: dict[FlagLevel, list[int]] = field(default_factory=lambda: {level: [0, 0] for level in FlagLevel})
    _signals: dict[Signal, "_Counts"] = field(default_factory=lambda: {signal: _Counts() for signal in Signal})
    _rules: dict[str, "_Counts"] = field(default_factory=lambda: defaultdict(lambda: _Counts()))
    _alone: Counter[str] = field(default_factory=Counter)
    _sweep: list["_Counts"] = field(default_factory=list)
    _firsts: dict[tuple[int, date], Month | None] = field(default_factory=dict)
    _totals: list[int] = field(default_factory=lambda: [0, 0])
    _listed: list[Listed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sweep = [_Counts() for _ in range(self.thresholds)]

    def add(self, case: Case) -> None:
        """Count one case."""
        if case.level is FlagLevel.EXEMPT or case.computed is FlagLevel.EXEMPT:
            self.exempt += 1
            return
        if case.fate is None:
            self.undecided += 1
            return
        fate, alarm = case.fate, case.level in ALARMS
        self.overridden += case.level is not case.computed
        self._totals[fate.delayed] += 1
        level = self._levels[case.level]
        level[0] += 1
        level[1] += fate.delayed
        self._compare(case, fate, alarm)
        for code in case.codes:
            self._rules[code].add(True, fate, case.month)
            self._alone[code] += len(case.codes) == 1
        for counts, is_alarm in zip(self._sweep, case.sweep, strict=True):
            counts.add(is_alarm, fate, case.month)
        self._remember(case, fate, alarm)

    def _compare(self, case: Case, fate: Fate, alarm: bool) -> None:
        said = {Signal.COMPUTED: case.computed in ALARMS, Signal.FINAL: alarm, Signal.ALWAYS: True, Signal.NEVER: False}
        if case.self_alarm is not None:
            said[Signal.SELF_REPORT] = case.self_alarm
        for signal, is_alarm in said.items():
            self._signals[signal].add(is_alarm, fate, case.month)

    def _remember(self, case: Case, fate: Fate, alarm: bool) -> None:
        verdict = _verdict(alarm, fate.delayed)
        if verdict is not Verdict.QUIET:
            self._listed.append(Listed(case.project_id, case.month, case.level, verdict, case.codes, fate.fact_on))
        if fate.fact_on is not None:
            delay = (case.project_id, fate.fact_on)
            first = self._firsts.setdefault(delay, None)
            if alarm and (first is None or case.month < first):
                self._firsts[delay] = case.month

    def result(self) -> BacktestResult:
        """Return what was counted."""
        punctual, delayed = self._totals
        rules = (
            RuleScore(code, counts.score(delayed, punctual), self._alone[code]) for code, counts in self._rules.items()
        )
        return BacktestResult(
            exempt=self.exempt,
            undecided=self.undecided,
            overridden=self.overridden,
            levels=tuple(LevelScore(level, *counts) for level, counts in self._levels.items() if counts[0]),
            signals={signal: counts.score() for signal, counts in self._signals.items()},
            rules=tuple(sorted(rules, key=lambda rule: (-rule.score.alarms, rule.code))),
            sweep=tuple(counts.score() for counts in self._sweep),
            leads=_leads(self._firsts),
            listed=tuple(sorted(self._listed, key=lambda row: (row.month, row.project_id))),
        )


class _Counts:
    """The four counts while they grow."""

    __slots__ = ("cells", "early")

    def __init__(self) -> None:
        self.cells: Counter[Verdict] = Counter()
        self.early = 0

    def add(self, alarm: bool, fate: Fate, month: Month) -> None:
        self.cells[_verdict(alarm, fate.delayed)] += 1
        self.early += alarm and fate.fact_on is not None and month < Month.of(fate.fact_on)

    def score(self, delayed: int | None = None, punctual: int | None = None) -> Score:
        """Return the counts; with totals given, whatever was not an alarm fills up to them."""
        cells = self.cells
        hits, false_alarms = cells[Verdict.HIT], cells[Verdict.FALSE_ALARM]
        missed = cells[Verdict.MISSED] if delayed is None else delayed - hits
        quiet = cells[Verdict.QUIET] if punctual is None else punctual - false_alarms
        return Score(hits, false_alarms, missed, quiet, self.early)


def _verdict(alarm: bool, delayed: bool) -> Verdict:
    if alarm:
        return Verdict.HIT if delayed else Verdict.FALSE_ALARM
    return Verdict.MISSED if delayed else Verdict.QUIET


def _leads(firsts: dict[tuple[int, date], Month | None]) -> LeadTimes:
    months: list[int] = []
    too_late = never = 0
    for (_project, fact_on), first in firsts.items():
        if first is None:
            never += 1
            continue
        lead = (fact_on.year - first.year) * MONTHS_PER_YEAR + fact_on.month - first.number
        if lead < 0:
            too_late += 1
        else:
            months.append(lead)
    return LeadTimes(tuple(sorted(months)), too_late, never)


def _share(top: int, bottom: int) -> Fraction | None:
    return Fraction(top, bottom) if bottom else None
