"""The set-up checklist in force (组建清单); headquarters under way keep the steps they have."""

from core.domain.headquarters import DEFAULT_SET_UP, parse_set_up, set_up_to_dict
from core.services.stored_rules import StoredRules

_STORED = StoredRules(
    "headquarters_set_up", DEFAULT_SET_UP, parse_set_up, set_up_to_dict, asked="请写明修改组建清单的原因和依据"
)
set_up_in_force = _STORED.in_force
read_set_up = _STORED.read
save_set_up = _STORED.save
