"""Month closing (月结): which month may be closed, and the day its figures stand at. Basis: docs/metrics.md#closing."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.domain.errors import Problem
from core.domain.period import AsOf, Month, as_of_day
from core.domain.reasons import MAX_REASON, check_length, says_nothing


def figures_of(month: Month, today: date, due_day: int, due_next_month: bool) -> AsOf | None:
    """
    Return where the figures of *month* stand when it is closed today; None while its reports are not due yet.

    That is today, or the last day on which *month* was the latest month due when it is closed later than that:
    deadlines are then judged as they stood in the month's own time.
    """
    present = as_of_day(today, due_day, due_next_month)
    if present.month < month:
        return None
    day = today
    while as_of_day(day, due_day, due_next_month).month > month:
        day -= timedelta(days=1)
    return AsOf(day, month)


def closing_problems(month: Month, closed: Sequence[Month], missing: int, reason: str) -> list[Problem]:
    """Return why *month* cannot be closed now, beside the calendar: order, and reports that are missing unexplained."""
    problems = []
    if month in closed:
        text = f"{month.label}已经月结。月结后的数据不能重开，如有错误请提出更正。"
        problems.append(Problem("month", "closed", text))
    elif closed and month != (due := max(closed).shift(1)):
        text = f"月结须按顺序进行，请先月结{due.label}。"
        if month < due:
            text = f"{max(closed).label}已月结，不能再结更早的月份。"
        problems.append(Problem("month", "order", text))
    if missing and says_nothing(reason):
        text = f"还有 {missing} 个项目未报{month.label}月报。请先催报，或写明带缺口月结的原因。"
        problems.append(Problem("reason", "missing", text))
    return problems + check_length("reason", "原因", reason, MAX_REASON)
