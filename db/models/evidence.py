"""Evidence (佐证): photos and papers kept by content, with what a photo says of its time and place."""

from sqlalchemy import Boolean, Float, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Code, Instant, PrimaryKey, Versioned, reference


class AttachmentContent(Base):
    """The bytes of a file, once however often it is attached."""

    __tablename__ = "attachment_content"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Attachment(Versioned, Base):
    """A file attached to a row of another table (``entity``, ``entity_id``); taken back, never deleted."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_entity", "entity", "entity_id"),)
    id: Mapped[PrimaryKey]
    entity: Mapped[Code]
    entity_id: Mapped[int] = mapped_column(BigId)
    project_id: Mapped[int | None] = reference("project.id")
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    taken_at: Mapped[Instant | None]
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    note: Mapped[str] = mapped_column(String(400), default="")
    uploaded_at: Mapped[Instant]
    uploaded_by: Mapped[str] = mapped_column(String(64))
    is_withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)
