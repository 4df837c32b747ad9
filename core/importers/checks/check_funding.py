"""Σ资金来源 = 总投资, within 1 万元."""

from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows, show_yuan

TOLERANCE_YUAN = 10_000


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when the sources of a project do not add up to its total."""
    for sheet in sheets:
        for row in sheet.rows:
            if not row.funding or row.total_investment_yuan is None:
                continue
            funding = sum(amount for _, amount in row.funding)
            gap = funding - row.total_investment_yuan
            if abs(gap) > TOLERANCE_YUAN:
                yield sheet.problem(
                    "funding_sum",
                    row.row,
                    Field.TOTAL,
                    funding=show_yuan(funding),
                    total=show_yuan(row.total_investment_yuan),
                    gap=show_yuan(abs(gap)),
                )
