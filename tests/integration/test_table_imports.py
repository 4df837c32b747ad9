"""Tables of one store table each: inserted, changed, unchanged, set aside; audit, versions, scope; both stores."""

import json
from datetime import date

import pytest

from core.domain.errors import PermissionDenied
from core.domain.terms import MatterKind, ParcelStatus, Role
from db.models import Asset, FundingBid, Matter, Parcel, Person, PolicyTerms, Unit
from db.models.figures import parcel_tally
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_parcel, make_project, make_unit
from tests.support.tables import audited, bring, codes, counts, look, places, stored

PARCELS = [
    ["序号", "宗地代码", "地块名称", "县区", "面积（亩）", "容积率", "绿地率（%）", "供应日期", "状态"],
    [1, "371302001001GB00001", "一号地", "兰山区", 30, 1.8, 35, "2025-06-30", "批而未供"],
    [2, "DK-2", "二号地", "罗庄", 1.5, None, None, None, "闲置"],
]
PROBLEMS = [
    ["编号", "项目名称", "问题", "类别", "提出日期", "主办单位", "办理时限", "办理进展"],
    ["P-1", "甲工程", "用地报批受阻", "用地", "2026-10-01", "市自然资源局", "2026年12月", "已对接"],
    [None, "乙工程", "电力接入未定", "要素", "2026-10-02", "供电公司", "2026-11-30", None],
]
POLICIES = [
    ["政策名称", "文号", "牵头单位", "应享户数", "送达户数", "审核通过金额（万元）", "兑现金额（万元）", "登记日期"],
    ["技改补助", "临政发〔2026〕3号", "市工信局", 100, 80, 500, 300, "2026-03-01"],
]
# fmt: off
ASSETS = [
    [
        "编号",
        "名称",
        "类别",
        "权属单位",
        "县区",
        "面积（平方米）",
        "账面原值（万元）",
        "账面净值（万元）",
        "现状",
        "盘活方式",
    ],
    ["A-1", "老办公楼", "房产", "市国资委", "兰山区", 2000, 500, 300, "闲置", "出租"],
    [None, "荒山", "林业资源", "林场", "沂水县", "20亩", None, None, "低效", None],
]
FUNDING = [
    [
        "资金名称",
        "类别",
        "责任单位",
        "申报额（万元）",
        "申报时间",
        "下达金额（万元）",
        "到账金额（万元）",
        "是否竞争性",
    ],
    ["老旧小区改造", "中央预算内投资", "市住建局", 2000, "2026-02-01", 1500, 800, "是"],
]
PEOPLE = [
    ["姓名", "职务", "单位", "联系电话"],
    ["张三", "局长", "市工信局", "13900000001"],
    ["李四", None, "市住建局", None],
]
# fmt: on
UNITS = [["单位名称", "单位类型", "县区"], ["市工信局", "政府部门", None], ["兰山区发改局", None, "兰山区"]]
CLEAN = {
    "parcels": (PARCELS, Parcel, 2),
    "problems": (PROBLEMS, Matter, 2),
    "policies": (POLICIES, Matter, 1),
    "assets": (ASSETS, Asset, 2),
    "funding": (FUNDING, FundingBid, 1),
    "people": (PEOPLE, Person, 2),
    "units": (UNITS, Unit, 2),
}
# Kind → (column of the table, new cell, column of the store, its value then, old and new as the preview shows them).
CHANGES = {
    "parcels": (4, 33, "declared_area_sqm", 22_000, ("面积", "20,000 平方米", "22,000 平方米")),
    "problems": (6, "2027-01-15", "due_on", date(2027, 1, 15), ("办理时限", "2026-12-31", "2027-01-15")),
    "policies": (0, None, None, None, ("兑现金额", "300 万元", "450 万元")),
    "assets": (8, "出租", "status", "leased", ("现状", "闲置", "出租")),
    "funding": (6, 1500, "received_yuan", 15_000_000, ("到账金额", "800 万元", "1,500 万元")),
    "people": (1, "副市长", "title", "副市长", ("职务", "局长", "副市长")),
    "units": (1, "机关", "kind", "机关", ("单位类型", "政府部门", "机关")),
}


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        counties = {name: make_county(tx, name) for name in ("兰山区", "罗庄区", "沂水县")}
        projects = {
            "甲工程": make_project(tx, counties["兰山区"], "甲工程"),
            "乙工程": make_project(tx, counties["罗庄区"], "乙工程"),
        }
    return counties | projects


