"""Random lives of matters: the machine beside a plain model; hypothesis shrinks, a seeded run covers the mass."""

import random
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.domain.matters.rules import DEFAULT
from core.domain.matters.words import Outcome, Satisfaction
from core.domain.terms import MatterKind
from tests.support.matter_model import ACTIONS, ANSWER, LEGAL, Play, random_given

HISTORIES = 10_000
FIRST_DAY = date(2026, 1, 1)


class Life(RuleBasedStateMachine):
    """Any action at any time: what the model forbids must be refused, what it allows must agree."""

    @initialize(kind=st.sampled_from(MatterKind), day=st.integers(0, 500))
    def begin(self, kind, day):
        self.play = Play(kind, FIRST_DAY + timedelta(days=day), DEFAULT)

    @rule(days=st.integers(1, 12))
    def wait(self, days):
        self.play.wait(days)

    @rule(
        action=st.sampled_from(ACTIONS),
        difficulty=st.sampled_from(list(ANSWER)),
        amount=st.sampled_from([None, 0, 4_999_999, 5_000_000]),
        outcome=st.sampled_from([word.value for word in Outcome]),
        conditions=st.sampled_from(["", "规划调整后"]),
        decision=st.sampled_from(["", "纪要8号"]),
        satisfaction=st.sampled_from([word.value for word in Satisfaction]),
        ahead=st.integers(-2, 40),
    )
    def act(self, action, ahead, **given):
        due = self.play.model.due or self.play.model.today
        self.play.step(action, {**given, "until": due + timedelta(days=ahead)})

    @invariant()
    def agrees(self):
        if hasattr(self, "play"):
            self.play.agree()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)


def test_ten_thousand_random_histories_agree_with_the_model():
    rng = random.Random(20261125)
    seen: set[tuple[str, str]] = set()
    ended = overdue = 0
    for _ in range(HISTORIES):
        play = Play(rng.choice(list(MatterKind)), FIRST_DAY + timedelta(days=rng.randrange(500)), DEFAULT)
        for _ in range(rng.randrange(8, 30)):
            if rng.random() < 0.25:
                play.wait(rng.choice([1, 1, 2, 3, 5, 20]))
            status = play.model.status
            likely = [action for action in ACTIONS if status in LEGAL[action]] or list(ACTIONS)
            action = rng.choice(likely if rng.random() < 0.9 else ACTIONS)
            if action == "merge" and rng.random() < 0.8:
                continue
            if play.step(action, random_given(rng, play)):
                seen.add((status, action))
        if play.model.ended:
            ended += 1
        else:
            play.wait(40)
            overdue += play.state.is_overdue(play.model.today)
    assert ended + overdue == HISTORIES
    assert min(ended, overdue) > HISTORIES // 10
    # every legal pair was really walked
    assert seen == {(status, action) for action, statuses in LEGAL.items() for status in statuses}
