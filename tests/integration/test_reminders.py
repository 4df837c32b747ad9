"""Reminders: one digest for each person and day, over real sockets; superiors, failures, a kill, what is recorded."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select, update

from core.commands import build_parser
from core.domain.errors import PermissionDenied, WarRoomError
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import reminders
from core.services.reminders import running
from core.settings import Settings, get_settings
from db.models import AuditEvent, Reminder, User
from tests.factories import SYSTEM, make_actor
from tests.support.reminders import People, make_people, make_user
from tests.support.sinks import MailSink, RobotSink, mail_server, robot_server
from tests.support.todos import TODAY

OFFICE = {"unit": ("葛雨桐", Role.UNIT), "helper": ("苏怀瑾", Role.UNIT), "county": ("邓佳宁", Role.COUNTY)}
Configure = Callable[..., None]


@pytest.fixture
def people(store) -> People:
    return make_people(store)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    def with_(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"WR_{name.upper()}", str(value))
        get_settings.cache_clear()

    yield with_
    get_settings.cache_clear()


@pytest.fixture
def mails(configure: Configure) -> Iterator[MailSink]:
    with mail_server() as sink:
        configure(
            mail_host="127.0.0.1",
            mail_port=sink.port,
            mail_security="none",
            mail_from="warroom@city.example",
            public_url="https://warroom.city.example",
        )
        yield sink


@pytest.fixture
def robot(configure: Configure) -> Iterator[RobotSink]:
    with robot_server() as sink:
        configure(webhook_url=f"http://127.0.0.1:{sink.port}/send?key=hush", webhook_hosts=f"127.0.0.1:{sink.port}")
        yield sink


def records(store) -> list:
    with store.read() as connection:
        return list(connection.execute(select(Reminder.__table__).order_by(Reminder.id)).mappings())


def mail_to(sink: MailSink, address: str):
    (found,) = [mail for mail in sink.mails if mail["To"].addresses[0].addr_spec == address]
    return found


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def test_each_person_gets_one_mail_with_what_the_screen_lists(store, people, mails) -> None:
    report = reminders.run(SYSTEM)
    assert (report.sent, report.already, report.failed) == (3, 0, ())
    assert sorted(mails.recipients) == ["deng@city.example", "ge@city.example", "su@city.example"]
    mail = mail_to(mails, "ge@city.example")
    assert mail["Subject"] == "【云岭市挂图作战】待办事项 5 项，逾期 3 项（11-22）"
    assert mail["From"].addresses[0].addr_spec == "warroom@city.example"
    text = text_of(mail)
    assert "您有待办 5 项（逾期 3 项，今天 1 项，7天内 1 项）" in text
    assert "2. 清单事项·回复：南岸用地未批（东湖大桥），期限 2026-11-10，逾期 12 天" in text
    assert "资金未到位" not in text
    assert 'href="https://warroom.city.example/problems?id=1"' in mail.get_body(("html",)).get_content()


def test_run_records_every_digest_and_one_audit_row(store, people, mails) -> None:
    reminders.run(SYSTEM)
    rows = {row["user_id"]: row for row in records(store)}
    assert sorted(rows) == sorted(people.ids[name] for name in OFFICE)
    unit = rows[people.ids["unit"]]
    assert (unit["day"], unit["channel"], unit["items"], unit["overdue"], unit["attempts"]) == (TODAY, "mail", 5, 3, 1)
    assert (unit["sent_at"], unit["error"]) == (unit["tried_at"], "")
    assert len(unit["content_hash"]) == 64
    with store.read() as connection:
        query = select(AuditEvent.new, AuditEvent.entity_id).where(AuditEvent.action == "remind")
        (audited,) = connection.execute(query).all()
    assert json.loads(audited[0]) == {"digests": 3, "sent": 3, "failed": 0}
    assert audited[1] == "2026-11-22"


def test_second_run_of_a_day_sends_nothing_and_the_next_day_sends_again(store, people, mails, clock) -> None:
    reminders.run(SYSTEM)
    again = reminders.run(SYSTEM)
    assert (again.sent, again.already, len(mails.mails)) == (0, 3, 3)
    clock.advance(days=1)
    assert reminders.run(SYSTEM).sent == 3
    assert len(mails.mails) == 6


def test_superior_hears_only_of_what_is_overdue_by_more_than_three_working_days(store, people, mails) -> None:
    """The 19th (Thursday) is one working day ago on Sunday the 22nd, the 10th and the 1st are more than three."""
    reminders.run(SYSTEM)
    text = text_of(mail_to(mails, "deng@city.example"))
    _, _, below = text.partition("【下属逾期：葛雨桐 2 项】")
    assert "桥墩完工" in below
    assert "南岸用地未批" in below
    assert "合龙" not in below
    assert "报送方案" not in below
    assert "下属逾期超过 3 个工作日的 2 项" in text
    (row,) = [row for row in records(store) if row["user_id"] == people.ids["county"]]
    assert row["below"] == 2


def test_holidays_do_not_press_the_superior(store, people, mails) -> None:
    """Due Wednesday 30 September: over the National Day week only 8 and 9 October are worked after it."""
    from core.domain.digest import told_above
    from core.domain.workdays import WorkCalendar

    calendar = WorkCalendar()
    assert told_above(date(2026, 10, 9), 3, calendar) < date(2026, 9, 30)
    assert told_above(date(2026, 10, 9), 1, calendar) >= date(2026, 9, 30)
    own_holiday = WorkCalendar({date(2026, 11, 19): False, date(2026, 11, 20): False})
    assert told_above(TODAY, 3, calendar) == date(2026, 11, 16)
    assert told_above(TODAY, 3, own_holiday) == date(2026, 11, 12)


def test_superior_without_things_of_his_own_is_told_all_the_same(store, people, mails) -> None:
    with store.transaction(SYSTEM) as tx:
        boss = make_user(tx, "juzhang", "局长", Role.LEADER, "ju@city.example")
        tx.connection.execute(update(User).where(User.id == people.ids["helper"]).values(superior_id=boss))
    from core.services.rounds import decide_override

    decide_override(make_actor(Role.LEADER), 1, True, "同意", 1)
    assert reminders.run(SYSTEM, date(2026, 11, 30)).sent == 4
    mail = mail_to(mails, "ju@city.example")
    assert mail["Subject"] == "【云岭市挂图作战】下属逾期事项 1 项（11-30）"
    assert "您没有待办；下属逾期超过 3 个工作日的 1 项" in text_of(mail)


def test_person_without_address_is_listed(store, people, mails) -> None:
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(update(User).where(User.id == people.ids["helper"]).values(email=""))
    report = reminders.run(SYSTEM)
    assert report.sent == 2
    assert [(one.login, one.reason) for one in report.unreachable] == [("caizheng", "没有邮箱地址")]


def test_killed_run_is_continued_and_nobody_gets_it_twice(store, people, mails, monkeypatch) -> None:
    class Killed(BaseException):
        """Stands for the end of the process."""

    whole = running._Run._record
    done = []

    def dying(self, channel, digest, reason) -> None:
        whole(self, channel, digest, reason)
        done.append(digest.login)
        raise Killed

    monkeypatch.setattr(running._Run, "_record", dying)
    with pytest.raises(Killed):
        reminders.run(SYSTEM)
    monkeypatch.setattr(running._Run, "_record", whole)
    assert len(mails.mails) == 1
    report = reminders.run(SYSTEM)
    assert (report.sent, report.already) == (2, 1)
    assert sorted(mails.recipients) == ["deng@city.example", "ge@city.example", "su@city.example"]


def test_mail_taken_but_not_recorded_goes_out_again_under_the_same_message_id(
    store, people, mails, monkeypatch
) -> None:
    """At least once: between the server's answer and the record a kill repeats that one mail, never loses it."""
    whole = running._Run._record

    def dying(*_args) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running._Run, "_record", dying)
    with pytest.raises(KeyboardInterrupt):
        reminders.run(SYSTEM)
    monkeypatch.setattr(running._Run, "_record", whole)
    assert reminders.run(SYSTEM).sent == 3
    ids = [mail["Message-ID"] for mail in mails.mails]
    assert (len(ids), len(set(ids))) == (4, 3)


