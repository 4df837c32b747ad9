"""Every kind's headings, and what its parser makes of clean and of spoilt tables: exact code, row, column."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.domain.period import Month
from core.domain.terms import AssetStatus, DisposalMethod, MatterStatus, ParcelStatus
from core.importers.options import MappedColumn, Mend
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.spec import Reading, TableKind
from core.importers.tables.vocabulary import ELSEWHERE, TableVocabulary
from tests.support.tables import OPTIONS, codes, places, read_table


def field_of(kind: str, *path: str) -> str:
    [column] = TableVocabulary(TABLE_KINDS[kind]).read([(0, path)])
    return column.code or column.field


@pytest.mark.parametrize("kind", TABLE_KINDS.values(), ids=TABLE_KINDS)
def test_headings_of_templates_and_codes_are_understood(kind: TableKind) -> None:
    for spec in kind.fields:
        assert field_of(kind.code, spec.heading) == spec.code
        assert field_of(kind.code, spec.label) == spec.code
        assert field_of(kind.code, spec.code) == spec.code


@pytest.mark.parametrize("kind", TABLE_KINDS.values(), ids=TABLE_KINDS)
def test_spec_is_consistent(kind: TableKind) -> None:
    known = {spec.code for spec in kind.fields}
    assert len(known) == len(kind.fields)
    named = {
        *kind.anchors,
        *kind.one_of,
        *kind.carried,
        *kind.parts,
        kind.title,
        *(code for key in kind.keys for code in key),
    }
    assert named | ({kind.group_field} - {""}) <= known
    for spec in kind.fields:
        assert (spec.reading is Reading.TERM) == (spec.terms is not None)
        assert spec.code.endswith("_yuan") == (spec.reading is Reading.MONEY)
        assert spec.code.endswith("_sqm") == (spec.reading is Reading.AREA)
        assert spec.code.endswith("_on") == (spec.reading in (Reading.DAY, Reading.LAST_DAY))


@pytest.mark.parametrize(
    ("kind", "header", "code"),
    [
        ("reports", "当月完成投资", "done_yuan"),
        ("reports", "1-8月累计完成投资", "reported_ytd_yuan"),
        ("reports", "年初至今累计完成", "reported_ytd_yuan"),
        ("reports", "占年度计划比例", "annual_rate_pct"),
        ("reports", "开工以来累计完成", ELSEWHERE),
        ("reports", "总投资（万元）", ELSEWHERE),
        ("reports", "下一步工作打算", "next_step"),
        ("reports", "本月形象进度", "physical_progress"),
        ("reports", "3月完成投资", "done_yuan:3"),
        ("reports", "2025年3月完成投资", "done_yuan:2025-03"),
        ("milestones", "完成时限", "planned_on"),
        ("milestones", "节点任务", "name"),
        ("milestones", "计划竣工时间", "planned_on:竣工"),
        ("milestones", "主体封顶实际完成时间", "actual_on:主体封顶"),
        ("milestones", "最新计划完成时间", "planned_on"),
        ("milestones", "开始时间", ELSEWHERE),
        ("parcels", "宗地代码/不动产单元号", "code"),
        ("parcels", "所在县区", "county"),
        ("parcels", "土地面积（公顷）", "declared_area_sqm"),
        ("parcels", "供地方式", "supply_method"),
        ("parcels", "约定开工时间", "start_due_on"),
        ("parcels", "实际开工日期", "started_on"),
        ("problems", "存在问题", "description"),
        ("problems", "牵头单位", "lead_unit"),
        ("problems", "完成时限", "due_on"),
        ("problems", "问题类别", "category"),
        ("policies", "发文文号", "document_no"),
        ("policies", "已兑现资金（万元）", "honoured_yuan"),
        ("policies", "送达企业数", "delivered_count"),
        ("assets", "资产名称", "name"),
        ("assets", "账面原值（万元）", "original_book_value_yuan"),
        ("assets", "不动产权证号", "title_no"),
        ("assets", "使用状况", "status"),
        ("assets", "处置方式", "disposal_method"),
        ("funding", "项目（资金）名称", "name"),
        ("funding", "申报金额（万元）", "requested_yuan"),
        ("funding", "到位资金（万元）", "received_yuan"),
        ("funding", "下达文号", "grant_document_no"),
        ("people", "手机号码", "phone"),
        ("units", "单位全称", "name"),
        ("users", "登录名", "login"),
        ("users", "密码", ELSEWHERE),
    ],
)  # fmt: skip
def test_header_synonym_is_understood(kind: str, header: str, code: str) -> None:
    assert field_of(kind, header) == code


def test_parcels_read_units_dates_terms_and_declared_sums() -> None:
    rows = [
        ["2026年地块台账"],
        ["单位：亩"],
        ["序号", "地块编号", "地块名称", "县区", "面积", "容积率", "建筑密度", "批准日期", "约定动工时间", "状态"],
        [1, "DK－１", "一号地", "兰山区", 30, "1.8", 0.35, "2025年6月", "2026.5", "已批未供"],
        [2, "DK-2", "二号地", "兰山区", "2公顷", None, 0.4, "2025/6/8", "2026年", "闲置土地"],
        ["合计", None, None, None, 61],
    ]
    table = read_table("parcels", rows)
    first, second = (row.values for row in table.rows)
    assert first == {
        "code": "DK-1", "name": "一号地", "county": "兰山区", "declared_area_sqm": 20_000, "plot_ratio": Decimal("1.8"),
        "building_density_pct": Decimal("35"), "approved_on": date(2025, 6, 1), "start_due_on": date(2026, 5, 31),
        "status": ParcelStatus.APPROVED_NOT_SUPPLIED,
    }  # fmt: skip
    assert (second["declared_area_sqm"], second["start_due_on"]) == (20_000, date(2026, 12, 31))
    assert table.totals == {"declared_area_sqm": 40_000}
    assert places(table, "percent_as_ratio") == [(3, "G 建筑密度")]
    assert places(table, "subtotal") == [(6, "E 面积")]
    [declared] = table.declared
    assert (declared.given, declared.computed, declared.agrees) == (40_667, 40_000, False)


@pytest.mark.parametrize(
    ("code", "is_named"),
    [
        ("371302001001GB00001", False),
        ("371302001001GB00001F00010001", False),
        ("LS-2026-01", False),
        ("371302001001XB00001", True),
        ("371302001001GB0001", True),
    ],
)
def test_parcel_code_that_begins_as_a_cadastral_code_must_be_one(code: str, is_named: bool) -> None:
    rows = [["宗地代码", "地块名称", "面积（亩）", "状态"], [code, "一号", 1, "闲置"]]
    assert places(read_table("parcels", rows), "bad_parcel_code") == ([(2, "A 宗地代码")] if is_named else [])


@pytest.mark.parametrize(
    ("kind", "header", "cell", "code"),
    [
        ("parcels", ["地块编号", "面积（亩）"], ["DK-1", "约30"], "bad_area"),
        ("parcels", ["地块编号", "面积（亩）"], ["DK-1", 1e12], "bad_area"),
        ("parcels", ["地块编号", "容积率"], ["DK-1", "大于1"], "bad_number"),
        ("parcels", ["地块编号", "绿地率"], ["DK-1", "不少于三成"], "bad_percent"),
        ("parcels", ["地块编号", "供应日期"], ["DK-1", "2025-02-30"], "bad_date"),
        ("parcels", ["地块编号", "状态"], ["DK-1", "未闲置"], "unknown_word"),
        ("parcels", ["地块名称", "地块编号"], ["一号", 371302001001123456789], "code_as_number"),
        ("parcels", ["地块编号", "地块名称"], ["DK-" + "1" * 40, "一号"], "too_long"),
        ("policies", ["政策名称", "送达户数"], ["补助", "8.5"], "bad_count"),
        ("assets", ["名称", "账面原值（万元）"], ["楼", "约500"], "approximate_amount"),
        ("assets", ["名称", "账面原值（万元）"], ["楼", "2亿美元"], "foreign_currency"),
        ("assets", ["名称", "账面原值（万元）"], ["楼", -5], "negative_amount"),
        ("assets", ["名称", "账面原值（万元）"], ["楼", "同上"], "ditto_amount"),
        ("funding", ["资金名称", "是否竞争性"], ["甲", "也许"], "unknown_word"),
        ("reports", ["项目名称", "月份", "本月完成（万元）"], ["甲", "十三月", 1], "bad_month"),
    ],
)  # fmt: skip
def test_bad_cell_is_named_at_its_row_and_column(kind: str, header: list[str], cell: list[object], code: str) -> None:
    table = read_table(kind, [header, cell])
    [(row, column)] = places(table, code)
    assert row == 2
    spoilt = next(at for at, name in enumerate(header) if column == f"{chr(65 + at)} {name}")
    assert spoilt >= 0


@pytest.mark.parametrize(
    ("kind", "header", "row", "code", "column"),
    [
        ("assets", ["名称", "账面原值"], ["楼", 500], "unit_unknown", "B 账面原值"),
        ("parcels", ["地块编号", "面积"], ["DK-1", 30], "area_unit_missing", "B 面积"),
    ],
)
def test_unit_that_nothing_states_is_asked_and_an_answer_settles_it(kind, header, row, code, column) -> None:
    rows = [header, row]
    table = read_table(kind, rows)
    assert places(table, code) == [(1, column)]
    assert (len(table.rows), len(table.quarantined)) == (0, 1)
    unit = "万元" if kind == "assets" else "亩"
    field = "original_book_value_yuan" if kind == "assets" else "declared_area_sqm"
    settled = replace(OPTIONS, mapping=(MappedColumn(header[1], field, unit),))
    assert read_table(kind, rows, settled).rows[0].values[field] == (5_000_000 if kind == "assets" else 20_000)
    if kind == "assets":
        asked = replace(OPTIONS, money_unit="亿元")
        assert read_table(kind, rows, asked).rows[0].values[field] == 50_000_000_000


def test_amounts_that_bring_their_own_unit_need_none_in_the_header() -> None:
    table = read_table("assets", [["名称", "账面原值"], ["楼", "1.2亿元"], ["车", "35万元"]])
    assert [row.values["original_book_value_yuan"] for row in table.rows] == [120_000_000, 350_000]
    assert codes(table) == []


def test_one_unit_of_two_money_columns_serves_both_and_is_said() -> None:
    table = read_table("assets", [["名称", "账面原值（万元）", "账面净值"], ["楼", 500, 300]])
    assert table.rows[0].values["net_book_value_yuan"] == 3_000_000
    assert places(table, "unit_assumed") == [(1, "C 账面净值")]


def test_mapping_outweighs_headers_and_leaves_columns_out() -> None:
    rows = [["标的", "大类", "使用", "备注"], ["楼", "房产", "空置", "密"]]
    mapping = tuple(
        MappedColumn(*one) for one in (("标的", "name"), ("大类", "category"), ("使用", "status"), ("备注", ""))
    )
    table = read_table("assets", rows, replace(OPTIONS, mapping=mapping))
    assert table.rows[0].values["status"] is AssetStatus.IDLE
    assert "remark" not in table.rows[0].values
    assert codes(table) == []


def test_mapping_to_an_unknown_field_or_a_group_of_a_kind_without_groups_is_harmless() -> None:
    mapping = (MappedColumn("甲", "name:一"), MappedColumn("乙", "no_such_field"), MappedColumn("丙", "status"))
    table = read_table("assets", [["甲", "乙", "丙"], ["楼", "x", "闲置"]], replace(OPTIONS, mapping=mapping))
    assert [row.values for row in table.rows] == [{"name": "楼", "status": AssetStatus.IDLE}]
    assert places(table, "unknown_column") == [(1, "B 乙")]


def test_mended_cell_is_read_instead_of_the_files_own_and_only_takes_its_rows() -> None:
    rows = [["名称", "账面原值（万元）"], ["楼", "约500"], ["车", 35]]
    mended = replace(OPTIONS, mends=(Mend("台账", 2, 1, "500"),), only=frozenset({("台账", 2)}))
    table = read_table("assets", rows, mended)
    assert [row.values for row in table.rows] == [{"name": "楼", "original_book_value_yuan": 5_000_000}]
    assert codes(table) == []


def test_headings_totals_notes_and_repeated_headers_are_no_rows() -> None:
    header = ["序号", "编号", "名称", "类别", "县区", "现状"]
    rows = [
        ["三资台账"], header,
        ["一、兰山区（2项）"],
        [1, "A-1", "楼", "房产", None, "闲置"],
        header,
        [2, "A-2", "车", "车辆", None, "在用"],
        ["二、罗庄区（2项）"],
        [3, "A-3", "林", "林业", None, "低效"],
        ["合计", None, None, None, None, None],
        ["注：本表由国资委填报"],
    ]  # fmt: skip
    table = read_table("assets", rows)
    assert [(row.values["code"], row.values["county"]) for row in table.rows] == [
        ("A-1", "兰山区"), ("A-2", "兰山区"), ("A-3", "罗庄区"),
    ]  # fmt: skip
    assert places(table, "declared_count") == [(7, "")]


def test_merged_texts_speak_for_each_row_and_merged_amounts_for_none() -> None:
    rows = [
        ["名称", "权属单位", "账面原值（万元）"],
        ["楼", "国资委", 500],
        ["车", None, None],
        ["船", "交通局", 9],
    ]
    table = read_table("assets", rows, merges=[(1, 1, 2, 1), (1, 2, 2, 2)])
    assert places(table, "shared_amount") == [(2, "C 账面原值（万元）"), (3, "C 账面原值（万元）")]
    assert [row.values["name"] for row in table.rows] == ["船"]
    table = read_table("assets", [row[:2] for row in rows], merges=[(1, 1, 2, 1)])
    assert [row.values["holder_unit"] for row in table.rows] == ["国资委", "国资委", "交通局"]


def test_hidden_row_is_read_and_said() -> None:
    rows = [["单位名称", "单位类型"], ["甲局", "机关"], ["乙局", "机关"]]
    table = read_table("units", rows, hidden_rows=[2])
    assert len(table.rows) == 2
    assert places(table, "hidden_data_row") == [(3, "")]


def test_the_same_row_twice_keeps_the_first() -> None:
    rows = [["地块编号", "地块名称"], ["DK-1", "一号"], ["dk 1", "一号"], ["DK-2", "二号"]]
    table = read_table("parcels", rows)
    assert places(table, "duplicate_row") == [(3, "")]
    assert [row.row for row in table.rows] == [2, 4]
    assert [(row.row, row.name, row.codes) for row in table.quarantined] == [(3, "一号", ("dk1",))]


def test_doubled_column_is_read_from_the_one_with_its_own_heading() -> None:
    table = read_table("people", [["姓名", "手机", "联系电话"], ["张三", "13900000001", "0539-8000000"]])
    assert table.rows[0].values["phone"] == "0539-8000000"
    assert places(table, "duplicate_column") == [(1, "B 手机")]


@pytest.mark.parametrize(
    ("kind", "row", "code", "header"),
    [
        ("assets", {"名称": "楼", "原值（万元）": 5, "净值（万元）": 6}, "net_over_original", "净值（万元）"),
        ("policies", {"政策名称": "补", "送达户数": 9, "应享户数": 8}, "part_over_whole", "送达户数"),
        ("funding", {"资金名称": "甲", "下达额（万元）": 8, "到账额（万元）": 9}, "part_over_whole", "到账额（万元）"),
        ("parcels", {"编号": "D", "约定动工": "2026-05", "约定竣工": "2025-05"}, "dates_reversed", "约定动工"),
        ("problems", {"问题": "路", "提出日期": "2026-05-02", "办结日期": "2026-05-01"}, "dates_reversed", "提出日期"),
        (
            "milestones",
            {"项目": "甲", "节点": "开工", "实际": "2026-05", "预计": "2026-06"},
            "forecast_of_done",
            "预计",
        ),
        ("milestones", {"项目": None, "节点": "开工", "计划": "2026-05"}, "reference_missing", "项目"),
        ("users", {"用户名": "1x", "姓名": "甲"}, "bad_login", "用户名"),
    ],
)
def test_row_that_contradicts_itself_is_named(kind: str, row: dict[str, object], code: str, header: str) -> None:
    letter = "ABCD"[list(row).index(header)]
    assert places(read_table(kind, [list(row), list(row.values())]), code) == [(2, f"{letter} {header}")]


def test_words_of_terms_are_whole_words_only() -> None:
    rows = [["名称", "现状", "盘活方式"], ["甲", "空置", "租"], ["乙", "未闲置", "先租后售"]]
    table = read_table("assets", rows)
    assert table.rows[0].values["status"] is AssetStatus.IDLE
    assert table.rows[0].values["disposal_method"] is DisposalMethod.LEASE
    assert places(table, "unknown_word") == [(3, "B 现状"), (3, "C 盘活方式")]
    table = read_table("problems", [["问题", "状态"], ["甲", "未办结"], ["乙", "办结"]])
    assert [row.values["status"] for row in table.rows] == [MatterStatus.IN_PROGRESS, MatterStatus.RESOLVED]


def test_file_without_the_table_says_what_it_looked_for() -> None:
    table = read_table("assets", [["姓名", "年龄"], ["张三", 30]])
    assert codes(table) == ["no_table_found", "table_header_not_found"]
    assert "“三资台账”" in table.problems[0].message


@pytest.mark.parametrize(
    ("title", "header", "month"),
    [
        ("2026年1-8月投资月报", "本月完成（万元）", Month(2026, 8)),
        ("截至2025年9月底投资完成情况", "本月完成（万元）", Month(2025, 9)),
        ("投资月报", "2025年10月完成投资（万元）", Month(2025, 10)),
        ("投资月报", "1-7月累计完成（万元）", Month(2026, 7)),
    ],
)
def test_month_of_a_report_comes_from_title_or_header(title: str, header: str, month: Month) -> None:
    table = read_table("reports", [[title], ["序号", "项目名称", header], [1, "甲工程", 10]])
    assert [row.values["month"] for row in table.rows] == [month]


def test_amount_ten_thousand_times_the_usual_is_named_until_confirmed() -> None:
    rows = [["名称", "账面原值（万元）"], *([f"楼{number}", 500 + number] for number in range(6)), ["塔", 5_000_000]]
    table = read_table("assets", rows)
    assert places(table, "magnitude_doubt") == [(8, "B 账面原值（万元）")]
    assert len(table.rows) == 7
    assert codes(read_table("assets", rows, replace(OPTIONS, accept_large_amounts=True))) == []
