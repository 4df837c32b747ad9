"""Tables of corner points (界址点成果表、拐点坐标) in xlsx or csv → plots; metres or degrees, grouped by plot."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.importers.cells.refused import Refused
from core.importers.cells.text import cell_text
from core.importers.land.angles import Packing, packing_of, parse_decimal, parse_marked, parse_packed
from core.importers.land.plot import RawFile, RawPlot
from core.importers.land.txt import Point, parse_metres
from core.importers.land.txt_header import read_frame
from core.importers.land.txt_rings import build_geometry
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, UnreadableFile, build_problem
from core.importers.sheet import Sheet, column_letter
from core.importers.table import read_sheets

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("longitude", r"^(经度|东经|lon|lng|longitude)"),
        ("latitude", r"^(纬度|北纬|lat|latitude)"),
        ("number", r"^(点号|界址点号?|拐点号?|拐点编号|point|no\.?$)"),
        ("ring", r"^(圈号|环号|ring)"),
        ("code", r"^(地块|宗地)(编号|编码|代码|号)"),
        ("name", r"^((地块|宗地)(名称)?$|项目名称|plot)"),
        ("declared", r"^(地块|宗地|用地)?面积"),
        ("first", r"^(纵坐标|x\b|x坐标|x$|北坐标|北$)"),
        ("second", r"^(横坐标|y\b|y坐标|y$|东坐标|东$)"),
    )
)
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the header stands and what its columns are; *words* is everything up to and including it."""

    row: int
    columns: Mapping[str, int]
    texts: tuple[str, ...]
    words: str

    @property
    def pair(self) -> tuple[str, str]:
        return ("latitude", "longitude") if "longitude" in self.columns else ("first", "second")

    def label(self, code: str) -> str:
        column = self.columns[code]
        return f"{column_letter(column)} {self.texts[column]}"


def read_corners(data: bytes, file_name: str, options: ReadOptions) -> RawFile:
    """
    Return the plots of every visible sheet; the row of a plot is that of its first corner.

    Raises:
        UnreadableFile: No table at all, or none with coordinates.
    """
    plots: list[RawPlot] = []
    problems: list[ImportProblem] = []
    found = False
    for sheet in read_sheets(data, file_name):
        header = _find_header(sheet)
        if header is None or not sheet.visible:
            continue
        found = True
        plots += _read_sheet(sheet, header, options, problems)
    if not found:
        raise UnreadableFile("corner_columns")
    return RawFile(tuple(plots), tuple(problems), {"declared": "面积", "name": "地块名称", "code": "地块编号"})


def is_corner_table(sheet: Sheet) -> bool:
    """Return whether *sheet* lists numbered corner points; a list of plots may name a coordinate, but no point."""
    header = _find_header(sheet)
    return header is not None and "number" in header.columns


def _find_header(sheet: Sheet) -> _Header | None:
    words = ""
    for row, cells in enumerate(sheet.cells[:_HEADER_WITHIN]):
        texts = tuple(re.sub(r"\s", "", _text(cell)) for cell in cells)
        words += " ".join(texts)
        columns: dict[str, int] = {}
        for column, text in enumerate(texts):
            code = next((code for code, pattern in _PATTERNS if pattern.match(text)), "")
            if code:
                columns.setdefault(code, column)
        if {"longitude", "latitude"} <= columns.keys() or {"first", "second"} <= columns.keys():
            return _Header(row, columns, texts, words)
    return None


def _text(cell: object) -> str:
    try:
        return cell_text(cell)  # type: ignore[arg-type]
    except Refused:
        return ""


@dataclass(frozen=True, slots=True)
class _Line:
    """One corner row: 1-based row and its texts by column code."""

    row: int
    texts: Mapping[str, str]


def _lines(sheet: Sheet, header: _Header, options: ReadOptions) -> Iterator[_Line]:
    mended = {(mend.row, mend.column): mend.value for mend in options.mends if mend.sheet == sheet.name}
    for index, cells in enumerate(sheet.cells[header.row + 1 :], header.row + 2):
        texts = {}
        for code, column in header.columns.items():
            cell = cells[column] if column < len(cells) else None
            text = mended.get((index, column), _text(cell))
            if text:
                texts[code] = text
        if any(code in texts for code in header.pair):
            yield _Line(index, texts)


def _read_sheet(
    sheet: Sheet, header: _Header, options: ReadOptions, problems: list[ImportProblem]
) -> Iterator[RawPlot]:
    lines = list(_lines(sheet, header, options))
    packing = Packing.DECIMAL
    if header.pair[0] == "latitude":
        texts = [text for line in lines for code in header.pair if (text := line.texts.get(code)) is not None]
        packing = packing_of(texts, header.words)
        if packing is Packing.UNKNOWN:
            problems.append(
                build_problem("angle_format_unknown", sheet.name, header.row + 1, header.label("longitude"))
            )
    frame = read_frame(_system_of(header), sheet.name, options)
    problems.extend(frame.problems)
    for group in _groups(lines):
        corners, bad = _corners(group, header, packing, sheet.name)
        values = {code: group[0].texts[code] for code in ("code", "name", "declared") if code in group[0].texts}
        place = (sheet.name, group[0].row)
        if bad:
            yield RawPlot(*place, values, None, frame.crs, tuple(bad))
            continue
        built = build_geometry(corners, None, place, frame)
        yield RawPlot(*place, values, built.geometry, built.crs, built.problems)


def _system_of(header: _Header) -> dict[str, tuple[int, str]]:
    """Return what the title lines say about system and zone, as a txt file's head would."""
    found = {}
    system = re.search(
        r"CGCS2000|2000国家大地坐标系|国家2000|1980西安坐标系|西安80|北京54|1954北京", header.words, re.IGNORECASE
    )
    zone = re.search(r"(?:带号[:：=]?|第)(\d{2})带?|(\d{2})(?:度)?带号?", header.words)
    meridian = re.search(r"中央(?:子午线|经线)[:：=]?(\d{2,3})", header.words)
    if system:
        found["坐标系"] = (header.row + 1, system[0])
    if zone:
        found["带号"] = (header.row + 1, zone[1] or zone[2])
    if meridian:
        found["中央子午线"] = (header.row + 1, meridian[1])
    return found


def _groups(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Yield the corners of each plot; a blank plot cell goes on with the plot above."""
    group: list[_Line] = []
    current = ("", "")
    for line in lines:
        stated = (line.texts.get("code", ""), line.texts.get("name", ""))
        if group and any(stated) and stated != current:
            yield group
            group = []
        if any(stated):
            current = stated
        group.append(line)
    if group:
        yield group


def _corners(
    group: list[_Line], header: _Header, packing: Packing, sheet: str
) -> tuple[list[Point], list[ImportProblem]]:
    corners, bad = [], []
    for position, line in enumerate(group):
        values = []
        for code in header.pair:
            text = line.texts.get(code, "")
            value = _value(text, code, packing)
            if value is None:
                problem = "bad_coordinate" if code in ("first", "second") else "bad_angle"
                bad.append(build_problem(problem, sheet, line.row, header.label(code), value=text))
            else:
                values.append(value)
        if len(values) == 2:
            number = line.texts.get("number", f"#{position}").upper()
            corners.append(Point(line.row, number, line.texts.get("ring", "1"), values[0], values[1]))
    return corners, bad


def _value(text: str, code: str, packing: Packing) -> float | None:
    if code in ("first", "second"):
        return parse_metres(text)
    marked = parse_marked(text)
    if marked is not None:
        return marked
    return parse_packed(text) if packing is Packing.PACKED else parse_decimal(text)
