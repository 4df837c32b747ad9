"""Exports: any kind of table in any form, inside the actor's scope, audited. The verbs that pages and commands call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import Any

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.ledger import ProjectFilter
from core.domain.permissions import Actor, Permission, require
from core.domain.zones import Zone
from core.exporters.delimited import CSV, write_csv
from core.exporters.files import ExportFile
from core.exporters.layout import SheetLayout, Value
from core.exporters.template import build_template
from core.exporters.workbook import XLSX, write_workbook
from core.services import figures
from core.services.export_doors import DOORS, Order
from core.services.export_notes import note_export
from core.services.export_requests import TABLE_FORMS, ZONED_FORMS, ExportForm, Outlook, Request, SheetKind
from core.services.export_sheets import SHEETS
from core.services.figures import Version
from core.services.shared_projects import EVERYTHING
from core.settings import get_settings
from db.session import read

__all__ = [
    "EVERYTHING",
    "TABLE_FORMS",
    "TEMPLATES",
    "XLSX",
    "ZONED_FORMS",
    "ExportFile",
    "ExportForm",
    "ExportKind",
    "Outlook",
    "export",
    "file_name",
    "kinds",
    "mime",
    "outlook",
    "template",
    "template_name",
]

TEMPLATES = frozenset(code for code, sheet in SHEETS.items() if sheet.has_template)


@dataclass(frozen=True, slots=True)
class ExportKind:
    """
    What can be exported.

    Attributes:
        notes: One line on what is in it, by form.
        filtered: Forms that a filter of projects narrows.
        has_template: Whether an empty template can be filled in and imported.
    """

    code: str
    label: str
    forms: tuple[ExportForm, ...]
    notes: Mapping[ExportForm, str]
    filtered: frozenset[ExportForm]
    has_template: bool


def kinds(actor: Actor) -> tuple[ExportKind, ...]:
    """Return what *actor* may export."""
    require(actor, Permission.EXPORT)
    return tuple(_kind(sheet) for sheet in SHEETS.values() if actor.can(sheet.permission))


def _kind(sheet: SheetKind) -> ExportKind:
    doors = {form: door for (code, form), door in DOORS.items() if code == sheet.code}
    filtered = {form for form, door in doors.items() if door.is_filtered}
    return ExportKind(
        sheet.code,
        sheet.label,
        (*TABLE_FORMS, *doors),
        dict.fromkeys(TABLE_FORMS, sheet.note) | {form: door.note for form, door in doors.items()},
        frozenset(filtered | (set(TABLE_FORMS) if sheet.is_filtered else set())),
        sheet.has_template,
    )


def outlook(actor: Actor, kind: str, form: ExportForm, wanted: ProjectFilter = EVERYTHING) -> Outlook:
    """
    Return what ``export`` would put into the file, without making it.

    Raises:
        PermissionDenied, NotFound, Invalid: As ``export``.
    """
    sheet = _asked(actor, kind, form)
    door = DOORS.get((kind, form))
    if door is not None and door.outlook is not None:
        return door.outlook(actor)
    with read() as connection:
        return Outlook(sheet.count(Request(connection, actor, wanted, figures.version().as_of, "")))


def export(
    actor: Actor,
    kind: str,
    form: ExportForm = ExportForm.XLSX,
    wanted: ProjectFilter = EVERYTHING,
    note: str = "",
    *,
    zone: Zone | None = None,
) -> ExportFile:
    """
    Return a file of everything of *kind* inside the actor's scope that matches; the export is audited once.

    A table without rows is a sheet with its headings; any other form needs something to carry.

    Args:
        kind: Code of an ``ExportKind``.
        wanted: Which projects; left aside by kinds that belong to no project.
        note: The filter in words, printed under the title and kept in the audit.
        zone: For land files in metres; left aside by other forms.

    Raises:
        PermissionDenied: The actor may not export, or may not see this kind.
        NotFound: No such kind, or nothing that the form could carry.
        Invalid: The kind does not go out in this form, or plots lie far outside *zone*.
    """
    sheet = _asked(actor, kind, form)
    version = figures.version()
    name = file_name(kind, form, version, zone)
    door = DOORS.get((kind, form))
    if door is not None:
        return replace(door.make(Order(actor, wanted, note, zone)), name=name)
    with read() as connection:
        made = sheet.make(Request(connection, actor, wanted, version.as_of, note))
        content, rows = _write(form, made.layout, made.rows, made.total)
    note_export(actor, kind, form.value, {"rows": rows, "filter": note, "as_of": version.on})
    return ExportFile(name, mime(kind, form), content, rows)


def file_name(kind: str, form: ExportForm, version: Version, zone: Zone | None = None) -> str:
    """Return the name of an exported file: city, kind, day (or closed month), zone."""
    return f"{get_settings().city_name}{_sheet(kind).label}_{version.stamp}{_ending(kind, form, zone)[0]}"


def mime(kind: str, form: ExportForm, zone: Zone | None = None) -> str:
    """Return the media type of an exported file."""
    return _ending(kind, form, zone)[1]


def _ending(kind: str, form: ExportForm, zone: Zone | None) -> tuple[str, str]:
    door = DOORS.get((kind, form))
    return (f".{form.value}", _TABLE_MIMES[form]) if door is None else door.ending(zone)


def _asked(actor: Actor, kind: str, form: ExportForm) -> SheetKind:
    """Return what goes out as *kind* after the permissions for it were shown."""
    require(actor, Permission.EXPORT)
    sheet = _sheet(kind)
    require(actor, sheet.permission)
    if form not in TABLE_FORMS and (kind, form) not in DOORS:
        forms = "、".join(one.value for one in (*TABLE_FORMS, *(way for code, way in DOORS if code == kind)))
        raise Invalid([Problem("form", "form", f"{sheet.label}不能导出为 {form.value}。可选格式：{forms}。")])
    return sheet


def template_name(kind: str) -> str:
    """Return the name of a blank template."""
    return f"{_sheet(kind).label}_空白模板.xlsx"


def template(actor: Actor, kind: str) -> ExportFile:
    """
    Return an empty workbook of *kind* to be filled in and imported, with the names of the store to choose from.

    Raises:
        PermissionDenied: The actor may neither import nor export, or has nothing to do with this kind.
        NotFound: No such kind.
    """
    sheet = _sheet(kind)
    door = Permission.IMPORT if actor.can(Permission.IMPORT) else Permission.EXPORT
    require(actor, door if sheet.permission is Permission.VIEW_PROJECTS else sheet.permission)
    if sheet.make_template is None:
        raise NotFound
    with read() as connection:
        layout = sheet.make_template(Request(connection, actor, EVERYTHING, figures.version().as_of, ""))
    return ExportFile(template_name(kind), XLSX, build_template(layout, sheet.help_lines))


def _sheet(kind: str) -> SheetKind:
    if kind not in SHEETS:
        raise NotFound
    return SHEETS[kind]


_TABLE_MIMES = {ExportForm.XLSX: XLSX, ExportForm.CSV: CSV}


def _write(
    form: ExportForm, layout: SheetLayout, rows: Iterable[Sequence[Value]], total: Sequence[Value] | None
) -> tuple[bytes, int]:
    """Return content and number of rows; rows go to a file as they come, never into one list."""
    with TemporaryFile() as target:
        plain: Any = target
        count = write_csv(plain, layout, rows) if form is ExportForm.CSV else write_workbook(plain, layout, rows, total)
        target.seek(0)
        return target.read(), count
