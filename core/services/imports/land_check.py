"""Parsed plots beside the store: county, match, doubles and overlaps with stored plots. Reads only."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from core.domain.permissions import Actor
from core.importers.cells.text import match_key
from core.importers.land.neighbours import OVERLAP_SQM, crossings, is_same, overlaps_sqm
from core.importers.land.plot import Findings, LandPlot, ParsedLand
from core.importers.problems import ImportProblem
from core.importers.row import QuarantinedRow
from core.services.imports.kind import Progress
from core.services.imports.land_ground import Ground, Standing
from core.services.imports.land_plan import LandPlan, digest_keys, plan_change, plan_new
from core.services.imports.land_write import OWN_CODE, write_plots
from db.queries import land_targets as queries
from db.queries.land_targets import CountyGround, StoredPlot
from db.transaction import WriteTransaction

_MARGIN_DEGREES = 0.2  # centres of stored plots that may still reach into the file's box


@dataclass(slots=True)
class CheckedLand:
    """What would become of a land file."""

    planned: list[LandPlan] = field(default_factory=list)
    unchanged: int = 0
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)

    def digest(self) -> str:
        """Return a text that differs when store or file would lead to other writes."""
        return hashlib.sha256(repr(digest_keys(self.planned)).encode()).hexdigest()

    def write(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        """Write every planned plot; see ``write_plots``."""
        write_plots(tx, self.planned, reason, progress)


def check_land(connection: Connection, actor: Actor, parsed: ParsedLand) -> CheckedLand:
    """Return what *parsed* would write, inside *actor*'s scope."""
    return _Check(connection, actor, parsed).run()


class _Store:
    """The stored plots that a file may mean or touch."""

    def __init__(self, connection: Connection, actor: Actor, plots: Sequence[LandPlot]) -> None:
        codes = sorted({plot.code for plot in plots if plot.code})
        names = sorted({plot.name for plot in plots if plot.is_named})
        near = queries.load_plots_within(connection, _box(plots)) if plots else ()
        named = queries.load_plots_named(connection, codes, names, actor.scope)
        self.plots = list({plot.id: plot for plot in (*near, *named)}.values())
        placed = [plot for plot in self.plots if plot.values["geometry"]]
        shapes = shapely.from_geojson([plot.values["geometry"] for plot in placed]) if placed else []
        self.shapes: dict[int, BaseGeometry] = {plot.id: shape for plot, shape in zip(placed, shapes, strict=True)}
        self.by_id = {plot.id: plot for plot in self.plots}
        self.by_code = {plot.values["code"]: plot for plot in self.plots}
        self._by_name: dict[tuple[str, int], list[StoredPlot]] = defaultdict(list)
        for plot in self.plots:
            self._by_name[match_key(plot.values["name"]), plot.values["county_id"]].append(plot)

    def named(self, name: str, county_id: int) -> list[StoredPlot]:
        return self._by_name.get((match_key(name), county_id), [])


