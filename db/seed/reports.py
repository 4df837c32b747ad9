"""Plans, monthly reports and funding of the demo city as rows, with their states and the planted trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from core.domain.period import Month
from core.domain.terms import FlagLevel, ReportStatus, YearClass
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.seed.budget import WAN, Budget
from db.seed.cast import SEED, Fate, Role
from db.seed.content import texts
from db.seed.content.roles import JUMP_NAME
from db.seed.ledger import works_text
from db.seed.moment import Moment
from db.seed.pace import Cause, Pace
from db.seed.rows import Rows

LATE_REPORTS = 4
RETURNED_REPORTS = 1
JUMP_FACTOR = 6
_NEWEST_MONTHS_WITH_TEXT = 3
_EARLY_DAY = 15


@dataclass(slots=True)
class Desk:
    """
    Who is late, returned or implausible with the report of the as-of month, by project number.

    Attributes:
        late: Nothing was sent in.
        returned: Sent back for correction, not sent again yet.
        idle: Standing still, yet reporting works.
        jump: The one whose amount cannot be.
    """

    late: set[int] = field(default_factory=set)
    returned: set[int] = field(default_factory=set)
    idle: int = 0
    jump: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One month's figures: done in the month, January..month, since the start."""

    month: Month
    yuan: int
    ytd_yuan: int
    since_start_yuan: int


def set_desk(roles: Sequence[Role], paces: Mapping[int, Pace], moment: Moment) -> Desk:
    """
    Choose who is out of order at the desk.

    A missing report leaves the months before it to carry the figure, so those are stretched to keep the project on
    the level aimed at.
    """
    desk = Desk()
    lagging = [role for role in roles if role.is_listed and paces[role.number].cause is Cause.LAG]
    lagging = [role for role in lagging if paces[role.number].level is FlagLevel.WARN]
    lagging.sort(key=lambda role: (paces[role.number].lag_pp, role.number))
    calm = [role for role in roles if _may_be_late(role, paces[role.number])]
    chosen = (lagging[:LATE_REPORTS] + calm[5:])[: LATE_REPORTS + RETURNED_REPORTS]
    for position, role in enumerate(chosen):
        _leave_out(paces[role.number].done, moment.month)
        (desk.late if position < LATE_REPORTS else desk.returned).add(role.number)
    desk.idle = _longest_stopped(roles).number
    desk.jump = next(role.number for role in roles if role.name == JUMP_NAME)
    if paces[desk.idle].done[moment.month - 1] == 0:
        paces[desk.idle].done[moment.month - 1] = 3_000_000
    done = paces[desk.jump].done
    done[moment.month - 1] = JUMP_FACTOR * max(done[moment.month - 1] or 0, 40 * WAN)
    return desk


def _longest_stopped(roles: Sequence[Role]) -> Role:
    return min((role for role in roles if role.fate is Fate.SUSPENDED), key=lambda role: role.suspended_on or date.max)


def _may_be_late(role: Role, pace: Pace) -> bool:
    building = role.started_on is not None and role.completed_on is None and role.fate is Fate.NONE
    quiet = pace.cause is Cause.NONE and pace.level is FlagLevel.OK and role.name != JUMP_NAME
    return role.is_listed and role.year_class is YearClass.CONTINUING and building and quiet


