"""Word templates of the office (红头模板): one per kind of document is in use, the older ones are kept."""

from hashlib import sha256

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.supervision_terms import DocumentKind
from core.exporters.official import template
from db.contents import keep_content
from db.models import DocumentTemplate
from db.queries import bulletins as queries
from db.queries.bulletins import TemplateRow
from db.session import read, transaction

__all__ = ["TemplateRow", "content_of", "list_templates", "starter", "stop_using", "upload", "use"]
_MAX_NAME = 120


def list_templates(actor: Actor, kind: DocumentKind) -> tuple[TemplateRow, ...]:
    """Return the templates of *kind*, latest first."""
    require(actor, Permission.MANAGE_ROUNDS)
    with read() as connection:
        return tuple(queries.list_templates(connection, kind.value))


def upload(actor: Actor, kind: DocumentKind, name: str, data: bytes) -> int:
    """
    Keep a template, put it in use in place of the one before, and return its id.

    Raises:
        Invalid: It is no plain Word document, or it has no name.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    name = name.strip()
    if not 1 <= len(name) <= _MAX_NAME:
        raise Invalid([Problem("name", "name", f"请填写模板名称，最多 {_MAX_NAME} 个字。")])
    template.examine(data)
    digest = sha256(data).hexdigest()
    with transaction(actor) as tx:
        for row in queries.list_templates(tx.connection, kind.value):
            if row.is_active:
                tx.update(DocumentTemplate, row.id, {"is_active": False}, expected_version=row.version)
        keep_content(tx.connection, digest, data)
        values = {
            "kind": kind.value,
            "name": name,
            "sha256": digest,
            "size_bytes": len(data),
            "is_active": True,
            "uploaded_at": tx.at,
            "uploaded_by": actor.login,
            "version": 1,
        }
        return int(tx.insert(DocumentTemplate, values))


def use(actor: Actor, template_id: int, expected_version: int) -> None:
    """
    Put an earlier template in use again.

    Raises:
        NotFound: No such template.
        Conflict: Somebody changed it meanwhile.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        known = {row.id: row for kind in DocumentKind for row in queries.list_templates(tx.connection, kind.value)}
        if template_id not in known:
            raise NotFound
        for row in known.values():
            if row.kind == known[template_id].kind and row.is_active and row.id != template_id:
                tx.update(DocumentTemplate, row.id, {"is_active": False}, expected_version=row.version)
        tx.update(DocumentTemplate, template_id, {"is_active": True}, expected_version=expected_version)


def stop_using(actor: Actor, template_id: int, expected_version: int) -> None:
    """
    Go back to the built-in layout; the template is kept.

    Raises:
        NotFound, Conflict: As ``use``.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        tx.update(DocumentTemplate, template_id, {"is_active": False}, expected_version=expected_version)


def content_of(actor: Actor, template_id: int) -> bytes:
    """
    Return the bytes of a template.

    Raises:
        NotFound: No such template.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with read() as connection:
        found = queries.template_content(connection, template_id)
    if found is None:
        raise NotFound
    return found


def starter(actor: Actor) -> bytes:
    """Return a template to begin with."""
    require(actor, Permission.MANAGE_ROUNDS)
    return template.starter()
