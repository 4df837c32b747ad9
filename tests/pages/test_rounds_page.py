"""督查轮次: who sees what, a round made and computed, an override by two people, publication, the county's own view."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.permissions import Actor
from core.domain.process_checks import ProcessDraft
from core.domain.supervision_terms import ApprovalStatus, ProcessKind, RoundStatus, Severity, SubjectKind
from core.domain.terms import FlagLevel, Role
from core.services import process_facts, rounds
from core.services.rounds import DecisionFilter, OverrideProposal
from pages.components import state
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_project
from tests.support import round_city
from tests.support.round_city import LEADER, SUPERVISOR
from tests.support.screens import texts

SCRIPT = "supervision/rounds.py"
NASTY = "<img src=x onerror=alert(1)>" + "长" * 160


@pytest.fixture
def city(sqlite_store) -> dict[str, int]:
    return round_city.build(sqlite_store)


def button(screen: AppTest, label: str):
    return next(item for item in screen.button if item.label == label)


def labels(screen: AppTest) -> list[str]:
    return [item.label for item in screen.button]


def open_card(screen: AppTest, project_id: int) -> AppTest:
    key = state.variant(Key.ROUND_OPEN, SubjectKind.PROJECT.value, project_id)
    next(item for item in screen.button if item.key == key).click()
    return screen.run()


def flag_of(round_id: int, project_id: int) -> FlagLevel:
    return rounds.decision_of(SYSTEM, round_id, SubjectKind.PROJECT, project_id).level


def test_rounds_page_anonymous_sees_nothing(city, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.selectbox


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.DISPLAY])
def test_rounds_page_wrong_role_sees_nothing(city, open_screen, role):
    screen = open_screen(SCRIPT, make_actor(role))
    assert "没有“查看项目”权限" in screen.warning[0].value
    assert not screen.selectbox


def test_rounds_page_without_a_round_says_what_to_do(city, open_screen):
    assert "点击“新建轮次”" in open_screen(SCRIPT, SUPERVISOR).info[0].value
    local = open_screen(SCRIPT, make_actor(Role.COUNTY, counties=[city["east"]]))
    assert "还没有发布过督查结果" in local.info[0].value
    assert "新建轮次" not in labels(local)


def test_rounds_page_new_round_is_made_then_computed(city, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR)
    button(screen, "新建轮次").click()
    screen.run()
    button(screen, "建立草稿").click()
    screen.run()
    (made,) = rounds.list_rounds(SUPERVISOR)
    assert (made.status, made.computed_at) == (RoundStatus.DRAFT, None)
    screen = open_screen(SCRIPT, SUPERVISOR, round=str(made.id))
    button(screen, "测算旗色").click()
    screen.run()
    assert "测算完成" in screen.success[0].value
    assert rounds.list_rounds(SUPERVISOR)[0].computed_at is not None
    assert "严重工程" in "".join(labels(screen))


def test_rounds_page_drawer_shows_reasons_and_takes_an_override(city, open_screen):
    round_id, _ = round_city.draft()
    screen = open_card(open_screen(SCRIPT, SUPERVISOR), city["red"])
    found = rounds.decision_of(SUPERVISOR, round_id, SubjectKind.PROJECT, city["red"])
    assert found.hits
    assert all(hit.rule_code in texts(screen) for hit in found.hits)
    key = state.variant(Key.ROUND_PROPOSE, SubjectKind.PROJECT.value, city["red"])
    screen.session_state[f"{key}_level"] = FlagLevel.WARN
    screen.text_area(key=f"{key}_reason").input("管线迁改影响工期")
    button(screen, "提出调整").click()
    screen.run()
    (made,) = rounds.overrides(SUPERVISOR, round_id)
    assert (made.subject_id, made.level, made.status) == (city["red"], FlagLevel.WARN, ApprovalStatus.PROPOSED)
    assert flag_of(round_id, city["red"]) is FlagLevel.SEVERE


def test_rounds_page_drawer_leads_to_the_next_subject_of_its_lane_and_back(city, open_screen):
    round_id, _ = round_city.draft()
    kinds = rounds.decisions(SUPERVISOR, round_id, DecisionFilter(kind=SubjectKind.PROJECT)).rows
    level = next(row.level for row in kinds if [other.level for other in kinds].count(row.level) > 1)
    first, second = [row for row in kinds if row.level is level][:2]
    screen = open_card(open_screen(SCRIPT, SUPERVISOR), first.subject_id)
    assert button(screen, "上一个").disabled
    button(screen, "下一个").click()
    screen.run()
    assert screen.session_state[Key.ROUND_SUBJECT.value] == (SubjectKind.PROJECT, second.subject_id)
    assert f"/project?id={second.subject_id}" in texts(screen)
    button(screen, "上一个").click()
    screen.run()
    assert screen.session_state[Key.ROUND_SUBJECT.value] == (SubjectKind.PROJECT, first.subject_id)


def test_rounds_page_second_person_approves_and_the_first_cannot(city, open_screen):
    round_id, _ = round_city.draft()
    proposal = OverrideProposal(SubjectKind.PROJECT, city["red"], FlagLevel.WARN, "管线迁改影响工期")
    rounds.propose_override(SUPERVISOR, round_id, proposal)
    own = open_screen(SCRIPT, SUPERVISOR)
    own.session_state[Key.ROUND_VIEW.value] = "人工调整"
    own.run()
    assert "批准" not in labels(own)
    assert "撤回调整" in labels(own)
    boss = open_screen(SCRIPT, LEADER)
    boss.session_state[Key.ROUND_VIEW.value] = "人工调整"
    boss.run()
    button(boss, "批准").click()
    boss.run()
    assert flag_of(round_id, city["red"]) is FlagLevel.WARN
    assert rounds.overrides(SUPERVISOR, round_id)[0].decided_by == LEADER.login


def test_rounds_page_publish_names_the_counts_and_publishes_once_confirmed(city, open_screen):
    round_id, _ = round_city.reviewed()
    screen = open_screen(SCRIPT, SUPERVISOR)
    button(screen, "发布").click()
    screen.run()
    red = rounds.read_round(SUPERVISOR, round_id).counts[SubjectKind.PROJECT][FlagLevel.SEVERE]
    assert f"红 {red}" in texts(screen).replace("\\", "")
    assert rounds.latest_published(SUPERVISOR) is None
    button(screen, "确认发布").click()
    screen.run()
    published = rounds.latest_published(SUPERVISOR)
    assert published is not None
    assert published.id == round_id


def test_rounds_page_mistaken_draft_is_discarded_with_a_reason(city, open_screen):
    round_city.draft()
    screen = open_screen(SCRIPT, SUPERVISOR)
    button(screen, "作废").click()
    screen.run()
    button(screen, "确认作废").click()
    screen.run()
    assert "请写明原因" in texts(screen)
    screen.text_area[0].set_value("月份选错，重新建立")
    button(screen, "确认作废").click()
    screen.run()
    assert "草稿已作废" in texts(screen)
    assert rounds.list_rounds(SUPERVISOR) == ()


def test_rounds_page_leader_may_not_publish(city, open_screen):
    round_city.reviewed()
    assert not {"发布", "退回草稿", "新建轮次"} & set(labels(open_screen(SCRIPT, LEADER)))


def test_rounds_page_county_sees_its_own_flags_of_published_rounds_only(city, open_screen):
    local: Actor = make_actor(Role.COUNTY, counties=[city["east"]])
    round_city.draft()
    assert "还没有发布过督查结果" in open_screen(SCRIPT, local).info[0].value
    round_id = rounds.list_rounds(SUPERVISOR)[0].id
    version = rounds.review(SUPERVISOR, round_id, rounds.read_round(SUPERVISOR, round_id).row.version)
    rounds.publish(SUPERVISOR, round_id, version)
    shown = "".join(labels(open_screen(SCRIPT, local)))
    assert "滞后工程" in shown
    assert "严重工程" not in shown


def test_rounds_page_table_filters_by_text(city, open_screen):
    round_city.draft()
    screen = open_screen(SCRIPT, SUPERVISOR)
    screen.session_state[Key.ROUND_VIEW.value] = "表格"
    screen.session_state[Key.ROUND_TEXT.value] = "滞后"
    screen.run()
    assert list(screen.dataframe[0].value["对象"]) == ["滞后工程"]


def test_rounds_page_lists_the_process_facts_of_its_months(city, open_screen):
    seen = ProcessDraft(
        ProcessKind.PATROL, date(2026, 10, 9), "二组", "", "工地无人", Severity.SERIOUS, date(2026, 10, 20)
    )
    process_facts.record(SUPERVISOR, SubjectKind.PROJECT, city["red"], seen)
    round_city.draft()
    screen = open_screen(SCRIPT, SUPERVISOR)
    screen.session_state[Key.ROUND_VIEW.value] = "过程事实"
    screen.run()
    assert "问题：工地无人" in texts(screen)
    assert "已逾期" in texts(screen)


def test_rounds_page_hostile_name_stays_text(sqlite_store, city, open_screen):
    with sqlite_store.transaction(SYSTEM) as tx:
        project = make_project(tx, city["west"], NASTY, done_yuan={10: 0})
    round_city.draft()
    screen = open_card(open_screen(SCRIPT, SUPERVISOR), project)
    assert not screen.exception
    assert "<img" not in texts(screen)
