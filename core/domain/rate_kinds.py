"""What a rate is and how one is defined; the shipped definitions are data (core.domain.rate_definitions)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.domain.period import AsOf
from core.domain.terms import Term
from core.domain.units import NOTHING, Rounding, format_number, round_exact

CHECK_ABOVE = Fraction(6, 5)  # 完成率超过 120% 须核对


class RateUnit(Term):
    """Unit in which a rate is shown."""

    PERCENT = "percent", "%"
    WAN_PER_MU = "wan_per_mu", "万元/亩"


# Shown value of a raw quotient of 1 (元 per m² for 万元/亩: × 2000/3 m² ÷ 10 000 元).
_SCALE = {RateUnit.PERCENT: Fraction(100), RateUnit.WAN_PER_MU: Fraction(1, 15)}


@dataclass(frozen=True, slots=True)
class Rate:
    """
    One figure that can be checked by hand.

    Attributes:
        basis: 口径, printed with the figure.
        numerator: Sum above the line, in the unit of its measures (项, 个, 元).
        denominator: Sum below the line (项, 个, 元, m²).
    """

    code: str
    label: str
    basis: str
    numerator: int
    denominator: int
    unit: RateUnit
    as_of: AsOf

    @property
    def ratio(self) -> Fraction | None:
        """Numerator ÷ denominator in raw units; None when the denominator is 0."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def value(self) -> Fraction | None:
        """The unrounded figure in its unit (% or 万元/亩)."""
        ratio = self.ratio
        return None if ratio is None else ratio * _SCALE[self.unit]

    @property
    def needs_check(self) -> bool:
        """Whether a percentage is above 120 % and should be verified (核对); it is shown all the same."""
        ratio = self.ratio
        return self.unit is RateUnit.PERCENT and ratio is not None and ratio > CHECK_ABOVE

    def pct(self, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> Decimal | None:
        """Return ratio × 100 rounded to *digits*; None when the denominator is 0."""
        ratio = self.ratio
        return None if ratio is None else round_exact(ratio * 100, digits, rounding)

    def text(self, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
        """Return the figure with its unit (``80.8%``, ``312.50 万元/亩``); — when the denominator is 0."""
        if self.value is None:
            return NOTHING
        space = "" if self.unit is RateUnit.PERCENT else " "
        return f"{format_number(self.value, digits, rounding)}{space}{self.unit.label}"


@dataclass(frozen=True, slots=True)
class RateDefinition:
    """
    How a rate is made from sums of measures; stored as a row and edited on a page.

    Attributes:
        basis: 口径, in words a county can check.
        numerator: Measure codes added up; a leading ``-`` subtracts.
        denominator: Likewise.
        source: Document or practice the definition comes from.
        note: What to mind when reading it.
    """

    code: str
    label: str
    basis: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: RateUnit = RateUnit.PERCENT
    source: str = ""
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a JSON row; ``parse_definition`` reads them back unchanged."""
        return {
            "code": self.code,
            "label": self.label,
            "basis": self.basis,
            "numerator": list(self.numerator),
            "denominator": list(self.denominator),
            "unit": self.unit.value,
            "source": self.source,
            "note": self.note,
        }
