"""The sources of 待办: who owes which step of which rows. A new kind is one function and one line in ``SOURCES``.

Each statement labels its columns as ``TodoRow`` has them; the columns it names as owners are exactly those its
WHERE clause holds against the scope, so that one reading for everybody deals out the same rows.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)

from core.domain.matters.state import OFFICE_STATES, UNIT_STATES
from core.domain.matters.words import MatterLevel
from core.domain.period import Month
from core.domain.permissions import Permission
from core.domain.rectification import UNIT_STEPS
from core.domain.supervision_terms import ApprovalStatus, RectificationStep, RoundStatus
from core.domain.terms import ReportStatus, Stage
from core.domain.todo import CASE_STEPS, MATTER_STEPS, Todo, TodoKind, matter_path, soon
from db.models.figures import project_state
from db.models.matter import Matter, MatterSupport
from db.models.milestone import Milestone
from db.models.money import InvestmentReport
from db.models.organisation import County, Headquarters, Unit
from db.models.project import Project
from db.models.supervision import FlagDecision, FlagOverride, Rectification, SupervisionRound
from db.queries.matters import OPEN, next_due_on, owner_county_id
from db.queries.reports import ReportFilter, due_projects
from db.queries.scoping import project_scope
from db.queries.todo_campaigns import CAMPAIGN_SOURCES
from db.queries.todo_parts import NEVER, NOBODY, Owners, any_of, columns, dealt, summed, told
from db.queries.todo_sponsors import SPONSOR_SOURCES
from db.queries.todo_starts import START_SOURCES
from db.queries.todos import Asked, Source, TodoRow, within

_LEFT = (Stage.WITHDRAWN.value, Stage.TERMINATED.value, Stage.MERGED.value)


def _matters(asked: Asked, *tests: ColumnElement[bool], owners: Owners, due_on: Any) -> Select[Any]:
    place = func.coalesce(Project.name, func.nullif(Matter.enterprise, ""), County.name, "")
    owner = func.coalesce(Unit.name, County.name, "")
    return (
        select(
            *columns(
                Matter.id, Matter.title, due_on, Matter.status, place=place, owner=owner, tag=Matter.kind, owners=owners
            )
        )
        .select_from(Matter)
        .join(Project, Project.id == Matter.project_id, isouter=True)
        .join(County, County.id == owner_county_id, isouter=True)
        .join(Unit, Unit.id == Matter.lead_unit_id, isouter=True)
        .where(OPEN, *tests, *within(asked, due_on))
    )


def _led(asked: Asked) -> Select[Any] | None:
    """Steps that the lead unit owes."""
    if not (asked.scope.everything or asked.scope.unit_ids):
        return None
    mine = any_of(asked, unit=Matter.lead_unit_id)
    owners = (NOBODY, NOBODY, Matter.lead_unit_id)
    return _matters(asked, Matter.status.in_(UNIT_STATES), mine, owners=owners, due_on=next_due_on)


def _supported(asked: Asked) -> Select[Any] | None:
    """Opinions that supporting units owe the lead unit."""
    if not (asked.scope.everything or asked.scope.unit_ids):
        return None
    own = MatterSupport
    mine, owners = any_of(asked, unit=own.unit_id), (NOBODY, NOBODY, own.unit_id)
    query = _matters(asked, own.replied_on.is_(None), mine, owners=owners, due_on=own.due_on)
    return query.join(own, own.matter_id == Matter.id)


def _tabled(asked: Asked) -> Select[Any]:
    """Steps of the office on whose table a matter lies."""
    return _of_table(asked, Matter.status.in_(OFFICE_STATES))


def _prolonged(asked: Asked) -> Select[Any]:
    """Requests for more time that the office decides."""
    return _of_table(asked, Matter.extension_to.is_not(None), Matter.status.not_in(OFFICE_STATES))


def _of_table(asked: Asked, *tests: ColumnElement[bool]) -> Select[Any]:
    at_county = Matter.level == MatterLevel.COUNTY
    of_county = and_(at_county, any_of(asked, county=owner_county_id))
    mine = or_(any_of(asked, headquarters=Project.headquarters_id), of_county)
    owners = (case((at_county, owner_county_id)), Project.headquarters_id, NOBODY)
    return _matters(asked, *tests, mine, owners=owners, due_on=next_due_on)


def _cases(asked: Asked, *tests: ColumnElement[bool]) -> Select[Any]:
    own = Rectification
    owners = (own.county_id, own.headquarters_id, own.unit_id)
    owner = func.coalesce(Unit.name, Headquarters.name, County.name, "")
    shown = columns(
        own.id, own.subject_name, own.due_on, own.step, place=own.code, owner=owner, tag=own.level, owners=owners
    )
    return (
        select(*shown)
        .select_from(own)
        .join(County, County.id == own.county_id, isouter=True)
        .join(Headquarters, Headquarters.id == own.headquarters_id, isouter=True)
        .join(Unit, Unit.id == own.unit_id, isouter=True)
        .where(project_scope(asked.scope, *owners), *tests, *within(asked, own.due_on))
    )


def _to_mend(asked: Asked) -> Select[Any]:
    return _cases(asked, Rectification.step.in_([step.value for step in UNIT_STEPS]))


def _to_notify(asked: Asked) -> Select[Any]:
    return _cases(asked, Rectification.step == RectificationStep.NOTICE.value)


def _to_verify(asked: Asked) -> Select[Any]:
    return _cases(asked, Rectification.step == RectificationStep.VERIFICATION.value)


def _to_prolong(asked: Asked) -> Select[Any]:
    return _cases(asked, Rectification.extension_to.is_not(None))


def _nodes(asked: Asked) -> Select[Any]:
    """Open nodes that are overdue or fall due in the near week, of projects that did not leave."""
    owners = (Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    owner = func.coalesce(Unit.name, County.name, "")
    return (
        select(
            *columns(
                Milestone.id, Milestone.name, Milestone.planned_on, "", place=Project.name, owner=owner, owners=owners
            )
        )
        .select_from(Milestone)
        .join(Project, Project.id == Milestone.project_id)
        .join(County, County.id == Project.county_id, isouter=True)
        .join(Unit, Unit.id == Project.responsible_unit_id, isouter=True)
        .where(
            Milestone.actual_on.is_(None),
            Milestone.planned_on <= soon(asked.today),
            Project.stage.not_in(_LEFT),
            project_scope(asked.scope, *owners),
        )
    )


def _reports_missing(asked: Asked) -> Select[Any]:
    """Reports whose deadline has passed, from the roll-ups: drafts and returned ones count as missing."""
    state = project_state.c
    owners = (state.county_id, state.headquarters_id, state.unit_id)
    query = select(
        *columns(
            0,
            "",
            asked.month_due_on,
            "missing",
            amount=cast(func.sum(state.reports_missing), BigInteger),
            owners=dealt(asked, owners),
        )
    )
    return summed(asked, query.where(state.reports_missing > 0, project_scope(asked.scope, *owners)), owners)


def _reports_near(asked: Asked) -> Select[Any] | None:
    """Reports of the month that is being collected, once its deadline is near."""
    month = asked.collecting
    if month is None:
        return None
    owners = (Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    waiting = ReportFilter(statuses=(ReportStatus.MISSING, ReportStatus.RETURNED))
    shown = columns(
        month.year * 100 + month.number, "", asked.collecting_due_on, "near", tag=str(month),
        amount=func.count(), owners=dealt(asked, owners),
    )  # fmt: skip
    query = due_projects(asked.scope, month, asked.today, waiting).with_only_columns(*shown)
    return summed(asked, query, owners)


def _reports_to_review(asked: Asked) -> Select[Any]:
    """Reports that were sent in and not looked at; the id is the earliest month of them."""
    owners = (Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    first = func.min(InvestmentReport.year * 100 + InvestmentReport.month)
    shown = columns(first, "", NEVER, "submitted", amount=func.count(), owners=dealt(asked, owners))
    query = (
        select(*shown)
        .select_from(InvestmentReport)
        .join(Project, Project.id == InvestmentReport.project_id)
        .where(
            InvestmentReport.status == ReportStatus.SUBMITTED.value,
            InvestmentReport.year == asked.month.year,
            Project.stage.not_in(_LEFT),
            project_scope(asked.scope, *owners),
        )
    )
    return summed(asked, query, owners)


def _overrides(asked: Asked) -> Select[Any]:
    """Flags set by hand that wait for a second person: proposed, or approved and moved since."""
    own, flag = FlagOverride, FlagDecision
    owners = (flag.county_id, flag.headquarters_id, flag.unit_id)
    waiting = or_(
        own.status == ApprovalStatus.PROPOSED.value,
        and_(own.status == ApprovalStatus.APPROVED.value, own.is_moved),
    )
    of_flag = and_(
        flag.round_id == own.round_id, flag.subject_kind == own.subject_kind, flag.subject_id == own.subject_id
    )
    shown = columns(
        own.id, flag.subject_name, NEVER, own.status, place=SupervisionRound.title, owner=own.proposed_by,
        tag=cast(own.round_id, String), owners=owners, proposer=own.proposed_by,
    )  # fmt: skip
    query = (
        select(*shown)
        .select_from(own)
        .join(SupervisionRound, SupervisionRound.id == own.round_id)
        .join(flag, of_flag)
        .where(SupervisionRound.status == RoundStatus.DRAFT.value, waiting, project_scope(asked.scope, *owners))
    )
    return query.where(own.proposed_by != asked.login) if asked.login else query


def _of_matter(row: TodoRow) -> Todo:
    path = matter_path(row.tag, row.id)
    return told(row, TodoKind.MATTER, "matter", MATTER_STEPS[row.status], path)


def _of_support(row: TodoRow) -> Todo:
    return told(row, TodoKind.MATTER, "matter", "协办回复", matter_path(row.tag, row.id))


def _of_prolonging(row: TodoRow) -> Todo:
    return told(row, TodoKind.EXTENSION, "matter", "审批延期", matter_path(row.tag, row.id))


def _of_case(row: TodoRow) -> Todo:
    step = CASE_STEPS[row.status]
    return told(row, TodoKind.RECTIFICATION, "rectification", step, f"/rectification?case={row.id}")


def _of_case_prolonging(row: TodoRow) -> Todo:
    return told(row, TodoKind.EXTENSION, "rectification", "审批延期", f"/rectification?case={row.id}")


def _of_node(row: TodoRow) -> Todo:
    return told(row, TodoKind.MILESTONE, "milestone", "登记完成", f"/milestones?node={row.id}")


def _of_report(row: TodoRow) -> Todo:
    """One line for all the reports of a reader: they are filled in and reviewed in one grid."""
    month = Month(*divmod(row.id, 100)) if row.id else None
    label, query = (month.label, f"?month={month}") if month else ("", "")
    step, title = {
        "missing": ("补报", f"投资月报已过期未报 {row.amount} 份"),
        "near": ("填报", f"{label}投资月报待报 {row.amount} 个项目"),
        "submitted": ("审核", f"投资月报待审核 {row.amount} 份（最早 {label}）"),
    }[row.status]
    # Named by what is asked, not by the month: sums of several owners are one thing to do.
    entity = f"report_{row.status}"
    return Todo(TodoKind.REPORT, entity, 0, title, step, "", "", row.due_on, f"/reports{query}", row.amount)


def _of_override(row: TodoRow) -> Todo:
    return told(row, TodoKind.OVERRIDE, "flag_override", "审批", f"/rounds?round={row.tag}")


_TABLE = (Permission.ASSIGN_MATTER, Permission.CLOSE_MATTER)
_SENDS, _REVIEWS = (Permission.SUBMIT_REPORT,), (Permission.REVIEW_REPORT,)
_WORKS, _MENDS, _VERIFIES = (Permission.HANDLE_MATTER,), (Permission.RECTIFY,), (Permission.VERIFY_RECTIFICATION,)
_APPROVES, _REPORTS_NODES, _NOTIFIES = (
    (Permission.APPROVE_OVERRIDE,),
    (Permission.UPDATE_MILESTONE,),
    (Permission.MANAGE_ROUNDS,),
)
# Code, kind, who may act, only the bound, statement, words, one line for all rows.
SOURCES: tuple[Source, ...] = (
    Source("matter_led", TodoKind.MATTER, _WORKS, True, _led, _of_matter),
    Source("matter_supported", TodoKind.MATTER, _WORKS, True, _supported, _of_support),
    Source("matter_tabled", TodoKind.MATTER, _TABLE, False, _tabled, _of_matter),
    Source("matter_prolonged", TodoKind.EXTENSION, _TABLE[:1], False, _prolonged, _of_prolonging),
    Source("case_to_mend", TodoKind.RECTIFICATION, _MENDS, True, _to_mend, _of_case),
    Source("case_to_notify", TodoKind.RECTIFICATION, _NOTIFIES, False, _to_notify, _of_case),
    Source("case_to_verify", TodoKind.RECTIFICATION, _VERIFIES, False, _to_verify, _of_case),
    Source("case_prolonged", TodoKind.EXTENSION, _VERIFIES, False, _to_prolong, _of_case_prolonging),
    Source("nodes", TodoKind.MILESTONE, _REPORTS_NODES, True, _nodes, _of_node),
    Source("reports_missing", TodoKind.REPORT, _SENDS, True, _reports_missing, _of_report, True),
    Source("reports_near", TodoKind.REPORT, _SENDS, True, _reports_near, _of_report, True),
    Source("reports_to_review", TodoKind.REPORT, _REVIEWS, False, _reports_to_review, _of_report, True),
    Source("overrides", TodoKind.OVERRIDE, _APPROVES, False, _overrides, _of_override),
    *CAMPAIGN_SOURCES,
    *START_SOURCES,
    *SPONSOR_SOURCES,
)
