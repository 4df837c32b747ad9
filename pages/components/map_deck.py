"""
The map itself: a small deck.gl specification whose land arrives by address, compressed and kept by the browser.

No tiles are asked for unless a tile address is configured; then only that host. Plots have no outlines: on a machine
without a graphics card outlines cost more than everything else together.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pydeck
import streamlit as st
from pydeck.bindings.json_tools import default_serialize

from core.domain.ledger import ProjectFilter
from core.domain.permissions import Actor
from core.domain.terms import FlagLevel, ParcelStatus
from core.services.map_details import MapGround
from core.services.plots import Layer, MapFilter
from core.settings import get_settings
from pages.components import state, theme
from pages.components.state import Key
from pages.http.plots import layer_address

HEIGHT = 640
PLOTS, PROJECTS, COUNTIES = Layer.PLOTS.value, Layer.PROJECTS.value, Layer.COUNTIES.value
_TYPICAL_WIDTH = 830
_CLOSE_DEGREES = 0.025
_FLAGGED = (FlagLevel.SEVERE, FlagLevel.WARN, FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.NO_DATA, FlagLevel.EXEMPT)
_LINE_COLOURS = {"river": "#7db7e0", "lake": "#a9d2ee", "railway": "#8b97a6", "expressway": "#d8b98a"}
_SCALE_STEPS_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_METRES_PER_DEGREE = 111_000
_ALL = ProjectFilter()
_Text = pydeck.types.String  # a plain str would be read as a JavaScript expression


class Deck(pydeck.Deck):
    """A deck that writes itself without blanks: a quarter of the bytes and a third of the time of pydeck's own."""

    def to_json(self) -> str:
        return json.dumps(self, default=default_serialize, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was clicked: the layer and the id of the thing in it."""

    layer: str
    id: int


@dataclass(frozen=True, slots=True)
class Place:
    """A point to look at closely."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of land, degrees."""

    west: float
    south: float
    east: float
    north: float


def rgb(colour: str, alpha: int = 255) -> list[int]:
    """Return ``#rrggbb`` as deck.gl wants it."""
    return [*bytes.fromhex(colour.removeprefix("#")), alpha]


def chosen() -> Chosen | None:
    """Return what was clicked on the map in this session, if it still is."""
    event = state.get(Key.MAP_DECK)
    objects = (event or {}).get("selection", {}).get("objects", {})
    for layer in (PROJECTS, PLOTS, COUNTIES):
        for item in objects.get(layer, ()):
            number = (item.get("properties") or {}).get("id")
            if isinstance(number, int):
                return Chosen(layer, number)
    return None


def draw(actor: Actor, wanted: MapFilter, ground: MapGround, focus: Place | None = None) -> None:
    """Draw the map for *actor*; a click runs the script again and is found by ``chosen``."""
    tiles = get_settings().tile_url
    st.pydeck_chart(
        deck_of(actor, wanted, ground, focus, tiles), height=HEIGHT, key=Key.MAP_DECK.value, on_select="rerun"
    )


def deck_of(actor: Actor, wanted: MapFilter, ground: MapGround, focus: Place | None, tiles: str) -> Deck:
    """Return the specification: layers by address, labels and scale bar in it."""
    style = {"map_style": f"data:application/json,{quote(json.dumps(tile_style(tiles)))}"} if tiles else {}
    box = _box(ground, focus)
    return Deck(
        layers=[
            _counties(layer_address(actor, Layer.COUNTIES, MapFilter(_ALL)), filled=not tiles),
            _lines(layer_address(actor, Layer.LINES, MapFilter(_ALL))),
            _plots(layer_address(actor, Layer.PLOTS, wanted)),
            _projects(layer_address(actor, Layer.PROJECTS, MapFilter(wanted.projects))),
            *_labels(ground),
            *_scale_bar(box),
            *([_ring(focus)] if focus else []),
        ],
        map_provider="maplibre" if tiles else None,
        initial_view_state=_view(box),
        tooltip=_tooltip(),
        **style,
    )


def tile_style(tiles: str) -> dict[str, Any]:
    """Return the MapLibre style of a raster tile service ``{z}/{x}/{y}``."""
    source = {"type": "raster", "tileSize": 256, "maxzoom": 18, "tiles": [tiles]}
    return {"version": 8, "sources": {"base": source}, "layers": [{"id": "base", "type": "raster", "source": "base"}]}


def _expression(field: str, colours: Mapping[str, str], other: str, alpha: int) -> Any:
    """Return the expression that gives each feature the colour of its *field*."""
    text = str(rgb(other, alpha))
    for value, colour in colours.items():
        text = f"properties.{field} == '{value}' ? {rgb(colour, alpha)} : {text}"
    return _Text(f"@@={text}")


def _flag_colours() -> dict[str, str]:
    return {level.value: theme.flag_mark(level).colour.shape for level in _FLAGGED}


def _counties(address: str, *, filled: bool) -> pydeck.Layer:
    return pydeck.Layer(
        "GeoJsonLayer",
        _Text(address),
        id=COUNTIES,
        filled=True,
        stroked=True,
        get_fill_color=rgb(theme.DESK.surface, 255 if filled else 0),
        get_line_color=rgb("#9db4cc"),
        line_width_min_pixels=1.2,
        pickable=True,
    )


def _lines(address: str) -> pydeck.Layer:
    return pydeck.Layer(
        "GeoJsonLayer",
        _Text(address),
        id="lines",
        stroked=True,
        filled=True,
        get_fill_color=_expression("k", _LINE_COLOURS, "#c5d0dc", 255),
        get_line_color=_expression("k", _LINE_COLOURS, "#c5d0dc", 255),
        line_width_min_pixels=2,
        pickable=False,
    )


def _plots(address: str) -> pydeck.Layer:
    """Plots take the colour of their project's flag; without a project that of their status."""
    by_status = {status.value: colour for status, colour in theme.PARCEL_COLOURS.items()}
    text = str(_expression("s", by_status, theme.DESK.faint, 190)).removeprefix("@@=")
    for level, colour in _flag_colours().items():
        text = f"properties.f == '{level}' ? {rgb(colour, 205)} : {text}"
    return pydeck.Layer(
        "GeoJsonLayer",
        _Text(address),
        id=PLOTS,
        stroked=False,
        filled=True,
        get_fill_color=_Text(f"@@={text}"),
        pickable=True,
        auto_highlight=True,
        highlight_color=rgb(theme.DESK.primary, 120),
    )


def _projects(address: str) -> pydeck.Layer:
    """Projects are drawn as the shape of their flag (●▲■◇), so that colour never stands alone."""
    return pydeck.Layer(
        "GeoJsonLayer",
        _Text(address),
        id=PROJECTS,
        point_type=_Text("text"),
        get_text=_Text("@@=properties.g"),
        get_text_size=15,
        get_text_color=_expression("f", _flag_colours(), theme.DESK.faint, 255),
        text_character_set=_Text("auto"),
        text_font_family=_Text(theme.FONT.replace("'", "")),
        text_outline_width=3,
        text_outline_color=rgb(theme.DESK.surface),
        text_font_settings={"sdf": True},
        stroked=False,
        pickable=True,
    )


def _labels(ground: MapGround) -> list[pydeck.Layer]:
    rows = [
        {"p": [county.longitude, county.latitude], "t": county.name, "a": county.about} for county in ground.counties
    ]
    return [
        _text("label", rows, "@@=t", 14, theme.DESK.text, [0, -8]),
        _text("label_about", rows, "@@=a", 12, theme.DESK.muted, [0, 9]),
    ]


def _text(
    name: str, rows: list[dict[str, Any]], text: str, size: int, colour: str, offset: list[int], **more: Any
) -> pydeck.Layer:
    return pydeck.Layer(
        "TextLayer",
        rows,
        id=name,
        get_position=_Text("@@=p"),
        get_text=_Text(text),
        get_size=size,
        get_color=rgb(colour),
        get_pixel_offset=offset,
        character_set=_Text("auto"),
        font_family=_Text(theme.FONT.replace("'", "")),
        font_weight=600,
        background=True,
        get_background_color=rgb(theme.DESK.surface, 175),
        background_padding=[3, 1],
        pickable=False,
        **more,
    )


def _scale_bar(box: Box) -> list[pydeck.Layer]:
    """Return a scale bar drawn on the land itself, so that it stays right at every zoom."""
    squeeze = math.cos(math.radians((box.south + box.north) / 2))
    width_m = (box.east - box.west) * squeeze * _METRES_PER_DEGREE
    metres = max((step for step in _SCALE_STEPS_M if step <= width_m / 6), default=_SCALE_STEPS_M[0])
    length = metres / (_METRES_PER_DEGREE * squeeze)
    height = box.north - box.south
    left, low = box.west, box.south - height * 0.02
    bar = [[left, low + height * 0.008], [left, low], [left + length, low], [left + length, low + height * 0.008]]
    path = pydeck.Layer(
        "PathLayer",
        [{"p": bar}],
        id="scale",
        get_path=_Text("@@=p"),
        get_color=rgb(theme.DESK.muted),
        width_min_pixels=1.5,
        width_max_pixels=1.5,
        pickable=False,
    )
    words = f"{metres} 米" if metres < 1000 else f"{metres // 1000} 公里"
    label = [{"p": [left + length / 2, low], "t": words}]
    return [path, _text("scale_label", label, "@@=t", 12, theme.DESK.muted, [0, 10])]


def _ring(focus: Place) -> pydeck.Layer:
    """Return the ring around the place that the address asks to look at."""
    return pydeck.Layer(
        "ScatterplotLayer",
        [{"p": [focus.longitude, focus.latitude]}],
        id="focus",
        get_position=_Text("@@=p"),
        get_radius=1,
        radius_min_pixels=84,
        radius_max_pixels=84,
        filled=False,
        stroked=True,
        get_line_color=rgb(theme.DESK.primary, 190),
        line_width_min_pixels=2.5,
        pickable=False,
    )


def _box(ground: MapGround, focus: Place | None) -> Box:
    if focus is None:
        return Box(*ground.box)
    return Box(
        focus.longitude - _CLOSE_DEGREES,
        focus.latitude - 0.6 * _CLOSE_DEGREES,
        focus.longitude + _CLOSE_DEGREES,
        focus.latitude + 0.6 * _CLOSE_DEGREES,
    )


def _view(box: Box) -> pydeck.ViewState:
    """Return the view that shows *box* and the scale bar below it."""
    south = box.south - (box.north - box.south) * 0.04
    latitude = (south + box.north) / 2
    # Web Mercator: 512 px show 360 degrees at zoom 0; latitudes are stretched by 1 / cos.
    by_width = math.log2(_TYPICAL_WIDTH * 0.94 * 360 / (512 * max(box.east - box.west, 1e-3)))
    stretched = 360 * math.cos(math.radians(latitude))
    by_height = math.log2(HEIGHT * 0.92 * stretched / (512 * max(box.north - south, 1e-3)))
    return pydeck.ViewState(longitude=(box.west + box.east) / 2, latitude=latitude, zoom=min(by_width, by_height))


def _tooltip() -> dict[str, Any]:
    return {
        "html": "<b>{t}</b><br/>{a}<br/>{b}",
        "style": {
            "backgroundColor": theme.DESK.surface,
            "color": theme.DESK.text,
            "border": f"1px solid {theme.DESK.border}",
            "borderRadius": "6px",
            "boxShadow": "0 4px 14px rgba(15,33,56,.14)",
            "fontFamily": theme.FONT,
            "fontSize": "13px",
            "lineHeight": "1.55",
            "padding": "8px 12px",
            "maxWidth": "320px",
        },
    }


def legend() -> list[dict[str, str]]:
    """Return what colours and shapes mean: flags first, then plots without a project by status."""
    marks = {theme.flag_mark(level).word: theme.flag_mark(level) for level in _FLAGGED}
    shown = [
        {"shape": mark.shape, "colour": mark.colour.shape, "text": mark.word if mark.word != mark.shape else "不评"}
        for mark in marks.values()
    ]
    empty = [status for status in ParcelStatus if status is not ParcelStatus.IN_USE]
    return shown + [{"shape": "", "colour": theme.PARCEL_COLOURS[status], "text": status.label} for status in empty]
