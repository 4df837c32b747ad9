"""Evidence and the rows it belongs to; the scope is that of the owning row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, null, or_, select
from sqlalchemy.orm import aliased

from core.domain.evidence import EvidenceOwner
from core.domain.scope import Scope
from core.domain.supervision_terms import SubjectKind
from db.models.access import User
from db.models.base import Base
from db.models.campaign import Campaign
from db.models.evidence import Attachment, AttachmentContent
from db.models.project import Project
from db.queries.campaign_scope import CAMPAIGN_OWNERS, campaign_scope, campaign_write_scope
from db.queries.matters import matter_scope
from db.queries.scoping import project_scope, subject_scope


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """
    One file as lists show it.

    Attributes:
        media_type: Decided from the content.
        taken_at: When the photo says it was taken; None = weaker evidence.
        uses: Rows besides this one that carry the very same file.
    """

    id: int
    version: int
    entity: str
    entity_id: int
    project_id: int | None
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None
    note: str
    uploaded_at: datetime
    uploaded_by: str
    uploader: str
    uses: int

    @property
    def is_image(self) -> bool:
        """Whether a small picture of it can be shown."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """The row evidence belongs to: its project (if any) and how many files it has."""

    project_id: int | None
    files: int


def find_owner(connection: Connection, scope: Scope, owner: EvidenceOwner, entity_id: int) -> OwnerRow | None:
    """Return the owning row when it lies inside *scope*."""
    table = _table(owner)
    files = (
        select(func.count())
        .where(
            Attachment.entity == owner.value,
            Attachment.entity_id == table.c.id,
            Attachment.is_withdrawn.is_(False),
        )
        .scalar_subquery()
    )
    query = _inside(select(Project.id.label("project_id"), files.label("files")), owner, table, scope)
    if owner in CAMPAIGN_OWNERS:  # who sees a campaign for one task of it does not write on the others
        query = query.where(campaign_write_scope(scope, owner, table))
    row = connection.execute(query.where(table.c.id == entity_id)).first()
    return OwnerRow(row.project_id, int(row.files)) if row else None


def list_attachments(
    connection: Connection, scope: Scope, owner: EvidenceOwner, entity_ids: Sequence[int]
) -> list[AttachmentRow]:
    """Return the files of the given rows inside *scope*, oldest first."""
    table = _table(owner)
    query = _inside(_selected(), owner, table, scope, Attachment.entity_id == table.c.id)
    query = query.where(
        Attachment.entity == owner.value, Attachment.entity_id.in_(entity_ids), Attachment.is_withdrawn.is_(False)
    )
    return _rows(connection, query.order_by(Attachment.id))


def find_entity(connection: Connection, attachment_id: int) -> str | None:
    """Return to which kind of row a file belongs, whoever asks; the caller then asks for it in scope."""
    query = select(Attachment.entity).where(Attachment.id == attachment_id, Attachment.is_withdrawn.is_(False))
    return connection.execute(query).scalar_one_or_none()


def find_attachment(
    connection: Connection, scope: Scope, owner: EvidenceOwner, attachment_id: int
) -> AttachmentRow | None:
    """Return one file that was not taken back, when its owning row lies inside *scope*."""
    table = _table(owner)
    query = _inside(_selected(), owner, table, scope, Attachment.entity_id == table.c.id)
    query = query.where(
        Attachment.id == attachment_id, Attachment.entity == owner.value, Attachment.is_withdrawn.is_(False)
    )
    return next(iter(_rows(connection, query)), None)


def read_bytes(connection: Connection, sha256: str) -> bytes:
    """Return the content kept under *sha256*."""
    query = select(AttachmentContent.content).where(AttachmentContent.sha256 == sha256)
    return bytes(connection.execute(query).scalar_one())


def _selected() -> Select[Any]:
    other = aliased(Attachment)
    uses = (
        select(func.count())
        .where(
            other.sha256 == Attachment.sha256,
            other.is_withdrawn.is_(False),
            or_(other.entity != Attachment.entity, other.entity_id != Attachment.entity_id),
        )
        .correlate(Attachment)
        .scalar_subquery()
    )
    columns = [column for column in Attachment.__table__.columns if column.name != "is_withdrawn"]
    uploader = func.coalesce(User.name, Attachment.uploaded_by).label("uploader")
    joined = Attachment.__table__.join(User.__table__, User.login == Attachment.uploaded_by, isouter=True)
    return select(*columns, uploader, uses.label("uses")).select_from(joined)


def _rows(connection: Connection, query: Select[Any]) -> list[AttachmentRow]:
    return [AttachmentRow(**row) for row in connection.execute(query).mappings()]


def _table(owner: EvidenceOwner) -> FromClause:
    table = Base.metadata.tables[owner.value]
    # The scope of a matter speaks of its table by name.
    return table if owner is EvidenceOwner.MATTER else table.alias("owner")


# Rows of a headquarters belong to no project; who serves there sees them.
_OF_HEADQUARTERS = (EvidenceOwner.HEADQUARTERS_STEP, EvidenceOwner.HEADQUARTERS_REPORT)


def _inside(
    query: Select[Any], owner: EvidenceOwner, table: FromClause, scope: Scope, joined: ColumnElement[bool] | None = None
) -> Select[Any]:
    """Join the owning row and its project to *query* and keep what lies inside *scope*."""
    query = query.join(table, joined) if joined is not None else query.select_from(table)
    subject = table
    if owner is EvidenceOwner.RECTIFICATION_EVENT:
        subject = Base.metadata.tables["rectification"]
        query = query.join(subject, subject.c.id == table.c.rectification_id)
    query = query.join(Project, Project.id == _project_key(owner, subject), isouter=True)
    if owner is EvidenceOwner.MATTER:
        return query.where(matter_scope(scope))
    if owner in CAMPAIGN_OWNERS:
        seen = select(Campaign.id).where(campaign_scope(scope))
        return query.where((table.c.id if owner is EvidenceOwner.CAMPAIGN else table.c.campaign_id).in_(seen))
    if owner in _OF_HEADQUARTERS:
        own = subject.c.headquarters_id.in_(sorted(scope.headquarters_ids))
        return query if scope.everything else query.where(own)
    if "unit_id" in subject.c:
        # A rectification keeps the owners its flag had.
        return query.where(project_scope(scope, subject.c.county_id, subject.c.headquarters_id, subject.c.unit_id))
    inside = project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    return query.where(
        or_(inside, subject_scope(scope, subject.c.subject_kind, subject.c.subject_id))
        if "subject_kind" in subject.c
        else inside
    )


def _project_key(owner: EvidenceOwner, table: FromClause) -> ColumnElement[Any]:
    if owner is EvidenceOwner.PROJECT:
        return table.c.id
    if owner is EvidenceOwner.FLAG_OVERRIDE:
        # An override names its subject only.
        return case((table.c.subject_kind == SubjectKind.PROJECT.value, table.c.subject_id))
    if owner in CAMPAIGN_OWNERS:
        return null()  # it may be carried out with many projects: its evidence is nobody's alone
    if owner in _OF_HEADQUARTERS:
        return null()
    return table.c.project_id
