"""Cells of a pasted task list → drafts: dates as people write them, whole weights, figures with thousands commas."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from core.domain.errors import Invalid, Problem
from core.services.campaigns import TaskDraft

COLUMNS = (
    "编号", "任务", "牵头单位", "配合单位", "责任人", "开始时间", "完成时间", "权重", "成效指标", "计量单位", "目标值",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?$")


def drafts(rows: Sequence[Sequence[str]]) -> list[TaskDraft]:
    """
    Return the drafts of rows in the order of ``COLUMNS``; short rows are filled up, empty ones and a heading left out.

    Raises:
        Invalid: Cells that are no date or figure; all at once, each with the number of its row.
    """
    problems: list[Problem] = []
    found = []
    for number, cells in enumerate(rows, start=1):
        texts = [str(cell or "").strip() for cell in cells][: len(COLUMNS)]
        texts += [""] * (len(COLUMNS) - len(texts))
        if any(texts) and texts[1] != COLUMNS[1]:
            found.append(_draft(number, texts, problems))
    if problems:
        raise Invalid(problems)
    return found


def split(text: str) -> list[list[str]]:
    """Return the rows of a text copied from a spreadsheet: lines of cells between tabs."""
    return [line.split("\t") for line in text.replace("\r\n", "\n").split("\n")]


def _draft(number: int, texts: Sequence[str], problems: list[Problem]) -> TaskDraft:
    place, name, lead, supporting, person, start, finish, weight, measure, unit, target = texts
    return TaskDraft(
        number=place.replace("．", ".").strip("."),
        name=name,
        lead_unit=lead,
        start_on=_day(number, start, problems),
        finish_on=_day(number, finish, problems),
        supporting_units=supporting,
        responsible_person=person,
        weight=int(weight) if weight.isdecimal() and len(weight) < 6 else _one(number, weight, problems),
        measure=measure,
        measure_unit=unit,
        target=_figure(number, target, problems),
    )


def _one(number: int, text: str, problems: list[Problem]) -> int:
    if text:
        problems.append(Problem("weight", "not_whole", f"第 {number} 行权重“{text}”不是整数。"))
    return 1


def _day(number: int, text: str, problems: list[Problem]) -> date | None:
    found = _DAY.match(text)
    if not text:
        return None
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day(number, text, problems)
    except ValueError:
        return _no_day(number, text, problems)


def _no_day(number: int, text: str, problems: list[Problem]) -> None:
    message = f"第 {number} 行“{text}”不是日期，请写成 2026-03-01 或 2026年3月1日。"
    problems.append(Problem("planned_finish_on", "not_a_date", message))


def _figure(number: int, text: str, problems: list[Problem]) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        problems.append(Problem("target", "not_a_figure", f"第 {number} 行目标值“{text}”不是数字。"))
        return None
