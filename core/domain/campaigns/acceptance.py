"""Claiming, verifying and accepting: who may, when, and what follows. Whoever reported a task never judges it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.campaigns.tasks import FULL, TaskFacts
from core.domain.campaigns.words import TaskStatus, Verdict
from core.domain.errors import Invalid, Problem

CLAIMABLE = (TaskStatus.OPEN, TaskStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    What an acceptance (到点验收) says.

    Attributes:
        record: What was looked at and found.
        conditions: What is still to be mended; for everything but a plain pass.
        again_on: Day of the next acceptance; for everything but a plain pass.
    """

    verdict: Verdict
    held_on: date
    record: str
    conditions: str = ""
    again_on: date | None = None


def check_claim(task: TaskFacts, *, is_leaf: bool, has_target: bool, has_actual: bool, note: str) -> None:
    """
    Stop unless a task may be claimed done (申请销号).

    Raises:
        Invalid: All reasons at once.
    """
    problems = []
    if not is_leaf:
        problems.append(Problem("task", "not_leaf", "含下级任务的任务由下级任务汇总，不单独申请销号。"))
    if task.status not in CLAIMABLE:
        problems.append(
            Problem("status", "wrong_step", f"该任务目前“{task.status.label}”，不能申请销号。请刷新后再看。")
        )
    if task.percent != FULL:
        problems.append(Problem("percent", "not_full", "进度填报到 100% 后才能申请销号。"))
    if has_target and not has_actual:
        problems.append(Problem("actual", "missing", "该任务定有量化目标，请先填报成效的实际值。"))
    if not note.strip():
        problems.append(Problem("note", "missing", "请写明完成情况，便于核验。"))
    _refuse(problems)


def check_verifier(login: str, reporters: Collection[str]) -> None:
    """
    Stop when the person who judges has reported or claimed himself.

    Raises:
        Invalid: The same person on both sides.
    """
    if login in reporters:
        _refuse([Problem("verifier", "same_person", "核验、验收须由填报以外的人员办理，请换人核验。")])


def check_judgement(judgement: Judgement, leaves: Sequence[TaskFacts], today: date) -> None:
    """
    Stop unless an acceptance may say what it says: passed only when every task is closed out.

    Raises:
        Invalid: All reasons at once.
    """
    problems = []
    if judgement.held_on > today:
        problems.append(Problem("held_on", "future", "验收日期不能晚于今天。"))
    if not judgement.record.strip():
        problems.append(Problem("record", "missing", "请写明验收情况。"))
    still = sum(1 for task in leaves if task.status is not TaskStatus.CLOSED_OUT)
    if judgement.verdict is Verdict.PASSED:
        if not leaves:
            problems.append(Problem("verdict", "no_tasks", "该行动还没有任务，不能通过验收。"))
        if still:
            problems.append(Problem("verdict", "tasks_open", f"还有 {still} 项任务没有销号，不能通过验收。"))
    else:
        if not judgement.conditions.strip():
            problems.append(Problem("conditions", "missing", "请写明需要整改的问题。"))
        if judgement.again_on is None or judgement.again_on <= today:
            problems.append(Problem("again_on", "out_of_range", "请填写再次验收的日期，应晚于今天。"))
    _refuse(problems)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems)
