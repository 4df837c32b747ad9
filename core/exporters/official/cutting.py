"""Texts cut to the room they have on paper, with … in place of the rest."""

from core.exporters.official.widths import chars_of


def cut(text: str, chars: float) -> str:
    """Return *text* on one line, no wider than *chars* full characters."""
    words = " ".join(text.split())
    if chars_of(words) <= chars:
        return words
    kept, width = [], 1.0  # the … itself
    for character in words:
        width += chars_of(character)
        if width > chars:
            break
        kept.append(character)
    return f"{''.join(kept).rstrip()}…"
