"""Rectifications inside a scope: board, list, one case with its events, what has slipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from core.domain.flag_hits import RuleHit, hits_from_json
from core.domain.rectification import Case
from core.domain.scope import Scope
from core.domain.supervision_terms import RectificationAction, RectificationStep, SubjectKind
from core.domain.terms import FlagLevel
from db.models.access import User
from db.models.organisation import County, Headquarters, Unit
from db.models.supervision import FlagDecision, ProcessFact, Rectification, RectificationEvent, SupervisionRound
from db.queries.scoping import project_scope


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """
    What to list; empty and None mean no narrowing.

    Attributes:
        steps: Steps the case may be in.
        overdue_on: Only what is overdue on that day.
        asked_too: With *steps*: also cases whose extension waits for a decision.
        text: Part of the subject's name or of the code.
    """

    steps: tuple[RectificationStep, ...] = ()
    levels: tuple[FlagLevel, ...] = ()
    county_id: int | None = None
    headquarters_id: int | None = None
    unit_id: int | None = None
    round_id: int | None = None
    subject: tuple[SubjectKind, int] | None = None
    overdue_on: date | None = None
    asked_too: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One rectification with the names behind its keys; ``case`` is what the state machine knows of it."""

    id: int
    version: int
    code: str
    round_id: int
    round_year: int
    round_number: int
    round_title: str
    kind: SubjectKind
    subject_id: int
    name: str
    project_id: int | None
    county_name: str
    headquarters_name: str
    unit_name: str
    hits: tuple[RuleHit, ...]
    opened_on: date
    plan: str
    feedback: str
    verdict: str
    case: Case

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the flag was raised, worst first."""
        return tuple(hit.reason for hit in self.hits)

    @property
    def owner_name(self) -> str:
        """Who answers for it: the unit, else the headquarters, else the county."""
        return self.unit_name or self.headquarters_name or self.county_name or self.name


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step that was taken."""

    id: int
    kind: RectificationAction
    happened_at: datetime
    actor: str
    note: str
    document_no: str
    old_due_on: date | None
    new_due_on: date | None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A verification on site, kept as a process fact."""

    id: int
    happened_on: date
    participants: str
    finding: str


@dataclass(frozen=True, slots=True)
class StepCount:
    """Cases in one step: all, and those overdue."""

    step: RectificationStep
    cases: int
    overdue: int


@dataclass(frozen=True, slots=True)
class CaseSums:
    """Cases, those closed out, those closed out without ever being raised, and open ones that are overdue."""

    cases: int
    closed: int
    closed_in_time: int
    overdue: int


_STATE = (
    Rectification.step,
    Rectification.level,
    Rectification.due_on,
    Rectification.raise_on,
    Rectification.promised_on,
    Rectification.extension_to,
    Rectification.raised_times,
    Rectification.extended_times,
    Rectification.closed_on,
)
_COLUMNS: tuple[Any, ...] = (
    Rectification.id,
    Rectification.version,
    Rectification.code,
    Rectification.round_id,
    SupervisionRound.year.label("round_year"),
    SupervisionRound.number.label("round_number"),
    SupervisionRound.title.label("round_title"),
    Rectification.subject_kind.label("kind"),
    Rectification.subject_id,
    Rectification.subject_name.label("name"),
    Rectification.project_id,
    func.coalesce(County.name, "").label("county_name"),
    func.coalesce(Headquarters.name, "").label("headquarters_name"),
    func.coalesce(Unit.name, "").label("unit_name"),
    Rectification.reasons.label("hits"),
    Rectification.opened_on,
    Rectification.plan,
    Rectification.feedback,
    Rectification.verdict,
    *_STATE,
)
_OPEN = Rectification.step != RectificationStep.CLOSED.value


def list_cases(
    connection: Connection, scope: Scope, wanted: CaseFilter, *, limit: int, offset: int = 0
) -> list[CaseRow]:
    """Return a page of cases: open ones by deadline, then the closed ones, latest first."""
    order = (
        case((_OPEN, 0), else_=1),
        case((_OPEN, Rectification.due_on)),
        Rectification.closed_on.desc(),
        Rectification.id,
    )
    query = _selected(scope).where(*_narrow(wanted)).order_by(*order)
    return [_row(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def list_board(connection: Connection, scope: Scope, wanted: CaseFilter, *, per_step: int) -> list[CaseRow]:
    """Return the first *per_step* cases of every step: open ones by deadline, closed ones latest first."""
    place = func.row_number().over(
        partition_by=Rectification.step,
        order_by=(case((_OPEN, Rectification.due_on)), Rectification.closed_on.desc(), Rectification.id),
    )
    ranked = select(Rectification.id, place.label("place")).where(_in_scope(scope), *_narrow(wanted)).subquery("ranked")
    query = (
        _selected(scope)
        .join(ranked, ranked.c.id == Rectification.id)
        .where(ranked.c.place <= per_step)
        .order_by(Rectification.step, ranked.c.place)
    )
    return [_row(row) for row in connection.execute(query).mappings()]


def count_steps(connection: Connection, scope: Scope, wanted: CaseFilter, today: date) -> dict[str, StepCount]:
    """Return the number of cases, and of overdue ones, by step."""
    late = func.coalesce(func.sum(case((and_(_OPEN, Rectification.due_on < today), 1), else_=0)), 0)
    query = select(Rectification.step, func.count(), late).where(_in_scope(scope), *_narrow(wanted))
    return {
        step: StepCount(RectificationStep(step), int(cases), int(overdue))
        for step, cases, overdue in connection.execute(query.group_by(Rectification.step))
    }


def count_cases(connection: Connection, scope: Scope, wanted: CaseFilter) -> int:
    """Return how many cases match."""
    query = select(func.count()).select_from(Rectification).where(_in_scope(scope), *_narrow(wanted))
    return int(connection.execute(query).scalar_one())


def sums(connection: Connection, scope: Scope, wanted: CaseFilter, today: date) -> CaseSums:
    """Return what the rates of rectification are made of."""
    closed = Rectification.closed_on.is_not(None)

    def count_if(test: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((test, 1), else_=0)), 0)

    query = select(
        func.count(),
        count_if(closed),
        count_if(and_(closed, Rectification.raised_times == 0)),
        count_if(and_(_OPEN, Rectification.due_on < today)),
    ).where(_in_scope(scope), *_narrow(wanted))
    return CaseSums(*(int(value) for value in connection.execute(query).one()))


def find_case(connection: Connection, scope: Scope, case_id: int) -> CaseRow | None:
    """Return one case inside *scope*."""
    row = connection.execute(_selected(scope).where(Rectification.id == case_id)).mappings().first()
    return _row(row) if row else None


def find_cases(connection: Connection, scope: Scope, case_ids: Sequence[int]) -> list[CaseRow]:
    """Return the cases of *case_ids* inside *scope*, in the order of their codes' making."""
    query = _selected(scope).where(Rectification.id.in_(case_ids)).order_by(Rectification.id)
    return [_row(row) for row in connection.execute(query).mappings()]


