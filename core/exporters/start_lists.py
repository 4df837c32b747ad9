"""Workbooks of starting, to be printed: a watch list, the matrix of readiness, the reserve, the statistics clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.readiness import Readiness
from core.domain.start_terms import ProcedureKind
from core.domain.statistics_entry import Entry
from core.domain.watch_lists import reason_of
from core.exporters.layout import Form, SheetColumn, SheetLayout, Value
from core.exporters.workbook import build_workbook
from db.queries.starts import EntryRow, StartRow
from db.queries.watch_items import WatchRow

_NUMBER = SheetColumn("序号", 6, Form.COUNT)
_PROJECT = (SheetColumn("项目代码", 16), SheetColumn("项目名称", 34), SheetColumn("县区", 10))
_WATCH = (
    _NUMBER,
    *_PROJECT,
    SheetColumn("指挥部", 18),
    SheetColumn("列入日期", 12, Form.DAY),
    SheetColumn("列入时依据", 34),
    SheetColumn("目前依据", 34),
    SheetColumn("责任单位", 20),
    SheetColumn("责任人", 12),
    SheetColumn("期限", 12, Form.DAY),
    SheetColumn("超期天数", 10, Form.COUNT),
    SheetColumn("整改措施", 40),
    SheetColumn("移出日期", 12, Form.DAY),
    SheetColumn("移出原因", 24),
)
_POOL = (
    _NUMBER,
    SheetColumn("成熟度", 8, Form.WORD),
    *_PROJECT,
    SheetColumn("阶段", 8, Form.WORD),
    SheetColumn("总投资（万元）", 14, Form.WAN),
    SheetColumn("入库日期", 12, Form.DAY),
    SheetColumn("计划开工", 12, Form.DAY),
    SheetColumn("已具备", 8, Form.COUNT),
    SheetColumn("须具备", 8, Form.COUNT),
    SheetColumn("尚缺", 34),
    SheetColumn("责任单位", 20),
)
_ENTRIES = (
    _NUMBER,
    SheetColumn("状态", 14, Form.WORD),
    *_PROJECT,
    SheetColumn("总投资（万元）", 14, Form.WAN),
    SheetColumn("开工日期", 12, Form.DAY),
    SheetColumn("入统期限", 12, Form.DAY),
    SheetColumn("入统日期", 12, Form.DAY),
    SheetColumn("超期天数", 10, Form.COUNT),
    SheetColumn("统计代码", 16),
    SheetColumn("责任单位", 20),
)


@dataclass(frozen=True, slots=True)
class StartLine:
    """A project with how ready it is; *grade* is its maturity, empty where none is shown."""

    row: StartRow
    readiness: Readiness
    grade: str = ""


def build_watch(title: str, note: str, rows: Sequence[WatchRow], today: date) -> bytes:
    """Return the workbook of a watch list."""
    return build_workbook(
        SheetLayout("清单", title, _WATCH, note=note, frozen=3),
        (
            (
                number,
                row.project_code,
                row.project_name,
                row.county_name,
                row.headquarters_name,
                row.entered_on,
                row.entered_reason,
                reason_of(row.hits),
                row.owner_unit_name,
                row.owner_person_name,
                row.due_on,
                (today - row.due_on).days if row.is_overdue(today) else None,
                row.measures,
                row.left_on,
                row.left_reason,
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def build_readiness(title: str, note: str, lines: Sequence[StartLine], kinds: Sequence[ProcedureKind]) -> bytes:
    """Return the workbook of the matrix, each state in words."""
    columns = (
        _NUMBER,
        *_PROJECT,
        SheetColumn("计划开工", 12, Form.DAY),
        SheetColumn("应具备日期", 12, Form.DAY),
        SheetColumn("预警", 10, Form.WORD),
        *(SheetColumn(kind.label, 12, Form.WORD) for kind in kinds),
        SheetColumn("责任单位", 20),
    )
    return build_workbook(
        SheetLayout("开工条件", title, columns, note=note, frozen=3),
        (
            (
                number,
                line.row.code,
                line.row.name,
                line.row.county_name,
                line.row.start_planned_on,
                line.readiness.due_on,
                line.readiness.alert.label,
                *(line.readiness.states[kind].label for kind in kinds),
                line.row.unit_name,
            )
            for number, line in enumerate(lines, start=1)
        ),
    )


def build_pool(title: str, note: str, lines: Sequence[StartLine]) -> bytes:
    """Return the workbook of the reserve."""
    return build_workbook(
        SheetLayout("项目储备", title, _POOL, note=note, unit="单位：万元", frozen=4),
        (_pool_cells(number, line) for number, line in enumerate(lines, start=1)),
    )


def _pool_cells(number: int, line: StartLine) -> tuple[Value, ...]:
    row, readiness = line.row, line.readiness
    return (
        number,
        line.grade,
        row.code,
        row.name,
        row.county_name,
        row.stage.label,
        row.total_investment_yuan,
        row.reserved_on,
        row.start_planned_on,
        readiness.ready,
        readiness.applicable,
        "、".join(kind.label for kind in readiness.missing),
        row.unit_name,
    )


def build_entries(title: str, note: str, lines: Sequence[tuple[EntryRow, Entry]]) -> bytes:
    """Return the workbook of the statistics clocks."""
    return build_workbook(
        SheetLayout("入库入统", title, _ENTRIES, note=note, unit="单位：万元", frozen=4),
        (
            (
                number,
                entry.status.label,
                row.code,
                row.name,
                row.county_name,
                row.total_investment_yuan,
                row.started_on,
                entry.due_on,
                row.entered_on,
                -entry.days_left if entry.days_left is not None and entry.days_left < 0 else None,
                row.statistics_code,
                row.unit_name,
            )
            for number, (row, entry) in enumerate(lines, start=1)
        ),
    )
