"""大屏 as a screen: who sees it, what the frame is given, that a message replaces it when something is wrong."""

import json

import pytest

from core.domain.errors import StoreBusy
from core.domain.terms import Role
from core.services import wall
from core.settings import get_settings
from pages.components.wall import pictures, shell
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project
from tests.support.screens import texts

SCRIPT = "posture/wall.py"


@pytest.fixture(autouse=True)
def fresh_gallery(monkeypatch):
    monkeypatch.setattr(shell, "gallery", pictures.Gallery())


def _data(screen) -> dict:
    (component,) = screen.get("bidi_component")
    return json.loads(component.proto.json)[0]


def test_wall_page_anonymous_is_sent_to_sign_in(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.get("bidi_component")


def test_wall_page_wrong_role_is_told_so(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.AUDITOR))
    assert "查看大屏" in screen.warning[0].value
    assert not screen.get("bidi_component")


def test_wall_page_display_gets_frame_and_first_picture_without_links(sqlite_store, open_screen):
    with sqlite_store.transaction(SYSTEM) as tx:
        make_project(tx, make_county(tx, "甲县"), "一号工程", plan_yuan=12 * YI, done_yuan={10: 3 * YI})
    data = _data(open_screen(SCRIPT, make_actor(Role.DISPLAY)))
    picture = data["picture"]
    assert picture["version"].startswith(wall.version(make_actor(Role.DISPLAY)).key)
    assert "<b>25.0</b>" in picture["panels"]["tile_progress"]
    assert "欠序时 58.3 个百分点" in picture["panels"]["tile_progress"]
    assert "一号工程" in picture["panels"]["severe"]
    assert not any("href=" in html for html in picture["panels"].values())
    assert [f'data-tab="{scene.code}"' in data["frame"] for scene in shell.SCENES] == [True] * len(shell.SCENES)
    assert get_settings().city_name in data["frame"]
    assert data["scene_seconds"] == get_settings().wall_scene_seconds


def test_wall_page_person_can_open_every_figure(sqlite_store, open_screen):
    with sqlite_store.transaction(SYSTEM) as tx:
        project = make_project(tx, make_county(tx, "甲县"), "一号工程", done_yuan={10: 0})
    panels = _data(open_screen(SCRIPT, make_actor(Role.LEADER)))["picture"]["panels"]
    assert 'href="/ledger?measure=projects"' in panels["tile_projects"]
    assert 'href="/ledger?measure=unstarted"' in panels["tile_start"]
    assert 'href="/ledger?flag=ok%2Cnotice"' in panels["tile_flags"]
    assert f'href="/project?id={project}"' in panels["severe"]


def test_wall_page_empty_store_says_what_to_do(sqlite_store, open_screen):
    panels = _data(open_screen(SCRIPT, make_actor(Role.DISPLAY)))["picture"]["panels"]
    assert "今年清单还没有项目，请先导入台账" in panels["tile_projects"]
    assert "在台账中填写年度计划后" in panels["curve"]
    assert "导入县区边界或地块矢量后" in panels["overview_live"]
    assert "<b>—</b>" in panels["tile_start"]


def test_wall_page_scenes_follow_the_settings(sqlite_store, open_screen, monkeypatch):
    chosen = get_settings().model_copy(update={"wall_scenes": ("land", "unknown", "overview")})
    monkeypatch.setattr(shell, "get_settings", lambda: chosen)
    frame = _data(open_screen(SCRIPT, make_actor(Role.DISPLAY)))["frame"]
    assert frame.index('data-scene="land"') < frame.index('data-scene="overview"')
    assert 'data-scene="supervision"' not in frame


def test_wall_page_service_error_is_spoken_in_chinese(sqlite_store, open_screen, monkeypatch):
    def fail(_actor):
        raise StoreBusy

    monkeypatch.setattr(wall, "view", fail)
    screen = open_screen(SCRIPT, make_actor(Role.DISPLAY))
    assert StoreBusy.default_message in texts(screen).replace("\\", "")
