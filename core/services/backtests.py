"""Back-test of flags: the flags of past months, published or computed as known then, against what became of them."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from core.domain.backtest import ALARMS, BacktestResult, Case, Scorer, alarm_codes, thresholds_around, with_threshold
from core.domain.errors import Invalid, PermissionDenied, Problem
from core.domain.facts import MONTHS_PER_YEAR, ProjectFacts
from core.domain.flag_rule_sets import RULE_SETS
from core.domain.flag_rules import FlagRule, FlagRuleSet
from core.domain.flags import decide_standing
from core.domain.outcomes import OutcomeDefinition, Truth, fate_of
from core.domain.period import AsOf, Month
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.standing import stand
from core.domain.terms import FlagLevel
from core.services import figures
from core.settings import Settings
from db import rollup
from db.queries import backtests as queries
from db.queries.backtests import PublishedFlag, PublishedRound, SelfReport
from db.queries.facts_history import end_of_day, load_facts_at
from db.queries.rounds import last_project_id
from db.session import Store, current_store, read

Progress = Callable[[int, int], None]
LONGEST_MONTHS = 24
CHUNK = 2_000
_KEPT_RESULTS = 8
# What units write into the field 存在困难 when there is none.
_NO_DIFFICULTY = frozenset({"", "无", "暂无", "没有", "无困难", "正常", "无问题", "暂无问题"})


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """
    What is tested.

    Attributes:
        first: First month whose flags are judged; *last* is the last one.
        definition: When a project counts as delayed later.
        rule_set: Code of a shipped rule set; empty = flags of published rounds, else the rules in force.
        sweep_rule: Code of the rule whose threshold is varied; empty = none is.
        hindsight: Reports and nodes that were entered later count as if known then (history imported in one go).
    """

    first: Month
    last: Month
    definition: OutcomeDefinition
    rule_set: str = ""
    sweep_rule: str = ""
    hindsight: bool = False


@dataclass(frozen=True, slots=True)
class Backtest:
    """A result with what it was made from: rules, thresholds tried, months whose flags come from published rounds."""

    request: BacktestRequest
    rule_set: FlagRuleSet
    thresholds: tuple[Decimal, ...]
    published: tuple[Month, ...]
    until: AsOf
    result: BacktestResult


@dataclass(frozen=True, slots=True)
class BacktestChoices:
    """
    What can be asked.

    Attributes:
        months: Months with reports, up to the month figures stand at.
        in_force: The rules in force; *shipped* are those that come with the product.
        projects: Largest project id: how much there is to read.
    """

    months: tuple[Month, ...]
    in_force: FlagRuleSet
    shipped: tuple[FlagRuleSet, ...]
    projects: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything one run needs beside the rows."""

    request: BacktestRequest
    scope: Scope
    rules: FlagRuleSet
    tried: tuple[FlagRuleSet, ...]
    months: tuple[Month, ...]
    rounds: dict[Month, PublishedRound]
    until: AsOf
    settings: Settings

    def as_of(self, month: Month) -> AsOf:
        """Return where the flags of *month* stand: at its round's cut-off, else when its reports were due."""
        published = self.rounds.get(month)
        return AsOf(published.cut_off_on if published else report_day(month, self.settings), month)


_results: "WeakKeyDictionary[Store, OrderedDict[tuple[object, ...], Backtest]]" = WeakKeyDictionary()


def report_day(month: Month, settings: Settings) -> date:
    """Return the day by whose end *month* is judged: its last day, or the day after reports fall due a month later."""
    if not settings.report_due_next_month:
        return month.last_day
    return month.shift(1).first_day + timedelta(days=settings.report_due_day)


def choices(actor: Actor) -> BacktestChoices:
    """
    Return what the actor can ask for; no months when nothing was reported yet.

    Raises:
        PermissionDenied: Neither organises rounds nor sees everything.
    """
    _allow(actor)
    last = figures.version().month
    with read() as connection:
        first = queries.first_report_month(connection)
        in_force = rollup.load_rule_set(connection, rollup.active_rule_id(connection))
        projects = last_project_id(connection)
    months: tuple[Month, ...] = ()
    if first is not None:
        count = (last.year - first.year) * MONTHS_PER_YEAR + last.number - first.number + 1
        months = tuple(first.shift(number) for number in range(max(0, count)))
    return BacktestChoices(months, in_force, RULE_SETS, projects)


def run(actor: Actor, request: BacktestRequest, progress: Progress | None = None) -> Backtest:
    """
    Return how the flags of a span of months did; the same question on the same data is answered from memory.

    Args:
        progress: Told how many of how many steps are done.

    Raises:
        PermissionDenied: Neither organises rounds nor sees everything.
        Invalid: The span is empty, too long or not over yet, or a rule is not known.
    """
    _allow(actor)
    version = figures.version()
    store = current_store()
    kept = _results.setdefault(store, OrderedDict())
    key = (version.key, actor.scope.key, request)
    if key not in kept:
        kept[key] = _run(actor.scope, request, version.as_of, store, progress or (lambda _done, _all: None))
        while len(kept) > _KEPT_RESULTS:
            kept.popitem(last=False)
    return kept[key]


def names(actor: Actor, project_ids: tuple[int, ...]) -> dict[int, str]:
    """Return the names behind the ids of a result that *actor* was given."""
    _allow(actor)
    with read() as connection:
        return queries.project_names(connection, project_ids)


def _allow(actor: Actor) -> None:
    require(actor, Permission.VIEW_PROJECTS)
    if not actor.can(Permission.MANAGE_ROUNDS) and not actor.scope.everything:
        raise PermissionDenied("旗色回测须能查看全部项目。如确需查看，请联系督查部门。")


