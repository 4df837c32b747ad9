"""How a rectification is worded on board, list and in its drawer; plain values."""

from core.domain.rectification import TimeLeft
from core.services.rectifications import CaseCard


def left_words(left: TimeLeft | None) -> str:
    """Return 剩 n 天（m 个工作日）, 今日到期 or 逾期 n 天; empty without a deadline."""
    if left is None:
        return ""
    if left.days < 0:
        return f"逾期 {-left.days} 天"
    note = "" if left.is_published else "，调休未公布"
    return "今日到期" if left.days == 0 else f"剩 {left.days} 天（{left.workdays} 个工作日{note}）"


def raised_words(card: CaseCard) -> str:
    """Return to whom the case was raised, empty when it never slipped."""
    times = card.row.case.raised_times
    return f"已升级 {times} 次 · {card.leader}" if times else ""


def where(card: CaseCard) -> str:
    """Return county and owner of a case."""
    parts = (card.row.county_name, card.row.owner_name)
    return " · ".join(dict.fromkeys(part for part in parts if part and part != card.row.name))
