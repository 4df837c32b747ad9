"""请示事项: what the committee or a leader has to decide."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("请示事项", MatterKind.DECISION_REQUEST)
