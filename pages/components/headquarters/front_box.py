"""战况: red and yellow projects with reasons, nodes that are late or fall due, open problems."""

from typing import Any

from core.domain.matters.words import MatterCount
from core.domain.terms import MatterKind
from core.domain.units import NOTHING
from core.services.headquarters import Headquarters, Situation
from core.services.matters import MatterCard
from pages.components import markup, theme
from pages.components.headquarters import reads, words
from pages.components.matters import matter_words
from pages.components.matters.address import Behind, list_address, matter_address
from pages.components.page import Frame
from pages.components.project_query import project_address

PROBLEMS_SHOWN = 20


def draw(frame: Frame, one: Headquarters) -> None:
    """Draw the tab."""
    found = reads.situation(frame, one.card.row.id)
    markup.show(
        "headquarters/fronts.html",
        goals=one.card.row.goals,
        flags_by=one.flags_by,
        flagged=[_flagged(row) for row in found.flagged],
        due=_due(found, one),
        until=f"{found.until_on:%m-%d}",
        problems=[_problem(card) for card in found.problems.cards[:PROBLEMS_SHOWN]],
        problems_total=found.problems.total,
        problems_overdue=found.problems.overdue,
        problems_address=list_address(MatterKind.PROBLEM, Behind(MatterCount.OPEN, headquarters_id=one.card.row.id)),
    )


def _flagged(row: Any) -> dict[str, Any]:
    return {
        "mark": theme.flag_mark(row.level),
        "name": row.name,
        "address": project_address(row.project_id),
        "county": row.county,
        "reasons": row.reasons,
    }


def _due(found: Situation, one: Headquarters) -> list[dict[str, Any]]:
    return [
        {
            "day": f"{row.planned_on:%m-%d}",
            "when": words.due_words(row.planned_on, one.today),
            "is_late": row.planned_on < one.today,
            "node": row.node,
            "is_key": row.is_key,
            "project": row.project,
            "address": project_address(row.project_id),
        }
        for row in found.due
    ]


def _problem(card: MatterCard) -> dict[str, Any]:
    row = card.row
    return {
        "title": row.title,
        "open": matter_address(MatterKind.PROBLEM, row.id),
        "project": row.project_name,
        "address": project_address(row.project_id) if row.project_id else "",
        "unit": matter_words.owner(row),
        "status": row.state.status.label,
        "due": str(row.state.next_due_on or NOTHING),
        "left": matter_words.left_words(card.left),
        "is_late": card.left is not None and card.left.days < 0,
    }
