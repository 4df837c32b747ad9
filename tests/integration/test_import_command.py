"""``manage.py import``: what it prints and its exit status."""

import json

import pytest
from sqlalchemy import func, select

from core.commands import build_parser
from core.domain.errors import Invalid, NotFound
from core.importers.options import MappedColumn
from core.services import imports
from core.services.imports import Answers
from db.models import Project
from db.session import transaction
from tests.factories import SYSTEM, make_county
from tests.unit.importers.ledgers import COUNTY, PLAN, TOTAL, ledger, xlsx


@pytest.fixture
def county(sqlite_store):
    with transaction(SYSTEM) as tx:
        return make_county(tx, "兰山区")


def call(tmp_path, data, *options, name="台账.xlsx", kind="ledger"):
    path = tmp_path / name
    path.write_bytes(data)
    arguments = build_parser().parse_args(["import", kind, str(path), *options])
    return arguments.handler(arguments)


def run(*words):
    arguments = build_parser().parse_args(["import", *words])
    return arguments.handler(arguments)


def projects(store):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(Project)).scalar_one()


def test_import_command_clean_ledger_is_applied(tmp_path, capsys, sqlite_store, county):
    assert call(tmp_path, xlsx(ledger(3)), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    counts = {name: printed[name] for name in ("rows", "inserted", "changed", "unchanged", "quarantined")}
    assert counts == {"rows": 3, "inserted": 3, "changed": 0, "unchanged": 0, "quarantined": 0}
    assert printed["problems"] == []
    assert printed["totals"]["total_investment_yuan"] == 606_000_000
    assert projects(sqlite_store) == 3


def test_import_command_problems_are_placed_and_good_rows_applied(tmp_path, capsys, sqlite_store, county):
    rows = ledger(3)
    rows[4][TOTAL], rows[5][COUNTY], rows[3][PLAN] = "约5000", "火星区", 40_000
    rows[3][12] = ""
    assert call(tmp_path, xlsx(rows), "--json") == 2
    printed = json.loads(capsys.readouterr().out)
    assert [(p["code"], p["sheet"], p["row"], p["column"]) for p in printed["problems"]] == [
        ("annual_over_total", "台账", 4, "J 2026年计划投资（万元）"),
        ("approximate_amount", "台账", 5, "I 总投资（万元）"),
        ("county_unknown", "台账", 6, "D 县区"),
    ]
    assert (printed["inserted"], printed["quarantined"]) == (1, 2)
    assert projects(sqlite_store) == 1


def test_import_command_dry_run_writes_nothing(tmp_path, capsys, sqlite_store, county):
    assert call(tmp_path, xlsx(ledger(3)), "--dry-run") == 0
    assert capsys.readouterr().out.startswith("检查完成，未写入：共 3 行，新增 3，更新 0")
    assert projects(sqlite_store) == 0


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF-1.7", "file_type"), (b"", "file_empty"), (xlsx([["x", 1]]), "nothing_found")]
)
def test_import_command_unreadable_file_ends_with_1(tmp_path, capsys, sqlite_store, county, data, code):
    assert call(tmp_path, data, "--json") == 1
    printed = json.loads(capsys.readouterr().out)
    assert code in {problem["code"] for problem in printed["problems"]}
    assert printed["rows"] == 0


def test_import_command_missing_file_ends_with_1(tmp_path, capsys, sqlite_store, county):
    arguments = build_parser().parse_args(["import", "ledger", str(tmp_path / "无.xlsx")])
    assert arguments.handler(arguments) == 1
    assert "打不开文件" in capsys.readouterr().err


def foreign():
    return xlsx([["项目名称", "所在地方", "投资盘子（万元）"], ["甲", "兰山区", 9000]])


def test_import_command_map_settles_a_column(tmp_path, capsys, sqlite_store, county):
    maps = ("--map", "county=所在地方", "--map", "total_investment_yuan=投资盘子（万元）")
    assert call(tmp_path, foreign(), *maps, "--json") == 0
    assert json.loads(capsys.readouterr().out)["totals"] == {"total_investment_yuan": 90_000_000}
    assert projects(sqlite_store) == 1


def test_import_command_malformed_map_or_unknown_profile_is_named(tmp_path, sqlite_store, county):
    with pytest.raises(Invalid, match="“所在地方”应写成 字段=表头"):
        call(tmp_path, foreign(), "--map", "所在地方")
    with pytest.raises(Invalid, match="没有名为“市表”的方案。可选：还没有方案"):
        call(tmp_path, foreign(), "--profile", "市表")


def test_import_command_profile_is_used_by_name_found_by_itself_and_refused(tmp_path, capsys, sqlite_store, county):
    mapping = (MappedColumn("所在地方", "county"), MappedColumn("投资盘子（万元）", "total_investment_yuan"))
    shown = imports.preview(SYSTEM, "ledger", "a.xlsx", foreign(), Answers(mapping=mapping))
    imports.save_profile(SYSTEM, shown.batch_id, "市表")
    for options, profile in (((), "市表"), (("--profile", "市表"), "市表"), (("--profile", "none"), "")):
        call(tmp_path, foreign(), "--dry-run", "--json", *options)
        assert json.loads(capsys.readouterr().out)["profile"] == profile


def test_import_command_says_the_same_as_the_screen(tmp_path, capsys, sqlite_store, county):
    rows = ledger(3)
    rows[4][TOTAL], rows[5][COUNTY] = "约5000", "火星区"
    call(tmp_path, xlsx(rows), "--dry-run", "--json")
    printed = json.loads(capsys.readouterr().out)
    shown = imports.preview(SYSTEM, "ledger", "台账.xlsx", xlsx(rows))
    assert printed["totals"] == dict(shown.totals)
    told = [p["message"] for p in [*printed["problems"], *printed["notes"]]]
    assert sorted(told) == sorted(p.message for p in shown.problems)
    counts = (printed["rows"], printed["inserted"], printed["quarantined"])
    assert counts == (shown.row_count, len(shown.inserted), len(shown.quarantined))


def test_import_command_undo_takes_a_batch_back(tmp_path, capsys, sqlite_store, county):
    call(tmp_path, xlsx(ledger(2)), "--json")
    batch = str(json.loads(capsys.readouterr().out)["batch"])
    assert run("undo", batch, "--reason", "传错文件", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["restored"], printed["kept"], printed["removed"] > 2) == (0, [], True)
    assert projects(sqlite_store) == 0
    assert run("undo", "第一批") == 1
    assert "请写批次号" in capsys.readouterr().err


def test_import_command_undo_names_what_stays(tmp_path, capsys, sqlite_store, county):
    call(tmp_path, xlsx(ledger(1)), "--json")
    batch = str(json.loads(capsys.readouterr().out)["batch"])
    with transaction(SYSTEM) as tx:
        tx.update(Project, 1, {"remark": "刚改过"}, expected_version=1)
    assert run("undo", batch, "--reason", "传错文件") == 2
    assert "[保留] 项目“第1号智能装备产业园”：导入之后又有修改，保留该记录（system）" in capsys.readouterr().out
    assert projects(sqlite_store) == 1


def test_import_command_lists_kinds_and_refuses_unknown_ones(tmp_path, capsys, sqlite_store, county):
    assert run("list") == 0
    assert "ledger      项目台账" in capsys.readouterr().out
    with pytest.raises(NotFound, match="没有“colours”这类导入内容。可选：ledger"):
        call(tmp_path, b"x", kind="colours")
    assert run("ledger") == 1
    assert "请写明文件" in capsys.readouterr().err
