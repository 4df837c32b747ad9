"""The head of the project page in words: name and facts, the chain, the four tiles."""

from fractions import Fraction
from typing import Any

from core.domain.five_ones import WANTED, five_ones
from core.domain.ledger import Listing, ProjectFilter
from core.domain.lifecycle import StepState
from core.domain.schedule import gap_wording
from core.domain.terms import AssignmentRole, FlagLevel, FundingSource
from core.domain.units import NOTHING, format_mu, format_pct, format_yi
from core.services.project_details import ProjectDetail
from pages.components import theme
from pages.components.project_query import ledger_address, map_address
from pages.components.project_tables import funds, share
from pages.components.supervision import words

_SHORT_SOURCES = {FundingSource.BANK_LOAN: "银行", FundingSource.ENTERPRISE: "自筹", FundingSource.LOCAL_FISCAL: "财政"}


def header(found: ProjectDetail, is_demo: bool) -> dict[str, Any]:
    """Return breadcrumb, name, badges and the line of facts."""
    record, row = found.record, found.row
    crumbs = [
        {
            "text": record.headquarters_name or record.county_name,
            "address": ledger_address(_owner_filter(found)),
        },
        {"text": record.values["code"], "address": ""},
    ]
    return {
        "crumbs": crumbs,
        "name": record.values["name"],
        "mark": theme.flag_mark(row.flag),
        "record": _record(found),
        "reasons": "；".join(row.reasons),
        "stage": row.stage.label,
        "year_class": row.year_class.label if row.year_class else "未列入本年度",
        "is_demo": is_demo,
        "facts": [fact for fact in _facts(found) if fact["text"]],
        "five": _five(found),
    }


def _record(found: ProjectDetail) -> dict[str, Any] | None:
    """Return the badge of the flag of record: the latest published round, None before the first."""
    if found.published is None:
        return None
    label = f"第 {found.published.number} 轮"
    if found.record_flag is None:
        return {"mark": theme.flag_mark(FlagLevel.EXEMPT), "text": f"未参评 · {label}", "title": found.published.title}
    level = found.record_flag.level
    reasons = "；".join(found.record_flag.reasons) or "未触发任何规则"
    return {"mark": theme.flag_mark(level), "text": f"{words.text(level)} · {label}", "title": reasons}


def _owner_filter(found: ProjectDetail) -> ProjectFilter:
    values = found.record.values
    if values["headquarters_id"] is not None:
        return ProjectFilter(headquarters_ids=(values["headquarters_id"],), listing=Listing.ALL)
    return ProjectFilter(county_ids=(values["county_id"],), listing=Listing.ALL)


def _facts(found: ProjectDetail) -> list[dict[str, str]]:
    values, record = found.record.values, found.record
    land = sum(plot.area_sqm for plot in found.plots)
    more = f" 等 {len(found.plots)} 宗" if len(found.plots) > 1 else ""
    entered = values["entered_statistics_on"]
    return [
        _fact("代码", values["national_code"] or "未赋码"),
        _fact("县区", record.county_name, ledger_address(ProjectFilter(county_ids=(values["county_id"],)))),
        _fact("地块", f"{found.plots[0].name}{more}（{format_mu(land, 1)} 亩）", map_address(found.plots[0].id))
        if found.plots
        else _fact("地块", "未关联"),
        _fact("入统", str(entered) if entered else "未入统"),
    ]


def _five(found: ProjectDetail) -> list[dict[str, Any]]:
    """Return the line 五个一: who holds each of the five roles; what is missing is named."""
    holders = [(row.role, row.person or row.unit or "") for row in found.roles]
    if found.record.unit_name:
        holders.insert(0, (AssignmentRole.RESPONSIBLE_UNIT, found.record.unit_name))
    held = five_ones(holders)
    leader = next((row.person_id for row in found.roles if row.role is AssignmentRole.SPONSOR_LEADER), None)
    return [
        {
            "label": role.label,
            "text": held.text(role),
            "address": f"/leaders?id={leader}" if role is AssignmentRole.SPONSOR_LEADER and leader else "",
            "is_missing": role in held.missing,
        }
        for role in WANTED
    ]


def _fact(label: str, text: str, address: str = "") -> dict[str, str]:
    return {"label": label, "text": text, "address": address}


def chain_steps(found: ProjectDetail) -> list[dict[str, str]]:
    """Return the seven steps with date or state."""
    return [
        {
            "label": step.label,
            "state": step.state.value,
            "note": found.row.stage.label if step.state is StepState.CURRENT else str(step.on or NOTHING),
        }
        for step in found.steps
    ]


def tiles(found: ProjectDetail) -> list[dict[str, str]]:
    """Return the four tiles; each figure opens the panel that it is made of."""
    return [_total_tile(found), _year_tile(found), _funds_tile(found), _problem_tile(found)]


def _tile(label: str, figure: str, address: str, note: str, late: str = "", title: str = "") -> dict[str, str]:
    return {"label": label, "figure": figure, "address": address, "note": note, "late": late, "title": title}


def _total_tile(found: ProjectDetail) -> dict[str, str]:
    lines = [
        f"{_SHORT_SOURCES.get(line.source, line.source.label)} {format_yi(line.planned_yuan)}"
        for line in found.funding[:3]
        if line.planned_yuan
    ]
    total = f"{format_yi(found.record.values['total_investment_yuan'], 2)} 亿元"
    return _tile("总投资", total, "#wr-funding", " · ".join(lines) or "资金来源未填", title="查看资金来源")


def _year_tile(found: ProjectDetail) -> dict[str, str]:
    row = found.row
    if not row.annual_plan_yuan:
        figure = f"{format_yi(row.ytd_done_yuan)} 亿 / {NOTHING}"
        return _tile("年度完成 / 计划", figure, "#wr-months", "没有年度计划投资，不计算完成率")
    plan = row.annual_plan_yuan
    gap = Fraction(100 * (row.ytd_done_yuan - row.curve_due_yuan), plan)
    completion = format_pct(Fraction(row.ytd_done_yuan, plan))
    words = gap_wording(gap)
    figure = f"{format_yi(row.ytd_done_yuan)} / {format_yi(plan)} 亿"
    note = f"{completion} · "
    title = f"序时应完成 {format_yi(row.curve_due_yuan, 2)} 亿元；查看各月"
    late = gap < 0
    return _tile("年度完成 / 计划", figure, "#wr-months", note if late else note + words, words if late else "", title)


def _funds_tile(found: ProjectDetail) -> dict[str, str]:
    planned, received, spent = funds(found.funding)
    figure = f"{share(received, planned)} · {share(spent, received)}"
    note = f"到位 {format_yi(received)} / 计划 {format_yi(planned)} · 支出 {format_yi(spent)} 亿元"
    return _tile(
        "资金到位率 · 支出率", figure, "#wr-funding", note if planned else "资金来源未填", title="查看资金来源"
    )


def _problem_tile(found: ProjectDetail) -> dict[str, str]:
    problems = found.problems
    parts = [f"{problems.escalated} 件已提级"] if problems.escalated else []
    late = ""
    if problems.overdue:
        late = f"{problems.overdue} 件逾期"
    elif problems.workdays_left is not None:
        parts.append("今天到期" if problems.workdays_left == 0 else f"最近时限剩 {problems.workdays_left} 个工作日")
    note = " · ".join(parts) or ("" if late else "没有在办问题" if not problems.open else "未设时限")
    return _tile("在办问题", f"{problems.open} 件", "#wr-matters", f"{note} · " if note and late else note, late)
