"""How each column of a ledger was understood, for the screen that shows and corrects it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.importers.columns.fields import Column, Field
from core.importers.columns.settled import code_of
from core.importers.columns.words import header_words
from core.importers.problems import ImportProblem
from core.importers.read_sheet import Certainty

# Findings that end in a question about a column.
_ASKING = frozenset(
    {
        "unit_unknown", "unit_assumed", "period_assumed", "date_order_unknown", "number_format_unknown",
        "column_proposed", "name_proposed", "header_missing", "foreign_currency_column", "duplicate_column",
    }
)  # fmt: skip
_PERIODS = {
    Field.MONTH_DONE: "本月", Field.YTD_DONE: "本年累计", Field.SINCE_START_DONE: "自开工累计",
    Field.PRIOR_DONE: "截至上年底累计", Field.ANNUAL_PLAN: "全年",
}  # fmt: skip
_NAMES_PROPOSED = ("name_proposed", "header_missing")
_OPEN_PERIODS = (Field.YTD_DONE, Field.SINCE_START_DONE)


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """
    One column as it was understood.

    Attributes:
        label: Excel letter and header, as problems show it.
        occurrence: 0 for the first column with this header, as ``MappedColumn`` counts.
        field: Code of the field it fills (``columns.settled.code_of``); for ``PROPOSED`` the likeliest one.
        unit: Unit of its bare numbers; empty = none or not known.
        period: 本月, 本年累计, 自开工累计 … of an amount; empty for other columns.
        decimal_mark, date_order: How its texts write numbers and dates.
        choices: Field codes among which the user should choose; empty when there is nothing to choose.
        question: Chinese sentence to answer; empty when everything is clear.
    """

    sheet: str
    index: int
    header: str
    label: str
    occurrence: int
    field: str
    certainty: Certainty
    unit: str
    period: str
    decimal_mark: str
    date_order: str
    samples: tuple[str, ...]
    choices: tuple[str, ...] = ()
    question: str = ""


def column_readings(
    sheet: str,
    before: Sequence[Column],
    after: Sequence[Column],
    proposals: Mapping[int, tuple[Field, ...]],
    samples: Mapping[int, tuple[str, ...]],
    problems: Sequence[ImportProblem],
) -> tuple[ColumnReading, ...]:
    """
    Return the columns of one sheet as they were understood.

    Args:
        before, after: Columns as the header gave them, and as they were settled.
        proposals: Index of an unknown column → what it may mean.
        problems: Findings about the sheet; those about a column bring its question.
    """
    questions = {one.column: one.message for one in problems if one.sheet == sheet and one.code in _ASKING}
    open_periods = {one.column for one in problems if one.sheet == sheet and one.code == "period_assumed"}
    guessed = {one.column for one in problems if one.sheet == sheet and one.code in _NAMES_PROPOSED}
    seen: Counter[str] = Counter()
    found = []
    for old, column in zip(before, after, strict=True):
        words = header_words(column.header)
        proposed = proposals.get(column.index, ())
        choices = tuple(field.value for field in (_OPEN_PERIODS if column.label in open_periods else proposed))
        found.append(
            ColumnReading(
                sheet=sheet,
                index=column.index,
                header=column.header,
                label=column.label,
                occurrence=seen[words],
                field=proposed[0].value if proposed else code_of(column),
                certainty=_certainty(old, column, bool(proposed) or column.label in guessed),
                unit=column.unit,
                period=_period(column),
                decimal_mark=column.decimal_mark.value,
                date_order=column.date_order.value,
                samples=samples.get(column.index, ()),
                choices=choices,
                question=questions.get(column.label, ""),
            )
        )
        seen[words] += 1
    return tuple(found)


def _certainty(old: Column, column: Column, is_proposed: bool) -> Certainty:
    if column.is_settled:
        return Certainty.SETTLED
    if is_proposed:
        return Certainty.PROPOSED
    if column.field is None:
        return Certainty.UNKNOWN
    return Certainty.HEADER if old.field is column.field else Certainty.VALUES


def _period(column: Column) -> str:
    if column.field in (Field.MONTH_PLAN, Field.MONTH_ACTUAL):
        return f"{column.month}月"
    return _PERIODS.get(column.field, "") if column.field else ""
