"""
A visitor without a browser: signs in over HTTP and speaks the screens' own websocket protocol.

    with Visitor(server.url, sign_in(server.url, "county", password)) as visitor:
        visitor.run("milestones", "bucket=late")
        visitor.put(visitor.widget("text_input", label="搜索"), "大桥")
        visitor.click(visitor.widget("button", label="保存预计"))
        assert "已保存" in visitor.words()
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

SESSION_COOKIE = "wr_session"
_PATIENCE_SECONDS = 30.0
_STRINGS = {"text_input", "text_area", "selectbox", "dataframe", "radio"}
_LISTS = {"date_input", "button_group", "multiselect"}


def sign_in(url: str, login: str, password: str) -> str:
    """Return the session's cookie value of a fresh sign-in."""
    form = {"login": login, "password": password, "next": "/"}
    with httpx.Client(base_url=url, timeout=_PATIENCE_SECONDS) as client:
        answer = client.post("/login", data=form, headers={"Origin": url})
        assert answer.status_code == 303, answer.text
        return client.cookies[SESSION_COOKIE]


class ScreenStopped(AssertionError):
    """The script behind the screen ended in another way than by running through."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One drawn widget: its kind (field of ``Element``) and its message."""

    kind: str
    message: Any

    @property
    def id(self) -> str:
        return str(self.message.id)

    @property
    def key(self) -> str:
        """The ``key=`` of the script; "" when it gave none."""
        tail = self.id.split("-", 2)[-1]
        return "" if tail == "None" else tail


