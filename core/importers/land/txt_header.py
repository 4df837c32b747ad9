"""The head of a 勘测定界 txt: coordinate system, width and number of the zone, unit, as far as it names them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.zones import Zone, zone_numbered
from core.importers.land.crs import UnknownCrs, old_datum, parse_crs
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, build_problem

_METRES = frozenset({"", "米", "m", "M", "公尺", "meter", "metre"})
_DEGREES = frozenset({"度", "°", "degree", "度分秒"})


@dataclass(frozen=True, slots=True)
class Frame:
    """
    How the coordinates of the file are to be read.

    Attributes:
        zone: Zone that the header (or, failing it, the user) names; None = none.
        width: Width of the zones in degrees, 0 = not named.
        crs: System to report for plots whose own cannot be told.
        geographic: System of coordinates in degrees; empty when the file does not name one.
        is_declared: The user, not the file, named the system.
    """

    zone: Zone | None
    width: int
    crs: str
    geographic: str
    is_declared: bool
    problems: tuple[ImportProblem, ...] = ()


def read_frame(header: Mapping[str, tuple[int, str]], sheet: str, options: ReadOptions) -> Frame:
    """Return what *header* (key → line and value) says, completed by the user's declaration."""
    problems = [*_unit_problems(header, sheet), *_parameter_notes(header, sheet)]
    line, system = header.get("坐标系", (0, ""))
    old = old_datum(system)
    if old:
        code = "datum_ignored" if options.crs else "old_datum"
        problems.append(build_problem(code, sheet, line, "坐标系", value=old))
    elif system and not _is_known(system):
        problems.append(build_problem("crs_unsupported", sheet, line, "坐标系", value=system))
    width = _number(header.get("几度分带", (0, ""))[1])
    zone = _named_zone(header, width)
    declared = _declared_zone(options)
    named = zone or declared
    return Frame(
        named,
        int(width) if width in (3, 6) else 0,
        f"EPSG:{named.epsg}" if named is not None else options.crs,
        options.crs if not system or old else "CGCS2000",
        zone is None and declared is not None,
        tuple(problems),
    )


def _is_known(system: str) -> bool:
    try:
        parse_crs(system)
    except UnknownCrs:
        return False
    return True


def _unit_problems(header: Mapping[str, tuple[int, str]], sheet: str) -> list[ImportProblem]:
    problems = []
    line, unit = header.get("计量单位", (0, ""))
    if unit not in _METRES | _DEGREES:
        problems.append(build_problem("header_value", sheet, line, "计量单位", key="计量单位", value=unit))
    line, projection = header.get("投影类型", (0, ""))
    if projection and not re.search(r"高斯|gauss|经纬度|无投影", projection, re.IGNORECASE):
        problems.append(build_problem("header_value", sheet, line, "投影类型", key="投影类型", value=projection))
    return problems


def _parameter_notes(header: Mapping[str, tuple[int, str]], sheet: str) -> list[ImportProblem]:
    line, parameters = header.get("转换参数", (0, ""))
    is_set = any(_number(part) for part in parameters.split(","))
    return [build_problem("conversion_parameters", sheet, line, "转换参数")] if is_set else []


def _number(text: str) -> float:
    match = re.search(r"\d+(\.\d+)?", text)
    return float(match[0]) if match else 0


def _named_zone(header: Mapping[str, tuple[int, str]], width: float) -> Zone | None:
    number = _number(header.get("带号", (0, ""))[1])
    meridian = _number(header.get("中央子午线", (0, ""))[1])
    zone = zone_numbered(int(number)) if number == int(number) else None
    if zone is None and meridian and meridian % 3 == 0:
        zone = zone_numbered(int((meridian + 3) // 6) if width == 6 else int(meridian // 3))
    return zone


def _declared_zone(options: ReadOptions) -> Zone | None:
    try:
        return parse_crs(options.crs).zone if options.crs else None
    except UnknownCrs:
        return None
