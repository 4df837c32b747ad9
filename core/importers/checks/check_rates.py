"""Typed percentages must follow from the amounts beside them, within 1 percentage point."""

from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows

_TOLERANCE_PP = 1.0


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when 完成年度计划% or 占总投资% contradicts the amounts of its row."""
    for sheet in sheets:
        for row in sheet.rows:
            for code, field, given, done, whole in (
                ("annual_rate", Field.ANNUAL_RATE, row.annual_rate_pct, row.ytd_done_yuan, row.annual_plan_yuan),
                (
                    "total_rate",
                    Field.TOTAL_RATE,
                    row.total_rate_pct,
                    row.since_start_done_yuan,
                    row.total_investment_yuan,
                ),
            ):
                if given is None or done is None or not whole:
                    continue
                computed = done * 100 / whole
                if abs(given - computed) > _TOLERANCE_PP:
                    yield sheet.problem(code, row.row, field, given=f"{given:g}", computed=f"{computed:.1f}")
