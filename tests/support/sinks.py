"""A mail server and a robot on this machine that keep what they are sent; for tests of reminders."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class MailSink:
    """A small SMTP server. ``judge`` gives the reply to a recipient; an empty one hangs up."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.sign_ins: list[str] = []
        self.judge: Callable[[str], str] = lambda recipient: "250 OK"
        self.port = 0

    def take(self, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)


class _Smtp(socketserver.StreamRequestHandler):
    """One connection of the mail server; the sink hangs on the server."""

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            words = line.decode().strip()
            reply = self._reply(words[:4].upper(), words)
            if not reply:
                return
            self._say(reply)

    def _reply(self, verb: str, words: str) -> str:
        if verb == "EHLO":
            return "250-sink\r\n250 AUTH PLAIN LOGIN"
        if verb == "AUTH":
            self.server.sink.sign_ins.append(words)
            return "535 no"
        if verb == "RCPT":
            return self._recipient(words.partition("<")[2].partition(">")[0])
        if verb == "DATA":
            self._say("354 go on")
            self.server.sink.take(self._data())
        return "250 OK" if verb != "QUIT" else ""

    def _recipient(self, recipient: str) -> str:
        reply = self.server.sink.judge(recipient)
        if reply.startswith("250"):
            self.server.sink.recipients.append(recipient)
        return reply

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class RobotSink:
    """A small HTTP server that takes JSON; ``answer`` is (status, headers, body) of every reply."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b'{"errcode": 0, "errmsg": "ok"}')
        self.port = 0


def _http_handler(sink: RobotSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sink.paths.append(self.path)
            sink.bodies.append(json.loads(self.rfile.read(length)))
            status, headers, body = sink.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Stay silent."""

    return Handler


@contextmanager
def mail_server() -> Iterator[MailSink]:
    """Yield a listening mail server."""
    sink = MailSink()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.sink = sink
        yield from _serving(server, sink)


@contextmanager
def robot_server() -> Iterator[RobotSink]:
    """Yield a listening robot."""
    sink = RobotSink()
    with ThreadingHTTPServer(("127.0.0.1", 0), _http_handler(sink)) as server:
        yield from _serving(server, sink)


def _serving(server: socketserver.BaseServer, sink: Any) -> Iterator[Any]:
    server.daemon_threads = True  # type: ignore[attr-defined]
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
