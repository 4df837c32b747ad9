"""月结: a sealed month stays to the digit whatever happens later; its reports move only by an approved correction."""

import json
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from core.domain.errors import Conflict, Invalid, Locked, NotFound, PermissionDenied, StoreUnusable
from core.domain.ledger import ProjectFilter
from core.domain.period import Month
from core.domain.permissions import Actor
from core.domain.scope import Scope
from core.domain.terms import Role
from core.services import closing, figures, projects, wall
from db import archive, migrate
from db.models.closing import MonthArchivePart, MonthClose
from db.models.money import InvestmentReport
from db.models.project import Project
from db.models.system import AuditEvent
from db.queries import closing as closing_queries
from db.queries import reports as report_queries
from db.session import SealedStore, seeing
from tests import factories as make
from tests.factories import SYSTEM, YI

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
SUPERVISOR = make.make_actor(Role.SUPERVISOR, login="sup")
WHY = "两个项目停工未报"


@pytest.fixture
def city(store):
    with store.transaction(SYSTEM) as tx:
        county = make.make_county(tx, "东县")
        return {
            "county": county,
            "one": make.make_project(tx, county, "一号工程", done_yuan=dict.fromkeys(range(1, 11), YI)),
            "two": make.make_project(tx, county, "二号工程", done_yuan=dict.fromkeys(range(1, 9), YI)),
        }


def county_actor(city) -> object:
    return make.make_actor(Role.COUNTY, login="east", counties=[city["county"]])


def seen(month: Month | None) -> tuple[object, ...]:
    """What the wall and the ledger show, live or as of a closed month."""

    def look() -> tuple[object, ...]:
        view = wall.view(SUPERVISOR)
        rows = projects.search(SUPERVISOR, ProjectFilter()).rows
        return figures.version().month, view.totals, view.curve, view.severe, view.headquarters, rows

    if month is None:
        return look()
    with seeing(closing.sealed_store(month)):
        return look()


def report_id(store, project_id: int, month: Month) -> int:
    with store.read() as connection:
        return report_queries.load_reports(connection, [project_id], month)[project_id].id


def test_closed_month_stays_to_the_digit_when_everything_changes(store, city, clock) -> None:
    figures.version()
    row = closing.close(SUPERVISOR, OCTOBER, WHY)
    before = seen(OCTOBER)
    assert before == seen(None)
    clock.advance(days=20)
    with store.transaction(SYSTEM) as tx:
        tx.update(Project, city["one"], {"name": "改名工程", "total_investment_yuan": 5}, expected_version=None)
        make.make_project(tx, city["county"], "新来工程", done_yuan={11: 9 * YI})
    assert seen(OCTOBER) == before
    assert seen(None) != before
    assert closing.verify(SUPERVISOR, OCTOBER)
    assert row.figures_on == date(2026, 11, 22)


def test_month_closed_late_stands_at_its_own_last_day(store, city, clock) -> None:
    row = closing.close(SUPERVISOR, SEPTEMBER, WHY)
    with seeing(closing.sealed_store(SEPTEMBER)):
        version = figures.version()
    assert (version.month, version.on, version.sealed) == (SEPTEMBER, row.figures_on, "2026-09")
    assert row.figures_on < store.today()


def test_reports_of_the_month_are_locked_and_no_way_of_writing_passes(store, city) -> None:
    closing.close(SUPERVISOR, OCTOBER, WHY)
    key = report_id(store, city["one"], OCTOBER)
    with store.read() as connection:
        found = connection.execute(select(InvestmentReport.status).where(InvestmentReport.id == key)).scalar_one()
    assert found == "locked"
    values = {"project_id": city["two"], "year": 2026, "month": 10, "status": "submitted", "done_yuan": YI}
    ways = (
        lambda tx: tx.update(InvestmentReport, key, {"done_yuan": 1}, expected_version=None),
        lambda tx: tx.insert(InvestmentReport, values),
        lambda tx: tx.insert_many(InvestmentReport, [values]),
        lambda tx: tx.remove_many(InvestmentReport, [key], reason="撤销"),
    )
    for way in ways:
        with pytest.raises(Locked, match="2026年10月已月结"), store.transaction(SYSTEM) as tx:
            way(tx)
    with store.transaction(SYSTEM) as tx:
        tx.insert(InvestmentReport, {**values, "month": 11})


