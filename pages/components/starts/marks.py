"""States of starting as shape and word, with the colour of the flag scheme beside them."""

from datetime import date
from typing import Any

import pandas as pd

from core.domain.readiness import Readiness
from core.domain.start_terms import EntryStatus, ProcedureState, ReadinessAlert
from core.domain.terms import FlagLevel
from core.services.starts import ReadinessRow
from pages.components import theme

PROCEDURES = {
    ProcedureState.DONE: ("●", "已办", FlagLevel.OK),
    ProcedureState.CONDITIONAL: ("◐", "容缺", FlagLevel.NOTICE),
    ProcedureState.OPEN: ("○", "在办", FlagLevel.NO_DATA),
    ProcedureState.LATE: ("▲", "逾期", FlagLevel.WARN),
    ProcedureState.OWED_LATE: ("■", "欠件", FlagLevel.SEVERE),
    ProcedureState.NOT_NEEDED: ("—", "不涉及", FlagLevel.EXEMPT),
    ProcedureState.UNKNOWN: ("？", "未填", FlagLevel.NO_DATA),
}
ALERTS = {
    ReadinessAlert.SOON: ("▲", "临近", FlagLevel.WARN),
    ReadinessAlert.URGENT: ("▲", "紧急", FlagLevel.WARN),
    ReadinessAlert.OVERDUE: ("■", "已过期限", FlagLevel.SEVERE),
}
ENTRIES = {
    EntryStatus.ENTERED: ("●", FlagLevel.OK),
    EntryStatus.ENTERED_LATE: ("◐", FlagLevel.EXEMPT),
    EntryStatus.WAITING: ("○", FlagLevel.NO_DATA),
    EntryStatus.LATE: ("▲", FlagLevel.WARN),
    EntryStatus.SEVERE: ("■", FlagLevel.SEVERE),
    EntryStatus.UNDATED: ("？", FlagLevel.NO_DATA),
    EntryStatus.TOO_SMALL: ("—", FlagLevel.EXEMPT),
    EntryStatus.NOT_STARTED: ("—", FlagLevel.EXEMPT),
}
_COMPLETE, _WAITING = "● 齐备", "○ 未到期"


def procedure(state: ProcedureState) -> str:
    """Return shape and word of a procedure's state."""
    shape, word, _ = PROCEDURES[state]
    return f"{shape} {word}"


def alert(found: Readiness) -> str:
    """Return shape and word of a warning; without one, whether everything is there. What is unknown is never green."""
    if found.alert in ALERTS:
        shape, word, _ = ALERTS[found.alert]
        return f"{shape} {word}"
    if found.is_unknown:
        return procedure(ProcedureState.UNKNOWN)
    return _WAITING if found.missing else _COMPLETE


def entry(status: EntryStatus) -> str:
    """Return shape and word of where a project stands on its way into the statistics library."""
    return f"{ENTRIES[status][0]} {status.label}"


def ready_share(one: ReadinessRow) -> str:
    """Return how many of the needed procedures are ready: ``6/8``; — when nothing was filled in."""
    readiness = one.readiness
    return "—" if readiness.is_unknown or not readiness.applicable else f"{readiness.ready}/{readiness.applicable}"


def day(on: date | None) -> str:
    """Return a day as tables show it; blank when there is none."""
    return "" if on is None else on.isoformat()


def days_left(days: int | None) -> str:
    """Return days to a deadline in words."""
    if days is None:
        return ""
    if days == 0:
        return "今天到期"
    return f"剩 {days} 天" if days > 0 else f"超期 {-days} 天"


def days_between(due_on: date | None, today: date) -> str:
    """Return days to a deadline in words; empty without one."""
    return days_left(None if due_on is None else (due_on - today).days)


_LEVELS = {
    _COMPLETE: FlagLevel.OK,
    **{f"{shape} {word}": level for shape, word, level in (*PROCEDURES.values(), *ALERTS.values())},
    **{entry(status): level for status, (_, level) in ENTRIES.items()},
}


def styled(table: pd.DataFrame, columns: list[str]) -> Any:
    """Return *table* with the marks in *columns*, and overdue days everywhere, in their colours."""

    def colour(cell: object) -> str:
        level = _LEVELS.get(str(cell))
        if level is None:
            level = FlagLevel.SEVERE if str(cell).startswith("超期 ") else None
        return f"color: {theme.flag_mark(level).colour.word}" if level else ""

    return table.style.map(colour, subset=columns)
