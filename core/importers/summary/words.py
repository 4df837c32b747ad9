"""Words of summary tables: what a column is, what a row is, which months a title speaks of."""

import re

from core.importers.columns.words import header_words, month_span_in, split_unit
from core.importers.summary.model import ColumnKind, LineKind, Pace

_SEQUENCE = re.compile(r"^(?:序号|编号|排序|no\.?|项次)$", re.IGNORECASE)
_TEXT = re.compile(
    r"代码|编码|文号|电话|手机|年限|年份|日期|时间(?!进度)|工期|联系人|备注|地址|期号|旗色|等次|^年度$|^月份$"
)
_PACE = re.compile(r"(?:序时|时序|均衡)进度|时间进度|^序时$")
_GAP = re.compile(
    r"序时差|进度差|百分点|[高低快慢]于|[超欠][^\d]{0,3}(?:序时|时序|时间|均衡|目标)|(?:与|比|较|同)[^\d]{0,4}(?:序时|时序|时间进度|均衡|目标)"
)
_RANK = re.compile(r"排名|名次|位次|排位|排序|序位|^位居")
_GROWTH = re.compile(r"同比|环比|增速|增长|增幅|升降幅|涨幅")
_DIFFERENCE = re.compile(r"差额|增减额|增加额|增量|净增|剩余|结余|缺口|尚?未完成|[还尚]差|尚需|相差")
_RATE = re.compile(r"率|占(?!地)|比重|比例|百分比|完成比|进度$")
_OTHER = re.compile(r"得分|分值|评分|总分|平均|均值|亩均|人均|地均|强度|单价|均价|密度|指数|系数|权重|面积比")
_COUNT = re.compile(r"个数|数量|项数|件数|户数|人数|家数|宗数|^数$|总数|(?<!投资)(?<!资金)(?<!金额)数$|[个项件家户宗]$")
_COUNT_UNITS = re.compile(r"[(（](?:个|项|件|家|户|人|宗|名|套|台)[)）]")
_PERCENT_UNITS = frozenset({"%", "百分比"})

_TOTAL_RANKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (3, re.compile(r"总计|总和|总数|全[市县区省]")),
    (2, re.compile(r"合计|共计|累计|全部")),
    (1, re.compile(r"小计|本页")),
)
_OF_WHICH = re.compile(r"^(?:其中|#|＃)")
_OTHER_LINE = re.compile(
    r"(?:率|占比|比重|同比|环比|增[幅速长]|排名|名次|平均|均值|上年同期|去年同期)(?:[(（][^()（）]*[)）])?$|^(?:平均|上年同期|去年同期)"
)

_UNTIL = re.compile(r"截[至止](?:到)?(?:20\d{2}年)?(\d{1,2})月(?:底|末|份|\d{1,2}日)?")
_SPAN = re.compile(r"1(?:月)?[-—–至~～]+(\d{1,2})月(上半月)?")
_QUARTERS = (
    (re.compile(r"前三季度|1[-—–至~～]3季度|一至三季度"), 18),
    (re.compile(r"上半年|1[-—–至~～]2季度"), 12),
    (re.compile(r"(?:第?一|1|首)季度"), 6),
)


def column_kind(path: tuple[str, ...]) -> tuple[ColumnKind, str]:
    """Return what the header words say about a column, and the unit they name; AMOUNT when they say nothing else."""
    parts, unit = [], ""
    for text in path:
        words, own = split_unit(header_words(text))
        unit = own or unit
        parts.append(words)
    leaf = next((words for words in reversed(parts) if words), "")
    joined = "".join(parts)
    raw = header_words("".join(path))
    if _SEQUENCE.search(leaf):
        return ColumnKind.SEQUENCE, ""
    kind = _kind_of(leaf, unit) or (_kind_of(joined, unit) if len(leaf) <= 3 and len(parts) > 1 else None)
    if kind is None:
        is_count = bool(_COUNT.search(leaf) or _COUNT_UNITS.search(raw))
        kind = ColumnKind.COUNT if is_count and not unit else ColumnKind.AMOUNT
    return kind, "" if unit in _PERCENT_UNITS else unit


def _kind_of(words: str, unit: str) -> ColumnKind | None:
    is_percent = unit in _PERCENT_UNITS
    is_measured = bool(unit) and not is_percent
    if not is_measured:
        if _TEXT.search(words):
            return ColumnKind.TEXT
        if _RANK.search(words):
            return ColumnKind.RANK
        if _GAP.search(words):
            return ColumnKind.GAP
        if _GROWTH.search(words):
            return ColumnKind.GROWTH
        if _PACE.search(words):
            return ColumnKind.PACE
        if _OTHER.search(words):
            return ColumnKind.OTHER
        if is_percent or _RATE.search(words):
            return ColumnKind.RATE
    elif _OTHER.search(words):
        return ColumnKind.OTHER
    return ColumnKind.DIFFERENCE if _DIFFERENCE.search(words) else None


def line_kind(label: str, *, has_figures: bool, is_total: bool) -> LineKind:
    """Return what a row is by its label (without count)."""
    if not has_figures:
        return LineKind.HEADING
    if is_total:
        return LineKind.TOTAL
    if _OF_WHICH.search(label):
        return LineKind.OF_WHICH
    return LineKind.OTHER if _OTHER_LINE.search(label) else LineKind.DETAIL


def total_rank(label: str) -> int:
    """Return how much a total row covers: 3 总计, 2 合计, 1 小计; 2 when the words do not tell."""
    return next((rank for rank, pattern in _TOTAL_RANKS if pattern.search(label)), 2)


def paces_in(text: str) -> tuple[Pace, ...]:
    """Return the 序时进度 that months in *text* imply: ``1-10月`` → 10/12, ``1-8月上半月`` → 7.5/12."""
    words = header_words(text)
    found = [2 * int(m[1]) - bool(m[2]) for m in _SPAN.finditer(words)]
    found += [2 * int(m[1]) for m in _UNTIL.finditer(words)]
    if not found and (month := month_span_in(words)):
        found.append(2 * month)
    found += [halves for pattern, halves in _QUARTERS if pattern.search(words)]
    return tuple(Pace(halves) for halves in dict.fromkeys(found) if 1 <= halves <= 24)
