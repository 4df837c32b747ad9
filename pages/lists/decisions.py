"""请示事项, with 会商 and 督办: what others have to decide or were told to do."""

from core.domain.terms import MatterKind
from pages.components.matters import screen

screen.draw("请示事项", (MatterKind.DECISION_REQUEST, MatterKind.CONSULTATION, MatterKind.SUPERVISION))
