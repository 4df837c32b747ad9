"""Raw features → checked plots: position, geometry, names, areas, neighbours, in that order."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from core.domain.ellipsoid import areas_sqm
from core.domain.terms import ParcelStatus
from core.importers.cells.text import match_key, tidy_line
from core.importers.land import measure
from core.importers.land.neighbours import OVERLAP_SQM, crossings, is_same, overlaps_sqm
from core.importers.land.plot import Findings, LandPlot, ParsedLand, RawFile, RawPlot
from core.importers.land.position import Located, locate
from core.importers.land.shapes import sound, usable
from core.importers.limits import MAX_ROWS
from core.importers.options import ReadOptions
from core.importers.problems import Severity, UnreadableFile
from core.importers.row import QuarantinedRow

_LIMITS = {"code": 32, "name": 200, "use_code": 32, "use_name": 64, "location": 200, "county": 64}
_NUMBER_ONLY = re.compile(r"(DK|地块|宗地|第)?[-_]?\d{1,4}(号|块|号地块)?", re.IGNORECASE)
_STATUS_WORDS = {
    **{status.label: status for status in ParcelStatus},
    **{status.value: status for status in ParcelStatus},
    "供而未用": ParcelStatus.SUPPLIED_NOT_BUILT,
    "闲置土地": ParcelStatus.IDLE_LAND,
    "低效用地": ParcelStatus.INEFFICIENT_LAND,
    "存量低效用地": ParcelStatus.INEFFICIENT_LAND,
    "已建": ParcelStatus.IN_USE,
}


def finish(raw: RawFile, options: ReadOptions) -> ParsedLand:
    """
    Return the plots of *raw* that can be taken over, the others set aside with the reason.

    Raises:
        UnreadableFile: No feature at all, or more than the limit.
    """
    plots = [plot for plot in raw.plots if not options.only or (plot.sheet, plot.row) in options.only]
    if not plots and not any(problem.severity is Severity.REFUSE for problem in raw.problems):
        raise UnreadableFile("no_plots")
    if len(plots) > MAX_ROWS:
        raise UnreadableFile("too_many_plots", count=len(plots), limit=MAX_ROWS)
    found = Findings(list(raw.problems))
    _refuse_sheets(plots, found)
    located = sound(locate([p for p in usable(plots, found) if found.stands(p)], options, found), found)
    named = _Naming(raw, found).named(located)
    _refuse_doubles(named, found)
    standing = [plot for plot in named if found.stands(plot)]
    aside = tuple(_quarantined(plot) for plot in plots if not found.stands(plot))
    found.problems.sort(key=lambda problem: (problem.sheet, problem.row))
    return ParsedLand(tuple(standing), aside, tuple(found.problems), _totals(standing))


def _refuse_sheets(plots: list[RawPlot], found: Findings) -> None:
    """A refusal that belongs to a sheet as a whole sets all its plots aside."""
    sheets = {problem.sheet for problem in found.problems if problem.severity is Severity.REFUSE}
    found.refused |= {(plot.sheet, plot.row) for plot in plots if plot.sheet in sheets}


def _quarantined(plot: RawPlot) -> QuarantinedRow:
    codes = (plot.values["code"],) if plot.values.get("code") else ()
    return QuarantinedRow(plot.sheet, plot.row, plot.values.get("name", ""), codes)


def _totals(plots: list[LandPlot]) -> dict[str, int]:
    totals = {"area_sqm": sum(plot.area_sqm for plot in plots)} if plots else {}
    declared = [plot.declared_area_sqm for plot in plots if plot.declared_area_sqm is not None]
    return totals | {"declared_area_sqm": sum(declared)} if declared else totals


@dataclass(slots=True)
class _Naming:
    """Gives each located plot its names, codes and areas."""

    raw: RawFile
    found: Findings

    def named(self, located: list[Located]) -> list[LandPlot]:
        if not located:
            return []
        areas = [float(area) for area in areas_sqm([plot.geometry for plot in located])]
        units = self._column_units(located, areas)
        numbered: set[str] = set()
        return [self._plot(plot, area, units, numbered) for plot, area in zip(located, areas, strict=True)]

    def _plot(self, plot: Located, measured: float, units: dict[str, str], numbered: set[str]) -> LandPlot:
        values = {code: tidy_line(text) for code, text in plot.raw.values.items()}
        for code, limit in _LIMITS.items():
            if len(values.get(code, "")) > limit:
                self._say(plot, "too_long", code, length=len(values[code]), limit=limit)
        code = values.get("code", "")
        if code and _NUMBER_ONLY.fullmatch(code):
            if plot.raw.sheet not in numbered:
                numbered.add(plot.raw.sheet)
                self._say(plot, "plot_number_only", "code", value=code)
            number, code = code, ""
        else:
            number = ""
        name = values.get("name", "") or code
        if not name:
            name = f"{PurePosixPath(plot.raw.sheet).stem[:60]} {number or plot.raw.row}"
            self._say(plot, "plot_unnamed", "name", name=name)
        return LandPlot(
            plot.raw.sheet,
            plot.raw.row,
            code,
            name,
            values.get("county", ""),
            plot.geometry,
            round(measured),
            self._declared(plot, values, measured, units),
            plot.source_crs,
            values.get("use_code", ""),
            values.get("use_name", ""),
            values.get("location", ""),
            self._status(plot, values.get("status", "")),
            is_named=bool(values.get("name")),
        )

    def _say(self, plot: Located, code: str, field: str, **values: Any) -> None:
        self.found.say(plot.raw, code, self.raw.labels.get(field, ""), **values)

    def _status(self, plot: Located, text: str) -> ParcelStatus | None:
        if not text:
            return None
        status = _STATUS_WORDS.get(text)
        if status is None:
            allowed = "、".join(one.label for one in ParcelStatus)
            self._say(plot, "unknown_word", "status", value=text, allowed=allowed)
        return status

    def _column_units(self, located: list[Located], areas: list[float]) -> dict[str, str]:
        """Return sheet → unit of its bare area figures, decided from the whole column and said."""
        columns: dict[str, list[tuple[measure.Declared, float]]] = defaultdict(list)
        first: dict[str, Located] = {}
        for plot, area in zip(located, areas, strict=True):
            declared = measure.parse_area(plot.raw.values.get("declared", ""))
            if declared is not None and not declared.unit and not plot.raw.values.get("declared_unit"):
                columns[plot.raw.sheet].append((declared, area))
                first.setdefault(plot.raw.sheet, plot)
        units = {}
        for sheet, pairs in columns.items():
            units[sheet] = measure.column_unit(pairs)
            code = "area_unit_read" if units[sheet] else "area_unit_unknown"
            self._say(first[sheet], code, "declared", unit=units[sheet])
        return units

    def _declared(self, plot: Located, values: dict[str, str], measured: float, units: dict[str, str]) -> int | None:
        text = values.get("declared", "")
        if not text:
            return None
        declared = measure.parse_area(text)
        if declared is None:
            self._say(plot, "bad_land_area", "declared", value=text)
            return None
        unit = declared.unit or values.get("declared_unit", "") or units.get(plot.raw.sheet, "")
        if not unit or declared.number == 0:
            return None
        sqm = declared.sqm(unit)
        if measure.agrees(sqm, measured):
            return sqm
        other = measure.likely_unit(declared, measured, unit)
        if other:
            times = max(sqm / measured, measured / max(sqm, 1e-9))
            self._say(plot, "area_unit", "declared", value=text, expected=unit, unit=other, times=f"{times:.0f}")
            return declared.sqm(other)
        shown = {"declared": sqm, "measured": f"{measured:.0f}", "pct": f"{abs(sqm - measured) / measured * 100:.1f}"}
        self._say(plot, "area_differs", "declared", **shown)
        return sqm


def _refuse_doubles(plots: list[LandPlot], found: Findings) -> None:
    """Find the same code or geometry twice (the second is set aside) and overlaps (both stand, somebody looks)."""
    codes: dict[str, LandPlot] = {}
    for plot in plots:
        first = codes.setdefault(match_key(plot.code), plot) if plot.code else plot
        if first is not plot:
            found.say(plot, "duplicate_plot_code", other=first.row)
    shapes = [plot.geometry for plot in plots]
    pairs = [(a, b) for a, b in crossings(shapes, shapes) if a < b]
    shared = overlaps_sqm([shapes[a] for a, _ in pairs], [shapes[b] for _, b in pairs])
    for (a, b), area in zip(pairs, shared, strict=True):
        if is_same(shapes[a], shapes[b]):
            found.say(plots[b], "duplicate_plot", other=plots[a].row)
        elif area > OVERLAP_SQM:
            found.say(plots[b], "plots_overlap", other=plots[a].name, line=plots[a].row, area=f"{area:.0f}")
