"""勾稽核对: the service, its audit row, the command, the marked workbook."""

import hashlib
import json
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import func, select

from core.commands import build_parser
from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.importers.problems import UnreadableFile
from core.services import reconciliation
from db.models import AuditEvent, ImportBatch
from tests.factories import make_actor
from tests.unit.importers.ledgers import xlsx
from tests.unit.importers.summaries import qinzhou, yunfu

SUPERVISOR = make_actor(Role.SUPERVISOR)


def audit_rows(store):
    with store.read() as connection:
        columns = (AuditEvent.action, AuditEvent.entity, AuditEvent.entity_id, AuditEvent.new)
        return connection.execute(select(*columns)).all()


def test_reconcile_writes_one_audit_row_with_the_hash_and_nothing_else(store):
    data = xlsx(qinzhou())
    found = reconciliation.reconcile(SUPERVISOR, "汇总.xlsx", data)
    assert [(f.problem.code, f.problem.row) for f in found.wrong] == [("summary_total", 7), ("summary_total", 7)]
    ((action, entity, key, new),) = audit_rows(store)
    assert (action, entity, key) == ("reconcile", "summary_file", hashlib.sha256(data).hexdigest())
    assert json.loads(new) == {"file_name": "汇总.xlsx", "tables": 1, "cells": 7, "agreeing": 5, "findings": 2}
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(ImportBatch)).scalar_one() == 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.COUNTY, Role.UNIT, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_reconcile_is_open_to_whoever_imports_or_exports(store, role):
    assert reconciliation.reconcile(make_actor(role), "汇总.xlsx", xlsx(yunfu())).findings == ()


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR, Role.DISPLAY])
def test_reconcile_without_permission_is_denied_and_not_audited(store, role):
    with pytest.raises(PermissionDenied):
        reconciliation.reconcile(make_actor(role), "汇总.xlsx", xlsx(yunfu()))
    assert audit_rows(store) == []


def test_reconcile_unreadable_file_is_not_audited(store):
    with pytest.raises(UnreadableFile):
        reconciliation.reconcile(SUPERVISOR, "汇总.xlsx", b"%PDF-1.7")
    assert audit_rows(store) == []


def test_marked_workbook_colours_and_comments_the_wrong_cells(sqlite_store):
    data = xlsx(qinzhou())
    found = reconciliation.reconcile(SUPERVISOR, "汇总.xlsx", data)
    book = openpyxl.load_workbook(BytesIO(reconciliation.marked(SUPERVISOR, "汇总.xlsx", data, found)))
    page = book["台账"]
    assert page["D7"].value == 1_570_400
    assert page["D7"].fill.fill_type == "solid"
    assert "相加为 1,580,400" in page["D7"].comment.text
    commented = {cell.coordinate for row in page.iter_rows() for cell in row if cell.comment}
    assert commented == {"C7", "D7"}


def test_marked_workbook_without_permission_is_denied(sqlite_store):
    data = xlsx(qinzhou())
    found = reconciliation.reconcile(SUPERVISOR, "汇总.xlsx", data)
    with pytest.raises(PermissionDenied):
        reconciliation.marked(make_actor(Role.AUDITOR), "汇总.xlsx", data, found)


def call(tmp_path, data, *options):
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(data)
    arguments = build_parser().parse_args(["reconcile", str(path), *options])
    return arguments.handler(arguments)


def test_reconcile_command_prints_findings_as_json_and_ends_with_2(tmp_path, capsys, sqlite_store):
    assert call(tmp_path, xlsx(qinzhou()), "--json") == 2
    printed = json.loads(capsys.readouterr().out)
    assert (printed["tables"], printed["cells"], printed["agreeing"], printed["notes"]) == (1, 7, 5, [])
    assert [(p["code"], p["sheet"], p["row"], p["column"], p["difference"]) for p in printed["problems"]] == [
        ("summary_total", "台账", 7, "C 项目个数", "-1"),
        ("summary_total", "台账", 7, "D 年度计划投资", "-10,000"),
    ]
    assert printed["checks"][0] == {
        "sheet": "台账",
        "table": "重大项目建设汇总表",
        "subject": "第7行“合计” = 第4–6行相加",
        "cells": 3,
        "agreeing": 1,
    }


def test_reconcile_command_agreeing_table_ends_with_0(tmp_path, capsys, sqlite_store):
    assert call(tmp_path, xlsx(yunfu())) == 0
    assert capsys.readouterr().out.startswith("共 1 张表，核对 19 格，一致 19 格，须核对 0 处。")


def test_reconcile_command_saves_the_marked_workbook(tmp_path, sqlite_store):
    target = tmp_path / "标注.xlsx"
    assert call(tmp_path, xlsx(qinzhou()), "--marked", str(target)) == 2
    assert openpyxl.load_workbook(target)["台账"]["C7"].comment is not None


@pytest.mark.parametrize(("data", "code"), [(b"", "file_empty"), (xlsx([["县区", "县长"]]), "summary_nothing")])
def test_reconcile_command_unreadable_file_ends_with_1(tmp_path, capsys, sqlite_store, data, code):
    assert call(tmp_path, data, "--json") == 1
    printed = json.loads(capsys.readouterr().out)
    assert ([p["code"] for p in printed["problems"]], printed["cells"]) == ([code], 0)


def test_reconcile_command_missing_file_ends_with_1(tmp_path, capsys, sqlite_store):
    arguments = build_parser().parse_args(["reconcile", str(tmp_path / "无.xlsx")])
    assert arguments.handler(arguments) == 1
    assert "打不开文件" in capsys.readouterr().err
