"""The audit of a project in plain Chinese: who, when, what, from old to new."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain import terms
from core.domain.backward_adoption import PlanStatus
from core.domain.headquarters_chain import ProjectSource
from core.domain.terms import Term
from core.domain.units import NOTHING, format_wan
from db.queries.project_details import AuditLine

ENTITIES = {
    "project": "项目",
    "list_membership": "年度清单",
    "annual_plan": "年度计划",
    "investment_plan": "月度计划",
    "investment_report": "投资月报",
    "funding_line": "资金来源",
    "milestone": "节点",
    "lifecycle_event": "生命周期事项",
    "assignment": "责任关系",
    "parcel_use": "用地",
    "matter": "事项",
    "schedule_plan": "倒排计划",
}
ACTIONS = {"insert": "新增", "update": "修改", "remove": "撤回", "import": "导入", "undo": "撤销", "export": "导出"}
FIELDS = {
    "name": "名称",
    "code": "项目编号",
    "national_code": "项目代码",
    "county_id": "县区",
    "headquarters_id": "指挥部",
    "responsible_unit_id": "责任单位",
    "level": "级别",
    "category": "类别",
    "nature": "建设性质",
    "investor": "投资主体",
    "source": "来源",
    "owner_name": "项目业主",
    "stage": "状态",
    "location": "建设地点",
    "content": "建设规模及内容",
    "longitude": "经度",
    "latitude": "纬度",
    "total_investment_yuan": "总投资",
    "prior_done_yuan": "截至上年底累计完成",
    "start_planned_on": "计划开工",
    "finish_planned_on": "计划竣工",
    "started_on": "开工日期",
    "suspended_on": "停工日期",
    "resumed_on": "复工日期",
    "completed_on": "竣工日期",
    "commissioned_on": "投产日期",
    "full_capacity_on": "达效日期",
    "reserved_on": "入库日期",
    "signed_on": "签约日期",
    "fulfilled_on": "履约日期",
    "entered_statistics_on": "入统日期",
    "statistics_code": "统计项目编码",
    "physical_progress": "形象进度",
    "remark": "备注",
    "plan_yuan": "计划投资",
    "goal": "年度目标",
    "done_yuan": "完成投资",
    "statistics_yuan": "统计口径完成投资",
    "reported_ytd_yuan": "填报年累计",
    "status": "状态",
    "difficulty": "存在问题",
    "next_step": "下步措施",
    "return_reason": "退回原因",
    "planned_yuan": "计划资金",
    "received_yuan": "到位资金",
    "spent_yuan": "支出资金",
    "planned_on": "计划日期",
    "forecast_on": "预计日期",
    "forecast_reason": "预计原因",
    "actual_on": "完成日期",
    "note": "说明",
    "responsible": "责任人",
    "moves": "调整次数",
    "is_key": "关键节点",
    "kind": "事项",
    "happened_on": "发生日期",
    "reason": "原因",
    "document_no": "文号",
    "year_class": "年度类别",
    "joined_on": "列入日期",
    "left_on": "调出日期",
    "title": "标题",
    "description": "内容",
    "due_on": "时限",
    "wanted_on": "要求完成",
    "closed_on": "办结日期",
    "answer": "答复",
    "is_escalated": "提级",
    "role": "责任关系",
}
_TERMS: dict[tuple[str, str], type[Term]] = {
    ("project", "stage"): terms.Stage,
    ("project", "level"): terms.ProjectLevel,
    ("list_membership", "year_class"): terms.YearClass,
    ("investment_report", "status"): terms.ReportStatus,
    ("funding_line", "source"): terms.FundingSource,
    ("project", "source"): ProjectSource,
    ("lifecycle_event", "kind"): terms.LifecycleKind,
    ("matter", "kind"): terms.MatterKind,
    ("matter", "status"): terms.MatterStatus,
    ("schedule_plan", "status"): PlanStatus,
    ("assignment", "role"): terms.AssignmentRole,
}
# Of a new row only what says what it is; the rest stands on the page anyway.
_TOLD_OF_NEW = frozenset(
    {
        "done_yuan",
        "plan_yuan",
        "planned_yuan",
        "planned_on",
        "happened_on",
        "reason",
        "year_class",
        "due_on",
        "kind",
        "wanted_on",
    }
)  # fmt: skip
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One field: Chinese label, old and new value as text."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One write: *what* names the thing, *changes* its fields, *reason* why."""

    seq: int
    at: datetime
    who: str
    what: str
    changes: tuple[Change, ...]
    reason: str


Names = Mapping[tuple[str, int], str]


def tell(lines: Sequence[AuditLine], subjects: Mapping[tuple[str, str], str], names: Names) -> tuple[HistoryLine, ...]:
    """
    Return *lines* as people would say them.

    Args:
        subjects: Name of the row by (entity, id), e.g. that of a milestone or the month of a report.
        names: Name by (column, id) for the columns that hold keys, e.g. ``("county_id", 3)``.
    """
    return tuple(_line(line, subjects, names) for line in lines)


def _line(line: AuditLine, subjects: Mapping[tuple[str, str], str], names: Names) -> HistoryLine:
    old, new = json.loads(line.old), json.loads(line.new)
    entity = ENTITIES.get(line.entity, line.entity)
    subject = subjects.get((line.entity, line.entity_id)) or _own_name(line.entity, new)
    what = f"{ACTIONS.get(line.action, line.action)}{entity}" + (f"“{subject}”" if subject else "")
    told = [field for field in new if field in FIELDS and (old or field in _TOLD_OF_NEW)]
    changes = tuple(
        Change(
            FIELDS[field],
            _text(line.entity, field, old.get(field), names),
            _text(line.entity, field, new[field], names),
        )
        for field in told
    )
    return HistoryLine(line.seq, line.at, line.actor_name or line.actor, what, changes, line.reason)


def _own_name(entity: str, new: Mapping[str, object]) -> str:
    if entity == "investment_report" and "month" in new:
        return f"{new.get('year')}年{new['month']}月"
    if entity == "funding_line" and "source" in new:
        return _text(entity, "source", new["source"], {})
    return str(new.get("title") or new.get("name") or "")


def _text(entity: str, field: str, value: object, names: Names) -> str:
    if value is None or value == "":
        return NOTHING
    term = _TERMS.get((entity, field))
    if term is not None:
        return next((known.label for known in term if known.value == value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.endswith("_yuan") and isinstance(value, int):
        return f"{format_wan(value)} 万元"
    if field.endswith("_id") and isinstance(value, int):
        return names.get((field, value), str(value))
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
