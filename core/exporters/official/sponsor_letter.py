"""项目包干责任书: what leader, unit and county answer for in the year, as blocks of an official document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.units import NOTHING, format_pct, format_wan, format_yi
from core.exporters.official.blocks import Align, Block, Column, Form, Heading, NewPage, Paragraph, Table, Title
from core.exporters.official.numbering import chinese_date

_LINE = "　　　　　　　　"


@dataclass(frozen=True, slots=True)
class LetterNode:
    """A node the letter holds its parties to: planned by the latest baseline."""

    name: str
    planned_on: date
    actual_on: date | None


@dataclass(frozen=True, slots=True)
class SponsorLetter:
    """
    One letter.

    Attributes:
        leader: Sponsor leaders with their titles; unit the responsible one; county where the project stands.
        plan_yuan: Annual plan; 0 = none. *month_plan_yuan*: January..December; None = not planned by month.
        goal: What is to be reached in the year, in words.
    """

    project: str
    code: str
    year: int
    leader: str
    unit: str
    county: str
    place: str
    total_yuan: int
    plan_yuan: int
    month_plan_yuan: tuple[int | None, ...]
    goal: str
    nodes: tuple[LetterNode, ...]
    visits_per_month: int
    signed_on: date


def letter_title(letters: Sequence[SponsorLetter]) -> str:
    """Return the title of the file: of one letter, or of several."""
    if len(letters) == 1:
        return f"{letters[0].project}包干责任书"
    return f"重大项目包干责任书（{len(letters)} 份）"


def letter_blocks(letters: Sequence[SponsorLetter]) -> list[Block]:
    """Return the blocks of *letters*, each on a page of its own; places for signatures stay open."""
    blocks: list[Block] = []
    for letter in letters:
        blocks += [NewPage()] if blocks else []
        blocks += _letter(letter)
    return blocks


def _letter(letter: SponsorLetter) -> list[Block]:
    parties = f"包保领导{letter.leader or _LINE}、责任单位{letter.unit or _LINE}、属地{letter.county}"
    return [
        Title(f"{letter.year}年重大项目\n包干责任书"),
        Paragraph(f"为推动“{letter.project}”按期建成，{parties}共同签订本责任书，实行包干负责、一抓到底。"),
        Form(
            (
                (("项目编号", letter.code), ("总投资", f"{format_yi(letter.total_yuan, 2)} 亿元")),
                (("属地", letter.place),),
                (("年度计划", f"{format_yi(letter.plan_yuan, 2)} 亿元" if letter.plan_yuan > 0 else "没有年度计划"),),
                (("年度目标", letter.goal.strip() or "按年度计划推进"),),
            )
        ),
        Heading(1, "投资计划"),
        _months(letter),
        Heading(1, "节点目标"),
        _nodes(letter),
        Heading(1, "责任事项"),
        *(Paragraph(text, lead) for lead, text in _duties(letter)),
        Heading(1, "签字"),
        _signing(letter),
    ]


def _months(letter: SponsorLetter) -> Table:
    plans = letter.month_plan_yuan
    if letter.plan_yuan <= 0 or not any(plan is not None for plan in plans):
        return Table((Column("月份", 1), Column("计划（万元）", 1)), (), empty="没有分月计划，按序时推进。")
    columns = (
        Column("月份", 1),
        Column("当月计划", 2, Align.RIGHT),
        Column("累计计划", 2, Align.RIGHT),
        Column("累计占比", 1.4),
    )
    rows, total, whole = [], 0, sum(plan or 0 for plan in plans)
    for month, plan in enumerate(plans, start=1):
        total += plan or 0
        share = format_pct(Fraction(total, whole)) if whole else NOTHING
        rows.append((f"{month}月", format_wan(plan or 0), format_wan(total), share))
    return Table(columns, tuple(rows), unit="单位：万元")


def _nodes(letter: SponsorLetter) -> Table:
    columns = (Column("序号", 1), Column("节点", 5, Align.LEFT), Column("完成时限", 2), Column("完成情况", 2.4))
    rows = tuple(
        (str(number), node.name, str(node.planned_on), f"{node.actual_on} 完成" if node.actual_on else "")
        for number, node in enumerate(letter.nodes, start=1)
    )
    return Table(columns, rows, empty="没有待完成的节点")


def _duties(letter: SponsorLetter) -> tuple[tuple[str, str], ...]:
    return (
        (
            "包保领导",
            f"对项目推进负包干责任，每月到现场调研不少于 {letter.visits_per_month} 次，"
            "协调解决用地、手续、资金、征迁等问题，对现场交办事项跟踪到销号。",
        ),
        ("责任单位", "对计划、节点、质量和安全负主体责任，按月如实填报投资和进度，问题不能解决的及时上报提级。"),
        ("属地", "负责征地拆迁、要素保障和施工环境，限时办结属地事项，不得推诿。"),
        (
            "考核方面，",
            "年度计划、节点完成和问题办结情况纳入督查通报和年度考核；节点调整须按程序审批，首次计划一并留存。",
        ),
    )


def _signing(letter: SponsorLetter) -> Form:
    day = "　　年　月　日"
    return Form(
        (
            (("包保领导", letter.leader or _LINE), ("签字", _LINE)),
            (("责任单位", letter.unit or _LINE), ("签字盖章", _LINE)),
            (("属地", letter.county), ("签字盖章", _LINE)),
            (("签订日期", day), ("制文日期", chinese_date(letter.signed_on))),
        )
    )
