"""A sheet as CSV: one header line, rows below, UTF-8 with byte order mark so that Excel and WPS read Chinese."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import BinaryIO

from core.exporters.layout import SheetLayout, Value, shown_value
from core.importers.cells.guarded import guard

CSV = "text/csv; charset=utf-8"


def build_csv(layout: SheetLayout, rows: Iterable[Sequence[Value]]) -> bytes:
    """Return the rows under one line of headings, without title and 合计."""
    with TemporaryFile() as target:
        write_csv(target, layout, rows)
        target.seek(0)
        return target.read()


def write_csv(target: BinaryIO, layout: SheetLayout, rows: Iterable[Sequence[Value]]) -> int:
    """
    Write the CSV to *target* and return the number of rows.

    Text that a spreadsheet would take for a formula gets an apostrophe, which the importer takes off again.
    """
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guard(column.path) for column in layout.columns])
    count = 0
    for row in rows:
        cells = (shown_value(value, column.form) for value, column in zip(row, layout.columns, strict=True))
        writer.writerow([_cell(shown) for shown in cells])
        count += 1
    text.flush()
    text.detach()
    return count


def _cell(shown: str | float | Decimal | date | None) -> str:
    if shown is None:
        return ""
    if isinstance(shown, str):
        return guard(shown)
    if isinstance(shown, Decimal):
        return f"{shown.normalize():f}" if shown else "0"
    return shown.isoformat() if isinstance(shown, date) else repr(shown)
