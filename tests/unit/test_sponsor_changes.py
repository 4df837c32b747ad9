"""What changed since a leader's last visit: boundaries of the days, against a slow difference, and the words."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.domain.period import Month
from core.domain.sponsor_changes import (
    DatedFacts,
    EventFact,
    FlagFact,
    MoneyFact,
    MoveFact,
    NodeFact,
    ProblemFact,
    changes_since,
    wordings,
)
from core.domain.terms import FlagLevel, LifecycleKind

WENT = date(2026, 10, 10)
TODAY = date(2026, 11, 22)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def test_day_of_the_visit_is_seen_and_the_day_after_is_new() -> None:
    facts = DatedFacts(
        nodes=(NodeFact("桩基", day(10, 1), WENT), NodeFact("承台", day(10, 1), day(10, 11))),
        moves=(MoveFact("封顶", WENT, 30), MoveFact("封顶", TODAY, 15)),
        money=(MoneyFact(Month(2026, 9), WENT, 5), MoneyFact(Month(2026, 10), day(11, 3), 7)),
        problems=(ProblemFact("用地", WENT, None), ProblemFact("供电", day(10, 11), TODAY)),
        events=(EventFact(LifecycleKind.SUSPENDED, WENT), EventFact(LifecycleKind.RESUMED, day(11, 2))),
    )
    found = changes_since(facts, WENT, TODAY)
    assert [node.name for node in found.done] == ["承台"]
    assert [move.days for move in found.moved] == [15]
    assert found.done_yuan == 7
    assert [one.title for one in found.opened] == ["供电"]
    assert [one.title for one in found.closed] == ["供电"]
    assert [event.kind for event in found.events] == [LifecycleKind.RESUMED]


def test_node_is_newly_late_when_its_day_passed_between() -> None:
    nodes = tuple(NodeFact(str(d), d, None) for d in (day(10, 9), WENT, day(11, 21), TODAY))
    found = changes_since(DatedFacts(nodes=nodes), WENT, TODAY)
    assert [node.planned_on for node in found.late] == [WENT, day(11, 21)]


def test_flag_moves_from_the_round_before_the_visit_to_the_latest() -> None:
    flags = (
        FlagFact(day(11, 15), FlagLevel.SEVERE),
        FlagFact(day(9, 15), FlagLevel.OK),
        FlagFact(day(7, 15), FlagLevel.WARN),
    )
    assert changes_since(DatedFacts(flags), WENT, TODAY).flag == (FlagLevel.OK, FlagLevel.SEVERE)
    assert changes_since(DatedFacts(flags), day(11, 15), TODAY).flag is None
    assert changes_since(DatedFacts(flags), day(1, 1), TODAY).flag == (None, FlagLevel.SEVERE)
    assert changes_since(DatedFacts(), WENT, TODAY).flag is None


def test_words_name_three_and_count_the_rest() -> None:
    facts = DatedFacts(
        flags=(FlagFact(day(9, 15), FlagLevel.OK), FlagFact(day(11, 15), FlagLevel.SEVERE)),
        nodes=tuple(NodeFact(f"第{n}跨", day(10, 20), day(10, 20 + n)) for n in range(1, 5)),
        moves=(MoveFact("合龙", day(11, 1), 30),),
        money=(MoneyFact(Month(2026, 10), day(11, 3), 120_000_000),),
        events=(EventFact(LifecycleKind.RESUMED, day(11, 2)),),
    )
    assert wordings(changes_since(facts, WENT, TODAY)) == (
        "旗色 ● 绿 → ■ 红",
        "11月2日登记复工",
        "完成节点 4 个：第1跨、第2跨、第3跨 等",
        "调整节点 1 次：合龙推迟 30 天",
        "新报完成投资 12,000 万元",
    )


def test_nothing_new_has_no_words() -> None:
    assert wordings(changes_since(DatedFacts(), WENT, TODAY)) == ()


_days = st.dates(date(2026, 9, 1), date(2026, 12, 31))
_facts = st.builds(
    DatedFacts,
    flags=st.lists(st.builds(FlagFact, _days, st.sampled_from(FlagLevel)), max_size=4, unique_by=lambda f: f.on).map(
        tuple
    ),
    nodes=st.lists(st.builds(NodeFact, st.sampled_from("甲乙丙"), _days, st.none() | _days), max_size=5).map(tuple),
    money=st.lists(st.builds(MoneyFact, st.just(Month(2026, 9)), _days, st.integers(0, 9)), max_size=4).map(tuple),
    problems=st.lists(st.builds(ProblemFact, st.sampled_from("甲乙"), _days, st.none() | _days), max_size=4).map(tuple),
)


@given(_facts, _days, _days)
def test_difference_is_what_two_slow_pictures_differ_by(facts, since, until) -> None:
    """The state as it was on each of the two days, written down whole; then what stands in one picture only."""
    if until < since:
        since, until = until, since
    found = changes_since(facts, since, until)

    def picture(on: date):
        level = None
        for fact in sorted(facts.flags, key=lambda f: f.on):
            if fact.on <= on:
                level = fact.level
        done = [n for n in facts.nodes if n.actual_on is not None and n.actual_on <= on]
        late = [n for n in facts.nodes if n.actual_on is None and n.planned_on < on]
        money = [fact for fact in facts.money if fact.on <= on]
        return level, done, late, money, [p for p in facts.problems if p.raised_on <= on]

    then, now = picture(since), picture(until)
    assert (found.flag is not None) == (now[0] is not None and now[0] != then[0])
    assert len(found.done) == len(now[1]) - len(then[1])
    assert len(found.late) == len(now[2]) - len(then[2])
    assert (found.done_yuan or 0) == sum(f.done_yuan for f in now[3]) - sum(f.done_yuan for f in then[3])
    assert len(found.opened) == len(now[4]) - len(then[4])
