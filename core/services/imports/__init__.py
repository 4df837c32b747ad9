"""Imports: preview, mend, apply in one transaction, undo. The verbs that pages and the command line call."""

from core.domain.terms import BatchStatus
from core.importers.options import MappedColumn, Mend
from core.importers.problems import Severity, UnreadableFile
from core.services.imports.answers import Answers
from core.services.imports.batches import apply, import_now, preview, reject
from core.services.imports.history import list_batches, list_fields, list_kinds, list_problems, template, weight_of
from core.services.imports.kind import FieldChange
from core.services.imports.views import (
    CellView,
    ColumnView,
    Preview,
    PreviewRow,
    QuarantineView,
    Result,
    SheetView,
)
from db.queries.imports import BatchProblem, BatchRow

__all__ = [
    "Answers",
    "BatchProblem",
    "BatchRow",
    "BatchStatus",
    "CellView",
    "ColumnView",
    "FieldChange",
    "MappedColumn",
    "Mend",
    "Preview",
    "PreviewRow",
    "QuarantineView",
    "Result",
    "Severity",
    "SheetView",
    "UnreadableFile",
    "apply",
    "import_now",
    "list_batches",
    "list_fields",
    "list_kinds",
    "list_problems",
    "preview",
    "reject",
    "template",
    "weight_of",
]
