"""Files handed in as evidence: what they really are, and what a photo says of its time and place.

The type is read from the bytes, never from the name. Images are opened by three decoders only and refused by their
stated size before a pixel is decoded. Office files with macros and anything a browser could run are no evidence.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import PurePosixPath

from PIL import ExifTags, Image

from core.domain.errors import Invalid, Problem
from core.domain.evidence import MAX_BYTES, MAX_NAME

# JPEG is decoded at a fraction of its size; the others have to be decoded whole. Pillow itself warns above 89 million
# pixels and refuses to open at twice that.
MAX_PIXELS = {"JPEG": 89_000_000, "PNG": 30_000_000, "WEBP": 30_000_000}
_IMAGES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFICE = {"word/document.xml": (_WORD, ".docx"), "xl/workbook.xml": (_SHEET, ".xlsx")}
_ENDINGS = {".jpg": ".jpg", ".jpeg": ".jpg", ".jfif": ".jpg"}
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_MEMBERS = 5_000
_PROBE = 64  # pixels: enough to see that an image can be decoded
_TOO_MANY = "图片像素过大，请缩小后再上传。"
_TIME = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """
    A file that may be kept.

    Attributes:
        file_name: Last part of the given name, with the ending that fits the content.
        taken_at: When a photo was taken by its camera, aware UTC; None = it does not say.
        longitude: Degrees east where it was taken (the camera's WGS 84 ≈ CGCS2000); None = it does not say.
        latitude: Degrees north likewise.
    """

    file_name: str
    media_type: str
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


def examine(file_name: str, data: bytes, zone: tzinfo) -> EvidenceFile:
    """
    Return what *data* is.

    Args:
        file_name: As the browser gave it; only its last part is kept.
        data: The whole file.
        zone: Local time of the cameras: EXIF times seldom carry their own.

    Raises:
        Invalid: Empty, too large, damaged, or nothing that is accepted as evidence.
    """
    if not data:
        raise _refusal("empty", "文件是空的，请重新选择。")
    if len(data) > MAX_BYTES:
        raise _refusal("too_large", f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请压缩后再上传。")
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _image(file_name, data, zone)
    if data.startswith(b"%PDF-"):
        return EvidenceFile(_named(file_name, ".pdf"), "application/pdf")
    if data.startswith(b"PK\x03\x04"):
        return _office(file_name, data)
    if data[4:8] == b"ftyp":
        raise _refusal("heic", "不支持 HEIC 或视频文件。请在手机相机设置中选“兼容性最佳”（JPG），或转存为 JPG 后上传。")
    raise _refusal("unknown_type", "不支持这种文件。可上传照片（jpg、png、webp）、pdf、docx、xlsx。")


def _image(file_name: str, data: bytes, zone: tzinfo) -> EvidenceFile:
    try:
        image = Image.open(io.BytesIO(data), formats=tuple(_IMAGES))
        _check_size(image)
        exif = image.getexif()
        image.draft("RGB", (_PROBE, _PROBE))
        image.load()
    except Invalid:
        raise
    except Image.DecompressionBombError as error:
        raise _refusal("too_many_pixels", _TOO_MANY) from error
    except Exception as error:  # decoders answer damaged files with whatever comes to hand
        raise _refusal("damaged", "图片无法打开，可能已损坏。请重新导出后上传。") from error
    media_type, ending = _IMAGES[str(image.format)]
    longitude, latitude = _place(exif)
    return EvidenceFile(_named(file_name, ending), media_type, _taken_at(exif, zone), longitude, latitude)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS[str(image.format)]:
        raise _refusal("too_many_pixels", _TOO_MANY)


def _office(file_name: str, data: bytes) -> EvidenceFile:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _refusal("damaged", "文件无法打开，可能已损坏。请重新导出后上传。") from error
    names = {member.filename for member in members}
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise _refusal("bomb", "文件解压后过大，请精简后再上传。")
    if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names):
        raise _refusal("macros", "文件带有宏，请另存为不带宏的 docx 或 xlsx 后上传。")
    for member, (media_type, ending) in _OFFICE.items():
        if member in names and "[Content_Types].xml" in names:
            return EvidenceFile(_named(file_name, ending), media_type)
    raise _refusal("unknown_type", "不支持压缩包。请解压后上传照片、pdf、docx 或 xlsx。")


def _named(file_name: str, ending: str) -> str:
    """Return the last part of *file_name* without control characters, ending as the content asks."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in last if letter.isprintable()).strip(" .") or "佐证"
    stem, dot, own = clean.rpartition(".")
    suffix = f".{own.lower()}"
    if not dot or _ENDINGS.get(suffix, suffix) != ending:
        return clean[: MAX_NAME - len(ending)] + ending
    return stem[: MAX_NAME - len(suffix)] + suffix


def _taken_at(exif: Image.Exif, zone: tzinfo) -> datetime | None:
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        text = str(details.get(ExifTags.Base.DateTimeOriginal) or "").strip("\0 ")
        local = datetime.strptime(text, _TIME)  # noqa: DTZ007 - the zone is put on below
        own = _offset(str(details.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 "))
        return local.replace(tzinfo=own or zone).astimezone(UTC)
    except Exception:  # a camera that writes nonsense has not said when
        return None


def _offset(text: str) -> tzinfo | None:
    """Return ``+08:00`` as a zone; None when the camera wrote none."""
    if len(text) != 6 or text[0] not in "+-":
        return None
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    try:
        found = exif.get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(found[ExifTags.GPS.GPSLatitude], found[ExifTags.GPS.GPSLatitudeRef], "S")
        longitude = _degrees(found[ExifTags.GPS.GPSLongitude], found[ExifTags.GPS.GPSLongitudeRef], "W")
    except Exception:  # incomplete or impossible: the photo has not said where
        return None, None
    # 0, 0 is what phones write that have no fix yet.
    is_place = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return (round(longitude, 6), round(latitude, 6)) if is_place else (None, None)


def _degrees(parts: tuple[float, float, float], side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side.strip("\0 ").upper() == negative else value


def _refusal(code: str, message: str) -> Invalid:
    return Invalid([Problem("file", code, message)])
