"""规则 page: rules in words, an edit that is previewed, saved with a reason and put in force."""

import pytest

from core.domain.permissions import Permission
from core.services import rule_sets
from tests.support import round_city

ADDRESS = "supervision/rules.py"


@pytest.fixture
def city(sqlite_store):
    return round_city.build(sqlite_store)


def test_rules_are_told_and_the_edit_needs_a_reason(city, open_screen) -> None:
    screen = open_screen(ADDRESS, round_city.SUPERVISOR)
    assert any("连续 2 轮亮黄旗的，亮红旗" in item.value.replace("\\", "") for item in screen.markdown)
    save = next(button for button in screen.button if button.label == "保存为新版本")
    save.click().run()
    assert "请写明调整规则的原因" in screen.error[0].value


def test_preview_says_what_would_change_and_saving_puts_the_rules_in_force(city, open_screen) -> None:
    screen = open_screen(ADDRESS, round_city.SUPERVISOR)
    floor = next(field for field in screen.number_input if field.label.startswith("评价起点"))
    floor.set_value(1_000_000)
    next(button for button in screen.button if button.label == "本轮会变什么").click().run()
    assert any("个项目旗色变化" in item.value for item in screen.markdown)
    assert rule_sets.list_rule_sets(round_city.SUPERVISOR)[0].id is None
    next(field for field in screen.text_input if field.label.startswith("修改原因")).set_value("按督查室通知调整")
    next(button for button in screen.button if button.label == "保存并启用").click().run()
    in_force = rule_sets.list_rule_sets(round_city.SUPERVISOR)[0]
    assert (in_force.is_active, in_force.rules.min_annual_plan_yuan) == (True, 10_000_000_000)


def test_a_leader_is_told_that_the_rules_are_not_his(sqlite_store, open_screen) -> None:
    screen = open_screen(ADDRESS, round_city.LEADER)
    assert Permission.MANAGE_RULES.label in screen.warning[0].value