@dataclass(slots=True)
class Visitor:
    """
    One browser tab. ``run`` opens a screen; the elements drawn by the last run are kept.

    Args:
        url: Address of the server.
        cookie: The session's cookie value; "" = nobody signed in.
        patience: Seconds to wait for any one message.
    """

    url: str
    cookie: str
    patience: float = _PATIENCE_SECONDS
    page: str = ""
    query: str = ""
    not_found: bool = False
    drawn: dict[tuple[int, ...], Element] = field(default_factory=dict)
    menu: list[str] = field(default_factory=list)
    _line: ExitStack = field(default_factory=ExitStack)
    _socket: ClientConnection | None = None
    _states: dict[str, WidgetState] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Open the websocket; raises what ``websockets`` raises when the gate refuses."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        headers = {"Origin": self.url, **({"Cookie": f"{SESSION_COOKIE}={self.cookie}"} if self.cookie else {})}
        line = connect(address, additional_headers=headers, max_size=None, open_timeout=self.patience, close_timeout=1)
        self._socket = self._line.enter_context(line)

    def close(self) -> None:
        self._line.close()
        self._socket = None

    def send_bytes(self, data: bytes | str) -> None:
        """Send *data* as it is."""
        assert self._socket is not None
        self._socket.send(data)

    def run(self, page: str, query: str = "") -> None:
        """Open the screen at */page?query* and wait until its script has run."""
        self.page, self.query = page, query
        self._states.clear()
        self.rerun()

    def rerun(self, pressed: WidgetState | None = None) -> None:
        """Run the screen again with what was put into its widgets, and *pressed* once."""
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_name = self.query, self.page
        request.context_info.url = f"{self.url}/{self.page}"
        request.context_info.locale, request.context_info.timezone = "zh-CN", "Asia/Shanghai"
        request.widget_states.widgets.extend(self._states.values())
        if pressed is not None:
            request.widget_states.widgets.append(pressed)
        self.send_bytes(message.SerializeToString())
        self.wait()

    def wait(self) -> None:
        """Take messages until the script has run through; a rerun or a change of screen by itself is followed."""
        while True:
            message = self.receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.drawn.clear()
                self.not_found = False
            elif kind == "delta":
                self._draw(tuple(message.metadata.delta_path), message)
            elif kind == "navigation":
                self.menu = [page.page_name for page in message.navigation.app_pages]
            elif kind == "page_not_found":
                self.not_found = True
            elif kind == "ref_hash":
                raise ScreenStopped("the server thinks this client keeps old messages")
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    break
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise ScreenStopped(self.words())
        shown = {widget.id for widget in self.widgets()}
        self._states = {key: state for key, state in self._states.items() if key in shown}

    def receive(self) -> ForwardMsg:
        """Return the next message of the server."""
        assert self._socket is not None
        return ForwardMsg.FromString(self._socket.recv(timeout=self.patience))

    def receive_until(self, kind: str) -> ForwardMsg:
        """Return the next message of *kind*; raises ``TimeoutError`` when none comes within the patience."""
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            message = self.receive()
            if message.WhichOneof("type") == kind:
                return message
        raise TimeoutError(f"no {kind}")

    def _draw(self, path: tuple[int, ...], message: ForwardMsg) -> None:
        for old in [old for old in self.drawn if old[: len(path)] == path and old != path]:
            del self.drawn[old]
        self.drawn.pop(path, None)
        if message.delta.WhichOneof("type") == "new_element":
            self.drawn[path] = message.delta.new_element

    def widgets(self, kind: str = "") -> Iterator[Widget]:
        """Yield the drawn widgets from top to bottom."""
        for _, element in sorted(self.drawn.items()):
            found = element.WhichOneof("type")
            if found and (not kind or kind == found):
                message = getattr(element, found)
                if getattr(message, "id", ""):
                    yield Widget(found, message)

    def widget(self, kind: str, *, label: str | None = None, key: str = "") -> Widget:
        """Return the first drawn widget of *kind* with this label whose key begins with *key*."""
        seen = list(self.widgets(kind))
        for found in seen:
            if (label is None or found.message.label == label) and found.key.startswith(key):
                return found
        offered = [(found.key, getattr(found.message, "label", "")) for found in seen]
        raise LookupError(f"no {kind} {label or key!r} among {offered}; the screen says: {self.words()}")

    def put(self, widget: Widget, value: Any) -> None:
        """Put *value* into *widget*; it is sent with the next run."""
        self._states[widget.id] = state_of(widget, value)

    def select_cell(self, table: Widget, row: int, column: str) -> None:
        """Click a cell of a table that lets cells be selected."""
        self.put(table, json.dumps({"selection": {"rows": [], "columns": [], "cells": [[row, column]]}}))
        self.rerun()

    def click(self, button: Widget) -> None:
        """Press *button* and wait until the screen has run."""
        self.rerun(WidgetState(id=button.id, trigger_value=True))

    def words(self, *kinds: str) -> str:
        """Return the words of messages, headings, text and HTML the screen shows (or of *kinds* only)."""
        wanted = kinds or ("alert", "heading", "markdown", "text", "html", "exception")
        elements = [element for _, element in sorted(self.drawn.items()) if element.WhichOneof("type") in wanted]
        messages = [getattr(element, str(element.WhichOneof("type"))) for element in elements]
        return "\n".join(str(getattr(message, "body", None) or getattr(message, "message", "")) for message in messages)


def state_of(widget: Widget, value: Any) -> WidgetState:
    """Return the message a browser sends when *value* was put into *widget*."""
    if widget.kind in _STRINGS:
        return WidgetState(id=widget.id, string_value=str(value))
    if widget.kind == "checkbox":
        return WidgetState(id=widget.id, bool_value=bool(value))
    if widget.kind == "pagination":
        return WidgetState(id=widget.id, int_value=int(value))
    if widget.kind == "number_input":
        return WidgetState(id=widget.id, double_value=float(value))
    if widget.kind in _LISTS:
        state = WidgetState(id=widget.id)
        state.string_array_value.data[:] = [str(item) for item in (value if isinstance(value, list) else [value])]
        return state
    raise ValueError(f"nothing can be put into a {widget.kind}")


def wait_until_up(url: str, seconds: float = 60) -> None:
    """Wait until the server at *url* says it is well."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not come back")


def cookies_of(url: str, cookie: str) -> list[Mapping[str, Any]]:
    """Return *cookie* as a browser context takes it."""
    return [{"name": SESSION_COOKIE, "value": cookie, "domain": urlsplit(url).hostname, "path": "/"}]