def _leave_out(done: list[int | None], month: int) -> None:
    """Take the month's report away and stretch the months before it, so that the sum stays."""
    amount = done[month - 1] or 0
    done[month - 1] = None
    earlier = sum(filter(None, done[: month - 1]))
    if earlier == 0:
        return
    left = amount
    for index in range(month - 1):
        part = min(left, -(-amount * (done[index] or 0) // earlier // WAN) * WAN)
        done[index], left = (done[index] or 0) + part, left - part


def add_money(rows: Rows, role: Role, project_id: int, budget: Budget, pace: Pace, desk: Desk, moment: Moment) -> None:
    """Add the plans of three years and the reports of two for one project."""
    for year, months in (
        (moment.year - 1, budget.last_months),
        (moment.year, budget.months),
        (moment.year + 1, budget.next_months),
    ):
        if months is not None:
            _add_plan(rows, project_id, year, months, role)
    this_year = list(pace.done)
    if role.number in desk.returned:
        this_year[moment.month - 1] = (budget.months or (0,) * 12)[moment.month - 1]
    last = _entries(moment.year - 1, _last_year_done(role, budget), budget.prior_yuan)
    now = _entries(moment.year, this_year, budget.prior_yuan + budget.last_done_yuan)
    for entry in (*last, *now, *_running_month(role, budget, now, desk, moment)):
        _add_report(rows, role, project_id, entry, desk, moment)


def _entries(year: int, months: Sequence[int | None], before_yuan: int) -> list[_Entry]:
    entries, ytd = [], 0
    for month, yuan in enumerate(months, start=1):
        if yuan is not None:
            ytd += yuan
            entries.append(_Entry(Month(year, month), yuan, ytd, before_yuan + ytd))
    return entries


def _add_plan(rows: Rows, project_id: int, year: int, months: Sequence[int], role: Role) -> None:
    rows.add(AnnualPlan, project_id=project_id, year=year, plan_yuan=sum(months), goal=_goal(role, year))
    for month, yuan in enumerate(months, start=1):
        rows.add(InvestmentPlan, project_id=project_id, year=year, month=month, plan_yuan=yuan)


def _goal(role: Role, year: int) -> str:
    if role.finish_planned_on.year <= year:
        return "竣工验收并投入使用。"
    first, middle, last = role.kind.works
    whole = max(1, (role.finish_planned_on - role.start_planned_on).days)
    share = (date(year, 12, 31) - role.start_planned_on).days / whole
    return f"完成{first if share < 0.4 else middle if share < 0.75 else last}。"


def _last_year_done(role: Role, budget: Budget) -> list[int | None]:
    """Spread last year's total over its months; the last worked month absorbs the rounding."""
    months: list[int | None] = [None] * 12
    if budget.last_months is None:
        return months
    rng = np.random.default_rng([SEED, 60_000 + role.number])
    weights = [plan * float(rng.uniform(0.8, 1.2)) for plan in budget.last_months]
    done = [round(budget.last_done_yuan * weight / sum(weights) / WAN) * WAN for weight in weights]
    worked = max(index for index, weight in enumerate(weights) if weight > 0)
    done[worked] += budget.last_done_yuan - sum(done)
    return list(done)


def _add_report(rows: Rows, role: Role, project_id: int, entry: _Entry, desk: Desk, moment: Moment) -> None:
    month = entry.month
    status = _status(role, month, desk, moment)
    submitted, reviewed = _times(role, month, status, moment)
    rng = np.random.default_rng([SEED, 70_000 + role.number * 40 + (moment.year - month.year) * 13 + month.number])
    texted = month >= moment.as_of.month.shift(1 - _NEWEST_MONTHS_WITH_TEXT)
    rows.add(
        InvestmentReport,
        project_id=project_id,
        year=month.year,
        month=month.number,
        status=status.value,
        done_yuan=entry.yuan,
        statistics_yuan=round(entry.yuan * float(rng.uniform(0.88, 1.0)) / WAN) * WAN if rng.uniform() < 0.9 else None,
        reported_ytd_yuan=_typed_ytd(role, entry, desk, moment),
        physical_progress=works_text(role, entry.since_start_yuan / role.total_yuan) if texted else "",
        difficulty=texts.DIFFICULTIES[int(rng.integers(len(texts.DIFFICULTIES)))],
        next_step=texts.NEXT_STEPS[int(rng.integers(len(texts.NEXT_STEPS)))] if texted else "",
        return_reason=texts.RETURN_REASON if status is ReportStatus.RETURNED else "",
        submitted_at=submitted,
        submitted_by="unit" if role.number % 3 else "county",
        reviewed_at=reviewed,
        reviewed_by="hq" if reviewed else "",
    )


def _typed_ytd(role: Role, entry: _Entry, desk: Desk, moment: Moment) -> int:
    """Return January..month as typed; the implausible report does not even agree with itself."""
    if role.number == desk.jump and entry.month == moment.as_of.month:
        return entry.ytd_yuan - entry.yuan + entry.yuan // JUMP_FACTOR
    return entry.ytd_yuan


def _status(role: Role, month: Month, desk: Desk, moment: Moment) -> ReportStatus:
    if month < moment.as_of.month:
        return ReportStatus.LOCKED
    if month > moment.as_of.month:
        return ReportStatus.SUBMITTED
    if role.number in desk.returned:
        return ReportStatus.RETURNED
    fresh = role.number in (desk.jump, desk.idle) or role.number % 5 == 2
    return ReportStatus.SUBMITTED if fresh else ReportStatus.REVIEWED


def _times(role: Role, month: Month, status: ReportStatus, moment: Moment) -> tuple[datetime, datetime | None]:
    """Return when the report was sent in and, if so, reviewed: in the days before the 25th of its month."""
    day = date(month.year, month.number, 19 + role.number % 7)
    submitted = moment.instant(min(day, moment.today), 8 + role.number % 9, (role.number * 7) % 60)
    if status is ReportStatus.SUBMITTED:
        return submitted, None
    return submitted, min(submitted + timedelta(days=1, hours=role.number % 6), moment.at)


def _running_month(role: Role, budget: Budget, entries: Sequence[_Entry], desk: Desk, moment: Moment) -> list[_Entry]:
    """Return the early report of the month that is not due yet, from the middle of the month on."""
    running = moment.as_of.month.shift(1)
    if running != Month.of(moment.today) or not entries or role.number in desk.late | desk.returned | {desk.jump}:
        return []
    rest = role.total_yuan - entries[-1].since_start_yuan
    months = budget.months if running.year == moment.year else budget.next_months
    yuan = min(rest, round((months[running.number - 1] if months else 0) * (0.9 + role.number % 7 / 50) / WAN) * WAN)
    if role.completed_on is not None and Month.of(role.completed_on) == running:
        yuan = rest
    elif not _is_early(role, moment):
        return []
    if yuan <= 0:
        return []
    ytd = entries[-1].ytd_yuan if running.year == moment.year else 0
    return [_Entry(running, yuan, ytd + yuan, entries[-1].since_start_yuan + yuan)]


def _is_early(role: Role, moment: Moment) -> bool:
    """Whether the project reports before the deadline; more of them do with each day of the second half."""
    building = role.started_on is not None and role.completed_on is None and not role.is_stopped
    return role.is_listed and building and role.number % 25 < moment.today.day - _EARLY_DAY


def add_funding(rows: Rows, role: Role, project_id: int, since_start: int) -> None:
    """Add the sources of money; together they make the total investment."""
    rng = np.random.default_rng([SEED, 90_000 + role.number])
    left = role.total_yuan
    progress = since_start / role.total_yuan
    for position, (source, share) in enumerate(role.kind.funding):
        last = position == len(role.kind.funding) - 1
        planned = left if last else round(role.total_yuan * share / 100 / WAN) * WAN
        left -= planned
        received_share = min(1.0, max(0.0, progress * float(rng.uniform(0.98, 1.25)) + 0.04))
        received = round(planned * received_share / WAN) * WAN
        rows.add(
            FundingLine,
            project_id=project_id,
            source=source.value,
            planned_yuan=planned,
            received_yuan=received,
            spent_yuan=round(received * float(rng.uniform(0.72, 0.96)) / WAN) * WAN,
        )