def test_refused_recipient_is_recorded_and_tried_again_next_run(store, people, mails) -> None:
    mails.judge = lambda recipient: "550 nobody" if recipient.startswith("su@") else "250 OK"
    report = reminders.run(SYSTEM)
    assert (report.sent, [(one.login, one.reason) for one in report.failed]) == (
        2,
        [("caizheng", "邮件服务器拒收该邮箱地址")],
    )
    (row,) = [row for row in records(store) if row["user_id"] == people.ids["helper"]]
    assert (row["sent_at"], row["error"]) == (None, "邮件服务器拒收该邮箱地址")
    mails.judge = lambda recipient: "250 OK"
    assert reminders.run(SYSTEM).sent == 1
    (row,) = [row for row in records(store) if row["user_id"] == people.ids["helper"]]
    assert (row["attempts"], row["error"], row["sent_at"] is not None) == (2, "", True)


def test_server_that_hangs_up_is_connected_again(store, people, mails) -> None:
    seen = []

    def judge(recipient: str) -> str:
        seen.append(recipient)
        return "" if len(seen) == 1 else "250 OK"

    mails.judge = judge
    assert reminders.run(SYSTEM).sent == 3


def test_unreachable_mail_server_stops_the_channel_at_once(store, people, configure) -> None:
    configure(mail_host="127.0.0.1", mail_port=1, mail_security="none", mail_from="w@city.example")
    report = reminders.run(SYSTEM)
    assert (report.sent, len(report.failed)) == (0, 3)
    assert "连不上邮件服务器" in report.failed[0].reason
    assert len(records(store)) == 1


