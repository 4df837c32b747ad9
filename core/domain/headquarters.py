"""分指挥部 as fighting units: posts, the set-up checklist with its deadlines, how secondments end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.terms import Term

SOON_DAYS = 3  # a step of the set-up is named before it is late
ENDING_DAYS = 30  # a secondment is named so long before its end, time enough to extend it
MAX_STEPS = 40
MAX_NAME = 64
MAX_WORKDAYS = 365


class Post(Term):
    """What a member does in a headquarters (职务)."""

    COMMANDER = "commander", "指挥长"
    DEPUTY = "deputy", "副指挥长"
    LIAISON = "liaison", "联络员"
    SECONDED = "seconded", "抽调人员"
    MEMBER = "member", "成员"


class StepState(Term):
    """How one step of the set-up stands."""

    DONE = "done", "已完成"
    OPEN = "open", "进行中"
    DUE_SOON = "due_soon", "即将到期"
    OVERDUE = "overdue", "逾期"


class Presence(Term):
    """Where a member stands in his secondment (抽调)."""

    COMING = "coming", "未到岗"
    PRESENT = "present", "在岗"
    ENDING = "ending", "即将期满"
    ENDED = "ended", "已离岗"


@dataclass(frozen=True, slots=True)
class SetUpStep:
    """
    One step of the checklist as a rule.

    Attributes:
        code: Stable code.
        workdays: Working days from the founding of the headquarters.
        post: The step is done when somebody is appointed to this post; None = a person ticks it off.
    """

    code: str
    name: str
    workdays: int
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class SetUpList:
    """The checklist that a new headquarters begins with; a later version does not touch the ones under way."""

    name: str
    steps: tuple[SetUpStep, ...]


DEFAULT_SET_UP = SetUpList(
    "分指挥部组建清单",
    (
        SetUpStep("commander", "指挥长到位", 3, Post.COMMANDER),
        SetUpStep("deputy", "副指挥长到位", 3, Post.DEPUTY),
        SetUpStep("liaison", "联络员到位", 5, Post.LIAISON),
        SetUpStep("top_design", "顶层设计（总体方案）报批", 15),
        SetUpStep("rules", "工作制度印发", 10),
        SetUpStep("premises", "办公场所落实", 10),
        SetUpStep("secondment", "抽调人员到岗", 15, Post.SECONDED),
        SetUpStep("projects", "项目清单认领", 10),
        SetUpStep("first_meeting", "召开首次会议", 20),
    ),
)


@dataclass(frozen=True, slots=True)
class StepDates:
    """When a step of the set-up is due and when it was done; both are days of the local calendar."""

    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class SetUpStanding:
    """
    How the set-up of a headquarters stands.

    Attributes:
        overdue: Steps that are open past their day.
        due_on: The day the whole set-up is due: that of the latest open step; None = nothing is open.
        days_left: Calendar days to it, negative = late.
    """

    total: int
    done: int
    overdue: int
    due_on: date | None
    days_left: int | None

    @property
    def is_complete(self) -> bool:
        """Whether every step is done; a headquarters without a checklist is not being set up."""
        return self.done == self.total


def step_state(dates: StepDates, today: date) -> StepState:
    """Return how a step stands on *today*; its day itself is still in time."""
    if dates.done_on is not None:
        return StepState.DONE
    days = (dates.due_on - today).days
    if days < 0:
        return StepState.OVERDUE
    return StepState.DUE_SOON if days <= SOON_DAYS else StepState.OPEN


def set_up_standing(steps: Iterable[StepDates], today: date) -> SetUpStanding:
    """Return how a set-up stands on *today*."""
    known = tuple(steps)
    open_days = [step.due_on for step in known if step.done_on is None]
    due_on = max(open_days, default=None)
    return SetUpStanding(
        total=len(known),
        done=len(known) - len(open_days),
        overdue=sum(day < today for day in open_days),
        due_on=due_on,
        days_left=None if due_on is None else (due_on - today).days,
    )


def presence(from_on: date | None, to_on: date | None, today: date) -> Presence:
    """Return where a member stands on *today*; both days are inclusive, None = open on that side."""
    if from_on is not None and from_on > today:
        return Presence.COMING
    if to_on is None:
        return Presence.PRESENT
    days = (to_on - today).days
    if days < 0:
        return Presence.ENDED
    return Presence.ENDING if days <= ENDING_DAYS else Presence.PRESENT


def set_up_to_dict(rules: SetUpList) -> dict[str, Any]:
    """Return *rules* as plain values, as they are stored."""
    return asdict(rules)


def parse_set_up(body: Mapping[str, Any]) -> SetUpList:
    """
    Return the checklist that ``set_up_to_dict`` wrote.

    Raises:
        Invalid: No step, too many, a step without name, days out of range, a code twice; all problems at once.
    """
    rows: Sequence[Mapping[str, Any]] = tuple(body.get("steps", ()))
    problems = [] if 1 <= len(rows) <= MAX_STEPS else [_bad("steps", f"组建清单应有 1 到 {MAX_STEPS} 项。")]
    codes = [str(row.get("code", "")) for row in rows]
    if len(set(codes)) != len(codes):
        problems.append(_bad("code", "组建清单中有重复的事项，请删去多余的行。"))
    for number, row in enumerate(rows, start=1):
        problems += _row_problems(number, row)
    if problems:
        raise Invalid(problems)
    steps = tuple(_step(row) for row in rows)
    return SetUpList(str(body.get("name") or DEFAULT_SET_UP.name)[:MAX_NAME], steps)


def _row_problems(number: int, row: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if not 1 <= len(str(row.get("name", "")).strip()) <= MAX_NAME:
        problems.append(_bad("name", f"第 {number} 项的名称应为 1 到 {MAX_NAME} 个字。"))
    days = row.get("workdays")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MAX_WORKDAYS:
        problems.append(_bad("workdays", f"第 {number} 项的时限应为 1 到 {MAX_WORKDAYS} 个工作日。"))
    if row.get("post") not in (None, *(post.value for post in Post)):
        problems.append(_bad("post", f"第 {number} 项对应的职务不在可选范围内，请重新选择。"))
    return problems


def _step(row: Mapping[str, Any]) -> SetUpStep:
    post = row.get("post")
    return SetUpStep(str(row["code"]), str(row["name"]).strip(), int(row["workdays"]), Post(post) if post else None)


def _bad(field: str, message: str) -> Problem:
    return Problem(field, f"set_up_{field}", message)
