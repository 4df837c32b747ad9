"""What a ledger row may be changed to: every refused value is named at once, each with the way to mend it."""

import re
from collections.abc import Mapping
from datetime import date

from core.domain.errors import Problem
from core.domain.reasons import MAX_REASON, MIN_REASON, says_nothing
from core.domain.terms import LifecycleKind

MAX_NAME = 200
MAX_DOCUMENT = 100
LONGEST = {"location": 400, "content": 4000, "owner_name": 200, "nature": 64, "investor": 64, "remark": 1000}
LABELS = {
    "name": "项目名称",
    "national_code": "项目代码",
    "location": "建设地点",
    "content": "建设规模及内容",
    "owner_name": "项目业主",
    "nature": "建设性质",
    "investor": "投资主体",
    "source": "项目来源",
    "remark": "备注",
    "start_planned_on": "计划开工",
    "finish_planned_on": "计划竣工",
    "longitude": "经度",
    "latitude": "纬度",
}
# 全国投资项目统一代码 (GB/T 40058-2021): 4-6-2-2-6 digits; the check digit is not verified.
_NATIONAL_CODE = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}")
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0
_EARLIEST = date(1990, 1, 1)
_NEEDS_REASON = (
    LifecycleKind.SUSPENDED,
    LifecycleKind.RESUMED,
    LifecycleKind.WITHDRAWN,
    LifecycleKind.TERMINATED,
    LifecycleKind.MERGED,
)


def check_changes(values: Mapping[str, object]) -> list[Problem]:
    """
    Return what is wrong with the edited fields of a project.

    Args:
        values: The row as it would stand afterwards, by column of ``project``.
    """
    problems = [*_texts(values), *_dates(values), *_place(values)]
    code = values.get("national_code")
    if code and not _NATIONAL_CODE.fullmatch(str(code)):
        text = "项目代码应为 2402-371399-04-01-518827 这样的 24 位形式（含连字符）。没有代码时请留空。"
        problems.append(Problem("national_code", "bad_code", text))
    return problems


def _texts(values: Mapping[str, object]) -> list[Problem]:
    problems = []
    name = str(values.get("name") or "").strip()
    if not name:
        problems.append(Problem("name", "required", "项目名称不能为空。"))
    elif len(name) > MAX_NAME:
        problems.append(Problem("name", "too_long", f"项目名称最多 {MAX_NAME} 个字，现有 {len(name)} 个，请缩短。"))
    for field, longest in LONGEST.items():
        length = len(str(values.get(field) or ""))
        if length > longest:
            text = f"{LABELS[field]}最多 {longest} 个字，现有 {length} 个，请缩短。"
            problems.append(Problem(field, "too_long", text))
    return problems


def _dates(values: Mapping[str, object]) -> list[Problem]:
    start, finish = values.get("start_planned_on"), values.get("finish_planned_on")
    if isinstance(start, date) and isinstance(finish, date) and finish < start:
        text = f"计划竣工（{finish}）早于计划开工（{start}），请核对两个日期。"
        return [Problem("finish_planned_on", "finish_before_start", text)]
    return []


def _place(values: Mapping[str, object]) -> list[Problem]:
    longitude, latitude = values.get("longitude"), values.get("latitude")
    if longitude is None and latitude is None:
        return []
    if not isinstance(longitude, int | float) or not isinstance(latitude, int | float):
        return [Problem("longitude", "half_place", "经度和纬度应同时填写，或同时留空。")]
    if _WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH:
        return []
    if _WEST <= latitude <= _EAST and _SOUTH <= longitude <= _NORTH:
        return [Problem("longitude", "swapped", "经度和纬度似乎填反了：经度应在 73—136，纬度应在 3—54。")]
    text = "坐标不在国内范围：经度应在 73—136，纬度应在 3—54（CGCS2000，单位为度）。"
    return [Problem("longitude", "out_of_range", text)]


def check_event(
    kind: LifecycleKind,
    happened_on: date | None,
    reason: str,
    today: date,
    known: Mapping[LifecycleKind, date],
    document_no: str = "",
) -> list[Problem]:
    """
    Return what is wrong with a dated fact (登记事项).

    Args:
        known: Date of the latest fact of each kind.
    """
    problems = []
    if happened_on is None:
        problems.append(Problem("happened_on", "required", "请填写发生日期。"))
    elif happened_on > today:
        text = f"发生日期 {happened_on} 晚于今天（{today}）。尚未发生的事项请到发生后再登记。"
        problems.append(Problem("happened_on", "future_date", text))
    elif happened_on < _EARLIEST:
        problems.append(Problem("happened_on", "too_early", f"发生日期 {happened_on} 过早，请核对年份。"))
    else:
        problems += _order(kind, happened_on, known)
    if kind in _NEEDS_REASON and says_nothing(reason):
        text = f"登记“{kind.label}”须写明原因，至少 {MIN_REASON} 个字。"
        problems.append(Problem("reason", "required", text))
    for field, label, typed, longest in (
        ("reason", "原因", reason, MAX_REASON),
        ("document_no", "文号", document_no, MAX_DOCUMENT),
    ):
        if len(typed.strip()) > longest:
            text = f"{label}最多 {longest} 个字，现有 {len(typed.strip())} 个，请缩短。"
            problems.append(Problem(field, "too_long", text))
    return problems


_AFTER = {
    LifecycleKind.SUSPENDED: LifecycleKind.STARTED,
    LifecycleKind.RESUMED: LifecycleKind.SUSPENDED,
    LifecycleKind.COMPLETED: LifecycleKind.STARTED,
    LifecycleKind.COMMISSIONED: LifecycleKind.STARTED,
    LifecycleKind.FULL_CAPACITY: LifecycleKind.COMMISSIONED,
    LifecycleKind.ENTERED_STATISTICS: LifecycleKind.STARTED,
    LifecycleKind.STARTED: LifecycleKind.RESERVED,
}


def _order(kind: LifecycleKind, happened_on: date, known: Mapping[LifecycleKind, date]) -> list[Problem]:
    before = _AFTER.get(kind)
    earlier = known.get(before) if before else None
    if before is None or earlier is None or happened_on >= earlier:
        return []
    text = f"{kind.label}日期 {happened_on} 早于{before.label}日期 {earlier}，请核对。"
    return [Problem("happened_on", "before_" + before.value, text)]
