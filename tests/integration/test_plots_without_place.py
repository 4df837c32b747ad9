"""Plots that a table names before their corner points are known: in lists and tallies, never on a map."""

import gzip
import json
from datetime import date

import pytest

from core.domain.ledger import ProjectFilter
from core.domain.scope import Scope
from core.domain.terms import Role
from core.services import map_details, plots
from core.services.project_details import PlotRow
from db.models.figures import parcel_tally
from db.queries import project_details, wall_map
from db.session import transaction
from pages.components import land_sketch
from tests.factories import SYSTEM, make_actor, make_county, make_parcel, make_project

TODAY = date(2026, 11, 22)
ANY = plots.MapFilter(ProjectFilter())
NOWHERE = {"geometry": "", "center_longitude": None, "center_latitude": None}


@pytest.fixture
def city(store):
    """A plot with and one without a place for a project with coordinates; the same two without any project."""
    plots.forget()
    with transaction(SYSTEM) as tx:
        county = make_county(tx, "兰山区")
        project = make_project(tx, county, "甲工程", longitude=104.6, latitude=29.6)
        placed = make_parcel(tx, county, project, code="HERE")
        return {
            "county": county,
            "project": project,
            "placed": placed,
            "nowhere": make_parcel(tx, county, project, code="NOWHERE", area_sqm=900_000, **NOWHERE),
            "free": make_parcel(tx, county, code="FREE"),
            "free_nowhere": make_parcel(tx, county, code="FREE-NOWHERE", **NOWHERE),
        }


def features(layer):
    payload = plots.payload(make_actor(Role.SUPERVISOR), layer, ANY)
    return json.loads(gzip.decompress(payload.content))["features"]


def test_map_layers_leave_plots_without_a_place_out(store, city):
    assert [feature["properties"]["id"] for feature in features(plots.Layer.PLOTS)] == [city["placed"], city["free"]]


def test_map_project_stands_on_its_largest_plot_that_has_a_place(store, city):
    with transaction(SYSTEM) as tx:
        other = make_project(tx, city["county"], "乙工程")
        make_parcel(tx, city["county"], other, west=104.70, south=29.70)
        make_parcel(tx, city["county"], other, area_sqm=5_000_000, **NOWHERE)
        lost = make_project(tx, city["county"], "丙工程")
        make_parcel(tx, city["county"], lost, **NOWHERE)
    layer = features(plots.Layer.PROJECTS)
    found = {feature["properties"]["id"]: feature["geometry"]["coordinates"] for feature in layer}
    assert found == {city["project"]: [104.6, 29.6], other: [104.705, 29.705]}


def test_wall_draws_only_plots_with_a_place(store, city):
    with store.read() as connection:
        used = wall_map.list_used_plots(connection, Scope.all(), TODAY, 10)
        free = wall_map.list_free_plots(connection, Scope.all(), TODAY, 10)
    assert [plot.id for plot in used] == [city["placed"]]
    assert [plot.id for plot in free] == [city["free"]]


def test_wall_project_whose_plot_has_no_place_is_a_spot(store, city):
    with transaction(SYSTEM) as tx:
        behind = make_project(tx, city["county"], "落后工程", longitude=104.8, latitude=29.8, done_yuan={1: 1})
        make_parcel(tx, city["county"], behind, **NOWHERE)
    with store.read() as connection:
        spots = wall_map.list_spots(connection, Scope.all(), TODAY, 10)
    assert [spot.project_id for spot in spots] == [behind]


def test_tallies_and_project_page_keep_plots_without_a_place(store, city):
    with store.read() as connection:
        tallied = {row.status: (row.parcels, row.area_sqm) for row in connection.execute(parcel_tally.select())}
        held = project_details.load_plots(connection, city["project"], TODAY)
    assert tallied == {"in_use": (2, 966_667), "planned": (2, 133_334)}
    assert [plot.code for plot in held] == ["NOWHERE", "HERE"]
    sketch = land_sketch.build_sketch(held, None)
    assert [shape.label for shape in sketch.shapes] == [held[1].name]
    assert land_sketch.plot_cells(held[0])["area"] == "1,350.0"


def test_sketch_of_plots_without_any_place_is_empty():
    nowhere = PlotRow(1, "X", "一号", "planned", 1, "", "")
    assert land_sketch.picture_of(land_sketch.build_sketch([nowhere], None)) == ""


def test_plot_without_a_place_opens_in_detail(store, city):
    detail = map_details.plot(make_actor(Role.SUPERVISOR), city["nowhere"])
    assert (detail.plot.longitude, detail.plot.latitude, detail.plot.code) == (None, None, "NOWHERE")
    assert [project.name for project in detail.projects] == ["甲工程"]
