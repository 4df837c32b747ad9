"""The Gantt: bars of tasks, float as a line, baselines and actual days as marks, today, days off shaded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from core.domain.backward_adoption import Node
from core.domain.backward_schedule import Placed
from core.domain.workdays import ONE_DAY, WorkCalendar
from pages.components import theme

CONFIG = {"displayModeBar": False, "responsive": True}
_DAY_MS = 86_400_000
_ROW_PIXELS, _SMALL_ROW_PIXELS, _MANY = 27, 21, 60
_HEAD_PIXELS, _LEAST_PIXELS = 96, 190
_LABEL = 15  # full-width characters that stand beside a bar
_WEEKLY_UP_TO, _SHADE_WEEKENDS_UP_TO, _MONTHLY_UP_TO, _QUARTERLY_UP_TO = 80, 130, 550, 1700
_HOLIDAY_RUN = 3
_MARGIN_DAYS = 7
_NEAR = 7  # words at lines nearer than a seventh of the span would touch


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One line: a task, a milestone, or a task with the milestone it stands for."""

    title: str
    placed: Placed | None = None
    node: Node | None = None

    @property
    def label(self) -> str:
        """What stands beside the bar; the whole title is shown when the mouse is over it."""
        return self.title if len(self.title) <= _LABEL else f"{self.title[: _LABEL - 1]}…"

    def days(self) -> Iterator[date]:
        """Every day that must fit into the picture."""
        if self.placed is not None:
            yield from (self.placed.start_on, self.placed.finish_on, self.placed.early_start_on)
        if self.node is not None:
            known = (self.node.first_baseline_on, self.node.planned_on, self.node.forecast_on, self.node.actual_on)
            yield from (day for day in known if day is not None)


def gantt_rows(placed: Sequence[Placed], nodes: Sequence[Node], matched: Mapping[str, Node]) -> list[GanttRow]:
    """
    Return a line for each task with its milestone, then the milestones that no task stands for.

    Beside tasks, those that were reached are left out: years gone by would press what lies ahead to the edge.
    """
    rows = [GanttRow(f"{row.task.code} {row.task.name}", row, matched.get(row.task.code)) for row in placed]
    used = {node.id for node in matched.values()}
    return rows + [
        GanttRow(node.name, None, node) for node in nodes if node.id not in used and not (placed and node.actual_on)
    ]


