"""The leaders as a workbook to be printed: visits owed and made by month, promises, gap to 序时, flags."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.sponsors import LeaderFigures
from core.domain.units import NOTHING
from core.exporters.layout import Form, Paper, SheetColumn, SheetLayout, Value
from core.exporters.workbook import XLSX, build_workbook

LEADER_XLSX = XLSX
_FIRST = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("包保领导", 12, Form.WORD),
    SheetColumn("职务", 24),
    SheetColumn("包保项目", 9, Form.COUNT),
    SheetColumn("应调研", 8, Form.COUNT, "本月调研（项次）"),
    SheetColumn("已调研", 8, Form.COUNT, "本月调研（项次）"),
    SheetColumn("尚欠", 8, Form.COUNT, "本月调研（项次）"),
    SheetColumn("最近调研", 12, Form.DAY),
)
_LAST = (
    SheetColumn("交办", 8, Form.COUNT, "现场交办问题（件）"),
    SheetColumn("办结", 8, Form.COUNT, "现场交办问题（件）"),
    SheetColumn("逾期", 8, Form.COUNT, "现场交办问题（件）"),
    SheetColumn("平均序时差(百分点)", 12, Form.PP),
    SheetColumn("红旗", 7, Form.COUNT),
    SheetColumn("黄旗", 7, Form.COUNT),
)


@dataclass(frozen=True, slots=True)
class LeaderLine:
    """A leader with his title and figures."""

    name: str
    title: str
    figures: LeaderFigures


def build_leader_list(title: str, note: str, lines: Sequence[LeaderLine]) -> bytes:
    """Return the workbook as bytes; the months of the year up to now stand as visits made."""
    months = [one.month.number for one in lines[0].figures.months] if lines else []
    made = tuple(SheetColumn(f"{number}月", 6, Form.COUNT, "各月已调研（项次）") for number in months)
    layout = SheetLayout("包保领导", title, (*_FIRST, *made, *_LAST), note=note, frozen=2, paper=Paper.A3)
    return build_workbook(layout, (_cells(number, line) for number, line in enumerate(lines, start=1)))


def _cells(number: int, line: LeaderLine) -> tuple[Value, ...]:
    own = line.figures
    now = own.now
    return (
        number,
        line.name,
        line.title,
        own.projects,
        now.due,
        now.done,
        now.owed,
        own.last_visit_on,
        *(month.done for month in own.months),
        own.promised,
        own.solved,
        own.overdue,
        NOTHING if own.gap_pp is None else float(own.gap_pp),
        own.severe,
        own.warn,
    )
