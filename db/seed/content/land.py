"""Schematic land of 云岭市: where the counties lie, and the courses of river, rail and road. No real boundary."""

from core.domain.terms import CountyKind

# Fictional centre of the prefecture in the open; nothing here follows a surveyed line.
CENTRE_LONGITUDE = 104.5
CENTRE_LATITUDE = 29.5

# (code, name, short name, kind, east km, north km, weight km²). 9999xx is no region of the country.
COUNTIES: tuple[tuple[str, str, str, CountyKind, float, float, float], ...] = (
    ("999902", "云河区", "云河", CountyKind.DISTRICT, 3.2, 5.2, 30.0),
    ("999903", "兰台区", "兰台", CountyKind.DISTRICT, -8.6, 4.6, 30.0),
    ("999904", "南岭区", "南岭", CountyKind.DISTRICT, -2.4, -6.8, 30.0),
    ("999971", "高新区", "高新区", CountyKind.DEVELOPMENT_ZONE, 12.6, 9.2, -8.0),
    ("999972", "经开区", "经开区", CountyKind.DEVELOPMENT_ZONE, 10.0, -3.6, -8.0),
    ("999921", "临溪县", "临溪", CountyKind.COUNTY, 7.6, 20.2, 60.0),
    ("999922", "东原县", "东原", CountyKind.COUNTY, 24.4, 12.6, 60.0),
    ("999923", "北固县", "北固", CountyKind.COUNTY, -8.4, 19.6, 60.0),
    ("999924", "青川县", "青川", CountyKind.COUNTY, -25.0, 11.6, 120.0),
    ("999925", "石泉县", "石泉", CountyKind.COUNTY, -20.2, -5.6, 75.0),
    ("999926", "西坪县", "西坪", CountyKind.COUNTY, -14.6, -16.6, 35.0),
    ("999927", "安澜县", "安澜", CountyKind.COUNTY, -1.4, -20.4, 60.0),
    ("999928", "丰乐县", "丰乐", CountyKind.COUNTY, 14.0, -14.2, 60.0),
    ("999929", "平湖县", "平湖", CountyKind.COUNTY, 27.2, -1.8, 60.0),
)

OUTLINE_KM: tuple[tuple[float, float], ...] = (
    (-37.6, 19.6), (-33.0, 26.6), (-25.4, 25.2), (-20.2, 28.4), (-12.6, 25.6), (-5.4, 25.2), (1.2, 26.0),
    (5.6, 21.8), (10.4, 24.6), (17.2, 23.4), (23.6, 18.8), (30.4, 15.6), (35.8, 8.4), (37.4, 1.2),
    (33.6, -4.2), (28.0, -8.2), (22.6, -11.0), (18.8, -16.4), (12.0, -20.2), (7.4, -24.6), (0.6, -24.4),
    (-3.8, -28.2), (-10.0, -26.6), (-16.4, -22.6), (-21.4, -15.6), (-27.6, -13.2), (-29.6, -6.8),
    (-33.6, -2.0), (-33.0, 5.2), (-36.6, 12.2),
)  # fmt: skip

# kind, name, waypoints (km), roughness of the wander.
COURSES: tuple[tuple[str, str, tuple[tuple[float, float], ...], float], ...] = (
    (
        "river",
        "云河",
        (
            (-40.0, 15.8), (-31.2, 13.4), (-24.0, 14.4), (-17.8, 10.2), (-13.0, 4.6), (-8.2, 0.9), (-1.4, 0.2),
            (4.6, -1.6), (6.0, -5.0), (10.4, -8.2), (15.0, -9.6), (16.0, -14.4), (20.6, -20.0),
        ),
        0.15,
    ),
    (
        "river",
        "临溪河",
        ((12.4, 29.0), (10.6, 21.0), (6.8, 15.0), (8.4, 8.6), (6.2, 3.0), (4.6, -1.6)),
        0.15,
    ),
    (
        "railway",
        "云安铁路",
        (
            (-7.2, 31.0), (-4.2, 22.4), (-1.2, 13.6), (1.0, 6.4), (3.4, -0.4), (2.2, -7.6), (4.2, -14.0),
            (1.8, -21.0), (3.0, -29.0),
        ),
        0.03,
    ),
    (
        "expressway",
        "成云高速",
        (
            (-36.0, -3.6), (-28.0, -1.8), (-20.4, -1.4), (-11.6, 1.8), (-4.2, 2.2), (1.6, 7.6), (8.6, 5.4),
            (15.6, 6.4), (22.0, 9.6), (29.0, 10.6), (39.0, 8.0),
        ),
        0.04,
    ),
    (
        "expressway",
        "北平高速",
        (
            (-16.6, 31.0), (-14.6, 22.0), (-16.2, 12.6), (-14.4, 1.6), (-12.8, -8.4), (-4.2, -13.4), (6.4, -12.2),
            (15.8, -6.0), (24.0, -4.6), (40.0, -6.4),
        ),
        0.04,
    ),
)  # fmt: skip

# Lake of 平湖县: centre (km), half axes (km), tilt (degrees).
LAKE = ("平湖", (31.6, -0.6), (2.6, 1.2), 38.0)

# How many of 260 plots each county holds; denser in the middle.
PLOT_SHARES: dict[str, int] = {
    "999902": 36, "999903": 28, "999904": 24, "999971": 22, "999972": 22, "999921": 16, "999922": 18,
    "999923": 10, "999924": 10, "999925": 12, "999926": 15, "999927": 13, "999928": 17, "999929": 17,
}  # fmt: skip
