"""County boundaries as a kind of import: shapes, label points, and what every map prints about its source."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from sqlalchemy import Connection

from core.domain.ellipsoid import area_sqm
from core.domain.errors import PermissionDenied
from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.domain.units import NOTHING
from core.importers.land.boundary import Boundary, ParsedBoundaries, label_point, overlapping, parse_boundaries
from core.importers.land.neighbours import is_same
from core.importers.land.plot import Findings
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem
from core.importers.row import QuarantinedRow
from core.services.imports.kind import FieldChange, Progress
from core.services.imports.land_ground import Ground
from core.services.imports.land_plan import corner_count, geometry_text
from db.models.organisation import County
from db.models.system import Setting
from db.queries import land_targets as queries
from db.queries.land_targets import MAP_REVIEW_NUMBER, MAP_SOURCE, CountyGround
from db.transaction import WriteTransaction

_STEP = "写入县区边界"


@dataclass(frozen=True, slots=True)
class BoundaryPlan:
    """A county that gets a boundary; *target* is never new: counties are registered elsewhere."""

    boundary: Boundary
    target: CountyGround
    changes: tuple[FieldChange, ...]

    @property
    def sheet(self) -> str:
        """Layer or file."""
        return self.boundary.sheet

    @property
    def row_number(self) -> int:
        """Number of the feature."""
        return self.boundary.row

    @property
    def title(self) -> str:
        """Name of the county in the store."""
        return self.target.name

    @property
    def code(self) -> str:
        """Code of the county in the store."""
        return self.target.code

    @property
    def target_id(self) -> int | None:
        """Key of the county."""
        return self.target.id


@dataclass(slots=True)
class CheckedBoundaries:
    """What would become of a boundary file; *settings* are key → (text, stored version or None)."""

    planned: list[BoundaryPlan] = field(default_factory=list)
    unchanged: int = 0
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    settings: dict[str, tuple[str, int | None]] = field(default_factory=dict)

    def digest(self) -> str:
        """Return a text that differs when store or file would lead to other writes."""
        plans = [(plan.target.id, plan.target.version, geometry_text(plan.boundary.geometry)) for plan in self.planned]
        return hashlib.sha256(repr((plans, sorted(self.settings.items()))).encode()).hexdigest()

    def write(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        """
        Write boundaries and map settings in the open transaction.

        Raises:
            Conflict: A county changed between the check and now.
        """
        for done, plan in enumerate(self.planned):
            progress(done, len(self.planned), _STEP)
            longitude, latitude = label_point(plan.boundary.geometry)
            values = {
                "boundary": geometry_text(plan.boundary.geometry),
                "label_longitude": longitude,
                "label_latitude": latitude,
            }
            tx.update(County, plan.target.id, values, expected_version=plan.target.version, reason=reason)
        for key, (text, version) in sorted(self.settings.items()):
            value = json.dumps(text, ensure_ascii=False)
            if version is None:
                tx.insert(Setting, {"key": key, "value": value}, reason=reason)
            else:
                tx.update(Setting, key, {"value": value}, expected_version=version, reason=reason)
        progress(len(self.planned), len(self.planned), _STEP)


class BoundariesImport:
    """县区边界: only for those who see the whole city."""

    code = "boundaries"
    label = "县区边界"
    permission = Permission.IMPORT
    fields: Mapping[str, str] = {}

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedBoundaries:
        """See ``parse_boundaries``."""
        return parse_boundaries(data, file_name, options)

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedBoundaries, as_of: AsOf, options: ReadOptions
    ) -> CheckedBoundaries:
        """
        Match the boundaries with the counties of the store, by code, else by name.

        Raises:
            PermissionDenied: The actor sees only a part of the city.
        """
        if not actor.scope.everything:
            raise PermissionDenied("县区边界涉及全市，只能由市级人员导入。请联系市级督查部门。")
        return _check(connection, parsed)


def _check(connection: Connection, parsed: ParsedBoundaries) -> CheckedBoundaries:
    found = Findings(list(parsed.problems))
    ground = Ground(queries.load_county_grounds(connection))
    by_code = {county.code: county for county in ground.counties}
    for one, other, shared in overlapping(parsed.boundaries):
        found.say(other, "boundaries_overlap", other=one.name, area=f"{shared / 1e6:.1f}")
    checked = CheckedBoundaries(quarantined=list(parsed.quarantined), problems=found.problems)
    first: dict[int, Boundary] = {}
    for boundary in parsed.boundaries:
        county = by_code.get(boundary.code) or ground.named(boundary.name)
        if county is None:
            found.say(boundary, "boundary_unmatched", value=boundary.name or NOTHING, number=boundary.code or NOTHING)
        elif first.setdefault(county.id, boundary) is not boundary:
            found.say(boundary, "boundary_twice", other=first[county.id].row)
        _sort_in(checked, boundary, county if found.stands(boundary) else None)
    checked.settings = _settings(connection, parsed) if first else {}
    checked.totals = {"area_sqm": sum(round(area_sqm(boundary.geometry)) for boundary in first.values())}
    found.problems.sort(key=lambda problem: (problem.sheet, problem.row))
    return checked


def _sort_in(checked: CheckedBoundaries, boundary: Boundary, county: CountyGround | None) -> None:
    if county is None:
        codes = (boundary.code,) if boundary.code else ()
        checked.quarantined.append(QuarantinedRow(boundary.sheet, boundary.row, boundary.name, codes))
        return
    stored = shapely.from_geojson(county.boundary) if county.boundary else None
    if stored is not None and is_same(stored, boundary.geometry):
        checked.unchanged += 1
        return
    change = FieldChange("边界", _extent(stored), _extent(boundary.geometry))
    checked.planned.append(BoundaryPlan(boundary, county, (change,)))


def _extent(shape: Any) -> str:
    return NOTHING if shape is None else f"{area_sqm(shape) / 1e6:,.1f} 平方公里，{corner_count(shape)} 个边界点"


def _settings(connection: Connection, parsed: ParsedBoundaries) -> dict[str, tuple[str, int | None]]:
    """
    Return the map settings that would change.

    The number belongs to the map that comes in: a file without one takes the old number away.
    """
    stored = queries.load_map_settings(connection)
    wanted = {MAP_REVIEW_NUMBER: parsed.review_number[:60], MAP_SOURCE: parsed.source[:60]}
    changes: dict[str, tuple[str, int | None]] = {}
    for key, text in wanted.items():
        old, version = stored.get(key, ("", None))
        if text != old:
            changes[key] = (text, version)
    return changes
