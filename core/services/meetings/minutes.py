"""会议纪要: a preview while the meeting runs; once it is closed, the file and the words that were kept."""

from datetime import UTC, datetime, time

from core.domain.errors import NotFound
from core.domain.meetings import MeetingStatus
from core.domain.permissions import Actor, Permission, require
from core.exporters.files import ExportFile
from core.exporters.official.blocks import Block
from core.exporters.official.minutes import Minutes, minutes_blocks, minutes_from_json, minutes_title
from core.exporters.official.pdf import PDF, write_pdf
from core.exporters.official.word import DOCX, write_word
from core.services.meetings.closing import word_minutes
from core.settings import get_settings
from db.contents import kept_content
from db.queries import meetings as queries
from db.queries.meetings import MeetingRow
from db.session import current_store, read


def preview(actor: Actor, meeting_id: int) -> list[Block]:
    """
    Return the minutes: as they were kept, or as they would read if the meeting ended now.

    Raises:
        NotFound: Outside the actor's scope.
    """
    return minutes_blocks(_read(actor, meeting_id)[1])


def word(actor: Actor, meeting_id: int) -> ExportFile:
    """
    Return the minutes as Word: the very bytes that were made when the meeting was closed; before, a draft.

    Raises:
        NotFound: Outside the actor's scope.
    """
    row, minutes = _read(actor, meeting_id)
    kept = None
    if row.minutes_sha256:
        with read() as connection:
            kept = kept_content(connection, row.minutes_sha256)
    made = kept or write_word(minutes_blocks(minutes), title=minutes_title(minutes), made_at=_made_at(row))
    return ExportFile(f"{_name(row)}.docx", DOCX, made)


def pdf(actor: Actor, meeting_id: int) -> ExportFile:
    """
    Return the minutes as PDF, set from the kept words.

    Raises:
        NotFound: Outside the actor's scope.
        PdfFailed: It could not be set; the Word file does not depend on it.
    """
    row, minutes = _read(actor, meeting_id)
    fonts = (get_settings().data_dir / "fonts",)
    made = write_pdf(minutes_blocks(minutes), title=minutes_title(minutes), made_at=_made_at(row), font_folders=fonts)
    return ExportFile(f"{_name(row)}.pdf", PDF, made)


def _read(actor: Actor, meeting_id: int) -> tuple[MeetingRow, Minutes]:
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        row = queries.find_meeting(connection, actor.scope, meeting_id)
        if row is None:
            raise NotFound
        if row.status is MeetingStatus.CLOSED:
            return row, minutes_from_json(row.minutes)
        items = queries.list_items(connection, meeting_id)
        return row, word_minutes(row, items, queries.list_decisions(connection, meeting_id), today)


def _made_at(row: MeetingRow) -> datetime:
    return row.closed_at or datetime.combine(row.held_on, time(), UTC)


def _name(row: MeetingRow) -> str:
    draft = "" if row.status is MeetingStatus.CLOSED else "（草稿）"
    return f"{row.code}会议纪要{draft}"
