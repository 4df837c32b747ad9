"""The rules of the agenda in force; agendas that stand keep their items."""

from core.domain.meeting_agenda import DEFAULT, parse_rules, rules_to_dict
from core.services.stored_rules import StoredRules

_STORED = StoredRules("meeting_agenda", DEFAULT, parse_rules, rules_to_dict, asked="请写明修改议题规则的原因和依据")
rules_in_force = _STORED.in_force
read_rules = _STORED.read
save_rules = _STORED.save
