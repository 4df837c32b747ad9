"""MS Project XML: which tasks become nodes, with which days, and what is said about the rest."""

from contextlib import suppress
from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.options import Mend, ReadOptions
from core.importers.problems import UnreadableFile
from core.importers.schedules.read import parse_schedule
from core.importers.schedules.shape import ParsedSchedule
from tests.support.schedules import msp_file, msp_task

OPTIONS = ReadOptions(2026)


def _read(data: bytes, **options: object) -> ParsedSchedule:
    return parse_schedule(data, ReadOptions(2026, **options))  # type: ignore[arg-type]


def _places(parsed: ParsedSchedule) -> list[tuple[str, str, int, str]]:
    return [(problem.code, problem.sheet, problem.row, problem.column) for problem in parsed.problems]


def test_milestone_without_baseline_takes_the_finish_as_plan() -> None:
    parsed = _read(msp_file(msp_task(1, "主墩封顶", "2026-09-30", WBS="1.2", PercentComplete=40)))
    (node,) = parsed.nodes
    assert (node.name, node.source_key, node.wbs, node.percent) == ("主墩封顶", "msp:1", "1.2", 40)
    assert (node.planned_on, node.baseline_on) == (date(2026, 9, 30), None)
    assert (node.forecast_on, node.actual_on) == (None, None)
    assert node.project_names == ("滨江大桥工程", "计划")
    assert parsed.problems == ()


def test_milestone_with_baseline_plans_by_it_and_forecasts_the_finish() -> None:
    parsed = _read(msp_file(msp_task(7, "全桥合龙", "2026-12-20", baselines={0: "2026-11-30"})))
    (node,) = parsed.nodes
    assert (node.planned_on, node.baseline_on) == (date(2026, 11, 30), date(2026, 11, 30))
    assert node.forecast_on == date(2026, 12, 20)


def test_milestone_done_has_its_actual_day_and_no_forecast() -> None:
    task = msp_task(
        7, "开工", "2026-03-05", ActualFinish="2026-03-05", PercentComplete=100, baselines={0: "2026-03-01"}
    )
    (node,) = _read(msp_file(task)).nodes
    assert (node.planned_on, node.actual_on, node.forecast_on) == (date(2026, 3, 1), date(2026, 3, 5), None)


@pytest.mark.parametrize(("number", "planned_on"), [(0, date(2026, 5, 1)), (3, date(2026, 6, 1))])
def test_several_baselines_the_chosen_one_is_the_plan_and_is_said(number: int, planned_on: date) -> None:
    task = msp_task(1, "通车", "2026-07-01", baselines={0: "2026-05-01", 3: "2026-06-01"})
    parsed = _read(msp_file(task), baseline=number)
    assert parsed.nodes[0].planned_on == planned_on
    assert _places(parsed) == [("schedule_several_baselines", "滨江大桥工程", 0, "")]
    assert f"取基线 {number}" in parsed.problems[0].message


def test_baseline_that_the_file_has_not_is_said_and_the_finish_counts() -> None:
    parsed = _read(msp_file(msp_task(1, "通车", "2026-07-01", baselines={0: "2026-05-01"})), baseline=4)
    assert parsed.nodes[0].planned_on == date(2026, 7, 1)
    assert _places(parsed) == [("schedule_baseline_missing", "滨江大桥工程", 0, "")]


def test_ordinary_and_inactive_tasks_are_left_and_counted() -> None:
    parsed = _read(
        msp_file(
            msp_task(1, "下部结构", "2026-08-01", Milestone=0, Summary=1),
            msp_task(2, "承台", "2026-05-01", Milestone=0, OutlineLevel=2),
            msp_task(3, "下部完成", "2026-08-01", OutlineLevel=2),
            msp_task(4, "旧节点", "2026-08-01", Active=0),
        )
    )
    assert [node.name for node in parsed.nodes] == ["下部完成"]
    assert [(problem.code, problem.message[:6]) for problem in parsed.problems] == [
        ("schedule_inactive", "1 个停用、"),
        ("schedule_tasks_left", "另有 1 个"),
    ]


