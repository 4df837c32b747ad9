"""Colours of flags on light ground: the desk and printed documents. A colour never stands without word and shape."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlagColour:
    """Colour of a level: the shape, the word beside it, and the soft ground of a badge."""

    shape: str
    word: str
    ground: str


# Words keep a contrast of at least 4.5 : 1 on their surface and on their soft ground.
DESK_FLAGS = {
    "ok": FlagColour("#1a9d5b", "#11734a", "#e3f6ec"),
    "notice": FlagColour("#1a6fc4", "#155ba2", "#e7f2fd"),
    "warn": FlagColour("#e0a100", "#855700", "#fff3bf"),
    "severe": FlagColour("#d9363e", "#b4232b", "#fdeaea"),
    "no_data": FlagColour("#7b8ca0", "#5b6b7c", "#eef2f6"),
    "exempt": FlagColour("#b9c4d0", "#5b6b7c", "#f5f7fb"),
}
