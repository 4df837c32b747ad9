"""One list (清单): bar, table with clocks, rates; raising and batch assignment beside it."""

from dataclasses import replace

from core.domain.permissions import Permission
from core.domain.terms import MatterKind
from core.services import matters
from pages.components.matters import assign_box, list_bar, list_table, matter_box, raise_box, rates_tab
from pages.components.matters.list_bar import Asked
from pages.components.page import Frame, page


def draw(title: str, kind: MatterKind) -> None:
    """Draw the screen of *kind*."""
    with page(title, Permission.VIEW_PROJECTS) as frame:
        asked = list_bar.draw(frame, kind)
        if asked.view == "rates":
            rates_tab.draw(frame, title, kind, asked.wanted, asked.words)
        else:
            _draw_list(frame, title, kind, asked)
        # One panel at a time: the one that was asked for last.
        if not raise_box.show(frame, kind) and not assign_box.show(frame):
            matter_box.show(frame)


def _draw_list(frame: Frame, title: str, kind: MatterKind, asked: Asked) -> None:
    wanted = asked.wanted
    if asked.view == "mine":
        wanted = matters.mine(frame.actor, wanted)
    elif asked.view == "extensions":
        wanted = replace(wanted, asks_extension=True)
    elif asked.view == "overdue":
        wanted = matters.overdue_of(wanted)
    elif asked.view == "soon":
        wanted = matters.due_soon_of(wanted)
    list_table.draw(frame, title, kind, wanted, asked.words, lambda number: matters.find(frame.actor, wanted, number))
