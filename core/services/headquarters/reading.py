"""What may be read of headquarters: the board, one of them, its situation and chain, the matrix with the counties."""

from datetime import date, timedelta

from sqlalchemy import Connection

from core.domain.errors import NotFound
from core.domain.headquarters import Presence, presence, set_up_standing
from core.domain.headquarters_chain import chain_place, funnel
from core.domain.headquarters_reports import LOOK_BACK_DAYS, owed
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import MatterKind
from core.domain.workdays import WorkCalendar
from core.services import figures, flags_of_record, matters
from core.services.calendar import work_calendar
from core.services.figures import Version
from core.services.headquarters import views
from core.services.headquarters.lines import lines_of
from core.services.headquarters.members import commander_of, serving_on
from core.services.headquarters.views import BoardCard, Chain, ChainLine, Duty, Matrix, Situation
from core.services.matters import MatterFilter
from core.services.wall_view import GroupLine
from db.queries import chains, ledger_choices
from db.queries import headquarters as queries
from db.queries import headquarters_fronts as fronts
from db.queries import matrix as matrix_queries
from db.queries.headquarters import HeadquartersRow, MemberRow, ReportRow, ScheduleRow, StepRow
from db.queries.headquarters_fronts import Problems
from db.queries.matrix import NOBODY
from db.session import read

FLAGGED_LIMIT = 60
DUE_LIMIT = 30
DUE_DAYS = 14
PROJECTS_LIMIT = 300


class _Pieces:
    """Everything that is stored about some headquarters, read once and handed out by headquarters."""

    def __init__(self, connection: Connection, rows: list[HeadquartersRow], today: date) -> None:
        ids = [row.id for row in rows]
        self.today = today
        self.calendar: WorkCalendar = work_calendar(connection)
        self.members = queries.list_members(connection, ids)
        self.steps = queries.list_steps(connection, ids)
        self.schedules = queries.list_schedules(connection, ids)
        self.reports = queries.list_reports(connection, ids, today - timedelta(days=LOOK_BACK_DAYS + 31))

    def members_of(self, key: int) -> tuple[MemberRow, ...]:
        return tuple(row for row in self.members if row.headquarters_id == key)

    def steps_of(self, key: int) -> tuple[StepRow, ...]:
        return tuple(row for row in self.steps if row.headquarters_id == key)

    def schedules_of(self, key: int) -> tuple[ScheduleRow, ...]:
        return tuple(row for row in self.schedules if row.headquarters_id == key)

    def reports_of(self, key: int) -> tuple[ReportRow, ...]:
        return tuple(row for row in self.reports if row.headquarters_id == key)

    def duties_of(self, key: int) -> tuple[Duty, ...]:
        duties = []
        for row in self.schedules_of(key):
            if row.is_active:
                sent = {report.first_on for report in self.reports_of(key) if report.cycle is row.cycle}
                found = owed(row.cycle, row.since_on, row.workdays, sent, self.today, self.calendar)
                duties += [Duty(row.cycle, row.workdays, duty) for duty in found]
        return tuple(sorted(duties, key=lambda item: (item.duty.due_on, item.cycle)))

    def card(self, row: HeadquartersRow, line: GroupLine, problems: Problems) -> BoardCard:
        members = self.members_of(row.id)
        presences = [presence(member.from_on, member.to_on, self.today) for member in members]
        return BoardCard(
            row=row,
            commander=commander_of(row, members, self.today),
            line=line,
            set_up=set_up_standing((step.dates for step in self.steps_of(row.id)), self.today),
            problems=problems,
            members=len(serving_on(members, self.today)),
            ending=presences.count(Presence.ENDING),
            reports_overdue=sum(item.duty.is_overdue for item in self.duties_of(row.id)),
        )


def board(actor: Actor) -> views.Board:
    """Return every headquarters of the actor's scope with figures, flags, problems and the state of its set-up."""
    require(actor, Permission.VIEW_PROJECTS)
    now = figures.version()
    with read() as connection:
        rows = queries.list_headquarters(connection, actor.scope)
        lines, published = lines_of(connection, actor.scope, now, rows)
        problems = fronts.problems_by_headquarters(connection, actor.scope, now.on, per=1)
        pieces = _Pieces(connection, rows, now.on)
    cards = tuple(pieces.card(row, lines[row.id], problems.get(row.id, Problems())) for row in rows)
    flags_by = flags_of_record.flags_by(published.row if published else None)
    return views.Board(cards, now, flags_by, published is not None)


