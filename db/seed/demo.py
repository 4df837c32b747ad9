"""Build the demo city 云岭市 in one transaction, dated from a day; everything in it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from core.domain.errors import Invalid, Problem
from core.domain.headquarters_chain import source_code
from core.domain.period import as_of_day
from core.domain.permissions import system_actor
from db import audit, rollup
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.organisation import County
from db.models.project import Project
from db.seed import ticker
from db.seed.budget import Budget, draw_budgets
from db.seed.campaigns import add_campaigns
from db.seed.cast import cast
from db.seed.geography import build_geography
from db.seed.headquarters import add_headquarters, source_of_role
from db.seed.ledger import add_assignments, add_life, add_lists, add_project, responsible_unit
from db.seed.marker import DEMO_IDS, DEMO_KEY, is_demo, write_setting
from db.seed.matters import add_matters
from db.seed.moment import Moment
from db.seed.nodes import Node, draw_nodes
from db.seed.organisation import add_organisation
from db.seed.pace import Pace, draw_paces
from db.seed.parcels import add_parcels, add_uses, share_out
from db.seed.reports import add_funding, add_money, set_desk
from db.seed.rows import Rows
from db.seed.starts import add_starts
from db.seed.visits import add_visits
from db.session import Store


@dataclass(frozen=True, slots=True)
class Built:
    """What a build put into the store: rows by table, and the as-of day."""

    counts: dict[str, int]
    today: date


def build(store: Store, today: date | None = None) -> Built:
    """
    Build the demo city.

    Args:
        store: A migrated store without a demo.
        today: The day everything is dated from; None = today by the store's clock.

    Raises:
        Invalid: The store already holds a demo, or counties of the same names.
    """
    moment = moment_of(store, today)
    with store.transaction(system_actor("演示数据")) as tx:
        audit.lock_head(tx.connection)
        _refuse_second(tx.connection)
        rows = Rows(tx.connection)
        _fill(rows, moment)
        news = ticker.make_news(rows, moment)
        rows.store()
        ticker.write_news(tx.connection, news)
        write_setting(tx.connection, DEMO_KEY, True)
        write_setting(tx.connection, DEMO_IDS, rows.id_ranges())
        rollup.recount(tx.connection, moment.as_of)
        counts = rows.counts()
        tx.record("seed", "demo", DEMO_KEY, new={"today": moment.today, "rows": counts}, reason="生成演示城市")
    return Built(counts, moment.today)


def moment_of(store: Store, today: date | None) -> Moment:
    """Return the moment of a build: the store's clock, moved to *today* when that is another day."""
    zone = ZoneInfo(store.settings.timezone)
    now = store.clock().astimezone(zone)
    day = today or now.date()
    at = datetime.combine(day, now.timetz()).astimezone(store.clock().tzinfo)
    as_of = as_of_day(day, store.settings.report_due_day, store.settings.report_due_next_month)
    return Moment(today=day, at=at, as_of=as_of, zone=zone)


def _refuse_second(connection: Connection) -> None:
    if is_demo(connection):
        raise Invalid([Problem("demo", "demo_exists", "库中已有演示城市。如需重建，请先执行 manage.py demo --clear。")])
    codes = [county.code for county in build_geography().counties]
    names = [county.name for county in build_geography().counties]
    same = select(County.name).where(County.code.in_(codes) | County.name.in_(names))
    taken = connection.execute(same).scalars().all()
    if taken:
        message = f"县区“{'、'.join(taken)}”已存在，无法生成同名的演示数据。请换用一个空库。"
        raise Invalid([Problem("demo", "county_exists", message)])


def _fill(rows: Rows, moment: Moment) -> None:
    geography = build_geography()
    roles = cast(moment)
    budgets = draw_budgets(roles, moment)
    paces = draw_paces(roles, budgets, moment)
    nodes = draw_nodes(roles, paces, moment)
    desk = set_desk(roles, paces, moment)
    organisation = add_organisation(rows, geography)
    add_headquarters(rows, organisation, moment)
    given, sites = share_out(roles, geography)
    parcels = add_parcels(rows, geography, roles, given, organisation, moment)
    keys: dict[int, int] = {}
    for role in roles:
        budget, pace = budgets[role.number], paces[role.number]
        done = _since_start(budget, pace)
        key = add_project(rows, role, budget, sites[role.number], done, organisation, moment)
        rows.of(Project)[-1]["source"] = source_code(source_of_role(role))
        keys[role.number] = key
        add_lists(rows, role, key, budget, moment)
        add_assignments(rows, role, key, organisation)
        entered = rows.of(Project)[-1]["entered_statistics_on"]
        add_life(rows, role, key, sites[role.number], entered, moment)
        add_money(rows, role, key, budget, pace, desk, moment)
        add_funding(rows, role, key, done)
        add_uses(rows, key, parcels.get(role.number, ()), role.reserved_on)
        _add_nodes(rows, key, nodes[role.number], responsible_unit(role, organisation), role.reserved_on, moment)
    add_matters(rows, roles, keys, organisation, moment)
    add_campaigns(rows, roles, keys, organisation, moment)
    add_starts(rows, roles, keys, organisation, moment)
    add_visits(rows, organisation, moment)


def _since_start(budget: Budget, pace: Pace) -> int:
    return budget.prior_yuan + budget.last_done_yuan + sum(filter(None, pace.done))


def _add_nodes(
    rows: Rows, project_id: int, nodes: Sequence[Node], responsible: str, planned_since: date, moment: Moment
) -> None:
    for sequence, node in enumerate(nodes, start=1):
        key = rows.add(
            Milestone,
            project_id=project_id,
            sequence=sequence,
            name=node.name,
            is_key=node.is_key,
            first_baseline_on=node.first_baseline_on,
            planned_on=node.planned_on,
            forecast_on=node.forecast_on,
            actual_on=node.actual_on,
            forecast_reason=node.forecast_reason,
            note="已完成。" if node.actual_on else "",
            responsible=responsible,
            moves=len(node.moves),
        )
        _add_baselines(rows, key, node, planned_since, moment)


def _add_baselines(rows: Rows, milestone_id: int, node: Node, planned_since: date, moment: Moment) -> None:
    """Add the baselines: nodes are planned when the project enters the reserve, before any of them is moved."""
    day = node.first_baseline_on
    earliest = min([planned_since, day, *(move.on - timedelta(days=1) for move in node.moves)])
    first_set = moment.instant(earliest, 9, 0)
    rows.add(
        MilestoneBaseline,
        milestone_id=milestone_id,
        number=0,
        planned_on=day,
        previous_on=None,
        days=0,
        reason="",
        set_by="hq",
        set_at=first_set,
    )
    for number, move in enumerate(node.moves, start=1):
        previous, day = day, _moved(day, move.days)
        rows.add(
            MilestoneBaseline,
            milestone_id=milestone_id,
            number=number,
            planned_on=day,
            previous_on=previous,
            days=move.days,
            reason=move.reason,
            set_by="supervisor",
            set_at=moment.instant(move.on, 15, 0),
        )


def _moved(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
