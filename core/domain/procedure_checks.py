"""What may be said of a preliminary procedure (前期手续): every refused value is named at once."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from core.domain.errors import Problem
from core.domain.reasons import check_length
from core.domain.start_terms import ProcedureKind

MAX_DOCUMENT = 100
MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class ProcedureDraft:
    """A procedure as typed; the attributes are those of ``core.domain.readiness.Procedure`` and of the stored row."""

    kind: ProcedureKind
    applies: bool = True
    document_no: str = ""
    planned_on: date | None = None
    done_on: date | None = None
    unit_id: int | None = None
    blocker: str = ""
    owed_papers: str = ""
    owed_due_on: date | None = None
    supplied_on: date | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been typed."""
        return self == ProcedureDraft(self.kind)

    def done(self, day: date) -> Self:
        """Return the procedure done on *day*."""
        return replace(self, applies=True, done_on=day)


def check_procedure(draft: ProcedureDraft, today: date) -> list[Problem]:
    """Return what is wrong with *draft* on day *today* (local)."""
    label = draft.kind.label
    problems = [
        *check_length("document_no", f"“{label}”的文号", draft.document_no, MAX_DOCUMENT),
        *check_length("blocker", f"“{label}”的堵点", draft.blocker, MAX_TEXT),
        *check_length("owed_papers", f"“{label}”的容缺材料", draft.owed_papers, MAX_TEXT),
    ]
    for day, field, word in ((draft.done_on, "done_on", "办结"), (draft.supplied_on, "supplied_on", "补齐")):
        if day is not None and day > today:
            text = f"“{label}”的{word}日期 {day} 晚于今天（{today}）。尚未办结的请填计划日期。"
            problems.append(Problem(field, "future_date", text))
    return problems + _check_owed(draft, label)


def _check_owed(draft: ProcedureDraft, label: str) -> list[Problem]:
    problems = []
    if draft.owed_papers.strip():
        if draft.done_on is None:
            text = f"“{label}”容缺受理须填写受理（办结）日期。"
            problems.append(Problem("done_on", "missing_date", text))
        if draft.owed_due_on is None:
            problems.append(Problem("owed_due_on", "missing_date", f"“{label}”容缺受理须填写材料补齐期限。"))
        elif draft.done_on is not None and draft.owed_due_on < draft.done_on:
            problems.append(Problem("owed_due_on", "order", f"“{label}”的补齐期限早于受理日期，请核对。"))
    elif draft.owed_due_on is not None or draft.supplied_on is not None:
        problems.append(Problem("owed_papers", "missing", f"“{label}”填了补齐日期，请写明容缺的材料。"))
    if not draft.applies and (draft.done_on is not None or draft.owed_papers.strip()):
        problems.append(Problem("applies", "contradiction", f"“{label}”已有办理结果，不能同时标为不涉及。"))
    return problems