def test_summary_level_chosen_makes_summary_tasks_nodes() -> None:
    tasks = (
        msp_task(1, "下部结构", "2026-08-01", Milestone=0, Summary=1),
        msp_task(2, "承台", "2026-05-01", Milestone=0, Summary=1, OutlineLevel=2),
        msp_task(3, "下部完成", "2026-08-01", OutlineLevel=2),
    )
    parsed = _read(msp_file(*tasks), outline_level=1)
    assert [(node.name, node.is_milestone) for node in parsed.nodes] == [("下部结构", False), ("下部完成", True)]


def test_file_without_milestones_asks_for_a_summary_level() -> None:
    parsed = _read(msp_file(msp_task(1, "下部结构", "2026-08-01", Milestone=0, Summary=1)))
    assert parsed.nodes == ()
    assert _places(parsed) == [("schedule_no_milestones", "滨江大桥工程", 0, "")]
    assert "现有：1" in parsed.problems[0].message


@pytest.mark.parametrize(
    ("task", "code", "column"),
    [
        (msp_task(5, "  ", "2026-08-01"), "node_name_missing", "A 节点名称"),
        (msp_task(5, "长" * 201, "2026-08-01"), "too_long", "A 节点名称"),
        (msp_task(5, "通车", Finish="31/12/2026"), "schedule_bad_date", "B 计划日期"),
        (msp_task(5, "通车", Finish="2026-02-30T17:00:00"), "schedule_bad_date", "B 计划日期"),
        (msp_task(5, "通车", Finish="0026-02-03T17:00:00"), "schedule_bad_date", "B 计划日期"),
        (msp_task(5, "通车", "2026-08-01", baselines={0: "2026-13-01"}), "schedule_bad_date", "C 基线日期"),
        (msp_task(5, "通车", "2026-08-01", ActualFinish="昨天"), "schedule_bad_date", "E 实际日期"),
        (msp_task(5, "通车"), "schedule_no_date", "B 计划日期"),
    ],
)
def test_task_that_cannot_be_read_is_set_aside_at_its_row(task: str, code: str, column: str) -> None:
    parsed = _read(msp_file(msp_task(4, "开工", "2026-03-01"), task))
    assert [node.name for node in parsed.nodes] == ["开工"]
    assert [(row.sheet, row.row, row.codes) for row in parsed.quarantined] == [("滨江大桥工程", 5, ("UID 5",))]
    assert _places(parsed) == [(code, "滨江大桥工程", 5, column)]


def test_same_uid_twice_sets_both_aside() -> None:
    parsed = _read(msp_file(msp_task(5, "开工", "2026-03-01", ID=1), msp_task(5, "通车", "2026-08-01", ID=2)))
    assert parsed.nodes == ()
    assert [(problem.code, problem.row) for problem in parsed.problems] == [
        ("schedule_key_doubled", 1),
        ("schedule_key_doubled", 2),
    ]


def test_done_without_a_day_is_imported_as_open_and_said() -> None:
    parsed = _read(msp_file(msp_task(5, "开工", "2026-03-01", PercentComplete=100)))
    assert parsed.nodes[0].actual_on is None
    assert _places(parsed) == [("schedule_done_undated", "滨江大桥工程", 5, "E 实际日期")]


def test_mended_cells_are_read_instead_of_the_file() -> None:
    data = msp_file(msp_task(5, "", Finish="年底"))
    mends = (Mend("滨江大桥工程", 5, 0, "通车"), Mend("滨江大桥工程", 5, 1, "2026-12-31"))
    parsed = _read(data, mends=mends)
    assert [(node.name, node.planned_on) for node in parsed.nodes] == [("通车", date(2026, 12, 31))]


