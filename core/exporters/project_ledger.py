"""The project ledger as it can be brought back: every column that the importer reads, nothing rounded."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.period import Month
from core.domain.terms import AssignmentRole, FundingSource, ProjectLevel, Stage, YearClass
from core.exporters.layout import Form, SheetColumn, Value
from core.importers.cells.people import person_key
from core.importers.columns.fields import Field
from core.importers.words import NOT_LISTED
from db.queries.import_targets import Names, StoredRow, Target

KIND = "ledger"
SHEET = "项目台账"
FUNDING_PARENT, MONTHS_PARENT = "资金来源", "月度计划"
_BETWEEN = "、"
# Marks that part people in one cell; within one name they become a point, which the comparison of names ignores.
_PARTS_NAMES = re.compile(r"[\s、,，;；:：()（）/|]+")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a template offers where only known names are understood."""

    counties: tuple[str, ...] = ()
    headquarters: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def columns(month: Month, choices: Choices | None = None) -> tuple[SheetColumn, ...]:
    """
    Return the columns of the ledger of a year.

    Args:
        month: Last month of the cumulated figures; its year is the year of plan and list.
        choices: For a template.
    """
    offered = choices or Choices()
    year = month.year
    return (
        SheetColumn("序号", 6, Form.COUNT),
        _column("项目编号", Field.CODE, 14),
        _column("项目代码", Field.NATIONAL_CODE, 26),
        _column("*项目名称", Field.NAME, 36),
        _column("*县区", Field.COUNTY, 12, choices=offered.counties),
        _column("指挥部", Field.HEADQUARTERS, 18, choices=offered.headquarters),
        _column("建设单位", Field.OWNER, 20),
        _column("建设地点", Field.LOCATION, 20),
        _column("建设规模及内容", Field.CONTENT, 40),
        _column("建设性质", Field.NATURE, 10),
        _column("投资主体", Field.INVESTOR, 12),
        _column("行业类别", Field.CATEGORY, 12),
        _column("项目级别", Field.LEVEL, 10, Form.WORD, choices=_labels(ProjectLevel)),
        _column("年度类别", Field.YEAR_CLASS, 10, Form.WORD, choices=(*_labels(YearClass), NOT_LISTED)),
        _column("建设阶段", Field.STAGE, 10, Form.WORD, choices=_labels(Stage)),
        _column("建设起止年限", Field.PERIOD, 18, Form.WORD),
        _column("*总投资（万元）", Field.TOTAL, 14, Form.WAN),
        *(_column(f"{s.label}（万元）", Field.FUNDING, 13, Form.WAN, FUNDING_PARENT, s.value) for s in FundingSource),
        _column("截至上年底累计完成投资（万元）", Field.PRIOR_DONE, 14, Form.WAN),
        _column(f"{year}年计划投资（万元）", Field.ANNUAL_PLAN, 14, Form.WAN),
        _column(f"{year}年形象进度目标", Field.ANNUAL_GOAL, 24),
        *(_column(f"{n}月（万元）", Field.MONTH_PLAN, 12, Form.WAN, MONTHS_PARENT, str(n)) for n in range(1, 13)),
        _column("本月完成投资（万元）", Field.MONTH_DONE, 14, Form.WAN),
        _column(f"1-{month.number}月累计完成投资（万元）", Field.YTD_DONE, 14, Form.WAN),
        _column("形象进度", Field.PROGRESS, 30),
        _column("计划开工时间", Field.START_PLANNED, 12, Form.DAY),
        _column("实际开工时间", Field.STARTED, 12, Form.DAY),
        _column("计划竣工时间", Field.FINISH_PLANNED, 12, Form.DAY),
        _column("实际竣工时间", Field.COMPLETED, 12, Form.DAY),
        _column("实际投产时间", Field.COMMISSIONED, 12, Form.DAY),
        _column("入统时间", Field.ENTERED_STATISTICS, 12, Form.DAY),
        _column("统计项目编码", Field.STATISTICS_CODE, 16),
        _column("存在问题", Field.PROBLEM, 30),
        _column("下步措施", Field.MEASURES, 30),
        _column("牵头单位", Field.LEAD_UNIT, 18, choices=offered.units),
        _column("责任单位", Field.RESPONSIBLE_UNIT, 18, choices=offered.units),
        _column("配合单位", Field.SUPPORTING_UNIT, 18),
        _column("服务单位", Field.SERVICE_UNIT, 18, choices=offered.units),
        _column("包保领导", Field.SPONSORS, 14),
        _column("责任人", Field.RESPONSIBLE_PERSONS, 14),
        _column("联系人", Field.CONTACTS, 14),
        _column("联系电话", Field.PHONE, 16),
        _column("备注", Field.REMARK, 20),
    )


def _column(
    heading: str,
    field: Field,
    width: int,
    form: Form = Form.TEXT,
    parent: str = "",
    part: str = "",
    choices: tuple[str, ...] = (),
) -> SheetColumn:
    code = f"{field.value}:{part}" if part else field.value
    return SheetColumn(heading, width, form, parent, code, choices)


