"""Screens in tests: the script of a screen run by AppTest, signed in as whoever the test wants, without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.domain.permissions import Actor
from core.services.sessions import Visit
from pages.components import visitor

ROOT = Path(__file__).resolve().parents[2]
OpenScreen = Callable[..., AppTest]


@pytest.fixture
def open_screen(monkeypatch: pytest.MonkeyPatch) -> OpenScreen:
    """
    Return ``open_screen(script, actor, **query)``: the script under ``pages/`` run once, as *actor* (None = anonymous).

    Needs a store fixture in the same test. The address' query is given by name, e.g. ``id="7"``.
    """

    # Cached views are kept by data version, and the stores of two tests may well stand at the same one.
    st.cache_data.clear()

    def run(script: str, actor: Actor | None, **query: str) -> AppTest:
        monkeypatch.setattr(visitor, "current", lambda: Visit(actor) if actor else None)
        screen = AppTest.from_file(str(ROOT / "pages" / script), default_timeout=20)
        for name, value in query.items():
            screen.query_params[name] = value
        return screen.run()

    return run


def texts(screen: AppTest) -> str:
    """Return every word the screen shows outside tables and HTML, for ``in`` checks."""
    kinds = (screen.title, screen.header, screen.subheader, screen.markdown, screen.caption, screen.text)
    boxes = (screen.error, screen.warning, screen.success, screen.info)
    shown = [element.value for group in (*kinds, *boxes) for element in group]
    return "\n".join([*map(str, shown), *(str(element.proto.body) for element in screen.get("html"))])
