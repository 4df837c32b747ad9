"""The hidden sheet that tells the importer which column is which."""

from typing import Any

from core.exporters.layout import SheetLayout
from core.importers.tables.schema_sheet import SHEET, Schema, SchemaColumn


def schema_of(layout: SheetLayout) -> Schema:
    """Return what the file says about itself."""
    upper, lower = layout.header_rows
    return Schema(
        layout.kind,
        layout.sheet,
        tuple(
            SchemaColumn(lower if column.parent else upper, index, column.code, column.heading)
            for index, column in enumerate(layout.columns)
            if column.code
        ),
    )


def write_schema(book: Any, layout: SheetLayout) -> None:
    """Add the sheet to *book*; no menu of a spreadsheet program shows it."""
    page = book.add_worksheet(SHEET)
    for at, row in enumerate(schema_of(layout).rows()):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(at, column, value)
            else:
                page.write_string(at, column, value)
    page.very_hidden()
