"""The wall: one frozen picture per scope and data version, read in one snapshot."""

from collections.abc import Sequence

from sqlalchemy import Connection

from core.domain.flags import FlagRuleSet
from core.domain.measures import MEASURE_CODES
from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission, require
from core.domain.rates import RateDefinition, evaluate
from core.domain.scope import Scope
from core.domain.standing import DUE_SOON
from core.domain.terms import FlagLevel
from core.services import deadlines, figures, flags_of_record, rate_definitions
from core.services.campaigns import read_latest_board
from core.services.figures import Version
from core.services.flags_of_record import Published
from core.services.map_standing import map_standing
from core.services.matters.board import read_board
from core.services.wall_fronts import read_fronts
from core.services.wall_view import (
    DueList,
    GroupLine,
    MapView,
    Totals,
    UrgentList,
    WallView,
    by_urgency,
    curve_of,
    levels_of,
    line_of,
    months_of,
    progress_of,
    with_flags,
)
from db import audit, rollup
from db.queries import figures as sums_queries
from db.queries import wall as queries
from db.queries import wall_map
from db.queries.figures import BoardRows, GroupSums, Sums
from db.queries.headquarters import HeadquartersRow, list_headquarters
from db.session import read

URGENT_LIMIT = 60
DUE_LIMIT = 30
HEADLINE_LIMIT = 12
USED_PLOTS_LIMIT = 300
FREE_PLOTS_LIMIT = 40  # of each status
SPOTS_LIMIT = 60
_ZERO = dict.fromkeys(MEASURE_CODES, 0)

# 口径 of the three rates on the tiles (core.domain.rate_definitions); their basis is shown with them.
START_RATE = "start_rate_due"
RESUME_RATE = "start_resume_rate_due"
COMMISSIONING_RATE = "commissioning_rate"


def version(actor: Actor) -> Version:
    """Return the data version a wall of *actor* stands at; one single-row query while the day has not moved."""
    require(actor, Permission.VIEW_WALL)
    return figures.version()


def view(actor: Actor) -> WallView:
    """Return the wall of the actor's scope."""
    require(actor, Permission.VIEW_WALL)
    now = figures.version()
    with read() as connection:
        return _read(connection, actor.scope, now)


def _read(connection: Connection, scope: Scope, now: Version) -> WallView:
    as_of = now.as_of
    rules = rollup.load_rule_set(connection, audit.read_head(connection).flag_rule_id)
    rates = {definition.code: definition for definition in rate_definitions.read_definitions(connection)}
    board = sums_queries.board(connection, scope)
    last_on = as_of.on + DUE_SOON
    published = flags_of_record.read_published(connection, scope)
    teams = _lines(board.headquarters, rates, rules, as_of)
    if published is not None:
        teams = with_flags(teams, published.by(lambda item: item.headquarters_id))
    known = list_headquarters(connection, scope)
    idle = _without_projects(known, board)
    lines = {line.key_id: line for line in (*_lines(idle, rates, rules, as_of), *teams)}
    months = {group.key_id: months_of(group.sums, as_of) for group in (*idle, *board.headquarters)}
    return WallView(
        version=now,
        changed_at=queries.read_changed_at(connection),
        totals=_totals(board.city, rates, rules, as_of),
        curve=curve_of(board.city, as_of),
        headquarters=by_urgency(teams),
        map=_map(connection, scope, board, _counties(board, rates, rules, as_of, published), as_of, published),
        severe=_urgent(connection, scope, FlagLevel.SEVERE, board, as_of),
        warn=_urgent(connection, scope, FlagLevel.WARN, board, as_of),
        due=DueList(
            board.city["milestones_due_soon"],
            as_of.on,
            queries.list_due(connection, scope, as_of.on, last_on, DUE_LIMIT),
        ),
        headlines=queries.list_headlines(connection, scope, HEADLINE_LIMIT),
        land=sums_queries.parcels_by_status(connection, scope),
        matters=read_board(connection, scope, as_of.on),
        deadlines=deadlines.read_board(connection, scope, as_of.on, board),
        campaigns=read_latest_board(connection, scope, as_of.on),
        fronts=read_fronts(connection, scope, as_of.on, known, lines, months, published),
        published=published,
    )


def _without_projects(rows: Sequence[HeadquartersRow], board: BoardRows) -> tuple[GroupSums, ...]:
    """Return zeros for the headquarters that no project belongs to yet."""
    known = {group.key_id for group in board.headquarters}
    return tuple(GroupSums(row.id, "", row.name, _ZERO) for row in rows if row.id not in known)


def _totals(sums: Sums, rates: dict[str, RateDefinition], rules: FlagRuleSet, as_of: AsOf) -> Totals:
    return Totals(
        projects=sums["projects"],
        total_investment_yuan=sums["total_investment_yuan"],
        progress=progress_of(sums, rules, as_of),
        start=evaluate(rates[START_RATE], sums, as_of),
        unstarted=sums["unstarted"],
        resume=evaluate(rates[RESUME_RATE], sums, as_of),
        suspended=sums["suspended"],
        commissioning=evaluate(rates[COMMISSIONING_RATE], sums, as_of),
        levels=levels_of(sums),
    )


def _lines(
    groups: tuple[GroupSums, ...], rates: dict[str, RateDefinition], rules: FlagRuleSet, as_of: AsOf
) -> tuple[GroupLine, ...]:
    return tuple(line_of(group, evaluate(rates[START_RATE], group.sums, as_of), rules, as_of) for group in groups)


def _counties(
    board: BoardRows,
    rates: dict[str, RateDefinition],
    rules: FlagRuleSet,
    as_of: AsOf,
    published: Published | None,
) -> tuple[GroupLine, ...]:
    lines = _lines(board.counties, rates, rules, as_of)
    return lines if published is None else with_flags(lines, published.by(lambda item: item.county_id))


def _map(
    connection: Connection,
    scope: Scope,
    board: BoardRows,
    lines: tuple[GroupLine, ...],
    as_of: AsOf,
    published: Published | None,
) -> MapView:
    row = published.row if published is not None else None
    round_id = row.id if row is not None else None
    counties = wall_map.list_counties(connection)
    if not scope.everything:
        shown = {group.key_id for group in board.counties} | scope.county_ids
        counties = tuple(county for county in counties if county.id in shown)
    return MapView(
        counties=counties,
        features=wall_map.list_features(connection),
        plots=wall_map.list_used_plots(connection, scope, as_of.on, USED_PLOTS_LIMIT, round_id)
        + wall_map.list_free_plots(connection, scope, as_of.on, FREE_PLOTS_LIMIT),
        spots=wall_map.list_spots(connection, scope, as_of.on, SPOTS_LIMIT, round_id),
        lines=lines,
        standing=map_standing(connection),
        flags_by=flags_of_record.flags_by(row),
    )


def _urgent(connection: Connection, scope: Scope, level: FlagLevel, board: BoardRows, as_of: AsOf) -> UrgentList:
    rows = queries.list_urgent(connection, scope, level, URGENT_LIMIT)
    return UrgentList(level, board.city[f"level_{level.value}"], as_of.on, rows)
