"""Exports of the store: who may, on which rows, what is printed, what is audited."""

import json
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.commands import build_parser
from core.domain.errors import NotFound, PermissionDenied
from core.domain.ledger import ProjectFilter
from core.domain.terms import AssignmentRole, FundingSource, Role
from core.services import exports, imports
from core.services.exports import ExportForm
from core.settings import get_settings
from db.models import AuditEvent
from db.session import transaction
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_assignment,
    make_county,
    make_funding,
    make_month_plans,
    make_person,
    make_project,
    make_report,
    make_unit,
)

OFFICE = make_actor(Role.SUPERVISOR)


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        north, south = make_county(tx, "北固县"), make_county(tx, "南屏区")
        unit = make_unit(tx, "市城投集团")
        leader = make_person(tx, "王海", title="副市长")
        bridge = make_project(
            tx,
            north,
            "安澜大桥",
            code="ZD-1",
            responsible_unit_id=unit,
            total_investment_yuan=30 * YI + 1,
            plan_yuan=12 * YI,
            prior_done_yuan=5 * YI,
            prior_year=2025,
            start_planned_on=date(2025, 3, 1),
            finish_planned_on=date(2027, 12, 31),
        )
        make_report(tx, bridge, 9, 2 * YI)
        make_report(tx, bridge, 10, 40_005_000, difficulty="用地未批", physical_progress="桥墩完成")
        make_month_plans(tx, bridge, {1: YI, 12: 2 * YI})
        make_funding(tx, bridge, FundingSource.BANK_LOAN.value, 20 * YI)
        make_assignment(tx, bridge, AssignmentRole.SPONSOR_LEADER.value, person_id=leader)
        make_project(tx, south, "=1+1", code="ZD-2", total_investment_yuan=YI, plan_yuan=None, year_class=None)
        return {"north": north, "south": south}


def rows_of(file):
    return CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_name("项目台账").to_python()


def by_path(rows):
    """Column → cells below the header; parents stand merged over their children."""
    parents, found, parent = rows[2], {}, ""
    for number, (upper, lower) in enumerate(zip(parents, rows[3], strict=True)):
        parent = upper or parent
        found[f"{parent}/{lower}" if lower else upper] = [row[number] for row in rows[4:]]
    return found


def test_ledger_export_has_every_column_and_every_yuan(city):
    file = exports.export(OFFICE, "ledger", note="全部项目")
    rows = rows_of(file)
    assert rows[0][0] == f"{get_settings().city_name}2026年重大项目台账"
    assert rows[1][0] == "数据截至 2026-11-22；投资统计 2026年1—10月；全部项目"
    assert "单位：万元" in rows[1]
    cells = by_path(rows)
    assert cells["序号"] == ["", 1.0, 2.0]
    assert (cells["*项目名称"][0], set(cells["*项目名称"][1:])) == ("合计 2 项", {"=1+1", "安澜大桥"})
    at = cells["*项目名称"].index("安澜大桥")
    shown = {path: values[at] for path, values in cells.items() if values[at] != ""}
    assert shown == {
        "序号": float(at),
        "项目编号": "ZD-1",
        "*项目名称": "安澜大桥",
        "*县区": "北固县",
        "行业类别": "城建",
        "项目级别": "市级",
        "年度类别": "续建",
        "建设阶段": "在建",
        "建设起止年限": "2025.03-2027.12",
        "*总投资（万元）": 300_000.0001,
        "资金来源/银行贷款（万元）": 200_000.0,
        "截至上年底累计完成投资（万元）": 50_000.0,
        "2026年计划投资（万元）": 120_000.0,
        "月度计划/1月（万元）": 10_000.0,
        "月度计划/12月（万元）": 20_000.0,
        "本月完成投资（万元）": 4_000.5,
        "1-10月累计完成投资（万元）": 24_000.5,
        "形象进度": "桥墩完成",
        "计划开工时间": date(2025, 3, 1),
        "计划竣工时间": date(2027, 12, 31),
        "存在问题": "用地未批",
        "责任单位": "市城投集团",
        "包保领导": "王海",
    }
    assert {path: values[0] for path, values in cells.items() if isinstance(values[0], float)} == {
        "*总投资（万元）": 310_000.0001,
        "资金来源/银行贷款（万元）": 200_000.0,
        "截至上年底累计完成投资（万元）": 50_000.0,
        "2026年计划投资（万元）": 120_000.0,
        "月度计划/1月（万元）": 10_000.0,
        "月度计划/12月（万元）": 20_000.0,
        "本月完成投资（万元）": 4_000.5,
        "1-10月累计完成投资（万元）": 24_000.5,
    }


