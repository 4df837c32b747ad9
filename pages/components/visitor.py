"""Who runs this script. The store is asked on every run, so that a revoked session stops at the next one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from core.services.sessions import Visit
from db import session as stores
from pages.http.identity import visit_of_cookies

_of_this_run: ContextVar[Visit | None] = ContextVar("warroom_visit", default=None)


def cookies() -> Mapping[str, str]:
    """Return the cookies of the browser behind this script."""
    return st.context.cookies


def current() -> Visit | None:
    """Return who runs this script, None when nobody is signed in (any more)."""
    with stores.seeing(stores.live_store()):  # a closed month knows no sessions
        return _of_this_run.get() or visit_of_cookies(cookies(), None)


@contextmanager
def known(visit: Visit) -> Iterator[None]:
    """Let the screen inside the block use *visit*, which was looked up a moment ago."""
    token = _of_this_run.set(visit)
    try:
        yield
    finally:
        _of_this_run.reset(token)
