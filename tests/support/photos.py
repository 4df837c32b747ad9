"""Photos and papers for tests, made on the spot."""

import io
import zipfile
from datetime import datetime

from PIL import ExifTags, Image


def make_photo(
    colour: str = "red",
    *,
    form: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    taken: datetime | str | None = None,
    offset: str = "",
    place: tuple[float, float] | None = None,
) -> bytes:
    """
    A picture of one colour.

    Args:
        taken: Local time of the camera, or whatever text it shall write.
        offset: ``+08:00`` when the camera knows its zone.
        place: Longitude and latitude in degrees.
    """
    exif = Image.Exif()
    if taken is not None:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = (
            taken if isinstance(taken, str) else taken.strftime("%Y:%m:%d %H:%M:%S")
        )
        if offset:
            details[ExifTags.Base.OffsetTimeOriginal] = offset
    if place is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        longitude, latitude = place
        gps[ExifTags.GPS.GPSLatitudeRef] = "S" if latitude < 0 else "N"
        gps[ExifTags.GPS.GPSLatitude] = (abs(latitude), 0.0, 0.0)
        gps[ExifTags.GPS.GPSLongitudeRef] = "W" if longitude < 0 else "E"
        gps[ExifTags.GPS.GPSLongitude] = (abs(longitude), 0.0, 0.0)
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, form, exif=exif)
    return target.getvalue()


def make_zip(*names: str, content: bytes = b"<x/>") -> bytes:
    """A zip with the given members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return target.getvalue()


def make_docx() -> bytes:
    """What is taken for a Word file."""
    return make_zip("[Content_Types].xml", "word/document.xml")
