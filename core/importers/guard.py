"""Proof, before the Rust reader is asked, that a workbook cannot make it hang or ask for all memory.

It lays a sheet out densely from whatever a cell calls itself, follows the sectors of a compound file for as long as
they go on, and cannot be interrupted: what it must not see is refused here.
"""

import re
import struct
import zipfile
from collections.abc import Iterable, Sequence

from core.importers.problems import UnreadableFile

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_USUAL_CELL = re.compile(rb'<c r="[A-Z]{1,3}[1-9]\d{0,6}"')
# Only A1…XFD9999999 in double quotes is a place that the checks behind this one understand.
_ODD_PLACE = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br(?:\s|=\s|='|=\"(?![A-Z]{1,3}[1-9]\d{0,6}\"))|<(?:\w+:)?row\b[^>]*?\br(?:\s|=\s|='|=\"(?![1-9]\d{0,6}\"))"
)
# A shared text by anything but its number: the reader would take the first text for it.
_ODD_TEXT = re.compile(rb'\bt="s"[^>]*><(?:\w+:)?v>(?!\d{1,8}<)')
# Cells without a name of their own stand in the row's: a far row then needs no far cell.
_FAR_ROW_OF_NAMELESS = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="\d{6,}"[^>]*>\s*<(?:\w+:)?c\b(?![^>]*\br=)')
_CARRIED = {
    "vbaproject": "宏",
    "xl/macrosheets/": "宏表",
    "xl/externallinks/": "外部链接",
    "xl/embeddings/": "嵌入的文件",
    "xl/activex/": "控件",
    "xl/connections.xml": "数据连接",
}
_FREE = 0xFFFFFFFF
_OWN_SECTORS = 109


def check_places(xml: bytes) -> None:
    """
    Refuse a sheet with cells or rows in no place that a spreadsheet could give them, or with texts by no number.

    Raises:
        UnreadableFile: Damaged.
    """
    # Usual writers begin each cell with its place; only other sheets are looked at tag by tag.
    is_usual = len(_CELL.findall(xml)) == len(_USUAL_CELL.findall(xml))
    if not is_usual and (_ODD_PLACE.search(xml) or _FAR_ROW_OF_NAMELESS.search(xml)):
        raise UnreadableFile("file_damaged")
    if _ODD_TEXT.search(xml):
        raise UnreadableFile("file_damaged")


def check_entries(entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
    """
    Refuse an archive that readers may understand differently: a member twice, or longer than the file.

    Raises:
        UnreadableFile: Damaged.
    """
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise UnreadableFile("file_damaged")
    if any(entry.header_offset + entry.compress_size > packed for entry in entries):
        raise UnreadableFile("file_damaged")


def carried_kinds(names: Iterable[str]) -> str:
    """Return in words what a workbook carries besides its cells: 宏、外部链接 …; empty when it is plain."""
    lowered = [name.lower() for name in names]
    return "、".join(word for mark, word in _CARRIED.items() if any(mark in name for name in lowered))


def check_compound(data: bytes) -> None:
    """
    Refuse a compound file (xls, encrypted xlsx) whose sectors lie outside it or lead back to themselves.

    Raises:
        UnreadableFile: Damaged.
    """
    try:
        for table in _tables(data):
            _check_chains(table)
    except struct.error as error:
        raise UnreadableFile("file_damaged") from error


def _tables(data: bytes) -> tuple[list[int], list[int]]:
    """Return the allocation tables of sectors and of short sectors."""
    order, shift = struct.unpack_from("<2H", data, 28)
    mini_start, mini_count, more_start, more_count = struct.unpack_from("<4I", data, 60)
    size = 1 << shift
    if order != 0xFFFE or shift not in (9, 12):
        raise UnreadableFile("file_damaged")
    most = len(data) // size
    if max(mini_count, more_count) > most:
        raise UnreadableFile("file_damaged")
    places = [place for place in struct.unpack_from(f"<{_OWN_SECTORS}I", data, 76) if place != _FREE]
    for _ in range(more_count):
        *further, more_start = _sector(data, more_start, size)
        places.extend(place for place in further if place != _FREE)
    if len(set(places)) < len(places):
        raise UnreadableFile("file_damaged")
    fat = [number for place in places for number in _sector(data, place, size)]
    mini: list[int] = []
    for _ in range(mini_count):
        mini.extend(_sector(data, mini_start, size))
        mini_start = fat[mini_start] if mini_start < len(fat) else _FREE
    return fat, mini


def _sector(data: bytes, place: int, size: int) -> tuple[int, ...]:
    return struct.unpack_from(f"<{size // 4}I", data, (place + 1) * size)


def _check_chains(table: Sequence[int]) -> None:
    """A chain of sectors that comes back to one of its own never ends."""
    walk_of = [0] * len(table)
    for number, start in enumerate(range(len(table)), 1):
        place = start
        while place < len(table) and not walk_of[place]:
            walk_of[place] = number
            place = table[place]
        if place < len(table) and walk_of[place] == number:
            raise UnreadableFile("file_damaged")
