"""A drawn picture that stands for a site photo in the demo: sky, ground, a building going up, a crane."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 640)
_SKY, _GROUND, _WALL, _WINDOW, _CRANE = "#c9d8e6", "#b09a78", "#8f9aa5", "#5f6b78", "#d9962e"
_HORIZON = 470


def site_photo(seed: int) -> bytes:
    """Return a JPEG that differs by *seed*, as photos of different sites do."""
    random = Random(seed)  # noqa: S311 - a drawing, no secret
    image = Image.new("RGB", SIZE, _SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, _HORIZON, *SIZE), fill=_GROUND)
    left, floors = random.randint(120, 420), random.randint(3, 8)
    for floor in range(floors):
        bottom = _HORIZON - floor * 44
        draw.rectangle((left, bottom - 44, left + 320, bottom), fill=_WALL, outline=_WINDOW)
        for bay in range(6):
            draw.rectangle((left + 22 + bay * 50, bottom - 34, left + 48 + bay * 50, bottom - 12), fill=_WINDOW)
    mast = left + 370
    draw.line((mast, _HORIZON, mast, 60), fill=_CRANE, width=8)
    draw.line((mast - random.randint(180, 320), 80, mast + 90, 80), fill=_CRANE, width=6)
    made = BytesIO()
    image.save(made, "JPEG", quality=70)
    return made.getvalue()
