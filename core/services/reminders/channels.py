"""How a digest leaves the house: an SMTP server, or a robot that takes JSON. No secret reaches an error message."""

import http.client
import json
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import urlsplit

from core.domain.addresses import is_email, webhook_host
from core.domain.digest import Channel, Digest
from core.domain.webhooks import filled, shape_of
from core.exporters.digest import Sender, build_mail, build_text
from core.settings import Settings

_MAX_ANSWER = 65_536
_OK = range(200, 300)


class DeliveryFailed(Exception):
    """One digest was not taken; *reason* is Chinese and names no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChannelDown(DeliveryFailed):
    """The channel itself cannot be used: nothing more is tried in this run."""


class Courier(Protocol):
    """Something that delivers digests."""

    channel: Channel

    def can_reach(self, digest: Digest) -> bool:
        """Return whether the reader has an address here."""

    def send(self, digest: Digest) -> None:
        """
        Deliver one digest.

        Raises:
            DeliveryFailed: It was not taken.
            ChannelDown: Nothing will be taken.
        """


def sender_of(settings: Settings) -> Sender:
    """Return by whom digests are signed."""
    return Sender(settings.city_name, settings.address, settings.mail_from, settings.remind_items)


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels that are configured."""
    known = ((Channel.MAIL, settings.mail_host), (Channel.WEBHOOK, settings.webhook_url))
    return tuple(channel for channel, place in known if place)


@contextmanager
def courier(channel: Channel, settings: Settings) -> Iterator[Courier]:
    """Yield the courier of *channel*; its connection is closed afterwards."""
    if channel is Channel.WEBHOOK:
        yield Robot(settings)
        return
    post = Post(settings)
    try:
        yield post
    finally:
        post.close()


class Post:
    """Mail over one SMTP connection, opened at the first mail and again when the server hangs up."""

    channel = Channel.MAIL

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sender = sender_of(settings)
        self._server: smtplib.SMTP | None = None

    def can_reach(self, digest: Digest) -> bool:
        """Return whether the account has a mail address."""
        return bool(digest.email)

    def send(self, digest: Digest) -> None:
        """Hand the mail to the server; see ``Courier``."""
        if not is_email(digest.email):
            raise DeliveryFailed("邮箱地址有误，请在“用户角色”中更正")
        mail = build_mail(digest, self._sender)
        try:
            try:
                self._connected().send_message(mail)
            except smtplib.SMTPServerDisconnected:
                self.close()
                self._connected().send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise DeliveryFailed("邮件服务器拒收该邮箱地址") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise DeliveryFailed(f"邮件没有发出（{_named(error)}）") from error

    def close(self) -> None:
        """End the connection; one that is broken already is let go."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._open()
            except smtplib.SMTPAuthenticationError as error:
                raise ChannelDown("邮件服务器不接受账号或密码，请核对 mail_user 和 mail_password") from error
            except (smtplib.SMTPException, OSError) as error:
                raise ChannelDown(
                    f"连不上邮件服务器（{_named(error)}），请核对 mail_host、mail_port、mail_security"
                ) from error
        return self._server

    def _open(self) -> smtplib.SMTP:
        own = self._settings
        place, timeout = (own.mail_host, own.mail_port), own.remind_timeout_seconds
        if own.mail_security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=timeout, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(*place, timeout=timeout)
        try:
            if own.mail_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if own.mail_user:
                server.login(own.mail_user, own.mail_password)
        except Exception:
            server.close()
            raise
        return server


class Robot:
    """One POST for each digest to the robot of the settings; only to hosts of the list, redirects are not followed."""

    channel = Channel.WEBHOOK

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sender = sender_of(settings)
        self._shape = shape_of(settings.webhook_kind, settings.webhook_body)

    def can_reach(self, digest: Digest) -> bool:
        """A robot takes everybody's."""
        return True

    def send(self, digest: Digest) -> None:
        """Post one digest; see ``Courier``."""
        if webhook_host(self._settings.webhook_url) not in self._settings.webhook_hosts:
            raise ChannelDown("机器人地址的主机不在允许名单（webhook_hosts）中，没有连接")
        values = {
            "title": digest.subject,
            "text": build_text(digest, self._sender),
            "name": digest.name,
            "login": digest.login,
            "email": digest.email,
            "link": f"{self._sender.address}/todo",
        }
        try:
            status, answer = self._post(filled(self._shape.body, values, self._shape.limit_bytes))
        except (http.client.HTTPException, OSError) as error:
            raise ChannelDown(f"连不上机器人（{_named(error)}）") from error
        self._judge(status, answer)

    def _post(self, body: bytes) -> tuple[int, bytes]:
        parts, timeout = urlsplit(self._settings.webhook_url), self._settings.remind_timeout_seconds
        host, port = parts.hostname or "", parts.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=timeout)
        )
        try:
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
            answer = connection.getresponse()
            return answer.status, answer.read(_MAX_ANSWER)
        finally:
            connection.close()

    def _judge(self, status: int, answer: bytes) -> None:
        """Robots answer 200 to what they refuse; a field of the answer says what they think."""
        if status not in _OK:
            raise DeliveryFailed(f"机器人返回 HTTP {status}" + ("，不跟随跳转" if status in range(300, 400) else ""))
        try:
            told = json.loads(answer)
        except ValueError:
            return
        result = told.get(self._shape.result) if isinstance(told, dict) else None
        if isinstance(result, int) and result != 0:
            raise DeliveryFailed(f"机器人没有接收（代码 {result}）")


def _named(error: Exception) -> str:
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
