"""导入中心: who may open it, what an upload shows, what a confirmation stores."""

import pytest
from sqlalchemy import func, select

from core.domain.terms import Role
from core.services import figures, imports
from db.models import ImportBatch, Project
from db.session import transaction
from pages.components import state
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_county
from tests.support.screens import texts
from tests.unit.importers.ledgers import COUNTY, NAME, TOTAL, ledger, xlsx

SCRIPT = "admin/imports.py"
OFFICE = make_actor(Role.SUPERVISOR)
EVIL = '<img src=x onerror="alert(1)">*粗*工程'


@pytest.fixture
def city(sqlite_store):
    figures.version()
    with transaction(SYSTEM) as tx:
        return make_county(tx, "兰山区")


def _count(store, model) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def _button(screen, label: str):
    return next(button for button in screen.button if button.label.startswith(label))


def _upload(screen, data: bytes, name: str = "台账.xlsx"):
    key = state.variant(Key.IMPORT_FILE, 0)
    screen.file_uploader(key=key).set_value((name, data, "application/octet-stream"))
    return _button(screen, "检查文件").click().run()


def test_imports_anonymous_is_sent_to_sign_in(city, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.file_uploader


def test_imports_without_permission_shows_nothing(city, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.LEADER))
    assert "没有“导入台账”权限" in screen.warning[0].value
    assert not screen.file_uploader


def test_imports_empty_store_says_so(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    assert "还没有导入记录" in texts(screen)
    assert not screen.exception


def test_imports_submit_without_file_asks_for_one(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    _button(screen, "检查文件").click().run()
    assert screen.warning[0].value == "请先选择台账文件。"


def test_imports_preview_shows_counts_and_writes_nothing(city, open_screen, sqlite_store):
    rows = ledger(4)
    rows[4][TOTAL], rows[5][COUNTY], rows[3][NAME] = "约5000", "火星区", EVIL
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    assert not screen.exception
    assert {metric.label: metric.value for metric in screen.metric} == {
        "项目行": "4",
        "新增": "2",
        "更新": "0",
        "无变化": "0",
        "未导入": "2",
        "总投资（亿元）": "4.05",
    }
    problems = screen.dataframe[0].value
    assert list(problems["处理"]) == ["未导入", "未导入", "说明"]
    assert list(problems["行"])[:2] == [5, 6]
    assert list(problems["列"])[:2] == ["I 总投资（万元）", "D 县区"]
    assert EVIL in list(screen.dataframe[1].value["项目名称"])
    assert _count(sqlite_store, Project) == 0


def test_imports_confirmation_stores_the_rows(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(ledger(3)))
    _button(screen, "确认导入 3 项").click().run()
    assert _count(sqlite_store, Project) == 3
    assert "新增 3 项" in screen.success[0].value.replace("\\", "")
    assert not screen.metric
    assert list(screen.dataframe[0].value["状态"]) == ["已导入"]


def test_imports_given_up_preview_is_rejected(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(ledger(3)))
    _button(screen, "放弃").click().run()
    assert _count(sqlite_store, Project) == 0
    with sqlite_store.read() as connection:
        assert connection.execute(select(ImportBatch.status)).scalars().all() == ["rejected"]


def test_imports_unreadable_file_is_told_in_chinese(city, open_screen):
    screen = _upload(open_screen(SCRIPT, OFFICE), b"%PDF-1.7", "扫描.xlsx")
    assert "不能读取PDF" in screen.error[0].value.replace("\\", "").replace(" ", "")
    assert not screen.metric


def test_imports_same_file_again_is_told(city, open_screen):
    data = xlsx(ledger(2))
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "a.xlsx", data).batch_id)
    screen = _upload(open_screen(SCRIPT, OFFICE), data)
    assert "内容完全相同" in screen.warning[0].value
    assert _button(screen, "确认导入 0 项").disabled


def test_imports_changed_store_is_told_and_nothing_written(city, open_screen, sqlite_store):
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(ledger(1))).batch_id)
    rows = ledger(1)
    rows[3][TOTAL] = 30_000
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    assert list(screen.dataframe[0].value["导入后"]) == ["30,000.00 万元"]
    with transaction(SYSTEM) as tx:
        tx.update(Project, 1, {"remark": "刚改过"}, expected_version=1)
    _button(screen, "确认导入").click().run()
    assert "预览之后系统中的数据有变动" in screen.error[0].value
    with sqlite_store.read() as connection:
        assert connection.execute(select(Project.total_investment_yuan)).scalar_one() == 201_000_000
