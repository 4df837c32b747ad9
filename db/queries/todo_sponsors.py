"""待办 of sponsor leaders: the visits a leader still owes this month, one line for each leader."""

from typing import Any

from sqlalchemy import Select, case, select

from core.domain.period import Month
from core.domain.permissions import Permission
from core.domain.todo import Todo, TodoKind
from db.models.organisation import Person
from db.queries.todo_parts import columns
from db.queries.todos import Asked, Source, TodoRow


def _visits(asked: Asked) -> Select[Any] | None:
    """Leaders who owe visits; how many projects are left follows from names, days and the rule, so it comes along."""
    owed = {key: number for key, number in asked.owed_visits if asked.by_owner or key == asked.person_id}
    due_on = Month.of(asked.today).last_day
    if not owed or (asked.due_by is not None and due_on > asked.due_by):
        return None
    shown = columns(
        Person.id, "", due_on, "owed", owner=Person.name, amount=case(owed, value=Person.id), person=Person.id
    )
    return select(*shown).where(Person.id.in_(sorted(owed)))


def _of_visits(row: TodoRow) -> Todo:
    title = f"本月尚欠调研 {row.amount} 个项目"
    return Todo(TodoKind.VISIT, "person", row.id, title, "调研", "", row.owner, row.due_on, "/leaders", row.amount)


_READS = (Permission.VIEW_PROJECTS,)
SPONSOR_SOURCES: tuple[Source, ...] = (
    Source("sponsor_visits", TodoKind.VISIT, _READS, False, _visits, _of_visits, is_personal=True),
)
