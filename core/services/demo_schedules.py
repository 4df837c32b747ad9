"""The demo city's backward schedules: two adopted as the baseline, one that cannot be done in time and stays a draft.

Every step goes through the services, as an office would take it. Projects are found by the names of the demo's content;
a store without them gets no schedule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.permissions import Actor
from core.domain.schedule_templates import SHIPPED, ScheduleTemplate
from core.services import schedules
from core.services.schedules import Choice, PlanEdit, ScheduleView, Seen

_ROOM = timedelta(days=10)  # between the first possible finish and the one that is asked for
_FAR = timedelta(days=1500)
_TOO_SOON = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class _Case:
    """
    A project and its template.

    Attributes:
        nodes: Task → milestone of the project that it stands for; done ones are done in the schedule as well.
    """

    project: str
    template: str
    reason: str
    nodes: Mapping[str, str]


_ADOPTED = (
    _Case(
        "科创城国际学校",
        "building",
        "按科创城指挥部第 9 次调度会要求重新倒排",
        {
            "1": "可研批复",
            "2": "用地批复",
            "6": "施工许可",
            "8": "桩基完成",
            "9": "主体封顶",
            "11": "机电安装",
            "16": "竣工验收",
        },
    ),
    _Case(
        "智慧物流云仓",
        "standard_plant",
        "企业要求拿地即开工，经市重大项目办同意重新倒排",
        {
            "1": "可研批复",
            "2": "用地批复",
            "5": "施工许可",
            "6": "桩基完成",
            "7": "主体封顶",
            "9": "机电安装",
            "11": "竣工验收",
        },
    ),
)
_IMPOSSIBLE = _Case("可降解塑料生产基地", "industry", "招商提出的投产时间，初步测算排不下，待会商", {})


def create(supervisor: Actor) -> int:
    """Make the schedules and return how many there are now."""
    made = [_adopt(supervisor, case) for case in _ADOPTED]
    view = _view(supervisor, _IMPOSSIBLE)
    if view is not None:
        template = _template(_IMPOSSIBLE)
        edit = PlanEdit(template.tasks, view.today + _TOO_SOON, None, template.code, template.name)
        schedules.save_draft(supervisor, view.project.id, edit, _IMPOSSIBLE.reason, Seen())
    return sum(made) + (view is not None)


def _adopt(supervisor: Actor, case: _Case) -> bool:
    view = _view(supervisor, case)
    if view is None:
        return False
    edit = _edit(view, case)
    far = schedules.compute(supervisor, replace(edit, wanted_on=view.today + _FAR))
    edit = replace(edit, wanted_on=(far.feasible_on or far.finish_on) + _ROOM)
    plan_id = schedules.save_draft(supervisor, view.project.id, edit, case.reason, Seen())
    ids = {node.name: node.id for node in view.nodes}
    chosen = {code: ids[name] for code, name in case.nodes.items() if name in ids}
    lines = schedules.proposal(supervisor, plan_id, chosen, every_task=False)
    choices = [
        Choice(line.row.task.code, line.node.id if line.node else None, line.node.version if line.node else None)
        for line in lines
    ]
    schedules.adopt(supervisor, plan_id, choices, case.reason, expected_version=1)
    return True


def _edit(view: ScheduleView, case: _Case) -> PlanEdit:
    """Return the template with what is done in the project; the wanted finish is set afterwards."""
    template = _template(case)
    done = {node.name: node.actual_on for node in view.nodes}
    tasks = tuple(replace(task, done_on=done.get(case.nodes.get(task.code, ""))) for task in template.tasks)
    return PlanEdit(tasks, view.today, None, template.code, template.name)


def _template(case: _Case) -> ScheduleTemplate:
    return next(template for template in SHIPPED if template.code == case.template)


def _view(supervisor: Actor, case: _Case) -> ScheduleView | None:
    found = [head for head in schedules.find_projects(supervisor, case.project) if head.name == case.project]
    return schedules.read_schedule(supervisor, found[0].id) if found else None