def gantt_figure(rows: Sequence[GanttRow], calendar: WorkCalendar, today: date, finish_on: date | None) -> go.Figure:
    """
    Return the figure.

    Args:
        rows: Lines from top to bottom; at least one.
        finish_on: Day by which the whole is to be over; None = not known.
    """
    days = [day for row in rows for day in row.days()] + [today] + ([finish_on] if finish_on else [])
    margin = timedelta(days=max(_MARGIN_DAYS, (max(days) - min(days)).days // 50))
    first, last = min(days) - margin, max(days) + margin
    figure = go.Figure()
    _draw_floats(figure, rows)
    _draw_bars(figure, rows)
    _draw_marks(figure, rows)
    shapes = [*_shades(first, last, calendar), _line(today, theme.DESK.text, "solid")]
    notes = [_note(today, "今天", theme.DESK.text)]
    if finish_on is not None:
        shapes.append(_line(finish_on, theme.DESK.primary, "dash"))
        notes.append(
            _note(
                finish_on,
                "要求完成",
                theme.DESK.primary,
                is_low=abs((finish_on - today).days) * _NEAR < (last - first).days,
            )
        )
    _lay_out(figure, rows, first, last)
    figure.update_layout(shapes=shapes, annotations=notes)
    return figure


def _draw_floats(figure: go.Figure, rows: Sequence[GanttRow]) -> None:
    """A thin line before a bar: how much sooner the task could start."""
    xs: list[str | None] = []
    ys: list[int | None] = []
    for place, row in enumerate(rows):
        if row.placed is not None and row.placed.float_days > 0 and row.placed.task.done_on is None:
            xs += [row.placed.early_start_on.isoformat(), row.placed.start_on.isoformat(), None]
            ys += [place, place, None]
    if xs:
        look = {"color": theme.DESK.plan, "width": 1.6, "dash": "dot"}
        figure.add_scatter(x=xs, y=ys, mode="lines", line=look, name="机动时间", hoverinfo="skip")


def _draw_bars(figure: go.Figure, rows: Sequence[GanttRow]) -> None:
    done, critical, plain = theme.DESK.track, theme.DESK.alert, theme.DESK.bar
    groups = (
        ("关键线路", critical, "/", [p for p in enumerate(rows) if _kind(p[1]) == "critical"]),
        ("一般任务", plain, "", [p for p in enumerate(rows) if _kind(p[1]) == "plain"]),
        ("已完成任务", done, "x", [p for p in enumerate(rows) if _kind(p[1]) == "done"]),
    )
    for name, colour, shape, found in groups:
        bars = [(place, row.placed) for place, row in found if row.placed is not None]
        if not bars:
            continue
        figure.add_bar(
            base=[placed.start_on.isoformat() for _, placed in bars],
            x=[((placed.finish_on - placed.start_on).days + 1) * _DAY_MS for _, placed in bars],
            y=[place for place, _ in bars],
            orientation="h",
            width=0.56,
            name=name,
            marker={
                "color": colour,
                "line": {"color": theme.DESK.primary if shape == "" else colour, "width": 0.6},
                "pattern": {
                    "shape": shape,
                    "bgcolor": colour,
                    "fgcolor": theme.DESK.surface,
                    "size": 7,
                    "solidity": 0.25,
                },
            },
            customdata=[_told(placed) for _, placed in bars],
            hovertemplate="%{customdata}<extra></extra>",
        )


def _kind(row: GanttRow) -> str:
    if row.placed is None:
        return ""
    if row.placed.task.done_on is not None:
        return "done"
    return "critical" if row.placed.is_critical else "plain"


def _told(placed: Placed) -> str:
    task = placed.task
    lines = [_escaped(f"{task.code} {task.name}"), f"{placed.start_on} 至 {placed.finish_on}"]
    if task.done_on is None:
        lines.append(f"工期 {task.duration_days} 个工作日，机动 {placed.float_days}")
        lines.append(f"最早 {placed.early_start_on} 至 {placed.early_finish_on}")
    if task.links:
        lines.append(_escaped(f"前置 {task.links_text}"))
    if task.responsible:
        lines.append(_escaped(task.responsible))
    return "<br>".join(lines)


def _escaped(text: str) -> str:
    """Plotly reads a few tags in its texts; a name has none."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _draw_marks(figure: go.Figure, rows: Sequence[GanttRow]) -> None:
    ok = theme.flag_mark("ok").colour.shape
    marks = (
        ("首次基线", "diamond", theme.DESK.muted, [(p, r.node.first_baseline_on) for p, r in _noded(rows)]),
        ("最新基线", "diamond", theme.DESK.primary, [(p, r.node.planned_on) for p, r in _noded(rows)]),
        ("预计完成", "triangle-up-open", theme.DESK.alert, [(p, r.node.forecast_on) for p, r in _noded(rows)]),
        ("实际完成", "circle", ok, [(p, r.node.actual_on) for p, r in _noded(rows)]),
        ("限定完成", "line-ns-open", theme.DESK.alert, _fixed(rows)),
    )
    for name, symbol, colour, found in marks:
        points = [(place, day) for place, day in found if day is not None]
        # A hollow mark stays to be seen on a bar: it is filled with the ground.
        fill = theme.DESK.surface if name == "首次基线" else colour
        if points:
            figure.add_scatter(
                x=[day.isoformat() for _, day in points],
                y=[place for place, _ in points],
                mode="markers",
                marker={"symbol": symbol, "size": 11, "color": fill, "line": {"width": 2, "color": colour}},
                name=name,
                customdata=[_escaped(rows[place].title) for place, _ in points],
                hovertemplate=f"%{{customdata}}<br>{name} %{{x|%Y-%m-%d}}<extra></extra>",
            )


def _noded(rows: Sequence[GanttRow]) -> list[tuple[int, "_Noded"]]:
    return [(place, _Noded(row.node)) for place, row in enumerate(rows) if row.node is not None]


@dataclass(frozen=True, slots=True)
class _Noded:
    """A line that surely has a milestone."""

    node: Node


def _fixed(rows: Sequence[GanttRow]) -> list[tuple[int, date | None]]:
    return [(p, row.placed.task.must_finish_on) for p, row in enumerate(rows) if row.placed is not None]


def _shades(first: date, last: date, calendar: WorkCalendar) -> Iterator[dict[str, object]]:
    """Yield the grounds of days off: weekends too while single days can be seen, else longer runs only."""
    least = 1 if (last - first).days <= _SHADE_WEEKENDS_UP_TO else _HOLIDAY_RUN
    day = first
    while day <= last:
        end = day
        while end <= last and not calendar.is_working_day(end):
            end += ONE_DAY
        if (end - day).days >= least:
            yield {
                "type": "rect", "xref": "x", "yref": "paper", "x0": day.isoformat(), "x1": end.isoformat(),
                "y0": 0, "y1": 1, "line": {"width": 0}, "fillcolor": theme.DESK.grid, "layer": "below",
            }  # fmt: skip
        day = max(end, day + ONE_DAY)


def _line(day: date, colour: str, dash: str) -> dict[str, object]:
    x = f"{day.isoformat()} 12:00"
    look = {"color": colour, "width": 1.4, "dash": dash}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": look}


def _note(day: date, text: str, colour: str, *, is_low: bool = False) -> dict[str, object]:
    """Words at the foot of a line; *is_low* moves them off a near neighbour."""
    return {
        "x": f"{day.isoformat()} 12:00", "y": 0, "xref": "x", "yref": "paper", "yshift": -28 if is_low else -12,
        "text": f"{text} {day.month}月{day.day}日", "showarrow": False, "yanchor": "middle",
        "font": {"color": colour, "size": 12, "family": theme.FONT},
    }  # fmt: skip


def _ticks(first: date, last: date) -> tuple[list[str], list[str]]:
    """Return days and Chinese words of the axis: weeks, months or quarters by the span."""
    span = (last - first).days
    if span <= _WEEKLY_UP_TO:
        monday = first + timedelta(days=-first.weekday() % 7)
        days = [monday + timedelta(days=7 * week) for week in range((last - monday).days // 7 + 1)]
        return [day.isoformat() for day in days], [f"{day.month}月{day.day}日" for day in days]
    months = 1 if span <= _MONTHLY_UP_TO else 3 if span <= _QUARTERLY_UP_TO else 12
    days = []
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        if number % 12 % months == 0:
            days.append(date(number // 12, number % 12 + 1, 1))
    words = [f"{day.year}年{day.month}月" if day.month == 1 else f"{day.month}月" for day in days]
    if days and 1 not in [day.month for day in days[:2]]:
        words[0] = f"{days[0].year}年{words[0]}"
    return [day.isoformat() for day in days], words


def _lay_out(figure: go.Figure, rows: Sequence[GanttRow], first: date, last: date) -> None:
    text = {"color": theme.DESK.muted, "size": 12, "family": theme.FONT}
    pixels = _ROW_PIXELS if len(rows) <= _MANY else _SMALL_ROW_PIXELS
    values, words = _ticks(first, last)
    figure.update_layout(
        template="none",
        height=max(_LEAST_PIXELS, _HEAD_PIXELS + pixels * len(rows)),
        margin={"l": 210, "r": 12, "t": 58, "b": 40, "autoexpand": False},
        paper_bgcolor=theme.DESK.surface,
        plot_bgcolor=theme.DESK.surface,
        font=text,
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"},
        hovermode="closest",
        hoverlabel={"bgcolor": theme.DESK.surface, "bordercolor": theme.DESK.border, "font": {"family": theme.FONT}},
        dragmode=False,
    )
    figure.update_xaxes(
        type="date",
        range=[first.isoformat(), last.isoformat()],
        side="top",
        tickvals=values,
        ticktext=words,
        tickformat="%Y年%-m月%-d日",
        tickfont=text,
        tickangle=0,
        ticklabelposition="outside",
        gridcolor=theme.DESK.border,
        showgrid=True,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_escaped(row.label) for row in rows],
        range=[len(rows) - 0.4, -0.6],
        tickfont={"color": theme.DESK.text, "size": 12, "family": theme.FONT},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=False,
    )
