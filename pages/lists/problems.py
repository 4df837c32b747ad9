"""问题清单: every problem until it is closed out."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("问题清单", MatterKind.PROBLEM)
