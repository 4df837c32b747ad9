"""Bytes kept once under their SHA-256; the rows that name the hash carry audit and permission."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from db.models.evidence import AttachmentContent


def keep_content(connection: Connection, sha256: str, content: bytes) -> None:
    """Keep *content* under its hash unless it is there already; two writers at once do not clash."""
    is_sqlite = connection.dialect.name == "sqlite"
    insert = sqlite.insert(AttachmentContent) if is_sqlite else postgresql.insert(AttachmentContent)
    values = insert.values(sha256=sha256, content=content)
    connection.execute(values.on_conflict_do_nothing(index_elements=["sha256"]))


def kept_content(connection: Connection, sha256: str) -> bytes | None:
    """Return the bytes kept under *sha256*; None when there are none."""
    found = connection.scalar(select(AttachmentContent.content).where(AttachmentContent.sha256 == sha256))
    return None if found is None else bytes(found)
