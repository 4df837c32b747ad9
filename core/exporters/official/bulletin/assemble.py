"""The order of a bulletin, from the red head to 印发."""

from collections.abc import Sequence

from core.domain.bulletin_texts import BulletinTexts, paragraphs
from core.domain.round_snapshot import RoundSnapshot
from core.exporters.official.blocks import (
    Addressee,
    Attachments,
    Block,
    CopyTo,
    Heading,
    Letterhead,
    Paragraph,
    Picture,
    Signature,
    Title,
)
from core.exporters.official.bulletin.figures import Figures
from core.exporters.official.bulletin.findings import findings
from core.exporters.official.bulletin.flags import flags
from core.exporters.official.bulletin.overview import overview
from core.exporters.official.bulletin.tables import NAMES, annexes


def issue_words(snapshot: RoundSnapshot, issue_no: int) -> str:
    """Return 第N期; a revision says that it corrects."""
    return f"第{issue_no}期{'（更正）' if snapshot.head.revision > 1 else ''}"


def bulletin_blocks(
    snapshot: RoundSnapshot, texts: BulletinTexts, issue_no: int, charts: Sequence[Picture] = ()
) -> tuple[Block, ...]:
    """
    Return the bulletin of a published round.

    Args:
        snapshot: The only source of figures.
        texts: The only source of the office's words.
        issue_no: 期号.
        charts: Money by county first, then those on flags; empty = a bulletin without pictures.
    """
    figures = Figures(texts.rounding, texts.colours)
    return (
        Letterhead(texts.mark, issue_words(snapshot, issue_no), texts.organ, texts.signed_on),
        Title(texts.title),
        Addressee(texts.addressees.rstrip("：:")),
        *(Paragraph(line) for line in paragraphs(texts.opening)),
        *overview(snapshot, figures, charts[0] if charts else None),
        *flags(snapshot, texts, figures, charts[1:]),
        *findings(snapshot, texts),
        Heading(1, "下步要求"),
        *(Paragraph(text, lead=lead) for lead, text in texts.requirement_lines()),
        Attachments(NAMES),
        Signature(texts.organ, texts.signed_on),
        *annexes(snapshot, texts, figures),
        CopyTo(texts.copies, texts.printer, texts.signed_on, texts.count or None),
    )
