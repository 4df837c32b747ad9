"""What may be read of matters: lists with their clocks, one matter, rates, what the actor may do next."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from core.domain.errors import NotFound
from core.domain.matters.machine import ASSIGNABLE, ESCALATABLE, EXTENDABLE, MERGEABLE, level_above, must_redo
from core.domain.matters.state import WORKING, Clock, time_left
from core.domain.matters.words import MatterAction as Action
from core.domain.matters.words import MatterCount, MatterLevel, Owing, RateGroup
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import TimeLeft
from core.services.matters.lapsing import sweep_when_due
from core.services.matters.rules import clock_at
from core.services.matters.writing import is_lead, is_table
from db.queries import matter_rates, matter_story, matter_targets, matters
from db.queries.matter_rates import MatterSums, PolicySums
from db.queries.matter_story import LinkedRow, MatterEventRow, PolicyRow, SupportRow
from db.queries.matters import MatterFilter, MatterRow
from db.session import current_store, read

PAGE_SIZE = 50
SOON_DAYS = 7


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
    """
    One matter with its story and what the actor may do now, the next step first.

    Attributes:
        policy: Terms of a policy; None for other kinds and while nobody wrote any.
        escalates_to: Whose table it would go to (提级); None on the highest.
    """

    card: MatterCard
    events: tuple[MatterEventRow, ...]
    supports: tuple[SupportRow, ...]
    linked: tuple[LinkedRow, ...]
    actions: tuple[Action, ...]
    today: date
    policy: PolicyRow | None = None
    may_edit_policy: bool = False
    escalates_to: MatterLevel | None = None


@dataclass(frozen=True, slots=True)
class MatterRates:
    """Rates of a group (docs/metrics.md#matters); None = nothing to divide by, never 0."""

    sums: MatterSums

    def count(self, count: MatterCount) -> int:
        """Return one of the counts that the rates are made of."""
        return int(getattr(self.sums, count.value))

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
    return MatterPage(tuple(card_of(row, clock) for row in rows), total, overdue, number, today)


def overdue_of(wanted: MatterFilter) -> MatterFilter:
    """Return *wanted* narrowed to what is overdue today; listed the longest overdue first."""
    return replace(wanted, overdue_on=current_store().today())


def due_soon_of(wanted: MatterFilter, days: int = SOON_DAYS) -> MatterFilter:
    """Return *wanted* narrowed to what falls due within *days* calendar days, today included."""
    today = current_store().today()
    return replace(wanted, due_from=today, due_by=today + timedelta(days=days))


def overdue(actor: Actor, wanted: MatterFilter, page: int = 1) -> MatterPage:
    """Return the overdue matters of *wanted*, the longest overdue first."""
    return find(actor, overdue_of(wanted), page)


def due_soon(actor: Actor, wanted: MatterFilter, days: int = SOON_DAYS, page: int = 1) -> MatterPage:
    """Return what falls due within *days* calendar days, today included."""
    return find(actor, due_soon_of(wanted, days), page)


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
        is_policy = row.state.kind is MatterKind.POLICY
        return MatterView(
            card_of(row, clock),
            tuple(matter_story.list_events(connection, matter_id)),
            tuple(matter_story.list_supports(connection, matter_id)),
            tuple(matter_story.list_linked(connection, actor.scope, row)),
            actions(actor, row, clock),
            today,
            matter_story.find_policy(connection, matter_id) if is_policy else None,
            is_policy and _may_edit_policy(actor, row),
            level_above(row.state.level),
        )


def _may_edit_policy(actor: Actor, row: MatterRow) -> bool:
    may = actor.can(Permission.ASSIGN_MATTER) or actor.can(Permission.HANDLE_MATTER)
    return may and (is_lead(actor, row) or is_table(actor, row))


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


def behind(
    wanted: MatterFilter, count: MatterCount, group: RateGroup | None = None, key: int | str | None = None
) -> MatterFilter:
    """Return *wanted* narrowed to the rows behind one figure of the rates; *key* names the row of a *group*."""
    own = (group, key) if group is not None else wanted.group
    return replace(wanted, counted=count, counted_on=current_store().today(), group=own)


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
    can_rise = row.state.status in ESCALATABLE and level_above(row.state.level) is not None
    return [Action.ESCALATED] if can_rise else []


def card_of(row: MatterRow, clock: Clock) -> MatterCard:
    """Return a matter with what is left of its present step."""
    return MatterCard(row, time_left(row.state, clock.today, clock.calendar))


def _pct(part: int, whole: int) -> Decimal | None:
    return Decimal(part) * 100 / Decimal(whole) if whole else None
