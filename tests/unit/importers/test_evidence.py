"""What is accepted as evidence, decided from the bytes, and what a photo says of time and place."""

import io
import struct
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from core.domain.errors import Invalid
from core.exporters.thumbnail import thumbnail
from core.importers import evidence
from core.importers.evidence import examine
from tests.support.photos import make_docx, make_photo, make_zip

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 30, 5)


def refused(name: str, data: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        examine(name, data, SHANGHAI)
    return refusal.value.problems[0].code


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels and whose body has none."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "media_type", "name"),
    [
        (make_photo(), "image/jpeg", "现场.jpg"),
        (make_photo(form="PNG"), "image/png", "现场.png"),
        (make_photo(form="WEBP"), "image/webp", "现场.webp"),
        (b"%PDF-1.7\n", "application/pdf", "现场.pdf"),
        (make_docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "现场.docx"),
        (
            make_zip("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "现场.xlsx",
        ),
    ],
    ids=["jpg", "png", "webp", "pdf", "docx", "xlsx"],
)
def test_type_is_read_from_the_content(data, media_type, name):
    found = examine("现场", data, SHANGHAI)
    assert (found.media_type, found.file_name) == (media_type, name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.jpeg", "a.jpeg"),
        ("a.JPG", "a.jpg"),
        ("a.html", "a.html.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\b.jpg", "b.jpg"),
        ('x"\r\nSet-Cookie: a.jpg', 'x"Set-Cookie: a.jpg'),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("", "佐证.jpg"),
        ("..", "佐证.jpg"),
        ("长" * 300 + ".jpg", "长" * 251 + ".jpg"),
    ],
)
def test_name_keeps_its_last_part_and_ends_as_the_content_asks(given, kept):
    assert examine(given, make_photo(), SHANGHAI).file_name == kept


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.jpg", b"", "empty"),
        ("a.jpg", b"<html><script>alert(1)</script>", "unknown_type"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unknown_type"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"<script>" * 50, "damaged"),
        ("a.jpg", make_photo(size=(640, 480))[:300], "damaged"),
        ("a.png", png_of(100_000, 100_000), "too_many_pixels"),
        ("a.png", png_of(64, 64), "damaged"),
        ("a.heic", b"\0\0\0\x18ftypheic", "heic"),
        ("a.zip", make_zip("a.txt"), "unknown_type"),
        ("a.docx", make_zip("word/document.xml"), "unknown_type"),
        ("a.docm", make_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.exe", b"MZ\x90\x00", "unknown_type"),
        ("a.gif", b"GIF89a", "unknown_type"),
    ],
    ids=[
        *("empty", "html", "svg", "fake jpg", "cut jpg", "pixel bomb", "png without pixels", "heic", "zip"),
        *("no content types", "macros", "broken zip", "program", "gif"),
    ],
)
def test_what_is_no_evidence_is_refused_with_its_reason(name, data, code):
    assert refused(name, data) == code


def test_size_bound_is_inclusive(monkeypatch):
    photo = make_photo()
    monkeypatch.setattr(evidence, "MAX_BYTES", len(photo))
    assert examine("a.jpg", photo, SHANGHAI).media_type == "image/jpeg"
    monkeypatch.setattr(evidence, "MAX_BYTES", len(photo) - 1)
    assert refused("a.jpg", photo) == "too_large"


def test_zip_bomb_is_refused_by_what_it_states(monkeypatch):
    monkeypatch.setattr(evidence, "_MAX_UNPACKED", 1000)
    bomb = make_zip("[Content_Types].xml", "word/document.xml", content=b"0" * 501)
    assert refused("a.docx", bomb) == "bomb"


def test_photo_in_local_time_is_kept_as_utc():
    found = examine("a.jpg", make_photo(taken=NOON, place=(104.5, 29.25)), SHANGHAI)
    assert found.taken_at == datetime(2026, 11, 20, 4, 30, 5, tzinfo=UTC)
    assert (found.longitude, found.latitude) == (104.5, 29.25)


def test_photo_with_its_own_zone_is_taken_at_its_word():
    found = examine("a.jpg", make_photo(taken=NOON, offset="+06:30", place=(-70.5, -33.0)), SHANGHAI)
    assert found.taken_at == datetime(2026, 11, 20, 6, 0, 5, tzinfo=UTC)
    assert (found.longitude, found.latitude) == (-70.5, -33.0)


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "gestern", "2026-11-20 12:00:00", ""])
def test_photo_with_a_nonsense_time_has_none(text):
    assert examine("a.jpg", make_photo(taken=text), SHANGHAI).taken_at is None


@pytest.mark.parametrize("place", [None, (0.0, 0.0), (200.0, 10.0), (10.0, 95.0)])
def test_photo_with_an_impossible_place_has_none(place):
    found = examine("a.jpg", make_photo(place=place), SHANGHAI)
    assert (found.longitude, found.latitude) == (None, None)


def test_small_picture_holds_pixels_only_even_of_a_polyglot():
    polyglot = make_photo(size=(800, 400), taken=NOON, place=(104.0, 29.0)) + make_zip("evil.html") + b"<script>"
    assert examine("a.jpg", polyglot, SHANGHAI).media_type == "image/jpeg"
    small = thumbnail(polyglot, 240)
    image = Image.open(io.BytesIO(small))
    assert (image.format, image.size) == ("JPEG", (240, 120))
    assert not image.getexif()
    assert b"<script>" not in small
    assert b"PK\x03\x04" not in small


def test_small_picture_of_a_transparent_one_stands_on_white():
    target = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(target, "PNG")
    image = Image.open(io.BytesIO(thumbnail(target.getvalue(), 240)))
    assert image.getpixel((10, 10)) == (255, 255, 255)


def test_small_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    target = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(target, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(thumbnail(target.getvalue(), 240))).size == (20, 40)
