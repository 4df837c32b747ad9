"""What the wall says and draws, without a store: words, the curve, the map's geometry."""

from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise

import pytest

from core.domain.measures import MEASURE_CODES
from core.domain.supervision_terms import RectificationStep
from core.domain.terms import CountyKind, FlagLevel, ParcelStatus
from core.domain.weeks import last_weeks
from core.services.wall_view import Curve, MapView, MonthSums
from db.queries.flags_of_record import RecordRow
from db.queries.wall import HeadlineRow
from db.queries.wall_map import CountyRow, PlotRow, SpotRow
from pages.components.wall import curve_chart, fronts, map_chart, map_shapes, supervision, weeks, words
from pages.components.wall.map_shapes import Box
from pages.components.wall.weeks import Side

YI = 100_000_000
BOX = Box(width=200, height=100, left=10, top=10, right=10, bottom=10)
TALL = '{"type":"Polygon","coordinates":[[[104,0],[105,0],[105,1],[104,1],[104,0]]]}'


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (Fraction(-48, 10), "欠序时 4.8 个百分点"),
        (Fraction(12, 10), "超序时 1.2 个百分点"),
        (Fraction(-1, 100), "欠序时不足 0.1 个百分点"),
        (Fraction(0), "与序时持平"),
        (None, "无年度计划"),
    ],
)
def test_gap_is_said_in_words_and_never_rounded_to_its_opposite(gap, said):
    assert words.gap_words(gap) == said


@pytest.mark.parametrize(
    ("due_on", "kind", "said"),
    [
        (date(2026, 11, 10), "late", "节点逾期 12 天"),
        (date(2026, 11, 22), "soon", "节点今日到期"),
        (date(2026, 11, 29), "soon", "节点 7 天后到期"),
        (date(2026, 11, 30), "", "下一节点 11-30"),
        (date(2027, 1, 5), "", "下一节点 2027-01-05"),
        (None, "", "无待办节点"),
    ],
)
def test_next_node_is_said_by_distance(due_on, kind, said):
    found = words.due(due_on, date(2026, 11, 22))
    assert (found.kind, found.text) == (kind, said)


def test_levels_of_one_mark_are_counted_and_opened_together():
    groups = words.flag_groups(
        ((FlagLevel.SEVERE, 17), (FlagLevel.WARN, 38), (FlagLevel.NOTICE, 31), (FlagLevel.OK, 100))
    )
    assert [(group.word, group.count, group.flags) for group in groups] == [
        ("绿", 131, "ok,notice"),
        ("黄", 38, "warn"),
        ("红", 17, "severe"),
    ]


def test_headlines_of_today_show_the_hour_older_ones_the_day():
    rows = (
        HeadlineRow(datetime(2026, 11, 22, 6, 3, tzinfo=UTC), "今天"),
        HeadlineRow(datetime(2026, 11, 21, 15, 59, tzinfo=UTC), "昨天"),
        HeadlineRow(datetime(2026, 11, 21, 16, 1, tzinfo=UTC), "半夜"),
    )
    found = words.headlines(words.Headlines(rows, date(2026, 11, 22), "Asia/Shanghai"))
    assert [line.time for line in found] == ["14:03", "11-21 23:59", "00:01"]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (12, [12]), (13, [7, 6]), (20, [10, 10]), (25, [9, 9, 7])]
)
def test_sheets_are_few_and_equally_full(count, sizes):
    assert [len(sheet) for sheet in words.sheets(range(count), 12)] == sizes


