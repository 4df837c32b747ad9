"""A matter retold plainly: a table of legal steps and hand-listed working days, without the product's machine.

``PlainMatter.can`` says whether a step is legal today, ``PlainMatter.take`` takes it. ``play`` takes a random step on
machine and model and stops at the first difference.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from core.domain.errors import Invalid
from core.domain.matters import lapses, machine
from core.domain.matters.rules import MatterRules
from core.domain.matters.state import Clock, MatterState
from core.domain.matters.words import Difficulty, MatterLevel, Outcome, Satisfaction
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import WorkCalendar

DAY = timedelta(days=1)


def span(*ends: str) -> set[date]:
    first, last = date.fromisoformat(ends[0]), date.fromisoformat(ends[-1])
    return {first + DAY * step for step in range((last - first).days + 1)}


# State Council notice for 2026; for 2027 nothing is published: statutory days, those on a week-end given
# back on the next weekdays (补假), no week-end worked.
OFF = (
    span("2026-01-01", "2026-01-03") | span("2026-02-15", "2026-02-23") | span("2026-04-04", "2026-04-06")
    | span("2026-05-01", "2026-05-05") | span("2026-06-19", "2026-06-21") | span("2026-09-25", "2026-09-27")
    | span("2026-10-01", "2026-10-07") | span("2027-01-01") | span("2027-02-05", "2027-02-10") | span("2027-04-05")
    | span("2027-05-01", "2027-05-04") | span("2027-06-09") | span("2027-09-15") | span("2027-10-01", "2027-10-05")
)  # fmt: skip
WORKED = {
    date.fromisoformat(day)
    for day in ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
}


def works(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def after(start: date, days: int) -> date:
    day = start
    while days:
        day += DAY
        days -= works(day)
    while not works(day):
        day += DAY
    return day


def between(start: date, end: date) -> int:
    if end < start:
        return -between(end, start)
    return sum(works(start + DAY * step) for step in range(1, (end - start).days + 1))


ANSWER = {"simple": 3, "ordinary": 5, "complex": 7, "hard": 15}
SIGNED = {"problem", "policy", "suggestion", "decision_request", "supervision"}
OBJECTABLE = {"problem", "policy", "suggestion", "decision_request"}
VISITED = {"problem", "suggestion"}
# step → states in which it may be taken
LEGAL = {
    "classify": {"registered"},
    "assign": {"classified", "objected", "escalated"},
    "sign_for": {"assigned"},
    "object_": {"assigned"},
    "report_progress": {"in_progress", "escalated"},
    "reply": {"in_progress", "escalated"},
    "resolve": {"replied"},
    "record_satisfaction": {"resolved"},
    "close_out": {"resolved"},
    "redo": {"resolved"},
    "escalate": {"assigned", "objected", "in_progress", "escalated"},
    "request_extension": {"assigned", "in_progress", "escalated"},
    "grant_extension": {"assigned", "in_progress", "escalated"},
    "refuse_extension": {"assigned", "in_progress", "escalated"},
    "merge": {"registered", "classified", "assigned", "objected", "in_progress", "escalated"},
}
ACTIONS = tuple(LEGAL)


@dataclass
class PlainMatter:
    kind: str
    today: date
    status: str = "registered"
    level: int = 0
    difficulty: str = "ordinary"
    due: date | None = None
    step: date | None = None
    assigned: date | None = None
    first: date | None = None
    told: bool = False
    result: date | None = None
    asked: date | None = None
    extended: int = 0
    redone: int = 0
    content: str = ""
    presses: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.step = after(self.today, 0)

    @property
    def ended(self) -> bool:
        return self.status in ("closed_out", "merged")

    def can(self, action: str, given: dict[str, Any]) -> bool:
        if self.status not in LEGAL[action]:
            return False
        check = getattr(self, f"_can_{action}", None)
        return check is None or check(given)

    def _can_classify(self, given: dict[str, Any]) -> bool:
        return self.kind != "decision_request" or given["amount"] is not None

    def _can_object_(self, given: dict[str, Any]) -> bool:
        return self.kind in OBJECTABLE and self.today <= after(self.assigned, 1)

    def _can_reply(self, given: dict[str, Any]) -> bool:
        return self.told

    def _can_resolve(self, given: dict[str, Any]) -> bool:
        return not (given["outcome"] == "unsolvable" and not given["conditions"]) and (
            self.level < 3 or bool(given["decision"])
        )

    def _can_record_satisfaction(self, given: dict[str, Any]) -> bool:
        return self.kind in VISITED

    def _can_close_out(self, given: dict[str, Any]) -> bool:
        if self.kind not in VISITED:
            return True
        return self.content != "" and (self.content != "dissatisfied" or self.redone >= 1)

    def _can_escalate(self, given: dict[str, Any]) -> bool:
        return self.level < 3

    def _can_request_extension(self, given: dict[str, Any]) -> bool:
        asked_ahead = between(self.today, self.due) >= 1
        return self.asked is None and self.extended < 2 and asked_ahead and self._until(given)

    def _can_grant_extension(self, given: dict[str, Any]) -> bool:
        return self.asked is not None and self._until(given) and given["until"] >= self.today

    def _can_refuse_extension(self, given: dict[str, Any]) -> bool:
        return self.asked is not None

    def _until(self, given: dict[str, Any]) -> bool:
        return self.due < given["until"] <= after(self.due, 15)

    def take(self, action: str, given: dict[str, Any]) -> None:
        getattr(self, f"_{action}")(given)

    def _classify(self, given: dict[str, Any]) -> None:
        self.status, self.difficulty, self.step = "classified", given["difficulty"], after(self.today, 1)
        if self.kind == "decision_request" and given["amount"] >= 5_000_000:
            self.level = 3

    def _start(self) -> None:
        self.assigned, self.due = self.today, after(self.today, ANSWER[self.difficulty])
        self.first, self.told, self.asked = after(self.today, 2), False, None
        self.result, self.presses = after(self.due, 2), []

    def _assign(self, given: dict[str, Any]) -> None:
        self._start()
        self.status = "assigned"
        self.step = min(self.due, after(self.today, 1))
        if self.kind not in SIGNED:
            self.status, self.step = "in_progress", min(self.due, self.first)

    def _sign_for(self, given: dict[str, Any]) -> None:
        self.status = "in_progress"
        self._go_on()

    def _object_(self, given: dict[str, Any]) -> None:
        self.status, self.step, self.asked, self.presses = "objected", after(self.today, 1), None, []

    def _go_on(self) -> None:
        step = self.due if self.told or self.first is None else min(self.due, self.first)
        if step != self.step:
            self.presses = []
        self.step = step

    def _report_progress(self, given: dict[str, Any]) -> None:
        self.told = True
        self._go_on()

    def _reply(self, given: dict[str, Any]) -> None:
        self.status, self.asked, self.presses = "replied", None, []
        if self.result < self.today:
            self.result = after(self.today, 2)
        self.step = self.result

    def _resolve(self, given: dict[str, Any]) -> None:
        self.status, self.content = "resolved", ""
        self.step = after(self.today, 3 if self.kind in VISITED else 2)

    def _record_satisfaction(self, given: dict[str, Any]) -> None:
        self.content, self.step = given["satisfaction"], after(self.today, 2)

    def _close_out(self, given: dict[str, Any]) -> None:
        self.status, self.step = "closed_out", None

    def _redo(self, given: dict[str, Any]) -> None:
        self._start()
        self.status, self.redone = "in_progress", self.redone + 1
        self.step = min(self.due, self.first)

    def _escalate(self, given: dict[str, Any]) -> None:
        self.level, self.asked = self.level + 1, None
        if self.status == "objected":
            self.step, self.presses = None, []
        self.status = "escalated"
        self._go_on()

    def _request_extension(self, given: dict[str, Any]) -> None:
        self.asked = given["until"]

    def _grant_extension(self, given: dict[str, Any]) -> None:
        self.due, self.asked, self.extended = given["until"], None, self.extended + 1
        self.result = after(self.due, 2)
        if self.status != "assigned":
            self._go_on()

    def _refuse_extension(self, given: dict[str, Any]) -> None:
        self.asked = None

    def _merge(self, given: dict[str, Any]) -> None:
        self.status, self.step, self.asked = "merged", None, None

    def wait(self, days: int) -> None:
        """Days pass; a lapsed step of the unit is pressed at once and once more three working days later."""
        for _ in range(days):
            self.today += DAY
            owed_by_unit = self.status in ("assigned", "in_progress", "escalated", "replied")
            if owed_by_unit and self.asked is None:
                due = [self.step, after(self.step, 3)]
                self.presses = [day for day in due if day < self.today]


class Play:
    """Machine and model side by side."""

    def __init__(self, kind: MatterKind, today: date, rules: MatterRules) -> None:
        self.rules, self.calendar = rules, WorkCalendar()
        self.model = PlainMatter(kind.value, today)
        self.state: MatterState = machine.raise_(kind, MatterLevel.COUNTY, None, self.clock)
        self.other: MatterState = self.state
        self.agree()

    @property
    def clock(self) -> Clock:
        return Clock(self.model.today, self.calendar, self.rules)

    def wait(self, days: int) -> None:
        """One sweep at the end of the days must give what the model's daily ones gave."""
        self.model.wait(days)
        self.state, _ = lapses.press_lapsed(self.state, self.clock)
        self.agree()

    def step(self, action: str, given: dict[str, Any]) -> bool:
        """Take *action* on both; return whether it was legal."""
        legal = self.model.can(action, given)
        try:
            following = self._act(action, given)
        except Invalid:
            assert not legal, f"refused although legal: {action} in {self.model}"
            return False
        assert legal, f"taken although illegal: {action} in {self.model}"
        self.state = following
        self.model.take(action, given)
        self.agree()
        return True

    def _act(self, action: str, given: dict[str, Any]) -> MatterState:
        state, clock = self.state, self.clock
        if action == "classify":
            return machine.classify(state, Difficulty(given["difficulty"]), given["amount"], clock)
        if action == "assign":
            return machine.assign(state, None, clock)
        if action == "resolve":
            return machine.resolve(state, Outcome(given["outcome"]), given["conditions"], given["decision"], clock)
        if action == "record_satisfaction":
            return machine.record_satisfaction(state, Satisfaction(given["satisfaction"]), clock)
        if action == "merge":
            return machine.merge(state, 7, self.other, clock)
        if action in ("request_extension", "grant_extension"):
            return getattr(lapses, action)(state, given["until"], clock)
        if action == "refuse_extension":
            return lapses.refuse_extension(state)
        return getattr(machine, action)(state, clock)

    def agree(self) -> None:
        state, model = self.state, self.model
        found = (state.status.value, state.next_due_on, list(MatterLevel).index(state.level), state.is_open)
        assert found == (model.status, model.step, model.level, not model.ended), model
        assert (state.extension_to, state.extended_times, state.redo_times) == (
            model.asked,
            model.extended,
            model.redone,
        ), (state, model)
        # Every item ends or has a clock that will be overdue.
        assert (state.next_due_on is None) == model.ended
        if not model.ended and state.status not in (MatterStatus.REGISTERED, MatterStatus.CLASSIFIED):
            assert state.due_on == model.due, (state, model)
        if model.asked is None and model.status in ("assigned", "in_progress", "escalated", "replied"):
            assert state.pressed_times == len(model.presses), model


def random_given(rng: random.Random, play: Play) -> dict[str, Any]:
    """Values for any action, mostly sensible ones."""
    due = play.model.due or play.model.today
    return {
        "difficulty": rng.choice(list(ANSWER)),
        "amount": rng.choice([None, 0, 4_999_999, 5_000_000, 9_000_000]),
        "outcome": rng.choice([outcome.value for outcome in Outcome]),
        "conditions": rng.choice(["", "指标下达后即可办理"]),
        "decision": rng.choice(["", "会议纪要〔2026〕8号"]),
        "satisfaction": rng.choice([word.value for word in Satisfaction]),
        "until": due + DAY * rng.choice([-1, 0, 1, 5, 12, 40]),
    }
