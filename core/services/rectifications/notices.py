"""督办单 as Word, worded from what was stored when it went out: one file, or a zip of several."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require
from core.domain.rectification import Clock
from core.domain.supervision_terms import RectificationAction
from core.domain.terms import FlagLevel
from core.domain.workdays import unpublished_wording, workdays_between
from core.exporters.official.notice import Notice, notice_blocks, notice_title
from core.exporters.official.word import write_word
from core.services.rectifications.rules import clock_at
from core.settings import get_settings
from db.queries import rectifications as queries
from db.queries.rectifications import CaseRow, EventRow
from db.session import current_store, read

_EPOCH = (1980, 1, 1, 0, 0, 0)  # equal notices give equal bytes


def notices(actor: Actor, case_ids: Sequence[int]) -> bytes:
    """
    Return the notice of one case as docx, or those of several as a zip of such files named by their codes.

    Raises:
        NotFound: One of them is outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        rows = queries.find_cases(connection, actor.scope, list(case_ids))
        events = queries.list_events(connection, [row.id for row in rows])
        levels = queries.published_levels(connection, [row.id for row in rows])
        clock = clock_at(connection, today)
    if not rows or len(rows) != len(set(case_ids)):
        raise NotFound
    files = [
        (row.code, _word(_notice(row, _sending(events.get(row.id, [])), levels.get(row.id, row.case.level), clock)))
        for row in rows
    ]
    return files[0][1] if len(files) == 1 else _packed(files)


def _word(notice: Notice) -> bytes:
    made_at = datetime.combine(notice.issued_on, time(), UTC)
    return write_word(notice_blocks(notice), title=notice_title(notice), made_at=made_at)


def _packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for code, data in files:
            archive.writestr(zipfile.ZipInfo(f"{code}.docx", _EPOCH), data)
    return target.getvalue()


def _sending(events: Sequence[EventRow]) -> EventRow | None:
    return next((event for event in events if event.kind is RectificationAction.NOTICE_ISSUED), None)


def _notice(row: CaseRow, sending: EventRow | None, level: FlagLevel, clock: Clock) -> Notice:
    """Return what the notice of a case says: as it went out, or as it would go out today."""
    due_on = sending.new_due_on if sending else None
    issued_on = sending.happened_at.astimezone(get_settings().zone).date() if sending else clock.today
    workdays = clock.rules.ladder.plan if due_on is None else workdays_between(issued_on, due_on, clock.calendar)
    return Notice(
        code=row.code,
        round_title=row.round_title,
        owner=row.owner_name,
        subject=row.name,
        place=" · ".join(part for part in (row.county_name, row.headquarters_name) if part),
        level=level,
        reasons=row.reasons,
        plan_due_on=due_on,
        plan_workdays=workdays,
        organ=f"{get_settings().city_name}重大项目督查办公室",
        issued_on=issued_on,
        deadline_note=_unpublished(due_on, clock),
    )


def _unpublished(due_on: date | None, clock: Clock) -> str:
    if due_on is None or clock.calendar.is_published(due_on.year):
        return ""
    return unpublished_wording(due_on.year)
