"""What the screens of headquarters show, as frozen values."""

from dataclasses import dataclass
from datetime import date

from core.domain.headquarters import SetUpStanding
from core.domain.headquarters_chain import ChainCount, ChainPlace, FunnelLine, ProjectSource
from core.domain.headquarters_reports import ReportCycle, ReportDuty
from core.services.figures import Version
from core.services.matters import MatterPage
from core.services.wall_view import GroupLine
from db.queries.headquarters import HeadquartersRow, MemberRow, ReportRow, ScheduleRow, StepRow
from db.queries.headquarters_fronts import FlaggedRow, Problems
from db.queries.matrix import MatrixRows
from db.queries.wall import DueRow


@dataclass(frozen=True, slots=True)
class BoardCard:
    """
    One headquarters on the board.

    Attributes:
        line: Its figures; flags are those of record once a round is published.
        reports_overdue: Reports to the committee that are late.
    """

    row: HeadquartersRow
    commander: str
    line: GroupLine
    set_up: SetUpStanding
    problems: Problems
    members: int
    ending: int
    reports_overdue: int


@dataclass(frozen=True, slots=True)
class Board:
    """All headquarters of the actor's scope; *flags_by* says whose flags are shown."""

    cards: tuple[BoardCard, ...]
    version: Version
    flags_by: str
    is_of_record: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A report that is owed, and the schedule that asks for it."""

    cycle: ReportCycle
    workdays: int
    duty: ReportDuty


@dataclass(frozen=True, slots=True)
class Headquarters:
    """
    One headquarters as its page shows it.

    Attributes:
        duties: Reports owed, the oldest first.
        may_manage: Whether the actor may change it.
    """

    card: BoardCard
    members: tuple[MemberRow, ...]
    steps: tuple[StepRow, ...]
    schedules: tuple[ScheduleRow, ...]
    duties: tuple[Duty, ...]
    reports: tuple[ReportRow, ...]
    version: Version
    flags_by: str
    is_of_record: bool
    may_manage: bool

    @property
    def today(self) -> date:
        return self.version.on


@dataclass(frozen=True, slots=True)
class Situation:
    """战况: red and yellow projects with reasons, nodes overdue and due, open problems."""

    flagged: tuple[FlaggedRow, ...]
    due: tuple[DueRow, ...]
    until_on: date
    problems: MatterPage


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One project of the chain table; *days* since the fact that proves its step, None when the day is not known."""

    id: int
    name: str
    county: str
    source: ProjectSource
    place: ChainPlace
    days: int | None
    total_yuan: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of a headquarters: funnel, counts by step and source, its projects (the first *limit* of *total*)."""

    lines: tuple[FunnelLine, ...]
    counts: tuple[ChainCount, ...]
    projects: tuple[ChainLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """County × headquarters with names in their order; key 0 of the headquarters = 未归口."""

    counties: tuple[tuple[int, str], ...]
    headquarters: tuple[tuple[int, str], ...]
    rows: MatrixRows
    version: Version
