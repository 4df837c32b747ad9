"""What the wall says of campaigns (攻坚), in words and addresses. Templates get this module as ``c``."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.campaigns.words import CampaignStatus
from core.domain.terms import FlagLevel
from core.domain.weeks import WeekCounts
from core.services.campaigns import Board, CampaignCard, TaskLine
from pages.components.campaigns import words as desk
from pages.components.wall import words
from pages.components.wall.weeks import Side, Weeks, draw
from pages.components.wall.words import DueWords

SOON_DAYS = 3
LIST_LIMIT = 45
_FULL = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number: what it counts, the mark that draws the eye (None = plain), where its rows are."""

    word: str
    count: str
    level: FlagLevel | None
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """The strip: title line and big numbers."""

    about: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One campaign against 序时; *done* and *due* are per cent of the bar's width, *due* empty when unknown."""

    id: int
    name: str
    level: FlagLevel
    done: str
    due: str
    percent: str
    gap: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One task of a list."""

    id: int
    campaign_id: int
    name: str
    about: str
    owner: str
    when: DueWords


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list of tasks with its heading, their number in all, and what stands there when it is empty."""

    heading: str
    total: int
    rows: tuple[Entry, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a campaign has brought so far: actual against target."""

    id: int
    campaign_id: int
    name: str
    about: str
    reached: str
    share: str
    width: str


def head(board: Board) -> Head:
    """Return the strip."""
    running = _running(board)
    gaps = [item.sums.gap_pp for item in running]
    closed = sum(item.sums.closed_out for item in board.cards)
    tasks = sum(item.sums.tasks for item in board.cards)
    accepted = sum(item.row.status is CampaignStatus.ACCEPTED for item in board.cards)
    unknown = gaps.count(None)
    more = f" · 暂无填报 {unknown}" if unknown else ""
    about = f"{board.year}年部署 {len(board.cards)} 项 · 已验收 {accepted} 项 · {words.day(board.today)}{more}"
    figures = (
        Figure("推进中", str(len(running)), None, "/campaigns"),
        Figure("达序时", str(sum(1 for gap in gaps if gap is not None and gap >= 0)), FlagLevel.OK, "/campaigns"),
        Figure("欠序时", str(sum(1 for gap in gaps if gap is not None and gap < 0)), None, "/campaigns"),
        Figure("逾期任务", str(len(board.overdue)), FlagLevel.SEVERE, "/campaigns?view=tasks"),
        Figure("待核验", str(len(board.claimed)), None, "/campaigns?view=tasks"),
        Figure(f"已销号 / {tasks}", str(closed), None, "/campaigns"),
    )
    return Head(about, figures)


def bars(board: Board) -> tuple[Bar, ...]:
    """Return the running campaigns, the furthest behind first, those without a report last."""

    def key(item: CampaignCard) -> tuple[bool, Fraction, int]:
        gap = item.sums.gap_pp
        return gap is None, gap if gap is not None else Fraction(0), item.row.id

    return tuple(_bar(item) for item in sorted(_running(board), key=key))


def overdue(board: Board) -> EntryList:
    """Return the overdue tasks, the longest first."""
    return _list("逾期任务", board.overdue, board, "没有逾期任务")


def due_soon(board: Board) -> EntryList:
    """Return the tasks that fall due soon."""
    return _list("即将到期", board.due_soon, board, "近期没有到期任务")


def weeks(board: Board) -> Weeks:
    """Return the trend: tasks that fell due by their latest plan against tasks that were closed out."""
    return draw(
        board.weeks,
        Side("到期（按最新期限）", lambda week: _tasks_of("due", week)),
        Side("核验销号", lambda week: _tasks_of("closed", week)),
    )


def results(board: Board) -> tuple[Result, ...]:
    """Return the measured results, the furthest first."""
    names = {item.row.id: item.row.name for item in board.cards}
    found = []
    for line in board.results:
        share = desk.reached_pct(line)
        if share is None:
            continue
        row = line.row
        reached = f"{desk.amount(row.actual_milli)} / {desk.amount(row.target_milli, row.measure_unit)}"
        result = Result(
            row.id,
            row.campaign_id,
            row.measure,
            names.get(row.campaign_id, ""),
            reached,
            f"{float(share):.0f}%",
            words.width(share / _FULL),
        )
        found.append((-share, row.id, result))
    return tuple(item[2] for item in sorted(found, key=lambda item: item[:2]))


def campaign(links: bool, campaign_id: int) -> str:
    """Return the address of one campaign; empty where nothing may be opened."""
    return f"/campaigns?id={campaign_id}" if links else ""


def task(links: bool, campaign_id: int, task_id: int) -> str:
    """Return the address of one task; empty where nothing may be opened."""
    return f"/campaigns?id={campaign_id}&task={task_id}" if links else ""


def _tasks_of(kind: str, week: WeekCounts) -> str:
    return f"/campaigns?view=tasks&{kind}={week.first}"


def _running(board: Board) -> list[CampaignCard]:
    return [item for item in board.cards if item.row.status is CampaignStatus.RUNNING]


def _bar(item: CampaignCard) -> Bar:
    sums = item.sums
    return Bar(
        item.row.id,
        item.row.name,
        item.level,
        words.width(None if sums.percent is None else sums.percent / _FULL),
        "" if sums.expected is None else words.width(sums.expected / _FULL),
        desk.pct(sums.percent),
        desk.gap(sums.gap_pp).replace(" 个百分点", ""),
    )


def _list(heading: str, lines: tuple[TaskLine, ...], board: Board, empty: str) -> EntryList:
    names = {item.row.id: item.row.name for item in board.cards}
    rows = tuple(_entry(line, names.get(line.row.campaign_id, ""), board.today) for line in lines[:LIST_LIMIT])
    return EntryList(heading, len(lines), rows, empty)


def _entry(line: TaskLine, campaign_name: str, today: date) -> Entry:
    row = line.row
    days = (row.facts.planned_finish_on - today).days
    kind = "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
    when = DueWords(kind, desk.left(row.facts.planned_finish_on, today))
    about = f"{campaign_name} · 进度 {desk.pct(line.percent)}"
    return Entry(row.id, row.campaign_id, row.name, about, row.lead_unit, when)
