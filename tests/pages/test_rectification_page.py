"""整改销号: the board, a case from notice to 销号 by both sides, the notice in Word, 奖惩."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from core.domain.errors import Invalid, NotFound, PermissionDenied
from core.domain.rectification_rules import SHIPPED
from core.domain.supervision_terms import MeritKind, RectificationStep, SubjectKind
from core.domain.terms import Role
from core.services import merits, rectifications, rounds
from core.services.merits import NewMerit
from core.services.rectifications import CaseFilter
from db.models.system import AuditEvent
from pages.components.state import Key
from tests import factories as make
from tests.support import round_city
from tests.support.screens import texts

SCRIPT = "supervision/rectification.py"
SUPERVISOR = round_city.SUPERVISOR


@pytest.fixture
def city(sqlite_store):
    found = round_city.build(sqlite_store)
    found["round"] = round_city.published()
    rectifications.open_for_round(SUPERVISOR, found["round"])
    return found


def case_of(subject_id: int):
    rows = [card.row for card in rectifications.cases(SUPERVISOR, CaseFilter()).cards]
    return next(row for row in rows if row.kind is SubjectKind.PROJECT and row.subject_id == subject_id)


def button(screen, label):
    return next(found for found in screen.button if found.label == label)


def opened(open_screen, actor, case_id):
    screen = open_screen(SCRIPT, actor)
    screen.session_state[Key.CASE_OPEN.value] = case_id
    return screen.run()


def test_without_a_case_the_screen_says_where_they_come_from(sqlite_store, open_screen) -> None:
    screen = open_screen(SCRIPT, SUPERVISOR)
    assert "还没有整改事项" in texts(screen)


def test_board_names_every_flag_and_the_office_sends_the_notice(city, open_screen) -> None:
    screen = open_screen(SCRIPT, SUPERVISOR)
    assert {"滞后工程", "严重工程"} <= {found.label for found in screen.button}
    case = case_of(city["red"])
    screen = opened(open_screen, SUPERVISOR, case.id)
    button(screen, "下发督办单").click().run()
    assert not screen.exception
    assert case_of(city["red"]).case.step is RectificationStep.PLAN


def test_unit_plans_and_sees_no_button_of_the_office(city, open_screen) -> None:
    case = case_of(city["red"])
    rectifications.issue_notices(SUPERVISOR, [case.id])
    west = make.make_actor(Role.COUNTY, login="west", counties=[city["west"]])
    screen = opened(open_screen, west, case.id)
    assert "下发督办单" not in {found.label for found in screen.button}
    assert "直接销号" not in {found.label for found in screen.button}
    button(screen, "报送整改方案").click().run()
    assert "请填写整改方案" in texts(screen)
    screen.text_area[0].set_value("增加作业面，每周调度")
    screen.date_input[0].set_value(date(2026, 12, 10))
    button(screen, "报送整改方案").click().run()
    assert case_of(city["red"]).case.step is RectificationStep.FEEDBACK
    east = make.make_actor(Role.COUNTY, login="east", counties=[city["east"]])
    screen = opened(open_screen, east, case.id)
    assert "没有找到该记录" in texts(screen)


def test_notice_in_word_says_why_to_whom_and_until_when(city) -> None:
    case = case_of(city["red"])
    rectifications.issue_notices(SUPERVISOR, [case.id])
    case = case_of(city["red"])
    document = Document(BytesIO(rectifications.notices(SUPERVISOR, [case.id])))
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "关于“严重工程”的督办函" in told.replace("\n", "")
    assert all(reason in told for reason in case.reasons)
    due = case.case.due_on
    assert f"请于{due.year}年{due.month}月{due.day}日前报送整改方案" in told
    assert case.code in "".join([told, *cells])
    assert rectifications.notices(SUPERVISOR, [case.id]) == rectifications.notices(SUPERVISOR, [case.id])
    east = make.make_actor(Role.COUNTY, login="east", counties=[city["east"]])
    with pytest.raises(NotFound):
        rectifications.notices(east, [case.id])


def test_merits_are_recorded_by_supervision_and_summed_by_subject(city, open_screen, sqlite_store) -> None:
    unit, day = city["unit"], date(2026, 11, 2)
    for kind, points, reason in ((MeritKind.CRITICISM, -20, "两轮红旗"), (MeritKind.PRAISE, 5, "提前整改")):
        merits.record(SUPERVISOR, NewMerit(kind, SubjectKind.UNIT, unit, day, reason, points, "督〔2026〕9号"))
    assert merits.totals(merits.list_year(SUPERVISOR, 2026)) == [("责任单位", "发改局", 1, 1, -15)]
    assert merits.list_year(make.make_actor(Role.COUNTY, counties=[city["east"]]), 2026) == ()
    with pytest.raises(Invalid) as refused:
        merits.record(SUPERVISOR, NewMerit(MeritKind.POINTS, SubjectKind.UNIT, unit, date(2027, 1, 1), " ", 9_999))
    assert [problem.code for problem in refused.value.problems] == ["required", "day", "range"]
    with pytest.raises(NotFound):
        merits.record(SUPERVISOR, NewMerit(MeritKind.PRAISE, SubjectKind.COUNTY, 4711, day, "不存在"))
    with pytest.raises(PermissionDenied):
        merits.record(round_city.LEADER, NewMerit(MeritKind.PRAISE, SubjectKind.UNIT, unit, day, "表扬"))
    with sqlite_store.read() as connection:
        audited = connection.execute(AuditEvent.__table__.select().where(AuditEvent.entity == "merit")).all()
    assert len(audited) == 2
    screen = open_screen(SCRIPT, SUPERVISOR)
    screen.session_state[Key.CASE_VIEW.value] = "奖惩"
    screen.run()
    assert "发改局" in screen.dataframe[0].value.to_string()
    assert "-1.5" in screen.dataframe[0].value.to_string()


def test_round_published_later_is_opened_from_the_screen(sqlite_store, open_screen) -> None:
    city = round_city.build(sqlite_store)
    round_city.published()
    screen = open_screen(SCRIPT, SUPERVISOR)
    button(screen, "为最近一轮立项").click().run()
    assert "新立项" in texts(screen)
    assert case_of(city["warn"]).case.step is RectificationStep.NOTICE
    assert rounds.latest_published(SUPERVISOR) is not None


def test_step_of_another_keeps_what_was_typed_and_the_second_try_goes_through(city, open_screen) -> None:
    case = case_of(city["red"])
    rectifications.issue_notices(SUPERVISOR, [case.id])
    west = make.make_actor(Role.COUNTY, login="west", counties=[city["west"]])
    screen = opened(open_screen, west, case.id)
    version = case_of(city["red"]).version
    version = rectifications.submit_plan(west, case.id, "旧方案", date(2026, 12, 1), version)
    rectifications.return_plan(SUPERVISOR, case.id, "措施不具体", version)
    screen.text_area[0].set_value("我的方案")
    screen.date_input[0].set_value(date(2026, 12, 10))
    button(screen, "报送整改方案").click().run()
    assert "刚刚由他人办理" in texts(screen)
    assert screen.text_area[0].value == "我的方案"
    assert case_of(city["red"]).plan == "旧方案"
    button(screen, "报送整改方案").click().run()
    assert case_of(city["red"]).plan == "我的方案"


def test_step_that_took_the_form_away_still_shows_what_was_typed(city, open_screen) -> None:
    case = case_of(city["red"])
    rectifications.issue_notices(SUPERVISOR, [case.id])
    west = make.make_actor(Role.COUNTY, login="west", counties=[city["west"]])
    screen = opened(open_screen, west, case.id)
    rectifications.submit_plan(west, case.id, "同事的方案", date(2026, 12, 1), case_of(city["red"]).version)
    screen.text_area[0].set_value("我的方案")
    button(screen, "报送整改方案").click().run()
    assert "我的方案" in [block.value for block in screen.code]
    assert "同事的方案" in texts(screen)


def test_offenders_of_the_year_are_listed_by_kind(city, open_screen) -> None:
    screen = open_screen(SCRIPT, SUPERVISOR)
    screen.session_state[Key.CASE_VIEW.value] = "屡亮黄红旗"
    screen.run()
    assert not screen.exception
    assert "没有两轮以上" in texts(screen)


def test_proposed_penalty_is_recorded_by_a_click(city, open_screen) -> None:
    case = case_of(city["red"])
    rectifications.interview(SUPERVISOR, case.id, "约谈", "", case.version)
    screen = open_screen(SCRIPT, SUPERVISOR)
    screen.session_state[Key.CASE_VIEW.value] = "奖惩"
    screen.run()
    button(screen, "确认登记").click().run()
    (row,) = merits.list_year(SUPERVISOR, 2026)
    assert (row.kind, row.points_tenths) == (MeritKind.INTERVIEW, -10)
    assert "确认登记" not in {found.label for found in screen.button}


def test_deadlines_are_changed_with_a_reason_and_read_by_others(city, open_screen) -> None:
    def rules(actor):
        screen = open_screen(SCRIPT, actor)
        screen.session_state[Key.CASE_VIEW.value] = "时限规则"
        return screen.run()

    screen = rules(SUPERVISOR)
    next(item for item in screen.number_input if item.label.startswith("报送整改方案")).set_value(7)
    button(screen, "保存为新版本").click().run()
    assert "请写明修改规则的原因" in texts(screen)
    next(item for item in screen.text_input if item.label.startswith("修改原因")).set_value("市府办通知")
    button(screen, "保存为新版本").click().run()
    assert "第 1 版已启用" in texts(screen).replace("\\", "")
    assert rectifications.read_rules(SUPERVISOR).ladder.plan == 7
    assert rectifications.read_rules(SUPERVISOR).merits == SHIPPED.merits
    other = rules(make.make_actor(Role.COUNTY, counties=[city["west"]]))
    assert button(other, "保存为新版本").disabled
