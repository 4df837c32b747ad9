"""How 待办 is worded on screen: what time is left, and the list in its groups."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from core.domain.todo import Todo, TodoGroup
from core.domain.units import NOTHING


def left(todo: Todo, today: date) -> str:
    """Return what time is left in calendar days."""
    days = todo.days_left(today)
    if days is None:
        return NOTHING
    if days < 0:
        return f"逾期 {-days} 天"
    return f"剩 {days} 天" if days else "今天到期"


def grouped(items: Sequence[Todo], today: date) -> tuple[tuple[TodoGroup, tuple[Todo, ...]], ...]:
    """Return *items*, which stand in the order of their deadlines, under the headings of their groups."""
    return tuple((group, tuple(found)) for group, found in groupby(items, key=lambda todo: todo.group(today)))
