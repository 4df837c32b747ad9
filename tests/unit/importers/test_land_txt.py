"""勘测定界 txt: one test for every variant that the bureaus' tools write, with code and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.land.parse import parse_land
from core.importers.land.txt import parse_metres
from core.importers.options import Mend
from core.importers.problems import UnreadableFile
from tests.unit.importers.land_files import (
    EAST,
    FILE,
    NORTH,
    OPTIONS,
    found,
    line_of,
    one_plot,
    options,
    plot_line,
    point_lines,
    square,
    txt,
)

HEAD_LINE = 10  # the @ line of the first plot in ``txt``
CODE = "GB00001"


def parse(data, **given):
    return parse_land(data, FILE, options(**given) if given else OPTIONS)


def corner(parsed):
    return min(parsed.plots[0].geometry.exterior.coords)


def plain(**head):
    return txt(one_plot(code=CODE), head=head)


@pytest.mark.parametrize(
    ("north", "east", "zone"),
    [(3_880_973.362, 39_623_167.929, "39"), (3_881_385.009, 40_349_459.059, "40")],
    ids=["zone 39", "zone 40"],
)
def test_reference_point_lies_at_118_35_35_05_in_both_zones(north, east, zone):
    parsed = parse(txt(one_plot(square(north, east), code=CODE), head={"带号": zone}))
    x, y = parsed.plots[0].geometry.exterior.coords[0]
    nearest = min(parsed.plots[0].geometry.exterior.coords, key=lambda p: abs(p[0] - 118.35) + abs(p[1] - 35.05))
    assert nearest == pytest.approx((118.35, 35.05), abs=1e-8)
    assert parsed.plots[0].source_crs == f"EPSG:{4488 + int(zone)}"
    assert found(parsed) == []
    assert x > 118
    assert y > 35


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_encodings_and_line_ends_read_the_same(encoding, newline):
    parsed = parse(txt(one_plot(code=CODE), encoding=encoding, newline=newline))
    assert [(plot.name, plot.row, plot.declared_area_sqm) for plot in parsed.plots] == [("地块2", HEAD_LINE, 3600)]
    assert parsed.problems == ()


def test_black_brackets_full_width_marks_and_blanks_around_commas():
    lines = [
        "5，0.3600，GB00001，地块2，面，，，，＠",
        *(line.replace(",", " , ") for line in point_lines(square())),
    ]
    parsed = parse(txt(lines, blocks=("【属性描述】", "【地块坐标】")))
    assert [(plot.code, plot.name) for plot in parsed.plots] == [("GB00001", "地块2")]
    assert parsed.problems == ()


def test_full_width_digits_are_the_same_number():
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    lines = [plot_line(code=CODE), *(line.translate(wide) for line in point_lines(square()))]
    assert corner(parse(txt(lines))) == corner(parse(plain()))


@pytest.mark.parametrize(
    ("count", "closed"),
    [(5, True), (4, True), (4, False)],
    ids=["closing counted", "closing not counted", "no closing"],
)
def test_closing_point_may_be_there_and_counted_or_not(count, closed):
    parsed = parse(txt([plot_line(count=count, code=CODE), *point_lines(square(), closed=closed, prefix="")]))
    assert len(parsed.plots[0].geometry.exterior.coords) == 5
    assert parsed.problems == ()


@pytest.mark.parametrize("count", [3, 6, 50])
def test_wrong_number_of_points_is_refused_at_the_plot_line(count):
    parsed = parse(txt(one_plot(count=count, code=CODE)))
    assert found(parsed) == [("point_count", HEAD_LINE)]
    assert parsed.plots == ()
    assert [row.codes for row in parsed.quarantined] == [(CODE,)]


def test_start_number_coming_back_elsewhere_is_refused_at_its_line():
    data = txt([plot_line(code=CODE), *point_lines(square(), closed=False), f"J1,1,{NORTH + 1:.3f},{EAST:.3f}"])
    assert found(parse(data)) == [("not_closed", HEAD_LINE + 5)]


@pytest.mark.parametrize("fields", range(7, 14))
def test_seven_to_thirteen_fields_before_the_mark(fields):
    values = ["5", "0.3600", CODE, "地块2", "面", "H50G", "工业", "0601", "新增", "9", "备注", "甲", "乙"][:fields]
    parsed = parse(txt([",".join(values) + ",@", *point_lines(square())]))
    (plot,) = parsed.plots
    assert (plot.code, plot.use_name, plot.use_code) == (CODE, "工业", "0601" if fields > 7 else "")
    assert parsed.problems == ()


@pytest.mark.parametrize("line", ["5,0.36,@", "甲,0.3600,GB00001,地块2,面,,,,@", ",".join("1" * 20) + ",@"])
def test_plot_line_that_is_none_is_refused(line):
    assert found(parse(txt([line, *point_lines(square())]))) == [("plot_header", HEAD_LINE)]


def test_several_plots_in_one_file_stand_at_their_lines():
    data = txt(one_plot(code="GB00001", name="甲"), one_plot(square(NORTH, EAST + 100), code="GB00002", name="乙"))
    parsed = parse(data)
    assert [(plot.name, plot.row) for plot in parsed.plots] == [("甲", 10), ("乙", 16)]
    assert parsed.totals == {"area_sqm": 7198, "declared_area_sqm": 7200}


def test_running_number_is_no_code_because_the_next_file_has_it_too():
    parsed = parse(txt(one_plot(code="2")))
    assert found(parsed) == [("plot_number_only", HEAD_LINE)]
    assert parsed.plots[0].code == ""


@pytest.mark.parametrize("kind", ["线", "点"])
def test_lines_and_points_are_refused_and_named(kind):
    parsed = parse(txt(one_plot(shape=kind, code=CODE)))
    assert found(parsed) == [("not_an_area", HEAD_LINE)]
    assert f"“{kind}”" in parsed.problems[0].message


@pytest.mark.parametrize(
    ("area", "sqm"),
    [("0.3600", 3600), ("0.3600公顷", 3600), ("3600㎡", 3600), ("3,600平方米".replace(",", ""), 3600), ("5.4亩", 3600)],
)
def test_area_with_its_unit_is_read_in_that_unit(area, sqm):
    parsed = parse(txt(one_plot(area=area, code=CODE)))
    assert parsed.plots[0].declared_area_sqm == sqm
    assert parsed.problems == ()


@pytest.mark.parametrize(("area", "unit"), [("3600", "㎡"), ("5.4", "亩")])
def test_wrong_unit_in_the_hectare_field_is_read_by_the_coordinates_and_said(area, unit):
    parsed = parse(txt(one_plot(area=area, code=CODE)))
    assert found(parsed) == [("area_unit", HEAD_LINE)]
    assert f"已按{unit}读取" in parsed.problems[0].message
    assert parsed.plots[0].declared_area_sqm == 3600


@pytest.mark.parametrize(("area", "codes"), [("0.3634", []), ("0.3636", ["area_differs"])], ids=["0.98 %", "1.03 %"])
def test_area_off_by_more_than_one_percent_is_warned(area, codes):
    parsed = parse(txt(one_plot(area=area, code=CODE)))
    assert [code for code, _ in found(parsed)] == codes
    assert len(parsed.plots) == 1


def test_area_in_words_is_left_empty_and_said():
    parsed = parse(txt(one_plot(area="约五亩", code=CODE)))
    assert found(parsed) == [("bad_land_area", HEAD_LINE)]
    assert parsed.plots[0].declared_area_sqm is None


def test_east_first_is_put_right_and_said():
    swapped = [(east, north) for north, east in square()]
    parsed = parse(txt(one_plot(swapped, code=CODE)))
    assert found(parsed) == [("swapped_axes", HEAD_LINE)]
    assert corner(parsed) == corner(parse(plain()))


def test_one_point_with_swapped_axes_is_refused_at_its_line():
    corners = square()
    corners[2] = corners[2][::-1]
    assert found(parse(txt(one_plot(corners, code=CODE)))) == [("axes_mixed", HEAD_LINE + 3)]


def without_zone(corners):
    return [(north, east - 39e6) for north, east in corners]


def test_easting_without_zone_takes_it_from_the_header():
    parsed = parse(txt(one_plot(without_zone(square()), code=CODE)))
    assert corner(parsed) == corner(parse(plain()))
    assert parsed.problems == ()


def test_easting_without_zone_takes_it_from_the_central_meridian():
    data = txt(one_plot(without_zone(square()), code=CODE), head={"带号": "", "中央子午线": "117"})
    assert corner(parse(data)) == corner(parse(plain()))


def test_no_zone_anywhere_is_asked_and_the_answer_is_taken_and_said():
    data = txt(one_plot(without_zone(square()), code=CODE), head={"带号": ""})
    assert found(parse(data)) == [("zone_unknown", HEAD_LINE)]
    answered = parse(data, crs="EPSG:4527")
    assert found(answered) == [("crs_declared", HEAD_LINE)]
    assert corner(answered) == corner(parse(plain()))


def test_empty_zone_in_the_header_is_no_matter_when_the_numbers_carry_it():
    assert corner(parse(plain(带号=""))) == corner(parse(plain()))


@pytest.mark.parametrize("head", [{"带号": "40"}, {"几度分带": "6", "带号": ""}], ids=["other zone", "other width"])
def test_header_against_the_numbers_is_refused(head):
    assert found(parse(plain(**head))) == [("zone_disagrees", HEAD_LINE)]


def test_declaration_against_the_numbers_is_refused():
    assert found(parse(plain(带号=""), crs="EPSG:4528")) == [("zone_disagrees", HEAD_LINE)]


def test_six_degree_zone_reaches_further_from_its_meridian():
    corners = square(3_889_900.0, 20_623_000.0)
    parsed = parse(txt(one_plot(corners, code=CODE), head={"带号": "20", "几度分带": "6"}))
    assert parsed.plots[0].source_crs == "EPSG:4498"
    assert corner(parsed)[0] == pytest.approx(118.35, abs=0.01)


def inner(offset=20.0, side=10.0):
    return square(NORTH + offset, EAST + offset, side)


def test_second_ring_inside_is_a_hole_whatever_its_number():
    lines = [
        plot_line(count=10, area="0.3500", code=CODE),
        *point_lines(square()),
        *point_lines(inner(), ring=2, first=5),
    ]
    parsed = parse(txt(lines))
    assert found(parsed) == [("ring_is_hole", HEAD_LINE + 6)]
    assert len(parsed.plots[0].geometry.interiors) == 1
    assert parsed.plots[0].area_sqm == 3499


def test_second_ring_outside_is_a_second_part():
    second = square(NORTH, EAST + 100, 10)
    lines = [
        plot_line(count=10, area="0.3700", code=CODE),
        *point_lines(square()),
        *point_lines(second, ring=2, first=5),
    ]
    parsed = parse(txt(lines))
    assert found(parsed) == [("ring_is_part", HEAD_LINE + 6)]
    assert parsed.plots[0].geometry.geom_type == "MultiPolygon"
    assert parsed.plots[0].area_sqm == 3699


def test_hole_before_its_outer_ring_is_still_a_hole():
    lines = [
        plot_line(count=10, area="0.3500", code=CODE),
        *point_lines(inner()),
        *point_lines(square(), ring=2, first=5),
    ]
    assert len(parse(txt(lines)).plots[0].geometry.interiors) == 1


def test_new_ring_after_a_closing_point_without_a_number_of_its_own():
    lines = [
        plot_line(count=10, area="0.3500", code=CODE),
        *point_lines(square()),
        *point_lines(inner(), ring=1, first=5),
    ]
    parsed = parse(txt(lines))
    assert found(parsed) == [("ring_is_hole", HEAD_LINE + 6)]


def test_old_datum_is_refused_at_its_line_and_nothing_is_converted_silently():
    data = plain(坐标系="1980西安坐标系")
    parsed = parse(data)
    assert found(parsed) == [("old_datum", line_of(data, "坐标系"))]
    assert (parsed.plots, len(parsed.quarantined)) == ((), 1)
    declared = parse(data, crs="EPSG:4527")
    assert found(declared) == [("datum_ignored", line_of(data, "坐标系"))]
    assert corner(declared) == corner(parse(plain()))


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"坐标系": "独立坐标系"}, "crs_unsupported"),
        ({"计量单位": "千米"}, "header_value"),
        ({"投影类型": "墨卡托"}, "header_value"),
    ],
)
def test_header_that_cannot_be_read_refuses_the_file(head, code):
    data = plain(**head)
    parsed = parse(data)
    assert found(parsed) == [(code, line_of(data, next(iter(head))))]
    assert parsed.plots == ()


def test_conversion_parameters_are_named_and_not_applied():
    data = plain(转换参数="1.5,2,3,0,0,0,0")
    assert found(parse(data)) == [("conversion_parameters", line_of(data, "转换参数"))]
    assert corner(parse(data)) == corner(parse(plain()))


@pytest.mark.parametrize(
    "line", ["J3,1,3881033.362", "J3,1,3881033.362,39623227.929,9", "J3,,3881033.362,39623227.929"]
)
def test_point_line_of_another_shape_is_refused_at_its_line(line):
    lines = [plot_line(code=CODE), *point_lines(square())]
    lines[3] = line
    assert found(parse(txt(lines))) == [("point_line", HEAD_LINE + 3)]


@pytest.mark.parametrize("value", ["NaN", "1e308", "inf", "39623227.9.29", "三千", "12.5", "900000.0"])
def test_number_that_is_no_coordinate_is_refused_at_its_line(value):
    lines = [plot_line(code=CODE), *point_lines(square())]
    lines[3] = f"J3,1,3881033.362,{value}"
    parsed = parse(txt(lines))
    assert found(parsed) == [("bad_coordinate", HEAD_LINE + 3)]


def test_point_before_any_plot_line_is_refused():
    data = txt(["J1,1,3880973.362,39623167.929"], one_plot(code=CODE))
    assert ("point_outside", HEAD_LINE) in found(parse(data))
    assert parse(data).plots == ()


def test_two_corners_make_no_plot():
    parsed = parse(txt([plot_line(count=2, code=CODE), *point_lines(square()[:2], closed=False)]))
    assert found(parsed) == [("too_few_corners", HEAD_LINE + 1)]


def test_boundary_that_crosses_itself_names_the_place_and_what_a_repair_would_give():
    a, b, c, d = square()
    parsed = parse(txt(one_plot([a, b, d, c], code=CODE)))
    assert found(parsed) == [("self_crossing", HEAD_LINE)]
    assert "东经118.3503" in parsed.problems[0].message
    assert "面积将为1799平方米" in parsed.problems[0].message
    assert parsed.plots == ()


def test_same_plot_twice_and_overlapping_plots_are_named():
    third = square(NORTH, EAST + 30)
    data = txt(one_plot(code="GB00001"), one_plot(code="GB00002"), one_plot(third, code="GB00003", name="三号"))
    parsed = parse(data)
    assert found(parsed) == [("duplicate_plot", 16), ("plots_overlap", 22), ("plots_overlap", 22)]
    assert "重叠1799平方米" in parsed.problems[1].message
    assert [plot.code for plot in parsed.plots] == ["GB00001", "GB00003"]


def test_same_code_twice_sets_the_second_aside():
    data = txt(one_plot(code="GB00001"), one_plot(square(NORTH, EAST + 100), code="GB00001"))
    assert found(parse(data)) == [("duplicate_plot_code", 16)]


def test_mended_line_is_read_instead_of_the_one_in_the_file():
    lines = [plot_line(code=CODE), *point_lines(square())]
    lines[3] = "J3,1,3881033.362,三千"
    mend = Mend(FILE, HEAD_LINE + 3, 0, "J3,1,3881033.362,39623227.929")
    assert parse(txt(lines), mends=(mend,)).plots == parse(plain()).plots


def test_only_the_rows_asked_for_are_taken():
    data = txt(one_plot(code="GB00001"), one_plot(square(NORTH, EAST + 100), code="GB00002"))
    parsed = parse(data, only=frozenset({(FILE, 16)}))
    assert [plot.code for plot in parsed.plots] == ["GB00002"]


def test_file_without_any_plot_is_unreadable():
    with pytest.raises(UnreadableFile) as caught:
        parse(txt())
    assert caught.value.problem.code == "no_plots"


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.integers(0, 9))
def test_metres_read_back_as_written(thousandths, blanks):
    text = f"{thousandths / 1000:.3f}"
    assert parse_metres(" " * blanks + text) == thousandths / 1000


@given(st.text("0123456789.,-+eE ,NaInf度", max_size=14))
def test_metres_are_never_silently_another_value(text):
    value = parse_metres(text)
    if value is not None:
        assert value == float(text)
        assert abs(value) < 1e12