def list_events(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[EventRow]]:
    """Return the events of cases, oldest first; the caller has checked the scope."""
    event = RectificationEvent
    query = (
        select(
            event.rectification_id,
            event.id,
            event.kind,
            event.happened_at,
            func.coalesce(User.name, event.actor).label("actor"),
            event.note,
            event.document_no,
            event.old_due_on,
            event.new_due_on,
        )
        .join(User, User.login == event.actor, isouter=True)
        .where(event.rectification_id.in_(case_ids))
        .order_by(event.id)
    )
    found: dict[int, list[EventRow]] = {}
    for row in connection.execute(query).mappings():
        values = dict(row)
        key = values.pop("rectification_id")
        found.setdefault(key, []).append(EventRow(**{**values, "kind": RectificationAction(row["kind"])}))
    return found


def published_levels(connection: Connection, case_ids: Sequence[int]) -> dict[int, FlagLevel]:
    """Return the level each case's flag was published with; the caller has checked the scope."""
    query = (
        select(Rectification.id, FlagDecision.level)
        .join(
            FlagDecision,
            and_(
                FlagDecision.round_id == Rectification.round_id,
                FlagDecision.subject_kind == Rectification.subject_kind,
                FlagDecision.subject_id == Rectification.subject_id,
            ),
        )
        .where(Rectification.id.in_(case_ids))
    )
    return {key: FlagLevel(level) for key, level in connection.execute(query)}


