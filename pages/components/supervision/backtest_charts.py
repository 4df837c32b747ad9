"""The two pictures of a back-test: hit and find rate by threshold, lead times as bars."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import plotly.graph_objects as go

from core.domain.backtest import LeadTimes, Score
from core.domain.flag_rules import FlagRule
from pages.components import theme

CONFIG = {"displayModeBar": False, "responsive": True}
HEIGHT = 280


def sweep_figure(rule: FlagRule, thresholds: tuple[Decimal, ...], scores: tuple[Score, ...]) -> go.Figure:
    """Return 命中率 and 查全率 in % over the thresholds tried; the one in force is marked."""
    figure = go.Figure()
    xs = [float(value) for value in thresholds]
    counts = [(score.alarms, score.hits, score.delayed) for score in scores]
    for name, shares, dash, symbol, colour in (
        ("命中率", [score.precision for score in scores], "solid", "circle", theme.DESK.primary),
        ("查全率", [score.recall for score in scores], "dash", "diamond", theme.DESK.alert),
    ):
        figure.add_scatter(
            x=xs,
            y=[_pct(share) for share in shares],
            customdata=counts,
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2.4, "dash": dash},
            marker={"symbol": symbol, "size": 8},
            hovertemplate=(
                f"{name} %{{y:.1f}}%<br>亮旗 %{{customdata[0]}} 项次，命中 %{{customdata[1]}}，"
                "后来滞后 %{customdata[2]}<extra></extra>"
            ),
        )
    figure.add_vline(x=float(rule.threshold), line={"color": theme.DESK.plan, "dash": "dot", "width": 1.6})
    figure.add_annotation(
        x=float(rule.threshold), y=1.0, yref="paper", yanchor="bottom", text="现行阈值", showarrow=False
    )
    _lay_out(figure, f"阈值：{rule.measure.label}{rule.operator.label}", "%")
    figure.update_yaxes(range=[0, 104], tickvals=[0, 25, 50, 75, 100])
    figure.update_xaxes(tickvals=xs)
    return figure


def lead_figure(leads: LeadTimes) -> go.Figure:
    """Return how many delays were announced how many months ahead."""
    counted = Counter(leads.months)
    longest = max(counted, default=0)
    months = list(range(longest + 1))
    figure = go.Figure()
    figure.add_bar(
        x=months,
        y=[counted[month] for month in months],
        text=[counted[month] or "" for month in months],
        textposition="outside",
        cliponaxis=False,
        width=0.6,
        marker={"color": theme.DESK.primary},
        hovertemplate="提前 %{x} 个月：%{y} 起<extra></extra>",
    )
    _lay_out(figure, "首次亮旗早于滞后成为事实的月数", "起")
    figure.update_layout(showlegend=False)
    figure.update_xaxes(tickvals=months, range=[-0.6, max(longest, 5) + 0.6])
    return figure


def _pct(share: Fraction | None) -> float | None:
    return None if share is None else float(share * 100)


def _lay_out(figure: go.Figure, x_title: str, y_title: str) -> None:
    text = {"color": theme.DESK.muted, "size": 12, "family": theme.FONT}
    figure.update_layout(
        template="none",
        height=HEIGHT,
        margin={"l": 46, "r": 10, "t": 34, "b": 46},
        paper_bgcolor=theme.DESK.surface,
        plot_bgcolor=theme.DESK.surface,
        font=text,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        hovermode="x unified",
        hoverlabel={"bgcolor": theme.DESK.surface, "bordercolor": theme.DESK.border, "font": {"family": theme.FONT}},
        dragmode=False,
    )
    figure.update_xaxes(title={"text": x_title, "font": text}, showgrid=False, zeroline=False, fixedrange=True)
    figure.update_yaxes(
        title={"text": y_title, "font": text}, gridcolor=theme.DESK.grid, rangemode="tozero", nticks=6, fixedrange=True
    )
