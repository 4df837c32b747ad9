"""The last hours of the demo city: rows made fresh, and the audit rows that the wall's ticker shows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import Connection

from core.domain.terms import MatterKind, MatterStatus, ReportStatus
from db import audit
from db.audit import AuditEntry
from db.models.matter import Matter, MatterEvent
from db.models.milestone import Milestone
from db.models.money import InvestmentReport
from db.models.project import Project
from db.seed.moment import Moment
from db.seed.rows import Rows

NODES, REPORTS, RESOLVED, ESCALATED = 12, 10, 6, 2
COUNT = NODES + REPORTS + RESOLVED + ESCALATED
_FIRST_MINUTES, _STEP_MINUTES = 4, 11
_NEAR_DAYS = 35
_SMALLEST_YUAN = 2_000_000


@dataclass(frozen=True, slots=True)
class _News:
    """One event before it has its minute: the row it happened to and what the ticker says."""

    table: str
    row: dict[str, Any]
    field: str
    headline: str
    actor: str


def make_news(rows: Rows, moment: Moment) -> list[tuple[datetime, AuditEntry]]:
    """Give ``COUNT`` rows a time within the last hours and return their audit rows, oldest first."""
    names = {row["id"]: row["name"] for row in rows.of(Project)}
    nodes, reports = list(_nodes(rows, names, moment)), list(_reports(rows, names, moment))
    resolved, escalated = list(_resolved(rows, names, moment)), list(_escalated(rows, names))
    turns = zip_longest(nodes, reports[:REPORTS], resolved, escalated)
    mixed = [news for news in chain.from_iterable(turns) if news is not None]
    # Reports fill up where few nodes were reached of late.
    mixed += reports[REPORTS:]
    events = []
    for position, news in enumerate(mixed[:COUNT]):
        minutes = _FIRST_MINUTES + position * _STEP_MINUTES + position * 7 % 5
        at = moment.at - timedelta(minutes=minutes)
        events.append((at, _entry(rows, news, at, moment)))
    return sorted(events, key=lambda event: event[0])


def write_news(connection: Connection, events: list[tuple[datetime, AuditEntry]]) -> None:
    """Append the events to the audit chain, each at its own time."""
    for at, entry in events:
        audit.append(connection, audit.lock_head(connection), at, [entry])


def _nodes(rows: Rows, names: dict[int, str], moment: Moment) -> Iterator[_News]:
    fresh = [row for row in rows.of(Milestone) if row["actual_on"] is not None and row["sequence"] > 3]
    fresh = [row for row in fresh if abs((row["planned_on"] - moment.today).days) <= _NEAR_DAYS]
    building = {row["id"] for row in rows.of(Project) if row["started_on"] and not row["completed_on"]}
    fresh = [row for row in fresh if row["project_id"] in building]
    fresh.sort(key=lambda row: (row["actual_on"], row["id"]), reverse=True)
    seen: set[int] = set()
    for row in fresh:
        if row["project_id"] not in seen and len(seen) < NODES:
            seen.add(row["project_id"])
            text = f"{names[row['project_id']]} 完成节点“{row['name']}”"
            yield _News("milestone", row, "actual_on", text, "unit")


def _reports(rows: Rows, names: dict[int, str], moment: Moment) -> Iterator[_News]:
    sent = [row for row in rows.of(InvestmentReport) if row["status"] == ReportStatus.SUBMITTED.value]
    sent = [row for row in sent if row["done_yuan"] >= _SMALLEST_YUAN]
    sent.sort(key=lambda row: (row["year"], row["month"], row["id"] * 37 % 101), reverse=True)
    for row in sent[: REPORTS + NODES]:
        text = f"{names[row['project_id']]} 上报{row['month']}月投资 {row['done_yuan'] / 1e8:.2f} 亿元"
        yield _News("investment_report", row, "submitted_at", text, row["submitted_by"])


def _resolved(rows: Rows, names: dict[int, str], moment: Moment) -> Iterator[_News]:
    for row in rows.of(Matter):
        if row["closed_on"] == moment.today and row["kind"] == MatterKind.PROBLEM.value:
            days = (row["closed_on"] - row["raised_on"]).days
            text = f"{names[row['project_id']]} “{row['category']}”问题办结，用时 {days} 天"
            yield _News("matter", row, "closed_on", text, "hq")


def _escalated(rows: Rows, names: dict[int, str]) -> Iterator[_News]:
    raised = [row for row in rows.of(Matter) if row["status"] == MatterStatus.ESCALATED.value]
    for row in raised[:ESCALATED]:
        text = f"{names[row['project_id']]} “{row['category']}”问题提级市级协调"
        yield _News("matter", row, "status", text, "supervisor")


def _entry(rows: Rows, news: _News, at: datetime, moment: Moment) -> AuditEntry:
    local_day = at.astimezone(moment.zone).date()
    news.row["version"] = 2  # one more than its audited updates, as with every row
    if news.field in ("actual_on", "closed_on"):
        news.row[news.field] = local_day
    elif news.field == "submitted_at":
        news.row[news.field] = at
    if news.table == "matter":
        steps = [row for row in rows.of(MatterEvent) if row["matter_id"] == news.row["id"]]
        wanted = MatterStatus.RESOLVED if news.field == "closed_on" else MatterStatus.ESCALATED
        for step in steps:
            step["happened_at"] = at if step["kind"] == wanted.value else min(step["happened_at"], at)
    return AuditEntry(
        actor=news.actor,
        action="update",
        entity=news.table,
        entity_id=str(news.row["id"]),
        project_id=news.row["project_id"],
        old="{}",
        new=json.dumps({news.field: str(news.row[news.field])}, ensure_ascii=False),
        reason="",
        headline=news.headline[:200],
    )
