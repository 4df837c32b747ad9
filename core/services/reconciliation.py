"""Reconciliation of summary tables (勾稽核对): a file is checked against itself; only the audit hears of it."""

import hashlib

from core.domain.permissions import Actor, Permission, require
from core.exporters.marked_workbook import Mark, mark_workbook
from core.importers.file_types import TABLES as FILE_TYPES
from core.importers.problems import Severity, UnreadableFile
from core.importers.summary.model import Check, Finding, Reconciliation
from core.importers.summary.reconcile import reconcile_file
from core.importers.table import read_sheets
from db.session import transaction

__all__ = ["FILE_TYPES", "Check", "Finding", "Reconciliation", "Severity", "UnreadableFile", "marked", "reconcile"]

_WEIGHTS = {Severity.REFUSE: "须改正", Severity.WARN: "请核对", Severity.NOTE: "说明"}


def reconcile(actor: Actor, file_name: str, data: bytes) -> Reconciliation:
    """
    Check every table of a file against its own figures and write down that it was checked.

    Args:
        file_name: Name of the file, for the audit and for text files without sheet names.
        data: Its bytes; they are not kept.

    Raises:
        PermissionDenied: The actor may neither import nor export.
        UnreadableFile: It cannot be opened, or holds no table with figures.
    """
    _require(actor)
    found = reconcile_file(data, file_name)
    with transaction(actor) as tx:
        counts = {"tables": len(found.tables), "cells": found.cells, "agreeing": found.agreeing}
        summary = {"file_name": file_name, **counts, "findings": len(found.wrong)}
        tx.record("reconcile", "summary_file", hashlib.sha256(data).hexdigest(), new=summary)
    return found


def marked(actor: Actor, file_name: str, data: bytes, found: Reconciliation) -> bytes:
    """
    Return the file as a workbook with the findings marked and commented.

    Raises:
        PermissionDenied: The actor may neither import nor export.
    """
    _require(actor)
    problems = [finding.problem for finding in found.findings]
    marks = [Mark(one.sheet, one.row, one.column, _WEIGHTS[one.severity], one.message) for one in problems]
    return mark_workbook(data, read_sheets(data, file_name), marks)


def _require(actor: Actor) -> None:
    """Who may bring files in or take tables out may check one: nothing of the store is shown."""
    if not actor.can(Permission.IMPORT):
        require(actor, Permission.EXPORT)
