"""The timetable of a campaign: tasks as bars with their progress, the first baseline as a mark, today as a line."""

from collections.abc import Sequence
from datetime import date, timedelta

import plotly.graph_objects as go

from core.services.campaigns import TaskLine
from pages.components import theme
from pages.components.campaigns import words

CONFIG = {"displayModeBar": False, "responsive": True}
_ROW, _LEAST, _MOST = 26, 160, 1400
_NAME = 22


def timetable(lines: Sequence[TaskLine], today: date) -> go.Figure:
    """Return the figure; tasks stand in reading order from the top."""
    figure = go.Figure()
    labels = [_label(line) for line in lines]
    spans = [(line.row.facts.planned_start_on, line.row.facts.planned_finish_on) for line in lines]
    colours = [theme.flag_mark(line.level).colour.shape for line in lines]
    figure.add_bar(
        y=labels,
        base=[start.isoformat() for start, _ in spans],
        x=[_millis(start, finish) for start, finish in spans],
        orientation="h",
        width=0.62,
        marker={"color": theme.DESK.track, "line": {"color": colours, "width": 1.5}},
        name="计划",
        customdata=[_hover(line) for line in lines],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_bar(
        y=labels,
        base=[start.isoformat() for start, _ in spans],
        x=[float(line.percent or 0) / 100 * _millis(*span) for line, span in zip(lines, spans, strict=True)],
        orientation="h",
        width=0.62,
        marker={"color": colours},
        name="进度",
        hoverinfo="skip",
    )
    moved = [line for line in lines if line.row.moves]
    if moved:
        figure.add_scatter(
            x=[line.row.facts.first_finish_on.isoformat() for line in moved],
            y=[_label(line) for line in moved],
            mode="markers",
            marker={"symbol": "diamond-open", "size": 11, "color": theme.DESK.text, "line": {"width": 1.6}},
            name="首次期限",
            customdata=[line.row.moves for line in moved],
            hovertemplate="首次期限 %{x|%Y-%m-%d}，调整 %{customdata} 次<extra></extra>",
        )
    figure.add_vline(x=today.isoformat(), line={"color": theme.DESK.alert, "width": 1.6, "dash": "dot"})
    figure.add_annotation(
        x=today.isoformat(), y=0, yref="paper", yanchor="top", showarrow=False,
        text=f"今天 {today.month}月{today.day}日", font={"color": theme.DESK.alert},
    )  # fmt: skip
    _lay_out(figure, labels)
    return figure


def _lay_out(figure: go.Figure, labels: Sequence[str]) -> None:
    height = min(_MOST, max(_LEAST, 100 + _ROW * len(labels)))
    figure.update_layout(
        barmode="overlay",
        height=height,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        font={"family": theme.FONT, "color": theme.DESK.text, "size": 13},
        paper_bgcolor=theme.DESK.surface,
        plot_bgcolor=theme.DESK.surface,
        legend={"orientation": "h", "yanchor": "top", "y": -24 / height, "x": 0},
        showlegend=True,
    )
    figure.update_xaxes(type="date", gridcolor=theme.DESK.grid, tickformat="%Y-%m", dtick="M1", side="top")
    figure.update_yaxes(
        categoryorder="array", categoryarray=list(reversed(labels)), automargin=True, gridcolor=theme.DESK.grid
    )


def _millis(start: date, finish: date) -> float:
    """Return the length of a bar; the last day is over at its end."""
    return (finish - start + timedelta(days=1)).total_seconds() * 1000


def _label(line: TaskLine) -> str:
    name = line.row.name if len(line.row.name) <= _NAME else line.row.name[: _NAME - 1] + "…"
    return _text(f"{line.place.number} {name} {words.light(line)}")


def _hover(line: TaskLine) -> str:
    facts = line.row.facts
    return "<br>".join(
        _text(part)
        for part in (
            f"{line.place.number} {line.row.name}",
            f"{facts.planned_start_on} 至 {facts.planned_finish_on}",
            f"{words.light(line)} {line.state.label}，进度 {words.pct(line.percent)}，序时 {words.pct(line.expected)}",
            words.late(line),
        )
        if part
    )


def _text(text: str) -> str:
    """Plotly reads a few tags in its texts: what people typed is shown as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