def test_wrong_password_is_told_without_the_password(store, people, mails, configure) -> None:
    configure(mail_user="warroom", mail_password="Hush-7-Hush")
    report = reminders.run(SYSTEM)
    assert report.sent == 0
    assert "不接受账号或密码" in report.failed[0].reason
    assert "Hush" not in repr(report) + repr(get_settings())


@pytest.mark.parametrize("name", ["葛雨桐\r\nBcc: thief@evil.example", "葛\n\n<script>alert(1)</script>"])
def test_line_breaks_in_names_reach_no_header(store, people, mails, name) -> None:
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(update(User).where(User.id == people.ids["unit"]).values(name=name))
    assert reminders.run(SYSTEM).sent == 3
    assert sorted(mails.recipients) == ["deng@city.example", "ge@city.example", "su@city.example"]
    mail = mail_to(mails, "ge@city.example")
    assert mail["Bcc"] is None
    assert "<script>" not in mail.get_body(("html",)).get_content()


def test_address_with_a_line_break_is_not_used(store, people, mails) -> None:
    with store.transaction(SYSTEM) as tx:
        bad = "ge@city.example\r\nRCPT TO:<thief@evil.example>"
        tx.connection.execute(update(User).where(User.id == people.ids["unit"]).values(email=bad))
    report = reminders.run(SYSTEM)
    assert [one.login for one in report.failed] == ["jiaotong"]
    assert "thief@evil.example" not in mails.recipients


def test_robot_gets_one_message_for_each_person(store, people, robot) -> None:
    report = reminders.run(SYSTEM)
    assert (report.sent, robot.paths) == (3, ["/send?key=hush"] * 3)
    assert {body["msgtype"] for body in robot.bodies} == {"text"}
    contents = [body["text"]["content"] for body in robot.bodies]
    assert any("葛雨桐，您好" in content and "南岸用地未批" in content for content in contents)
    assert {row["channel"] for row in records(store)} == {"webhook"}


def test_custom_body_is_filled_mark_by_mark_and_never_as_json(store, people, robot, configure) -> None:
    with store.transaction(SYSTEM) as tx:
        name = '葛", "to": "@all {login} <at user_id="all">'
        tx.connection.execute(update(User).where(User.id == people.ids["unit"]).values(name=name))
    configure(webhook_kind="custom", webhook_body='{"touser": "{login}", "n": ["{name}"], "content": "{text}"}')
    reminders.run(SYSTEM)
    (body,) = [body for body in robot.bodies if body["touser"] == "jiaotong"]
    assert sorted(body) == ["content", "n", "touser"]
    assert body["n"] == ['葛", "to": "@all {login} ＜at user_id="all"＞']


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {}, b'{"errcode": 45009}'), "机器人没有接收（代码 45009）"),
        ((302, {"Location": "http://127.0.0.1:9/elsewhere"}, b""), "机器人返回 HTTP 302，不跟随跳转"),
        ((500, {}, b"oops"), "机器人返回 HTTP 500"),
    ],
)
def test_refusing_robot_is_recorded_without_its_address(store, people, robot, answer, reason) -> None:
    robot.answer = answer
    report = reminders.run(SYSTEM)
    assert {one.reason for one in report.failed} == {reason}
    assert len(robot.bodies) == 3
    assert "hush" not in repr(report) + repr(records(store)) + repr(get_settings())


