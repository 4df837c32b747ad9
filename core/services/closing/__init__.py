"""Month closing (月结): sealing a month, looking at it later, corrections. Others import from here only."""

from core.services.closing.corrections import decide_correction, list_corrections, propose_correction
from core.services.closing.sealing import MonthStatus, close, closed_months, status, verify
from core.services.closing.viewing import sealed_store
from db.queries.closing import ClosedMonth, CorrectionRow

__all__ = [
    "ClosedMonth",
    "CorrectionRow",
    "MonthStatus",
    "close",
    "closed_months",
    "decide_correction",
    "list_corrections",
    "propose_correction",
    "sealed_store",
    "status",
    "verify",
]
