"""Widths of texts in full characters: what the red mark and the signature are placed by."""

from core.exporters.official import style

DATE_RIGHT = 4.0  # 成文日期右空四字
_POINTS_PER_MM = 72 / 25.4


def chars_of(text: str) -> float:
    """Return the width of *text* in full characters; digits and Latin letters take half of one."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def mark_points(mark: str) -> float:
    """Return the size at which *mark* fills one line at most."""
    fitting = style.TEXT_WIDTH_MM * _POINTS_PER_MM / max(1.0, chars_of(mark))
    return float(min(style.MARK_POINTS, int(fitting)))


def organ_indent(organ: str, day: str) -> float:
    """Return how many characters *organ* stands from the right edge, centred above *day*, as the seal wants it."""
    return max(0.0, DATE_RIGHT + (chars_of(day) - chars_of(organ)) / 2)