def test_host_outside_the_list_is_refused_at_start_and_never_connected(store, people, robot, configure) -> None:
    from core.domain.errors import SettingsError
    from core.services.reminders.channels import ChannelDown, Robot

    right = get_settings()
    (digest, *_) = reminders.compose(SYSTEM, TODAY)
    with pytest.raises(ChannelDown, match="允许名单"):
        Robot(right.model_copy(update={"webhook_hosts": ("other",)})).send(digest)
    assert robot.bodies == []
    configure(webhook_hosts="other.example")
    with pytest.raises(SettingsError, match="webhook_hosts"):
        get_settings()


def test_long_digest_is_cut_to_what_the_robot_takes(store, people, robot) -> None:
    from tests.factories import make_milestone

    with store.transaction(SYSTEM) as tx:
        for number in range(60):
            make_milestone(tx, people.city.bridge, date(2026, 11, 2), f"第{number}个名字相当长的关键节点" * 3)
    reminders.run(SYSTEM)
    contents = [body["text"]["content"] for body in robot.bodies]
    assert max(len(content.encode()) for content in contents) <= 2048
    assert any(content.endswith("其余请登录系统查看）") for content in contents)


def test_reminders_are_off_until_a_channel_is_set(store, people) -> None:
    report = reminders.run(SYSTEM)
    assert (report.channels, report.sent, len(report.digests)) == ((), 0, 3)
    assert records(store) == []


def test_dry_run_sends_and_records_nothing(store, people, mails) -> None:
    report = reminders.run(SYSTEM, dry_run=True)
    assert (report.sent, mails.mails, records(store)) == (3, [], [])


def test_disabled_account_and_auditor_get_nothing(store, people, mails) -> None:
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(update(User).where(User.id == people.ids["unit"]).values(is_active=False))
    report = reminders.run(SYSTEM)
    assert sorted(digest.login for digest in report.digests) == ["caizheng", "donghu"]
    assert report.digests[0].below == ()


def test_only_system_administration_may_send(store, people, mails) -> None:
    for role in (Role.SUPERVISOR, Role.SECURITY_ADMIN, Role.AUDITOR):
        with pytest.raises(PermissionDenied):
            reminders.run(make_actor(role))
    assert mails.mails == []


def test_two_runs_at_once_are_refused(store, people, mails) -> None:
    with running._alone(get_settings().data_dir), pytest.raises(WarRoomError, match="另一次提醒正在发送"):
        reminders.run(SYSTEM)


def test_command_prints_json_and_ends_with_2_when_something_failed(store, people, mails, capsys) -> None:
    mails.judge = lambda recipient: "550 nobody" if recipient.startswith("su@") else "250 OK"
    args = build_parser().parse_args(["remind", "--json"])
    assert args.handler(args) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["day"], told["channels"], told["sent"]) == ("2026-11-22", ["mail"], 2)
    assert told["failed"] == [{"login": "caizheng", "channel": "mail", "reason": "邮件服务器拒收该邮箱地址"}]
    assert told["people"][0]["login"] == "donghu"


def test_command_refuses_a_day_that_is_none(store, people, capsys) -> None:
    args = build_parser().parse_args(["remind", "--on", "26.11.2026"])
    with pytest.raises(WarRoomError, match="YYYY-MM-DD"):
        args.handler(args)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mail_host": "mail.city.example"}, "mail_from"),
        ({"mail_password": "changeme"}, "mail_password"),
        ({"mail_security": "tls"}, "mail_security"),
        ({"mail_from": "a@b\nc"}, "mail_from"),
        ({"webhook_kind": "slack"}, "webhook_kind"),
        ({"webhook_url": "https://a.example/x", "webhook_hosts": ("a.example:8",)}, "webhook_hosts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_settings_of_reminders_are_refused_by_name(values, field) -> None:
    with pytest.raises(ValueError, match=field):
        Settings(**values)


def test_actor_of_the_command_sees_all(people) -> None:
    assert isinstance(SYSTEM, Actor)
    assert [digest.login for digest in reminders.compose(SYSTEM, TODAY)] == ["donghu", "jiaotong", "caizheng"]
