"""Imports: preview, mend, apply in one transaction, undo. The verbs that pages and the command line call."""

from core.domain.terms import BatchStatus
from core.importers.file_types import EVERYTHING as FILE_TYPES
from core.importers.options import MappedColumn, Mend
from core.importers.problems import Severity, UnreadableFile
from core.importers.read_sheet import Certainty, DeclaredSum
from core.services.imports.answers import Answers
from core.services.imports.batches import apply, import_now, preview, recheck, reject
from core.services.imports.guess import propose_kind
from core.services.imports.history import (
    find_batch,
    has_template,
    list_batches,
    list_fields,
    list_kinds,
    list_problems,
    template,
    weight_of,
)
from core.services.imports.kind import FieldChange
from core.services.imports.marked import MarkedFile, marked_workbook
from core.services.imports.mending import mend, rerun
from core.services.imports.profiles import list_profiles, retire_profile, save_profile
from core.services.imports.systems import list_systems
from core.services.imports.undo import Kept, Undone, undo
from core.services.imports.views import (
    CellView,
    ColumnView,
    Preview,
    PreviewRow,
    QuarantineView,
    Result,
    SheetView,
)
from db.queries.import_profiles import ProfileRow
from db.queries.imports import BatchProblem, BatchRow

__all__ = [
    "FILE_TYPES",
    "Answers",
    "BatchProblem",
    "BatchRow",
    "BatchStatus",
    "CellView",
    "Certainty",
    "ColumnView",
    "DeclaredSum",
    "FieldChange",
    "Kept",
    "MappedColumn",
    "MarkedFile",
    "Mend",
    "Preview",
    "PreviewRow",
    "ProfileRow",
    "QuarantineView",
    "Result",
    "Severity",
    "SheetView",
    "Undone",
    "UnreadableFile",
    "apply",
    "find_batch",
    "has_template",
    "import_now",
    "list_batches",
    "list_fields",
    "list_kinds",
    "list_problems",
    "list_profiles",
    "list_systems",
    "marked_workbook",
    "mend",
    "preview",
    "propose_kind",
    "recheck",
    "reject",
    "rerun",
    "retire_profile",
    "save_profile",
    "template",
    "undo",
    "weight_of",
]
