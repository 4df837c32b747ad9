"""What the wall says of supervision: the latest published round, or the live computation before the first one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.supervision_terms import RectificationStep
from core.domain.terms import FlagLevel
from core.services.flags_of_record import Published, span_word
from core.services.wall_view import GroupLine, UrgentList, WallView
from db.queries.flags_of_record import RecordRow
from db.queries.wall import UrgentRow
from pages.components.moments import local
from pages.components.supervision import words as flag_words
from pages.components.supervision.words import Count
from pages.components.wall import words
from pages.components.wall.words import DueWords

SOON_DAYS = 3
_FLOW_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Head:
    """The strip of the scene and the tile: title, what it speaks of, counts by mark, movements in words."""

    title: str
    about: str
    counts: tuple[Count, ...]
    flow: tuple[str, ...]
    query: Mapping[str, str]
    note: str
    is_large: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One project of a list; *tags* are short words beside its name, *when* says what time is left."""

    project_id: int
    name: str
    level: FlagLevel
    reasons: str
    where: str
    tags: str
    when: DueWords


@dataclass(frozen=True, slots=True)
class ProjectList:
    """A list of projects with its heading, their number in all, and what stands there when it is empty."""

    heading: str
    total: int
    rows: tuple[Listed, ...]
    empty: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StackPart:
    """A part of a bar: projects of one mark."""

    level: FlagLevel
    count: int
    width: str


@dataclass(frozen=True, slots=True)
class Stack:
    """One county or headquarters: its projects by mark as a bar, those in red and yellow as figures."""

    key_id: int
    name: str
    severe: int
    warn: int
    total: int
    parts: tuple[StackPart, ...]


@dataclass(frozen=True, slots=True)
class Stacks:
    """Bars of counties or headquarters, the most red first; *parameter* opens the ledger of one."""

    heading: str
    parameter: str
    rows: tuple[Stack, ...]
    empty: str


def head(view: WallView) -> Head:
    """Return the strip of the scene."""
    found = view.published
    if found is None:
        about = f"尚未发布督查轮次，以下为 {view.version.on:%Y-%m-%d} 实时测算"
        return _live(view, "三色督查 · 实时测算", about)
    window = found.row.window
    months = window.label.partition("年")[2]
    title = f"第{found.row.number}轮 · {months} · 截至{window.cut_off_on.month}月{window.cut_off_on.day}日"
    published = f"发布于 {local(found.row.published_at)[:10]}"
    about = " · ".join((found.row.label, published, f"已销号 {found.closed}"))
    return _record(found, title, about)


def tile(view: WallView) -> Head:
    """Return the tile of the overview."""
    found = view.published
    if found is None:
        return _live(view, "项目旗色 · 实时测算", "")
    return _record(found, f"本轮督查三色旗（第 {found.row.number} 轮 · {span_word(found.row.window)}）", "")


def _live(view: WallView, title: str, about: str) -> Head:
    levels = dict(view.totals.levels)
    is_large = view.totals.projects >= 1000
    return Head(title, about, flag_words.counts(levels, None), (), {}, words.unjudged(view.totals.levels), is_large)


def _record(found: Published, title: str, about: str) -> Head:
    counts = flag_words.counts(found.levels, found.before)
    flow = flag_words.flow(found.counts)[:_FLOW_SHOWN] if found.before is not None else ()
    red = counts[0]
    moved = [f"较上轮 红 {red.now - red.before:+d}"] if red.before is not None else ["首轮"]
    note = " · ".join([*moved, *flow[:1], f"已销号 {found.closed}"])
    total = sum(count.now for count in counts)
    return Head(title, about, counts, flow, {"round": str(found.row.id)}, note.replace("-", "−"), total >= 1000)


