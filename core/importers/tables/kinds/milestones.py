"""节点: a node per row, or nodes as columns with 计划/实际 below, or a phase per row; all become a row per node."""

import re
from collections.abc import Iterator

from core.importers.tables.kinds.shared import COUNTY, PROJECT_CODES, PROJECT_FIELDS
from core.importers.tables.spec import FieldSpec, Finding, Reading, TableKind, Values

_WHEN = r"(?:完成|达成|办结)?(?:时间|日期|年月|时限|节点)?"
_ROLES: tuple[tuple[str, str], ...] = (
    ("first_baseline_on", r"首次计划|原计划|首次|初始计划"),
    ("planned_on", r"计划|要求|目标|拟"),
    ("actual_on", r"实际|已"),
    ("forecast_on", r"预计|预期"),
)
_LEAVES = tuple((field, re.compile(rf"^(?:{words}){_WHEN}$")) for field, words in _ROLES)
_OTHER_LEAVES = (
    ("responsible", re.compile(r"^责任(?:人|单位|主体)$|^负责人$")),
    ("note", re.compile(r"^(?:完成|进展)情况$|^进展$|^备注$")),
)
_BEFORE = tuple(
    (field, re.compile(rf"^(?:{words})(?!完成|达成|办结)(.{{2,20}}?)(?:时间|日期|年月)$")) for field, words in _ROLES
)
_AFTER = tuple((field, re.compile(rf"^(.{{2,20}}?)(?:{words}){_WHEN}$")) for field, words in _ROLES)
_NO_NODE = re.compile(
    r"^(?:节点|里程碑|关键节点|阶段|环节|工期|进度|建设|项目|工程|名称|完成|时间|日期|形象进度"
    r"|最新|现行|本次|年度|工作|.*投资.*|.*(?:信息|情况))$"
)


def _unfold(parts: tuple[str, ...]) -> tuple[str, str] | None:
    """``主体封顶`` over ``计划``, or ``主体封顶计划时间``, ``计划开工时间`` in one cell: a node and a date of it."""
    leaf = parts[-1]
    if len(parts) > 1 and not _NO_NODE.match(parts[-2]):
        for field, words in (*_LEAVES, *_OTHER_LEAVES):
            if words.match(leaf):
                return parts[-2], field
    if len(parts) == 1 or _NO_NODE.match(parts[-2]):
        for patterns in (_BEFORE, _AFTER):
            for field, words in patterns:
                match = words.match(leaf)
                if match and not _NO_NODE.match(match[1]):
                    return match[1], field
    return None


def _moves_are_honest(values: Values) -> Iterator[Finding]:
    """A node that is done is not expected any more."""
    if values.get("actual_on") is not None and values.get("forecast_on") is not None:
        yield Finding("forecast_of_done", "forecast_on", {"actual_on": values["actual_on"]})


MILESTONES = TableKind(
    code="milestones",
    label="项目节点",
    sheet="项目节点",
    note="每个节点一行；也可以把节点并列为列（下分“计划”“实际”），或每个阶段一行。同一项目的后续行可以不重复项目名称。",
    fields=(
        *PROJECT_FIELDS,
        COUNTY,
        FieldSpec("sequence", "节点序号", Reading.COUNT, r"节点(?:序号|编号|顺序)", width=10),
        FieldSpec(
            "name",
            "节点名称",
            Reading.NAME,
            r"^(?:关键|控制性|重要|建设|实施|工作)?(?:节点|里程碑|环节|阶段|工序)(?:名称|内容|任务)?$|^(?:任务|工作)(?:名称|内容|事项)$|^milestone",
            is_required=True,
            limit=200,
            width=24,
        ),
        FieldSpec("is_key", "是否关键节点", Reading.YES_NO, r"是否.{0,2}(?:关键|重要|控制)", width=12),
        FieldSpec(
            "first_baseline_on", "首次计划完成时间", Reading.LAST_DAY, r"^(?:首次|原|初始|最初)(?:计划|基线)", width=16
        ),
        FieldSpec(
            "planned_on",
            "计划完成时间",
            Reading.LAST_DAY,
            r"^(?:节点)?(?:现行|最新)?(?:计划|要求|目标|规定|拟)(?:完成|办结)?(?:时间|日期|时限|期限|节点)?$|^(?:完成|办结|节点)?(?:时限|期限)$|^节点(?:时间|日期)$|^(?:计划)?(?:完工|结束)(?:时间|日期)$",
            is_required=True,
        ),
        FieldSpec("forecast_on", "预计完成时间", Reading.LAST_DAY, r"^(?:预计|预期)(?:完成|结束)?(?:时间|日期|节点)?$"),
        FieldSpec("actual_on", "实际完成时间", Reading.LAST_DAY, r"^实际(?:完成|办结|完工|结束)?(?:时间|日期|节点)?$"),
        FieldSpec(
            "responsible", "责任人", Reading.NAME, r"责任(?:人|单位|主体)|负责人|牵头(?:单位|人)", limit=200, width=18
        ),
        FieldSpec("note", "完成情况", Reading.TEXT, r"(?:完成|进展)情况|进展|^备注|^说明$", limit=1000, width=30),
        FieldSpec("forecast_reason", "滞后原因", Reading.TEXT, r"原因", limit=400, width=24),
    ),
    keys=(
        ("project_code", "name"),
        ("national_code", "name"),
        ("project_name", "county", "name"),
        ("project_name", "name"),
    ),
    anchors=PROJECT_CODES,
    one_of=PROJECT_CODES,
    carried=(*PROJECT_CODES, "county"),
    elsewhere=r"开始|调整次数|天数|状态|旗|总投资|地点|内容|领导|联系|单位",
    group_field="name",
    unfold=_unfold,
    checks=(_moves_are_honest,),
)
