"""The single source of colours, shapes and words: the light desk, the dark wall, the flag marks.

The colours of flags on paper and on the desk are one (core/domain/flag_colours.py).

``.streamlit/config.toml`` repeats the base colours of the desk, since Streamlit reads nothing else; a test compares.
Colours of map layers and figures are taken from here as well. Red here is a warning, never an honour.
"""

from dataclasses import asdict, dataclass

from core.domain.flag_colours import DESK_FLAGS, FlagColour
from core.domain.flag_schemes import DEFAULT_SCHEME, Mark, Scheme
from core.domain.terms import FlagLevel, ParcelStatus, Stage

FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one surface."""

    background: str
    surface: str
    raised: str
    border: str
    grid: str
    text: str
    muted: str
    faint: str
    primary: str
    accent: str
    track: str
    plan: str
    bar: str
    alert: str


DESK = Palette(
    background="#f5f7fb",
    surface="#ffffff",
    raised="#f2f5f7",
    border="#e1e7ee",
    grid="#eef2f6",
    text="#1f2d3d",
    muted="#5b6b7c",
    faint="#7b8ca0",
    primary="#1a6fc4",
    accent="#1a6fc4",
    track="#e1e7ee",
    plan="#9198a0",
    bar="#bcd9f2",
    alert="#d9480f",
)
WALL = Palette(
    background="#081423",
    surface="#0c1e32",
    raised="#12466f",
    border="#17344f",
    grid="#16304a",
    text="#e6f0f8",
    muted="#9fb6cc",
    faint="#7f97ad",
    primary="#38bdf8",
    accent="#38bdf8",
    track="#173350",
    plan="#a9bccd",
    bar="#1d5b86",
    alert="#ff7a7f",
)


WALL_FLAGS = {
    "ok": FlagColour("#2fbf71", "#4fd58c", "#10382f"),
    "notice": FlagColour("#38bdf8", "#6fd0fb", "#10344f"),
    "warn": FlagColour("#f6b73c", "#ffcf6e", "#3b3015"),
    "severe": FlagColour("#f2545b", "#ff7a7f", "#3f1a24"),
    "no_data": FlagColour("#7f97ad", "#9fb6cc", "#16304a"),
    "exempt": FlagColour("#4d6378", "#9fb6cc", "#0c1e32"),
}

PARCEL_COLOURS = {
    ParcelStatus.PLANNED: "#8aa4c8",
    ParcelStatus.APPROVED_NOT_SUPPLIED: "#e0a100",
    ParcelStatus.SUPPLIED_NOT_BUILT: "#d4640c",
    ParcelStatus.IDLE_LAND: "#c2478f",
    ParcelStatus.INEFFICIENT_LAND: "#7a5bc7",
    ParcelStatus.IN_USE: "#1a9d5b",
}
# What only the wall needs, by the end of the CSS name: words, grounds, and the schematic map.
WALL_DETAILS = {
    "strong": "#f4f9fd",
    "soft": "#c3d4e4",
    "sky": "#7fd3fb",
    "head": "#0b1b2e",
    "glow": "#0b1d30",
    "card-top": "#0d2035",
    "card-bottom": "#0b1c2f",
    "team": "#10263d",
    "ink": "#071523",
    "danger": "#8f1d28",
    "shade": "#0009",
    "map-halo": "#0f3354",
    "map-county": "#10293f",
    "map-district": "#143a5b",
    "map-zone": "#17456b",
    "map-border": "#2470a8",
    "map-water": "#185c8a",
    "map-track": "#8da3b8",
    "map-free": "#5f7d9b",
    "free": "#86a5c4",
    "free-text": "#a9c1d9",
}
ENDED_STAGES = frozenset({Stage.WITHDRAWN, Stage.TERMINATED, Stage.MERGED})


@dataclass(frozen=True, slots=True)
class FlagMark:
    """Everything needed to draw a level: word, shape and colours, never one of them alone."""

    level: FlagLevel
    word: str
    shape: str
    colour: FlagColour

    @property
    def text(self) -> str:
        """Shape and word for places without colour (tables, print)."""
        return self.word if self.shape == self.word else f"{self.shape} {self.word}"


def flag_mark(level: FlagLevel | str, *, wall: bool = False, scheme: Scheme = DEFAULT_SCHEME) -> FlagMark:
    """Return how *level* is drawn on the desk or on the wall."""
    known = FlagLevel(level)
    mark: Mark = scheme.mark(known)
    return FlagMark(known, mark.word, mark.shape, (WALL_FLAGS if wall else DESK_FLAGS)[mark.colour])


def css_variables(palette: Palette, flags: dict[str, FlagColour]) -> str:
    """Return the palette as CSS custom properties ``--wr-…``, so that no style sheet repeats a colour."""
    pairs = {f"--wr-{name}": value for name, value in asdict(palette).items()}
    for key, colour in flags.items():
        name = key.replace("_", "-")
        pairs |= {f"--wr-{name}": colour.shape, f"--wr-{name}-text": colour.word, f"--wr-{name}-ground": colour.ground}
    pairs["--wr-font"] = FONT
    return "".join(f"{name}:{value};" for name, value in pairs.items())


def wall_variables() -> str:
    """Return the wall's palette, its details and the colours of plots as CSS custom properties."""
    extra = WALL_DETAILS | {f"status-{status.value}": colour for status, colour in PARCEL_COLOURS.items()}
    return css_variables(WALL, WALL_FLAGS) + "".join(f"--wr-{name}:{value};" for name, value in extra.items())
