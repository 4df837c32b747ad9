"""What may be typed into a monthly report (投资月报): refused values, each with the way to mend it.

Doubtful but possible values are not refused here; they are named by core.domain.checks (请核实).
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from core.domain.errors import Problem
from core.domain.period import Month
from core.domain.reasons import check_length
from core.domain.units import YUAN_PER_WAN, YUAN_PER_YI, format_wan, round_exact, yuan_to_wan

MAX_TEXT = 1000
# A month worth three times the whole project, or 1000 亿元, is 元 typed for 万元.
ABSURD_TIMES = 3
ABSURD_YUAN = 100_000_000_000
_BLANK = {"", "-", "—", "–", "/", "None", "nan"}
_UNITS_YUAN = (("亿元", YUAN_PER_YI), ("亿", YUAN_PER_YI), ("万元", YUAN_PER_WAN), ("万", YUAN_PER_WAN), ("元", 1))


@dataclass(frozen=True, slots=True)
class TypedReport:
    """A report as typed: amounts in 万元 as text, nothing judged yet."""

    done_wan: str = ""
    reported_ytd_wan: str = ""
    statistics_wan: str = ""
    physical_progress: str = ""
    difficulty: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class ReportValues:
    """A report as stored; None = not given, which is not zero."""

    done_yuan: int | None
    reported_ytd_yuan: int | None
    statistics_yuan: int | None
    physical_progress: str
    difficulty: str
    next_step: str


_AMOUNTS = (
    ("done_yuan", "done_wan", "本月完成"),
    ("reported_ytd_yuan", "reported_ytd_wan", "填报年累计"),
    ("statistics_yuan", "statistics_wan", "统计口径"),
)
_TEXTS = (("physical_progress", "形象进度"), ("difficulty", "存在问题"), ("next_step", "下步措施"))
LABELS = {**{field: label for field, _, label in _AMOUNTS}, **dict(_TEXTS)}


def read_report(typed: TypedReport, total_investment_yuan: int, *, draft: bool) -> tuple[ReportValues, list[Problem]]:
    """
    Return what was typed as values, and everything that is wrong with it.

    Args:
        typed: Text of the cells; amounts in 万元 unless a unit is written behind them.
        total_investment_yuan: 总投资 of the project, the yardstick for absurd amounts; 0 = unknown.
        draft: A draft may leave the month's amount open; a report may not.
    """
    problems: list[Problem] = []
    amounts: dict[str, int | None] = {}
    for field, source, label in _AMOUNTS:
        text = getattr(typed, source)
        try:
            amounts[field] = parse_amount_yuan(text)
        except (InvalidOperation, ValueError):
            amounts[field] = None
            shown = text.strip()[:20]
            problems.append(
                Problem(field, "not_a_number", f"{label}“{shown}”不是数字。请填写以万元为单位的数字，如 1250.5。")
            )
            continue
        problems += _check_amount(field, label, amounts[field], total_investment_yuan)
    if amounts["done_yuan"] is None and not draft and not any(p.field == "done_yuan" for p in problems):
        problems.append(Problem("done_yuan", "missing_amount", "请填写本月完成；当月没有完成投资的填 0。"))
    for field, label in _TEXTS:
        problems += check_length(field, label, getattr(typed, field), MAX_TEXT)
    texts = {field: getattr(typed, field).strip() for field, _ in _TEXTS}
    values = ReportValues(
        amounts["done_yuan"],
        amounts["reported_ytd_yuan"],
        amounts["statistics_yuan"],
        texts["physical_progress"],
        texts["difficulty"],
        texts["next_step"],
    )
    return values, problems


def parse_amount_yuan(text: str) -> int | None:
    """
    Return an amount in 元 from text in 万元 (or with its own unit), None when blank.

    Raises:
        ValueError: Not a finite number (``decimal.InvalidOperation`` for other text).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _BLANK:
        return None
    scale = YUAN_PER_WAN
    for unit, yuan in _UNITS_YUAN:
        if plain.endswith(unit):
            plain, scale = plain.removesuffix(unit), yuan
            break
    value = Decimal(plain.replace(",", "").replace(" ", "").replace("−", "-"))
    if not value.is_finite():
        raise ValueError(text)
    return int(round_exact(Fraction(value) * scale, 0))


def _check_amount(field: str, label: str, yuan: int | None, total_yuan: int) -> list[Problem]:
    if yuan is None:
        return []
    if yuan < 0:
        text = f"{label}不能为负数。多报的月份请退回该月更正，不要用负数冲减。"
        return [Problem(field, "negative_amount", text)]
    times = ABSURD_TIMES if field == "done_yuan" else 2 * ABSURD_TIMES
    if yuan > ABSURD_YUAN or (total_yuan > 0 and yuan > times * total_yuan):
        return [Problem(field, "absurd_amount", _absurd(label, yuan, total_yuan))]
    return []


def _absurd(label: str, yuan: int, total_yuan: int) -> str:
    total = f"，而项目总投资为 {format_wan(total_yuan)} 万元" if total_yuan else ""
    return (
        f"{label} {format_wan(yuan)} 万元{total}，像是把元填成了万元。"
        f"若是，请改为 {wan_text(yuan // YUAN_PER_WAN)}；否则请先核对总投资。"
    )


def wan_text(yuan: int | None) -> str:
    """Return 元 as plain text in 万元 that ``parse_amount_yuan`` reads back: ``1250.5``; empty for None."""
    if yuan is None:
        return ""
    text = f"{yuan_to_wan(yuan):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def deadline(month: Month, due_day: int, due_next_month: bool) -> date:
    """Return the last day on which the report of *month* is in time (报送截止日)."""
    due = month.shift(1) if due_next_month else month
    return date(due.year, due.number, due_day)


def enters_on(month: Month, due_day: int, due_next_month: bool) -> date:
    """Return the day from which figures count *month* (see ``core.domain.period.as_of_day``)."""
    return deadline(month, due_day, due_next_month) + timedelta(days=1)


def open_month(today: date, due_next_month: bool) -> Month:
    """Return the latest month that may be reported on *today*."""
    return Month.of(today).shift(-1 if due_next_month else 0)
