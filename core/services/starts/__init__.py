"""Starts (开工): watch lists by rule, readiness, the reserve, the statistics library. Import from here only."""

from core.services.starts.exporting import export_entries, export_pool, export_readiness, export_watch
from core.services.starts.pasting import Pasted, PasteLine, match_paste
from core.services.starts.pooling import (
    Entries,
    EntryLine,
    GradeSum,
    Pool,
    PoolRow,
    conversion,
    entries,
    pool,
)
from core.services.starts.preparing import (
    ProcedureEdit,
    ReadinessRow,
    ReadinessTable,
    draft_of,
    matrix,
    paste_edits,
    readiness_of,
    save_many,
    save_procedures,
    warnings,
)
from core.services.starts.refreshing import Refreshed, pending, refresh
from core.services.starts.rules import read_rules, rules_in_force, save_rules
from core.services.starts.watching import (
    PAGE_SIZE,
    ItemEdit,
    OwnerChoices,
    WatchPage,
    find,
    owner_choices,
    save_items,
)
from db.queries.starts import ReadinessDue, StartFilter, StartGroup, StartRow
from db.queries.watch_items import WatchCounts, WatchFilter, WatchRow

__all__ = [
    "PAGE_SIZE",
    "Entries",
    "EntryLine",
    "GradeSum",
    "ItemEdit",
    "OwnerChoices",
    "PasteLine",
    "Pasted",
    "Pool",
    "PoolRow",
    "ProcedureEdit",
    "ReadinessDue",
    "ReadinessRow",
    "ReadinessTable",
    "Refreshed",
    "StartFilter",
    "StartGroup",
    "StartRow",
    "WatchCounts",
    "WatchFilter",
    "WatchPage",
    "WatchRow",
    "conversion",
    "draft_of",
    "entries",
    "export_entries",
    "export_pool",
    "export_readiness",
    "export_watch",
    "find",
    "match_paste",
    "matrix",
    "owner_choices",
    "paste_edits",
    "pending",
    "pool",
    "read_rules",
    "readiness_of",
    "refresh",
    "rules_in_force",
    "save_items",
    "save_many",
    "save_procedures",
    "save_rules",
    "warnings",
]
