"""``manage.py import ledger``: what it prints and its exit status."""

import json

import pytest
from sqlalchemy import func, select

from core.commands import build_parser
from db.models import Project
from db.session import transaction
from tests.factories import SYSTEM, make_county
from tests.unit.importers.ledgers import COUNTY, PLAN, TOTAL, ledger, xlsx


@pytest.fixture
def county(sqlite_store):
    with transaction(SYSTEM) as tx:
        return make_county(tx, "兰山区")


def call(tmp_path, data, *options, name="台账.xlsx"):
    path = tmp_path / name
    path.write_bytes(data)
    arguments = build_parser().parse_args(["import", "ledger", str(path), *options])
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
