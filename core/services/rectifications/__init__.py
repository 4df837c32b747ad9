"""Rectifications (整改销号): what follows a yellow or red flag until it is closed out. Others import from here only."""

from core.services.attachments import Upload
from core.services.rectifications.acting import (
    SiteVisit,
    close_out,
    grant_extension,
    interview,
    refuse_extension,
    request_extension,
    return_plan,
    submit_feedback,
    submit_plan,
    verify,
)
from core.services.rectifications.notices import notices
from core.services.rectifications.opening import issue_notices, open_for_round
from core.services.rectifications.reading import (
    PAGE_SIZE,
    PER_STEP,
    Board,
    BoardColumn,
    CaseCard,
    CasePage,
    CaseView,
    Rates,
    actions,
    board,
    cases,
    is_office,
    mine,
    rates,
    read_case,
    serial_offenders,
    today,
)
from core.services.rectifications.rules import read_rules, save_rules
from core.services.rectifications.sweeping import sweep
from db.queries.offenders import OffenderRow
from db.queries.rectifications import CaseFilter, CaseRow, CaseSums, EventRow, VisitRow

__all__ = [
    "PAGE_SIZE",
    "PER_STEP",
    "Board",
    "BoardColumn",
    "CaseCard",
    "CaseFilter",
    "CasePage",
    "CaseRow",
    "CaseSums",
    "CaseView",
    "EventRow",
    "OffenderRow",
    "Rates",
    "SiteVisit",
    "Upload",
    "VisitRow",
    "actions",
    "board",
    "cases",
    "close_out",
    "grant_extension",
    "interview",
    "is_office",
    "issue_notices",
    "mine",
    "notices",
    "open_for_round",
    "rates",
    "read_case",
    "read_rules",
    "refuse_extension",
    "request_extension",
    "return_plan",
    "save_rules",
    "serial_offenders",
    "submit_feedback",
    "submit_plan",
    "sweep",
    "today",
    "verify",
]
