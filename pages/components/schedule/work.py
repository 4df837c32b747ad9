"""What is on the table: the schedule as typed, over which draft, kept in the session until it is saved."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.schedule_templates import ScheduleTemplate
from core.services.schedules import PlanEdit, ScheduleView, Seen
from pages.components import state
from pages.components.schedule import task_grid
from pages.components.schedule.task_grid import Row
from pages.components.state import Key

_USUAL_SPAN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Work:
    """
    Attributes:
        rows: Cells as typed, whether they can be read or not.
        seen: The draft over which it was typed.
        generation: Counts the editors that were laid over it.
        is_saved: Nothing was typed since it was read from the store.
    """

    project_id: int
    rows: tuple[Row, ...]
    wanted_on: date
    earliest_on: date | None
    template_code: str
    template_name: str
    seen: Seen
    generation: int = 0
    is_saved: bool = True

    @property
    def editor_key(self) -> str:
        return state.variant(Key.SCHEDULE_GRID, self.project_id, self.generation)

    def edit(self) -> PlanEdit:
        """
        Return what is typed as a schedule to compute.

        Raises:
            Invalid: Cells that cannot be read.
        """
        tasks = task_grid.tasks_of_rows(self.rows)
        return PlanEdit(tasks, self.wanted_on, self.earliest_on, self.template_code, self.template_name)


def current(view: ScheduleView) -> Work:
    """Return what is on the table for the project of *view*; begin with its draft, else with its baseline."""
    work: Work | None = state.get(Key.SCHEDULE_WORK)
    if work is None or work.project_id != view.project.id:
        work = begin(view)
    elif work.is_saved and work.seen != view.seen:
        work = begin(view, work.generation + 1)
    state.put(Key.SCHEDULE_WORK, work)
    return work


def begin(view: ScheduleView, generation: int = 0) -> Work:
    """Return the table as the store has it."""
    plan = view.draft or view.adopted
    project_id = view.project.id
    if plan is None:
        wanted = view.project.finish_planned_on
        day = wanted if wanted is not None and wanted > view.today else view.today + _USUAL_SPAN
        return Work(project_id, (), day, None, "", "", view.seen, generation)
    edit = plan.edit
    return Work(
        project_id,
        task_grid.rows_of_tasks(edit.tasks),
        edit.wanted_on,
        edit.earliest_on,
        edit.template_code,
        edit.template_name,
        view.seen,
        generation,
    )


def put(work: Work) -> None:
    """Lay a fresh editor over *work* at the next run."""
    state.put(Key.SCHEDULE_WORK, replace(work, generation=work.generation + 1))


def read_again(view: ScheduleView, work: Work) -> None:
    """Take the table from the store."""
    state.put(Key.SCHEDULE_WORK, begin(view, work.generation + 1))


def use_template(work: Work, template: ScheduleTemplate) -> None:
    """Put the tasks of *template* on the table."""
    rows = task_grid.rows_of_tasks(template.tasks)
    put(replace(work, rows=rows, template_code=template.code, template_name=template.name, is_saved=False))
