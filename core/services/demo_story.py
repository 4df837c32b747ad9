"""The demo city's one whole story: a standing site, its land problem, and how it was answered.

Stopped for want of land → raised by the county → assigned → lifted to the city → decided at the meeting → answered,
visited, closed out → works go on. Every step goes through the services on its own day, by those who would take it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.ledger import ProjectFilter
from core.domain.matters.words import Difficulty, Outcome, Satisfaction
from core.domain.meetings import DecisionDraft, MeetingDraft, MeetingKind
from core.domain.permissions import Actor
from core.domain.terms import LifecycleKind, MatterKind, Role
from core.services import matters, meetings, project_changes, projects
from core.services.demo_clock import on_day
from core.services.matters import MatterDraft, MatterFilter, Order
from db.session import current_store

TITLE = "剩余 86 亩用地未批，作业面中断"
STOPPED_DAYS = 46  # of the standing projects, the one that stopped nearest to so many days ago
RAISED_DAYS = 44
CITY_DAYS, DECIDED_DAYS = 31, 22  # from the assignment and from the meeting to the deadlines they set
CITY_BUREAU, SUPPORTING_BUREAU = "市自然资源和规划局", "市住房城乡建设局"


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who acts, and about which project: the city's office, the county, the unit that leads, the city's bureau."""

    office: Actor
    county: Actor
    unit: Actor
    bureau: Actor
    project_id: int
    project: str
    unit_id: int
    bureau_id: int
    supporting_id: int


def create(office: Actor) -> int | None:
    """Live the story up to today and return the matter's id; None where the city has no standing project."""
    store = current_store()
    today = store.today()
    cast = _choose(office, today)
    if cast is None:
        return None
    with on_day(store, today - timedelta(days=RAISED_DAYS)):
        key = _raise(cast)
    for days, step in _STEPS:
        day = today - timedelta(days=days)
        with on_day(store, day):
            step(cast, key, day)
    return key


def _choose(office: Actor, today: date) -> _Cast | None:
    rows = projects.search(office, ProjectFilter(measure="suspended")).rows
    stopped = {row.id: project_changes.current(office, row.id).values["suspended_on"] for row in rows}
    known = [row for row in rows if stopped[row.id] is not None]
    if not known:
        return None
    chosen = min(known, key=lambda row: abs((today - stopped[row.id]).days - STOPPED_DAYS))
    units = {name: key for key, name in matters.unit_choices(office)}
    unit = chosen.unit_name or CITY_BUREAU
    return _Cast(
        office=office,
        county=_local(office, f"{chosen.county_name}重点项目办", Role.COUNTY),
        unit=_local(office, unit, Role.UNIT),
        bureau=_local(office, CITY_BUREAU, Role.UNIT),
        project_id=chosen.id,
        project=chosen.name,
        unit_id=units[unit],
        bureau_id=units[CITY_BUREAU],
        supporting_id=units[SUPPORTING_BUREAU],
    )


def _local(office: Actor, name: str, role: Role) -> Actor:
    """Return somebody without an account: the history shows the name itself."""
    return replace(office, login=name, name=name, roles=frozenset({role}))


def _raise(cast: _Cast) -> int:
    draft = MatterDraft(
        MatterKind.PROBLEM,
        f"{cast.project}：{TITLE}",
        description="项目红线内剩余 86 亩未取得用地批复，12 户未签约，施工单位已停工待命。",
        category="用地",
        source="项目反映",
        raised_by=cast.county.name,
        project=cast.project,
    )
    return matters.raise_(cast.county, draft)


def _version(cast: _Cast, key: int) -> int:
    return matters.read_matter(cast.office, key).card.row.version


def _assign_in_county(cast: _Cast, key: int, _day: date) -> None:
    order = Order(cast.unit_id, difficulty=Difficulty.COMPLEX, category="用地", remark="限期提出解决方案")
    matters.assign(cast.county, {key: _version(cast, key)}, order)


def _sign(cast: _Cast, key: int, _day: date) -> None:
    matters.sign_for(cast.unit, key, _version(cast, key))


def _report(cast: _Cast, key: int, _day: date) -> None:
    text = "已完成勘测定界和补偿登记，尚缺占补平衡指标；县级无指标可用，正在向市级报告。"
    matters.report_progress(cast.unit, key, text, _version(cast, key))


def _escalate(cast: _Cast, key: int, _day: date) -> None:
    reason = "占补平衡指标县级无法解决，请求市级统筹。"
    matters.escalate(cast.county, key, reason, _version(cast, key))


def _assign_in_city(cast: _Cast, key: int, day: date) -> None:
    order = Order(
        cast.bureau_id,
        (cast.supporting_id,),
        due_on=day + timedelta(days=CITY_DAYS),
        difficulty=Difficulty.HARD,
        remark="研究统筹指标方案，提请会商审议",
    )
    matters.assign(cast.office, {key: _version(cast, key)}, order)


