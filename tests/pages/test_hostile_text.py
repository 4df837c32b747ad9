"""Hostile text in every field that takes text: kept as it is or refused in Chinese, shown as text, never more."""

import dataclasses
import html as html_text
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select, text

from core.domain.errors import Invalid, SignInFailed, WarRoomError
from core.domain.grants import Grant
from core.domain.ledger import ProjectFilter, ProjectSort
from core.domain.period import Month
from core.domain.report_checks import TypedReport
from core.domain.terms import LifecycleKind, Role
from core.services import (
    audits,
    auth,
    displays,
    figures,
    milestones,
    plots,
    project_changes,
    project_details,
    projects,
    report_entry,
    report_paste,
    report_review,
    reports,
    users,
    wall,
)
from core.services.audits import AuditFilter
from core.services.project_changes import ProjectEdit
from core.services.report_entry import Entry
from core.services.users import NewAccount
from db.models import InvestmentReport, Milestone, Project
from db.models.access import DisplayKey, User
from db.models.project import LifecycleEvent
from db.queries.milestones import MilestoneFilter
from db.queries.reports import ReportFilter
from db.session import Store
from tests.factories import SYSTEM, YI, make_actor, make_county, make_milestone, make_problem, make_project
from tests.support import payloads
from tests.support.screens import OpenScreen, texts

OCTOBER = Month(2026, 10)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ADMIN = make_actor(Role.SECURITY_ADMIN)
REASONED = tuple(f"原因如下{payload}" for payload in payloads.ALL)  # long enough to be a reason


@pytest.fixture
def project(store: Store) -> int:
    figures.version()
    with store.transaction(SYSTEM) as tx:
        return make_project(tx, make_county(tx, "南岭区"), "安江大桥")


@pytest.fixture
def milestone(store: Store, project: int) -> int:
    with store.transaction(SYSTEM) as tx:
        return make_milestone(tx, project, date(2026, 12, 1))


Row = tuple[type[Any], Any]


def _stored(store: Store, model: type[Any], key: int, field: str) -> Any:
    with store.read() as connection:
        return connection.execute(select(getattr(model, field)).where(model.id == key)).scalar_one()


def _version(store: Store, model: type[Any], key: int) -> int:
    return int(_stored(store, model, key, "version"))


def _expected(payload: str) -> str:
    return payload.replace("\0", "").strip()


def _check_refusal(refusal: Invalid, payload: str) -> None:
    assert refusal.problems, payload
    assert all(CHINESE.search(problem.message) for problem in refusal.problems), payload


def _try_all(save: Callable[[str], object], stored: Callable[[], Any], tried: tuple[str, ...] = payloads.ALL) -> int:
    """Save every payload; each is stored as typed or refused with Chinese sentences. Return how many were stored."""
    kept = 0
    for payload in tried:
        try:
            save(payload)
        except Invalid as refusal:
            _check_refusal(refusal, payload)
            continue
        assert stored() == _expected(payload), payload
        kept += 1
    return kept


# ---- what services store


@pytest.mark.parametrize("field", ["name", "owner_name", "nature", "investor", "location", "content", "remark"])
def test_project_field_keeps_hostile_text_as_text(store: Store, project: int, field: str) -> None:
    def save(payload: str) -> None:
        record = project_changes.current(SYSTEM, project)
        change = dataclasses.replace(ProjectEdit.of(record), **{field: payload})
        project_changes.edit(SYSTEM, project, change, record.version)

    kept = _try_all(save, lambda: _stored(store, Project, project, field))
    assert kept >= len(payloads.ALL) - {"nature": 30, "investor": 30, "name": 2}.get(field, 1)


def test_project_code_refuses_hostile_text(store: Store, project: int) -> None:
    record = project_changes.current(SYSTEM, project)
    for payload in filter(_expected, payloads.ALL):
        with pytest.raises(Invalid, match="项目代码"):
            project_changes.edit(
                SYSTEM, project, dataclasses.replace(ProjectEdit.of(record), national_code=payload), record.version
            )


