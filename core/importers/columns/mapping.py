"""Columns settled by hand or by a profile: which column of a table each one means."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from core.importers.columns.words import header_words, split_unit
from core.importers.options import MappedColumn


@lru_cache(maxsize=4_000)
def header_key(header: str) -> str:
    """Return a header (parents first, parted by ``/``) in the spelling in which headers are compared."""
    return "/".join(header_words(part) for part in header.split("/"))


@lru_cache(maxsize=4_000)
def bare_key(header: str) -> str:
    """Return ``header_key`` without the units in it."""
    return "/".join(split_unit(header_words(part))[0] for part in header.split("/"))


def find_mapped(headers: Sequence[str], mapping: Sequence[MappedColumn]) -> dict[int, MappedColumn]:
    """
    Return position in *headers* → the settled column that stands there.

    The last word of a header will do where it is unique: people type ``总投资``, not ``投资情况/总投资``.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for position, header in enumerate(headers):
        for key in dict.fromkeys((header_key(header), bare_key(header))):
            places[key].append(position)
    endings: dict[str, list[int]] = defaultdict(list)
    for position, header in enumerate(headers):
        endings[bare_key(header).rpartition("/")[2]].append(position)
    found: dict[int, MappedColumn] = {}
    for mapped in mapping:
        key = header_key(mapped.header)
        at = places.get(key) or places.get(bare_key(mapped.header)) or endings.get(bare_key(mapped.header), [])
        if mapped.occurrence < len(at):
            found[at[mapped.occurrence]] = mapped
    return found
