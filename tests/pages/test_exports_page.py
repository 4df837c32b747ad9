"""导出中心: who may open it, what the choices lead to, what the file holds."""

import json
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from core.domain.terms import Role
from core.services import exports, figures
from core.services.exports import ExportForm
from db.session import transaction
from pages.components import export_button, state
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_county, make_parcel, make_project
from tests.support.screens import texts

SCRIPT = "admin/exports.py"
LEADER = make_actor(Role.LEADER)


@pytest.fixture
def city(sqlite_store):
    with transaction(SYSTEM) as tx:
        north, south = make_county(tx, "北固县"), make_county(tx, "南屏区")
        make_project(tx, north, "安澜大桥")
        make_project(tx, south, "=1+1")
    figures.version()
    return {"north": north, "south": south}


@pytest.fixture
def handed_out(monkeypatch):
    """Every file that a click on a download would make, made at once: AppTest cannot click it."""
    made = []
    plain = exports.export
    monkeypatch.setattr(exports, "export", lambda *a, **k: made.append(plain(*a, **k)) or made[-1])

    def press(label, data, **how):
        made.append((label, how["file_name"], data()))

    monkeypatch.setattr(export_button.st, "download_button", press)
    return made


def shown(made, label):
    return next(one for one in reversed(made) if isinstance(one, tuple) and one[0] == label)


def test_exports_anonymous_is_sent_to_sign_in(city, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.selectbox


def test_exports_without_permission_shows_nothing(city, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.AUDITOR))
    assert "没有“导出”权限" in screen.warning[0].value
    assert not screen.selectbox


def test_exports_offers_kind_form_and_template(city, open_screen, handed_out):
    screen = open_screen(SCRIPT, LEADER)
    assert not screen.exception
    assert screen.selectbox(key=Key.EXPORT_KIND.value).value == "ledger"
    _, name, content = shown(handed_out, "导出重大项目台账")
    assert name.endswith("重大项目台账_20261122.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("项目台账").to_python()
    assert {row[3] for row in rows[4:]} == {"合计 2 项", "安澜大桥", "=1+1"}
    assert shown(handed_out, "空白模板")[1] == "重大项目台账_空白模板.xlsx"


def test_exports_follow_filter_and_form(city, open_screen, handed_out):
    screen = open_screen(SCRIPT, LEADER)
    screen.multiselect(key=Key.EXPORT_COUNTIES.value).set_value([city["south"]]).run()
    screen.button_group(key=state.variant(Key.EXPORT_FORM, "ledger")).set_value(ExportForm.CSV).run()
    _, name, content = shown(handed_out, "导出重大项目台账")
    lines = content.decode("utf-8-sig").splitlines()
    assert name.endswith(".csv")
    assert len(lines) == 2
    assert "'=1+1" in lines[1]


def test_exports_empty_store_still_gives_a_sheet(sqlite_store, open_screen, handed_out):
    screen = open_screen(SCRIPT, LEADER)
    assert not screen.exception
    assert "导出中心" in texts(screen)
    assert shown(handed_out, "导出重大项目台账")[2].startswith(b"PK")


def test_exports_failure_is_told_in_chinese(city, open_screen, monkeypatch):
    def fail(*_args, **_how):
        raise RuntimeError("boom")

    monkeypatch.setattr(exports, "kinds", fail)
    screen = open_screen(SCRIPT, LEADER)
    assert "boom" not in texts(screen)
    assert screen.error


def _choose(screen, kind, form):
    screen.selectbox(key=Key.EXPORT_KIND.value).set_value(kind).run()
    return screen.button_group(key=state.variant(Key.EXPORT_FORM, kind)).set_value(form).run()


def test_exports_plots_ask_for_a_zone_and_say_what_stays_out(city, open_screen, handed_out):
    with transaction(SYSTEM) as tx:
        make_parcel(tx, city["north"], west=117.5, south=35.0)
        make_parcel(tx, city["south"], geometry="", center_longitude=None, center_latitude=None)
    screen = _choose(open_screen(SCRIPT, LEADER), "parcels", ExportForm.TXT)
    assert screen.selectbox(key=state.variant(Key.EXPORT_ZONE, "txt")).options == ["39 带（中央经线 117°）"]
    assert not screen.multiselect
    assert "共 1 条。另有 1 个地块没有界址点坐标，不在文件内。" in texts(screen)
    _, name, content = shown(handed_out, "导出地块")
    assert name.endswith("_39带.txt")
    assert "带号=39" in content.decode("gb18030")
    _choose(screen, "parcels", ExportForm.SHP)
    assert shown(handed_out, "导出地块")[1].endswith("_20261122_shp.zip")
    screen.selectbox(key=state.variant(Key.EXPORT_ZONE, "shp")).set_value(39).run()
    assert shown(handed_out, "导出地块")[1].endswith("_20261122_39带_shp.zip")
    assert not screen.exception


def test_exports_package_follows_the_filter(city, open_screen, handed_out):
    screen = _choose(open_screen(SCRIPT, LEADER), "ledger", ExportForm.OC4IDS)
    screen.multiselect(key=Key.EXPORT_COUNTIES.value).set_value([city["north"]]).run()
    assert "共 1 条。" in texts(screen)
    package = json.loads(shown(handed_out, "导出重大项目台账")[2])
    assert [project["title"] for project in package["projects"]] == ["安澜大桥"]


@pytest.mark.parametrize(("kind", "form"), [("milestones", ExportForm.ICS), ("parcels", ExportForm.GEOJSON)])
def test_exports_form_with_nothing_to_carry_offers_no_file(city, open_screen, handed_out, kind, form):
    screen = _choose(open_screen(SCRIPT, LEADER), kind, form)
    assert screen.info[0].value == "没有可以导出的数据。请放宽筛选条件，或先在导入中心导入。"
    handed_out.clear()
    screen.run()
    assert handed_out == []
    assert not screen.exception
