"""Bulk writes of a round's flags: derived rows, made anew by every computation, audited as one event with a digest.

Both ways to fill a round end in the same rows: set-based from the roll-ups when they stand at the round's as-of point
under its rules, else from rows that the caller decided chunk by chunk.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from typing import cast as cast_to

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from core.domain.flag_rules import ScheduleBasis
from core.domain.round_groups import GROUP_MEASURES, OWNER_KINDS, GroupSum, period_codes
from core.domain.round_sequence import PastFlag
from core.domain.rounds import FLAGGED, RoundWindow
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import AssignmentRole, FlagLevel
from db.models.campaign import Campaign, CampaignProject
from db.models.figures import project_state
from db.models.milestone import Milestone
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Assignment, ListMembership, Project
from db.models.supervision import FlagDecision
from db.prepared import Prepared
from db.queries.campaign_groups import linked_at
from db.queries.facts_statements import MAJOR_LIST

COLUMNS = (
    "round_id",
    "subject_kind",
    "subject_id",
    "subject_name",
    "county_id",
    "headquarters_id",
    "unit_id",
    "rule_level",
    "computed_level",
    "level",
    "previous_level",
    "streak",
    "gap_milli_pp",
    "urgency",
    "hits",
    "facts",
    "version",
)
_FLAGGED = tuple(level.value for level in FLAGGED)
_state = project_state.c
_flag = cast_to(Table, FlagDecision.__table__)
_INSERT = Prepared(insert(_flag), COLUMNS)
_SETTLE = Prepared(
    update(_flag)
    .where(_flag.c.id == bindparam("k_id", type_=BigInteger()))
    .values(
        computed_level=bindparam("to_level", type_=String()),
        level=bindparam("to_level", type_=String()),
        streak=bindparam("to_streak"),
        urgency=bindparam("to_urgency"),
        hits=bindparam("to_hits", type_=Text()),
    )
)


def clear(connection: Connection, round_id: int) -> None:
    """Take the flags of a draft away, before it is computed anew."""
    connection.execute(delete(_flag).where(_flag.c.round_id == round_id))


def insert_rows(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert decided rows, each with all ``COLUMNS``."""
    _INSERT.run_many(connection, rows)


def insert_from_states(
    connection: Connection, round_id: int, window: RoundWindow, basis: ScheduleBasis, previous_id: int | None
) -> None:
    """Insert the flags of all listed projects as the roll-ups have them, with names, figures and the level before."""
    before = _flag.alias("before")
    same = and_(
        before.c.round_id == (previous_id or 0),
        before.c.subject_kind == SubjectKind.PROJECT.value,
        before.c.subject_id == _state.project_id,
    )
    leaders = _leaders()
    owners = (
        project_state.join(Project, Project.id == _state.project_id)
        .join(County, County.id == _state.county_id)
        .outerjoin(Headquarters, Headquarters.id == _state.headquarters_id)
        .outerjoin(Unit, Unit.id == _state.unit_id)
        .outerjoin(leaders, leaders.c.project_id == _state.project_id)
        .outerjoin(before, same)
    )
    streak = case((_state.level.in_(_FLAGGED), _run_before(before) + 1), else_=0)
    columns = select(
        literal(round_id),
        literal(SubjectKind.PROJECT.value),
        _state.project_id,
        Project.name,
        _state.county_id,
        _state.headquarters_id,
        _state.unit_id,
        _state.level,
        _state.level,
        _state.level,
        func.coalesce(before.c.level, ""),
        streak,
        _state.gap_milli_pp,
        _state.urgency,
        _state.hits,
        _facts(connection, window, basis, leaders.c.names),
        literal(1),
    )
    source = columns.select_from(owners).where(_state.projects == 1).order_by(_state.project_id)
    connection.execute(insert(_flag).from_select(list(COLUMNS), source))


def _run_before(before: Any) -> ColumnElement[int]:
    return case((before.c.level.in_(_FLAGGED), before.c.streak), else_=0)


def _leaders() -> Any:
    """包保领导 per project, joined by 、 in the order of their entry."""
    ordered = (
        select(Assignment.project_id, Person.name)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.role == AssignmentRole.SPONSOR_LEADER.value, Assignment.to_on.is_(None))
        .order_by(Assignment.project_id, Assignment.id)
        .subquery()
    )
    names = func.aggregate_strings(ordered.c.name, "、").label("names")
    return select(ordered.c.project_id, names).group_by(ordered.c.project_id).subquery("leaders")


def _year_class(window: RoundWindow) -> ColumnElement[str]:
    """The class in the year's list on the cut-off day; of two memberships the later row counts, as in facts."""
    me, day = ListMembership, window.cut_off_on
    query = (
        select(me.year_class)
        .where(
            me.project_id == _state.project_id,
            me.list_code == MAJOR_LIST,
            me.year == window.last_month.year,
            me.joined_on <= day,
            or_(me.left_on.is_(None), me.left_on > day),
        )
        .order_by(me.id.desc())
        .limit(1)
    )
    return query.correlate(project_state).scalar_subquery()


