"""The flag of record: the latest published round as walls, maps and ledgers show it; None until one is published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from core.domain.permissions import Actor, Permission, require
from core.domain.rounds import RoundWindow
from core.domain.scope import Scope
from core.domain.terms import FlagLevel
from db.queries import flags_of_record as queries
from db.queries import rounds
from db.queries.flags_of_record import RecordCount, RecordRow
from db.queries.rounds import RoundRow
from db.session import read

FLAGGED_LIMIT = 60
REPEATED_LIMIT = 40
_SPANS = {1: "单月", 2: "双月", 3: "季度"}
LevelCounts = dict[FlagLevel, int]


@dataclass(frozen=True, slots=True)
class Published:
    """
    The latest published round inside a scope.

    Attributes:
        row: The round.
        counts: Projects by county, headquarters, previous and present level.
        before: Projects by level in the round published before it; None when it is the first.
        severe: The red projects, the largest lag first; warn: the yellow ones.
        repeated: Projects flagged for two rounds or more.
        closed: Flags of the round that were closed out.
    """

    row: RoundRow
    counts: tuple[RecordCount, ...]
    before: LevelCounts | None
    severe: tuple[RecordRow, ...]
    warn: tuple[RecordRow, ...]
    repeated: tuple[RecordRow, ...]
    closed: int

    @property
    def levels(self) -> LevelCounts:
        """Projects by level."""
        return sum_levels(self.counts)

    def by(self, owner: Callable[[RecordCount], int | None]) -> dict[int, LevelCounts]:
        """Return the projects by level of every county or headquarters."""
        found: dict[int, list[RecordCount]] = {}
        for item in self.counts:
            key = owner(item)
            if key is not None:
                found.setdefault(key, []).append(item)
        return {key: sum_levels(items) for key, items in found.items()}


def sum_levels(counts: Iterable[RecordCount]) -> LevelCounts:
    """Return the projects by level, every level named."""
    levels = dict.fromkeys(FlagLevel, 0)
    for item in counts:
        levels[item.level] += item.count
    return levels


def read_published(connection: Connection, scope: Scope) -> Published | None:
    """Return the latest published round inside *scope*, None before the first."""
    row = rounds.latest_published(connection)
    if row is None:
        return None
    earlier = rounds.published_before(connection, row.year, row.number)
    return Published(
        row=row,
        counts=queries.count_flags(connection, scope, row),
        before=sum_levels(queries.count_flags(connection, scope, earlier[0])) if earlier else None,
        severe=queries.list_flagged(connection, scope, row.id, FlagLevel.SEVERE, FLAGGED_LIMIT),
        warn=queries.list_flagged(connection, scope, row.id, FlagLevel.WARN, FLAGGED_LIMIT),
        repeated=queries.list_repeated(connection, scope, row.id, REPEATED_LIMIT),
        closed=queries.count_closed(connection, scope, row.id),
    )


def standing(actor: Actor) -> RoundRow | None:
    """Return the round whose flags are shown as the flags of record."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rounds.latest_published(connection)


def span_word(window: RoundWindow) -> str:
    """Return 单月, 双月, 季度 or N 个月 for the months a round speaks of."""
    months = window.last_month.number - window.first_month.number + 1
    return _SPANS.get(months, f"{months} 个月")


def flags_by(row: RoundRow | None) -> str:
    """Return the line that says whose flags a map or list shows."""
    if row is None:
        return "旗色：实时测算"
    return f"旗色：{row.label}督查，截至 {row.window.cut_off_on}"
