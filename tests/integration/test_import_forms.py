"""Ledgers in other clothes (Word, turned, foreign, without header) end in the store as they mean."""

import json

import pytest
from sqlalchemy import select

from core.commands import build_parser
from core.services import imports
from core.services.imports import Answers, MappedColumn
from db.models import Project
from db.session import transaction
from tests.factories import SYSTEM, make_county
from tests.unit.importers.ledgers import ledger, xlsx
from tests.unit.importers.test_formats import word
from tests.unit.importers.test_turned import A, turned

FOREIGN = (
    "Project Name;County;Total Cost (RMB million);YTD Spend (RMB million);Start Date\n"
    "Ring Road Section 1;兰山区;1.250,50;1,234;31/12/2025\n"
    "Ring Road Section 2;兰山区;980,5;0;03/04/2026\n"
)


@pytest.fixture
def county(store):
    with transaction(SYSTEM) as tx:
        return make_county(tx, "兰山区")


def stored(store):
    """Return (name, total in 元, planned start) of every project by name."""
    with store.read() as connection:
        rows = connection.execute(
            select(Project.name, Project.total_investment_yuan, Project.start_planned_on).order_by(Project.name)
        )
        return [tuple(row) for row in rows]


def test_word_ledger_is_stored(store, county):
    data = word(ledger(2)[2:], ["2026年市重点项目调度表", "单位：万元"])
    result = imports.import_now(SYSTEM, "ledger", "台账.docx", data, dry_run=False)
    assert (result.row_count, len(result.inserted), result.quarantined) == (2, 2, ())
    assert [(name, total) for name, total, _ in stored(store)] == [
        ("第1号智能装备产业园", 201_000_000),
        ("第2号智能装备产业园", 202_000_000),
    ]


def test_turned_ledger_mended_in_its_grid_is_stored(store, county):
    bad = ["乙污水处理厂工程", "兰山区", "约2000", 300, "2026年5月", "市住建局"]
    shown = imports.preview(SYSTEM, "ledger", "表.xlsx", xlsx(turned(A, bad)))
    (row,) = shown.quarantined
    (cell,) = [cell for cell in row.cells if cell.message]
    assert (row.row, cell.text) == (3, "约2000")
    imports.mend(SYSTEM, shown.batch_id, [imports.Mend("台账", 3, cell.column, "2000")])
    imports.apply(SYSTEM, shown.batch_id)
    assert [(name, total) for name, total, _ in stored(store)] == [
        ("乙污水处理厂工程", 20_000_000),
        ("甲产业园项目", 200_000_000),
    ]


def test_table_without_header_waits_and_is_stored_once_settled(store, county):
    rows = [row[1:] for row in ledger(4)[3:]]
    waiting = imports.import_now(SYSTEM, "ledger", "表.xlsx", xlsx(rows), dry_run=False)
    assert len(waiting.quarantined) == 4
    assert stored(store) == []
    mapping = (
        MappedColumn("B列", "name"),
        MappedColumn("C列", "county"),
        MappedColumn("H列", "total_investment_yuan", "万元"),
    )
    imports.import_now(SYSTEM, "ledger", "表2.xlsx", xlsx(rows), Answers(mapping=mapping), dry_run=False)
    assert [total for _, total, _ in stored(store)] == [201_000_000, 202_000_000, 203_000_000, 204_000_000]


def test_foreign_ledger_asks_for_the_decimal_mark_and_obeys_the_answer(tmp_path, capsys, store, county):
    path = tmp_path / "ledger.csv"
    path.write_text(FOREIGN, encoding="utf-8")

    def run(*options):
        arguments = build_parser().parse_args(["import", "ledger", str(path), "--json", "--month", "8", *options])
        status = arguments.handler(arguments)
        return status, json.loads(capsys.readouterr().out)

    status, printed = run()
    asked = [(p["code"], p["row"], p["column"]) for p in printed["problems"] if p["code"] == "number_format_unknown"]
    assert (status, printed["quarantined"], asked) == (
        2,
        2,
        [("number_format_unknown", 1, "D YTD Spend (RMB million)")],
    )
    status, printed = run("--decimal-mark", ",")
    assert (printed["inserted"], printed["quarantined"]) == (2, 0)
    assert [(name, total, str(start)) for name, total, start in stored(store)] == [
        ("Ring Road Section 1", 1_250_500_000, "2025-12-31"),
        ("Ring Road Section 2", 980_500_000, "2026-04-03"),
    ]