def _run(scope: Scope, request: BacktestRequest, until: AsOf, store: Store, progress: Progress) -> Backtest:
    with read() as connection:
        rules = _rules(connection, request.rule_set)
        rule = _check(request, until, rules)
        thresholds = thresholds_around(rule) if rule else ()
        count = (request.last.year - request.first.year) * MONTHS_PER_YEAR + request.last.number - request.first.number
        rounds = {} if request.rule_set else queries.published_rounds(connection, request.first, request.last)
        plan = _Plan(
            request=request,
            scope=scope,
            rules=rules,
            tried=tuple(with_threshold(rules, request.sweep_rule, threshold) for threshold in thresholds),
            months=tuple(request.first.shift(number) for number in range(count + 1)),
            rounds=rounds,
            until=until,
            settings=store.settings,
        )
        scorer = Scorer(len(thresholds))
        last_id = last_project_id(connection)
        for first in range(1, last_id + 1, CHUNK):
            for case in _cases(connection, plan, first, first + CHUNK - 1):
                scorer.add(case)
            progress(min(first + CHUNK - 1, last_id), last_id)
    return Backtest(request, rules, thresholds, tuple(sorted(rounds)), until, scorer.result())


def _rules(connection: Connection, code: str) -> FlagRuleSet:
    if not code:
        return rollup.load_rule_set(connection, rollup.active_rule_id(connection))
    found = next((rules for rules in RULE_SETS if rules.code == code), None)
    if found is None:
        raise Invalid([Problem("rule_set", "unknown_rule_set", f"没有规则“{code}”，请从列表中选择。")])
    return found


def _check(request: BacktestRequest, until: AsOf, rules: FlagRuleSet) -> FlagRule | None:
    """Return the rule whose threshold is varied, if one is; refuse what cannot be answered."""
    problems = []
    months = (request.last.year - request.first.year) * MONTHS_PER_YEAR + request.last.number - request.first.number + 1
    if months < 1:
        problems.append(Problem("first", "empty_span", "起始月份晚于截止月份，请调整时段。"))
    elif months > LONGEST_MONTHS:
        problems.append(Problem("first", "long_span", f"一次最多回测 {LONGEST_MONTHS} 个月，请缩短时段。"))
    if request.last > until.month:
        problems.append(Problem("last", "future_month", f"目前最晚可回测到 {until.month.label}，请调整截止月份。"))
    rule = next((rule for rule in rules.rules if rule.code == request.sweep_rule), None)
    if request.sweep_rule and rule is None:
        problems.append(
            Problem("sweep_rule", "unknown_rule", f"规则“{rules.name}”中没有 {request.sweep_rule}，请从列表中选择。")
        )
    if problems:
        raise Invalid(problems)
    return rule


def _cases(connection: Connection, plan: _Plan, first_id: int, last_id: int) -> Iterator[Case]:
    truths = _truths(connection, plan, first_id, last_id)
    said = queries.self_reports(connection, first_id, last_id, plan.months[0], plan.months[-1])
    for month in plan.months:
        at = plan.as_of(month)
        published = plan.rounds.get(month)
        flags = queries.published_flags(connection, published.id, first_id, last_id) if published else None
        for item in load_facts_at(connection, first_id, last_id, at, hindsight=plan.request.hindsight):
            facts = item.facts
            if not plan.scope.covers(facts.county_id, facts.headquarters_id, facts.unit_id):
                continue
            flag = None if flags is None else flags.get(facts.project_id)
            if flags is not None and flag is None:
                continue  # not judged by the round: entered later
            report = said.get((facts.project_id, month))
            yield _case(plan, facts, at, flag, report, truths[facts.project_id])


def _truths(connection: Connection, plan: _Plan, first_id: int, last_id: int) -> dict[int, Truth]:
    """Read what is known today: each year of the span at its end, and this year for nodes reached since."""
    years: dict[int, dict[int, ProjectFacts]] = {}
    for year in sorted({month.year for month in plan.months} | {plan.until.year}):
        end = plan.until
        if year < plan.until.year:
            end = AsOf(date(year, MONTHS_PER_YEAR, 31), Month(year, MONTHS_PER_YEAR))
        for item in load_facts_at(connection, first_id, last_id, end, hindsight=True):
            years.setdefault(item.facts.project_id, {})[year] = item.facts
    return {key: Truth(found, plan.until) for key, found in years.items()}


def _case(
    plan: _Plan, facts: ProjectFacts, at: AsOf, flag: PublishedFlag | None, report: SelfReport | None, truth: Truth
) -> Case:
    standing = stand(facts, at)
    if flag is None:
        decision = decide_standing(standing, plan.rules)
        flag = PublishedFlag(decision.level, decision.level, decision.hits)
    judged = flag.level is not FlagLevel.EXEMPT and flag.computed is not FlagLevel.EXEMPT
    fate = fate_of(plan.request.definition, facts, at, truth) if judged else None
    return Case(
        project_id=facts.project_id,
        month=at.month,
        computed=flag.computed,
        level=flag.level,
        self_alarm=_self_alarm(report, at.on, plan.request.hindsight),
        codes=alarm_codes(flag.hits, flag.computed),
        fate=fate,
        sweep=tuple(decide_standing(standing, rules).level in ALARMS for rules in plan.tried) if fate else (),
    )


def _self_alarm(report: SelfReport | None, on: date, hindsight: bool) -> bool | None:
    """Return whether the unit named a difficulty; None = it had not reported by then."""
    if report is None:
        return None
    if not hindsight and report.submitted_at is not None and report.submitted_at >= end_of_day(on):
        return None
    return report.difficulty.strip().rstrip("。.！! ") not in _NO_DIFFICULTY
