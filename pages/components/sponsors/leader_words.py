"""How leaders, visits and projects are worded on the screen; plain values, nothing is drawn here."""

from datetime import date
from fractions import Fraction
from typing import Any

from core.domain.sponsor_changes import wordings
from core.domain.sponsors import LeaderFigures, VisitRules
from core.domain.units import NOTHING, format_pp
from core.services.sponsors import LeaderView, SponsoredRow
from pages.components import theme


def owed(figures: LeaderFigures) -> str:
    """Return what is missing this month, with its sign where something is."""
    return f"▲ 欠 {figures.now.owed}" if figures.now.owed else ("已到齐" if figures.now.due else NOTHING)


def rule(rules: VisitRules) -> str:
    """Return the rule in one sentence."""
    stages = "、".join(stage.label for stage in rules.stages)
    return f"{stages}的项目每月调研不少于 {rules.per_month} 次；当月新包保的项目自次月起计。"


def tiles(view: LeaderView) -> list[dict[str, Any]]:
    """Return the figures above the projects; each leads to the rows below that it is made of."""
    own, now = view.figures, view.figures.now
    ended = f"办结 {own.solved}"
    return [
        _tile("包保项目", f"{own.projects} 个", f"红旗 {own.severe} · 黄旗 {own.warn}", is_late=own.severe > 0),
        _tile("本月调研", f"{now.done} / {now.due} 项次", owed(own), is_late=now.owed > 0),
        _tile("平均序时差", f"{format_pp(own.gap_pp)} 个百分点" if own.gap_pp is not None else NOTHING, "按投资额合计"),
        _tile(
            "现场交办问题",
            f"{own.promised} 件",
            f"{ended} · ▲ 逾期 {own.overdue}" if own.overdue else ended,
            address="#wr-promises",
            is_late=own.overdue > 0,
        ),
    ]


def _tile(
    label: str, figure: str, note: str, *, address: str = "#wr-sponsored", is_late: bool = False
) -> dict[str, Any]:
    return {"label": label, "figure": figure, "note": note, "address": address, "is_late": is_late}


def months(view: LeaderView) -> list[dict[str, Any]]:
    """Return the months of the year as small marks: made of due, and whether some are missing."""
    return [
        {
            "label": f"{one.month.number}月",
            "text": f"{one.done}/{one.due}",
            "owed": one.owed,
            "title": f"{one.month.label}：应调研 {one.due} 项次，已调研 {one.done}，欠 {one.owed}",
        }
        for one in view.figures.months
    ]


def project_card(one: SponsoredRow, today: date) -> dict[str, Any]:
    """Return one project of a leader as its card shows it."""
    row = one.row
    since = one.days_since(today)
    return {
        "name": row.name,
        "address": f"/project?id={row.id}",
        "mark": theme.flag_mark(row.record_flag or row.flag),
        "reasons": "；".join(row.reasons),
        "facts": " · ".join(filter(None, (row.stage.label, row.county_name, row.unit_name))),
        "gap": _gap(row.gap_milli_pp),
        "is_behind": row.gap_milli_pp is not None and row.gap_milli_pp < 0,
        "node": _node(row.next_milestone, row.next_due_on),
        "is_node_late": row.next_due_on is not None and row.next_due_on < today,
        "problems": f"{one.problems} 件" + (f"，▲ 逾期 {one.overdue}" if one.overdue else ""),
        "is_problem_late": one.overdue > 0,
        "visited": "尚未调研" if since is None else f"{one.last_visit_on}（{_ago(since)}）",
        "owed": f"▲ 本月欠 {one.owed} 次" if one.owed else "",
        "changes": wordings(one.changes) if one.changes else (),
        "has_gone": one.changes is not None,
    }


def _gap(gap_milli_pp: int | None) -> str:
    return NOTHING if gap_milli_pp is None else f"{format_pp(Fraction(gap_milli_pp, 1000))} 个百分点"


def _node(name: str | None, due_on: date | None) -> str:
    return f"{due_on} {name or ''}".strip() if due_on else "没有待完成节点"


def _ago(days: int) -> str:
    return "今天" if days == 0 else f"{days} 天前"
