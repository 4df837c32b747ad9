"""Every kind of table beside the project ledger, as data."""

from core.importers.tables.kinds.assets import ASSETS
from core.importers.tables.kinds.directory import PEOPLE, UNITS, USERS
from core.importers.tables.kinds.funding import FUNDING
from core.importers.tables.kinds.milestones import MILESTONES
from core.importers.tables.kinds.parcels import PARCELS
from core.importers.tables.kinds.policies import POLICIES
from core.importers.tables.kinds.problems import PROBLEMS
from core.importers.tables.kinds.reports import REPORTS
from core.importers.tables.spec import TableKind

__all__ = [
    "ASSETS",
    "FUNDING",
    "MILESTONES",
    "PARCELS",
    "PEOPLE",
    "POLICIES",
    "PROBLEMS",
    "REPORTS",
    "TABLE_KINDS",
    "UNITS",
    "USERS",
]

_ALL = (REPORTS, MILESTONES, PARCELS, PROBLEMS, POLICIES, ASSETS, FUNDING, PEOPLE, UNITS, USERS)
TABLE_KINDS: dict[str, TableKind] = {kind.code: kind for kind in _ALL}
