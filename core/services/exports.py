"""Exports: any kind of table in any form, inside the actor's scope, audited. The verbs that pages and commands call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from core.domain.errors import NotFound
from core.domain.ledger import Listing, ProjectFilter
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import Term
from core.exporters.delimited import CSV, write_csv
from core.exporters.files import ExportFile
from core.exporters.layout import SheetLayout, Value
from core.exporters.template import build_template
from core.exporters.workbook import XLSX, write_workbook
from core.services import figures
from core.services.export_requests import Request, SheetKind
from core.services.export_sheets import SHEETS
from core.settings import get_settings
from db.session import read, transaction

__all__ = [
    "EVERYTHING",
    "MIMES",
    "ExportFile",
    "ExportForm",
    "ExportKind",
    "export",
    "file_name",
    "kinds",
    "template",
    "template_name",
]

EVERYTHING = ProjectFilter(listing=Listing.ALL)


class ExportForm(Term):
    """Form of an exported file; the code is its extension."""

    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"


@dataclass(frozen=True, slots=True)
class ExportKind:
    """
    What can be exported.

    Attributes:
        note: One line on what is in it.
        is_filtered: Whether a filter of projects narrows it.
        has_template: Whether an empty template can be filled in and imported.
    """

    code: str
    label: str
    note: str
    forms: tuple[ExportForm, ...]
    is_filtered: bool
    has_template: bool


def kinds(actor: Actor) -> tuple[ExportKind, ...]:
    """Return what *actor* may export."""
    require(actor, Permission.EXPORT)
    return tuple(
        ExportKind(sheet.code, sheet.label, sheet.note, tuple(ExportForm), sheet.is_filtered, sheet.has_template)
        for sheet in SHEETS.values()
        if actor.can(sheet.permission)
    )


def export(
    actor: Actor, kind: str, form: ExportForm = ExportForm.XLSX, wanted: ProjectFilter = EVERYTHING, note: str = ""
) -> ExportFile:
    """
    Return a file of everything of *kind* inside the actor's scope that matches; the export is audited.

    Args:
        kind: Code of an ``ExportKind``.
        wanted: Which projects; left aside by kinds that belong to no project.
        note: The filter in words, printed under the title and kept in the audit.

    Raises:
        PermissionDenied: The actor may not export, or may not see this kind.
        NotFound: No such kind.
    """
    require(actor, Permission.EXPORT)
    sheet = _sheet(kind)
    require(actor, sheet.permission)
    version = figures.version()
    with read() as connection:
        made = sheet.make(Request(connection, actor, wanted, version.as_of, note))
        content, rows = _write(form, made.layout, made.rows, made.total)
    with transaction(actor) as tx:
        tx.record("export", kind, form.value, new={"rows": rows, "filter": note, "as_of": version.on})
    return ExportFile(file_name(kind, form, version.on), MIMES[form], content, rows)


def file_name(kind: str, form: ExportForm, on: date) -> str:
    """Return the name of an exported file: city, kind, day."""
    return f"{get_settings().city_name}{_sheet(kind).label}_{on:%Y%m%d}.{form.value}"


def template_name(kind: str) -> str:
    """Return the name of a blank template."""
    return f"{_sheet(kind).label}_空白模板.xlsx"


def template(actor: Actor, kind: str) -> ExportFile:
    """
    Return an empty workbook of *kind* to be filled in and imported, with the names of the store to choose from.

    Raises:
        PermissionDenied: The actor may neither import nor export.
        NotFound: No such kind.
    """
    require(actor, Permission.IMPORT if actor.can(Permission.IMPORT) else Permission.EXPORT)
    sheet = _sheet(kind)
    if sheet.make_template is None:
        raise NotFound
    with read() as connection:
        layout = sheet.make_template(Request(connection, actor, EVERYTHING, figures.version().as_of, ""))
    return ExportFile(template_name(kind), XLSX, build_template(layout, sheet.help_lines))


def _sheet(kind: str) -> SheetKind:
    if kind not in SHEETS:
        raise NotFound
    return SHEETS[kind]


MIMES = {ExportForm.XLSX: XLSX, ExportForm.CSV: CSV}


def _write(
    form: ExportForm, layout: SheetLayout, rows: Iterable[Sequence[Value]], total: Sequence[Value] | None
) -> tuple[bytes, int]:
    """Return content and number of rows; rows go to a file as they come, never into one list."""
    with TemporaryFile() as target:
        plain: Any = target
        count = write_csv(plain, layout, rows) if form is ExportForm.CSV else write_workbook(plain, layout, rows, total)
        target.seek(0)
        return target.read(), count
