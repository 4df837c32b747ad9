"""What may be read of matters: lists with their clocks, one matter, rates, what the actor may do next, the workbook."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from core.domain.errors import NotFound
from core.domain.matters.machine import ASSIGNABLE, ESCALATABLE, EXTENDABLE, MERGEABLE, must_redo
from core.domain.matters.state import WORKING, Clock, time_left
from core.domain.matters.words import MatterAction as Action
from core.domain.matters.words import MatterLevel, Owing
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import TimeLeft
from core.exporters.files import ExportFile
from core.exporters.matter_list import MATTER_XLSX, MatterLine, build_matter_list
from core.services.matters.lapsing import sweep_when_due
from core.services.matters.rules import clock_at
from core.services.matters.writing import is_lead, is_table
from core.settings import get_settings
from db.queries import matter_rates, matter_targets, matters
from db.queries.matter_rates import MatterSums, PolicySums, RateGroup
from db.queries.matters import LinkedRow, MatterEventRow, MatterFilter, MatterRow, SupportRow
from db.session import current_store, read, transaction

PAGE_SIZE = 50
SOON_DAYS = 7
EXPORT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class MatterCard:
    """A matter as lists show it, with what is left of its present step."""

    row: MatterRow
    left: TimeLeft | None


@dataclass(frozen=True, slots=True)
class MatterPage:
    """One page of a list: its cards, how many match in all and how many of these are overdue."""

    cards: tuple[MatterCard, ...]
    total: int
    overdue: int
    number: int
    today: date


@dataclass(frozen=True, slots=True)
class MatterView:
    """One matter with its story and what the actor may do now, the next step first."""

    card: MatterCard
    events: tuple[MatterEventRow, ...]
    supports: tuple[SupportRow, ...]
    linked: tuple[LinkedRow, ...]
    actions: tuple[Action, ...]
    today: date


@dataclass(frozen=True, slots=True)
class MatterRates:
    """Rates of a group (docs/metrics.md#matters); None = nothing to divide by, never 0."""

    sums: MatterSums

    @property
    def replied_in_time_pct(self) -> Decimal | None:
        """按期回复率: replied by the deadline ÷ replies that were due or given."""
        return _pct(self.sums.replied_in_time, self.sums.reply_due)

    @property
    def finished_pct(self) -> Decimal | None:
        """办结率: resolved or closed ÷ matters, merged ones left out."""
        return _pct(self.sums.finished, self.sums.matters)

    @property
    def content_pct(self) -> Decimal | None:
        """满意度: 满意 and 基本满意 ÷ asked."""
        return _pct(self.sums.content, self.sums.visited)

    @property
    def mean_workdays(self) -> Decimal | None:
        """Average working days from the assignment to the reply."""
        return Decimal(self.sums.answer_workdays) / self.sums.answered if self.sums.answered else None


@dataclass(frozen=True, slots=True)
class PolicyRates:
    """送达率 (delivered ÷ to be delivered) and 兑现率 (paid ÷ approved) of policies; None = nothing to divide by."""

    sums: PolicySums

    @property
    def delivered_pct(self) -> Decimal | None:
        return _pct(self.sums.delivered, self.sums.targets)

    @property
    def honoured_pct(self) -> Decimal | None:
        return _pct(self.sums.honoured_yuan, self.sums.approved_yuan)


def find(actor: Actor, wanted: MatterFilter, page: int = 1, *, size: int = PAGE_SIZE) -> MatterPage:
    """
    Return one page of a list: open matters by the deadline of their step, then the ended ones.

    What has lapsed since yesterday is pressed first.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    sweep_when_due()
    today, number = current_store().today(), max(1, page)
    with read() as connection:
        rows = matters.list_matters(connection, actor.scope, wanted, limit=size, offset=(number - 1) * size)
        total, overdue = matters.count_matters(connection, actor.scope, wanted, today)
        clock = clock_at(connection, today)
    return MatterPage(tuple(_card(row, clock) for row in rows), total, overdue, number, today)


def overdue(actor: Actor, wanted: MatterFilter, page: int = 1) -> MatterPage:
    """Return the overdue matters of *wanted*, the longest overdue first."""
    return find(actor, replace(wanted, overdue_on=current_store().today()), page)


def due_soon(actor: Actor, wanted: MatterFilter, days: int = SOON_DAYS, page: int = 1) -> MatterPage:
    """Return what falls due within *days* calendar days, today included."""
    today = current_store().today()
    return find(actor, replace(wanted, due_from=today, due_by=today + timedelta(days=days)), page)


def mine(actor: Actor, wanted: MatterFilter) -> MatterFilter:
    """
    Return *wanted* narrowed to what waits for the actor (待办): his units' steps, or the office's on his table.

    Who both handles and assigns (counties, headquarters) sees the office's steps; a unit sees those it leads.
    """
    if actor.scope.unit_ids and not (actor.scope.county_ids or actor.scope.headquarters_ids):
        return replace(wanted, owing=Owing.UNIT, lead_unit_ids=tuple(sorted(actor.scope.unit_ids)))
    if actor.can(Permission.ASSIGN_MATTER) or actor.can(Permission.CLOSE_MATTER):
        is_county = bool(actor.scope.county_ids) and not actor.scope.headquarters_ids
        return replace(wanted, owing=Owing.OFFICE, levels=(MatterLevel.COUNTY,) if is_county else wanted.levels)
    return replace(wanted, is_open=True)


def read_matter(actor: Actor, matter_id: int) -> MatterView:
    """
    Return one matter with events, supporting units, links and what the actor may do.

    Raises:
        NotFound: No such matter inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    sweep_when_due()
    today = current_store().today()
    with read() as connection:
        row = matters.find_matter(connection, actor.scope, matter_id)
        if row is None:
            raise NotFound
        clock = clock_at(connection, today)
        return MatterView(
            _card(row, clock),
            tuple(matters.list_events(connection, matter_id)),
            tuple(matters.list_supports(connection, matter_id)),
            tuple(matters.list_linked(connection, actor.scope, row)),
            actions(actor, row, clock),
            today,
        )


def rates(actor: Actor, wanted: MatterFilter, group: RateGroup | None = None) -> tuple[MatterRates, ...]:
    """Return the rates of the matters of *wanted*: one row over all, or one for each of a *group*."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        found = matter_rates.sums(connection, actor.scope, wanted, current_store().today(), group)
    return tuple(MatterRates(sums) for sums in found)


def policy_rates(actor: Actor, wanted: MatterFilter) -> PolicyRates:
    """Return 送达率 and 兑现率 of the policies of *wanted*."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return PolicyRates(matter_rates.policy_sums(connection, actor.scope, wanted))


def unit_choices(actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return every unit that a matter may be assigned to, by name."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(matter_targets.list_units(connection))


def actions(actor: Actor, row: MatterRow, clock: Clock) -> tuple[Action, ...]:
    """Return what *actor* may do with a matter now, the next step first."""
    if not row.state.is_open:
        return ()
    found: list[Action] = []
    if actor.can(Permission.HANDLE_MATTER) and is_lead(actor, row):
        found += _of_lead(row, clock)
    if is_table(actor, row):
        if actor.can(Permission.ASSIGN_MATTER):
            found += _of_table(row)
        if actor.can(Permission.CLOSE_MATTER):
            found += _of_closing(row, clock)
    return tuple(dict.fromkeys(found))


def _of_lead(row: MatterRow, clock: Clock) -> list[Action]:
    state, own, found = row.state, clock.rules.of(row.state.kind), list[Action]()
    if state.status is MatterStatus.ASSIGNED:
        found.append(Action.SIGNED)
        if own.can_object and clock.today <= clock.after(clock.rules.ladder.sign, state.assigned_on):
            found.append(Action.OBJECTED)
    if state.status in WORKING:
        owes_first = own.needs_first_report and state.first_reported_on is None and state.assigned_on is not None
        found += [Action.IN_PROGRESS] if owes_first else [Action.REPLIED, Action.IN_PROGRESS]
    if state.status is MatterStatus.REPLIED:
        found.append(Action.RESOLVED)
    if state.status in EXTENDABLE and state.extension_to is None and state.due_on is not None:
        found.append(Action.EXTENSION_REQUESTED)
    return found + _lifting(row)


def _of_table(row: MatterRow) -> list[Action]:
    state, found = row.state, list[Action]()
    if state.extension_to is not None:
        found += [Action.EXTENSION_GRANTED, Action.EXTENSION_REFUSED]
    if state.status is MatterStatus.REGISTERED:
        found.append(Action.CLASSIFIED)
    if state.status in ASSIGNABLE:
        found.append(Action.ASSIGNED)
    return found + _lifting(row) + ([Action.MERGED] if state.status in MERGEABLE else [])


def _of_closing(row: MatterRow, clock: Clock) -> list[Action]:
    state, own, found = row.state, clock.rules.of(row.state.kind), list[Action]()
    if state.status is MatterStatus.RESOLVED:
        if own.is_visited and state.satisfaction is None:
            found.append(Action.VISITED)
        elif not must_redo(state, clock):
            found.append(Action.CLOSED_OUT)
        found.append(Action.REDONE)
    if state.pressed_times:
        found.append(Action.INTERVIEWED)
    return found


def _lifting(row: MatterRow) -> list[Action]:
    can_rise = row.state.status in ESCALATABLE and row.state.level is not MatterLevel.COMMITTEE
    return [Action.ESCALATED] if can_rise else []


def export_list(actor: Actor, kind: MatterKind, wanted: MatterFilter, note: str = "") -> ExportFile:
    """
    Return the workbook of everything that matches, in the order of the screen; the export is audited.

    Args:
        note: Filter in words, printed under the title.

    Raises:
        PermissionDenied: The actor may not export.
    """
    require(actor, Permission.EXPORT)
    today = current_store().today()
    with read() as connection:
        own = replace(wanted, kinds=(kind,))
        rows = matters.list_matters(connection, actor.scope, own, limit=EXPORT_LIMIT)
        clock = clock_at(connection, today)
    city = get_settings().city_name
    lines = [MatterLine(row, left.workdays if (left := _card(row, clock).left) else None) for row in rows]
    cut = f"；仅导出前 {EXPORT_LIMIT} 项" if len(rows) == EXPORT_LIMIT else ""
    content = build_matter_list(f"{city}{kind.label}清单", f"截至 {today:%Y-%m-%d}；{note or '全部'}{cut}", lines)
    with transaction(actor) as tx:
        tx.record("export", "matter", "xlsx", new={"rows": len(rows), "kind": kind.value, "filter": note})
    return ExportFile(f"{city}{kind.label}清单_{today:%Y%m%d}.xlsx", MATTER_XLSX, content, len(rows))


def _card(row: MatterRow, clock: Clock) -> MatterCard:
    return MatterCard(row, time_left(row.state, clock.today, clock.calendar))


def _pct(part: int, whole: int) -> Decimal | None:
    return Decimal(part) * 100 / Decimal(whole) if whole else None
