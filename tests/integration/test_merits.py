"""Rewards and penalties: proposed by rule from what happened, recorded by a person, listed in scope; the notices."""

import io
import json
import zipfile
from datetime import date

import pytest
from docx import Document

from core.commands import build_parser
from core.domain.errors import Invalid, NotFound, PermissionDenied
from core.domain.rectification_rules import MeritRule, MeritTrigger, RectificationRules
from core.domain.supervision_terms import MeritKind, RectificationStep, SubjectKind
from core.domain.terms import FlagLevel
from core.services import merits, rectifications
from core.services.merits import NewMerit
from tests.factories import SYSTEM
from tests.support.rectifications import FlaggedCity, case_of, drive, flagged_city
from tests.support.rounds import make_decision, make_round

TODAY = date(2026, 11, 22)


@pytest.fixture
def city(store) -> FlaggedCity:
    return flagged_city(store)


def proposed(city: FlaggedCity) -> list[tuple[str, str, int, str]]:
    found = merits.proposals(city.supervisor, 2026)
    return [(item.subject, item.kind.value, item.points_tenths, item.reason) for item in found]


def record_first(city: FlaggedCity) -> None:
    item = merits.proposals(city.supervisor, 2026)[0]
    new = NewMerit(item.kind, item.subject_kind, item.subject_id, TODAY, item.reason, item.points_tenths)
    merits.record(city.supervisor, new)


def test_interview_is_proposed_for_the_unit_until_it_is_recorded(city: FlaggedCity) -> None:
    row = drive(city, city.red, RectificationStep.PLAN, TODAY)
    assert proposed(city) == []
    rectifications.interview(city.supervisor, row.id, "约谈局长", "", row.version)
    assert proposed(city) == [("市交通局", "interview", -10, "2026年被约谈 1 次")]
    record_first(city)
    assert proposed(city) == []
    rectifications.interview(city.supervisor, row.id, "再次约谈", "", row.version)
    assert proposed(city) == [("市交通局", "interview", -10, "2026年被约谈 2 次")]
    (listed,) = merits.list_year(city.unit_actor, 2026)
    assert (listed.subject, listed.points_tenths, listed.reason) == ("市交通局", -10, "2026年被约谈 1 次")
    assert merits.list_year(city.stranger, 2026) == ()
    assert merits.list_year(city.supervisor, 2025) == ()


def test_red_rounds_are_counted_once_each_whatever_the_projects(store, city: FlaggedCity) -> None:
    with store.transaction(SYSTEM) as tx:
        second = make_round(tx, 2)
        make_decision(tx, second, city.red, county_id=city.county, unit_id=city.unit)
        make_decision(tx, second, city.yellow, county_id=city.county, unit_id=city.unit)
        make_decision(tx, second, city.county, kind=SubjectKind.COUNTY, county_id=city.county)
    assert proposed(city) == [("市交通局", "criticism", -20, "2026年年度内红旗轮次 2 次")]


def test_raising_and_closing_in_time_follow_the_rules_in_force(city: FlaggedCity) -> None:
    rules = RectificationRules(
        merits=(
            MeritRule(MeritTrigger.RAISED, 1, MeritKind.REMINDER, -5),
            MeritRule(MeritTrigger.CLOSED_IN_TIME, 1, MeritKind.PRAISE, 10),
        )
    )
    rectifications.save_rules(city.supervisor, rules, "按督查室通知试行")
    drive(city, city.red, RectificationStep.CLOSED, TODAY)
    drive(city, city.yellow, RectificationStep.PLAN, TODAY)
    rectifications.sweep(city.supervisor, date(2026, 12, 1))
    assert proposed(city) == [
        ("东湖区", "reminder", -5, "2026年升级督办 1 次"),
        ("市交通局", "praise", 10, "2026年按期销号 1 次"),
    ]


def test_proposals_are_for_supervision(city: FlaggedCity) -> None:
    with pytest.raises(PermissionDenied):
        merits.proposals(city.own, 2026)


def test_merit_of_a_project_or_an_unknown_unit_is_not_found(city: FlaggedCity) -> None:
    for kind, key in ((SubjectKind.PROJECT, city.red), (SubjectKind.UNIT, 999)):
        with pytest.raises(NotFound):
            merits.record(city.supervisor, NewMerit(MeritKind.PRAISE, kind, key, TODAY, "表扬"))
    with pytest.raises(Invalid):
        merits.record(city.supervisor, NewMerit(MeritKind.PRAISE, SubjectKind.UNIT, city.unit, None, "表扬"))


def test_notice_prints_the_same_after_the_case_went_on_and_was_raised(city: FlaggedCity, clock) -> None:
    row = drive(city, city.yellow, RectificationStep.PLAN, TODAY)
    sent = rectifications.notices(city.own, [row.id])
    clock.advance(days=20)
    assert rectifications.read_case(city.own, row.id).card.row.case.level is FlagLevel.SEVERE
    assert rectifications.notices(city.own, [row.id]) == sent
    told = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(sent)).paragraphs)
    assert "关于“东湖隧道”的督办单" in told
    assert "请于2026年11月27日前报送整改方案" in told
    with pytest.raises(NotFound):
        rectifications.notices(city.stranger, [row.id])


def test_several_notices_come_as_files_named_by_their_codes(city: FlaggedCity) -> None:
    drive(city, city.red, RectificationStep.NOTICE, TODAY)
    ids = [case_of(city, key).id for key in (city.red, city.yellow)]
    packed = zipfile.ZipFile(io.BytesIO(rectifications.notices(city.supervisor, ids)))
    assert packed.namelist() == ["督〔2026〕1号.docx", "督〔2026〕2号.docx"]
    told = "\n".join(p.text for p in Document(io.BytesIO(packed.read("督〔2026〕1号.docx"))).paragraphs)
    assert "关于“东湖大桥”的督办函" in told
    assert "请于本件下发之日起 5 个工作日内报送整改方案" in told


def test_sweep_command_raises_once_and_says_how_many(city: FlaggedCity, clock, capsys) -> None:
    drive(city, city.yellow, RectificationStep.PLAN, TODAY)
    clock.advance(days=6)
    arguments = build_parser().parse_args(["supervision", "sweep", "--json"])
    assert arguments.handler(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {"day": "2026-11-28", "raised": 1}
    arguments = build_parser().parse_args(["supervision", "sweep"])
    assert arguments.handler(arguments) == 0
    assert "升级督办 0 件" in capsys.readouterr().out