def test_ledger_export_is_laid_out_as_an_official_table(city):
    content = exports.export(OFFICE, "ledger").content
    page = openpyxl.load_workbook(BytesIO(content))["项目台账"]
    assert (page.print_title_rows, page.freeze_panes) == ("$3:$4", "E6")
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 8)
    assert page.page_setup.fitToHeight == 0  # as many pages down as it takes, one across
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.oddFooter.center.text == "第 &P 页　共 &N 页"
    merges = {str(found) for found in page.merged_cells.ranges}
    # Title over everything, a heading over two rows, ten sources under one parent, twelve months under another.
    assert {"A1:BK1", "D3:D4", "R3:AA3", "AE3:AP3"} <= merges
    formats = {page.cell(4, n).value or page.cell(3, n).value: n for n in range(1, page.max_column + 1)}
    at = next(row for row in (6, 7) if page.cell(row, 4).value == "安澜大桥")
    for heading, shown in (
        ("*总投资（万元）", "#,##0.0000"),
        ("本月完成投资（万元）", "#,##0.00"),
        ("2026年计划投资（万元）", "#,##0"),
        ("计划开工时间", "yyyy-mm-dd"),
    ):
        assert page.cell(at, formats[heading]).number_format == shown


def test_export_text_is_never_a_formula_or_link(city):
    file = exports.export(OFFICE, "ledger")
    with ZipFile(BytesIO(file.content)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "<hyperlink" not in page
    assert "'=1+1" in exports.export(OFFICE, "ledger", ExportForm.CSV).content.decode("utf-8-sig")


def test_export_shows_only_the_scope_and_the_filter(city):
    bound = make_actor(Role.COUNTY, counties=[city["south"]])
    names = by_path(rows_of(exports.export(bound, "ledger")))["*项目名称"]
    assert names == ["合计 1 项", "=1+1"]
    names = by_path(rows_of(exports.export(bound, "ledger", wanted=ProjectFilter(text="安澜"))))["*项目名称"]
    assert names == ["合计 0 项"]
    assert exports.export(make_actor(Role.COUNTY, counties=[0]), "ledger").rows == 0


def test_export_is_audited(store, city):
    exports.export(OFFICE, "ledger", ExportForm.CSV, ProjectFilter(text="安"), "包含：安")
    with store.read() as connection:
        row = connection.execute(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (row.actor, row.action, row.entity, row.entity_id) == ("supervisor", "export", "ledger", "csv")
    assert json.loads(row.new) == {"rows": 1, "filter": "包含：安", "as_of": "2026-11-22"}


def test_export_without_permission_or_of_an_unknown_kind_is_refused(city):
    for call in (
        lambda actor: exports.export(actor, "ledger"),
        exports.kinds,
        lambda actor: exports.template(actor, "ledger"),
    ):
        with pytest.raises(PermissionDenied):
            call(make_actor(Role.AUDITOR))
    with pytest.raises(NotFound):
        exports.export(OFFICE, "nothing")
    with pytest.raises(NotFound):
        exports.template(OFFICE, "nothing")


def test_template_offers_names_and_terms_and_survives_edited_headings(city):
    file = exports.template(OFFICE, "ledger")
    book = openpyxl.load_workbook(BytesIO(file.content))
    page = book["项目台账"]
    assert book["_schema"].sheet_state == "veryHidden"
    drop_downs = {str(found.sqref): found.formula1 for found in page.data_validations.dataValidation}
    assert drop_downs["E5:E1005"] == "'填写说明'!$C$2:$C$3"
    assert [book["填写说明"].cell(row, 3).value for row in (1, 2, 3)] == ["县区", "北固县", "南屏区"]
    headings = {page.cell(3, n).value: n for n in range(1, page.max_column + 1)}
    page.cell(3, headings["*总投资（万元）"]).value = "盘子"
    for heading, value in (("*项目名称", "新桥"), ("*县区", "北固县"), ("*总投资（万元）", 900), ("项目级别", "市级")):
        page.cell(5, headings[heading]).value = value
    filled = BytesIO()
    book.save(filled)
    shown = imports.import_now(SYSTEM, "ledger", file.name, filled.getvalue(), dry_run=True)
    assert [(p.code, p.row, p.column) for p in shown.problems if p.sheet == "项目台账"] == [
        ("heading_restored", 3, "Q 盘子")
    ]
    assert (len(shown.inserted), dict(shown.totals)) == (1, {"total_investment_yuan": 9_000_000})


def test_not_listed_project_stays_out_of_the_list(city):
    file = exports.export(OFFICE, "ledger")
    shown = imports.import_now(SYSTEM, "ledger", file.name, file.content, dry_run=True)
    assert (shown.unchanged, shown.row_count) == (2, 2)


def test_export_command_writes_file_and_report(tmp_path, capsys, city):
    path = tmp_path / "台账.csv"
    arguments = build_parser().parse_args(["export", "ledger", "--form", "csv", "--out", str(path), "--json"])
    assert arguments.handler(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    size = path.stat().st_size
    assert report == {
        "kind": "ledger",
        "form": "csv",
        "file": str(path),
        "rows": 2,
        "left_out": 0,
        "bytes": size,
    }
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_export_command_without_a_place_to_write_says_so(tmp_path, capsys, city):
    arguments = build_parser().parse_args(["export", "ledger", "--out", str(tmp_path / "no" / "a.xlsx")])
    assert arguments.handler(arguments) == 1
    assert "不能写入" in capsys.readouterr().err


def test_large_amount_that_the_store_has_already_is_no_slip(city):
    """One project ten thousand times the others: refused as a slip, unless it stands like that in the store."""
    with transaction(SYSTEM) as tx:
        for number in range(6):
            make_project(tx, city["north"], f"小项目{number}", total_investment_yuan=5_000_000, plan_yuan=1_000_000)
        make_project(tx, city["north"], "大项目", code="ZD-9", total_investment_yuan=500 * YI, plan_yuan=None)
    file = exports.export(OFFICE, "ledger")
    shown = imports.import_now(SYSTEM, "ledger", file.name, file.content, dry_run=True)
    assert (shown.unchanged, shown.row_count, len(shown.quarantined)) == (9, 9, 0)
    assert shown.of(imports.Severity.REFUSE) == ()
    book = openpyxl.load_workbook(BytesIO(file.content))
    page = book["项目台账"]
    row = next(row for row in range(5, 15) if page.cell(row, 4).value == "大项目")
    page.cell(row, 17).value = page.cell(row, 17).value + 1
    changed = BytesIO()
    book.save(changed)
    shown = imports.import_now(SYSTEM, "ledger", file.name, changed.getvalue(), dry_run=True)
    assert [(p.code, p.row, p.column) for p in shown.of(imports.Severity.REFUSE)] == [
        ("magnitude", row, "Q *总投资（万元）")
    ]
    assert (shown.unchanged, len(shown.quarantined)) == (8, 1)


def test_project_named_like_a_total_is_a_project_when_it_has_its_code(city):
    with transaction(SYSTEM) as tx:
        make_project(tx, city["north"], "供水管网合计", code="ZD-8")
    file = exports.export(OFFICE, "ledger", ExportForm.CSV)
    shown = imports.import_now(SYSTEM, "ledger", file.name, file.content, dry_run=True)
    assert (shown.unchanged, shown.row_count) == (3, 3)


def test_projects_with_one_national_code_and_own_codes_are_two(city):
    code = "2604-371302-04-01-000001"
    with transaction(SYSTEM) as tx:
        for number in (1, 2):
            make_project(tx, city["north"], f"子项{number}", code=f"ZX-{number}", national_code=code)
    file = exports.export(OFFICE, "ledger", wanted=ProjectFilter(text="子项"))
    shown = imports.import_now(SYSTEM, "ledger", file.name, file.content, dry_run=True)
    assert [(p.code, p.row, p.column) for p in shown.problems] == [("shared_national_code", 7, "C 项目代码")]
    assert shown.unchanged == 2
