"""Archives: bombs, lies about sizes, names that climb out of a folder, members twice."""

import struct
import zipfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO

from tests.faults.malformed.bases import good_docx, good_xlsx, parts_of, shapefile, zip_of
from tests.faults.malformed.case import Case, fixed

MEBIBYTE = 2**20
CLIMBING = (
    "../../etc/cron.d/x",
    "/etc/passwd",
    "C:\\Windows\\x.xml",
    "..\\..\\x.xml",
    "xl/../../../x.xml",
    "a\0b.xml",
    "con.xml",
    "x" * 60_000,
)
SHEET = "xl/worksheets/sheet1.xml"


def cases() -> Iterator[Case]:
    yield from _bombs()
    yield from _lies()
    for number, name in enumerate(CLIMBING):
        for file_name in ("台账.xlsx", "地块.zip", "地块.kmz"):
            yield Case(f"archive/climbing-{number}-{file_name[-4:].strip('.')}", file_name, partial(_alone, name))
    yield Case("archive/member-twice", "台账.xlsx", _twice)
    yield Case("archive/50000-members", "台账.xlsx", partial(_many, 50_000))
    yield Case("archive/symbolic-link", "地块.zip", _link)
    yield Case("archive/encrypted-member", "台账.xlsx", _encrypted_flag)
    yield Case("archive/docx-as-xlsx", "台账.xlsx", good_docx)
    yield Case("archive/shapefile-as-xlsx", "台账.xlsx", shapefile)
    yield fixed("archive/empty-zip", "台账.xlsx", b"PK\x05\x06" + bytes(18))
    yield fixed("archive/zip-header-only", "台账.xlsx", b"PK\x03\x04")
    yield fixed("archive/zip-header-and-zeros", "地块.kmz", b"PK\x03\x04" + bytes(500))
    for name, magic in (
        ("rar", b"Rar!\x1a\x07\x00"),
        ("7z", b"7z\xbc\xaf\x27\x1c"),
        ("gzip", b"\x1f\x8b\x08"),
        ("bzip2", b"BZh9"),
        ("xz", b"\xfd7zXZ\0"),
    ):
        yield fixed(f"archive/{name}-as-xlsx", "台账.xlsx", magic + bytes(range(256)) * 8)
        yield fixed(f"archive/{name}-as-zip", "地块.zip", magic + bytes(range(256)) * 8)
    for number, part in enumerate(
        (
            "mimetype",
            "xl/workbook.bin",
            "word/document.xml",
            "ppt/presentation.xml",
            "readme.txt",
            "地块.shp",
            "doc.kml",
        )
    ):
        yield Case(f"archive/lone-member-{number}", "台账.xlsx", partial(_alone, part))


def _alone(name: str) -> bytes:
    return zip_of({name: b"x"})


def _bombs() -> Iterator[Case]:
    for size in (64, 500, 1024):
        yield Case(f"archive/bomb-sheet-{size}-MiB", "台账.xlsx", partial(_bomb, SHEET, size))
    yield Case("archive/bomb-strings", "台账.xlsx", partial(_bomb, "xl/sharedStrings.xml", 500))
    yield Case("archive/bomb-image", "台账.xlsx", partial(_bomb, "xl/media/image1.png", 500))
    yield Case("archive/bomb-kmz", "地块.kmz", partial(_flat_bomb, "doc.kml", 500))
    yield Case("archive/bomb-shp", "地块.zip", partial(_flat_bomb, "地块.shp", 500))
    yield Case("archive/bomb-docx", "台账.docx", partial(_flat_bomb, "word/document.xml", 500))
    yield Case("archive/bomb-nested", "地块.zip", _nested)
    yield Case("archive/bomb-many-copies", "台账.xlsx", _overlapping)


def _bomb(part: str, mebibytes: int) -> bytes:
    parts = parts_of(good_xlsx())
    parts.pop(part, None)
    return _with_blank(parts, part, mebibytes)


def _flat_bomb(part: str, mebibytes: int) -> bytes:
    return _with_blank({}, part, mebibytes)


