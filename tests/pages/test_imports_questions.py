"""导入中心: what a file leaves open, columns that are proposed, profiles, templates, first passwords."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.domain.terms import Role
from core.services import figures, imports, passwords
from core.services.exports import TEMPLATES
from db.models import County, Project, Setting, User
from db.session import transaction
from pages.components import state
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_county
from tests.unit.importers.land_files import feature, geojson, lonlat_square
from tests.unit.importers.ledgers import UNIT, ledger, xlsx
from tests.unit.importers.test_proposals import with_header

SCRIPT = "admin/imports.py"
OFFICE = make_actor(Role.SUPERVISOR)
SECURITY = make_actor(Role.SECURITY_ADMIN, login="security")
ACCOUNTS = [["用户名", "姓名", "角色"], ["li.si", "李四", "督查"], ["wang.wu", "王五", "领导"]]


@pytest.fixture
def city(sqlite_store):
    figures.version()
    with transaction(SYSTEM) as tx:
        make_county(tx, "兰山区")


def _button(screen, label: str):
    return next(button for button in screen.button if button.label.startswith(label))


def _box(screen, label: str):
    return next(box for group in (screen.selectbox, screen.text_input) for box in group if box.label == label)


def _metrics(screen) -> dict[str, str]:
    return {metric.label: metric.value for metric in screen.metric}


def _upload(screen, data: bytes, name: str = "表.xlsx", kind: str = ""):
    screen.file_uploader(key=state.variant(Key.IMPORT_FILE, 0)).set_value((name, data, "application/octet-stream"))
    screen.run()
    if kind:
        _box(screen, "内容").set_value(kind)
    return _button(screen, "检查文件").click().run()


def _columns(screen):
    return next(grid.value for grid in screen.get("data_editor") if "依据" in grid.value)


def _edit(screen, cells: dict[int, dict[str, str]], asked: str = "") -> None:
    key = state.variant(Key.IMPORT_COLUMNS, imports.list_batches(OFFICE)[0].id, "台账", "", asked)
    screen.session_state[key] = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}


def test_first_passwords_are_shown_once_and_gone_when_the_screen_is_left(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, SECURITY), xlsx(ACCOUNTS))
    _button(screen, "确认导入 2 项").click().run()
    assert not screen.exception
    lines = [line.split("\t") for line in screen.code[0].value.splitlines()]
    assert lines[0] == ["用户名", "初始密码"]
    with sqlite_store.read() as connection:
        hashes = dict(map(tuple, connection.execute(select(User.login, User.password_hash))))
    assert [passwords.matches(hashes[login], password) for login, password in lines[1:]] == [True, True]
    assert any("离开本页后无法再查看" in text.value for text in screen.markdown)
    _button(screen, "已转交，关闭").click().run()
    assert not screen.code
    assert Key.IMPORT_HANDOVER.value not in screen.session_state


def test_handed_out_secret_does_not_outlive_its_screen(city, open_screen):
    screen = open_screen("admin/users.py", SECURITY)
    screen.session_state[Key.IMPORT_HANDOVER.value] = (("li.si", "geheim"),)
    screen.run()
    assert Key.IMPORT_HANDOVER.value not in screen.session_state


def test_decimal_mark_is_asked_and_obeyed(city, open_screen):
    header = "Project name;County;Total cost (RMB million);YTD Spend (RMB million)"
    text = f"{header}\nA;兰山区;12,5;1,250\nB;兰山区;13,75;1,300\n"
    screen = _upload(open_screen(SCRIPT, OFFICE), text.encode(), "a.csv")
    assert _metrics(screen)["未导入"] == "2"
    _box(screen, "数字写法").set_value(",")
    _button(screen, "按此重新检查").click().run()
    assert not screen.exception
    assert _metrics(screen)["新增"] == "2"
    assert _metrics(screen)["总投资（亿元）"] == "0.26"
    imports.save_profile(OFFICE, imports.list_batches(OFFICE)[0].id, "外方报来的表")
    again = imports.preview(OFFICE, "ledger", "b.csv", text.encode())
    assert (again.profile, len(again.inserted), len(again.quarantined)) == ("外方报来的表", 2, 0)


def test_coordinate_systems_start_with_the_zones_of_the_city(city, sqlite_store):
    assert [code for code, _ in imports.list_systems(OFFICE)][:3] == ["EPSG:4490", "EPSG:4326", "GCJ-02"]
    with transaction(SYSTEM) as tx:
        tx.update(County, 1, {"label_longitude": 120.1, "label_latitude": 35.0}, expected_version=1)
    listed = imports.list_systems(OFFICE)
    assert listed[1] == ("EPSG:4549", "CGCS2000 3度带 第40带（中央经线 120°）")
    assert len({code for code, _ in listed}) == len(listed) == 25


def test_coordinate_system_is_asked_where_the_file_names_none(city, open_screen):
    text = "点号,X,Y,地块名称,县区\n" + "".join(
        f"J{n},{x},{y},东片,兰山区\n"
        for n, (x, y) in enumerate([(3880000, 440700), (3880000, 440760), (3880060, 440760), (3880060, 440700)], 1)
    )
    screen = _upload(open_screen(SCRIPT, OFFICE), text.encode(), "界址.csv", "land")
    assert not screen.exception
    system = _box(screen, "坐标系")
    assert system.options[0] == "CGCS2000 经纬度"
    assert "CGCS2000 3度带 第39带（中央经线 117°）" in system.options
    system.set_value("EPSG:4548")
    _button(screen, "按此重新检查").click().run()
    assert (_metrics(screen)["新增"], _metrics(screen)["未导入"]) == ("1", "0")


def test_review_number_is_asked_for_boundaries_and_kept(city, open_screen, sqlite_store):
    data = geojson(feature(lonlat_square(118.0, 34.8, 0.4), name="兰山区"))
    screen = _upload(open_screen(SCRIPT, OFFICE), data, "县界.geojson", "boundaries")
    _box(screen, "审图号").set_value("GS（2024）0650号")
    _button(screen, "按此重新检查").click().run()
    assert not any(box.label == "审图号" for box in screen.text_input)
    _button(screen, "确认导入 1 项").click().run()
    with sqlite_store.read() as connection:
        kept = connection.execute(select(Setting.value).where(Setting.key == "map_review_number")).scalar_one()
    assert kept == '"GS（2024）0650号"'


def test_proposed_column_is_filled_in_and_read_once_confirmed(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(with_header(ledger(3), UNIT, "责认单位")))
    grid = _columns(screen).set_index("列")
    assert list(grid.loc["P 责认单位", ["含义", "依据"]]) == ["责任单位", "建议，待确认"]
    assert "像是“责任单位”" in grid.loc["P 责认单位", "需要确认"]
    total = grid.loc["I 总投资（万元）"]
    assert [total["含义"], total["单位"], total["依据"]] == ["总投资", "万元", "表头"]
    assert list(_columns(screen)["列"])[:2] == ["P 责认单位", "A 序号"]
    _edit(screen, {}, asked="15")
    _button(screen, "按此对应重新检查").click().run()
    assert not screen.exception
    assert _columns(screen).set_index("列").loc["P 责认单位", "依据"] == "已确认"
    _button(screen, "确认导入 3 项").click().run()
    with sqlite_store.read() as connection:
        assert connection.execute(select(Project.responsible_unit_id)).scalars().first() is not None


def test_columns_without_change_ask_for_one(city, open_screen):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(ledger(2)))
    _edit(screen, {})
    _button(screen, "按此对应重新检查").click().run()
    assert any("还没有修改" in box.value for box in screen.warning)


def test_monthly_column_is_named_with_its_month_and_takes_a_unit(city, open_screen, sqlite_store):
    rows = [["项目名称", "县区", "总投资（万元）", "3月计划（万元）"], ["甲", "兰山区", 9000, 100]]
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    line = _columns(screen).iloc[3]
    assert [line["含义"], line["口径"]] == ["月度计划（3月）", "3月"]
    _edit(screen, {3: {"单位": "元"}})
    _button(screen, "按此对应重新检查").click().run()
    assert not screen.exception
    assert list(_columns(screen).iloc[3][["含义", "单位", "依据"]]) == ["月度计划（3月）", "元", "已确认"]


def test_turned_table_is_mended_in_its_own_columns(city, open_screen, sqlite_store):
    names = ["项目名称", "县区", "总投资（万元）", "2026年计划投资（万元）", "计划开工时间", "责任单位"]
    good = ["甲产业园项目", "兰山区", 20000, 5000, "2026年3月", "市工信局"]
    bad = ["乙污水处理厂工程", "兰山区", "约2000", 3000, "2026年5月", "市住建局"]
    rows = [["2026年市重点项目情况表"], *([name, good[at], bad[at]] for at, name in enumerate(names))]
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    grid = screen.get("data_editor")[0].value
    assert (grid.iloc[0]["位置"], grid.iloc[0]["文件中"]) == ("C 列", "约2000")
    key = state.variant(Key.IMPORT_MENDS, imports.list_batches(OFFICE)[0].id, len(grid))
    screen.session_state[key] = {"edited_rows": {0: {"改为": "2000"}}, "added_rows": [], "deleted_rows": []}
    _button(screen, "保存修改并重新检查").click().run()
    assert (_metrics(screen)["新增"], _metrics(screen)["未导入"]) == ("2", "0")


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_template_follows_the_chosen_kind(city, kind):
    actor = SECURITY if kind == "users" else OFFICE
    book = load_workbook(BytesIO(imports.template(actor, kind).content), read_only=True)
    assert ["kind", kind] in [[cell.value for cell in row[:2]] for row in book["_schema"].iter_rows()]


def test_template_is_offered_where_files_are_filled_in_by_hand(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    assert [button.proto.label for button in screen.get("download_button")] == ["下载空白模板"]
    _box(screen, "内容").set_value("schedule").run()
    assert not screen.get("download_button")


def test_profile_is_listed_and_taken_out_of_use(city, open_screen):
    shown = imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(ledger(1)))
    imports.save_profile(OFFICE, shown.batch_id, "乡镇报来的表")
    screen = open_screen(SCRIPT, OFFICE)
    assert "乡镇报来的表" in [text.value for text in screen.text]
    _button(screen, "停用").click().run()
    assert not imports.list_profiles(OFFICE)
    assert "已停用" in screen.success[0].value
