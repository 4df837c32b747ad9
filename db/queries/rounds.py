"""Reads of supervision rounds: the rounds themselves, and how many subjects stand at which level."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, func, or_, select

from core.domain.period import Month
from core.domain.rounds import RoundWindow
from core.domain.scope import Scope
from core.domain.supervision_terms import ApprovalStatus, RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.models.access import User
from db.models.project import Project
from db.models.supervision import FlagDecision, FlagOverride, SupervisionRound
from db.models.system import AuditEvent, RuleSet
from db.queries.scoping import project_scope
from db.rollup import PROJECT_TABLES

OPEN = (RoundStatus.DRAFT, RoundStatus.REVIEWED)
FROZEN = (RoundStatus.PUBLISHED, RoundStatus.SUPERSEDED)
KEPT = (*OPEN, *FROZEN)  # all but discarded drafts
LevelCounts = dict[SubjectKind, dict[FlagLevel, int]]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round; names of people are their logins."""

    id: int
    version: int
    year: int
    number: int
    revision: int
    title: str
    window: RoundWindow
    status: RoundStatus
    rule_set_id: int | None
    data_seq: int | None
    created_at: datetime
    created_by: str
    computed_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by: str
    published_at: datetime | None
    published_by: str
    supersede_reason: str

    @property
    def label(self) -> str:
        """Return 2026年第5轮, with the revision when it is not the first."""
        again = f"（更正{self.revision - 1}）" if self.revision > 1 else ""
        return f"{self.year}年第{self.number}轮{again}"

    @property
    def is_frozen(self) -> bool:
        """Whether the round was published: nothing of it changes any more."""
        return self.status in FROZEN


@dataclass(frozen=True, slots=True)
class Movement:
    """How many subjects of a kind went from one level to another; *previous* is None for those new in the round."""

    kind: SubjectKind
    previous: FlagLevel | None
    level: FlagLevel
    count: int


_COLUMNS = (
    SupervisionRound.id,
    SupervisionRound.version,
    SupervisionRound.year,
    SupervisionRound.number,
    SupervisionRound.revision,
    SupervisionRound.title,
    SupervisionRound.first_month,
    SupervisionRound.last_month,
    SupervisionRound.cut_off_on,
    SupervisionRound.status,
    SupervisionRound.rule_set_id,
    SupervisionRound.data_seq,
    SupervisionRound.created_at,
    SupervisionRound.created_by,
    SupervisionRound.computed_at,
    SupervisionRound.reviewed_at,
    SupervisionRound.reviewed_by,
    SupervisionRound.published_at,
    SupervisionRound.published_by,
    SupervisionRound.supersede_reason,
)


def _rows(connection: Connection, query: Select[*tuple[object, ...]]) -> list[RoundRow]:
    found = []
    for row in connection.execute(query).mappings():
        values = dict(row)
        window = RoundWindow(
            Month.parse(values.pop("first_month")), Month.parse(values.pop("last_month")), values.pop("cut_off_on")
        )
        found.append(RoundRow(**{**values, "window": window, "status": RoundStatus(values["status"])}))
    return found


def list_rounds(connection: Connection, statuses: tuple[RoundStatus, ...]) -> list[RoundRow]:
    """Return the rounds in one of *statuses*, latest first."""
    query = select(*_COLUMNS).where(SupervisionRound.status.in_(statuses))
    order = (SupervisionRound.year.desc(), SupervisionRound.number.desc(), SupervisionRound.revision.desc())
    return _rows(connection, query.order_by(*order))


def find_round(connection: Connection, round_id: int, *, lock: bool = False) -> RoundRow | None:
    """Return one round; with *lock* it is held until the transaction ends."""
    query = select(*_COLUMNS).where(SupervisionRound.id == round_id)
    return next(iter(_rows(connection, query.with_for_update() if lock else query)), None)


def latest_published(connection: Connection) -> RoundRow | None:
    """Return the published round with the highest number of the latest year."""
    query = select(*_COLUMNS).where(SupervisionRound.status == RoundStatus.PUBLISHED.value)
    order = (SupervisionRound.year.desc(), SupervisionRound.number.desc(), SupervisionRound.revision.desc())
    return next(iter(_rows(connection, query.order_by(*order).limit(1))), None)


