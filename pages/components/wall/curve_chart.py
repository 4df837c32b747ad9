"""The year's curve in a box of 120 × 100: x = month × 10, y grows downward. Text stays outside, it must not stretch."""

from dataclasses import dataclass
from fractions import Fraction

from core.domain.units import format_number
from core.services.wall_view import Curve

MONTH_WIDTH = 10
YEAR_WIDTH = 120
STEP_PCT = 25
LATE_MONTH = 11


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the percent axis; *at* is its height in % of the box."""

    at: float
    label: int


@dataclass(frozen=True, slots=True)
class CurveChart:
    """
    Paths and positions of the curve.

    Attributes:
        x: Position of the as-of month in % from the left.
        due_y: Height of the planned point in %, *done_y* of the done point.
        plan_side: CSS class that puts the plan's callout above or below its point; *done_side* is the other.
    """

    area: str
    planned: str
    actual: str
    ticks: tuple[Tick, ...]
    month: int
    x: float
    due_y: float
    done_y: float
    due_label: str
    done_label: str
    plan_side: str
    done_side: str


def draw(curve: Curve) -> CurveChart | None:
    """Return the drawing; None without an annual plan."""
    if not curve.plan_yuan:
        return None
    due = [Fraction(100 * yuan, curve.plan_yuan) for yuan in curve.due_yuan]
    done = [Fraction(100 * yuan, curve.plan_yuan) for yuan in curve.done_yuan]
    top = max(100, -(-max(*due, *done) // STEP_PCT) * STEP_PCT)
    month = len(done)
    actual = _path(done, top)
    x = 100 * month * MONTH_WIDTH / YEAR_WIDTH
    ahead = done[-1] > due[month - 1]
    step = STEP_PCT * max(1, round(top / 100))
    return CurveChart(
        area=f"{actual}L{month * MONTH_WIDTH} 100L0 100Z",
        planned=_path(due, top),
        actual=actual,
        ticks=tuple(Tick(round(100 * value / top, 2), value) for value in range(0, top + 1, step)),
        month=month,
        x=round(x, 2),
        due_y=_height(due[month - 1], top),
        done_y=_height(done[-1], top),
        due_label=format_number(due[month - 1], 1),
        done_label=format_number(done[-1], 1),
        plan_side=_side(month, above=not ahead),
        done_side=_side(month, above=ahead),
    )


def _side(month: int, *, above: bool) -> str:
    """Above a point the callout stands left of it, below right of it: the curves rise, so both places are free."""
    if above:
        return "above"
    return "below" if month < LATE_MONTH else "below late"


def _height(value: Fraction, top: int) -> float:
    return round(float(100 * max(value, Fraction(0)) / top), 2)


def _path(values: list[Fraction], top: int) -> str:
    points = (f"L{number * MONTH_WIDTH} {100 - _height(value, top):.2f}" for number, value in enumerate(values, 1))
    return "M0 100" + "".join(points)
