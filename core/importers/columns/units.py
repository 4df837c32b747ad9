"""Unit of each money column: its header, else the 单位 line, else the other columns, else the size of the values."""

import re
from collections import Counter
from dataclasses import replace

from core.importers.cells.money import FOREIGN, SQM_PER_UNIT, YUAN_PER_UNIT
from core.importers.columns.fields import MONEY_FIELDS, Column, Field
from core.importers.columns.resolve import Choices, median_of

_SHEET_UNITS = re.compile(r"单位[:：]?(?:人民币)?([^\n)）]{1,12})")
# Median 总投资 of a ledger: projects of 300 万元 … 500 亿元, told apart by their numbers.
_WAN_RANGE = (300.0, 5_000_000.0)
_YI_BELOW = 50.0


def sheet_units(title: str) -> tuple[str, str]:
    """Return the money unit and the area unit of a line such as ``单位：万元、亩`` (empty when none)."""
    # Line by line: 填报单位 beside 单位 would swallow it.
    lines = [re.sub(r"\s", "", line) for line in title.splitlines()]
    for found in (one for line in lines for one in _SHEET_UNITS.findall(line)):
        names = re.split(r"[、,，/;；及和]", found)
        money = next((unit for unit in YUAN_PER_UNIT for name in names if name == unit), "")
        area = next((unit for unit in SQM_PER_UNIT for name in names if name == unit), "")
        if money or area:
            return money, area
    return "", ""


def settle_units(choices: Choices, title: str, answer: str) -> bool:
    """
    Give every money and area column its unit, in place.

    Args:
        title: Texts above the header, where the 单位 line stands.
        answer: The user's answer to an earlier ``unit_unknown``; empty when not asked.
    Returns:
        False when a money column's unit stays unknown: the sheet must not be imported.
    """
    _refuse_foreign(choices)
    money, area = sheet_units(title)
    if area:
        _set(choices, [column for column in choices.with_field(Field.LAND_AREA) if not column.unit], area)
    columns = [column for column in choices.columns if column.field in MONEY_FIELDS]
    open_columns = [column for column in columns if column.unit not in YUAN_PER_UNIT]
    if not open_columns:
        return True
    stated = Counter(column.unit for column in columns if column.unit in YUAN_PER_UNIT)
    unit = money or answer or (next(iter(stated)) if len(stated) == 1 else "")
    if not unit:
        unit = stated.most_common(1)[0][0] if stated else _by_size(choices, columns)
        for column in open_columns:
            choices.say(column, "unit_assumed" if unit else "unit_unknown", **({"unit": unit} if unit else {}))
    if unit:
        _set(choices, open_columns, unit)
    return bool(unit)


def _refuse_foreign(choices: Choices) -> None:
    """A column in another currency is not converted: the rate is for the approval to say."""
    for column in choices.columns:
        found = FOREIGN.search(column.header) if column.field in MONEY_FIELDS else None
        if found and column.unit not in YUAN_PER_UNIT:
            choices.say(column, "foreign_currency_column", unit=found[0])


def _set(choices: Choices, columns: list[Column], unit: str) -> None:
    for column in columns:
        choices.columns[choices.columns.index(column)] = replace(column, unit=unit)


def _by_size(choices: Choices, columns: list[Column]) -> str:
    """Only the total tells: monthly amounts of any unit look alike."""
    total = next((column for column in columns if column.field is Field.TOTAL), None)
    middle = median_of(choices.values(total)) if total else None
    if middle is None:
        # Every amount may carry its own unit; then nothing is left open.
        values = [value for column in columns for value in choices.values(column)]
        return "" if any(isinstance(value, (int, float)) for value in values) else "万元"
    if _WAN_RANGE[0] <= middle <= _WAN_RANGE[1]:
        return "万元"
    if middle > _WAN_RANGE[1]:
        return "元"
    return "亿元" if middle < _YI_BELOW else ""
