"""Where header words leave a choice, the values of the whole column decide; what was decided is said."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from itertools import islice
from statistics import median

from core.importers.cells.codes import NATIONAL_CODE, normalise_code
from core.importers.cells.text import PLACEHOLDERS, cell_text, parse_name
from core.importers.columns.fields import FIELD_LABELS, REPEATABLE_FIELDS, Column, Field
from core.importers.columns.propose import propose
from core.importers.problems import ImportProblem, build_problem
from core.importers.sheet import BrokenCell, Cell
from core.importers.words import NEW_BUILD, ONLY_YEAR_CLASS

_SAMPLE_ROWS = 3_000
_SAMPLES = 3
_YEARLY = frozenset(
    {Field.ANNUAL_PLAN, Field.YTD_DONE, Field.MONTH_PLAN, Field.MONTH_ACTUAL, Field.ANNUAL_GOAL, Field.ANNUAL_RATE}
)
_ELSEWHERE = frozenset({Field.ELSEWHERE, Field.FUNDS_RECEIVED, Field.FUNDS_SPENT, Field.LAND_AREA, Field.COORDINATION})
_MEANINGS = {Field.YTD_DONE: "本年累计完成", Field.SINCE_START_DONE: "自开工累计完成"}


@dataclass(slots=True)
class Choices:
    """Columns of one sheet while they are being settled."""

    sheet: str
    header_row: int
    columns: list[Column]
    rows: list[list[Cell]]
    problems: list[ImportProblem]
    proposals: dict[int, tuple[Field, ...]] = dataclass_field(default_factory=dict)

    def values(self, column: Column) -> list[Cell]:
        """Return the non-blank sampled values of *column*."""
        index = column.index
        found = [row[index] for row in self.rows[:_SAMPLE_ROWS] if index < len(row)]
        return [value for value in found if value is not None and value != "" and not isinstance(value, BrokenCell)]

    def with_field(self, field: Field) -> list[Column]:
        return [column for column in self.columns if column.field is field]

    def change(self, column: Column, field: Field | None) -> None:
        """Give *column* another meaning, unless the user settled it."""
        if not column.is_settled:
            self.replace(column, field)

    def replace(self, column: Column, field: Field | None) -> None:
        self.columns[self.columns.index(column)] = replace(column, field=field)

    def say(self, column: Column, code: str, **values: object) -> None:
        self.problems.append(build_problem(code, self.sheet, self.header_row + 1, column.label, **values))


def settle_columns(choices: Choices, year: int) -> None:
    """Settle *choices* in place for the ledger of *year*; afterwards each field stands at most once."""
    elsewhere = {column.index for column in choices.columns if column.field in _ELSEWHERE}
    _drop_other_years(choices, year)
    for decide in _DECISIONS:
        decide(choices)
    _drop_duplicates(choices)
    for column in choices.columns:
        if column.field is None:
            _propose(choices, column)
        elif column.index in elsewhere and not column.is_settled:
            choices.say(column, "kept_elsewhere")


def samples_of(choices: Choices) -> dict[int, tuple[str, ...]]:
    """Return some different values of each column, as people read them."""
    found = {}
    for column in choices.columns:
        texts = (" ".join(cell_text(value).split())[:40] for value in choices.values(column))
        found[column.index] = tuple(islice(dict.fromkeys(texts), _SAMPLES))
    return found


def _propose(choices: Choices, column: Column) -> None:
    """An unknown column is not read; what it may mean is said."""
    taken = frozenset(other.field for other in choices.columns if other.field is not None)
    found = () if column.is_settled else propose(column.header, choices.values(column), taken)
    if found:
        choices.proposals[column.index] = found
        choices.say(column, "column_proposed", field="”或“".join(FIELD_LABELS[field] for field in found))
    else:
        choices.say(column, "unknown_column")


def ledger_year(columns: tuple[Column, ...], title_year: int | None, wanted: int) -> int:
    """Return the year that a sheet's figures belong to: *wanted* when the sheet has it, else what the sheet says."""
    for fields in ((Field.ANNUAL_PLAN,), (Field.YTD_DONE, Field.ANNUAL_GOAL, Field.MONTH_PLAN)):
        years = {column.year for column in columns if column.field in fields and column.year}
        if years:
            return next((year for year in (wanted, title_year) if year in years), max(years)) or wanted
    return title_year or wanted


def _drop_other_years(choices: Choices, year: int) -> None:
    for column in list(choices.columns):
        expected = year - 1 if column.field is Field.PRIOR_DONE else year
        is_yearly = column.field in _YEARLY or column.field is Field.PRIOR_DONE
        if is_yearly and not column.is_settled and column.year not in (None, expected, year):
            choices.say(column, "other_year", year=column.year, current=year)
            choices.change(column, Field.ELSEWHERE)


def _decide_name(choices: Choices) -> None:
    """项目名称 merged over 序号 + 名称: the column of numbers is the sequence."""
    names = choices.with_field(Field.NAME)
    for column in names if len(names) > 1 else ():
        values = choices.values(column)
        if not values or sum(map(_is_count, values)) > len(values) / 2:
            choices.change(column, Field.SEQUENCE)


