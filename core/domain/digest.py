"""The digest (提醒) of one reader: what waits for him, and what those below him have let slip."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.terms import Term
from core.domain.todo import Todo, TodoCounts
from core.domain.workdays import WorkCalendar, workdays_between


class Channel(Term):
    """How a digest reaches its reader (提醒渠道)."""

    MAIL = "mail", "电子邮件"
    WEBHOOK = "webhook", "工作群机器人"


@dataclass(frozen=True, slots=True)
class Below:
    """What one account lets slip for longer than its superior waits."""

    name: str
    items: tuple[Todo, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """
    Everything one reader is told on one day.

    Attributes:
        items: Overdue, due within the near week or without a deadline; the longest overdue first.
        below: By name of the account, those whose things slipped long enough to be told to the superior.
        patience: Working days after which the superior is told.
    """

    user_id: int
    login: str
    name: str
    email: str
    day: date
    items: tuple[Todo, ...]
    counts: TodoCounts
    below: tuple[Below, ...] = ()
    patience: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.items or self.below)

    @property
    def below_count(self) -> int:
        """How many things those below have let slip."""
        return sum(len(one.items) for one in self.below)

    @property
    def content_hash(self) -> str:
        """SHA-256 over what is told, whatever its wording."""
        told = [_named(self.items), [[one.name, _named(one.items)] for one in self.below]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def subject(self) -> str:
        """The line that stands in the inbox."""
        if not self.items:
            return f"下属逾期事项 {self.below_count} 项（{self.day:%m-%d}）"
        late = f"，逾期 {self.counts.overdue} 项" if self.counts.overdue else ""
        return f"待办事项 {self.counts.total} 项{late}（{self.day:%m-%d}）"


def _named(items: Iterable[Todo]) -> list[list[object]]:
    return [[todo.entity, todo.entity_id, todo.step, str(todo.due_on), todo.amount] for todo in items]


def told_above(today: date, patience: int, calendar: WorkCalendar) -> date:
    """
    Return the latest deadline that is overdue on *today* by more than *patience* working days.

    Working days are counted from the day after the deadline up to *today*; days off in between do not press anybody.
    """
    day = today
    while workdays_between(day, today, calendar) <= patience:
        day -= timedelta(days=1)
    return day


def clean_line(text: str) -> str:
    """Return *text* on one line without control characters: names end up in headers and lists."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
