"""The words of bulletins, and the Word templates of the office."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db.contents import kept_content
from db.models import Bulletin, DocumentTemplate, SupervisionRound


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """What is kept of one bulletin; ``issued_*`` are empty until it is issued."""

    id: int
    version: int
    issue_no: int
    texts: str
    issued_at: datetime | None
    issued_by: str
    issued_sha256: str


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A Word template without its bytes."""

    id: int
    version: int
    kind: str
    name: str
    sha256: str
    size_bytes: int
    is_active: bool
    uploaded_at: datetime
    uploaded_by: str


def find_bulletin(connection: Connection, round_id: int) -> BulletinRow | None:
    """Return the bulletin of a round; None before anything of it was saved."""
    names = ("id", "version", "issue_no", "texts", "issued_at", "issued_by", "issued_sha256")
    query = select(*(getattr(Bulletin, name) for name in names)).where(Bulletin.round_id == round_id)
    found = connection.execute(query).one_or_none()
    return None if found is None else BulletinRow(*found)


def next_issue_no(connection: Connection, year: int) -> int:
    """Return the number after the highest of the bulletins on rounds of *year*."""
    query = (
        select(func.max(Bulletin.issue_no))
        .join(SupervisionRound, SupervisionRound.id == Bulletin.round_id)
        .where(SupervisionRound.year == year)
    )
    return (connection.scalar(query) or 0) + 1


def list_templates(connection: Connection, kind: str) -> list[TemplateRow]:
    """Return the templates of *kind*, latest first."""
    query = (
        select(
            DocumentTemplate.id,
            DocumentTemplate.version,
            DocumentTemplate.kind,
            DocumentTemplate.name,
            DocumentTemplate.sha256,
            DocumentTemplate.size_bytes,
            DocumentTemplate.is_active,
            DocumentTemplate.uploaded_at,
            DocumentTemplate.uploaded_by,
        )
        .where(DocumentTemplate.kind == kind)
        .order_by(DocumentTemplate.id.desc())
    )
    return [TemplateRow(*row) for row in connection.execute(query)]


def template_content(connection: Connection, template_id: int) -> bytes | None:
    """Return the bytes of a template; None = no such template."""
    found = connection.scalar(select(DocumentTemplate.sha256).where(DocumentTemplate.id == template_id))
    return None if found is None else kept_content(connection, found)


def active_template(connection: Connection, kind: str) -> bytes | None:
    """Return the bytes of the template in use for *kind*; None = the built-in layout."""
    query = select(DocumentTemplate.sha256).where(DocumentTemplate.kind == kind, DocumentTemplate.is_active)
    found = connection.scalar(query.order_by(DocumentTemplate.id.desc()).limit(1))
    return None if found is None else kept_content(connection, found)


def is_number_taken(connection: Connection, year: int, issue_no: int, round_id: int) -> bool:
    """Return whether the bulletin of another round of *year* has *issue_no*."""
    query = (
        select(Bulletin.id)
        .join(SupervisionRound, SupervisionRound.id == Bulletin.round_id)
        .where(SupervisionRound.year == year, Bulletin.issue_no == issue_no, Bulletin.round_id != round_id)
    )
    return connection.execute(query).first() is not None
