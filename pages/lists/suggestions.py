"""意见建议: every question is answered."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("意见建议", MatterKind.SUGGESTION)
