"""The frame of the wall and the component that keeps it alive; drawn once per browser session."""

from dataclasses import dataclass

from core.domain.period import Month
from core.domain.permissions import Actor
from core.services import closing, wall
from core.settings import get_settings
from pages.components import markup, theme
from pages.components.wall.pictures import gallery, now

ENDPOINT = "/api/wall"
_component = markup.component("warroom_wall", "wall")


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene of the wall: the code that settings use and the word on its tab."""

    code: str
    label: str


SCENES: tuple[Scene, ...] = (
    Scene("overview", "总览"),
    Scene("headquarters", "指挥部"),
    Scene("supervision", "三色督查"),
    Scene("campaigns", "攻坚"),
    Scene("matters", "问题清单"),
    Scene("due", "到期"),
    Scene("land", "读地图"),
)


def scenes() -> tuple[Scene, ...]:
    """Return the scenes of the settings in their order; all of them when the settings name none that exists."""
    by_code = {scene.code: scene for scene in SCENES}
    return tuple(by_code[code] for code in get_settings().wall_scenes if code in by_code) or SCENES


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time the wall can be opened at."""

    label: str
    address: str
    is_shown: bool


def points(actor: Actor, shown: str) -> tuple[Point, ...]:
    """Return the points in time that a signed-in person may choose; none while no month is closed."""
    months = [row.month for row in closing.closed_months(actor)] if actor.user_id is not None else []
    if not months:
        return ()
    live = Point("实时", "/wall", not shown)
    return live, *(Point(month.label, f"/wall?month={month}", str(month) == shown) for month in months)


def show(actor: Actor, month: str = "") -> None:
    """
    Draw the wall of *actor*: the frame, filled with the picture of this moment.

    With a closed *month* (``2026-09``) the caller sees that month's store, and the wall says so instead of 实时.
    """
    settings = get_settings()
    picture = gallery.picture(actor, wall.version(actor))
    markup.show("wall/page_style.html")
    frame = markup.render(
        "wall/shell.html",
        city=settings.city_name,
        scenes=scenes(),
        variables=theme.wall_variables(),
        standing=f"封存 {Month.parse(month).label}" if month else "实时",
        is_sealed=bool(month),
        points=points(actor, month),
    )
    data = {
        "frame": frame,
        "endpoint": f"{ENDPOINT}?month={month}&" if month else f"{ENDPOINT}?",
        "zone": settings.timezone,
        "scene_seconds": settings.wall_scene_seconds,
        "now": now(),
        "picture": picture.content(),
    }
    # In a list: Streamlit searches the values of a dictionary for data frames and loads pandas for it (a second more
    # until a freshly started wall shows its first picture).
    _component(data=[data], key="wall")
