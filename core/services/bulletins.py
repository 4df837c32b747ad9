"""The bulletin (督查通报) of a published round: words are edited until it is issued, figures never.

An issued bulletin is kept as it went out: reprinting hands out the very bytes, whatever has become of the program, the
template or the projects.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core.domain import bulletin_texts
from core.domain.bulletin_texts import BulletinTexts, default_texts, texts_from_json, texts_to_json
from core.domain.errors import Conflict, Invalid, Locked, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.round_snapshot import RoundSnapshot, digest, snapshot_from_json
from core.domain.supervision_terms import DocumentKind
from core.exporters.official import annexes, charts, template
from core.exporters.official.blocks import Block
from core.exporters.official.bulletin import bulletin_blocks
from core.exporters.official.bulletin.context import template_context
from core.exporters.official.pdf import PDF, write_pdf
from core.exporters.official.word import DOCX, write_word
from core.exporters.workbook import XLSX
from core.services import rounds
from core.settings import get_settings
from db.contents import keep_content, kept_content
from db.models import Bulletin
from db.queries import bulletins as queries
from db.queries.bulletins import BulletinRow
from db.session import current_store, read, transaction

_ISSUED = "该期通报已经印发，文字不能再改。如有差错，请对该轮督查办理更正，另发一期。"
_NUMBER_TAKEN = "第 {number} 期已用于本年的另一份通报，请改为未用的期号。"


@dataclass(frozen=True, slots=True)
class BulletinView:
    """
    A bulletin as it stands.

    Attributes:
        version: For the next save; None = nothing was saved yet and the words are the generated ones.
        snapshot_sha256: Digest of the round's snapshot, the source of every figure.
        issued_sha256: Digest of the Word document that went out; empty before.
    """

    round_id: int
    version: int | None
    issue_no: int
    texts: BulletinTexts
    snapshot: RoundSnapshot
    snapshot_sha256: str
    issued_at: datetime | None
    issued_by: str
    issued_sha256: str

    @property
    def is_issued(self) -> bool:
        """Whether it went out and stays as it is."""
        return self.issued_at is not None


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file as it is handed out."""

    name: str
    media_type: str
    content: bytes


def read_bulletin(actor: Actor, round_id: int) -> BulletinView:
    """
    Return the bulletin of a published round, with generated words until somebody saved others.

    Raises:
        NotFound: The round is not published.
        PermissionDenied: The actor does not see all projects.
        SnapshotDamaged: The snapshot does not agree with its digest.
    """
    body = rounds.snapshot_body(actor, round_id)
    snapshot = snapshot_from_json(body)
    store = current_store()
    with store.read() as connection:
        row = queries.find_bulletin(connection, round_id)
        number = row.issue_no if row else queries.next_issue_no(connection, snapshot.head.year)
    return _view(round_id, row, number, snapshot, digest(body))


def _view(
    round_id: int, row: BulletinRow | None, issue_no: int, snapshot: RoundSnapshot, snapshot_sha256: str
) -> BulletinView:
    settings = get_settings()
    published_on = snapshot.head.published_at.astimezone(settings.zone).date()
    texts = default_texts(snapshot, settings.city_name, published_on)
    return BulletinView(
        round_id=round_id,
        version=row.version if row else None,
        issue_no=issue_no,
        texts=texts_from_json(row.texts, texts) if row else texts,
        snapshot=snapshot,
        snapshot_sha256=snapshot_sha256,
        issued_at=row.issued_at if row else None,
        issued_by=row.issued_by if row else "",
        issued_sha256=row.issued_sha256 if row else "",
    )


