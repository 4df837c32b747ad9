"""督办事项: what a unit was told to do, until it is closed out."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("督办事项", MatterKind.SUPERVISION)
