"""Which kind of import a file looks like, so that the screen can propose it; the user decides."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from core.domain.permissions import Actor
from core.importers.cells.text import match_key
from core.importers.columns.words import header_words, split_unit
from core.importers.limits import MAX_BYTES
from core.importers.problems import UnreadableFile
from core.importers.read_sheet import cell_text
from core.importers.sheet import Sheet
from core.importers.table import read_sheets
from core.services.imports.kinds import AnyKind, allowed_kinds

_TOP_ROWS = 12
_SHEETS = 3
# Files that are no tables: by their ending, else by what they begin with.
_ENDINGS = {
    "land": (".zip", ".geojson", ".kml", ".kmz", ".gpkg", ".dxf", ".shp"),
    "schedule": (".xer", ".xml", ".pmxml"),
}
_LAND_TEXT = "[地块坐标]"


def propose_kind(actor: Actor, file_name: str, data: bytes) -> str:
    """
    Return the code of the kind whose fields match most headers of the file, the first allowed kind when none does.

    Raises:
        PermissionDenied: The actor may not import anything.
    """
    kinds = allowed_kinds(actor)
    codes = {kind.code for kind in kinds}
    foreign = _foreign_kind(file_name, data)
    if foreign in codes:
        return foreign
    words = _top_words(file_name, data)
    scores = _scores(kinds, words)
    best = max(kinds, key=lambda kind: scores[kind.code])
    return best.code


def _foreign_kind(file_name: str, data: bytes) -> str:
    ending = PurePath(file_name).suffix.lower()
    for code, endings in _ENDINGS.items():
        if ending in endings:
            return code
    head = data[:4_096]
    if any(_LAND_TEXT in head.decode(encoding, "ignore") for encoding in ("utf-8", "gb18030")):
        return "land"
    if ending == ".json":
        return "oc4ids" if b'"projects"' in data[:1_000_000] else "land" if _is_geojson(data) else ""
    return ""


def _is_geojson(data: bytes) -> bool:
    try:
        found = json.loads(data) if len(data) <= MAX_BYTES else None
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("type") in ("FeatureCollection", "Feature")


def _top_words(file_name: str, data: bytes) -> set[str]:
    try:
        sheets = read_sheets(data, file_name)
    except UnreadableFile:
        return set()
    return {word for sheet in _first_visible(sheets) for word in _words_of(sheet)}


def _first_visible(sheets: Sequence[Sheet]) -> list[Sheet]:
    return [sheet for sheet in sheets if sheet.visible][:_SHEETS]


def _words_of(sheet: Sheet) -> Iterable[str]:
    for row in sheet.cells[:_TOP_ROWS]:
        for value in row:
            text = cell_text(value)
            if 0 < len(text) <= 40:
                yield match_key(split_unit(header_words(text))[0])


def _scores(kinds: Sequence[AnyKind], words: set[str]) -> dict[str, float]:
    """A heading that few kinds have says more than one that all have (项目名称)."""
    labels = {kind.code: {match_key(label) for label in kind.fields.values()} for kind in kinds}
    spread = Counter(label for own in labels.values() for label in own)
    return {code: sum(1 / spread[label] for label in own & words) for code, own in labels.items()}