def read_one(actor: Actor, headquarters_id: int) -> views.Headquarters:
    """
    Return one headquarters with its members, checklist and reports.

    Raises:
        NotFound: No such headquarters inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    now = figures.version()
    with read() as connection:
        row = queries.find_headquarters(connection, actor.scope, headquarters_id)
        if row is None:
            raise NotFound
        lines, published = lines_of(connection, actor.scope, now, [row])
        problems = fronts.problems_by_headquarters(connection, actor.scope, now.on, per=1)
        pieces = _Pieces(connection, [row], now.on)
    own = actor.scope.everything or headquarters_id in actor.scope.headquarters_ids
    return views.Headquarters(
        card=pieces.card(row, lines[row.id], problems.get(row.id, Problems())),
        members=pieces.members_of(row.id),
        steps=pieces.steps_of(row.id),
        schedules=pieces.schedules_of(row.id),
        duties=pieces.duties_of(row.id),
        reports=pieces.reports_of(row.id),
        version=now,
        flags_by=flags_of_record.flags_by(published.row if published else None),
        is_of_record=published is not None,
        may_manage=own and actor.can(Permission.MANAGE_HEADQUARTERS),
    )


def situation(actor: Actor, headquarters_id: int) -> Situation:
    """
    Return the fronts of one headquarters: flags with reasons, nodes, problems.

    Raises:
        NotFound: No such headquarters inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    now = figures.version()
    until = now.on + timedelta(days=DUE_DAYS)
    wanted = MatterFilter(kinds=(MatterKind.PROBLEM,), is_open=True, headquarters_id=headquarters_id)
    problems = matters.find(actor, wanted)
    with read() as connection:
        if queries.find_headquarters(connection, actor.scope, headquarters_id) is None:
            raise NotFound
        published = flags_of_record.read_published(connection, actor.scope)
        round_id = published.row.id if published else None
        flagged = fronts.flagged_by_headquarters(connection, actor.scope, FLAGGED_LIMIT, round_id, headquarters_id)
        due = fronts.due_by_headquarters(connection, actor.scope, until, DUE_LIMIT, headquarters_id)
    return Situation(flagged.get(headquarters_id, ()), due.get(headquarters_id, ()), until, problems)


def chain(actor: Actor, headquarters_id: int) -> Chain:
    """
    Return the chain of one headquarters: funnel, sources, projects.

    Raises:
        NotFound: No such headquarters inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    now = figures.version()
    with read() as connection:
        if queries.find_headquarters(connection, actor.scope, headquarters_id) is None:
            raise NotFound
        counts = chains.count_chain(connection, actor.scope, headquarters_id)
        rows = chains.list_chain(connection, actor.scope, headquarters_id, PROJECTS_LIMIT)
    lines = tuple(line for row in rows if (line := _line(row, now)) is not None)
    return Chain(funnel(counts), counts, lines, sum(count.projects for count in counts))


def _line(row: chains.ChainRow, now: Version) -> ChainLine | None:
    place = chain_place(row.facts, now.on)
    if place is None:
        return None
    days = (now.on - place.since_on).days if place.since_on else None
    return ChainLine(row.id, row.name, row.county, row.source, place, days, row.total_yuan)


def matrix(actor: Actor) -> Matrix:
    """Return county × headquarters for the listed projects of the actor's scope; margins never add cells."""
    require(actor, Permission.VIEW_PROJECTS)
    now = figures.version()
    with read() as connection:
        rows = matrix_queries.matrix(connection, actor.scope)
        names = ledger_choices.load_names(connection)
    headquarters = tuple((key, name) for key, name in names.headquarters if key in rows.headquarters)
    if NOBODY in rows.headquarters:
        headquarters += ((NOBODY, "未归口"),)
    counties = tuple((key, name) for key, name in names.counties if key in rows.counties)
    return Matrix(counties, headquarters, rows, now)
