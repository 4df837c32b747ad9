"""Σ月度计划 = 年度计划投资, within 1 万元, when all twelve months are there."""

from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows, show_yuan

_TOLERANCE_YUAN = 10_000


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when the months do not add up to the year; a blank month counts as none once the sheet has all twelve."""
    for sheet in sheets:
        months = {column.month for column in sheet.columns if column.field is Field.MONTH_PLAN}
        if len(months) < 12:
            continue
        for row in sheet.rows:
            planned = [amount for amount in row.month_plans_yuan if amount is not None]
            if not planned or row.annual_plan_yuan is None:
                continue
            gap = sum(planned) - row.annual_plan_yuan
            if abs(gap) > _TOLERANCE_YUAN:
                yield sheet.problem(
                    "months_sum",
                    row.row,
                    Field.ANNUAL_PLAN,
                    months=show_yuan(sum(planned)),
                    annual=show_yuan(row.annual_plan_yuan),
                    gap=show_yuan(abs(gap)),
                )
