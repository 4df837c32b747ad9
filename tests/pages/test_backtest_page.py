"""旗色回测: who may open it, what it says of the demo city, what another question changes, empty store."""

import pytest

from core.domain.outcomes import OutcomeKind
from core.domain.terms import Role
from core.services import figures
from db.seed.demo import build
from pages.components.state import Key
from tests.factories import make_actor
from tests.support.screens import texts

SCRIPT = "supervision/backtest.py"
OFFICE = make_actor(Role.SUPERVISOR)


@pytest.fixture
def city(sqlite_store):
    build(sqlite_store)
    figures.version()
    return sqlite_store


def _press(screen):
    return next(button for button in screen.button if button.label == "开始回测").click().run()


def test_backtest_page_anonymous_is_sent_to_sign_in(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.metric


def test_backtest_page_of_a_county_shows_nothing(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.COUNTY, counties=(1,)))
    assert "没有" in screen.warning[0].value
    assert not screen.metric


def test_backtest_page_without_history_says_what_is_missing(sqlite_store, open_screen):
    figures.version()
    screen = open_screen(SCRIPT, OFFICE)
    assert not screen.exception
    assert "至少要有两个月的月报" in screen.info[0].value
    assert not screen.button


def test_backtest_page_opens_with_an_answer_and_its_counts(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    assert not screen.exception
    assert not screen.error
    labels = [metric.label for metric in screen.metric]
    assert labels == ["命中率", "查全率", "误报率", "基准滞后率", "提前（月，中位数）"]
    levels, signals = screen.dataframe[0].value, screen.dataframe[1].value
    final = signals[signals["信号"] == "人工调整后"].iloc[0]
    red_and_yellow = levels[levels["旗色"].str.contains("黄|红")]
    assert final["亮旗"] == red_and_yellow["合计"].sum() > 0
    assert final["命中"] == red_and_yellow["后来滞后"].sum()
    assert screen.metric[0].value == final["命中率"]
    assert f"{final['亮旗']} 项次中 {final['命中']} 项次后来确实滞后" in texts(screen).replace("\\", "")
    assert "以 15 替代 10" in texts(screen)


def test_backtest_page_lists_the_projects_behind_a_number(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    listed = screen.dataframe[-1].value
    signals = screen.dataframe[1].value
    assert len(listed) == min(50, signals[signals["信号"] == "人工调整后"].iloc[0]["命中"])
    assert listed["项目"].str.len().min() > 0
    assert listed["项目详情"].str.match(r"/project\?id=\d+$").all()


def test_backtest_page_keeps_the_answer_until_asked_anew(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    before = screen.metric[3].value
    screen.selectbox(key=Key.BACKTEST_OUTCOME.value).set_value(OutcomeKind.NODE_LATE).run()
    assert "条件已改动" in texts(screen)
    assert screen.metric[3].value == before
    _press(screen)
    assert not screen.exception
    assert "条件已改动" not in texts(screen)
    assert screen.metric[3].value != before
    assert "关键节点最终逾期超过 30 天" in texts(screen)


def test_backtest_page_refuses_a_span_that_ends_before_it_begins(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    first = screen.selectbox(key=Key.BACKTEST_FIRST.value)
    last = screen.selectbox(key=Key.BACKTEST_LAST.value)
    first.set_value(figures.version().month)
    last.set_value(figures.version().month.shift(-3))
    _press(screen)
    assert "起始月份晚于截止月份" in screen.error[0].value
    assert not screen.metric