def test_order_calendar_and_missing_reports_are_refused_by_name(store, city, clock) -> None:
    for month, reason, codes in (
        (Month(2026, 12), WHY, ["early"]),
        (OCTOBER, "", ["missing"]),
    ):
        with pytest.raises(Invalid) as refused:
            closing.close(SUPERVISOR, month, reason)
        assert [problem.code for problem in refused.value.problems] == codes
    closing.close(SUPERVISOR, Month(2026, 8))
    for month, codes in ((OCTOBER, ["order"]), (Month(2026, 7), ["order"]), (Month(2026, 8), ["closed"])):
        with pytest.raises(Invalid) as refused:
            closing.close(SUPERVISOR, month, WHY)
        assert [problem.code for problem in refused.value.problems] == codes
    assert [row.month for row in closing.closed_months(SUPERVISOR)] == [Month(2026, 8)]


def test_save_between_copy_and_seal_has_the_copy_made_again(store, city, monkeypatch) -> None:
    made, write = [], archive.write_copy

    def copy_then_save(source, as_of, target):
        seq = write(source, as_of, target)
        if not made:
            with store.transaction(SYSTEM) as tx:
                key = report_id(store, city["one"], OCTOBER)
                tx.update(InvestmentReport, key, {"done_yuan": 7 * YI}, expected_version=None)
        made.append(seq)
        return seq

    monkeypatch.setattr(archive, "write_copy", copy_then_save)
    closing.close(SUPERVISOR, OCTOBER, WHY)
    assert len(made) == 2
    with closing.sealed_store(OCTOBER).read() as connection:
        kept = report_queries.load_reports(connection, [city["one"]], OCTOBER)[city["one"]]
    assert kept.done_yuan == 7 * YI


def test_closing_broken_before_the_commit_leaves_the_month_open(store, city, monkeypatch) -> None:
    from core.services.closing import sealing

    def break_off(_path):
        yield b"first"
        raise RuntimeError("power cut")

    monkeypatch.setattr(sealing.archive, "pieces", break_off)
    with pytest.raises(RuntimeError):
        closing.close(SUPERVISOR, OCTOBER, WHY)
    assert closing.closed_months(SUPERVISOR) == ()
    with store.read() as connection:
        assert connection.execute(select(MonthArchivePart.number)).all() == []
        locked = select(InvestmentReport.id).where(InvestmentReport.status == "locked")
        assert connection.execute(locked).all() == []


def test_damaged_archive_is_told_and_never_shown(store, city) -> None:
    closing.close(SUPERVISOR, SEPTEMBER, WHY)
    with store.engine.begin() as connection:
        content = connection.execute(select(MonthArchivePart.content)).scalar_one()
        connection.execute(update(MonthArchivePart).values(content=content[:-1] + bytes([content[-1] ^ 1])))
    assert closing.verify(SUPERVISOR, SEPTEMBER) is False
    with pytest.raises(StoreUnusable, match="2026年9月的封存数据与月结时的校验值不一致"):
        closing.sealed_store(SEPTEMBER)
    with pytest.raises(NotFound):
        closing.sealed_store(OCTOBER)


def test_correction_moves_the_live_figures_and_never_the_closed_month(store, city) -> None:
    closing.close(SUPERVISOR, OCTOBER, WHY)
    before, east = seen(OCTOBER), county_actor(city)
    key = closing.propose_correction(
        east, city["one"], OCTOBER, {"done_yuan": 3 * YI}, "发票跨月，重新核定", "更〔2026〕1号"
    )
    late = closing.propose_correction(east, city["two"], OCTOBER, {"done_yuan": YI}, "停工复核后补报")
    with pytest.raises(Invalid) as refused:
        closing.propose_correction(east, city["one"], OCTOBER, {"done_yuan": 4 * YI}, "再次更正")
    assert [problem.code for problem in refused.value.problems] == ["waiting"]
    live = wall.view(SUPERVISOR).totals.progress.done_yuan
    for correction in (key, late):
        closing.decide_correction(SUPERVISOR, correction, True, "同意", 1)
    assert wall.view(SUPERVISOR).totals.progress.done_yuan == live + 2 * YI + YI
    assert seen(OCTOBER) == before
    with store.read() as connection:
        told = connection.execute(
            select(AuditEvent.new, AuditEvent.reason).where(
                AuditEvent.entity == "investment_report", AuditEvent.reason == "发票跨月，重新核定"
            )
        ).one()
    assert json.loads(told.new) == {"done_yuan": 3 * YI}
    assert {row.status.value for row in closing.list_corrections(SUPERVISOR)} == {"approved"}


