"""倒排工期表 as blocks of an official document: the frame, what stands against it, every task."""

from core.domain.backward_schedule import Placed
from core.exporters.official.blocks import Align, Block, Column, Form, Heading, Paragraph, Table, Title
from core.exporters.official.numbering import chinese_date
from core.exporters.schedule_table import ScheduleSheet, schedule_title

_COLUMNS = (
    Column("序号", 5),
    Column("任务", 25, Align.LEFT),
    Column("工期", 6),
    Column("前置", 16),
    Column("最迟开始", 13),
    Column("最迟完成", 13),
    Column("机动", 6),
    Column("责任单位", 16),
)
CRITICAL, KEY = "◆", "★"


def schedule_blocks(sheet: ScheduleSheet) -> list[Block]:
    """Return the blocks of one schedule; 机动 and 工期 are in working days."""
    form = Form(
        (
            (("项目编号", sheet.project_code or "—"), ("状态", sheet.standing)),
            (("属地指挥部", sheet.place or "—"),),
            (("责任单位", sheet.unit_name or "—"),),
            (("最迟开工", chinese_date(sheet.start_on)), ("完成", chinese_date(sheet.finish_on))),
            (("模板", sheet.template_name or "自行编制"), ("所需工期", f"{sheet.needed_days} 个工作日")),
        )
    )
    remarks: list[Block] = [Paragraph(f"{number}. {text}") for number, text in enumerate(sheet.remarks, start=1)]
    if remarks:
        remarks.insert(0, Heading(1, "冲突与提示"))
    table = Table(_COLUMNS, tuple(_cells(row) for row in sheet.rows), unit="单位：工作日", empty="没有任务", points=9)
    legend = Paragraph(
        f"{CRITICAL} 在关键线路上，{KEY} 关键节点；“2压50%”指任务 2 完成一半即可开始。"
        f"测算日{chinese_date(sheet.as_of)}。"
    )
    return [
        Title(schedule_title(sheet)),
        form,
        *remarks,
        Heading(1, "任务安排"),
        table,
        legend,
    ]


def _cells(row: Placed) -> tuple[str, ...]:
    task = row.task
    marks = "".join(mark for mark, holds in ((CRITICAL, row.is_critical), (KEY, task.is_key)) if holds)
    return (
        task.code,
        f"{marks} {task.name}" if marks else task.name,
        str(task.duration_days),
        task.links_text or "—",
        str(row.start_on),
        str(row.finish_on),
        "完成" if task.done_on else str(row.float_days),
        task.responsible or "—",
    )