def list_visits(connection: Connection, row: CaseRow) -> list[VisitRow]:
    """Return the verifications on site of a case, oldest first; the caller has checked the scope."""
    query = (
        select(ProcessFact.id, ProcessFact.happened_on, ProcessFact.participants, ProcessFact.finding)
        .where(
            ProcessFact.subject_kind == row.kind.value,
            ProcessFact.subject_id == row.subject_id,
            ProcessFact.summary == visit_summary(row.code),
        )
        .order_by(ProcessFact.id)
    )
    return [VisitRow(*found) for found in connection.execute(query)]


def visit_summary(code: str) -> str:
    """Return by which words a process fact is known as the verification of a case."""
    return f"{code} 整改现场核查"


def slipped(connection: Connection, today: date, limit: int) -> list[CaseRow]:
    """Return cases of every scope whose slipped deadline has not raised them yet."""
    query = _selected(Scope.all()).where(_has_slipped(today)).order_by(Rectification.id).limit(limit)
    return [_row(row) for row in connection.execute(query).mappings()]


def has_slipped(connection: Connection, today: date) -> bool:
    """Return whether a sweep has anything to do."""
    return connection.execute(select(Rectification.id).where(_has_slipped(today)).limit(1)).first() is not None


def _has_slipped(today: date) -> ColumnElement[bool]:
    return and_(Rectification.raise_on < today, Rectification.extension_to.is_(None))


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, Rectification.county_id, Rectification.headquarters_id, Rectification.unit_id)


def _selected(scope: Scope) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(Rectification)
        .join(SupervisionRound, SupervisionRound.id == Rectification.round_id)
        .join(County, County.id == Rectification.county_id, isouter=True)
        .join(Headquarters, Headquarters.id == Rectification.headquarters_id, isouter=True)
        .join(Unit, Unit.id == Rectification.unit_id, isouter=True)
        .where(_in_scope(scope))
    )


def _narrow(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.steps:
        in_step: ColumnElement[bool] = Rectification.step.in_([step.value for step in wanted.steps])
        tests.append(or_(in_step, Rectification.extension_to.is_not(None)) if wanted.asked_too else in_step)
    if wanted.levels:
        tests.append(Rectification.level.in_([level.value for level in wanted.levels]))
    for column, key in (
        (Rectification.county_id, wanted.county_id),
        (Rectification.headquarters_id, wanted.headquarters_id),
        (Rectification.unit_id, wanted.unit_id),
        (Rectification.round_id, wanted.round_id),
    ):
        if key is not None:
            tests.append(column == key)
    if wanted.subject is not None:
        kind, subject_id = wanted.subject
        tests.append(and_(Rectification.subject_kind == kind.value, Rectification.subject_id == subject_id))
    if wanted.overdue_on is not None:
        tests.append(and_(_OPEN, Rectification.due_on < wanted.overdue_on))
    if wanted.text:
        text = wanted.text
        tests.append(
            or_(
                Rectification.subject_name.icontains(text, autoescape=True),
                Rectification.code.icontains(text, autoescape=True),
            )
        )
    return tests


def _row(row: Any) -> CaseRow:
    values = dict(row)
    state = {column.key: values.pop(column.key) for column in _STATE}
    state["step"], state["level"] = RectificationStep(state["step"]), FlagLevel(state["level"])
    return CaseRow(
        **{
            **values,
            "kind": SubjectKind(values["kind"]),
            "hits": hits_from_json(values["hits"]),
            "case": Case(**state),
        }
    )