def _is_count(value: Cell) -> bool:
    if isinstance(value, (int, float)):
        return True
    return isinstance(value, str) and value.strip().strip("().（）、").isdigit()


def _decide_codes(choices: Choices) -> None:
    """编号 that only counts 1, 2, 3 is a sequence; 项目编号 that holds national codes is one."""
    for column in choices.with_field(Field.CODE):
        texts = [normalise_code(str(value)) for value in choices.values(column)]
        if texts and sum(bool(NATIONAL_CODE.fullmatch(text)) for text in texts) > len(texts) / 2:
            if not choices.with_field(Field.NATIONAL_CODE):
                choices.change(column, Field.NATIONAL_CODE)
        elif texts and all(_is_count(value) and len(str(value)) <= 7 for value in choices.values(column)):
            choices.change(column, Field.SEQUENCE)


def _decide_class(choices: Choices) -> None:
    """建设性质, 项目类别 and 建设阶段 may hold the year class; 新建 beside 续建 is a class, beside 扩建 a nature."""
    for field in (Field.NATURE, Field.STAGE, Field.CATEGORY):
        for column in choices.with_field(field):
            texts = [text for value in choices.values(column) if (text := parse_name(value)) is not None]
            classes = sum(bool(ONLY_YEAR_CLASS.match(text)) for text in texts)
            new = sum(bool(NEW_BUILD.match(text)) for text in texts)
            is_class = (
                classes and classes + new > len(texts) / 2 and (field is not Field.STAGE or new or _has(texts, "续建"))
            )
            if is_class and not choices.with_field(Field.YEAR_CLASS):
                choices.change(column, Field.YEAR_CLASS)


def _has(texts: list[str], word: str) -> bool:
    return any(word in text for text in texts)


def _decide_units(choices: Choices) -> None:
    """A ledger without 责任单位 names the responsible unit as 牵头单位."""
    leads = choices.with_field(Field.LEAD_UNIT)
    if leads and not choices.with_field(Field.RESPONSIBLE_UNIT):
        choices.change(leads[0], Field.RESPONSIBLE_UNIT)


def _decide_month(choices: Choices) -> None:
    """One column `8月完成投资` is this month's amount; several are a series."""
    actuals = choices.with_field(Field.MONTH_ACTUAL)
    if len(actuals) == 1 and not choices.with_field(Field.MONTH_DONE):
        choices.change(actuals[0], Field.MONTH_DONE)


def _decide_cumulative(choices: Choices) -> None:
    """累计完成 without a start: more than the year's plan in many rows means since the start of works."""
    for column in choices.with_field(Field.CUMULATIVE_DONE):
        taken = [field for field in _MEANINGS if choices.with_field(field)]
        if len(taken) == 2:
            continue
        field = next(other for other in _MEANINGS if other not in taken) if taken else _by_size(choices, column)
        choices.change(column, field)
        choices.say(column, "period_assumed", meaning=_MEANINGS[field])


def _by_size(choices: Choices, column: Column) -> Field:
    plans = choices.with_field(Field.ANNUAL_PLAN)
    if not plans:
        return Field.SINCE_START_DONE
    pairs = [
        (row[column.index], row[plans[0].index])
        for row in choices.rows[:_SAMPLE_ROWS]
        if max(column.index, plans[0].index) < len(row)
    ]
    known = [(done, plan) for done, plan in pairs if isinstance(done, (int, float)) and isinstance(plan, (int, float))]
    above = sum(done > plan * 1.2 for done, plan in known)
    return Field.SINCE_START_DONE if known and above > len(known) / 10 else Field.YTD_DONE


_DECISIONS: tuple[Callable[[Choices], None], ...] = (
    _decide_name,
    _decide_codes,
    _decide_class,
    _decide_units,
    _decide_month,
    _decide_cumulative,
)


def _drop_duplicates(choices: Choices) -> None:
    """Of two columns with one meaning the settled one is read, else the fuller one."""
    for field in {column.field for column in choices.columns if column.field}:
        same = choices.with_field(field)
        if len(same) < 2 or field in REPEATABLE_FIELDS:
            continue
        best = max(same, key=lambda column: (column.is_settled, len(choices.values(column)), -column.index))
        for column in same:
            if column is not best:
                choices.say(column, "duplicate_column", other=best.label)
                choices.replace(column, Field.ELSEWHERE)


def numbers_of(values: list[Cell]) -> list[float]:
    """Return the plain numbers among *values*, typed as numbers or as text."""
    found = []
    for value in values:
        if isinstance(value, bool) or value in PLACEHOLDERS:
            continue
        if isinstance(value, (int, float)):
            found.append(float(value))
        elif isinstance(value, str) and value.replace(",", "").replace(".", "", 1).strip().isdigit():
            found.append(float(value.replace(",", "")))
    return found


def median_of(values: list[Cell]) -> float | None:
    """Return the median of the positive numbers among *values*."""
    positive = [number for number in numbers_of(values) if number > 0]
    return median(positive) if positive else None
