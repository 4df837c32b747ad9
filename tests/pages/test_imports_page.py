"""导入中心: who may open it, what an upload shows, what a confirmation stores."""

import pytest
import streamlit as st
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


def _table(screen, column: str):
    """The first table with a column of that name."""
    return next(table.value for table in screen.dataframe if column in table.value)


def _pick(screen, position: int):
    """Pick a batch of the history, the latest is 0."""
    batches = imports.list_batches(OFFICE)
    key = state.variant(Key.IMPORT_HISTORY, batches[0].id)
    screen.session_state[key] = {"selection": {"rows": [position], "columns": [], "cells": []}}
    return screen.run()


def _type(screen, key: str, cells: dict[int, dict[str, str]]):
    screen.session_state[key] = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}


def _batch(store):
    with store.read() as connection:
        statement = select(ImportBatch.__table__).order_by(ImportBatch.id.desc())
        return dict(connection.execute(statement).mappings().first())


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


def test_imports_security_administrator_is_offered_accounts_only(city, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.SECURITY_ADMIN))
    assert not screen.exception
    kind = next(box for box in screen.selectbox if box.label == "内容")
    assert kind.options == ["用户"]


def test_imports_empty_store_says_so(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    assert "还没有导入记录" in texts(screen)
    assert not screen.exception


def test_imports_submit_without_file_asks_for_one(city, open_screen):
    screen = open_screen(SCRIPT, OFFICE)
    _button(screen, "检查文件").click().run()
    assert screen.warning[0].value == "请先选择文件。"


def test_imports_preview_shows_counts_and_writes_nothing(city, open_screen, sqlite_store):
    rows = ledger(4)
    rows[4][TOTAL], rows[5][COUNTY], rows[3][NAME] = "约5000", "火星区", EVIL
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    assert not screen.exception
    assert {metric.label: metric.value for metric in screen.metric} == {
        "行数": "4",
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
    assert EVIL in list(_table(screen, "编号")["名称"])
    assert _count(sqlite_store, Project) == 0


def test_imports_confirmation_stores_the_rows(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(ledger(3)))
    _button(screen, "确认导入 3 项").click().run()
    assert _count(sqlite_store, Project) == 3
    assert "新增 3 项" in screen.success[0].value.replace("\\", "")
    assert not screen.metric
    assert list(_table(screen, "状态")["状态"]) == ["已导入"]


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
    assert list(_table(screen, "导入后")["导入后"]) == ["30,000.00 万元"]
    with transaction(SYSTEM) as tx:
        tx.update(Project, 1, {"remark": "刚改过"}, expected_version=1)
    _button(screen, "确认导入").click().run()
    assert "预览之后系统中的数据有变动" in screen.error[0].value
    with sqlite_store.read() as connection:
        assert connection.execute(select(Project.total_investment_yuan)).scalar_one() == 201_000_000


def _dirty():
    rows = ledger(4)
    rows[4][TOTAL], rows[5][COUNTY] = "约5000", "火星区"
    return rows


def test_imports_bad_cells_are_mended_in_place_and_applied(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(_dirty()))
    grid = screen.get("data_editor")[0].value
    assert list(grid["列"]) == ["I 总投资（万元）", "D 县区"]
    assert list(grid["文件中"]) == ["约5000", "火星区"]
    batch_id = _batch(sqlite_store)["id"]
    _type(screen, state.variant(Key.IMPORT_MENDS, batch_id, 2), {0: {"改为": "20500"}, 1: {"改为": "兰山区"}})
    _button(screen, "保存修改并重新检查").click().run()
    assert not screen.exception
    assert next(metric.value for metric in screen.metric if metric.label == "未导入") == "0"
    _button(screen, "确认导入 4 项").click().run()
    assert _count(sqlite_store, Project) == 4


def test_imports_save_without_a_mend_says_what_to_do(city, open_screen, sqlite_store):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(_dirty()))
    batch_id = _batch(sqlite_store)["id"]
    _type(screen, state.variant(Key.IMPORT_MENDS, batch_id, 2), {})
    _button(screen, "保存修改并重新检查").click().run()
    assert "还没有修改" in texts(screen)


def test_imports_question_is_asked_only_where_the_file_leaves_one(city, open_screen):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(ledger(2)))
    assert "文件没有写明，请确认" not in texts(screen)
    rows = [["项目名称", "县区", "总投资（万元）", "本年累计完成（万元）"], ["甲", "兰山区", 9000, 100]]
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    assert "文件没有写明，请确认" in texts(screen)
    month = next(box for box in screen.selectbox if box.label == "累计截至月份")
    month.set_value(10)
    _button(screen, "按此重新检查").click().run()
    assert "文件没有写明，请确认" not in texts(screen)
    assert not screen.exception


