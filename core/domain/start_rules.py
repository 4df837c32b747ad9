"""The rules of starting as data (开工条件、预警清单、储备成熟度、入库入统), stored as one versioned body."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.measures import STATISTICS_MIN_YUAN
from core.domain.period import Month
from core.domain.start_terms import Maturity, ProcedureKind, WatchList, WatchMeasure


@dataclass(frozen=True, slots=True)
class ReadinessRules:
    """
    When a project must be ready to start.

    Attributes:
        required: Procedures looked at, in the order of the columns.
        ready_month: New starts of a year are ready by the end of this month (三月底前具备开工条件), 1..12.
        warn_days: Days before the deadline from which what is missing is warned of; *urgent_days* likewise.
    """

    required: tuple[ProcedureKind, ...] = tuple(ProcedureKind)
    ready_month: int = 3
    warn_days: int = 60
    urgent_days: int = 15

    def ready_by(self, year: int) -> date:
        """Return the last day on which new starts of *year* must be ready."""
        return Month(year, self.ready_month).last_day


@dataclass(frozen=True, slots=True)
class WatchRule:
    """
    One ground for being on a list: the measured value reaches the threshold.

    Attributes:
        threshold: In the unit of the measure; reached = on the list (≥).
        reason: Chinese; ``{value}`` and, for nodes, ``{name}`` are filled in.
    """

    code: str
    kind: WatchList
    measure: WatchMeasure
    threshold: int
    reason: str


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A grade of maturity: the share of procedures that is ready (%, inclusive) and those that must be among them."""

    grade: Maturity
    min_share_pct: int
    required: tuple[ProcedureKind, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRules:
    """Clock of the statistics library: months after the start, and the least total investment (元)."""

    late_months: int = 1
    severe_months: int = 2
    min_yuan: int = STATISTICS_MIN_YUAN


_WATCH = (
    WatchRule(
        "WCH-01",
        WatchList.NOT_STARTED,
        WatchMeasure.START_OVERDUE_MONTHS,
        1,
        "超过计划开工月份 {value} 个月未开工",
    ),
    WatchRule("WCH-11", WatchList.LAGGING, WatchMeasure.LAG_PP, 10, "投资欠序时 {value} 个百分点"),
    WatchRule("WCH-12", WatchList.LAGGING, WatchMeasure.KEY_NODE_DAYS, 15, "关键节点“{name}”逾期 {value} 天"),
    WatchRule("WCH-21", WatchList.NEGATIVE, WatchMeasure.LISTED_MONTHS, 3, "连续 {value} 个月在未开工或滞后清单"),
    WatchRule("WCH-22", WatchList.NEGATIVE, WatchMeasure.SEVERE_ROUNDS, 2, "本年 {value} 轮红旗"),
    WatchRule("WCH-23", WatchList.NEGATIVE, WatchMeasure.FLAGGED_RUN, 3, "连续 {value} 轮黄旗或红旗"),
    WatchRule(
        "WCH-24",
        WatchList.NEGATIVE,
        WatchMeasure.SERIOUS_FINDINGS,
        1,
        "督查发现的 {value} 个严重问题（含数据不实）未整改",
    ),
)
_GRADES = (
    GradeRule(Maturity.A, 80, (ProcedureKind.APPROVAL, ProcedureKind.LAND, ProcedureKind.PLANNING)),
    GradeRule(Maturity.B, 50, (ProcedureKind.APPROVAL,)),
    GradeRule(Maturity.C, 20),
)


@dataclass(frozen=True, slots=True)
class StartRules:
    """
    The rules in force.

    Attributes:
        workdays: Working days from entering a list to its deadline.
        grades: Best first; what meets none of them is D.
    """

    name: str = "开工与预警清单规则"
    readiness: ReadinessRules = ReadinessRules()
    watch: tuple[WatchRule, ...] = _WATCH
    workdays: Mapping[WatchList, int] = field(
        default_factory=lambda: {WatchList.NOT_STARTED: 20, WatchList.LAGGING: 15, WatchList.NEGATIVE: 10}
    )
    grades: tuple[GradeRule, ...] = _GRADES
    entry: EntryRules = EntryRules()

    def of(self, kind: WatchList) -> tuple[WatchRule, ...]:
        """Return the grounds of one list."""
        return tuple(rule for rule in self.watch if rule.kind is kind)

    def threshold(self, measure: WatchMeasure) -> int | None:
        """Return the lowest threshold on *measure*; None when no rule looks at it."""
        return min((rule.threshold for rule in self.watch if rule.measure is measure), default=None)


SHIPPED = StartRules()
_MAX_NUMBER = 366


def rules_to_dict(rules: StartRules) -> dict[str, Any]:
    """Return the numbers of *rules* as plain values, as they are stored; words and order are the product's."""
    return {
        "required": [kind.value for kind in rules.readiness.required],
        "ready_month": rules.readiness.ready_month,
        "warn_days": rules.readiness.warn_days,
        "urgent_days": rules.readiness.urgent_days,
        "watch": {rule.code: rule.threshold for rule in rules.watch},
        "workdays": {kind.value: days for kind, days in rules.workdays.items()},
        "grades": {rule.grade.value: rule.min_share_pct for rule in rules.grades},
        "late_months": rules.entry.late_months,
        "severe_months": rules.entry.severe_months,
        "min_yuan": rules.entry.min_yuan,
    }


def parse_rules(body: Mapping[str, Any]) -> StartRules:
    """
    Return the rules that ``rules_to_dict`` wrote; what an older body lacks has the shipped value.

    Raises:
        Invalid: Numbers outside their range or against their order, unknown procedures; all problems at once.
    """
    problems: list[Problem] = []
    read = _Reader(body, problems)
    readiness = ReadinessRules(
        read.kinds("required", SHIPPED.readiness.required),
        read.number("ready_month", SHIPPED.readiness.ready_month, "具备开工条件的月份", highest=12),
        read.number("warn_days", SHIPPED.readiness.warn_days, "提前预警天数"),
        read.number("urgent_days", SHIPPED.readiness.urgent_days, "紧急预警天数"),
    )
    watch = tuple(replace(rule, threshold=read.at("watch", rule.code, rule.threshold, rule.code)) for rule in _WATCH)
    workdays = {kind: read.at("workdays", kind.value, days, kind.label) for kind, days in SHIPPED.workdays.items()}
    grades = tuple(
        replace(rule, min_share_pct=read.at("grades", rule.grade.value, rule.min_share_pct, rule.grade.label, 100))
        for rule in _GRADES
    )
    entry = EntryRules(
        read.number("late_months", SHIPPED.entry.late_months, "入统期限（月）", highest=24),
        read.number("severe_months", SHIPPED.entry.severe_months, "严重超期（月）", highest=24),
        read.number("min_yuan", SHIPPED.entry.min_yuan, "入统起点", highest=10**12),
    )
    _check_order(readiness, grades, entry, problems)
    if problems:
        raise Invalid(problems)
    return StartRules(SHIPPED.name, readiness, watch, workdays, grades, entry)


def _check_order(
    readiness: ReadinessRules, grades: tuple[GradeRule, ...], entry: EntryRules, problems: list[Problem]
) -> None:
    if problems:
        return
    if readiness.urgent_days > readiness.warn_days:
        problems.append(Problem("urgent_days", "order", "紧急预警天数不能多于提前预警天数。"))
    shares = [rule.min_share_pct for rule in grades]
    if shares != sorted(shares, reverse=True):
        problems.append(Problem("grades", "order", "成熟度要求应由 A 到 C 依次降低。"))
    if entry.late_months > entry.severe_months:
        problems.append(Problem("severe_months", "order", "严重超期的月数不能少于入统期限。"))


class _Reader:
    """Reads numbers of a stored body and notes what is impossible."""

    def __init__(self, body: Mapping[str, Any], problems: list[Problem]) -> None:
        self._body, self._problems = body, problems

    def number(self, name: str, default: int, label: str, highest: int = _MAX_NUMBER) -> int:
        return self._checked(name, self._body.get(name, default), label, highest)

    def at(self, group: str, name: str, default: int, label: str, highest: int = _MAX_NUMBER) -> int:
        return self._checked(group, dict(self._body.get(group, {})).get(name, default), label, highest)

    def kinds(self, name: str, default: tuple[ProcedureKind, ...]) -> tuple[ProcedureKind, ...]:
        known = {kind.value: kind for kind in ProcedureKind}
        wanted = [str(code) for code in self._body.get(name, [kind.value for kind in default])]
        if not wanted or any(code not in known for code in wanted):
            self._problems.append(Problem(name, "unknown", "请至少选择一项开工条件。"))
            return default
        return tuple(kind for kind in ProcedureKind if kind.value in wanted)

    def _checked(self, field_name: str, value: Any, label: str, highest: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= highest:
            self._problems.append(Problem(field_name, "out_of_range", f"“{label}”应为 1 到 {highest} 的整数。"))
            return 1
        return value
