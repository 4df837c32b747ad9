"""The agenda by rules: what each topic finds inside the scope of the meeting's body, worded with its figure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from core.domain.flag_items import months_since, required_share_pct
from core.domain.meeting_agenda import AgendaRules, Candidate, Topic, TopicRule, compose
from core.domain.meetings import ItemSubject, decision_due_on
from core.domain.scope import Scope
from core.domain.terms import MatterStatus
from core.domain.units import format_number, format_wan
from db import audit, rollup
from db.queries import matters, meeting_agenda, meetings, rectifications
from db.queries.matters import MatterFilter, MatterRow
from db.queries.rectifications import CaseFilter


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom an agenda is made: the body's scope and keys, the day of the meeting, and today."""

    scope: Scope
    county_id: int | None
    headquarters_id: int | None
    held_on: date
    today: date


def propose(connection: Connection, occasion: Occasion, rules: AgendaRules) -> list[Candidate]:
    """Return the agenda that *rules* make for *occasion*; one read per topic that is on."""
    on = [rule for rule in rules.rules if rule.limit > 0]
    return compose(rules, {rule.topic: _FINDERS[rule.topic](connection, occasion, rule) for rule in on})


Finder = Callable[[Connection, Occasion, TopicRule], Sequence[Candidate]]


def _last_decisions(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    rows = meetings.open_decisions(
        connection, occasion.county_id, occasion.headquarters_id, occasion.held_on, rule.limit
    )
    return [
        Candidate(
            rule.topic,
            ItemSubject.MATTER,
            row.matter_id,
            row.project_id,
            _titled(row.project_name, " ".join(row.text.split()).rstrip("。")),
            f"{row.held_on:%m-%d} 会议议定，{row.unit_name or '责任单位'}落实，"
            f"{_deadline(decision_due_on(row.matter) if row.matter else row.due_on, occasion.today)}",
            f"{row.held_on:%m-%d} 会议议定",
        )
        for row in rows
    ]


def _red_flags(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    rows = meeting_agenda.list_red(connection, occasion.scope, rule.limit)
    return [
        _about_project(
            rule,
            row.project_id,
            row.name,
            f"{row.round_label}督查红旗{f'，连续 {row.streak} 轮' if row.streak > 1 else ''}"
            + "".join(f"，{reason}" for reason in row.reasons[:2]),
        )
        for row in rows
    ]


def _overdue_matters(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    since = occasion.today - timedelta(days=max(1, rule.least) - 1)
    return _about_matters(connection, occasion, rule, MatterFilter(overdue_on=since))


def _escalated(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    wanted = MatterFilter(statuses=(MatterStatus.ESCALATED,), is_open=True)
    return _about_matters(connection, occasion, rule, wanted)


def _extensions(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    return _about_matters(connection, occasion, rule, MatterFilter(is_open=True, asks_extension=True))


def _about_matters(
    connection: Connection, occasion: Occasion, rule: TopicRule, wanted: MatterFilter
) -> list[Candidate]:
    rows = matters.list_matters(connection, occasion.scope, wanted, limit=rule.limit)
    return [
        Candidate(
            rule.topic,
            ItemSubject.MATTER,
            row.id,
            row.project_id,
            _titled(row.project_name, row.title),
            _matter_reason(rule.topic, row, occasion.today),
            _matter_addition(rule.topic, row),
        )
        for row in rows
    ]


def _matter_reason(topic: Topic, row: MatterRow, today: date) -> str:
    due = _deadline(row.state.next_due_on, today)
    if topic is Topic.ESCALATED:
        return f"{row.state.kind.label}已提级至{row.state.level.label}，{due}"
    if topic is Topic.EXTENSION:
        return f"{row.unit_name or '承办单位'}申请延期至 {row.state.extension_to}（原期限 {row.state.due_on}）"
    return f"{row.state.kind.label}“{row.state.status.label}”，{row.unit_name or '尚未交办'}，{due}"


def _matter_addition(topic: Topic, row: MatterRow) -> str | None:
    """Return what to add where the matter is on the agenda already: how late it is stands there."""
    if topic is Topic.EXTENSION:
        return None
    return f"已提级至{row.state.level.label}" if topic is Topic.ESCALATED else ""


def _unstarted(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    rows = meeting_agenda.list_unstarted(connection, occasion.scope, rule.limit)
    return [
        _about_project(rule, row.project_id, row.name, _unstarted_reason(row.start_planned_on, occasion.today))
        for row in rows
    ]


def _unstarted_reason(planned_on: date | None, today: date) -> str:
    if planned_on is None:
        return "列入本年新开工，尚未开工"
    months = (today.year - planned_on.year) * 12 + today.month - planned_on.month
    late = f"，已过 {months} 个月" if months > 0 else ""
    return f"计划 {planned_on.year}年{planned_on.month}月开工，尚未开工{late}"


def _bond_lags(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    """The same measure as rule 债券支出 of the flags: required share after full months since the issue."""
    flag_rules = rollup.load_rule_set(connection, audit.read_head(connection).flag_rule_id)
    lags = []
    for project_id, name, bond in meeting_agenda.list_bonds(connection, occasion.scope, occasion.today):
        required = required_share_pct(months_since(bond.granted_on, occasion.today), flag_rules.retention_pct)
        # Σ before rounding: the gap in 元, 100-fold.
        behind = 0 if required is None else required * bond.granted_yuan - 100 * bond.spent_yuan
        if behind > 0 and behind >= rule.least * bond.granted_yuan:
            lags.append((Fraction(behind, bond.granted_yuan), project_id, name, bond, required))
    lags.sort(key=lambda lag: (-lag[0], lag[1], lag[3].id))
    return [
        _about_project(
            rule,
            project_id,
            name,
            f"专项债“{bond.name}”{format_wan(bond.granted_yuan)} 万元已支出 "
            f"{format_number(Fraction(bond.spent_yuan * 100, bond.granted_yuan), 1)}%，要求 {required}%",
        )
        for _, project_id, name, bond, required in lags[: rule.limit]
    ]


def _late_nodes(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    rows = meeting_agenda.list_late_nodes(connection, occasion.scope, occasion.today, rule.least, rule.limit)
    return [
        _about_project(
            rule,
            row.project_id,
            row.name,
            f"关键节点“{row.node_name}”应于 {row.planned_on} 完成，逾期 {(occasion.today - row.planned_on).days} 天"
            + (f"，共 {row.nodes} 个关键节点逾期" if row.nodes > 1 else ""),
        )
        for row in rows
    ]


def _late_cases(connection: Connection, occasion: Occasion, rule: TopicRule) -> list[Candidate]:
    since = occasion.today - timedelta(days=max(1, rule.least) - 1)
    rows = rectifications.list_cases(connection, occasion.scope, CaseFilter(overdue_on=since), limit=rule.limit)
    return [
        Candidate(
            rule.topic,
            ItemSubject.RECTIFICATION,
            row.id,
            row.project_id,
            row.name,
            f"整改 {row.code}“{row.case.step.label}”环节，{row.owner_name}，"
            f"{_deadline(row.case.due_on, occasion.today)}",
        )
        for row in rows
    ]


def _about_project(rule: TopicRule, project_id: int, name: str, reason: str) -> Candidate:
    return Candidate(rule.topic, ItemSubject.PROJECT, project_id, project_id, name, reason)


def _titled(project: str, title: str) -> str:
    return title if not project or project in title else f"{project}：{title}"


def _deadline(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "没有期限"
    days = (due_on - today).days
    if days < 0:
        return f"逾期 {-days} 天"
    return "今日到期" if days == 0 else f"{due_on:%m-%d} 到期"


_FINDERS: Mapping[Topic, Finder] = {
    Topic.LAST_DECISION: _last_decisions,
    Topic.RED_FLAG: _red_flags,
    Topic.OVERDUE_MATTER: _overdue_matters,
    Topic.ESCALATED: _escalated,
    Topic.EXTENSION: _extensions,
    Topic.UNSTARTED: _unstarted,
    Topic.BOND_LAG: _bond_lags,
    Topic.OVERDUE_NODE: _late_nodes,
    Topic.OVERDUE_CASE: _late_cases,
}
