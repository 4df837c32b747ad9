"""The board: every campaign of a year by kind, what is overdue, what waits for verification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from core.domain.campaigns.words import CampaignKind, CampaignStatus
from core.domain.permissions import Permission
from core.domain.weeks import monday_of
from core.services.campaigns import Board, TaskLine
from pages.components import markup, state
from pages.components.campaigns import task_box, words
from pages.components.page import Frame
from pages.components.project_filters import carried
from pages.components.state import Key

_KINDS = {"due": "到期任务", "closed": "核验销号"}


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the trend, as its address names it: ``due`` or ``closed``, and a Monday."""

    kind: str
    first: date

    def tasks_of(self, found: Board) -> tuple[str, tuple[TaskLine, ...]]:
        """Return the heading and the tasks; the present week ends today, as on the wall."""
        last = min(self.first + timedelta(days=6), found.today)
        listed = found.due_in if self.kind == "due" else found.closed_in
        return f"{self.first:%m-%d} 至 {last:%m-%d} {_KINDS[self.kind]}", listed(self.first, last)


def draw(frame: Frame, found: Board) -> None:
    """Draw the strip of figures, the cards and the list of tasks that need a hand."""
    if not found.cards:
        st.info(f"{found.year}年还没有部署攻坚、改革、惠民行动。" + _hint(frame))
        return
    _draw_strip(found)
    for kind in CampaignKind:
        cards = [words.card(item, found.today) for item in found.cards if item.row.kind is kind]
        if cards:
            markup.show("campaigns/cards.html", heading=kind.label, cards=cards, year=found.year)


def asked_week() -> Week | None:
    """Return the week that the address asks for, if it names one."""
    for kind in _KINDS:
        try:
            return Week(kind, monday_of(date.fromisoformat(carried(kind))))
        except ValueError:
            continue
    return None


def leave_week() -> None:
    """Take the week out of the address."""
    for kind in _KINDS:
        st.query_params.pop(kind, None)


def draw_tasks(found: Board, week: Week | None) -> None:
    """Draw the tasks of the week that was asked for, the overdue, those due soon, those that wait for verification."""
    names = {item.row.id: item.row.name for item in found.cards}
    if week is not None:
        heading, lines = week.tasks_of(found)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{heading} {len(lines)}**")
            st.button("收起这一周", type="tertiary", icon=":material/close:", on_click=leave_week)
        if lines:
            _draw_table(heading, lines, names, found)
    for heading, lines in (
        ("逾期任务", found.overdue),
        ("即将到期", found.due_soon),
        ("待核验销号", found.claimed),
    ):
        st.markdown(f"**{heading} {len(lines)}**")
        if lines:
            _draw_table(heading, lines, names, found)
        else:
            st.caption("没有")


def _hint(frame: Frame) -> str:
    return "点“部署行动”开始。" if frame.actor.can(Permission.MANAGE_CAMPAIGN) else "部署后在这里查看进度。"


def _draw_strip(found: Board) -> None:
    running = [item for item in found.cards if item.row.status is CampaignStatus.RUNNING]
    gaps = [item.sums.gap_pp for item in running]
    tasks = sum(item.sums.tasks for item in found.cards)
    figures = (
        ("推进中", len(running), f"共部署 {len(found.cards)} 项"),
        ("达到序时", sum(1 for one in gaps if one is not None and one >= 0), "进度不低于序时"),
        ("欠序时", sum(1 for one in gaps if one is not None and one < 0), f"暂无填报 {gaps.count(None)} 项"),
        ("逾期任务", len(found.overdue), f"即将到期 {len(found.due_soon)} 项"),
        ("待核验", len(found.claimed), "已申请销号"),
        ("已销号", sum(item.sums.closed_out for item in found.cards), f"共 {tasks} 项任务"),
        (
            "已验收",
            sum(1 for item in found.cards if item.row.status is CampaignStatus.ACCEPTED),
            f"验收逾期 {sum(item.is_acceptance_overdue for item in found.cards)} 项",
        ),
    )
    markup.show("campaigns/strip.html", figures=figures)


def _draw_table(heading: str, lines: Sequence[TaskLine], names: dict[int, str], found: Board) -> None:
    rows = [
        (
            words.light(line),
            line.row.name,
            names.get(line.row.campaign_id, ""),
            line.row.lead_unit,
            line.row.responsible_person,
            str(line.row.facts.planned_finish_on),
            words.clock(line, found.today),
            words.pct(line.percent),
            line.row.moves,
        )
        for line in lines
    ]
    columns = ["灯", "任务", "行动", "牵头单位", "责任人", "期限", "时限", "进度", "调整次数"]
    picked = st.dataframe(
        pd.DataFrame(rows, columns=columns),
        hide_index=True,
        width="stretch",
        height=min(420, 38 + 35 * len(rows)),
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.CAMPAIGN_TABLE, heading),
    )
    for place in picked["selection"]["rows"]:
        if place < len(lines):
            line = lines[place]
            st.button(
                "查看办理",
                type="primary",
                key=state.variant(Key.CAMPAIGN_ACT, heading, line.row.id),
                on_click=task_box.open_,
                args=(line.row.campaign_id, line.row.id),
            )