def red(view: WallView) -> ProjectList:
    """Return the red list: of the published round with what is left to mend, else of the live computation."""
    found = view.published
    if found is None:
        return _urgent("红旗督办", view.severe, "当前没有红旗项目")
    rows = _listed_rows(found, found.severe, view.version.on)
    return ProjectList("红旗督办", found.levels[FlagLevel.SEVERE], rows, "本轮没有红旗项目")


def repeated(view: WallView) -> ProjectList:
    """Return the projects flagged round after round; where no two rounds are published the yellow ones instead."""
    found = view.published
    if found is None:
        return _urgent("黄旗项目", view.warn, "当前没有黄旗项目")
    if found.before is None:
        yellow = _listed_rows(found, found.warn, view.version.on)
        return ProjectList("黄旗项目", found.levels[FlagLevel.WARN], yellow, "本轮没有黄旗项目")
    rows = _listed_rows(found, found.repeated, view.version.on)
    return ProjectList("屡次红黄旗", len(rows), rows, "没有连续两轮红黄旗的项目")


def _urgent(heading: str, found: UrgentList, empty: str) -> ProjectList:
    return ProjectList(heading, found.total, tuple(_live_row(row, found.on) for row in found.rows), empty)


def _live_row(row: UrgentRow, on: date) -> Listed:
    when = words.due(row.next_due_on, on)
    where = _where(row.county, row.headquarters)
    return Listed(row.project_id, row.name, row.level, "；".join(row.reasons), where, "", when)


def _listed_rows(found: Published, rows: Iterable[RecordRow], on: date) -> tuple[Listed, ...]:
    return tuple(_listed(row, on, is_first=found.before is None) for row in rows)


def _listed(row: RecordRow, on: date, *, is_first: bool) -> Listed:
    change = "" if is_first else flag_words.change(row.previous, row.level)
    tags = flag_words.streak(row.streak) or change
    where = _where(row.county, row.headquarters)
    return Listed(row.project_id, row.name, row.level, "；".join(row.reasons), where, tags, time_left(row, on))


def _where(county: str, headquarters: str) -> str:
    return " · ".join(part for part in (words.short(county), headquarters) if part)


def time_left(row: RecordRow, on: date) -> DueWords:
    """Return what time is left for the present step of a rectification on day *on*, in calendar days."""
    if row.step is None:
        return DueWords("", "整改待立项")
    if row.step is RectificationStep.CLOSED:
        return DueWords("", row.step.label)
    if row.due_on is None:
        return DueWords("", row.step.label)
    days = (row.due_on - on).days
    if days < 0:
        return DueWords("late", f"整改逾期 {-days} 天")
    if days == 0:
        return DueWords("soon", "今日到期")
    return DueWords("soon" if days <= SOON_DAYS else "", f"剩 {days} 天整改")


def counties(view: WallView) -> Stacks:
    """Return the counties by flags."""
    return Stacks("县区旗色", "county", _stacks(view.map.lines, words.short), "还没有项目")


def teams(view: WallView) -> Stacks:
    """Return the headquarters by flags."""
    return Stacks("指挥部旗色", "hq", _stacks(view.headquarters, words.team), "还没有项目归口到指挥部")


def _stacks(lines: Iterable[GroupLine], shorten: Callable[[str], str]) -> tuple[Stack, ...]:
    stacks = [_stack(line, shorten) for line in lines]
    ordered = sorted(stacks, key=lambda stack: (-stack.severe, -stack.warn, -stack.total, stack.key_id))
    return tuple(stack for stack in ordered if stack.total)


def _stack(line: GroupLine, shorten: Callable[[str], str]) -> Stack:
    counted = flag_words.counts(dict(line.levels), None)
    total = sum(count.now for count in counted)
    parts = tuple(
        StackPart(count.group.level, count.now, f"{100 * count.now / total:.2f}") for count in counted if count.now
    )
    by_level = {count.group.level: count.now for count in counted}
    severe, warn = by_level[FlagLevel.SEVERE], by_level[FlagLevel.WARN]
    return Stack(line.key_id, shorten(line.name), severe, warn, total, parts)
