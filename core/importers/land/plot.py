"""What a land file holds: as the readers hand it over, and after checking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry

from core.domain.terms import ParcelStatus
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.row import QuarantinedRow


@dataclass(frozen=True, slots=True)
class RawPlot:
    """
    One feature as a reader found it.

    Attributes:
        sheet: Layer or file name.
        row: Line of a text file, row of a table, or number of the feature from 1.
        values: Field code (``core.importers.land.fields``) → text as typed.
        geometry: In the coordinates of the file, x = east; None when it has none.
        crs: What the file says its coordinate system is (``core.importers.land.crs.parse_crs``); empty = nothing.
        problems: What the reader found; a ``refuse`` among them sets the plot aside.
    """

    sheet: str
    row: int
    values: Mapping[str, str]
    geometry: BaseGeometry | None
    crs: str
    problems: tuple[ImportProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFile:
    """
    What a reader made of a file.

    Attributes:
        labels: Field code → name of the attribute in the file, for problems.
        problems: Findings about the file as a whole.
    """

    plots: tuple[RawPlot, ...]
    problems: tuple[ImportProblem, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LandPlot:
    """
    A plot that can be taken over; text fields are empty where the file says nothing.

    Attributes:
        geometry: Valid polygon or multi-polygon in CGCS2000 longitude/latitude.
        area_sqm: Measured on the ellipsoid.
        declared_area_sqm: As its papers say; None = not stated.
        source_crs: Coordinate system the geometry came in.
    """

    sheet: str
    row: int
    code: str
    name: str
    county: str
    geometry: BaseGeometry
    area_sqm: int
    declared_area_sqm: int | None
    source_crs: str
    use_code: str = ""
    use_name: str = ""
    location: str = ""
    status: ParcelStatus | None = None
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class ParsedLand:
    """A whole land file after reading and checking; ``plots`` and ``quarantined`` together are all its features."""

    plots: tuple[LandPlot, ...]
    quarantined: tuple[QuarantinedRow, ...]
    problems: tuple[ImportProblem, ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    sheets: tuple[()] = ()
    declared: tuple[()] = ()

    @property
    def row_count(self) -> int:
        """Every feature of the file."""
        return len(self.plots) + len(self.quarantined)


class Placed(Protocol):
    """Anything that stands at a row of a sheet."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...


@dataclass(slots=True)
class Findings:
    """Collects problems and remembers which rows are set aside by them."""

    problems: list[ImportProblem] = field(default_factory=list)
    refused: set[tuple[str, int]] = field(default_factory=set)

    def say(self, plot: Placed, code: str, column: str = "", **values: Any) -> None:
        """Note problem *code* at *plot*; a ``refuse`` sets it aside."""
        problem = build_problem(code, plot.sheet, plot.row, column, **values)
        self.problems.append(problem)
        if problem.severity is Severity.REFUSE:
            self.refused.add((plot.sheet, plot.row))

    def add(self, plot: Placed, problems: tuple[ImportProblem, ...]) -> None:
        """Take over what a reader found inside *plot*, at whatever line."""
        self.problems.extend(problems)
        if any(problem.severity is Severity.REFUSE for problem in problems):
            self.refused.add((plot.sheet, plot.row))

    def stands(self, plot: Placed) -> bool:
        """Return whether nothing has set *plot* aside."""
        return (plot.sheet, plot.row) not in self.refused
