"""A list of matters as a workbook to be printed: owner, deadline, what is left, reports, result."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.exporters.layout import Form, SheetColumn, SheetLayout, Value
from core.exporters.workbook import XLSX, build_workbook
from db.queries.matters import MatterRow

MATTER_XLSX = XLSX
COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("编号", 16),
    SheetColumn("事项", 40),
    SheetColumn("类别", 10, Form.WORD),
    SheetColumn("项目", 30),
    SheetColumn("企业", 20),
    SheetColumn("县区", 12),
    SheetColumn("层级", 12, Form.WORD),
    SheetColumn("主办单位", 20),
    SheetColumn("协办单位", 24),
    SheetColumn("提出人", 12),
    SheetColumn("提出时间", 12, Form.DAY),
    SheetColumn("交办时间", 12, Form.DAY),
    SheetColumn("办理期限", 12, Form.DAY),
    SheetColumn("状态", 10, Form.WORD),
    SheetColumn("剩余工作日", 10, Form.COUNT),
    SheetColumn("办理进展", 40),
    SheetColumn("答复意见", 40),
    SheetColumn("办理结果", 12, Form.WORD),
    SheetColumn("可解决的条件", 30),
    SheetColumn("满意度", 10, Form.WORD),
    SheetColumn("销号时间", 12, Form.DAY),
)


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter and the working days its present step has left; negative = overdue, None = no deadline runs."""

    row: MatterRow
    workdays_left: int | None


def build_matter_list(title: str, note: str, lines: Sequence[MatterLine]) -> bytes:
    """Return the workbook as bytes."""
    layout = SheetLayout("清单", title, COLUMNS, note=note, unit="", frozen=3)
    return build_workbook(layout, (_cells(number, line) for number, line in enumerate(lines, start=1)))


def _cells(number: int, line: MatterLine) -> tuple[Value, ...]:
    row, state = line.row, line.row.state
    return (
        number,
        row.code,
        row.title,
        row.category,
        row.project_name,
        row.enterprise,
        row.county_name or "市级",
        state.level.label,
        row.unit_name,
        row.supporting_units,
        row.raised_by,
        row.raised_on,
        state.assigned_on,
        state.due_on,
        state.status.label,
        line.workdays_left,
        row.progress,
        row.answer,
        row.outcome_word,
        state.conditions,
        row.satisfaction_word,
        state.closed_on,
    )
