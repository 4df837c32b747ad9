"""How the screen of campaigns words progress, gaps and measures; plain values, nothing is drawn here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.domain.campaigns.words import CampaignStatus, TaskState
from core.domain.units import NOTHING
from core.services.campaigns import CampaignCard, TaskLine, from_milli
from pages.components import theme
from pages.components.theme import FlagMark


@dataclass(frozen=True, slots=True)
class CardWords:
    """One campaign as its card says it; *done* and *due* are widths in per cent for the bar."""

    id: int
    name: str
    code: str
    status: str
    mark: FlagMark
    word: str
    who: str
    percent: str
    gap: str
    done: str
    due: str
    tasks: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def pct(value: Fraction | None, places: int = 0) -> str:
    """Return a share in per cent; a dash where nothing is known."""
    return NOTHING if value is None else f"{float(value):.{places}f}%"


def gap(value: Fraction | None) -> str:
    """Return how far from 序时, in words."""
    if value is None:
        return "暂无填报"
    rounded = round(float(value), 1)
    if rounded == 0:
        return "与序时持平"
    return f"{'超' if rounded > 0 else '欠'}序时 {abs(rounded):.1f} 个百分点"


def amount(milli: int | None, unit: str = "") -> str:
    """Return a figure of a measure with its unit."""
    value = from_milli(milli)
    return NOTHING if value is None else f"{plain_number(value)}{unit}"


def plain_number(value: Decimal) -> str:
    """Return a figure without trailing zeros."""
    return f"{value.normalize():f}"


def reached_pct(line: TaskLine) -> Fraction | None:
    """Return how much of the target is reached; None = no target, or nothing reported."""
    target, actual = line.row.target_milli, line.row.actual_milli
    return Fraction(100 * actual, target) if target and actual is not None else None


def light(line: TaskLine) -> str:
    """Return shape and word of a task's light; states without a light say nothing."""
    mark = theme.flag_mark(line.level)
    return NOTHING if mark.word == mark.shape else mark.text


def late(line: TaskLine) -> str:
    """Return how late a task is against the latest plan and, where it was moved, the first baseline."""
    if line.state in (TaskState.CLOSED_OUT, TaskState.CLAIMED):
        word = "完成"
        told = [f"逾期 {line.late_days} 天{word}"] if line.late_days else []
    else:
        told = [f"逾期 {line.late_days} 天"] if line.late_days else []
    if line.first_late_days > line.late_days:
        told.append(f"比首次期限晚 {line.first_late_days} 天")
    return "，".join(told)


def clock(line: TaskLine, today: date) -> str:
    """Return how a task stands against its deadline; what is claimed or closed out is not measured by today."""
    if line.state is TaskState.CLOSED_OUT:
        return "，".join([f"{line.row.closed_on} 销号", *filter(None, [late(line)])])
    if line.state is TaskState.CLAIMED:
        return late(line) or "按期完成"
    return late(line) or left(line.row.facts.planned_finish_on, today)


def left(on: date, today: date) -> str:
    """Return the days to a deadline in words."""
    days = (on - today).days
    if days < 0:
        return f"逾期 {-days} 天"
    return "今日到期" if days == 0 else f"剩 {days} 天"


def card(item: CampaignCard, today: date) -> CardWords:
    """Return the words of a card."""
    row, sums = item.row, item.sums
    mark = theme.flag_mark(item.level)
    warnings = []
    if row.status is CampaignStatus.RUNNING:
        warnings += [f"逾期任务 {sums.overdue}"] if sums.overdue else []
        warnings += [f"漏报 {item.missing}"] if item.missing else []
        warnings += ["验收逾期"] if item.is_acceptance_overdue else []
    notes = [f"待核验 {sums.claimed}"] if sums.claimed else []
    notes += [f"评估 {plain_number(Decimal(item.score_milli) / 1000)} 分"] if item.score_milli is not None else []
    if row.status is CampaignStatus.ACCEPTED:
        notes.append(f"{row.accepted_on} 通过验收")
    elif row.status is CampaignStatus.RUNNING:
        notes.append(f"验收 {row.acceptance_due_on}（{left(row.acceptance_due_on, today)}）")
    is_running = row.status is CampaignStatus.RUNNING
    return CardWords(
        id=row.id,
        name=row.name,
        code=row.code,
        status=row.status.label,
        mark=mark,
        word=mark.text if is_running else row.status.label,
        who=" · ".join(part for part in (row.leader, row.lead_unit, row.headquarters, row.county) if part) or "全市",
        percent=pct(sums.percent),
        gap=gap(sums.gap_pp) if is_running else "",
        done=f"{float(sums.percent or 0):.2f}",
        due=f"{float(sums.expected):.2f}" if sums.expected is not None and is_running else "",
        tasks=f"销号 {sums.closed_out}/{sums.tasks}",
        warnings=tuple(warnings),
        notes=tuple(notes),
    )
