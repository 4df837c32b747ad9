"""统计: rates of matters over all and by group, as table and chart; every figure opens its rows below."""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.domain.matters.words import MatterCount, RateGroup
from core.domain.permissions import Permission
from core.domain.terms import MatterKind
from core.services import matters
from core.services.matters import MatterFilter, MatterRates
from pages.components import state, theme
from pages.components.matters import list_table, matter_words
from pages.components.page import Frame, plain
from pages.components.state import Key

# Heading → what its rows are; a rate opens what it is divided by.
_FIGURES = {
    "事项": MatterCount.MATTERS,
    "未办完": MatterCount.OPEN,
    "逾期": MatterCount.OVERDUE,
    "应回复": MatterCount.REPLY_DUE,
    "按期回复": MatterCount.REPLIED_IN_TIME,
    "按期回复率": MatterCount.REPLY_DUE,
    "办结": MatterCount.FINISHED,
    "办结率": MatterCount.MATTERS,
    "已回访": MatterCount.VISITED,
    "满意": MatterCount.CONTENT,
    "满意度": MatterCount.VISITED,
    "平均工作日": MatterCount.ANSWERED,
}
_BASIS = (
    "按期回复率＝期限内回复÷应回复；办结率＝办结÷全部（合并的不计）；满意度＝满意和基本满意÷已回访；"
    "平均工作日自交办日起算到回复。点表中任一数字，下方列出它的事项（率列出分母）。"
)
_BARS = 12


def draw(frame: Frame, title: str, kind: MatterKind, wanted: MatterFilter, words: str) -> None:
    """Draw the tab for the matters of *wanted*."""
    with st.container(horizontal=True, vertical_alignment="center"):
        group = st.segmented_control(
            "分组",
            list(RateGroup),
            default=RateGroup.UNIT,
            required=True,
            format_func=lambda item: item.label,
            label_visibility="collapsed",
            key=state.variant(Key.MATTER_GROUP, kind.value),
        )
        st.space("stretch")
        if frame.actor.can(Permission.EXPORT):
            st.download_button(
                "导出 Excel",
                frame.later(lambda: matters.export_rates(frame.actor, title, wanted, group, words).content),
                file_name=f"{title}统计_{frame.version.on:%Y%m%d}.xlsx",
                icon=":material/download:",
                on_click="ignore",
            )
    total = matters.rates(frame.actor, wanted)
    if not total[0].sums.matters:
        st.info("还没有事项，无从统计。")
        return
    rows = [*total, *(matters.rates(frame.actor, wanted, group) if group else ())]
    if kind is MatterKind.POLICY:
        _draw_policy_rates(frame, wanted)
    if len(rows) > 2:
        st.plotly_chart(_chart(rows[1 : _BARS + 1]), config={"displayModeBar": False})
    picked = _draw_table(rows, group, state.variant(Key.MATTER_TABLE, kind.value, "rates", hash(wanted), group))
    st.caption(_BASIS)
    if picked is not None:
        _draw_behind(frame, title, kind, wanted, words, picked, group)


def _draw_table(rows: Sequence[MatterRates], group: RateGroup | None, key: str) -> tuple[MatterRates, str] | None:
    """Draw the table; return the row and the heading of the figure that was clicked."""
    heading = group.label if group else "范围"
    table = pd.DataFrame([(row.sums.group, *_cells(row)) for row in rows], columns=[heading, *_FIGURES])
    picked = st.dataframe(
        table, hide_index=True, width="stretch", on_select="rerun", selection_mode="single-cell", key=key
    )
    cells = picked["selection"]["cells"]
    if not cells or cells[0][0] >= len(rows):
        return None
    place, column = cells[0]
    return rows[place], column if column in _FIGURES else "事项"


def _draw_behind(
    frame: Frame,
    title: str,
    kind: MatterKind,
    wanted: MatterFilter,
    words: str,
    picked: tuple[MatterRates, str],
    group: RateGroup | None,
) -> None:
    row, heading = picked
    count, is_total = _FIGURES[heading], row.sums.group == "合计" and row.sums.key is None
    narrowed = matters.behind(wanted, count, None if is_total else group, row.sums.key)
    st.markdown(f"**{plain(row.sums.group)}　{count.label}**")
    list_table.draw(
        frame,
        title,
        kind,
        narrowed,
        f"{words}；{row.sums.group}，{count.label}",
        lambda number: matters.find(frame.actor, narrowed, number),
    )


def _cells(row: MatterRates) -> tuple[object, ...]:
    sums = row.sums
    return (
        sums.matters,
        sums.open,
        sums.overdue,
        sums.reply_due,
        sums.replied_in_time,
        matter_words.pct(row.replied_in_time_pct),
        sums.finished,
        matter_words.pct(row.finished_pct),
        sums.visited,
        sums.content,
        matter_words.pct(row.content_pct),
        matter_words.days(row.mean_workdays),
    )


def _chart(rows: Sequence[MatterRates]) -> go.Figure:
    """Return rates as bars; where there is nothing to divide by there is no bar, not one of height 0."""
    names = [row.sums.group for row in rows]
    figure = go.Figure()
    for label, colour, found in (
        ("按期回复率", theme.DESK.accent, [row.replied_in_time_pct for row in rows]),
        ("办结率", theme.DESK.bar, [row.finished_pct for row in rows]),
    ):
        figure.add_bar(
            x=names,
            y=[_number(value) for value in found],
            name=label,
            marker={"color": colour},
            hovertemplate=f"%{{x}} {label} %{{y:.1f}}%<extra></extra>",
        )
    figure.update_layout(
        height=230,
        margin={"l": 40, "r": 8, "t": 28, "b": 40},
        barmode="group",
        bargap=0.4,
        yaxis={"range": [0, 100], "ticksuffix": "%"},
        legend={"orientation": "h", "y": 1.18, "x": 0},
    )
    return figure


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _draw_policy_rates(frame: Frame, wanted: MatterFilter) -> None:
    found = matters.policy_rates(frame.actor, wanted)
    sums = found.sums
    first, second, _rest = st.columns([1, 1, 2])
    first.metric(
        "送达率",
        matter_words.pct(found.delivered_pct),
        help=f"已送达÷应送达＝{sums.delivered}÷{sums.targets} 户，两数齐全的政策合计相除",
    )
    second.metric(
        "兑现率",
        matter_words.pct(found.honoured_pct),
        help="已兑现÷审核通过（元），两数齐全的政策合计相除",
    )
