"""Dates of a project in their order."""

from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows

_ORDERED = (
    (Field.START_PLANNED, "计划开工", Field.FINISH_PLANNED, "计划竣工"),
    (Field.STARTED, "实际开工", Field.COMPLETED, "实际竣工"),
)


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when a start lies after the end."""
    for sheet in sheets:
        for row in sheet.rows:
            for first_field, first, last_field, last in _ORDERED:
                start, end = getattr(row, first_field.value), getattr(row, last_field.value)
                if start is not None and end is not None and start > end:
                    field = first_field if sheet.column(first_field) else Field.PERIOD
                    yield sheet.problem(
                        "dates_reversed", row.row, field, first=first, first_on=start, last=last, last_on=end
                    )
