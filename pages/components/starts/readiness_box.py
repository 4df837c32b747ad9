"""开工条件: projects × procedures with marks, warnings before the planned start; one is edited, many pasted."""

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.domain.start_terms import ProcedureKind, ReadinessAlert
from core.services import starts
from core.services.starts import ReadinessRow, ReadinessTable, StartFilter
from pages.components import state
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.starts import head, marks, paste_box, procedure_box, reads
from pages.components.state import Key

_PART = "readiness"
_STARTED = {"未开工": False, "已开工": True, "全部": None}
_WARNED = {ReadinessAlert.OVERDUE: "已过期限", ReadinessAlert.URGENT: "紧急", ReadinessAlert.SOON: "临近"}


def draw(frame: Frame) -> None:
    """Draw the matrix with what is pressing above it."""
    text, county_id, (which, warned) = head.ask_text_and_county(_PART, frame, [3, 2, 2.4, 3])
    started = which.segmented_control(
        "开工情况",
        list(_STARTED),
        default="未开工",
        required=True,
        label_visibility="collapsed",
        key=state.variant(Key.START_FILTER, _PART, "started"),
    )
    table = reads.matrix(frame, StartFilter(county_id=county_id, text=text, has_started=_STARTED[started or "未开工"]))
    counts = {found: sum(one.readiness.alert is found for one in table.rows) for found in _WARNED}
    chosen = warned.pills(
        "预警",
        list(_WARNED),
        format_func=lambda found: f"{_WARNED[found]} {counts[found]}",
        label_visibility="collapsed",
        key=state.variant(Key.START_FILTER, _PART, "alert"),
    )
    rows = tuple(one for one in table.rows if chosen is None or one.readiness.alert is chosen)
    _draw_line(
        frame, table, rows, StartFilter(county_id=county_id, text=text, has_started=_STARTED[started or "未开工"])
    )
    if not rows:
        st.info("没有符合条件的项目。本年和下一年度名单中的新开工项目列在这里。")
    else:
        _draw_table(frame, rows, table.rules.readiness.required)
    procedure_box.show(frame)


def _draw_line(frame: Frame, table: ReadinessTable, rows: tuple[ReadinessRow, ...], wanted: StartFilter) -> None:
    ready = sum(not one.readiness.missing for one in rows)
    owed = sum(bool(one.readiness.owed) for one in rows)
    month = table.rules.readiness.ready_month
    with st.container(horizontal=True, vertical_alignment="center"):
        basis = f"新开工项目应于计划开工前、最迟当年 {month} 月底具备开工条件。"
        st.caption(f"共 {len(rows)} 项，条件齐备 {ready} 项，容缺待补 {owed} 项。{basis}")
        st.space("stretch")
        if frame.actor.can(Permission.EDIT_PROJECT):
            paste_box.draw_button(frame, table)
        head.draw_download(frame, _PART, lambda: starts.export_readiness(frame.actor, wanted), "开工条件")


def _draw_table(frame: Frame, rows: tuple[ReadinessRow, ...], kinds: tuple[ProcedureKind, ...]) -> None:
    cells = [
        {
            "项目": one.row.name,
            "县区": one.row.county_name,
            "名单": f"{one.row.list_year} 年" if one.row.list_year else "储备",
            "计划开工": marks.day(one.row.start_planned_on),
            "具备": marks.ready_share(one),
            "预警": marks.alert(one.readiness),
            **{kind.label: marks.procedure(one.readiness.states[kind]) for kind in kinds},
            "责任单位": one.row.unit_name,
        }
        for one in rows
    ]
    config = st.column_config
    picked = st.dataframe(
        marks.styled(pd.DataFrame(cells), ["预警", *(kind.label for kind in kinds)]),
        hide_index=True,
        placeholder="",
        width="stretch",
        height=table_height(len(cells)),
        row_height=ROW_PIXELS,
        column_config={
            **{kind.label: config.TextColumn(kind.label, width=74) for kind in kinds},
            "项目": config.TextColumn("项目", width=180, pinned=True),
            "县区": config.TextColumn("县区", width=62),
            "名单": config.TextColumn("名单", width=66),
            "具备": config.TextColumn("具备", width=52, help="已具备 ÷ 涉及的手续；容缺未到期的计入"),
            "预警": config.TextColumn("预警", width=92),
            "计划开工": config.TextColumn("计划开工", width=92),
        },
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.START_TABLE, _PART, hash(tuple(one.row.project_id for one in rows))),
    )
    chosen = [rows[place].row for place in picked["selection"]["rows"] if place < len(rows)]
    if chosen:
        with st.container(horizontal=True):
            label = "填报开工条件" if frame.actor.can(Permission.EDIT_PROJECT) else "查看开工条件"
            st.button(label, type="primary", on_click=procedure_box.open_, args=(chosen[0].project_id,))
            st.link_button("项目详情", head.project_address(chosen[0].project_id))
    else:
        st.caption("点选一行查看或填报；● 已办　◐ 容缺　○ 在办　▲ 逾期　■ 欠件（容缺超期）　— 不涉及　？ 未填")
