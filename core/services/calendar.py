"""The office's working days: the built-in calendar, and over it the days that a local notice moves (本地调休)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.workdays import WorkCalendar, unpublished_wording
from db.models.closing import CalendarOverride
from db.session import current_store, read, transaction

MAX_NOTE = 200
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day that is worked or off by local notice."""

    day: date
    is_working: bool
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The local days of a year; *warning* says when its 调休 is not published yet."""

    year: int
    days: tuple[LocalDay, ...]
    warning: str


def work_calendar(connection: Connection) -> WorkCalendar:
    """Return the calendar that deadlines are counted by, local days included."""
    rows = connection.execute(select(CalendarOverride.day, CalendarOverride.is_working)).all()
    return WorkCalendar({row.day: row.is_working for row in rows})


def read_year(actor: Actor, year: int | None = None) -> CalendarYear:
    """Return the local days of *year* (None = this year)."""
    require(actor, Permission.VIEW_PROJECTS)
    wanted = current_store().today().year if year is None else year
    table = CalendarOverride
    query = (
        select(table.day, table.is_working, table.note, table.version)
        .where(table.day.between(date(wanted, 1, 1), date(wanted, 12, 31)))
        .order_by(table.day)
    )
    with read() as connection:
        days = tuple(LocalDay(*row) for row in connection.execute(query))
        is_published = work_calendar(connection).is_published(wanted)
    return CalendarYear(wanted, days, "" if is_published else unpublished_wording(wanted))


def set_day(actor: Actor, day: date, is_working: bool, note: str, expected_version: int | None = None) -> None:
    """
    Say that *day* is worked or off, by which notice.

    Args:
        expected_version: Version of the entry as it was read; None = there was none.

    Raises:
        Invalid: No notice named, or a year out of reach.
        Conflict: Somebody changed the entry meanwhile.
    """
    require(actor, Permission.CLOSE_MONTH)
    _check(day, note)
    values = {"is_working": is_working, "note": note.strip()}
    with transaction(actor) as tx:
        known = tx.connection.execute(
            select(CalendarOverride.version).where(CalendarOverride.day == day).with_for_update()
        ).scalar()
        if known is None:
            tx.insert(CalendarOverride, {"day": day, **values}, reason=note.strip())
        else:
            # 0 is no version of any row: an entry that the caller did not see is a conflict.
            tx.update(CalendarOverride, day, values, expected_version=expected_version or 0, reason=note.strip())


def clear_day(actor: Actor, day: date, reason: str) -> None:
    """
    Let the built-in calendar decide about *day* again; the former entry stays in the audit.

    Raises:
        NotFound: There is no entry for that day.
        Invalid: No reason given.
    """
    require(actor, Permission.CLOSE_MONTH)
    if not reason.strip():
        raise Invalid([Problem("reason", "missing_reason", "请写明撤销原因。")])
    with transaction(actor) as tx:
        tx.remove_many(CalendarOverride, [day], reason=reason.strip())


def _check(day: date, note: str) -> None:
    problems = []
    if day.year not in _YEARS:
        problems.append(Problem("day", "day", "日期不在可设置的范围内，请核对年份。"))
    if not note.strip():
        problems.append(Problem("note", "missing_note", "请写明依据，如通知文号。"))
    elif len(note.strip()) > MAX_NOTE:
        problems.append(Problem("note", "too_long", f"依据超过 {MAX_NOTE} 个字，请精简。"))
    if problems:
        raise Invalid(problems)
