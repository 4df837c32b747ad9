"""问题清单: one row per problem, from registration to 销号."""

from core.domain.terms import MatterStatus
from core.importers.tables.kinds.shared import COUNTY, PROJECT_FIELDS, REMARK, dates_in_order
from core.importers.tables.spec import FieldSpec, Reading, TableKind, Values

_LONGEST_TITLE = 60
MATTER_STATUS_WORDS = {
    "登记": MatterStatus.REGISTERED,
    "未交办": MatterStatus.REGISTERED,
    "交办": MatterStatus.ASSIGNED,
    "待办": MatterStatus.ASSIGNED,
    "推进中": MatterStatus.IN_PROGRESS,
    "正在办理": MatterStatus.IN_PROGRESS,
    "整改中": MatterStatus.IN_PROGRESS,
    "未解决": MatterStatus.IN_PROGRESS,
    "未办结": MatterStatus.IN_PROGRESS,
    "提级": MatterStatus.ESCALATED,
    "办结": MatterStatus.RESOLVED,
    "已解决": MatterStatus.RESOLVED,
    "销号": MatterStatus.CLOSED_OUT,
}
STATUS = FieldSpec(
    "status",
    "办理状态",
    Reading.TERM,
    r"(?:办理|整改|当前|落实)?状态$|^(?:是否办结|办理情况状态)$",
    terms=MatterStatus,
    words=MATTER_STATUS_WORDS,
    width=12,
)


def _title_from_description(values: Values) -> Values:
    """A list that only describes its problems is named by the first words of each description."""
    if values.get("title") is not None or not values.get("description"):
        return values
    first = str(values["description"]).split("\n")[0]
    title = first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1] + "…"
    return {**values, "title": title}


PROBLEMS = TableKind(
    code="problems",
    label="问题清单",
    sheet="问题清单",
    note="每个问题一行。没有编号的问题由系统编号；没有办理状态时按各日期推定。",
    fields=(
        FieldSpec("code", "编号", Reading.CODE, r"^(?:问题|事项)?编[号码]$|^问题代码$", limit=32),
        *PROJECT_FIELDS,
        COUNTY,
        FieldSpec(
            "title",
            "问题",
            Reading.NAME,
            r"^(?:问题|事项|诉求)(?:名称|标题|题目|摘要)?$",
            is_required=True,
            limit=200,
            width=36,
        ),
        FieldSpec(
            "description",
            "问题描述",
            Reading.TEXT,
            r"(?:问题|事项|诉求|具体)(?:描述|内容|情况|详情|表现)|(?:存在|主要|反映|提出|遇到)的?问题|困难",
            limit=20_000,
            width=40,
        ),
        FieldSpec("category", "类别", Reading.NAME, r"(?:问题|事项)?(?:类别|类型|分类)$", limit=64),
        FieldSpec("source", "来源", Reading.NAME, r"来源|渠道", limit=64),
        FieldSpec("raised_by", "提出人", Reading.NAME, r"(?:提出|反映|上报|填报)(?:人|单位|者|主体|企业)", limit=64),
        FieldSpec("raised_on", "提出日期", Reading.DAY, r"(?:提出|反映|上报|登记|收集|发现)(?:日期|时间)"),
        FieldSpec(
            "lead_unit", "主办单位", Reading.NAME, r"(?:主办|牵头|责任|承办)(?:单位|部门)|^主办$", limit=200, width=18
        ),
        FieldSpec(
            "supporting_units", "协办单位", Reading.NAME, r"(?:协办|配合|协同)(?:单位|部门)|^协办$", limit=400, width=18
        ),
        FieldSpec(
            "responsible_leader", "责任领导", Reading.NAME, r"(?:责任|分管|包保|包联|牵头)(?:领导|人)|^领导$", limit=64
        ),
        FieldSpec("assigned_on", "交办日期", Reading.DAY, r"交办(?:日期|时间)"),
        FieldSpec(
            "due_on", "办理时限", Reading.LAST_DAY, r"时限|期限|(?:计划|拟|要求)(?:解决|完成|办结)(?:时间|日期)?"
        ),
        FieldSpec(
            "progress", "办理进展", Reading.TEXT, r"进展|办理情况|推进情况|整改情况|落实情况", limit=20_000, width=36
        ),
        FieldSpec(
            "answer",
            "回复内容",
            Reading.TEXT,
            r"(?:回复|答复)(?:内容|情况|意见)?$|解决(?:措施|办法|情况)|措施",
            limit=20_000,
            width=36,
        ),
        FieldSpec("replied_on", "回复日期", Reading.DAY, r"(?:回复|答复)(?:日期|时间)"),
        FieldSpec("outcome", "办理结果", Reading.NAME, r"^(?:办理|处理|解决|办结)?结果$", limit=64),
        FieldSpec("resolved_on", "办结日期", Reading.DAY, r"(?:办结|解决|完成|实际办结)(?:日期|时间)"),
        FieldSpec("satisfaction", "满意度", Reading.NAME, r"满意|回访", limit=32),
        FieldSpec("is_escalated", "是否提级", Reading.YES_NO, r"提级", width=10),
        FieldSpec("closed_on", "销号日期", Reading.DAY, r"销号"),
        STATUS,
        REMARK,
    ),
    keys=(
        ("code",),
        ("project_code", "title"),
        ("national_code", "title"),
        ("project_name", "title"),
        ("county", "title"),
    ),
    title="title",
    anchors=("title", "description"),
    elsewhere=r"联系|电话",
    checks=(
        dates_in_order(
            ("raised_on", "提出日期", "resolved_on", "办结日期"),
            ("assigned_on", "交办日期", "due_on", "办理时限"),
            ("resolved_on", "办结日期", "closed_on", "销号日期"),
        ),
    ),
    complete=_title_from_description,
)