def test_only_the_asked_rows_are_taken() -> None:
    data = msp_file(msp_task(1, "开工", "2026-03-01"), msp_task(2, "通车", "2026-12-31"))
    parsed = _read(data, only=frozenset({("滨江大桥工程", 2)}))
    assert [node.name for node in parsed.nodes] == ["通车"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb2312", "gbk", "GB18030"])
def test_declared_encoding_is_honoured(encoding: str) -> None:
    data = msp_file(msp_task(1, "主墩封顶", "2026-09-30"), encoding=encoding)
    assert _read(data).nodes[0].name == "主墩封顶"


def test_unknown_encoding_is_refused() -> None:
    data = msp_file(msp_task(1, "封顶", "2026-09-30")).replace(b'encoding="utf-8"', b'encoding="x-martian"')
    assert _refused(data).code == "file_encoding"


def _refused(data: bytes):  # type: ignore[no-untyped-def]
    with pytest.raises(UnreadableFile) as caught:
        parse_schedule(data, OPTIONS)
    return caught.value.problem


BOMB = '<!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n'
EXTERNAL = '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'


@pytest.mark.parametrize("head", [BOMB, EXTERNAL, '<!DOCTYPE Project SYSTEM "http://10.0.0.1/x.dtd">\n'])
def test_declared_entities_and_dtds_are_refused(head: str) -> None:
    problem = _refused(msp_file(msp_task(1, "封顶", "2026-09-30"), head=head))
    assert (problem.code, "第 2 行" in problem.message) == ("schedule_unsafe", True)


def test_nesting_beyond_every_schedule_is_refused() -> None:
    deep = "<a>" * 5000 + "</a>" * 5000
    assert _refused(msp_file(f"<Task>{deep}</Task>")).code == "schedule_unsafe"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_cut_off_file_is_refused_with_its_line(cut: float) -> None:
    data = msp_file(*(msp_task(number, "节点", "2026-09-30") for number in range(50)))
    problem = _refused(data[: int(len(data) * cut)])
    assert problem.code == "schedule_damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "schedule_binary"),
        (b"PK\x03\x04 no schedule", "schedule_kind"),
        (b"<html><body>x</body></html>", "schedule_kind"),
        ("项目名称,计划\n甲,1".encode(), "schedule_kind"),
    ],
)
def test_other_files_are_refused_by_kind(data: bytes, code: str) -> None:
    assert _refused(data).code == code


def test_ten_thousand_tasks_are_read_in_bounded_time() -> None:
    data = msp_file(
        *(msp_task(number, f"节点{number}", "2026-09-30", baselines={0: "2026-08-30"}) for number in range(1, 10_001))
    )
    started = perf_counter()
    parsed = _read(data)
    assert len(parsed.nodes) == 10_000
    assert perf_counter() - started < 10


@given(
    name=st.text(alphabet=st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=60),
    day=st.dates(date(1950, 1, 1), date(2100, 12, 31)),
    slip=st.integers(0, 400),
)
def test_any_name_and_day_come_back_or_are_said(name: str, day: date, slip: int) -> None:
    now = min(day + timedelta(days=slip), date(2100, 12, 31))
    parsed = _read(msp_file(msp_task(1, name, now.isoformat(), baselines={0: day.isoformat()})))
    if not parsed.nodes:
        assert parsed.problems[0].code == "node_name_missing"
        return
    (node,) = parsed.nodes
    assert node.planned_on == node.baseline_on == day
    assert node.forecast_on == (now if now != day else None)


@given(data=st.binary(max_size=400))
def test_any_bytes_end_in_a_named_problem(data: bytes) -> None:
    for prefix in (
        b"",
        b"<",
        b'<Project xmlns="http://schemas.microsoft.com/project">',
        b"ERMHDR\t",
        b"<APIBusinessObjects>",
    ):
        with suppress(UnreadableFile):
            parse_schedule(prefix + data, OPTIONS)
