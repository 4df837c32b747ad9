"""The thresholds of campaigns as data: when a task falls due soon, how far behind is yellow or red."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.domain.errors import Invalid, Problem

LABELS = {
    "soon_days": "临近到期（天）",
    "warn_pp": "滞后亮黄（百分点）",
    "severe_pp": "滞后亮红（百分点）",
    "again_days": "限期整改（天）",
}
_MOST = 100


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """
    The numbers in force.

    Attributes:
        soon_days: Calendar days before the deadline from which a task counts as due soon.
        warn_pp: More than so many percentage points behind 序时 is yellow.
        severe_pp: More than so many is red.
        again_days: Calendar days proposed until the next acceptance after one that was not passed.
    """

    soon_days: int = 7
    warn_pp: int = 10
    severe_pp: int = 20
    again_days: int = 30


DEFAULT = CampaignRules()


def rules_to_dict(rules: CampaignRules) -> dict[str, int]:
    """Return *rules* as plain values for the store."""
    return asdict(rules)


def parse_rules(body: Mapping[str, Any]) -> CampaignRules:
    """
    Return the rules that ``rules_to_dict`` wrote; what an older body lacks has the default value.

    Raises:
        Invalid: Numbers outside their range; all problems at once.
    """
    names = [one.name for one in fields(CampaignRules)]
    values = {name: body.get(name, getattr(DEFAULT, name)) for name in names}
    problems = [
        Problem(name, "out_of_range", f"“{LABELS[name]}”应为 1 到 {_MOST} 的整数。")
        for name, value in values.items()
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST
    ]
    if not problems and values["severe_pp"] <= values["warn_pp"]:
        problems.append(Problem("severe_pp", "out_of_order", "亮红的滞后幅度应大于亮黄的。"))
    if problems:
        raise Invalid(problems)
    return CampaignRules(**values)
