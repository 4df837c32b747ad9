"""Parts of ledger, map and project page without a screen: track, curve, sketch, addresses."""

from datetime import date
from urllib.parse import parse_qs, unquote

import pytest

from core.domain.ledger import Listing, ProjectFilter
from core.domain.terms import FlagLevel, ParcelStatus, ProjectLevel, ReportStatus, Stage, YearClass
from core.services.project_details import MonthRow, NodeRow, PlotRow
from pages.components import theme
from pages.components.investment_chart import cumulated_done_yuan, cumulated_plan_yuan, investment_figure
from pages.components.land_sketch import build_sketch, picture_of
from pages.components.milestone_track import build_track
from pages.components.project_query import ledger_address, read_filter, write_filter

TODAY = date(2026, 11, 22)
YI = 100_000_000


class Query(dict):
    """Query parameters as both frameworks hand them out."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def _node(first: date, planned: date | None = None, **values) -> NodeRow:
    made = {"id": 1, "name": "主体封顶", "is_key": True, "moves": 0, "reason": "", "responsible": ""}
    dates = {"first_baseline_on": first, "planned_on": planned or first, "forecast_on": None, "actual_on": None}
    return NodeRow(**{**made, **dates, **values})


@pytest.mark.parametrize(
    ("node", "judged", "filled", "late"),
    [
        pytest.param(_node(date(2026, 3, 1), actual_on=date(2026, 3, 1)), "按期", True, False, id="on the day"),
        pytest.param(_node(date(2026, 3, 1), actual_on=date(2026, 3, 7)), "晚 6 天", True, True, id="late"),
        pytest.param(_node(date(2026, 3, 7), actual_on=date(2026, 3, 1)), "提前 6 天", True, False, id="early"),
        pytest.param(_node(date(2026, 11, 22)), "—", False, False, id="due today"),
        pytest.param(_node(date(2026, 11, 21)), "逾期 1 天", True, True, id="due yesterday"),
        pytest.param(
            _node(date(2027, 1, 1), forecast_on=date(2027, 1, 21)), "预计晚 20 天", False, True, id="forecast late"
        ),
    ],
)
def test_track_words_the_slip_against_the_first_baseline(node, judged, filled, late):
    row = build_track([node], TODAY).rows[0]
    assert (row.judged, row.filled, row.is_late) == (judged, filled, late)


def test_track_keeps_the_first_baseline_and_counts_moves():
    moved = _node(date(2026, 1, 1), date(2026, 12, 31), moves=2, reason="征拆滞后", forecast_on=date(2027, 1, 10))
    row = build_track([moved], TODAY).rows[0]
    assert row.first < row.latest < row.at
    assert row.slip == (row.first, pytest.approx(row.at - row.first, abs=0.02))
    assert row.more == "调整 2 次 · 较最新晚 10 天"
    assert "征拆滞后" in row.title
    assert row.judged == "预计晚 374 天"


def test_track_places_everything_on_one_axis_inside_the_track():
    track = build_track([_node(date(2020, 1, 1), actual_on=date(2021, 1, 1)), _node(date(2030, 1, 1))], TODAY)
    places = [track.today, *(row.at for row in track.rows), *(row.first for row in track.rows)]
    assert all(3 <= place <= 97 for place in places)
    assert track.rows[0].colour == theme.DESK_FLAGS["ok"].shape


def test_track_of_nothing_is_empty():
    assert build_track([], TODAY).rows == ()


def _months(plans, done) -> list[MonthRow]:
    pairs = zip(plans, done, strict=True)
    return [
        MonthRow(number, plan, yuan, None, ReportStatus.SUBMITTED, None)
        for number, (plan, yuan) in enumerate(pairs, start=1)
    ]


def test_curve_uses_month_plans_else_even_shares():
    assert cumulated_plan_yuan(_months([None] * 12, [None] * 12), 12 * YI)[:3] == [0, YI, 2 * YI]
    assert cumulated_plan_yuan(_months([5, *[None] * 11], [None] * 12), 12 * YI)[1:3] == [5, 5]


def test_curve_stops_at_the_month_of_the_figures_and_pales_later_bars():
    months = _months([None] * 12, [YI] * 11 + [None])
    assert cumulated_done_yuan(months, 10)[-1] == 10 * YI
    figure = investment_figure(months, 12 * YI, 10)
    bars, plan, done = figure.data
    assert (len(plan.x), len(done.x)) == (13, 11)
    assert bars.marker.color[9] == theme.DESK.bar
    assert bars.marker.color[10] == theme.DESK.track
    assert figure.layout.yaxis.tickformat == ",~g"


def test_sketch_escapes_names_and_draws_scale_and_county():
    ring = "[[[104.5,29.5],[104.51,29.5],[104.51,29.51],[104.5,29.51],[104.5,29.5]]]"
    plot = PlotRow(
        1, "LT-1", '"><script>', ParcelStatus.IDLE_LAND, 66_667, "", f'{{"type":"Polygon","coordinates":{ring}}}'
    )
    boundary = '{"type":"Polygon","coordinates":[[[104,29],[105,29],[105,30],[104,30],[104,29]]]}'
    sketch = build_sketch([plot], boundary)
    assert sketch.scale.label == "500 米"
    assert sketch.shapes[0].fill == theme.PARCEL_COLOURS[ParcelStatus.IDLE_LAND]
    drawn = unquote(picture_of(sketch).partition(",")[2])
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert picture_of(build_sketch([], boundary)) == ""


def test_filter_and_address_are_two_spellings_of_the_same():
    wanted = ProjectFilter(
        text="高铁 & 100%",
        county_ids=(3, 4),
        headquarters_ids=(7,),
        levels=(ProjectLevel.PROVINCE,),
        categories=("城建", "工业"),
        stages=(Stage.SUSPENDED,),
        flags=(FlagLevel.SEVERE, FlagLevel.WARN),
        year_classes=(YearClass.NEW_START,),
        measure="start_due_started",
        listing=Listing.ALL,
    )
    query = parse_qs(ledger_address(wanted).partition("?")[2])
    assert read_filter(Query(query)) == wanted
    assert ledger_address(ProjectFilter()) == "/ledger"
    assert write_filter(ProjectFilter()) == {}


def test_address_words_that_are_unknown_are_left_out():
    query = Query(county=["x", "3,4", "9" * 30], level=["severe", "city"], measure=["nope"], stage=["'"])
    assert read_filter(query) == ProjectFilter(
        county_ids=(3, 4), levels=(ProjectLevel.CITY,), flags=(FlagLevel.SEVERE,)
    )
