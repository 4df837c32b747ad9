"""Primavera XER and XML: milestones, baselines kept as projects of their own, code pages, cut-off files."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.options import ReadOptions
from core.importers.problems import UnreadableFile
from core.importers.schedules.read import parse_schedule
from core.importers.schedules.shape import ParsedSchedule
from core.importers.schedules.xer import decode_xer
from tests.support.schedules import pmxml_activity, pmxml_file, xer_file, xer_project, xer_task

OPEN = xer_task("A100", "全桥合龙", target_end_date="2026-11-30 17:00", early_end_date="2026-12-20 17:00")
DONE = xer_task(
    "A090",
    "开工",
    task_type="TT_Mile",
    status_code="TK_Complete",
    target_start_date="2026-03-01 08:00",
    act_start_date="2026-03-05 08:00",
)


def _read(data: bytes, **options: object) -> ParsedSchedule:
    return parse_schedule(data, ReadOptions(2026, **options))  # type: ignore[arg-type]


def test_xer_open_milestone_has_plan_and_forecast() -> None:
    parsed = _read(xer_file(xer_project(OPEN)))
    (node,) = parsed.nodes
    assert (node.name, node.source_key, node.wbs, node.row) == ("全桥合龙", "p6:A100", "主桥", 11)
    assert (node.planned_on, node.forecast_on, node.baseline_on) == (date(2026, 11, 30), date(2026, 12, 20), None)
    assert node.project_names == ("滨江大桥工程", "ZD-BJDQ")


def test_xer_start_milestone_is_dated_by_its_start() -> None:
    (node,) = _read(xer_file(xer_project(DONE))).nodes
    assert (node.planned_on, node.actual_on, node.forecast_on, node.percent) == (
        date(2026, 3, 1),
        date(2026, 3, 5),
        None,
        100,
    )


def test_xer_baseline_project_becomes_the_plan() -> None:
    tables = xer_project(OPEN, xer_task("A100", "全桥合龙", proj_id="200", target_end_date="2026-10-15 17:00"))
    tables["PROJECT"][0]["sum_base_proj_id"] = "200"
    tables["PROJECT"].append({"proj_id": "200", "proj_short_name": "基线", "orig_proj_id": "100"})
    (node,) = _read(xer_file(tables)).nodes
    assert (node.planned_on, node.baseline_on, node.forecast_on) == (
        date(2026, 10, 15),
        date(2026, 10, 15),
        date(2026, 12, 20),
    )


def test_xer_several_baselines_and_none_named_are_asked() -> None:
    tables = xer_project(OPEN, *(xer_task("A100", "全桥合龙", proj_id=number) for number in ("200", "300")))
    tables["PROJECT"] += [
        {"proj_id": number, "proj_short_name": f"基线{number}", "orig_proj_id": "100"} for number in ("200", "300")
    ]
    parsed = _read(xer_file(tables))
    assert parsed.nodes[0].planned_on == date(2026, 11, 30)
    assert [(problem.code, problem.sheet) for problem in parsed.problems] == [
        ("schedule_baseline_unknown", "滨江大桥工程")
    ]
    assert "基线200、基线300" in parsed.problems[0].message


def test_xer_two_projects_have_a_sheet_each() -> None:
    tables = xer_project(OPEN, xer_task("B1", "开工", proj_id="900", target_end_date="2026-05-01 17:00"))
    tables["PROJECT"].append({"proj_id": "900", "proj_short_name": "ZD-2"})
    parsed = _read(xer_file(tables))
    assert [(node.sheet, node.name) for node in parsed.nodes] == [("滨江大桥工程", "全桥合龙"), ("ZD-2", "开工")]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "全桥合龙"),
        ("utf-8-sig", "全桥合龙"),
        ("utf-16", "全桥合龙"),
        ("gbk", "全桥合龙"),
        ("gb18030", "全桥合龙㐀"),
        ("cp1252", "Équipement livré"),
        ("cp1252", "Überführung fertig – Straße"),
    ],
)
def test_xer_code_page_is_found(encoding: str, name: str) -> None:
    tables = xer_project({**OPEN, "task_name": name}, name="Pont" if encoding == "cp1252" else "滨江大桥")
    if encoding == "cp1252":
        tables["PROJWBS"][1] |= {"wbs_short_name": "M", "wbs_name": "Main"}
    assert _read(xer_file(tables, encoding=encoding)).nodes[0].name == name


def test_xer_with_a_bad_date_names_line_and_field() -> None:
    parsed = _read(xer_file(xer_project({**OPEN, "early_end_date": "20/12/26"})))
    (problem,) = parsed.problems
    assert (problem.code, problem.row, problem.column) == ("schedule_bad_date", 11, "D 预计日期")
    assert "A100 early_end_date" in problem.message
    assert [(row.row, row.name) for row in parsed.quarantined] == [(11, "全桥合龙")]


@pytest.mark.parametrize("cut", [20, 200, 420])
def test_xer_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        _read(xer_file(xer_project(OPEN, DONE), end="")[:cut])
    assert caught.value.problem.code == "schedule_damaged"


def test_xer_work_breakdown_in_a_circle_ends() -> None:
    tables = xer_project(OPEN)
    tables["PROJWBS"].append({**tables["PROJWBS"][1], "wbs_id": "12", "parent_wbs_id": "11"})
    tables["PROJWBS"][1]["parent_wbs_id"] = "12"
    assert _read(xer_file(tables)).nodes[0].name == "全桥合龙"


def test_xer_breakdown_of_the_chosen_level_is_summed_up() -> None:
    works = [
        xer_task(
            "A1", "桩基", task_type="TT_Task", target_end_date="2026-05-30 17:00", act_end_date="2026-06-02 17:00"
        ),
        xer_task(
            "A2", "承台", task_type="TT_Task", target_end_date="2026-08-30 17:00", early_end_date="2026-09-09 17:00"
        ),
    ]
    (node,) = _read(xer_file(xer_project(*works)), outline_level=1).nodes
    assert (node.name, node.source_key, node.row, node.is_milestone) == ("主桥工程", "p6:wbs:主桥", 8, False)
    assert (node.planned_on, node.forecast_on, node.actual_on) == (date(2026, 8, 30), date(2026, 9, 9), None)
    done = [{**work, "act_end_date": "2026-09-01 17:00"} for work in works]
    assert _read(xer_file(xer_project(*done)), outline_level=1).nodes[0].actual_on == date(2026, 9, 1)


def test_xer_bad_date_below_a_summary_is_told_and_not_passed_over() -> None:
    works = [
        xer_task("A1", "桩基", task_type="TT_Task", target_end_date="2026-05-30 17:00"),
        xer_task("A2", "承台", task_type="TT_Task", target_end_date="30-AUG-26"),
    ]
    parsed = _read(xer_file(xer_project(*works)), outline_level=1)
    assert [(problem.code, problem.row, problem.column) for problem in parsed.problems[-2:]] == [
        ("schedule_bad_date", 8, "B 计划日期"),
        ("schedule_bad_date", 8, "D 预计日期"),
    ]
    assert [row.name for row in parsed.quarantined] == ["主桥工程"]


def test_xer_row_shorter_than_its_fields_reads_blanks() -> None:
    data = xer_file(xer_project(OPEN)).replace(b"2026-11-30 17:00\t\t2026-12-20 17:00\t\t", b"2026-11-30 17:00")
    (node,) = _read(data).nodes
    assert (node.planned_on, node.forecast_on) == (date(2026, 11, 30), None)


def test_pmxml_reads_plan_forecast_and_share_done() -> None:
    activity = pmxml_activity(
        "A100",
        "全桥合龙",
        PlannedFinishDate="2026-11-30T17:00:00",
        RemainingEarlyFinishDate="2026-12-20T17:00:00",
        PercentComplete="0.35",
    )
    (node,) = _read(pmxml_file(activity)).nodes
    assert (node.source_key, node.wbs, node.percent, node.row) == ("p6:A100", "主桥", 35, 1)
    assert (node.planned_on, node.forecast_on) == (date(2026, 11, 30), date(2026, 12, 20))


def test_pmxml_baseline_project_becomes_the_plan() -> None:
    now = pmxml_activity("A100", "全桥合龙", PlannedFinishDate="2026-12-20T17:00:00")
    then = pmxml_activity("A100", "全桥合龙", PlannedFinishDate="2026-11-30T17:00:00")
    (node,) = _read(pmxml_file(now, baseline=[then])).nodes
    assert (node.planned_on, node.baseline_on, node.forecast_on) == (
        date(2026, 11, 30),
        date(2026, 11, 30),
        date(2026, 12, 20),
    )


def test_pmxml_ordinary_activities_are_left_and_counted() -> None:
    parsed = _read(
        pmxml_file(
            pmxml_activity("A1", "承台", "Task Dependent", PlannedFinishDate="2026-11-30T17:00:00"),
            pmxml_activity("A2", "完工", PlannedFinishDate="2026-11-30T17:00:00"),
        )
    )
    assert [node.name for node in parsed.nodes] == ["完工"]
    assert [problem.code for problem in parsed.problems] == ["schedule_tasks_left"]


def test_both_forms_of_primavera_give_the_same_identity() -> None:
    activity = pmxml_activity("A100", "全桥合龙", PlannedFinishDate="2026-11-30T17:00:00")
    assert _read(pmxml_file(activity)).nodes[0].source_key == _read(xer_file(xer_project(OPEN))).nodes[0].source_key


@given(text=st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=40))
def test_chinese_in_gbk_is_never_read_as_western(text: str) -> None:
    try:
        data = f"ERMHDR\t{text}".encode("gb2312")
    except UnicodeEncodeError:
        return
    with suppress(UnicodeDecodeError):
        assert decode_xer(data) == data.decode()  # a few pairs of bytes are good UTF-8 as well
        return
    assert decode_xer(data) == f"ERMHDR\t{text}"
