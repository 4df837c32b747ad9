"""Header words of money columns: which amount, of which period, from which source.

Parents matter: 资金来源 over 计划总投资 is the total, 2024年计划投资 over 计划总投资 is the annual plan.
"""

import re

from core.domain.terms import FundingSource
from core.importers.columns.fields import Field
from core.importers.columns.words import month_in, month_span_in

_RATE = re.compile(r"率|占|比例|百分比|完成比")
_TOTAL = re.compile(r"总投资|投资总额|投资额|投资规模|总概算|投资概算|^投资$")
_PLAN = re.compile(r"计划|预计|拟|安排|目标|任务|预期")
_DONE = re.compile(r"完成|实际|累计|入库数")
_ANNUAL = re.compile(r"20\d{2}年?|年度|本年|今年|当年|全年|年计划|^年")
_ANNUAL_PLAN = re.compile(
    r"^(?:.*(?:20\d{2}年?|年度|本年|今年|当年|全年|^年).*(?:计划|预计|拟|安排|目标|任务|推进).*|.*(?:计划|预计|拟).*(?:20\d{2}年?|年度|本年).*|"
    r"年度投资额?|年投资|20\d{2}年?投资|计划投资|投资计划|预计投资|计划完成投资|计划完成)$"
)
_PRIOR = re.compile(
    r"(?:上年|去年|上一年|以前年|往年|20\d{2}年?)(?:度?(?:底|末)|度?以?前|度?累计|度(?=完成))|年底(?:前|累计)|以前年度"
)
_SINCE_START = re.compile(
    r"开工(?:以来|至今|至|起|累计|后)|自开工|自开始|开累|建设以来|项目(?:总)?累计|总累计|立项以来"
)
_YTD = re.compile(r"年初|本年|今年|当年|年内|年度|年累计|20\d{2}年")
_MONTH_NOW = re.compile(r"本月|当月|月度完成")
_FUNDING_PARENT = re.compile(r"资金来源|资金构成|资金筹措|来源|其中|资金安排|总投资")
_FUNDING_WORDS: tuple[tuple[FundingSource, re.Pattern[str]], ...] = tuple(
    (source, re.compile(pattern))
    for source, pattern in (
        (FundingSource.CENTRAL_BUDGET, r"中央|国家(?:预算|资金|补助|投资)"),
        (FundingSource.SPECIAL_TREASURY, r"特别国债|国债"),
        (FundingSource.SPECIAL_BOND, r"专项债"),
        (FundingSource.GENERAL_BOND, r"一般债"),
        (FundingSource.FOREIGN, r"外资|境外"),
        (FundingSource.BANK_LOAN, r"贷款|银行|融资"),
        (FundingSource.SOCIAL_CAPITAL, r"社会|ppp|民间"),
        (FundingSource.ENTERPRISE, r"自筹|企业|业主"),
        (FundingSource.LOCAL_FISCAL, r"财政|政府|省级?|市级?|县级?|区级?|地方|本级"),
        (FundingSource.OTHER, r"其他|其它"),
    )
)
_SUM_LEAF = re.compile(r"^(?:合计|小计|总计|总额|总投资|计划总投资|投资|投资额|计划投资|金额|计划|)$")
# 投资情况 over 总投资 says no more than 投资.
_NOISE = re.compile(r"基本|情况|信息|概况")
_GOAL_LEAF = re.compile(r"内容|形象|目标|进度|节点|任务$|能力")


Meaning = tuple[Field, int | None, FundingSource | None]


def amount_meaning(parents: str, leaf: str, unit: str) -> Meaning | None:
    """
    Return (field, month, source) of a money or rate column, or ``None`` when the words are not about money.

    Args:
        parents: Joined words of the merged cells above, units taken out.
        leaf: Words of the lowest header cell.
        unit: Unit of the column, if its header names one.
    """
    parents = _NOISE.sub("", parents)
    joined = parents + leaf
    if unit == "%" or (_RATE.search(joined) and re.search(r"投资|计划|完成", joined)):
        return _rate(joined)
    if "资金" in joined or "到位" in joined or "支付" in joined:
        if "到位" in joined:
            return _plain(Field.FUNDS_RECEIVED if _SUM_LEAF.match(leaf) or "到位" in leaf else Field.ELSEWHERE)
        if re.search(r"支出|支付|拨付", joined):
            return _plain(Field.FUNDS_SPENT)
    return _monthly(parents, leaf) or _funding(parents, leaf) or _under_annual_plan(parents, leaf) or _by_words(joined)


