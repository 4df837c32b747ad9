"""The one shape of a schedule: tasks as the file writes them, nodes as the store may take them."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from core.importers.problems import ImportProblem
from core.importers.read_sheet import DeclaredSum, ReadColumn, ReadSheet
from core.importers.row import QuarantinedRow
from core.importers.sheet import column_letter

MAX_TASKS = 120_000


class Column(IntEnum):
    """Columns under which a task's values are shown, named in problems and mended."""

    NAME = 0
    PLAN = 1
    BASELINE = 2
    FORECAST = 3
    ACTUAL = 4
    PERCENT = 5

    @property
    def heading(self) -> str:
        """Letter and header as a problem shows them."""
        return f"{column_letter(self.value)} {_HEADINGS[self]}"

    @property
    def read(self) -> ReadColumn:
        """The column as the screen shows it."""
        return ReadColumn(self.value, _HEADINGS[self], self.name.lower())


_HEADINGS = {
    Column.NAME: "节点名称",
    Column.PLAN: "计划日期",
    Column.BASELINE: "基线日期",
    Column.FORECAST: "预计日期",
    Column.ACTUAL: "实际日期",
    Column.PERCENT: "完成比例",
}


class Stated(NamedTuple):
    """A value as the file writes it, and the file's own name of the field (``Finish``, ``target_end_date``)."""

    source: str
    text: str


NOT_STATED = Stated("", "")


@dataclass(frozen=True, slots=True)
class Task:
    """
    A task as the file writes it.

    Attributes:
        row: Number by which it is found again: MS Project's row, the line of an XER, the position in a Primavera XML.
        place: The task's own name in the software (``UID 12``, ``A1010``).
        key: Identity that stays the same in the next file of the same schedule.
        level: Outline level from 1.
        is_left_out: Inactive, blank or belonging to another file.
        plan: Planned day while the file has no baseline.
        forecast: Day the software computes now, where it is kept apart from the plan.
        baselines: Number → day; 0 is the baseline the software itself compares with.
    """

    row: int
    place: str
    key: str
    name: str
    wbs: str
    level: int
    is_milestone: bool
    is_summary: bool
    is_left_out: bool
    plan: Stated
    forecast: Stated = NOT_STATED
    actual: Stated = NOT_STATED
    percent: Stated = NOT_STATED
    baselines: dict[int, Stated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One project of a file; ``names`` are the words that may be its code or name, most telling first."""

    names: tuple[str, ...]
    tasks: list[Task]
    problems: tuple[ImportProblem, ...] = ()

    @property
    def sheet(self) -> str:
        """Name under which its rows are shown."""
        return self.names[0][:100] if self.names else "进度计划"


@dataclass(frozen=True, slots=True)
class ScheduleNode:
    """
    A node that the store may take.

    Attributes:
        project_names: Words that may be code or name of its project.
        source_key: Identity in the schedule.
        planned_on: Day of the plan in force: the baseline where the file has one, else the planned day.
        baseline_on: Day of the file's baseline; None = the file has none.
        forecast_on: Day expected now, when it differs from the plan and the node is not done.
        percent: 0–100 as the file states it.
    """

    sheet: str
    row: int
    project_names: tuple[str, ...]
    source_key: str
    name: str
    wbs: str
    is_milestone: bool
    planned_on: date
    baseline_on: date | None
    forecast_on: date | None
    actual_on: date | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class ParsedSchedule:
    """A whole file after reading; ``nodes`` and ``quarantined`` together are all tasks taken as nodes."""

    nodes: tuple[ScheduleNode, ...]
    quarantined: tuple[QuarantinedRow, ...]
    problems: tuple[ImportProblem, ...]
    project: str = ""
    sheets: tuple[ReadSheet, ...] = ()
    declared: tuple[DeclaredSum, ...] = ()

    @property
    def row_count(self) -> int:
        """Number of tasks taken as nodes, set aside or not."""
        return len(self.nodes) + len(self.quarantined)
