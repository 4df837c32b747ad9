"""
勘测定界 / 报盘 txt: lines → plots with their rings. docs/imports.md names every variant that is understood.

A point line is 点号,圈号,X(north),Y(east) in the geodetic sense. Which number is which is decided from its size, the
zone from the easting itself; the header only fills what the numbers leave open, and must not contradict them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.importers.delimited import decode_text
from core.importers.land.plot import RawFile, RawPlot
from core.importers.land.txt_header import Frame, read_frame
from core.importers.land.txt_rings import build_geometry
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, build_problem

_DIGITS = str.maketrans("．－０１２３４５６７８９", ".-0123456789")
_HEADER_FIELDS = range(4, 16)
_USUAL_FIELDS = range(7, 14)
_POINT_START = re.compile(r"^\s*[A-Za-z]{0,3}\d+\s*,")
_FIELDS = ("count", "declared", "code", "name", "shape", "sheet", "use_name", "use_code")
_AREAS = frozenset({"", "面", "面状", "多边形", "polygon", "POLYGON"})
_LABELS = {
    "code": "地块编号",
    "name": "地块名称",
    "declared": "地块面积",
    "use_name": "地块用途",
    "use_code": "地类编码",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A corner point as its line states it; *first* and *second* are the two coordinates in their order."""

    line: int
    number: str
    ring: str
    first: float
    second: float


@dataclass(slots=True)
class _Block:
    """A plot line and the point lines below it."""

    line: int
    fields: list[str]
    points: list[Point] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)


def is_land_txt(data: bytes) -> bool:
    """Return whether the beginning of *data* looks like an exchange file of the land bureaus."""
    head = data[:200_000]
    marks = ("地块坐标", "属性描述")
    if any(mark.encode(encoding) in head for mark in marks for encoding in ("utf-8", "gbk", "utf-16-le", "utf-16-be")):
        return True
    return re.search(rb"@\s*[\r\n]+\s*J?1\s*,\s*\d+\s*,", head) is not None


def read_txt(data: bytes, file_name: str, options: ReadOptions) -> RawFile:
    """
    Return the plots of an exchange file; the row of a plot is the line of its ``@``.

    Raises:
        UnreadableFile: No known encoding.
    """
    lines = [_narrow(line) for line in _mended(re.split(r"\r\n|\r|\n", decode_text(data)), options)]
    header = _header(lines)
    frame = read_frame(header, file_name, options)
    blocks, problems = _blocks(lines, file_name)
    plots = tuple(_plot(block, file_name, frame) for block in blocks)
    return RawFile(plots, (*frame.problems, *problems), _LABELS)


def _mended(lines: list[str], options: ReadOptions) -> list[str]:
    """Replace the lines that the user mended: a mend's row is the line, its value the whole line."""
    for mend in options.mends:
        if 0 < mend.row <= len(lines):
            lines[mend.row - 1] = mend.value
    return lines


def _narrow(line: str) -> str:
    """Return *line* with its structure in ASCII; full-width marks inside names are left alone."""
    text = line.strip().lstrip("\ufeff")
    if text.startswith(("【", "［")):
        return text.translate(str.maketrans("【】［］", "[][]"))
    if text.endswith("＠"):
        text = text[:-1] + "@"
    if "," not in text:
        text = text.replace("，", ",")
    return text if "=" in text or "@" in text else text.replace("＝", "=")


def _header(lines: list[str]) -> Mapping[str, tuple[int, str]]:
    """Return key → (line, value) of all ``key=value`` lines; the last one wins."""
    found = {}
    for number, line in enumerate(lines, 1):
        if "=" in line and "@" not in line and not line.startswith("["):
            key, _, value = line.partition("=")
            found[key.strip()] = (number, value.strip())
    return found


def _blocks(lines: list[str], sheet: str) -> tuple[list[_Block], list[ImportProblem]]:
    blocks: list[_Block] = []
    strays: list[ImportProblem] = []
    for number, line in enumerate(lines, 1):
        if line.endswith("@"):
            blocks.append(_open_block(number, line, sheet))
        elif not line or line.startswith("[") or "=" in line:
            continue
        elif blocks:
            _add_point(blocks[-1], number, line, sheet)
        elif _POINT_START.match(line):
            strays.append(build_problem("point_outside", sheet, number))
    return blocks, strays[:1]


def _open_block(number: int, text: str, sheet: str) -> _Block:
    fields = [part.strip() for part in text[:-1].rstrip().removesuffix(",").split(",")]
    fields[0] = fields[0].translate(_DIGITS)
    block = _Block(number, fields)
    if len(fields) not in _HEADER_FIELDS or not re.fullmatch(r"[0-9]{1,7}", fields[0]):
        block.problems.append(build_problem("plot_header", sheet, number, value=text))
    elif len(fields) > 4 and fields[4] not in _AREAS:
        block.problems.append(build_problem("not_an_area", sheet, number, "记录图形属性", value=fields[4]))
    return block


def _add_point(block: _Block, number: int, text: str, sheet: str) -> None:
    parts = [part.strip() for part in text.rstrip(",").split(",")]
    if len(parts) != 4 or not parts[0] or not re.fullmatch(r"[0-9]{1,4}", parts[1].translate(_DIGITS)):
        block.problems.append(build_problem("point_line", sheet, number, value=text))
        return
    values = [parse_metres(part) for part in parts[2:]]
    for part, value in zip(parts[2:], values, strict=True):
        if value is None:
            block.problems.append(build_problem("bad_coordinate", sheet, number, value=part))
            return
    first, second = (value for value in values if value is not None)
    block.points.append(Point(number, parts[0].upper(), parts[1].translate(_DIGITS), first, second))


def parse_metres(text: str) -> float | None:
    """Return a plain decimal number; None for anything else (words, two points, exponents, infinities)."""
    plain = text.strip().translate(_DIGITS)
    return float(plain) if re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{0,12})?", plain) else None


def _plot(block: _Block, sheet: str, frame: Frame) -> RawPlot:
    values = dict(zip(_FIELDS, block.fields, strict=False))
    kept = {code: values[code] for code in _LABELS if values.get(code)}
    kept["declared_unit"] = "公顷"
    if block.problems:
        return RawPlot(sheet, block.line, kept, None, frame.crs, tuple(block.problems))
    built = build_geometry(block.points, int(values["count"]), (sheet, block.line), frame)
    return RawPlot(sheet, block.line, kept, built.geometry, built.crs, built.problems)
