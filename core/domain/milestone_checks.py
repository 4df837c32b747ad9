"""What a milestone may be set to: every refused value is named at once, each with the way to mend it."""

from datetime import date

from core.domain.errors import Problem
from core.domain.reasons import MAX_REASON, check_length, check_reason

MAX_NOTE = 1000
FARTHEST_YEARS = 30


def check_completion(actual_on: date | None, note: str, today: date, reserved_on: date | None) -> list[Problem]:
    """
    Return what is wrong with a completion (完成登记).

    Args:
        actual_on: Day the node was reached.
        note: Free text.
        today: Local calendar day; nothing is completed in the future.
        reserved_on: Day the project entered the reserve (储备入库); nothing of it was reached before.
    """
    problems = []
    if actual_on is None:
        problems.append(Problem("actual_on", "missing_date", "请填写完成日期。"))
    elif actual_on > today:
        problems.append(
            Problem("actual_on", "future_date", f"完成日期 {actual_on} 晚于今天（{today}）。请填写实际完成的日期。")
        )
    elif reserved_on is not None and actual_on < reserved_on:
        text = f"完成日期 {actual_on} 早于项目储备入库日期（{reserved_on}）。请核对完成日期，或先更正入库日期。"
        problems.append(Problem("actual_on", "before_reserve", text))
    return problems + check_length("note", "完成情况", note, MAX_NOTE)


def check_forecast(forecast_on: date | None, reason: str, today: date, planned_on: date) -> list[Problem]:
    """Return what is wrong with a forecast (预计完成); a forecast after the plan needs a reason."""
    problems = []
    if forecast_on is None:
        problems.append(Problem("forecast_on", "missing_date", "请填写预计完成日期。"))
    elif forecast_on < today:
        text = f"预计日期 {forecast_on} 已经过去。未完成的请填今天或以后的日期，已完成的请登记完成。"
        problems.append(Problem("forecast_on", "past_date", text))
    else:
        problems += _check_far("forecast_on", "预计日期", forecast_on, today)
    if forecast_on is not None and forecast_on <= planned_on:
        return problems + check_length("reason", "原因", reason, MAX_REASON)
    return problems + check_reason(reason)


def check_rebaseline(planned_on: date | None, reason: str, today: date, current_on: date) -> list[Problem]:
    """Return what is wrong with a new baseline (调整基线)."""
    problems = []
    if planned_on is None:
        problems.append(Problem("planned_on", "missing_date", "请填写新的计划日期。"))
    elif planned_on == current_on:
        problems.append(Problem("planned_on", "same_date", f"新的计划日期与现行计划（{current_on}）相同，无需调整。"))
    elif planned_on < today:
        text = f"新的计划日期 {planned_on} 已经过去。基线只能调整到今天或以后。"
        problems.append(Problem("planned_on", "past_date", text))
    else:
        problems += _check_far("planned_on", "计划日期", planned_on, today)
    return problems + check_reason(reason)


def _check_far(field: str, label: str, day: date, today: date) -> list[Problem]:
    if day.year <= today.year + FARTHEST_YEARS:
        return []
    return [Problem(field, "far_date", f"{label} {day} 超出 {FARTHEST_YEARS} 年，请核对年份。")]
