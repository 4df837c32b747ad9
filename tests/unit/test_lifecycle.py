"""Stages move only along the table; the seven-step chain is drawn from dated facts."""

from datetime import date

import pytest

from core.domain.errors import Invalid
from core.domain.lifecycle import TRANSITIONS, StepState, chain, next_stage
from core.domain.terms import LifecycleKind, Stage


def test_the_usual_life() -> None:
    stage = Stage.IDEA
    walked = []
    for event in (
        LifecycleKind.RESERVED,
        LifecycleKind.SIGNED,
        LifecycleKind.LANDED,
        LifecycleKind.REVIEWED,
        LifecycleKind.LAND_GRANTED,
        LifecycleKind.STARTED,
        LifecycleKind.SUSPENDED,
        LifecycleKind.RESUMED,
        LifecycleKind.ENTERED_STATISTICS,
        LifecycleKind.COMPLETED,
        LifecycleKind.COMMISSIONED,
        LifecycleKind.FULL_CAPACITY,
        LifecycleKind.PER_MU_ASSESSED,
    ):
        stage = next_stage(stage, event)
        walked.append(stage.value)
    assert walked == [
        "reserve",
        "reserve",
        "preparation",
        "preparation",
        "preparation",
        "construction",
        "suspended",
        "construction",
        "construction",
        "completed",
        "commissioned",
        "full_capacity",
        "full_capacity",
    ]


@pytest.mark.parametrize(
    ("stage", "event"),
    [
        (Stage.IDEA, LifecycleKind.STARTED),
        (Stage.PREPARATION, LifecycleKind.SUSPENDED),
        (Stage.SUSPENDED, LifecycleKind.COMPLETED),
        (Stage.CONSTRUCTION, LifecycleKind.STARTED),
        (Stage.CONSTRUCTION, LifecycleKind.FULL_CAPACITY),
        (Stage.TERMINATED, LifecycleKind.STARTED),
        (Stage.MERGED, LifecycleKind.WITHDRAWN),
    ],
    ids=lambda term: term.value,
)
def test_impossible_events_are_refused_in_chinese(stage: Stage, event: LifecycleKind) -> None:
    with pytest.raises(Invalid) as refused:
        next_stage(stage, event)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("kind", "stage_transition")
    assert f"“{stage.label}”" in problem.message
    assert f"“{event.label}”" in problem.message


def test_refusal_names_where_the_event_fits() -> None:
    with pytest.raises(Invalid, match="适用于：停工。"):
        next_stage(Stage.CONSTRUCTION, LifecycleKind.RESUMED)


def test_withdrawn_may_return_terminated_may_not() -> None:
    assert next_stage(Stage.WITHDRAWN, LifecycleKind.RESERVED) is Stage.RESERVE
    assert not any(stage in {Stage.TERMINATED, Stage.MERGED} for stage, _event in TRANSITIONS)


def test_every_event_has_a_place_and_every_stage_can_be_reached() -> None:
    assert {event for _stage, event in TRANSITIONS} == set(LifecycleKind)
    assert set(TRANSITIONS.values()) == set(Stage)


def states(events: dict[LifecycleKind, date], stage: Stage) -> str:
    letters = {StepState.DONE: "d", StepState.CURRENT: "c", StepState.TODO: "-"}
    return "".join(letters[step.state] for step in chain(events, stage))


DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("events", "stage", "expected"),
    [
        pytest.param({}, Stage.IDEA, "c------", id="idea"),
        pytest.param({LifecycleKind.RESERVED: DAY}, Stage.RESERVE, "dc-----", id="reserve"),
        pytest.param(
            {LifecycleKind.RESERVED: DAY, LifecycleKind.REVIEWED: DAY},
            Stage.PREPARATION,
            "dddc---",
            id="step passed over",
        ),
        pytest.param({LifecycleKind.STARTED: DAY}, Stage.CONSTRUCTION, "ddddc--", id="building"),
        pytest.param({}, Stage.SUSPENDED, "ddddc--", id="stage proves the steps before"),
        pytest.param({LifecycleKind.COMPLETED: DAY}, Stage.COMPLETED, "dddddc-", id="completed"),
        pytest.param({LifecycleKind.CREDIT_ASSESSED: DAY}, Stage.CONSTRUCTION, "ddddc-d", id="assessed while building"),
        pytest.param(
            {LifecycleKind.PER_MU_ASSESSED: DAY, LifecycleKind.CREDIT_ASSESSED: DAY},
            Stage.FULL_CAPACITY,
            "ddddddd",
            id="whole chain",
        ),
        pytest.param({LifecycleKind.RESERVED: DAY}, Stage.WITHDRAWN, "d------", id="withdrawn has no current step"),
    ],
)
def test_chain_states(events: dict[LifecycleKind, date], stage: Stage, expected: str) -> None:
    assert states(events, stage) == expected


def test_chain_dates() -> None:
    events = {
        LifecycleKind.RESERVED: date(2025, 3, 1),
        LifecycleKind.STARTED: date(2025, 9, 1),
        LifecycleKind.COMPLETED: date(2026, 9, 1),
        LifecycleKind.COMMISSIONED: date(2026, 8, 1),
    }
    building = chain({kind: events[kind] for kind in list(events)[:2]}, Stage.CONSTRUCTION)
    assert [step.label for step in building] == [
        "储备手册",
        "落地地图",
        "多图联审",
        "标准地出让",
        "帮包服务·建设",
        "亩产效益",
        "信用与风险",
    ]
    assert (building[0].on, building[1].on, building[4].on) == (date(2025, 3, 1), None, date(2025, 9, 1))
    assert chain(events, Stage.COMMISSIONED)[4].on == date(2026, 8, 1)
