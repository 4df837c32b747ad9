"""Report of a headquarters to the committee (指挥部工作报告) as blocks of an official document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.schedule import gap_wording
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING, format_pct, format_pp, format_yi
from core.exporters.official.blocks import (
    Addressee,
    Align,
    Block,
    Column,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    Title,
)

_PROJECTS = (
    Column("序号", 7),
    Column("项目名称", 34, Align.LEFT),
    Column("县区", 12),
    Column("年度计划\n(亿元)", 11, Align.RIGHT),
    Column("累计完成\n(亿元)", 11, Align.RIGHT),
    Column("完成率", 10, Align.RIGHT),
    Column("序时差\n(百分点)", 11, Align.RIGHT),
    Column("旗色", 9),
)
_PROBLEMS = (
    Column("序号", 7),
    Column("问题", 36, Align.LEFT),
    Column("涉及项目", 27, Align.LEFT),
    Column("主办单位", 18),
    Column("办理期限", 17),
)
_FLAGS = (FlagLevel.SEVERE, FlagLevel.WARN)


@dataclass(frozen=True, slots=True)
class ReportMoney:
    """Σ of the projects, 元: annual plan, planned and done January..as-of month."""

    plan_yuan: int
    due_yuan: int
    done_yuan: int

    @property
    def rate(self) -> str:
        """Done ÷ annual plan; — without a plan."""
        return format_pct(Fraction(self.done_yuan, self.plan_yuan) if self.plan_yuan else None)

    @property
    def gap_pp(self) -> Fraction | None:
        """Completion minus 序时, unrounded; None without a plan."""
        return Fraction(100 * (self.done_yuan - self.due_yuan), self.plan_yuan) if self.plan_yuan else None


@dataclass(frozen=True, slots=True)
class ReportProject:
    """One row of the table of projects."""

    name: str
    county: str
    money: ReportMoney
    level: FlagLevel
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportProblem:
    """One open problem."""

    title: str
    project: str
    unit: str
    due_on: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class HeadquartersReport:
    """
    One report, worded from what the screen shows at the same moment.

    Attributes:
        period: The week, ten days or month in words; *kind* is 周报, 旬报 or 月报.
        money_span: Months the money is added up for, e.g. 2026年1—10月.
        levels: Projects by level; *flags_by* says whose flags they are.
        chain: (step, projects at it) from 策划 to 投产.
        projects_total: Projects in all; the table may show fewer.
        outlook: What comes next, as typed; empty = the nodes that fall due.
    """

    organ: str
    addressee: str
    kind: str
    period: str
    number: str
    commander: str
    reported_on: date
    money_span: str
    total_investment_yuan: int
    money: ReportMoney
    start_rate: str
    levels: tuple[tuple[FlagLevel, int], ...]
    flags_by: str
    overdue_nodes: int
    chain: tuple[tuple[str, int], ...]
    projects_total: int
    projects: tuple[ReportProject, ...]
    problems_total: int
    problems_overdue: int
    problems: tuple[ReportProblem, ...]
    due: tuple[tuple[date, str, str], ...]
    outlook: str


def report_title(report: HeadquartersReport) -> str:
    """Return the title."""
    return f"关于{report.period}工作情况的报告"


def report_blocks(report: HeadquartersReport) -> list[Block]:
    """Return the blocks of a report under its letterhead."""
    return [
        Letterhead(
            mark=f"{report.organ}{report.kind}", number=report.number, organ=report.organ, issued_on=report.reported_on
        ),
        Title(report_title(report)),
        Addressee(report.addressee),
        Paragraph(f"现将{report.organ}{report.period}工作情况报告如下，数据截至{_day(report.reported_on)}。"),
        Heading(1, "总体情况"),
        *_overview(report),
        Heading(1, "项目推进"),
        _project_table(report),
        Heading(1, "存在问题"),
        *_findings(report),
        Heading(1, "下步打算"),
        *_outlook(report),
        Signature(report.organ, report.reported_on),
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _overview(report: HeadquartersReport) -> list[Block]:
    commander = f"由{report.commander}任指挥长，" if report.commander else ""
    if not report.projects_total:
        return [Paragraph(f"本指挥部{commander}目前没有列入年度计划的项目。")]
    chain = "、".join(f"{step}{count}个" for step, count in report.chain if count)
    marks = "、".join(f"{word}旗{count}个" for word, count in _marks(report.levels))
    return [
        Paragraph(
            f"本指挥部{commander}负责项目{report.projects_total}个，总投资{format_yi(report.total_investment_yuan)}"
            f"亿元，{_money(report)}；开工率{report.start_rate}，逾期节点{report.overdue_nodes}个。"
        ),
        Paragraph(f"{marks}（{report.flags_by}）。" + (f"项目链条：{chain}。" if chain else "")),
    ]


def _money(report: HeadquartersReport) -> str:
    money = report.money
    if not money.plan_yuan:
        return f"未下达年度计划，{report.money_span}累计完成投资{format_yi(money.done_yuan)}亿元"
    return (
        f"年度计划投资{format_yi(money.plan_yuan)}亿元。{report.money_span}累计完成投资{format_yi(money.done_yuan)}亿元，"
        f"完成年度计划的{money.rate}，{gap_wording(money.gap_pp)}"
    )


def _marks(levels: Sequence[tuple[FlagLevel, int]]) -> list[tuple[str, int]]:
    """Return (word, projects) by mark, red first; levels that share a mark are added up."""
    found: dict[str, int] = {}
    for level, count in levels:
        if level not in (FlagLevel.NO_DATA, FlagLevel.EXEMPT):
            word = DEFAULT_SCHEME.mark(level).word
            found[word] = found.get(word, 0) + count
    return list(found.items())


def _project_table(report: HeadquartersReport) -> Table:
    rows = tuple(
        (
            str(number),
            row.name,
            row.county,
            format_yi(row.money.plan_yuan, 2) if row.money.plan_yuan else NOTHING,
            format_yi(row.money.done_yuan, 2),
            row.money.rate,
            format_pp(row.money.gap_pp),
            _flag(row.level),
        )
        for number, row in enumerate(report.projects, start=1)
    )
    money = report.money
    total = ("", f"合计 {report.projects_total} 个", "", format_yi(money.plan_yuan, 2), format_yi(money.done_yuan, 2))
    shown = f"（前{len(rows)}个）" if len(rows) < report.projects_total else ""
    return Table(
        columns=_PROJECTS,
        rows=rows,
        caption=f"项目推进情况{shown}",
        total=(*total, money.rate, format_pp(money.gap_pp), ""),
        empty="本指挥部还没有列入年度计划的项目",
    )


def _flag(level: FlagLevel) -> str:
    mark = DEFAULT_SCHEME.mark(level)
    return mark.word if mark.word == mark.shape else f"{mark.shape}{mark.word}"


def _findings(report: HeadquartersReport) -> list[Block]:
    flagged = [row for row in report.projects if row.level in _FLAGS]
    blocks: list[Block] = [
        Paragraph(f"{row.name}（{_flag(row.level)}）：{'；'.join(row.reasons) or '见督查通报'}。") for row in flagged
    ]
    if not report.problems_total:
        said = "目前没有未办结的问题。" if flagged else "目前没有红旗、黄旗项目，没有未办结的问题。"
        return [*blocks, Paragraph(said)]
    late = f"，其中逾期{report.problems_overdue}项" if report.problems_overdue else ""
    rows = tuple(
        (
            str(number),
            row.title,
            row.project,
            row.unit or "未交办",
            f"{row.due_on:%Y-%m-%d}{'（逾期）' if row.is_overdue else ''}" if row.due_on else NOTHING,
        )
        for number, row in enumerate(report.problems, start=1)
    )
    shown = f"（前{len(rows)}项）" if len(rows) < report.problems_total else ""
    return [
        *blocks,
        Paragraph(f"未办结问题{report.problems_total}项{late}。"),
        Table(columns=_PROBLEMS, rows=rows, caption=f"未办结问题{shown}"),
    ]


def _outlook(report: HeadquartersReport) -> list[Block]:
    lines = [line.strip() for line in report.outlook.splitlines() if line.strip()]
    if lines:
        return [Paragraph(line) for line in lines]
    if not report.due:
        return [Paragraph("按年度计划继续推进，近期没有到期节点。")]
    nodes = "；".join(f"{day.month}月{day.day}日前完成{project}“{node}”" for day, project, node in report.due)
    return [Paragraph(f"抓好近期到期节点：{nodes}。")]
