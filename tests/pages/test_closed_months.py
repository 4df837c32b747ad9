"""数据时点: every reading screen can show a closed month, says so, writes nothing, and finds the way back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.errors import Invalid, Locked
from core.domain.ledger import ProjectFilter, ProjectSort
from core.domain.period import Month
from core.domain.permissions import GRANTS, READING, Permission, require
from core.domain.terms import Role
from core.services import closing, exports, figures, projects
from core.services.exports import ExportForm
from db.models.system import AuditEvent
from db.session import seeing
from pages.components import closed_months
from pages.components.page import Frame
from tests.factories import make_actor
from tests.support import closed_city
from tests.support.closed_city import NOW, OCTOBER, SUPERVISOR, THEN
from tests.support.screens import texts

SCREENS = (
    "posture/map.py",
    "posture/rates.py",
    "project/ledger.py",
    "project/milestones.py",
    "project/reports.py",
    "supervision/rounds.py",
    "admin/exports.py",
)
BANNER = "正在查看 2026年10月 封存数据"


@pytest.fixture
def city(sqlite_store):
    keys = closed_city.build(sqlite_store)
    closed_city.close_and_change(sqlite_store, keys)
    return keys


def look_back(screen: AppTest, month: str = "2026-10") -> AppTest:
    screen.session_state["as_of_month"] = month
    return screen.run()


@pytest.mark.parametrize("script", SCREENS)
def test_screen_shows_the_closed_month_under_a_banner_and_nothing_fails(city, open_screen, script):
    screen = look_back(open_screen(script, SUPERVISOR))
    assert BANNER in texts(screen)
    assert not screen.error
    assert not screen.exception


def test_ledger_shows_the_names_of_the_closed_month_and_goes_back(city, open_screen):
    screen = open_screen("project/ledger.py", SUPERVISOR)
    assert NOW in str(screen.dataframe[0].value)
    look_back(screen)
    assert THEN in str(screen.dataframe[0].value)
    assert "新来工程" not in str(screen.dataframe[0].value)
    screen.button(key="as_of_back").click().run()
    assert NOW in str(screen.dataframe[0].value)
    assert BANNER not in texts(screen)


def test_project_of_a_closed_month_offers_no_way_to_write(city, open_screen):
    editor = make_actor(Role.COUNTY, counties=[city["county"]])
    screen = open_screen("project/detail.py", editor, id=str(city["one"]))
    live = {button.label for button in screen.button}
    look_back(screen)
    assert THEN in texts(screen)
    assert live == {"修改", "登记事项", "保存记录"}
    assert {button.label for button in screen.button} == {"返回实时"}


def test_managing_screens_stay_live_and_say_so(city, open_screen):
    screen = look_back(open_screen("supervision/rules.py", SUPERVISOR))
    assert "本页只办理实时数据" in texts(screen)
    assert BANNER not in texts(screen)


def test_month_that_is_not_closed_is_told_in_chinese(city, open_screen):
    screen = look_back(open_screen("project/ledger.py", SUPERVISOR), "2026-09")
    assert "2026年9月还没有月结" in screen.error[0].value


def test_sidebar_offers_closed_months_and_remembers_the_choice(city, monkeypatch):
    def foot() -> None:
        from pages.components import closed_months
        from tests.support.closed_city import SUPERVISOR

        closed_months.draw(SUPERVISOR)

    screen = AppTest.from_function(foot).run()
    assert screen.selectbox[0].options == ["实时数据", "2026年10月（月结）"]
    assert screen.selectbox[0].value == ""
    screen.selectbox[0].set_value("2026-10").run()
    again = AppTest.from_function(foot).run()
    assert again.selectbox[0].value == "2026-10"
    again.selectbox[0].set_value("").run()
    assert AppTest.from_function(foot).run().selectbox[0].value == ""


def test_sidebar_offers_nothing_while_no_month_is_closed(sqlite_store):
    def foot() -> None:
        from pages.components import closed_months
        from tests.support.closed_city import SUPERVISOR

        closed_months.draw(SUPERVISOR)

    assert not AppTest.from_function(foot).run().selectbox


@pytest.mark.parametrize("permission", list(Permission))
def test_who_looks_back_reads_and_exports_and_nothing_else(permission):
    role = next(role for role in Role if permission in GRANTS[role])
    actor = replace(make_actor(role), is_looking_back=True)
    assert actor.can(permission) is (permission in READING)
    if permission not in READING:
        with pytest.raises(Locked, match="正在查看封存月份"):
            require(actor, permission)


def test_export_of_a_closed_month_is_the_same_file_named_after_it_and_audited_live(city, sqlite_store):
    with seeing(closing.sealed_store(OCTOBER)):
        file = exports.export(SUPERVISOR, "ledger", ExportForm.CSV)
        shown = projects.export_ledger(SUPERVISOR, ProjectFilter(), ProjectSort.URGENCY, "")
    assert THEN in file.content.decode("utf-8-sig")
    assert file.name.endswith("_2026-10月结.csv")
    assert shown.name.endswith("_2026-10月结.xlsx")
    with sqlite_store.read() as connection:
        told = connection.execute(select(AuditEvent.new).where(AuditEvent.action == "export")).scalars().all()
    assert len(told) == 2
    assert all('"closed_month":"2026-10"' in new for new in told)


def test_point_in_an_address_is_checked(city):
    assert closed_months.month_of("") is None
    assert closed_months.month_of("2026-10") == Month(2026, 10)
    for text in ("2026-13", "oktober", "2026-10-01", "../2026-10"):
        with pytest.raises(Invalid, match="如 2026-09"):
            closed_months.month_of(text)


def test_download_made_in_another_thread_reads_the_closed_month(city):
    """Streamlit makes the file of a download button when it is pressed, in a thread that knows no screen."""
    actor = replace(SUPERVISOR, is_looking_back=True)
    with seeing(closing.sealed_store(OCTOBER)):
        frame = Frame(actor, figures.version(), closing.sealed_store(OCTOBER))
    make = frame.later(lambda: exports.export(actor, "ledger", ExportForm.CSV).content)
    with ThreadPoolExecutor(1) as pool:
        content = pool.submit(make).result()
    assert THEN in content.decode("utf-8-sig")


def test_reports_of_a_closed_month_leave_what_was_typed_live(city, open_screen):
    clerk = make_actor(Role.COUNTY, login="east", counties=[city["county"]])
    screen = open_screen("project/reports.py", clerk, month="2026-11")
    live = screen.session_state["report_seen"]
    look_back(screen)
    assert screen.session_state["report_seen"] == live
    assert THEN in str(screen.dataframe[0].value)
    assert not screen.exception
