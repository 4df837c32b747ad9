"""Calendar feeds through the service: whose key it is, what it shows now, how it ends."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.grants import Grant
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import feeds, users
from core.services.actors import actor_of_account
from core.services.users import NewAccount
from db.models import AuditEvent
from db.models.access import FeedKey
from db.queries.milestones import MilestoneFilter
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project

pytestmark = pytest.mark.usefixtures("light_passwords")
SECURITY = make_actor(Role.SECURITY_ADMIN, login="sec")
PASSWORD = "Anfang-2026"


@dataclass(frozen=True)
class City:
    store: Any
    county: int
    other: int
    user: int

    @property
    def actor(self) -> Actor:
        with self.store.read() as connection:
            return actor_of_account(connection, self.user, "chen", "陈")


def _account(login: str, *grants: Grant) -> int:
    users.create(SECURITY, NewAccount(login, login, grants, PASSWORD))
    user_id = users.by_login(SECURITY, login).id
    from db.models.access import User
    from db.session import transaction

    with transaction(SYSTEM) as tx:
        tx.update(User, user_id, {"must_change_password": False}, expected_version=None)
    return user_id


@pytest.fixture
def city(store: Any) -> City:
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        bridge = make_project(tx, county, "东湖大桥")
        make_milestone(tx, bridge, date(2026, 12, 1), "合龙", responsible="张三")
        make_milestone(tx, bridge, date(2026, 11, 1), "桥墩完工")
        make_milestone(tx, bridge, date(2026, 10, 1), "开工", actual_on=date(2026, 10, 2))
        make_milestone(tx, make_project(tx, other, "西山隧道"), date(2026, 12, 5), "贯通")
    return City(store, county, other, _account("chen", Grant(Role.COUNTY, county)))


def _names(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_feed_key_is_shown_once_and_stored_as_a_hash(city: City) -> None:
    made = feeds.create(city.actor, " 手机日历 ")
    with city.store.read() as connection:
        row = connection.execute(select(FeedKey.__table__)).mappings().one()
        entry = connection.execute(select(AuditEvent.__table__).where(AuditEvent.entity == "feed_key")).mappings().one()
    assert (row["label"], row["user_id"], row["revoked_at"]) == ("手机日历", city.user, None)
    assert len(made.key) == 32
    assert made.key not in str(dict(row))
    assert (entry["actor"], entry["action"]) == ("chen", "insert")
    assert json.loads(entry["new"])["key_hash"] == "***"


def test_feed_shows_open_nodes_of_the_owner_due_ones_first(city: City) -> None:
    actor = feeds.actor_of_key(feeds.create(city.actor, "手机").key)
    assert actor is not None
    assert _names(feeds.calendar(actor).content) == ["东湖大桥：合龙", "东湖大桥：桥墩完工"]
    assert _names(feeds.calendar(actor, with_done=True).content)[-1] == "【已完成】东湖大桥：开工"


def test_feed_follows_the_scope_of_its_owner_as_it_stands_now(city: City) -> None:
    key = feeds.create(city.actor, "手机").key
    users.set_grants(SECURITY, city.user, [Grant(Role.COUNTY, city.other)])
    actor = feeds.actor_of_key(key)
    assert actor is not None
    assert _names(feeds.calendar(actor).content) == ["西山隧道：贯通"]


def test_feed_tag_moves_with_data_and_scope_only(city: City) -> None:
    actor = city.actor
    before = feeds.calendar_tag(actor)
    assert feeds.calendar_tag(actor) == before == feeds.calendar(actor).etag
    assert feeds.calendar_tag(make_actor(Role.COUNTY, counties=[city.other], login="chen")) != before
    with city.store.transaction(SYSTEM) as tx:
        make_county(tx, "北岭县")
    assert feeds.calendar_tag(actor) != before


@pytest.mark.parametrize("change", ["revoked", "disabled", "password", "role"])
def test_feed_ends_with_key_account_or_permission(city: City, change: str) -> None:
    made = feeds.create(city.actor, "手机")
    if change == "revoked":
        feeds.revoke(city.actor, made.id, 1)
    elif change == "disabled":
        users.set_active(SECURITY, city.user, False, users.by_login(SECURITY, "chen").version)
    elif change == "password":
        users.reset_password(SECURITY, city.user)
    else:
        users.set_grants(SECURITY, city.user, [Grant(Role.AUDITOR)])
    assert feeds.actor_of_key(made.key) is None


def test_unknown_key_is_nobody(city: City) -> None:
    assert feeds.actor_of_key("x" * 32) is None


def test_feed_is_revoked_by_its_owner_or_the_security_admin_only(city: City) -> None:
    made = [feeds.create(city.actor, label) for label in ("手机", "电脑")]
    stranger = make_actor(Role.LEADER, login="other")
    with pytest.raises(NotFound):
        feeds.revoke(stranger, made[0].id, 1)
    feeds.revoke(city.actor, made[0].id, 1)
    with pytest.raises(Conflict):
        feeds.revoke(city.actor, made[0].id, 1)
    assert [row.label for row in feeds.list_own(city.actor)] == ["电脑"]
    assert [(row.user_name, row.label) for row in feeds.list_all(SECURITY)] == [("chen", "电脑")]
    feeds.revoke(SECURITY, made[1].id, 1)
    assert feeds.list_own(city.actor) == ()


def test_feed_needs_a_label_an_account_and_the_right_to_export(city: City) -> None:
    with pytest.raises(Invalid) as caught:
        feeds.create(city.actor, "  ")
    assert [problem.code for problem in caught.value.problems] == ["label"]
    with pytest.raises(PermissionDenied):
        feeds.create(make_actor(Role.LEADER), "手机")
    with pytest.raises(PermissionDenied):
        feeds.create(make_actor(Role.SYSTEM_ADMIN), "手机")
    with pytest.raises(PermissionDenied):
        feeds.calendar(make_actor(Role.SYSTEM_ADMIN))
    with pytest.raises(PermissionDenied):
        feeds.list_all(city.actor)


def test_account_has_at_most_ten_feeds(city: City) -> None:
    for number in range(feeds.MOST_KEYS):
        feeds.create(city.actor, f"日历{number}")
    with pytest.raises(Invalid) as caught:
        feeds.create(city.actor, "再来一个")
    assert [problem.code for problem in caught.value.problems] == ["too_many"]


def test_download_is_noted_in_the_audit(city: City) -> None:
    content = feeds.download(city.actor, MilestoneFilter(text="合龙")).content
    assert _names(content) == ["东湖大桥：合龙"]
    with city.store.read() as connection:
        entry = connection.execute(select(AuditEvent.__table__).where(AuditEvent.action == "export")).mappings().one()
    assert (entry["actor"], entry["entity"], entry["entity_id"]) == ("chen", "calendar", "ics")
    assert json.loads(entry["new"]) == {"bytes": len(content), "rows": 1}


def test_calendar_of_too_many_nodes_is_cut_and_says_so(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_NODES", 1)
    content = feeds.calendar(city.actor).content
    assert _names(content) == ["东湖大桥：合龙"]
    assert "只含最近的 1 个" in Calendar.from_ical(content)["X-WR-CALDESC"]