def published_before(connection: Connection, year: int, number: int, limit: int = 1) -> list[RoundRow]:
    """Return the rounds published before the one of *year* and *number*, latest first; a year end is no border."""
    earlier = or_(SupervisionRound.year < year, and_(SupervisionRound.year == year, SupervisionRound.number < number))
    query = select(*_COLUMNS).where(SupervisionRound.status == RoundStatus.PUBLISHED.value, earlier)
    order = (SupervisionRound.year.desc(), SupervisionRound.number.desc())
    return _rows(connection, query.order_by(*order).limit(limit))


def open_before(connection: Connection, row: RoundRow) -> RoundRow | None:
    """Return an unpublished round with an earlier number or cut-off than *row*."""
    me = SupervisionRound
    earlier = or_(me.year < row.year, and_(me.year == row.year, me.number < row.number))
    cut_off = and_(me.cut_off_on < row.window.cut_off_on, or_(me.year != row.year, me.number != row.number))
    query = select(*_COLUMNS).where(me.status.in_(OPEN), me.id != row.id, or_(earlier, cut_off))
    return next(iter(_rows(connection, query.order_by(me.year, me.number).limit(1))), None)


def published_after(connection: Connection, row: RoundRow) -> RoundRow | None:
    """Return a published round with a later number than *row*."""
    me = SupervisionRound
    later = or_(me.year > row.year, and_(me.year == row.year, me.number > row.number))
    query = select(*_COLUMNS).where(me.status == RoundStatus.PUBLISHED.value, later)
    return next(iter(_rows(connection, query.order_by(me.year, me.number).limit(1))), None)


def revisions(connection: Connection, year: int, number: int) -> list[RoundRow]:
    """Return every revision of one round, first to last; a discarded draft is none."""
    me = SupervisionRound
    query = select(*_COLUMNS).where(me.year == year, me.number == number, me.status.in_(KEPT))
    return _rows(connection, query.order_by(SupervisionRound.revision))


def last_number(connection: Connection, year: int) -> int:
    """Return the highest number of *year*, 0 when it has no round."""
    me = SupervisionRound
    query = select(func.coalesce(func.max(me.number), 0)).where(me.year == year, me.status.in_(KEPT))
    return int(connection.execute(query).scalar_one())


def is_flag_rule_set(connection: Connection, rule_set_id: int) -> bool:
    """Return whether *rule_set_id* is a set of flag rules."""
    query = select(RuleSet.id).where(RuleSet.id == rule_set_id, RuleSet.kind == "flag")
    return connection.execute(query).first() is not None


def movements(connection: Connection, scope: Scope, round_id: int) -> list[Movement]:
    """Return the matrix previous level → level for every kind of subject inside *scope*."""
    me = FlagDecision
    query = (
        select(me.subject_kind, me.previous_level, me.level, func.count())
        .where(me.round_id == round_id, project_scope(scope, me.county_id, me.headquarters_id, me.unit_id))
        .group_by(me.subject_kind, me.previous_level, me.level)
    )
    return [
        Movement(SubjectKind(kind), FlagLevel(previous) if previous else None, FlagLevel(level), int(count))
        for kind, previous, level, count in connection.execute(query)
    ]


def override_counts(connection: Connection, round_id: int) -> tuple[int, int]:
    """Return how many overrides wait for a decision, and how many approved ones need another look."""
    me = FlagOverride
    waiting = func.count().filter(me.status == ApprovalStatus.PROPOSED.value)
    moved = func.count().filter(me.status == ApprovalStatus.APPROVED.value, me.is_moved.is_(True))
    row = connection.execute(select(waiting, moved).where(me.round_id == round_id)).one()
    return int(row[0]), int(row[1])


def changes_since(connection: Connection, seq: int) -> int:
    """Return how many writes to what flags are made of came after audit sequence *seq*."""
    query = select(func.count()).where(AuditEvent.seq > seq, AuditEvent.entity.in_(sorted(PROJECT_TABLES)))
    return int(connection.execute(query).scalar_one())


def names_of(connection: Connection, logins: set[str]) -> dict[str, str]:
    """Return login → shown name of the accounts among *logins*."""
    rows = connection.execute(select(User.login, User.name).where(User.login.in_(sorted(logins))))
    return {login: name for login, name in rows}  # noqa: C416 - rows are no pairs to mypy


def last_project_id(connection: Connection) -> int:
    """Return the highest id of a project, 0 without projects."""
    return int(connection.execute(select(func.coalesce(func.max(Project.id), 0))).scalar_one())
