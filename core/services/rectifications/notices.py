"""督办单 as Word: one file for the chosen cases, worded from what is stored."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require
from core.exporters.official.notice import Notice, notice_blocks, notice_title
from core.exporters.official.word import write_word
from core.services.rectifications.rules import clock_at
from core.settings import get_settings
from db.queries import rectifications as queries
from db.queries.rectifications import CaseRow
from db.session import current_store, read


def notices(actor: Actor, case_ids: Sequence[int]) -> bytes:
    """
    Return the notices of the chosen cases as one docx, in the order of their codes.

    Raises:
        NotFound: One of them is outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        rows = queries.find_cases(connection, actor.scope, list(case_ids))
        calendar = clock_at(connection, today).calendar
    if not rows or len(rows) != len(set(case_ids)):
        raise NotFound
    organ = f"{get_settings().city_name}重大项目督查办公室"
    made = [_notice(row, organ, _unpublished(row, calendar.is_published)) for row in rows]
    title = notice_title(made[0]) if len(made) == 1 else f"督办单（{len(made)} 份）"
    stamped = datetime.combine(max(notice.issued_on for notice in made), time(), UTC)
    return write_word(notice_blocks(made), title=title, made_at=stamped)


def _notice(row: CaseRow, organ: str, note: str) -> Notice:
    return Notice(
        code=row.code,
        round_title=row.round_title,
        owner=row.owner_name,
        subject=row.name,
        place=" · ".join(part for part in (row.county_name, row.headquarters_name) if part),
        level=row.case.level,
        reasons=row.reasons,
        plan_due_on=row.case.due_on,
        organ=organ,
        issued_on=row.opened_on,
        deadline_note=note,
    )


def _unpublished(row: CaseRow, is_published: Callable[[int], bool]) -> str:
    due = row.case.due_on
    if due is None or is_published(due.year):
        return ""
    return f"（{due.year}年调休安排尚未公布，期限以公布后为准）"
