"""How a matter is worded on lists and in its panel; plain values."""

from decimal import Decimal

from core.domain.matters.state import MatterState
from core.domain.units import NOTHING
from core.domain.workdays import TimeLeft
from core.services.matters import MatterRow


def left_words(left: TimeLeft | None) -> str:
    """Return 剩 n 工作日, 今日到期 or 逾期 n 天; empty without a deadline."""
    if left is None:
        return ""
    if left.days < 0:
        return f"▲ 逾 {-left.days} 天"
    note = "（调休未公布）" if not left.is_published else ""
    return "今日到期" if left.days == 0 else f"剩 {left.workdays} 工作日{note}"


def owner(row: MatterRow) -> str:
    """Return who leads the matter."""
    return row.unit_name or "未交办"


def subject(row: MatterRow) -> str:
    """Return project or enterprise of a matter."""
    return row.project_name or row.enterprise


def pressed(state: MatterState) -> str:
    """Return how often the present step was pressed, empty when never."""
    parts = [f"督办 {state.pressed_times} 次"] if state.pressed_times else []
    parts += [f"待批延期至 {state.extension_to}"] if state.extension_to else []
    parts += [f"重办 {state.redo_times} 次"] if state.redo_times else []
    return "，".join(parts)


def pct(value: Decimal | None) -> str:
    """Return a percentage with one decimal, — when there is nothing to divide by."""
    return NOTHING if value is None else f"{value:.1f}%"


def days(value: Decimal | None) -> str:
    """Return average working days with one decimal."""
    return NOTHING if value is None else f"{value:.1f}"