def _plain(field: Field, month: int | None = None) -> Meaning:
    return field, month, None


def _rate(joined: str) -> Meaning | None:
    if re.search(r"开工率|复工率|负荷", joined):
        return None
    if "总投资" in joined or _SINCE_START.search(joined):
        return _plain(Field.TOTAL_RATE)
    return _plain(Field.ANNUAL_RATE) if re.search(r"计划|年|投资|完成", joined) else None


def _monthly(parents: str, leaf: str) -> Meaning | None:
    """A column of one month: `3月` or `3` under 月度计划, `3月完成投资` by itself."""
    joined = parents + leaf
    if month_span_in(joined):
        return None
    month = month_in(leaf)
    if month is None and leaf.isdigit() and 1 <= int(leaf) <= 12 and "月" in parents:
        month = int(leaf)
    if month is None or re.search(r"截[至止]|底|末|时间|日期|进展|进度|形象|目标|内容", joined):
        return None
    if _PLAN.search(joined) and not re.search(r"(?<!计划)完成|实际", leaf or joined):
        return _plain(Field.MONTH_PLAN, month)
    return _plain(Field.MONTH_ACTUAL, month) if _DONE.search(joined) else None


def _funding(parents: str, leaf: str) -> Meaning | None:
    """A source of the total: under 资金来源 / 总投资 / 其中, or a name that leaves no doubt."""
    under = bool(_FUNDING_PARENT.search(parents))
    if _ANNUAL_PLAN.match(parents) and "总投资" not in parents:
        return None
    if under and "总投资" in leaf:
        return _plain(Field.TOTAL)
    if under and _SUM_LEAF.match(leaf):
        return _plain(Field.TOTAL) if re.search(r"总投资|资金来源|资金构成|资金筹措", parents) else None
    certain = re.search(
        r"(?:自筹|贷款|专项债券?|国债|预算内)(?:资金|投资)?$|^(?:中央|省级?|市级?|县级?|财政|社会)(?:财政)?资金$", leaf
    )
    if not (under or certain) or re.search(r"计划完成|完成|责任|单位|领导", leaf):
        return None
    return next(((Field.FUNDING, None, source) for source, words in _FUNDING_WORDS if words.search(leaf)), None)


def _under_annual_plan(parents: str, leaf: str) -> Meaning | None:
    """Children of a merged 2024年计划投资: words are the goal, parts of the money are not imported; sums go on."""
    if not _ANNUAL_PLAN.match(parents) or _DONE.search(parents.replace("计划完成", "")):
        return None
    if _GOAL_LEAF.search(leaf):
        return _plain(Field.ANNUAL_GOAL)
    if any(words.search(leaf) for _, words in _FUNDING_WORDS) or "季" in leaf:
        return _plain(Field.ELSEWHERE)
    return None


def _by_words(joined: str) -> Meaning | None:
    if re.search(r"时间|日期|单位|领导|责任|内容|形象|进展|情况|问题|目标$|任务$|是否|名称", joined):
        return None
    planned = bool(_PLAN.search(joined))
    if not planned and _DONE.search(joined):
        return _done(joined)
    if _TOTAL.search(joined) and not _ANNUAL.search(joined):
        return _plain(Field.TOTAL)
    if _ANNUAL_PLAN.match(joined) and not re.search(r"月", joined):
        return _plain(Field.ANNUAL_PLAN)
    return None


def _done(joined: str) -> Meaning | None:
    """Which completed amount: the period is in the words, or they leave it open."""
    if not re.search(r"投资|完成|累计", joined):
        return None
    span = month_span_in(joined)
    if _SINCE_START.search(joined):
        return _plain(Field.SINCE_START_DONE)
    if _PRIOR.search(joined):
        return _plain(Field.PRIOR_DONE)
    if span or _YTD.search(joined):
        return _plain(Field.YTD_DONE, span)
    if "累计" in joined:
        return _plain(Field.CUMULATIVE_DONE, month_in(joined))
    if _MONTH_NOW.search(joined):
        return _plain(Field.MONTH_DONE)
    month = month_in(joined)
    return _plain(Field.MONTH_ACTUAL, month) if month else None
