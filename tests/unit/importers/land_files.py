"""Land files for tests: 勘测定界 txt and other formats around 118.35E 35.05N (3° zone 39, near the border to 40)."""

import io
import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely

from core.importers.land.parse import parse_land
from core.importers.options import ReadOptions
from core.importers.problems import UnreadableFile

NORTH, EAST = 3_880_973.362, 39_623_167.929
SIDE = 60.0  # a square of 3 600 m² on the plane
HEAD = {
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "39",
    "精度": "0.001",
    "转换参数": ",,,,,,",
}
OPTIONS = ReadOptions(year=2026)
FILE = "报盘.txt"


def options(**values):
    return ReadOptions(year=2026, **values)


def square(north=NORTH, east=EAST, side=SIDE):
    """Corners of a square as (north, east), counter-clockwise from the south-west."""
    return [(north, east), (north, east + side), (north + side, east + side), (north + side, east)]


def point_lines(corners, ring=1, first=1, prefix="J", closed=True, form="{},{},{:.3f},{:.3f}"):
    lines = [form.format(f"{prefix}{first + i}", ring, *corner) for i, corner in enumerate(corners)]
    return [*lines, form.format(f"{prefix}{first}", ring, *corners[0])] if closed else lines


def plot_line(count=5, area="0.3600", code="2", name="地块2", shape="面", rest=",,,"):
    return f"{count},{area},{code},{name},{shape},{rest.lstrip(',') if not rest.startswith(',') else rest[1:]},@"


def txt(*plots, head=None, blocks=("[属性描述]", "[地块坐标]"), newline="\r\n", encoding="gb18030"):
    """Bytes of an exchange file; *plots* are lists of lines, *head* replaces or (None) drops values of HEAD."""
    values = {**HEAD, **(head or {})}
    lines = [blocks[0], *(f"{key}={value}" for key, value in values.items() if value is not None), blocks[1]]
    return newline.join([*lines, *(line for plot in plots for line in plot)]).encode(encoding)


def one_plot(corners=None, **values):
    return [plot_line(**values), *point_lines(corners or square())]


def line_of(data, start, encoding="gb18030"):
    """Number of the first line that begins with *start*."""
    lines = data.decode(encoding).splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def found(parsed):
    """(code, row) of every problem."""
    return [(problem.code, problem.row) for problem in parsed.problems]


def lonlat_square(west=118.35, south=35.05, size=0.001):
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def feature(ring=None, geometry=None, **properties):
    shape = geometry or {"type": "Polygon", "coordinates": [ring or lonlat_square()]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def geojson(*features, **members):
    tree = {"type": "FeatureCollection", **members, "features": list(features)}
    return json.dumps(tree, ensure_ascii=False).encode()


def zipped(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def vector_file(folder, name, shapes, columns, crs=None, driver=None, **extra):
    """Write a file by GDAL and return its path."""
    path = folder / name
    fields = list(columns)
    data = [np.array(column, dtype=object if isinstance(column[0], str) else None) for column in columns.values()]
    kind = "Polygon" if all(shape.geom_type == "Polygon" for shape in shapes) else "Unknown"
    wkb = np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object)
    pyogrio.raw.write(path, wkb, data, fields, geometry_type=kind, crs=crs, driver=driver, **extra)
    return path


def shapefile(folder, shapes, columns, crs="EPSG:4490", encoding="UTF-8", without=(), stem="dk"):
    """Zip of a Shapefile; *without* names suffixes to leave out."""
    path = vector_file(folder, f"{stem}.shp", shapes, columns, crs, "ESRI Shapefile", encoding=encoding)
    parts = {p.suffix: p.read_bytes() for p in sorted(path.parent.glob(f"{stem}.*"))}
    return zipped({f"{stem}{suffix}": content for suffix, content in parts.items() if suffix not in without})


SQUARE = shapely.Polygon(lonlat_square())
METRES = shapely.Polygon([(east, north) for north, east in square()])
NAMES = {"name": ["河东一号地"], "dkbh": ["GB00001"]}


def parse(data, name="a.zip", **given):
    return parse_land(data, name, options(**given) if given else OPTIONS)


def refusal(data, name="a.zip"):
    with pytest.raises(UnreadableFile) as caught:
        parse(data, name)
    return caught.value.problem.code


def codes(parsed):
    return [code for code, _ in found(parsed)]


def corner(parsed):
    return min(parsed.plots[0].geometry.exterior.coords)
