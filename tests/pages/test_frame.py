"""The frame of every screen, the menu and the look: what visitors get whatever the screen does."""

import logging
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.permissions import GRANTS, Permission
from core.domain.terms import FlagLevel, Role
from core.services.imports.kinds import KINDS
from core.services.sessions import Visit
from db.models.system import Setting
from pages import navigation
from pages.components import theme, visitor
from tests.factories import SYSTEM, make_actor
from tests.support.screens import texts

ROOT = Path(__file__).resolve().parents[2]
LEADER = make_actor(Role.LEADER)


def _run(monkeypatch, script, visit: Visit | None = None) -> AppTest:
    monkeypatch.setattr(visitor, "current", lambda: visit or Visit(LEADER))
    return AppTest.from_function(script, default_timeout=20).run()


def _raising(kind: str) -> None:
    import streamlit as st

    from core.domain.errors import Conflict, Invalid, Locked, Problem
    from core.domain.permissions import Permission
    from pages.components.page import page

    errors = {
        "invalid": Invalid([Problem("a", "a", "甲<b>*错*</b>"), Problem("b", "b", "乙错")]),
        "conflict": Conflict({}, {}),
        "locked": Locked(),
        "unknown": ZeroDivisionError("secret detail"),
    }
    with page("题目", Permission.VIEW_PROJECTS):
        st.write("before")
        raise errors[kind]


@pytest.mark.parametrize(
    ("kind", "box", "words"),
    [
        ("invalid", "error", "乙错"),
        ("conflict", "warning", "刚刚被他人修改"),
        ("locked", "error", "已锁定"),
        ("unknown", "error", "编号"),
    ],
)
def test_frame_every_error_becomes_a_chinese_sentence(sqlite_store, monkeypatch, caplog, kind, box, words):
    monkeypatch.setattr(visitor, "current", lambda: Visit(LEADER))
    with caplog.at_level(logging.ERROR, "warroom"):
        screen = AppTest.from_function(_raising, args=(kind,), default_timeout=20).run()
    told = getattr(screen, box)[0].value
    assert words in told
    assert "secret" not in told
    assert not screen.exception
    if kind == "invalid":
        assert "甲\\<b\\>\\*错\\*\\</b\\>" in told
    if kind == "unknown":
        number = told.partition("编号 ")[2][:8]
        assert f"incident {number}" in caplog.text
        assert "ZeroDivisionError: secret detail" in caplog.text


def test_frame_initial_password_must_be_changed_first(sqlite_store, monkeypatch):
    visit = Visit(LEADER, must_change_password=True)
    monkeypatch.setattr(visitor, "current", lambda: visit)
    screen = AppTest.from_function(_raising, args=("locked",), default_timeout=20).run()
    assert "请先修改密码" in screen.warning[0].value
    assert not screen.error


def _remembering() -> None:
    import streamlit as st

    from core.domain.permissions import Permission
    from pages.components.page import page

    with page("题目", Permission.VIEW_PROJECTS):
        st.text(str(st.session_state.get("typed")))
        st.session_state["typed"] = "von " + st.session_state["owner"]


def test_frame_forgets_everything_when_somebody_else_comes_back_in_the_same_tab(sqlite_store, monkeypatch):
    screen = _run(monkeypatch, _remembering)
    assert screen.run().text[0].value == "von leader"
    monkeypatch.setattr(visitor, "current", lambda: Visit(make_actor(Role.SUPERVISOR, login="other")))
    assert screen.run().text[0].value == "None"


def test_frame_marks_the_demo(sqlite_store, monkeypatch):
    screen = _run(monkeypatch, _remembering)
    assert "演示数据" not in texts(screen)
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.insert(Setting, {"key": "demo", "value": "true", "version": 1})
    assert "演示数据" in texts(screen.run())


def _caching() -> None:
    import streamlit as st

    from core.domain.permissions import Permission
    from pages.components.cached import cached_view
    from pages.components.page import page

    calls = st.session_state.setdefault("calls", [])

    @cached_view()
    def rows(actor, wanted):
        calls.append((actor.login, wanted))
        return f"{actor.scope.key} {wanted}"

    @cached_view()
    def other(actor, wanted):
        return f"other {wanted}"

    with page("题目", Permission.VIEW_PROJECTS) as frame:
        st.text(rows(frame, "a"))
        st.text(rows(frame, "a"))
        st.text(rows(frame, "b"))
        st.text(other(frame, "a"))


