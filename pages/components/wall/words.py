"""How the wall words its figures. Templates get this module as ``w``; every function returns plain text or numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.terms import FlagLevel, ParcelStatus
from core.domain.units import NOTHING, YUAN_PER_YI, format_mu, format_number, format_yi, round_exact
from core.services.wall_view import Curve
from db.queries.figures import ParcelCount
from db.queries.wall import HeadlineRow
from pages.components import theme
from pages.components.theme import FlagMark
from pages.components.wall import curve_chart
from pages.components.wall.curve_chart import CurveChart

T = TypeVar("T")
SOON_DAYS = 7
LONG_NAME = 9
LARGE_YUAN = 10_000 * YUAN_PER_YI
JUDGED = (FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE)
_NAME_CUTS = (
    ("高新技术产业开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("技术产业开发区", "高新区"),
    ("经济开发区", "经开区"),
)


def yi(yuan: int) -> str:
    """Return 元 as 亿元 with one decimal, from 10 000 亿元 on without."""
    return format_yi(yuan, 1 if abs(yuan) < LARGE_YUAN else 0)


def pct(ratio: Fraction | None) -> str:
    """Return a ratio as percent with one decimal and no sign; — for None."""
    return NOTHING if ratio is None else format_number(ratio * 100, 1)


def width(ratio: Fraction | None) -> str:
    """Return a ratio as the percent of a bar's width, held within the bar."""
    return f"{0 if ratio is None else float(min(max(ratio, Fraction(0)), Fraction(1)) * 100):.2f}"


def gap_words(gap_pp: Fraction | None) -> str:
    """Return the gap to 序时 in words; the sign is told by the words, the figure is rounded last."""
    if gap_pp is None:
        return "无年度计划"
    shown = round_exact(abs(gap_pp), 1)
    if gap_pp == 0:
        return "与序时持平"
    size = f" {shown} 个百分点" if shown else "不足 0.1 个百分点"
    return f"{'欠' if gap_pp < 0 else '超'}序时{size}"


def mark(level: FlagLevel | str) -> FlagMark:
    """Return word, shape and colours of a level on the wall."""
    return theme.flag_mark(level, wall=True)


def colour(level: FlagLevel | str) -> str:
    """Return the colour key of a level, the end of the CSS class names."""
    return DEFAULT_SCHEME.mark(FlagLevel(level)).colour


@dataclass(frozen=True, slots=True)
class FlagGroup:
    """Levels that share a mark, counted together; *level* stands for them where the mark is drawn."""

    level: FlagLevel
    word: str
    count: int
    flags: str


def flag_groups(levels: Sequence[tuple[FlagLevel, int]]) -> tuple[FlagGroup, ...]:
    """Return the judged projects by mark, green first, in the words of the scheme."""
    counts = dict(levels)
    groups: dict[str, FlagGroup] = {}
    for level in JUDGED:
        count, key = counts.get(level, 0), colour(level)
        before = groups.get(key)
        if before is None:
            groups[key] = FlagGroup(level, mark(level).word, count, level.value)
        else:
            groups[key] = replace(before, count=before.count + count, flags=f"{before.flags},{level.value}")
    return tuple(groups.values())


def unjudged(levels: Sequence[tuple[FlagLevel, int]]) -> str:
    """Return how many projects have no colour, and why."""
    counts = dict(levels)
    return f"无数据 {counts.get(FlagLevel.NO_DATA, 0)} · 不评 {counts.get(FlagLevel.EXEMPT, 0)}"


@dataclass(frozen=True, slots=True)
class DueWords:
    """A project's next node in words; *kind* is the CSS class."""

    kind: str
    text: str


def due(next_due_on: date | None, on: date) -> DueWords:
    """Return how the next open node stands on day *on*."""
    if next_due_on is None:
        return DueWords("", "无待办节点")
    days = (next_due_on - on).days
    if days < 0:
        return DueWords("late", f"节点逾期 {-days} 天")
    if days == 0:
        return DueWords("soon", "节点今日到期")
    if days <= SOON_DAYS:
        return DueWords("soon", f"节点 {days} 天后到期")
    year = "" if next_due_on.year == on.year else f"{next_due_on.year}-"
    return DueWords("", f"下一节点 {year}{next_due_on:%m-%d}")


