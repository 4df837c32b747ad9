"""Plots whose geometry lies: Shapefiles, GeoJSON, DXF."""

import json
import math
import struct
from collections.abc import Iterator
from functools import partial

from tests.faults.malformed.bases import RING, dbf, geojson, polygon_record, shapefile, shp, shx
from tests.faults.malformed.case import Case, fixed

NUMBERS = {
    "nan": math.nan,
    "infinite": math.inf,
    "minus-infinite": -math.inf,
    "1e308": 1e308,
    "minus-1e308": -1e308,
    "tiny": 5e-324,
}


def cases() -> Iterator[Case]:
    yield from _shapefiles()
    yield from _geojson()
    yield from _dxf()


def _zipped(name: str, **parts: bytes | str) -> Case:
    return Case(f"shapefile/{name}", "地块.zip", partial(shapefile, **parts))


def _shapefiles() -> Iterator[Case]:
    record = polygon_record(RING)
    words = (len(record) - 8) // 2
    yield _zipped("index-offset-lies", shx=shx((2**30, words)))
    yield _zipped("index-offset-negative", shx=shx((-50, words)))
    yield _zipped("index-length-lies", shx=shx((50, 2**30)))
    yield _zipped("index-count-lies", shx=shx((50, words), length=2**30))
    yield _zipped("index-cyclic", shx=shx(*[(50, words)] * 5000))
    yield _zipped("index-missing", shx="")
    yield _zipped("attributes-missing", dbf="")
    yield _zipped("shapes-missing", shp="")
    yield _zipped("attribute-count-lies", dbf=dbf(count=2**31 - 1))
    yield _zipped("attributes-cut", dbf=dbf()[:40])
    yield _zipped("attributes-of-noise", dbf=bytes(range(256)) * 4)
    yield _zipped("projection-of-noise", prj="GEOGCS[[[[[[" * 1000)
    yield _zipped("projection-unknown", prj='LOCAL_CS["工程坐标系"]')
    yield _zipped("projection-missing", prj="")
    yield _zipped("file-length-lies", shp=shp(record, length=2**30))
    yield _zipped("file-length-negative", shp=shp(record, length=-1))
    yield _zipped("no-records", shp=shp(), shx=shx(), dbf=dbf(()))
    yield _zipped(
        "null-shapes", shp=shp(*[struct.pack(">2i", 1, 2) + struct.pack("<i", 0)] * 3), dbf=dbf(("A", "B", "C"))
    )
    yield _zipped("points-instead", shp=shp(struct.pack(">2i", 1, 10) + struct.pack("<i2d", 1, 118.3, 35.0)))
    yield _zipped("unknown-type", shp=shp(struct.pack(">2i", 1, 2) + struct.pack("<i", 99)))
    for name, parts, count in (
        ("part-beyond-points", (0, 900), None), ("part-negative", (-5,), None), ("parts-backwards", (3, 0), None),
        ("point-count-lies", (0,), 2**30), ("point-count-negative", (0,), -1), ("parts-all-the-same", (0,) * 50, None),
    ):  # fmt: skip
        yield _zipped(name, shp=shp(polygon_record(RING, parts=parts, count=count)))
    for name, number in NUMBERS.items():
        yield _zipped(f"coordinate-{name}", shp=shp(polygon_record([(number, 35.0), *RING[1:]])))
    yield Case("shapefile/ring-of-100000", "地块.zip", _round_shapefile)
    yield fixed("shapefile/shp-alone", "地块.shp", shp(record))
    yield fixed("shapefile/shp-head-only", "地块.shp", shp()[:60])


def round_ring(count: int) -> list[tuple[float, float]]:
    """A spiky star that crosses nothing and closes."""
    steps = [2 * math.pi * n / count for n in range(count)]
    ring = [
        (118.3 + (0.01 + n % 2 * 0.001) * math.cos(a), 35.0 + (0.01 + n % 2 * 0.001) * math.sin(a))
        for n, a in enumerate(steps)
    ]
    return [*ring, ring[0]]


def _round_shapefile() -> bytes:
    crossing = [point[::-1] if n % 2 else point for n, point in enumerate(round_ring(100_000))]
    return shapefile(shp=shp(polygon_record(crossing)))


def _plot(name: str, data: str) -> Case:
    return fixed(f"geojson/{name}", "地块.geojson", data)