def _sign_in_city(cast: _Cast, key: int, _day: date) -> None:
    matters.sign_for(cast.bureau, key, _version(cast, key))


def _report_in_city(cast: _Cast, key: int, _day: date) -> None:
    text = "已核实耕地占补平衡缺口 86 亩，拟从市级储备指标中统筹，提请会商审议。"
    matters.report_progress(cast.bureau, key, text, _version(cast, key))


def _support(cast: _Cast, key: int, _day: date) -> None:
    (own,) = matters.read_matter(cast.office, key).supports
    matters.support(
        _local(cast.office, SUPPORTING_BUREAU, Role.UNIT), key, own.id, "安置房源已落实 12 套。", own.version
    )


def _decide(cast: _Cast, key: int, day: date) -> None:
    """Hold a meeting on this project alone; what it decides becomes a matter with an owner and a deadline."""
    draft = MeetingDraft(
        MeetingKind.SPECIAL,
        day,
        title=f"{cast.project}用地问题专题会商",
        starts_at="15:00",
        place="市政府二楼 3 号会议室",
        chair="程立诚",
        participants=f"市自然资源和规划局、市住房城乡建设局、市财政局，{cast.county.name}，{cast.unit.name}",
    )
    meeting = meetings.create(cast.office, draft, with_agenda=False)
    code = matters.read_matter(cast.office, key).card.row.code
    item = meetings.add_topic(cast.office, meeting, TITLE, f"{code} 提级办理，现场停工待命", cast.project)
    meetings.open_(cast.office, meeting, meetings.read_meeting(cast.office, meeting).row.version)
    (own,) = meetings.read_meeting(cast.office, meeting).items
    said = "县级指标已用尽，市级储备指标可以统筹；征拆安置房源已落实，具备签约条件。"
    meetings.save_discussion(cast.office, item, said, own.version)
    text = "由市自然资源和规划局从市级储备指标中统筹 86 亩，月内取得用地批复；属地同步完成 12 户签约和清场。"
    due_on = day + timedelta(days=DECIDED_DAYS)
    meetings.record_decision(cast.office, item, DecisionDraft(text, cast.bureau_id, "分管副局长", due_on))
    meetings.close(cast.office, meeting, meetings.read_meeting(cast.office, meeting).row.version)


def _reply(cast: _Cast, key: int, _day: date) -> None:
    answer = "市级统筹补充耕地指标 86 亩，用地批复已下达，征拆户全部签约，作业面已移交施工单位。"
    matters.reply(cast.bureau, key, answer, _version(cast, key))


def _resolve(cast: _Cast, key: int, _day: date) -> None:
    matters.resolve(cast.bureau, key, Outcome.SOLVED, "", "", _version(cast, key))


def _decided(cast: _Cast) -> list[int]:
    wanted = MatterFilter(kinds=(MatterKind.CONSULTATION,), project_id=cast.project_id, is_open=True)
    return [card.row.id for card in matters.find(cast.office, wanted).cards]


def _take_on(cast: _Cast, _key: int, _day: date) -> None:
    for key in _decided(cast):
        matters.report_progress(cast.bureau, key, "已启动指标统筹和批复补正，属地同步签约。", _version(cast, key))


def _carry_out(cast: _Cast, _key: int, _day: date) -> None:
    """What the meeting decided is answered and closed out as well."""
    for key in _decided(cast):
        matters.reply(cast.bureau, key, "指标已下达，用地批复已取得，已按会议要求落实。", _version(cast, key))
        matters.resolve(cast.bureau, key, Outcome.SOLVED, "", "", _version(cast, key))
        matters.close_out(cast.office, key, "核查属实。", _version(cast, key))


def _visit(cast: _Cast, key: int, _day: date) -> None:
    words = "业主表示作业面已具备，后天复工。"
    matters.record_satisfaction(cast.office, key, Satisfaction.SATISFIED, words, _version(cast, key))


def _close(cast: _Cast, key: int, _day: date) -> None:
    matters.close_out(cast.office, key, "现场核实作业面已移交。", _version(cast, key))


def _resume(cast: _Cast, _key: int, day: date) -> None:
    version = project_changes.current(cast.office, cast.project_id).values["version"]
    reason = "用地问题已解决，恢复施工"
    project_changes.record_event(cast.county, cast.project_id, LifecycleKind.RESUMED, day, version, reason=reason)


_STEPS: tuple[tuple[int, Callable[[_Cast, int, date], None]], ...] = (
    (43, _assign_in_county),
    (42, _sign),
    (41, _report),
    (37, _escalate),
    (36, _assign_in_city),
    (35, _sign_in_city),
    (34, _report_in_city),
    (33, _support),
    (27, _decide),
    (25, _take_on),
    (6, _reply),
    (5, _resolve),
    (5, _carry_out),
    (4, _visit),
    (3, _close),
    (2, _resume),
)
