"""The rules of starting in force; items on a list keep the deadlines they have."""

from core.domain.start_rules import SHIPPED, parse_rules, rules_to_dict
from core.services.stored_rules import StoredRules

_STORED = StoredRules("start", SHIPPED, parse_rules, rules_to_dict, asked="请写明调整规则的原因")
rules_in_force = _STORED.in_force
read_rules = _STORED.read
save_rules = _STORED.save
