"""责任书: what a unit answers for in a campaign, as blocks of an official document."""

from dataclasses import dataclass
from datetime import date

from core.exporters.official.blocks import Align, Block, Column, Form, Heading, Paragraph, Table, Title
from core.exporters.official.numbering import chinese_date

_BLANK = "　　　　　　　　"


@dataclass(frozen=True, slots=True)
class DutyTask:
    """One task of the letter; *measure* says the result it has to reach, empty = not quantified."""

    number: str
    name: str
    lead_unit: str
    supporting_units: str
    responsible_person: str
    finish_on: date
    measure: str


@dataclass(frozen=True, slots=True)
class DutyLetter:
    """
    One letter.

    Attributes:
        giver: Who hands the task out (甲方); receiver who answers for it (乙方).
        clarities: The four clarities as (heading, text); empty texts are left out.
        tasks: Only those of the receiver where the letter is for one unit.
        report_period: 周报, 旬报 or 月报.
    """

    campaign: str
    code: str
    giver: str
    receiver: str
    leader: str
    start_on: date
    finish_on: date
    acceptance_on: date
    report_period: str
    clarities: tuple[tuple[str, str], ...]
    tasks: tuple[DutyTask, ...]


def letter_title(letter: DutyLetter) -> str:
    """Return the title of the letter."""
    return f"{letter.campaign}责任书"


def letter_blocks(letter: DutyLetter) -> list[Block]:
    """Return the blocks of one letter; places for signatures stay open."""
    span = f"{chinese_date(letter.start_on)}至{chinese_date(letter.finish_on)}"
    return [
        Title(letter_title(letter)),
        Paragraph(
            f"为确保“{letter.campaign}”按期完成，{letter.giver}（甲方）与{letter.receiver}（乙方）签订本责任书。"
        ),
        Form(
            (
                (("行动编号", letter.code), ("牵头领导", letter.leader or "—")),
                (("实施时间", span),),
                (("验收时间", chinese_date(letter.acceptance_on)), ("填报周期", letter.report_period)),
            )
        ),
        *(block for heading, text in letter.clarities if text.strip() for block in _clarity(heading, text)),
        Heading(1, "任务清单"),
        _tasks(letter),
        Heading(1, "责任要求"),
        Paragraph("乙方对所列任务的进度、质量和成效负责，明确责任人，按周期如实填报，提供可核验的佐证。", "一是"),
        Paragraph("任务完成后由乙方申请，经甲方核验属实方可销号；核验不通过的，限期整改后重新申请。", "二是"),
        Paragraph("因客观原因确需调整期限的，应书面说明并经甲方同意；调整次数和原首次期限一并留存。", "三是"),
        Paragraph("行动到期由甲方组织验收，验收结果作为考核评价的依据。", "四是"),
        Heading(1, "签字"),
        Form(
            (
                (("甲方", letter.giver), ("乙方", letter.receiver)),
                (("负责人签字", _BLANK), ("负责人签字", _BLANK)),
                (("日期", "　　年　月　日"), ("日期", "　　年　月　日")),
            )
        ),
    ]


def _clarity(heading: str, text: str) -> list[Block]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [Heading(1, heading), *(Paragraph(line) for line in lines)]


def _tasks(letter: DutyLetter) -> Table:
    columns = (
        Column("序号", 6),
        Column("任务", 26, Align.LEFT),
        Column("牵头单位", 16),
        Column("配合单位", 16),
        Column("责任人", 10),
        Column("完成时限", 14),
        Column("成效目标", 18, Align.LEFT),
    )
    rows = tuple(
        (
            task.number,
            task.name,
            task.lead_unit or "—",
            task.supporting_units or "—",
            task.responsible_person or "—",
            f"{task.finish_on:%Y-%m-%d}",
            task.measure or "—",
        )
        for task in letter.tasks
    )
    return Table(columns, rows, empty="本行动尚未分解任务。")
