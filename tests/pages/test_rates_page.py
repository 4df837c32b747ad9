"""指标口径: every rate with its parts and links, the actor's scope, local definitions, 需核对, empty store."""

import json
import re
from dataclasses import dataclass
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.permissions import Actor
from core.domain.rates import RATE_DEFINITION_BY_CODE, RATE_DEFINITIONS, to_dict
from core.domain.terms import Role, YearClass
from core.services import figures, rates
from core.services.rate_definitions import KIND
from db.models import RuleSet
from pages.components.state import Key
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project
from tests.support.screens import texts

SCRIPT = "posture/rates.py"
NASTY = "<script>alert(1)</script>"


@dataclass(frozen=True)
class City:
    east: int
    west: int
    everyone: Actor
    eastern: Actor


@pytest.fixture
def city(sqlite_store) -> City:
    """East: 13 of 10 亿 planned (130 %) and one of two starts; west: 4 of 10 亿, nothing due to start."""
    with sqlite_store.transaction(SYSTEM) as tx:
        east, west = make_county(tx, "东湖区"), make_county(tx, NASTY)
        make_project(tx, east, plan_yuan=10 * YI, done_yuan={1: 13 * YI})
        for started_on in (date(2026, 3, 1), None):
            make_project(
                tx,
                east,
                year_class=YearClass.NEW_START,
                plan_yuan=None,
                start_planned_on=date(2026, 5, 1),
                started_on=started_on,
            )
        make_project(tx, west, plan_yuan=10 * YI, done_yuan={1: 4 * YI})
    figures.version()
    return City(east, west, make_actor(Role.LEADER), make_actor(Role.COUNTY, counties=[east]))


def html(screen: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in screen.get("html"))


def line(actor: Actor, code: str):
    return next(item for item in rates.screen(actor).lines if item.definition.code == code)


def test_rates_page_anonymous_sees_nothing(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert "wr-rates" not in html(screen).replace(".wr-rates", "")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.DISPLAY])
def test_rates_page_wrong_role_sees_nothing(city: City, open_screen, role: Role) -> None:
    screen = open_screen(SCRIPT, make_actor(role))
    assert "没有“查看项目”权限" in screen.warning[0].value
    assert not screen.selectbox


def test_rates_service_sums_first_and_divides_then(city: City) -> None:
    found = line(city.everyone, "investment_completion_rate")
    assert (found.rate.numerator, found.rate.denominator, found.rate.text()) == (17 * YI, 20 * YI, "85.0%")
    assert [(part.measure.code, part.value, part.is_subtracted) for part in found.numerator] == [
        ("ytd_done_yuan", 17 * YI, False)
    ]
    reporting = line(city.everyone, "reporting_rate")
    assert [(part.measure.code, part.is_subtracted) for part in reporting.numerator] == [
        ("reports_due", False),
        ("reports_missing", True),
    ]
    assert reporting.rate.numerator == reporting.numerator[0].value - reporting.numerator[1].value


def test_rates_service_keeps_to_the_scope_and_marks_what_needs_checking(city: City) -> None:
    found = line(city.eastern, "investment_completion_rate")
    assert (found.rate.text(), found.rate.needs_check) == ("130.0%", True)
    groups = rates.groups(city.eastern, "investment_completion_rate")
    assert groups is not None
    assert [item.key_id for item in groups.counties] == [city.east]
    assert rates.groups(city.eastern, "no_such_rate") is None


def test_rates_service_nothing_below_the_line_is_a_dash(city: City) -> None:
    assert line(city.everyone, "commissioning_rate").rate.text() == "—"


def test_rates_service_local_definition_replaces_the_shipped_one(sqlite_store, city: City) -> None:
    body = to_dict(RATE_DEFINITION_BY_CODE["start_rate_due"]) | {"label": "本市开工率", "basis": "本市口径"}
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.insert(
            RuleSet,
            {
                "kind": KIND,
                "code": "start_rate_due",
                "name": "本市开工率",
                "body": json.dumps(body),
                "is_active": True,
            },
        )
    found = line(city.everyone, "start_rate_due")
    assert (found.definition.label, found.rate.basis, found.is_local) == ("本市开工率", "本市口径", True)
    assert line(city.everyone, "start_rate_planned").is_local is False
    assert len(rates.screen(city.everyone).lines) == len(RATE_DEFINITIONS)


def test_rates_page_shows_every_rate_and_links_every_number(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.everyone)
    drawn = html(screen)
    for definition in RATE_DEFINITIONS:
        assert definition.label in drawn
        assert definition.basis in drawn
    assert "2026年1—10月" in texts(screen)
    links = set(re.findall(r'href="(/ledger\?[^"]*)"', drawn))
    assert "/ledger?measure=start_due_started" in links
    assert {term.removeprefix("-") for item in RATE_DEFINITIONS for term in (*item.numerator, *item.denominator)} <= {
        link.rpartition("measure=")[2] for link in links
    }
    assert f"/ledger?county={city.east}&amp;measure=new_started" in links


def test_rates_page_by_county_follows_the_chosen_rate(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.everyone, rate="investment_completion_rate")
    assert screen.selectbox[0].value == "investment_completion_rate"
    groups = html(screen).rpartition('<div class="wr-card">')[2]
    assert "130.0%" in groups
    assert "需核对" in groups
    assert "40.0%" in groups
    screen.selectbox(key=Key.RATE_CHOSEN.value).set_value("start_rate_due").run()
    assert "50.0%" in html(screen).rpartition('<div class="wr-card">')[2]


def test_rates_page_nasty_names_are_shown_as_text(city: City, open_screen) -> None:
    drawn = html(open_screen(SCRIPT, city.everyone))
    assert NASTY not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn


def test_rates_page_empty_store_shows_dashes(sqlite_store, open_screen) -> None:
    screen = open_screen(SCRIPT, make_actor(Role.SUPERVISOR))
    assert not screen.exception
    assert not screen.error
    values = re.findall(r'wr-rate-value">([^<]*)', html(screen))
    assert values == ["—"] * len(RATE_DEFINITIONS)