def test_correction_needs_another_person_a_scope_and_a_closed_month(store, city) -> None:
    east, west = county_actor(city), make.make_actor(Role.COUNTY, login="west", counties=[4711])
    with pytest.raises(Invalid) as refused:
        closing.propose_correction(east, city["one"], OCTOBER, {"done_yuan": YI}, "改")
    assert [problem.code for problem in refused.value.problems] == ["open", "same", "short_reason"]
    closing.close(SUPERVISOR, OCTOBER, WHY)
    with pytest.raises(NotFound):
        closing.propose_correction(west, city["one"], OCTOBER, {"done_yuan": 1}, "与我无关的项目")
    both = Actor("both", "兼任", frozenset({Role.COUNTY, Role.SUPERVISOR}), Scope.all())
    key = closing.propose_correction(both, city["one"], OCTOBER, {"done_yuan": 1}, "数据录入错误")
    with pytest.raises(PermissionDenied):
        closing.decide_correction(both, key, True, "", 1)
    closing.decide_correction(SUPERVISOR, key, False, "依据不足", 1)
    with pytest.raises(Invalid):
        closing.decide_correction(SUPERVISOR, key, True, "", 2)
    other = closing.propose_correction(both, city["one"], OCTOBER, {"done_yuan": 1}, "数据录入错误")
    with pytest.raises(Conflict):
        closing.decide_correction(SUPERVISOR, other, True, "", 9)
    with store.read() as connection:
        kept = report_queries.load_reports(connection, [city["one"]], OCTOBER)[city["one"]]
    assert kept.done_yuan == YI


def test_looking_at_a_closed_month_writes_nothing(store, city) -> None:
    closing.close(SUPERVISOR, OCTOBER, WHY)
    with seeing(closing.sealed_store(OCTOBER)), pytest.raises(Locked, match="正在查看2026年10月封存数据"):
        projects_update(city)


def projects_update(city) -> None:
    from db.session import transaction

    with transaction(SYSTEM) as tx:
        tx.update(Project, city["one"], {"name": "不该改"}, expected_version=None)


def test_save_that_began_before_the_seal_and_ends_after_it_is_refused(store, city) -> None:
    """Closing happens between the write and the commit of another: told under the lock of the head."""
    with store.transaction(SYSTEM) as tx:
        key = report_id(store, city["one"], OCTOBER)
        tx.update(InvestmentReport, key, {"done_yuan": 2 * YI}, expected_version=None)
        tx.connection.execute(
            insert(MonthClose).values(
                month=str(OCTOBER),
                figures_on=date(2026, 11, 22),
                closed_at=tx.at,
                closed_by="sup",
                sealed_seq=1,
                sha256="0" * 64,
                size_bytes=0,
            )
        )
        with pytest.raises(Locked, match="2026年10月已月结"):
            tx.finish()
        tx.connection.rollback()
        tx.connection.begin()


def test_archive_of_an_older_schema_is_brought_up_and_counted_for_its_day(store, city, tmp_path) -> None:
    """Migration 0004 takes the stamp off the roll-ups; an archive of 0003 must still open with its figures."""
    figures.version()
    closing.close(SUPERVISOR, OCTOBER, WHY)
    old, as_of = tmp_path / "old.db", store.as_of()
    with store.read() as connection:
        archive.unpack(closing_queries.archive_parts(connection, OCTOBER), old)
    migrate.downgrade(f"sqlite:///{old.as_posix()}", "0003", store.settings)
    archive.bring_up(old, store.settings, as_of)
    then = SealedStore(f"sqlite:///{old.as_posix()}", store.settings, as_of, store.clock())
    with seeing(closing.sealed_store(OCTOBER)):
        before = wall.view(SUPERVISOR).totals
    with seeing(then):
        assert figures.version().as_of == as_of
        assert wall.view(SUPERVISOR).totals == before
    then.dispose()
