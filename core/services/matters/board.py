"""What the wall shows of the problem list (问题清单): big numbers, clocks, overdue by unit, twelve weeks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.domain.matters.state import Clock
from core.domain.matters.words import MatterCount
from core.domain.scope import Scope
from core.domain.terms import MatterKind
from core.domain.weeks import WeekCounts, first_day, last_weeks
from core.services.matters.reading import MatterCard, card_of
from core.services.matters.rules import clock_at
from db.queries import matter_board, matters
from db.queries.matter_board import KindCounts, UnitCounts
from db.queries.matters import MatterFilter

BOARD_KIND = MatterKind.PROBLEM
LIST_LIMIT, UNIT_LIMIT = 36, 16


@dataclass(frozen=True, slots=True)
class MatterBoard:
    """
    The problem list as the wall shows it on *on*.

    Attributes:
        kinds: Open matters of every list; those without any are left out.
        ended_this_month: Problems that ended since the first of the month, merged ones left out.
        urgent: Open problems by the deadline of their present step, *escalated* those lifted to a higher table.
        weeks: What was raised and what ended in twelve weeks, the present one last.
    """

    on: date
    kinds: tuple[KindCounts, ...]
    ended_this_month: int
    units: tuple[UnitCounts, ...]
    urgent: tuple[MatterCard, ...]
    escalated: tuple[MatterCard, ...]
    weeks: tuple[WeekCounts, ...]

    @property
    def counts(self) -> KindCounts:
        """The counts of the problem list."""
        return next((row for row in self.kinds if row.kind is BOARD_KIND), KindCounts(BOARD_KIND, 0, 0, 0))


def read_board(connection: Connection, scope: Scope, today: date) -> MatterBoard:
    """Return the board of *scope*; the caller has asked for the permission to look at the wall."""
    clock = clock_at(connection, today)
    open_ones = MatterFilter(kinds=(BOARD_KIND,), is_open=True)
    lifted = MatterFilter(kinds=(BOARD_KIND,), is_open=True, counted=MatterCount.ESCALATED, counted_on=today)
    ended = MatterFilter(
        kinds=(BOARD_KIND,), counted=MatterCount.MATTERS, counted_on=today, ended=(today.replace(day=1), today)
    )
    days = matter_board.day_counts(connection, scope, BOARD_KIND, first_day(today), today)
    return MatterBoard(
        on=today,
        kinds=matter_board.kind_counts(connection, scope, today),
        ended_this_month=matters.count_matters(connection, scope, ended, today)[0],
        units=matter_board.overdue_units(connection, scope, BOARD_KIND, today, UNIT_LIMIT),
        urgent=_cards(connection, scope, open_ones, clock),
        escalated=_cards(connection, scope, lifted, clock),
        weeks=last_weeks(today, {day.on: day.raised for day in days}, {day.on: day.ended for day in days}),
    )


def _cards(connection: Connection, scope: Scope, wanted: MatterFilter, clock: Clock) -> tuple[MatterCard, ...]:
    rows = matters.list_matters(connection, scope, wanted, limit=LIST_LIMIT)
    return tuple(card_of(row, clock) for row in rows)
