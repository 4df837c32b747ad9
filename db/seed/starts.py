"""Procedures of the demo city's new starts and reserve, coherent with their dates; stays on the not-started list."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.period import Month, add_months
from core.domain.start_rules import SHIPPED
from core.domain.start_terms import ProcedureKind, WatchList
from core.domain.terms import YearClass
from core.domain.watch_lists import GONE, WatchFacts, hits_to_json, judge, reason_of
from core.domain.workdays import WorkCalendar, add_workdays
from db.models.start import Procedure, WatchItem
from db.seed.cast import Fate, Role
from db.seed.ledger import responsible_unit
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

# Days before the planned start by which each procedure is planned to be done, and who handles it.
_LEAD = {
    ProcedureKind.APPROVAL: (210, "市发展和改革委员会", "发改审批"),
    ProcedureKind.LAND: (130, "市自然资源和规划局", "自然资函"),
    ProcedureKind.PLANNING: (110, "市自然资源和规划局", "规许"),
    ProcedureKind.ENVIRONMENT: (95, "市生态环境局", "环审"),
    ProcedureKind.ENERGY: (85, "市发展和改革委员会", "节能审"),
    ProcedureKind.FUNDS: (60, "市财政局", "财建"),
    ProcedureKind.RELOCATION: (40, "", ""),
    ProcedureKind.PERMIT: (12, "市住房城乡建设局", "施许"),
}
_STUCK = {
    ProcedureKind.LAND: "剩余用地组件未报批，等待占补平衡指标",
    ProcedureKind.RELOCATION: "尚有 6 户未签约",
    ProcedureKind.PERMIT: "待用地、征拆完成后申领",
}
_OWED = {ProcedureKind.PERMIT: "质量监督手续", ProcedureKind.LAND: "林地使用审核同意书"}
_SUSPENDED_REASON = "投资欠序时 {lag}.{part} 个百分点"


@dataclass(frozen=True, slots=True)
class _Paper:
    """A procedure of one project as planned and done."""

    kind: ProcedureKind
    planned_on: date
    done_on: date | None


def add_starts(rows: Rows, roles: list[Role], keys: dict[int, int], organisation: Organisation, moment: Moment) -> None:
    """Add the procedures of listed new starts and reserve projects, and what the not-started list held so far."""
    for role in roles:
        if not role.is_listed:
            continue
        if role.year_class in (YearClass.NEW_START, YearClass.RESERVE):
            _add_procedures(rows, role, keys[role.number], organisation, moment)
        if role.year_class is YearClass.NEW_START and role.started_on is None:
            _add_not_started(rows, role, keys[role.number], organisation, moment)
        if role.suspended_on is not None and role.resumed_on is not None:
            _add_past_lag(rows, role, keys[role.number], organisation, moment)


def _add_procedures(rows: Rows, role: Role, project_id: int, organisation: Organisation, moment: Moment) -> None:
    for kind, (lead, unit, word) in _LEAD.items():
        if not _applies(role, kind):
            rows.add(Procedure, project_id=project_id, kind=kind.value, applies=False, **_blank())
            continue
        paper = _paper(role, kind, lead, moment)
        rows.add(
            Procedure,
            project_id=project_id,
            kind=kind.value,
            applies=True,
            document_no=_document(role, paper, word),
            planned_on=paper.planned_on,
            done_on=paper.done_on,
            unit_id=organisation.units.get(unit) or organisation.units[organisation.county_units[role.county][0]],
            blocker=_STUCK.get(kind, "") if paper.done_on is None and role.fate is Fate.UNSTARTED else "",
            **_owed(role, paper, moment),
        )


def _applies(role: Role, kind: ProcedureKind) -> bool:
    if kind is ProcedureKind.ENERGY:
        return role.kind.investor != "政府投资"
    return kind is not ProcedureKind.RELOCATION or role.number % 4 != 0


def _paper(role: Role, kind: ProcedureKind, lead: int, moment: Moment) -> _Paper:
    planned = role.start_planned_on - timedelta(days=lead + _head_start(role))
    slip = (role.number * 7 + lead) % 19 - 6
    done: date | None = planned + timedelta(days=slip)
    if role.started_on is not None:
        done = min(done or planned, role.started_on - timedelta(days=1))
    elif role.fate is Fate.UNSTARTED and (kind in _STUCK):
        done = None
    if done is not None and done >= moment.today:
        done = None
    return _Paper(kind, planned, done)


def _head_start(role: Role) -> int:
    """Return how many days earlier a reserve project is prepared: some are ripe, some are at their beginning."""
    return (180, 80, 0)[role.number % 3] if role.year_class is YearClass.RESERVE else 0


def _document(role: Role, paper: _Paper, word: str) -> str:
    if paper.done_on is None or not word:
        return ""
    return f"{word}〔{paper.done_on.year}〕{20 + role.number * 3 % 180}号"


def _blank() -> dict[str, object]:
    return {"document_no": "", "blocker": "", "owed_papers": ""}


def _owed(role: Role, paper: _Paper, moment: Moment) -> dict[str, object]:
    """Every ninth started project was accepted with a paper owed; the older ones have handed it in."""
    owed = _OWED.get(paper.kind)
    if owed is None or paper.done_on is None or role.started_on is None or role.number % 9 != len(owed) % 3:
        return {"owed_papers": ""}
    supplied = paper.done_on + timedelta(days=75)
    if supplied < moment.days_ago(60):
        return {"owed_papers": owed, "owed_due_on": paper.done_on + timedelta(days=90), "supplied_on": supplied}
    return {"owed_papers": owed, "owed_due_on": moment.days_ago(role.number % 30 - 22)}


def _add_not_started(rows: Rows, role: Role, project_id: int, organisation: Organisation, moment: Moment) -> None:
    """Add the stay on the not-started list: entered when the first month after the planned one was reported."""
    month, planned = moment.as_of.month, role.start_planned_on
    facts = WatchFacts(project_id, is_unstarted=planned <= month.last_day, start_planned_on=planned)
    entered = min(add_months(Month.of(planned).first_day, 2).replace(day=12), moment.days_ago(1))
    now = judge(facts, month, moment.today).get(WatchList.NOT_STARTED)
    if now is None:
        return
    then = judge(facts, Month.of(planned).shift(1), entered)[WatchList.NOT_STARTED]
    _add_item(
        rows,
        role,
        project_id,
        organisation,
        kind=WatchList.NOT_STARTED,
        entered_on=entered,
        entered_reason=reason_of(then),
        hits=hits_to_json(now),
        measures="专班每周调度征拆和用地报批，具备条件后十日内进场。" if role.number % 2 else "",
    )


def _add_past_lag(rows: Rows, role: Role, project_id: int, organisation: Organisation, moment: Moment) -> None:
    """Add the stay on the lagging list of a project that stood still and went on."""
    assert role.suspended_on and role.resumed_on  # noqa: S101, PT018 - the caller asked
    reason = _SUSPENDED_REASON.format(lag=12 + role.number % 9, part=role.number % 10)
    _add_item(
        rows,
        role,
        project_id,
        organisation,
        kind=WatchList.LAGGING,
        entered_on=role.suspended_on + timedelta(days=35),
        entered_reason=reason,
        hits="[]",
        measures="增加作业面，倒排工期，恢复到序时要求。",
        left_on=min(role.resumed_on + timedelta(days=62), moment.days_ago(1)),
        left_reason=GONE,
    )


def _add_item(
    rows: Rows,
    role: Role,
    project_id: int,
    organisation: Organisation,
    *,
    kind: WatchList,
    entered_on: date,
    **values: object,
) -> None:
    unit = responsible_unit(role, organisation)
    rows.add(
        WatchItem,
        project_id=project_id,
        kind=kind.value,
        entered_on=entered_on,
        owner_unit_id=organisation.units[unit],
        owner_person_id=organisation.heads.get(unit, organisation.county_people[role.county][0]),
        due_on=add_workdays(entered_on, SHIPPED.workdays[kind], WorkCalendar()).on,
        **values,
    )
