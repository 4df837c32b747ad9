"""Headquarters of the demo city at work: charters, members, checklists, schedules of reports and what was sent."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from core.domain.headquarters import DEFAULT_SET_UP, Post
from core.domain.headquarters_chain import ProjectSource
from core.domain.headquarters_reports import ReportCycle, ReportPeriod, period_of
from core.domain.workdays import ONE_DAY, WorkCalendar, add_workdays
from db.models.headquarters import HeadquartersMember, HeadquartersReport, HeadquartersSchedule, HeadquartersStep
from db.models.organisation import Headquarters
from db.seed.cast import Role
from db.seed.content import charters as content
from db.seed.content.headquarters import HEADQUARTERS, HeadquartersRow
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

_CALENDAR = WorkCalendar()
_FOUNDED_DAYS = 420
_TERM_DAYS = 365


def source_of_role(role: Role) -> ProjectSource:
    """Return where a demo project came from: companies were attracted, public ones planned, compiled or won."""
    if role.kind.investor != "政府投资":
        return ProjectSource.ATTRACTED if role.number % 6 else ProjectSource.UNKNOWN
    return (ProjectSource.PLANNED, ProjectSource.COMPILED, ProjectSource.WON)[role.number % 3]


def add_headquarters(rows: Rows, organisation: Organisation, moment: Moment) -> None:
    """Give every headquarters its charter, its people, its checklist and its reports."""
    by_id = {row["id"]: row for row in rows.of(Headquarters)}
    for number, row in enumerate(HEADQUARTERS):
        key = organisation.headquarters[row.code]
        is_young = row.code == content.YOUNG
        founded = moment.days_ago(content.YOUNG_DAYS if is_young else _FOUNDED_DAYS - 9 * number)
        by_id[key].update(_charter(row, number, founded))
        by_id[key]["set_up_due_on"] = _add_steps(rows, key, founded, moment, is_young=is_young)
        _add_members(rows, key, row, number, founded, organisation, moment)
        _add_reports(rows, key, row, founded, moment)


def _charter(row: HeadquartersRow, number: int, founded: date) -> dict[str, Any]:
    office = content.OFFICES[number % len(content.OFFICES)].format(floor=3 + number % 9, bureau=row.bureau)
    return {
        "mission": content.MISSION.format(short=row.short_name),
        "goals": content.GOALS,
        "area": content.AREA.format(short=row.short_name),
        "office_address": office,
        "founded_on": founded,
    }


def _add_steps(rows: Rows, key: int, founded: date, moment: Moment, *, is_young: bool) -> date:
    """Add the checklist and return the day the whole of it is due."""
    latest = founded
    for number, step in enumerate(DEFAULT_SET_UP.steps, start=1):
        due_on = add_workdays(founded, step.workdays, _CALENDAR).on
        latest = max(latest, due_on)
        days = content.YOUNG_DONE.get(step.code)
        done_on = (moment.days_ago(days) if days is not None else None) if is_young else due_on - timedelta(days=1)
        rows.add(
            HeadquartersStep,
            headquarters_id=key,
            code=step.code,
            sequence=number,
            name=step.name,
            post=step.post.value if step.post else "",
            due_on=due_on,
            done_on=done_on,
            note="",
        )
    return latest


def _add_members(
    rows: Rows, key: int, row: HeadquartersRow, number: int, founded: date, organisation: Organisation, moment: Moment
) -> None:
    names = organisation.contact_names
    commander, head = organisation.commanders[row.code], organisation.heads[row.bureau]
    liaison = organisation.liaisons[number % len(organisation.liaisons)]
    for person, post, origin in (
        (commander, Post.COMMANDER, "市领导"),
        (head, Post.DEPUTY, row.bureau),
        (liaison, Post.LIAISON, "市重大项目办"),
    ):
        _add_member(rows, key, names[person], post, origin, founded, None, person)
    if row.code == content.YOUNG:
        return
    for place in range(2):
        name = content.SECONDED[(2 * number + place) % len(content.SECONDED)]
        from_on = moment.days_ago(_TERM_DAYS - 13 * number - 40 * place)
        _add_member(rows, key, name, Post.SECONDED, row.bureau, from_on, from_on + timedelta(days=_TERM_DAYS), None)


def _add_member(
    rows: Rows, key: int, name: str, post: Post, origin: str, from_on: date, to_on: date | None, person: int | None
) -> None:
    rows.add(
        HeadquartersMember,
        headquarters_id=key,
        person_id=person,
        name=name,
        post=post.value,
        origin=origin,
        phone="",
        from_on=from_on,
        to_on=to_on,
        note="",
    )


def _add_reports(rows: Rows, key: int, row: HeadquartersRow, founded: date, moment: Moment) -> None:
    since = max(founded, date(moment.today.year, 1, 1))
    _add_schedule(rows, key, ReportCycle.MONTHLY, content.MONTHLY_WORKDAYS, since)
    months = list(_ended(ReportCycle.MONTHLY, since, moment.today))
    for period in months[:-1] if row.code in content.OWING else months:
        _add_report(rows, key, period, content.MONTHLY_WORKDAYS, moment)
    if row.code in content.WEEKLY:
        first = max(since, moment.days_ago(7 * content.WEEKS))
        _add_schedule(rows, key, ReportCycle.WEEKLY, content.WEEKLY_WORKDAYS, first)
        for period in list(_ended(ReportCycle.WEEKLY, first, moment.today))[:-1]:
            _add_report(rows, key, period, content.WEEKLY_WORKDAYS, moment)


def _add_schedule(rows: Rows, key: int, cycle: ReportCycle, workdays: int, since: date) -> None:
    rows.add(
        HeadquartersSchedule, headquarters_id=key, cycle=cycle.value, workdays=workdays, since_on=since, is_active=True
    )


def _ended(cycle: ReportCycle, since: date, today: date) -> Iterator[ReportPeriod]:
    period = period_of(cycle, since)
    while period.last_on < today:
        yield period
        period = period_of(cycle, period.last_on + ONE_DAY)


def _add_report(rows: Rows, key: int, period: ReportPeriod, workdays: int, moment: Moment) -> None:
    due_on = add_workdays(period.last_on, workdays, _CALENDAR).on
    sent_on = min(due_on, moment.today)
    rows.add(
        HeadquartersReport,
        headquarters_id=key,
        cycle=period.cycle.value,
        first_on=period.first_on,
        last_on=period.last_on,
        due_on=due_on,
        sent_on=sent_on,
        document_no="",
        outlook="",
        sent_at=moment.instant(sent_on, 17, 0),
        sent_by="hq",
    )
