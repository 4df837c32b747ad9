"""The thresholds of campaigns in force."""

from core.domain.campaigns.rules import DEFAULT, parse_rules, rules_to_dict
from core.services.stored_rules import StoredRules

_STORED = StoredRules("campaign", DEFAULT, parse_rules, rules_to_dict, name="攻坚行动预警规则")
rules_in_force = _STORED.in_force
read_rules = _STORED.read
save_rules = _STORED.save