def _with_blank(parts: dict[str, bytes], part: str, mebibytes: int) -> bytes:
    """Return an archive whose *part* unpacks to *mebibytes* of blanks; its bytes are few."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
        info = zipfile.ZipInfo(part)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as member:
            blank = b" " * MEBIBYTE
            for _ in range(mebibytes):
                member.write(blank)
    return target.getvalue()


def _nested() -> bytes:
    inner = zip_of({"地块.shp": b"\0" * (8 * MEBIBYTE)})
    for _ in range(5):
        inner = zip_of({f"{number}.zip": inner for number in range(10)})
    return inner


def _overlapping() -> bytes:
    """Directory entries that all point to the same megabyte of blanks."""
    data = zip_of({"a.xml": b" " * MEBIBYTE})
    end = data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    entry = data[start:end]
    directory = entry * 1500
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1500, 1500, len(directory), start, 0)
    return data[:start] + directory + tail


def _lies() -> Iterator[Case]:
    for name, unpacked, packed in (
        ("one-gigabyte", 2**30, None), ("four-gigabytes", 2**32 - 1, None), ("nothing", 0, None), ("one-byte", 1, None),
        ("packed-four-gigabytes", None, 2**32 - 1), ("packed-nothing", None, 0),
    ):  # fmt: skip
        yield Case(f"archive/declares-{name}", "台账.xlsx", partial(_declared, unpacked, packed))
    for offset in (2**31, 2**32 - 1, 10):
        yield Case(f"archive/member-at-{offset}", "台账.xlsx", partial(_offset, offset))
    yield Case("archive/wrong-checksum", "台账.xlsx", _checksum)
    yield Case("archive/unknown-method", "台账.xlsx", _method)
    yield Case("archive/directory-count-lies", "台账.xlsx", partial(_tail, 10, 60_000))
    yield Case("archive/directory-size-lies", "台账.xlsx", partial(_tail, 12, 65_535))
    yield Case("archive/directory-place-lies", "台账.xlsx", partial(_tail, 16, 65_535))


def _entry(data: bytes, part: str = SHEET) -> int:
    """Return where the directory entry of *part* begins."""
    at = data.index(b"PK\x01\x02")
    while part.encode() not in data[at + 46 : at + 46 + 80].split(b"PK")[0]:
        at = data.index(b"PK\x01\x02", at + 4)
    return at


def _declared(unpacked: int | None, packed: int | None) -> bytes:
    data = bytearray(good_xlsx())
    at = _entry(bytes(data))
    if packed is not None:
        data[at + 20 : at + 24] = struct.pack("<I", packed)
    if unpacked is not None:
        data[at + 24 : at + 28] = struct.pack("<I", unpacked)
    return bytes(data)


def _offset(offset: int) -> bytes:
    data = bytearray(good_xlsx())
    at = _entry(bytes(data))
    data[at + 42 : at + 46] = struct.pack("<I", offset)
    return bytes(data)


def _checksum() -> bytes:
    data = bytearray(good_xlsx())
    at = _entry(bytes(data))
    data[at + 16 : at + 20] = b"\1\2\3\4"
    return bytes(data)


def _method() -> bytes:
    data = bytearray(good_xlsx())
    at = _entry(bytes(data))
    data[at + 10 : at + 12] = struct.pack("<H", 97)
    return bytes(data)


def _encrypted_flag() -> bytes:
    data = bytearray(good_xlsx())
    at = _entry(bytes(data))
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(data)


def _tail(place: int, value: int) -> bytes:
    data = bytearray(good_xlsx())
    at = bytes(data).rindex(b"PK\x05\x06") + place
    data[at : at + 2] = struct.pack("<H", value)
    return bytes(data)


def _twice() -> bytes:
    target = BytesIO()
    parts = parts_of(good_xlsx())
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in [*parts.items(), (SHEET, parts[SHEET].replace(b"20100", b"99999"))]:
            info = zipfile.ZipInfo(name)
            archive.NameToInfo.pop(name, None)  # else the library warns
            archive.writestr(info, content)
    return target.getvalue()


def _many(count: int) -> bytes:
    return zip_of({f"xl/{number}.xml": b"" for number in range(count)}, zipfile.ZIP_STORED)


def _link() -> bytes:
    info = zipfile.ZipInfo("地块.shp")
    info.external_attr = 0o120777 << 16
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()
