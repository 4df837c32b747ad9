"""The scene 指挥部: every headquarters with its commander, set-up, chain, flags, nodes and problems, read at once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from core.domain.headquarters import set_up_standing
from core.domain.headquarters_chain import funnel
from core.domain.scope import Scope
from core.services.flags_of_record import Published
from core.services.headquarters.members import commander_of
from core.services.wall_view import GroupLine, MonthSums, TeamFront
from db.queries import chains
from db.queries import headquarters as queries
from db.queries import headquarters_fronts as fronts
from db.queries.headquarters import HeadquartersRow, StepRow
from db.queries.headquarters_fronts import Problems

ROWS = 6  # of each list on the page of one headquarters
DUE_DAYS = 14


def read_fronts(
    connection: Connection,
    scope: Scope,
    on: date,
    rows: Sequence[HeadquartersRow],
    lines: Mapping[int, GroupLine],
    months: Mapping[int, tuple[MonthSums, ...]],
    published: Published | None,
) -> tuple[TeamFront, ...]:
    """
    Return the headquarters that hold projects or are being set up, the largest lag first.

    Args:
        lines: The figures of each of *rows* by id; *months* their year month by month.
    """
    ids = [row.id for row in rows]
    members, steps = queries.list_members(connection, ids), _by_owner(queries.list_steps(connection, ids))
    round_id = published.row.id if published else None
    counts = chains.count_chains(connection, scope)
    flagged = fronts.flagged_by_headquarters(connection, scope, ROWS, round_id)
    due = fronts.due_by_headquarters(connection, scope, on + timedelta(days=DUE_DAYS), ROWS)
    problems = fronts.problems_by_headquarters(connection, scope, on, ROWS)
    found = [
        TeamFront(
            key_id=row.id,
            name=row.name,
            commander=commander_of(row, [member for member in members if member.headquarters_id == row.id], on),
            line=lines[row.id],
            months=months[row.id],
            set_up=set_up_standing((step.dates for step in steps.get(row.id, ())), on),
            funnel=funnel(counts.get(row.id, ())),
            flagged=flagged.get(row.id, ()),
            due=due.get(row.id, ()),
            problems=problems.get(row.id, Problems()),
            on=on,
        )
        for row in rows
    ]
    return tuple(sorted((team for team in found if _is_shown(team)), key=_urgency))


def _by_owner(steps: Sequence[StepRow]) -> dict[int, list[StepRow]]:
    found: dict[int, list[StepRow]] = {}
    for step in steps:
        found.setdefault(step.headquarters_id, []).append(step)
    return found


def _is_shown(team: TeamFront) -> bool:
    return bool(team.line.projects) or not team.set_up.is_complete


def _urgency(team: TeamFront) -> tuple[bool, Fraction, int]:
    gap = team.line.progress.gap_pp
    return gap is None, gap if gap is not None else Fraction(0), team.key_id
