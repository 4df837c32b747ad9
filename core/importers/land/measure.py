"""The declared area beside the measured one: units, and what a difference looks like."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from core.domain.units import SQM_PER_HA, SQM_PER_MU, round_exact
from core.importers.cells.text import parse_name
from core.importers.land.fields import area_unit

SQM_PER_UNIT: dict[str, Fraction] = {"㎡": Fraction(1), "公顷": Fraction(SQM_PER_HA), "亩": SQM_PER_MU}
TOLERANCE = Fraction(1, 100)
_FIGURE = re.compile(
    r"^(\d{1,3}(?:[,，]\d{3})+|\d+)?(\.\d+)?\s*(平方米|平米|㎡|m2|m²|公顷|hm2|hm²|亩)?$", re.IGNORECASE
)
_LARGEST_SQM = 10**12


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared area: the bare number and the unit written beside it (empty = none)."""

    number: Decimal
    unit: str

    def sqm(self, unit: str) -> int:
        """Return whole m² when the number is read in *unit*."""
        return int(round_exact(Fraction(self.number) * SQM_PER_UNIT[unit], 0))


def parse_area(text: str) -> Declared | None:
    """Return the figure in *text* such as ``0.7655公顷``; None when it is not one."""
    plain = parse_name(text) or ""
    match = _FIGURE.match(plain)
    if match is None or not (match[1] or match[2]):
        return None
    try:
        number = Decimal((match[1] or "0").replace(",", "").replace("，", "") + (match[2] or ""))
    except InvalidOperation:
        return None
    return Declared(number, area_unit(match[3] or "")) if number < _LARGEST_SQM else None


def agrees(declared_sqm: int, measured_sqm: float) -> bool:
    """Return whether the two differ by no more than 1 %, or by the rounding of a very small plot."""
    return abs(declared_sqm - measured_sqm) <= max(float(TOLERANCE) * measured_sqm, 1.0)


def likely_unit(declared: Declared, measured_sqm: float, without: str) -> str:
    """Return the one unit other than *without* in which *declared* agrees with the measured area, else empty."""
    fitting = [unit for unit in SQM_PER_UNIT if unit != without and agrees(declared.sqm(unit), measured_sqm)]
    return fitting[0] if len(fitting) == 1 else ""


def column_unit(pairs: Sequence[tuple[Declared, float]]) -> str:
    """
    Return the unit in which a whole column of bare numbers agrees with the measured areas, else empty.

    Args:
        pairs: Declared figure and measured m² of each plot.
    """
    ratios = [measured / float(declared.number) for declared, measured in pairs if declared.number > 0]
    if not ratios:
        return ""
    middle = statistics.median(ratios)
    fitting = [unit for unit, size in SQM_PER_UNIT.items() if abs(middle / float(size) - 1) <= 0.05]
    return fitting[0] if len(fitting) == 1 else ""
