"""A backward schedule as a workbook to be printed: every task with its days, float, predecessors, owner."""

from dataclasses import dataclass
from datetime import date

from core.domain.backward_schedule import Placed
from core.exporters.layout import Form, Paper, SheetColumn, SheetLayout, Value
from core.exporters.workbook import build_workbook

COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("序号", 7, Form.WORD),
    SheetColumn("任务", 36),
    SheetColumn("工期（工作日）", 9, Form.COUNT),
    SheetColumn("前置（压茬）", 18),
    SheetColumn("最迟开始", 12, Form.DAY),
    SheetColumn("最迟完成", 12, Form.DAY),
    SheetColumn("最早开始", 12, Form.DAY),
    SheetColumn("最早完成", 12, Form.DAY),
    SheetColumn("机动（工作日）", 9, Form.COUNT),
    SheetColumn("关键线路", 9, Form.YES_NO),
    SheetColumn("关键节点", 9, Form.YES_NO),
    SheetColumn("限定完成", 12, Form.DAY),
    SheetColumn("已完成", 12, Form.DAY),
    SheetColumn("责任单位", 18),
)


@dataclass(frozen=True, slots=True)
class ScheduleSheet:
    """
    What a printed schedule says.

    Attributes:
        standing: Draft, baseline, or computed and not kept.
        remarks: Clashes and notes in words.
        as_of: Day from which earliest days and floats are counted.
    """

    project_name: str
    project_code: str
    place: str
    unit_name: str
    template_name: str
    standing: str
    start_on: date
    finish_on: date
    needed_days: int
    as_of: date
    remarks: tuple[str, ...]
    rows: tuple[Placed, ...]


def schedule_title(sheet: ScheduleSheet) -> str:
    """Return the title of the printed schedule."""
    return f"{sheet.project_name}倒排工期表"


def build_schedule_table(sheet: ScheduleSheet) -> bytes:
    """Return the workbook as bytes."""
    note = f"{sheet.standing}　{sheet.start_on} 至 {sheet.finish_on}　测算日 {sheet.as_of}"
    layout = SheetLayout(
        "倒排工期", schedule_title(sheet), COLUMNS, note=note, unit="单位：工作日", frozen=2, paper=Paper.A3
    )
    return build_workbook(layout, (_cells(row) for row in sheet.rows))


def _cells(row: Placed) -> tuple[Value, ...]:
    task = row.task
    is_done = task.done_on is not None
    return (
        task.code,
        task.name,
        task.duration_days,
        task.links_text,
        row.start_on,
        row.finish_on,
        None if is_done else row.early_start_on,
        None if is_done else row.early_finish_on,
        None if is_done else row.float_days,
        row.is_critical,
        task.is_key,
        task.must_finish_on,
        task.done_on,
        task.responsible,
    )
