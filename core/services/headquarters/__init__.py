"""Headquarters (分指挥部): founded, manned, fighting, reporting. Import from here only."""

from core.services.headquarters.founding import Charter, complete_step, found, move_step, save_charter, start_set_up
from core.services.headquarters.members import MAX_ROWS, MemberDraft, save_members
from core.services.headquarters.reading import DUE_DAYS, board, chain, matrix, read_one, situation
from core.services.headquarters.reporting import file_name, report, report_file, send, set_schedule
from core.services.headquarters.rules import read_set_up, save_set_up
from core.services.headquarters.views import (
    Board,
    BoardCard,
    Chain,
    ChainLine,
    Duty,
    Headquarters,
    Matrix,
    Situation,
)
from db.queries.headquarters import HeadquartersRow, MemberRow, ReportRow, ScheduleRow, StepRow
from db.queries.headquarters_fronts import FlaggedRow, Problems
from db.queries.matrix import NOBODY, MatrixRows, MatrixSums

__all__ = [
    "DUE_DAYS",
    "MAX_ROWS",
    "NOBODY",
    "Board",
    "BoardCard",
    "Chain",
    "ChainLine",
    "Charter",
    "Duty",
    "FlaggedRow",
    "Headquarters",
    "HeadquartersRow",
    "Matrix",
    "MatrixRows",
    "MatrixSums",
    "MemberDraft",
    "MemberRow",
    "Problems",
    "ReportRow",
    "ScheduleRow",
    "Situation",
    "StepRow",
    "board",
    "chain",
    "complete_step",
    "file_name",
    "found",
    "matrix",
    "move_step",
    "read_one",
    "read_set_up",
    "report",
    "report_file",
    "save_charter",
    "save_members",
    "save_set_up",
    "send",
    "set_schedule",
    "situation",
    "start_set_up",
]
