"""The demo city's supervision so far: bi-monthly rounds of the year, published when they were due, and what followed.

Every step goes through the services, as an office would take it; only the clock is set back to the day of the step.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from core.domain.period import AsOf, Month, as_of_day
from core.domain.permissions import Actor
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import RectificationStep, SubjectKind
from core.domain.terms import FlagLevel, Role
from core.services import figures, rectifications, rounds
from core.services.demo_clock import on_day
from core.services.rectifications import CaseFilter, CaseRow, SiteVisit, Upload
from core.services.rounds import DecisionFilter, NewRound, OverrideProposal
from core.settings import Settings
from db.seed.photos import site_photo
from db.session import Store, current_store

MONTHS_PER_ROUND = 2
WAIT = timedelta(days=2)  # from the reporting deadline to the cut-off
_PLAN = "一、明确专人负责，倒排工期；二、增加作业面和机械设备；三、每周向指挥部报告进展。"
_FEEDBACK = "已按方案增加作业面，滞后节点已完成，投资进度恢复到序时要求，佐证材料附后。"


def create(supervisor: Actor, leader: Actor) -> int:
    """
    Publish the rounds of the year that are due by today, follow their flags, and return how many rounds there are.

    Args:
        supervisor: Runs the rounds and verifies.
        leader: Approves what the supervisor proposes.
    """
    store = current_store()
    settings = store.settings
    windows = list(due_windows(store.as_of(), settings))
    for number, window in enumerate(windows, start=1):
        with on_day(store, window.cut_off_on):
            round_id = _publish(supervisor, leader, window, number)
            rectifications.open_for_round(supervisor, round_id)
        _follow(store, supervisor, window.cut_off_on, is_last=number == len(windows))
    figures.version()
    return len(windows)


def due_windows(as_of: AsOf, settings: Settings) -> Iterator[RoundWindow]:
    """Yield the two-month windows of the year whose cut-off has come, first to last."""
    for last in range(MONTHS_PER_ROUND, as_of.month.number + 1, MONTHS_PER_ROUND):
        month = Month(as_of.year, last)
        cut_off = _reported_on(month, settings) + WAIT
        if cut_off <= as_of.on:
            yield RoundWindow(month.shift(1 - MONTHS_PER_ROUND), month, cut_off)


def _reported_on(month: Month, settings: Settings) -> date:
    """Return the first day on which *month* is the last month whose reports are due."""
    day = month.first_day
    while as_of_day(day, settings.report_due_day, settings.report_due_next_month).month != month:
        day += timedelta(days=1)
    return day


def _publish(supervisor: Actor, leader: Actor, window: RoundWindow, number: int) -> int:
    round_id = rounds.create(supervisor, NewRound(window, number))
    version = rounds.compute(supervisor, round_id, _version(supervisor, round_id)).version
    if number % 2 == 0:
        _override(supervisor, leader, round_id)
        version = _version(supervisor, round_id)
    version = rounds.review(supervisor, round_id, version)
    rounds.publish(supervisor, round_id, version)
    return round_id


def _version(actor: Actor, round_id: int) -> int:
    return rounds.read_round(actor, round_id).row.version


def _override(supervisor: Actor, leader: Actor, round_id: int) -> None:
    """Set the least urgent red project to yellow for a documented reason; a leader approves."""
    wanted = DecisionFilter(kind=SubjectKind.PROJECT, levels=(FlagLevel.SEVERE,))
    red = rounds.decisions(supervisor, round_id, wanted).rows
    if not red:
        return
    proposal = OverrideProposal(
        kind=SubjectKind.PROJECT,
        subject_id=red[-1].subject_id,
        level=FlagLevel.WARN,
        reason="汛期按防汛指挥部要求停止涉河施工，已制定追赶计划，按黄旗督办。",
        document_no="防指〔2026〕12号",
    )
    override_id = rounds.propose_override(supervisor, round_id, proposal)
    rounds.decide_override(leader, override_id, True, "同意", 1)


def _follow(store: Store, supervisor: Actor, published_on: date, *, is_last: bool) -> None:
    """Send the notices; units plan and report back, most cases of earlier rounds are closed, one in four drags on."""
    steps = ((1, _notify), (5, _plan), (18, _report_back), (23, _verify))
    today = store.today()
    for days, step in steps[: 2 if is_last else None]:
        day = published_on + timedelta(days=days)
        if day <= today:
            with on_day(store, day):
                step(supervisor, day)


def _waiting(actor: Actor, step: RectificationStep, keep: int) -> Iterator[CaseRow]:
    """Yield the cases at *step*, leaving out one in *keep* (0 = none) so that some drag on."""
    found = rectifications.cases(actor, CaseFilter(steps=(step,)), size=rectifications.PAGE_SIZE)
    for card in found.cards:
        if not keep or card.row.id % keep:
            yield card.row


def _notify(supervisor: Actor, _day: date) -> None:
    ids = [row.id for row in _waiting(supervisor, RectificationStep.NOTICE, 0)]
    if ids:
        rectifications.issue_notices(supervisor, ids)


def _plan(supervisor: Actor, day: date) -> None:
    for row in _waiting(supervisor, RectificationStep.PLAN, 9):
        rectifications.submit_plan(_unit(supervisor), row.id, _PLAN, day + timedelta(days=28), row.version)


def _report_back(supervisor: Actor, _day: date) -> None:
    for row in _waiting(supervisor, RectificationStep.FEEDBACK, 5):
        files = [Upload(f"现场照片{row.id}.jpg", site_photo(row.id))]
        rectifications.submit_feedback(_unit(supervisor), row.id, _FEEDBACK, files, row.version)


def _verify(supervisor: Actor, day: date) -> None:
    visit = SiteVisit(day, "督查组", "现场核查与反馈一致，予以销号。")
    for row in _waiting(supervisor, RectificationStep.VERIFICATION, 0):
        rectifications.verify(supervisor, row.id, visit, [], row.version, passed=True)


def _unit(supervisor: Actor) -> Actor:
    """Return who reports for the responsible units."""
    return replace(supervisor, login="unit", name="责任单位", roles=frozenset({Role.UNIT}))
