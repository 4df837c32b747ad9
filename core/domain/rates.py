"""Rates: quotients of sums, each with its 口径, numerator, denominator and as-of point. Never a mean of rates."""

from collections.abc import Mapping
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.measures import MEASURE_BY_CODE
from core.domain.period import AsOf
from core.domain.rate_definitions import RATE_DEFINITION_BY_CODE, RATE_DEFINITIONS
from core.domain.rate_kinds import CHECK_ABOVE, Rate, RateDefinition, RateUnit

__all__ = [
    "CHECK_ABOVE",
    "RATE_DEFINITIONS",
    "RATE_DEFINITION_BY_CODE",
    "Rate",
    "RateDefinition",
    "RateUnit",
    "evaluate",
    "parse_definition",
    "to_dict",
]


def to_dict(definition: RateDefinition) -> dict[str, Any]:
    """Return *definition* as plain values for a JSON row."""
    return definition.to_dict()


def parse_definition(row: Mapping[str, Any]) -> RateDefinition:
    """
    Return the definition kept in *row*.

    Raises:
        Invalid: Listing every refused value: unknown measure, unknown unit, empty code, label or side.
    """
    problems: list[Problem] = []
    words = {name: str(row.get(name) or "").strip() for name in ("code", "label", "basis", "source", "note")}
    for name, label in (("code", "代码"), ("label", "名称"), ("basis", "口径")):
        if not words[name]:
            problems.append(Problem(name, "required", f"指标的{label}不能为空。"))
    numerator = _terms(row.get("numerator"), "numerator", "分子", problems)
    denominator = _terms(row.get("denominator"), "denominator", "分母", problems)
    try:
        unit = RateUnit(str(row.get("unit")))
    except ValueError:
        problems.append(Problem("unit", "unknown_unit", "单位不认识，请选择 percent（%）或 wan_per_mu（万元/亩）。"))
    if problems:
        raise Invalid(problems)
    return RateDefinition(numerator=numerator, denominator=denominator, unit=unit, **words)


def evaluate(definition: RateDefinition, sums: Mapping[str, int], as_of: AsOf) -> Rate:
    """Return the rate of a group from its summed measures (sum first, then divide)."""
    return Rate(
        code=definition.code,
        label=definition.label,
        basis=definition.basis,
        numerator=_signed_sum(definition.numerator, sums),
        denominator=_signed_sum(definition.denominator, sums),
        unit=definition.unit,
        as_of=as_of,
    )


def _signed_sum(terms: tuple[str, ...], sums: Mapping[str, int]) -> int:
    return sum(-sums[term[1:]] if term.startswith("-") else sums[term] for term in terms)


def _terms(value: object, field: str, label: str, problems: list[Problem]) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        problems.append(Problem(field, "required", f"{label}不能为空，请至少选择一个指标。"))
        return ()
    terms = tuple(str(term) for term in value)
    units = set()
    for term in terms:
        measure = MEASURE_BY_CODE.get(term.removeprefix("-"))
        if measure is None:
            problems.append(Problem(field, "unknown_measure", f"{label}中的“{term}”不是已有指标，请从列表中选择。"))
        else:
            units.add(measure.unit)
    if len(units) > 1:
        mixed = "、".join(sorted(units))
        problems.append(Problem(field, "mixed_units", f"{label}中混用了不同单位（{mixed}），不能相加。"))
    return terms
