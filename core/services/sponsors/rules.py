"""How often leaders owe a visit, as the rule in force says; what is owed is counted by it from now on."""

from core.domain.sponsors import DEFAULT_VISITS, parse_rules, rules_to_dict
from core.services.stored_rules import StoredRules

_STORED = StoredRules("visit", DEFAULT_VISITS, parse_rules, rules_to_dict, name="包保调研规则")
rules_in_force = _STORED.in_force
read_rules = _STORED.read
save_rules = _STORED.save
