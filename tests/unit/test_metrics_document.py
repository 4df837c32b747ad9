"""docs/metrics.md cannot fall behind the code: every code of a figure stands in it."""

from pathlib import Path

import pytest

from core.domain.checks import DOUBT_CODES
from core.domain.flags import RULE_SETS, Exemption, FlagMeasure, FlagRule, NoData
from core.domain.matters.words import MatterCount
from core.domain.measures import MEASURES, Measure
from core.domain.rates import RATE_DEFINITIONS, RateDefinition
from core.domain.start_rules import SHIPPED, WatchRule

TEXT = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)
def test_every_measure_is_documented(measure: Measure) -> None:
    assert any(f"`{measure.code}`" in row.split("|")[1] for row in ROWS)


@pytest.mark.parametrize("definition", RATE_DEFINITIONS, ids=lambda definition: definition.code)
def test_every_rate_is_documented_as_it_is_computed(definition: RateDefinition) -> None:
    row = next(row for row in ROWS if row.startswith(f"| `{definition.code}` |"))
    assert definition.basis in row
    for term in definition.numerator + definition.denominator:
        assert f"`{term.removeprefix('-')}`" in row


@pytest.mark.parametrize("count", MatterCount)
def test_every_count_of_matters_is_documented(count: MatterCount) -> None:
    assert any(row.startswith(f"| `{count.value}` | {count.label} |") for row in ROWS)


@pytest.mark.parametrize("rule", [rule for rules in RULE_SETS for rule in rules.rules], ids=lambda rule: rule.code)
def test_every_flag_rule_is_documented_with_its_threshold(rule: FlagRule) -> None:
    signs = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
    row = next(row for row in ROWS if row.startswith(f"| `{rule.code}` |"))
    assert f"| {signs[rule.operator.value]} {rule.threshold} |" in row
    assert f"| {rule.level.value} (" in row


@pytest.mark.parametrize(
    "code", [*DOUBT_CODES, *(term.value for kind in (Exemption, NoData, FlagMeasure) for term in kind)]
)
def test_every_other_code_is_documented(code: str) -> None:
    assert any(row.startswith(f"| `{code}` |") for row in ROWS)


@pytest.mark.parametrize("rule", SHIPPED.watch, ids=lambda rule: rule.code)
def test_every_watch_rule_is_documented_with_its_threshold(rule: WatchRule) -> None:
    row = next(row for row in ROWS if row.startswith(f"| `{rule.code}` |"))
    assert rule.kind.label.removesuffix("清单") in row.split("|")[2]
    assert f"≥ {rule.threshold}" in row.split("|")[4]
