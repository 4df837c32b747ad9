"""The year's investment of one project: cumulated plan and completion as lines, the months as bars; 亿元."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.domain import curves
from core.domain.facts import MONTHS_PER_YEAR
from core.domain.units import YUAN_PER_YI
from core.services.project_details import MonthRow
from pages.components import theme

HEIGHT = 300
CONFIG = {"displayModeBar": False, "responsive": True}


def cumulated_plan_yuan(months: Sequence[MonthRow], annual_plan_yuan: int) -> list[int]:
    """Return the plan cumulated to the end of month 0..12."""
    return curves.cumulated_plan_yuan([month.plan_yuan for month in months], annual_plan_yuan)


def cumulated_done_yuan(months: Sequence[MonthRow], last_month: int) -> list[int]:
    """Return what was completed up to the end of month 0..*last_month*."""
    return curves.cumulated_done_yuan([month.done_yuan for month in months], last_month)


def investment_figure(months: Sequence[MonthRow], annual_plan_yuan: int, last_month: int) -> go.Figure:
    """
    Return the figure.

    Args:
        months: The twelve months of the year.
        last_month: Month at which figures stand; later reports are drawn paler, since no figure counts them yet.
    """
    plan = cumulated_plan_yuan(months, annual_plan_yuan)
    done = cumulated_done_yuan(months, last_month)
    figure = go.Figure()
    figure.add_bar(
        x=[month.month for month in months],
        y=[_yi(month.done_yuan) for month in months],
        width=0.48,
        marker={"color": [theme.DESK.bar if month.month <= last_month else theme.DESK.track for month in months]},
        name="当月完成",
        hovertemplate="%{x}月当月完成 %{y:.2f} 亿元<extra></extra>",
    )
    if plan[-1]:
        figure.add_scatter(
            x=list(range(len(plan))),
            y=[_yi(yuan) for yuan in plan],
            mode="lines",
            line={"color": theme.DESK.plan, "width": 1.8, "dash": "dash"},
            name="累计计划",
            hovertemplate="%{x}月累计计划 %{y:.2f} 亿元<extra></extra>",
        )
    figure.add_scatter(
        x=list(range(len(done))),
        y=[_yi(yuan) for yuan in done],
        mode="lines",
        line={"color": theme.DESK.primary, "width": 3},
        name="累计完成",
        hovertemplate="%{x}月累计完成 %{y:.2f} 亿元<extra></extra>",
    )
    _lay_out(figure)
    return figure


def _yi(yuan: int | None) -> float | None:
    return None if yuan is None else yuan / YUAN_PER_YI


def _lay_out(figure: go.Figure) -> None:
    text = {"color": theme.DESK.faint, "size": 12, "family": theme.FONT}
    numbers = list(range(1, MONTHS_PER_YEAR + 1))
    figure.update_layout(
        template="none",
        height=HEIGHT,
        margin={"l": 38, "r": 6, "t": 8, "b": 26},
        paper_bgcolor=theme.DESK.surface,
        plot_bgcolor=theme.DESK.surface,
        font=text,
        showlegend=False,
        hovermode="x",
        hoverlabel={"bgcolor": theme.DESK.surface, "bordercolor": theme.DESK.border, "font": {"family": theme.FONT}},
        dragmode=False,
    )
    figure.update_xaxes(
        range=[-0.1, MONTHS_PER_YEAR + 0.5],
        tickvals=numbers,
        ticktext=[f"{number}月" for number in numbers],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        tickfont=text,
    )
    figure.update_yaxes(
        rangemode="tozero",
        gridcolor=theme.DESK.grid,
        zerolinecolor=theme.DESK.border,
        tickformat=",~g",
        nticks=6,
        fixedrange=True,
        tickfont=text,
    )