def _due(window: RoundWindow, basis: ScheduleBasis) -> ColumnElement[int]:
    if basis is ScheduleBasis.CURVE:
        return _state.curve_due_yuan
    return (2 * _state.annual_plan_yuan * window.last_month.number + 12) // 24


def _period(window: RoundWindow) -> ColumnElement[int]:
    total: ColumnElement[int] = literal_column("0", BigInteger())
    for code in period_codes(window):
        total = total + _state[code]
    return total


def _facts(
    connection: Connection, window: RoundWindow, basis: ScheduleBasis, leaders: ColumnElement[str]
) -> ColumnElement[str]:
    started, due = _state.start_due_started, _state.start_due
    values: dict[str, Any] = {
        "code": Project.code,
        "county": County.name,
        "headquarters": func.coalesce(Headquarters.name, ""),
        "unit": func.coalesce(Unit.name, ""),
        "leader": func.coalesce(leaders, ""),
        "year_class": func.coalesce(_year_class(window), ""),
        "category": _state.category,
        "projects": literal_column("1"),
        "total_investment_yuan": _state.total_investment_yuan,
        "annual_plan_yuan": _state.annual_plan_yuan,
        "due_yuan": _due(window, basis),
        "ytd_done_yuan": _state.ytd_done_yuan,
        "period_done_yuan": _period(window),
        "started": started,
        "start_due": due,
        "resumed": started + _state.continuing_resumed,
        "resume_due": due + _state.continuing,
    }
    parts: list[Any] = []
    for name, value in values.items():
        parts += (literal_column(f"'{name}'"), value)
    if connection.dialect.name == "sqlite":
        return func.json_object(*parts, type_=Text())
    return cast(func.json_build_object(*parts), Text)