def test_imports_column_is_settled_by_hand_and_kept_as_a_profile(city, open_screen, sqlite_store):
    rows = [["项目名称", "所在地方", "总投资（万元）"], ["甲", "兰山区", 9000]]
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    batch_id = _batch(sqlite_store)["id"]
    _type(screen, state.variant(Key.IMPORT_COLUMNS, batch_id, "台账", "", ""), {1: {"含义": "县区"}})
    _button(screen, "按此对应重新检查").click().run()
    assert next(metric.value for metric in screen.metric if metric.label == "新增") == "1"
    name = next(box for box in screen.text_input if box.label == "方案名称")
    name.set_value("乡镇报来的表")
    _button(screen, "保存").click().run()
    assert [row.name for row in imports.list_profiles(OFFICE)] == ["乡镇报来的表"]
    again = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    assert "已按方案“乡镇报来的表”识别各列" in texts(again)
    _button(again, "不用方案").click().run()
    assert "已按方案" not in texts(again)


def test_imports_history_undoes_a_batch_with_its_reason(city, open_screen, sqlite_store):
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(ledger(2))).batch_id)
    with transaction(make_actor(Role.SUPERVISOR, login="li")) as tx:
        tx.update(Project, 1, {"remark": "刚改过"}, expected_version=1)
    screen = _pick(open_screen(SCRIPT, OFFICE), 0)
    reason = next(box for box in screen.text_input if box.label == "撤销原因")
    reason.set_value("传错文件")
    _button(screen, "撤销该批次").click().run()
    assert not screen.exception
    assert _count(sqlite_store, Project) == 1
    assert "已撤销" in screen.success[0].value
    kept = _table(screen, "修改人")
    assert kept.iloc[0]["名称"] == "第1号智能装备产业园"
    assert kept.iloc[0]["修改人"] == "li"
    assert _batch(sqlite_store)["status"] == "undone"


def test_imports_history_undo_without_reason_is_refused(city, open_screen, sqlite_store):
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(ledger(1))).batch_id)
    screen = _pick(open_screen(SCRIPT, OFFICE), 0)
    _button(screen, "撤销该批次").click().run()
    assert "请填写撤销原因" in screen.error[0].value
    assert _count(sqlite_store, Project) == 1


def test_imports_history_opens_what_was_set_aside(city, open_screen, sqlite_store):
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(_dirty())).batch_id)
    screen = _pick(open_screen(SCRIPT, OFFICE), 0)
    _button(screen, "修改未导入的行").click().run()
    assert not screen.exception
    batch = _batch(sqlite_store)
    assert (batch["parent_id"], batch["row_count"], batch["status"]) == (1, 2, "checked")
    assert list(screen.get("data_editor")[0].value["位置"]) == ["第 5 行", "第 6 行"]


def _ended_while_writing(monkeypatch, *, is_written: bool) -> None:
    """A click on 取消 ends the run: before anything is written, or when everything is."""
    apply = imports.apply

    def ended(*args, **named):
        if is_written:
            apply(*args, **named)
        st.stop()

    monkeypatch.setattr(imports, "apply", ended)


@pytest.mark.parametrize(
    ("is_written", "told", "status", "count"),
    [
        (False, "已取消，没有写入任何数据", "checked", 0),
        (True, "取消时已经写完，数据已导入", "applied", 2),
    ],
    ids=["in time", "too late"],
)
def test_imports_cancel_says_what_became_of_the_batch(
    city, open_screen, sqlite_store, monkeypatch, is_written, told, status, count
):
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(ledger(2)))
    _ended_while_writing(monkeypatch, is_written=is_written)
    _button(screen, "确认导入 2 项").click().run()
    _button(screen, "取消").click().run()
    assert told in screen.success[0].value.replace("\\", "")
    assert (_batch(sqlite_store)["status"], _count(sqlite_store, Project)) == (status, count)
    assert any(button.label == "确认导入 2 项" for button in screen.button) is not is_written
    assert not any(button.label == "取消" for button in screen.button)


def test_imports_stated_sums_are_shown(city, open_screen):
    rows = ledger(3)
    rows.insert(3, ["合计", "", "3项", *[""] * 5, 60_600, 15_000, *[""] * 7])
    screen = _upload(open_screen(SCRIPT, OFFICE), xlsx(rows))
    sums = _table(screen, "文件写明")
    assert (sums.iloc[0]["结果"], sums.iloc[0]["列"]) == ("不符", "J 2026年计划投资（万元）")
    assert sums.iloc[0]["相差"] == "150.00 万元"


def test_imports_service_error_is_told_under_a_number(city, open_screen, monkeypatch):
    def broken(*_args, **_named):
        raise RuntimeError("boom")

    monkeypatch.setattr("core.services.imports.list_batches", broken)
    screen = open_screen(SCRIPT, OFFICE)
    assert not screen.exception
    assert "boom" not in texts(screen)
    assert screen.error


def test_imports_chosen_key_decides_what_is_matched(city, open_screen):
    imports.apply(OFFICE, imports.preview(OFFICE, "ledger", "a.xlsx", xlsx(ledger(1))).batch_id)
    rows = ledger(1)
    rows[3][NAME] = "改了名字的产业园"
    for key, changed in (("auto", "1"), ("name_county", "0")):
        screen = open_screen(SCRIPT, OFFICE)
        screen.selectbox(key=Key.IMPORT_KEY.value).set_value(key)
        screen = _upload(screen, xlsx(rows))
        assert next(metric.value for metric in screen.metric if metric.label == "更新") == changed
