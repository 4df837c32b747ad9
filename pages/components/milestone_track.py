"""The milestone track: where first baseline, latest baseline and forecast or actual date stand, and what slipped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.services.project_details import NodeRow
from pages.components import theme

_LEAST_DAYS = 60
_EDGE = 3.0  # per cent kept free on both sides for half a diamond


@dataclass(frozen=True, slots=True)
class TrackRow:
    """
    One milestone as drawn; positions are per cent of the track's width.

    Attributes:
        first, latest, at: First baseline, latest baseline (None when it never moved), forecast or actual date.
        slip: From first baseline to *at*, (left, width); None when nothing slipped.
        filled: A reached or overdue node is filled, a coming one hollow.
        when: Date text; *judged*: the slip in words; *more*: latest baseline, moves.
    """

    name: str
    is_key: bool
    first: float
    latest: float | None
    at: float
    slip: tuple[float, float] | None
    colour: str
    filled: bool
    when: str
    judged: str
    is_late: bool
    more: str
    title: str


@dataclass(frozen=True, slots=True)
class Track:
    """All rows, and where today stands."""

    rows: tuple[TrackRow, ...]
    today: float


def build_track(nodes: Sequence[NodeRow], today: date) -> Track:
    """Return the track of *nodes*; all share one time axis that also holds *today*."""
    days = [today]
    for node in nodes:
        days += [node.first_baseline_on, node.planned_on, shown_on(node)]
    start, end = min(days), max(days)
    end = max(end, start + timedelta(days=_LEAST_DAYS))
    span = (end - start).days

    def place(day: date) -> float:
        return round(_EDGE + (100 - 2 * _EDGE) * (day - start).days / span, 2)

    return Track(tuple(_row(node, today, place) for node in nodes), place(today))


def shown_on(node: NodeRow) -> date:
    """Return the date of the diamond: actual, else forecast, else plan."""
    return node.actual_on or node.forecast_on or node.planned_on


def _row(node: NodeRow, today: date, place: Callable[[date], float]) -> TrackRow:
    on = shown_on(node)
    days = (on - node.first_baseline_on).days
    is_overdue = node.actual_on is None and node.planned_on < today
    left, right = place(node.first_baseline_on), place(on)
    return TrackRow(
        name=node.name,
        is_key=node.is_key,
        first=left,
        latest=place(node.planned_on) if node.planned_on != node.first_baseline_on else None,
        at=right,
        slip=(left, round(right - left, 2)) if days > 0 else None,
        colour=_colour(node, is_overdue),
        filled=node.actual_on is not None or is_overdue,
        when=f"{on}" if node.actual_on else f"预计 {on}",
        judged=_judged(node, days, is_overdue, today),
        is_late=days > 0 or is_overdue,
        more=_more(node, on),
        title=_title(node),
    )


def _colour(node: NodeRow, is_overdue: bool) -> str:
    if node.actual_on is not None:
        return theme.DESK_FLAGS["ok"].shape
    return theme.DESK.alert if is_overdue else theme.DESK.faint


def _judged(node: NodeRow, days: int, is_overdue: bool, today: date) -> str:
    """Return the delay against the first baseline in words."""
    if is_overdue:
        return f"逾期 {(today - node.planned_on).days} 天"
    ahead = "" if node.actual_on else "预计"
    if days > 0:
        return f"{ahead}晚 {days} 天"
    if days < 0:
        return f"{ahead}提前 {-days} 天"
    return "按期" if node.actual_on else "—"


def _more(node: NodeRow, on: date) -> str:
    """Return the second line: how often the plan moved, the delay against the latest baseline, else the reason."""
    if not node.moves:
        return node.reason
    days = (on - node.planned_on).days
    against = "同最新基线" if days == 0 else f"较最新{'晚' if days > 0 else '早'} {abs(days)} 天"
    return f"调整 {node.moves} 次 · {against}"


def _title(node: NodeRow) -> str:
    parts = [f"首次基线 {node.first_baseline_on}", f"最新基线 {node.planned_on}"]
    if node.forecast_on:
        parts.append(f"预计 {node.forecast_on}")
    if node.actual_on:
        parts.append(f"完成 {node.actual_on}")
    if node.moves:
        parts.append(f"调整 {node.moves} 次")
    if node.reason:
        parts.append(node.reason)
    return "；".join(parts)
