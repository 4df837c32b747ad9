"""全部领导: who owes visits first; a row opens the leader's page."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.permissions import Actor, Permission
from core.domain.units import NOTHING, format_pp
from core.services import sponsors
from core.services.sponsors import LeaderRow
from pages.components import state
from pages.components.cached import cached_view
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.sponsors import leader_words, rules_box, sponsor_box
from pages.components.state import Key

_COLUMNS = [
    "领导", "职务", "包保项目", "本月应调研", "本月已调研", "本月尚欠", "最近调研", "红旗", "黄旗", "平均序时差",
    "交办问题", "已办结", "逾期",
]  # fmt: skip


@cached_view()
def all_leaders(actor: Actor) -> tuple[LeaderRow, ...]:
    """Return every leader inside the actor's scope, who owes most first."""
    return sponsors.leaders(actor)


def draw(frame: Frame) -> None:
    """Draw the table with its export and the rule."""
    rows = all_leaders(frame)
    _draw_verbs(frame, rows)
    if not rows:
        st.info("还没有包保领导。请在项目台账导入时填写“包保领导”一列，或点“新增包保”登记。")
        return
    table = pd.DataFrame([_cells(row) for row in rows], columns=_COLUMNS)
    picked = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=table_height(len(table)),
        row_height=ROW_PIXELS,
        on_select="rerun",
        selection_mode="single-row",
        key=Key.LEADER_TABLE.value,
    )
    chosen = picked["selection"]["rows"]
    if chosen and chosen[0] < len(rows):
        st.query_params["id"] = str(rows[chosen[0]].person.id)
        state.take(Key.LEADER_TABLE)
        st.rerun()


def _draw_verbs(frame: Frame, rows: tuple[LeaderRow, ...]) -> None:
    owing = sum(row.figures.now.owed > 0 for row in rows)
    with st.container(horizontal=True, vertical_alignment="center"):
        if rows:
            st.caption(
                f"共 {len(rows)} 位领导，本月尚有 {owing} 位欠调研；点选一行打开。一个项目可有几位领导，各行不可相加。"
            )
        st.space("stretch")
        rules_box.draw(frame)
        if frame.actor.can(Permission.EDIT_PROJECT):
            st.button("新增包保", on_click=sponsor_box.open_new)
        if rows and frame.actor.can(Permission.EXPORT):
            st.download_button(
                "导出 Excel",
                frame.later(lambda: sponsors.export_list(frame.actor).content),
                file_name=f"包保领导_{frame.version.stamp}.xlsx",
                icon=":material/download:",
                on_click="ignore",
                key=Key.LEADER_EXPORT.value,
            )


def _cells(row: LeaderRow) -> tuple[Any, ...]:
    own, now = row.figures, row.figures.now
    return (
        row.person.name,
        row.person.title,
        own.projects,
        now.due,
        now.done,
        leader_words.owed(own),
        str(own.last_visit_on or NOTHING),
        f"■ {own.severe}" if own.severe else "0",
        f"▲ {own.warn}" if own.warn else "0",
        format_pp(own.gap_pp),
        own.promised,
        own.solved,
        own.overdue,
    )
