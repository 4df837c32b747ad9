"""政策落实清单: delivered to whom, honoured how far."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("政策落实", MatterKind.POLICY)
