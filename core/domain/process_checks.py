"""What a process fact (过程事实) may say: every refused value is named at once, each with the way to mend it."""

from dataclasses import dataclass
from datetime import date

from core.domain.errors import Problem
from core.domain.reasons import check_length
from core.domain.supervision_terms import ProcessKind, Severity

MAX_PARTICIPANTS = 400
MAX_SUMMARY = 4000
MAX_FINDING = 1000


@dataclass(frozen=True, slots=True)
class ProcessDraft:
    """
    What somebody types about an inspection, patrol, visit or meeting.

    Attributes:
        finding: Problem that was found; empty exactly when *severity* is NONE.
        due_on: Deadline for mending it; only with a finding.
    """

    kind: ProcessKind
    happened_on: date | None
    participants: str
    summary: str
    finding: str
    severity: Severity
    due_on: date | None


def check_process(draft: ProcessDraft, today: date) -> list[Problem]:
    """Return what is wrong with *draft* on day *today* (local)."""
    problems = []
    if draft.happened_on is None:
        problems.append(Problem("happened_on", "missing_date", "请填写发生日期。"))
    elif draft.happened_on > today:
        text = f"发生日期 {draft.happened_on} 晚于今天（{today}）。过程事实只登记已经发生的。"
        problems.append(Problem("happened_on", "future_date", text))
    if not draft.participants.strip():
        problems.append(Problem("participants", "missing_participants", "请填写参加人员或单位。"))
    return [
        *problems,
        *_check_finding(draft),
        *check_length("participants", "参加人员", draft.participants, MAX_PARTICIPANTS),
        *check_length("summary", "情况", draft.summary, MAX_SUMMARY),
        *check_length("finding", "发现的问题", draft.finding, MAX_FINDING),
    ]


def _check_finding(draft: ProcessDraft) -> list[Problem]:
    has_finding, problems = bool(draft.finding.strip()), []
    if draft.severity is Severity.NONE:
        if has_finding:
            text = "写了发现的问题，问题程度却是“未发现问题”。请选择程度，或清空问题。"
            problems.append(Problem("severity", "finding_without_severity", text))
        if draft.due_on is not None:
            problems.append(Problem("due_on", "due_without_finding", "没有发现问题时不设整改期限，请清空期限。"))
        return problems
    if not has_finding:
        text = f"问题程度为“{draft.severity.label}”，请写明发现了什么问题。"
        problems.append(Problem("finding", "severity_without_finding", text))
    if draft.due_on is None:
        problems.append(Problem("due_on", "missing_due", "发现问题的，请填写整改期限。"))
    elif draft.happened_on is not None and draft.due_on < draft.happened_on:
        text = f"整改期限 {draft.due_on} 早于发生日期（{draft.happened_on}）。请更正其中一个。"
        problems.append(Problem("due_on", "due_before_day", text))
    return problems


def check_mended(mended_on: date | None, happened_on: date, today: date) -> list[Problem]:
    """Return what is wrong with the day on which a finding was mended."""
    if mended_on is None:
        return [Problem("mended_on", "missing_date", "请填写整改完成日期。")]
    if mended_on > today:
        return [Problem("mended_on", "future_date", f"整改完成日期 {mended_on} 晚于今天（{today}），请更正。")]
    if mended_on < happened_on:
        text = f"整改完成日期 {mended_on} 早于发现问题的日期（{happened_on}），请更正。"
        return [Problem("mended_on", "before_finding", text)]
    return []
