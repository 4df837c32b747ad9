"""Imports: preview, mend, apply in one transaction, undo. The verbs that pages and the command line call."""

from core.importers.problems import Severity, UnreadableFile
from core.services.imports.batches import (
    Answers,
    BatchStatus,
    Preview,
    PreviewRow,
    Result,
    apply,
    import_now,
    list_batches,
    list_problems,
    preview,
    reject,
    template,
    weight_of,
)
from core.services.imports.ledger_plan import FieldChange
from db.queries.imports import BatchProblem, BatchRow

__all__ = [
    "Answers",
    "BatchProblem",
    "BatchRow",
    "BatchStatus",
    "FieldChange",
    "Preview",
    "PreviewRow",
    "Result",
    "Severity",
    "UnreadableFile",
    "apply",
    "import_now",
    "list_batches",
    "list_problems",
    "preview",
    "reject",
    "template",
    "weight_of",
]