def save_texts(actor: Actor, round_id: int, texts: BulletinTexts, issue_no: int, expected_version: int | None) -> int:
    """
    Keep the office's words and return the new version.

    Args:
        expected_version: Version that was read; None when nothing had been saved.

    Raises:
        Invalid: Texts or numbers were refused, all problems at once.
        Locked: It was issued.
        Conflict: Somebody saved meanwhile.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    snapshot = rounds.read_snapshot(actor, round_id)
    bulletin_texts.check(texts, issue_no)
    values = {"texts": texts_to_json(texts), "issue_no": issue_no}
    with transaction(actor) as tx:
        row = queries.find_bulletin(tx.connection, round_id)
        if row is not None and row.issued_at is not None:
            raise Locked(_ISSUED)
        if queries.is_number_taken(tx.connection, snapshot.head.year, issue_no, round_id):
            raise Invalid([Problem("issue_no", "issue_no_taken", _NUMBER_TAKEN.format(number=issue_no))])
        if row is None:
            tx.insert(Bulletin, {**_NOT_ISSUED, "round_id": round_id, "version": 1, **values})
            return 1
        if expected_version is None:
            raise Conflict({"texts": row.texts, "issue_no": row.issue_no}, values)
        return tx.update(Bulletin, row.id, values, expected_version=expected_version)


_NOT_ISSUED = {"issued_at": None, "issued_by": "", "issued_sha256": ""}


def blocks(view: BulletinView, *, pictures: bool = True) -> tuple[Block, ...]:
    """Return the parts of the document as they will be printed."""
    drawn = charts.draw_charts(view.snapshot, view.texts.colours) if pictures else ()
    return bulletin_blocks(view.snapshot, view.texts, view.issue_no, drawn)


def docx(actor: Actor, round_id: int, *, built_in: bool = False) -> DocumentFile:
    """
    Return the Word document: of an issued bulletin the bytes that went out, otherwise by the office's own template
    when one is in use.

    Args:
        built_in: Use the built-in layout whatever template is in use (not for issued ones).

    Raises:
        Invalid: The template cannot be filled, with the placeholder at fault.
        NotFound, PermissionDenied, SnapshotDamaged: As ``read_bulletin``.
    """
    require(actor, Permission.EXPORT)
    view = read_bulletin(actor, round_id)
    content = _issued(view) if view.is_issued else _word(view, built_in=built_in)
    return DocumentFile(_file_name(view, "docx"), DOCX, content)


def _issued(view: BulletinView) -> bytes:
    with read() as connection:
        content = kept_content(connection, view.issued_sha256)
    if content is None or sha256(content).hexdigest() != view.issued_sha256:
        raise NotFound("印发的通报原件没有找到或已损坏。请通知系统管理员从备份中恢复。")
    return content


def _word(view: BulletinView, *, built_in: bool = False) -> bytes:
    with read() as connection:
        own = None if built_in else queries.active_template(connection, DocumentKind.BULLETIN.value)
    if own is not None:
        return template.fill(own, template_context(blocks(view, pictures=False), view.texts))
    return write_word(blocks(view), title=_title(view), made_at=view.snapshot.head.published_at)


def try_template(actor: Actor, round_id: int, data: bytes) -> bytes:
    """
    Return the bulletin made by a template that is not kept yet: what is wrong with it shows before it is in use.

    Raises:
        Invalid: It is no plain Word document, or a placeholder cannot be filled.
        NotFound, PermissionDenied, SnapshotDamaged: As ``read_bulletin``.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    template.examine(data)
    view = read_bulletin(actor, round_id)
    return template.fill(data, template_context(blocks(view, pictures=False), view.texts))


def pdf(actor: Actor, round_id: int) -> DocumentFile:
    """
    Return the bulletin as PDF in the built-in layout.

    Raises:
        PdfFailed: It could not be set.
        NotFound, PermissionDenied, SnapshotDamaged: As ``read_bulletin``.
    """
    require(actor, Permission.EXPORT)
    view = read_bulletin(actor, round_id)
    fonts = (get_settings().data_dir / "fonts",)
    made_at = view.snapshot.head.published_at
    content = write_pdf(blocks(view), title=_title(view), made_at=made_at, font_folders=fonts)
    return DocumentFile(_file_name(view, "pdf"), PDF, content)


def workbook(actor: Actor, round_id: int) -> DocumentFile:
    """
    Return the annexes as a workbook.

    Raises:
        NotFound, PermissionDenied, SnapshotDamaged: As ``read_bulletin``.
    """
    require(actor, Permission.EXPORT)
    view = read_bulletin(actor, round_id)
    content = annexes.build_annexes(view.snapshot, view.texts)
    return DocumentFile(_file_name(view, "xlsx"), XLSX, content)


def issue(actor: Actor, round_id: int, expected_version: int | None) -> str:
    """
    Issue the bulletin (印发): its words are closed, its Word document is kept; return the document's SHA-256.

    Args:
        expected_version: Version that was looked at; None when nothing had been saved (it is issued as generated).

    Raises:
        Locked: It was issued already.
        Conflict: Somebody saved other words meanwhile.
        Invalid: The words or the template cannot be printed.
    """
    require(actor, Permission.PUBLISH_ROUND)
    view = read_bulletin(actor, round_id)
    if view.is_issued:
        raise Locked(_ISSUED)
    if view.version != expected_version:
        raise Conflict({"texts": texts_to_json(view.texts)}, {})
    if view.version is None:
        save_texts(actor, round_id, view.texts, view.issue_no, None)
    content = _word(view)
    found = sha256(content).hexdigest()
    with transaction(actor) as tx:
        row = queries.find_bulletin(tx.connection, round_id)
        if row is None:
            raise NotFound
        keep_content(tx.connection, found, content)
        tx.update(
            Bulletin,
            row.id,
            {"issued_at": tx.at, "issued_by": actor.login, "issued_sha256": found},
            expected_version=view.version or 1,
            headline=f"督查通报第{view.issue_no}期已印发",
        )
    return found


def _title(view: BulletinView) -> str:
    return view.texts.title.replace("\n", "")


def _file_name(view: BulletinView, ending: str) -> str:
    kind = "附件" if ending == "xlsx" else "通报"
    return f"督查{kind}-{view.snapshot.head.year}年第{view.issue_no}期.{ending}"
