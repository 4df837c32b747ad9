"""Small pictures of photos: decoded and encoded anew, so that nothing but pixels reaches a browser."""

import io

from PIL import Image, ImageOps

SIZES = (240, 1600)
MEDIA_TYPE = "image/jpeg"
_QUALITY = 82
_WHITE = (255, 255, 255)


def thumbnail(data: bytes, size: int) -> bytes:
    """
    Return an accepted image as JPEG of at most *size* × *size* pixels, upright, without its EXIF.

    Args:
        data: An image that ``core.importers.evidence.examine`` accepted.
        size: Longest side in pixels, one of ``SIZES``.
    """
    image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    image.draft("RGB", (size, size))
    image.thumbnail((size, size))
    image = ImageOps.exif_transpose(image)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", clear.size, _WHITE)
        ground.paste(clear, mask=clear.getchannel("A"))
        image = ground
    target = io.BytesIO()
    image.convert("RGB").save(target, "JPEG", quality=_QUALITY, optimize=True, exif=b"")
    return target.getvalue()
