"""OC4IDS: the package is what the standard demands, and what goes out comes back in unchanged."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.terms import ProjectLevel, Stage
from core.exporters.oc4ids import Package, SharedProject, build_package
from core.importers.oc4ids import SHEET, parse_oc4ids
from core.importers.options import Mend, ReadOptions
from core.importers.problems import UnreadableFile
from core.importers.row import ParsedLedger

SCHEMA = json.loads((Path(__file__).parents[2] / "support" / "schemas" / "oc4ids-0.9.json").read_text(encoding="utf-8"))
PACKAGE = Package("http://127.0.0.1:8501/oc4ids/1", "云岭市", datetime(2026, 11, 25, 1, tzinfo=UTC), "oc4ids-local0")
BRIDGE = SharedProject(
    code="ZD-0001",
    national_code="2504-371302-04-01-123456",
    name="滨江大桥工程",
    content="主桥 1.2 公里\n引桥 0.8 公里",
    stage="construction",
    level="city",
    category="交通",
    nature="新建",
    total_investment_yuan=1_234_567_890,
    start_planned_on=date(2026, 3, 1),
    finish_planned_on=date(2028, 12, 31),
    completed_on=None,
    location="东湖区滨江路",
    county="东湖区",
    longitude=118.3456,
    latitude=35.1234,
    owner_name="市城投公司",
    responsible_unit="市交通局",
)


def _validate(content: bytes) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(content)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft4Validator(SCHEMA, format_checker=checker).validate(package)
    return package


def _read(projects: Any, **options: Any) -> ParsedLedger:
    return parse_oc4ids(json.dumps({"projects": projects}).encode(), ReadOptions(2026, **options))


def _codes(parsed: ParsedLedger) -> list[tuple[str, str, int, str]]:
    return [(problem.code, problem.sheet, problem.row, problem.column) for problem in parsed.problems]


def test_package_is_valid_and_says_what_the_project_is() -> None:
    package = _validate(build_package([BRIDGE], PACKAGE))
    (project,) = package["projects"]
    assert (package["version"], package["publishedDate"]) == ("0.9", "2026-11-25T09:00:00+08:00")
    assert (project["id"], project["status"], project["type"]) == (
        "oc4ids-local0-ZD-0001",
        "implementation",
        "construction",
    )
    assert project["period"] == {"startDate": "2026-03-01T00:00:00+08:00", "endDate": "2028-12-31T00:00:00+08:00"}
    assert project["budget"]["amount"] == {"amount": 1_234_567_890, "currency": "CNY"}
    assert project["locations"][0]["geometry"] == {"type": "Point", "coordinates": [118.3456, 35.1234]}
    assert [(party["name"], party["roles"]) for party in project["parties"]] == [
        ("市城投公司", ["buyer"]),
        ("市交通局", ["publicAuthority"]),
    ]


def test_what_is_not_known_is_left_out() -> None:
    bare = SharedProject(
        "ZD-2", None, "乙项目", "", "idea", "city", "其他", "", 0, None, None, None, "", "东湖区", None, None, "", None
    )
    (project,) = _validate(build_package([bare], PACKAGE))["projects"]
    assert set(project) == {"id", "title", "status", "additionalClassifications", "locations", "budget"}


def test_owner_that_is_the_responsible_unit_is_one_party() -> None:
    from dataclasses import replace

    (project,) = _validate(build_package([replace(BRIDGE, owner_name="市交通局")], PACKAGE))["projects"]
    assert [party["roles"] for party in project["parties"]] == [["buyer", "publicAuthority"]]


def test_same_rows_give_the_same_bytes() -> None:
    assert build_package([BRIDGE], PACKAGE) == build_package([BRIDGE], PACKAGE)


_text = st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))).map(str.strip)


@given(
    name=_text.filter(bool).map(lambda text: text[:200].strip()),
    content=_text,
    stage=st.sampled_from(Stage),
    level=st.sampled_from(ProjectLevel),
    yuan=st.integers(0, 10**15),
    days=st.tuples(*[st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))] * 3),
    point=st.none() | st.tuples(st.floats(73, 136), st.floats(3, 54)),
    unit=st.none() | _text.filter(bool).map(lambda text: text[:200].strip()),
)
def test_any_project_comes_back_unchanged(name, content, stage, level, yuan, days, point, unit) -> None:  # type: ignore[no-untyped-def]
    longitude, latitude = point or (None, None)
    start, finish, completed = days
    project = SharedProject(
        "ZD-1", None, name, content, stage.value, level.value, "城建", "续建", yuan, start, finish, completed, "路",
        "东湖区", longitude, latitude, "", unit,
    )  # fmt: skip
    parsed = parse_oc4ids(build_package([project], PACKAGE), ReadOptions(2026))
    (row,) = parsed.rows
    assert {problem.code for problem in parsed.problems} <= {"oc4ids_cancelled"}
    assert (row.code, row.name, row.content, row.stage, row.level) == ("ZD-1", name, content or None, stage, level)
    assert (row.total_investment_yuan, row.longitude, row.latitude) == (yuan, longitude, latitude)
    assert (row.start_planned_on, row.finish_planned_on, row.completed_on) == days
    assert (row.category, row.nature, row.county, row.responsible_unit) == ("城建", "续建", "东湖区", unit)


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ({"title": " "}, "missing_name", "B title"),
        ({"id": ""}, "oc4ids_bad_id", "A id"),
        ({"budget": {"amount": {"amount": "多"}}}, "bad_amount", "H budget/amount/amount"),
        ({"budget": {"amount": {"amount": 1e300}}}, "bad_amount", "H budget/amount/amount"),
        ({"budget": {"amount": {"amount": -1}}}, "negative_amount", "H budget/amount/amount"),
        ({"budget": {"amount": {"amount": 5, "currency": "USD"}}}, "foreign_currency", "I budget/amount/currency"),
        ({"title": "长" * 201}, "too_long", "B title"),
    ],
)
def test_project_that_cannot_be_read_is_set_aside_at_its_place(fields: dict[str, Any], code: str, column: str) -> None:
    parsed = _read([{"id": "ZD-1", "title": "甲"}, {"id": "ZD-2", "title": "乙", **fields}])
    assert [row.name for row in parsed.rows] == ["甲"]
    assert [row.row for row in parsed.quarantined] == [2]
    assert (code, SHEET, 2, column) in _codes(parsed)


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ({"period": {"startDate": "去年"}}, "bad_date", "E period/startDate"),
        ({"status": "cancelled"}, "oc4ids_cancelled", "D status"),
        ({"status": "somewhere"}, "unknown_word", "D status"),
        (
            {"locations": [{"geometry": {"type": "Point", "coordinates": [1e308, 3]}}]},
            "oc4ids_bad_point",
            "L locations/0/geometry/coordinates",
        ),
    ],
)
def test_value_that_cannot_be_read_is_left_out_and_said(fields: dict[str, Any], code: str, column: str) -> None:
    parsed = _read([{"id": "ZD-1", "title": "甲", **fields}])
    assert len(parsed.rows) == 1
    assert _codes(parsed) == [(code, SHEET, 1, column)]


def test_point_written_the_other_way_round_is_told_by_its_values() -> None:
    parsed = _read(
        [{"id": "1", "title": "甲", "locations": [{"geometry": {"type": "Point", "coordinates": [35.1, 118.3]}}]}]
    )
    assert (parsed.rows[0].longitude, parsed.rows[0].latitude) == (118.3, 35.1)


def test_moment_in_another_zone_is_our_day() -> None:
    parsed = _read([{"id": "1", "title": "甲", "period": {"startDate": "2026-02-28T16:00:00Z"}}])
    assert parsed.rows[0].start_planned_on == date(2026, 3, 1)


def test_same_identifier_twice_sets_the_second_aside() -> None:
    parsed = _read([{"id": "ZD-1", "title": "甲"}, {"id": "oc4ids-abc123-ZD-1", "title": "乙"}])
    assert [(problem.code, problem.row) for problem in parsed.problems] == [("duplicate_code", 2)]


def test_mended_cells_and_asked_rows_count() -> None:
    projects = [{"id": "ZD-1", "title": "甲"}, {"id": "ZD-2", "title": ""}]
    parsed = _read(projects, only=frozenset({(SHEET, 2)}), mends=(Mend(SHEET, 2, 1, "乙"), Mend(SHEET, 2, 7, "500")))
    assert [(row.name, row.total_investment_yuan) for row in parsed.rows] == [("乙", 500)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"{", "oc4ids_damaged"),
        (b'{"projects": [{"id": NaN}]}', "oc4ids_damaged"),
        (b"[" * 100_000, "oc4ids_damaged"),
        (b'{"projects": [{"id": ' + b"9" * 10_000 + b"}]}", "oc4ids_damaged"),
        (b"{}", "oc4ids_kind"),
        (b'{"projects": []}', "oc4ids_kind"),
        (b'{"projects": 5}', "oc4ids_kind"),
        (b'"text"', "oc4ids_kind"),
    ],
    ids=["empty", "cut", "nan", "deep", "digits", "object", "none", "number", "text"],
)
def test_file_that_is_no_package_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_oc4ids(data, ReadOptions(2026))
    assert caught.value.problem.code == code


_KEYS = ["id", "title", "period", "startDate", "budget", "amount", "locations", "geometry", "type", "coordinates"]
_KEYS += ["parties", "roles", "name", "scheme"]
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)


@given(project=st.recursive(_LEAVES, _deeper, max_leaves=12))
def test_any_shape_of_project_ends_in_rows_or_quarantine(project: Any) -> None:
    parsed = _read([project])
    assert len(parsed.rows) + len(parsed.quarantined) == 1
