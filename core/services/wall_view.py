"""What a wall shows, as frozen values: the templates draw it, nothing here knows how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import accumulate

from core.domain.flag_groups import progress_level
from core.domain.flag_rules import FlagRuleSet
from core.domain.headquarters import SetUpStanding
from core.domain.headquarters_chain import FunnelLine
from core.domain.period import AsOf
from core.domain.rates import Rate
from core.domain.terms import FlagLevel
from core.services.campaigns import Board as CampaignBoard
from core.services.deadlines import DueBoard
from core.services.figures import Version
from core.services.flags_of_record import LevelCounts, Published
from core.services.matters.board import MatterBoard
from db.queries.figures import GroupSums, ParcelCount, Sums
from db.queries.headquarters_fronts import FlaggedRow, Problems
from db.queries.wall import DueRow, HeadlineRow, UrgentRow
from db.queries.wall_map import CountyRow, FeatureRow, PlotRow, SpotRow

MONTHS_PER_YEAR = 12
LEVEL_ORDER = (FlagLevel.SEVERE, FlagLevel.WARN, FlagLevel.NOTICE, FlagLevel.OK, FlagLevel.NO_DATA, FlagLevel.EXEMPT)


@dataclass(frozen=True, slots=True)
class Progress:
    """
    Investment of a group against its annual plan.

    Attributes:
        plan_yuan: Σ annual plan; 0 = no plan, then nothing can be judged.
        due_yuan: Σ planned January..as-of month (序时 by month plan).
        done_yuan: Σ done January..as-of month.
        level: The flag the active progress rules give to the sums, for colour and shape.
    """

    plan_yuan: int
    due_yuan: int
    done_yuan: int
    level: FlagLevel

    @property
    def done_ratio(self) -> Fraction | None:
        """Done ÷ annual plan; None without a plan."""
        return Fraction(self.done_yuan, self.plan_yuan) if self.plan_yuan else None

    @property
    def due_ratio(self) -> Fraction | None:
        """序时 ÷ annual plan; None without a plan."""
        return Fraction(self.due_yuan, self.plan_yuan) if self.plan_yuan else None

    @property
    def gap_pp(self) -> Fraction | None:
        """Done minus 序时 in 百分点, unrounded; negative = behind; None without a plan."""
        return Fraction(100 * (self.done_yuan - self.due_yuan), self.plan_yuan) if self.plan_yuan else None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One headquarters or county: its progress, its starts, how many projects stand at which level."""

    key_id: int
    name: str
    projects: int
    progress: Progress
    start: Rate
    milestones_overdue: int
    problems_overdue: int
    levels: tuple[tuple[FlagLevel, int], ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The six tiles."""

    projects: int
    total_investment_yuan: int
    progress: Progress
    start: Rate
    unstarted: int
    resume: Rate
    suspended: int
    commissioning: Rate
    levels: tuple[tuple[FlagLevel, int], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulated plan (twelve months) and done (January..as-of month) of the year, 元."""

    year: int
    plan_yuan: int
    due_yuan: tuple[int, ...]
    done_yuan: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonthSums:
    """Done and planned investment of one month, 元; the plan is the month plan, or the month's step of 序时."""

    month: int
    plan_yuan: int
    done_yuan: int


@dataclass(frozen=True, slots=True)
class UrgentList:
    """The most urgent projects of one level and how many there are."""

    level: FlagLevel
    total: int
    on: date
    rows: tuple[UrgentRow, ...]


@dataclass(frozen=True, slots=True)
class DueList:
    """Nodes due within the window and how many there are."""

    total: int
    on: date
    rows: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """
    What the map draws.

    Attributes:
        lines: The figures of the counties by id.
        standing: The line printed below: coordinate system, 审图号, source.
        flags_by: Whose flags give the colours: a published round, or the live computation.
    """

    counties: tuple[CountyRow, ...]
    features: tuple[FeatureRow, ...]
    plots: tuple[PlotRow, ...]
    spots: tuple[SpotRow, ...]
    lines: tuple[GroupLine, ...]
    standing: str = ""
    flags_by: str = ""


@dataclass(frozen=True, slots=True)
class TeamFront:
    """One headquarters on the wall; flags are those of record once a round is published."""

    key_id: int
    name: str
    commander: str
    line: GroupLine
    set_up: SetUpStanding
    months: tuple[MonthSums, ...]
    funnel: tuple[FunnelLine, ...]
    flagged: tuple[FlaggedRow, ...]
    due: tuple[DueRow, ...]
    problems: Problems
    on: date


@dataclass(frozen=True, slots=True)
class WallView:
    """One picture of the wall for one scope at one data version; *published* is the round whose flags are shown."""

    version: Version
    changed_at: datetime | None
    totals: Totals
    curve: Curve
    headquarters: tuple[GroupLine, ...]
    map: MapView
    severe: UrgentList
    warn: UrgentList
    due: DueList
    headlines: tuple[HeadlineRow, ...]
    land: tuple[ParcelCount, ...]
    matters: MatterBoard
    deadlines: DueBoard
    campaigns: CampaignBoard
    published: Published | None = None
    fronts: tuple[TeamFront, ...] = ()


def progress_of(sums: Sums, rules: FlagRuleSet, as_of: AsOf) -> Progress:
    """Return the progress of a group's sums."""
    plan, due, done = sums["annual_plan_yuan"], sums["curve_due_yuan"], sums["ytd_done_yuan"]
    return Progress(plan, due, done, progress_level(sums, as_of, rules))


def levels_of(sums: Sums) -> tuple[tuple[FlagLevel, int], ...]:
    """Return how many projects stand at each level, worst first."""
    return tuple((level, sums[f"level_{level.value}"]) for level in LEVEL_ORDER)


def line_of(group: GroupSums, start: Rate, rules: FlagRuleSet, as_of: AsOf) -> GroupLine:
    """Return the line of one headquarters or county."""
    return GroupLine(
        key_id=group.key_id,
        name=group.name,
        projects=group.sums["projects"],
        progress=progress_of(group.sums, rules, as_of),
        start=start,
        milestones_overdue=group.sums["milestones_overdue"],
        problems_overdue=group.sums["problems_overdue"],
        levels=levels_of(group.sums),
    )


def with_flags(lines: Sequence[GroupLine], levels: Mapping[int, LevelCounts]) -> tuple[GroupLine, ...]:
    """Return *lines* with the levels of the published round instead of the live ones."""
    return tuple(
        replace(line, levels=tuple((level, levels.get(line.key_id, {}).get(level, 0)) for level in LEVEL_ORDER))
        for line in lines
    )


def by_urgency(lines: Sequence[GroupLine]) -> tuple[GroupLine, ...]:
    """Return the lines that hold projects, the largest lag first, those without a plan last."""

    def key(line: GroupLine) -> tuple[bool, Fraction, int]:
        gap = line.progress.gap_pp
        return (gap is None, gap if gap is not None else Fraction(0), line.key_id)

    return tuple(sorted((line for line in lines if line.projects), key=key))


def months_of(sums: Sums, as_of: AsOf) -> tuple[MonthSums, ...]:
    """Return January..as-of month, each by itself."""
    return tuple(
        MonthSums(month, sums[f"plan_m{month:02d}_yuan"], sums[f"done_m{month:02d}_yuan"])
        for month in range(1, as_of.month.number + 1)
    )


def curve_of(sums: Sums, as_of: AsOf) -> Curve:
    """Return the year's curve: month measures added up, at the as-of month the tile's own figures to the 元."""
    months = range(1, MONTHS_PER_YEAR + 1)
    due = list(accumulate(sums[f"plan_m{month:02d}_yuan"] for month in months))
    done = list(accumulate(sums[f"done_m{month:02d}_yuan"] for month in months[: as_of.month.number]))
    due[as_of.month.number - 1] = sums["curve_due_yuan"]
    return Curve(as_of.year, sums["annual_plan_yuan"], tuple(due), tuple(done))
