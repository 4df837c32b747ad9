"""A project's life: which event moves which stage, and the seven-step chain (一项目一链条) drawn from dated facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.errors import Invalid, Problem
from core.domain.terms import LifecycleKind, Stage, Term

_EARLY = (Stage.IDEA, Stage.RESERVE, Stage.PREPARATION)
_BUILT = (Stage.COMPLETED, Stage.COMMISSIONED, Stage.FULL_CAPACITY)
_ALIVE = (*_EARLY, Stage.CONSTRUCTION, Stage.SUSPENDED, *_BUILT)


def _rows(kind: LifecycleKind, stages: tuple[Stage, ...], to: Stage | None) -> dict[tuple[Stage, LifecycleKind], Stage]:
    return {(stage, kind): to or stage for stage in stages}


# (stage, event) → stage; what is absent is refused. None keeps the stage: the fact is recorded, the stage stands.
TRANSITIONS: dict[tuple[Stage, LifecycleKind], Stage] = {
    **_rows(LifecycleKind.PROPOSED, (Stage.IDEA,), None),
    **_rows(LifecycleKind.RESERVED, (Stage.IDEA, Stage.RESERVE, Stage.WITHDRAWN), Stage.RESERVE),
    **_rows(LifecycleKind.SIGNED, _EARLY, None),
    **_rows(LifecycleKind.FULFILLED, _EARLY, None),
    **_rows(LifecycleKind.LANDED, (Stage.RESERVE, Stage.PREPARATION), Stage.PREPARATION),
    **_rows(LifecycleKind.REVIEWED, (Stage.RESERVE, Stage.PREPARATION), Stage.PREPARATION),
    **_rows(LifecycleKind.LAND_GRANTED, (Stage.RESERVE, Stage.PREPARATION), Stage.PREPARATION),
    # Papers that catch up with the works are recorded; the stage does not go back.
    **_rows(LifecycleKind.LANDED, (Stage.CONSTRUCTION, Stage.SUSPENDED), None),
    **_rows(LifecycleKind.REVIEWED, (Stage.CONSTRUCTION, Stage.SUSPENDED), None),
    **_rows(LifecycleKind.LAND_GRANTED, (Stage.CONSTRUCTION, Stage.SUSPENDED), None),
    **_rows(LifecycleKind.STARTED, (Stage.RESERVE, Stage.PREPARATION), Stage.CONSTRUCTION),
    **_rows(LifecycleKind.SUSPENDED, (Stage.CONSTRUCTION,), Stage.SUSPENDED),
    **_rows(LifecycleKind.RESUMED, (Stage.SUSPENDED,), Stage.CONSTRUCTION),
    **_rows(LifecycleKind.COMPLETED, (Stage.CONSTRUCTION,), Stage.COMPLETED),
    # 投产 may come before 竣工 (main works producing, auxiliary works unfinished).
    **_rows(LifecycleKind.COMPLETED, (Stage.COMMISSIONED, Stage.FULL_CAPACITY), None),
    **_rows(LifecycleKind.COMMISSIONED, (Stage.CONSTRUCTION, Stage.COMPLETED), Stage.COMMISSIONED),
    **_rows(LifecycleKind.FULL_CAPACITY, (Stage.COMMISSIONED,), Stage.FULL_CAPACITY),
    **_rows(LifecycleKind.PER_MU_ASSESSED, _BUILT, None),
    **_rows(LifecycleKind.CREDIT_ASSESSED, (Stage.CONSTRUCTION, Stage.SUSPENDED, *_BUILT), None),
    **_rows(LifecycleKind.ENTERED_STATISTICS, (Stage.CONSTRUCTION, Stage.SUSPENDED, *_BUILT), None),
    **_rows(LifecycleKind.WITHDRAWN, _ALIVE, Stage.WITHDRAWN),
    **_rows(LifecycleKind.TERMINATED, (*_ALIVE, Stage.WITHDRAWN), Stage.TERMINATED),
    **_rows(LifecycleKind.MERGED, (*_ALIVE, Stage.WITHDRAWN), Stage.MERGED),
}


def next_stage(stage: Stage, event: LifecycleKind) -> Stage:
    """
    Return the stage after *event*.

    Raises:
        Invalid: The event is not possible in *stage*; the message names the stages in which it is.
    """
    following = TRANSITIONS.get((stage, event))
    if following is not None:
        return following
    fitting = "、".join(known.label for known in Stage if (known, event) in TRANSITIONS)
    message = f"项目当前为“{stage.label}”，不能登记“{event.label}”；该事项适用于：{fitting}。请核对项目状态。"
    raise Invalid([Problem("kind", "stage_transition", message)])


class StepState(Term):
    """Where a step of the chain stands."""

    DONE = "done", "已完成"
    CURRENT = "current", "进行中"
    TODO = "todo", "未开始"


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain; *on* is the day it was reached (or begun, while current), None when not recorded."""

    label: str
    on: date | None
    state: StepState


# Label, events that finish the step (earliest counts), event that begins it.
CHAIN: tuple[tuple[str, tuple[LifecycleKind, ...], LifecycleKind | None], ...] = (
    ("储备手册", (LifecycleKind.RESERVED,), LifecycleKind.PROPOSED),
    ("落地地图", (LifecycleKind.LANDED,), None),
    ("多图联审", (LifecycleKind.REVIEWED,), None),
    ("标准地出让", (LifecycleKind.LAND_GRANTED,), None),
    ("帮包服务·建设", (LifecycleKind.COMPLETED, LifecycleKind.COMMISSIONED), LifecycleKind.STARTED),
    ("亩产效益", (LifecycleKind.PER_MU_ASSESSED,), None),
    ("信用与风险", (LifecycleKind.CREDIT_ASSESSED,), None),
)
_BUILDING_STEP = 4
_ENDED = (Stage.WITHDRAWN, Stage.TERMINATED, Stage.MERGED)
# Steps that a stage proves to be behind the project even where no date was recorded.
_PROVEN = {
    Stage.PREPARATION: 1,
    Stage.CONSTRUCTION: _BUILDING_STEP,
    Stage.SUSPENDED: _BUILDING_STEP,
    **dict.fromkeys(_BUILT, _BUILDING_STEP + 1),
}


def chain(events: Mapping[LifecycleKind, date], stage: Stage) -> tuple[ChainStep, ...]:
    """
    Return the seven steps with dates and states.

    A step is done when its event is dated or the stage proves it; a step passed over by a later one counts as done
    without a date, except the two assessments at the end, which stand only by their own dates. The first step that is
    not done is current, unless the project has left (调出, 终止, 整合).
    """
    dates = [min((events[kind] for kind in kinds if kind in events), default=None) for _label, kinds, _begin in CHAIN]
    proven = _PROVEN.get(stage, 0)
    reached = max((number + 1 for number in range(_BUILDING_STEP + 1) if dates[number] is not None), default=0)
    passed = max(proven, reached)
    steps: list[ChainStep] = []
    current_given = stage in _ENDED
    for number, (label, _kinds, begin) in enumerate(CHAIN):
        if dates[number] is not None or number < passed:
            steps.append(ChainStep(label, dates[number], StepState.DONE))
        elif current_given:
            steps.append(ChainStep(label, None, StepState.TODO))
        else:
            current_given = True
            steps.append(ChainStep(label, events.get(begin) if begin else None, StepState.CURRENT))
    return tuple(steps)
