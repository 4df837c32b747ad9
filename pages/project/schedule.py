"""倒排工期: from the finish day backwards, clashes in words, Gantt, draft, baseline."""

from core.domain.backward_schedule import Schedule
from core.domain.errors import Invalid
from core.domain.permissions import Permission
from core.services import schedules
from core.services.schedules import ScheduleView
from pages.components.page import Frame, page, speak
from pages.components.schedule import adopt_box, chooser, editor, history, result, template_box, work
from pages.components.schedule.work import Work

_NOTE = "从要求完成的日期倒着排：按工作日、前置关系和压茬推出每项任务最迟的开始和完成日期。"


def _computed(frame: Frame, table: Work) -> Schedule | None:
    """Return the schedule on the table; None when it holds no task or cannot be read, which is then said."""
    if not table.rows:
        return None
    try:
        return schedules.compute(frame.actor, table.edit())
    except Invalid as refused:
        speak(refused)
        return None


def _standing(view: ScheduleView, table: Work) -> str:
    if not table.is_saved:
        return "试算，未保存"
    head = (view.draft or view.adopted).head if view.draft or view.adopted else None
    return f"第 {head.number} 稿，{head.status.label}" if head else "试算，未保存"


def _draw_project(frame: Frame, project_id: int) -> None:
    view = schedules.read_schedule(frame.actor, project_id)
    table = work.current(view)
    chooser.draw_head(view)
    schedule = _computed(frame, table)
    if schedules.can_draft(frame.actor):
        editor.draw(frame, view, table, schedule)
    else:
        editor.show(table, schedule)
    if schedule is not None:
        result.draw(frame, view, table.edit(), schedule, _standing(view, table))
        adopt_box.draw(frame, view, table, fits=schedule.is_feasible)
    result.draw_gantt(view, schedule.rows if schedule else (), schedule)
    history.draw(view)
    template_box.draw(frame, table)


with page("倒排工期", Permission.VIEW_PROJECTS, note=_NOTE) as frame:
    chosen = chooser.wanted_id()
    if chosen is None:
        chooser.draw(frame)
        template_box.draw(frame, None)
    else:
        _draw_project(frame, chosen)
