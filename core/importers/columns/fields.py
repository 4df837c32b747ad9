"""What a ledger column can mean."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.terms import FundingSource
from core.importers.cells.dates import DateOrder
from core.importers.cells.numbers import DecimalMark
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
DATE_FIELDS = frozenset(
    {
        Field.START_PLANNED, Field.STARTED, Field.FINISH_PLANNED, Field.COMPLETED, Field.COMMISSIONED,
        Field.ENTERED_STATISTICS,
    }
)  # fmt: skip
RATE_FIELDS = frozenset({Field.ANNUAL_RATE, Field.TOTAL_RATE})
# Several columns may carry these; each brings its own month or source.
REPEATABLE_FIELDS = frozenset({Field.MONTH_PLAN, Field.MONTH_ACTUAL, Field.FUNDING, Field.ELSEWHERE, Field.SEQUENCE})

# What a column can be declared to mean by hand; series (months, sources) are known by their own headers only.
FIELD_LABELS: dict[str, str] = {
    Field.CODE: "项目编号", Field.NATIONAL_CODE: "项目代码", Field.NAME: "项目名称", Field.COUNTY: "县区",
    Field.HEADQUARTERS: "指挥部", Field.LOCATION: "建设地点", Field.OWNER: "建设单位", Field.CONTENT: "建设内容",
    Field.NATURE: "建设性质", Field.CATEGORY: "行业类别", Field.LEVEL: "项目级别", Field.YEAR_CLASS: "年度类别",
    Field.STAGE: "建设阶段", Field.PERIOD: "建设起止年限", Field.TOTAL: "总投资", Field.PRIOR_DONE: "上年底累计完成",
    Field.ANNUAL_PLAN: "年度计划投资", Field.ANNUAL_GOAL: "年度目标", Field.MONTH_DONE: "本月完成",
    Field.YTD_DONE: "本年累计完成", Field.SINCE_START_DONE: "自开工累计完成", Field.ANNUAL_RATE: "完成年度计划比例",
    Field.TOTAL_RATE: "占总投资比例", Field.PROGRESS: "形象进度", Field.START_PLANNED: "计划开工",
    Field.STARTED: "实际开工", Field.FINISH_PLANNED: "计划竣工", Field.COMPLETED: "实际竣工",
    Field.COMMISSIONED: "投产时间", Field.IS_STARTED: "是否开工", Field.ENTERED_STATISTICS: "入统时间",
    Field.STATISTICS_CODE: "统计代码", Field.PROBLEM: "存在问题", Field.MEASURES: "下步措施",
    Field.RESPONSIBLE_UNIT: "责任单位", Field.LEAD_UNIT: "牵头单位", Field.SUPPORTING_UNIT: "配合单位",
    Field.SERVICE_UNIT: "服务单位", Field.SPONSORS: "包保领导", Field.RESPONSIBLE_PERSONS: "责任人",
    Field.CONTACTS: "联系人", Field.PHONE: "联系电话", Field.INVESTOR: "投资主体", Field.REMARK: "备注",
}  # fmt: skip

# Read by their headers, never proposed; a column of a series names its month or source behind a colon.
FURTHER_LABELS: dict[str, str] = {
    Field.FUNDS_RECEIVED: "到位资金", Field.FUNDS_SPENT: "支出资金", Field.LAND_AREA: "用地面积",
    Field.IN_STATISTICS: "是否入统", Field.COORDINATION: "需协调事项",
    **{f"{Field.MONTH_PLAN}:{month}": f"月度计划（{month}月）" for month in range(1, 13)},
    **{f"{Field.MONTH_ACTUAL}:{month}": f"月度完成（{month}月）" for month in range(1, 13)},
    **{f"{Field.FUNDING}:{source}": f"资金来源（{source.label}）" for source in FundingSource},
}  # fmt: skip


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
        decimal_mark, date_order: How its texts write numbers and dates, decided from the whole column.
        is_settled: The user or a profile said so; nothing else may decide otherwise.
    """

    index: int
    header: str
    field: Field | None
    unit: str = ""
    year: int | None = None
    month: int | None = None
    source: FundingSource | None = None
    decimal_mark: DecimalMark = DecimalMark.POINT
    date_order: DateOrder = DateOrder.UNKNOWN
    is_settled: bool = False

    @property
    def words(self) -> str:
        """Lowest header text, as it stands."""
        return self.header.rpartition("/")[2]

    @property
    def label(self) -> str:
        """Excel letter and header, as problems show it."""
        return f"{column_letter(self.index)} {self.header}"
