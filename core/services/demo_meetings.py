"""The demo city's weekly meetings: two held, their decisions done, running or late, and the agenda of the next one.

Every step goes through the services, as an office would take it; only the clock is set back to the day of the step.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.matters.words import Outcome
from core.domain.meetings import DecisionDraft, ItemState, MeetingDraft, MeetingKind
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import matters, meetings, rounds
from core.services.demo_clock import on_day
from core.services.meetings import ItemFacts, ItemRow
from core.settings import get_settings
from db.session import Store, current_store

_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_PLACE, _CHAIR = "市政府三楼 1 号会议室", "程立诚"
_PARTICIPANTS = "各县（市、区）、各分指挥部，市发展改革、自然资源、住建、交通、财政、督查部门负责同志"


@dataclass(frozen=True, slots=True)
class _Said:
    """
    What was said and decided about an item.

    Attributes:
        days: Calendar days to the deadline.
    """

    discussion: str
    text: str
    owner: str
    days: int


_FIRST = (
    _Said(
        "责任单位汇报了滞后原因，主要是征拆收尾和施工力量不足。", "增派两个作业班组，按周报送追赶计划。", "项目经理", 3
    ),
    _Said("前期手续卡在施工许可，审批部门已提前介入。", "倒排手续办理时间，一周内完成施工许可报件。", "分管副局长", 5),
    _Said("资金支付与进度不匹配。", "财政部门会同业主单位核对支付台账，按进度拨付。", "财务负责人", 26),
    _Said("节点滞后已影响后续工序。", "锁定关键节点，主要负责同志现场驻点，逾期约谈。", "主要负责同志", 33),
)
_SECOND = (
    _Said("听取上次议定事项落实情况，尚未办结。", "明确专人盯办，本周内销号。", "分管副局长", 4),
    _Said("现场用电、道路等外部条件还不具备。", "供电、城管部门现场办公，十日内解决。", "联络员", 12),
    _Said("建议分区交地，边交边建。", "先行交付首开区用地，其余地块列出交付时间表。", "分管副县长", 18),
)


def create(supervisor: Actor) -> int:
    """Hold the meetings of the last two weeks and prepare the next; return how many meetings there are."""
    store = current_store()
    held = _days(supervisor, store)
    for number, (day, said) in enumerate(zip(held, (_FIRST, _SECOND), strict=False)):
        with on_day(store, day):
            keys = _hold(supervisor, day, said)
        late = keys[1 - number : 2 - number]  # one decision of each meeting is left lying
        _take_on(store, supervisor, [key for key in keys if key not in late], day)
        if number == 0 and keys:
            _finish(store, supervisor, keys[0], day)
    monday = store.today() + (7 - store.today().weekday()) * _DAY
    meetings.create(supervisor, _head(monday))
    return len(held) + 1


def _days(supervisor: Actor, store: Store) -> list[date]:
    """Return the last two Mondays, moved behind the publication of the flags that their agendas name."""
    today = store.today()
    monday = today - (today.weekday() or 7) * _DAY
    latest = rounds.latest_published(supervisor)
    published_at = latest.published_at if latest else None
    earliest = published_at.astimezone(get_settings().zone).date() + _DAY if published_at else monday - _WEEK
    first = max(monday - _WEEK, earliest)
    return [day for day in (first, max(monday, first + _DAY)) if day < today]


def _head(held_on: date) -> MeetingDraft:
    return MeetingDraft(
        MeetingKind.COORDINATION,
        held_on,
        starts_at="09:00",
        place=_PLACE,
        chair=_CHAIR,
        participants=_PARTICIPANTS,
    )


def _hold(actor: Actor, day: date, said: tuple[_Said, ...]) -> list[int]:
    """Hold a meeting and return the matters its decisions became."""
    key = meetings.create(actor, _head(day))
    view = meetings.read_meeting(actor, key)
    meetings.open_(actor, key, view.row.version)
    about = [item for item in view.items if item.project_id is not None]
    for item, words in zip(about, said, strict=False):
        _discuss(actor, item, meetings.read_facts(actor, item.id), words, day)
    for item in about[len(said) : len(said) + 1]:
        meetings.set_state(actor, item.id, ItemState.POSTPONED, item.version)
    meetings.close(actor, key, meetings.read_meeting(actor, key).row.version)
    closed = meetings.read_meeting(actor, key)
    return [one.row.matter_id for one in closed.decisions if one.row.matter_id is not None]


def _discuss(actor: Actor, item: ItemRow, facts: ItemFacts, words: _Said, day: date) -> None:
    if facts.unit_id is None:
        return  # nobody could be made responsible
    meetings.save_discussion(actor, item.id, words.discussion, item.version)
    due_on = day + timedelta(days=words.days)
    meetings.record_decision(actor, item.id, DecisionDraft(words.text, facts.unit_id, words.owner, due_on))


def _take_on(store: Store, supervisor: Actor, matter_ids: list[int], decided_on: date) -> None:
    """Units report that they have taken their decisions on; those that do not are late."""
    unit = _unit(supervisor)
    with on_day(store, min(decided_on + _DAY, store.today())):
        for key in matter_ids:
            version = matters.read_matter(unit, key).card.row.version
            matters.report_progress(unit, key, "已明确专人，按时限推进。", version)


def _finish(store: Store, supervisor: Actor, matter_id: int, decided_on: date) -> None:
    """The first decision is carried out before its deadline and closed out."""
    unit = _unit(supervisor)
    with on_day(store, min(decided_on + 2 * _DAY, store.today())):
        version = matters.read_matter(unit, matter_id).card.row.version
        version = matters.reply(unit, matter_id, "追赶计划已报送，现场两班作业。", version)
        version = matters.resolve(unit, matter_id, Outcome.SOLVED, "", "", version)
        matters.close_out(supervisor, matter_id, "核查属实，予以销号。", version)


def _unit(supervisor: Actor) -> Actor:
    """Return who reports for the responsible units."""
    return replace(supervisor, login="unit", name="责任单位", roles=frozenset({Role.UNIT}))
