"""五个一, questions for the site, texts cut to their room."""

from datetime import date
from fractions import Fraction

import pytest

from core.domain.five_ones import MISSING, WANTED, five_ones
from core.domain.sponsor_questions import OpenNode, OpenProblem, Situation, questions
from core.domain.terms import AssignmentRole as Held
from core.domain.terms import Stage
from core.exporters.official.cutting import cut
from core.exporters.official.widths import chars_of

TODAY = date(2026, 11, 22)


def situation(**values) -> Situation:
    plain = {"stage": Stage.CONSTRUCTION, "start_planned_on": date(2026, 1, 1), "is_started": True, "gap_pp": None}
    return Situation(**{"today": TODAY, "nodes": (), "problems": ()} | plain | values)


def test_five_ones_name_who_is_missing() -> None:
    held = five_ones([(Held.CONTACT, "甲"), (Held.CONTACT, "甲"), (Held.CONTACT, "乙"), (Held.SERVICE_UNIT, "")])
    assert held.text(Held.CONTACT) == "甲、乙"
    assert held.text(Held.SERVICE_UNIT) == MISSING
    assert held.missing == WANTED[:-1]


def test_questions_press_standstill_then_lateness_then_money() -> None:
    asked = questions(
        situation(
            stage=Stage.SUSPENDED,
            gap_pp=Fraction(-25),
            nodes=[OpenNode("合龙", date(2026, 11, 1), 2), OpenNode("铺装", date(2026, 12, 1), 0)],
            problems=[OpenProblem("用地未批", "", date(2026, 11, 10)), OpenProblem("供电", "供电公司", None)],
            missing_months=(9, 10),
        ),
        20,
    )
    assert asked == (
        "停工原因是否已消除？何时复工，还缺什么条件？",
        "“用地未批”由未定单位办理，已逾期 12 天，卡在哪里？",
        "节点“合龙”（已调整 2 次）逾期 21 天，哪天能完成，如何追赶？",
        "欠序时 25.0 个百分点，本月能完成多少投资，差额怎样补上？",
        "9、10 月投资月报为何未报？",
        "“供电”办到哪一步，能否按期办结？",
        "节点“铺装”2026-12-01 到期，能否按期完成？",
        "质量安全责任、农民工工资和扬尘管控是否落实到位？",
    )


def test_questions_keep_the_last_place_for_safety() -> None:
    late = [OpenNode(f"节点{n}", date(2026, 11, 1), 0) for n in range(9)]
    assert [text[:2] for text in questions(situation(nodes=late), 3)] == ["节点", "节点", "质量"]
    assert len(questions(situation(), 4)) == 1


@pytest.mark.parametrize(
    ("due", "is_asked"), [(date(2026, 12, 22), True), (date(2026, 12, 23), False), (TODAY, True)], ids=str
)
def test_next_node_is_asked_for_within_thirty_days(due, is_asked) -> None:
    assert (len(questions(situation(nodes=[OpenNode("合龙", due, 0)]), 9)) == 2) is is_asked


def test_start_is_asked_for_when_its_day_passed() -> None:
    asked = questions(situation(is_started=False, start_planned_on=date(2026, 11, 21), stage=Stage.PREPARATION), 9)
    assert asked[0].startswith("计划 2026-11-21 开工至今未开工")
    assert len(questions(situation(is_started=False, start_planned_on=TODAY, stage=Stage.PREPARATION), 9)) == 1


@pytest.mark.parametrize(
    ("text", "chars", "expected"),
    [
        ("东湖大桥", 4, "东湖大桥"),
        ("东湖大桥", 3, "东湖…"),
        ("ab\n cd", 9, "ab cd"),
        ("abcdef", 3, "abcdef"),
        ("abcdefg", 3, "abcd…"),
    ],
)
def test_texts_are_cut_to_their_room(text, chars, expected) -> None:
    made = cut(text, chars)
    assert made == expected
    assert chars_of(made) <= chars
