"""数据时点: a screen shows the live store, or a closed month as it was sealed.

The choice belongs to the session. A number on a screen is followed by a full load, which begins a new session: it
starts where the account looked last, so that nobody is led from a closed month to live figures unawares.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.domain.errors import Invalid, Problem
from core.domain.period import Month
from core.domain.permissions import Actor, Permission
from core.services import closing
from db import session as stores
from db.session import SealedStore
from pages.components import markup, state
from pages.components.moments import local
from pages.components.state import Key

LIVE = ""
_REMEMBERED = 2000


class _Memory:
    """Where each account looked last; the oldest are forgotten beyond a few thousand."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._points: OrderedDict[str, str] = OrderedDict()

    def get(self, login: str) -> str:
        with self._guard:
            return self._points.get(login, LIVE)

    def put(self, login: str, point: str) -> None:
        with self._guard:
            self._points[login] = point
            self._points.move_to_end(login)
            while len(self._points) > _REMEMBERED:
                self._points.popitem(last=False)


_memory = _Memory()


def remember(actor: Actor, month: Month | None) -> None:
    """Note where *actor* looks now, for the next session of the account."""
    _memory.put(actor.login, str(month) if month else LIVE)


def month_of(text: str) -> Month | None:
    """
    Return the month written in an address, None for an empty text.

    Raises:
        Invalid: It is no month.
    """
    if not text:
        return None
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Invalid([Problem("month", "format", "月份请写成 YYYY-MM，如 2026-09。")]) from error


@contextmanager
def seeing(month: Month | None) -> Iterator[None]:
    """Have the block read a closed month, or with None the live store."""
    with stores.seeing(closing.sealed_store(month)) if month else nullcontext():
        yield


def chosen() -> Month | None:
    """Return the closed month this session looks at on the present screen; None = live."""
    if get_script_run_ctx(suppress_warning=True) is None or state.get(Key.AS_OF_LIVE_SCREEN):
        return None
    text = state.get(Key.AS_OF_MONTH, LIVE)
    return Month.parse(text) if text else None


def choose_store() -> SealedStore | None:
    """Return the store of ``chosen()``; asked by every read."""
    month = chosen()
    return closing.sealed_store(month) if month else None


def enter(*, live: bool) -> None:
    """Note whether the screen that begins always shows live data (administration does)."""
    state.put(Key.AS_OF_LIVE_SCREEN, live)


def draw(actor: Actor) -> None:
    """Draw the choice in the menu, once there is a closed month to choose."""
    if not actor.can(Permission.VIEW_PROJECTS):
        return
    closed = {str(row.month): row for row in closing.closed_months(actor)}
    if not closed:
        return
    if state.get(Key.AS_OF_MONTH) not in (LIVE, *closed):
        last = _memory.get(actor.login)
        state.put(Key.AS_OF_MONTH, last if last in closed else LIVE)
    with st.sidebar:
        point = st.selectbox(
            "数据时点",
            [LIVE, *closed],
            key=Key.AS_OF_MONTH.value,
            format_func=lambda text: f"{closed[text].month.label}（月结）" if text else "实时数据",
            label_visibility="collapsed",
        )
    _memory.put(actor.login, point)


def draw_banner(sealed: SealedStore | None) -> None:
    """Say above the screen that a closed month is shown, and offer the way back."""
    if sealed is None:
        if state.get(Key.AS_OF_MONTH) and state.get(Key.AS_OF_LIVE_SCREEN):
            st.caption("“数据时点”选的是封存月份；本页只办理实时数据，不受其影响。")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="wr_sealed"):
        markup.show(
            "sealed.html",
            month=sealed.month.label,
            on=f"{sealed.today():%Y-%m-%d}",
            closed=local(sealed.closed_at),
            sha256=sealed.sha256,
        )
        st.button("返回实时", on_click=state.put, args=(Key.AS_OF_MONTH, LIVE), key=Key.AS_OF_BACK.value)


stores.let_screens_choose(choose_store)