def test_curve_ends_at_the_month_and_grows_past_a_hundred():
    curve = Curve(2026, 10 * YI, tuple(number * 10 * YI // 12 for number in range(1, 13)), (4 * YI, 13 * YI))
    chart = curve_chart.draw(curve)
    assert chart is not None
    assert (chart.done_label, chart.due_label, chart.month) == ("130.0", "16.7", 2)
    assert chart.ticks[-1].label == 150
    assert chart.done_y == pytest.approx(100 * 130 / 150, abs=0.01)
    assert chart.actual == "M0 100L10 73.33L20 13.33"
    assert (chart.done_side, chart.plan_side) == ("above", "below")


def test_curve_without_a_plan_is_not_drawn():
    assert curve_chart.draw(Curve(2026, 0, (0,) * 12, (0,))) is None


def test_weeks_are_drawn_against_the_highest_column_with_the_rows_behind_each():
    counts = last_weeks(date(2026, 11, 18), {date(2026, 8, 31): 4, date(2026, 8, 30): 9}, {date(2026, 11, 18): 1})
    panel = weeks.draw(
        counts, Side("到期", lambda week: f"/due?{week.first}"), Side("销号", lambda week: f"/closed?{week.last}")
    )
    assert panel.keys == (("raised", "到期", 4), ("ended", "销号", 1))
    assert (len(panel.weeks), panel.weeks[0].monday, panel.weeks[-1].monday) == (12, "8/31", "11/16")
    came, ended = panel.weeks[0].columns[0], panel.weeks[-1].columns[1]
    assert (came.count, came.height, came.address) == (4, "100.00", "/due?2026-08-31")
    assert (ended.count, ended.height, ended.address) == (1, "25.00", "/closed?2026-11-18")


def test_weeks_without_anything_have_flat_columns():
    panel = weeks.draw(last_weeks(date(2026, 11, 22), {}, {}), Side("", lambda _: ""), Side("", lambda _: ""))
    assert {column.height for week in panel.weeks for column in week.columns} == {"0.00"}


def test_months_are_bars_with_a_mark_where_the_plan_stands():
    bars = fronts.months((MonthSums(1, 2 * YI, 1 * YI), MonthSums(2, 0, 4 * YI)))
    assert [(bar.label, bar.done, bar.height, bar.plan) for bar in bars] == [
        ("1月", "1.0", "25.00", "50.00"),
        ("2月", "4.0", "100.00", ""),
    ]
    assert bars[0].title == "1月完成 1.0 亿元，计划 2.0 亿元"
    assert {bar.measure for bar in bars} <= set(MEASURE_CODES)
    assert [bar.height for bar in fronts.months((MonthSums(1, 0, 0),))] == ["0.00"]


def test_map_fits_into_the_box_with_north_up():
    projection = map_shapes.fit([map_shapes.parse(TALL)], BOX)
    assert projection is not None
    assert projection.at((104, 1))[1] == pytest.approx(10)
    assert projection.at((104, 0))[1] == pytest.approx(90)
    west, east = projection.at((104, 0))[0], projection.at((105, 0))[0]
    assert east - west == pytest.approx(80, abs=0.1)
    assert (west + east) / 2 == pytest.approx(100)


def test_small_plot_is_drawn_large_enough_about_its_middle():
    projection = map_shapes.fit([map_shapes.parse(TALL)], BOX)
    assert projection is not None
    tiny = '{"type":"Polygon","coordinates":[[[104.5,0.5],[104.501,0.5],[104.501,0.501],[104.5,0.501],[104.5,0.5]]]}'
    drawn = map_shapes.spot(tiny, projection)
    assert drawn is not None
    assert 2 * drawn.reach == pytest.approx(map_shapes.SMALLEST)
    assert (drawn.x, drawn.y) == pytest.approx(projection.at((104.5005, 0.5005)), abs=0.1)


def test_severe_plot_gets_a_ring_and_lies_on_top():
    county = CountyRow(1, "甲县", CountyKind.COUNTY, TALL, (104.5, 0.5))
    plots = tuple(
        PlotRow(number, f"{number}号", TALL, ParcelStatus.IN_USE, level, number, f"{number}号工程")
        for number, level in enumerate((FlagLevel.SEVERE, FlagLevel.WARN, FlagLevel.OK), 1)
    )
    free = PlotRow(9, "空地", TALL, ParcelStatus.PLANNED, None, None, "")
    live = map_chart.draw_live(MapView((county,), (), (*plots, free), (), ()), BOX, links=True)
    assert [plot.colour for plot in live.plots] == ["free", "ok", "warn", "severe"]
    assert len(live.rings) == 1
    assert live.plots[-1].href == "/project?id=1"
    assert (live.labels[0].name, live.labels[0].figures) == ("甲县", "暂无项目")


def test_map_without_boundaries_shows_what_has_a_place():
    spot = SpotRow(5, "只有坐标的工程", FlagLevel.SEVERE, 104.5, 29.5)
    live = map_chart.draw_live(MapView((), (), (), (spot,), ()), BOX, links=False)
    assert not live.is_empty
    assert [(plot.title, plot.href) for plot in live.plots] == [("■ 红 只有坐标的工程", "")]
    assert (live.rings[0].x, live.rings[0].y) == pytest.approx((100, 50), abs=45)
    assert map_chart.draw_live(MapView((), (), (), (), ()), BOX, links=False).is_empty


def test_labels_of_neighbours_do_not_cover_one_another():
    counties = tuple(
        CountyRow(number, f"{number}号县", CountyKind.COUNTY, TALL, (104.5, 0.5 + number / 1000)) for number in range(4)
    )
    box = Box(width=900, height=700, left=20, top=20, right=20, bottom=20)
    labels = map_chart.draw_live(MapView(counties, (), (), (), ()), box, links=False).labels
    heights = sorted(label.y for label in labels)
    assert all(upper - lower >= map_chart.LABEL_HEIGHT - 1 for lower, upper in pairwise(heights))


@pytest.mark.parametrize(
    ("name", "short"), [("云岭高新技术产业开发区", "高新区"), ("云岭经济技术开发区", "经开区"), ("平湖县", "平湖县")]
)
def test_development_zones_go_by_their_short_names(name, short):
    assert words.short(name) == short


def _case(step: RectificationStep | None, due_on: date | None) -> RecordRow:
    return RecordRow(1, "一号", FlagLevel.SEVERE, None, (), 1, "甲县", "", step, due_on)


@pytest.mark.parametrize(
    ("step", "due_on", "kind", "said"),
    [
        (None, None, "", "整改待立项"),
        (RectificationStep.PLAN, date(2026, 11, 21), "late", "整改逾期 1 天"),
        (RectificationStep.PLAN, date(2026, 11, 22), "soon", "今日到期"),
        (RectificationStep.FEEDBACK, date(2026, 11, 25), "soon", "剩 3 天整改"),
        (RectificationStep.FEEDBACK, date(2026, 11, 26), "", "剩 4 天整改"),
        (RectificationStep.CLOSED, date(2026, 11, 1), "", "已销号"),
    ],
)
def test_time_left_to_mend_is_told_by_the_step(step, due_on, kind, said):
    found = supervision.time_left(_case(step, due_on), date(2026, 11, 22))
    assert (found.kind, found.text) == (kind, said)
