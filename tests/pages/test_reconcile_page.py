"""勾稽核对: who may open it, what a file shows, what it leaves in the store."""

import pytest
from sqlalchemy import select

from core.domain.terms import Role
from core.services import figures
from db.models import AuditEvent
from pages.components.state import Key
from tests.factories import make_actor
from tests.support.screens import texts
from tests.unit.importers.ledgers import xlsx
from tests.unit.importers.summaries import qinzhou, yunfu

SCRIPT = "admin/reconcile.py"
OFFICE = make_actor(Role.SUPERVISOR)
EVIL = '<img src=x onerror="alert(1)">*粗*合计'


@pytest.fixture
def city(sqlite_store):
    figures.version()
    return sqlite_store


def _check(screen, data: bytes, name: str = "汇总.xlsx"):
    screen.file_uploader(key=Key.RECONCILE_FILE.value).set_value((name, data, "application/octet-stream"))
    return next(button for button in screen.button if button.label == "开始核对").click().run()


def test_reconcile_anonymous_is_sent_to_sign_in(city, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.file_uploader


def test_reconcile_without_permission_shows_nothing(city, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.AUDITOR))
    assert "没有“查看项目”权限" in screen.warning[0].value
    assert not screen.file_uploader


def test_reconcile_empty_store_waits_for_a_file(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    assert not screen.exception
    assert not screen.metric


def test_reconcile_submit_without_file_asks_for_one(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    next(button for button in screen.button if button.label == "开始核对").click().run()
    assert screen.warning[0].value == "请先选择汇总表文件。"


def test_reconcile_wrong_table_shows_counts_findings_and_relations(city, open_screen):
    screen = _check(open_screen(SCRIPT, OFFICE), xlsx(qinzhou()))
    assert not screen.exception
    assert {metric.label: metric.value for metric in screen.metric} == {
        "表格": "1", "核对单元格": "7", "一致": "5", "须核对": "2", "说明": "0",
    }  # fmt: skip
    findings, checks = (element.value for element in screen.dataframe)
    assert list(findings["行"]) == [7, 7]
    assert list(findings["填写"]) == ["218", "1,570,400"]
    assert list(findings["应为"]) == ["219", "1,580,400"]
    assert checks["关系"].iloc[0] == "第7行“合计” = 第4–6行相加"
    assert list(checks["一致格数"]) == [1, 4]
    with city.read() as connection:
        assert connection.execute(select(AuditEvent.action)).scalars().all()[-1] == "reconcile"


def test_reconcile_agreeing_table_says_so(city, open_screen):
    screen = _check(open_screen(SCRIPT, OFFICE), xlsx(yunfu()))
    assert "核对过的数字全部一致。" in texts(screen)
    assert {metric.label: metric.value for metric in screen.metric}["须核对"] == "0"


@pytest.mark.parametrize(
    ("data", "words"), [(b"%PDF-1.7", "不能读取PDF"), (xlsx([["县区", "县长"]]), "没有找到带表头和数字的表格")]
)
def test_reconcile_bad_file_is_told_in_chinese_and_clears_the_former_result(city, open_screen, data, words):
    screen = _check(open_screen(SCRIPT, OFFICE), xlsx(qinzhou()))
    screen = _check(screen, data)
    assert words in screen.error[0].value.replace("\\", "").replace(" ", "")
    assert not screen.metric


def test_reconcile_hostile_words_stay_words(city, open_screen):
    rows = qinzhou()
    rows[6][1] = EVIL
    screen = _check(open_screen(SCRIPT, OFFICE), xlsx(rows), "<b>汇总</b>.xlsx")
    assert not screen.exception
    assert "\\<b\\>" in screen.subheader[0].value