@pytest.mark.parametrize("kind", CLEAN)
def test_table_clean_file_is_stored_and_the_second_run_changes_nothing(store, city, kind):
    rows, model, count = CLEAN[kind]
    shown, result = bring(kind, rows)
    assert counts(result) == (count, 0, 0, 0), shown.problems
    before = stored(store, model)
    assert [event.reason for event in audited(store, model.__tablename__, "insert")][-count:] == [
        f"导入批次 {result.batch_id}"
    ] * count
    again, result = bring(kind, rows)
    assert counts(result) == (0, 0, count, 0), again.changed
    assert stored(store, model) == before


@pytest.mark.parametrize("kind", CLEAN)
def test_table_changed_cell_is_shown_written_audited_and_counted(store, city, kind):
    rows, model, count = CLEAN[kind]
    bring(kind, rows)
    at, cell, column, value, told = CHANGES[kind]
    edited = [list(row) for row in rows]
    if column is None:
        at, cell = 6, 450
    edited[1][at] = cell
    shown, result = bring(kind, edited)
    assert counts(result) == (0, 1, count - 1, 0), shown.problems
    change = shown.changed[0].changes[0]
    assert (change.label, change.old, change.new) == told
    if column is None:
        terms = stored(store, PolicyTerms)[0]
        assert (terms["honoured_yuan"], terms["version"]) == (4_500_000, 2)
        return
    row = next(row for row in stored(store, model) if row["id"] == shown.changed[0].target_id)
    assert (row[column], row["version"]) == (value, 2)
    event = audited(store, model.__tablename__, "update")[-1]
    assert (event.entity_id, event.reason) == (str(row["id"]), f"导入批次 {result.batch_id}")
    assert column in json.loads(event.new)


@pytest.mark.parametrize(
    ("kind", "at", "label"),
    [
        ("parcels", 1, "地块编号"), ("parcels", 2, "地块名称"), ("parcels", 4, "面积"), ("parcels", 8, "地块状态"),
        ("problems", 2, "问题"), ("policies", 0, "政策名称"), ("assets", 1, "名称"), ("assets", 2, "类别"),
        ("assets", 8, "现状"), ("funding", 0, "资金名称"), ("funding", 1, "类别"), ("people", 0, "姓名"),
        ("units", 0, "单位名称"),
    ],
)  # fmt: skip
def test_table_required_field_missing_sets_only_that_row_aside(store, city, kind, at, label):
    rows, _, count = CLEAN[kind]
    broken = [list(row) for row in rows]
    broken[1][at] = None
    shown = look(kind, broken)
    assert len(shown.quarantined) == 1
    assert len(shown.inserted) == count - 1
    problem = next(one for one in shown.problems if one.code == "required_missing")
    assert problem.row == 2
    assert problem.column.endswith(str(rows[0][at]))
    assert f"“{label}”" in problem.message


def test_parcels_without_corner_points_enter_lists_and_tallies_with_their_declared_area(store, city):
    bring("parcels", PARCELS)
    first, second = stored(store, Parcel)
    assert (first["area_sqm"], first["declared_area_sqm"], first["geometry"]) == (20_000, 20_000, "")
    assert (first["plot_ratio"], first["green_ratio_pct"], first["center_longitude"]) == (1.8, 35.0, None)
    assert first["supplied_on"] == date(2025, 6, 30)
    assert (second["county_id"], second["status"]) == (city["罗庄区"], ParcelStatus.IDLE_LAND.value)
    with store.read() as connection:
        tallied = connection.execute(parcel_tally.select().order_by(parcel_tally.c.county_id)).all()
    assert [(row.county_id, row.status, row.parcels, row.area_sqm) for row in tallied] == [
        (city["兰山区"], "approved_not_supplied", 1, 20_000),
        (city["罗庄区"], "idle_land", 1, 1_000),
    ]


