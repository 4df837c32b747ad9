"""What a ledger column can mean."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.terms import FundingSource
from core.importers.sheet import column_letter


class Field(StrEnum):
    """Meaning of a column; the value is the attribute of ``LedgerRow`` that it fills, where one does."""

    SEQUENCE = "sequence"
    CODE = "code"
    NATIONAL_CODE = "national_code"
    STATISTICS_CODE = "statistics_code"
    NAME = "name"
    COUNTY = "county"
    LOCATION = "location"
    OWNER = "owner_name"
    RESPONSIBLE_UNIT = "responsible_unit"
    LEAD_UNIT = "lead_unit"
    SUPPORTING_UNIT = "supporting_unit"
    SERVICE_UNIT = "service_unit"
    HEADQUARTERS = "headquarters"
    CONTENT = "content"
    NATURE = "nature"
    YEAR_CLASS = "year_class"
    STAGE = "stage"
    CATEGORY = "category"
    LEVEL = "level"
    INVESTOR = "investor"
    PERIOD = "period"
    TOTAL = "total_investment_yuan"
    ANNUAL_PLAN = "annual_plan_yuan"
    PRIOR_DONE = "prior_done_yuan"
    MONTH_DONE = "month_done_yuan"
    YTD_DONE = "ytd_done_yuan"
    SINCE_START_DONE = "since_start_done_yuan"
    CUMULATIVE_DONE = "cumulative_done"  # words leave open since when; the values decide
    MONTH_PLAN = "month_plans_yuan"
    MONTH_ACTUAL = "month_actuals_yuan"
    ANNUAL_RATE = "annual_rate_pct"
    TOTAL_RATE = "total_rate_pct"
    FUNDING = "funding"
    FUNDS_RECEIVED = "funds_received_yuan"
    FUNDS_SPENT = "funds_spent_yuan"
    LAND_AREA = "land_area_sqm"
    ANNUAL_GOAL = "annual_goal"
    PROGRESS = "physical_progress"
    START_PLANNED = "start_planned_on"
    STARTED = "started_on"
    FINISH_PLANNED = "finish_planned_on"
    COMPLETED = "completed_on"
    COMMISSIONED = "commissioned_on"
    IS_STARTED = "is_started"
    IN_STATISTICS = "in_statistics"
    ENTERED_STATISTICS = "entered_statistics_on"
    PROBLEM = "problem"
    COORDINATION = "coordination"
    MEASURES = "measures"
    SPONSORS = "sponsor_leaders"
    RESPONSIBLE_PERSONS = "responsible_persons"
    CONTACTS = "contacts"
    PHONE = "phone"
    REMARK = "remark"
    ELSEWHERE = "elsewhere"  # understood, but kept in another part of the system (permits, flags, quarters)


MONEY_FIELDS = frozenset(
    {
        Field.TOTAL, Field.ANNUAL_PLAN, Field.PRIOR_DONE, Field.MONTH_DONE, Field.YTD_DONE, Field.SINCE_START_DONE,
        Field.CUMULATIVE_DONE, Field.MONTH_PLAN, Field.MONTH_ACTUAL, Field.FUNDING, Field.FUNDS_RECEIVED,
        Field.FUNDS_SPENT,
    }
)  # fmt: skip
RATE_FIELDS = frozenset({Field.ANNUAL_RATE, Field.TOTAL_RATE})
# Several columns may carry these; each brings its own month or source.
REPEATABLE_FIELDS = frozenset({Field.MONTH_PLAN, Field.MONTH_ACTUAL, Field.FUNDING, Field.ELSEWHERE, Field.SEQUENCE})


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a ledger sheet.

    Attributes:
        index: 0-based column of the sheet.
        header: Header text, parents first, parted by ``/``.
        field: What it means; ``None`` when unknown.
        unit: Unit written in the header (万元, 亩, %), else empty.
        year: Year written in the header (2025年计划投资).
        month: Month of a monthly column, or the last month of ``1-8月累计``.
        source: Kind of money of a funding column.
    """

    index: int
    header: str
    field: Field | None
    unit: str = ""
    year: int | None = None
    month: int | None = None
    source: FundingSource | None = None

    @property
    def label(self) -> str:
        """Excel letter and header, as problems show it."""
        return f"{column_letter(self.index)} {self.header}"
