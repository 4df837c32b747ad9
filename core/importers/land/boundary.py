"""County boundaries from the official GeoJSON (or any other land file): code, name, shape, 审图号."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from core.importers.land.neighbours import crossings, overlaps_sqm
from core.importers.land.parse import read_land
from core.importers.land.plot import Findings, RawFile, RawPlot
from core.importers.land.position import locate
from core.importers.land.shapes import sound, usable
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, Severity, UnreadableFile
from core.importers.row import QuarantinedRow

_COUNTRY = "156"  # ISO 3166 number that the national code GB puts before the six digits
_OVERLAP_SQM = 100_000.0


@dataclass(frozen=True, slots=True)
class Boundary:
    """One county as the file states it; *code* is six digits or empty."""

    sheet: str
    row: int
    code: str
    name: str
    geometry: BaseGeometry
    source_crs: str


@dataclass(frozen=True, slots=True)
class ParsedBoundaries:
    """
    A boundary file after reading.

    Attributes:
        review_number: 审图号 of the file, else of the user; empty = none.
        source: Where the map is from, as the file says.
    """

    boundaries: tuple[Boundary, ...]
    quarantined: tuple[QuarantinedRow, ...]
    problems: tuple[ImportProblem, ...]
    review_number: str = ""
    source: str = ""
    sheets: tuple[()] = field(default=())
    declared: tuple[()] = field(default=())

    @property
    def row_count(self) -> int:
        """Every feature of the file."""
        return len(self.boundaries) + len(self.quarantined)


def parse_boundaries(data: bytes, file_name: str, options: ReadOptions) -> ParsedBoundaries:
    """
    Return the county boundaries of a file in CGCS2000 longitude/latitude.

    Raises:
        UnreadableFile: It cannot be opened at all, or holds no feature.
    """
    raw = read_land(data, file_name, options)
    if not raw.plots:
        raise UnreadableFile("no_plots")
    found = Findings([problem for problem in raw.problems if problem.severity is Severity.REFUSE])
    if found.problems:
        found.refused |= {(plot.sheet, plot.row) for plot in raw.plots}
    standing = [plot for plot in usable(raw.plots, found) if found.stands(plot)]
    located = sound(locate(standing, options, found), found)
    boundaries = [
        Boundary(one.raw.sheet, one.raw.row, _code(one.raw), _name(one.raw), one.geometry, one.source_crs)
        for one in located
    ]
    review_number = options.review_number or _shared(raw, "review_number")
    if boundaries and not review_number:
        found.say(boundaries[0], "review_number_missing")
    aside = tuple(_quarantined(plot) for plot in raw.plots if not found.stands(plot))
    found.problems.sort(key=lambda problem: (problem.sheet, problem.row))
    return ParsedBoundaries(tuple(boundaries), aside, tuple(found.problems), review_number, _shared(raw, "map_source"))


def _code(plot: RawPlot) -> str:
    """Return the six digits of a county out of ``371302``, ``156371302`` or ``371302000000``."""
    digits = plot.values.get("code", "")
    if len(digits) == 9 and digits.startswith(_COUNTRY):
        digits = digits[3:]
    return digits[:6] if digits.isdecimal() and len(digits) >= 6 else ""


def _name(plot: RawPlot) -> str:
    return plot.values.get("name") or plot.values.get("county", "")


def _quarantined(plot: RawPlot) -> QuarantinedRow:
    return QuarantinedRow(plot.sheet, plot.row, _name(plot), (_code(plot),) if _code(plot) else ())


def _shared(raw: RawFile, code: str) -> str:
    """Return the text that the features of the file agree on, the first one when they differ."""
    return next((plot.values[code] for plot in raw.plots if plot.values.get(code)), "")


def label_point(geometry: BaseGeometry) -> tuple[float, float]:
    """Return where a name stands best: the middle of the largest circle inside the largest part, degrees."""
    largest = max(shapely.get_parts(geometry), key=lambda part: float(part.area))
    west, south, east, north = shapely.bounds(largest)
    radius = shapely.maximum_inscribed_circle(largest, tolerance=max(east - west, north - south) / 200)
    longitude, latitude = radius.coords[0]
    return round(longitude, 6), round(latitude, 6)


def overlapping(boundaries: Iterable[Boundary]) -> list[tuple[Boundary, Boundary, float]]:
    """Return pairs of counties that share more than 0.1 km², with the shared m²."""
    counties = list(boundaries)
    shapes = [county.geometry for county in counties]
    pairs = [(a, b) for a, b in crossings(shapes, shapes) if a < b]
    shared = overlaps_sqm([shapes[a] for a, _ in pairs], [shapes[b] for _, b in pairs])
    return [
        (counties[a], counties[b], float(area))
        for (a, b), area in zip(pairs, shared, strict=True)
        if area > _OVERLAP_SQM
    ]
