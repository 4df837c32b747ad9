"""Lists and rates of matters as workbooks to be printed: owner, deadline, what is left, result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.domain.matters.words import MatterCount
from core.domain.units import round_exact
from core.exporters.layout import Form, SheetColumn, SheetLayout, Value
from core.exporters.workbook import XLSX, build_workbook
from db.queries.matters import MatterRow

MATTER_XLSX = XLSX
# 问题清单 as offices keep it, for every kind of matter.
COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("编号", 16),
    SheetColumn("类型", 10, Form.WORD),
    SheetColumn("项目", 30),
    SheetColumn("事项", 40),
    SheetColumn("情况说明", 40),
    SheetColumn("类别", 10, Form.WORD),
    SheetColumn("企业", 20),
    SheetColumn("县区", 12),
    SheetColumn("层级", 12, Form.WORD),
    SheetColumn("提出人", 12),
    SheetColumn("提出日期", 12, Form.DAY),
    SheetColumn("来源", 10, Form.WORD),
    SheetColumn("主办单位", 20),
    SheetColumn("协办单位", 24),
    SheetColumn("责任领导", 12),
    SheetColumn("交办日期", 12, Form.DAY),
    SheetColumn("办理期限", 12, Form.DAY),
    SheetColumn("首次期限", 12, Form.DAY),
    SheetColumn("状态", 10, Form.WORD),
    SheetColumn("剩余工作日", 10, Form.COUNT),
    SheetColumn("办理进展", 40),
    SheetColumn("答复意见", 40),
    SheetColumn("回复日期", 12, Form.DAY),
    SheetColumn("办理结果", 12, Form.WORD),
    SheetColumn("可解决的条件", 30),
    SheetColumn("办结日期", 12, Form.DAY),
    SheetColumn("满意度", 10, Form.WORD),
    SheetColumn("是否提级", 8, Form.YES_NO),
    SheetColumn("销号日期", 12, Form.DAY),
    SheetColumn("备注", 24),
)
_COUNTS = (
    MatterCount.MATTERS, MatterCount.OPEN, MatterCount.OVERDUE, MatterCount.REPLY_DUE, MatterCount.REPLIED_IN_TIME,
    MatterCount.FINISHED, MatterCount.VISITED, MatterCount.CONTENT,
)  # fmt: skip
_RATES = ("按期回复率", "办结率", "满意度")


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter and the working days its present step has left; negative = overdue, None = no deadline runs."""

    row: MatterRow
    workdays_left: int | None


@dataclass(frozen=True, slots=True)
class RateLine:
    """One row of the rates: its group, what was counted, percentages (0–100) and mean working days; None = —."""

    group: str
    counts: Mapping[MatterCount, int]
    replied_in_time_pct: Decimal | None
    finished_pct: Decimal | None
    content_pct: Decimal | None
    mean_workdays: Decimal | None


def build_matter_list(title: str, note: str, lines: Sequence[MatterLine]) -> bytes:
    """Return the workbook as bytes."""
    layout = SheetLayout("清单", title, COLUMNS, note=note, unit="", frozen=5)
    return build_workbook(layout, (_cells(number, line) for number, line in enumerate(lines, start=1)))


def build_rates(title: str, heading: str, note: str, lines: Sequence[RateLine]) -> bytes:
    """Return the rates as bytes; *heading* is what the rows are told apart by."""
    columns = (
        SheetColumn(heading, 26),
        *(SheetColumn(count.label, 10, Form.COUNT) for count in _COUNTS),
        *(SheetColumn(word, 12, Form.RATIO) for word in _RATES),
        SheetColumn("平均办理工作日", 12, Form.NUMBER),
    )
    layout = SheetLayout("统计", title, columns, note=note, unit="", frozen=1)
    return build_workbook(layout, map(_rate_cells, lines))


def _rate_cells(line: RateLine) -> tuple[Value, ...]:
    found = (line.replied_in_time_pct, line.finished_pct, line.content_pct)
    return (
        line.group,
        *(line.counts[count] for count in _COUNTS),
        *(None if pct is None else pct / 100 for pct in found),
        None if line.mean_workdays is None else round_exact(line.mean_workdays, 1),
    )


def _cells(number: int, line: MatterLine) -> tuple[Value, ...]:
    row, state = line.row, line.row.state
    return (
        number,
        row.code,
        state.kind.label,
        row.project_name,
        row.title,
        row.description,
        row.category,
        row.enterprise,
        row.county_name or "市级",
        state.level.label,
        row.raised_by,
        row.raised_on,
        row.source,
        row.unit_name,
        row.supporting_units,
        row.responsible_leader,
        state.assigned_on,
        state.due_on,
        state.first_due_on,
        state.status.label,
        line.workdays_left,
        row.progress,
        row.answer,
        state.replied_on,
        row.outcome_word,
        state.conditions,
        state.resolved_on,
        row.satisfaction_word,
        state.is_escalated,
        state.closed_on,
        row.remark,
    )
