"""``backtest``: did red and yellow flags predict the later delay."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.domain.backtest import Score
    from core.services.backtests import Backtest

_KINDS = ("lag_later", "lag_year_end", "node_late", "finish_late")


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("backtest", help="旗色回测：黄旗、红旗是否说中后来的滞后")
    parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM", help="起始月份")
    parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM", help="截止月份")
    parser.add_argument("--outcome", choices=_KINDS, default=_KINDS[0], help="“后来滞后”的口径")
    parser.add_argument("--beyond", type=Decimal, default=Decimal(10), metavar="N", help="超过多少百分点或天")
    parser.add_argument("--months", type=int, default=3, metavar="N", help="向后看几个月")
    parser.add_argument("--rules", default="", metavar="代码", help="按某套规则重新测算；不写则取已发布轮次和现行规则")
    parser.add_argument("--sweep", default="", metavar="规则", help="试算这条规则的不同阈值")
    parser.add_argument("--hindsight", action="store_true", help="补录数据计入")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(handler=_backtest)


def _backtest(args: argparse.Namespace) -> int:
    from core.domain.errors import Invalid, Problem
    from core.domain.outcomes import OutcomeDefinition, OutcomeKind
    from core.domain.period import Month
    from core.domain.permissions import system_actor
    from core.services import backtests

    try:
        first, last = Month.parse(args.first), Month.parse(args.last)
    except ValueError as error:
        raise Invalid([Problem("month", "bad_month", "月份写法应为 2026-09。")]) from error
    definition = OutcomeDefinition(OutcomeKind(args.outcome), args.beyond, args.months)
    request = backtests.BacktestRequest(first, last, definition, args.rules, args.sweep, args.hindsight)
    found = backtests.run(system_actor(), request, _tell_progress)
    if args.json:
        print(json.dumps(_plain(found), ensure_ascii=False))
    else:
        _tell(found)
    return 0


def _tell_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r已读 {done} / {total} 个项目", end="" if done < total else "\n", file=sys.stderr)


def _plain(found: Backtest) -> dict[str, Any]:
    result, leads = found.result, found.result.leads
    return {
        "from": str(found.request.first),
        "to": str(found.request.last),
        "outcome": found.request.definition.label,
        "rule_set": {"code": found.rule_set.code, "version": found.rule_set.version},
        "published": [str(month) for month in found.published],
        "exempt": result.exempt,
        "undecided": result.undecided,
        "overridden": result.overridden,
        "signals": {signal.value: _score(score) for signal, score in result.signals.items()},
        "levels": {row.level.value: {"cases": row.cases, "delayed": row.delayed} for row in result.levels},
        "rules": {rule.code: {**_score(rule.score), "alone": rule.alone} for rule in result.rules},
        "sweep": {str(value): _score(score) for value, score in zip(found.thresholds, result.sweep, strict=True)},
        "lead_months": {"each": leads.months, "too_late": leads.too_late, "never": leads.never},
    }


def _score(score: Score) -> dict[str, Any]:
    counts = {name: getattr(score, name) for name in ("hits", "false_alarms", "missed", "quiet", "early")}
    shares = {"precision": score.precision, "recall": score.recall, "base_rate": score.base_rate}
    return {**counts, **{name: None if share is None else float(share) for name, share in shares.items()}}


def _tell(found: Backtest) -> None:
    from core.domain.units import format_pct

    result = found.result
    print(f"{found.request.first}—{found.request.last}　{found.request.definition.label}")
    for signal, score in result.signals.items():
        print(
            f"{signal.label}：亮旗 {score.alarms} 项次，命中 {score.hits}（{format_pct(score.precision)}），"
            f"漏报 {score.missed}，查全率 {format_pct(score.recall)}，共 {score.total} 项次"
        )
    for rule in result.rules:
        print(f"规则 {rule.code}：亮旗 {rule.score.alarms}，命中率 {format_pct(rule.score.precision)}")
    for value, score in zip(found.thresholds, result.sweep, strict=True):
        print(
            f"{found.request.sweep_rule} 阈值 {value}：亮旗 {score.alarms}，命中率 {format_pct(score.precision)}，"
            f"查全率 {format_pct(score.recall)}"
        )
    print(f"不评旗 {result.exempt} 项次，后果未定 {result.undecided} 项次，不计入。")
