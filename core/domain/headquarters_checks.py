"""What a charter, a member, a step and a report of a headquarters may say; all problems at once."""

from collections.abc import Mapping
from datetime import date

from core.domain.errors import Problem

MAX_NAME = 100
MAX_SHORT_NAME = 12
MAX_TEXT = 2000
MAX_LINE = 200
MAX_PHONE = 64
MAX_DOCUMENT = 100
MAX_REPORT_WORKDAYS = 30
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
LABELS = {
    "name": "名称",
    "short_name": "简称",
    "mission": "职责任务",
    "goals": "年度目标",
    "area": "责任范围",
    "office_address": "办公地点",
    "founded_on": "成立日期",
    "set_up_due_on": "组建期限",
    "post": "职务",
    "origin": "原单位",
    "phone": "电话",
    "from_on": "到岗日期",
    "to_on": "期满日期",
    "note": "说明",
    "document_no": "文号",
    "outlook": "下步打算",
}
_LONGEST = {
    "name": MAX_NAME,
    "short_name": MAX_SHORT_NAME,
    "mission": MAX_TEXT,
    "goals": MAX_TEXT,
    "area": MAX_LINE,
    "office_address": MAX_LINE,
    "origin": MAX_LINE,
    "phone": MAX_PHONE,
    "note": MAX_LINE,
    "document_no": MAX_DOCUMENT,
    "outlook": MAX_TEXT,
}


def check_texts(values: Mapping[str, object], required: tuple[str, ...] = ()) -> list[Problem]:
    """Return which texts of *values* are missing or too long."""
    problems = []
    for field, value in values.items():
        if not isinstance(value, str):
            continue
        label, longest = LABELS.get(field, field), _LONGEST.get(field, MAX_TEXT)
        if field in required and not value.strip():
            problems.append(Problem(field, "required", f"请填写{label}。"))
        elif len(value.strip()) > longest:
            problems.append(
                Problem(field, "too_long", f"{label}最多 {longest} 个字，现有 {len(value.strip())} 个，请缩短。")
            )
    return problems


def check_span(values: Mapping[str, object], first: str, last: str) -> list[Problem]:
    """Return what is wrong with a pair of days: out of reach, or the wrong way round."""
    problems = []
    for field in (first, last):
        day = values.get(field)
        if isinstance(day, date) and not EARLIEST <= day <= LATEST:
            problems.append(Problem(field, "out_of_reach", f"{LABELS[field]}不在可填写的范围内，请核对年份。"))
    begin, end = values.get(first), values.get(last)
    if isinstance(begin, date) and isinstance(end, date) and end < begin:
        text = f"{LABELS[last]}（{end}）早于{LABELS[first]}（{begin}），请核对两个日期。"
        problems.append(Problem(last, "wrong_order", text))
    return problems


def check_charter(values: Mapping[str, object]) -> list[Problem]:
    """Return what is wrong with a charter (章程)."""
    return [*check_texts(values, ("name",)), *check_span(values, "founded_on", "set_up_due_on")]


def check_member(values: Mapping[str, object]) -> list[Problem]:
    """Return what is wrong with a member's row."""
    texts = check_texts(values, ("name",))
    named = [
        Problem("name", "required", "请填写成员姓名。") if found.field == "name" and found.code == "required" else found
        for found in texts
    ]
    return [*named, *check_span(values, "from_on", "to_on")]
