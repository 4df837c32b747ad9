"""What the two forms of Primavera have in common: plans with activities, baselines that are plans of their own."""

from collections import defaultdict
from dataclasses import dataclass

from core.importers.problems import ImportProblem, build_problem
from core.importers.schedules.shape import NOT_STATED, Schedule, Stated, Task

_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as the file writes it; a start milestone is dated by its start, everything else by its finish."""

    row: int
    code: str
    name: str
    wbs: str
    is_start: bool
    is_finish: bool
    percent: Stated
    plan_start: Stated
    plan_finish: Stated
    now_start: Stated
    now_finish: Stated
    actual_start: Stated
    actual_finish: Stated

    @property
    def plan(self) -> Stated:
        return _first(self.plan_start, self.plan_finish) if self.is_start else _first(self.plan_finish, self.plan_start)

    @property
    def forecast(self) -> Stated:
        return _first(self.now_start, self.now_finish) if self.is_start else _first(self.now_finish, self.now_start)

    @property
    def actual(self) -> Stated:
        return self.actual_start if self.is_start else self.actual_finish


@dataclass(frozen=True, slots=True)
class Wbs:
    """An element of the work breakdown; *parent* is the object above it, unknown at the top."""

    row: int
    parent: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """
    A project or one of its baselines.

    Attributes:
        baseline_of: Object of the project that this plan is a baseline of; empty = a project itself.
        current_baseline: Object of the baseline in force, as the project names it.
        wbs: Object → element, without the one that stands for the project itself.
    """

    object_id: str
    code: str
    name: str
    baseline_of: str
    current_baseline: str
    wbs: dict[str, Wbs]
    activities: list[Activity]


def _first(*stated: Stated) -> Stated:
    return next((one for one in stated if one.text), NOT_STATED)


def build_schedules(plans: list[Plan]) -> list[Schedule]:
    """Return the projects among *plans*, each with the days of its baseline beside the activities' own."""
    own = {plan.object_id for plan in plans if not plan.baseline_of}
    baselines: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        if plan.baseline_of:
            baselines[plan.baseline_of].append(plan)
    schedules = [_schedule(plan, baselines.get(plan.object_id, [])) for plan in plans if not plan.baseline_of]
    orphans = [plan for plan in plans if plan.baseline_of and plan.baseline_of not in own]
    # A baseline that came without its project is a plan like any other.
    return schedules + [_schedule(plan, []) for plan in orphans]


def _schedule(plan: Plan, baselines: list[Plan]) -> Schedule:
    names = tuple(dict.fromkeys(name for name in (plan.name, plan.code) if name))
    chosen, problems = _baseline_in_force(plan, baselines, names[0] if names else "")
    days = {row.code: row.plan for row in chosen.activities if row.plan.text} if chosen else {}
    paths = _Paths(plan.wbs)
    tasks = [_task(row, days, paths) for row in plan.activities]
    return Schedule(names, tasks + _summaries(plan, tasks, paths), problems)


def _baseline_in_force(plan: Plan, baselines: list[Plan], sheet: str) -> tuple[Plan | None, tuple[ImportProblem, ...]]:
    named = [baseline for baseline in baselines if baseline.object_id == plan.current_baseline]
    if named:
        return named[0], ()
    if len(baselines) <= 1:
        return (baselines[0] if baselines else None), ()
    shown = "、".join(baseline.name or baseline.code for baseline in baselines)
    return None, (build_problem("schedule_baseline_unknown", sheet[:100], value=shown),)


def _task(row: Activity, baseline_days: dict[str, Stated], paths: "_Paths") -> Task:
    wbs, level = paths.of(row.wbs)
    baseline = baseline_days.get(row.code)
    return Task(
        row=row.row,
        place=row.code or f"第{row.row}行",
        key=f"p6:{row.code}" if row.code else "",
        name=row.name,
        wbs=wbs,
        level=level,
        is_milestone=row.is_start or row.is_finish,
        is_summary=False,
        is_left_out=False,
        plan=row.plan,
        forecast=row.forecast,
        actual=row.actual,
        percent=row.percent,
        baselines={0: baseline} if baseline else {},
    )


def _summaries(plan: Plan, tasks: list[Task], paths: "_Paths") -> list[Task]:
    """Return each element of the breakdown as Primavera sums it up: done when all below is, dated by the last of it."""
    below: dict[str, list[Task]] = defaultdict(list)
    for row, task in zip(plan.activities, tasks, strict=True):
        for object_id in paths.chain(row.wbs):
            below[object_id].append(task)
    return [_summary(plan.wbs[object_id], *paths.of(object_id), held) for object_id, held in below.items()]


def _summary(wbs: Wbs, path: str, level: int, held: list[Task]) -> Task:
    baseline = _last([task.baselines[0] for task in held if task.baselines])
    is_done = all(task.actual.text for task in held)
    return Task(
        row=wbs.row,
        place=f"WBS {path}",
        key=f"p6:wbs:{path}",
        name=wbs.name,
        wbs=path,
        level=level,
        is_milestone=False,
        is_summary=True,
        is_left_out=False,
        plan=_last([task.plan for task in held]),
        forecast=_last([task.actual if task.actual.text else _first(task.forecast, task.plan) for task in held]),
        actual=_last([task.actual for task in held]) if is_done else NOT_STATED,
        baselines={0: baseline} if baseline.text else {},
    )


def _last(days: list[Stated]) -> Stated:
    """Return the latest day; one that is no day comes before all others, so that it is told and not passed over."""
    return max(days, key=lambda day: (bool(day.text) and not day.text[:4].isdecimal(), day.text), default=NOT_STATED)


class _Paths:
    """Codes of a work breakdown from the top down, each looked up once; a circle in the file ends somewhere."""

    def __init__(self, wbs: dict[str, Wbs]) -> None:
        self._wbs = wbs
        self._known: dict[str, tuple[str, int]] = {}

    def of(self, object_id: str) -> tuple[str, int]:
        """Return the path of *object_id* and its level from 1."""
        if object_id not in self._known:
            codes = [self._wbs[above].code for above in self.chain(object_id)]
            self._known[object_id] = ".".join(reversed(codes)), max(len(codes), 1)
        return self._known[object_id]

    def chain(self, object_id: str) -> list[str]:
        """Return *object_id* and every element above it, each once."""
        found: list[str] = []
        while object_id in self._wbs and object_id not in found and len(found) < _DEEPEST:
            found.append(object_id)
            object_id = self._wbs[object_id].parent
        return found
