"""Which kind of import a file looks like, so that the screen can propose it; the user decides."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from core.domain.permissions import Actor
from core.importers.columns.fields import Field
from core.importers.columns.header import find_header_with
from core.importers.columns.mapping import bare_key
from core.importers.columns.vocabulary import LedgerVocabulary, Vocabulary
from core.importers.land.corners import is_corner_table
from core.importers.limits import MAX_BYTES
from core.importers.problems import UnreadableFile
from core.importers.sheet import Sheet
from core.importers.table import read_sheets
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.schema_sheet import SHEET, read_schema
from core.importers.tables.vocabulary import ELSEWHERE, SEQUENCE, TableVocabulary
from core.services.imports.kinds import AnyKind, allowed_kinds

_LEDGER = "ledger"
_UNREAD = (None, "", SEQUENCE, ELSEWHERE, Field.SEQUENCE, Field.ELSEWHERE)
_SHEETS = 3
# Files that are no tables: by their ending, else by what they begin with.
_ENDINGS = {
    "land": (".zip", ".geojson", ".kml", ".kmz", ".gpkg", ".dxf", ".shp"),
    "schedule": (".xer", ".xml", ".pmxml"),
}
_LAND_TEXT = "[地块坐标]"


def propose_kind(actor: Actor, file_name: str, data: bytes) -> str:
    """
    Return the code of the kind that the file says it is, else of the one that understands most of its headers.

    The first allowed kind when nothing tells.

    Raises:
        PermissionDenied: The actor may not import anything.
    """
    kinds = allowed_kinds(actor)
    codes = {kind.code for kind in kinds}
    foreign = _foreign_kind(file_name, data)
    if foreign in codes:
        return foreign
    sheets = _sheets(file_name, data)
    schema = read_schema(sheets)
    if schema is not None and schema.kind in codes:
        return schema.kind
    shown = [sheet for sheet in sheets if sheet.visible and sheet.name != SHEET][:_SHEETS]
    if "land" in codes and any(map(is_corner_table, shown)):
        return "land"
    scores = _scores(kinds, shown)
    return max(kinds, key=lambda kind: scores[kind.code]).code


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


def _sheets(file_name: str, data: bytes) -> tuple[Sheet, ...]:
    try:
        return read_sheets(data, file_name)
    except UnreadableFile:
        return ()


def _scores(kinds: Sequence[AnyKind], sheets: Sequence[Sheet]) -> dict[str, tuple[float, int]]:
    """
    Return how much of the headers each kind understands, then how many of them it calls so itself.

    A column that few kinds understand says more than one that all do (项目名称).
    """
    found = {kind.code: _understood(kind, sheets) for kind in kinds}
    spread = Counter(place for places in found.values() for place in places)
    return {
        code: (round(sum(1 / spread[place] for place in places), 6), sum(places.values()))
        for code, places in found.items()
    }


def _understood(kind: AnyKind, sheets: Sequence[Sheet]) -> dict[tuple[str, int], bool]:
    """Return (sheet, column) of every header that *kind* reads → whether it is the field's own label."""
    vocabulary: Vocabulary[Any]
    if kind.code == _LEDGER:
        vocabulary = LedgerVocabulary()
    elif kind.code in TABLE_KINDS:
        vocabulary = TableVocabulary(TABLE_KINDS[kind.code])
    else:
        return {}
    headers = ((sheet.name, find_header_with(sheet, vocabulary)) for sheet in sheets)
    return {
        (name, column.index): bare_key(column.header) == bare_key(kind.fields.get(column.field, ""))
        for name, header in headers
        if header
        for column in header.columns
        if column.field not in _UNREAD
    }
