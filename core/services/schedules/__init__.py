"""Backward schedules (倒排工期): from the finish day back to a baseline. Others import from here only."""

from core.services.schedules.adopting import Adopted, Choice, adopt, proposal
from core.services.schedules.files import FORMS, FileForm, file_name, make_file
from core.services.schedules.plans import (
    MAX_FOUND,
    PlanEdit,
    ScheduleView,
    Seen,
    StoredPlan,
    can_draft,
    compute,
    find_projects,
    list_current,
    read_schedule,
    save_draft,
    what_if,
)
from core.services.schedules.templates import list_templates, save_template
from db.queries.schedules import PlanHead, PlanLine, ProjectHead, StoredTask

__all__ = [
    "FORMS",
    "MAX_FOUND",
    "Adopted",
    "Choice",
    "FileForm",
    "PlanEdit",
    "PlanHead",
    "PlanLine",
    "ProjectHead",
    "ScheduleView",
    "Seen",
    "StoredPlan",
    "StoredTask",
    "adopt",
    "can_draft",
    "compute",
    "file_name",
    "find_projects",
    "list_current",
    "list_templates",
    "make_file",
    "proposal",
    "read_schedule",
    "save_draft",
    "save_template",
    "what_if",
]
