"""How levels look in a place: word, shape and colour key, always together. Colour values belong to the theme."""

from dataclasses import dataclass

from core.domain.terms import FlagLevel


@dataclass(frozen=True, slots=True)
class Mark:
    """Word, shape and colour key of a level; the three are never shown apart."""

    word: str
    shape: str
    colour: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A place's colours: one mark per level, in the order of ``FlagLevel``."""

    code: str
    name: str
    marks: tuple[tuple[FlagLevel, Mark], ...]

    def mark(self, level: FlagLevel) -> Mark:
        """Return the mark of *level*."""
        for known, mark in self.marks:
            if known is level:
                return mark
        raise KeyError(level)


_GREEN = Mark("绿", "●", "ok")
_COMMON = (
    (FlagLevel.WARN, Mark("黄", "▲", "warn")),
    (FlagLevel.SEVERE, Mark("红", "■", "severe")),
    (FlagLevel.NO_DATA, Mark("无数据", "◇", "no_data")),
    (FlagLevel.EXEMPT, Mark("—", "—", "exempt")),
)

DEFAULT_SCHEME = Scheme("three_colours", "红黄绿三色旗", ((FlagLevel.OK, _GREEN), (FlagLevel.NOTICE, _GREEN), *_COMMON))
FOUR_COLOURS = Scheme(
    "four_colours",
    "红黄蓝绿四色旗",
    ((FlagLevel.OK, _GREEN), (FlagLevel.NOTICE, Mark("蓝", "◆", "notice")), *_COMMON),
)
SCHEMES: tuple[Scheme, ...] = (DEFAULT_SCHEME, FOUR_COLOURS)
