"""The tables of the project page: flag reasons, matters, money, months, basics, history."""

from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.flag_rules import PROGRESS_MEASURES, FlagMeasure
from core.domain.flags import FlagRuleSet
from core.domain.terms import AssignmentRole, FlagLevel, ReportStatus
from core.domain.units import NOTHING, YUAN_PER_WAN, format_pct, format_wan, format_yi
from core.services.project_details import FundingRow, MatterRow, ProjectDetail, RuleOutcome
from pages.components import theme
from pages.components.investment_chart import cumulated_done_yuan, cumulated_plan_yuan

_HISTORY_SHOWN = 30
# 资金来源合计应等于总投资, give or take what rounding to 万元 leaves.
_TOLERANCE_YUAN = YUAN_PER_WAN


def people(found: ProjectDetail, role: AssignmentRole) -> str:
    """Return who stands for the project in *role*, joined by 、."""
    names = [row.person or row.unit or "" for row in found.roles if row.role is role]
    return "、".join(dict.fromkeys(name for name in names if name))


def funds(lines: tuple[FundingRow, ...]) -> tuple[int, int, int]:
    """Return Σ planned, received and spent, 元."""
    return (
        sum(line.planned_yuan for line in lines),
        sum(line.received_yuan for line in lines),
        sum(line.spent_yuan for line in lines),
    )


def share(part: int, whole: int) -> str:
    """Return part ÷ whole as text; — when there is no whole."""
    return format_pct(Fraction(part, whole) if whole else None)


def flag_rows(found: ProjectDetail) -> dict[str, Any]:
    """Return the table 旗色依据: every rule group with measured value, thresholds, result and source."""
    version = found.version
    return {
        "rule_set": f"{found.rule_set.name} 第 {found.rule_set.version} 版 · 序时{found.rule_set.basis.label}",
        "as_of": f"截至 {version.on:%Y-%m-%d} 实时测算",
        "rows": [_flag_row(outcome, found) for outcome in found.outcomes],
        "empty": f"本项目现不评旗：{'；'.join(found.row.reasons) or '未列入年度计划'}。",
    }


def _flag_row(outcome: RuleOutcome, found: ProjectDetail) -> dict[str, Any]:
    name = f"“{outcome.name}” " if outcome.name else ""
    green = theme.flag_mark(FlagLevel.OK).word
    measured = outcome.measured
    if measured is None:
        measured = "；".join(found.row.reasons) if outcome.level is FlagLevel.NO_DATA else "不适用"
    return {
        "rule": f"{outcome.rule_code} {outcome.measure.label.partition('（')[0]}",
        "measured": f"{name}{measured}",
        "thresholds": "　".join(
            f"{rung.sign}{rung.value.normalize():f} {theme.flag_mark(_merged(rung.level, found.rule_set)).word}"
            for rung in outcome.thresholds
            if theme.flag_mark(_merged(rung.level, found.rule_set)).word != green
        ),
        "mark": theme.flag_mark(_merged(outcome.level, found.rule_set)),
        "source": _source(outcome.measure, found),
    }


def _merged(level: FlagLevel, rule_set: FlagRuleSet) -> FlagLevel:
    merged = rule_set.merge_notice_into
    return merged if level is FlagLevel.NOTICE and merged is not None else level


def _source(measure: FlagMeasure, found: ProjectDetail) -> str:
    if measure in PROGRESS_MEASURES or measure is FlagMeasure.REPORTS_MISSING_RUN:
        month = found.months[found.version.month.number - 1]
        return f"{month.month} 月投资月报（{month.status.label}）"
    if measure is FlagMeasure.KEY_MILESTONE_OVERDUE_DAYS:
        return f"节点台账（关键节点 {sum(node.is_key for node in found.nodes)} 个）"
    if measure in (FlagMeasure.PROBLEMS_OVERDUE, FlagMeasure.PROBLEMS_OVERDUE_ESCALATED):
        return f"问题清单（在办 {found.problems.open} 件）"
    if measure is FlagMeasure.FUNDS_LAG_PP:
        return "资金来源"
    return "项目台账"


def matter_rows(found: ProjectDetail) -> dict[str, Any]:
    """Return problems and other matters, open ones first."""
    rows = [_matter_row(row, found) for row in found.matters]
    done = sum(row.closed_on is not None for row in found.matters)
    return {"rows": rows, "note": f"在办 {len(rows) - done} 件 · 办结 {done} 件" if rows else ""}