def test_event_keeps_hostile_reason_and_document(store: Store, project: int) -> None:
    kinds = {True: LifecycleKind.SUSPENDED, False: LifecycleKind.RESUMED}
    suspend = True
    for payload in payloads.ALL:
        version = _version(store, Project, project)
        try:
            project_changes.record_event(
                SYSTEM,
                project,
                kinds[suspend],
                date(2026, 11, 1),
                version,
                reason=f"原因如下{payload}",
                document_no=payload,
            )
        except Invalid as refusal:
            _check_refusal(refusal, payload)
            continue
        suspend = not suspend
        with store.read() as connection:
            row = connection.execute(
                select(LifecycleEvent.reason, LifecycleEvent.document_no).order_by(LifecycleEvent.id.desc()).limit(1)
            ).one()
        assert tuple(row) == (_expected(f"原因如下{payload}"), _expected(payload))


def test_milestone_note_and_reasons_keep_hostile_text(store: Store, milestone: int) -> None:
    def version() -> int:
        return _version(store, Milestone, milestone)

    def complete(payload: str) -> None:
        milestones.complete(SYSTEM, milestone, date(2026, 11, 20), payload, version())

    def stored_note_then_reopen() -> str:
        note = _stored(store, Milestone, milestone, "note")
        milestones.reopen(SYSTEM, milestone, "误操作，重新登记", version())
        return str(note)

    assert _try_all(complete, stored_note_then_reopen) == len(payloads.ALL)

    def forecast(payload: str) -> None:
        milestones.forecast(SYSTEM, milestone, date(2027, 1, 5), payload, version())

    kept = _try_all(forecast, lambda: _stored(store, Milestone, milestone, "forecast_reason"), REASONED)
    assert kept == len(REASONED)


def test_rebaseline_reason_keeps_hostile_text(store: Store, milestone: int) -> None:
    days = iter(range(1, 400))

    def move(payload: str) -> None:
        day = date.fromordinal(date(2027, 1, 1).toordinal() + next(days))
        milestones.rebaseline(SYSTEM, milestone, day, payload, _version(store, Milestone, milestone))

    assert _try_all(move, lambda: milestones.detail(SYSTEM, milestone).baselines[-1].reason, REASONED) == len(REASONED)


@pytest.mark.parametrize("field", ["physical_progress", "difficulty", "next_step"])
def test_report_text_keeps_hostile_text(store: Store, project: int, field: str) -> None:
    def save(payload: str) -> None:
        with store.read() as connection:
            version = connection.execute(select(InvestmentReport.version)).scalar_one_or_none()
        typed = TypedReport(done_wan="10", **{field: payload})
        outcome = report_entry.submit(SYSTEM, OCTOBER, [Entry(project, version, typed)])
        if outcome.refused:
            raise Invalid(outcome.refused[0].problems)

    def stored() -> str:
        with store.read() as connection:
            return str(connection.execute(select(getattr(InvestmentReport, field))).scalar_one())

    assert _try_all(save, stored) >= len(payloads.ALL) - 1


def test_report_amount_refuses_hostile_text(store: Store, project: int) -> None:
    for payload in payloads.ALL:
        if re.fullmatch(r"[-+=＝\d.e\s]*", payload):
            continue  # a number, or one after the unit is taken off
        (refused,) = report_entry.submit(SYSTEM, OCTOBER, [Entry(project, None, TypedReport(payload))]).refused
        assert all(CHINESE.search(problem.message) for problem in refused.problems)
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM investment_report")).scalar_one() == 0


def test_return_reason_keeps_hostile_text(store: Store, project: int) -> None:
    typed = TypedReport(done_wan="10")
    report_entry.submit(SYSTEM, OCTOBER, [Entry(project, None, typed)])
    with store.read() as connection:
        report = connection.execute(select(InvestmentReport.id)).scalar_one()

    def save(payload: str) -> None:
        report_review.return_for_revision(SYSTEM, report, payload, _version(store, InvestmentReport, report))

    def stored_then_sent_in_again() -> str:
        reason = _stored(store, InvestmentReport, report, "return_reason")
        again = Entry(project, _version(store, InvestmentReport, report), typed)
        assert report_entry.submit(SYSTEM, OCTOBER, [again]).saved
        return str(reason)

    assert _try_all(save, stored_then_sent_in_again, REASONED) == len(REASONED)


def test_pasted_text_is_matched_or_told(store: Store, project: int) -> None:
    for payload in payloads.ALL:
        for line in report_paste.match(SYSTEM, OCTOBER, f"项目名称\t本月完成\n{payload}\t12\n安江大桥\t{payload}"):
            assert line.project_id in (None, project)
            assert all(CHINESE.search(problem.message) for problem in line.problems)


