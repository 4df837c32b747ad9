"""Lists of matters on screen: addresses, first page, extensions, duplicates, policies, batches, the rules editor."""

from datetime import date
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.matters.words import Difficulty, MatterCount, RateGroup
from core.domain.terms import MatterKind, MatterStatus, Role
from core.domain.workdays import TimeLeft
from core.services import matters as service
from core.services.matters import MatterFilter, Order
from db.models import RuleSet
from db.models.matter import Matter, PolicyTerms
from pages.components import state
from pages.components.matters import matter_words
from pages.components.matters.address import Behind, list_address, matter_address, read_behind, read_view
from pages.components.matters.assign_box import Batch
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_matter, make_problem
from tests.support.matters import MatterCity, draft, drive, matter_city
from tests.support.screens import texts

SCRIPT = "lists/problems.py"
TODAY = date(2026, 11, 22)


@pytest.fixture
def city(sqlite_store) -> MatterCity:
    return matter_city(sqlite_store)


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def box_of(screen: AppTest, label: str):
    return next(box for box in screen.selectbox if box.label == label)


def field_of(screen: AppTest, label: str):
    fields = (*screen.text_input, *screen.text_area, *screen.number_input, *screen.date_input)
    return next(field for field in fields if field.label == label)


def titles(screen: AppTest) -> list[str]:
    return list(screen.dataframe[0].value["事项"])


def stored(store, model=Matter) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.__table__.c.id)).mappings())


@pytest.mark.parametrize(
    "behind",
    [
        Behind(),
        Behind(MatterCount.OVERDUE),
        Behind(MatterCount.OPEN, (RateGroup.UNIT, 7)),
        Behind(MatterCount.OPEN, (RateGroup.COUNTY, None)),
        Behind(MatterCount.MATTERS, (RateGroup.CATEGORY, "用地")),
        Behind(MatterCount.MATTERS, raised=(date(2026, 11, 2), date(2026, 11, 8))),
        Behind(MatterCount.MATTERS, ended=(date(2026, 11, 1), TODAY)),
    ],
    ids=str,
)
def test_address_of_a_figure_spells_it_and_reads_it_back(behind) -> None:
    address = list_address(MatterKind.PROBLEM, behind)
    path, _, query = address.partition("?")
    words = dict(part.split("=") for part in query.split("&") if part)
    assert path == "/problems"
    assert read_behind({name: unquote(value) for name, value in words.items()}) == behind


def test_address_made_by_hand_is_read_without_what_is_unknown() -> None:
    odd = {"count": "alles", "unit": "eins", "raised": "gestern,heute", "view": "nowhere"}
    assert read_behind(odd) == Behind()
    assert read_view(odd) == "list"
    assert read_view({"view": "overdue"}) == "overdue"
    assert matter_address(MatterKind.SUPERVISION, 5) == "/supervised?id=5"


