"""投资月报: one row per project and month, or the months of a year side by side."""

import re

from core.domain.period import Month
from core.importers.columns.words import month_in, month_span_in, year_in
from core.importers.tables.kinds.shared import COUNTY, PROJECT_CODES, PROJECT_FIELDS, part_within_whole
from core.importers.tables.spec import FieldSpec, Reading, TableKind

_NOT_DONE = re.compile(r"计划|目标|任务|形象|进度|进展|问题|累计|比|率|占")


def _unfold(parts: tuple[str, ...]) -> tuple[Month | int, str] | None:
    """``3月`` or ``3`` under 完成投资, ``3月完成投资`` by itself: the amount of one month of the year."""
    leaf, joined = parts[-1], "".join(parts)
    if month_span_in(joined) or _NOT_DONE.search(joined):
        return None
    number = month_in(leaf)
    if number is None and leaf.isdigit() and 1 <= int(leaf) <= 12 and "月" in "".join(parts[:-1]):
        number = int(leaf)
    if number is None or not (re.search(r"完成|实际|投资", joined) or joined in (f"{number}月", f"{number}月份")):
        return None
    year = year_in(joined)
    return (Month(year, number) if year else number), "done_yuan"


REPORTS = TableKind(
    code="reports",
    label="投资月报",
    sheet="投资月报",
    note="每个项目每月一行；也可以把1—12月完成投资并列为12列。月份可写在“月份”列、表头、标题中，或在导入时选择。",
    fields=(
        *PROJECT_FIELDS,
        COUNTY,
        FieldSpec(
            "month",
            "月份",
            Reading.MONTH,
            r"^(?:报告|统计|填报|所属|报表)?(?:月份|月度|年月|报告期|报告月)$",
            is_required=True,
        ),
        FieldSpec(
            "done_yuan",
            "本月完成投资",
            Reading.MONEY,
            r"^(?!.*(?:累计|占|率|比|计划)).*(?:本月|当月|月度|\d{1,2}月份?)(?:实际)?完成(?:投资)?(?:额|数)?$|^(?:实际)?完成投资额?$",
            unit="万元",
            may_be_negative=True,
        ),
        FieldSpec(
            "reported_ytd_yuan",
            "本年累计完成",
            Reading.MONEY,
            r"^(?!.*(?:占|率|比|开工|计划)).*(?:年初|本年|今年|当年|年内|年度?|月|20\d{2}年)?累计(?:实际)?(?:完成)?(?:投资)?(?:额|数)?$",
            unit="万元",
        ),
        FieldSpec(
            "statistics_yuan",
            "统计口径完成",
            Reading.MONEY,
            r"统计(?:口径|数|月报|局|库)|入统.*(?:数|投资)",
            unit="万元",
        ),
        FieldSpec(
            "annual_rate_pct",
            "完成年度计划比例",
            Reading.PERCENT,
            r"(?:占|完成).*(?:年度?|全年).*(?:计划|任务)?.*(?:比例|率|百分比|占比)$|^占年度?计划|^完成年度?计划$|^(?:投资)?完成(?:率|比例)$|累计占比",
            unit="%",
        ),
        FieldSpec(
            "physical_progress",
            "形象进度",
            Reading.TEXT,
            r"形象|进展|^(?!.*计划).*进度|推进情况|^完成情况",
            limit=1000,
            width=40,
        ),
        FieldSpec("difficulty", "存在问题", Reading.TEXT, r"问题|困难|制约|难点|堵点", limit=1000, width=30),
        FieldSpec("next_step", "下步计划", Reading.TEXT, r"下一?步|下月|措施|打算", limit=1000, width=30),
    ),
    keys=(
        ("project_code", "month"),
        ("national_code", "month"),
        ("project_name", "county", "month"),
        ("project_name", "month"),
    ),
    title="project_name",
    anchors=PROJECT_CODES,
    one_of=PROJECT_CODES,
    elsewhere=r"总投资|计划|开工|竣工|累计|责任|领导|联系|单位|性质|内容|地点|状态|审核",
    group_field="month",
    unfold=_unfold,
    checks=(part_within_whole(("done_yuan", "本月完成", "reported_ytd_yuan", "本年累计完成")),),
)