@pytest.mark.usefixtures("light_passwords")
def test_user_name_is_kept_and_login_refuses_hostile_text(store: Store) -> None:
    users.create(ADMIN, NewAccount("zhang.san", "张三", (Grant(Role.LEADER),)))
    with store.read() as connection:
        user_id = connection.execute(select(User.id)).scalar_one()

    def rename(payload: str) -> None:
        users.rename(ADMIN, user_id, payload, _version(store, User, user_id))

    assert _try_all(rename, lambda: _stored(store, User, user_id, "name")) > 50
    for payload in payloads.ALL:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9.-]{1,31}", payload):
            with pytest.raises(Invalid, match="用户名"):
                users.create(ADMIN, NewAccount(payload, "李四", (Grant(Role.LEADER),)))


@pytest.mark.usefixtures("light_passwords")
def test_sign_in_with_hostile_text_is_a_failed_sign_in(store: Store) -> None:
    users.create(ADMIN, NewAccount("zhang.san", "张三", (Grant(Role.LEADER),), "Anfang-2026"))
    for number, payload in enumerate(payloads.ALL):
        with pytest.raises(SignInFailed):
            auth.sign_in(payload, payload, f"10.1.{number // 200}.{number % 200}", payload)
    # The first password is hostile, the name is good: two failures, then the right one opens.
    for password in payloads.NUL:
        with pytest.raises(SignInFailed):
            auth.sign_in("zhang.san", password, "10.9.9.9")
    assert auth.sign_in("zhang.san", "Anfang-2026", payloads.XSS[0], payloads.XSS[1]).actor.login == "zhang.san"


def test_display_label_keeps_hostile_text_and_address_refuses_it(store: Store) -> None:
    made: list[int] = []
    kept = _try_all(
        lambda payload: made.append(displays.create(ADMIN, payload).id),
        lambda: _stored(store, DisplayKey, made[-1], "label"),
    )
    assert kept > 60
    for payload in filter(_expected, payloads.ALL):
        with pytest.raises(Invalid, match="绑定地址"):
            displays.create(ADMIN, "大厅", payload)


# ---- what searches take


def test_searches_find_nothing_more_by_hostile_text(store: Store, project: int, milestone: int) -> None:
    for payload in payloads.ALL:
        wanted = ProjectFilter(text=payload, categories=(payload,))
        assert projects.search(SYSTEM, wanted).rows == (), payload
        found = milestones.my_list(SYSTEM, MilestoneFilter(text=payload)).rows
        assert not found or _expected(payload) == "", payload
        sheet = reports.sheet(SYSTEM, OCTOBER, ReportFilter(text=payload))
        assert not sheet.rows or _expected(payload) == "", payload
        assert audits.search(SYSTEM, AuditFilter(payload, payload, payload)).rows == (), payload
        users.list_accounts(SYSTEM, payload)
        plots.payload(SYSTEM, plots.Layer.PROJECTS, plots.MapFilter(wanted))
    assert projects.search(SYSTEM, ProjectFilter(text="安江")).totals.rows == 1
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM project")).scalar_one() == 1


def test_workbook_of_a_hostile_ledger_holds_no_formula(sqlite_store: Store) -> None:
    figures.version()
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make_county(tx, "南岭区")
        for payload in (*payloads.FORMULA, *payloads.CONTROL, *payloads.ODD, *payloads.PATH):
            make_project(tx, county, payload[:200])
    file = projects.export_ledger(SYSTEM, ProjectFilter(), ProjectSort.URGENCY, "=1+1")
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    sheets = "".join(part for name, part in parts.items() if name.startswith("xl/worksheets/"))
    # Totals are formulas of our own; nothing typed may be one.
    formulas = re.findall(r"<f>(.*?)</f>", sheets)
    assert [formula for formula in formulas if not formula.startswith(("SUM(", "SUBTOTAL("))] == []
    assert "hyperlink" not in sheets
    # Text stands in the sheets (written row by row) or in the shared strings; an address anywhere else is a link.
    elsewhere = [name for name in parts if not name.startswith(("xl/sharedStrings", "xl/worksheets/sheet"))]
    assert [name for name in elsewhere if "evil.example" in parts[name]] == []
    texts = html_text.unescape(parts.get("xl/sharedStrings.xml", "") + sheets)
    assert [payload for payload in payloads.FORMULA if f">{payload}<" not in texts] == []


