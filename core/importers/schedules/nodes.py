"""Tasks → nodes: which tasks are taken, which day is the plan, and what is wrong with a task that is taken.

A schedule knows up to four days of a task. The baseline, where the file has one, is the plan in force, for nobody moves
it by merely working on; what the software computes now is then the forecast. Without a baseline the planned day is the
plan. An actual day ends the forecast.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.importers.cells.text import parse_name
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.read_sheet import ReadSheet
from core.importers.row import QuarantinedRow
from core.importers.schedules.shape import NOT_STATED, Column, ParsedSchedule, Schedule, ScheduleNode, Stated, Task
from core.importers.sheet import Cell

MAX_NAME = 200
MAX_KEY = 100
_MOST_SHOWN = 500_000  # rows of the grid in which cells are mended; a later line is only named
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_YEARS = range(1950, 2101)
_FIELDS = {Column.PLAN: "plan", Column.FORECAST: "forecast", Column.ACTUAL: "actual", Column.PERCENT: "percent"}


class _Bad(Exception):
    """A value that is no day."""


def take_nodes(schedules: Sequence[Schedule], options: ReadOptions) -> ParsedSchedule:
    """Return the nodes of *schedules* under the answers in *options*."""
    problems = [problem for schedule in schedules for problem in schedule.problems]
    nodes: list[ScheduleNode] = []
    quarantined: list[QuarantinedRow] = []
    sheets: list[ReadSheet] = []
    for schedule in _with_own_sheets(schedules):
        taking = _Taking(schedule, options)
        taking.run()
        sheets.append(taking.read_sheet())
        problems += taking.problems
        nodes += taking.nodes
        quarantined += taking.quarantined
    if not nodes and not quarantined and not any(problem.severity is Severity.WARN for problem in problems):
        problems.append(build_problem("schedule_empty"))
    return ParsedSchedule(tuple(nodes), tuple(quarantined), tuple(problems), options.project, tuple(sheets))


def _with_own_sheets(schedules: Sequence[Schedule]) -> list[Schedule]:
    """Return *schedules* so that no two share the name of a sheet, under which their rows are found."""
    seen: Counter[str] = Counter()
    named = []
    for schedule in schedules:
        seen[schedule.sheet] += 1
        count = seen[schedule.sheet]
        first = f"{schedule.sheet[:90]}（{count}）" if count > 1 else schedule.sheet
        named.append(replace(schedule, names=(first, *schedule.names)) if count > 1 else schedule)
    return named


class _Taking:
    def __init__(self, schedule: Schedule, options: ReadOptions) -> None:
        self._schedule = schedule
        self._options = options
        self._mends = {(mend.row, mend.column): mend.value for mend in options.mends if mend.sheet == schedule.sheet}
        self.nodes: list[ScheduleNode] = []
        self.quarantined: list[QuarantinedRow] = []
        self.problems: list[ImportProblem] = []
        self._taken: list[Task] = []

    def run(self) -> None:
        sheet, level = self._schedule.sheet, self._options.outline_level
        active = [task for task in self._schedule.tasks if not task.is_left_out]
        taken = [task for task in active if task.is_milestone or (task.is_summary and task.level == level)]
        if len(active) < len(self._schedule.tasks):
            self._say("schedule_inactive", count=len(self._schedule.tasks) - len(active))
        if not taken and active:
            levels = sorted({task.level for task in active if task.is_summary})
            shown = "、".join(map(str, levels)) or "（文件没有摘要任务）"
            self._say("schedule_no_milestones", count=len(active), levels=shown)
        elif left := sum(not task.is_summary and not task.is_milestone for task in active):
            self._say("schedule_tasks_left", count=left)
        self._tell_baselines(taken)
        keys = Counter(task.key for task in taken)
        self._taken = [self._mended(task) for task in taken if self._options.takes(sheet, task.row)]
        for task in self._taken:
            self._take(task, keys[task.key] > 1)

    def read_sheet(self) -> ReadSheet:
        """Return the taken tasks as the screen shows and mends them, each at its row."""
        last = max((task.row for task in self._taken if task.row <= _MOST_SHOWN), default=0)
        cells: list[list[Cell]] = [[]] * last
        for task in self._taken:
            if 0 < task.row <= last:
                baseline = task.baselines.get(self._options.baseline, NOT_STATED)
                stated = (task.plan, baseline, task.forecast, task.actual, task.percent)
                cells[task.row - 1] = [task.name, *(one.text for one in stated)]
        return ReadSheet(self._schedule.sheet, 0, tuple(column.read for column in Column), cells)

    def _say(self, code: str, row: int = 0, column: Column | None = None, **values: Any) -> bool:
        """Note a problem; return whether it sets the row aside."""
        problem = build_problem(code, self._schedule.sheet, row, column.heading if column is not None else "", **values)
        self.problems.append(problem)
        return problem.severity is Severity.REFUSE

    def _tell_baselines(self, taken: Sequence[Task]) -> None:
        numbers = sorted({number for task in taken for number in task.baselines})
        wanted = self._options.baseline
        if wanted and wanted not in numbers:
            self._say("schedule_baseline_missing", value=wanted, known="、".join(map(str, numbers)) or "无")
        elif len(numbers) > 1:
            self._say("schedule_several_baselines", known="、".join(map(str, numbers)), value=wanted)

    def _mended(self, task: Task) -> Task:
        """Return *task* with the cells that were mended after an earlier check."""
        changes: dict[str, Any] = {}
        for column in Column:
            value = self._mends.get((task.row, column.value))
            if value is None:
                continue
            if column is Column.NAME:
                changes["name"] = value
            elif column is Column.BASELINE:
                changes["baselines"] = {**task.baselines, self._options.baseline: Stated("更正", value)}
            else:
                changes[_FIELDS[column]] = Stated("更正", value)
        return replace(task, **changes) if changes else task

    def _take(self, task: Task, is_doubled: bool) -> None:
        node, is_refused = self._node(task)
        if is_doubled and task.key:
            is_refused |= self._say("schedule_key_doubled", task.row, value=task.place)
        if node is None or is_refused:
            self.quarantined.append(QuarantinedRow(self._schedule.sheet, task.row, task.name[:MAX_NAME], (task.place,)))
        else:
            self.nodes.append(node)

    def _node(self, task: Task) -> tuple[ScheduleNode | None, bool]:
        name = parse_name(task.name) or ""
        is_refused = False
        if not name:
            is_refused |= self._say("node_name_missing", task.row, Column.NAME, place=task.place)
        elif len(name) > MAX_NAME:
            is_refused |= self._say("too_long", task.row, Column.NAME, length=len(name), limit=MAX_NAME)
        if len(task.key) > MAX_KEY:
            is_refused |= self._say("too_long", task.row, length=len(task.key), limit=MAX_KEY)
        baseline = task.baselines.get(self._options.baseline, NOT_STATED)
        days: dict[Column, date | None] = {}
        for column, stated in (
            (Column.PLAN, task.plan),
            (Column.BASELINE, baseline),
            (Column.FORECAST, task.forecast),
            (Column.ACTUAL, task.actual),
        ):
            try:
                days[column] = _day(stated.text)
            except _Bad:
                place = f"{task.place} {stated.source}"
                is_refused |= self._say("schedule_bad_date", task.row, column, value=stated.text, place=place)
        if is_refused:
            return None, True
        planned_on = days[Column.BASELINE] or days[Column.PLAN] or days[Column.FORECAST]
        if planned_on is None:
            return None, self._say("schedule_no_date", task.row, Column.PLAN, place=task.place)
        return self._build(task, name, planned_on, days), False

    def _build(self, task: Task, name: str, planned_on: date, days: dict[Column, date | None]) -> ScheduleNode:
        baseline_on, actual_on = days[Column.BASELINE], days[Column.ACTUAL]
        now_on = days[Column.FORECAST] or (days[Column.PLAN] if baseline_on else None)
        percent = self._percent(task)
        if percent == 100 and actual_on is None:
            self._say("schedule_done_undated", task.row, Column.ACTUAL, place=task.place)
        is_open = actual_on is None and percent != 100
        return ScheduleNode(
            sheet=self._schedule.sheet,
            row=task.row,
            project_names=self._schedule.names,
            source_key=task.key,
            name=name,
            wbs=task.wbs,
            is_milestone=task.is_milestone,
            planned_on=planned_on,
            baseline_on=baseline_on,
            forecast_on=now_on if is_open and now_on != planned_on else None,
            actual_on=actual_on,
            percent=percent,
        )

    def _percent(self, task: Task) -> int | None:
        if not task.percent.text:
            return None
        try:
            value = float(task.percent.text)
        except ValueError:
            value = -1.0
        if 0 <= value <= 100:
            return int(value)
        self._say("bad_percent", task.row, Column.PERCENT, value=task.percent.text)
        return None


def _day(text: str) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    if found is None or int(found[1]) not in _YEARS:
        raise _Bad
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise _Bad from error
