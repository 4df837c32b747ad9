"""大屏: the shell of the wall; it lives by itself from then on (docs/adr/0002-wall-long-poll.md)."""

from core.domain.permissions import Permission
from pages.components.page import page
from pages.components.wall import shell

with page("大屏", Permission.VIEW_WALL, full_screen=True) as frame:
    shell.show(frame.actor)
