"""The flags of a published round as a workbook, from its snapshot alone."""

from collections.abc import Iterator

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.round_snapshot import RoundSnapshot, SnapshotDecision
from core.domain.supervision_terms import SubjectKind
from core.exporters.layout import Form, SheetColumn, SheetLayout, Value
from core.exporters.workbook import build_workbook

_COLUMNS = (
    SheetColumn("序号", 8, Form.COUNT),
    SheetColumn("项目代码", 18),
    SheetColumn("项目名称", 40),
    SheetColumn("县区", 12),
    SheetColumn("指挥部", 18),
    SheetColumn("责任单位", 22),
    SheetColumn("包保领导", 14),
    SheetColumn("年度计划", 14, Form.WAN),
    SheetColumn("序时应完成", 14, Form.WAN),
    SheetColumn("累计完成", 14, Form.WAN),
    SheetColumn("本期完成", 14, Form.WAN),
    SheetColumn("上轮旗色", 10, Form.WORD),
    SheetColumn("本轮旗色", 10, Form.WORD),
    SheetColumn("连续轮次", 10, Form.COUNT),
    SheetColumn("亮旗原因", 48),
)


def flags_workbook(snapshot: RoundSnapshot) -> bytes:
    """Return the flags of all projects, most urgent first, with the sums of the city above them."""
    city = snapshot.city
    total: tuple[Value, ...] = (
        f"合计 {city.projects} 项",
        *(None,) * 6,
        city.annual_plan_yuan,
        city.due_yuan,
        city.done_yuan,
        city.period_done_yuan,
        *(None,) * 4,
    )
    layout = SheetLayout(
        sheet="旗色明细",
        title=snapshot.head.title,
        columns=_COLUMNS,
        note=f"截至 {snapshot.head.cut_off_on}",
        unit="单位：万元",
        frozen=3,
    )
    return build_workbook(layout, _rows(snapshot), total)


def _rows(snapshot: RoundSnapshot) -> Iterator[tuple[Value, ...]]:
    for number, item in enumerate(snapshot.of(SubjectKind.PROJECT), 1):
        yield (
            number,
            item.code,
            item.name,
            item.county,
            item.headquarters,
            item.unit,
            item.leader,
            item.annual_plan_yuan,
            item.due_yuan,
            item.ytd_done_yuan,
            item.period_done_yuan,
            _previous(item),
            DEFAULT_SCHEME.mark(item.level).word,
            item.streak,
            "；".join(hit.reason for hit in item.hits),
        )


def _previous(item: SnapshotDecision) -> str:
    return "" if item.previous_level is None else DEFAULT_SCHEME.mark(item.previous_level).word
