"""开工条件 as a small panel of the project page."""

from typing import Any

from core.domain.start_terms import ProcedureState
from core.services.starts import ReadinessRow
from db.queries.starts import ProcedureRow
from pages.components import markup, theme
from pages.components.page import Frame
from pages.components.starts import marks, reads


def draw(frame: Frame, project_id: int) -> None:
    """Draw the panel of a project."""
    found = reads.readiness(frame, project_id)
    if found.readiness.is_unknown and found.row.started_on is not None:
        return  # it began before anybody kept its procedures here
    markup.show("project/readiness.html", **cells(found))


def cells(found: ReadinessRow) -> dict[str, Any]:
    """Return what the template shows."""
    readiness = found.readiness
    stored = {one.facts.kind: one for one in found.row.procedures}
    due = f" · 应于 {readiness.due_on} 前具备" if readiness.missing and readiness.due_on else ""
    rows = []
    for kind, state in readiness.states.items():
        colour = theme.flag_mark(marks.PROCEDURES[state][2]).colour.word
        day, text = _told(stored.get(kind), state)
        rows.append({"label": kind.label, "mark": marks.procedure(state), "colour": colour, "day": day, "text": text})
    note = f"具备 {marks.ready_share(found)}{due}"
    return {"rows": rows, "note": note, "is_unknown": readiness.is_unknown}


def _told(stored: ProcedureRow | None, state: ProcedureState) -> tuple[str, str]:
    if stored is None:
        return "", ""
    facts = stored.facts
    day = f"{facts.done_on}" if facts.done_on else f"计划 {facts.planned_on}" if facts.planned_on else ""
    owed = f"容缺：{facts.owed_papers}，{facts.owed_due_on} 前补齐"
    parts = [stored.document_no, stored.blocker]
    if state in (ProcedureState.CONDITIONAL, ProcedureState.OWED_LATE):
        parts.append(owed)
    return day, "；".join(part for part in parts if part)