def _box(plots: Sequence[LandPlot]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([plot.geometry for plot in plots])
    margin = _MARGIN_DEGREES
    return float(west) - margin, float(south) - margin, float(east) + margin, float(north) + margin


class _Check:
    def __init__(self, connection: Connection, actor: Actor, parsed: ParsedLand) -> None:
        self._actor = actor
        self._parsed = parsed
        self._ground = Ground(queries.load_county_grounds(connection))
        self._names = {county.id: county.name for county in self._ground.counties}
        self._store = _Store(connection, actor, parsed.plots)
        self._found = Findings(list(parsed.problems))

    def run(self) -> CheckedLand:
        plots = self._parsed.plots
        standings = self._ground.stand([plot.geometry for plot in plots])
        counties = [self._county(plot, standing) for plot, standing in zip(plots, standings, strict=True)]
        touching = self._touching(plots)
        targets = [self._target(plot, county, touching) for plot, county in zip(plots, counties, strict=True)]
        self._refuse_shared_targets(targets)
        self._warn_overlaps(plots, targets, touching)
        checked = CheckedLand(quarantined=list(self._parsed.quarantined), problems=self._found.problems)
        accepted = []
        for plot, county, target in zip(plots, counties, targets, strict=True):
            if county is None or not self._found.stands(plot):
                codes = (plot.code,) if plot.code else ()
                checked.quarantined.append(QuarantinedRow(plot.sheet, plot.row, plot.name, codes))
                continue
            accepted.append(plot)
            plan = self._plan(plot, county, target)
            if plan is None:
                checked.unchanged += 1
            else:
                checked.planned.append(plan)
        checked.totals = _totals(accepted)
        checked.problems.sort(key=lambda problem: (problem.sheet, problem.row))
        return checked

    def _county(self, plot: LandPlot, standing: Standing) -> CountyGround | None:
        """Return the county of *plot*: by where it lies, by its attribute, as stored, or the only one there is."""
        stated = self._ground.named(plot.county) if plot.county else None
        county = standing.county
        if county is None:
            county = self._unplaced(plot, standing, stated)
        elif stated is not None and stated.id != county.id:
            self._found.say(plot, "county_differs", value=plot.county, county=county.name)
        if county is None:
            return None
        for other, area in standing.beyond:
            self._found.say(plot, "crosses_county", county=other.name, area=f"{area:.0f}", own=county.name)
        if not self._is_in_scope(county):
            self._found.say(plot, "plot_outside_scope")
        return county

    def _unplaced(self, plot: LandPlot, standing: Standing, stated: CountyGround | None) -> CountyGround | None:
        if standing.is_far and self._ground.is_complete:
            centre = shapely.point_on_surface(plot.geometry)
            shown = {"longitude": f"{centre.x:.4f}", "latitude": f"{centre.y:.4f}"}
            self._found.say(plot, "wrong_zone", **shown, reason="远离本市各县区")
            return None
        if self._ground.is_complete:
            self._found.say(plot, "outside_counties")
            return None
        only = self._ground.counties[0] if len(self._ground.counties) == 1 else None
        known = self._stored_county(plot) or only
        if stated is None and (plot.county or known is None):
            self._found.say(plot, "plot_county_unknown")
            return None
        return stated or known

    def _stored_county(self, plot: LandPlot) -> CountyGround | None:
        """Return the county of the stored plot with the same number: a txt names none, which says nothing new."""
        stored = self._store.by_code.get(plot.code) if plot.code else None
        return next((one for one in self._ground.counties if stored and one.id == stored.values["county_id"]), None)

    def _is_in_scope(self, county: CountyGround) -> bool:
        return self._actor.scope.everything or county.id in self._actor.scope.county_ids

    def _touching(self, plots: Sequence[LandPlot]) -> Mapping[int, list[int]]:
        """Return index of plot → ids of the stored plots that share ground with it."""
        ids = list(self._store.shapes)
        found: dict[int, list[int]] = defaultdict(list)
        for mine, theirs in crossings([plot.geometry for plot in plots], [self._store.shapes[i] for i in ids]):
            found[mine].append(ids[theirs])
        self._index = {id(plot): index for index, plot in enumerate(plots)}
        return found

    def _target(
        self, plot: LandPlot, county: CountyGround | None, touching: Mapping[int, list[int]]
    ) -> StoredPlot | None:
        """Return the stored plot that *plot* is: by code, by name where they meet, by the same geometry."""
        if county is None or not self._found.stands(plot):
            return None
        near = touching.get(self._index[id(plot)], [])
        same = [self._store.by_id[one] for one in near if is_same(self._store.shapes[one], plot.geometry)]
        if plot.code:
            found = self._store.by_code.get(plot.code) or self._renumbered(plot, same)
        else:
            found = self._by_name(plot, county, near) or (same[0] if same else None)
        return self._of_scope(plot, found) if found is not None else None

    def _renumbered(self, plot: LandPlot, same: Sequence[StoredPlot]) -> StoredPlot | None:
        """A plot that had no number yet may get one; another plot's number is not taken away."""
        if same and not same[0].values["code"].startswith(OWN_CODE):
            self._found.say(plot, "plot_is_stored", other=same[0].values["code"])
        return same[0] if same else None

    def _of_scope(self, plot: LandPlot, stored: StoredPlot) -> StoredPlot:
        scope = self._actor.scope
        if not (scope.everything or stored.values["county_id"] in scope.county_ids):
            self._found.say(plot, "plot_outside_scope")
        return stored

    def _by_name(self, plot: LandPlot, county: CountyGround, near: Sequence[int]) -> StoredPlot | None:
        if not plot.is_named:
            return None
        named = self._store.named(plot.name, county.id)
        met = [one for one in named if one.id in near or one.id not in self._store.shapes]
        if len(met) > 1:
            self._found.say(plot, "ambiguous_plot")
        elif named and not met:
            self._found.say(plot, "same_name_elsewhere", value=plot.name)
        return met[0] if len(met) == 1 else None

    def _refuse_shared_targets(self, targets: Sequence[StoredPlot | None]) -> None:
        first: dict[int, LandPlot] = {}
        for plot, target in zip(self._parsed.plots, targets, strict=True):
            if target is not None and first.setdefault(target.id, plot) is not plot:
                self._found.say(plot, "same_plot", other=first[target.id].row)

    def _warn_overlaps(
        self, plots: Sequence[LandPlot], targets: Sequence[StoredPlot | None], touching: Mapping[int, list[int]]
    ) -> None:
        """Overlaps with stored plots other than the one that is replaced, or that this file replaces as well."""
        replaced = {target.id for target in targets if target is not None}
        pairs = [(index, one) for index, near in touching.items() for one in near if one not in replaced]
        shapes = [plots[index].geometry for index, _ in pairs]
        shared = overlaps_sqm(shapes, [self._store.shapes[one] for _, one in pairs])
        for (index, one), area in zip(pairs, shared, strict=True):
            if area > OVERLAP_SQM and self._found.stands(plots[index]):
                other = self._store.by_id[one].values
                self._found.say(plots[index], "overlaps_stored", other=other["code"], area=f"{area:.0f}")

    def _plan(self, plot: LandPlot, county: CountyGround, target: StoredPlot | None) -> LandPlan | None:
        if target is None:
            return plan_new(plot, county)
        return plan_change(plot, target, self._store.shapes.get(target.id), county, self._names)


def _totals(plots: Sequence[LandPlot]) -> dict[str, int]:
    if not plots:
        return {}
    totals = {"area_sqm": sum(plot.area_sqm for plot in plots)}
    declared = [plot.declared_area_sqm for plot in plots if plot.declared_area_sqm is not None]
    return totals | {"declared_area_sqm": sum(declared)} if declared else totals