def day(on: date) -> str:
    """Return month and day."""
    return f"{on:%m-%d}"


def short(name: str) -> str:
    """Return a county's name short enough for the map: development zones lose the long form."""
    for long, brief in _NAME_CUTS:
        if name.endswith(long):
            return brief
    return name


def team(name: str) -> str:
    """Return a headquarters' name short enough for a bar: only long names lose the word 指挥部."""
    return name.removesuffix("指挥部") if len(name) > LONG_NAME else name


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the ticker with its time."""

    time: str
    text: str


@dataclass(frozen=True, slots=True)
class Headlines:
    """What the ticker shows: sentences, the local day and zone they are told by."""

    rows: tuple[HeadlineRow, ...]
    on: date
    zone: str


def headlines(part: Headlines) -> tuple[Line, ...]:
    """Return the ticker's sentences; today's with the hour, older ones with the day."""
    zone = ZoneInfo(part.zone)
    lines = []
    for row in part.rows:
        at = row.at.astimezone(zone)
        lines.append(Line(f"{at:%H:%M}" if at.date() == part.on else f"{at:%m-%d %H:%M}", row.text))
    return tuple(lines)


def sheets(items: Sequence[T], most: int) -> tuple[Sequence[T], ...]:
    """Return *items* in as few sheets of at most *most* as hold them, all about equally full."""
    count = -(-len(items) // most)
    size = -(-len(items) // count) if count else most
    return tuple(items[start : start + size] for start in range(0, len(items), size))


def ledger(links: bool, **query: object) -> str:
    """Return the address of the rows behind a figure; empty where nothing may be opened."""
    return f"/ledger?{urlencode(query)}" if links else ""


def flagged(links: bool, query: Mapping[str, str], levels: Sequence[FlagLevel]) -> str:
    """Return the address of the projects at *levels*: of the published round that *query* names, else live ones."""
    flags = ",".join(level.value for level in reversed(levels))
    return ledger(links, record=flags) if query else ledger(links, flag=flags)


def project(links: bool, project_id: int | None) -> str:
    """Return the address of a project; empty where nothing may be opened."""
    return f"/project?{urlencode({'id': project_id})}" if links and project_id is not None else ""


def chart(curve: Curve) -> CurveChart | None:
    """Return the drawing of the year's curve; None without an annual plan."""
    return curve_chart.draw(curve)


@dataclass(frozen=True, slots=True)
class LandStatus:
    """Plots in one status, of all counties."""

    label: str
    parcels: int
    area: str
    width: str
    colour: str


@dataclass(frozen=True, slots=True)
class LandCounty:
    """Plots of one county by status, in the order of the statuses."""

    name: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LandTable:
    """Plots by status and county; statuses without a plot are left out."""

    parcels: int
    area: str
    statuses: tuple[LandStatus, ...]
    counties: tuple[LandCounty, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """Counted plots and the names of their counties, in order."""

    counts: tuple[ParcelCount, ...]
    names: tuple[tuple[int, str], ...]


def land_table(part: Land) -> LandTable:
    """Return the table of plots."""
    found = {(row.county_id, row.status): row for row in part.counts if row.parcels}
    statuses = [status for status in ParcelStatus if any(key[1] == status.value for key in found)]
    sums = {status: [row for key, row in found.items() if key[1] == status.value] for status in statuses}
    most = max((sum(row.parcels for row in rows) for rows in sums.values()), default=1)
    counties = []
    for county_id, name in part.names:
        counts = tuple(
            found[(county_id, status.value)].parcels if (county_id, status.value) in found else 0 for status in statuses
        )
        if any(counts):
            counties.append(LandCounty(name, counts, sum(counts)))
    return LandTable(
        parcels=sum(row.parcels for row in found.values()),
        area=format_mu(sum(row.area_sqm for row in found.values()), 0),
        statuses=tuple(
            LandStatus(
                label=status.label,
                parcels=sum(row.parcels for row in rows),
                area=format_mu(sum(row.area_sqm for row in rows), 0),
                width=width(Fraction(sum(row.parcels for row in rows), most)),
                colour=theme.PARCEL_COLOURS[status],
            )
            for status, rows in sums.items()
        ),
        counties=tuple(counties),
    )
