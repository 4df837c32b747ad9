"""The office's own working days (本地调休): what its notices say wins over the built-in calendar."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.workdays import WorkCalendar, unpublished_wording
from db.models.closing import CalendarOverride
from db.session import read, transaction


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day by local notice."""

    on: date
    is_working: bool
    note: str
    version: int


def work_calendar(connection: Connection) -> WorkCalendar:
    """Return the working days as the office keeps them."""
    query = select(CalendarOverride.day, CalendarOverride.is_working)
    return WorkCalendar({day: is_working for day, is_working in connection.execute(query)})  # noqa: C416


def list_days(actor: Actor) -> tuple[CalendarDay, ...]:
    """Return the office's own days, latest first."""
    require(actor, Permission.VIEW_PROJECTS)
    row = CalendarOverride
    with read() as connection:
        found = connection.execute(select(row.day, row.is_working, row.note, row.version).order_by(row.day.desc()))
        return tuple(CalendarDay(*values) for values in found)


def warnings(actor: Actor, years: tuple[int, ...]) -> tuple[str, ...]:
    """Return a sentence for each of *years* whose make-up days (调休) are not published."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        calendar = work_calendar(connection)
    return tuple(unpublished_wording(year) for year in years if not calendar.is_published(year))


def set_day(actor: Actor, on: date | None, is_working: bool, note: str) -> None:
    """
    Note that *on* is worked or off by local notice; a day that is noted already is changed.

    Raises:
        Invalid: No day, or no word of the notice it rests on.
    """
    require(actor, Permission.CLOSE_MONTH)
    problems = []
    if on is None:
        problems.append(Problem("on", "required", "请选择日期。"))
    if not note.strip():
        problems.append(Problem("note", "required", "请写明依据，如通知文号。"))
    if problems or on is None:
        raise Invalid(problems)
    values = {"is_working": is_working, "note": note.strip()[:200]}
    with transaction(actor) as tx:
        known = tx.connection.execute(select(CalendarOverride.day).where(CalendarOverride.day == on)).first()
        if known is None:
            tx.insert(CalendarOverride, {"day": on, **values}, reason=note.strip())
        else:
            tx.update(CalendarOverride, on, values, expected_version=None, reason=note.strip())
