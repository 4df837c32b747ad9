"""会商事项: what a joint consultation has to settle or has decided."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("会商事项", MatterKind.CONSULTATION)
