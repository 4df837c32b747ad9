"""The left half of the room's screen: what everybody has to know about the item, in letters for the last row."""

from fractions import Fraction
from typing import Any

from core.domain.units import format_pct, format_pp, format_yi
from core.services.meetings import ItemFacts, ItemRow
from pages.components import markup, theme
from pages.components.matters import matter_words
from pages.components.matters.address import matter_address
from pages.components.meetings import words


def draw(item: ItemRow, facts: ItemFacts) -> None:
    """Draw the item with the facts of its project, matter or rectification."""
    markup.show(
        "meetings/facts.html",
        topic=words.topic(item.topic),
        title=item.title,
        reasons=[part for part in item.reason.split("；") if part],
        project=_project(item, facts),
        nodes=_nodes(facts),
        matters=_matters(facts),
        matter=_matter(facts),
        case=_case(facts),
        last=[(f"{one.row.held_on:%m-%d}", one.row.text, one.row.unit_name, words.state(one)) for one in facts.last],
    )


def _project(item: ItemRow, facts: ItemFacts) -> dict[str, Any] | None:
    row = facts.project
    if row is None:
        return None
    plan = row.annual_plan_yuan
    gap = None if row.gap_milli_pp is None else Fraction(row.gap_milli_pp, 1000)
    level = row.record_flag or row.flag
    return {
        "name": "项目详情" if row.name in item.title else row.name,
        "address": f"/project?id={row.id}",
        "where": " · ".join(part for part in (row.county_name, row.headquarters_name, row.unit_name) if part),
        "sponsors": row.sponsors,
        "stage": row.stage.label,
        "mark": theme.flag_mark(level),
        "flag_note": "督查旗色" if row.record_flag else "实时测算",
        "as_of": f"投资数据截至{facts.month.label}",
        "done_width": min(100, round(100 * row.ytd_done_yuan / plan)) if plan > 0 else 0,
        "due_width": min(100, round(100 * row.curve_due_yuan / plan)) if plan > 0 else 0,
        "figures": [
            ("总投资", f"{format_yi(row.total_investment_yuan)} 亿"),
            ("年度计划", f"{format_yi(plan)} 亿" if plan else "—"),
            ("累计完成", f"{format_yi(row.ytd_done_yuan)} 亿"),
            ("完成率", _share(row.ytd_done_yuan, plan)),
            ("序时", _share(row.curve_due_yuan, plan)),
            ("与序时差", format_pp(gap) if gap is None else f"{format_pp(gap)} 个百分点"),
        ],
    }


def _share(part_yuan: int, plan_yuan: int) -> str:
    return format_pct(Fraction(part_yuan, plan_yuan) if plan_yuan > 0 else None)


def _nodes(facts: ItemFacts) -> list[dict[str, Any]]:
    found = []
    for node in facts.nodes:
        days = (facts.today - node.planned_on).days
        moved = f"（首次 {node.first_baseline_on}，调整 {node.moves} 次）" if node.moves else ""
        found.append(
            {
                "name": node.name,
                "is_key": node.is_key,
                "due": f"{node.planned_on}{moved}",
                "late": f"▲ 逾期 {days} 天" if days > 0 else "",
            }
        )
    return found


def _matters(facts: ItemFacts) -> list[dict[str, Any]]:
    about = facts.matter.id if facts.matter else None
    return [
        {
            "kind": row.state.kind.label,
            "title": row.title,
            "address": matter_address(row.state.kind, row.id),
            "who": matter_words.owner(row),
            "status": row.state.status.label,
            "due": str(row.state.next_due_on or ""),
            "late": row.state.is_overdue(facts.today),
        }
        for row in facts.matters
        if row.id != about
    ]


def _matter(facts: ItemFacts) -> dict[str, Any] | None:
    row = facts.matter
    if row is None:
        return None
    return {
        "code": row.code,
        "address": matter_address(row.state.kind, row.id),
        "left": matter_words.left_words(facts.matter_left),
        "late": row.state.is_overdue(facts.today),
        "facts": [
            ("状态", f"{row.state.status.label}（{row.state.level.label}办理）"),
            ("主办", matter_words.owner(row)),
            ("协办", row.supporting_units),
            ("类别", row.category),
            ("办理期限", str(row.state.due_on or "")),
            ("申请延期至", str(row.state.extension_to or "")),
        ],
        "texts": [("情况", row.description), ("进展", row.progress), ("答复", row.answer)],
    }


def _case(facts: ItemFacts) -> dict[str, Any] | None:
    row = facts.case
    if row is None:
        return None
    late = row.case.due_on is not None and row.case.due_on < facts.today
    return {
        "code": row.code,
        "round": row.round_title,
        "owner": row.owner_name,
        "step": row.case.step.label,
        "due": str(row.case.due_on or ""),
        "late": late,
        "mark": theme.flag_mark(row.case.level),
        "plan": row.plan,
    }
