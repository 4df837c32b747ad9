"""How a column writes numbers and dates: decided from all its texts, said, or asked when two readings remain."""

from dataclasses import replace
from datetime import date, datetime

from core.importers.cells.dates import DateOrder, OrderEvidence, order_evidence
from core.importers.cells.numbers import DecimalMark, MarkEvidence, mark_evidence
from core.importers.columns.fields import DATE_FIELDS, MONEY_FIELDS, RATE_FIELDS, Column, Field
from core.importers.columns.resolve import Choices

_NUMERIC = MONEY_FIELDS | RATE_FIELDS | {Field.LAND_AREA}
_ORDERS = {DateOrder.DAY_FIRST: "日/月/年", DateOrder.MONTH_FIRST: "月/日/年"}


def settle_writing(choices: Choices, decimal_mark: str, date_order: str) -> None:
    """
    Give each column its decimal mark and its order of day and month, in place.

    Args:
        decimal_mark, date_order: The user's answers to earlier questions; empty when not asked.
    """
    _settle_marks(choices, decimal_mark)
    _settle_orders(choices, date_order)


def _settle_marks(choices: Choices, answer: str) -> None:
    """A column without proof follows the others, unless one of those writes decimal commas: then it is asked."""
    columns = [column for column in choices.columns if column.field in _NUMERIC]
    evidence = {column.index: mark_evidence(choices.values(column)) for column in columns}
    has_comma = any(found.writes_commas for found in evidence.values())
    for column in columns:
        found = evidence[column.index]
        is_mixed = bool(found.writes_commas and found.point)
        if is_mixed or (found.either and has_comma and not (found.comma or found.point)):
            _answer_mark(choices, column, found, answer)
        elif found.writes_commas:
            choices.say(column, "number_format_comma", value=found.comma)
            _set(choices, replace(column, decimal_mark=DecimalMark.COMMA))


def _answer_mark(choices: Choices, column: Column, found: MarkEvidence, answer: str) -> None:
    if answer in tuple(DecimalMark):
        _set(choices, replace(column, decimal_mark=DecimalMark(answer)))
    else:
        choices.say(column, "number_format_unknown", value=found.either or found.comma)


def _settle_orders(choices: Choices, answer: str) -> None:
    """A column without proof follows the others of its sheet; when none has any, or they differ, it is asked."""
    columns = [column for column in choices.columns if column.field in DATE_FIELDS]
    evidence = {column.index: order_evidence(choices.values(column)) for column in columns}
    proofs = {order: _first(evidence, order) for order in _ORDERS if _first(evidence, order)}
    for column in columns:
        found = evidence[column.index]
        own = {order: text for order in _ORDERS if (text := getattr(found, order.value))}
        usable = own or proofs
        if not (own or found.either):
            continue
        if len(usable) == 1:
            order, proof = next(iter(usable.items()))
            choices.say(column, "date_order", order=_ORDERS[order], value=proof)
            _set(choices, replace(column, date_order=order))
            _check_converted(choices, column, proof)
        elif found.either and answer in ("day_first", "month_first"):
            _set(choices, replace(column, date_order=DateOrder(answer)))
        elif found.either:
            choices.say(column, "date_order_unknown", value=found.either)


def _first(evidence: dict[int, OrderEvidence], order: DateOrder) -> str:
    return next((text for found in evidence.values() if (text := getattr(found, order.value))), "")


def _check_converted(choices: Choices, column: Column, proof: str) -> None:
    """A spreadsheet that expects the other order turns 03/04/2025 into a date and leaves 31/12/2025 as text."""
    days = [value.day for value in choices.values(column) if isinstance(value, (date, datetime))]
    if days and max(days) <= 12:
        choices.say(column, "dates_half_converted", value=proof)


def _set(choices: Choices, column: Column) -> None:
    place = next(place for place, other in enumerate(choices.columns) if other.index == column.index)
    choices.columns[place] = column