def _matter_row(row: MatterRow, found: ProjectDetail) -> dict[str, Any]:
    late = row.closed_on is None and row.due_on is not None and row.due_on < found.version.on
    due = f"办结 {row.closed_on}" if row.closed_on else f"{row.due_on or '未设'}"
    if late and row.due_on:
        due = f"{row.due_on} 逾期 {(found.version.on - row.due_on).days} 天"
    return {
        "kind": row.kind.label,
        "title": row.title,
        "status": row.status.label,
        "unit": row.lead_unit or NOTHING,
        "due": due,
        "is_late": late,
        "is_escalated": row.is_escalated,
    }


def funding_rows(found: ProjectDetail) -> dict[str, Any]:
    """Return the sources of money with their sum, and what does not add up to the total investment."""
    rows = [
        _funding_row(line.source.label, line.planned_yuan, line.received_yuan, line.spent_yuan)
        for line in found.funding
    ]
    planned, received, spent = funds(found.funding)
    if len(rows) > 1:
        rows.append({**_funding_row("合计", planned, received, spent), "is_sum": True})
    difference = planned - found.record.values["total_investment_yuan"]
    text = ""
    if rows and abs(difference) > _TOLERANCE_YUAN:
        side = "多" if difference > 0 else "少"
        text = f"资金来源合计比总投资{side} {format_wan(abs(difference))} 万元，请核实。"
    return {"rows": rows, "difference": text}


def _funding_row(source: str, planned: int, received: int, spent: int) -> dict[str, Any]:
    cells = [format_yi(planned, 2), format_yi(received, 2), format_yi(spent, 2)]
    return {"source": source, "cells": [*cells, share(received, planned), share(spent, received)], "is_sum": False}


def month_rows(found: ProjectDetail) -> list[dict[str, Any]]:
    """Return the twelve months in 万元: plan, done, both cumulated, statistics value, state of the report."""
    last = found.version.month.number
    plan = cumulated_plan_yuan(found.months, found.row.annual_plan_yuan)
    done = cumulated_done_yuan(found.months, last)
    rows = []
    for month in found.months:
        number = month.month
        counted = number <= last
        rows.append(
            {
                "month": number,
                "cells": [
                    format_wan(plan[number] - plan[number - 1] if plan[-1] else None),
                    format_wan(month.done_yuan),
                    format_wan(plan[number] if plan[-1] else None),
                    format_wan(done[number] if counted else None),
                    format_wan(month.statistics_yuan),
                ],
                "status": month.status.label if counted or month.status is not ReportStatus.MISSING else NOTHING,
            }
        )
    return rows


def basics(found: ProjectDetail) -> dict[str, Any]:
    """Return what the project is, its dates and who stands for it."""
    values = found.record.values
    place = f"{values['longitude']:.6f}, {values['latitude']:.6f}" if values["longitude"] is not None else ""
    pairs = [
        ("建设内容", values["content"]),
        ("建设地点", values["location"]),
        ("坐标", f"{place}（CGCS2000 经纬度）" if place else ""),
        ("项目业主", values["owner_name"]),
        ("级别 / 类别", f"{found.row.level.label} / {values['category']}"),
        ("性质 / 主体", " / ".join(text for text in (values["nature"], values["investor"]) if text)),
        ("建设年限", f"{values['start_planned_on'] or '未定'} 至 {values['finish_planned_on'] or '未定'}"),
        ("本年目标", found.goal),
        ("形象进度", values["physical_progress"]),
        *((role.label, people(found, role)) for role in AssignmentRole if role is not AssignmentRole.SPONSOR_LEADER),
        ("备注", values["remark"]),
    ]
    return {"rows": [{"label": label, "text": text} for label, text in pairs if text]}


def history_rows(found: ProjectDetail, zone: ZoneInfo) -> dict[str, Any]:
    """Return the latest changes with local time."""
    shown = found.history[:_HISTORY_SHOWN]
    rows = [
        {
            "at": f"{line.at.astimezone(zone):%Y-%m-%d %H:%M}",
            "who": line.who,
            "what": line.what,
            "changes": line.changes,
            "reason": line.reason,
        }
        for line in shown
    ]
    return {"rows": rows, "note": f"最近 {len(rows)} 条" if rows else ""}
