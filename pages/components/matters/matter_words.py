"""How a matter is worded on lists and in its panel; plain values."""

from datetime import date
from decimal import Decimal

from core.domain.matters.state import MatterState
from core.domain.units import NOTHING, format_number
from core.domain.workdays import TimeLeft
from core.services.matters import MatterRow

# The marks of red and yellow, as on the wall: overdue, and due soon.
LATE, SOON = "■", "▲"
SOON_WORKDAYS = 3


def left_words(left: TimeLeft | None) -> str:
    """Return ■ 逾 n 天, ▲ 今日到期, 剩 n 工作日 (▲ when soon); empty without a deadline."""
    if left is None:
        return ""
    if left.days < 0:
        return f"{LATE} 逾 {-left.days} 天"
    if left.days == 0:
        return f"{SOON} 今日到期"
    note = "（调休未公布）" if not left.is_published else ""
    mark = f"{SOON} " if left.workdays <= SOON_WORKDAYS else ""
    return f"{mark}剩 {left.workdays} 工作日{note}"


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


def first_report(state: MatterState, today: date) -> str:
    """Return how the first report (接办报告) stands; empty where none is owed."""
    return _report("接办报告", state.first_report_due_on, state.first_reported_on, state, today)


def result_report(state: MatterState, today: date) -> str:
    """Return how the second report (结果报告) stands; empty before the assignment."""
    return _report("结果报告", state.result_due_on, state.resolved_on, state, today)


def report_owed(state: MatterState, today: date) -> str:
    """Return which of the two reports (一事两报告) is owed next and until when."""
    owed = [text for text in (first_report(state, today), result_report(state, today)) if text]
    return next((text for text in owed if "已报" not in text), "两报告已齐" if owed else "")


def _report(name: str, due_on: date | None, given_on: date | None, state: MatterState, today: date) -> str:
    if due_on is None:
        return ""
    if given_on is not None:
        return f"{name}已报 {given_on:%m-%d}"
    if not state.is_open:
        return ""
    return f"{LATE} {name}应于 {due_on:%m-%d}" if due_on < today else f"{name} {due_on:%m-%d} 前"


def pct(value: Decimal | None) -> str:
    """Return a percentage with one decimal, — when there is nothing to divide by."""
    return NOTHING if value is None else f"{format_number(value, 1)}%"


def share(part: int | None, whole: int | None) -> str:
    """Return *part* of *whole* as a percentage; — while either is unknown or the whole is 0."""
    return NOTHING if part is None or not whole else pct(Decimal(100 * part) / Decimal(whole))


def days(value: Decimal | None) -> str:
    """Return average working days with one decimal."""
    return format_number(value, 1)
