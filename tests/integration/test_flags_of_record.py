"""The flag of record: wall, ledger, map and project show the latest published round, whatever the live flags say."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from core.domain.ledger import ProjectFilter, ProjectSort
from core.domain.period import Month
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, Role
from core.services import project_details, projects, rounds, wall
from db.models.figures import project_state
from pages.components.wall import supervision
from tests.factories import make_actor
from tests.support import round_city
from tests.support.round_city import LEADER, SUPERVISOR

EARLIER = RoundWindow(Month(2026, 9), Month(2026, 9), date(2026, 10, 10))


@pytest.fixture
def city(store) -> dict[str, int]:
    return round_city.build(store)


def test_before_any_round_the_wall_says_live(city):
    view = wall.view(LEADER)
    assert view.published is None
    assert supervision.tile(view).title == "项目旗色 · 实时测算"
    assert view.map.flags_by == "旗色：实时测算"


def test_published_counts_on_the_wall_are_those_of_the_round(city):
    round_id = round_city.published()
    view = wall.view(LEADER)
    wanted = rounds.read_round(SUPERVISOR, round_id).counts
    assert view.published is not None
    assert view.published.levels == wanted[SubjectKind.PROJECT]
    assert supervision.tile(view).title == "本轮督查三色旗（第 1 轮 · 双月）"
    assert supervision.head(view).title == "第1轮 · 9—10月 · 截至11月22日"
    assert [row.project_id for row in supervision.red(view).rows] == [row.project_id for row in view.published.severe]


def test_live_flags_move_and_the_flag_of_record_stays(store, city):
    round_city.published()
    before = wall.view(LEADER).published
    with store.engine.begin() as connection:
        connection.execute(update(project_state).values(level=FlagLevel.OK.value, urgency=10**9))
    after = wall.view(LEADER).published
    assert after == before
    row = projects.find(LEADER, city["red"])
    assert (row.record_flag, row.flag) == (FlagLevel.SEVERE, FlagLevel.OK)
    detail = project_details.detail(LEADER, city["red"])
    assert detail.record_flag is not None
    assert (detail.record_flag.level, detail.record_flag.hits != ()) == (FlagLevel.SEVERE, True)


def test_exported_ledger_carries_the_published_flag_and_names_its_round(city):
    before = _sheet(projects.export_ledger(LEADER, ProjectFilter(), ProjectSort.URGENCY).content)
    assert {row["督查旗色"] for row in before[1]} == {""}
    round_city.published()
    note, rows = _sheet(projects.export_ledger(LEADER, ProjectFilter(), ProjectSort.URGENCY).content)
    assert "督查旗色：2026年第1轮督查，截至 2026-11-22" in note
    red = projects.find(LEADER, city["red"])
    assert next(row["督查旗色"] for row in rows if row["项目名称"] == red.name) == "■ 红"


def _sheet(content: bytes) -> tuple[str, list[dict[str, object]]]:
    lines = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("项目台账").to_python()
    return str(lines[1][0]), [dict(zip(lines[2], line, strict=True)) for line in lines[4:]]


def test_ledger_filter_by_published_flag_finds_its_projects(city):
    assert projects.search(LEADER, ProjectFilter(record_flags=(FlagLevel.SEVERE,))).rows == ()
    round_city.published()
    found = projects.search(LEADER, ProjectFilter(record_flags=(FlagLevel.SEVERE,))).rows
    assert city["red"] in {row.id for row in found}
    assert {row.record_flag for row in found} == {FlagLevel.SEVERE}


def test_second_round_is_held_against_the_first_and_repeaters_are_listed(city):
    round_city.published(1, EARLIER)
    round_city.published(2)
    view = wall.view(LEADER)
    assert view.published is not None
    assert view.published.before is not None
    repeated = supervision.repeated(view)
    assert repeated.heading == "屡次红黄旗"
    assert all("连续 2 轮" in row.tags for row in repeated.rows)
    assert city["red"] in {row.project_id for row in repeated.rows}


def test_county_wall_counts_only_its_own_projects(city):
    round_city.published()
    view = wall.view(make_actor(Role.COUNTY, counties=[city["east"]]))
    assert view.published is not None
    assert sum(view.published.levels.values()) == 2
    assert not view.published.severe
