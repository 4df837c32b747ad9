"""Clean small files of every format, from which the broken ones are made."""

import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO

import docx
import xlwt

from tests.unit.importers.ledgers import ledger, xlsx

RING = ((118.30, 35.05), (118.30, 35.06), (118.31, 35.06), (118.31, 35.05), (118.30, 35.05))
Ring = Sequence[tuple[float, float]]


@cache
def good_xlsx() -> bytes:
    """A clean ledger."""
    return xlsx(ledger(6))


@cache
def good_xls() -> bytes:
    """The same ledger in the old binary format."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("台账")
    for r, row in enumerate(ledger(6)):
        for c, value in enumerate(row):
            page.write(r, c, value)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


@cache
def good_csv() -> str:
    """The same ledger as delimited text."""
    return "\n".join(",".join(f'"{value}"' for value in row) for row in ledger(6))


@cache
def good_docx() -> bytes:
    """The same ledger as a table in a document."""
    document = docx.Document()
    rows = ledger(3)[2:]
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            table.cell(r, c).text = str(value)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def zip_of(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive with *parts*; the date is fixed, so that the bytes are."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return target.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the members of an archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def swapped(data: bytes, part: str, old: bytes | str, new: bytes | str) -> bytes:
    """Return an archive in which *old* is *new* within *part*; *old* must be there."""
    old, new = (text.encode() if isinstance(text, str) else text for text in (old, new))
    parts = parts_of(data)
    if old not in parts[part]:
        raise ValueError(f"{part} does not hold {old!r}")
    return zip_of({**parts, part: parts[part].replace(old, new)})


def geojson(ring: Ring = RING, **properties: object) -> str:
    """Return a collection with one plot."""
    geometry = {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}
    feature = {"type": "Feature", "properties": {"地块编号": "LS-001", "面积": 1.5, **properties}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)


def kml(coordinates: str = "118.30,35.05 118.30,35.06 118.31,35.06 118.30,35.05", head: str = "") -> str:
    """Return a placemark with one plot."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        f"<name>LS-001</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{coordinates}</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )


def polygon_record(ring: Ring, number: int = 1, parts: Sequence[int] = (0,), count: int | None = None) -> bytes:
    """Return one record of a .shp with its header; *parts* and *count* may lie."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    body = struct.pack(
        "<i4d2i", 5, min(xs), min(ys), max(xs), max(ys), len(parts), len(ring) if count is None else count
    )
    body += struct.pack(f"<{len(parts)}i", *parts) + b"".join(struct.pack("<2d", x, y) for x, y in ring)
    return struct.pack(">2i", number, len(body) // 2) + body


def shp(*records: bytes, length: int | None = None) -> bytes:
    """Return a .shp of *records*; *length* (in 16-bit words) may lie."""
    body = b"".join(records)
    words = (100 + len(body)) // 2 if length is None else length
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, 5, *([0.0] * 8)) + body


def shx(*places: tuple[int, int], length: int | None = None) -> bytes:
    """Return a .shx of (offset, length) in 16-bit words."""
    words = 50 + 4 * len(places) if length is None else length
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, 5, *([0.0] * 8))
    return head + b"".join(struct.pack(">2i", *place) for place in places)


def dbf(rows: Sequence[str] = ("LS-001",), count: int | None = None) -> bytes:
    """Return a .dbf with one text column; *count* may lie."""
    head = struct.pack("<B3BIHH20x", 3, 126, 1, 1, len(rows) if count is None else count, 65, 21)
    field = b"DKBH".ljust(11, b"\0") + b"C" + bytes(4) + bytes([20, 0]) + bytes(14)
    return head + field + b"\r" + b"".join(b" " + row.encode("gbk").ljust(20)[:20] for row in rows) + b"\x1a"


PRJ = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def shapefile(**parts: bytes | str) -> bytes:
    """Return a zipped Shapefile; keywords replace (or, when empty, leave out) one of shp, shx, dbf, prj."""
    record = polygon_record(RING)
    whole: dict[str, bytes | str] = {
        "shp": shp(record),
        "shx": shx((50, (len(record) - 8) // 2)),
        "dbf": dbf(),
        "prj": PRJ,
    }
    return zip_of({f"地块.{name}": content for name, content in {**whole, **parts}.items() if content})


SURVEY = (
    "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=39\n精度=0.001\n转换参数=0,0,0,0,0,0,0\n"
    "[地块坐标]\n4,1.2345,LS-001,兰山地块一,面,I50G001001,工业用地,,@\n"
    "J1,1,3880000.000,39500000.000\nJ2,1,3880100.000,39500000.000\nJ3,1,3880100.000,39500100.000\nJ1,1,3880000.000,39500000.000\n"
)

PROJECT_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>{head}<Project xmlns="http://schemas.microsoft.com/project"><Name>{name}</Name>'
    "<Tasks><Task><UID>1</UID><ID>1</ID><Name>开工</Name><Milestone>1</Milestone><Start>{start}</Start>"
    "<Finish>2026-03-01T17:00:00</Finish></Task></Tasks></Project>"
)


def project_xml(head: str = "", name: str = "示例工程", start: str = "2026-03-01T08:00:00") -> str:
    """Return a schedule of one milestone as MS Project writes it."""
    return PROJECT_XML.format(head=head, name=name, start=start)


XER = (
    "ERMHDR\t19.12\t2026-01-01\tProject\tadmin\nadmin\tdbx\tProject Management\tCNY\n"
    "%T\tPROJECT\n%F\tproj_id\tproj_short_name\n"
    "%R\t1\tZD-1\n%T\tTASK\n%F\ttask_id\tproj_id\ttask_code\ttask_name\ttask_type\ttarget_end_date\n"
    "%R\t1\t1\tA1\t开工\tTT_FinMile\t2026-03-01 17:00\n%E\n"
)
