"""Unknown columns: what each may mean, from words spelt nearly like known ones and from its values. Only proposed."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from core.importers.columns.by_values import fields_by_values
from core.importers.columns.fields import DATE_FIELDS, FIELD_LABELS, MONEY_FIELDS, RATE_FIELDS, Field
from core.importers.columns.words import header_words, split_unit
from core.importers.sheet import Cell

# Beside the labels: usual headings of ledgers (public lists of key projects, district ledgers).
_SPELLINGS: tuple[tuple[str, Field], ...] = (
    *((label, Field(code)) for code, label in FIELD_LABELS.items()),
    ("工程名称", Field.NAME), ("项目单位及名称", Field.NAME), ("所属县区", Field.COUNTY), ("所在市县", Field.COUNTY),
    ("隶属区县", Field.COUNTY), ("项目地点", Field.LOCATION), ("建设规模及内容", Field.CONTENT),
    ("项目总投资", Field.TOTAL), ("计划总投资", Field.TOTAL), ("投资总额", Field.TOTAL), ("投资额", Field.TOTAL),
    ("年计划投资", Field.ANNUAL_PLAN), ("本年度计划投资", Field.ANNUAL_PLAN), ("年度投资计划", Field.ANNUAL_PLAN),
    ("年度工作目标", Field.ANNUAL_GOAL), ("年度建设任务", Field.ANNUAL_GOAL), ("工程形象进度", Field.PROGRESS),
    ("本月进展", Field.PROGRESS), ("建设周期", Field.PERIOD), ("计划工期", Field.PERIOD), ("建设年限", Field.PERIOD),
    ("本月完成投资", Field.MONTH_DONE), ("当月完成", Field.MONTH_DONE), ("本年完成投资", Field.YTD_DONE),
    ("年初至今累计", Field.YTD_DONE), ("开工至今累计", Field.SINCE_START_DONE), ("主管部门", Field.RESPONSIBLE_UNIT),
    ("主责单位", Field.RESPONSIBLE_UNIT), ("实施单位", Field.OWNER), ("项目法人", Field.OWNER),
    ("项目业主", Field.OWNER), ("包联领导", Field.SPONSORS), ("帮包领导", Field.SPONSORS), ("挂钩领导", Field.SPONSORS),
    ("计划开工时间", Field.START_PLANNED), ("计划竣工时间", Field.FINISH_PLANNED), ("实际开工时间", Field.STARTED),
    ("入库时间", Field.ENTERED_STATISTICS), ("问题和建议", Field.PROBLEM), ("下一步计划", Field.MEASURES),
)  # fmt: skip
_NEAR = 66  # of 100: one character of three may differ
_TIE = 8  # spellings this close to the best are readings as good
_MOST = 3
_TYPED = (MONEY_FIELDS, DATE_FIELDS, RATE_FIELDS)


@lru_cache(maxsize=4_000)
def fields_by_words(header: str) -> tuple[Field, ...]:
    """Return the fields whose usual headings are spelt nearly like the lowest words of *header*, nearest first."""
    words = split_unit(header_words(header.rpartition("/")[2]))[0]
    if len(words) < 2:
        return ()
    ratios: dict[Field, float] = {}
    for spelling, field in _SPELLINGS:
        ratios[field] = max(ratios.get(field, 0.0), fuzz.ratio(words, spelling))
    best = max(ratios.values())
    near = [field for field, ratio in ratios.items() if ratio >= _NEAR and ratio >= best - _TIE]
    return tuple(sorted(near, key=lambda field: -ratios[field]))


def propose(header: str, values: Sequence[Cell], taken: frozenset[Field]) -> tuple[Field, ...]:
    """
    Return what an unknown column may mean, likeliest first; several where more than one reading remains.

    Args:
        taken: Fields that another column of the table fills.
    """
    by_values = fields_by_values(values)
    by_words = tuple(field for field in fields_by_words(header) if _agrees(field, by_values))
    found = by_words or by_values
    return tuple(field for field in found if field not in taken and field in FIELD_LABELS)[:_MOST]


def _agrees(field: Field, by_values: tuple[Field, ...]) -> bool:
    """Words may mean an amount, a date or a rate only when the values look like one."""
    if not by_values or field in by_values:
        return True
    return not any(field in group or set(by_values) <= group for group in _TYPED)