def test_parcels_with_geometry_keep_the_measured_area_beside_the_declared(store, city):
    with transaction(SYSTEM) as tx:
        make_parcel(tx, city["兰山区"], code="DK-9", area_sqm=66_667)
    shown, _ = bring("parcels", [["地块编号", "面积（公顷）"], ["dk-9", 7]])
    assert [change.label for change in shown.changed[0].changes] == ["面积"]
    parcel = stored(store, Parcel)[0]
    assert (parcel["area_sqm"], parcel["declared_area_sqm"], parcel["code"]) == (66_667, 70_000, "DK-9")


def test_parcels_new_without_county_or_with_an_unknown_one_are_set_aside(store, city):
    rows = [list(PARCELS[0]), list(PARCELS[1]), list(PARCELS[2])]
    rows[1][3], rows[2][3] = None, "火星区"
    shown = look("parcels", rows)
    assert len(shown.quarantined) == 2
    assert places(shown, "row_county_missing") == [(2, "D 县区")]
    assert places(shown, "county_unknown") == [(3, "D 县区")]


def test_problems_get_codes_states_and_counties_where_the_list_is_silent(store, city):
    shown, _ = bring("problems", PROBLEMS)
    assert places(shown, "unit_created") == [(2, "F 主办单位"), (3, "F 主办单位")]
    first, second = stored(store, Matter)
    assert (first["code"], first["status"], first["county_id"]) == ("P-1", "in_progress", city["兰山区"])
    assert (second["code"], second["status"], second["project_id"]) == (
        f"WT-{second['id']:06d}",
        "registered",
        city["乙工程"],
    )
    assert first["kind"] == MatterKind.PROBLEM.value
    assert {row["name"] for row in stored(store, Unit)} == {"市自然资源局", "供电公司"}


def test_problems_closed_by_a_date_become_closed_out_and_never_go_back(store, city):
    bring("problems", PROBLEMS)
    rows = [["项目名称", "问题", "办结日期", "销号日期"], ["甲工程", "用地报批受阻", "2026-11-01", "2026-11-10"]]
    shown, _ = bring("problems", rows)
    assert [c.new for c in shown.changed[0].changes] == ["2026-11-01", "2026-11-10", "已销号"]
    assert stored(store, Matter)[0]["status"] == "closed_out"
    _, result = bring("problems", PROBLEMS)
    assert counts(result) == (0, 0, 2, 0)
    assert stored(store, Matter)[0]["status"] == "closed_out"


def test_problems_without_a_day_are_registered_today_and_it_is_said(store, city):
    shown, _ = bring("problems", [["项目名称", "存在问题"], ["甲工程", "征迁未完成，剩余12户"]])
    assert places(shown, "date_today") == [(2, "")]
    matter = stored(store, Matter)[0]
    assert (matter["raised_on"], matter["title"]) == (date(2026, 11, 22), "征迁未完成，剩余12户")


def test_problems_of_an_unknown_project_are_set_aside(store, city):
    shown = look("problems", [["项目名称", "问题"], ["丙工程", "没有路"]])
    assert places(shown, "project_unknown") == [(2, "A 项目名称")]
    assert [row.name for row in shown.quarantined] == ["没有路"]


def test_policy_code_taken_by_a_problem_is_refused(store, city):
    bring("problems", PROBLEMS)
    shown = look("policies", [["编号", "政策名称"], ["P-1", "技改补助"]])
    assert places(shown, "code_taken") == [(2, "A 编号")]


def test_policy_terms_are_kept_beside_the_matter(store, city):
    bring("policies", POLICIES)
    matter, terms = stored(store, Matter)[0], stored(store, PolicyTerms)[0]
    assert (matter["kind"], matter["title"], matter["raised_on"]) == ("policy", "技改补助", date(2026, 3, 1))
    assert (terms["matter_id"], terms["document_no"]) == (matter["id"], "临政发〔2026〕3号")
    assert (terms["target_count"], terms["approved_yuan"], terms["honoured_yuan"]) == (100, 5_000_000, 3_000_000)


