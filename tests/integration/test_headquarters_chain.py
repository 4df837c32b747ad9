"""Chain and matrix over random projects: the store's expressions against plain Python, every scope, the ledger."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from core.domain.headquarters_chain import STEPS, ChainStep, ProjectSource, chain_place
from core.domain.ledger import NO_HEADQUARTERS, Listing, ProjectFilter
from core.domain.terms import Role
from core.services import headquarters as service
from core.services import projects
from db.models import Project, project_state
from db.queries import chains
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_unit
from tests.support.headquarters import TODAY, scatter

COUNT = 160


@pytest.fixture
def scattered(store) -> dict[str, Any]:
    with store.transaction(SYSTEM) as tx:
        counties = [make_county(tx) for _ in range(3)]
        teams = [make_headquarters(tx) for _ in range(3)]
        scatter(tx, counties, [*teams, None], COUNT)
    return {"counties": counties, "teams": teams}


def actors(city: dict[str, Any]) -> list[Any]:
    return [
        make_actor(Role.SUPERVISOR),
        make_actor(Role.COUNTY, counties=city["counties"][:1]),
        make_actor(Role.HEADQUARTERS, headquarters=city["teams"][:2]),
    ]


def test_counts_agree_with_the_rule_project_by_project(store, scattered) -> None:
    service.board(SYSTEM)  # the figures are made for the day
    steps: set[ChainStep] = set()
    for actor in actors(scattered):
        for team in scattered["teams"]:
            with store.read() as connection:
                counts = chains.count_chain(connection, actor.scope, team)
                rows = chains.list_chain(connection, actor.scope, team, COUNT)
                by_team = chains.count_chains(connection, actor.scope).get(team, ())
            told = Counter[tuple[ChainStep, ProjectSource]]()
            money = Counter[tuple[ChainStep, ProjectSource]]()
            for row in rows:
                place = chain_place(row.facts, TODAY)
                assert place is not None
                told[place.step, row.source] += 1
                money[place.step, row.source] += row.total_yuan
            assert {(c.step, c.source): c.projects for c in counts} == dict(told)
            assert {(c.step, c.source): c.total_yuan for c in counts} == dict(money)
            plain = Counter[ChainStep]()
            for (step, _source), number in told.items():
                plain[step] += number
            assert {c.step: c.projects for c in by_team} == dict(plain)
            steps.update(plain)
    assert len(steps) > 3


def test_every_bar_opens_exactly_its_projects(store, scattered) -> None:
    actor, team = make_actor(Role.SUPERVISOR), scattered["teams"][0]
    found = service.chain(actor, team)
    for index, line in enumerate(found.lines):
        wanted = ProjectFilter(headquarters_ids=(team,), chain_steps=STEPS[index:], listing=Listing.ALL)
        assert projects.search(actor, wanted).totals.rows == line.reached
    for count in found.counts:
        wanted = ProjectFilter(
            headquarters_ids=(team,), chain_steps=(count.step,), sources=(count.source,), listing=Listing.ALL
        )
        assert projects.search(actor, wanted).totals.rows == count.projects
    assert found.total == len(found.projects) == sum(line.present for line in found.lines)


def test_matrix_agrees_with_a_slow_count_and_margins_never_double(store, scattered) -> None:
    for actor in actors(scattered):
        found = service.matrix(actor)
        cells, counties, teams, total = slow(store, actor)
        assert {key: sums.projects for key, sums in found.rows.cells.items()} == {k: v[0] for k, v in cells.items()}
        for made, counted in (
            (found.rows.cells, cells),
            (found.rows.counties, counties),
            (found.rows.headquarters, teams),
            ({0: found.rows.total}, {0: total}),
        ):
            assert {k: (s.projects, s.annual_plan_yuan, s.ytd_done_yuan) for k, s in made.items()} == counted
        assert sum(sums.projects for sums in found.rows.counties.values()) == found.rows.total.projects
        assert sum(sums.projects for sums in found.rows.headquarters.values()) == found.rows.total.projects


def slow(store, actor) -> tuple[dict, dict, dict, tuple]:
    """Walk through the projects one by one."""
    query = select(project_state, Project.responsible_unit_id).join(Project, Project.id == project_state.c.project_id)
    with store.read() as connection:
        rows = connection.execute(query).mappings().all()
    grouped: list[dict] = [{}, {}, {}, {}]
    for row in rows:
        team = row["headquarters_id"]
        if not row["projects"] or not actor.scope.covers(row["county_id"], team, row["responsible_unit_id"]):
            continue
        values = (1, row["annual_plan_yuan"], row["ytd_done_yuan"])
        keys = ((row["county_id"], team or 0), row["county_id"], team or 0, 0)
        for group, key in zip(grouped, keys, strict=True):
            before = group.get(key, (0, 0, 0))
            group[key] = tuple(a + b for a, b in zip(before, values, strict=True))
    return grouped[0], grouped[1], grouped[2], grouped[3].get(0, (0, 0, 0))


def test_every_cell_opens_exactly_its_projects(store, scattered) -> None:
    actor = make_actor(Role.SUPERVISOR)
    found = service.matrix(actor)
    assert NO_HEADQUARTERS in dict(found.headquarters)
    for (county, team), sums in found.rows.cells.items():
        wanted = ProjectFilter(county_ids=(county,), headquarters_ids=(team,))
        assert projects.search(actor, wanted).totals.sums["projects"] == sums.projects
    for team, sums in found.rows.headquarters.items():
        wanted = ProjectFilter(headquarters_ids=(team,))
        assert projects.search(actor, wanted).totals.sums["annual_plan_yuan"] == sums.annual_plan_yuan


def test_unit_scope_sees_only_its_projects_in_the_matrix(store, scattered) -> None:
    with store.transaction(SYSTEM) as tx:
        unit = make_unit(tx)
    assert service.matrix(make_actor(Role.UNIT, units=[unit])).rows.total.projects == 0
