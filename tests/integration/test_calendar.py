"""Local working days: set with their notice, under the lock, audited, taken back; deadlines follow them."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.terms import Role
from core.domain.workdays import add_workdays
from core.services import calendar
from core.services.calendar import LocalDay
from db.models.closing import CalendarOverride
from db.models.system import AuditEvent
from tests.factories import make_actor

SUPERVISOR = make_actor(Role.SUPERVISOR)
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
NOTICE = "云府办〔2026〕31号"


def _audit(store):
    query = select(AuditEvent.action, AuditEvent.entity_id, AuditEvent.reason)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query.where(AuditEvent.entity == "calendar_override")).all()]


def test_local_day_off_moves_the_deadline_and_is_audited(store):
    calendar.set_day(SUPERVISOR, MONDAY, False, f" {NOTICE} ")
    with store.read() as connection:
        own = calendar.work_calendar(connection)
    assert add_workdays(date(2026, 11, 20), 1, own).on == date(2026, 11, 24)
    assert calendar.read_year(SUPERVISOR).days == (LocalDay(MONDAY, False, NOTICE, 1),)
    assert _audit(store) == [("insert", "2026-11-23", NOTICE)]


def test_local_day_changed_under_an_old_version_is_a_conflict(store):
    calendar.set_day(SUPERVISOR, SATURDAY, True, NOTICE)
    calendar.set_day(SUPERVISOR, SATURDAY, True, "更新通知", expected_version=1)
    for version in (1, None):
        with pytest.raises(Conflict):
            calendar.set_day(SUPERVISOR, SATURDAY, False, NOTICE, expected_version=version)
    assert calendar.read_year(SUPERVISOR, 2026).days == (LocalDay(SATURDAY, True, "更新通知", 2),)


def test_local_day_cleared_gives_the_built_in_calendar_back(store):
    calendar.set_day(SUPERVISOR, SATURDAY, True, NOTICE)
    with pytest.raises(Invalid, match="撤销原因"):
        calendar.clear_day(SUPERVISOR, SATURDAY, " ")
    calendar.clear_day(SUPERVISOR, SATURDAY, "通知作废")
    with store.read() as connection:
        assert connection.execute(select(CalendarOverride)).all() == []
        assert not calendar.work_calendar(connection).is_working_day(SATURDAY)
    assert _audit(store)[-1] == ("remove", "2026-11-28", "通知作废")
    with pytest.raises(NotFound):
        calendar.clear_day(SUPERVISOR, SATURDAY, "再撤一次")


def test_local_day_without_notice_or_permission_is_refused(store):
    with pytest.raises(Invalid, match="依据"):
        calendar.set_day(SUPERVISOR, MONDAY, False, " ")
    with pytest.raises(PermissionDenied):
        calendar.set_day(make_actor(Role.LEADER), MONDAY, False, NOTICE)
    assert _audit(store) == []


def test_year_without_published_make_up_days_warns(store):
    assert calendar.read_year(SUPERVISOR, 2026).warning == ""
    assert "2031年调休安排尚未公布" in calendar.read_year(SUPERVISOR, 2031).warning