def test_address_opens_the_rows_of_a_figure_and_the_panel_of_a_matter(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        late = make_problem(tx, city.bridge, "逾期的", due_on=date(2026, 11, 2), lead_unit_id=city.bureau)
        make_problem(tx, city.bridge, "不逾期的", lead_unit_id=city.bureau)
    screen = open_screen(SCRIPT, city.supervisor, count="overdue", unit=str(city.bureau))
    assert titles(screen) == ["逾期的"]
    assert "市自然资源局，逾期" in texts(screen)
    cleared = press(screen, "清除")
    assert sorted(titles(cleared)) == ["不逾期的", "逾期的"]
    opened = open_screen(SCRIPT, city.supervisor, id=str(late))
    assert "办理过程" in texts(opened)
    viewed = open_screen(SCRIPT, city.supervisor, view="overdue")
    assert titles(viewed) == ["逾期的"]


def test_another_filter_begins_at_its_first_page(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        for number in range(service.PAGE_SIZE + 1):
            make_problem(tx, city.bridge, f"问题{number:03d}", category="用地" if number % 2 else "资金")
    screen = open_screen(SCRIPT, city.county)
    assert len(titles(screen)) == service.PAGE_SIZE
    wanted = MatterFilter(kinds=(MatterKind.PROBLEM,), is_open=True)
    screen.session_state[state.variant(Key.MATTER_PAGE, "problem", hash(wanted))] = 2
    assert len(titles(screen.run())) == 1
    narrowed = box_of(screen, "类别").select("用地").run()
    assert len(titles(narrowed)) == service.PAGE_SIZE // 2


def test_office_answers_a_request_for_an_extension_in_one_box(sqlite_store, city, open_screen) -> None:
    key = service.raise_(city.county, draft(city))
    version = drive(city, key, MatterStatus.IN_PROGRESS)
    service.request_extension(city.unit, key, date(2026, 12, 4), "评审排期靠后", version)
    assert titles(open_screen(SCRIPT, city.county, view="extensions")) == ["大桥南岸用地未批"]
    screen = open_screen(SCRIPT, city.county, id=str(key))
    assert "评审排期靠后" in texts(screen)
    assert "请写明不同意的原因" in texts(press(screen, "不同意"))
    field_of(screen, "同意延期至").set_value(date(2026, 12, 2))
    assert "已同意延期至" in texts(press(screen, "同意延期"))
    (row,) = stored(sqlite_store)
    assert (row["due_on"], row["first_due_on"], row["extended_times"]) == (
        date(2026, 12, 2),
        date(2026, 11, 27),
        1,
    )
    assert "没有符合条件" in texts(open_screen(SCRIPT, city.county, view="extensions"))


def test_duplicate_is_merged_into_a_proposed_one(sqlite_store, city, open_screen) -> None:
    key = service.raise_(city.county, draft(city, "大桥南岸用地未批复"))
    twin = service.raise_(city.county, draft(city, "大桥南岸用地没有批复"))
    screen = open_screen(SCRIPT, city.county, id=str(key))
    near = box_of(screen, "相近事项")
    assert [option.split("　")[1] for option in near.options] == ["大桥南岸用地没有批复（已登记）"]
    near.select_index(0)
    assert "已并入" in texts(press(screen, "合并"))
    assert [(row["status"], row["merged_into_id"]) for row in stored(sqlite_store)] == [
        ("merged", twin),
        ("registered", None),
    ]


def test_policy_is_told_and_written_by_its_unit_alone(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        key = make_matter(tx, MatterKind.POLICY, county_id=city.east, lead_unit_id=city.bureau)
    screen = open_screen("lists/policies.py", city.unit, id=str(key))
    assert "还没有登记条款" in texts(screen)
    field_of(screen, "应送达（户）").set_value(40)
    field_of(screen, "已送达（户）").set_value(50)
    assert "已送达户数不能多于应送达户数" in texts(press(screen, "保存"))
    field_of(screen, "已送达（户）").set_value(30)
    field_of(screen, "审核通过（万元）").set_value(200.0)
    field_of(screen, "已兑现（万元）").set_value(50.5)
    assert "政策台账已保存" in texts(press(screen, "保存"))
    (row,) = stored(sqlite_store, PolicyTerms)
    assert (row["target_count"], row["delivered_count"], row["honoured_yuan"]) == (40, 30, 505_000)
    told = texts(open_screen("lists/policies.py", city.leader, id=str(key)))
    assert "30/40 户，送达率 75.0%" in told
    assert "50.50/200 万元，兑现率 25.3%" in told
    read_only = open_screen("lists/policies.py", city.leader, id=str(key))
    assert "保存" not in [button.label for button in read_only.button]


def test_batch_of_unstudied_matters_asks_for_their_category(sqlite_store, city, open_screen) -> None:
    keys = service.raise_many(city.county, [draft(city, f"问题{number}") for number in range(2)])
    screen = open_screen(SCRIPT, city.county)
    screen.session_state[Key.MATTER_BATCH.value] = Batch(dict.fromkeys(keys, 1), is_unstudied=True)
    shown = screen.run()
    box_of(shown, "主办单位").select(city.helper)
    box_of(shown, "难易程度").select(Difficulty.SIMPLE)
    assert "尚未研判，请选择类别" in texts(press(shown, "交办"))
    box_of(shown, "类别（未分类的）").select("资金")
    assert "已交办 2 项" in texts(press(shown, "交办"))
    assert {
        (row["status"], row["category"], row["difficulty"], row["lead_unit_id"]) for row in stored(sqlite_store)
    } == {("assigned", "资金", "simple", city.helper)}


@pytest.mark.parametrize(
    ("days", "workdays", "expected"),
    [
        (-20, -14, "■ 逾 20 天"),
        (0, 0, "▲ 今日到期"),
        (5, 3, "▲ 剩 3 工作日"),
        (6, 4, "剩 4 工作日"),
    ],
)
def test_time_left_is_marked_red_when_overdue_and_yellow_when_soon(days, workdays, expected) -> None:
    assert matter_words.left_words(TimeLeft(days, workdays, True)) == expected


def test_escalation_names_the_table_and_reports_say_which_is_owed(city, open_screen) -> None:
    key = service.raise_(city.county, draft(city))
    drive(city, key, MatterStatus.IN_PROGRESS)
    screen = open_screen(SCRIPT, city.unit, id=str(key))
    assert "提级至市级" in [one.proto.popover.label for one in screen.get("popover")]
    assert "接办报告 11-24 前；结果报告 12-01 前" in texts(screen).replace("\\", "")
    row = service.read_matter(city.unit, key).card.row
    assert matter_words.report_owed(row.state, TODAY) == "接办报告 11-24 前"
    assert matter_words.report_owed(row.state, date(2026, 11, 30)) == "■ 接办报告应于 11-24"
    service.report_progress(city.unit, key, "已上报", row.version)
    now = service.read_matter(city.unit, key).card.row.state
    assert matter_words.report_owed(now, TODAY) == "结果报告 12-01 前"


def test_rules_are_told_to_all_and_changed_with_a_reason(sqlite_store, city, open_screen) -> None:
    script = "lists/rules.py"
    told = open_screen(script, city.unit)
    assert "简易 3、一般 5、复杂 7、疑难 15" in texts(told)
    assert "500 万元及以上提请市委市政府审定" in texts(told)
    assert not told.button
    assert "没有“查看项目”权限" in texts(open_screen(script, make_actor(Role.AUDITOR)))
    screen = open_screen(script, city.supervisor)
    field_of(screen, "一般").set_value(4)
    assert "请写明修改规则的原因" in texts(press(screen, "保存为新版本并启用"))
    field_of(screen, "修改原因和依据（必填）").set_value("按市政府办通知")
    assert "第 1 版已启用" in texts(press(screen, "保存为新版本并启用"))
    assert service.read_rules(city.unit).answer_days[Difficulty.ORDINARY] == 4
    (row,) = [row for row in stored(sqlite_store, RuleSet) if row["kind"] == "matter"]
    assert (row["number"], row["source"], row["is_active"]) == (1, "按市政府办通知", True)
    key = service.raise_(city.county, draft(city))
    version = service.classify(city.county, key, "用地", Difficulty.ORDINARY, None, "", 1)
    service.assign(city.county, {key: version}, Order(city.bureau))
    assert stored(sqlite_store)[0]["due_on"] == date(2026, 11, 26)


def test_shipped_rules_can_be_taken_over(city, open_screen) -> None:
    screen = open_screen("lists/rules.py", city.supervisor)
    box_of(screen, "从哪套规则开始修改").select("quanzhou").run()
    field_of(screen, "修改原因和依据（必填）").set_value("学习泉州做法")
    assert "第 1 版已启用" in texts(press(screen, "保存为新版本并启用"))
    assert set(service.read_rules(city.unit).answer_days.values()) == {7}


def test_evidence_is_shown_with_who_may_add_it(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        key = make_matter(tx, MatterKind.SUGGESTION, county_id=city.east, lead_unit_id=city.bureau)
    shown = open_screen("lists/suggestions.py", city.unit, id=str(key))
    assert "暂无佐证材料" in texts(shown)
    assert "请先选择要上传的文件" in texts(press(shown, "上传"))
    assert service.find(city.unit, MatterFilter()).total == 1
