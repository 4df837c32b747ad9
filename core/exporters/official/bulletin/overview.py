"""一、总体情况: the sums of the city, and the same by county, headquarters and category."""

from collections.abc import Iterator, Sequence

from core.domain.bulletin_texts import period_label
from core.domain.period import Month
from core.domain.round_snapshot import GroupFigures, RoundSnapshot
from core.exporters.official.blocks import Align, Block, Column, Heading, Paragraph, Picture, Table
from core.exporters.official.bulletin.figures import Figures, sums_of

_COLUMNS = (
    Column("序号", 8),
    Column("地区", 14),
    Column("项目\n个数", 9, Align.RIGHT),
    Column("总投资\n(亿元)", 14, Align.RIGHT),
    Column("年度计划\n(亿元)", 13, Align.RIGHT),
    Column("累计完成\n(亿元)", 13, Align.RIGHT),
    Column("完成年度\n百分比", 14, Align.RIGHT),
    Column("序时差\n(百分点)", 14, Align.RIGHT),
    Column("本期新增\n(亿元)", 14, Align.RIGHT),
)
_LONG_NAMES = 24
_KINDS = (("county", "地区", "各县区"), ("headquarters", "指挥部", "各分指挥部"), ("category", "类别", "各行业类别"))


def overview(snapshot: RoundSnapshot, figures: Figures, chart: Picture | None) -> Iterator[Block]:
    """Yield the section."""
    yield Heading(1, "总体情况")
    yield Paragraph(_money(snapshot, figures))
    yield Paragraph(_starts(snapshot.city, figures))
    for kind, heading, caption in _KINDS:
        groups = snapshot.groups_of(kind)
        if groups:
            yield _table(snapshot, groups, figures, heading, f"{caption}投资完成情况")
        if kind == "county" and groups and chart is not None:
            yield chart


def _money(snapshot: RoundSnapshot, figures: Figures) -> str:
    city, sums = snapshot.city, sums_of(snapshot.city)
    return (
        f"本轮纳入督查的重点项目{city.projects}个，总投资{figures.yi(city.total_investment_yuan)}亿元，"
        f"年度计划投资{figures.yi(city.annual_plan_yuan)}亿元。截至{_until(snapshot)}，"
        f"累计完成投资{figures.yi(city.done_yuan)}亿元，完成年度计划的{figures.rate(sums)}，{figures.gap_words(sums)}；"
        f"{period_label(snapshot.head)}新增完成投资{figures.yi(city.period_done_yuan)}亿元。"
    )


def _until(snapshot: RoundSnapshot) -> str:
    """Return the end of the money: the end of the last month, or the cut-off where it comes before."""
    month, day = Month.parse(snapshot.head.last_month), snapshot.head.cut_off_on
    return f"{month.number}月底" if day >= month.last_day else f"{day.month}月{day.day}日"


def _starts(city: GroupFigures, figures: Figures) -> str:
    return (
        f"截至目前应开工项目{city.start_due}个，已开工{city.started}个，"
        f"开工率{figures.share(city.started, city.start_due)}；"
        f"应开复工项目{city.resume_due}个，已开复工{city.resumed}个，"
        f"开复工率{figures.share(city.resumed, city.resume_due)}。"
    )


def _table(
    snapshot: RoundSnapshot, groups: Sequence[GroupFigures], figures: Figures, heading: str, caption: str
) -> Table:
    columns = tuple(
        Column(heading, 14 if heading == "地区" else _LONG_NAMES, c.align) if c.heading == "地区" else c
        for c in _COLUMNS
    )
    return Table(
        columns,
        tuple(_row(str(number), group, figures) for number, group in enumerate(groups, start=1)),
        caption,
        # Headquarters and categories overlap or leave projects out: the first row is the city, never their sum.
        total=_row("", snapshot.city, figures),
    )


def _row(number: str, group: GroupFigures, figures: Figures) -> tuple[str, ...]:
    sums = sums_of(group)
    return (
        number,
        group.name,
        str(group.projects),
        figures.yi(group.total_investment_yuan),
        figures.yi(group.annual_plan_yuan),
        figures.yi(group.done_yuan),
        figures.rate(sums),
        figures.gap(sums),
        figures.yi(group.period_done_yuan),
    )
