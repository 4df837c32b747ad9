"""年度计划投资 ≤ 总投资."""

from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows, show_yuan


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when a year's plan exceeds the total of the project."""
    for sheet in sheets:
        for row in sheet.rows:
            annual, total = row.annual_plan_yuan, row.total_investment_yuan
            if annual is not None and total is not None and annual > total:
                yield sheet.problem(
                    "annual_over_total", row.row, Field.ANNUAL_PLAN, annual=show_yuan(annual), total=show_yuan(total)
                )