def test_cached_view_differs_by_arguments_scope_function_and_data_version(sqlite_store, monkeypatch):
    screen = _run(monkeypatch, _caching)
    assert [text.value for text in screen.text] == ["all a", "all a", "all b", "other a"]
    assert screen.session_state["calls"] == [("leader", "a"), ("leader", "b")]
    bound = make_actor(Role.COUNTY, counties=[7], login="leader")
    monkeypatch.setattr(visitor, "current", lambda: Visit(bound))
    assert screen.run().text[0].value == "c7 a"
    before = len(screen.session_state["calls"])
    screen.run()
    assert len(screen.session_state["calls"]) == before
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.record("test", "store", 1)
    screen.run()
    assert len(screen.session_state["calls"]) == before + 2


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_menu_shows_what_the_role_may_open_and_a_display_only_the_wall(role):
    actor = make_actor(role)
    person = make_actor(role)
    object.__setattr__(person, "user_id", 1)
    offered = {screen.path for screen in navigation.screens() if screen.in_menu and screen.is_open_to(person)}
    allowed = {
        screen.path
        for screen in navigation.screens()
        if screen.in_menu and (screen.permission is None or {screen.permission, screen.also} & GRANTS[role])
    }
    if role is Role.DISPLAY:
        assert {s.path for s in navigation.screens() if s.is_open_to(actor)} == {"wall"}
    else:
        assert offered == allowed
        assert navigation.home_of(person).path in offered


def test_menu_of_the_security_administrator_starts_with_the_accounts():
    person = make_actor(Role.SECURITY_ADMIN)
    assert navigation.home_of(person).path == "users"
    assert {kind.permission for kind in KINDS.values()} == {Permission.IMPORT, Permission.MANAGE_USERS}


def test_every_screen_is_there_and_has_its_own_address():
    listed = [navigation.START, navigation.PASSWORD, *(s for _, group in navigation.SECTIONS for s in group)]
    assert len({screen.path for screen in listed}) == len(listed)
    for screen in listed:
        assert (ROOT / "pages" / screen.script).is_file(), screen.script
    scripts = {path.relative_to(ROOT / "pages").as_posix() for path in (ROOT / "pages").glob("*/*.py")}
    folders = {screen.script.partition("/")[0] for screen in listed}
    unlisted = {s for s in scripts if s.partition("/")[0] in folders and not s.endswith("__init__.py")}
    assert unlisted == {screen.script for screen in listed}


@pytest.mark.parametrize("screen", navigation.screens(), ids=lambda screen: screen.path)
def test_every_screen_refuses_anonymous_visitors_and_wrong_roles(sqlite_store, open_screen, screen):
    anonymous = open_screen(screen.script, None)
    assert anonymous.warning[0].value == "登录已失效，请重新登录。"
    assert not anonymous.title
    if screen.permission is None:
        return
    wrong = next(role for role in Role if not {screen.permission, screen.also} & GRANTS[role])
    refused = open_screen(screen.script, make_actor(wrong))
    assert f"您没有“{screen.permission.label}”权限" in refused.warning[0].value
    assert not refused.title


def test_theme_and_streamlit_configuration_agree():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert config["primaryColor"] == theme.DESK.primary
    assert config["backgroundColor"] == theme.DESK.surface
    assert config["textColor"] == theme.DESK.text
    assert len(config["chartCategoricalColors"]) >= 10


def _contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("wall", [False, True], ids=["desk", "wall"])
@pytest.mark.parametrize("level", list(FlagLevel), ids=lambda level: level.value)
def test_flag_marks_have_word_shape_and_readable_colours(level, wall):
    mark = theme.flag_mark(level, wall=wall)
    palette = theme.WALL if wall else theme.DESK
    assert mark.word
    assert mark.shape
    assert _contrast(mark.colour.word, palette.surface) >= 4.5
    assert _contrast(mark.colour.word, mark.colour.ground) >= 4.5


@pytest.mark.parametrize("palette", [theme.DESK, theme.WALL], ids=["desk", "wall"])
def test_palettes_are_readable(palette):
    for colour, least in ((palette.text, 7), (palette.muted, 4.5), (palette.faint, 3), (palette.alert, 3.5)):
        assert _contrast(colour, palette.surface) >= least
        assert _contrast(colour, palette.background) >= least