def test_assets_made_code_yields_to_the_offices_own(store, city):
    bring("assets", ASSETS)
    made = stored(store, Asset)[1]
    assert made["code"] == f"SZ-{made['id']:06d}"
    assert made["area_sqm"] == 13_333
    _, result = bring("assets", [["编号", "名称", "权属单位"], ["B-7", "荒山", "林场"]])
    assert counts(result) == (0, 1, 0, 0)
    assert stored(store, Asset)[1]["code"] == "B-7"
    shown = look("assets", [["编号", "名称", "权属单位", "类别", "现状"], ["B-8", "荒山", "林场", "林业", "低效"]])
    assert [row.code for row in shown.inserted] == ["B-8"]


def test_asset_net_value_above_original_is_named_and_imported(store, city):
    rows = [list(ASSETS[0]), list(ASSETS[1])]
    rows[1][7] = 600
    shown, result = bring("assets", rows)
    assert places(shown, "net_over_original") == [(2, "H 账面净值（万元）")]
    assert counts(result) == (1, 0, 0, 0)


def test_people_of_one_name_are_told_apart_by_unit_and_never_merged(store, city):
    bring("people", PEOPLE)
    _, result = bring("people", [["姓名", "职务", "单位"], ["张三", "主任", "市教育局"]])
    assert counts(result) == (1, 0, 0, 0)
    shown = look("people", [["姓名", "职务"], ["张三", "书记"]])
    assert places(shown, "row_ambiguous") == [(2, "A 姓名")]


def test_units_named_like_regions_are_rows_and_not_headings(store, city):
    _, result = bring("units", [["单位名称", "县区"], ["兰山区", None], ["罗庄区人民政府", None], ["市工信局", None]])
    assert counts(result) == (3, 0, 0, 0)


def test_table_rows_outside_the_scope_are_set_aside_new_and_stored_alike(store, city):
    bring("parcels", PARCELS)
    bring("problems", PROBLEMS)
    bound = make_actor(Role.SUPERVISOR, counties=[city["兰山区"]], login="bound")
    edited = [list(row) for row in PARCELS] + [[3, "DK-3", "三号地", "沂水县", 5, None, None, None, "闲置"]]
    edited[1][4] = edited[2][4] = 60
    shown = look("parcels", edited, bound)
    assert places(shown, "row_outside_scope") == [(3, ""), (4, "")]
    assert [row.name for row in shown.changed] == ["一号地"]
    edited = [list(row) for row in PROBLEMS]
    edited[1][7] = edited[2][7] = "又有进展"
    shown = look("problems", edited, bound)
    assert places(shown, "row_outside_scope") == [(3, "")]
    assert len(shown.changed) == 1


@pytest.mark.parametrize("kind", CLEAN)
def test_table_import_without_permission_is_refused(store, city, kind):
    with pytest.raises(PermissionDenied):
        look(kind, CLEAN[kind][0], make_actor(Role.COUNTY, counties=[city["兰山区"]]))


def test_table_two_rows_for_one_stored_row_keep_the_first(store, city):
    bring("assets", ASSETS)
    rows = [["编号", "名称", "权属单位", "备注"], ["A-1", None, None, "甲"], [None, "老办公楼", "市国资委", "乙"]]
    rows[1][1] = "老办公楼"
    shown = look("assets", rows)
    assert places(shown, "same_row") == [(3, "")]
    assert codes(shown) == ["same_row"]


def test_units_in_two_spellings_of_a_new_name_are_created_once(store, city):
    rows = [PROBLEMS[0], PROBLEMS[1], ["P-2", "乙工程", "道路不通", None, "2026-10-03", "市 自然资源局", None, None]]
    bring("problems", rows)
    with transaction(SYSTEM) as tx:
        make_unit(tx, "备用局")
    assert [row["name"] for row in stored(store, Unit)] == ["市自然资源局", "备用局"]