def leaders_between(connection: Connection, first_id: int, last_id: int) -> dict[int, str]:
    """Return project id → 包保领导 of a range of projects."""
    leaders = _leaders()
    query = select(leaders.c.project_id, leaders.c.names).where(leaders.c.project_id.between(first_id, last_id))
    return {key: name for key, name in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def names_between(connection: Connection, first_id: int, last_id: int) -> dict[int, tuple[str, str]]:
    """Return project id → (code, name) of a range of projects."""
    query = select(Project.id, Project.code, Project.name).where(Project.id.between(first_id, last_id))
    return {key: (code, name) for key, code, name in connection.execute(query)}


def owner_names(connection: Connection) -> dict[SubjectKind, dict[int, str]]:
    """Return the names of all counties, headquarters and units by id."""
    models = zip(OWNER_KINDS, (County, Headquarters, Unit), strict=True)
    return {
        kind: {key: name for key, name in connection.execute(select(model.__table__.c.id, model.__table__.c.name))}  # noqa: C416
        for kind, model in models
    }


def group_sums(connection: Connection, window: RoundWindow, basis: ScheduleBasis) -> Iterator[GroupSum]:
    """Yield the sums of the roll-ups over the listed projects of every county, headquarters, unit and campaign."""
    owners = (County, _state.county_id), (Headquarters, _state.headquarters_id), (Unit, _state.unit_id)
    for kind, (model, column) in zip(OWNER_KINDS, owners, strict=True):
        key: Any = model
        query = _summed(window, basis, key.id, key.name).select_from(project_state).join(key, key.id == column)
        yield from _sums(connection, kind, query)
    linked = project_state.join(CampaignProject, CampaignProject.project_id == _state.project_id)
    query = _summed(window, basis, Campaign.id, Campaign.name).select_from(linked)
    query = query.join(Campaign, Campaign.id == CampaignProject.campaign_id).where(linked_at(window))
    yield from _sums(connection, SubjectKind.CAMPAIGN, query)


def _summed(window: RoundWindow, basis: ScheduleBasis, key: Any, name: Any) -> Select[*tuple[Any, ...]]:
    sums = [func.sum(_state[code]).label(code) for code in GROUP_MEASURES]
    extra = (func.sum(_due(window, basis)).label("due_yuan"), func.sum(_period(window)).label("period_done_yuan"))
    return select(key, name, *sums, *extra).where(_state.projects == 1).group_by(key, name).order_by(key)


def _sums(connection: Connection, kind: SubjectKind, query: Select[*tuple[Any, ...]]) -> Iterator[GroupSum]:
    for row in connection.execute(query).mappings():
        values = dict(row)
        yield GroupSum(kind, values.pop("id"), values.pop("name"), {code: int(value) for code, value in values.items()})


def previous_flags(
    connection: Connection, previous_id: int | None, kind: SubjectKind, first_id: int, last_id: int
) -> dict[int, tuple[str, int]]:
    """Return subject id → (level, streak) in the round before, for a range of subjects."""
    if previous_id is None:
        return {}
    me = FlagDecision
    query = select(me.subject_id, me.level, me.streak).where(
        me.round_id == previous_id, me.subject_kind == kind.value, me.subject_id.between(first_id, last_id)
    )
    return {key: (level, streak) for key, level, streak in connection.execute(query)}


def to_be_settled(
    connection: Connection, round_id: int, levels: Collection[FlagLevel], previous: Collection[FlagLevel]
) -> list[tuple[int, str, int, str, int | None, str]]:
    """Return (id, kind, subject, rule level, gap, hits) of the flags at *levels* that stood at *previous* before."""
    me = FlagDecision
    query = (
        select(me.id, me.subject_kind, me.subject_id, me.rule_level, me.gap_milli_pp, me.hits)
        .where(me.round_id == round_id, me.rule_level.in_(_values(levels)), me.previous_level.in_(_values(previous)))
        .order_by(me.id)
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in connection.execute(query)]


def past_flags(
    connection: Connection,
    round_id: int,
    past_ids: Sequence[int],
    levels: Collection[FlagLevel],
    previous: Collection[FlagLevel],
) -> dict[tuple[str, int], list[PastFlag]]:
    """Return the flags in *past_ids* (latest first) of the subjects that may be moved; a gap ends a subject's list."""
    if not past_ids:
        return {}
    now, past = _flag.alias("now"), _flag.alias("past")
    same = and_(past.c.subject_kind == now.c.subject_kind, past.c.subject_id == now.c.subject_id)
    query = (
        select(
            past.c.subject_kind,
            past.c.subject_id,
            past.c.round_id,
            past.c.rule_level,
            past.c.level,
            past.c.streak,
        )
        .select_from(now.join(past, same))
        .where(
            now.c.round_id == round_id,
            now.c.rule_level.in_(_values(levels)),
            now.c.previous_level.in_(_values(previous)),
            past.c.round_id.in_(past_ids),
        )
    )
    found: dict[tuple[str, int], dict[int, PastFlag]] = {}
    for kind, subject, number, rule, level, streak in connection.execute(query):
        found.setdefault((kind, subject), {})[number] = PastFlag(number, FlagLevel(rule), FlagLevel(level), streak)
    return {key: list(_unbroken(flags, past_ids)) for key, flags in found.items()}


def node_hits(connection: Connection, round_id: int) -> dict[int, str]:
    """Return project id → hits of the flagged projects of a round that an overdue node was a reason for."""
    me = FlagDecision
    query = select(me.subject_id, me.hits).where(
        me.round_id == round_id,
        me.subject_kind == SubjectKind.PROJECT.value,
        me.level.in_(_FLAGGED),
        me.hits.like('%"milestone:%'),
    )
    return {key: hits for key, hits in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def nodes_reached(connection: Connection, node_ids: Collection[int], on: date) -> dict[int, str]:
    """Return id → name of the named nodes that were reached by *on*."""
    query = select(Milestone.id, Milestone.name).where(Milestone.id.in_(sorted(node_ids)), Milestone.actual_on <= on)
    return {key: name for key, name in connection.execute(query)} if node_ids else {}  # noqa: C416


def _values(levels: Collection[FlagLevel]) -> list[str]:
    return [level.value for level in levels]


def _unbroken(flags: Mapping[int, PastFlag], past_ids: Sequence[int]) -> Iterator[PastFlag]:
    for round_id in past_ids:
        if round_id not in flags:
            return
        yield flags[round_id]


def settle_rows(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write what looking back made of some flags: k_id, to_level, to_streak, to_urgency, to_hits each."""
    _SETTLE.run_many(connection, rows)


def set_level(
    connection: Connection, round_id: int, kind: SubjectKind, subject_id: int, level: FlagLevel, urgency: int
) -> None:
    """Set the level that counts of one flag."""
    where = and_(_flag.c.round_id == round_id, _flag.c.subject_kind == kind.value, _flag.c.subject_id == subject_id)
    connection.execute(
        update(_flag).where(where).values(level=level.value, urgency=urgency, version=_flag.c.version + 1)
    )


def levels_digest(connection: Connection, round_id: int) -> tuple[str, dict[str, int]]:
    """Return the SHA-256 over (kind, subject, level) of a round in order, and its projects by level."""
    me = FlagDecision
    query = (
        select(me.subject_kind, me.subject_id, me.level)
        .where(me.round_id == round_id)
        .order_by(me.subject_kind, me.subject_id)
    )
    rows = connection.execute(query).all()
    text = "".join(f"{kind}/{subject}/{level}\n" for kind, subject, level in rows)
    found = Counter(level for kind, _, level in rows if kind == SubjectKind.PROJECT.value)
    return sha256(text.encode()).hexdigest(), {level.value: found[level.value] for level in FlagLevel}