# ---- what screens make of it


_ADDRESSES = frozenset({"src", "href", "xlink:href", "action", "formaction", "data", "srcset", "poster", "content"})


class _Elements(HTMLParser):
    """Collects elements that carry a payload's mark, run something, or load something from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            leads_away = (value or "").strip().lower().startswith(("javascript:", "data:text", "http:", "https:", "//"))
            if name.startswith(("on", payloads.MARK)) or (name in _ADDRESSES and leads_away):
                self.found.append(f"<{tag} {name}={value}>")
        if tag in {"script", "iframe", "object", "base", "meta"}:
            self.found.append(f"<{tag}>")


def injected(html: str) -> list[str]:
    """Return what a payload managed to put into *html*."""
    parser = _Elements()
    parser.feed(html)
    parser.close()
    return parser.found


def test_the_probe_sees_every_payload_that_is_not_escaped() -> None:
    direct = [payload for payload in payloads.XSS if re.match(r"<(?!scr<|IMG|img/|base|/)", payload)]
    assert len(direct) >= 15
    assert [payload for payload in direct if not injected(f"<p>{payload}</p>")] == []
    assert injected("<p class='wr-panel' title='a'>&lt;img src=x onerror=1&gt;</p>") == []


@pytest.fixture
def hostile_project(sqlite_store: Store) -> Callable[[str], int]:
    figures.version()

    def make(payload: str) -> int:
        with sqlite_store.transaction(SYSTEM) as tx:
            county = make_county(tx, payload[:60])
            project = make_project(
                tx, county, payload[:200], content=payload, location=payload, owner_name=payload[:200], remark=payload
            )
            make_milestone(tx, project, date(2026, 11, 25), payload[:100], note=payload)
            make_problem(tx, project, payload[:200], description=payload)
            tx.record("note", "project", project, project_id=project, headline=payload[:200], reason=payload)
        return project

    return make


def _html(screen: Any) -> str:
    found = [element.proto.body for element in screen.get("html")]
    return "\n".join(map(str, found))


@pytest.mark.parametrize("payload", [*payloads.XSS[:12], *payloads.MARKDOWN[:3], *payloads.TEMPLATE[:2], "长" * 200])
def test_screens_show_a_hostile_project_as_text(
    hostile_project: Callable[[str], int], open_screen: OpenScreen, payload: str
) -> None:
    project = hostile_project(payload)
    for script, query in (
        ("project/detail.py", {"id": str(project)}),
        ("project/ledger.py", {"q": payload}),
        ("project/milestones.py", {"bucket": "month"}),
        ("project/reports.py", {}),
        ("posture/map.py", {}),
        ("admin/audit.py", {}),
    ):
        screen = open_screen(script, SYSTEM, **query)
        assert not screen.exception, script
        assert "编号" not in texts(screen) or "意外问题" not in texts(screen), script
        assert injected(_html(screen)) == [], script
        marked_up = "\n".join(str(element.value) for element in (*screen.markdown, *screen.caption, *screen.success))
        assert payload not in marked_up or not re.search(r"[!\[\]<>]", payload), script


def test_wall_shows_hostile_names_as_text(hostile_project: Callable[[str], int]) -> None:
    from pages.components.wall.pictures import gallery

    for payload in payloads.XSS[:12]:
        hostile_project(payload)
    content = gallery.picture(SYSTEM, wall.version(SYSTEM)).content()
    shown = "\n".join(content["panels"].values())
    assert "onerror=window" in shown
    assert injected(shown) == []


def test_project_detail_of_the_service_is_the_text_itself(hostile_project: Callable[[str], int]) -> None:
    for payload in (payloads.XSS[0], payloads.ODD[0], payloads.TEMPLATE[0]):
        assert project_details.detail(SYSTEM, hostile_project(payload)).row.name == payload


def test_no_message_to_users_is_empty() -> None:
    assert all(CHINESE.search(kind.default_message) for kind in [WarRoomError, *WarRoomError.__subclasses__()])
    assert YI == 10**8
