"""清单规则: by which deadlines and steps the lists are worked; versions with their reasons."""

from core.domain.permissions import Permission
from pages.components.matters import rules_box
from pages.components.page import page

_NOTE = "时限按本地工作日历从次日起算，遇休息日顺延。修改后自动成为新版本；已交办事项的期限不变。"

with page("清单规则", Permission.VIEW_PROJECTS, note=_NOTE, live=True) as frame:
    rules_box.draw(frame)