def _labels(terms: Iterable[Any]) -> tuple[str, ...]:
    return tuple(term.label for term in terms)


class NameBook:
    """Names of counties, headquarters, units and people by their ids, spelled so that they are found again."""

    def __init__(self, names: Names, phones: Mapping[int, str]) -> None:
        self.counties = {row_id: name for row_id, name, _ in names.counties}
        self.headquarters = {row_id: name for row_id, name, _ in names.headquarters}
        self.units = dict(names.units)
        self.phones = phones
        seen: dict[str, int] = {}
        for _, name, _ in names.people:
            seen[person_key(name)] = seen.get(person_key(name), 0) + 1
        self._people = {row_id: _person(name, title, seen[person_key(name)]) for row_id, name, title in names.people}

    def people(self, rows: Sequence[StoredRow]) -> str:
        """Return the people of one role in one cell."""
        return _BETWEEN.join(self._people[row.values["person_id"]] for row in rows if row.values["person_id"])

    def unit_list(self, rows: Sequence[StoredRow]) -> str:
        """Return the units of one role in one cell."""
        return "；".join(self.units[row.values["unit_id"]] for row in rows if row.values["unit_id"])

    def phone_list(self, rows: Sequence[StoredRow]) -> str:
        """Return the telephone numbers of the people of one role."""
        found = (self.phones.get(row.values["person_id"], "") for row in rows)
        return _BETWEEN.join(phone for phone in found if phone)


def _person(name: str, title: str, namesakes: int) -> str:
    """A name that several people bear is told apart by the title."""
    plain, duty = (_PARTS_NAMES.sub("·", text).strip("·") for text in (name, title))
    return f"{plain}（{duty}）" if namesakes > 1 and duty else plain


def cells(number: int, target: Target, book: NameBook, month: Month) -> tuple[Value, ...]:
    """Return the row of one project, one value per column of ``columns``."""
    project, held = target.project, target.assignments
    report = target.reports.get(month.number)
    funding = {source: row.values["planned_yuan"] for source, row in target.funding.items()}
    plans = {number: row.values["plan_yuan"] for number, row in target.month_plans.items()}
    return (
        number,
        *(project[name] for name in ("code", "national_code", "name")),
        book.counties.get(project["county_id"]),
        book.headquarters.get(project["headquarters_id"]),
        *(project[name] for name in ("owner_name", "location", "content", "nature", "investor", "category")),
        ProjectLevel(project["level"]).label,
        YearClass(target.membership.values["year_class"]).label if target.membership else NOT_LISTED,
        Stage(project["stage"]).label,
        _period(project["start_planned_on"], project["finish_planned_on"]),
        project["total_investment_yuan"],
        *(funding.get(source.value) for source in FundingSource),
        _prior(project, month.year),
        target.annual.values["plan_yuan"] if target.annual else None,
        target.annual.values["goal"] if target.annual else None,
        *(plans.get(number) for number in range(1, 13)),
        report.values["done_yuan"] if report else None,
        _ytd(target, month),
        (report.values["physical_progress"] if report else "") or project["physical_progress"],
        *(project[name] for name in ("start_planned_on", "started_on", "finish_planned_on", "completed_on")),
        *(project[name] for name in ("commissioned_on", "entered_statistics_on", "statistics_code")),
        report.values["difficulty"] if report else None,
        report.values["next_step"] if report else None,
        book.unit_list(held[AssignmentRole.LEAD_UNIT]),
        book.units.get(project["responsible_unit_id"]),
        book.unit_list(held[AssignmentRole.SUPPORTING_UNIT]),
        book.unit_list(held[AssignmentRole.SERVICE_UNIT]),
        book.people(held[AssignmentRole.SPONSOR_LEADER]),
        book.people(held[AssignmentRole.RESPONSIBLE_PERSON]),
        book.people(held[AssignmentRole.CONTACT]),
        book.phone_list(held[AssignmentRole.CONTACT]),
        project["remark"],
    )


def _period(start: date | None, finish: date | None) -> str:
    if start is None or finish is None or finish < start:
        return ""
    return f"{start.year}.{start.month:02d}-{finish.year}.{finish.month:02d}"


def _prior(project: Mapping[str, Any], year: int) -> int | None:
    """Completed up to the end of the year before; a figure of another year would be taken for that one."""
    if project["prior_year"] == year - 1 or (project["prior_year"] is None and project["prior_done_yuan"]):
        return int(project["prior_done_yuan"])
    return None


def _ytd(target: Target, month: Month) -> int | None:
    known = [row.values["done_yuan"] for number, row in target.reports.items() if number <= month.number]
    stated = [yuan for yuan in known if yuan is not None]
    return sum(stated) if stated else None


def total_cells(sheet: Sequence[SheetColumn], count: int, sums: Mapping[str, int]) -> tuple[Value, ...]:
    """Return the 合计 row; *sums* by column code (元)."""
    return tuple(
        f"合计 {count} 项" if column.code == Field.NAME.value else sums.get(column.code) or None for column in sheet
    )