def _geojson() -> Iterator[Case]:
    for name, number in NUMBERS.items():
        yield _plot(f"coordinate-{name}", geojson([(number, 35.0), *RING[1:]]))
    yield _plot("coordinate-1e999", geojson().replace("118.3,", "1e999,"))
    yield _plot("coordinate-text", geojson().replace("118.3,", '"东经118度",'))
    yield _plot("coordinate-missing", geojson().replace("118.3, 35.05", "118.3"))
    yield _plot("coordinate-null", geojson().replace("118.3, 35.05", "null, null"))
    yield _plot("coordinate-of-400-digits", geojson().replace("118.3,", "9" * 400 + ","))
    yield _plot("ring-of-one", geojson(RING[:1]))
    yield _plot("ring-of-two", geojson(RING[:2]))
    yield _plot("ring-empty", geojson(()))
    yield _plot("ring-of-one-place", geojson([RING[0]] * 5))
    yield _plot("ring-crossing", geojson([RING[0], RING[2], RING[1], RING[3], RING[0]]))
    yield _plot("ring-on-a-line", geojson([(118.3, 35.0), (118.4, 35.0), (118.5, 35.0), (118.3, 35.0)]))
    yield _plot("axes-swapped", geojson([(y, x) for x, y in RING]))
    yield _plot("far-away", geojson([(x - 200, y + 90) for x, y in RING]))
    yield _plot("other-continent", geojson([(x - 118, y - 35) for x, y in RING]))
    yield Case("geojson/ring-of-100000", "地块.geojson", _round_geojson)
    yield Case("geojson/20000-times-the-same", "地块.geojson", _repeated)
    nested = "[" * 100_000
    yield _plot("nested-100000", nested + "]" * 100_000)
    yield _plot("nested-unclosed", nested)
    yield _plot("nested-objects", '{"a":' * 50_000 + "1" + "}" * 50_000)
    yield _plot("nested-geometries", _collections(3000))
    yield _plot(
        "keys-twice", geojson().replace('"type": "Feature"', '"type": "Feature", "geometry": null, "type": "Feature"')
    )
    yield _plot("features-twice", geojson()[:-1] + ', "features": []}')
    yield _plot("features-no-list", '{"type": "FeatureCollection", "features": {"a": 1}}')
    yield _plot("features-of-numbers", '{"type": "FeatureCollection", "features": [1, "a", null, []]}')
    yield _plot("features-none", '{"type": "FeatureCollection", "features": []}')
    yield _plot(
        "geometry-null",
        geojson().replace('"geometry": {"type": "Polygon"', '"geometry": null, "x": {"type": "Polygon"'),
    )
    yield _plot("geometry-unknown", geojson().replace('"Polygon"', '"Circle"'))
    yield _plot("type-missing", geojson().replace('"type": "FeatureCollection"', '"kind": "FeatureCollection"'))
    yield _plot("type-number", geojson().replace('"FeatureCollection"', "7"))
    yield _plot(
        "crs-unknown",
        geojson()[:-1] + ', "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}}}',
    )
    yield _plot(
        "crs-by-address",
        geojson()[:-1] + ', "crs": {"type": "link", "properties": {"href": "http://example.invalid/crs"}}}',
    )
    yield _plot("area-1e308", geojson(面积=1e308))
    yield _plot("area-nan", geojson(面积=math.nan))
    yield _plot("only-a-number", "7")
    yield _plot("only-a-word", "null")
    yield _plot("cut", geojson()[:-40])
    yield _plot("trailing-comma", geojson()[:-1] + ",}")
    yield _plot("two-documents", geojson() + geojson())
    yield _plot("lone-surrogate", geojson(名称="\\ud800").replace("\\\\", "\\"))
    yield fixed("geojson/utf16", "地块.geojson", geojson().encode("utf-16")[:-1])


def _round_geojson() -> bytes:
    crossing = [point[::-1] if n % 2 else point for n, point in enumerate(round_ring(100_000))]
    return geojson(crossing).encode()


def _repeated() -> bytes:
    whole = json.loads(geojson())
    whole["features"] *= 20_000
    return json.dumps(whole, ensure_ascii=False).encode()


def _collections(depth: int) -> str:
    inner = '{"type":"GeometryCollection","geometries":[' * depth + "]}" * depth
    return f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{inner}}}]}}'


def _dxf() -> Iterator[Case]:
    line = (
        "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n8\n地块\n90\n3\n70\n1\n10\n{x}\n20\n35.0\n"
        "10\n118.31\n20\n35.0\n10\n118.31\n20\n35.01\n0\nENDSEC\n0\nEOF\n"
    )
    for name in ("nan", "1e999", "abc", "", "9" * 400):
        yield fixed(f"dxf/coordinate-{name[:6] or 'empty'}", "地块.dxf", line.format(x=name))
    yield fixed("dxf/cut", "地块.dxf", line.format(x="118.3")[:60])
    yield fixed("dxf/no-entities", "地块.dxf", "0\nSECTION\n2\nHEADER\n0\nENDSEC\n0\nEOF\n")
    yield fixed("dxf/open-section", "地块.dxf", "0\nSECTION\n" * 20_000)
    yield fixed("dxf/binary", "地块.dxf", b"AutoCAD Binary DXF\r\n\x1a\0" + bytes(500))
    yield fixed("dxf/dwg", "地块.dxf", b"AC1032" + bytes(500))
