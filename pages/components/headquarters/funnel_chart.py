"""The funnel of a chain as stacked bars by source: how many projects (or how much investment) reached each step."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.domain.headquarters_chain import SOURCES, STEPS, ChainCount, FunnelLine, ProjectSource
from core.domain.units import YUAN_PER_YI, format_pct
from pages.components import theme

HEIGHT = 300
CONFIG = {"displayModeBar": False, "responsive": True}
COLOURS = {
    ProjectSource.PLANNED: "#1a6fc4",
    ProjectSource.WON: "#2a9d8f",
    ProjectSource.COMPILED: "#8a6fc9",
    ProjectSource.ATTRACTED: "#d98a1f",
    ProjectSource.UNKNOWN: "#9aa8b7",
}


def reached(counts: Sequence[ChainCount], source: ProjectSource, *, in_yuan: bool) -> list[int]:
    """Return for each step what of *source* reached it or went beyond: projects, or 元."""
    present = dict.fromkeys(STEPS, 0)
    for row in counts:
        if row.source is source:
            present[row.step] += row.total_yuan if in_yuan else row.projects
    return [sum(present[later] for later in STEPS[index:]) for index in range(len(STEPS))]


def sources_of(counts: Sequence[ChainCount]) -> list[ProjectSource]:
    """Return the sources that occur, in their order; the bars of the figure are drawn in it."""
    known = {row.source for row in counts}
    return [source for source in SOURCES if source in known]


def funnel_figure(counts: Sequence[ChainCount], lines: Sequence[FunnelLine], *, in_yuan: bool) -> go.Figure:
    """Return the figure; a bar is one source at one step, the words at the end of a row are the whole step."""
    figure = go.Figure()
    steps = [line.step.label for line in lines]
    unit = "亿元" if in_yuan else "个"
    for source in sources_of(counts):
        values = reached(counts, source, in_yuan=in_yuan)
        shown = [value / YUAN_PER_YI for value in values] if in_yuan else values
        figure.add_bar(
            y=steps,
            x=shown,
            orientation="h",
            name=source.label,
            marker={"color": COLOURS[source]},
            hovertemplate=f"%{{y}}：{source.label} %{{x:,.{1 if in_yuan else 0}f}} {unit}<extra></extra>",
        )
    for line in lines:
        _label(figure, line, in_yuan=in_yuan)
    _lay_out(figure)
    return figure


def _label(figure: go.Figure, line: FunnelLine, *, in_yuan: bool) -> None:
    total = line.reached_yuan / YUAN_PER_YI if in_yuan else line.reached
    words = f"{total:,.1f} 亿元" if in_yuan else f"{total:,} 个"
    if line.conversion is not None:
        words += f"　转化 {format_pct(line.conversion)}"
    figure.add_annotation(
        x=total, y=line.step.label, text=words, showarrow=False, xanchor="left", xshift=8,
        font={"color": theme.DESK.muted, "size": 12, "family": theme.FONT},
    )  # fmt: skip


def _lay_out(figure: go.Figure) -> None:
    text = {"color": theme.DESK.text, "size": 13, "family": theme.FONT}
    figure.update_layout(
        template="none",
        height=HEIGHT,
        barmode="stack",
        bargap=0.32,
        margin={"l": 48, "r": 150, "t": 30, "b": 8},
        paper_bgcolor=theme.DESK.surface,
        plot_bgcolor=theme.DESK.surface,
        font=text,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        hoverlabel={"bgcolor": theme.DESK.surface, "bordercolor": theme.DESK.border, "font": {"family": theme.FONT}},
        dragmode=False,
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False, tickfont=text, ticksuffix=" ")
    figure.update_xaxes(visible=False, fixedrange=True, rangemode="tozero")
